/** Whether only the part runs that CI does: `npm run test:faults -- --part`. */
export const isPart = process.env["FAULTS_PART"] === "1";

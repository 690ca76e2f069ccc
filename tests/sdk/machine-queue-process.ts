/** A process with a queue of its own in the folder that it is given: takes permits one after the other and says so. Ends in order by SIGTERM. */
import { MachineQueue } from "../../sdk/http/machine-queue";

const [folder = "", name = "", requests = ""] = process.argv.slice(2);
const queue = new MachineQueue({ name, folder: () => folder });

async function run(): Promise<void> {
  for (let request = 0; request < Number(requests); request += 1) {
    const permit = await queue.acquire({ ticket: queue.ticket() });
    if (typeof permit === "string") throw new Error(`a permit that is ${permit}`);
    permit.unused();
    process.stdout.write("permit\n");
  }
}

process.once("SIGTERM", () => process.exit(0));
void run();

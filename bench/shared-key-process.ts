/** One of the processes that share a key: reads as fast as it may, and reports the count to its parent. */
import { setMaxListeners } from "node:events";
import { CockroachCloudClient } from "../sdk";

export interface ProcessTask {
  serverUrl: string;
  apiKey: string;
  /** When counting begins and ends, in milliseconds since 1970. */
  from: number;
  to: number;
}

export interface ProcessReport {
  /** Calls that got a response while it counted. */
  accepted: number;
  /** Calls that failed, at any time. */
  failed: number;
}

/** More than the limit takes, so that there is always something to do. */
const workers = 20;

process.once("message", (task) => void run(task as ProcessTask));
process.send?.("ready");

async function run({ serverUrl, apiKey, from, to }: ProcessTask): Promise<void> {
  const client = new CockroachCloudClient({ serverUrl, apiKey });
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const report: ProcessReport = { accepted: 0, failed: 0 };
  const work = async () => {
    while (Date.now() < to) {
      try {
        await client.organization.get({ signal: end.signal });
        const now = Date.now();
        if (now >= from && now < to) report.accepted += 1;
      } catch (error) {
        if (end.signal.aborted) return;
        report.failed += 1;
        console.error(error);
      }
    }
  };
  setTimeout(() => end.abort(), to - Date.now());
  await Promise.all(Array.from({ length: workers }, work));
  process.send?.(report, () => process.disconnect());
}

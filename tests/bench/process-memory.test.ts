import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watchMemory } from "../../bench/process-memory";

const busyFor = `
  while (process.cpuUsage().user < 500_000);
  console.log("done");
  process.stdin.resume();`;

describe("The processes of a run", () => {
  it("are measured by their processor time and their largest memory", async () => {
    const child = spawn(process.execPath, ["-e", busyFor], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const stop = watchMemory(Number(child.pid), 10);
    const { cli, program } = await stop();
    child.stdin.end();
    await once(child, "exit");
    assert.ok(cli.cpuSeconds >= 0.5, String(cli.cpuSeconds));
    assert.ok(cli.peak > 1, String(cli.peak));
    assert.deepEqual([program.cpuSeconds, program.peak], [0, 0]);
  });
});

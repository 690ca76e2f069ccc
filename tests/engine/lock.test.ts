// The lock of runs that obtain the same engine.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { takeLock } from "../../scripts/lock.mjs";

describe("The lock of runs that obtain the engine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Number of a process that has ended. */
  const dead = spawnSync(process.execPath, ["--version"]).pid;

  it("is refused until its owner releases it", async () => {
    const release = await takeLock(folder);
    assert.ok(release);
    assert.equal(await takeLock(folder), undefined);
    await release();
    assert.ok(await takeLock(folder));
    assert.equal(readdirSync(folder).length, 1);
  });

  it("goes to one of many runs that find the same dead owner at once", async () => {
    assert.ok(await takeLock(folder, dead));
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder)));
    assert.equal(taken.filter((release) => release !== undefined).length, 1);
  });

  it("is refused to a run that has been asleep since it found a dead owner", async () => {
    assert.ok(await takeLock(folder, dead));
    const { link } = files;
    let wake: () => void = assert.fail;
    let late: ReturnType<typeof takeLock> | undefined;
    await new Promise<void>((fallAsleep) => {
      files.link = async (from, to) => {
        files.link = link;
        syncBuiltinESMExports();
        fallAsleep();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        await link(from, to);
      };
      syncBuiltinESMExports();
      late = takeLock(folder);
    });
    const release = await takeLock(folder);
    await release?.();
    assert.ok(await takeLock(folder), "another run has it now");
    wake();
    assert.equal(await late, undefined);
    assert.equal(await takeLock(folder), undefined);
  });

  it("has never two living owners while runs take it, release it and die", async () => {
    let owners = 0;
    let turns = 0;
    const contend = async (contender: number) => {
      for (let round = 0; round < 60; round += 1) {
        const dies = (round + contender) % 5 === 0;
        if (dies) {
          await takeLock(folder, dead);
          continue;
        }
        const release = await takeLock(folder);
        if (release === undefined) continue;
        owners += 1;
        turns += 1;
        assert.equal(owners, 1);
        await setImmediate();
        owners -= 1;
        await release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, contender) => contend(contender)));
    assert.ok(turns > 20, `${turns} turns`);
  });
});

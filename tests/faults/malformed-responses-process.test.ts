// The very process that the engine starts, on a server that spoils its responses: it must live on, response each
// operation with one readable message, and not grow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { delegateTo } from "../../provider/program/registration";
import type { Properties } from "../contract/plugin-client";
import { OperationError } from "../contract/plugin-client";
import type { Plugin } from "../contract/plugin-process";
import { closePlugins, startPlugin } from "../contract/plugin-process";
import type { BadResponse } from "../support/bad-responses";
import { badResponses, stalls } from "../support/bad-responses";
import type { BadServer } from "../support/bad-server";
import { startBadServer } from "../support/bad-server";
import { encryptable } from "../support/cmek";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { isPart } from "./extent";

const atOnce = 10;
const responses = isPart ? 150 : 600;
/** What neither only a time-out ends nor asks for a pause of minutes: time is real here. */
const isPrompt = (response: BadResponse) =>
  !stalls(response) && !(response.kind === "status" && response.retryAfter !== undefined);
const maxMegabytes = 480;

/** Resident memory now. */
function megabytesOf(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

describe("A provider process on a bad server", function () {
  this.timeout(60_000);

  checkEmulators();
  let plugin: Plugin;
  let server: BadServer;
  let users: { id: string; user: Properties }[];

  beforeEach(async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const cluster = encryptable(emulator, { regions: ["us-east-1"] });
    const names = Array.from({ length: atOnce }, (_, index) => `user${index}`);
    emulator.sqlUsers.add(cluster.id, names);
    server = await startBadServer(emulator);
    const environment = { COCKROACH_SERVER: server.url, COCKROACH_API_KEY: emulator.apiKey };
    plugin = await startPlugin({ environment, text: delegateTo("sql-user") });
    await plugin.configure();
    users = names.map((name) => ({
      id: `${cluster.id}:${name}`,
      user: {
        clusterId: cluster.id,
        name,
        password: "correct horse battery",
        __timeouts: { update: "10s" },
      },
    }));
  });
  afterEach(async () => {
    await closePlugins();
    await server.close();
  });

  const assertReadable = (error: unknown) => {
    assert.ok(error instanceof OperationError, String(error));
    assert.ok(error.message.length < 6_000);
    assert.doesNotMatch(error.message, /TypeError|Cannot read|is not a function|\[object/);
  };

  it(`outlives ${responses} bad responses`, async () => {
    const prompt = fc.sample(badResponses.filter(isPrompt), { numRuns: responses, seed: 1 });
    const before = megabytesOf(plugin.process.pid as number);
    let most = before;
    for (let round = 0; round < responses / atOnce; round++) {
      const some = prompt.slice(round * atOnce, (round + 1) * atOnce);
      server.spoil(some.map((response) => ({ response, isPassedOn: true })));
      // Each operation repeats what is worth repeating, until the responses are good again.
      const password = `correct horse ${round}`;
      const updates = users.map(({ id, user }) =>
        plugin.update(id, user, { ...user, password }).catch(assertReadable),
      );
      await Promise.all(updates);
      most = Math.max(most, megabytesOf(plugin.process.pid as number));
    }
    assert.ok(server.given() >= responses * 0.9, `${server.given()} bad responses`);
    assert.equal(plugin.process.exitCode, null);
    assert.ok(most < maxMegabytes, `${Math.round(most)} MB`);
    server.spoil([]);
    const [{ id, user }] = users as [(typeof users)[0]];
    assert.equal((await plugin.read(id, user)).id, id);
    assert.equal(plugin.stderr().includes("Unhandled"), false);
    process.stdout.write(
      `      memory: ${Math.round(before)} MB before, ${Math.round(most)} MB at most\n`,
    );
  }).timeout(10 * 60_000);

  it("cuts a body of 50 MB, and says so", async () => {
    server.spoil(
      Array.from({ length: 3 }, () => ({
        response: { kind: "bytes", how: "50 MB" },
        isPassedOn: true,
      })),
    );
    const [{ id, user }] = users as [(typeof users)[0]];
    await assert.rejects(plugin.read(id, user), /32 MiB/);
    assert.ok(megabytesOf(plugin.process.pid as number) < maxMegabytes);
    server.spoil([]);
    assert.equal((await plugin.read(id, user)).id, id);
  }).timeout(2 * 60_000);
});

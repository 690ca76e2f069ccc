// Queues of several processes that share a credential. Those whose requests are counted live in this process, on one
// clock that the test moves, and meet at real sockets; those that die are processes.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MachineQueue } from "../../sdk/http/machine-queue";
import { privateFolder } from "../../sdk/http/private-folder";
import type { Permit, RequestQueue } from "../../sdk/http/rate-limit";
import type { ManualClock } from "../support/clock";
import { manualClock } from "../support/clock";

const name = "queue";

/** Each message between two queues takes a round of the event loop. */
const rounds = 12;

async function permitOf(queue: RequestQueue): Promise<Permit> {
  const permit = await queue.acquire({ ticket: queue.ticket() });
  assert.ok(typeof permit !== "string", String(permit));
  return permit;
}

/** A process that has as much to do as it gets through between two times; returns when its requests left. */
async function busy(queue: RequestQueue, clock: ManualClock, fromS: number, toS: number) {
  const sent: number[] = [];
  await clock.sleep(fromS * 1_000);
  const worker = async () => {
    while (clock.now() < toS * 1_000) {
      const permit = await permitOf(queue);
      if (clock.now() >= toS * 1_000) {
        permit.unused();
        return;
      }
      permit.sent();
      sent.push(clock.now());
      await clock.sleep(5);
      permit.responded();
      permit.accepted();
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return sent;
}

const between = (times: readonly number[], fromS: number, toS: number) =>
  times.filter((at) => at >= fromS * 1_000 && at < toS * 1_000).length;

function maxInOneSecond(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(
    ...sorted.map(
      (from, first) => sorted.slice(first, first + 30).filter((at) => at < from + 1_000).length,
    ),
  );
}

/** A socket at this path where nobody listens. */
async function abandonedSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.new`);
  await once(server, "listening");
  renameSync(`${path}.new`, path);
  server.close();
}

describe("The request budget of a machine", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "queue-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  const machine = () => {
    const clock = manualClock(0, rounds);
    // A request that is left waiting must not go on in the folder of the next test.
    const own = folder;
    const queue = () => new MachineQueue({ name, folder: () => own, clock, random: () => 0.5 });
    return { clock, queue };
  };
  const started = (requests: number) => {
    const program = join(__dirname, "machine-queue-process.ts");
    const child = fork(program, [folder, name, String(requests)], {
      execArgv: ["--require", join(__dirname, "..", "..", "scripts", "compile-cache.cjs")],
      silent: true,
      env: { ...process.env, NODE_DEBUG: "cockroachdb-cloud" },
    });
    children.push(child);
    return child;
  };
  /** Waits until the debug output of one of them has this text. */
  const said = (processes: readonly ChildProcess[], text: string) =>
    new Promise<void>((resolve) => {
      for (const { stderr } of processes) {
        let output = "";
        stderr?.on("data", (part) => {
          output += String(part);
          if (output.includes(text)) resolve();
        });
      }
    });

  it("is shared by four processes in equal parts, and used nearly whole", async () => {
    const { clock, queue } = machine();
    const processes = Array.from({ length: 4 }, () => busy(queue(), clock, 0, 120));
    const sent = await clock.run(Promise.all(processes));
    const all = sent.flat();
    assert.ok(all.length >= 0.95 * 1_200, `${all.length} of 1,200`);
    for (const { length } of sent) assert.ok(Math.abs(length - all.length / 4) <= 1, `${length}`);
    assert.equal(maxInOneSecond(all), 10);
  }).timeout(60_000);

  it("is a process's own while it is alone, and the others' at once when it comes or goes", async () => {
    const { clock, queue } = machine();
    const [one, other] = await clock.run(
      Promise.all([busy(queue(), clock, 0, 30), busy(queue(), clock, 10, 20)]),
    );
    assert.ok(between(one, 0, 10) >= 95, `${between(one, 0, 10)}`);
    assert.ok(between(other, 10, 12) >= 8, `${between(other, 10, 12)}`);
    assert.ok(Math.abs(between(other, 10, 20) - between(one, 10, 20)) <= 10);
    assert.ok(between(one, 21, 30) >= 85, `${between(one, 21, 30)}`);
    assert.equal(maxInOneSecond([...one, ...other]), 10);
  }).timeout(60_000);

  it("serves the requests of a guest in the order of their tickets", async () => {
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(host))).sent();
    const tickets = [guest.ticket(), guest.ticket(), guest.ticket()];
    const order: number[] = [];
    const requests = [...tickets].reverse().map(async (ticket) => {
      const permit = await guest.acquire({ ticket });
      assert.ok(typeof permit !== "string");
      order.push(ticket);
    });
    await clock.run(Promise.all(requests));
    assert.deepEqual(order, tickets);
  });

  it("pauses for all processes when one is refused", async () => {
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    (await clock.run(permitOf(host))).unused();
    const refused = await clock.run(permitOf(guest));
    refused.sent();
    refused.throttled(3_000);
    await clock.settle();
    await clock.run(permitOf(host));
    assert.ok(clock.now() >= 3_000, `${clock.now()} ms`);
  });

  it("reports a guest's wait, and lets it leave when cancelled or late", async () => {
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(host))).sent();
    const left = new AbortController();
    const waits: number[] = [];
    const cancelled = guest.acquire({
      ticket: guest.ticket(),
      signal: left.signal,
      onWait: (ms) => waits.push(ms),
    });
    const late = guest.acquire({ ticket: guest.ticket(), deadline: clock.now() + 100 });
    await clock.settle();
    assert.ok((waits[0] ?? 0) > 500, `${waits}`);
    left.abort();
    assert.equal(await cancelled, "aborted");
    assert.equal(await clock.run(late), "late");
    // Neither holds a place: ten others leave within the next second.
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(guest))).sent();
    assert.ok(clock.now() < 2_000, `${clock.now()} ms`);
  });

  it("gets back the places of a guest that dies with its permits", async () => {
    const { clock, queue } = machine();
    const host = queue();
    (await clock.run(permitOf(host))).unused();
    const guest = connect(join(folder, name));
    for (let id = 1; id <= 10; id++) guest.write(`${JSON.stringify({ id, ticket: id })}\n`);
    guest.resume();
    await clock.advance(500);
    guest.destroy();
    await once(guest, "close");
    await clock.run(permitOf(host));
    assert.ok(clock.now() <= 2_000, `${clock.now()} ms`);
  });

  it("sends a guest away that keeps its permit without a request", async () => {
    const { clock, queue } = machine();
    const host = queue();
    (await clock.run(permitOf(host))).unused();
    const guest = connect(join(folder, name)).resume();
    for (let id = 1; id <= 20; id++) guest.write(`${JSON.stringify({ id, ticket: id })}\n`);
    await clock.advance(500);
    await once(guest, "close");
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(host))).sent();
    assert.ok(clock.now() <= 3_000, `${clock.now()} ms: none of the guest's ten others had a turn`);
  }).timeout(20_000);

  it("forgets a permit whose request has failed", async () => {
    const { clock, queue } = machine();
    const host = queue();
    (await clock.run(permitOf(host))).unused();
    const guest = connect(join(folder, name)).resume();
    guest.write('{"id":1,"ticket":1}\n');
    await clock.advance(100);
    for (const event of ["sent", "failed", "throttled"])
      guest.write(`${JSON.stringify({ id: 1, event, retryAfterMs: 60_000 })}\n`);
    await clock.settle();
    (await clock.run(permitOf(host))).unused();
    assert.ok(clock.now() < 60_000, `${clock.now()} ms`);
    guest.destroy();
  });

  it("has a finite wait for a guest while nobody knows when the requests before it leave", async () => {
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    const permits: Permit[] = [];
    for (let held = 0; held < 10; held++) permits.push(await clock.run(permitOf(host)));
    const waits: number[] = [];
    const waiting = guest.acquire({ ticket: guest.ticket(), onWait: (ms) => waits.push(ms) });
    await clock.settle();
    for (const permit of permits) permit.unused();
    await clock.run(waiting);
    assert.deepEqual(waits, [1_000]);
  });

  it("rejects the request alone whose caller fails to hear of its wait", async () => {
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(host))).sent();
    const onWait = () => {
      throw new Error("no terminal");
    };
    const other = permitOf(guest);
    for (const each of [host, guest]) {
      const failing = each.acquire({ ticket: each.ticket(), onWait });
      await assert.rejects(clock.run(failing), /no terminal/);
    }
    (await clock.run(other)).sent();
    for (let sent = 0; sent < 9; sent++) (await clock.run(permitOf(host))).sent();
    assert.ok(clock.now() < 2_200, `${clock.now()} ms: neither holds a place`);
  });

  it("keeps no request longer than its deadline or its signal while it finds another process", async () => {
    const mute = createServer().listen(join(folder, name));
    const isOver: string[] = [];
    mute.on("connection", (socket) => socket.resume().once("close", () => isOver.push("search")));
    const { clock, queue } = machine();
    const one = queue();
    const late = one.acquire({ ticket: 1, deadline: clock.now() + 100 });
    assert.equal(await clock.run(late), "late");
    const left = new AbortController();
    const aborted = one.acquire({ ticket: 2, signal: left.signal });
    left.abort();
    assert.equal(await aborted, "aborted");
    assert.deepEqual(isOver, []);
    mute.close();
  });

  it("removes the sockets of processes that ended more than a day ago", async () => {
    for (const other of ["old", "recent"]) await abandonedSocket(join(folder, other));
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60_000);
    utimesSync(join(folder, "old"), twoDaysAgo, twoDaysAgo);
    const { clock, queue } = machine();
    (await clock.run(permitOf(queue()))).unused();
    assert.deepEqual(readdirSync(folder).sort(), [name, "recent"]);
  });

  it("is no matter of somebody who sends other messages", async () => {
    const { clock, queue } = machine();
    const host = queue();
    (await clock.run(permitOf(host))).unused();
    for (const text of ["GET / HTTP/1.1\n", "x".repeat(2_000)]) {
      const stranger = connect(join(folder, name));
      stranger.resume().write(text);
      await once(stranger, "close");
    }
    (await clock.run(permitOf(host))).unused();
  });

  for (const [what, signal] of [
    ["is killed", "SIGKILL"],
    ["is stopped, and queues there when it goes on", "SIGSTOP"],
  ] as const) {
    it(`goes on at another process when the one that keeps it ${what}`, async () => {
      const host = started(1_000_000);
      await once(host.stdout ?? host, "data");
      const guests = [started(1_000_000), started(1_000_000)];
      await Promise.all(guests.map((guest) => said([guest], "queue at another process")));
      host.kill(signal);
      await said(guests, "queue at this one");
      const [permits] = await once(guests[0]?.stdout ?? host, "data");
      assert.match(String(permits), /permit/);
      if (signal === "SIGKILL") return;
      const isGuest = said([host], "queue at another process");
      host.kill("SIGCONT");
      await isGuest;
    }).timeout(30_000);
  }

  it("leaves a linked package the same for a `require` that comes after it", async () => {
    mkdirSync(join(folder, "package"));
    for (const file of ["one.js", "other.js"]) writeFileSync(join(folder, "package", file), "");
    symlinkSync(join(folder, "package"), join(folder, "link"));
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    // Node.js remembers what it read last: a socket that an earlier test removed must not be that.
    lstatSync(folder);
    (await clock.run(permitOf(host))).unused();
    require.resolve(join(folder, "link", "one.js"));
    (await clock.run(permitOf(guest))).unused();
    const resolved = require.resolve(join(folder, "link", "other.js"));
    assert.equal(resolved, realpathSync(join(folder, "package", "other.js")));
  });

  it("leaves the socket of another process alone when the one that it has replaced ends", async () => {
    const replaced = started(1_000_000);
    await said([replaced], "queue at this one");
    const isReplaced = said([replaced], "has taken the place of this one");
    rmSync(join(folder, name));
    const { clock, queue } = machine();
    (await clock.run(permitOf(queue()))).unused();
    const { ino } = lstatSync(join(folder, name));
    await isReplaced;
    replaced.kill("SIGTERM");
    await once(replaced, "exit");
    assert.equal(lstatSync(join(folder, name)).ino, ino);
  }).timeout(20_000);

  it("is that of a process alone whose folder cannot be read any more", async () => {
    const host = started(1_000_000);
    await once(host.stdout ?? host, "data");
    const isAlone = said([host], "requests queue in this process alone");
    rmSync(folder, { recursive: true });
    symlinkSync(folder, folder);
    await isAlone;
  }).timeout(20_000);

  it("is that of a process alone which others that it cannot reach replace again and again", async () => {
    const host = started(1_000_000);
    await said([host], "queue at this one");
    for (const expected of ["queue at this one", "queue at this one", "in this process alone"]) {
      const isSettled = said([host], expected);
      await abandonedSocket(join(folder, name));
      await isSettled;
    }
  }).timeout(30_000);

  it("is shared again after a passing failure", async () => {
    const { clock, queue } = machine();
    let isBroken = true;
    const passing = () => {
      if (isBroken) throw new Error("too many open files");
      return folder;
    };
    const one = new MachineQueue({ name, folder: passing, clock });
    (await clock.run(permitOf(one))).unused();
    isBroken = false;
    await clock.advance(60_000);
    (await clock.run(permitOf(one))).unused();
    for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(queue()))).sent();
    const begunAt = clock.now();
    (await clock.run(permitOf(one))).sent();
    assert.ok(clock.now() - begunAt > 500, "the others' requests count");
  });

  it("holds no process up that has nothing more to do", async () => {
    const host = started(1);
    const [code] = await once(host, "exit");
    assert.equal(code, 0);
  }).timeout(20_000);

  it("passes from a process that has left its socket behind to the next one", async () => {
    const dead = started(1_000_000);
    await once(dead.stdout ?? dead, "data");
    dead.kill("SIGKILL");
    await once(dead, "exit");
    const { clock, queue } = machine();
    const [host, guest] = [queue(), queue()];
    const begunAt = clock.now();
    (await clock.run(permitOf(host))).unused();
    (await clock.run(permitOf(guest))).unused();
    assert.ok(clock.now() - begunAt < 100, "nothing was granted a second ago");
  }).timeout(20_000);

  describe("is that of each process alone", () => {
    it("where the socket would have too long a name", async () => {
      const clock = manualClock(0, rounds);
      const long = "x".repeat(100);
      const queue = () => new MachineQueue({ name: long, folder: () => folder, clock });
      for (const each of [queue(), queue()]) {
        for (let sent = 0; sent < 10; sent++) (await clock.run(permitOf(each))).sent();
      }
      assert.ok(clock.now() < 1_000, `${clock.now()} ms: neither waits for the other`);
    });

    it("where there is no folder, which the debug output says", async () => {
      rmSync(folder, { recursive: true });
      const child = started(3);
      await said([child], "requests queue in this process alone");
    }).timeout(20_000);
  });
});

describe("The folder that processes of one user share", () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "private-"));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const planted = () => join(parent, `pulumi-cockroachdb-cloud-${process.getuid?.()}`);
  const refused = () => assert.throws(() => privateFolder(parent), /no folder that only this user/);

  it("is made for this user alone, and found again", () => {
    const folder = privateFolder(parent);
    assert.equal(folder, planted());
    assert.equal(privateFolder(parent), folder);
  });

  it("is not one that others may enter", () => {
    mkdirSync(planted());
    chmodSync(planted(), 0o755);
    refused();
  });

  it("is not what a link leads to", () => {
    const elsewhere = join(parent, "elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, planted());
    refused();
  });

  it("is not a file", () => {
    writeFileSync(planted(), "", { mode: 0o600 });
    refused();
  });

  it("is not that of another user", () => {
    mkdirSync(planted(), { mode: 0o700 });
    const other = (process.getuid?.() ?? 0) + 1;
    renameSync(planted(), join(parent, `pulumi-cockroachdb-cloud-${other}`));
    assert.throws(() => privateFolder(parent, other), /no folder that only this user/);
  });
});

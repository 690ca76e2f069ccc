// Waits against a cluster that a test makes up poll by poll. What the emulator's clusters do is in the tests
// of the resources.

import { strict as assert } from "node:assert";
import { ClusterCache } from "../../../provider/cache/cluster-cache";
import type { ClusterWait } from "../../../provider/cluster/wait";
import {
  getExisting,
  isReady,
  retryWhileBusy,
  waitForCluster,
  waitForClusterOf,
  waitUntilDeleted,
  whenReady,
} from "../../../provider/cluster/wait";
import { DeletedError } from "../../../provider/resource/errors";
import type { Context } from "../../../provider/resource/lifecycle";
import type { CockroachCloudClient, WireCluster } from "../../../sdk";
import { BadRequestError, BusyError, NotFoundError, ServerError } from "../../../sdk";
import { durationText } from "../../../sdk/http/duration-text";
import { manualClock } from "../../support/clock";

const minute = 60_000;
const facts = {
  method: "PATCH",
  path: "/",
  operation: "Updating cluster c",
  object: "cluster c",
  reason: "no",
  effect: "none",
  isRetryable: false,
} as const;
const notFound = new NotFoundError({ ...facts, status: 404 });
const refused = new BadRequestError({ ...facts, status: 400 });
const busy = new BusyError({ ...facts, status: 503, apiMessage: "cluster is locked" });

type Poll = Partial<WireCluster> | "deleted";

const wireOf = (poll: Partial<WireCluster>) =>
  ({
    id: "c",
    name: "orders",
    plan: "BASIC",
    state: "CREATED",
    operation_status: "UNSPECIFIED",
    upgrade_status: "FINALIZED",
    config: {},
    regions: [],
    labels: {},
    ...poll,
  }) as WireCluster;

/** A context in which the cluster polls like this, poll by poll; the last one stays. */
function lab(polls: Poll[], nodes: string[] | "forbidden" = []) {
  const clock = manualClock();
  const start = clock.now();
  const interruption = new AbortController();
  const shown: string[] = [];
  const polledAt: number[] = [];
  const clusters = {
    async get() {
      polledAt.push(clock.now() - start);
      const poll = polls[Math.min(polledAt.length, polls.length) - 1];
      if (poll === undefined || poll === "deleted") throw notFound;
      return wireOf(poll);
    },
    async *listNodes() {
      if (nodes === "forbidden") throw new ServerError({ ...facts, status: 500 });
      for (const status of nodes) yield { status };
    },
  };
  const cloud = { clusters } as unknown as CockroachCloudClient;
  const context = {
    cloud,
    clusters: new ClusterCache(cloud, clock, interruption.signal),
    clock,
    signal: interruption.signal,
    progress: async (what: string, waitedMs?: number) =>
      void shown.push(
        waitedMs === undefined
          ? what
          : `${what} · ${durationText(1_000 * Math.round(waitedMs / 1_000))}`,
      ),
  } as unknown as Context;
  const deadline = start + 30 * minute;
  const wait = (parts: Partial<ClusterWait> = {}) =>
    waitForCluster({
      id: "c",
      plan: "BASIC",
      context,
      deadline,
      waitingFor: "for the moon",
      isDone: () => false,
      ...parts,
    });
  return { clock, context, deadline, interruption, polledAt, shown, start, wait };
}

const messageOf = async (work: Promise<unknown>) => {
  const failure: unknown = await work.then(
    () => assert.fail("it did not fail"),
    (error: unknown) => error,
  );
  return (failure as Error).message;
};

const dedicated = { config: { dedicated: {} } } as Partial<WireCluster>;

describe("Readiness of a cluster", () => {
  const activities: [poll: Partial<WireCluster>, activity: string][] = [
    [{ state: "CREATING" }, "CREATING"],
    [{ state: "CREATING", operation_status: "CRDB_SCALE_RUNNING" }, "CREATING"],
    [{ state: "LOCKED" }, "LOCKED"],
    [{ state: "LOCKED", operation_status: "CRDB_SCALE_RUNNING" }, "CRDB_SCALE_RUNNING"],
    [{ operation_status: "CRDB_SCALE_RUNNING" }, "CRDB_SCALE_RUNNING"],
    [{ upgrade_status: "MAJOR_UPGRADE_RUNNING" }, "MAJOR_UPGRADE_RUNNING"],
    [{ upgrade_status: "ROLLBACK_RUNNING" }, "ROLLBACK_RUNNING"],
    [{ upgrade_status: "PENDING_FINALIZATION" }, "CREATED"],
    [{ state: "DELETING", upgrade_status: "ROLLBACK_RUNNING" }, "DELETING"],
  ];
  for (const [poll, activity] of activities) {
    it(`shows ${JSON.stringify(poll)} as ${activity}, to the end of the wait`, async () => {
      const { clock, shown, wait } = lab([poll]);
      const message = await messageOf(clock.run(wait()));
      assert.equal(
        message,
        `Timed out waiting for the moon: cluster c continues in CockroachDB Cloud. It was last seen ${activity}. Nothing is lost: the next update resumes the wait.`,
      );
      assert.match(shown[0] ?? "", new RegExp(`^${activity} · \\d+ s$`));
    });
  }

  it("is waited for no longer when the operation is interrupted", async () => {
    const { clock, interruption, wait } = lab([{}]);
    const message = messageOf(wait({ givenUp: () => "given up" }));
    interruption.abort();
    await clock.settle();
    assert.equal(
      await message,
      "Stopped waiting for the moon: cluster c continues in CockroachDB Cloud. Nothing is lost: the next update resumes the wait.",
    );
    const later = lab([{}]);
    const afterPoll = messageOf(later.wait({ givenUp: () => "given up" }));
    await later.clock.advance(minute);
    later.interruption.abort();
    assert.match(await afterPoll, /^Stopped waiting .* It was last seen CREATED\./);
  });

  it("can be given up in other words", async () => {
    const { clock, wait } = lab([{ state: "LOCKED" }]);
    const givenUp = (doing: string) => `It was ${doing}.`;
    assert.equal(await messageOf(clock.run(wait({ givenUp }))), "It was LOCKED.");
  });

  it("is waited for no longer when what works on it rests", async () => {
    const { clock, start, wait } = lab([{}]);
    const stall = { isIdle: () => true, describe: () => "It rests." };
    assert.equal(await messageOf(clock.run(wait({ stall }))), "It rests.");
    assert.ok(clock.now() - start < 17 * minute);
  });

  it("shows what it waits for while the cluster shows nothing, and what it came to", async () => {
    const { clock, shown, wait } = lab([{}, { operation_status: "CRDB_SCALE_RUNNING" }, {}]);
    let polls = 0;
    await clock.run(wait({ doing: "changing plan", isDone: () => ++polls === 3 }));
    assert.deepEqual(
      shown.map((text) => text.replace(/ · \d+ s$/, "")),
      ["changing plan", "CRDB_SCALE_RUNNING", "CREATED"],
    );
  });

  it("counts the nodes of an Advanced cluster on its own line, and on no other", async () => {
    const first = async (polls: Poll[], nodes: string[] | "forbidden", heading?: string) => {
      const { clock, shown, wait } = lab(polls, nodes);
      await messageOf(clock.run(wait(heading === undefined ? {} : { heading })));
      return (shown[0] ?? "").replace(/\d+ s$/, "");
    };
    const creating = { state: "CREATING" };
    const three = { ...creating, ...dedicated, regions: [{ node_count: 2 }, { node_count: 1 }] };
    const polls = [three as Partial<WireCluster>];
    assert.equal(await first(polls, ["LIVE", "DEAD"]), "CREATING · 1 of 3 nodes · ");
    assert.equal(
      await first(polls, ["LIVE", "LIVE", "LIVE", "LIVE"]),
      "CREATING · 4 of 4 nodes · ",
    );
    assert.equal(await first([{ ...creating, ...dedicated }], []), "CREATING · ");
    assert.equal(await first(polls, "forbidden"), "CREATING · ");
    assert.equal(await first([creating], ["LIVE"]), "CREATING · ");
    assert.equal(await first(polls, ["LIVE"], "waiting"), "waiting · CREATING · ");
  });

  it("reads a small cluster every second, and at an Advanced one every three", async () => {
    const basic = lab([{}]);
    await messageOf(basic.clock.run(basic.wait()));
    const advanced = lab([dedicated]);
    await messageOf(advanced.clock.run(advanced.wait({ plan: "ADVANCED" })));
    const within = (at = Number.NaN, ms = 0) => at > 0.89 * ms && at <= ms;
    assert.ok(within(basic.polledAt[0], 1_000));
    assert.ok(within(advanced.polledAt[0], 3_000));
  });

  it("never comes where the service failed to create it", async () => {
    assert.equal(isReady(wireOf({})), true);
    assert.equal(isReady(wireOf({ state: "LOCKED" })), false);
    const failed = { state: "CREATION_FAILED" };
    assert.throws(() => isReady(wireOf(failed)), /failed to create cluster "orders" \(c\)/);
    const { clock, context, deadline } = lab([{ state: "CREATING" }, failed]);
    const usable = clock.run(waitForClusterOf("c", "BASIC", context, deadline));
    assert.match(await messageOf(usable), /^Cluster "orders" \(c\) can hold nothing/);
  });

  it("is what a part waits for, on the line of the part", async () => {
    const { clock, context, deadline, shown } = lab([{ state: "CREATING" }, { state: "CREATED" }]);
    const wire = await clock.run(waitForClusterOf("c", "BASIC", context, deadline));
    assert.equal(wire.state, "CREATED");
    assert.match(shown[0] ?? "", /^waiting for the cluster · CREATING · \d+ s$/);
  });

  it("ends when the cluster is deleted in the middle", async () => {
    const { clock, context, deadline, wait } = lab([{ state: "CREATING" }, "deleted"]);
    await assert.rejects(clock.run(wait()), DeletedError);
    await assert.rejects(clock.run(getExisting("c", context, deadline)), DeletedError);
  });

  it("is not deleted for a 404 that passes, and is at once when it is deleted", async () => {
    const { clock, start, wait } = lab([{ state: "CREATING" }, "deleted", "deleted", {}]);
    const done = await clock.run(wait({ isDone: isReady }));
    assert.equal(done.state, "CREATED");
    assert.ok(clock.now() - start < 10_000);
    const deleted = lab([{ state: "CREATING" }, { state: "DELETED" }]);
    await assert.rejects(deleted.clock.run(deleted.wait()), DeletedError);
    assert.equal(deleted.polledAt.length, 2);
  });
});

describe("A cluster that is deleted", () => {
  it("is waited for until it is deleted", async () => {
    const { clock, context, deadline, polledAt, shown } = lab([{}, { state: "DELETED" }]);
    await clock.run(waitUntilDeleted("c", "BASIC", context, deadline));
    assert.equal(polledAt.length, 2);
    assert.match(shown.join(), /^DELETING · 1 s$/);
  });

  it("and stays is notified of at the end", async () => {
    const { clock, context, deadline } = lab([{}]);
    const message = await messageOf(clock.run(waitUntilDeleted("c", "BASIC", context, deadline)));
    assert.match(message, /^Timed out waiting for cluster c to be deleted: the API has accepted/);
  });
});

describe("A write to a cluster", () => {
  it("runs again when the busy cluster is free, and learns how it was seen", async () => {
    const { clock, context, deadline, shown, polledAt } = lab([
      { state: "CREATING" },
      { state: "LOCKED" },
      { state: "CREATING" },
      {},
    ]);
    const seen: (string | undefined)[] = [];
    const write = async (wire: WireCluster | undefined) => {
      seen.push(wire?.state);
      if (seen.length < 3) throw busy;
      return "written";
    };
    assert.equal(await clock.run(retryWhileBusy("c", context, deadline, write)), "written");
    assert.deepEqual(seen, [undefined, "CREATED", "CREATED"]);
    assert.equal(shown[0], "waiting for the cluster · cluster is locked");
    assert.match(shown[1] ?? "", /^waiting for the cluster · LOCKED · /);
    // The first poll is only for the plan. A cluster that was free and refused is read less often.
    const pauses = polledAt.map((at, index) => at - (polledAt[index - 1] ?? 0));
    assert.equal(pauses[0], 0);
    assert.ok((pauses[1] ?? 0) <= 1_000);
    assert.ok((pauses.at(-1) ?? 0) > 4_000);
  });

  it("that finds the cluster busy to the end fails with the API's word and how it was seen", async () => {
    const { clock, context, deadline } = lab([{ state: "LOCKED" }]);
    const write = () => Promise.reject(busy);
    const message = await messageOf(clock.run(retryWhileBusy("c", context, deadline, write)));
    assert.equal(
      message,
      "Updating cluster c failed: no. The cluster was not free for 30 min and was last seen LOCKED: run this again when it is.",
    );
  });

  it("that fails at the deadline, or otherwise, fails as it is", async () => {
    const { context, deadline, polledAt, start } = lab([{}]);
    for (const [error, until] of [
      [busy, start],
      [refused, deadline],
    ] as const) {
      const write = () => Promise.reject(error);
      await assert.rejects(retryWhileBusy("c", context, until, write), error);
    }
    assert.deepEqual(polledAt, []);
  });

  for (const [what, error] of [
    ["not to exist", notFound],
    ["to be wrong", refused],
  ] as const) {
    it(`that is said ${what} while the cluster is being created is sent once more`, async () => {
      const { clock, context, deadline } = lab([{ state: "CREATING" }, { state: "CREATING" }, {}]);
      let writes = 0;
      const write = async () => {
        writes += 1;
        if (writes === 1) throw error;
        return "written";
      };
      assert.equal(await clock.run(whenReady("c", context, deadline, write)), "written");
    });

    it(`that is said ${what} of a cluster that is ready or deleted fails with that`, async () => {
      for (const poll of [{}, "deleted"] as const) {
        const { context, deadline } = lab([poll]);
        await assert.rejects(
          whenReady("c", context, deadline, () => Promise.reject(error)),
          error,
        );
      }
    });
  }

  it("of a part fails with the state of a cluster that will never be ready", async () => {
    const { context, deadline } = lab([{ state: "CREATION_FAILED" }]);
    const work = whenReady("c", context, deadline, () => Promise.reject(notFound));
    assert.match(await messageOf(work), /can hold nothing/);
  });

  it("of a part that fails for another reason reads nothing", async () => {
    const { context, deadline, polledAt } = lab([{ state: "CREATING" }]);
    const error = new ServerError({ ...facts, status: 500 });
    await assert.rejects(
      whenReady("c", context, deadline, () => Promise.reject(error)),
      error,
    );
    assert.deepEqual(polledAt, []);
  });
});

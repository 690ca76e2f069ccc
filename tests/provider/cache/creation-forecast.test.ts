import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { ClusterCache } from "../../../provider/cache/cluster-cache";
import { CreationForecast, typicalCreation } from "../../../provider/cache/creation-forecast";
import { waitUntilReady } from "../../../provider/cluster/wait";
import type { Context } from "../../../provider/resource/lifecycle";
import type { CockroachCloudClient, WireCluster } from "../../../sdk";
import { PermissionDeniedError } from "../../../sdk";
import { manualClock } from "../../support/clock";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How many nodes are live when so much of the creation is done. */
type Progress = (done: number) => number;

interface Creation {
  durationMs: number;
  nodes: number;
  /** @default at equal intervals, the last one at the end */
  live?: Progress | "forbidden";
}

interface Lag {
  lagMs: number;
  requests: number;
}

const forbidden = new PermissionDeniedError({
  method: "GET",
  path: "/",
  operation: "Listing the nodes of cluster c",
  object: "cluster c",
  reason: "no",
  effect: "none",
  isRetryable: false,
  status: 403,
});

/** A service whose clusters take so long, and how a run waits for them. */
function lab() {
  const clock = manualClock(undefined, 1);
  const { signal } = new AbortController();
  const creations = new Map<string, Creation & { since: number; wire: WireCluster }>();
  let requests = 0;
  const found = (id: string) => {
    const creation = creations.get(id);
    assert.ok(creation);
    return { ...creation, done: (clock.now() - creation.since) / creation.durationMs };
  };
  const read = (id: string) => {
    const { wire, done } = found(id);
    return { ...wire, state: done >= 1 ? "CREATED" : "CREATING" };
  };
  const clusters = {
    async get(id: string) {
      requests += 1;
      return read(id);
    },
    async *list() {
      requests += 1;
      yield* [...creations.keys()].map(read);
    },
    async *listNodes(id: string) {
      requests += 1;
      const { nodes, done, live = (part: number) => Math.floor(part * nodes) } = found(id);
      if (live === "forbidden") throw forbidden;
      for (let index = 0; index < nodes; index += 1)
        yield { status: index < live(done) ? "LIVE" : "NOT_READY" };
    },
  };
  const cloud = { clusters } as unknown as CockroachCloudClient;
  const cache = new ClusterCache(cloud, clock, signal);
  const context = {
    ...{ cloud, clusters: cache, clock, signal },
    progress: async () => undefined,
  } as unknown as Context;

  /** Waits for clusters whose creation begins now; of the requests it counts those of the wait. */
  async function wait(...begun: Creation[]): Promise<Lag> {
    const since = clock.now();
    const before = requests;
    const lags = begun.map(async (creation, index) => {
      const wire = {
        id: `${since} ${index}`,
        state: "CREATING",
        cloud_provider: "AWS",
        created_at: new Date(since).toISOString(),
        config: { dedicated: {} },
        regions: [{ name: "us-east-1", node_count: creation.nodes }],
        operation_status: "UNSPECIFIED",
      } as unknown as WireCluster;
      creations.set(wire.id, { ...creation, since, wire });
      await waitUntilReady(wire, "ADVANCED", context, since + 4 * hour, () => undefined);
      return clock.now() - since - creation.durationMs;
    });
    const lagMs = Math.max(...(await clock.run(Promise.all(lags))));
    return { lagMs, requests: requests - before };
  }

  return { clock, wait };
}

/** The most of several waits: their pauses have a jitter. */
async function most(creation: Creation, times = 5): Promise<Lag> {
  const waits: Lag[] = [];
  for (let index = 0; index < times; index += 1) waits.push(await lab().wait(creation));
  return {
    lagMs: Math.max(...waits.map(({ lagMs }) => lagMs)),
    requests: Math.max(...waits.map(({ requests }) => requests)),
  };
}

/** The table of the documentation: what a wait takes at most. */
function documented(): { title: string; durationMs: number; lagMs: number; requests: number }[] {
  const page = readFileSync(join(__dirname, "../../../docs/reliability.md"), "utf8");
  const rows = [...page.matchAll(/^\| (\d+) (s|min|h) \| (\d+) s \| (\d+) \|/gm)];
  const units: Record<string, number> = { s: second, min: minute, h: hour };
  return rows.map(([, duration = "", unit = "", lag, requests]) => ({
    title: `${duration} ${unit}`,
    durationMs: Number(duration) * (units[unit] ?? Number.NaN),
    lagMs: Number(lag) * second,
    requests: Number(requests),
  }));
}

/** What the wait lags at most when the nodes show nothing: as much as without them. */
function maxLagMs(durationMs: number): number {
  return Math.max(6 * second, Math.min(durationMs / 10, minute));
}

describe("The wait for the creation of an Advanced cluster", () => {
  describe("takes at most as long and as many requests as documented", () => {
    it("for durations from a second to three hours", () => {
      const durations = documented().map(({ durationMs }) => durationMs);
      assert.deepEqual([durations[0], durations.at(-1)], [second, 3 * hour]);
      assert.ok(durations.length >= 12);
    });

    for (const { title, durationMs, ...limit } of documented()) {
      it(`when it takes ${title}, with 3 to 30 nodes`, async () => {
        for (const nodes of [3, 5, 9, 30]) {
          const { lagMs, requests } = await most({ durationMs, nodes });
          assert.ok(lagMs <= limit.lagMs, `${lagMs} ms with ${nodes} nodes`);
          // The creation itself and the removal of its mark are two more.
          assert.ok(requests + 2 <= limit.requests, `${requests} + 2 with ${nodes} nodes`);
        }
      }).timeout(20_000);
    }
  });

  it("lags by 10 s at most, with 80 requests at most, between 10 and 30 minutes", async () => {
    const durations = fc.integer({ min: 10 * minute, max: 30 * minute });
    const nodeCounts = fc.integer({ min: 3, max: 60 });
    await fc.assert(
      fc.asyncProperty(durations, nodeCounts, async (durationMs, nodes) => {
        const { lagMs, requests } = await lab().wait({ durationMs, nodes });
        assert.ok(lagMs <= 9.5 * second, `${lagMs} ms`);
        assert.ok(requests + 2 <= 80, `${requests} + 2 requests`);
      }),
      { numRuns: 60 },
    );
  }).timeout(30_000);

  it("never lags by more than a tenth of it or a minute, whatever the nodes show", async () => {
    const durations = fc.integer({ min: 0, max: 3 * hour });
    // Nodes that become live at any time, some of them never while it waits.
    const nodeTimes = fc.array(fc.double({ min: 0, max: 1.5, noNaN: true }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(durations, nodeTimes, async (durationMs, times) => {
        const live: Progress = (done) => times.filter((time) => time <= done).length;
        const { lagMs } = await lab().wait({ durationMs, nodes: times.length, live });
        assert.ok(lagMs >= 0 && lagMs <= maxLagMs(durationMs), `${lagMs} ms after ${durationMs}`);
      }),
      { numRuns: 150 },
    );
  }).timeout(30_000);

  for (const [title, live] of [
    ["all nodes become live long before the end", (done: number) => (done < 0.5 ? 0 : 3)],
    ["no node becomes live before the end", () => 0],
    ["the key may not list nodes", "forbidden"],
  ] as const) {
    it(`takes at most 90 requests for half an hour when ${title}`, async () => {
      const { requests } = await most({ durationMs: 30 * minute, nodes: 3, live });
      assert.ok(requests + 2 <= 90, `${requests} + 2 requests`);
    });
  }

  it("polls more often in the typical time when the nodes show nothing", async () => {
    for (let durationMs = 21 * minute; durationMs <= 30 * minute; durationMs += 50 * second) {
      const { lagMs } = await most({ durationMs, nodes: 1 }, 1);
      assert.ok(lagMs <= 38 * second, `${lagMs} ms after ${durationMs}`);
    }
  });

  it("learns from the cluster before it how long clusters of this kind take", async () => {
    const creation = { durationMs: 41 * minute, nodes: 1 };
    const { wait } = lab();
    const lags = [await wait(creation), await wait(creation)];
    assert.ok((lags[1]?.lagMs ?? minute) <= 16 * second, JSON.stringify(lags));
  });

  it("takes about as many requests for 100 clusters as for one", async () => {
    const cluster = { durationMs: 30 * minute, nodes: 3 };
    const { lagMs, requests } = await lab().wait(...Array.from({ length: 100 }, () => cluster));
    assert.ok(lagMs <= 10 * second, `${lagMs} ms`);
    assert.ok(requests <= 80, `${requests} requests`);
  }).timeout(20_000);
});

describe("The forecast of a creation", () => {
  it("is the typical time until a node is live", () => {
    const forecast = new CreationForecast();
    assert.deepEqual(forecast.expected, typicalCreation);
    forecast.observe(5 * minute, { live: 0, all: 3 });
    assert.deepEqual(forecast.expected, typicalCreation);
  });

  it("follows the nodes, and narrows with each that is live", () => {
    const forecast = new CreationForecast();
    forecast.observe(4 * minute, { live: 0, all: 3 });
    forecast.observe(5 * minute, { live: 1, all: 3 });
    assert.deepEqual(forecast.expected, { fromMs: 12 * minute, toMs: 15 * minute });
    forecast.observe(9 * minute, { live: 1, all: 3 });
    assert.deepEqual(forecast.expected, { fromMs: 13.5 * minute, toMs: 15 * minute });
  });

  it("starts over when the nodes contradict it", () => {
    const forecast = new CreationForecast();
    forecast.observe(5 * minute, { live: 2, all: 3 });
    forecast.observe(20 * minute, { live: 2, all: 3 });
    assert.deepEqual(forecast.expected, { fromMs: 20 * minute, toMs: 30 * minute });
  });

  it("expects the end soon when all nodes are live", () => {
    const forecast = new CreationForecast();
    forecast.observe(10 * minute, { live: 3, all: 3 });
    assert.deepEqual(forecast.expected, { fromMs: 10 * minute, toMs: 11 * minute });
  });

  it("asks for nodes only while the next one to become live would narrow it", () => {
    const forecast = new CreationForecast();
    const nodes = { live: 1, all: 3 };
    forecast.observe(8 * minute, { live: 0, all: 3 });
    forecast.observe(10 * minute, nodes);
    const ages = [15, 16, 19, 20].filter((age) => forecast.isNarrowedBy(age * minute, nodes));
    assert.deepEqual(ages, [16, 19]);
    assert.equal(forecast.isNarrowedBy(25 * minute, { live: 2, all: 3 }), false);
  });

  it("says nothing of a cluster without nodes", () => {
    const forecast = new CreationForecast();
    forecast.observe(minute, { live: 0, all: 0 });
    assert.deepEqual(forecast.expected, typicalCreation);
    assert.equal(forecast.isNarrowedBy(25 * minute, { live: 0, all: 0 }), false);
  });
});

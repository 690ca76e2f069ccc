// Creations against clusters that a test makes up. How they go on the emulator is in create/.

import { strict as assert } from "node:assert";
import { ClusterCache } from "../../../provider/cache/cluster-cache";
import { createCluster, finishCreation } from "../../../provider/cluster/create";
import { creationMarkKey } from "../../../provider/cluster/creation-mark";
import { importCluster } from "../../../provider/cluster/import";
import type { Inputs } from "../../../provider/cluster/schema";
import { writeOnlyInputsOf } from "../../../provider/cluster/wire";
import type { Context } from "../../../provider/resource/lifecycle";
import type { CockroachCloudClient, RequestOptions, WireCluster } from "../../../sdk";
import { ConflictError, NotFoundError, PermissionDeniedError, TimeoutError } from "../../../sdk";
import { basic, standard, wireCluster } from "../../support/builders";
import { manualClock } from "../../support/clock";

const minute = 60_000;
const { id } = wireCluster();
const mark = "0123456789abcdef-fedcba9876543210";
const marked = { [creationMarkKey]: mark };

const facts = {
  method: "POST",
  path: "/",
  operation: 'Creating cluster "orders"',
  object: "cluster",
  reason: "no",
  effect: "none",
  isRetryable: false,
} as const;

const wireOf = (members: object) =>
  wireCluster({
    cockroach_version: "v25.4.5",
    config: { serverless: { routing_id: "orders-1", upgrade_type: "MANUAL" } },
    regions: [{ name: "us-central1", primary: true }],
    ...members,
  });

interface Service {
  listed?: WireCluster[];
  inactive?: WireCluster[];
  polls?: WireCluster[];
  isDeleted?: boolean;
  /** What a PATCH returns, instead of the cluster with the change. */
  patched?: WireCluster;
  create?: () => Promise<WireCluster>;
}

/** A context with such a service, and what was asked of it. */
function lab({ listed = [], inactive = [], polls = [], isDeleted, patched, create }: Service) {
  const clock = manualClock();
  const asked: string[] = [];
  const sent: unknown[] = [];
  const limits: RequestOptions[] = [];
  const notes: string[] = [];
  const clusters = {
    async *list({ showInactive }: { showInactive?: boolean }, options: RequestOptions) {
      limits.push(options);
      asked.push(showInactive ? "list all" : "list");
      yield* showInactive ? inactive : listed;
    },
    async get(_id: string, options: RequestOptions) {
      limits.push(options);
      asked.push("get");
      if (isDeleted) throw new NotFoundError({ ...facts, status: 404 });
      const polled = polls.length > 1 ? polls.shift() : polls[0];
      return polled ?? assert.fail("nobody said what there is");
    },
    async create(body: unknown, options: RequestOptions) {
      limits.push(options);
      asked.push("create");
      sent.push(body);
      return create === undefined ? wireOf({ labels: marked }) : await create();
    },
    async update(_id: string, body: { labels?: object; delete_protection?: string }) {
      asked.push("update");
      sent.push(body);
      return patched ?? wireOf(body);
    },
  };
  const cloud = { clusters } as unknown as CockroachCloudClient;
  const { signal } = new AbortController();
  const adopted: string[] = [];
  const context = {
    cloud,
    clusters: new ClusterCache(cloud, clock, signal),
    clock,
    signal,
    mark: { own: mark, others: [], ends: [] },
    resourceName: "orders",
    deadline: (ms: number) => clock.now() + ms,
    recordAdopted: (it: string) => adopted.push(it),
    progress: async () => {},
    note: async (severity: string, text: string) => void notes.push(`${severity}: ${text}`),
  } as unknown as Context;
  return { asked, clock, context, limits, notes, sent, adopted };
}

const orders = (others: object = {}) => basic({}, { name: "orders", ...others }) as Inputs;

describe("Creation of a cluster", () => {
  it("ends when the mark no longer shows, although the response to the PATCH is old", async () => {
    const old = wireOf({ labels: { ...marked, a: "b" } });
    const shown = wireOf({ labels: { a: "b" } });
    const { asked, clock, context, sent } = lab({ patched: old, polls: [old, old, shown] });
    const { outs } = await clock.run(createCluster(orders({ labels: { a: "b" } }), context));
    assert.deepEqual(outs.labels, { a: "b" });
    assert.deepEqual(sent[1], { labels: { a: "b" } });
    assert.deepEqual(asked, ["list", "create", "update", "get", "get", "get"]);
  });

  it("reads nothing more when the response to the PATCH shows that the mark is off", async () => {
    const { asked, clock, context } = lab({});
    await clock.run(createCluster(orders(), context));
    assert.deepEqual(asked, ["list", "create", "update"]);
  });

  it("does not adopt what the service failed to create", async () => {
    const failed = wireOf({ state: "CREATION_FAILED", labels: marked });
    const { asked, clock, context, adopted } = lab({ listed: [failed] });
    await clock.run(createCluster(orders(), context));
    assert.deepEqual(asked, ["list", "create", "update"]);
    assert.deepEqual(adopted, []);
  });

  it("makes a list from before it stale", async () => {
    const unmarked = async () => wireOf({});
    const { asked, clock, context } = lab({ polls: [wireOf({})], create: unmarked });
    await clock.run(createCluster(orders(), context));
    assert.deepEqual(asked.splice(0), ["list", "create"]);
    await context.clusters.getCached(id);
    assert.deepEqual(asked, ["list", "get"]);
  });

  it("passes on a conflict when no living cluster has the name", async () => {
    const conflict = new ConflictError({ ...facts, status: 409 });
    const create = () => Promise.reject(conflict);
    const others = [wireOf({ name: "other" }), wireOf({ state: "DELETED" })];
    const { clock, context } = lab({ inactive: others, create });
    await assert.rejects(clock.run(createCluster(orders(), context)), {
      name: "ConflictError",
      message: /^Creating cluster "orders" failed: no\. No other cluster of this name was found/,
    });
    const failed = lab({ inactive: [...others, wireOf({ state: "CREATION_FAILED" })], create });
    await assert.rejects(
      failed.clock.run(createCluster(orders(), failed.context)),
      /^Error: A cluster named "orders" already exists/,
    );
  });

  it("ends with the operation, at whatever request it is", async () => {
    const conflict = new ConflictError({ ...facts, status: 409 });
    const { clock, context, limits } = lab({ create: () => Promise.reject(conflict) });
    await assert.rejects(clock.run(createCluster(orders(), context)), { name: "ConflictError" });
    assert.equal(limits.length, 3);
    const deadline = clock.now() + 30 * minute;
    for (const { signal } of limits) assert.equal(signal, context.signal);
    assert.deepEqual(
      limits.slice(1).map((options) => options.deadline),
      [deadline, deadline],
    );
  });

  it("adopts what an interrupted run has made, and says so", async () => {
    const own = wireOf({ labels: marked });
    const { asked, clock, context, notes, adopted } = lab({ listed: [own] });
    await clock.run(createCluster(orders(), context));
    assert.deepEqual(asked, ["list", "update"]);
    assert.deepEqual(adopted, [id]);
    assert.match(
      notes.join(),
      /^info: An interrupted run of this resource created cluster "orders"/,
    );
  });

  it("that was refused searches for nothing", async () => {
    const refusal = new PermissionDeniedError({ ...facts, status: 403 });
    const { asked, clock, context } = lab({ create: () => Promise.reject(refusal) });
    await assert.rejects(clock.run(createCluster(orders(), context)), refusal);
    assert.deepEqual(asked, ["list", "create"]);
  });

  it("whose response was lost searches for half a minute, and keeps the cause", async () => {
    const lost = new TimeoutError({ ...facts, effect: "unknown" });
    const { asked, clock, context } = lab({ create: () => Promise.reject(lost) });
    const start = clock.now();
    await assert.rejects(
      clock.run(createCluster(orders(), context)),
      ({ message, cause }: Error) => {
        assert.match(message, /response was lost, and no cluster "orders"/);
        return cause === lost;
      },
    );
    assert.equal(clock.now() - start, 30_000);
    assert.deepEqual(asked, ["list", "create", ...Array(10).fill("list")]);
  });

  it("without a mark sends the labels of the program and no other", async () => {
    const create = async () => wireOf({ labels: { a: "b" } });
    const { clock, context, sent } = lab({ create });
    const unmarked = { ...context, mark: undefined };
    await clock.run(createCluster(orders({ labels: { a: "b" } }), unmarked));
    const [posted] = sent as [{ spec: { labels: object } }];
    assert.deepEqual(posted.spec.labels, { a: "b" });
    assert.equal(sent.length, 1);
  });

  const finish = async (service: Service, first: WireCluster, inputs: Inputs) => {
    const made = lab(service);
    const { clock, context } = made;
    const deadline = clock.now() + 30 * minute;
    const pending = writeOnlyInputsOf(inputs);
    await clock.run(finishCreation(id, first, inputs, pending, context, deadline));
    return made;
  };
  const limits = { provisioned_virtual_cpus: "2" };
  const standardWire = (members: object) => {
    const serverless = { routing_id: "orders-1", upgrade_type: "MANUAL", usage_limits: limits };
    return wireOf({ plan: "STANDARD", config: { serverless }, ...members });
  };
  const asking = (cockroachVersion: string, others: object = {}) =>
    standard({ upgradeType: "MANUAL", cockroachVersion }, { name: "orders", ...others }) as Inputs;

  it("says nothing of a version that is the one asked for", async () => {
    const { notes, sent } = await finish({}, standardWire({}), asking("v25.4"));
    assert.deepEqual([notes, sent], [[], []]);
  });

  it("says that the service chose another version, leaves it, and brings the rest in line", async () => {
    const inputs = asking("v25.2", { deleteProtection: true });
    const changed = standardWire({ delete_protection: "ENABLED" });
    const { notes, sent } = await finish(
      { patched: changed, polls: [changed] },
      standardWire({}),
      inputs,
    );
    assert.deepEqual(sent, [{ delete_protection: "ENABLED" }]);
    assert.match(notes.join(), /^warning: The service created .* v25\.4\.5, .* asks for v25\.2:/);
  });

  describe("by import", () => {
    it("takes what equals the arguments, by one read and without a write", async () => {
      const { asked, clock, context, limits } = lab({ polls: [wireOf({})] });
      const { id: its, outs } = await clock.run(importCluster(id, orders(), context));
      assert.deepEqual([its, outs.name], [id, "orders"]);
      assert.deepEqual(asked, ["get"]);
      const { signal } = context;
      assert.deepEqual(limits, [{ signal, deadline: clock.now() + 30 * minute }]);
    });

    it("says what differs", async () => {
      const { clock, context } = lab({ polls: [wireOf({})] });
      await assert.rejects(
        clock.run(importCluster(id, orders({ name: "billing" }), context)),
        /failed: the arguments differ from the cluster: name is "orders" but the program has "billing"\./,
      );
    });

    it("says when there is no such cluster", async () => {
      const { clock, context } = lab({ isDeleted: true });
      await assert.rejects(
        clock.run(importCluster(id, orders(), context)),
        /^Error: Importing cluster .* failed: there is no such cluster/,
      );
    });
  });

  it("that another run has finished reads nothing and writes nothing", async () => {
    const { asked } = await finish({}, wireOf({}), orders());
    assert.deepEqual(asked, []);
  });
});

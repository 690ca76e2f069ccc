import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { ClusterEdit, Fault, WireCluster } from "../../../emulator";
import { diffCluster } from "../../../provider/cluster/diff";
import { toState } from "../../../provider/cluster/wire";
import { CockroachCloudClient } from "../../../sdk";
import { advanced, basic, standard } from "../../support/builders";
import { closeTestEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import { count } from "../../support/engine-model/requests";
import type { RunOptions } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";

const minute = 60_000;
const day = 24 * 60 * minute;
const folder = "0f8fad5b-d9cb-469f-a165-70867728950e";

type Args = Record<string, unknown>;

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const general = fc.record({
  name: fc.constantFrom(undefined, undefined, "orders", "billing"),
  labels: optional(
    fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", ""), {
      noNullPrototype: true,
    }),
  ),
  parentId: fc.constantFrom(undefined, "root", "", folder),
  deleteProtection: fc.constantFrom(undefined, false),
});

const regions = fc
  .uniqueArray(fc.constantFrom("us-central1", "us-east1", "us-west2"), { minLength: 1 })
  .chain((names) =>
    fc.record({ regions: fc.constant(names), primaryRegion: fc.constantFrom(...names) }),
  );

const anyBasic = fc
  .record({
    regions,
    usageLimits: optional(
      fc.record(
        {
          requestUnitLimit: fc.nat(3).map((n) => n + 1),
          storageMibLimit: fc.nat(3).map((n) => n + 1),
        },
        { requiredKeys: [] },
      ),
    ),
    general,
  })
  .map((parts) => basic({ ...parts.regions, usageLimits: parts.usageLimits }, parts.general));

const anyStandard = fc
  .record({
    regions,
    provisionedVirtualCpus: fc.constantFrom(2, 3, 10, 200),
    upgradeType: fc.constantFrom(undefined, "AUTOMATIC", "MANUAL"),
    general,
  })
  .map(({ provisionedVirtualCpus, upgradeType, ...parts }) =>
    standard(
      { ...parts.regions, usageLimits: { provisionedVirtualCpus }, upgradeType },
      parts.general,
    ),
  );

const anyAdvanced = fc
  .record({
    regionNodes: fc.constantFrom<Record<string, number>>(
      { "us-east1": 1 },
      { "us-east1": 3 },
      { "us-east1": 5 },
      { "us-east1": 3, "us-west2": 3, "us-central1": 3 },
      { "us-east1": 3, "us-west2": 4, "us-east4": 3 },
    ),
    machineSpec: fc.constantFrom<object>(
      { numVirtualCpus: 4 },
      { numVirtualCpus: 8 },
      { machineType: "n2-standard-4" },
      { machineType: "n1-standard-8" },
    ),
    storageGib: fc.constantFrom(undefined, 0, 64, 100),
    diskIops: fc.constantFrom(undefined, 0, 3_000),
    networkVisibility: fc.constantFrom(undefined, undefined, "PUBLIC", "PRIVATE"),
    general,
  })
  .map(({ regionNodes, machineSpec, storageGib, diskIops, networkVisibility, ...parts }) =>
    advanced(
      { regionNodes, hardware: { machineSpec, storageGib, diskIops }, networkVisibility },
      { ...parts.general, cloudProvider: "GCP" },
    ),
  );

const anyArgs: fc.Arbitrary<Args> = fc.oneof(anyBasic, anyStandard, anyAdvanced);

const serverlessEdit = fc.record<ClusterEdit>(
  {
    labels: fc.constantFrom<Record<string, string>>({}, { z: "1" }),
    deleteProtection: fc.constant("DISABLED"),
    parentId: fc.constantFrom("root", folder),
  },
  { requiredKeys: [] },
);

function living(lab: Lab): WireCluster[] {
  return lab.emulator.clusters.list().filter(({ state }) => state !== "DELETED");
}

/** The cluster of the stack is the only one, is as the program says, and nothing is left to do. */
async function assertSettled(lab: Lab, shop: Stack, args: Args): Promise<void> {
  const { id } = shop.resource();
  // A replacement that was killed leaves its cluster behind, to be found by its mark.
  const unmarked = living(lab).filter(({ labels }) => !("pulumi-creating" in labels));
  assert.deepEqual(
    unmarked.map((cluster) => cluster.id),
    [id],
  );
  const { apiKey, url: serverUrl } = lab.emulator;
  const client = new CockroachCloudClient({ apiKey, serverUrl, clock: lab.time });
  const wire = await client.clusters.get(id);
  await lab.time.advance(minute);
  assert.ok(!("pulumi-creating" in wire.labels), "no mark is left");
  const state = toState(wire, {}, undefined);
  assert.deepEqual(diffCluster(state, args, args), []);
  assert.deepEqual(
    { ...shop.outputs(), upgradeStatus: "" },
    { ...JSON.parse(JSON.stringify(state)), upgradeStatus: "" },
  );
  const again = await shop.up({ orders: args });
  assert.deepEqual([again.failures, again.steps, again.requests], [[], ["same orders"], []]);
  const refresh = await shop.refresh();
  assert.deepEqual([refresh.failures, refresh.differences], [[], {}]);
}

/** mocha cannot stop a test: without this, it goes on beside those that follow. */
const endsAfter = (ms: number) => ({ interruptAfterTimeLimit: ms, markInterruptAsFailure: true });

describe("Cluster of any arguments", () => {
  it("becomes one of any others, and then nothing is left to do", async () => {
    await fc.assert(
      fc.asyncProperty(anyArgs, anyArgs, optional(serverlessEdit), async (first, second, edit) => {
        const lab = await startLab({
          organizations: [{ folders: [{ id: folder, name: "team" }] }],
        });
        try {
          const shop = lab.stack();
          const created = await shop.up({ orders: first });
          assert.deepEqual(created.failures, []);
          assert.equal(count(created.requests, "CreateCluster"), 1);
          await lab.time.advance(8 * day);
          await assertSettled(lab, shop, first);
          if (edit) {
            lab.emulator.clusters.edit(shop.resource().id, edit);
            await shop.refresh();
          }
          await lab.time.advance(minute);
          const preview = await shop.preview({ orders: second });
          assert.equal(preview.requests.length, 0);
          const changed = await shop.up({ orders: second });
          assert.deepEqual(changed.steps.slice(0, 1), preview.steps);
          // Storage that shrinks and a single node after several are refused before anything happens.
          if (preview.failures.length > 0) {
            assert.deepEqual([changed.failures, changed.requests], [preview.failures, []]);
            assert.match(changed.failures.join("\n"), /cannot (shrink|go back)/);
            return;
          }
          assert.deepEqual(changed.failures, []);
          await lab.time.advance(minute);
          await assertSettled(lab, shop, second);
        } finally {
          await closeTestEmulators();
        }
      }),
      { numRuns: 60, ...endsAfter(60_000) },
    );
  }).timeout(60_000);

  const anyFault = fc.constantFrom<Fault>(
    { reset: "before-effect" },
    { reset: "after-effect" },
    { status: 500 },
    { status: 500, effect: "after" },
    { status: 503, body: "<html>maintenance</html>" },
    { status: 503, message: "couldn't lock cluster" },
    { status: 429, headers: { "Retry-After": "3" } },
    { status: 403, message: "unauthorized" },
    { cutBody: true },
    { notJson: true },
    { hang: "before-effect" },
    { hang: "after-effect" },
  );
  const trouble = fc.record({
    operation: fc.constantFrom(
      "CreateCluster",
      "CreateCluster",
      "UpdateCluster",
      "UpdateCluster",
      "GetCluster",
      "ListClusters",
      "DeleteCluster",
      "ListClusterNodes",
    ),
    fault: anyFault,
    nth: fc.integer({ min: 1, max: 3 }),
    times: fc.integer({ min: 1, max: 3 }),
  });
  const run: fc.Arbitrary<RunOptions> = fc.oneof(
    fc.constant({}),
    fc.record({ interruptAfterMs: fc.integer({ min: 0, max: 90_000 }) }),
    fc.record({ killAfterMs: fc.integer({ min: 0, max: 90_000 }) }),
    fc.record({ interruptAfterMs: fc.integer({ min: 0, max: 3_000 }) }),
    fc.record({ killAfterMs: fc.integer({ min: 0, max: 3_000 }) }),
  );

  it("is never doubled and never lost, whatever fails and whenever the run ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Args>(
          basic({}, { labels: { a: "x" } }),
          standard({}, { name: "orders" }),
          advanced(),
          standard({ upgradeType: "MANUAL" }, { labels: {} }),
        ),
        fc.array(trouble, { maxLength: 4 }),
        fc.array(run, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(0, 15_000),
        async (args, troubles, runs, visibilityMs) => {
          const lab = await startLab({
            durations: {
              createBasicMs: 20_000,
              createStandardMs: 5_000,
              createAdvancedMs: 70_000,
              visibilityMs,
            },
          });
          try {
            const shop = lab.stack();
            for (const { operation, fault, ...schedule } of troubles) {
              lab.emulator.faults.add(operation, { ...fault, ...schedule });
            }
            for (const options of runs) {
              const done = await shop.up({ orders: args }, options);
              const posts = done.requests.filter(
                ({ operation, fault: hit }) =>
                  operation === "CreateCluster" && !/status (429|503)/.test(hit ?? ""),
              );
              assert.ok(posts.length <= 1, "one POST in a run");
              assert.ok(living(lab).length <= 1, "one cluster at a time");
              // The one moment that nothing covers: killed after the mark was taken off and before the
              // engine has written the id down.
              const [left] = living(lab);
              if (left && !("pulumi-creating" in left.labels) && shop.resources.size === 0) return;
            }
            lab.emulator.faults.clear();
            // What is left of a killed process ends, and every response is visible.
            await lab.time.advance(10 * minute);
            const last = await shop.up({ orders: args });
            assert.deepEqual(last.failures, []);
            await lab.time.advance(minute);
            await assertSettled(lab, shop, args);
            assert.equal(lab.emulator.clusters.list().length, 1, "none was made and thrown away");
            assert.deepEqual((await shop.destroy()).failures, []);
            assert.deepEqual(living(lab), []);
          } finally {
            await closeTestEmulators();
          }
        },
      ),
      { numRuns: 150, ...endsAfter(120_000) },
    );
  }).timeout(120_000);

  const inPlace: Args[] = [
    basic(),
    basic({ usageLimits: { storageMibLimit: 5 } }, { labels: { a: "x" } }),
    standard({}, { labels: {} }),
    standard({ upgradeType: "MANUAL", usageLimits: { provisionedVirtualCpus: 4 } }),
    standard({ regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" }),
  ];

  it("stays the one in state through changes, --replace and refresh, whatever fails and whenever a run ends", async () => {
    const step = fc.record({
      kind: fc.constantFrom("up", "up", "up", "replace", "refresh"),
      args: fc.nat(inPlace.length - 2),
      run,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(trouble, { maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0, 15_000),
        async (troubles, steps, visibilityMs) => {
          const lab = await startLab({
            durations: { createBasicMs: 20_000, createStandardMs: 5_000, visibilityMs },
          });
          try {
            const shop = lab.stack();
            const last = inPlace.at(-1) as Args;
            assert.deepEqual((await shop.up({ orders: inPlace[0] as Args })).failures, []);
            for (const { operation, fault, ...schedule } of troubles) {
              lab.emulator.faults.add(operation, { ...fault, ...schedule });
            }
            for (const { kind, args, run: options } of steps) {
              // Nothing that the rules of the service forbid: 48 hours, three times in seven days.
              await lab.time.advance(8 * day);
              const before = new Set(living(lab).map(({ id }) => id));
              if (kind === "refresh") await shop.refresh();
              else {
                const replace = kind === "replace" ? { replace: ["orders"] } : {};
                await shop.up({ orders: inPlace[args] as Args }, { ...options, ...replace });
              }
              const unknown = living(lab).filter(
                ({ id, labels }) => id !== shop.resource().id && !("pulumi-creating" in labels),
              );
              // Killed between the end of a replacement and the checkpoint, or before the old one was deleted.
              if (unknown.length > 0) {
                assert.equal(kind, "replace");
                assert.ok("killAfterMs" in options || before.has(unknown[0]?.id ?? ""));
                return;
              }
            }
            lab.emulator.faults.clear();
            await lab.time.advance(8 * day);
            // The CLI asks for it after a kill: an update may have taken effect that the state knows nothing of.
            assert.deepEqual((await shop.refresh()).failures, []);
            await lab.time.advance(minute);
            assert.deepEqual((await shop.up({ orders: last })).failures, []);
            await lab.time.advance(minute);
            await assertSettled(lab, shop, last);
          } finally {
            await closeTestEmulators();
          }
        },
      ),
      { numRuns: 100, ...endsAfter(120_000) },
    );
  }).timeout(120_000);
});

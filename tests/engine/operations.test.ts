// The operation of clusters on the real engine: backups, restores, replication, disruption, and exports of logs and
// metrics, each with the values of its conformance cases, all in one stack.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { Properties, RemoteObject } from "../conformance/resource-cases";
import { casesOf, placeOf, updateOf } from "../conformance/resource-cases";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import { writes as writesAmong } from "../support/engine-model/requests";

const classes = {
  BackupConfiguration: cockroachdb.BackupConfiguration,
  BlackoutWindow: cockroachdb.BlackoutWindow,
  Restore: cockroachdb.Restore,
  PhysicalReplicationStream: cockroachdb.PhysicalReplicationStream,
  ClusterDisruption: cockroachdb.ClusterDisruption,
  LogExportConfig: cockroachdb.LogExportConfig,
  MetricExportDatadogConfig: cockroachdb.MetricExportDatadogConfig,
  MetricExportCloudwatchConfig: cockroachdb.MetricExportCloudwatchConfig,
  MetricExportPrometheusConfig: cockroachdb.MetricExportPrometheusConfig,
};
type Type = keyof typeof classes;
const types = Object.keys(classes) as Type[];

/** An argument of each that somebody else changes, and the program after that. */
const changes = types.flatMap((type) => {
  const { arguments: all, full } = casesOf[type];
  const found = Object.entries(all).findLast(
    ([, { drift, onChange }]) => typeof drift === "function" && onChange === "update",
  );
  if (found === undefined) return [];
  const [path, { drift, to }] = found;
  if (typeof drift !== "function" || typeof to === "function") assert.fail(`${type} has values`);
  return [{ type, drift, args: { ...full[0], [path]: to } }];
});
/** What each becomes. */
const changed: Partial<Record<Type, Properties>> = {
  ...Object.fromEntries(changes.map(({ type, args }) => [type, args])),
  PhysicalReplicationStream: updateOf("PhysicalReplicationStream") ?? {},
  Restore: { ...casesOf.Restore.full[0], keepers: { run: "2" } },
};

/** The values of the cases are of the summer of 2026. */
function summerClock(): ReturnType<typeof scaledClock> {
  const clock = scaledClock(600);
  const sinceThen = clock.now() - Date.UTC(2026, 5, 1);
  return { ...clock, now: () => clock.now() - sinceThen };
}

describe("The operation of clusters", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  const places = new Map<Type, Properties>();
  let argumentsOf = (type: Type): Properties => casesOf[type].full[0];
  const ids = new Map<Type, string>();

  const declare = (optionsOf: (type: Type) => pulumi.CustomResourceOptions) => {
    for (const type of types) {
      const Class = classes[type] as unknown as new (
        name: string,
        args: Properties,
        options: pulumi.CustomResourceOptions,
      ) => pulumi.CustomResource;
      new Class(type, { ...places.get(type), ...argumentsOf(type) }, optionsOf(type));
    }
  };
  const program = async () => declare(() => ({}));
  const writes = () => writesAmong(emulator.requests);

  const objectOf = (type: Type): RemoteObject => {
    const place = places.get(type) ?? {};
    const [clusterId] = Object.values(place);
    return { emulator, id: ids.get(type) ?? "", place, clusterId: String(clusterId) };
  };
  const noteIds = async () => {
    const { deployment } = await stack.exportState();
    for (const type of types) {
      const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${type}`));
      ids.set(type, found?.id ?? assert.fail(`${type} is in state`));
    }
  };
  /** The resources that a run has put through a step of this kind, in the order of `types`. */
  const through = (run: Awaited<ReturnType<TestStack["up"]>>, op: string) =>
    types.filter((type) => run.stepsOf(type).some((step) => step.op === op));

  before(async () => {
    emulator = await startTestEmulator({ clock: summerClock(), rateLimit: "off" });
    for (const [index, type] of types.entries())
      places.set(type, placeOf(type, emulator, index + 1));
    stack = await startStack({ program, env: environmentFor(emulator) });
  });
  afterEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("is created, and left alone after that", async () => {
    assert.deepEqual(through(await stack.up(), "create"), types);
    await noteIds();
    for (const type of types) assert.ok(casesOf[type].exists(objectOf(type)), type);
    emulator.requests.clear();
    await stack.up({ expectNoChanges: true });
    assert.deepEqual(
      emulator.requests.map(({ operation }) => operation),
      [],
    );
    assert.doesNotMatch(stack.stateText(), /0123456789abcdef"/);
  });

  it("is adopted by another stack without a write", async () => {
    const other = await startStack({
      program: async () => declare((type) => ({ import: ids.get(type) ?? "" })),
      env: environmentFor(emulator),
    });
    try {
      await other.up();
      assert.deepEqual(writes(), []);
      const { deployment } = await other.exportState();
      for (const type of types) {
        const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${type}`));
        assert.equal(found?.id, ids.get(type));
      }
    } finally {
      other.close();
    }
  });

  it("that somebody else has changed shows in a refresh", async () => {
    for (const { type, drift } of changes) drift(objectOf(type));
    const { events } = await stack.refresh();
    const seen = events.flatMap(({ resOutputsEvent }) =>
      Object.keys(resOutputsEvent?.metadata.detailedDiff ?? {}).length === 0
        ? []
        : [nameOf(resOutputsEvent?.metadata.urn ?? "")],
    );
    assert.deepEqual(seen.sort(), changes.map(({ type }) => type).sort());
    assert.deepEqual(writes(), []);
  });

  it("is brought in line with the program: updated in place, and restored again with other keepers", async () => {
    argumentsOf = (type) => changed[type] ?? casesOf[type].full[0];
    const run = await stack.up();
    assert.deepEqual(
      through(run, "update"),
      types.filter((type) => type in changed && type !== "Restore"),
    );
    assert.deepEqual(through(run, "replace"), ["Restore"]);
    emulator.requests.clear();
    await stack.up({ refresh: true, expectNoChanges: true });
    assert.deepEqual(writes(), []);
  });

  it("is deleted, and what the API cannot take back stays", async () => {
    await noteIds();
    await stack.destroy();
    for (const type of types) {
      const { exists, operations } = casesOf[type];
      assert.equal(exists(objectOf(type)), operations.delete === undefined, type);
    }
  });
});

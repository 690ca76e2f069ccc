// Which request comes next. What becomes of it is in update/.

import { strict as assert } from "node:assert";
import type { UpdateStep } from "../../../provider/cluster/requests";
import { nextStep } from "../../../provider/cluster/requests";
import type { Inputs } from "../../../provider/cluster/schema";
import type { State } from "../../../provider/cluster/wire";
import { advanced, basic, standard, stateOf } from "../../support/builders";

type Args = ReturnType<typeof basic>;

const next = (state: Args, news: Args) => nextStep(state as State, news as Inputs);
const step = (properties: string[], body: object, isAsync: boolean) =>
  ({ properties, body, isAsync }) as UpdateStep;

const machine = (hardware: object, cloud: object = {}) => advanced({ hardware }, cloud);
const vcpus = { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 };
const hardware = (members: object) => ({ dedicated: { hardware: members } });
const key = { type: "AWS_KMS", uri: "arn", authPrincipal: "role" };
const wireKey = { type: "AWS_KMS", uri: "arn", auth_principal: "role" };
const twoRegions = { "us-east-1": 3, "us-west-2": 3 };

describe("The next request of an update", () => {
  const steps: [what: string, before: Args, news: Args, next: UpdateStep | undefined][] = [
    ["nothing", basic(), basic(), undefined],
    [
      "protection on",
      basic(),
      basic({}, { deleteProtection: true }),
      step(["deleteProtection"], { delete_protection: "ENABLED" }, false),
    ],
    [
      "protection off, labels and folder at once",
      basic({}, { deleteProtection: true }),
      basic({}, { deleteProtection: false, labels: { a: "b" }, parentId: "f" }),
      step(
        ["deleteProtection", "labels", "parentId"],
        { delete_protection: "DISABLED", labels: { a: "b" }, parent_id: "f" },
        false,
      ),
    ],
    [
      "the plan, with its limits",
      basic(),
      standard(),
      step(
        ["plan", "serverless.usageLimits"],
        { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: 2 } } },
        true,
      ),
    ],
    [
      "the plan, with all limits taken off",
      standard({ upgradeType: "AUTOMATIC" }),
      basic(),
      step(
        ["plan", "serverless.usageLimits"],
        { plan: "BASIC", serverless: { usage_limits: {} } },
        true,
      ),
    ],
    [
      "automatic upgrades before Basic",
      standard({ upgradeType: "MANUAL" }),
      basic(),
      step(["serverless.upgradeType"], { serverless: { upgrade_type: "AUTOMATIC" } }, false),
    ],
    [
      "manual upgrades that stay",
      standard({ upgradeType: "MANUAL" }),
      standard({ upgradeType: "MANUAL" }),
      undefined,
    ],
    [
      "a second region, with the primary one that is",
      basic(),
      basic({ regions: ["us-central1", "us-east1"] }),
      step(
        ["serverless.regions"],
        { serverless: { regions: ["us-central1", "us-east1"], primary_region: "us-central1" } },
        true,
      ),
    ],
    [
      "a second region, with another primary one",
      basic(),
      basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" }),
      step(
        ["serverless.regions"],
        { serverless: { regions: ["us-central1", "us-east1"], primary_region: "us-east1" } },
        true,
      ),
    ],
    [
      "the primary region alone",
      basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" }),
      basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" }),
      step(["serverless.primaryRegion"], { serverless: { primary_region: "us-central1" } }, false),
    ],
    [
      "limits as a whole",
      basic({ usageLimits: { requestUnitLimit: 1, storageMibLimit: 2 } }),
      basic({ usageLimits: { requestUnitLimit: undefined, storageMibLimit: 3 } }),
      step(
        ["serverless.usageLimits"],
        { serverless: { usage_limits: { storage_mib_limit: 3 } } },
        false,
      ),
    ],
    [
      "another limit",
      basic(),
      basic({ usageLimits: { requestUnitLimit: 5 } }),
      step(
        ["serverless.usageLimits"],
        { serverless: { usage_limits: { request_unit_limit: 5 } } },
        false,
      ),
    ],
    [
      "who upgrades, before the version",
      standard(),
      standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4" }),
      step(["serverless.upgradeType"], { serverless: { upgrade_type: "MANUAL" } }, false),
    ],
    [
      "the version of a Standard cluster, in its major form",
      standard({ upgradeType: "MANUAL" }),
      standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4.1" }),
      step(["serverless.cockroachVersion"], { cockroach_version: "v25.4" }, true),
    ],
    [
      "the version of an Advanced cluster",
      advanced(),
      advanced({ cockroachVersion: "v25.4" }),
      step(["dedicated.cockroachVersion"], { cockroach_version: "v25.4" }, true),
    ],
    ["what is no version", advanced(), advanced({ cockroachVersion: "next" }), undefined],
    [
      "nodes",
      advanced(),
      advanced({ regionNodes: { "us-east-1": 5 } }),
      step(["dedicated.regionNodes"], { dedicated: { region_nodes: { "us-east-1": 5 } } }, true),
    ],
    [
      "a region, with its key and no other",
      advanced(),
      advanced({
        regionNodes: twoRegions,
        cmekRegionSpecs: [
          { region: "us-east-1", keySpec: { ...key, uri: "old" } },
          { region: "us-west-2", keySpec: key },
        ],
      }),
      step(
        ["dedicated.regionNodes"],
        {
          dedicated: {
            region_nodes: twoRegions,
            cmek_region_specs: [{ region: "us-west-2", key_spec: wireKey }],
          },
        },
        true,
      ),
    ],
    [
      "the machine",
      advanced(),
      machine({ machineSpec: { numVirtualCpus: 8 }, storageGib: 35 }),
      step(
        ["dedicated.hardware.machineSpec"],
        hardware({ machine_spec: { num_virtual_cpus: 8 } }),
        true,
      ),
    ],
    [
      "the disk, with the IOPS on AWS that would fall back to their default",
      machine({ ...vcpus, diskIops: 4_000 }),
      machine({ ...vcpus, storageGib: 100, diskIops: 4_000 }),
      step(
        ["dedicated.hardware.storageGib"],
        hardware({ storage_gib: 100, disk_iops: 4_000 }),
        true,
      ),
    ],
    [
      "the disk on GCP, without them",
      machine(vcpus, { cloudProvider: "GCP" }),
      machine({ ...vcpus, storageGib: 100, diskIops: 4_000 }, { cloudProvider: "GCP" }),
      step(["dedicated.hardware.storageGib"], hardware({ storage_gib: 100 }), true),
    ],
    [
      "IOPS",
      advanced(),
      machine({ ...vcpus, diskIops: 4_000 }),
      step(["dedicated.hardware.diskIops"], hardware({ disk_iops: 4_000 }), true),
    ],
    [
      "nodes and disk at once",
      advanced(),
      advanced({ regionNodes: { "us-east-1": 5 }, hardware: { ...vcpus, storageGib: 100 } }),
      step(
        ["dedicated.regionNodes", "dedicated.hardware.storageGib"],
        { dedicated: { region_nodes: { "us-east-1": 5 }, hardware: { storage_gib: 100 } } },
        true,
      ),
    ],
  ];
  for (const [what, before, news, expected] of steps) {
    it(`is for ${what}`, () => {
      assert.deepEqual(next(stateOf(before), news), expected);
    });
  }

  const general = { labels: { a: "b" }, deleteProtection: true };
  const together: [what: string, before: Args, news: Args, next: UpdateStep][] = [
    [
      "limits",
      basic(),
      basic({ usageLimits: { requestUnitLimit: 5 } }, general),
      step(
        ["deleteProtection", "labels", "serverless.usageLimits"],
        {
          delete_protection: "ENABLED",
          labels: { a: "b" },
          serverless: { usage_limits: { request_unit_limit: 5 } },
        },
        false,
      ),
    ],
    [
      "nodes",
      advanced(),
      advanced({ regionNodes: { "us-east-1": 5 } }, general),
      step(
        ["deleteProtection", "labels", "dedicated.regionNodes"],
        {
          delete_protection: "ENABLED",
          labels: { a: "b" },
          dedicated: { region_nodes: { "us-east-1": 5 } },
        },
        true,
      ),
    ],
  ];
  for (const [what, before, news, expected] of together) {
    it(`is one for labels, delete protection and ${what}`, () => {
      assert.deepEqual(next(stateOf(before), news), expected);
    });
  }

  const alone: [what: string, before: Args, news: Args][] = [
    ["the plan", basic(), standard({}, general)],
    [
      "the plan, for which upgrades become automatic",
      standard({ upgradeType: "MANUAL" }),
      basic({}, general),
    ],
    ["who upgrades", standard(), standard({ upgradeType: "MANUAL" }, general)],
    ["the version", advanced(), advanced({ cockroachVersion: "v25.4" }, general)],
  ];
  for (const [what, before, news] of alone) {
    it(`leaves alone what the API takes only alone: ${what}`, () => {
      const body = { delete_protection: "ENABLED", labels: { a: "b" } };
      assert.deepEqual(
        next(stateOf(before), news),
        step(["deleteProtection", "labels"], body, false),
      );
    });
  }

  it("finalizes before the next version", () => {
    const state = { ...stateOf(advanced()), upgradeStatus: "PENDING_FINALIZATION" } as State;
    const news = advanced({ cockroachVersion: "v25.4", finalizeUpgrade: true }) as Inputs;
    assert.deepEqual(
      nextStep(state, news),
      step(["dedicated.finalizeUpgrade"], { upgrade_status: "FINALIZED" }, true),
    );
  });

  it("leaves a machine alone that the service has moved since it was asked for", () => {
    const asked = machine({ machineSpec: { machineType: "m5.xlarge" }, storageGib: 35 }) as Inputs;
    const state = stateOf(asked) as State;
    assert.equal(nextStep(state, asked, asked), undefined);
    assert.deepEqual(nextStep(state, asked)?.body, {
      dedicated: { hardware: { machine_spec: { machine_type: "m5.xlarge" } } },
    });
  });

  const everything: [before: Args, news: Args, order: string[]][] = [
    [
      basic(),
      standard(
        { regions: ["us-central1", "us-east1"], upgradeType: "MANUAL", cockroachVersion: "v25.4" },
        { labels: { a: "b" } },
      ),
      [
        "labels",
        "plan, serverless.usageLimits",
        "serverless.regions",
        "serverless.upgradeType",
        "serverless.cockroachVersion",
      ],
    ],
    [
      advanced(),
      advanced(
        { regionNodes: { "us-east-1": 5 }, cockroachVersion: "v25.4" },
        { deleteProtection: true },
      ),
      ["deleteProtection, dedicated.regionNodes", "dedicated.cockroachVersion"],
    ],
  ];
  for (const [before, news, order] of everything) {
    it(`comes in the order ${order.join("; ")}`, () => {
      const wanted = stateOf(news);
      let state = stateOf(before);
      const taken: string[] = [];
      for (let now = next(state, news); now; now = next(state, news)) {
        taken.push(now.properties.join(", "));
        state = withTaken(state, wanted, now.properties);
      }
      assert.deepEqual(taken, order);
    });
  }
});

/** The state when the step is done. */
function withTaken(state: Args, wanted: Args, properties: readonly string[]): Args {
  const after = structuredClone(state);
  for (const property of properties) {
    const [part = "", member] = property.split(".");
    if (member === undefined) after[part] = wanted[part];
    else after[part][member] = wanted[part][member];
  }
  return after;
}

import { strict as assert } from "node:assert";
import type { ClusterEdit } from "../../../emulator";
import type { ClusterRegion } from "../../../provider/cluster/args";
import { callerOf } from "../../emulator/caller";
import { advanced, basic, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import { bodies, count, writes } from "../../support/engine-model/requests";
import { assertDone, failureOf, printedLines } from "../../support/engine-model/run";
import { visible } from "../../support/engine-model/values";

const minute = 60_000;

type Args = Record<string, unknown>;

async function withCluster(args: Args) {
  const lab = await startLab();
  const shop = lab.stack();
  assertDone(await shop.up({ orders: args }));
  await lab.time.advance(minute);
  return { ...lab, shop, id: shop.resource().id };
}

const full = {
  basic: basic(
    { usageLimits: { requestUnitLimit: 5, storageMibLimit: 6 }, upgradeType: "AUTOMATIC" },
    { labels: { a: "b" }, deleteProtection: false, parentId: "root" },
  ),
  standard: standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4" }),
  advanced: advanced(
    {
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, diskIops: 525 },
      cockroachVersion: "v25.2",
    },
    { labels: {} },
  ),
};

describe("Cluster read", () => {
  checkEmulators();

  describe("on refresh", () => {
    for (const [what, args] of [
      ["Basic", basic()],
      ["complete Basic", full.basic],
      [
        "multi-region Basic",
        basic({ regions: ["us-west2", "us-east1"], primaryRegion: "us-west2" }),
      ],
      ["Standard", standard()],
      ["complete Standard", full.standard],
      ["Advanced", advanced()],
      ["complete Advanced", full.advanced],
      [
        "Advanced by machine type",
        advanced({ hardware: { machineSpec: { machineType: "m7g.xlarge" } } }),
      ],
    ] as const) {
      it(`finds nothing after up, and the next up neither: ${what}`, async () => {
        const { shop } = await withCluster(args);
        const before = structuredClone(shop.resource());
        const refresh = assertDone(await shop.refresh());
        assert.deepEqual([refresh.steps, refresh.differences], [["same orders"], {}]);
        assert.deepEqual(shop.resource(), before);
        assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
      });
    }

    const folder = "0f8fad5b-d9cb-469f-a165-70867728950e";
    const drifts: [string, Args, ClusterEdit, string[]][] = [
      ["labels", full.basic, { labels: { a: "b", c: "d" } }, ["labels.c"]],
      ["a label that is removed", full.basic, { labels: {} }, ["labels.a"]],
      ["protection", full.basic, { deleteProtection: "ENABLED" }, ["deleteProtection"]],
      ["the folder", full.basic, { parentId: folder }, ["parentId"]],
      [
        "a limit",
        full.basic,
        { usageLimits: { request_unit_limit: "7", storage_mib_limit: "6" } },
        ["serverless.usageLimits.requestUnitLimit"],
      ],
      [
        "a limit that is removed",
        full.basic,
        { usageLimits: { storage_mib_limit: "6" } },
        ["serverless.usageLimits.requestUnitLimit"],
      ],
      [
        "limits that are removed",
        full.basic,
        { usageLimits: null },
        ["serverless.usageLimits.requestUnitLimit", "serverless.usageLimits.storageMibLimit"],
      ],
      [
        "limits where none are wanted",
        basic({ usageLimits: {} }),
        { usageLimits: { storage_mib_limit: "6" } },
        ["serverless.usageLimits.storageMibLimit"],
      ],
      [
        "vCPUs",
        full.standard,
        { usageLimits: { provisioned_virtual_cpus: "8" } },
        ["serverless.usageLimits.provisionedVirtualCpus"],
      ],
      ["who upgrades", full.standard, { upgradeType: "AUTOMATIC" }, ["serverless.upgradeType"]],
      [
        "the version of a Standard cluster",
        full.standard,
        { cockroachVersion: "v25.2" },
        ["serverless.cockroachVersion"],
      ],
      [
        "the plan",
        full.basic,
        { plan: "STANDARD", usageLimits: { provisioned_virtual_cpus: "2" } },
        [
          "plan",
          "serverless.usageLimits.requestUnitLimit",
          "serverless.usageLimits.storageMibLimit",
          "serverless.usageLimits.provisionedVirtualCpus",
        ],
      ],
      ["the version", full.advanced, { cockroachVersion: "v25.4" }, ["dedicated.cockroachVersion"]],
      [
        "nodes",
        full.advanced,
        { regionNodes: { "us-east-1": 5 } },
        ["dedicated.regionNodes.us-east-1"],
      ],
      [
        "a region more",
        full.advanced,
        { regionNodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 } },
        ["dedicated.regionNodes.us-east-2", "dedicated.regionNodes.us-west-2"],
      ],
      ["storage", full.advanced, { storageGib: 100 }, ["dedicated.hardware.storageGib"]],
      ["IOPS", full.advanced, { diskIops: 4_000 }, ["dedicated.hardware.diskIops"]],
      [
        "larger machines",
        full.advanced,
        { machineType: "m6i.2xlarge" },
        ["dedicated.hardware.machineSpec.numVirtualCpus"],
      ],
      [
        "larger machines that were asked for by type",
        advanced({ hardware: { machineSpec: { machineType: "m6i.xlarge" } } }),
        { machineType: "m6i.2xlarge" },
        ["dedicated.hardware.machineSpec.machineType"],
      ],
    ];
    for (const [what, args, edit, paths] of drifts) {
      it(`reports exactly what was changed behind our back, and the next up puts it back: ${what}`, async () => {
        const { shop, emulator, id } = await withCluster(args);
        emulator.clusters.edit(id, edit);
        const refresh = assertDone(await shop.refresh());
        assert.deepEqual(refresh.differences["orders"]?.sort(), [...paths].sort());
        assert.deepEqual(refresh.steps, ["update orders"]);
        if ("storageGib" in edit) {
          assert.match(failureOf(await shop.preview({ orders: args })), /cannot shrink/);
          return;
        }
        const preview = await shop.preview({ orders: args });
        assert.deepEqual(preview.differences["orders"]?.sort(), [...paths].sort());
        assert.deepEqual(preview.steps, ["update orders"]);
        if ("cockroachVersion" in edit) return;
        const run = assertDone(await shop.up({ orders: args }));
        assert.ok(count(run.requests, "UpdateCluster") >= 1);
        await shop.refresh();
        assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
      });
    }

    it("reports nothing of what the program leaves to others, and keeps it in the outputs", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.edit(id, {
        labels: { a: "b" },
        deleteProtection: "ENABLED",
        usageLimits: { storage_mib_limit: "6" },
        parentId: folder,
      });
      const refresh = await shop.refresh();
      assert.deepEqual(refresh.differences, {});
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal(shop.outputs()["deleteProtection"], true);
      assert.deepEqual((await shop.up({ orders: basic() })).steps, ["same orders"]);
    });

    it("finds no drift in a machine of the same size or a patch of the same version", async () => {
      for (const args of [
        full.advanced,
        advanced({
          cockroachVersion: "v25.2",
          hardware: { machineSpec: { machineType: "m6i.xlarge" } },
        }),
      ]) {
        const { shop, emulator, id } = await withCluster(args);
        emulator.clusters.edit(id, { machineType: "m7g.xlarge", cockroachVersion: "v25.2.99" });
        assert.deepEqual((await shop.refresh()).differences, {});
        assert.equal(shop.outputs()["cockroachVersion"], "v25.2.99");
        assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
      }
    });

    it("removes a cluster that was deleted, and one that was never there", async () => {
      for (const end of ["delete", "forget"] as const) {
        const { shop, emulator, id } = await withCluster(basic());
        emulator.clusters[end](id);
        assert.deepEqual((await shop.refresh()).steps, ["delete orders"]);
        assert.equal(shop.resources.size, 0);
      }
    });

    it("keeps a failed cluster, which the list leaves out", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.failCreation(id);
      const run = assertDone(await shop.refresh());
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["ListClusters", "GetCluster"],
      );
      assert.equal(shop.outputs()["state"], "CREATION_FAILED");
      assert.deepEqual((await shop.preview({ orders: basic() })).steps, ["replace orders"]);
    });

    it("reads 20 clusters with one list", async () => {
      const { stack, time } = await startLab();
      const shop = stack();
      const program = Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [`c${index}`, basic()]),
      );
      assertDone(await shop.up(program));
      await time.advance(minute);
      const run = assertDone(await shop.refresh());
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["ListClusters"],
      );
    });

    it("fails with the API's words and keeps the state", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("ListClusters", { status: 403, message: "unauthorized" });
      assert.match(failureOf(await shop.refresh()), /^Listing clusters failed: 403 unauthorized/);
      assert.equal(shop.resources.size, 1);
    });

    it("returns inputs that describe the cluster when the state does not say what was asked for", async () => {
      for (const args of [full.basic, full.standard, full.advanced]) {
        const { shop } = await withCluster({ ...args, name: "orders" });
        const { outputs, id } = shop.resource();
        const bridged = { name: "orders", __provider: outputs["__provider"] } as Args;
        shop.resources.set("orders", {
          id,
          inputs: { name: "orders" },
          outputs: bridged,
          initErrors: [],
        });
        assertDone(await shop.refresh());
        const inputs = visible(shop.resource().inputs);
        assert.equal(inputs["plan"], args["plan"]);
        const run = await shop.preview({ orders: inputs });
        assert.deepEqual([run.failures, run.steps], [[], ["same orders"]]);
      }
    });
  });

  describe("by get", () => {
    it("returns an existing cluster, of any plan", async () => {
      const { shop, id } = await withCluster(advanced());
      const outputs = visible(await shop.get(id));
      assert.deepEqual(outputs, shop.outputs());
    });

    it("never shows the mark of an unfinished cluster", async () => {
      const { stack } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: minute });
      assert.doesNotMatch(JSON.stringify(await shop.get(shop.resource().id)), /pulumi-creating/);
    });

    it("throws for a cluster that is not there, or not any more", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      const missing = "0f8fad5b-d9cb-469f-a165-70867728950e";
      await assert.rejects(shop.get(missing), {
        message: `There is no cluster with the id ${missing} in this organization, or this credential may not see it.`,
      });
      emulator.clusters.delete(id);
      await assert.rejects(shop.get(id), /There is no cluster with the id/);
    });
  });
});

describe("Cluster whose regions have different machines", () => {
  checkEmulators();

  const regions = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
  const specs = {
    "us-east-1": { machine_type: "m7g.xlarge" },
    "us-east-2": { num_virtual_cpus: 8 },
    "us-west-2": { num_virtual_cpus: 4 },
  };
  const machines = ["m7g.xlarge", "m6i.2xlarge", "m6i.xlarge"];
  const sizes = (...vcpus: number[]) =>
    Object.fromEntries(
      Object.keys(regions).map((region, index) => [region, { numVirtualCpus: vcpus[index] }]),
    );
  const uniform = (hardware: Args = {}, nodes: Args = regions) =>
    advanced(
      {
        regionNodes: nodes,
        hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, ...hardware },
      },
      { name: "orders" },
    );
  const mixed = (
    regionMachineSpecs: Args = sizes(4, 8, 4),
    nodes: Args = regions,
    storageGib = 35,
  ) =>
    advanced(
      { regionNodes: nodes, regionMachineSpecs, hardware: { storageGib } },
      { name: "orders" },
    );

  for (const mixedMachines of ["first-region", "unset"] as const) {
    describe(`when the service shows for all of them: ${mixedMachines}`, () => {
      async function adopted(args: Args) {
        const lab = await startLab({ assumptions: { mixedMachines } });
        const { id } = lab.emulator.clusters.create({
          name: "orders",
          provider: "AWS",
          spec: {
            dedicated: {
              region_nodes: regions,
              region_machine_specs: specs,
              hardware: { storage_gib: 35 },
            },
          },
        });
        const shop = lab.stack();
        const run = await shop.up({ orders: args }, { options: { orders: { import: id } } });
        return { ...lab, shop, id, run, ...observed(lab, id) };
      }

      async function created(args: Args) {
        const lab = await startLab({ assumptions: { mixedMachines } });
        const shop = lab.stack();
        const run = assertDone(await shop.up({ orders: args }));
        const { id } = shop.resource();
        return { ...lab, shop, id, run, api: callerOf(lab.emulator), ...observed(lab, id) };
      }

      const observed = ({ emulator }: Pick<Lab, "emulator">, id: string) => ({
        machinesNow: () => emulator.clusters.get(id).regions.map((region) => region.machine_type),
      });

      it("is created with a machine for each region", async () => {
        const { shop, run, machinesNow } = await created(mixed(sizes(8, 4, 16)));
        const [body] = bodies(run.requests, "CreateCluster");
        assert.deepEqual((body as { spec: { dedicated: object } }).spec.dedicated, {
          region_nodes: regions,
          region_machine_specs: {
            "us-east-1": { num_virtual_cpus: 8 },
            "us-east-2": { num_virtual_cpus: 4 },
            "us-west-2": { num_virtual_cpus: 16 },
          },
          hardware: { storage_gib: 35 },
        });
        assert.deepEqual(machinesNow(), ["m6i.2xlarge", "m6i.xlarge", "m6i.4xlarge"]);
        assert.deepEqual(
          (shop.outputs()["regions"] as ClusterRegion[]).map((region) => region.numVirtualCpus),
          [8, 4, 16],
        );
        assert.deepEqual((await shop.refresh()).differences, {});
        const again = assertDone(await shop.up({ orders: mixed(sizes(8, 4, 16)) }));
        assert.deepEqual([again.steps, again.requests], [["same orders"], []]);
      });

      it("is adopted with its machines, and neither a refresh nor the next up differs", async () => {
        const { shop, run, machinesNow } = await adopted(mixed());
        assertDone(run);
        assert.deepEqual(writes(run.requests), []);
        assert.deepEqual((await shop.refresh()).differences, {});
        const again = assertDone(await shop.up({ orders: mixed() }));
        assert.deepEqual([again.steps, writes(again.requests)], [["same orders"], []]);
        assert.deepEqual(machinesNow(), machines);
      });

      it("is refused as a cluster of one machine, with lines that adopt it when they are written in the program", async () => {
        const refused = failureOf((await adopted(uniform())).run);
        assert.match(
          refused,
          /dedicated\.hardware\.machineSpec is \{"us-east-1":\{"numVirtualCpus":4\},"us-east-2":\{"numVirtualCpus":8\}/,
        );
        const { run } = await adopted({ ...uniform(), ...printedLines(refused) });
        assertDone(run);
        assert.deepEqual(writes(run.requests), []);
      });

      it("keeps its machines while nodes and disks change", async () => {
        const { shop, machinesNow } = await adopted(mixed());
        const larger = mixed(sizes(4, 8, 4), { ...regions, "us-west-2": 4 }, 70);
        const run = assertDone(await shop.up({ orders: larger }));
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.deepEqual(machinesNow(), machines);
        assert.deepEqual((await shop.up({ orders: larger })).steps, ["same orders"]);
      });

      it("changes the machine of one region, and reports which nodes restart", async () => {
        const { shop, machinesNow } = await adopted(mixed());
        const run = assertDone(await shop.up({ orders: mixed(sizes(4, 8, 16)) }));
        assert.match(
          run.notes.map(({ text }) => text).join("\n"),
          /The nodes of us-west-2 are restarted one after another on other machines\./,
        );
        assert.deepEqual(bodies(run.requests, "UpdateCluster")[0], {
          dedicated: { region_machine_specs: { "us-west-2": { num_virtual_cpus: 16 } } },
        });
        assert.deepEqual(machinesNow(), ["m7g.xlarge", "m6i.2xlarge", "m6i.4xlarge"]);
        assert.deepEqual((await shop.up({ orders: mixed(sizes(4, 8, 16)) })).steps, [
          "same orders",
        ]);
      });

      it("gets the machine of a new region in the request that adds it", async () => {
        const { shop, machinesNow } = await adopted(mixed());
        const more = { ...regions, "eu-west-1": 3 };
        const args = mixed(
          { ...sizes(4, 8, 4), "eu-west-1": { machineType: "m6i.2xlarge" } },
          more,
        );
        const run = assertDone(await shop.up({ orders: args }));
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.deepEqual(bodies(run.requests, "UpdateCluster")[0], {
          dedicated: {
            region_nodes: more,
            region_machine_specs: { "eu-west-1": { machine_type: "m6i.2xlarge" } },
          },
        });
        assert.deepEqual(machinesNow(), ["m6i.2xlarge", "m7g.xlarge", "m6i.2xlarge", "m6i.xlarge"]);
        assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
        const fewer = mixed(
          Object.fromEntries(
            ["us-east-2", "eu-west-1", "us-west-2"].map((name) => [
              name,
              { numVirtualCpus: name === "us-west-2" ? 4 : 8 },
            ]),
          ),
          { "us-east-2": 3, "eu-west-1": 3, "us-west-2": 3 },
        );
        assertDone(await shop.up({ orders: fewer }));
        assert.deepEqual(machinesNow(), ["m6i.2xlarge", "m6i.2xlarge", "m6i.xlarge"]);
      });

      it("gets the machine of the program in all regions when the program has one", async () => {
        const { shop, machinesNow } = await adopted(mixed());
        const run = assertDone(await shop.up({ orders: uniform() }));
        assert.match(
          run.notes.map(({ text }) => text).join("\n"),
          /The nodes of us-east-2 are restarted/,
        );
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.deepEqual(machinesNow(), ["m7g.xlarge", "m6i.xlarge", "m6i.xlarge"]);
        assert.deepEqual((await shop.refresh()).differences, {});
        assert.deepEqual((await shop.up({ orders: uniform() })).steps, ["same orders"]);
      });

      for (const [name, args] of [
        ["one machine for all", uniform()],
        ["a machine for each region", mixed(sizes(4, 4, 4))],
      ] as const) {
        it(`is drift of a cluster with ${name} when another client moves a region`, async () => {
          const { shop, id, api, time, machinesNow } = await created(args);
          const moved = await api.patch(`/clusters/${id}`, {
            dedicated: { region_machine_specs: { "us-west-2": { num_virtual_cpus: 16 } } },
          });
          assert.equal(moved.status, 200);
          await time.advance(60 * minute);
          assert.deepEqual(machinesNow(), ["m6i.xlarge", "m6i.xlarge", "m6i.4xlarge"]);
          assert.notDeepEqual((await shop.refresh()).differences, {});
          const run = assertDone(await shop.up({ orders: args }));
          assert.equal(count(run.requests, "UpdateCluster"), 1);
          assert.deepEqual(machinesNow(), ["m6i.xlarge", "m6i.xlarge", "m6i.xlarge"]);
          assert.deepEqual((await shop.refresh()).differences, {});
        });
      }
    });
  }
});

describe("Cluster import", () => {
  checkEmulators();

  async function existing() {
    const lab = await startLab();
    const wire = lab.emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: {
        plan: "STANDARD",
        labels: { team: "payments" },
        serverless: { regions: ["us-central1"], usage_limits: { provisioned_virtual_cpus: "4" } },
      },
    });
    return { ...lab, shop: lab.stack(), id: wire.id, options: { orders: { import: wire.id } } };
  }
  const equal = standard(
    { usageLimits: { provisionedVirtualCpus: 4 } },
    { name: "orders", labels: { team: "payments" } },
  );

  it("adopts a cluster that is as the arguments say, without a write", async () => {
    const { shop, id, options } = await existing();
    const run = assertDone(await shop.up({ orders: equal }, { options }));
    assert.deepEqual(
      run.requests.map(({ operation }) => operation),
      ["GetCluster"],
    );
    assert.equal(shop.resource().id, id);
    assert.equal(shop.outputs()["state"], "CREATED");
    assert.deepEqual((await shop.up({ orders: equal }, { options })).steps, ["same orders"]);
    assert.deepEqual((await shop.up({ orders: equal })).steps, ["same orders"]);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("adopts with arguments that leave things out", async () => {
    const { shop, options } = await existing();
    assertDone(
      await shop.up(
        { orders: standard({ usageLimits: { provisionedVirtualCpus: 4 } }) },
        { options },
      ),
    );
  });

  it("lists the differences, one by one, and writes nothing", async () => {
    const { shop, id, options } = await existing();
    const run = await shop.up(
      { orders: standard({}, { name: "billing", labels: {} }) },
      { options },
    );
    assert.equal(
      failureOf(run),
      `Importing cluster "orders" (${id}) failed: the arguments differ from the cluster: name is "orders" but the program has "billing"; labels is {"team":"payments"} but the program has {}; serverless.usageLimits is {"provisionedVirtualCpus":4} but the program has {"provisionedVirtualCpus":2}. Make the arguments equal to the cluster; change them after the import, and to replace it remove the option import.\nWrite in the program:\n  name: "orders",\n  labels: { team: "payments" },\n  serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 4 } },`,
    );
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.resources.size, 0);
  });

  it("lists every difference also when the plan is another", async () => {
    const { shop, options } = await existing();
    const failure = failureOf(
      await shop.up({ orders: basic({}, { name: "billing", labels: {} }) }, { options }),
    );
    for (const property of ["name is", "plan is", "labels is"])
      assert.ok(failure.includes(property), failure);
  });

  it("prints lines that make the import go through when they are written in the program", async () => {
    const { shop, options } = await existing();
    const wrong = advanced({}, { name: "billing", labels: {}, deleteProtection: true });
    const refused = await shop.up({ orders: wrong }, { options });
    const written = { ...wrong, ...printedLines(failureOf(refused)) };
    const run = assertDone(await shop.up({ orders: written }, { options }));
    assert.deepEqual(writes(run.requests), []);
  });

  it("fails for a cluster that is deleted", async () => {
    const { shop, emulator, id, options } = await existing();
    emulator.clusters.delete(id);
    assert.match(
      failureOf(await shop.up({ orders: equal }, { options })),
      new RegExp(`^Importing cluster ${id} failed: there is no such cluster in this organization`),
    );
  });

  it("does not delete what it has just adopted when the resource is replaced", async () => {
    const { shop, emulator, id, options } = await existing();
    const args = standard({ usageLimits: { provisionedVirtualCpus: 4 } });
    assertDone(await shop.up({ orders: args }, { options }));
    assertDone(await shop.up({ orders: args }, { options, replace: ["orders"] }));
    assert.equal(shop.resource().id, id);
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });

  it("of another cluster, added to one that is in the stack, fails the preview", async () => {
    const { shop, id } = await existing();
    assertDone(await shop.up({ orders: basic() }));
    const options = { orders: { import: id } };
    assert.match(
      failureOf(await shop.preview({ orders: basic() }, { options })),
      /^The option import names .*, and this resource already is the cluster .*\. Remove the option;/,
    );
    assertDone(await shop.up({ orders: basic() }));
  });

  it("left in the program, lets no replacing change lose the cluster", async () => {
    const { shop, emulator, id, options } = await existing();
    assertDone(await shop.up({ orders: equal }, { options }));
    const run = await shop.up(
      {
        orders: basic(
          {},
          { name: "orders", cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } },
        ),
      },
      { options },
    );
    assert.match(failureOf(run), /to replace it remove the option import\.\n/);
    assert.deepEqual(writes(run.requests), []);
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });

  it("adopts a cluster that is still being made, and the next update waits for it", async () => {
    const { stack, emulator } = await startLab();
    const other = stack({ name: "other" });
    await other.up({ orders: advanced() }, { interruptAfterMs: minute });
    const id = other.resource().id;
    const shop = stack();
    assertDone(await shop.up({ orders: advanced() }, { options: { orders: { import: id } } }));
    assert.equal(shop.outputs()["state"], "CREATING");
    assertDone(await shop.up({ orders: advanced() }));
    assert.equal(shop.outputs()["state"], "CREATED");
    assert.equal(emulator.clusters.list().length, 1);
  });
});

describe("Cluster delete", () => {
  checkEmulators();

  it("is one request", async () => {
    const { shop, emulator, id } = await withCluster(basic());
    const run = assertDone(await shop.destroy());
    assert.deepEqual(
      run.requests.map(({ operation }) => operation),
      ["DeleteCluster"],
    );
    assert.equal(emulator.clusters.get(id).state, "DELETED");
    assert.equal(shop.resources.size, 0);
  });

  it("is done when the cluster is deleted already, however it went", async () => {
    for (const end of ["delete", "forget"] as const) {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters[end](id);
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    }
  });

  it("is done when a second DELETE returns the deleted cluster", async () => {
    const lab = await startLab({ assumptions: { secondDelete: "same-response" } });
    const shop = lab.stack();
    assertDone(await shop.up({ orders: basic() }));
    lab.emulator.clusters.delete(shop.resource().id);
    assertDone(await shop.destroy());
  });

  for (const fault of [
    { reset: "after-effect" },
    { reset: "before-effect" },
    { status: 500, effect: "after" },
    { cutBody: true },
    { notJson: true },
    { hang: "after-effect" },
  ] as const) {
    it(`survives ${JSON.stringify(fault)}`, async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.add("DeleteCluster", fault);
      assertDone(await shop.destroy());
      assert.equal(emulator.clusters.get(id).state, "DELETED");
    });
  }

  it("waits until a slow deletion is over", async () => {
    const { shop, emulator, id } = await withCluster(basic());
    emulator.faults.holdNextDelete(5 * minute);
    const run = assertDone(await shop.destroy());
    assert.ok(run.elapsedMs >= 5 * minute && run.elapsedMs < 6 * minute);
    assert.match(run.progress[0]?.text ?? "", /^DELETING · /);
    assert.equal(emulator.clusters.get(id).state, "DELETED");
  });

  it("waits until a slow deletion is over also when its response was lost", async () => {
    const { shop, emulator, id } = await withCluster(basic());
    emulator.faults.holdNextDelete(10 * minute);
    emulator.faults.add("DeleteCluster", { cutBody: true });
    assertDone(await shop.destroy());
    assert.equal(emulator.clusters.get(id).state, "DELETED");
    const other = await withCluster(basic());
    other.emulator.faults.holdNextDelete(10 * minute);
    other.emulator.faults.add("DeleteCluster", { reset: "after-effect" });
    assertDone(await other.shop.destroy());
    assert.equal(other.emulator.clusters.get(other.id).state, "DELETED");
  });

  it("gives up a deletion that never ends at its time-out, and keeps the cluster in state", async () => {
    const { stack, emulator } = await startLab();
    const shop = stack();
    const options = { orders: { customTimeouts: { delete: "10m" } } };
    assertDone(await shop.up({ orders: basic() }, { options }));
    emulator.faults.holdNextDelete();
    const run = await shop.destroy();
    assert.match(failureOf(run), /^Timed out waiting for cluster .* to be deleted/);
    assert.ok(run.elapsedMs <= 10 * minute + 1_000, `${run.elapsedMs} ms`);
    assert.equal(shop.resources.size, 1);
  });

  it("ends the wait by Ctrl-C", async () => {
    const { shop, emulator } = await withCluster(basic());
    emulator.faults.holdNextDelete(20 * minute);
    const run = await shop.destroy({ interruptAfterMs: minute });
    failureOf(run);
    assert.ok(run.elapsedMs < minute + 1_000, `${run.elapsedMs} ms`);
  });

  it("waits for a cluster that is still being created", async () => {
    const { stack, emulator } = await startLab();
    const shop = stack();
    await shop.up({ orders: advanced() }, { interruptAfterMs: minute });
    const run = assertDone(await shop.destroy());
    assert.ok(run.elapsedMs >= 20 * minute);
    assert.equal(emulator.clusters.list()[0]?.state, "DELETED");
  });

  it("deletes a locked cluster at once", async () => {
    const { shop, emulator, id } = await withCluster(basic());
    emulator.clusters.lock(id);
    assertDone(await shop.destroy());
  });

  it("of a protected cluster fails with what to do", async () => {
    const { shop } = await withCluster(basic({}, { name: "orders", deleteProtection: true }));
    const run = await shop.destroy();
    assert.match(failureOf(run), /^Deleting cluster .* failed: 400 .*deleteProtection: false/);
    assert.equal(shop.resources.size, 1);
    assertDone(await shop.up({ orders: basic({}, { name: "orders", deleteProtection: false }) }));
    assertDone(await shop.destroy());
  });

  it("is left out with retainOnDelete", async () => {
    const { shop, emulator, id } = await withCluster(basic());
    const options = { orders: { retainOnDelete: true } };
    await shop.up({ orders: basic() }, { options });
    const run = assertDone(await shop.up({}, { options }));
    assert.equal(run.requests.length, 0);
    assert.equal(emulator.clusters.get(id).state, "CREATED");
  });
});

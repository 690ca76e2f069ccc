import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import { lifecycle } from "../../../provider/cluster";
import { advanced, basic, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import type { Lab, Stack } from "../../support/shell";
import {
  assertDone,
  bodies,
  count,
  failureOf,
  startLab,
  unknown,
  visible,
  writes,
} from "../../support/shell";

const minute = 60_000;
const hour = 60 * minute;

type Args = Record<string, unknown>;

/** A stack with one cluster `orders` that is up. */
async function withCluster(
  args: Args,
  options: EmulatorOptions = {},
): Promise<Lab & { shop: Stack; id: string }> {
  const lab = await startLab(options);
  const shop = lab.stack();
  assertDone(await shop.up({ orders: args }));
  await lab.time.advance(minute);
  return { ...lab, shop, id: shop.resource().id };
}

/** Brings the cluster from `before` to `after` in place, and returns the bodies that this took. */
async function patches(before: Args, after: Args): Promise<unknown[]> {
  const { shop, id, time } = await withCluster(before);
  const preview = assertDone(await shop.preview({ orders: after }));
  assert.deepEqual(preview.steps, ["update orders"]);
  assert.equal(preview.requests.length, 0);
  const run = assertDone(await shop.up({ orders: after }));
  assert.deepEqual(run.steps, ["update orders"]);
  assert.equal(shop.resource().id, id);
  const again = assertDone(await shop.up({ orders: after }));
  assert.deepEqual([again.steps, again.requests], [["same orders"], []]);
  await time.advance(minute);
  assert.deepEqual((await shop.refresh()).differences, {});
  return bodies(run.requests, "UpdateCluster");
}

const hardware = (change: object) =>
  advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, ...change } });
const three = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
const manual = (cockroachVersion?: string) =>
  standard({ upgradeType: "MANUAL", ...(cockroachVersion && { cockroachVersion }) });

describe("Cluster update", () => {
  checkEmulators();

  describe("sends the smallest PATCH", () => {
    const rows: [string, Args, Args, unknown[]][] = [
      [
        "for labels",
        basic({}, { labels: { a: "b" } }),
        basic({}, { labels: { a: "c" } }),
        [{ labels: { a: "c" } }],
      ],
      [
        "for no labels",
        basic({}, { labels: { a: "b" } }),
        basic({}, { labels: {} }),
        [{ labels: {} }],
      ],
      [
        "for protection",
        basic(),
        basic({}, { deleteProtection: true }),
        [{ delete_protection: "ENABLED" }],
      ],
      [
        "for no protection",
        basic({}, { deleteProtection: true }),
        basic({}, { deleteProtection: false }),
        [{ delete_protection: "DISABLED" }],
      ],
      [
        "for several of the general settings at once",
        basic({}, { labels: { a: "b" } }),
        basic({}, { labels: {}, deleteProtection: true }),
        [{ delete_protection: "ENABLED", labels: {} }],
      ],
      [
        "for limits",
        basic({ usageLimits: { storageMibLimit: 5 } }),
        basic({ usageLimits: { storageMibLimit: 5, requestUnitLimit: 9 } }),
        [{ serverless: { usage_limits: { request_unit_limit: "9", storage_mib_limit: "5" } } }],
      ],
      [
        "for one limit less",
        basic({ usageLimits: { storageMibLimit: 5, requestUnitLimit: 9 } }),
        basic({ usageLimits: { storageMibLimit: 5 } }),
        [{ serverless: { usage_limits: { storage_mib_limit: "5" } } }],
      ],
      [
        "for no limits",
        basic({ usageLimits: { storageMibLimit: 5 } }),
        basic({ usageLimits: {} }),
        [{ serverless: { usage_limits: {} } }],
      ],
      [
        "for vCPUs",
        standard(),
        standard({ usageLimits: { provisionedVirtualCpus: 10 } }),
        [{ serverless: { usage_limits: { provisioned_virtual_cpus: "10" } } }],
      ],
      ["for who upgrades", standard(), manual(), [{ serverless: { upgrade_type: "MANUAL" } }]],
      [
        "for a second region",
        basic({ regions: ["us-east1"] }),
        basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-west2" }),
        [{ serverless: { regions: ["us-east1", "us-west2"], primary_region: "us-west2" } }],
      ],
      [
        "for the primary region",
        basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-west2" }),
        basic({ regions: ["us-west2", "us-east1"], primaryRegion: "us-east1" }),
        [{ serverless: { primary_region: "us-east1" } }],
      ],
      [
        "for Basic to Standard",
        basic({ usageLimits: { storageMibLimit: 5 } }),
        standard({ usageLimits: { provisionedVirtualCpus: 4 } }),
        [{ plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "4" } } }],
      ],
      [
        "for Standard to Basic",
        standard(),
        basic({ usageLimits: { storageMibLimit: 5 } }),
        [{ plan: "BASIC", serverless: { usage_limits: { storage_mib_limit: "5" } } }],
      ],
      [
        "for Standard to Basic without limits",
        standard(),
        basic(),
        [{ plan: "BASIC", serverless: { usage_limits: {} } }],
      ],
      [
        "for manual Standard to Basic, which must be automatic first",
        manual(),
        basic(),
        [
          { serverless: { upgrade_type: "AUTOMATIC" } },
          { plan: "BASIC", serverless: { usage_limits: {} } },
        ],
      ],
      [
        "for Basic to manual Standard, which must be Standard first",
        basic(),
        manual(),
        [
          { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "2" } } },
          { serverless: { upgrade_type: "MANUAL" } },
        ],
      ],
      [
        "for nodes",
        advanced(),
        advanced({ regionNodes: { "us-east-1": 5 } }),
        [{ dedicated: { region_nodes: { "us-east-1": 5 } } }],
      ],
      [
        "for more Advanced regions",
        advanced(),
        advanced({ regionNodes: three }),
        [{ dedicated: { region_nodes: three } }],
      ],
      [
        "for fewer Advanced regions",
        advanced({ regionNodes: three }),
        advanced(),
        [{ dedicated: { region_nodes: { "us-east-1": 3 } } }],
      ],
      [
        "for larger machines",
        advanced(),
        hardware({ machineSpec: { numVirtualCpus: 8 } }),
        [{ dedicated: { hardware: { machine_spec: { num_virtual_cpus: 8 } } } }],
      ],
      [
        "for another machine type",
        hardware({ machineSpec: { machineType: "m6i.xlarge" } }),
        hardware({ machineSpec: { machineType: "m7g.xlarge" } }),
        [{ dedicated: { hardware: { machine_spec: { machine_type: "m7g.xlarge" } } } }],
      ],
      [
        "for storage",
        advanced(),
        hardware({ storageGib: 100 }),
        [{ dedicated: { hardware: { storage_gib: 100 } } }],
      ],
      [
        "for IOPS",
        hardware({ diskIops: 3_000 }),
        hardware({ diskIops: 4_000 }),
        [{ dedicated: { hardware: { disk_iops: 4_000 } } }],
      ],
      [
        "for storage with IOPS that are managed",
        hardware({ diskIops: 3_000 }),
        hardware({ diskIops: 3_000, storageGib: 100 }),
        [{ dedicated: { hardware: { storage_gib: 100, disk_iops: 3_000 } } }],
      ],
      [
        "for nodes and machines at once",
        advanced(),
        advanced({
          regionNodes: { "us-east-1": 5 },
          hardware: { machineSpec: { numVirtualCpus: 8 }, storageGib: 100 },
        }),
        [
          {
            dedicated: {
              region_nodes: { "us-east-1": 5 },
              hardware: { machine_spec: { num_virtual_cpus: 8 }, storage_gib: 100 },
            },
          },
        ],
      ],
      [
        "for an upgrade, in its major form",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.4.1" }),
        [{ cockroach_version: "v25.4" }],
      ],
      [
        "for an upgrade that is final at once",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.4", finalizeUpgrade: true }),
        [{ cockroach_version: "v25.4" }, { upgrade_status: "FINALIZED" }],
      ],
      [
        "for everything at once, in the API's order",
        advanced({ cockroachVersion: "v25.2" }, { labels: { a: "b" } }),
        advanced(
          { cockroachVersion: "v25.4", regionNodes: { "us-east-1": 5 } },
          { labels: {}, deleteProtection: true },
        ),
        [
          {
            delete_protection: "ENABLED",
            labels: {},
            dedicated: { region_nodes: { "us-east-1": 5 } },
          },
          { cockroach_version: "v25.4" },
        ],
      ],
      [
        "for a plan, a region, labels and who upgrades at once",
        basic(),
        standard(
          {
            regions: ["us-central1", "us-east1"],
            primaryRegion: "us-east1",
            upgradeType: "MANUAL",
          },
          { labels: { a: "b" } },
        ),
        [
          { labels: { a: "b" } },
          { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "2" } } },
          { serverless: { regions: ["us-central1", "us-east1"], primary_region: "us-east1" } },
          { serverless: { upgrade_type: "MANUAL" } },
        ],
      ],
    ];
    for (const [what, before, after, expected] of rows) {
      it(what, async () => assert.deepEqual(await patches(before, after), expected));
    }

    it("for the folder, in either spelling of the root", async () => {
      const folder = { id: "0f8fad5b-d9cb-469f-a165-70867728950e", name: "team" };
      const { shop } = await withCluster(basic(), { organizations: [{ folders: [folder] }] });
      const into = assertDone(await shop.up({ orders: basic({}, { parentId: folder.id }) }));
      assert.deepEqual(bodies(into.requests, "UpdateCluster"), [{ parent_id: folder.id }]);
      const back = assertDone(await shop.up({ orders: basic({}, { parentId: "" }) }));
      assert.deepEqual(bodies(back.requests, "UpdateCluster"), [{ parent_id: "" }]);
      assert.equal(shop.outputs()["parentId"], "root");
      const same = await shop.up({ orders: basic({}, { parentId: "root" }) });
      assert.deepEqual([same.steps, same.requests], [["same orders"], []]);
    });

    it("and nothing else: a label costs one request", async () => {
      const { shop } = await withCluster(basic());
      const { requests } = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.equal(requests.length, 1);
    });

    it("to a region that there is not fails with the function that lists regions", async () => {
      const { shop } = await withCluster(basic());
      const run = await shop.up({
        orders: basic({ regions: ["us-central1", "us-nowhere9"], primaryRegion: "us-central1" }),
      });
      assert.match(
        failureOf(run),
        /us-nowhere9.* listAvailableRegions\(\{ provider: "GCP", serverless: true \}\) lists/,
      );
      const other = await withCluster(advanced());
      const regionNodes = { "us-nowhere-9": 3, "us-east-2": 3, "us-west-2": 3 };
      assert.match(
        failureOf(await other.shop.up({ orders: advanced({ regionNodes }) })),
        /us-nowhere-9.* listAvailableRegions\(\{ provider: "AWS" \}\) lists/,
      );
    });

    it("with the keys of added regions alone", async () => {
      const { shop } = await withCluster(advanced());
      const key = (region: string) => ({
        region,
        keySpec: { type: "AWS_KMS", uri: `key-${region}`, authPrincipal: "role" },
      });
      const cmekRegionSpecs = Object.keys(three).map(key);
      const run = await shop.up({ orders: advanced({ regionNodes: three, cmekRegionSpecs }) });
      // The emulator has no encryption in this cluster and refuses the keys; the body is what counts.
      assert.match(failureOf(run), /CMEK is not enabled/);
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        {
          dedicated: {
            region_nodes: three,
            cmek_region_specs: ["us-east-2", "us-west-2"].map((region) => ({
              region,
              key_spec: { type: "AWS_KMS", uri: `key-${region}`, auth_principal: "role" },
            })),
          },
        },
      ]);
    });
  });

  it("to Basic says what goes with the plan, and calls the cluster by one name", async () => {
    const { shop } = await withCluster(manual());
    const { notes } = await shop.preview({ orders: basic() });
    const reported = notes.map(({ severity, text }) => `${severity}: ${text}`);
    assert.deepEqual(
      reported.filter((text) => !text.includes("48 hours")),
      [
        'info: Cluster "orders": The 2 vCPUs go with the plan, and the cluster has no limits then. To limit it, write usageLimits.',
        'info: Cluster "orders": The service upgrades every BASIC cluster itself: upgradeType becomes AUTOMATIC.',
      ],
    );
    assert.ok(notes.every(({ text }) => text.startsWith('Cluster "orders": ')));
  });

  describe("sends nothing", () => {
    const rows: [string, Args, Args, RegExp[]?][] = [
      [
        "for regions in another order",
        basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-east1" }),
        basic({ regions: ["us-west2", "us-east1"], primaryRegion: "us-east1" }),
      ],
      ["for {} in place of no limits", basic(), basic({ usageLimits: {} })],
      [
        "for arguments that are left out now",
        basic(
          { usageLimits: { storageMibLimit: 5 } },
          { labels: { a: "b" }, deleteProtection: true },
        ),
        basic(),
        [
          /"orders-test": deleteProtection is no longer in the program: .* write deleteProtection: false\./,
          /"orders-test": labels is no longer in the program: .* write labels: \{\}\./,
          /"orders-test": serverless\.usageLimits is no longer in the program: .* write usageLimits: \{\}\./,
        ],
      ],
      [
        "for an allowlist that is empty from now on",
        basic(),
        basic({ withEmptyIpAllowlist: true }),
        [
          /withEmptyIpAllowlist takes effect when a cluster is created.* stays open to every address\. .*AllowlistEntry with cidrIp: "0\.0\.0\.0".*run `pulumi up` again\.$/,
        ],
      ],
      [
        "for an allowlist that is left out now",
        basic({ withEmptyIpAllowlist: true }),
        basic(),
        [/withEmptyIpAllowlist is no longer in the program: .* only when a cluster is created/],
      ],
      [
        "for a patch form of the same version",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.2.99" }),
      ],
      [
        "for hardware that is left out now",
        hardware({ diskIops: 3_000 }),
        advanced({ hardware: { machineSpec: { numVirtualCpus: 4 } } }),
        [
          /hardware\.storageGib is no longer in the program: .* write a larger number/,
          /hardware\.diskIops is no longer in the program: .* write another number/,
        ],
      ],
    ];
    for (const [what, before, after, reported = []] of rows) {
      it(`${what}${reported.length > 0 ? ", and reports it once" : ""}`, async () => {
        const named = { name: "orders-test" };
        const { shop } = await withCluster({ ...before, ...named });
        const program = { orders: { ...after, ...named } };
        for (const run of [await shop.preview(program), await shop.up(program)]) {
          const step = reported.length > 0 ? "update orders" : "same orders";
          assert.deepEqual([assertDone(run).steps, run.requests], [[step], []]);
          assert.equal(run.notes.length, reported.length);
          for (const [index, text] of reported.entries()) {
            assert.match(run.notes[index]?.text ?? "", text);
          }
        }
        // What the program said before is forgotten, so that no refresh brings it back.
        assert.deepEqual((await shop.refresh()).differences, {});
        const again = await shop.preview(program);
        assert.deepEqual([again.steps, again.notes], [["same orders"], []]);
      });
    }

    it("for an allowlist, whose output is as the program said it last", async () => {
      const { shop } = await withCluster(basic({ withEmptyIpAllowlist: true }));
      assertDone(await shop.up({ orders: basic({ withEmptyIpAllowlist: false }) }));
      assert.equal((shop.outputs()["serverless"] as Args)["withEmptyIpAllowlist"], false);
    });

    it("for drift of what the program has left out since", async () => {
      const { shop, emulator, id } = await withCluster(basic({}, { labels: { a: "b" } }));
      assertDone(await shop.up({ orders: basic() }));
      emulator.clusters.edit(id, { labels: { a: "by hand" } });
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual((await shop.up({ orders: basic() })).steps, ["same orders"]);
    });

    it("for a machine type that the service has moved, also when something else changes", async () => {
      const args = hardware({ machineSpec: { machineType: "m6i.xlarge" } });
      const { shop, emulator, id } = await withCluster(args);
      emulator.clusters.edit(id, { machineType: "m7g.xlarge" });
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual((await shop.up({ orders: args })).steps, ["same orders"]);
      const run = assertDone(await shop.up({ orders: { ...args, labels: { a: "b" } } }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ labels: { a: "b" } }]);
    });
  });

  describe("replaces", () => {
    it("a cluster without a name: the new one is there before the old one goes", async () => {
      const { shop, id } = await withCluster(basic());
      const after = basic({ regions: ["us-east1"] });
      const preview = await shop.preview({ orders: after });
      assert.deepEqual([preview.steps, preview.requests], [["replace orders"], []]);
      assert.match(
        preview.notes.find(({ severity }) => severity === "warning")?.text ?? "",
        /destroys this cluster with all its data, databases and SQL users/,
      );
      const run = assertDone(await shop.up({ orders: after }));
      assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster", "DeleteCluster"]);
      assert.notEqual(shop.resource().id, id);
    });

    it("a cluster with a name of its own: the old one goes first", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders" }));
      const run = assertDone(
        await shop.up({ orders: basic({ regions: ["us-east1"] }, { name: "orders" }) }),
      );
      assert.deepEqual(writes(run.requests), ["DeleteCluster", "CreateCluster", "UpdateCluster"]);
    });

    it("a cluster with a name of its own although another create has listed the clusters before", async () => {
      const { shop, emulator } = await withCluster(basic({}, { name: "orders" }));
      emulator.faults.holdNextDelete(minute);
      const run = assertDone(
        await shop.up({
          first: basic(),
          orders: basic({ regions: ["us-east1"] }, { name: "orders" }),
        }),
      );
      assert.equal(count(run.requests, "CreateCluster"), 2);
    });

    it("Basic to Advanced, and a plan with fewer regions", async () => {
      const { shop } = await withCluster(
        basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-east1" }),
      );
      const toAdvanced = advanced({ regionNodes: { "us-east1": 3 } }, { cloudProvider: "GCP" });
      assert.deepEqual((await shop.preview({ orders: toAdvanced })).steps, ["replace orders"]);
      const fewer = standard({ regions: ["us-east1"] });
      assert.deepEqual((await shop.preview({ orders: fewer })).steps, ["replace orders"]);
      assertDone(await shop.up({ orders: fewer }));
    });

    it("an unfinished cluster that the program has thought better of: the old one goes first", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: minute });
      const { id } = shop.resource();
      const run = assertDone(await shop.up({ orders: advanced({ networkVisibility: "PRIVATE" }) }));
      assert.deepEqual(run.steps, ["replace orders"]);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
      assert.equal(emulator.clusters.get(shop.resource().id).network_visibility, "PRIVATE");
    });

    it("nothing while delete protection is on, and says how to allow it", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders", deleteProtection: true }));
      const after = basic({ regions: ["us-east1"] }, { name: "orders", deleteProtection: false });
      for (const run of [await shop.preview({ orders: after }), await shop.up({ orders: after })]) {
        assert.match(
          failureOf(run),
          /^serverless\.regions: Changing serverless\.regions from \["us-central1"\] to \["us-east1"\] would destroy cluster "orders"/,
        );
        assert.equal(run.requests.length, 0);
      }
      assertDone(await shop.up({ orders: basic({}, { name: "orders", deleteProtection: false }) }));
      assertDone(await shop.up({ orders: after }));
    });

    it("nothing that would shrink storage", async () => {
      const { shop } = await withCluster(advanced());
      assert.match(
        failureOf(await shop.preview({ orders: hardware({ storageGib: 20 }) })),
        /^dedicated\.hardware\.storageGib: cannot shrink from 35 to 20 GiB/,
      );
    });
  });

  describe("a cluster that is protected though the program no longer says so", () => {
    it("is not replaced, and a refresh still shows what would replace it", async () => {
      const { shop, emulator, id } = await withCluster(standard({}, { deleteProtection: true }));
      assertDone(await shop.up({ orders: standard() }));
      const other = standard({ regions: ["us-east1"] }, {});
      const preview = await shop.preview({ orders: other });
      assert.match(failureOf(preview), /would destroy cluster .* and delete protection is on/);
      assert.deepEqual(writes((await shop.up({ orders: other })).requests), []);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assertDone(await shop.up({ orders: standard() }));
      assertDone(await shop.refresh());
    });
  });

  describe("--replace and taint", () => {
    for (const [what, args] of [
      ["without a name", basic()],
      ["that was asked for with labels", basic({}, { labels: { a: "b" } })],
    ] as const) {
      it(`make a new cluster before the live one ${what} goes, and never adopt it`, async () => {
        const { shop, emulator, id } = await withCluster(args);
        const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
        assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster", "DeleteCluster"]);
        assert.notEqual(shop.resource().id, id);
        assert.equal(emulator.clusters.get(id).state, "DELETED");
        assert.equal(emulator.clusters.get(shop.resource().id).state, "CREATED");
      });
    }

    it("delete the live cluster with a name first, and its name is free", async () => {
      const args = basic({}, { name: "orders" });
      const { shop, emulator, id } = await withCluster(args);
      const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
      assert.deepEqual(writes(run.requests), ["DeleteCluster", "CreateCluster", "UpdateCluster"]);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
      assert.equal(emulator.clusters.find("orders")?.id, shop.resource().id);
    });

    it("wait until the name is free again", async () => {
      const args = basic({}, { name: "orders" });
      const { shop, emulator } = await withCluster(args);
      emulator.faults.holdNextDelete(5 * minute);
      const run = assertDone(await shop.up({ orders: args }, { replace: ["orders"] }));
      assert.ok(run.elapsedMs >= 5 * minute);
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("adopt an unfinished cluster, and do not delete it afterwards", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const { id } = shop.resource();
      const run = assertDone(await shop.up({ orders: advanced() }, { replace: ["orders"] }));
      assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
      assert.equal(shop.resource().id, id);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assert.match(
        run.notes.map(({ text }) => text).join("\n"),
        /now belongs to the replacement of this resource, so it is not deleted/,
      );
      assertDone(await shop.destroy());
      assert.equal(emulator.clusters.get(id).state, "DELETED");
    });

    it("of a protected cluster fail before there is a second one", async () => {
      for (const args of [
        basic({}, { deleteProtection: true }),
        basic({}, { deleteProtection: true, name: "orders" }),
      ]) {
        const { shop, emulator, id } = await withCluster(args);
        const run = await shop.up({ orders: args }, { replace: ["orders"] });
        assert.match(failureOf(run), /delete protection/i);
        assert.deepEqual(writes(run.requests), ["DeleteCluster"]);
        assert.equal(emulator.clusters.get(id).state, "CREATED");
        assertDone(await shop.up({ orders: args }));
        assert.equal(shop.resource().id, id);
      }
    });

    it("left half-done, let no later run delete the cluster that was adopted", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const unfinished = shop.resource();
      assertDone(await shop.up({ orders: advanced() }, { replace: ["orders"] }));
      // What state would still hold of the first entry, after a run that ended before it was deleted.
      shop.resources.set("left-over", unfinished);
      const run = assertDone(await shop.up({ orders: advanced() }));
      assert.deepEqual(writes(run.requests), []);
      assert.match(run.notes.map(({ text }) => text).join(), /an outdated entry of it is dropped/);
      assert.equal(emulator.clusters.get(unfinished.id).state, "CREATED");
    });

    it("left half-done, let no destroy delete what another run has finished", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const unfinished = shop.resource();
      assertDone(await shop.up({ orders: advanced() }));
      shop.resources.clear();
      shop.resources.set("left-over", unfinished);
      for (const isBusy of [false, true]) {
        if (isBusy) emulator.clusters.lock(unfinished.id, minute);
        const run = await shop.destroy();
        assert.match(failureOf(run), /is not deleted: .* another run has finished it since/);
      }
      await time.advance(minute);
      assert.equal(emulator.clusters.get(unfinished.id).state, "CREATED");
    });

    it("left half-done, let no destroy delete what another run finishes while it waits", async () => {
      const { stack, emulator, time } = await startLab();
      const shop = stack();
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5 * minute });
      const { id } = shop.resource();
      await time.advance(60 * minute);
      emulator.clusters.lock(id, 10 * minute);
      emulator.faults.add("DeleteCluster", { status: 503, message: "couldn't lock cluster" });
      const finished = time
        .sleep(5 * minute)
        .then(() => emulator.clusters.edit(id, { labels: {} }));
      const run = await shop.destroy();
      await finished;
      assert.match(failureOf(run), /is not deleted: .* another run has finished it since/);
      assert.equal(emulator.clusters.get(id).state, "CREATED");
    });

    it("leave the old cluster alone with retainOnDelete", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      const options = { orders: { retainOnDelete: true } };
      assertDone(await shop.up({ orders: basic() }, { replace: ["orders"], options }));
      assert.equal(emulator.clusters.get(id).state, "CREATED");
      assert.notEqual(shop.resource().id, id);
    });

    it("keep the old cluster when the new one fails", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.add("CreateCluster", { status: 403, message: "unauthorized" });
      failureOf(await shop.up({ orders: basic() }, { replace: ["orders"] }));
      assert.equal(emulator.clusters.get(id).state, "CREATED");
    });
  });

  describe("upgrades", () => {
    it("a Standard cluster, after it was made manual in the same run", async () => {
      const { shop, emulator, id } = await withCluster(standard(), {
        durations: { upgradeMs: 20 * minute },
      });
      emulator.clusters.edit(id, { cockroachVersion: "v25.2" });
      await shop.refresh();
      const run = assertDone(await shop.up({ orders: manual("v25.4") }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        { serverless: { upgrade_type: "MANUAL" } },
        { cockroach_version: "v25.4" },
      ]);
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
      assert.ok(run.elapsedMs >= 20 * minute);
    });

    it("and rolls back while the upgrade is not final", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      assert.equal(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      const back = assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.2" }) }));
      assert.deepEqual(bodies(back.requests, "UpdateCluster"), [{ cockroach_version: "v25.2" }]);
      assert.equal(shop.outputs()["cockroachVersion"], "v25.2.12");
    });

    it("and is final when the program says so later", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const final = advanced({ cockroachVersion: "v25.4", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: final }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ upgrade_status: "FINALIZED" }]);
      assert.notEqual(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      assert.deepEqual((await shop.up({ orders: final })).steps, ["same orders"]);
    });

    it("of a Standard cluster is final when the program says so later", async () => {
      const { shop, emulator, id } = await withCluster(manual(), {
        durations: { upgradeMs: 20 * minute },
      });
      emulator.clusters.edit(id, { cockroachVersion: "v25.2" });
      await shop.refresh();
      assertDone(await shop.up({ orders: manual("v25.4") }));
      assert.equal(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      const final = standard({
        upgradeType: "MANUAL",
        cockroachVersion: "v25.4",
        finalizeUpgrade: true,
      });
      const preview = await shop.preview({ orders: final });
      assert.match(
        preview.notes.map(({ text }) => text).join(),
        /After this the upgrade cannot be rolled back/,
      );
      const run = assertDone(await shop.up({ orders: final }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ upgrade_status: "FINALIZED" }]);
      assert.notEqual(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      assert.deepEqual((await shop.up({ orders: final })).steps, ["same orders"]);
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    it("finalizes the last one first when the program says so and asks for the next one", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const next = advanced({ cockroachVersion: "v26.1", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: next }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        { upgrade_status: "FINALIZED" },
        { cockroach_version: "v26.1" },
        { upgrade_status: "FINALIZED" },
      ]);
    });

    it("does not finalize what is rolled back", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
      const back = advanced({ cockroachVersion: "v25.2", finalizeUpgrade: true });
      const run = assertDone(await shop.up({ orders: back }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [{ cockroach_version: "v25.2" }]);
    });

    it("show what runs on the resource's line", async () => {
      const { shop } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const { progress } = await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) });
      assert.ok(progress.some(({ text }) => /^CRDB_MAJOR_UPGRADE_RUNNING · /.test(text)));
      assert.match(progress.at(-1)?.text ?? "", /^CREATED · \d+ min$/);
    });

    it("that were interrupted are taken up and not sent again", async () => {
      const { shop, emulator, id } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const after = advanced({ cockroachVersion: "v25.4" });
      const run = await shop.up({ orders: after }, { interruptAfterMs: 10 * minute });
      assert.match(
        failureOf(run),
        /^Stopped waiting for the change of dedicated\.cockroachVersion/,
      );
      assert.ok(run.elapsedMs < 10 * minute + 1_000);
      const again = assertDone(await shop.up({ orders: after }));
      const refused = again.requests.filter(({ status }) => status === 400);
      assert.equal(refused.length, 0, "an upgrade that is done is not asked for again");
      assert.equal(emulator.clusters.get(id).cockroach_version, "v25.4.5");
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
    });

    it("that ended after a kill are found done", async () => {
      const { shop, time } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const after = advanced({ cockroachVersion: "v25.4" });
      await shop.up({ orders: after }, { killAfterMs: 10 * minute });
      await time.advance(2 * hour);
      assertDone(await shop.up({ orders: after }));
      assert.equal(shop.outputs()["cockroachVersion"], "v25.4.5");
    });

    it("that the API does not offer fail with its words and change nothing", async () => {
      const { shop, id } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      const run = await shop.up({ orders: advanced({ cockroachVersion: "v26.1" }) });
      assert.match(
        failureOf(run),
        new RegExp(
          `^Updating cluster "\\S+" \\(${id}\\) failed: 400 cluster cannot be upgraded from v25\\.2 to v26\\.1`,
        ),
      );
      assert.equal(shop.outputs()["cockroachVersion"], "v25.2.12");
      assert.deepEqual(shop.resource().initErrors, []);
    });
  });

  describe("waits", () => {
    it("until an Advanced change is done and visible", async () => {
      const { shop } = await withCluster(advanced());
      const run = assertDone(await shop.up({ orders: advanced({ regionNodes: three }) }));
      assert.ok(run.elapsedMs >= hour && run.elapsedMs <= 1.1 * hour, `${run.elapsedMs} ms`);
      assert.equal((shop.outputs()["regions"] as object[]).length, 3);
      assert.equal(shop.outputs()["state"], "CREATED");
      assert.ok(
        run.progress.some(({ text }) => /^CRDB_SCALE_RUNNING · \d of 9 nodes · /.test(text)),
      );
    });

    it("until a plan change is done", async () => {
      const { shop } = await withCluster(basic(), { durations: { changePlanMs: 2 * minute } });
      const run = assertDone(await shop.up({ orders: standard() }));
      assert.ok(run.elapsedMs >= 2 * minute && run.elapsedMs < 2.3 * minute, `${run.elapsedMs} ms`);
      assert.equal(shop.outputs()["plan"], "STANDARD");
    });

    it("until a region is there", async () => {
      const { shop } = await withCluster(basic(), {
        durations: { addServerlessRegionMs: 5 * minute },
      });
      const after = basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" });
      const run = assertDone(await shop.up({ orders: after }));
      assert.ok(run.elapsedMs >= 5 * minute);
      assert.equal((shop.outputs()["regions"] as object[]).length, 2);
    });

    for (const busy of [
      { status: 503, code: 14, message: "couldn't lock cluster" },
      { status: 400, code: 9, message: "couldn't lock cluster 'abc'" },
      { status: 409, code: 10, message: "cluster lock is held" },
    ]) {
      it(`while the cluster is busy and the API says so with ${busy.status}`, async () => {
        const { shop, emulator, id } = await withCluster(basic(), {
          assumptions: { busy: { status: busy.status, code: busy.code } },
        });
        emulator.clusters.lock(id, 20 * minute);
        emulator.faults.add("UpdateCluster", busy);
        const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
        assert.deepEqual(emulator.clusters.get(id).labels, { a: "b" });
        assert.ok(
          run.elapsedMs >= 20 * minute && run.elapsedMs < 25 * minute,
          `${run.elapsedMs} ms`,
        );
        assert.equal(count(run.requests, "UpdateCluster"), 2, "refused once, then sent");
      });
    }

    it("no longer than the time-out for a cluster that stays busy", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.lock(id);
      const options = { orders: { customTimeouts: { update: "10m" } } };
      const run = await shop.up({ orders: basic({}, { labels: { a: "b" } }) }, { options });
      assert.match(
        failureOf(run),
        /^Updating cluster .* failed: 503 couldn't lock cluster .*\(request id .*\)\. The cluster was not free for 10 min and was last seen MAINTENANCE_RUNNING: run this again when it is\.$/,
      );
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      assert.ok(run.elapsedMs <= 10 * minute + 1_000, `${run.elapsedMs} ms`);
    });

    it("for what GET shows late, when the response to the PATCH is lost", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      emulator.faults.delayVisibility(20_000);
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.ok(count(run.requests, "UpdateCluster") <= 2);
    });

    it("for all steps although GET shows each of them late", async () => {
      const { shop, emulator, id } = await withCluster(basic(), {
        durations: { visibilityMs: 15_000 },
      });
      const after = standard(
        { upgradeType: "MANUAL" },
        { labels: { a: "b" }, deleteProtection: true },
      );
      const run = assertDone(await shop.up({ orders: after }));
      assert.equal(count(run.requests, "UpdateCluster"), 3);
      assert.equal(emulator.clusters.get(id).plan, "STANDARD");
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal((shop.outputs()["serverless"] as Args)["upgradeType"], "MANUAL");
    });
  });

  describe("when the response to the PATCH is lost", () => {
    for (const fault of [
      { reset: "after-effect" },
      { status: 500, effect: "after" },
      { cutBody: true },
      { notJson: true },
      { hang: "after-effect" },
    ] as const) {
      it(`by ${JSON.stringify(fault)}, looks and does not repeat what took effect`, async () => {
        const { shop, emulator, id } = await withCluster(basic());
        emulator.faults.add("UpdateCluster", fault);
        const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.deepEqual(emulator.clusters.get(id).labels, { a: "b" });
        assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      });
    }

    it("of a step that only prepares the next, does not take it for done", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      assertDone(await shop.up({ orders: standard({ upgradeType: "MANUAL" }) }));
      const lost = { reset: "before-effect", times: Number.POSITIVE_INFINITY } as const;
      emulator.faults.add("UpdateCluster", lost);
      const run = await shop.up({ orders: basic() });
      assert.match(failureOf(run), /broke before the response was complete/);
      assert.ok(count(run.requests, "UpdateCluster") <= 10);
      emulator.faults.clear();
      assertDone(await shop.up({ orders: basic() }));
      assert.equal(emulator.clusters.get(shop.resource().id).plan, "BASIC");
    });

    it("keeps trying for two minutes", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { status: 500, times: 5 });
      const changed = { orders: basic({}, { labels: { a: "b" } }) };
      assert.equal(count(assertDone(await shop.up(changed)).requests, "UpdateCluster"), 6);
      emulator.faults.add("UpdateCluster", { status: 500, times: Infinity });
      const run = await shop.up({ orders: basic({}, { labels: {} }) });
      assert.match(failureOf(run), /failed: 500/);
      assert.ok(run.elapsedMs >= 2 * minute && run.elapsedMs < 3 * minute, `${run.elapsedMs} ms`);
    });

    it("looks and repeats what did not", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "before-effect" });
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.equal(count(run.requests, "UpdateCluster"), 2);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
    });

    it("while somebody else holds the cluster, sends it again when the cluster is free", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { reset: "before-effect" });
      emulator.clusters.lock(id, 10 * minute);
      const run = assertDone(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.equal(count(run.requests, "UpdateCluster"), 2);
      assert.ok(run.elapsedMs < 12 * minute, `${run.elapsedMs} ms`);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
    });

    it("waits for the job that it started", async () => {
      const { shop, emulator } = await withCluster(advanced());
      emulator.faults.add("UpdateCluster", { reset: "after-effect" });
      const run = assertDone(
        await shop.up({ orders: advanced({ regionNodes: { "us-east-1": 5 } }) }),
      );
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      assert.ok(run.elapsedMs >= 10 * minute);
    });
  });

  describe("that fails", () => {
    const jobs: [string, Args, Args, RegExp][] = [
      [
        "scaling",
        advanced(),
        advanced({ regionNodes: { "us-east-1": 5 } }),
        /^Changing dedicated\.regionNodes of cluster .* failed: the service reports CRDB_SCALE_FAILED/,
      ],
      [
        "other machines",
        advanced(),
        hardware({ machineSpec: { numVirtualCpus: 8 } }),
        /the service reports CRDB_INSTANCE_UPDATE_FAILED/,
      ],
      [
        "an upgrade",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.4" }),
        /^Changing dedicated\.cockroachVersion .* the service reports CRDB_MAJOR_UPGRADE_FAILED/,
      ],
    ];
    it("with the word of the response to the PATCH, also twice in a row", async () => {
      const { shop, emulator, id } = await withCluster(advanced());
      const failedOperation = "CRDB_SCALE_FAILED";
      const after = {
        orders: advanced({ regionNodes: { "us-east-1": 5 } }, { labels: { a: "b" } }),
      };
      for (const _round of ["first", "second"]) {
        const labels = { a: "b" };
        emulator.faults.add("UpdateCluster", {
          status: 200,
          body: { ...emulator.clusters.get(id), labels, operation_status: failedOperation },
        });
        emulator.clusters.edit(id, { labels, failedOperation });
        const run = await shop.up(after);
        assert.match(
          failureOf(run),
          /^Changing dedicated\.regionNodes of cluster .* failed: the service reports CRDB_SCALE_FAILED/,
        );
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        assert.ok(run.elapsedMs < 20_000, `${run.elapsedMs} ms`);
      }
      assertDone(await shop.up(after));
      assert.equal(emulator.clusters.get(id).regions[0]?.node_count, 5);
    });

    it("not for a failure of before that the response to the PATCH still reports", async () => {
      const { shop, emulator, id, time } = await withCluster(advanced());
      const five = { "us-east-1": 5 };
      emulator.clusters.edit(id, { failedOperation: "CRDB_SCALE_FAILED" });
      emulator.faults.add("UpdateCluster", { status: 200, body: emulator.clusters.get(id) });
      const work = shop.up({ orders: advanced({ regionNodes: five }) });
      // The operation begins some seconds after the response.
      void time.sleep(5_000).then(async () => {
        await fetch(`${emulator.url}/api/v1/clusters/${id}`, {
          method: "PATCH",
          headers: { Authorization: `Bearer ${emulator.apiKey}` },
          body: JSON.stringify({ dedicated: { region_nodes: five } }),
        });
      });
      assertDone(await work);
      assert.equal(emulator.clusters.get(id).regions[0]?.node_count, 5);
    });

    it("not for the failed upgrade of before while other regions are added", async () => {
      const { shop, emulator, id } = await withCluster(standard());
      emulator.clusters.edit(id, { failedOperation: "CRDB_MAJOR_UPGRADE_FAILED" });
      const regions = { regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" };
      emulator.faults.delayVisibility(2 * minute);
      assertDone(await shop.up({ orders: standard(regions) }));
      assert.equal(emulator.clusters.get(id).regions.length, 2);
    });

    for (const [what, before, after, failure] of jobs) {
      it(`in the service, with its word for it: ${what}`, async () => {
        const { shop, emulator } = await withCluster(before);
        emulator.faults.failNextJob();
        const run = await shop.up({ orders: after });
        assert.match(failureOf(run), failure);
        assert.equal(count(run.requests, "UpdateCluster"), 1);
        emulator.faults.failNextJob();
        const second = await shop.up({ orders: after });
        assert.match(failureOf(second), failure, "the same word once more is news");
        assert.ok(second.elapsedMs > 0, "but not before the service has tried");
        // The next update retries it, although the failure of before still stands there.
        const again = assertDone(await shop.up({ orders: after }));
        assert.deepEqual(again.steps, ["update orders"]);
        assert.equal(count(again.requests, "UpdateCluster"), 1);
        assert.deepEqual((await shop.up({ orders: after })).steps, ["same orders"]);
      });
    }

    it("at the second of two steps keeps the first one in state, and the next update does the rest", async () => {
      const { shop, emulator } = await withCluster(basic());
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized", nth: 2 });
      const after = standard({}, { labels: { a: "b" } });
      const run = await shop.up({ orders: after });
      assert.match(failureOf(run), /403/);
      assert.deepEqual(shop.outputs()["labels"], { a: "b" });
      assert.equal(shop.outputs()["plan"], "BASIC");
      assert.equal(shop.resource().inputs["plan"], "BASIC");
      const again = assertDone(await shop.up({ orders: after }));
      assert.deepEqual(bodies(again.requests, "UpdateCluster"), [
        { plan: "STANDARD", serverless: { usage_limits: { provisioned_virtual_cpus: "2" } } },
      ]);
    });

    it("half-way and is taken back puts the first step back", async () => {
      const { shop, emulator, id } = await withCluster(basic({}, { labels: {} }));
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized", nth: 2 });
      await shop.up({ orders: standard({}, { labels: { a: "b" } }) });
      const run = assertDone(await shop.up({ orders: basic({}, { labels: {} }) }));
      assert.deepEqual(run.steps, ["update orders"]);
      assert.deepEqual(emulator.clusters.get(id).labels, {});
    });

    it("before anything was accepted leaves the state as it was", async () => {
      const { shop, emulator } = await withCluster(basic());
      const before = structuredClone(shop.resource());
      emulator.faults.add("UpdateCluster", { status: 403, message: "unauthorized" });
      failureOf(await shop.up({ orders: basic({}, { labels: { a: "b" } }) }));
      assert.deepEqual(shop.resource(), before);
    });

    it("by its time-out keeps what it saw, and the next update goes on", async () => {
      const { shop } = await withCluster(advanced());
      const after = advanced({ regionNodes: { "us-east-1": 5 } });
      const options = { orders: { customTimeouts: { update: "5m" } } };
      const run = await shop.up({ orders: after }, { options });
      assert.match(
        failureOf(run),
        /^Timed out waiting for the change of dedicated\.regionNodes: cluster .* continues in CockroachDB Cloud\. It was last seen CRDB_SCALE_RUNNING/,
      );
      assert.equal(shop.outputs()["state"], "LOCKED");
      assertDone(await shop.up({ orders: after }));
      assert.equal(shop.outputs()["state"], "CREATED");
    });

    it("for the 48 hours after Standard to Basic, with the API's words and what to write meanwhile", async () => {
      const { shop, time } = await withCluster(standard());
      assertDone(await shop.up({ orders: basic() }));
      await time.advance(47 * hour);
      const { name } = shop.outputs();
      assert.match(
        failureOf(await shop.up({ orders: standard() })),
        new RegExp(
          `^Updating cluster "${name}" \\(\\S+\\) failed: 400 .*within 48 hours.* made cluster "${name}" BASIC\\. Until then write plan: "BASIC"`,
        ),
      );
      assert.equal(shop.outputs()["plan"], "BASIC");
      await time.advance(2 * hour);
      assertDone(await shop.up({ orders: standard() }));
    });

    it("for the fourth decrease of vCPUs in seven days, with the API's words", async () => {
      const vcpus = (provisionedVirtualCpus: number) =>
        standard({ usageLimits: { provisionedVirtualCpus } });
      const { shop } = await withCluster(vcpus(10));
      for (const count of [8, 6, 4]) assertDone(await shop.up({ orders: vcpus(count) }));
      assert.match(failureOf(await shop.up({ orders: vcpus(2) })), /three times within a 7-day/);
      assertDone(await shop.up({ orders: vcpus(12) }));
    });

    it("on a cluster that is deleted, and says to refresh", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.delete(id);
      assert.match(
        failureOf(await shop.up({ orders: basic({}, { labels: { a: "b" } }) })),
        /failed: 404 |was deleted/,
      );
    });
  });

  describe("of state that another provider wrote", () => {
    it("reads the cluster, writes nothing that is so already, and makes the state ours", async () => {
      const { shop, id } = await withCluster(basic({}, { name: "orders" }));
      const old = shop.resource();
      shop.resources.set("orders", {
        ...old,
        inputs: { name: "orders" },
        outputs: { name: "orders", id },
      });
      const run = assertDone(await shop.up({ orders: basic({}, { name: "orders" }) }));
      assert.deepEqual([run.steps, writes(run.requests)], [["update orders"], []]);
      assert.deepEqual(shop.outputs(), visible(old.outputs));
      assert.equal(typeof shop.resource().outputs["__provider"], "string");
      assert.deepEqual((await shop.up({ orders: basic({}, { name: "orders" }) })).steps, [
        "same orders",
      ]);
    });

    /** What the bridged provider leaves of a cluster of each plan. */
    const bridged = (more: object = {}) => ({
      cloudProvider: "GCP",
      cockroachVersion: "v25.4",
      dedicated: null,
      deleteProtection: false,
      name: "orders",
      parentId: "root",
      plan: "STANDARD",
      regions: [{ name: "us-central1", nodeCount: 0, primary: true }],
      serverless: {
        spendLimit: null,
        upgradeType: "AUTOMATIC",
        usageLimits: { provisionedVirtualCpus: 2, requestUnitLimit: null, storageMibLimit: null },
      },
      state: "CREATED",
      ...more,
    });
    const bridgedAdvanced = bridged({
      cloudProvider: "AWS",
      dedicated: {
        diskIops: 525,
        machineType: "m6i.xlarge",
        numVirtualCpus: 4,
        privateNetworkVisibility: false,
        storageGib: 35,
      },
      plan: "ADVANCED",
      regions: [{ name: "us-east-1", nodeCount: 3, primary: false }],
      serverless: null,
    });
    const ofMove = (outputs: object, args: Record<string, unknown>) =>
      lifecycle.diff("id", { state: outputs as never, asked: {}, isForeign: true }, args as never);

    it("shows nothing but the move where the program says what the state has", () => {
      const unchanged = { updates: [], replaces: [], deleteBeforeReplace: false, notes: [] };
      assert.deepEqual(ofMove(bridged(), standard({}, { name: "orders" })), unchanged);
      assert.deepEqual(ofMove(bridgedAdvanced, advanced({}, { name: "orders" })), unchanged);
      assert.deepEqual(ofMove(bridged({ plan: "SERVERLESS" }), standard()), unchanged);
      assert.deepEqual(ofMove({}, standard()), unchanged);
    });

    it("says in the preview what the move would change, and refuses what would replace", () => {
      const more = standard(
        { usageLimits: { provisionedVirtualCpus: 8 } },
        { deleteProtection: true },
      );
      const { notes, updates, ...rest } = ofMove(bridged(), more);
      assert.deepEqual(rest, { replaces: [], deleteBeforeReplace: false });
      assert.deepEqual(updates, ["deleteProtection", "serverless.usageLimits"]);
      assert.equal(
        notes.map(({ message }) => message).join(),
        'The state of another provider has this otherwise: deleteProtection is false but the program has true; serverless.usageLimits is {"provisionedVirtualCpus":2} but the program has {"provisionedVirtualCpus":8}. The update changes it.',
      );
      for (const [args, property] of [
        [standard({}, { name: "billing" }), "name"],
        [standard({}, { cloudProvider: "AWS" }), "cloudProvider"],
        [standard({ regions: ["us-east1"] }), "serverless.regions"],
        [advanced(), "plan"],
      ] as const) {
        const { replaces, refusal } = ofMove(bridged(), args);
        assert.deepEqual(replaces, []);
        assert.match(
          refusal ?? "",
          new RegExp(
            `^The state of another provider has this otherwise: .*${property} is .* Moving to this provider replaces nothing`,
          ),
        );
      }
      const networks = advanced({ networkVisibility: "PRIVATE" });
      assert.match(
        ofMove(bridgedAdvanced, networks).refusal ?? "",
        /networkVisibility is "PUBLIC"/,
      );
      const less = advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 } });
      assert.match(ofMove(bridgedAdvanced, less).refusal ?? "", /cannot shrink from 35 to 15 GiB/);
      assert.equal(ofMove(bridged(), standard({ regions: unknown })).refusal, undefined);
    });

    it("refuses what would need a replacement that the preview could not show", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders" }));
      shop.resources.set("orders", { ...shop.resource(), inputs: {}, outputs: { name: "orders" } });
      const run = await shop.up({ orders: basic({ regions: ["us-east1"] }, { name: "orders" }) });
      assert.match(
        failureOf(run),
        /^Changing serverless\.regions of cluster "orders" .* needs a replacement, and the preview did not show one/,
      );
      assert.deepEqual(writes(run.requests), []);
    });
  });
});

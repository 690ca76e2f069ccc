import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { bodies } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import type { Args } from "./one-cluster";
import { hardware, manual, patches, three, withCluster } from "./one-cluster";

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
});

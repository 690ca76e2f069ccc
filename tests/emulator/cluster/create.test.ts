import { strict as assert } from "node:assert";
import type { CatalogueMachine, WireCluster } from "../../../emulator/index";
import { defaultMachines } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  minute,
  standard,
  startQuick,
} from "../caller";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const mixedRegions = ["us-east-1", "us-east-2", "us-west-2"];

/** Machine types of the first of these regions. */
function machines(...types: string[]): Record<string, object> {
  return Object.fromEntries(
    types.map((type, index) => [mixedRegions[index], { machine_type: type }]),
  );
}

/** The body of a cluster of three regions with machines by region. */
function mixed(specs: object, hardware: object = {}): object {
  return advanced("orders", {
    region_nodes: Object.fromEntries(mixedRegions.map((region) => [region, 3])),
    region_machine_specs: specs,
    hardware: { storage_gib: 0, ...hardware },
  });
}

/** Bodies that CreateCluster refuses with 400 and INVALID_ARGUMENT, and what its message says. */
const refused: readonly (readonly [string, object, RegExp | string])[] = [
  [
    "neither serverless nor dedicated",
    { name: "orders", provider: "GCP", spec: {} },
    /exactly one/,
  ],
  [
    "both serverless and dedicated",
    {
      name: "orders",
      provider: "GCP",
      spec: {
        serverless: { regions: ["us-east1"] },
        dedicated: { region_nodes: { "us-east1": 3 } },
      },
    },
    /exactly one/,
  ],
  [
    "BASIC with vCPUs",
    basic("orders", { usage_limits: { provisioned_virtual_cpus: "2" } }),
    /provisioned_virtual_cpus/,
  ],
  ["STANDARD without vCPUs", standard("orders", "2", { usage_limits: {} }), /is required/],
  [
    "STANDARD with a request unit limit",
    standard("orders", "2", {
      usage_limits: { provisioned_virtual_cpus: "2", request_unit_limit: "5" },
    }),
    /request_unit_limit/,
  ],
  [
    "STANDARD with a storage limit",
    standard("orders", "2", {
      usage_limits: { provisioned_virtual_cpus: "2", storage_mib_limit: "5" },
    }),
    /storage_mib_limit/,
  ],
  [
    "a request unit limit of zero",
    basic("orders", { usage_limits: { request_unit_limit: "0" } }),
    /greater than zero/,
  ],
  [
    "a storage limit of zero",
    basic("orders", { usage_limits: { storage_mib_limit: 0 } }),
    /greater than zero/,
  ],
  ["zero vCPUs", standard("orders", 0), /greater than zero/],
  ["1 vCPU", standard("orders", 1), /between 2 and 200/],
  ["201 vCPUs", standard("orders", 201), /between 2 and 200/],
  ["a name of 5 characters", basic("order"), /name/],
  ["a name of 41 characters", basic("a".repeat(41)), /name/],
  ["an upper-case letter in the name", basic("Orders"), /name/],
  ["an underscore in the name", basic("or_ders"), /name/],
  ["a dash before the name", basic("-orders"), /name/],
  ["a dash after the name", basic("orders-"), /name/],
  [
    "no name",
    { provider: "GCP", spec: { serverless: { regions: ["us-east1"] } } },
    /name is required/,
  ],
  [
    "no provider",
    { name: "orders", spec: { serverless: { regions: ["us-east1"] } } },
    /provider is required/,
  ],
  ["no spec", { name: "orders", provider: "GCP" }, /spec is required/],
  ["AZURE with serverless", { ...basic("orders"), provider: "AZURE" }, /AZURE/],
  [
    "a region in the spelling of another cloud",
    basic("orders", { regions: ["us-east-1"] }),
    "invalid argument: invalid region name 'us-east-1' for GCP. Did you mean to use 'us-east1'",
  ],
  [
    "a region that does not exist",
    basic("orders", { regions: ["mars"] }),
    "invalid argument: invalid region name 'mars' for GCP",
  ],
  ["a region for Advanced only", basic("orders", { regions: ["us-west1"] }), /not available/],
  [
    "two regions without a primary one",
    basic("orders", { regions: ["us-east1", "us-west2"] }),
    /primary_region is required/,
  ],
  [
    "a primary region outside the regions",
    basic("orders", { regions: ["us-east1", "us-west2"], primary_region: "us-central1" }),
    /must be one of/,
  ],
  ["no region", basic("orders", { regions: [] }), /at least one region/],
  ["no region with nodes", advanced("orders", { region_nodes: {} }), /at least one region/],
  [
    "two Advanced regions",
    advanced("orders", { region_nodes: { "us-east-1": 3, "us-west-2": 3 } }),
    /at least three regions/,
  ],
  [
    "a region of 2 nodes among three",
    advanced("orders", { region_nodes: { "us-east-1": 3, "us-west-2": 3, "us-east-2": 2 } }),
    /at least three nodes/,
  ],
  [
    "2 nodes",
    advanced("orders", { region_nodes: { "us-east-1": 2 } }),
    /one node or at least three/,
  ],
  ["0 nodes", advanced("orders", { region_nodes: { "us-east-1": 0 } }), /at least one node/],
  ["1 node on AZURE", advanced("orders", { region_nodes: { eastus: 1 } }, "AZURE"), /AZURE/],
  [
    "2 vCPUs per node",
    advanced("orders", { hardware: { machine_spec: { num_virtual_cpus: 2 } } }),
    /num_virtual_cpus/,
  ],
  [
    "both ways to name a machine",
    advanced("orders", {
      hardware: { machine_spec: { num_virtual_cpus: 4, machine_type: "m6i.xlarge" } },
    }),
    /mutually exclusive/,
  ],
  [
    "machines by region beside one for all",
    mixed(machines("m6i.xlarge", "m6i.2xlarge", "m7g.xlarge"), {
      machine_spec: { num_virtual_cpus: 4 },
    }),
    "invalid argument: hardware.machine_spec and region_machine_specs are mutually exclusive",
  ],
  [
    "machines by region without one of the regions",
    mixed(machines("m6i.xlarge", "m6i.2xlarge")),
    "invalid argument: region_machine_specs must have an entry for every region, missing: us-west-2",
  ],
  [
    "a machine for a region that the cluster does not have",
    mixed({
      ...machines("m6i.xlarge", "m6i.2xlarge", "m7g.xlarge"),
      "eu-west-1": { num_virtual_cpus: 4 },
    }),
    "invalid argument: region_machine_specs: region 'eu-west-1' is not a region of the cluster",
  ],
  [
    "a machine type of a region that does not exist",
    mixed(machines("m6i.xlarge", "m6i.2xlarge", "m9x.xlarge")),
    "invalid argument: invalid machine type 'm9x.xlarge' for AWS",
  ],
  [
    "both ways to name the machine of a region",
    mixed({
      ...machines("m6i.xlarge", "m6i.2xlarge"),
      "us-west-2": { machine_type: "m6i.xlarge", num_virtual_cpus: 4 },
    }),
    /machine_type and num_virtual_cpus are mutually exclusive/,
  ],
  [
    "an empty machine of a region",
    mixed({ ...machines("m6i.xlarge", "m6i.2xlarge"), "us-west-2": {} }),
    /one of machine_type and num_virtual_cpus must be specified/,
  ],
  [
    "empty machines by region and no other",
    mixed({}),
    /one of machine_type and num_virtual_cpus must be specified/,
  ],
  [
    "machines by region without hardware",
    advanced("orders", {
      region_machine_specs: { "us-east-1": { num_virtual_cpus: 4 } },
      hardware: undefined,
    }),
    /hardware is required/,
  ],
  [
    "more storage than the smallest machine of a region takes",
    mixed(machines("m6i.2xlarge", "m6i.xlarge", "m6i.2xlarge"), { storage_gib: 1281 }),
    "invalid argument: storage_gib must be at most 1280 for m6i.xlarge",
  ],
  ["no machine", advanced("orders", { hardware: { storage_gib: 0 } }), /must be specified/],
  [
    "a machine of another cloud",
    advanced("orders", { hardware: { machine_spec: { machine_type: "n2-standard-4" } } }),
    /machine type/,
  ],
  ["no hardware", advanced("orders", { hardware: undefined }), /hardware is required/],
  [
    "more than 320 GiB per vCPU",
    advanced("orders", { hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 1281 } }),
    /at most 1280/,
  ],
  [
    "a version that does not exist",
    advanced("orders", { cockroach_version: "v99.1" }),
    "invalid argument: unsupported version: v99.1",
  ],
  [
    "a version out of support",
    advanced("orders", { cockroach_version: "v23.1" }),
    "invalid argument: unsupported version: v23.1",
  ],
  [
    "a patch version",
    advanced("orders", { cockroach_version: "v25.2.12" }),
    "invalid argument: unsupported version: v25.2.12",
  ],
  ["an address range on AWS", advanced("orders", { cidr_range: "172.28.0.0/14" }), /GCP only/],
  [
    "an address range on AZURE",
    advanced("orders", { cidr_range: "172.28.0.0/14" }, "AZURE"),
    /GCP only/,
  ],
  [
    "an address range smaller than /19",
    advanced("orders", { cidr_range: "172.28.0.0/20" }, "GCP"),
    /\/19/,
  ],
  [
    "an unknown folder",
    basic("orders", {}, { parent_id: "nowhere" }),
    "invalid argument: the parent must exist",
  ],
  [
    "51 labels",
    basic(
      "orders",
      {},
      { labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, ""])) },
    ),
    /at most 50/,
  ],
  [
    "a label key that begins with a digit",
    basic("orders", {}, { labels: { "1st": "" } }),
    /label key/,
  ],
  [
    "a label value of 64 characters",
    basic("orders", {}, { labels: { a: "b".repeat(64) } }),
    /label value/,
  ],
  [
    "a region twice",
    basic("orders", { regions: ["us-east1", "us-east1"], primary_region: "us-east1" }),
    /distinct/,
  ],
  [
    "negative storage",
    advanced("orders", { hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: -1 } }),
    /storage_gib/,
  ],
  [
    "negative disk speed",
    advanced("orders", { hardware: { machine_spec: { num_virtual_cpus: 4 }, disk_iops: -1 } }),
    /disk_iops/,
  ],
  [
    "an address range that is none",
    advanced("orders", { cidr_range: "172.28.0.256/14" }, "GCP"),
    /invalid cidr_range/,
  ],
  [
    "ADVANCED with serverless",
    basic("orders", {}, { plan: "ADVANCED" }),
    /not supported on ADVANCED/,
  ],
  [
    "BASIC with dedicated",
    { name: "orders", provider: "AWS", spec: { plan: "BASIC", dedicated: {} } },
    /not supported on BASIC/,
  ],
];

describe("CreateCluster", () => {
  checkEmulators();

  it("creates a Basic cluster at once when it takes no time", async () => {
    const { emulator, api } = await startQuick();
    const cluster = bodyOf(await api.post("/clusters", basic("orders")));
    assert.match(cluster.id, uuid);
    assert.equal(cluster.plan, "BASIC");
    assert.equal(cluster.state, "CREATED");
    assert.equal(cluster.operation_status, "UNSPECIFIED");
    assert.deepEqual(Object.keys(cluster.config), ["serverless"]);
    assert.equal(cluster.config.serverless.usage_limits, null);
    assert.match(cluster.config.serverless.routing_id, /^orders-\d+$/);
    assert.equal(cluster.config.serverless.upgrade_type, "AUTOMATIC");
    assert.equal(cluster.regions[0].node_count, 0);
    assert.equal(
      cluster.created_at,
      new Date(emulator.clock.now()).toISOString().replace(".000", ""),
    );
  });

  it("creates a Basic cluster in 2 seconds by default", async () => {
    const { emulator, api } = await startQuick({ durations: { createBasicMs: 2000 } });
    const { id, state } = bodyOf(await api.post("/clusters", basic("orders")));
    assert.equal(state, "CREATING");
    await emulator.clock.advance(2000);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATED");
  });

  it("infers STANDARD from serverless with vCPUs", async () => {
    const { api } = await startQuick();
    const cluster = bodyOf(
      await api.post("/clusters", {
        name: "orders",
        provider: "GCP",
        spec: {
          serverless: { regions: ["us-east1"], usage_limits: { provisioned_virtual_cpus: "2" } },
        },
      }),
    );
    assert.equal(cluster.plan, "STANDARD");
    assert.deepEqual(cluster.config.serverless.usage_limits, { provisioned_virtual_cpus: "2" });
  });

  it("infers ADVANCED from dedicated, and takes 25 minutes", async () => {
    const { emulator, api } = await startQuick();
    const { id, ...cluster } = bodyOf(
      await api.post("/clusters", {
        name: "orders",
        provider: "AWS",
        spec: {
          dedicated: {
            region_nodes: { "us-west-2": 3, "us-east-1": 4, "eu-west-1": 3 },
            hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 0 },
          },
        },
      }),
    );
    assert.equal(cluster.plan, "ADVANCED");
    assert.equal(cluster.state, "CREATING");
    const { machine_type, num_virtual_cpus, disk_iops } = cluster.config.dedicated;
    const machine = [machine_type, num_virtual_cpus, disk_iops];
    assert.deepEqual(machine, ["m6i.xlarge", 4, 240]);
    assert.deepEqual(
      cluster.regions.map((region: WireCluster["regions"][number]) => [
        region.name,
        region.node_count,
        region.machine_type,
        region.num_virtual_cpus,
        region.disk_iops,
      ]),
      [
        ["eu-west-1", 3, ...machine],
        ["us-east-1", 4, ...machine],
        ["us-west-2", 3, ...machine],
      ],
    );
    await emulator.clock.advance(25 * minute - 1);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATING");
    await emulator.clock.advance(1);
    const ready = bodyOf(await api.get(`/clusters/${id}`));
    assert.equal(ready.state, "CREATED");
    assert.equal(ready.sql_dns, cluster.sql_dns);
    assert.deepEqual(Object.keys(ready.config), ["dedicated"]);
  });

  describe("refuses", () => {
    for (const [what, body, message] of refused) {
      it(what, async () => {
        const { emulator, api } = await startQuick();
        assertRefused(await api.post("/clusters", body), 400, 3, message);
        assert.deepEqual(emulator.clusters.list(), []);
      });
    }

    it("upgrade_type MANUAL on BASIC", async () => {
      const { api } = await startQuick();
      assertRefused(
        await api.post("/clusters", basic("orders", { upgrade_type: "MANUAL" })),
        400,
        9,
      );
    });

    it("vCPUs that are no multiple of the configured number", async () => {
      const { api } = await startQuick();
      bodyOf(await api.post("/clusters", standard("orders", 3)));
      const { api: strict } = await startQuick({ assumptions: { vcpuMultiple: 2 } });
      assertRefused(await strict.post("/clusters", standard("orders", 3)), 400, 3, /multiple of 2/);
      bodyOf(await strict.post("/clusters", standard("orders", 4)));
    });
  });

  it("accepts the minimum and maximum values", async () => {
    const { api } = await startQuick();
    bodyOf(await api.post("/clusters", standard("orders", 2)));
    bodyOf(await api.post("/clusters", standard("a".repeat(20), 200)));
    bodyOf(await api.post("/clusters", basic("b".repeat(40))));
    const { api: strict } = await startQuick({ assumptions: { nameMax: 20 } });
    bodyOf(await strict.post("/clusters", basic("a".repeat(20))));
    assertRefused(await strict.post("/clusters", basic("a".repeat(21))), 400, 3);
  });

  it("marks only the primary region of several, and sorts them", async () => {
    const { api } = await startQuick();
    const body = basic("orders", { regions: ["us-west2", "us-east1"], primary_region: "us-west2" });
    const { regions } = bodyOf(await api.post("/clusters", body));
    assert.deepEqual(
      regions.map((region: { name: string; primary: boolean }) => [region.name, region.primary]),
      [
        ["us-east1", false],
        ["us-west2", true],
      ],
    );
  });

  it("does not mark a single region as primary by default", async () => {
    const { api } = await startQuick();
    assert.equal(bodyOf(await api.post("/clusters", basic("orders"))).regions[0].primary, false);
    const { api: other } = await startQuick({ assumptions: { singleRegionIsPrimary: true } });
    assert.equal(bodyOf(await other.post("/clusters", basic("orders"))).regions[0].primary, true);
  });

  it("shows the account of the customer in which the cluster is to run", async () => {
    const { api } = await startQuick();
    const accounts = {
      AWS: ["us-east-1", { aws: { arn: "arn:aws:iam::123456789012:role/crdb" } }],
      GCP: ["us-east1", { gcp: { service_account_email: "crdb@acme.iam.gserviceaccount.com" } }],
      AZURE: ["eastus2", { azure: { subscription_id: "a1", tenant_id: "b2" } }],
    } as const;
    for (const [provider, [region, account]] of Object.entries(accounts)) {
      const regions = { region_nodes: { [region]: 3 } };
      const body = advanced(`on-${provider.toLowerCase()}`, regions, provider);
      const { spec } = body as { spec: object };
      Object.assign(spec, { customer_cloud_account: account });
      const created = bodyOf(await api.post("/clusters", body));
      assert.deepEqual(created["customer_cloud_account"], account);
      assert.equal(created["is_customer_cloud_account"], true);
    }
  });

  it("creates single-node clusters on AWS and GCP", async () => {
    const { api } = await startQuick();
    bodyOf(await api.post("/clusters", advanced("orders-a", { region_nodes: { "us-east-1": 1 } })));
    bodyOf(
      await api.post("/clusters", advanced("orders-g", { region_nodes: { "us-east1": 1 } }, "GCP")),
    );
  });

  for (const [provider, machine] of [
    ["AWS", "m6i.xlarge"],
    ["GCP", "n2-standard-4"],
    ["AZURE", "Standard_D4s_v3"],
  ] as const) {
    it(`picks ${machine} for 4 vCPUs on ${provider}`, async () => {
      const { api } = await startQuick();
      const { config } = bodyOf(await api.post("/clusters", advanced("orders", {}, provider)));
      assert.equal(config.dedicated.machine_type, machine);
      assert.equal(config.dedicated.num_virtual_cpus, 4);
      assert.equal(config.dedicated.memory_gib, 16);
      assert.ok(config.dedicated.storage_gib > 0);
    });
  }

  it("uses the configured machine types", async () => {
    const machines: CatalogueMachine[] = [
      { provider: "AWS", type: "m6i.large", vcpus: 2, memoryGib: 8 },
      { provider: "AWS", type: "m8i.xlarge", vcpus: 4, memoryGib: 16 },
      ...defaultMachines,
    ];
    const { api } = await startQuick({ machines });
    const sized = (vcpus: number) => ({ machine_spec: { num_virtual_cpus: vcpus } });
    const body = advanced("orders", { hardware: sized(2) });
    const { config } = bodyOf(await api.post("/clusters", body));
    assert.equal(config.dedicated.machine_type, "m6i.large");
    assert.equal(config.dedicated.memory_gib, 8);
    const other = bodyOf(await api.post("/clusters", advanced("copies", { hardware: sized(4) })));
    // Of two of one size the first.
    assert.equal(other.config.dedicated.machine_type, "m8i.xlarge");
  });

  it("accepts a machine type by its name", async () => {
    const { api } = await startQuick();
    const hardware = { machine_spec: { machine_type: "m7g.2xlarge" }, storage_gib: 300 };
    const { config } = bodyOf(await api.post("/clusters", advanced("orders", { hardware })));
    assert.deepEqual(config.dedicated, {
      machine_type: "m7g.2xlarge",
      num_virtual_cpus: 8,
      storage_gib: 300,
      memory_gib: 32,
      disk_iops: 4500,
    });
  });

  it("gives each region its machine", async () => {
    const { api } = await startQuick();
    const body = mixed({
      ...machines("m7g.xlarge", "m6i.2xlarge"),
      "us-west-2": { num_virtual_cpus: 16 },
    });
    const { id } = bodyOf(await api.post("/clusters", body));
    const { config, regions } = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual(
      regions.map((region: WireCluster["regions"][number]) => [
        region.name,
        region.machine_type,
        region.num_virtual_cpus,
        region.disk_iops,
      ]),
      [
        ["us-east-1", "m7g.xlarge", 4, 960],
        ["us-east-2", "m6i.2xlarge", 8, 960],
        ["us-west-2", "m6i.4xlarge", 16, 960],
      ],
    );
    assert.deepEqual(config.dedicated, {
      machine_type: "m7g.xlarge",
      num_virtual_cpus: 4,
      memory_gib: 16,
      // The smallest that fits all machines.
      storage_gib: 64,
      disk_iops: 960,
    });
  });

  it("shows no machine for regions of different ones if so configured", async () => {
    const { api } = await startQuick({ assumptions: { mixedMachines: "unset" } });
    const different = mixed(machines("m6i.xlarge", "m6i.2xlarge", "m6i.xlarge"));
    const { config } = bodyOf(await api.post("/clusters", different));
    assert.deepEqual(config.dedicated, {
      machine_type: "",
      num_virtual_cpus: 0,
      memory_gib: 0,
      storage_gib: 32,
      disk_iops: 480,
    });
    const equal = advanced("copies", {
      region_machine_specs: { "us-east-1": { machine_type: "m6i.xlarge" } },
      hardware: { storage_gib: 0 },
    });
    const copies = bodyOf(await api.post("/clusters", equal));
    assert.equal(copies.config.dedicated.machine_type, "m6i.xlarge");
  });

  it("applies disk_iops on AWS only", async () => {
    const { api } = await startQuick();
    const hardware = { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15, disk_iops: 9000 };
    const onAws = bodyOf(await api.post("/clusters", advanced("orders-a", { hardware })));
    assert.equal(onAws.config.dedicated.disk_iops, 9000);
    const onGcp = bodyOf(await api.post("/clusters", advanced("orders-g", { hardware }, "GCP")));
    assert.equal(onGcp.config.dedicated.disk_iops, 450);
  });

  it("shows a full version for a major one, and takes the newest by default", async () => {
    const { api } = await startQuick();
    const older = bodyOf(
      await api.post("/clusters", advanced("orders-1", { cockroach_version: "v25.2" })),
    );
    assert.equal(older.cockroach_version, "v25.2.12");
    assert.match(
      bodyOf(await api.post("/clusters", advanced("orders-2"))).cockroach_version,
      /^v26\.1\.\d+$/,
    );
    assert.match(
      bodyOf(await api.post("/clusters", basic("orders-3"))).cockroach_version,
      /^v25\.4\.\d+$/,
    );
  });

  it("accepts a patch version if so configured", async () => {
    const { api } = await startQuick({ assumptions: { allowPatchVersions: true } });
    const body = advanced("orders", { cockroach_version: "v25.2.1" });
    assert.equal(bodyOf(await api.post("/clusters", body)).cockroach_version, "v25.2.12");
  });

  it("gives GCP an address range", async () => {
    const { api } = await startQuick();
    const byDefault = bodyOf(await api.post("/clusters", advanced("orders-1", {}, "GCP")));
    assert.equal(byDefault.cidr_range, "172.28.0.0/14");
    const chosen = advanced("orders-2", { cidr_range: "10.0.0.0/19" }, "GCP");
    assert.equal(bodyOf(await api.post("/clusters", chosen)).cidr_range, "10.0.0.0/19");
  });

  it('stores "" and "root" as "root", and a folder as it is (54)', async () => {
    const { emulator, api } = await startQuick();
    const folder = emulator.folders.add("payments");
    for (const [name, parent, stored] of [
      ["orders-1", "", "root"],
      ["orders-2", "root", "root"],
      ["orders-3", folder, folder],
    ] as const) {
      const cluster = bodyOf(await api.post("/clusters", basic(name, {}, { parent_id: parent })));
      assert.equal(cluster.parent_id, stored);
    }
  });

  it("records whether the allowlist was empty at first", async () => {
    const { emulator, api } = await startQuick();
    for (const [name, body, isEmpty] of [
      ["orders-1", basic("orders-1"), false],
      ["orders-2", basic("orders-2", { with_empty_ip_allowlist: true }), true],
      ["orders-3", advanced("orders-3"), true],
    ] as const) {
      const { id } = bodyOf(await api.post("/clusters", body));
      assert.equal(emulator.clusters.startsWithEmptyAllowlist(id), isEmpty, name);
    }
  });

  describe("names", () => {
    async function createAndDelete(api: Caller): Promise<void> {
      const { id } = bodyOf(await api.post("/clusters", basic("orders")));
      bodyOf(await api.delete(`/clusters/${id}`));
    }

    it("are refused while in use and free after deletion", async () => {
      const { api } = await startQuick();
      const { id } = bodyOf(await api.post("/clusters", basic("orders")));
      assertRefused(await api.post("/clusters", standard("orders")), 409, 6, /already exists/);
      bodyOf(await api.delete(`/clusters/${id}`));
      bodyOf(await api.post("/clusters", basic("orders")));
    });

    it("stay in use for a while after deletion if so configured", async () => {
      const { emulator, api } = await startQuick({ durations: { nameReleaseMs: minute } });
      await createAndDelete(api);
      assertRefused(await api.post("/clusters", basic("orders")), 409, 6);
      await emulator.clock.advance(minute);
      bodyOf(await api.post("/clusters", basic("orders")));
    });

    it("may be used twice if so configured", async () => {
      const { api } = await startQuick({ assumptions: { allowDuplicateNames: true } });
      bodyOf(await api.post("/clusters", basic("orders")));
      bodyOf(await api.post("/clusters", basic("orders")));
    });

    it("belong to one organization", async () => {
      const { emulator, api } = await startQuick({
        organizations: [{}, { apiKeys: [{ secret: "second" }] }],
      });
      bodyOf(await api.post("/clusters", basic("orders")));
      bodyOf(await callerOf(emulator, "second").post("/clusters", basic("orders")));
      assert.equal(bodyOf(await api.get("/clusters")).clusters.length, 1);
    });

    it("are kept by a failed cluster by default", async () => {
      for (const [failedClusterHoldsName, status] of [
        [true, 409],
        [false, 200],
      ] as const) {
        const { emulator, api } = await startQuick({ assumptions: { failedClusterHoldsName } });
        emulator.faults.failNextCreation();
        bodyOf(await api.post("/clusters", basic("orders")));
        assert.equal((await api.post("/clusters", basic("orders"))).status, status);
      }
    });
  });

  it("is public without a choice, but private on GCP where the assumption says so", async () => {
    const { emulator } = await startQuick({ assumptions: { gcpDefaultVisibility: "PRIVATE" } });
    for (const [cloud, visibility] of [
      ["AWS", "PUBLIC"],
      ["GCP", "PRIVATE"],
    ] as const) {
      const cluster = emulator.clusters.create(
        advanced(`on-${cloud.toLowerCase()}-cloud`, {}, cloud) as never,
      );
      assert.equal(cluster.network_visibility, visibility);
    }
  });

  it("makes the creator its Cluster Admin", async () => {
    const { emulator } = await startQuick();
    const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_CREATOR" }] });
    const creator = callerOf(emulator, secret);
    const { id } = bodyOf(await creator.post("/clusters", basic("orders")));
    bodyOf(await creator.get(`/clusters/${id}`));
    bodyOf(await creator.delete(`/clusters/${id}`));
  });

  it("needs a role on the parent of the new cluster", async () => {
    const { emulator } = await startQuick();
    const folder = emulator.folders.add("payments");
    const inner = emulator.folders.add("europe", { parentId: folder });
    const secret = emulator.organization.addKey({
      roles: [{ role: "CLUSTER_CREATOR", scope: "folder", resourceId: folder }],
    });
    const creator = callerOf(emulator, secret);
    assertRefused(await creator.post("/clusters", basic("orders")), 403, 7);
    bodyOf(await creator.post("/clusters", basic("orders", {}, { parent_id: inner })));
  });

  it("ends in CREATION_FAILED when scripted, hidden from the list", async () => {
    const { emulator, api } = await startQuick();
    emulator.faults.failNextCreation();
    const { id, state } = bodyOf(await api.post("/clusters", advanced("orders")));
    assert.equal(state, "CREATING");
    await emulator.clock.advance(25 * minute);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATION_FAILED");
    assert.deepEqual(bodyOf(await api.get("/clusters")).clusters, []);
    const inactive = bodyOf(await api.get("/clusters?show_inactive=true")).clusters;
    assert.equal(inactive[0].state, "CREATION_FAILED");
    assertRefused(await api.patch(`/clusters/${id}`, { labels: {} }), 400, 9);
    bodyOf(await api.delete(`/clusters/${id}`));
  });

  it("denies egress from the start if requested", async () => {
    const { api } = await startQuick();
    const open = bodyOf(await api.post("/clusters", advanced("orders-1")));
    assert.equal(open.egress_traffic_policy, "ALLOW_ALL");
    const closed = advanced("orders-2", { restrict_egress_traffic: true });
    assert.equal(bodyOf(await api.post("/clusters", closed)).egress_traffic_policy, "DEFAULT_DENY");
  });

  it("sets delete protection as requested, or the configured default", async () => {
    const { api } = await startQuick();
    assert.equal(
      bodyOf(await api.post("/clusters", basic("orders"))).delete_protection,
      "DISABLED",
    );
    const { api: other } = await startQuick({
      assumptions: { defaultDeleteProtection: "ENABLED" },
    });
    assert.equal(
      bodyOf(await other.post("/clusters", basic("orders"))).delete_protection,
      "ENABLED",
    );
  });
});

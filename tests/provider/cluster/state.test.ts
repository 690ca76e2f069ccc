// What a cluster on the wire is in state, and arguments on the wire. With the service behind it: read.test.ts.

import { strict as assert } from "node:assert";
import { toCreateRequest } from "../../../provider/cluster/requests";
import type { Inputs } from "../../../provider/cluster/schema";
import type { State, WriteOnlyInputs } from "../../../provider/cluster/wire";
import { refreshedInputs, toState } from "../../../provider/cluster/wire";
import { advanced, basic, standard, stateOf, wireCluster } from "../../support/builders";

const { id } = wireCluster();
const mark = "0123456789abcdef-fedcba9876543210";

const stateFrom = (members: object, pending: WriteOnlyInputs = {}) =>
  toState(wireCluster(members), pending, { own: mark, others: [], ends: [] });

const inRegions = (...regions: object[]) => ({ config: { serverless: {} }, regions });

describe("The state of a cluster", () => {
  it("has every output, empty where the service says nothing", () => {
    assert.deepEqual(stateFrom({}), {
      name: "orders",
      cloudProvider: "GCP",
      plan: "BASIC",
      deleteProtection: false,
      labels: {},
      parentId: "root",
      state: "CREATED",
      cockroachVersion: "",
      regions: [],
      sqlDns: "",
      routingId: "",
      accountId: "",
      creatorId: "",
      createdAt: "",
      upgradeStatus: "FINALIZED",
      egressTrafficPolicy: "UNSPECIFIED",
      azureClusterIdentityClientId: "",
    });
  });

  it("has what the service says", () => {
    const state = stateFrom({
      delete_protection: "ENABLED",
      labels: { team: "shop" },
      parent_id: "folder",
      cockroach_version: "v25.2.6",
      sql_dns: "sql",
      account_id: "account",
      creator_id: "creator",
      created_at: "2026-06-01T00:00:00Z",
      upgrade_status: "UPGRADE_AVAILABLE",
      egress_traffic_policy: "DEFAULT_DENY",
      azure_cluster_identity_client_id: "azure",
      config: { serverless: { routing_id: "orders-1" } },
      regions: [
        {
          name: "us-east1",
          sql_dns: "sql",
          ui_dns: "ui",
          internal_dns: "internal",
          private_endpoint_dns: "private",
          node_count: 3,
          primary: true,
        },
      ],
    });
    const { serverless, ...others } = state;
    assert.deepEqual(others, {
      name: "orders",
      cloudProvider: "GCP",
      plan: "BASIC",
      deleteProtection: true,
      labels: { team: "shop" },
      parentId: "folder",
      state: "CREATED",
      cockroachVersion: "v25.2.6",
      regions: [
        {
          name: "us-east1",
          sqlDns: "sql",
          uiDns: "ui",
          internalDns: "internal",
          privateEndpointDns: "private",
          nodeCount: 3,
          primary: true,
        },
      ],
      sqlDns: "sql",
      routingId: "orders-1",
      accountId: "account",
      creatorId: "creator",
      createdAt: "2026-06-01T00:00:00Z",
      upgradeStatus: "UPGRADE_AVAILABLE",
      egressTrafficPolicy: "DEFAULT_DENY",
      azureClusterIdentityClientId: "azure",
    });
    assert.deepEqual(serverless, {
      regions: ["us-east1"],
      primaryRegion: "us-east1",
      upgradeType: "AUTOMATIC",
      cockroachVersion: "v25.2",
    });
  });

  const ofStandard = {
    keychain_config: { aws_account_id: "111122223333", gcp_auth_principal: "keychain@p.iam" },
  };
  const principals: [what: string, members: object, principal: string | undefined][] = [
    [
      "its account on AWS",
      { plan: "ADVANCED", cloud_provider: "AWS", account_id: "444455556666" },
      "444455556666",
    ],
    [
      "a service account of its project on GCP",
      { plan: "ADVANCED", cloud_provider: "GCP", account_id: "crl-prod-abc" },
      `crl-logging-user-${id.slice(-12)}@crl-prod-abc.iam.gserviceaccount.com`,
    ],
    ["nothing on Azure", { plan: "ADVANCED", cloud_provider: "AZURE", account_id: "a" }, undefined],
    [
      "nothing in an account of the customer",
      {
        ...{ plan: "ADVANCED", cloud_provider: "AWS", account_id: "444455556666" },
        customer_cloud_account: { aws: { arn: "arn:aws:iam::123456789012:role/crl" } },
      },
      undefined,
    ],
    [
      "an account of the service on plan STANDARD on AWS",
      { plan: "STANDARD", cloud_provider: "AWS", ...ofStandard },
      "111122223333",
    ],
    [
      "a service account of the service on plan STANDARD on GCP",
      { plan: "STANDARD", cloud_provider: "GCP", ...ofStandard },
      "keychain@p.iam",
    ],
    [
      "nothing that the service does not say",
      { plan: "STANDARD", cloud_provider: "GCP" },
      undefined,
    ],
    ["nothing on plan BASIC", { plan: "BASIC", cloud_provider: "AWS", ...ofStandard }, undefined],
  ];
  for (const [what, members, principal] of principals) {
    it(`has ${what} as the principal of its exports`, () => {
      const state = stateFrom(members);
      assert.equal(state.exportPrincipal, principal);
      assert.equal("exportPrincipal" in state, principal !== undefined);
    });
  }

  it("has the regions by name, whatever their order in the response", () => {
    const regions = ["us-east1", "europe-west1", "us-central1"].map((name) => ({ name }));
    const { regions: listed, serverless } = stateFrom(inRegions(...regions));
    const sorted = ["europe-west1", "us-central1", "us-east1"];
    assert.deepEqual(
      listed.map(({ name }) => name),
      sorted,
    );
    assert.deepEqual(serverless?.regions, sorted);
  });

  const primaries: [what: string, regions: object[], primary: string | undefined][] = [
    ["the one that is marked", [{ name: "a" }, { name: "b", primary: true }], "b"],
    ["the only one", [{ name: "a" }], "a"],
    ["none of several that are not marked", [{ name: "a" }, { name: "b" }], undefined],
  ];
  for (const [what, regions, primary] of primaries) {
    it(`takes as primary region ${what}`, () => {
      const { serverless } = stateFrom(inRegions(...regions));
      assert.equal(serverless?.primaryRegion, primary);
      assert.equal("primaryRegion" in (serverless ?? {}), primary !== undefined);
    });
  }

  it("of an Advanced cluster has its hardware, and network where the service says one", () => {
    const config = {
      dedicated: {
        machine_type: "m6i.xlarge",
        num_virtual_cpus: 4,
        memory_gib: 16,
        storage_gib: 35,
        disk_iops: 525,
      },
    };
    const plain = { plan: "ADVANCED", cloud_provider: "AWS", cockroach_version: "preview", config };
    const hardware = {
      machineSpec: { numVirtualCpus: 4, machineType: "m6i.xlarge" },
      storageGib: 35,
      diskIops: 525,
      memoryGib: 16,
    };
    assert.deepEqual(stateFrom(plain).dedicated, {
      regionNodes: {},
      hardware,
      cockroachVersion: "preview",
    });
    const network = {
      ...plain,
      cockroach_version: "v25.2.6",
      network_visibility: "PRIVATE",
      cidr_range: "172.28.0.0/14",
      regions: [{ name: "us-east-1", node_count: 3 }],
    };
    assert.deepEqual(stateFrom(network).dedicated, {
      regionNodes: { "us-east-1": 3 },
      hardware,
      cockroachVersion: "v25.2",
      networkVisibility: "PRIVATE",
      cidrRange: "172.28.0.0/14",
    });
  });

  it("of an Advanced cluster has the machines of each region, with disk and endpoint on AWS", () => {
    const [east, west] = [
      { machine_type: "m6i.xlarge", num_virtual_cpus: 4, disk_iops: 525 },
      { machine_type: "m6i.2xlarge", num_virtual_cpus: 8, disk_iops: 3000 },
    ];
    const regions = [
      { name: "us-east-1", node_count: 3, ...east, s3_vpc_endpoint_id: "vpce-1" },
      { name: "us-west-2", node_count: 3, ...west, s3_vpc_endpoint_id: "" },
    ];
    const machinesOn = (cloud: string) =>
      stateFrom({
        plan: "ADVANCED",
        cloud_provider: cloud,
        config: { dedicated: {} },
        regions,
      }).regions.map(({ machineType, numVirtualCpus, diskIops, s3VpcEndpointId }) => [
        machineType,
        numVirtualCpus,
        diskIops,
        s3VpcEndpointId,
      ]);
    assert.deepEqual(machinesOn("AWS"), [
      ["m6i.xlarge", 4, 525, "vpce-1"],
      ["m6i.2xlarge", 8, 3000, undefined],
    ]);
    assert.deepEqual(machinesOn("AZURE")[1], ["m6i.2xlarge", 8, undefined, undefined]);
  });

  it("carries along what the service never returns, each on its kind of cluster", () => {
    const carried = {
      withEmptyIpAllowlist: true,
      supportsClusterVirtualization: false,
      restrictEgressTraffic: true,
    };
    const { withEmptyIpAllowlist, ...ofDedicated } = carried;
    const { serverless } = stateFrom({ config: { serverless: {} } }, carried);
    assert.deepEqual(serverless, { regions: [], upgradeType: "AUTOMATIC", withEmptyIpAllowlist });
    const { dedicated } = stateFrom({ config: { dedicated: {} } }, carried);
    assert.equal(
      dedicated?.supportsClusterVirtualization,
      ofDedicated.supportsClusterVirtualization,
    );
    assert.equal(dedicated?.restrictEgressTraffic, ofDedicated.restrictEgressTraffic);
    assert.ok(!("withEmptyIpAllowlist" in (dedicated ?? {})));
  });

  const accounts: [wire: object, account: object][] = [
    [{ aws: { arn: "arn" } }, { aws: { arn: "arn" } }],
    [{ gcp: { service_account_email: "a@b" } }, { gcp: { serviceAccountEmail: "a@b" } }],
    [
      { azure: { subscription_id: "s", tenant_id: "t" } },
      { azure: { subscriptionId: "s", tenantId: "t" } },
    ],
  ];
  for (const [wire, account] of accounts) {
    it(`knows a customer's account on ${Object.keys(wire)}`, () =>
      assert.deepEqual(stateFrom({ customer_cloud_account: wire }).customerCloudAccount, account));
  }

  it("of an unfinished cluster is CREATING, and a mark never shows", () => {
    const labels = { team: "shop", "pulumi-creating": mark };
    for (const state of ["CREATED", "LOCKED"]) {
      const unfinished = stateFrom({ state, labels });
      assert.deepEqual([unfinished.state, unfinished.labels], ["CREATING", { team: "shop" }]);
    }
    assert.equal(stateFrom({ state: "CREATION_FAILED", labels }).state, "CREATION_FAILED");
    const foreign = { ...labels, "pulumi-creating": "another" };
    assert.equal(stateFrom({ labels: foreign }).state, "CREATED");
    assert.equal(toState(wireCluster({ labels }), {}, undefined).state, "CREATED");
  });

  const unknown: [what: string, members: object][] = [
    [`plan is "${"P".repeat(40)}"`, { plan: "P".repeat(60) }],
    [`cloud is "${"C".repeat(40)}"`, { cloud_provider: "C".repeat(60) }],
  ];
  for (const [what, members] of unknown) {
    it(`is refused where nobody knows what it is: ${what}`, () =>
      assert.throws(() => stateFrom({ ...members, name: "n".repeat(60) }), {
        message: `Cluster "${"n".repeat(40)}" (${id}) is not as this version of pulumi-cockroachdb-cloud knows clusters: its ${what}. Nothing was changed for that. Try again, and if it stays so, update the package.`,
      }));
  }
});

describe("The request that creates a cluster", () => {
  const specOf = (args: object, labels = {}) =>
    toCreateRequest(args as Inputs, "orders", labels).spec;

  it("says no more than the program, and whether it is protected", () => {
    assert.deepEqual(specOf(basic()), {
      plan: "BASIC",
      delete_protection: "DISABLED",
      serverless: { regions: ["us-central1"] },
    });
    const { dedicated } = specOf(advanced({ hardware: { machineSpec: { numVirtualCpus: 4 } } }));
    assert.deepEqual(dedicated, {
      region_nodes: { "us-east-1": 3 },
      hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 0 },
    });
  });

  it("says everything that the program says", () => {
    const labels = { team: "shop" };
    const serverless = {
      regions: ["us-central1", "us-east1"],
      primaryRegion: "us-east1",
      upgradeType: "MANUAL",
      withEmptyIpAllowlist: false,
    };
    assert.deepEqual(
      specOf(standard(serverless, { deleteProtection: true, parentId: "folder" }), labels),
      {
        plan: "STANDARD",
        delete_protection: "ENABLED",
        labels,
        parent_id: "folder",
        serverless: {
          regions: ["us-central1", "us-east1"],
          primary_region: "us-east1",
          usage_limits: { provisioned_virtual_cpus: 2 },
          upgrade_type: "MANUAL",
          with_empty_ip_allowlist: false,
        },
      },
    );
    const dedicated = {
      hardware: { machineSpec: { machineType: "m6i.xlarge" }, storageGib: 35, diskIops: 3000 },
      cockroachVersion: "v25.2.6",
      networkVisibility: "PRIVATE",
      cidrRange: "172.28.0.0/14",
      supportsClusterVirtualization: false,
      restrictEgressTraffic: false,
    };
    assert.deepEqual(specOf(advanced(dedicated)).dedicated, {
      region_nodes: { "us-east-1": 3 },
      hardware: {
        machine_spec: { machine_type: "m6i.xlarge" },
        storage_gib: 35,
        disk_iops: 3000,
      },
      cockroach_version: "v25.2",
      network_visibility: "PRIVATE",
      cidr_range: "172.28.0.0/14",
      supports_cluster_virtualization: false,
      restrict_egress_traffic: false,
    });
  });
});

describe("The arguments after a refresh", () => {
  const seen = (args: object, changes: object = {}) => ({ ...stateOf(args), ...changes }) as State;

  it("describe the whole cluster where nobody knows what was asked", () => {
    const args = standard({ upgradeType: "MANUAL" }, { name: "orders" });
    const state = seen(args, { customerCloudAccount: { aws: { arn: "arn" } } });
    assert.deepEqual(refreshedInputs({}, {} as State, state), {
      name: "orders",
      cloudProvider: "GCP",
      plan: "STANDARD",
      deleteProtection: false,
      labels: {},
      parentId: "root",
      serverless: {
        regions: ["us-central1"],
        primaryRegion: "us-central1",
        usageLimits: { provisionedVirtualCpus: 2 },
        upgradeType: "MANUAL",
        cockroachVersion: "v25.2",
      },
      customerCloudAccount: { aws: { arn: "arn" } },
    });
  });

  it("leave out what the service keeps for itself", () => {
    const automatic = refreshedInputs({}, {} as State, seen(basic()));
    assert.ok(!("cockroachVersion" in (automatic.serverless ?? {})));
    assert.ok(!("customerCloudAccount" in automatic));
    const { dedicated } = refreshedInputs({}, {} as State, seen(advanced()));
    assert.deepEqual(dedicated?.hardware, {
      machineSpec: { numVirtualCpus: 4 },
      storageGib: 35,
      diskIops: 525,
    });
  });

  it("keep a machine type that the service moved at the same size, and report another size", () => {
    const machine = (numVirtualCpus: number, machineType: string) => ({
      hardware: { machineSpec: { numVirtualCpus, machineType } },
    });
    const asked = advanced({ hardware: { machineSpec: { machineType: "m6i.xlarge" } } }) as Inputs;
    const of = (was: object | undefined, is: object) =>
      refreshedInputs(
        asked,
        { dedicated: was } as State,
        seen(asked, { dedicated: { ...stateOf(asked)["dedicated"], ...is } }),
      ).dedicated?.hardware.machineSpec?.machineType;
    assert.equal(of(machine(4, "m6i.xlarge"), machine(4, "m7i.xlarge")), "m6i.xlarge");
    assert.equal(of(machine(4, "m6i.xlarge"), machine(8, "m6i.2xlarge")), "m6i.2xlarge");
    assert.equal(of({}, machine(8, "m6i.2xlarge")), "m6i.2xlarge");
    assert.equal(of(undefined, machine(8, "m6i.2xlarge")), "m6i.2xlarge");
  });
});

import type { ClusterEdit } from "../../../emulator";
import { advanced, basic, standard } from "../../support/builders";
import { awsKey } from "../../support/cmek";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const general = {
  name: "orders-test",
  deleteProtection: true,
  labels: { team: "payments" },
  parentId: "root",
};

const edited = (edit: ClusterEdit) => (object: RemoteObject) => {
  object.emulator.clusters.edit(object.id, edit);
};

/** A cluster of three regions with a machine for each. */
const byRegion = (regionMachineSpecs: object, common: object = general) =>
  advanced(
    {
      regionNodes: { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 },
      regionMachineSpecs,
      hardware: { storageGib: 35 },
    },
    common,
  );

const otherFolder = "5ba5ed00-0000-4000-8000-0000000000f0";

export const cases: ResourceCases = {
  minimal: basic(),
  full: [
    basic(
      {
        regions: ["us-central1", "us-east1"],
        primaryRegion: "us-east1",
        usageLimits: { requestUnitLimit: 5_000_000, storageMibLimit: 6_000 },
        withEmptyIpAllowlist: true,
      },
      { ...general, deleteProtection: false },
    ),
    standard({ upgradeType: "MANUAL", cockroachVersion: "v25.2", finalizeUpgrade: true }, general),
    advanced(
      {
        regionNodes: { "us-east1": 3 },
        hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
        cockroachVersion: "v25.2",
        finalizeUpgrade: true,
        networkVisibility: "PRIVATE",
        cidrRange: "172.28.0.0/14",
        supportsClusterVirtualization: true,
        restrictEgressTraffic: true,
      },
      {
        ...general,
        cloudProvider: "GCP",
        customerCloudAccount: { gcp: { serviceAccountEmail: "a@b" } },
      },
    ),
    advanced(
      {
        hardware: { machineSpec: { machineType: "m6i.xlarge" }, diskIops: 3_000 },
        cmekRegionSpecs: [awsKey("us-east-1")],
      },
      { ...general, customerCloudAccount: { aws: { arn: "arn:aws:iam::1:role/a" } } },
    ),
    byRegion({
      "us-east-1": { numVirtualCpus: 4 },
      "us-east-2": { machineType: "m6i.2xlarge" },
      "us-west-2": { numVirtualCpus: 4 },
    }),
    advanced(
      { regionNodes: { eastus: 3 } },
      {
        ...general,
        cloudProvider: "AZURE",
        customerCloudAccount: { azure: { subscriptionId: "a", tenantId: "b" } },
      },
    ),
  ],
  arguments: {
    name: {
      to: "billing-test",
      onChange: "replace",
      drift: "cannot change",
      wrong: [
        [
          "Not A Name",
          "must have 6 to 40 lowercase letters, digits and dashes, with no dash at either end.",
        ],
      ],
    },
    plan: {
      to: "STANDARD",
      along: {
        serverless: {
          regions: ["us-central1"],
          usageLimits: { provisionedVirtualCpus: 2 },
        },
      },
      onChange: "update",
      whenUnknown: "replace",
      before: basic({}, { name: "orders-test" }),
      drift: "cannot change",
      wrong: [["FREE", 'must be one of "BASIC", "STANDARD", "ADVANCED", not the string "FREE".']],
    },
    cloudProvider: {
      to: "AWS",
      along: { serverless: { regions: ["us-east-1"] } },
      onChange: "replace",
      before: basic({}, { name: "orders-test" }),
      drift: "cannot change",
      wrong: [
        ["DIGITALOCEAN", 'must be one of "AWS", "GCP", "AZURE", not the string "DIGITALOCEAN".'],
      ],
    },
    labels: {
      to: { team: "storage" },
      onChange: "update",
      drift: edited({ labels: { team: "finance" } }),
      wrong: [
        [
          { Team: "payments" },
          "must have a key that begins with a lowercase letter and has at most 63 lowercase letters, digits, dashes and underscores.",
          "labels.Team",
        ],
      ],
    },
    deleteProtection: {
      to: true,
      onChange: "update",
      drift: edited({ deleteProtection: "ENABLED" }),
      wrong: [["yes", 'must be true or false, not the string "yes".']],
    },
    parentId: {
      to: ({ folders }) => folders.add("company"),
      onChange: "update",
      drift: edited({ parentId: otherFolder }),
      wrong: [
        [
          "company",
          'must be "root" or the id of a folder, a UUID, not the string "company". getFolder({ path: "/payments" }) reads the id of an existing folder.',
        ],
      ],
    },
    serverless: {
      to: { regions: ["us-central1"], usageLimits: { requestUnitLimit: 1_000_000 } },
      onChange: "update",
      whenUnknown: "replace",
      before: basic({ usageLimits: { requestUnitLimit: 2_000_000 } }, { name: "orders-test" }),
      drift: edited({ usageLimits: { request_unit_limit: "7000000" } }),
      wrong: [[{ regions: [] }, "must name at least one region.", "serverless.regions"]],
    },
    "dedicated.regionNodes": {
      to: { "us-east-1": 4 },
      onChange: "update",
      before: advanced({}, { name: "orders-test" }),
      drift: edited({ regionNodes: { "us-east-1": 5 } }),
      wrong: [],
    },
    "dedicated.regionMachineSpecs": {
      to: {
        "us-east-1": { numVirtualCpus: 8 },
        "us-east-2": { numVirtualCpus: 4 },
        "us-west-2": { numVirtualCpus: 4 },
      },
      onChange: "update",
      before: byRegion(
        {
          "us-east-1": { numVirtualCpus: 4 },
          "us-east-2": { numVirtualCpus: 4 },
          "us-west-2": { numVirtualCpus: 4 },
        },
        { name: "orders-test" },
      ),
      drift: edited({ machineType: { "us-west-2": "m6i.4xlarge" } }),
      wrong: [
        [
          { "us-east-1": { numVirtualCpus: 4 } },
          "must name a machine for each region of regionNodes: us-east-2, us-west-2 have none.",
        ],
      ],
    },
    customerCloudAccount: {
      to: { aws: { arn: "arn:aws:iam::1:role/a" } },
      onChange: "replace",
      before: advanced({}, { name: "orders-test" }),
      drift: "cannot change",
      wrong: [],
    },
  },
  managedWhenAbsent: [
    "serverless.usageLimits.requestUnitLimit",
    "serverless.usageLimits.storageMibLimit",
    "serverless.usageLimits.provisionedVirtualCpus",
  ],

  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",

  operations: {
    create: "CreateCluster",
    // Takes the creation mark off.
    completeCreate: "UpdateCluster",
    read: "ListClusters",
    update: "UpdateCluster",
    delete: "DeleteCluster",
  },
  createBody: (_place, mark) => ({
    name: "orders-test",
    provider: "GCP",
    spec: {
      plan: "BASIC",
      delete_protection: "DISABLED",
      labels: { "pulumi-creating": mark, team: "payments" },
      parent_id: "root",
      serverless: {
        regions: ["us-central1", "us-east1"],
        primary_region: "us-east1",
        usage_limits: { request_unit_limit: "5000000", storage_mib_limit: "6000" },
        with_empty_ip_allowlist: true,
      },
    },
  }),

  exists: ({ emulator, id }) =>
    emulator.clusters.list().some((cluster) => cluster.id === id && cluster.state !== "DELETED"),
  remove: ({ emulator, id }) => emulator.clusters.delete(id),

  lostCreate: { outcome: "found", isReadOptional: true },
  existing: { outcome: "refused" },
};

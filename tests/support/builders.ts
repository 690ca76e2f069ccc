// Arguments of clusters for tests: each builder makes a valid one, and takes what a test cares about.

import { clusterSchema } from "../../sdk/resources/clusters";

// What a program says, before it is checked: tests put wrong values in too.
// biome-ignore lint/suspicious/noExplicitAny: arguments of any shape
type Args = Record<string, any>;

/** A Basic cluster on GCP in one region, without a name. */
export function basic(serverless: Args = {}, others: Args = {}): Args {
  return {
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"], ...serverless },
    ...others,
  };
}

/** A Standard cluster on GCP in one region with 2 vCPUs, without a name. */
export function standard(serverless: Args = {}, others: Args = {}): Args {
  return {
    plan: "STANDARD",
    cloudProvider: "GCP",
    serverless: {
      regions: ["us-central1"],
      usageLimits: { provisionedVirtualCpus: 2 },
      ...serverless,
    },
    ...others,
  };
}

/** An Advanced cluster on AWS with three nodes of 4 vCPUs, without a name. */
export function advanced(dedicated: Args = {}, others: Args = {}): Args {
  return {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { "us-east-1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
      ...dedicated,
    },
    ...others,
  };
}

/** The outputs of a cluster that is exactly as these arguments say, as if a run had just ended. */
export function stateOf(args: Args): Args {
  const { plan, cloudProvider, serverless, dedicated, customerCloudAccount } = args;
  const version = serverless?.cockroachVersion ?? dedicated?.cockroachVersion ?? "v25.2";
  const regions: string[] = serverless?.regions ?? Object.keys(dedicated?.regionNodes ?? {});
  return {
    name: args["name"] ?? "generated-a1b2c3",
    cloudProvider,
    plan,
    deleteProtection: args["deleteProtection"] ?? false,
    labels: args["labels"] ?? {},
    parentId: args["parentId"] ?? "root",
    ...(serverless && {
      serverless: {
        regions: [...regions].sort(),
        primaryRegion: serverless.primaryRegion ?? regions[0],
        ...(Object.keys(serverless.usageLimits ?? {}).length > 0 && {
          usageLimits: serverless.usageLimits,
        }),
        upgradeType: serverless.upgradeType ?? "AUTOMATIC",
        cockroachVersion: version,
        ...(serverless.withEmptyIpAllowlist !== undefined && {
          withEmptyIpAllowlist: serverless.withEmptyIpAllowlist,
        }),
      },
    }),
    ...(dedicated && {
      dedicated: {
        regionNodes: dedicated.regionNodes,
        hardware: {
          machineSpec: { numVirtualCpus: 4, machineType: "m6i.xlarge" },
          storageGib: dedicated.hardware.storageGib ?? 15,
          diskIops: dedicated.hardware.diskIops ?? 525,
          memoryGib: 16,
        },
        cockroachVersion: version,
        networkVisibility: dedicated.networkVisibility ?? "PUBLIC",
        ...(cloudProvider === "GCP" && { cidrRange: dedicated.cidrRange ?? "172.28.0.0/14" }),
        ...(dedicated.supportsClusterVirtualization !== undefined && {
          supportsClusterVirtualization: dedicated.supportsClusterVirtualization,
        }),
        ...(dedicated.restrictEgressTraffic !== undefined && {
          restrictEgressTraffic: dedicated.restrictEgressTraffic,
        }),
      },
    }),
    ...(customerCloudAccount && { customerCloudAccount }),
    state: "CREATED",
    cockroachVersion: `${version}.6`,
    regions: [],
    sqlDns: "",
    routingId: "",
    accountId: "",
    creatorId: "",
    createdAt: "",
    upgradeStatus: "FINALIZED",
    egressTrafficPolicy: "",
    azureClusterIdentityClientId: "",
  };
}

/** A Basic cluster as the client reads it, of which the service says no more than it must. */
export function wireCluster(members: Args = {}) {
  return clusterSchema.parse({
    id: "8d0a7f0e-4c67-4c5e-9d0d-0f3f5a9b1c2d",
    name: "orders",
    plan: "BASIC",
    cloud_provider: "GCP",
    state: "CREATED",
    ...members,
  });
}

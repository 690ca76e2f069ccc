// CreateCluster. The plan lives in `spec`, and is inferred from the contents when it is left out; keys that the
// API does not know (a `plan` beside `name`, as the user guide writes it) are ignored.

import { randomInt, randomUUID } from "node:crypto";
import type { CatalogueMachine } from "../catalogue/machines";
import { majorOf } from "../catalogue/versions";
import type { EmulatorContext } from "../context";
import type { FolderRecords } from "../organization/folders";
import { parentOf } from "../organization/folders";
import { ApiError, failedPrecondition, invalidArgument, invalidValue } from "../server/errors";
import type { Field, MessageShape } from "../server/protojson";
import { checkLabels } from "./labels";
import type { ClusterRecord, RegionRecord } from "./record";
import {
  checkName,
  checkRegionNodes,
  checkServerlessRegions,
  checkUsageLimits,
  diskFor,
  machinesFor,
} from "./rules";
import { startJob } from "./timeline";
import type {
  CloudProvider,
  Plan,
  WireCreateCluster,
  WireDedicatedCreate,
  WireServerlessCreate,
} from "./wire";
import { cloudProviders, deleteProtections, plans, upgradeTypes } from "./wire";

/** Limits, in bodies. */
export const usageLimitsShape: MessageShape = {
  name: "cockroach.cloud.UsageLimits",
  fields: {
    provisioned_virtual_cpus: "int64",
    request_unit_limit: "int64",
    storage_mib_limit: "int64",
  },
};

const machineField: Field = {
  message: {
    name: "cockroach.cloud.DedicatedMachineTypeSpecification",
    fields: { num_virtual_cpus: "int32", machine_type: "string" },
  },
};

/** Machines by region, in bodies. */
export const regionMachineSpecsField: Field = { map: machineField };

/** Hardware, in bodies. */
export const hardwareShape: MessageShape = {
  name: "cockroach.cloud.DedicatedHardwareSpecification",
  fields: {
    machine_spec: machineField,
    storage_gib: "int32",
    disk_iops: "int32",
  },
};

const customerCloudAccountShape: MessageShape = {
  name: "cockroach.cloud.CustomerCloudAccount",
  fields: {
    aws: {
      message: { name: "cockroach.cloud.AwsCustomerCloudAccount", fields: { arn: "string" } },
    },
    azure: {
      message: {
        name: "cockroach.cloud.AzureCustomerCloudAccount",
        fields: { subscription_id: "string", tenant_id: "string" },
      },
    },
    gcp: {
      message: {
        name: "cockroach.cloud.GcpCustomerCloudAccount",
        fields: { service_account_email: "string" },
      },
    },
  },
};

/** The body of CreateCluster. */
export const createClusterShape: MessageShape = {
  name: "cockroach.cloud.CreateClusterRequest",
  fields: {
    name: "string",
    provider: { enumeration: cloudProviders },
    spec: {
      message: {
        name: "cockroach.cloud.CreateClusterSpecification",
        fields: {
          customer_cloud_account: { message: customerCloudAccountShape },
          dedicated: {
            message: {
              name: "cockroach.cloud.DedicatedClusterCreateSpecification",
              fields: {
                cidr_range: "string",
                cockroach_version: "string",
                hardware: { message: hardwareShape },
                network_visibility: { enumeration: ["PUBLIC", "PRIVATE"] },
                region_machine_specs: regionMachineSpecsField,
                region_nodes: { map: "int32" },
                restrict_egress_traffic: "bool",
                supports_cluster_virtualization: "bool",
              },
            },
          },
          delete_protection: { enumeration: deleteProtections },
          labels: { map: "string" },
          parent_id: "string",
          plan: { enumeration: plans },
          serverless: {
            message: {
              name: "cockroach.cloud.ServerlessClusterCreateSpecification",
              fields: {
                primary_region: "string",
                regions: { list: "string" },
                upgrade_type: { enumeration: upgradeTypes },
                usage_limits: { message: usageLimitsShape },
                with_empty_ip_allowlist: "bool",
              },
            },
          },
        },
      },
    },
  },
};

/** What a creation needs to know beside its body. */
export interface Creation {
  readonly context: EmulatorContext;
  readonly folders: FolderRecords;
  /** The organization's other clusters, up to date. */
  readonly others: readonly ClusterRecord[];
  /** UUID of the service account. */
  readonly creatorId: string;
  readonly now: number;
}

/** Checks the body and creates the cluster, in the state CREATING. @throws what the API refuses. */
export function createCluster(body: WireCreateCluster, creation: Creation): ClusterRecord {
  const { name = "", provider, spec } = body;
  if (name === "" || provider === undefined || spec === undefined) {
    const missing = name === "" ? "name" : provider === undefined ? "provider" : "spec";
    throw invalidArgument(`invalid argument: ${missing} is required`);
  }
  const { context, now } = creation;
  const { serverless, dedicated } = spec;
  checkName(name, context.assumptions.nameMax);
  if ((serverless === undefined) === (dedicated === undefined)) {
    throw invalidValue("exactly one of serverless and dedicated must be specified");
  }
  const plan = spec.plan ?? inferredPlan(serverless);
  if ((plan === "ADVANCED") !== (dedicated !== undefined)) {
    const key = dedicated === undefined ? "serverless" : "dedicated";
    throw invalidValue(`spec.${key} is not supported on ${plan} clusters`);
  }
  checkLabels(spec.labels ?? {}, "cluster");
  const parentId = parentOf(spec.parent_id, creation.folders);
  const own =
    serverless === undefined
      ? dedicatedPart(dedicated ?? {}, name, provider, context)
      : serverlessPart(serverless, name, provider, plan as "BASIC" | "STANDARD", context);
  checkNameIsFree(name, creation);

  const cluster: ClusterRecord = {
    id: randomUUID(),
    name,
    provider,
    creatorId: creation.creatorId,
    createdAt: now,
    updatedAt: now,
    deletedAt: undefined,
    customerCloudAccount: spec.customer_cloud_account ?? null,
    phase: "creating",
    plan,
    parentId,
    labels: { ...spec.labels },
    deleteProtection: spec.delete_protection ?? context.assumptions.defaultDeleteProtection,
    upgrade: undefined,
    job: undefined,
    failedOperation: undefined,
    otherWork: undefined,
    decreases: [],
    downgradedAt: undefined,
    storageGrownAt: undefined,
    stale: undefined,
    steps: [],
    history: [],
    upToDateAt: now,
    ...own,
  };
  context.background?.begin(cluster, now);
  startJob(cluster, now, {
    operation: "UNSPECIFIED",
    durationMs: creationMs(plan, context),
    locks: false,
    fails: context.queued.consumeCreationFailure(),
    succeed: () => {
      cluster.phase = "created";
    },
    fail: () => {
      cluster.phase = "creation-failed";
    },
  });
  return cluster;
}

function inferredPlan(serverless: WireServerlessCreate | undefined): Plan {
  if (serverless === undefined) {
    return "ADVANCED";
  }
  return serverless.usage_limits?.provisioned_virtual_cpus === undefined ? "BASIC" : "STANDARD";
}

function creationMs(plan: Plan, context: EmulatorContext): number {
  const { createAdvancedMs, createBasicMs, createStandardMs } = context.durations;
  return { ADVANCED: createAdvancedMs, BASIC: createBasicMs, STANDARD: createStandardMs }[plan];
}

function checkNameIsFree(name: string, { context, others, now }: Creation): void {
  const { allowDuplicateNames, duplicateName, failedClusterHoldsName } = context.assumptions;
  const holds = (cluster: ClusterRecord) => {
    if (cluster.phase === "deleted") {
      return (cluster.deletedAt ?? 0) + context.durations.nameReleaseMs > now;
    }
    return cluster.phase !== "creation-failed" || failedClusterHoldsName;
  };
  if (!allowDuplicateNames && others.some((other) => other.name === name && holds(other))) {
    throw new ApiError(duplicateName, `a cluster with the name '${name}' already exists`);
  }
}

type Own =
  | "accountId"
  | "azureIdentityClientId"
  | "cidrRange"
  | "disk"
  | "egressTrafficPolicy"
  | "hostSuffix"
  | "networkVisibility"
  | "regions"
  | "serverless"
  | "sqlDns"
  | "startsWithEmptyAllowlist"
  | "supportsVirtualization"
  | "version";

function serverlessPart(
  spec: WireServerlessCreate,
  name: string,
  provider: CloudProvider,
  plan: "BASIC" | "STANDARD",
  context: EmulatorContext,
): Pick<ClusterRecord, Own> {
  if (provider === "AZURE") {
    throw invalidValue(`${plan} clusters are not supported on AZURE`);
  }
  const regions = spec.regions ?? [];
  checkServerlessRegions(regions, spec.primary_region, provider, plan, context);
  const limits = { ...spec.usage_limits };
  checkUsageLimits(limits, plan, context);
  const upgradeType = spec.upgrade_type ?? "AUTOMATIC";
  if (plan === "BASIC" && upgradeType === "MANUAL") {
    throw failedPrecondition("upgrade_type MANUAL is not supported on BASIC clusters");
  }
  const routingId = `${name}-${randomInt(1000, 30000)}`;
  const first = serverlessRegion(regions[0] ?? "", routingId, provider);
  const primary =
    regions.length > 1 || context.assumptions.singleRegionIsPrimary
      ? spec.primary_region || regions[0]
      : undefined;
  return {
    hostSuffix: routingId.slice(name.length + 1),
    sqlDns: first.sqlDns,
    accountId: "",
    azureIdentityClientId: "",
    cidrRange: "",
    egressTrafficPolicy: "UNSPECIFIED",
    networkVisibility: "PUBLIC",
    startsWithEmptyAllowlist: spec.with_empty_ip_allowlist ?? false,
    supportsVirtualization: false,
    version: context.versions.newest("serverless").patch,
    regions: regions.map((region) => ({
      ...serverlessRegion(region, routingId, provider),
      primary: region === primary,
    })),
    serverless: {
      routingId,
      upgradeType,
      usageLimits: Object.keys(limits).length === 0 ? null : limits,
    },
    disk: undefined,
  };
}

/** A region of a Basic or Standard cluster, not primary. */
export function serverlessRegion(
  region: string,
  routingId: string,
  provider: CloudProvider,
): RegionRecord {
  const host = `${routingId}.jxf.${provider.toLowerCase()}-${region}.cockroachlabs.cloud`;
  return {
    name: region,
    nodes: 0,
    primary: false,
    machine: undefined,
    sqlDns: host,
    uiDns: "",
    internalDns: `internal-${host}`,
    privateEndpointDns: "",
    s3VpcEndpointId: "",
  };
}

function dedicatedPart(
  spec: WireDedicatedCreate,
  name: string,
  provider: CloudProvider,
  context: EmulatorContext,
): Pick<ClusterRecord, Own> {
  const regionNodes = spec.region_nodes ?? {};
  checkRegionNodes(regionNodes, provider, context);
  if (spec.hardware === undefined) {
    throw invalidValue("hardware is required");
  }
  const machines = machinesFor(spec, Object.keys(regionNodes), provider, [], context);
  const disk = diskFor(spec.hardware, provider, machines, undefined);
  const version = createdVersion(spec.cockroach_version ?? "", context);
  const cidrRange = cidrRangeOf(spec.cidr_range ?? "", provider);
  const hostSuffix = randomInt(46656, 1679615).toString(36).slice(0, 3);
  const host = `${name}-${hostSuffix}`;
  const regions = Object.entries(regionNodes).map(([region, nodes]) =>
    dedicatedRegion(region, nodes, machines.get(region), host, provider),
  );
  return {
    hostSuffix,
    // Stable from creation, so it must not depend on regions that come and go.
    sqlDns:
      regions.length === 1
        ? (regions[0]?.sqlDns ?? "")
        : `${name}-${hostSuffix}.${provider.toLowerCase()}.cockroachlabs.cloud`,
    accountId: accountOf(provider),
    azureIdentityClientId: provider === "AZURE" ? randomUUID() : "",
    cidrRange,
    egressTrafficPolicy: spec.restrict_egress_traffic === true ? "DEFAULT_DENY" : "ALLOW_ALL",
    networkVisibility: spec.network_visibility ?? defaultVisibility(provider, context),
    startsWithEmptyAllowlist: true,
    supportsVirtualization: spec.supports_cluster_virtualization ?? false,
    version,
    regions,
    serverless: undefined,
    disk,
  };
}

/** A region of an Advanced cluster. @param host the cluster's name with its suffix. */
export function dedicatedRegion(
  region: string,
  nodes: number,
  machine: CatalogueMachine | undefined,
  host: string,
  provider: CloudProvider,
): RegionRecord {
  const sqlDns = `${host}.${provider.toLowerCase()}-${region}.cockroachlabs.cloud`;
  return {
    name: region,
    nodes,
    primary: false,
    machine,
    sqlDns,
    uiDns: `admin-${sqlDns}`,
    internalDns: `internal-${sqlDns}`,
    privateEndpointDns: "",
    s3VpcEndpointId:
      provider === "AWS" ? `vpce-${randomUUID().replaceAll("-", "").slice(0, 17)}` : "",
  };
}

function defaultVisibility(provider: CloudProvider, { assumptions }: EmulatorContext) {
  return provider === "GCP" ? assumptions.gcpDefaultVisibility : "PUBLIC";
}

function accountOf(provider: CloudProvider): string {
  switch (provider) {
    case "AWS":
      return String(randomInt(100_000_000_000, 281_474_976_710_655)).slice(0, 12);
    case "GCP":
      return `crl-prod-${randomInt(46656, 1679615).toString(36)}`;
    case "AZURE":
      return randomUUID();
  }
}

function createdVersion(asked: string, context: EmulatorContext): string {
  if (asked === "") {
    return context.versions.newest("ADVANCED").patch;
  }
  const version =
    context.versions.find(asked) ??
    (context.assumptions.allowPatchVersions ? context.versions.find(majorOf(asked)) : undefined);
  if (version?.supportStatus !== "SUPPORTED") {
    throw invalidValue(`unsupported version: ${asked}`);
  }
  return version.patch;
}

function cidrRangeOf(asked: string, provider: CloudProvider): string {
  if (provider !== "GCP") {
    if (asked !== "") {
      throw invalidValue("cidr_range is supported on GCP only");
    }
    return "";
  }
  if (asked === "") {
    return "172.28.0.0/14";
  }
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(asked);
  const numbers = (match ?? []).slice(1).map(Number);
  const prefix = numbers[4] ?? 33;
  if (match === null || numbers.slice(0, 4).some((octet) => octet > 255) || prefix > 32) {
    throw invalidValue(`invalid cidr_range '${asked}'`);
  }
  if (prefix > 19) {
    throw invalidValue("cidr_range must have a subnet mask no larger than /19");
  }
  return asked;
}

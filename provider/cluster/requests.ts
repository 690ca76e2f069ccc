/** The requests of a cluster: what its POST says, and each PATCH. Pure. */
import type { CreateClusterRequest, UpdateClusterRequest, WireUsageLimits } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import type { UsageLimits } from "./args";
import { majorVersion } from "./cockroach-version";
import { diffCluster } from "./diff";
import { regionsToMove } from "./machines";
import type { Inputs, Unchecked } from "./schema";
import type { State } from "./wire";

/** The limits of a program as the API takes them; all left out means no limits. */
export function toWireLimits(limits: UsageLimits | undefined): WireUsageLimits {
  return {
    ...(limits?.provisionedVirtualCpus
      ? { provisioned_virtual_cpus: limits.provisionedVirtualCpus }
      : {}),
    ...(limits?.requestUnitLimit ? { request_unit_limit: limits.requestUnitLimit } : {}),
    ...(limits?.storageMibLimit ? { storage_mib_limit: limits.storageMibLimit } : {}),
  };
}

/** The machine size of a program as the API takes it. */
export function toWireMachine(spec: MachineInputs) {
  if (spec.machineType !== undefined) return { machine_type: spec.machineType };
  return { num_virtual_cpus: spec.numVirtualCpus ?? 0 };
}

/** The same for the machines of regions. */
export function toWireMachines(specs: Readonly<Record<string, MachineInputs>>) {
  return Object.fromEntries(
    Object.entries(specs).map(([region, spec]) => [region, toWireMachine(spec)]),
  );
}

type MachineInputs = NonNullable<NonNullable<Inputs["dedicated"]>["hardware"]["machineSpec"]>;

/** The request that creates a cluster with these arguments, under this name and with these labels. */
export function toCreateRequest(
  inputs: Inputs,
  name: string,
  labels: Record<string, string>,
): CreateClusterRequest {
  const {
    plan,
    cloudProvider,
    deleteProtection,
    parentId,
    serverless,
    dedicated,
    customerCloudAccount,
  } = inputs;
  return {
    name,
    provider: cloudProvider,
    spec: {
      plan,
      // The service's own default is not settled, so it is always said.
      delete_protection: deleteProtection === true ? "ENABLED" : "DISABLED",
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...omitUndefined({ parent_id: parentId }),
      ...(serverless === undefined ? {} : { serverless: toWireServerless(serverless) }),
      ...(dedicated === undefined ? {} : { dedicated: toWireDedicated(dedicated) }),
      ...(customerCloudAccount === undefined
        ? {}
        : { customer_cloud_account: toWireAccount(customerCloudAccount) }),
    },
  };
}

function toWireServerless(part: NonNullable<Inputs["serverless"]>) {
  const { regions, primaryRegion, usageLimits, upgradeType, withEmptyIpAllowlist } = part;
  const limits = toWireLimits(usageLimits as UsageLimits | undefined);
  return {
    regions,
    ...(Object.keys(limits).length === 0 ? {} : { usage_limits: limits }),
    ...omitUndefined({
      primary_region: primaryRegion,
      upgrade_type: upgradeType,
      with_empty_ip_allowlist: withEmptyIpAllowlist,
    }),
  };
}

function toWireDedicated(part: NonNullable<Inputs["dedicated"]>) {
  const { hardware, regionMachineSpecs, cockroachVersion } = part;
  const version = cockroachVersion === undefined ? undefined : majorVersion(cockroachVersion);
  return {
    region_nodes: part.regionNodes,
    ...(regionMachineSpecs === undefined
      ? {}
      : { region_machine_specs: toWireMachines(regionMachineSpecs) }),
    hardware: {
      ...(hardware.machineSpec === undefined
        ? {}
        : { machine_spec: toWireMachine(hardware.machineSpec) }),
      // Required by the API, where zero stands for the smallest size.
      storage_gib: hardware.storageGib ?? 0,
      ...(hardware.diskIops ? { disk_iops: hardware.diskIops } : {}),
    },
    ...omitUndefined({
      cockroach_version: version,
      network_visibility: part.networkVisibility,
      cidr_range: part.cidrRange,
      supports_cluster_virtualization: part.supportsClusterVirtualization,
      restrict_egress_traffic: part.restrictEgressTraffic,
    }),
  };
}

function toWireAccount({ aws, gcp, azure }: NonNullable<Inputs["customerCloudAccount"]>) {
  if (aws) return { aws };
  if (gcp) return { gcp: { service_account_email: gcp.serviceAccountEmail } };
  return {
    azure: { subscription_id: azure?.subscriptionId ?? "", tenant_id: azure?.tenantId ?? "" },
  };
}

/** The machines of single regions. */
export const regionMachinesProperty = "dedicated.regionMachineSpecs";

/** One PATCH. */
export interface UpdateStep {
  /** The properties that it changes. */
  properties: string[];
  body: UpdateClusterRequest;
  /** Whether the service works on it after its response. */
  isAsync: boolean;
}

/**
 * The next step from `state` to the arguments; undefined when nothing is left to do. `previousInputs` are the
 * arguments that `state` came from, where they are known. Pure.
 */
export function nextStep(
  state: State,
  news: Inputs,
  previousInputs: Unchecked = {},
): UpdateStep | undefined {
  const changed = new Set(diffCluster(state, news, previousInputs).map(({ property }) => property));
  const general = generalStep(changed, state, news, previousInputs);
  for (const [step, goesWithGeneral] of steps) {
    const next = step(changed, state, news, previousInputs);
    if (next === undefined) continue;
    if (general === undefined) return next;
    return goesWithGeneral ? together(general, next) : general;
  }
  return general;
}

function together(one: UpdateStep, other: UpdateStep): UpdateStep {
  return {
    properties: [...one.properties, ...other.properties],
    body: { ...one.body, ...other.body },
    isAsync: one.isAsync || other.isAsync,
  };
}

type MaybeStep = (
  changed: ReadonlySet<string>,
  state: State,
  news: Inputs,
  previousInputs: Unchecked,
) => UpdateStep | undefined;

const generalStep: MaybeStep = (changed, _state, news) => {
  const properties = ["deleteProtection", "labels", "parentId"].filter((property) =>
    changed.has(property),
  );
  if (properties.length === 0) return undefined;
  const body: UpdateClusterRequest = {};
  if (changed.has("deleteProtection"))
    body.delete_protection = news.deleteProtection ? "ENABLED" : "DISABLED";
  if (changed.has("labels") && news.labels) body.labels = news.labels;
  if (changed.has("parentId") && news.parentId !== undefined) body.parent_id = news.parentId;
  return { properties, body, isAsync: false };
};

/** A Standard cluster must be back on automatic upgrades before it can become Basic. */
const automaticUpgradesStep: MaybeStep = (changed, state, news) =>
  changed.has("plan") && news.plan === "BASIC" && state.serverless?.upgradeType === "MANUAL"
    ? {
        properties: ["serverless.upgradeType"],
        body: { serverless: { upgrade_type: "AUTOMATIC" } },
        isAsync: false,
      }
    : undefined;

const planStep: MaybeStep = (changed, _state, news) =>
  changed.has("plan")
    ? {
        properties: ["plan", "serverless.usageLimits"],
        body: { plan: news.plan, serverless: { usage_limits: toWireLimits(limitsOf(news)) } },
        isAsync: true,
      }
    : undefined;

const serverlessStep: MaybeStep = (changed, state, news) => {
  const properties = ["regions", "primaryRegion", "usageLimits"]
    .map((member) => `serverless.${member}`)
    .filter((property) => changed.has(property));
  if (properties.length === 0) return undefined;
  const serverless: NonNullable<UpdateClusterRequest["serverless"]> = {};
  if (changed.has("serverless.regions") && news.serverless)
    serverless.regions = news.serverless.regions;
  const primary = news.serverless?.primaryRegion ?? state.serverless?.primaryRegion;
  const needsPrimary =
    changed.has("serverless.primaryRegion") || (serverless.regions?.length ?? 0) > 1;
  if (needsPrimary && primary !== undefined) serverless.primary_region = primary;
  if (changed.has("serverless.usageLimits")) serverless.usage_limits = toWireLimits(limitsOf(news));
  return { properties, body: { serverless }, isAsync: changed.has("serverless.regions") };
};

const upgradeTypeStep: MaybeStep = (changed, _state, news) =>
  changed.has("serverless.upgradeType") && news.serverless?.upgradeType
    ? {
        properties: ["serverless.upgradeType"],
        body: { serverless: { upgrade_type: news.serverless.upgradeType } },
        isAsync: false,
      }
    : undefined;

const dedicatedStep: MaybeStep = (changed, state, news, previousInputs) => {
  const part = news.dedicated;
  const members = [
    "regionNodes",
    "hardware",
    "regionMachineSpecs",
    "hardware.machineSpec",
    "hardware.storageGib",
    "hardware.diskIops",
  ];
  const properties = members
    .map((member) => `dedicated.${member}`)
    .filter((property) => changed.has(property));
  if (part === undefined || properties.length === 0) return undefined;
  const dedicated: NonNullable<UpdateClusterRequest["dedicated"]> = {};
  const isNew = (region: string) => !(region in (state.dedicated?.regionNodes ?? {}));
  if (changed.has("dedicated.regionNodes")) {
    dedicated.region_nodes = part.regionNodes;
    const keys = (part.cmekRegionSpecs ?? []).filter(({ region }) => isNew(region));
    if (keys.length > 0) dedicated.cmek_region_specs = keys.map(toWireRegionKey);
  }
  const moved = regionsToMove(state, news, previousInputs);
  const machines = Object.entries(part.regionMachineSpecs ?? {}).filter(
    ([region]) => isNew(region) || moved.includes(region),
  );
  if (machines.length > 0) {
    dedicated.region_machine_specs = toWireMachines(Object.fromEntries(machines));
    // A new region gets its machine with its nodes.
    if (!properties.includes(regionMachinesProperty)) properties.push(regionMachinesProperty);
  }
  const hardware: NonNullable<typeof dedicated.hardware> = {};
  const { machineSpec, storageGib, diskIops } = part.hardware;
  if (changed.has("dedicated.hardware.machineSpec") && machineSpec !== undefined)
    hardware.machine_spec = toWireMachine(machineSpec);
  if (changed.has("dedicated.hardware.storageGib") && storageGib !== undefined)
    hardware.storage_gib = storageGib;
  if (changed.has("dedicated.hardware.diskIops") && diskIops !== undefined)
    hardware.disk_iops = diskIops;
  // Another machine or disk comes with the default, and on AWS a disk changes once in six hours.
  const changesDisks = Object.keys(hardware).length > 0 || moved.length > 0;
  if (changesDisks && news.cloudProvider === "AWS" && diskIops) hardware.disk_iops = diskIops;
  if (Object.keys(hardware).length > 0) dedicated.hardware = hardware;
  return { properties, body: { dedicated }, isAsync: true };
};

const versionStep: MaybeStep = (changed, _state, news) => {
  const part = changed.has("dedicated.cockroachVersion") ? "dedicated" : "serverless";
  if (!changed.has(`${part}.cockroachVersion`)) return undefined;
  const version = majorVersion(news[part]?.cockroachVersion ?? "");
  if (version === undefined) return undefined;
  return {
    properties: [`${part}.cockroachVersion`],
    body: { cockroach_version: version },
    isAsync: true,
  };
};

const finalizeStep: MaybeStep = (changed) => {
  const properties = ["serverless.finalizeUpgrade", "dedicated.finalizeUpgrade"].filter(
    (property) => changed.has(property),
  );
  return properties.length === 0
    ? undefined
    : { properties, body: { upgrade_status: "FINALIZED" }, isAsync: true };
};

/** In their order, with whether the API takes them together with the general step. */
const steps: readonly (readonly [step: MaybeStep, goesWithGeneral: boolean])[] = [
  [automaticUpgradesStep, false],
  [planStep, false],
  [serverlessStep, true],
  [upgradeTypeStep, false],
  [dedicatedStep, true],
  [finalizeStep, false],
  [versionStep, false],
];

function limitsOf(news: Inputs) {
  const limits = news.serverless?.usageLimits;
  if (limits === undefined) return undefined;
  const { provisionedVirtualCpus, requestUnitLimit, storageMibLimit } = limits;
  return omitUndefined({ provisionedVirtualCpus, requestUnitLimit, storageMibLimit });
}

function toWireRegionKey({
  region,
  keySpec,
}: NonNullable<NonNullable<Inputs["dedicated"]>["cmekRegionSpecs"]>[number]) {
  return {
    region,
    key_spec: { type: keySpec.type, uri: keySpec.uri, auth_principal: keySpec.authPrincipal },
  };
}

// Rules about single values that creating and updating share: names, limits, regions, hardware.

import type { CatalogueMachine } from "../catalogue/machines";
import {
  machineOfSize,
  machineOfType,
  maxStorageGib,
  minStorageGib,
  provisionedIops,
} from "../catalogue/machines";
import { checkRegion } from "../catalogue/regions";
import type { EmulatorContext } from "../context";
import { failedPrecondition, invalidValue } from "../server/errors";
import type { DiskRecord, RegionRecord } from "./record";
import type {
  CloudProvider,
  Plan,
  WireDedicatedCreate,
  WireHardwareSpec,
  WireMachineSpec,
  WireUsageLimits,
} from "./wire";

/** Applies a change that has passed all checks. Returns whether it changed anything. */
export type Change = () => boolean;

/** Lowercase letters, digits and dashes, no dash at either end, at least 6 characters. */
export function checkName(name: string, nameMax: number): void {
  if (name.length < 6 || name.length > nameMax || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw invalidValue(
      `invalid cluster name '${name}': must be 6-${nameMax} characters of lowercase letters, ` +
        "numbers and dashes, without a leading or trailing dash",
    );
  }
}

/** Standard needs vCPUs and has no other limits, Basic has no vCPUs, and no limit is zero. */
export function checkUsageLimits(
  limits: WireUsageLimits,
  plan: "BASIC" | "STANDARD",
  context: EmulatorContext,
): void {
  for (const [name, value] of Object.entries(limits)) {
    if (BigInt(value) <= 0n) {
      throw invalidValue(`usage_limits.${name} must be greater than zero`);
    }
  }
  if (plan === "BASIC") {
    if (limits.provisioned_virtual_cpus !== undefined) {
      throw invalidValue("provisioned_virtual_cpus is not supported on BASIC clusters");
    }
    return;
  }
  for (const name of ["request_unit_limit", "storage_mib_limit"] as const) {
    if (limits[name] !== undefined) {
      throw invalidValue(`${name} is not supported on STANDARD clusters`);
    }
  }
  if (limits.provisioned_virtual_cpus === undefined) {
    throw invalidValue("provisioned_virtual_cpus is required on STANDARD clusters");
  }
  const vcpus = Number(limits.provisioned_virtual_cpus);
  const { vcpuMultiple } = context.assumptions;
  if (vcpus < 2 || vcpus > 200 || vcpus % vcpuMultiple !== 0) {
    const multiple = vcpuMultiple === 1 ? "" : ` and a multiple of ${vcpuMultiple}`;
    throw invalidValue(`provisioned_virtual_cpus must be between 2 and 200${multiple}`);
  }
}

/** Existing, distinct regions, a primary one as soon as there are several, and the primary one among them. */
export function checkServerlessRegions(
  regions: readonly string[],
  primaryRegion: string | undefined,
  provider: CloudProvider,
  plan: "BASIC" | "STANDARD",
  context: EmulatorContext,
): void {
  if (regions.length === 0) {
    throw invalidValue("at least one region must be specified");
  }
  for (const region of regions) {
    checkRegion(context.regions, provider, region, plan);
  }
  if (new Set(regions).size < regions.length) {
    throw invalidValue("regions must be distinct");
  }
  if (primaryRegion !== undefined && primaryRegion !== "" && !regions.includes(primaryRegion)) {
    throw invalidValue(`primary_region '${primaryRegion}' must be one of the regions`);
  }
  if (regions.length > 1 && (primaryRegion === undefined || primaryRegion === "")) {
    throw invalidValue("primary_region is required when there is more than one region");
  }
}

/** One region of 1 node (not on Azure) or at least 3, or at least three regions of at least 3 nodes each. */
export function checkRegionNodes(
  regionNodes: Readonly<Record<string, number>>,
  provider: CloudProvider,
  context: EmulatorContext,
): void {
  const entries = Object.entries(regionNodes);
  if (entries.length === 0) {
    throw invalidValue("at least one region must be specified");
  }
  for (const [region, nodes] of entries) {
    checkRegion(context.regions, provider, region, "ADVANCED");
    if (nodes < 1) {
      throw invalidValue(`region '${region}' must have at least one node`);
    }
  }
  if (entries.length === 2) {
    throw invalidValue("a multi-region cluster must have at least three regions");
  }
  const fewest = Math.min(...entries.map(([, nodes]) => nodes));
  if (entries.length > 1 && fewest < 3) {
    throw invalidValue("each region of a multi-region cluster must have at least three nodes");
  }
  if (fewest === 2) {
    throw invalidValue("a cluster must have one node or at least three nodes");
  }
  if (fewest === 1 && provider === "AZURE") {
    throw invalidValue("single-node clusters are not supported on AZURE");
  }
}

/**
 * The machine of each region that a request leads to. A region that it says nothing of keeps its machine, and a new
 * one gets that of the cluster's first region.
 * @param regions the names of the regions that the cluster will have.
 * @param present the regions that it has, sorted by name.
 */
export function machinesFor(
  asked: Pick<WireDedicatedCreate, "hardware" | "region_machine_specs">,
  regions: readonly string[],
  provider: CloudProvider,
  present: readonly RegionRecord[],
  context: EmulatorContext,
): Map<string, CatalogueMachine> {
  const common = asked.hardware?.machine_spec;
  const specs = new Map(Object.entries(asked.region_machine_specs ?? {}));
  if (specs.size > 0) {
    if (common !== undefined) {
      throw invalidValue("hardware.machine_spec and region_machine_specs are mutually exclusive");
    }
    const stranger = [...specs.keys()].find((region) => !regions.includes(region));
    if (stranger !== undefined) {
      throw invalidValue(
        `region_machine_specs: region '${stranger}' is not a region of the cluster`,
      );
    }
    const missing = present.length === 0 ? regions.filter((region) => !specs.has(region)) : [];
    if (missing.length > 0) {
      throw invalidValue(
        `region_machine_specs must have an entry for every region, missing: ${missing.join(", ")}`,
      );
    }
  }
  return new Map(
    regions.map((region) => {
      const own = present.find(({ name }) => name === region) ?? present[0];
      const spec = specs.get(region) ?? common ?? {};
      return [region, machineFor(spec, provider, own?.machine, context)];
    }),
  );
}

/** The disk that a request leads to, beginning from the current one where there is one. */
export function diskFor(
  spec: WireHardwareSpec,
  provider: CloudProvider,
  machines: ReadonlyMap<string, CatalogueMachine>,
  current: (DiskRecord & { readonly movesMachine: boolean }) | undefined,
): DiskRecord {
  const asked = spec.storage_gib ?? current?.storageGib ?? 0;
  if (asked < 0) {
    throw invalidValue("storage_gib must not be negative");
  }
  for (const machine of machines.values()) {
    if (asked > maxStorageGib(machine)) {
      throw invalidValue(
        `storage_gib must be at most ${maxStorageGib(machine)} for ${machine.type}`,
      );
    }
  }
  // Zero asks for the smallest size that fits all machines, which for an existing cluster is the one that it has.
  const smallest = Math.max(...[...machines.values()].map(minStorageGib), current?.storageGib ?? 0);
  const storageGib = asked === 0 ? smallest : asked;
  if (current !== undefined && storageGib < current.storageGib) {
    throw failedPrecondition("invalid argument: storage_gib cannot be decreased");
  }
  if ((spec.disk_iops ?? 0) < 0) {
    throw invalidValue("disk_iops must not be negative");
  }
  const unchanged =
    current !== undefined &&
    spec.disk_iops === undefined &&
    storageGib === current.storageGib &&
    !current.movesMachine;
  const diskIops = unchanged
    ? current.diskIops
    : provisionedIops(provider, storageGib, spec.disk_iops ?? 0);
  return { storageGib, diskIops };
}

function machineFor(
  { machine_type: type = "", num_virtual_cpus: vcpus = 0 }: WireMachineSpec,
  provider: CloudProvider,
  current: CatalogueMachine | undefined,
  context: EmulatorContext,
): CatalogueMachine {
  if (type !== "" && vcpus !== 0) {
    throw invalidValue("machine_type and num_virtual_cpus are mutually exclusive");
  }
  if (type === "" && vcpus === 0) {
    if (current !== undefined) {
      return current;
    }
    throw invalidValue("one of machine_type and num_virtual_cpus must be specified");
  }
  // The same size is no reason to leave the family that the service has moved the cluster to.
  if (type === "" && current?.vcpus === vcpus) {
    return current;
  }
  const machine =
    type === ""
      ? machineOfSize(context.machines, provider, vcpus)
      : machineOfType(context.machines, provider, type);
  if (machine === undefined) {
    throw invalidValue(
      type === ""
        ? `unsupported num_virtual_cpus for ${provider}: ${vcpus}`
        : `invalid machine type '${type}' for ${provider}`,
    );
  }
  return machine;
}

/** Narrows a plan to the two serverless ones. */
export function isServerlessPlan(plan: Plan): plan is "BASIC" | "STANDARD" {
  return plan !== "ADVANCED";
}

/** The machines of an Advanced cluster: one for all its regions, or one for each. */
import { isLeftOut } from "../values/left-out";
import { isUnknown } from "../values/unknown";
import type { Unchecked } from "./schema";

/** The machine of a region, as the outputs or the arguments of a cluster have it. */
export function machineIn(cluster: Unchecked, region: string | undefined): Unchecked {
  const { hardware, regionMachineSpecs } = cluster.dedicated ?? {};
  const own = region === undefined ? undefined : regionMachineSpecs?.[region];
  return own ?? shownMachines(cluster).find(({ name }) => name === region) ?? hardware?.machineSpec;
}

interface ShownMachine {
  name: string;
  machineType: string;
  numVirtualCpus: number;
}

/** What the outputs have of each region; nothing in those of a service that does not show it. */
function shownMachines({ regions }: Unchecked): ShownMachine[] {
  return Array.isArray(regions) ? regions.filter(({ machineType }) => !isLeftOut(machineType)) : [];
}

/** The regions that the cluster has and keeps; one without a name where they are not known. */
export function keptRegions(was: Unchecked, now: Unchecked): readonly (string | undefined)[] {
  const [present, wanted] = [was, now].map((cluster) => regionsOf(cluster.dedicated?.regionNodes));
  if (present === undefined) return [undefined];
  return wanted === undefined ? present : present.filter((region) => wanted.includes(region));
}

function regionsOf(regionNodes: unknown): string[] | undefined {
  return typeof regionNodes === "object" && regionNodes !== null
    ? Object.keys(regionNodes)
    : undefined;
}

/**
 * Of the regions that stay, those whose machine is not the one of the program. `previousInputs` are the arguments that
 * `was` came from, where they are known.
 */
export function regionsToMove(
  was: Unchecked,
  now: Unchecked,
  previousInputs: Unchecked,
): readonly (string | undefined)[] {
  return keptRegions(was, now).filter((region) =>
    differs(machineIn(was, region), machineIn(now, region), machineIn(previousInputs, region)),
  );
}

/** A machine type that the service moved to another of the same size is no difference. */
function differs(is: Unchecked, wanted: Unchecked, previous: Unchecked): boolean {
  if (isLeftOut(is) || isLeftOut(wanted)) return false;
  if (isUnknown(wanted)) return true;
  const member = !isLeftOut(wanted.numVirtualCpus) ? "numVirtualCpus" : "machineType";
  if (isLeftOut(is[member]) || isLeftOut(wanted[member])) return false;
  if (isUnknown(wanted[member])) return true;
  const isSame = is[member] === wanted[member];
  return !isSame && (member === "numVirtualCpus" || previous?.machineType !== wanted.machineType);
}

/** The vCPUs of each region, where they differ. */
export function mixedMachines(outputs: Unchecked): Unchecked {
  const machines = shownMachines(outputs);
  return new Set(machines.map(({ numVirtualCpus }) => numVirtualCpus)).size < 2
    ? undefined
    : Object.fromEntries(machines.map(({ name, numVirtualCpus }) => [name, { numVirtualCpus }]));
}

/** How a program writes the machines of a cluster: by size, and by region only where the sizes differ. */
export function machineArguments(outputs: Unchecked): Unchecked {
  const regionMachineSpecs = mixedMachines(outputs);
  if (regionMachineSpecs !== undefined) return { regionMachineSpecs };
  const { numVirtualCpus } = outputs.dedicated.hardware.machineSpec;
  return { hardware: { machineSpec: { numVirtualCpus } } };
}

// The catalogue of machine types of Advanced clusters. Of the types of one size the service picks the first.

import type { CloudProvider } from "../cluster/wire";

/** A machine type of a cloud. */
export interface CatalogueMachine {
  readonly provider: CloudProvider;
  /** The cloud's own name, for example `m6i.xlarge`. */
  readonly type: string;
  readonly vcpus: number;
  readonly memoryGib: number;
}

// Every family in use has 4 GiB of memory per vCPU.
function machine(provider: CloudProvider, type: string, vcpus: number): CatalogueMachine {
  return { provider, type, vcpus, memoryGib: vcpus * 4 };
}

const amazonSizes: readonly (readonly [string, number])[] = [
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
  ["12xlarge", 48],
  ["16xlarge", 64],
  ["24xlarge", 96],
];

/** The machine types of the service's documentation, June 2026: from 4 vCPUs on. */
export const defaultMachines: readonly CatalogueMachine[] = [
  ...["m6i", "m7g", "m5"].flatMap((family) =>
    amazonSizes.map(([size, vcpus]) => machine("AWS", `${family}.${size}`, vcpus)),
  ),
  ...["n2-standard", "n1-standard"].flatMap((family) =>
    [4, 8, 16, 32, 48, 64, 80, 96].map((vcpus) => machine("GCP", `${family}-${vcpus}`, vcpus)),
  ),
  ...[4, 8, 16, 32, 48, 64].map((vcpus) => machine("AZURE", `Standard_D${vcpus}s_v3`, vcpus)),
];

/** The machine that the service picks for a number of vCPUs; undefined when there is none. */
export function machineOfSize(
  machines: readonly CatalogueMachine[],
  provider: CloudProvider,
  vcpus: number,
): CatalogueMachine | undefined {
  return machines.find((one) => one.provider === provider && one.vcpus === vcpus);
}

/** The machine of this name; undefined when the provider has none. */
export function machineOfType(
  machines: readonly CatalogueMachine[],
  provider: CloudProvider,
  type: string,
): CatalogueMachine | undefined {
  return machines.find((one) => one.provider === provider && one.type === type);
}

/** The smallest storage of a machine, in GiB per node. */
export function minStorageGib(machine: CatalogueMachine): number {
  return Math.max(15, machine.vcpus * 4);
}

/** The largest storage of a machine, in GiB per node. */
export function maxStorageGib(machine: CatalogueMachine): number {
  return machine.vcpus * 320;
}

/** IOPS of a node's disk: chosen on AWS, the provider's own elsewhere (both fit what was seen: 15 and 30 per GiB). */
export function provisionedIops(
  provider: CloudProvider,
  storageGib: number,
  askedIops: number,
): number {
  if (provider === "AWS") {
    return askedIops > 0 ? askedIops : storageGib * 15;
  }
  return provider === "GCP" ? storageGib * 30 : 500;
}

// Machine types of Advanced clusters, as data. The first family of a provider is the one that the service
// picks for a number of vCPUs.

import type { CloudProvider } from "./cluster-wire";

/** One machine type. */
export interface Machine {
  readonly type: string;
  readonly vcpus: number;
  readonly memoryGib: number;
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

function amazon(family: string): Machine[] {
  return amazonSizes.map(([size, vcpus]) => machine(`${family}.${size}`, vcpus));
}

// Every family in use has 4 GiB of memory per vCPU.
function machine(type: string, vcpus: number): Machine {
  return { type, vcpus, memoryGib: vcpus * 4 };
}

const machines: Readonly<Record<CloudProvider, readonly Machine[]>> = {
  AWS: ["m6i", "m7g", "m5"].flatMap(amazon),
  GCP: ["n2-standard", "n1-standard"].flatMap((family) =>
    [4, 8, 16, 32, 48, 64, 80, 96].map((vcpus) => machine(`${family}-${vcpus}`, vcpus)),
  ),
  AZURE: [4, 8, 16, 32, 48, 64].map((vcpus) => machine(`Standard_D${vcpus}s_v3`, vcpus)),
};

/** The machine that the service picks for a number of vCPUs; undefined when there is none. */
export function machineOfSize(provider: CloudProvider, vcpus: number): Machine | undefined {
  return machines[provider].find((candidate) => candidate.vcpus === vcpus);
}

/** The machine of this name; undefined when the provider has none. */
export function machineOfType(provider: CloudProvider, type: string): Machine | undefined {
  return machines[provider].find((candidate) => candidate.type === type);
}

/** The smallest storage of a machine, in GiB per node. */
export function smallestStorageGib(machine: Machine): number {
  return Math.max(15, machine.vcpus * 4);
}

/** The largest storage of a machine, in GiB per node. */
export function largestStorageGib(machine: Machine): number {
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

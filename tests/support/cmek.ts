// Encryption keys for tests, and clusters that take them.

import type { WireCluster, WireCmekRegionSpec, WireCreateCluster } from "../../emulator";
import { lifecycle } from "../../provider/cmek-config";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import type { TestEmulator } from "./emulator";
import type { Lab } from "./engine-model/lab";
import { startLab } from "./engine-model/lab";
import { assertDone } from "./engine-model/run";
import type { Stack } from "./engine-model/stack";

/** A key as a program says it. */
export interface Key {
  region: string;
  keySpec: { type: string; uri: string; authPrincipal: string };
}

/** A key on AWS; another `id` is another key. */
export function awsKey(region: string, id = "first"): Key {
  return {
    region,
    keySpec: {
      type: "AWS_KMS",
      uri: `arn:aws:kms:${region}:111122223333:key/${id}`,
      authPrincipal: "arn:aws:iam::111122223333:role/cockroach-cmek",
    },
  };
}

/** A key of each cloud, for a cluster in one region. */
export const keyOf = {
  AWS: awsKey("us-east-1"),
  GCP: {
    region: "us-east1",
    keySpec: {
      type: "GCP_CLOUD_KMS",
      uri: "projects/shop/locations/us-east1/keyRings/ring/cryptoKeys/key",
      authPrincipal: "cmek@shop.iam.gserviceaccount.com",
    },
  },
  AZURE: {
    region: "eastus",
    keySpec: {
      type: "AZURE_KEY_VAULT",
      uri: "https://shop.vault.azure.net/keys/orders/0123456789abcdef0123456789abcdef",
      authPrincipal: "6f8a2f5c-0c5e-4f0e-9d3e-2b7f3c1d9a10",
    },
  },
} as const satisfies Record<string, Key>;

export const threeRegions = ["us-west-2", "eu-west-1", "us-east-1"];

/** The keys of three regions, not in order. */
export function threeKeys(): Key[] {
  return threeRegions.map((region) => awsKey(region));
}

/** As the API takes keys. */
export function wire(keys: readonly Key[]): WireCmekRegionSpec[] {
  return keys.map(({ region, keySpec: { type, uri, authPrincipal } }) => ({
    region,
    key_spec: { type: type as "AWS_KMS", uri, auth_principal: authPrincipal },
  }));
}

/** The body of a cluster that takes keys. */
export function encryptableBody({
  name = "orders",
  provider = "AWS",
  regions = threeRegions,
  visibility = "PRIVATE",
} = {}): WireCreateCluster {
  const body = {
    name,
    provider,
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: Object.fromEntries(regions.map((region) => [region, 3])),
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 35 },
        network_visibility: visibility,
      },
    },
  };
  return body as WireCreateCluster;
}

/** A cluster that takes keys, there at once. */
export function encryptable(
  emulator: TestEmulator,
  what: Parameters<typeof encryptableBody>[0] = {},
): WireCluster {
  return emulator.clusters.create(encryptableBody(what));
}

/** A stack whose resources are CMEK configurations. */
export function cmekStack({ stack }: Lab): Stack {
  return stack({ serve: (host) => toDynamicProvider(lifecycle, host) });
}

/** A lab with a cluster that can be encrypted, and a stack of CMEK configurations. */
export async function withCluster(
  options: Parameters<typeof startLab>[0] = {},
): Promise<Lab & { id: string; shop: Stack }> {
  const lab = await startLab(options);
  const { id } = encryptable(lab.emulator);
  return { ...lab, id, shop: cmekStack(lab) };
}

/** A lab whose cluster is encrypted. */
export interface Encrypted extends Lab {
  readonly id: string;
  readonly shop: Stack;
  /** The program that did it, or one with other arguments. */
  program(more?: object): { keys: Record<string, unknown> };
}

/** The same, and the keys of three regions are in use. */
export async function withKeys(
  args: object = {},
  options: Parameters<typeof startLab>[0] = {},
): Promise<Encrypted> {
  const lab = await withCluster(options);
  const program = (more: object = {}) =>
    ({ keys: { clusterId: lab.id, regionSpecs: threeKeys(), ...args, ...more } }) as never;
  assertDone(await lab.shop.up(program()));
  return { ...lab, program };
}

/** Three keys, that of one region being another. */
export const rotated = (region: string, id = "second"): Key[] =>
  threeKeys().map((key) => (key.region === region ? awsKey(region, id) : key));

export const byRegion = (keys: readonly Key[]) =>
  [...keys].sort((a, b) => (a.region < b.region ? -1 : 1));

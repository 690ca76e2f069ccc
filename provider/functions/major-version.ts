/** Reads the major versions of CockroachDB that the service knows. */
import type * as pulumi from "@pulumi/pulumi";
import { omitUndefined } from "../values/omit-undefined";
import { collect } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A major version of CockroachDB. */
export interface MajorClusterVersion {
  /** `v25.2`. */
  version: string;
  /** `REGULAR` or `INNOVATION`. */
  releaseType: string;
  /** `SUPPORTED`, `UNSUPPORTED` or `PREVIEW`. */
  supportStatus: string;
  /** RFC 3339; absent when the API does not say. */
  supportEnd?: string;
  /** Major versions that a cluster of this one can be upgraded to. */
  allowedUpgrades: string[];
}

/** Lists the major versions of CockroachDB, and those that each can be upgraded to. */
export function listMajorClusterVersions(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<MajorClusterVersion[]> {
  return callFunction(versions, args, options);
}

/** `listMajorClusterVersions` as an output. */
export function listMajorClusterVersionsOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<MajorClusterVersion[]> {
  return callFunctionOutput(versions, args, options);
}

/** @internal */
export const versions: ProviderFunction<object, MajorClusterVersion[]> = {
  name: "listMajorClusterVersions",
  async read({ cloud }) {
    const wire = await collect(cloud.clusters.listMajorVersions());
    return wire.map(({ version, release_type, support_status, support_end, allowed_upgrades }) => ({
      version,
      releaseType: release_type,
      supportStatus: support_status,
      ...omitUndefined({ supportEnd: support_end }),
      allowedUpgrades: allowed_upgrades,
    }));
  },
};

/** Reads the regions in which clusters can run. */
import type * as pulumi from "@pulumi/pulumi";
import type { CloudProvider } from "../cluster/args";
import { omitUndefined } from "../values/omit-undefined";
import { collect, wordIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A region of a cloud provider. */
export interface AvailableRegion {
  /** The provider's code, `us-east1`. */
  name: string;
  /** For people: usually a city. */
  location: string;
  /** Cloud that the region is of. */
  provider: CloudProvider;
  /** Whether Basic and Standard clusters can run there. */
  serverless: boolean;
  /** Miles from the caller's address. */
  distance: number;
}

/** Which regions. */
export interface ListAvailableRegionsArgs {
  /**
   * Cloud whose regions are listed.
   * @default regions of all clouds
   */
  provider?: CloudProvider;
  /**
   * `true` lists only regions for Basic and Standard clusters.
   * @default false
   */
  serverless?: boolean;
}

/** Which regions. */
export interface ListAvailableRegionsOutputArgs {
  /**
   * Cloud whose regions are listed.
   * @default regions of all clouds
   */
  provider?: pulumi.Input<CloudProvider>;
  /**
   * `true` lists only regions for Basic and Standard clusters.
   * @default false
   */
  serverless?: pulumi.Input<boolean>;
}

/** Lists the regions in which clusters can run. */
export function listAvailableRegions(
  args: ListAvailableRegionsArgs = {},
  options?: FunctionOptions,
): Promise<AvailableRegion[]> {
  return callFunction(regions, args, options);
}

/** `listAvailableRegions` for outputs. */
export function listAvailableRegionsOutput(
  args: ListAvailableRegionsOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<AvailableRegion[]> {
  return callFunctionOutput(regions, args, options);
}

/** @internal */
export const regions: ProviderFunction<ListAvailableRegionsArgs, AvailableRegion[]> = {
  name: "listAvailableRegions",
  async read({ cloud }, { provider, serverless }) {
    const query = omitUndefined({
      provider: wordIn("listAvailableRegions", "provider", provider, ["AWS", "GCP", "AZURE"]),
      serverless,
    });
    const wire = await collect(cloud.clusters.listAvailableRegions(query));
    return wire.map((region) => ({
      name: region.name,
      location: region.location,
      provider: region.provider as CloudProvider,
      serverless: region.serverless,
      distance: region.distance,
    }));
  },
};

// Regions in which the service can run clusters.

import { z } from "zod";
import {
  flagSchema,
  numberSchema,
  openEnumSchema,
  paginationSchema,
  textSchema,
} from "../http/protobuf-json";
import type { CloudProvider } from "./cloud-provider";

/** Which regions to list. */
export interface ListAvailableRegionsQuery {
  /** @default regions of all providers */
  provider?: CloudProvider;
  /**
   * `true` lists only regions for Basic and Standard clusters.
   *
   * @default false
   */
  serverless?: boolean;
}

/** A region of a cloud provider. */
export interface WireCloudRegion {
  /** The provider's code, `us-east1`. */
  name: string;
  /** For people: usually a city. */
  location: string;
  provider: CloudProvider;
  /** Whether Basic and Standard clusters can run there. */
  serverless: boolean;
  /** Miles from the caller's address. */
  distance: number;
}

/** @internal */
export const cloudRegionListSchema = z.object({
  regions: z.array(
    z.object({
      name: z.string(),
      location: textSchema,
      provider: openEnumSchema<CloudProvider>(),
      serverless: flagSchema,
      distance: numberSchema,
    }),
  ),
  pagination: paginationSchema,
});

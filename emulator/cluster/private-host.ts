// The host names of private endpoints.

import type { EmulatorContext } from "../context";
import type { ClusterRecord, RegionRecord } from "./record";

/** Whether a cluster has a private endpoint service in each region without asking for it. */
export function hasOwnServices(
  { plan, phase, regions }: ClusterRecord,
  { assumptions }: EmulatorContext,
): boolean {
  const { standardPrivateEndpoints: exist } = assumptions;
  const isServed = exist === "multi-region-only" ? regions.length > 1 : exist;
  return plan === "STANDARD" && phase !== "deleted" && isServed;
}

/** The host of a region whose service exists. */
export function privateHost({ sqlDns }: RegionRecord): string {
  return `private-${sqlDns}`;
}

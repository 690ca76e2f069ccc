/**
 * A cluster in the state of the bridged provider, in the shape of this one, so that the preview of the move
 * can compare it with the program. It may be outdated: the update itself asks the API.
 */
import type { Before } from "./diff";
import { planTransitions } from "./plan-transitions";

/** What is known of the cluster; nothing where the state has none or another shape. */
export function fromBridged(state: Before): Before {
  const { name, cloudProvider, plan, deleteProtection, parentId, cockroachVersion, regions } =
    state;
  const known: Before = { name, cloudProvider, deleteProtection, parentId, cockroachVersion };
  // Older states have other plans, which the bridged provider renames when it reads the cluster.
  if (Object.hasOwn(planTransitions, String(plan))) known.plan = plan;
  const places: Before[] = Array.isArray(regions) ? regions : [];
  if (state.serverless) {
    const { usageLimits, upgradeType } = state.serverless;
    known.serverless = {
      regions: places.map((region) => region.name),
      primaryRegion: places.find((region) => region.primary === true)?.name,
      // No limit is null there, or zero.
      usageLimits: Object.fromEntries(
        Object.entries(usageLimits ?? {}).filter(([, limit]) => Boolean(limit)),
      ),
      upgradeType,
    };
  }
  if (state.dedicated) {
    const { numVirtualCpus, machineType, storageGib, diskIops, cidrRange } = state.dedicated;
    const { privateNetworkVisibility: isPrivate } = state.dedicated;
    known.dedicated = {
      regionNodes: Object.fromEntries(places.map((region) => [region.name, region.nodeCount])),
      hardware: { machineSpec: { numVirtualCpus, machineType }, storageGib, diskIops },
      cidrRange,
      ...(typeof isPrivate === "boolean"
        ? { networkVisibility: isPrivate ? "PRIVATE" : "PUBLIC" }
        : {}),
    };
  }
  return known;
}

/**
 * A cluster in the state of the bridged provider, in the shape of this one, so that the preview of the move
 * can compare it with the program. It may be outdated: the update itself asks the API.
 */
import { migrationRefusal } from "../resource/bridge-migration-guard";
import type { DiffOutcome } from "../resource/lifecycle";
import { omitUndefined } from "../values/omit-undefined";
import type { Before } from "./diff";
import { describeDifferences, diffCluster, refusedChanges } from "./diff";
import { planTransitions } from "./plan-transitions";
import type { Inputs } from "./schema";

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

/** What the first update of a cluster that another provider has left in state would change, as far as the state shows. */
export function diffOfMove(left: object, news: Inputs): DiffOutcome {
  const before = fromBridged(left);
  const changes = diffCluster(before, news);
  const [replaces, updates] = (["replace", "update"] as const).map((one) =>
    changes.filter(({ kind }) => kind === one).map(({ property }) => property),
  ) as [string[], string[]];
  const [impossible] = refusedChanges(before, news).map(
    ({ property, reason }) => `${property} ${reason}`,
  );
  const refusal = migrationRefusal(before, news, replaces) ?? impossible;
  const differences = describeDifferences(changes, before, news);
  return {
    updates,
    replaces: [],
    deleteBeforeReplace: false,
    notes:
      updates.length === 0
        ? []
        : [
            {
              severity: "info",
              message: `The state of another provider has this otherwise: ${differences}. The update changes it.`,
            },
          ],
    ...omitUndefined({ refusal }),
  };
}

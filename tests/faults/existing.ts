import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { isOfCluster } from "../../provider/resource/resource-types";
import type { Clock } from "../../sdk";
import { CockroachCloudClient } from "../../sdk";
import { clusterIdIn } from "../conformance/resource-cases";
import type { TestEmulator } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";

/**
 * The keys of what exists of a type in lists, in one place; undefined for what is no part of a list, or exists always.
 */
export async function existing(
  { emulator, time }: Pick<Lab, "emulator" | "time">,
  type: ResourceType,
  place: Record<string, unknown>,
): Promise<ReadonlySet<string> | undefined> {
  // The budget of requests is used up.
  await time.advance(2_000);
  return await existingBy(time, emulator, type, place);
}

/** The same by this clock. */
export async function existingBy(
  clock: Clock,
  emulator: TestEmulator,
  type: ResourceType,
  place: Record<string, unknown>,
): Promise<ReadonlySet<string> | undefined> {
  if (type === "Cluster") {
    const clusters = emulator.clusters.list().filter(({ state }) => state !== "DELETED");
    return new Set(clusters.map(({ id }) => id));
  }
  const { findExisting, isLasting, keyOf } = resources[type];
  if (findExisting === undefined || isLasting === true || keyOf(undefined, {}) === "")
    return undefined;
  const { url: serverUrl, apiKey } = emulator;
  const cloud = new CockroachCloudClient({ apiKey, serverUrl, clock });
  const clusterId = isOfCluster(type) ? clusterIdIn(type, place) : undefined;
  // A private endpoint that a cluster no longer accepts stays listed for as long as the customer has it.
  return (await findExisting(clusterId, new Set(), { cloud, options: {} }, 0)).keys;
}

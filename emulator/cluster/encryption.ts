// The encryption of an Advanced cluster under keys of the customer: what is stored, and how it follows the regions.

import type { EmulatorContext } from "../context";
import { ApiError } from "../server/errors";
import { stateOfEachCluster } from "../state";
import type { RegionKey, WireCmekKeySpec } from "./cmek-key";
import type { ClusterRecord } from "./record";

/** Where the encryption of a cluster, a region or a key stands; the API has more, these occur here. */
export type CmekStatus =
  | "DISABLED"
  | "ENABLED"
  | "ENABLE_FAILED"
  | "ENABLING"
  | "REVOKED"
  | "REVOKE_FAILED"
  | "REVOKING"
  | "ROTATE_FAILED"
  | "ROTATING";

/** A key of a region, past or present. */
export interface CmekKeyRecord {
  spec: WireCmekKeySpec;
  status: CmekStatus;
  userMessage: string;
  readonly createdAt: number;
  updatedAt: number;
}

/** A region with its keys. */
export interface CmekRegionRecord {
  readonly region: string;
  status: CmekStatus;
  /** The current key first, then the former ones, newest first. */
  keys: CmekKeyRecord[];
}

/** The encryption of a cluster. */
export interface CmekState {
  status: CmekStatus;
  regions: CmekRegionRecord[];
}

/** The encryption of a cluster. */
export const cmekOf = stateOfEachCluster((): CmekState => ({ status: "DISABLED", regions: [] }));

/** Refuses while the customer's grants have not reached the cloud. @throws as often as a test has queued it. */
export function checkPermissions(context: EmulatorContext): void {
  const refusal = context.queued.consumeKmsDenial();
  if (refusal !== undefined) {
    throw new ApiError(refusal, "insufficient permissions to access the KMS key");
  }
}

/** Puts the key in front: a new one, which is being enabled, or one that the region knows. */
export function bringForward(region: CmekRegionRecord, spec: WireCmekKeySpec, now: number): void {
  const known = region.keys.find((key) => key.spec.uri === spec.uri);
  const key: CmekKeyRecord = known ?? {
    spec,
    status: "ENABLING",
    userMessage: "",
    createdAt: now,
    updatedAt: now,
  };
  if (known !== undefined) {
    known.spec = spec;
    known.userMessage = "";
    known.status = known === region.keys[0] && known.status === "ENABLED" ? "ENABLED" : "ENABLING";
  }
  region.keys = [key, ...region.keys.filter((other) => other !== key)];
}

/** Ends the change of a region's keys: the first one is in use, the others are not. */
export function complete(region: CmekRegionRecord, at: number): void {
  region.status = "ENABLED";
  for (const [index, key] of region.keys.entries()) {
    if (index === 0) {
      key.status = "ENABLED";
      key.updatedAt = at;
    } else if (key.status !== "DISABLED") {
      key.status = "DISABLED";
      key.updatedAt = at;
    }
  }
}

/** The keys of a region, which is added when it has none yet. */
export function regionOf(cmek: CmekState, name: string): CmekRegionRecord {
  const known = cmek.regions.find(({ region }) => region === name);
  if (known !== undefined) {
    return known;
  }
  const added: CmekRegionRecord = { region: name, status: "ENABLING", keys: [] };
  cmek.regions.push(added);
  return added;
}

/** Follows the regions of the cluster: new ones are encrypted with their keys, removed ones are forgotten. */
export function followRegions(
  cluster: ClusterRecord,
  added: readonly RegionKey[],
  at: number,
): void {
  const cmek = cmekOf(cluster);
  for (const { region: name, spec } of added) {
    const region = regionOf(cmek, name);
    bringForward(region, spec, at);
    complete(region, at);
  }
  cmek.regions = cmek.regions.filter(({ region }) =>
    cluster.regions.some(({ name }) => name === region),
  );
}

// Customer-managed encryption keys. Enabling, rotating and revoking are jobs; there is no way back to DISABLED.
// A region that the cluster gains later gets its key in the PATCH of the cluster.

import type { ControlledArea, ControlParts } from "../area";
import { versionKey } from "../catalogue/versions";
import type { RegionKey, WireCmekKeySpec } from "../cluster/cmek-key";
import { checkedRegionKeys, cmekRegionSpecsField } from "../cluster/cmek-key";
import type { CmekKeyRecord, CmekRegionRecord, CmekState, CmekStatus } from "../cluster/encryption";
import {
  bringForward,
  checkPermissions,
  cmekOf,
  complete,
  followRegions,
  regionOf,
} from "../cluster/encryption";
import { checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { startJob } from "../cluster/timeline";
import type { WireCmekRegionSpec } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import type { CmekFailure } from "../server/queued-failures";

/** A key in a response. */
export interface WireCmekKeyInfo {
  status: CmekStatus;
  /** What went wrong, "" otherwise. */
  user_message: string;
  spec: WireCmekKeySpec;
  created_at: string;
  updated_at: string;
}

/** A region in a response. */
export interface WireCmekRegionInfo {
  region: string;
  status: CmekStatus;
  key_infos: WireCmekKeyInfo[];
}

/** The encryption of a cluster in every response. */
export interface WireCmekClusterInfo {
  status: CmekStatus;
  region_infos: WireCmekRegionInfo[];
}

/** Encryption outside the API. Cluster ids are UUIDs. */
export interface CmekControls {
  /** Encryption of a cluster as the API returns it. */
  get(clusterId: string): WireCmekClusterInfo;
  /** Encrypts the cluster at once with these keys, whatever it was before. @throws on a malformed key. */
  enable(clusterId: string, regionSpecs: readonly WireCmekRegionSpec[]): WireCmekClusterInfo;
  /** Gives a region another key, or re-encrypts under the same one. @throws when it has none. */
  rotate(clusterId: string, region: string, keySpec: WireCmekKeySpec): WireCmekClusterInfo;
  /** Revokes the keys of all regions. */
  revoke(clusterId: string): WireCmekClusterInfo;
  /** Sets the status of a region and of its current key, for example ROTATE_FAILED with a message. */
  setStatus(clusterId: string, region: string, status: CmekStatus, userMessage?: string): void;
}

const specsShape: MessageShape = {
  name: "cockroach.cloud.CMEKClusterSpecification",
  fields: { region_specs: cmekRegionSpecsField },
};

const actionShape: MessageShape = {
  name: "cockroach.cloud.UpdateCMEKStatusRequest",
  fields: { action: { enumeration: ["REVOKE"] } },
};

interface SpecsBody {
  region_specs?: WireCmekRegionSpec[];
}

function getCmekClusterInfo(call: Call): object {
  const cluster = liveClusterOf(call);
  const cmek = cmekOf(cluster);
  if (cmek.status === "DISABLED" && call.context.assumptions.cmekUnset === "not-found") {
    throw notFound("CMEK is not enabled on the cluster");
  }
  return toWire(cmek, call.context);
}

/** POST: the first time, with a key for every region. */
function enableCmekSpec(call: Call): object {
  const body = readBody<SpecsBody>(call, specsShape);
  const cluster = encryptableOf(call);
  const cmek = cmekOf(cluster);
  if (cmek.status !== "DISABLED" && cmek.status !== "ENABLE_FAILED") {
    throw new ApiError(
      call.context.assumptions.cmekPostWhenEnabled,
      "CMEK is already enabled on the cluster",
    );
  }
  return enable(cluster, body, call);
}

/** PUT: other keys, or the same ones again, for some or all of the regions. */
function updateCmekSpec(call: Call): object {
  const body = readBody<SpecsBody>(call, specsShape);
  const cluster = encryptableOf(call);
  const cmek = cmekOf(cluster);
  if (cmek.status === "DISABLED") {
    const { cmekPutWhenDisabled } = call.context.assumptions;
    if (cmekPutWhenDisabled !== "enable") {
      throw new ApiError(cmekPutWhenDisabled, "CMEK is not enabled on the cluster");
    }
    return enable(cluster, body, call);
  }
  const keys = requestedKeys(cluster, body);
  checkPermissions(call.context);
  if (call.context.queued.consumeIgnoredKeys()) {
    return toWire(cmek, call.context);
  }
  const isFirst = (region: CmekRegionRecord) =>
    region.status === "ENABLE_FAILED" || region.keys.length === 0;
  for (const { region: name } of keys) {
    const region = regionOf(cmek, name);
    region.status = isFirst(region) ? "ENABLING" : "ROTATING";
  }
  const isRetry = cmek.status === "ENABLE_FAILED";
  cmek.status = isRetry ? "ENABLING" : "ROTATING";
  changeKeys(cluster, keys, isRetry ? "ENABLE_FAILED" : "ROTATE_FAILED", call);
  return toWire(cmek, call.context);
}

/** PATCH: revokes; there is no way back. */
function updateCmekStatus(call: Call): object {
  const { action } = readBody<{ action?: "REVOKE" }>(call, actionShape);
  if (action === undefined) {
    throw invalidValue("action is required");
  }
  const cluster = liveClusterOf(call);
  checkNotBusy(cluster, call.context);
  const cmek = cmekOf(cluster);
  if (cmek.status !== "ENABLED" && cmek.status !== "REVOKE_FAILED") {
    throw failedPrecondition(`CMEK cannot be revoked while its status is ${cmek.status}`);
  }
  if (call.context.queued.consumeIgnoredKeys()) {
    return toWire(cmek, call.context);
  }
  const failure = call.context.queued.consumeCmekFailure();
  setEverywhere(cmek, "REVOKING", call.now);
  startCmekJob(cluster, call, failure !== undefined, (at) => {
    setEverywhere(cmek, failure === undefined ? "REVOKED" : "ENABLED", at);
    if (failure !== undefined) {
      fail(cmek, cmek.regions, failure, "REVOKE_FAILED", at);
    }
  });
  return toWire(cmek, call.context);
}

/** The cluster, if it can be encrypted and no other operation is in progress. */
function encryptableOf(call: Call): ClusterRecord {
  const cluster = liveClusterOf(call);
  if (cluster.plan !== "ADVANCED") {
    throw failedPrecondition("CMEK is supported for advanced clusters only");
  }
  if (cluster.networkVisibility !== "PRIVATE") {
    throw failedPrecondition("CMEK requires a cluster that was created with private networking");
  }
  if (versionKey(cluster.version) < versionKey("v22.2")) {
    throw failedPrecondition("CMEK requires CockroachDB v22.2 or newer");
  }
  checkNotBusy(cluster, call.context);
  if (cluster.phase === "creation-failed") {
    throw failedPrecondition("cluster failed to be created and can only be deleted");
  }
  const { status } = cmekOf(cluster);
  if (status === "REVOKED" || status === "REVOKE_FAILED") {
    throw failedPrecondition("CMEK has been revoked; contact support to restore access");
  }
  return cluster;
}

function requestedKeys(cluster: ClusterRecord, body: SpecsBody): RegionKey[] {
  const keys = checkedRegionKeys(body.region_specs ?? [], cluster.provider);
  if (keys.length === 0) {
    throw invalidValue("region_specs must name at least one region");
  }
  for (const { region } of keys) {
    if (!cluster.regions.some(({ name }) => name === region)) {
      throw invalidValue(`region_specs: the cluster has no region '${region}'`);
    }
  }
  return keys;
}

function enable(cluster: ClusterRecord, body: SpecsBody, call: Call): object {
  const keys = requestedKeys(cluster, body);
  const missing = cluster.regions.filter(({ name }) => !keys.some(({ region }) => region === name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => `'${name}'`).join(", ");
    throw invalidValue(`region_specs must name every region of the cluster, missing: ${names}`);
  }
  checkPermissions(call.context);
  const cmek = cmekOf(cluster);
  cmek.status = "ENABLING";
  cmek.regions = keys.map(({ region }) => ({ region, status: "ENABLING", keys: [] }));
  changeKeys(cluster, keys, "ENABLE_FAILED", call);
  return toWire(cmek, call.context);
}

/** Starts the job that brings the keys of some regions into use. The regions already show that it runs. */
function changeKeys(
  cluster: ClusterRecord,
  keys: readonly RegionKey[],
  failedStatus: CmekStatus,
  call: Call,
): void {
  const cmek = cmekOf(cluster);
  const failure = call.context.queued.consumeCmekFailure();
  const former = new Map<CmekRegionRecord, CmekKeyRecord>();
  for (const { region: name, spec } of keys) {
    const region = regionOf(cmek, name);
    const [current] = region.keys;
    if (current !== undefined) {
      former.set(region, current);
    }
    bringForward(region, spec, call.now);
  }
  startCmekJob(cluster, call, failure !== undefined, (at) => {
    const regions = keys.map(({ region }) => regionOf(cmek, region));
    for (const region of regions) {
      complete(region, at);
    }
    cmek.status = "ENABLED";
    if (failure !== undefined) {
      fail(cmek, regions, failure, failedStatus, at, former);
    }
  });
}

/** Fails the job in one region; the former key stays in use there. */
function fail(
  cmek: CmekState,
  regions: readonly CmekRegionRecord[],
  failure: CmekFailure,
  status: CmekStatus,
  at: number,
  former: ReadonlyMap<CmekRegionRecord, CmekKeyRecord> = new Map(),
): void {
  const region = regions.find((candidate) => candidate.region === failure.region) ?? regions[0];
  const key = region?.keys[0];
  if (region === undefined || key === undefined) {
    return;
  }
  region.status = status;
  cmek.status = status;
  const inUse = former.get(region);
  // ROTATE_FAILED describes a region, not a key: a new key was not enabled.
  key.status = status === "ROTATE_FAILED" && inUse !== key ? "ENABLE_FAILED" : status;
  key.userMessage = failure.message;
  key.updatedAt = at;
  if (inUse !== undefined && inUse !== key) {
    inUse.status = "ENABLED";
  }
}

function startCmekJob(
  cluster: ClusterRecord,
  call: Call,
  fails: boolean,
  done: (at: number) => void,
): void {
  cluster.updatedAt = call.now;
  startJob(cluster, call.now, {
    operation: "CRDB_CMEK_OPERATION_RUNNING",
    durationMs: call.context.durations.cmekMs,
    locks: call.context.assumptions.lockDuringCmek,
    fails,
    succeed: done,
    fail: done,
  });
}

function setEverywhere(cmek: CmekState, status: CmekStatus, at: number): void {
  cmek.status = status;
  for (const region of cmek.regions) {
    region.status = status;
    const [key] = region.keys;
    if (key !== undefined) {
      key.status = status;
      key.updatedAt = at;
    }
  }
}

function toWire(cmek: CmekState, context: EmulatorContext): WireCmekClusterInfo {
  const isReversed = context.assumptions.cmekKeyOrder === "oldest-first";
  return {
    status: cmek.status,
    region_infos: [...cmek.regions]
      .sort((a, b) => (a.region < b.region ? -1 : 1))
      .map(({ region, status, keys }) => ({
        region,
        status,
        key_infos: (isReversed ? [...keys].reverse() : keys).map((key) => ({
          status: key.status,
          user_message: key.userMessage,
          spec: { ...key.spec },
          created_at: timestamp(key.createdAt),
          updated_at: timestamp(key.updatedAt),
        })),
      })),
  };
}

/** The encryption of a cluster. */
export const cmekArea: ControlledArea<CmekControls> = {
  operations: {
    EnableCMEKSpec: enableCmekSpec,
    GetCMEKClusterInfo: getCmekClusterInfo,
    UpdateCMEKSpec: updateCmekSpec,
    UpdateCMEKStatus: updateCmekStatus,
  },
  createControls: cmekControls,
};

function cmekControls({ findCluster, context }: ControlParts): CmekControls {
  const known = (clusterId: string, name: string): [CmekState, CmekRegionRecord] => {
    const cmek = cmekOf(findCluster(clusterId));
    const region = cmek.regions.find((candidate) => candidate.region === name);
    if (region === undefined) {
      throw new Error(`Region "${name}" of cluster ${clusterId} is not encrypted.`);
    }
    return [cmek, region];
  };
  return {
    get: (clusterId) => toWire(cmekOf(findCluster(clusterId)), context),
    enable: (clusterId, regionSpecs) => {
      const cluster = findCluster(clusterId);
      const cmek = cmekOf(cluster);
      cmek.status = "ENABLED";
      cmek.regions = [];
      followRegions(cluster, checkedRegionKeys(regionSpecs, cluster.provider), context.clock.now());
      return toWire(cmek, context);
    },
    rotate: (clusterId, name, keySpec) => {
      const [cmek, region] = known(clusterId, name);
      bringForward(region, { ...keySpec }, context.clock.now());
      complete(region, context.clock.now());
      return toWire(cmek, context);
    },
    revoke: (clusterId) => {
      const cmek = cmekOf(findCluster(clusterId));
      setEverywhere(cmek, "REVOKED", context.clock.now());
      return toWire(cmek, context);
    },
    setStatus: (clusterId, name, status, userMessage = "") => {
      const [cmek, region] = known(clusterId, name);
      region.status = status;
      cmek.status = status;
      const [key] = region.keys;
      if (key !== undefined) {
        key.status = status;
        key.userMessage = userMessage;
        key.updatedAt = context.clock.now();
      }
    },
  };
}

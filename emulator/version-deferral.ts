// By how many days patch upgrades of an Advanced cluster are put off. There is no DELETE: NOT_DEFERRED is the way
// back, and a maintenance window is not needed.

import type { Area, Call } from "./call";
import { readBody } from "./call";
import type { ClusterRecord } from "./cluster-record";
import { ApiError, invalidValue, notFound } from "./errors";
import type { ClusterFinder } from "./organization";
import { changeableClusterOf, liveClusterOf } from "./organization";
import { deferredUntil } from "./patch-schedule";
import { timestamp } from "./protobuf-values";
import type { MessageShape } from "./protojson";
import type { World } from "./world";

/** By how much patches are put off; FIXED_DEFERRAL is an older name of DEFERRAL_60_DAYS. */
export type DeferralPolicy =
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL"
  | "NOT_DEFERRED";

/** A deferral as the API spells it. */
export interface WireVersionDeferral {
  deferral_policy: DeferralPolicy;
  /** RFC 3339; null unless a patch waits for it. */
  deferred_until: string | null;
}

/** Version deferrals behind the client's back. Cluster ids are UUIDs. */
export interface VersionDeferralControls {
  /** The policy of a cluster, `NOT_DEFERRED` where none was set. */
  get(clusterId: string): WireVersionDeferral;
  /** Sets the policy as somebody else would. */
  set(clusterId: string, policy: DeferralPolicy): void;
}

const shape: MessageShape = {
  name: "cockroach.cloud.ClusterVersionDeferralUpdate",
  fields: {
    deferral_policy: {
      enumeration: [
        "NOT_DEFERRED",
        "DEFERRAL_60_DAYS",
        "FIXED_DEFERRAL",
        "DEFERRAL_30_DAYS",
        "DEFERRAL_90_DAYS",
      ],
    },
    // Deprecated: read, and then ignored.
    deferred_until: "timestamp",
  },
};

function getClusterVersionDeferral(call: Call): object {
  const cluster = servedOf(call, liveClusterOf(call));
  const isUnset = cluster.belongings.deferralPolicy === undefined;
  if (isUnset && call.world.assumptions.deferralUnset === "not-found") {
    throw notFound("version deferral is not set");
  }
  return toWire(cluster, call.world);
}

function setClusterVersionDeferral(call: Call): object {
  const { deferral_policy: policy } = readBody<Partial<WireVersionDeferral>>(call, shape);
  const cluster = servedOf(call, changeableClusterOf(call));
  if (policy === undefined) {
    throw invalidValue("deferral_policy is required");
  }
  cluster.belongings.deferralPolicy = policy;
  return toWire(cluster, call.world);
}

function servedOf(call: Call, cluster: ClusterRecord): ClusterRecord {
  const { deferralOnServerless } = call.world.assumptions;
  if (cluster.plan !== "ADVANCED" && deferralOnServerless !== "served") {
    throw new ApiError(
      deferralOnServerless,
      "version deferrals are supported for advanced clusters only",
    );
  }
  return cluster;
}

function toWire(cluster: ClusterRecord, world: World): WireVersionDeferral {
  const policy = cluster.belongings.deferralPolicy ?? "NOT_DEFERRED";
  const until = deferredUntil(cluster, world);
  return {
    deferral_policy: policy === "FIXED_DEFERRAL" ? world.assumptions.fixedDeferralEcho : policy,
    deferred_until: until === undefined ? null : timestamp(until),
  };
}

/** The version deferral of a cluster. */
export const versionDeferralArea: Area = {
  GetClusterVersionDeferral: getClusterVersionDeferral,
  SetClusterVersionDeferral: setClusterVersionDeferral,
};

/** Makes the controls over version deferrals. @internal */
export function versionDeferralControls(
  find: ClusterFinder,
  world: World,
): VersionDeferralControls {
  return {
    get: (clusterId) => toWire(find(clusterId), world),
    set: (clusterId, policy) => {
      find(clusterId).belongings.deferralPolicy = policy;
    },
  };
}

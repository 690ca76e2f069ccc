// By how many days patch upgrades of an Advanced cluster are put off. There is no DELETE: NOT_DEFERRED is the way
// back, and a maintenance window is not needed.

import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, liveClusterOf } from "../cluster/find";
import type { DeferralPolicy } from "../cluster/patch-schedule";
import { deferredUntil, patchSettingsOf } from "../cluster/patch-schedule";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";

/** A deferral as the API spells it. */
export interface WireVersionDeferral {
  deferral_policy: DeferralPolicy;
  /** RFC 3339; null unless a patch waits for it. */
  deferred_until: string | null;
}

/** Version deferrals outside the API. Cluster ids are UUIDs. */
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
  const isUnset = patchSettingsOf(cluster).deferralPolicy === undefined;
  if (isUnset && call.context.assumptions.deferralUnset === "not-found") {
    throw notFound("version deferral is not set");
  }
  return toWire(cluster, call.context);
}

function setClusterVersionDeferral(call: Call): object {
  const { deferral_policy: policy } = readBody<Partial<WireVersionDeferral>>(call, shape);
  const cluster = servedOf(call, changeableClusterOf(call));
  if (policy === undefined) {
    throw invalidValue("deferral_policy is required");
  }
  patchSettingsOf(cluster).deferralPolicy = policy;
  return toWire(cluster, call.context);
}

function servedOf(call: Call, cluster: ClusterRecord): ClusterRecord {
  const { deferralOnServerless } = call.context.assumptions;
  if (cluster.plan !== "ADVANCED" && deferralOnServerless !== "served") {
    throw new ApiError(
      deferralOnServerless,
      "version deferrals are supported for advanced clusters only",
    );
  }
  return cluster;
}

function toWire(cluster: ClusterRecord, context: EmulatorContext): WireVersionDeferral {
  const policy = patchSettingsOf(cluster).deferralPolicy ?? "NOT_DEFERRED";
  const until = deferredUntil(cluster, context);
  return {
    deferral_policy: policy === "FIXED_DEFERRAL" ? context.assumptions.fixedDeferralEcho : policy,
    deferred_until: until === undefined ? null : timestamp(until),
  };
}

/** The version deferral of a cluster. */
export const versionDeferralArea: ControlledArea<VersionDeferralControls> = {
  operations: {
    GetClusterVersionDeferral: getClusterVersionDeferral,
    SetClusterVersionDeferral: setClusterVersionDeferral,
  },
  createControls: versionDeferralControls,
};

function versionDeferralControls({ findCluster, context }: ControlParts): VersionDeferralControls {
  return {
    get: (clusterId) => toWire(findCluster(clusterId), context),
    set: (clusterId, policy) => {
      patchSettingsOf(findCluster(clusterId)).deferralPolicy = policy;
    },
  };
}

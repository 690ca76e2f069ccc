// Physical replication streams. The standby loses its data, follows the primary, and replaces it by a failover, which is
// refused until the initial scan is done.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { checkNotBusy, clusterNotFound, clustersOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { ReplicationStatus, ReplicationStream } from "../cluster/replication";
import { isLive, liveStreamOf, streamsOf } from "../cluster/replication";
import { applyDueSteps, cancelSteps, schedule } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import { folderPath } from "../organization/folders";
import type { Organization } from "../organization/organization";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { checkEnrolled } from "../server/enrollment";
import {
  ApiError,
  failedPrecondition,
  invalidValue,
  notFound,
  permissionDenied,
} from "../server/errors";
import { momentKey, page } from "../server/paging";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { boolParameter, textParameter } from "../server/query";
import { stateOfEach } from "../state";
import { isPermitted } from "./collection";
import { databasesOf } from "./database";
import { sqlUsersOf } from "./sql-user";

const hourMs = 60 * 60 * 1000;
/** How far behind the primary the standby is. */
const lagMs = 9000;
/** Data of the last four hours is kept to fail over to. */
const retainedMs = 4 * hourMs;

/** A stream as the API spells it; times are RFC 3339. */
export interface WirePhysicalReplicationStream {
  id: string;
  status: ReplicationStatus;
  primary_cluster_id: string;
  standby_cluster_id: string;
  created_at: string;
  replicated_time?: string;
  replication_lag_seconds?: number;
  retained_time?: string;
  failover_at?: string;
  activated_at?: string;
  canceled_at?: string;
}

/** Replication streams outside the API. */
export interface PhysicalReplicationStreamControls {
  /** All streams, oldest first. */
  list(): WirePhysicalReplicationStream[];
  /** Cancels a stream, as the service does when it is cut off for a day. @throws when there is none. */
  cancel(id: string): void;
  /** Fails over at once, as somebody else would. @throws when there is none. */
  failOver(id: string): void;
  /** Removes every trace of a stream: GET returns 404. */
  forget(id: string): void;
}

const streams = stateOfEach<Organization, [], Map<string, ReplicationStream>>(() => new Map());

const createShape: MessageShape = {
  name: "cockroach.cloud.CreatePhysicalReplicationStreamRequest",
  fields: { primary_cluster_id: "string", standby_cluster_id: "string" },
};

const updateShape: MessageShape = {
  name: "cockroach.cloud.UpdatePhysicalReplicationStreamSpec",
  fields: {
    status: {
      enumeration: ["STARTING", "REPLICATING", "FAILING_OVER", "COMPLETED", "CANCELED"],
    },
    failover_at: "timestamp",
  },
};

function createStream(call: Call): object {
  checkEnrolled(call.context);
  const body = readBody<{ primary_cluster_id?: string; standby_cluster_id?: string }>(
    call,
    createShape,
  );
  const primary = namedCluster(call, "primary_cluster_id", body.primary_cluster_id);
  const standby = namedCluster(call, "standby_cluster_id", body.standby_cluster_id);
  if (primary === standby) {
    throw invalidValue("primary_cluster_id and standby_cluster_id must be different");
  }
  for (const cluster of [primary, standby]) {
    checkCluster(call, cluster);
  }
  checkPair(primary, standby);
  const { streamStartMs, initialScanMs } = call.context.durations;
  const stream: ReplicationStream = {
    id: randomUUID(),
    primary,
    standby,
    createdAt: call.now,
    scannedAt: call.now + streamStartMs + initialScanMs,
    status: "STARTING",
    replicatingSince: undefined,
    failoverAt: undefined,
    activatedAt: undefined,
    canceledAt: undefined,
  };
  streams(call.organization).set(stream.id, stream);
  streamsOf(primary).add(stream);
  streamsOf(standby).add(stream);
  empty(standby, call.context);
  schedule(standby, {
    at: call.now + streamStartMs,
    name: "replication",
    run: (at) => {
      stream.status = "REPLICATING";
      stream.replicatingSince = at;
    },
  });
  applyDueSteps(standby, call.now);
  return toWire(stream, call.now);
}

function namedCluster(call: Call, name: string, id = ""): ClusterRecord {
  if (id === "") {
    throw invalidValue(`${name} is required`);
  }
  const cluster = clustersOf(call.organization, call.context).find((one) => one.id === id);
  if (cluster === undefined || cluster.phase === "deleted") {
    throw clusterNotFound(id);
  }
  if (!isPermittedOn(call, cluster)) {
    throw permissionDenied();
  }
  return cluster;
}

function checkCluster({ context }: Call, cluster: ClusterRecord): void {
  if (cluster.plan !== "ADVANCED") {
    throw failedPrecondition("physical replication is supported for advanced clusters only");
  }
  if (!cluster.supportsVirtualization) {
    throw failedPrecondition(
      `cluster '${cluster.id}' was created without support for cluster virtualization`,
    );
  }
  if (cluster.regions.length > 1) {
    throw failedPrecondition(`cluster '${cluster.id}' has more than one region`);
  }
  checkNotBusy(cluster, context);
  if (liveStreamOf(cluster) !== undefined) {
    throw new ApiError(
      context.assumptions.streamConflict,
      `cluster '${cluster.id}' already has a physical replication stream`,
    );
  }
}

function checkPair(primary: ClusterRecord, standby: ClusterRecord): void {
  if (primary.provider !== standby.provider) {
    throw failedPrecondition("the clusters must be on the same cloud");
  }
  const isSameRegion = primary.regions[0]?.name === standby.regions[0]?.name;
  if (primary.provider !== "GCP" && isSameRegion) {
    throw failedPrecondition("the clusters must be in different regions");
  }
  if (primary.provider === "GCP" && overlap(primary.cidrRange, standby.cidrRange)) {
    throw failedPrecondition("the CIDR ranges of the clusters must not overlap");
  }
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((range) => {
    const [ip = "", prefix = "0"] = range.split("/");
    const address = ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return { address, size: 2 ** (32 - Number(prefix)) };
  }) as [{ address: number; size: number }, { address: number; size: number }];
  const size = Math.max(a.size, b.size);
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

function empty(cluster: ClusterRecord, context: EmulatorContext): void {
  const databases = databasesOf(cluster, context);
  for (const name of [...databases.keys()]) {
    if (!context.assumptions.firstDatabases.includes(name)) {
      databases.delete(name);
    }
  }
  sqlUsersOf(cluster).clear();
}

function updateStream(call: Call): object {
  const body = readBody<{ status?: ReplicationStatus; failover_at?: string }>(
    call,
    updateShape,
    call.context.assumptions.strictPatch ? "refused" : "ignored",
  );
  const stream = requestedStream(call);
  if (body.status === "FAILING_OVER") {
    failOver(stream, body.failover_at, call);
  } else if (body.status === "CANCELED") {
    if (body.failover_at !== undefined) {
      throw invalidValue("failover_at is not supported for the status CANCELED");
    }
    if (stream.status !== "REPLICATING") {
      throw failedPrecondition(`a stream cannot be canceled while it is ${stream.status}`);
    }
    if (!stream.isCanceling) {
      cancel(stream, call.now + call.context.durations.cancelStreamMs, call.now);
    }
  } else {
    throw invalidValue("status must be FAILING_OVER or CANCELED");
  }
  return toWire(stream, call.now);
}

function failOver(stream: ReplicationStream, asked: string | undefined, call: Call): void {
  const { now, context } = call;
  if (stream.status !== "REPLICATING") {
    throw failedPrecondition(`a stream cannot fail over while it is ${stream.status}`);
  }
  if (stream.isCanceling) {
    throw failedPrecondition("a stream cannot fail over while it is being canceled");
  }
  if (now < stream.scannedAt) {
    throw failedPrecondition("the initial scan of the replication stream has not finished");
  }
  const failoverAt = asked === undefined ? now : Date.parse(asked);
  if (failoverAt > now + hourMs) {
    throw invalidValue("failover_at can be at most one hour in the future");
  }
  if (failoverAt < retainedTime(stream, now)) {
    throw invalidValue("failover_at is before the retained time of the stream");
  }
  stream.status = "FAILING_OVER";
  stream.failoverAt = failoverAt > now ? failoverAt : undefined;
  schedule(stream.standby, {
    at: Math.max(now, failoverAt) + context.durations.failoverMs,
    name: "replication",
    run: (at) => complete(stream, asked === undefined ? at : failoverAt, context),
  });
  applyDueSteps(stream.standby, now);
}

/** The standby becomes a cluster of its own with what the primary has. */
function complete(stream: ReplicationStream, activatedAt: number, context: EmulatorContext): void {
  const { primary, standby } = stream;
  stream.status = "COMPLETED";
  stream.activatedAt = activatedAt;
  for (const database of databasesOf(primary, context).values()) {
    databasesOf(standby, context).set(database.name, { ...database });
  }
  for (const user of sqlUsersOf(primary).values()) {
    sqlUsersOf(standby).set(user.name, { ...user });
  }
}

function cancel(stream: ReplicationStream, at: number, now: number): void {
  stream.isCanceling = true;
  cancelSteps(stream.standby, "replication");
  schedule(stream.standby, {
    at,
    name: "replication",
    run: (moment) => {
      stream.status = "CANCELED";
      stream.canceledAt = moment;
    },
  });
  applyDueSteps(stream.standby, now);
}

function getStream(call: Call): object {
  return toWire(requestedStream(call), call.now);
}

function requestedStream(call: Call): ReplicationStream {
  checkEnrolled(call.context);
  const { id = "" } = call.path;
  const stream = currentStreams(call.organization, call.context).find((one) => one.id === id);
  if (stream === undefined) {
    throw notFound(`physical replication stream '${id}' is not found`);
  }
  if (!isPermittedOn(call, stream.primary) && !isPermittedOn(call, stream.standby)) {
    throw permissionDenied();
  }
  return stream;
}

function listStreams(call: Call): object {
  checkEnrolled(call.context);
  const { query } = call;
  const primaryId = textParameter(query, "primary_cluster_id") ?? "";
  const standbyId = textParameter(query, "standby_cluster_id") ?? "";
  const clusterId = textParameter(query, "cluster_id") ?? "";
  const showsCompleted = boolParameter(query, "show_completed");
  const wanted = currentStreams(call.organization, call.context).filter(
    (stream) =>
      (isPermittedOn(call, stream.primary) || isPermittedOn(call, stream.standby)) &&
      (showsCompleted || isLive(stream)) &&
      (primaryId === "" || primaryId === stream.primary.id) &&
      (standbyId === "" || standbyId === stream.standby.id) &&
      (clusterId === "" || [stream.primary.id, stream.standby.id].includes(clusterId)),
  );
  const { items, pagination } = page(call, wanted, {
    sortKey: ({ createdAt, id }) => [momentKey(createdAt), id],
    createdAt: ({ createdAt }) => createdAt,
  });
  return {
    physical_replication_streams: items.map((stream) => toWire(stream, call.now)),
    pagination,
  };
}

/** The streams as they are at this moment. One that has lost a cluster is over. */
function currentStreams(
  organization: Organization,
  context: EmulatorContext,
): readonly ReplicationStream[] {
  clustersOf(organization, context);
  const all = [...streams(organization).values()];
  for (const stream of all.filter(isLive)) {
    const lost = [stream.primary, stream.standby].find(({ phase }) => phase === "deleted");
    if (lost !== undefined) {
      stream.status = "CANCELED";
      stream.canceledAt = lost.deletedAt;
    }
  }
  return all;
}

function isPermittedOn(call: Call, { id, parentId }: ClusterRecord): boolean {
  const folderIds = folderPath(call.organization.folders, parentId);
  return isPermitted(call, { clusterId: id, folderIds });
}

function retainedTime({ replicatingSince = 0 }: ReplicationStream, now: number): number {
  return Math.max(replicatingSince, now - retainedMs);
}

function toWire(stream: ReplicationStream, now: number): WirePhysicalReplicationStream {
  const { failoverAt, activatedAt, canceledAt } = stream;
  return {
    id: stream.id,
    status: stream.status,
    primary_cluster_id: stream.primary.id,
    standby_cluster_id: stream.standby.id,
    created_at: timestamp(stream.createdAt),
    ...(stream.status === "REPLICATING" && {
      retained_time: timestamp(retainedTime(stream, now)),
      replication_lag_seconds: lagMs / 1000,
      ...(now >= stream.scannedAt && { replicated_time: timestamp(now - lagMs) }),
    }),
    ...(failoverAt !== undefined && { failover_at: timestamp(failoverAt) }),
    ...(activatedAt !== undefined && { activated_at: timestamp(activatedAt) }),
    ...(canceledAt !== undefined && { canceled_at: timestamp(canceledAt) }),
  };
}

/** The replication streams of an organization. */
export const physicalReplicationStreamArea: ControlledArea<PhysicalReplicationStreamControls> = {
  operations: {
    CreatePhysicalReplicationStream: createStream,
    GetPhysicalReplicationStream: getStream,
    ListPhysicalReplicationStreams: listStreams,
    UpdatePhysicalReplicationStream: updateStream,
  },
  createControls: physicalReplicationStreamControls,
};

function physicalReplicationStreamControls({
  organizations,
  context,
}: ControlParts): PhysicalReplicationStreamControls {
  const all = () => organizations.flatMap((one) => [...currentStreams(one, context)]);
  const known = (id: string): ReplicationStream => {
    const stream = all().find((one) => one.id === id);
    if (stream === undefined) {
      throw new Error(`The emulator has no physical replication stream ${id}.`);
    }
    return stream;
  };
  return {
    list: () => all().map((stream) => toWire(stream, context.clock.now())),
    cancel: (id) => {
      const now = context.clock.now();
      cancel(known(id), now, now);
    },
    failOver: (id) => {
      const stream = known(id);
      cancelSteps(stream.standby, "replication");
      complete(stream, context.clock.now(), context);
    },
    forget: (id) => {
      const stream = known(id);
      for (const organization of organizations) {
        streams(organization).delete(id);
      }
      streamsOf(stream.primary).delete(stream);
      streamsOf(stream.standby).delete(stream);
    },
  };
}

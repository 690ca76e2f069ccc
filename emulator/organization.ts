// One organization in memory: who may call, the folders, the clusters. Clusters are brought up to date with the
// clock whenever they are looked at.

import { randomBytes, randomUUID } from "node:crypto";
import type { WireAuditLogEntry } from "./audit-log";
import type { Call } from "./call";
import type { ClusterRecord } from "./cluster-record";
import { isBusy } from "./cluster-record";
import { settle } from "./cluster-timeline";
import { ApiError, failedPrecondition, notFound } from "./errors";
import type { FolderRecord } from "./folder-record";
import { newFolder } from "./folder-record";
import type { WireInvoice } from "./invoice";
import type { ApiKeyOptions, OrganizationOptions } from "./options";
import { nextPatchAt, startPatch } from "./patch-schedule";
import type { RoleGrant } from "./roles";
import type { World } from "./world";

/** An API key with the service account that it stands for. */
export interface ApiKey {
  /** The name in the request log. */
  readonly name: string;
  /** The bearer token. */
  readonly secret: string;
  /** UUID of the service account; `creator_id` of what it creates. */
  readonly accountId: string;
  /** Grants, which may be changed at any time; `grantsOf` tells which are in effect. */
  grants: HeldGrant[];
  /** Whether the key still works. */
  revoked: boolean;
}

/** A grant, and since when it is in effect. */
export type HeldGrant = RoleGrant & { readonly since: number };

/** A grant that is made now. */
export function heldGrant(grant: RoleGrant, world: World): HeldGrant {
  return { ...grant, since: world.clock.now() + world.durations.grantMs };
}

/** The grants of a key that are in effect. */
export function grantsOf(key: ApiKey, now: number): readonly RoleGrant[] {
  return key.grants.filter(({ since }) => since <= now);
}

/** The state of one organization. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly keys: ApiKey[];
  /** By id. */
  readonly folders: Map<string, FolderRecord>;
  /** Short code that the service's command line shows. */
  readonly label: string;
  /** Changes through the API, oldest first. */
  readonly auditLog: WireAuditLogEntry[];
  /** Invoices that a test has written; those of the other months are made up. */
  readonly invoices: WireInvoice[];
  /** Ids of the invoices that are made up, by the beginning of their month. */
  readonly invoiceIds: Map<number, string>;
  /** Every cluster that ever was, brought up to date with the clock; use `clustersOf` to read it. */
  readonly clusters: Map<string, ClusterRecord>;
}

const everything: readonly RoleGrant[] = [
  { role: "ORG_ADMIN" },
  { role: "CLUSTER_ADMIN" },
  { role: "FOLDER_ADMIN" },
  { role: "BILLING_COORDINATOR" },
];

/** Makes an organization as the options describe it. */
export function newOrganization(options: OrganizationOptions, now: number): Organization {
  const today = new Date(now);
  const createdAt =
    options.createdAt === undefined
      ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 2, 1)
      : Date.parse(options.createdAt);
  return {
    id: options.id ?? randomUUID(),
    name: options.name ?? "emulated-organization",
    createdAt,
    label: randomText(5).toLowerCase(),
    auditLog: [],
    invoices: [],
    invoiceIds: new Map(),
    keys: (options.apiKeys ?? [{}]).map((key, index) =>
      newApiKey(key, `key-${index + 1}`, (grant) => ({ ...grant, since: now })),
    ),
    folders: new Map(
      (options.folders ?? []).map((folder) => [folder.id, newFolder(folder, createdAt)]),
    ),
    clusters: new Map(),
  };
}

/** Makes a key; a secret that was not chosen gets the service's form. */
export function newApiKey(
  options: ApiKeyOptions,
  name: string,
  held: (grant: RoleGrant) => HeldGrant,
): ApiKey {
  return {
    name: options.name ?? name,
    secret: options.secret ?? `CCDB1_${randomText(22)}_${randomText(40)}`,
    accountId: randomUUID(),
    grants: (options.roles ?? everything).map(held),
    revoked: false,
  };
}

/** All clusters of the organization, deleted ones included, as they are at this moment. */
export function clustersOf(organization: Organization, world: World): ClusterRecord[] {
  const clusters = [...organization.clusters.values()];
  for (const cluster of clusters) {
    bringUpToDate(cluster, world);
  }
  return clusters;
}

/** The cluster of this id as it is at this moment, deleted or not. @throws not found. */
export function clusterOf(organization: Organization, world: World, id: string): ClusterRecord {
  const cluster = organization.clusters.get(id);
  if (cluster === undefined) {
    throw clusterNotFound(id);
  }
  bringUpToDate(cluster, world);
  return cluster;
}

/** Finds a cluster of any organization by its id. @throws when there is none. */
export type ClusterFinder = (clusterId: string) => ClusterRecord;

/** Makes the finder that controls use. */
export function clusterFinder(organizations: readonly Organization[], world: World): ClusterFinder {
  return (clusterId) => {
    for (const organization of organizations) {
      if (organization.clusters.has(clusterId)) {
        return clusterOf(organization, world, clusterId);
      }
    }
    throw new Error(`The emulator has no cluster ${clusterId}.`);
  };
}

/** Lets everything happen that was due until now, patches included, in the order of time. */
function bringUpToDate(cluster: ClusterRecord, world: World): void {
  const now = world.clock.now();
  for (;;) {
    const stepAt = cluster.steps[0]?.at ?? Number.POSITIVE_INFINITY;
    const patchAt = nextPatchAt(cluster, world, cluster.upToDateAt) ?? Number.POSITIVE_INFINITY;
    if (Math.min(stepAt, patchAt) > now) {
      break;
    }
    if (stepAt <= patchAt) {
      cluster.upToDateAt = Math.max(cluster.upToDateAt, stepAt);
      settle(cluster, stepAt);
    } else {
      cluster.upToDateAt = patchAt;
      startPatch(cluster, world, patchAt);
    }
  }
  cluster.upToDateAt = now;
}

/** The answer to an id that no cluster has. */
export function clusterNotFound(id: string): Error {
  return notFound(`internal call failed: cluster '${id}' is not found`);
}

function randomText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}

/** The cluster that a call about its belongings names. @throws not found, also when it is deleted. */
export function liveClusterOf(call: Call): ClusterRecord {
  const cluster = clusterOf(call.organization, call.world, call.clusterId);
  const isRead = call.operation.method === "GET";
  if (cluster.phase === "deleted" && !(isRead && call.world.assumptions.serveDeletedClusters)) {
    throw clusterNotFound(call.clusterId);
  }
  return cluster;
}

/**
 * The cluster that a call about what is inside it names: users and databases. A cluster that is being created
 * has no inside yet, and is not found.
 */
export function readyClusterOf(call: Call): ClusterRecord {
  const cluster = liveClusterOf(call);
  if (cluster.phase === "creating" || cluster.phase === "creation-failed") {
    throw clusterNotFound(call.clusterId);
  }
  if (call.operation.method !== "GET" && call.world.assumptions.lockCoversBelongings) {
    checkNotBusy(cluster, call.world);
  }
  return cluster;
}

/** The cluster whose settings a call changes. @throws not found, or busy while it is being created. */
export function changeableClusterOf(call: Call): ClusterRecord {
  const cluster = liveClusterOf(call);
  if (cluster.phase !== "created" || call.world.assumptions.lockCoversBelongings) {
    checkNotBusy(cluster, call.world);
  }
  if (cluster.phase === "creation-failed") {
    throw failedPrecondition("cluster failed to be created and can only be deleted");
  }
  return cluster;
}

/** Refuses a call while somebody is at work on the cluster. @throws busy. */
export function checkNotBusy(cluster: ClusterRecord, world: World): void {
  if (isBusy(cluster, world.clock.now())) {
    throw new ApiError(
      world.assumptions.busy,
      `couldn't lock cluster '${cluster.id}': another operation is in progress`,
    );
  }
}

// One organization in memory: who may call, the folders, the clusters. Clusters are brought up to date with the
// clock whenever they are looked at.

import { randomBytes, randomUUID } from "node:crypto";
import type { Call } from "./call";
import type { ClusterRecord } from "./cluster-record";
import { settle } from "./cluster-timeline";
import { notFound } from "./errors";
import type { ApiKeyOptions, FolderOptions, OrganizationOptions } from "./options";
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
  /** Grants, which may be changed at any time. */
  readonly grants: RoleGrant[];
  /** Whether the key still works. */
  revoked: boolean;
}

/** A folder of an organization. */
export interface Folder {
  readonly id: string;
  name: string;
  /** UUID of the parent folder, or "root". */
  parentId: string;
}

/** The state of one organization. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly keys: ApiKey[];
  readonly folders: Folder[];
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
  return {
    id: options.id ?? randomUUID(),
    name: options.name ?? "emulated-organization",
    createdAt: now,
    keys: (options.apiKeys ?? [{}]).map((key, index) => newApiKey(key, `key-${index + 1}`)),
    folders: (options.folders ?? []).map(newFolder),
    clusters: new Map(),
  };
}

/** Makes a key; a secret that was not chosen gets the service's form. */
export function newApiKey(options: ApiKeyOptions, name: string): ApiKey {
  return {
    name: options.name ?? name,
    secret: options.secret ?? `CCDB1_${randomText(22)}_${randomText(40)}`,
    accountId: randomUUID(),
    grants: [...(options.roles ?? everything)],
    revoked: false,
  };
}

/** Makes a folder. */
export function newFolder(options: FolderOptions): Folder {
  return { id: options.id, name: options.name, parentId: options.parentId ?? "root" };
}

/** All clusters of the organization, deleted ones included, as they are at this moment. */
export function clustersOf(organization: Organization, world: World): ClusterRecord[] {
  const now = world.clock.now();
  const clusters = [...organization.clusters.values()];
  for (const cluster of clusters) {
    settle(cluster, now);
  }
  return clusters;
}

/** The cluster of this id as it is at this moment, deleted or not. @throws not found. */
export function clusterOf(organization: Organization, world: World, id: string): ClusterRecord {
  const cluster = organization.clusters.get(id);
  if (cluster === undefined) {
    throw clusterNotFound(id);
  }
  settle(cluster, world.clock.now());
  return cluster;
}

/** The answer to an id that no cluster has. */
export function clusterNotFound(id: string): Error {
  return notFound(`internal call failed: cluster '${id}' is not found`);
}

/** The folders around a parent id, nearest first. */
export function folderPath(organization: Organization, parentId: string): string[] {
  const path: string[] = [];
  let id = parentId;
  while (id !== "root" && !path.includes(id)) {
    path.push(id);
    id = organization.folders.find((folder) => folder.id === id)?.parentId ?? "root";
  }
  return path;
}

function randomText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}

/** The cluster that a call about its belongings names. @throws not found, also when it is deleted. */
export function liveClusterOf(call: Call): ClusterRecord {
  const cluster = clusterOf(call.organization, call.world, call.clusterId);
  if (cluster.phase === "deleted" && !call.world.assumptions.serveDeletedClusters) {
    throw clusterNotFound(call.clusterId);
  }
  return cluster;
}

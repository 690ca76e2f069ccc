// Whose endpoints may be connected to a cluster. Without any, everybody's may.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { stateOfEachCluster } from "../state";
import { readUuid } from "./collection";

interface TrustedOwnerRecord {
  readonly id: string;
  readonly externalOwnerId: string;
  readonly createdAt: number;
}

/** A trusted owner as the API spells it. */
export interface WireTrustedOwner {
  id: string;
  cluster_id: string;
  type: "AWS_ACCOUNT_ID";
  external_owner_id: string;
  created_at: string;
}

/** Trusted owners outside the API. Cluster ids are UUIDs. */
export interface TrustedOwnerControls {
  /** All trusted owners of a cluster. */
  list(clusterId: string): WireTrustedOwner[];
  /** Adds an owner. Returns its UUID. @param externalOwnerId twelve digits, or "*". */
  add(clusterId: string, externalOwnerId: string): string;
  /** Removes an owner. @throws when there is none. */
  remove(clusterId: string, ownerId: string): void;
}

const ownersOf = stateOfEachCluster(() => new Map<string, TrustedOwnerRecord>());

/** Whether endpoints of this owner may be connected. */
export function isTrusted(cluster: ClusterRecord, externalOwnerId: string): boolean {
  const trusted = [...ownersOf(cluster).values()].map((owner) => owner.externalOwnerId);
  return trusted.length === 0 || trusted.includes("*") || trusted.includes(externalOwnerId);
}

const shape: MessageShape = {
  name: "cockroach.cloud.AddPrivateEndpointTrustedOwnerRequest",
  fields: { type: { enumeration: ["AWS_ACCOUNT_ID"] }, external_owner_id: "string" },
};

function listOwners(call: Call): object {
  const cluster = liveClusterOf(call);
  const owners = [...ownersOf(cluster).values()];
  const isShown = owners.length > 0 || call.context.assumptions.emptyTrustedOwners === "listed";
  return isShown ? { trusted_owners: owners.map((owner) => toWire(cluster, owner)) } : {};
}

function addOwner(call: Call): object {
  const { type, external_owner_id: externalOwnerId = "" } = readBody<{
    type?: string;
    external_owner_id?: string;
  }>(call, shape);
  const cluster = supporting(call, changeableClusterOf(call));
  if (type === undefined) {
    throw invalidValue("type is required");
  }
  if (!/^(\d{12}|\*)$/.test(externalOwnerId)) {
    throw invalidValue("external_owner_id must be an AWS account of 12 digits, or *");
  }
  const owners = ownersOf(cluster);
  const { duplicateTrustedOwner } = call.context.assumptions;
  const present = [...owners.values()].find((owner) => owner.externalOwnerId === externalOwnerId);
  if (present !== undefined && duplicateTrustedOwner !== "allowed") {
    if (duplicateTrustedOwner === "same-entry") {
      return { trusted_owner: toWire(cluster, present) };
    }
    throw new ApiError(duplicateTrustedOwner, `trusted owner '${externalOwnerId}' already exists`);
  }
  return { trusted_owner: toWire(cluster, newOwner(cluster, externalOwnerId, call.now)) };
}

function getOwner(call: Call): object {
  const cluster = liveClusterOf(call);
  return { trusted_owner: toWire(cluster, find(call, cluster)) };
}

function removeOwner(call: Call): object {
  const cluster = changeableClusterOf(call);
  const owner = find(call, cluster);
  ownersOf(cluster).delete(owner.id);
  return { trusted_owner: toWire(cluster, owner) };
}

function supporting(call: Call, cluster: ClusterRecord): ClusterRecord {
  const { hasTrustedOwners, featureOff, networkOnServerless } = call.context.assumptions;
  if (!hasTrustedOwners) {
    throw new ApiError(featureOff, "private endpoint trusted owners are not enabled");
  }
  if (cluster.plan !== "ADVANCED" || cluster.provider !== "AWS") {
    throw new ApiError(
      networkOnServerless,
      "private endpoint trusted owners are supported for advanced clusters on AWS only",
    );
  }
  return cluster;
}

function newOwner(
  cluster: ClusterRecord,
  externalOwnerId: string,
  createdAt: number,
): TrustedOwnerRecord {
  const owner = { id: randomUUID(), externalOwnerId, createdAt };
  ownersOf(cluster).set(owner.id, owner);
  return owner;
}

function find(call: Call, cluster: ClusterRecord): TrustedOwnerRecord {
  const id = readUuid(call.path["owner_id"] ?? "", "owner_id");
  const owner = ownersOf(cluster).get(id);
  if (owner === undefined) {
    throw notFound(`trusted owner '${id}' is not found`);
  }
  return owner;
}

function toWire(cluster: ClusterRecord, owner: TrustedOwnerRecord): WireTrustedOwner {
  return {
    id: owner.id,
    cluster_id: cluster.id,
    type: "AWS_ACCOUNT_ID",
    external_owner_id: owner.externalOwnerId,
    created_at: timestamp(owner.createdAt),
  };
}

/** The trusted owners of a cluster. */
export const trustedOwnerArea: ControlledArea<TrustedOwnerControls> = {
  operations: {
    AddPrivateEndpointTrustedOwner: addOwner,
    GetPrivateEndpointTrustedOwner: getOwner,
    ListPrivateEndpointTrustedOwners: listOwners,
    RemovePrivateEndpointTrustedOwner: removeOwner,
  },
  createControls: ({ findCluster, context }: ControlParts) => ({
    list: (clusterId) => {
      const cluster = findCluster(clusterId);
      return [...ownersOf(cluster).values()].map((owner) => toWire(cluster, owner));
    },
    add: (clusterId, externalOwnerId) =>
      newOwner(findCluster(clusterId), externalOwnerId, context.clock.now()).id,
    remove: (clusterId, ownerId) => {
      if (!ownersOf(findCluster(clusterId)).delete(ownerId)) {
        throw new Error(`Cluster ${clusterId} has no trusted owner ${ownerId}.`);
      }
    },
  }),
};

// One organization in memory: who may call, the folders, the clusters. Areas keep what else belongs to it.

import { randomBytes, randomUUID } from "node:crypto";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { ApiKeyOptions, OrganizationOptions } from "../options";
import type { RoleGrant } from "../server/roles";
import type { FolderRecord } from "./folders";
import { newFolder } from "./folders";

/** An API key with the service account that it stands for. */
export interface ApiKey {
  /** The name in the request log. */
  readonly name: string;
  /** The bearer token. */
  readonly secret: string;
  /** UUID of the service account; `creator_id` of what it creates. */
  readonly accountId: string;
  /** Grants, which may be changed at any time; `grantsOf` returns those in effect. */
  grants: HeldGrant[];
  /** Whether the key still works. */
  revoked: boolean;
}

/** A grant, and since when it is in effect. */
export type HeldGrant = RoleGrant & { readonly since: number };

/** A grant that begins now. */
export function heldGrant(grant: RoleGrant, context: EmulatorContext): HeldGrant {
  return { ...grant, since: context.clock.now() + context.durations.grantMs };
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
  /** Every cluster that ever was, brought up to date with the clock; use `clustersOf` to read it. */
  readonly clusters: Map<string, ClusterRecord>;
}

const everything: readonly RoleGrant[] = [
  { role: "ORG_ADMIN" },
  { role: "CLUSTER_ADMIN" },
  { role: "FOLDER_ADMIN" },
  { role: "BILLING_COORDINATOR" },
];

/** Creates an organization as the options describe it. */
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
    keys: (options.apiKeys ?? [{}]).map((key, index) =>
      newApiKey(key, `key-${index + 1}`, (grant) => ({ ...grant, since: now })),
    ),
    folders: new Map(
      (options.folders ?? []).map((folder) => [folder.id, newFolder(folder, createdAt)]),
    ),
    clusters: new Map(),
  };
}

/** Creates a key; a secret that was not chosen gets the service's form. */
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

function randomText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}

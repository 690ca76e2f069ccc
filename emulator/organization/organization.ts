// One organization in memory: who may call, the folders, the clusters. Areas keep what else belongs to it.

import { randomBytes, randomUUID } from "node:crypto";
import type { ClusterRecord } from "../cluster/record";
import type { EmulatorContext } from "../context";
import type { ApiKeyOptions, OrganizationOptions } from "../options";
import type { RoleGrant } from "../server/roles";
import type { FolderRecord } from "./folders";
import { newFolder } from "./folders";
import type { GroupRecord, HeldGrant, PersonRecord, ServiceAccountRecord } from "./principals";
import { newPerson, newServiceAccount } from "./principals";

/** An API key of a service account. */
export interface ApiKey {
  /** What the secret begins with, where it has the service's form. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The bearer token. */
  readonly secret: string;
  readonly account: ServiceAccountRecord;
  /** Also its name in the request log. */
  name: string;
  /** From when on it works, in milliseconds since 1970. */
  readonly activeAt: number;
}

/** The state of one organization. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** By id. */
  readonly keys: Map<string, ApiKey>;
  /** Deleted keys that still work, each until a moment in milliseconds since 1970. */
  readonly revokedKeys: Map<ApiKey, number>;
  /** By id. */
  readonly serviceAccounts: Map<string, ServiceAccountRecord>;
  /** Deleted ones, whose roles can still be read, by id. */
  readonly formerAccounts: Map<string, ServiceAccountRecord>;
  /** By id. */
  readonly persons: Map<string, PersonRecord>;
  /** By id. */
  readonly groups: Map<string, GroupRecord>;
  /** By id. */
  readonly folders: Map<string, FolderRecord>;
  /** Whether users and groups can be written by SCIM. */
  readonly usesScim: boolean;
  /** How requests with a token name the organization. */
  readonly vanityName: string;
  /** Short code that the service's command line shows. */
  readonly label: string;
  /** Every cluster that ever was, brought up to date with the clock; use `clustersOf` to read it. */
  readonly clusters: Map<string, ClusterRecord>;
}

const founder = { email: "founder@example.com" };
const member = { email: "member@example.com" };

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
  const { name = "emulated-organization", vanityName = name } = options;
  const organization: Organization = {
    id: options.id ?? randomUUID(),
    name,
    vanityName,
    createdAt,
    usesScim: options.scim ?? true,
    label: randomText(5).toLowerCase(),
    keys: new Map(),
    revokedKeys: new Map(),
    serviceAccounts: new Map(),
    formerAccounts: new Map(),
    persons: new Map(
      (options.persons ?? [{ ...founder, roles: [...everything] }, member])
        .map((person) => newPerson(person, createdAt))
        .map((person) => [person.id, person]),
    ),
    groups: new Map(),
    folders: new Map(
      (options.folders ?? []).map((folder) => [folder.id, newFolder(folder, createdAt)]),
    ),
    clusters: new Map(),
  };
  for (const key of options.apiKeys ?? [{}]) {
    addApiKey(organization, key, now, (grant) => ({ ...grant, since: now }));
  }
  return organization;
}

/** Adds a key with a service account of its own, which has the key's name. */
export function addApiKey(
  organization: Organization,
  options: ApiKeyOptions,
  now: number,
  held: (grant: RoleGrant) => HeldGrant,
): ApiKey {
  const name = options.name ?? `key-${organization.keys.size + 1}`;
  const account = newServiceAccount({
    name,
    creatorName: founder.email,
    createdAt: now,
    grants: (options.roles ?? everything).map(held),
  });
  organization.serviceAccounts.set(account.id, account);
  return newApiKey(organization, { account, name, now, secret: options.secret });
}

/** Creates a key; a secret that was not chosen gets the service's form. */
export function newApiKey(
  organization: Organization,
  {
    account,
    name,
    now,
    activeAt = now,
    secret,
  }: {
    account: ServiceAccountRecord;
    name: string;
    now: number;
    activeAt?: number;
    secret?: string | undefined;
  },
): ApiKey {
  const text = secret ?? `CCDB1_${randomText(22)}_${randomText(40)}`;
  const id = /^(CCDB\d+_[A-Za-z0-9]+)_[A-Za-z0-9]+$/.exec(text)?.[1] ?? `CCDB1_${randomText(22)}`;
  const key = { id, createdAt: now, activeAt, secret: text, account, name };
  organization.keys.set(id, key);
  return key;
}

/** Ends a key, which works for as long as the duration says. */
export function revokeKey(
  organization: Organization,
  key: ApiKey,
  { clock, durations }: EmulatorContext,
): void {
  organization.keys.delete(key.id);
  organization.revokedKeys.set(key, clock.now() + durations.keyRevocationMs);
}

/** The key of a secret, if it works at this moment. */
export function workingKey(
  { keys, revokedKeys }: Organization,
  secret: string,
  now: number,
): ApiKey | undefined {
  const revoked = [...revokedKeys].filter(([, until]) => until > now).map(([key]) => key);
  return [...keys.values(), ...revoked].find((key) => key.secret === secret && key.activeAt <= now);
}

function randomText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}

// Who can hold roles in an organization: persons, service accounts and groups of both.

import { randomUUID } from "node:crypto";
import type { PersonOptions } from "../options";
import type { RoleGrant } from "../server/roles";

/** A grant, and since when it is in effect. */
export type HeldGrant = RoleGrant & { readonly since: number };

/** Whoever can hold roles. */
interface Principal {
  /** UUID. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What was granted to it, without the membership that persons and service accounts always have. */
  grants: HeldGrant[];
}

/** The identity of a program. */
export interface ServiceAccountRecord extends Principal {
  readonly kind: "service account";
  readonly creatorName: string;
  name: string;
  description: string;
}

/** A member of the organization. */
export interface PersonRecord extends Principal {
  readonly kind: "person";
  email: string;
}

/** A group, whose members have its roles. */
export interface GroupRecord extends Principal {
  readonly kind: "group";
  name: string;
  /** Ids of persons, service accounts and other groups. */
  readonly members: Set<string>;
}

/** Whoever can hold roles, of each kind. */
export type PrincipalRecord = ServiceAccountRecord | PersonRecord | GroupRecord;

/** Who can send requests. */
export type CallerRecord = ServiceAccountRecord | PersonRecord;

/** Creates a service account. */
export function newServiceAccount(
  details: Pick<ServiceAccountRecord, "name" | "creatorName" | "grants" | "createdAt"> & {
    description?: string;
  },
): ServiceAccountRecord {
  return { kind: "service account", id: randomUUID(), description: "", ...details };
}

/** Creates a person. */
export function newPerson(
  { id = randomUUID(), email, roles = [] }: PersonOptions,
  now: number,
): PersonRecord {
  const grants = roles.map((role) => ({ ...role, since: now }));
  return { kind: "person", id, createdAt: now, email, grants };
}

/** What a principal is called by others. */
export function nameOf(principal: PrincipalRecord): string {
  return principal.kind === "person" ? principal.email : principal.name;
}

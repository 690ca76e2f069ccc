// Roles: what persons, service accounts and groups may do, and where.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { openEnumSchema, paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** A role that the API knows. */
export type RoleName =
  | "BILLING_COORDINATOR"
  | "BILLING_VIEWER"
  | "CLUSTER_ADMIN"
  | "CLUSTER_CREATOR"
  | "CLUSTER_DEVELOPER"
  | "CLUSTER_MONITOR"
  | "CLUSTER_OPERATOR_WRITER"
  | "FOLDER_ADMIN"
  | "FOLDER_MOVER"
  | "METRICS_VIEWER"
  | "ORG_ADMIN"
  | "ORG_MEMBER";

/** What a role can be granted on. */
export type RoleResourceType = "ORGANIZATION" | "FOLDER" | "CLUSTER";

/** A role, and what it is granted on. */
export interface WireRole {
  name: RoleName;
  resource: {
    type: RoleResourceType;
    /** UUID of the folder or cluster; absent for the organization. */
    id?: string;
  };
}

/** A role that comes from groups. */
export interface WireGroupRole {
  role: WireRole;
  /** Names of the groups that have it. */
  group_names: string[];
}

/** The roles of a person, a service account or a group. */
export interface WireRoles {
  /** Roles that were granted to the subject itself. */
  roles: WireRole[];
  group_roles: WireGroupRole[];
}

/** The roles of one subject, in a list. */
export interface WireRoleGrants extends WireRoles {
  /** UUID of the person, service account or group. */
  user_id: string;
}

/** @internal The API and the Terraform provider spell the organization's missing id in several ways. */
export const roleSchema = z
  .object({
    name: openEnumSchema<RoleName>(),
    resource: z.object({
      type: openEnumSchema<RoleResourceType>(),
      id: z.string().exactOptional(),
    }),
  })
  .transform(({ name, resource: { type, id } }): WireRole => {
    const isNamed = type !== "ORGANIZATION" && id !== undefined && id !== "";
    return { name, resource: { type, ...(isNamed ? { id } : {}) } };
  });

/** @internal The document lets the role be left out, without which an entry means nothing. */
const groupRolesSchema = z
  .array(z.object({ role: roleSchema.optional(), group_names: z.array(z.string()).default([]) }))
  .default([])
  .transform((entries): WireGroupRole[] =>
    entries.flatMap(({ role, group_names }) => (role === undefined ? [] : [{ role, group_names }])),
  );

/** @internal */
export const rolesSchema = z.object({
  roles: z.array(roleSchema).default([]),
  group_roles: groupRolesSchema,
});

/** @internal */
export const roleGrantListSchema = z.object({
  grants: z
    .array(z.object({ user_id: z.string().min(1), roles: z.array(roleSchema).default([]) }))
    .default([]),
  user_group_grants: z
    .array(z.object({ user_id: textSchema, group_roles: groupRolesSchema }))
    .default([])
    .transform((grants) => grants.filter(({ user_id }) => user_id !== "")),
  pagination: paginationSchema,
});

const toRead = permission(["OA", "CA", "FA"], "the organization");
const toWrite =
  "the role Organization Admin; for roles on clusters Cluster Admin there, for roles on folders Folder Admin there";

function rolesOf(userId: string) {
  return {
    path: path`/api/v1/roles/${userId}`,
    object: `the roles of ${userId}`,
    schema: rolesSchema,
  };
}

function grantOf(userId: string, { name, resource: { type, id } }: WireRole) {
  const isOnOrganization = type === "ORGANIZATION";
  return {
    // The API wants an empty segment in place of the organization's id.
    path: isOnOrganization
      ? path`/api/v1/roles/${userId}/ORGANIZATION//${name}`
      : path`/api/v1/roles/${userId}/${type}/${id ?? ""}/${name}`,
    object: `role ${name} on ${isOnOrganization ? "the organization" : `${type.toLowerCase()} ${id}`} of ${userId}`,
    schema: rolesSchema,
  };
}

/**
 * Roles of persons, service accounts and groups, by the UUID of each. A role on the organization or a
 * folder holds for everything below it; only what was granted is listed, not what is inherited.
 */
export class RolesApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Lists who has which roles; one subject may come twice. In an organization with more than 100 subjects the service
   * may leave some out: `get` is exact.
   */
  list(query: ListQuery = {}, options?: RequestOptions): AsyncIterable<WireRoleGrants> {
    const target = { path: path`/api/v1/roles`, object: "roles", schema: roleGrantListSchema };
    const { pageSize = defaultPageSize } = query;
    return this.#caller.list(
      operation("GET", target, toRead, { verb: "Listing" }),
      ({ grants, user_group_grants: inherited }) => [
        ...grants.map((grant) => ({ ...grant, group_roles: [] })),
        ...inherited.map((grant) => ({ ...grant, roles: [] })),
      ],
      pageSize,
      options,
    );
  }

  /** Reads the roles of one subject. One that the service does not know may have none. */
  async get(userId: string, options?: RequestOptions): Promise<WireRoles> {
    return await this.#caller.run(operation("GET", rolesOf(userId), toRead), options);
  }

  /**
   * Replaces the roles that were granted to a subject itself. A person or service account keeps `ORG_MEMBER` whatever
   * is sent.
   */
  async set(userId: string, roles: WireRole[], options?: RequestOptions): Promise<WireRoles> {
    const call = operation("PUT", rolesOf(userId), toWrite, { body: { roles } });
    return await this.#caller.run(call, options);
  }

  /** Grants a role. One that the subject has already changes nothing. */
  async add(userId: string, role: WireRole, options?: RequestOptions): Promise<WireRoles> {
    const call = operation("POST", grantOf(userId, role), toWrite, { verb: "Granting" });
    return await this.#caller.run(call, options);
  }

  /**
   * Takes a role away. One that a repeated request does not find counts as removed; one that the subject never had is a
   * `NotFoundError`.
   */
  async remove(userId: string, role: WireRole, options?: RequestOptions): Promise<void> {
    const call = operation("DELETE", grantOf(userId, role), toWrite, { verb: "Removing" });
    await this.#caller.delete(call, options);
  }
}

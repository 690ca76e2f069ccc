// What an operation of the API is. Routing, roles and the request log work from the table of operations.

import type { Role } from "./roles";

/** Methods that the API uses. */
export type HttpMethod = "DELETE" | "GET" | "PATCH" | "POST" | "PUT";

/** Where a role may be granted. */
export type RoleScope = "organization" | "folder" | "cluster";

/** One operation of the API's reference. */
export interface Operation {
  /** The operation id without its `CockroachCloud_` prefix, for example `CreateCluster`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** The path with its parameters in braces. */
  readonly path: string;
  /** Roles that may call it, `any` = every member of the organization. */
  readonly roles: readonly Role[] | "any";
  /** Levels at which such a role counts. */
  readonly scopes: readonly RoleScope[];
}

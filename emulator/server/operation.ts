// What an operation of the API is. Routing, roles and the request log work from the table of operations.

import type { Permission } from "./roles";

/** Methods that the API uses. */
export type HttpMethod = "DELETE" | "GET" | "PATCH" | "POST" | "PUT";

/** One operation of the API's reference. */
export interface Operation extends Permission {
  /** The operation id without its `CockroachCloud_` prefix, for example `CreateCluster`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** The path with its parameters in braces. */
  readonly path: string;
}

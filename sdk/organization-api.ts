// Reading the organization.

import type { ApiCall, Caller } from "./call";
import type { WireOrganization } from "./organization";
import { organizationSchema } from "./organization";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { permission } from "./role";

/** The organization that the key belongs to. */
export interface OrganizationApi {
  /** Reads the organization. */
  get(options?: RequestOptions): Promise<WireOrganization>;
}

const permitted = permission(["OA", "OM"], "the organization");

/** @internal */
export class OrganizationOperations implements OrganizationApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async get(options?: RequestOptions): Promise<WireOrganization> {
    const call: ApiCall<WireOrganization> = {
      method: "GET",
      path: path`/api/v1/organization`,
      operation: "Reading the organization",
      object: "the organization",
      permission: permitted,
      schema: organizationSchema,
    };
    return await this.#caller.run(call, options);
  }
}

// The organization that the key belongs to.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { path } from "../http/path";
import { textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** An organization. */
export interface WireOrganization {
  /** UUID; the external id in the trust policy of an AWS role. */
  id: string;
  /** Short name. */
  label: string;
  name: string;
  /** RFC 3339. */
  created_at?: string;
  /** Whom the service acts as in customers' clouds. */
  cockroach_cloud_service_principals?: {
    aws?: { user_arn: string };
    gcp?: { service_account_email: string };
    azure?: { app_registration_client_id: string; app_registration_name: string };
  };
}

/** @internal */
export const organizationSchema = z.object({
  id: z.string().min(1),
  label: textSchema,
  name: textSchema,
  created_at: z.string().exactOptional(),
  cockroach_cloud_service_principals: z
    .object({
      aws: z.object({ user_arn: textSchema }).exactOptional(),
      gcp: z.object({ service_account_email: textSchema }).exactOptional(),
      azure: z
        .object({ app_registration_client_id: textSchema, app_registration_name: textSchema })
        .exactOptional(),
    })
    .exactOptional(),
});

const permitted = permission(["OA", "OM"], "the organization");

/** The organization that the key belongs to. */
export class OrganizationApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the organization. */
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

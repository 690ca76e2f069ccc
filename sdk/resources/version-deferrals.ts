// Version deferrals of Advanced clusters.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { path } from "../http/path";
import { openEnumSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** For how long. `FIXED_DEFERRAL` is an old name of `DEFERRAL_60_DAYS`. */
export type DeferralPolicy =
  | "NOT_DEFERRED"
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL"
  | (string & {});

/** The deferral of a cluster. */
export interface WireVersionDeferral {
  deferral_policy: DeferralPolicy;
  /** RFC 3339; absent unless a patch is being put off. */
  deferred_until?: string;
}

/** @internal */
export const versionDeferralSchema = z.object({
  deferral_policy: openEnumSchema<DeferralPolicy>().default("NOT_DEFERRED"),
  deferred_until: z.string().exactOptional(),
});

const permitted = permission(["CA", "CO"], everywhere);

/** The version deferral of an Advanced cluster. There is always one: `NOT_DEFERRED` takes it off. */
export class VersionDeferralsApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Reads the policy, and until when a pending patch is put off. */
  async get(clusterId: string, options?: RequestOptions): Promise<WireVersionDeferral> {
    return await this.#caller.run(deferralCall("GET", "Reading", clusterId), options);
  }

  /** Sets the policy. */
  async set(
    clusterId: string,
    policy: DeferralPolicy,
    options?: RequestOptions,
  ): Promise<WireVersionDeferral> {
    const body = { deferral_policy: policy };
    return await this.#caller.run({ ...deferralCall("PUT", "Setting", clusterId), body }, options);
  }
}

function deferralCall(
  method: "GET" | "PUT",
  doing: string,
  clusterId: string,
): ApiCall<WireVersionDeferral> {
  const object = `the version deferral of cluster ${clusterId}`;
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/version-deferral`,
    operation: `${doing} ${object}`,
    object,
    permission: permitted,
    schema: versionDeferralSchema,
  };
}

// The operations on version deferrals.

import type { ApiCall, Caller } from "./call";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";
import type { DeferralPolicy, WireVersionDeferral } from "./version-deferral";
import { versionDeferralSchema } from "./version-deferral";

/** The version deferral of an Advanced cluster. There is always one: `NOT_DEFERRED` takes it off. */
export interface VersionDeferralsApi {
  /** Reads the policy, and until when a pending patch is put off. */
  get(clusterId: string, options?: RequestOptions): Promise<WireVersionDeferral>;
  /** Sets the policy. */
  set(
    clusterId: string,
    policy: DeferralPolicy,
    options?: RequestOptions,
  ): Promise<WireVersionDeferral>;
}

const permitted = permission(["CA", "CO"], everywhere);

/** @internal */
export class VersionDeferralOperations implements VersionDeferralsApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async get(clusterId: string, options?: RequestOptions): Promise<WireVersionDeferral> {
    return await this.#caller.run(deferralCall("GET", "Reading", clusterId), options);
  }

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

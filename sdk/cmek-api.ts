// The operations on a cluster's encryption keys.

import type { ApiCall, Caller } from "./call";
import type { WireCmekClusterInfo, WireCmekRegionSpec } from "./cmek";
import { cmekClusterInfoSchema } from "./cmek";
import { path } from "./path";
import type { RequestOptions } from "./request-options";
import { everywhere, permission } from "./role";

/**
 * Customer-managed encryption keys of an Advanced cluster. Every change answers at its start; watch
 * `get`. Where the key's permissions do not let the service in, perhaps because they are too new, the
 * error is a `KmsPermissionError`.
 */
export interface CmekApi {
  /**
   * Reads the state. Before encryption is enabled the API answers `DISABLED`, or has been seen to
   * answer 404, which is a `NotFoundError` here.
   */
  get(clusterId: string, options?: RequestOptions): Promise<WireCmekClusterInfo>;
  /**
   * Enables encryption, for ever, with a key for each region of the cluster. It is sent once: repeated
   * only where the first try certainly had no effect.
   */
  enable(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo>;
  /**
   * Gives regions other keys. Regions that are left out stay as they are; the key that a region has
   * already encrypts it anew, under its latest version.
   */
  update(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo>;
  /** Gives up access to all keys, and with it the data: only Cockroach Labs' support can restore it. */
  revoke(clusterId: string, options?: RequestOptions): Promise<WireCmekClusterInfo>;
}

const permitted = permission(["CA", "CO"], everywhere);

/** @internal */
export class CmekOperations implements CmekApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async get(clusterId: string, options?: RequestOptions): Promise<WireCmekClusterInfo> {
    return await this.#caller.run(cmekCall("GET", "Reading", clusterId), options);
  }

  async enable(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo> {
    const body = { region_specs: regionSpecs };
    return await this.#caller.run({ ...cmekCall("POST", "Enabling", clusterId), body }, options);
  }

  async update(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo> {
    const body = { region_specs: regionSpecs };
    return await this.#caller.run({ ...cmekCall("PUT", "Changing", clusterId), body }, options);
  }

  async revoke(clusterId: string, options?: RequestOptions): Promise<WireCmekClusterInfo> {
    const body = { action: "REVOKE" };
    return await this.#caller.run({ ...cmekCall("PATCH", "Revoking", clusterId), body }, options);
  }
}

function cmekCall(
  method: "GET" | "POST" | "PUT" | "PATCH",
  doing: string,
  clusterId: string,
): ApiCall<WireCmekClusterInfo> {
  const object = `the encryption keys of cluster ${clusterId}`;
  return {
    method,
    path: path`/api/v1/clusters/${clusterId}/cmek`,
    operation: `${doing} ${object}`,
    object,
    permission: permitted,
    schema: cmekClusterInfoSchema,
  };
}

// Customer-managed encryption keys of a cluster.

import { z } from "zod";
import type { ApiCall, Caller } from "../http/call";
import { path } from "../http/path";
import { openEnumSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { everywhere, permission } from "../http/role";

/** A key in the customer's cloud, and who may use it. */
export interface WireCmekKeySpec {
  type: "AWS_KMS" | "GCP_CLOUD_KMS" | "AZURE_KEY_VAULT" | (string & {});
  /** AWS: the key's ARN. GCP: its resource name. Azure: its key identifier, a URL. */
  uri: string;
  /** AWS: a role's ARN. GCP: a service account's e-mail address. Azure: the tenant's id. */
  auth_principal: string;
}

/** The key that encrypts one region of a cluster. */
export interface WireCmekRegionSpec {
  region: string;
  key_spec: WireCmekKeySpec;
}

/** Where the encryption of a cluster, or of one region, stands. */
export type CmekStatus =
  | "DISABLED"
  | "DISABLING"
  | "DISABLE_FAILED"
  | "ENABLED"
  | "ENABLING"
  | "ENABLE_FAILED"
  | "ROTATING"
  | "ROTATE_FAILED"
  | "REVOKED"
  | "REVOKING"
  | "REVOKE_FAILED"
  | (string & {});

/** A present or past key of a region. */
export interface WireCmekKeyInfo {
  status: CmekStatus;
  /** Why it failed; empty otherwise. */
  user_message: string;
  spec?: WireCmekKeySpec;
  /** RFC 3339. */
  created_at?: string;
  /** RFC 3339. */
  updated_at?: string;
}

/** The encryption of one region. */
export interface WireCmekRegionInfo {
  region: string;
  status: CmekStatus;
  /** The present key and the past ones. */
  key_infos: WireCmekKeyInfo[];
}

/** The encryption of a cluster. */
export interface WireCmekClusterInfo {
  /** `DISABLED` before it is enabled for the first time. */
  status: CmekStatus;
  /** By name of the region. */
  region_infos: WireCmekRegionInfo[];
}

const statusSchema = openEnumSchema<CmekStatus>().default("DISABLED");

const keySpecSchema = z.object({
  type: openEnumSchema<WireCmekKeySpec["type"]>().default(""),
  uri: textSchema,
  auth_principal: textSchema,
});

/** @internal */
export const cmekClusterInfoSchema = z.object({
  status: statusSchema,
  region_infos: z
    .array(
      z.object({
        region: z.string(),
        status: statusSchema,
        key_infos: z
          .array(
            z.object({
              status: statusSchema,
              user_message: textSchema,
              spec: keySpecSchema.exactOptional(),
              created_at: z.string().exactOptional(),
              updated_at: z.string().exactOptional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

const permitted = permission(["CA", "CO"], everywhere);

/**
 * Customer-managed encryption keys of an Advanced cluster. Every change returns at its start; poll
 * `get`. Where the key's permissions do not let the service in, perhaps because they are too new, the
 * error is a `KmsPermissionError`.
 */
export class CmekApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Reads the state. Before encryption is enabled the API returns `DISABLED`, or sometimes
   * 404, which is a `NotFoundError` here.
   */
  async get(clusterId: string, options?: RequestOptions): Promise<WireCmekClusterInfo> {
    return await this.#caller.run(cmekCall("GET", "Reading", clusterId), options);
  }

  /**
   * Enables encryption, for ever, with a key for each region of the cluster. It is sent once: repeated
   * only where the first try certainly had no effect.
   */
  async enable(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo> {
    const body = { region_specs: regionSpecs };
    return await this.#caller.run({ ...cmekCall("POST", "Enabling", clusterId), body }, options);
  }

  /**
   * Gives regions other keys. Regions that are left out stay as they are; the key that a region has
   * already encrypts it again, with its latest version.
   */
  async update(
    clusterId: string,
    regionSpecs: readonly WireCmekRegionSpec[],
    options?: RequestOptions,
  ): Promise<WireCmekClusterInfo> {
    const body = { region_specs: regionSpecs };
    return await this.#caller.run({ ...cmekCall("PUT", "Changing", clusterId), body }, options);
  }

  /** Gives up access to all keys, and with it the data: only Cockroach Labs' support can restore it. */
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

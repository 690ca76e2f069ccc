// Customer-managed encryption keys of an Advanced cluster, one per region.

import { z } from "zod";
import { openEnumSchema, textSchema } from "./protobuf-json";

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

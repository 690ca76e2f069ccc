// Major versions of CockroachDB that the service offers.

import { z } from "zod";
import { openEnumSchema, paginationSchema } from "../http/protobuf-json";

/** A major version of CockroachDB. */
export interface WireMajorVersion {
  /** `v25.2`. */
  version: string;
  release_type: "REGULAR" | "INNOVATION" | (string & {});
  support_status: "SUPPORTED" | "UNSUPPORTED" | "PREVIEW" | (string & {});
  /** RFC 3339; absent when the API does not say. */
  support_end?: string;
  /** Major versions that a cluster of this one can be upgraded to. */
  allowed_upgrades: string[];
}

/** @internal */
export const majorVersionListSchema = z.object({
  versions: z.array(
    z.object({
      version: z.string(),
      release_type: openEnumSchema<WireMajorVersion["release_type"]>(),
      support_status: openEnumSchema<WireMajorVersion["support_status"]>(),
      support_end: z.string().exactOptional(),
      allowed_upgrades: z.array(z.string()).default([]),
    }),
  ),
  pagination: paginationSchema,
});

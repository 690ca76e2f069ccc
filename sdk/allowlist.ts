// The addresses that may connect to a cluster.

import { z } from "zod";
import { flagSchema, numberSchema, paginationSchema, textSchema } from "./protobuf-json";

/** A range of addresses that may connect. */
export interface WireAllowlistEntry {
  /** IPv4 address, `"203.0.113.0"`. */
  cidr_ip: string;
  /** Length of the prefix, 0 to 32. */
  cidr_mask: number;
  /** For people; may be empty. */
  name: string;
  /** Whether SQL clients may connect from there. */
  sql: boolean;
  /** Whether the DB Console may be opened from there. */
  ui: boolean;
}

/** Body of `add`. */
export interface AddAllowlistEntryRequest {
  cidr_ip: string;
  cidr_mask: number;
  /** @default "" */
  name?: string;
  sql: boolean;
  ui: boolean;
}

/** Body of `update`. */
export interface UpdateAllowlistEntryRequest {
  /** What is left out stays. */
  name?: string;
  sql: boolean;
  ui: boolean;
}

/** All entries of a cluster, and whether they are in force. */
export interface AllowlistReading {
  entries: WireAllowlistEntry[];
  /** Whether the last changes are still on their way to the nodes. */
  propagating: boolean;
}

/** @internal */
export const allowlistEntrySchema = z.object({
  cidr_ip: z.string().min(1),
  cidr_mask: numberSchema,
  name: textSchema,
  sql: flagSchema,
  ui: flagSchema,
});

/** @internal */
export const allowlistSchema = z.object({
  allowlist: z.array(allowlistEntrySchema),
  propagating: flagSchema,
  pagination: paginationSchema,
});

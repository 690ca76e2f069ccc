// Databases of a cluster.

import { z } from "zod";
import { int64Schema, paginationSchema } from "./protobuf-json";

/** A database. */
export interface WireDatabase {
  name: string;
  /** A decimal string on the wire. */
  table_count: number;
}

/** Body of `create`. */
export interface CreateDatabaseRequest {
  name: string;
}

/** @internal */
export const databaseSchema = z.object({
  name: z.string().min(1),
  table_count: int64Schema.default(0),
});

/** @internal */
export const databaseListSchema = z.object({
  databases: z.array(databaseSchema),
  pagination: paginationSchema,
});

// SQL users. Their names are all that the API ever shows of them.

import { z } from "zod";
import { paginationSchema } from "./protobuf-json";

/** A SQL user. */
export interface WireSqlUser {
  name: string;
}

/** Body of `create`. */
export interface CreateSqlUserRequest {
  /** Lower-case; SQL folds capitals. */
  name: string;
  /** Never answered, and never in an error. */
  password: string;
}

/** @internal */
export const sqlUserSchema = z.object({ name: z.string().min(1) });

/** @internal */
export const sqlUserListSchema = z.object({
  users: z.array(sqlUserSchema),
  pagination: paginationSchema,
});

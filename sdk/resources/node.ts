// Nodes of an Advanced cluster.

import { z } from "zod";
import { openEnumSchema, paginationSchema } from "../http/protobuf-json";

/** Which nodes to list. */
export interface ListNodesQuery {
  /** @default nodes of all regions */
  regionName?: string;
}

/** A node of an Advanced cluster. */
export interface WireNode {
  name: string;
  region_name: string;
  status: "LIVE" | "NOT_READY" | (string & {});
}

/** @internal */
export const nodeListSchema = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      region_name: z.string(),
      status: openEnumSchema<WireNode["status"]>(),
    }),
  ),
  pagination: paginationSchema,
});

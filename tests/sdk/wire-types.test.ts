// The interfaces are written by hand, so that no zod type is in a public declaration. The compiler keeps
// them equal to what the schemas read; there is nothing to run.

import assert from "node:assert/strict";
import type { z } from "zod";
import type {
  WireCloudRegion,
  WireCluster,
  WireConnectionString,
  WireMajorVersion,
  WireNode,
} from "../../sdk";
import type { cloudRegionListSchema } from "../../sdk/cloud-region";
import type { clusterListSchema, clusterSchema } from "../../sdk/cluster-schema";
import type { connectionStringSchema } from "../../sdk/connection-string";
import type { majorVersionListSchema } from "../../sdk/major-version";
import type { nodeListSchema } from "../../sdk/node";

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

// Spelled out member by member, so that equal types are also identical ones.
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends string
    ? T
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

type Reads<Schema extends z.ZodType, Wire> = Same<Plain<z.output<Schema>>, Plain<Wire>>;

const cluster: Reads<typeof clusterSchema, WireCluster> = true;
const clusters: Same<
  Plain<z.output<typeof clusterListSchema>["clusters"]>,
  Plain<WireCluster[]>
> = true;
const nodes: Same<Plain<z.output<typeof nodeListSchema>["nodes"]>, Plain<WireNode[]>> = true;
const regions: Same<
  Plain<z.output<typeof cloudRegionListSchema>["regions"]>,
  Plain<WireCloudRegion[]>
> = true;
const versions: Same<
  Plain<z.output<typeof majorVersionListSchema>["versions"]>,
  Plain<WireMajorVersion[]>
> = true;
const connection: Reads<typeof connectionStringSchema, WireConnectionString> = true;

describe("wire types", () => {
  it("are what the schemas read", () => {
    assert.ok([cluster, clusters, nodes, regions, versions, connection].every(Boolean));
  });
});

/** Look-up of the SQL users of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, collected } from "./arguments";
import type { LookUp, LookUpOptions } from "./lookup";
import { lookUp, lookUpOutput } from "./lookup";

/** A SQL user. The API shows its name and nothing else. */
export interface SqlUserInfo {
  name: string;
}

/** Whose users. */
export interface ListSqlUsersArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose users. */
export interface ListSqlUsersOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the SQL users of a cluster by name. */
export function listSqlUsers(
  args: ListSqlUsersArgs,
  options?: LookUpOptions,
): Promise<SqlUserInfo[]> {
  return lookUp(users, args, options);
}

/** `listSqlUsers` for outputs. */
export function listSqlUsersOutput(
  args: ListSqlUsersOutputArgs,
  options?: LookUpOptions,
): pulumi.Output<SqlUserInfo[]> {
  return lookUpOutput(users, args, options);
}

const users: LookUp<ListSqlUsersArgs, SqlUserInfo[]> = {
  name: "listSqlUsers",
  async read({ cloud }, args) {
    const wire = await collected(cloud.sqlUsers.list(clusterIdIn("listSqlUsers", args)));
    return wire.map(({ name }) => ({ name }));
  },
};

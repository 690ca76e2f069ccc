/** Reads the SQL users of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, collect } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A SQL user. The API shows its name and nothing else. */
export interface SqlUserInfo {
  /** Name of the user. */
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
  options?: FunctionOptions,
): Promise<SqlUserInfo[]> {
  return callFunction(users, args, options);
}

/** `listSqlUsers` for outputs. */
export function listSqlUsersOutput(
  args: ListSqlUsersOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<SqlUserInfo[]> {
  return callFunctionOutput(users, args, options);
}

/** @internal */
export const users: ProviderFunction<ListSqlUsersArgs, SqlUserInfo[]> = {
  name: "listSqlUsers",
  async read({ cloud }, args) {
    const wire = await collect(cloud.sqlUsers.list(clusterIdIn("listSqlUsers", args)));
    return wire.map(({ name }) => ({ name }));
  },
};

/** Reads the databases of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn, collect } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A database of a cluster. */
export interface DatabaseInfo {
  /** Name. */
  name: string;
  /** Number of its tables. */
  tableCount: number;
}

/** Whose databases. */
export interface ListDatabasesArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose databases. */
export interface ListDatabasesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the databases of a cluster by name. API operation: ListDatabases. */
export function listDatabases(
  args: ListDatabasesArgs,
  options?: FunctionOptions,
): Promise<DatabaseInfo[]> {
  return callFunction(databases, args, options);
}

/** `listDatabases` for outputs. */
export function listDatabasesOutput(
  args: ListDatabasesOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<DatabaseInfo[]> {
  return callFunctionOutput(databases, args, options);
}

/** @internal */
export const databases: ProviderFunction<ListDatabasesArgs, DatabaseInfo[]> = {
  name: "listDatabases",
  async read({ cloud }, args) {
    const wire = await collect(cloud.databases.list(clusterIdIn("listDatabases", args)));
    return wire.map(({ name, table_count }) => ({ name, tableCount: table_count }));
  },
};

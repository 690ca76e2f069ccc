/** Reads how to connect to a cluster, in the API's own words. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { omitUndefined } from "../values/omit-undefined";
import { clusterIdIn, wordIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A connection string and its parts. It never holds a password; `connectionUrl` of a `Cluster` does. */
export interface ConnectionStringInfo {
  /** `postgresql://maxroach@host:26257/defaultdb?sslmode=verify-full`. */
  connectionString: string;
  /** The parts of the connection string. */
  params: {
    /** SQL host. */
    host: string;
    /** Port, 26257. */
    port: number;
    /** Database to connect to. */
    database: string;
    /** Empty when none was asked for. */
    username: string;
  };
}

/** Operating system of the client, which decides where the root certificate of a cluster is expected. */
export type ConnectionOs = "MAC" | "LINUX" | "WINDOWS";

/** Who connects, and to what. */
export interface GetConnectionStringArgs {
  /** Id of the cluster. */
  clusterId: string;
  /**
   * Name of the SQL user.
   * @default none
   */
  sqlUser?: string;
  /**
   * Database to connect to.
   * @default "defaultdb"
   */
  database?: string;
  /** Needed for Advanced clusters. */
  os?: ConnectionOs;
}

/** Who connects, and to what. */
export interface GetConnectionStringOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
  /**
   * Name of the SQL user.
   * @default none
   */
  sqlUser?: pulumi.Input<string>;
  /**
   * Database to connect to.
   * @default "defaultdb"
   */
  database?: pulumi.Input<string>;
  /** Needed for Advanced clusters. */
  os?: pulumi.Input<ConnectionOs>;
}

/**
 * Reads the API's connection string of a cluster and its parts, without a password. `os` is needed for Advanced
 * clusters. `connectionUrl` of a `Cluster` returns a URL with the password, and makes no request.
 */
export function getConnectionString(
  args: GetConnectionStringArgs,
  options?: FunctionOptions,
): Promise<ConnectionStringInfo> {
  return callFunction(connectionString, args, options);
}

/** `getConnectionString` for outputs. */
export function getConnectionStringOutput(
  args: GetConnectionStringOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ConnectionStringInfo> {
  return callFunctionOutput(connectionString, args, options);
}

/** @internal */
export const connectionString: ProviderFunction<GetConnectionStringArgs, ConnectionStringInfo> = {
  name: "getConnectionString",
  async read({ cloud }, args) {
    const { sqlUser, database } = args;
    const os = wordIn("getConnectionString", "os", args.os, ["MAC", "LINUX", "WINDOWS"]);
    const id = clusterIdIn("getConnectionString", args);
    const wire = await cloud.clusters.getConnectionString(
      id,
      omitUndefined({ sqlUser, database, os }),
    );
    const { Host, Port, Database, Username } = wire.params;
    return {
      connectionString: wire.connection_string,
      params: { host: Host, port: Number(Port), database: Database, username: Username },
    };
  },
};

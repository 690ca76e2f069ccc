/** Reads the allowlist of a cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../program/cluster-reference";
import { clusterIdIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** A range of addresses that may connect to a cluster. */
export interface AllowlistEntryInfo {
  /** IPv4 address. */
  cidrIp: string;
  /** Length of the prefix, 0 to 32. */
  cidrMask: number;
  /** Name; may be empty. */
  name: string;
  /** Whether SQL clients may connect from there. */
  sql: boolean;
  /** Whether the DB Console may be opened from there. */
  ui: boolean;
  /** Whether the last changes of the allowlist are still being put into force. */
  propagating: boolean;
}

/** Whose allowlist. */
export interface ListAllowlistEntriesArgs {
  /** Id of the cluster. */
  clusterId: string;
}

/** Whose allowlist. */
export interface ListAllowlistEntriesOutputArgs {
  /** The cluster, or its id. */
  clusterId: ClusterReference;
}

/** Lists the addresses that may connect to a cluster. API operation: ListAllowlistEntries. */
export function listAllowlistEntries(
  args: ListAllowlistEntriesArgs,
  options?: FunctionOptions,
): Promise<AllowlistEntryInfo[]> {
  return callFunction(allowlistEntries, args, options);
}

/** `listAllowlistEntries` for outputs. */
export function listAllowlistEntriesOutput(
  args: ListAllowlistEntriesOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<AllowlistEntryInfo[]> {
  return callFunctionOutput(allowlistEntries, args, options);
}

/** @internal */
export const allowlistEntries: ProviderFunction<ListAllowlistEntriesArgs, AllowlistEntryInfo[]> = {
  name: "listAllowlistEntries",
  async read({ cloud }, args) {
    const id = clusterIdIn("listAllowlistEntries", args);
    const { entries, propagating } = await cloud.allowlist.read(id);
    return entries.map((entry) => ({
      cidrIp: entry.cidr_ip,
      cidrMask: entry.cidr_mask,
      name: entry.name,
      sql: entry.sql,
      ui: entry.ui,
      propagating,
    }));
  },
};

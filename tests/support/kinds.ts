// The classes of resources, for programs that mix them.

import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { awsKey } from "./cmek";
import type { Kind } from "./shell";
import { Declaration } from "./shell";

type Properties = Record<string, unknown>;

export const kinds = Object.fromEntries(
  allResourceTypes.map((type): [ResourceType, Kind] => [
    type,
    { type, serve: (host) => toDynamicProvider(resources[type].lifecycle, host) },
  ]),
) as Record<ResourceType, Kind>;

/** Arguments of a folder, and others that an update brings about. */
export const folderArguments = {
  first: { name: "payments", labels: { team: "payments" } },
  second: { name: "payments eu", labels: { team: "payments" } },
};

/** Arguments of each kind of part, and others that an update brings about. */
export const partArguments = {
  SqlUser: {
    first: { name: "app", password: "a first password" },
    second: { name: "app", password: "a second password" },
  },
  Database: {
    first: { name: "shop" },
    second: { name: "store" },
  },
  AllowlistEntry: {
    first: { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
    second: { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: true },
  },
  MaintenanceWindow: {
    first: { offsetDuration: "0s", windowDuration: "21600s" },
    second: { offsetDuration: "3600s", windowDuration: "21600s" },
  },
  VersionDeferral: {
    first: { deferralPolicy: "DEFERRAL_30_DAYS" },
    second: { deferralPolicy: "DEFERRAL_60_DAYS" },
  },
  CmekConfig: {
    first: { regionSpecs: [awsKey("us-east-1")] },
    second: { regionSpecs: [awsKey("us-east-1", "second")] },
  },
} satisfies Partial<Record<ResourceType, { first: Properties; second: Properties }>>;

/** Those of which a cluster has one of the same name or none, so that the old one goes first. */
const onlyOne: ReadonlySet<ResourceType> = new Set([
  "SqlUser",
  "MaintenanceWindow",
  "VersionDeferral",
  "AllowlistEntry",
  "Database",
]);

/** A part of a cluster of the program, declared as its class does it. */
export function partOf(cluster: string, type: ResourceType, args: Properties): Declaration {
  return new Declaration(
    kinds[type],
    (outputsOf) => ({ ...args, clusterId: outputsOf(cluster)["id"] }),
    [cluster],
    { cluster, ...(onlyOne.has(type) && { deleteBeforeReplace: true }) },
  );
}

// The classes of resources, for programs that mix them.

import { lifecycle as allowlistEntry } from "../../provider/allowlist-entry";
import { lifecycle as cluster } from "../../provider/cluster";
import { lifecycle as cmekConfig } from "../../provider/cmek-config";
import { lifecycle as database } from "../../provider/database";
import type { Lifecycle } from "../../provider/lifecycle";
import { serve } from "../../provider/lifecycle";
import { lifecycle as maintenanceWindow } from "../../provider/maintenance-window";
import type { ResourceType } from "../../provider/resource-types";
import { lifecycle as sqlUser } from "../../provider/sql-user";
import { lifecycle as versionDeferral } from "../../provider/version-deferral";
import { awsKey } from "./cmek";
import type { Kind } from "./shell";
import { Declaration } from "./shell";

type Properties = Record<string, unknown>;

function kind<Inputs extends object, State extends object>(
  type: ResourceType,
  lifecycle: Lifecycle<Inputs, State>,
): Kind {
  return { type, serve: (host) => serve(lifecycle, host) };
}

export const kinds = {
  Cluster: kind("Cluster", cluster),
  SqlUser: kind("SqlUser", sqlUser),
  CmekConfig: kind("CmekConfig", cmekConfig),
  MaintenanceWindow: kind("MaintenanceWindow", maintenanceWindow),
  VersionDeferral: kind("VersionDeferral", versionDeferral),
  AllowlistEntry: kind("AllowlistEntry", allowlistEntry),
  Database: kind("Database", database),
} satisfies Record<ResourceType, Kind>;

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
    { deletedWith: cluster, ...(onlyOne.has(type) && { deleteBeforeReplace: true }) },
  );
}

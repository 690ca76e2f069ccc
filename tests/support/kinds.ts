// The classes of resources, for programs that mix them.

import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  clusterArgumentOf,
  isOfCluster,
} from "../../provider/resource/resource-types";
import { casesOf, updatedArguments } from "../conformance/resource-cases";
import type { Kind } from "./engine-model/program";
import { Declaration } from "./engine-model/program";

type Properties = Record<string, unknown>;

export const kinds = Object.fromEntries(
  allResourceTypes.map((type): [ResourceType, Kind] => [
    type,
    { type, serve: (host) => toDynamicProvider(resources[type].lifecycle, host) },
  ]),
) as Record<ResourceType, Kind>;

/** Arguments of each kind of part that any Advanced cluster takes, and others that an update brings about. */
export const partArguments = Object.fromEntries(
  allResourceTypes
    .filter((type) => isOfCluster(type) && casesOf[type].place === undefined)
    .map((type) => [type, { first: casesOf[type].full[0], second: updatedArguments(type) }]),
) as Record<ResourceType, { first: Properties; second: Properties }>;

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
    (outputsOf) => ({ ...args, [clusterArgumentOf(type) ?? ""]: outputsOf(cluster)["id"] }),
    [cluster],
    { cluster, ...(onlyOne.has(type) && { deleteBeforeReplace: true }) },
  );
}

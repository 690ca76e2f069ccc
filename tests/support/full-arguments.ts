// For every kind of resource, arguments with all that may be left out, and where that is.

import type { z } from "zod";
import type { ResourceType } from "../../provider/resource/resource-types";
import { valueAt } from "../../provider/values/property-value";
import { advanced, basic, standard } from "./builders";
import { awsKey } from "./cmek";

type Properties = Record<string, unknown>;

export const clusterId = "5ba5ed00-0000-4000-8000-000000000001";

const general = {
  name: "orders-test",
  deleteProtection: true,
  labels: { team: "payments" },
  parentId: "5ba5ed00-0000-4000-8000-0000000000f0",
};

/** Between them, those of one resource have every argument that may be left out. */
export const fullArguments: Record<ResourceType, Properties[]> = {
  Folder: [{ name: "payments", parentId: "root", labels: { team: "payments" } }],
  Cluster: [
    basic(
      {
        regions: ["us-central1", "us-east1"],
        primaryRegion: "us-east1",
        usageLimits: { requestUnitLimit: 5_000_000, storageMibLimit: 6_000 },
        withEmptyIpAllowlist: true,
      },
      general,
    ),
    standard({ upgradeType: "MANUAL", cockroachVersion: "v25.2" }, general),
    advanced(
      {
        regionNodes: { "us-east1": 3 },
        hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
        cockroachVersion: "v25.2",
        finalizeUpgrade: true,
        networkVisibility: "PRIVATE",
        cidrRange: "172.28.0.0/14",
        supportsClusterVirtualization: true,
        restrictEgressTraffic: true,
      },
      {
        ...general,
        cloudProvider: "GCP",
        customerCloudAccount: { gcp: { serviceAccountEmail: "a@b" } },
      },
    ),
    advanced(
      {
        hardware: { machineSpec: { machineType: "m6i.xlarge" }, diskIops: 3_000 },
        cmekRegionSpecs: [awsKey("us-east-1")],
      },
      { ...general, customerCloudAccount: { aws: { arn: "arn:aws:iam::1:role/a" } } },
    ),
    advanced(
      { regionNodes: { eastus: 3 } },
      {
        ...general,
        cloudProvider: "AZURE",
        customerCloudAccount: { azure: { subscriptionId: "a", tenantId: "b" } },
      },
    ),
  ],
  SqlUser: [{ clusterId, name: "app", password: "a first password", keepers: { turn: "1" } }],
  CmekConfig: [
    { clusterId, regionSpecs: [awsKey("us-east-1")], revokeOnDelete: true },
    { clusterId, regionSpecs: [awsKey("us-east-1")], revoked: true },
  ],
  MaintenanceWindow: [{ clusterId, offsetDuration: "0s", windowDuration: "21600s" }],
  VersionDeferral: [{ clusterId, deferralPolicy: "DEFERRAL_30_DAYS" }],
  AllowlistEntry: [
    { clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: "office" },
  ],
  Database: [{ clusterId, name: "shop" }],
};

/** The paths of what a schema lets be left out. */
export function optionalPaths(schema: z.ZodType, path: readonly string[] = []): string[][] {
  const { def } = schema as unknown as { def: Definition };
  switch (def.type) {
    case "optional":
      return [[...path], ...optionalPaths(def.innerType as z.ZodType, path)];
    case "object":
      return Object.entries(def.shape as Record<string, z.ZodType>).flatMap(([key, member]) =>
        optionalPaths(member, [...path, key]),
      );
    default:
      return [];
  }
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
}

/** A copy with another value at the path; `undefined` takes it away. */
export function withValueAt(root: Properties, path: readonly string[], value: unknown): Properties {
  const [key = "", ...rest] = path;
  const { [key]: member, ...others } = root;
  const changed = rest.length === 0 ? value : withValueAt(member as Properties, rest, value);
  return changed === undefined ? others : { ...others, [key]: changed };
}

/** The arguments among them that have a value at the path. */
export function argumentsWith(type: ResourceType, path: readonly string[]): Properties[] {
  return fullArguments[type].filter((args) => valueAt(args, path) !== undefined);
}

// What private endpoints connect to: one service for each region. Advanced clusters get them by a request, Standard
// clusters have them from the start, Basic clusters have none. They end with the cluster or its region.

import { randomBytes } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import { hasOwnServices, privateHost } from "../cluster/private-host";
import type { ClusterRecord, RegionRecord } from "../cluster/record";
import { sortedRegions } from "../cluster/record";
import { schedule } from "../cluster/timeline";
import type { CloudProvider } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { ApiError } from "../server/errors";
import { stateOfEachCluster } from "../state";

/** Stage of a service. */
export type PrivateEndpointServiceStatus =
  | "AVAILABLE"
  | "CREATE_FAILED"
  | "CREATING"
  | "DELETE_FAILED"
  | "DELETING";

interface ServiceRecord {
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly zoneIds: readonly string[];
  status: PrivateEndpointServiceStatus;
}

/** A service as the API spells it. */
export interface WirePrivateEndpointService {
  region_name: string;
  cloud_provider: CloudProvider;
  status: PrivateEndpointServiceStatus;
  name: string;
  endpoint_service_id: string;
  availability_zone_ids: string[];
  /** The same again, on AWS only. */
  aws?: { service_name: string; service_id: string; availability_zone_ids: string[] };
}

/** Private endpoint services outside the API. Cluster ids are UUIDs. */
export interface PrivateEndpointServiceControls {
  /** All services of a cluster, by region. */
  list(clusterId: string): WirePrivateEndpointService[];
  /** Creates the services that a cluster lacks: they are AVAILABLE at once. */
  add(clusterId: string): void;
  /** Sets the status of the service in a region. @throws when there is none. */
  setStatus(clusterId: string, region: string, status: PrivateEndpointServiceStatus): void;
}

const servicesByRegion = stateOfEachCluster(() => new Map<string, ServiceRecord>());

/**
 * The services of a cluster by region. That of a region that the cluster no longer has is on its way out, and a region
 * may get one by itself.
 */
export function servicesOf(
  cluster: ClusterRecord,
  context: EmulatorContext,
): Map<string, ServiceRecord> {
  const services = servicesByRegion(cluster);
  if (hasOwnServices(cluster, context)) {
    for (const region of cluster.regions.filter(({ name }) => !services.has(name))) {
      services.set(region.name, newService(cluster, region, "AVAILABLE"));
    }
  } else if (cluster.plan === "BASIC") {
    services.clear();
  } else if (services.size > 0 && context.assumptions.newRegionService === "automatic") {
    createMissing(cluster, services, context);
  }
  for (const service of services.values()) {
    const isInUse = cluster.regions.some(({ name }) => name === service.region);
    if (!isInUse && service.status !== "DELETING") {
      service.status = "DELETING";
      schedule(cluster, {
        at: context.clock.now() + context.durations.privateEndpointServiceMs,
        name: "network",
        run: () => services.delete(service.region),
      });
    }
  }
  return services;
}

function listServices(call: Call): object {
  return { services: toWire(liveClusterOf(call), call.context) };
}

function createServices(call: Call): object {
  const cluster = changeableClusterOf(call);
  if (cluster.plan !== "ADVANCED") {
    throw new ApiError(
      call.context.assumptions.networkOnServerless,
      "private endpoint services can be created for advanced clusters only",
    );
  }
  checkNotBusy(cluster, call.context);
  const services = servicesOf(cluster, call.context);
  const before = services.size;
  createMissing(cluster, services, call.context);
  if (services.size === before) {
    call.auditAction = "";
  }
  return { services: toWire(cluster, call.context) };
}

function createMissing(
  cluster: ClusterRecord,
  services: Map<string, ServiceRecord>,
  context: EmulatorContext,
): void {
  for (const region of cluster.regions.filter(({ name }) => !services.has(name))) {
    const service = newService(cluster, region, "CREATING");
    services.set(region.name, service);
    const fails = context.queued.consumeJobFailure();
    schedule(cluster, {
      at: context.clock.now() + context.durations.privateEndpointServiceMs,
      name: "network",
      run: () => {
        service.status = fails ? "CREATE_FAILED" : "AVAILABLE";
        if (!fails) {
          nameHost(cluster, region.name);
        }
      },
    });
  }
}

/** A region has a private host name once its service exists. */
function nameHost({ regions }: ClusterRecord, regionName: string): void {
  const present = regions.find(({ name }) => name === regionName);
  if (present !== undefined) {
    present.privateEndpointDns = privateHost(present);
  }
}

function newService(
  { provider, accountId, id: clusterId }: ClusterRecord,
  { name: region }: RegionRecord,
  status: PrivateEndpointServiceStatus,
): ServiceRecord {
  const short = clusterId.slice(0, 8);
  switch (provider) {
    case "AWS": {
      const id = `vpce-svc-${randomBytes(9).toString("hex").slice(0, 17)}`;
      const zoneIds = [1, 2, 3].map((zone) => `${zonePrefix(region)}-az${zone}`);
      return { region, id, name: `com.amazonaws.vpce.${region}.${id}`, zoneIds, status };
    }
    case "GCP": {
      const name = `crl-${short}-psc`;
      const project = accountId || "crl-prod-serverless";
      const id = `projects/${project}/regions/${region}/serviceAttachments/${name}`;
      return { region, id, name, zoneIds: [], status };
    }
    case "AZURE": {
      const name = `crl-${short}-${region}`;
      const id = `/subscriptions/${accountId}/resourceGroups/crl-${short}/providers/Microsoft.Network/privateLinkServices/${name}`;
      return { region, id, name, zoneIds: [], status };
    }
  }
}

/** us-east-1 to use1, ap-northeast-1 to apne1. */
function zonePrefix(region: string): string {
  return region
    .replace(/-(north|south)(east|west)-/, (_, first: string, second: string) => {
      return `${first.charAt(0)}${second.charAt(0)}`;
    })
    .replace(/-(north|south|east|west|central)-/, (_, side: string) => side.charAt(0));
}

function toWire(cluster: ClusterRecord, context: EmulatorContext): WirePrivateEndpointService[] {
  const services = servicesOf(cluster, context);
  const regions = [...sortedRegions(cluster).map(({ name }) => name), ...services.keys()];
  return [...new Set(regions)].flatMap((region) => {
    const service = services.get(region);
    if (service === undefined) {
      return [];
    }
    const { id, name, status, zoneIds } = service;
    const aws = { service_name: name, service_id: id, availability_zone_ids: [...zoneIds] };
    return [
      {
        region_name: region,
        cloud_provider: cluster.provider,
        status,
        name,
        endpoint_service_id: id,
        availability_zone_ids: [...zoneIds],
        ...(cluster.provider === "AWS" && { aws }),
      },
    ];
  });
}

/** The private endpoint services of a cluster. */
export const privateEndpointServiceArea: ControlledArea<PrivateEndpointServiceControls> = {
  operations: {
    CreatePrivateEndpointServices: createServices,
    ListPrivateEndpointServices: listServices,
  },
  createControls: ({ findCluster, context }: ControlParts) => ({
    list: (clusterId) => toWire(findCluster(clusterId), context),
    add: (clusterId) => {
      const cluster = findCluster(clusterId);
      const services = servicesOf(cluster, context);
      for (const region of cluster.regions) {
        if (!services.has(region.name)) {
          services.set(region.name, newService(cluster, region, "AVAILABLE"));
          nameHost(cluster, region.name);
        }
      }
    },
    setStatus: (clusterId, region, status) => {
      const service = servicesOf(findCluster(clusterId), context).get(region);
      if (service === undefined) {
        throw new Error(`Cluster ${clusterId} has no private endpoint service in ${region}.`);
      }
      service.status = status;
    },
  }),
};

/**
 * What private endpoints connect to: one service for each region of a cluster.
 *
 * An Advanced cluster gets them by a request without any choice, a Standard cluster has them from the start, and
 * nothing deletes them but the deletion of the cluster. The host names of a region are known once its service exists.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireCluster } from "../sdk";
import { regionFailures } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { PrivateEndpointService, ServicesOfCluster } from "./private-endpoints/wire";
import { readServices, toService } from "./private-endpoints/wire";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptyText } from "./resource/schema";
import { countText } from "./values/count";
import { omitUndefined } from "./values/omit-undefined";

/** Arguments of the private endpoint services of a cluster. */
export interface PrivateEndpointServicesArgs {
  /** The cluster, or its id, of plan ADVANCED or STANDARD. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /**
   * The regions whose services are waited for. Given as the regions of the cluster in the program, the services of a
   * region that is added are created in the same update. Updated in place.
   * @default all regions that the cluster has when this resource is created
   */
  regions?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The private endpoint services of a cluster, one for each region, to which endpoints in a network of the customer
 * connect. They are created for an Advanced cluster; a Standard cluster has them by itself. API operations:
 * CreatePrivateEndpointServices, ListPrivateEndpointServices, GetCluster.
 */
export class PrivateEndpointServices extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("PrivateEndpointServices");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** As in the arguments. */
  declare readonly regions: pulumi.Output<string[] | undefined>;
  /** The services, one for each region. */
  declare readonly services: pulumi.Output<PrivateEndpointService[]>;
  /** The services by region. */
  declare readonly servicesMap: pulumi.Output<{ [region: string]: PrivateEndpointService }>;

  /**
   * @param name name of the resource
   * @param args the services
   * @param options `import: "<cluster id>"` adopts the existing services and writes nothing
   */
  constructor(
    name: string,
    args: PrivateEndpointServicesArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The existing services of a cluster by its id, which this program reads and does not manage. */
  static readonly get = getterOf(PrivateEndpointServices);
  /** Whether `value` is the private endpoint services of this package, also of another copy of it. */
  static override readonly isInstance =
    instanceOf<PrivateEndpointServices>("PrivateEndpointServices");
}

const inputs = z.strictObject({
  clusterId,
  regions: z
    .array(nonEmptyText)
    .min(1, { error: "must have a region; leave it out for all regions of the cluster." })
    .optional(),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  services: PrivateEndpointService[];
  servicesMap: Record<string, PrivateEndpointService>;
}

const maxEmptyMs = 5 * 60_000;

/** A poll reads no cluster before the services are there. */
type Remote = Pick<ServicesOfCluster, "services"> & Partial<ServicesOfCluster>;

const definition: ResourceDefinition<Inputs, State, Remote> = {
  type: "PrivateEndpointServices",
  ...oneInCluster("private endpoint services"),
  plans: ["STANDARD", "ADVANCED"],
  inputs,
  arguments: {
    clusterId: replacesResource,
    regions: {
      onChange: "update",
      canonical: (regions) => (Array.isArray(regions) ? [...new Set(regions)].sort() : regions),
      reset: "To wait for all regions of the cluster, write regions with all of them.",
    },
  },
  outputs: ["services", "servicesMap"],

  check: (_olds, { regions }, failures, _adopt, cluster) => ({
    failures: [
      ...failures,
      ...(Array.isArray(regions) ? regions : []).flatMap((region, index) =>
        regionFailures(`regions[${index}]`, region, cluster),
      ),
    ],
    notes: [],
  }),

  sample: ({ regions = ["us-east-1"] }) => outputsOf(regions.map(sampleService)),
  toState: ({ cluster, services }, { clusterId = "", regions }) => ({
    clusterId,
    ...omitUndefined({ regions }),
    ...outputsOf(services.map((service) => toService(service, cluster ?? { regions: [] }))),
  }),
  collection: {
    plans: ["ADVANCED"],
    describe: ({ clusterId }) => `the private endpoint services of cluster ${clusterId}`,
    async *list({ clusterId = "" }, { cloud, options }) {
      yield { services: await cloud.privateEndpointServices.list(clusterId, options) };
    },
    // It has the host names of its regions.
    withCluster: ({ services }, cluster) => ({ services, cluster }),
    keyOf: () => "",
    keyIn: () => "",
    nameOf: () => "private-endpoints",
    isAbsent: ({ services }) => services.length === 0,
  },

  create: createMissing,
  update: (_before, after, call) => createMissing(after, call),
  deletedNote: ({ clusterId }) =>
    warning(
      `The private endpoint services of cluster ${clusterId} stay until the cluster is deleted: the API has no way to delete them. Only this resource is deleted; another one finds them.`,
    ),

  trouble({ services }) {
    const failed = services.filter(({ status }) => status.endsWith("FAILED"));
    if (failed.length === 0) return undefined;
    return {
      code: "operation-failed",
      what: `${failed.map(({ region_name, status }) => `${region_name} is ${status}`).join(", ")}.`,
      why: "No endpoint can connect there, and the API has no way to repeat it.",
      byHand: "Ask CockroachDB Cloud support about this cluster and region.",
    };
  },

  timeoutMs: 60 * 60_000,
  settlement: {
    hasFailed: ({ services = [] }) => services.length === 0,
    awaited({ services = [], regions }) {
      const isOpen = services.some(
        ({ status, regionName }) =>
          status === "CREATING" && (regions?.includes(regionName) ?? true),
      );
      return isOpen ? ["services", "servicesMap"] : [];
    },
    async read({ place: { clusterId, regions } }, { cloud, options }) {
      const services = await cloud.privateEndpointServices.list(clusterId, options);
      const isOpen = services.some(
        (service) =>
          service.status === "CREATING" && (regions?.includes(regionOf(service)) ?? true),
      );
      return isOpen
        ? { services }
        : { services, cluster: await cloud.clusters.get(clusterId, options) };
    },
    pending(remote, { place: { clusterId, regions }, waitedMs }) {
      if (remote === undefined) return "waiting for the services";
      const { cluster, services } = remote;
      if (cluster === undefined) return stageOf(services);
      if (services.length === 0 && waitedMs >= maxEmptyMs) {
        throw new Error(
          `Cluster ${clusterId} has the plan ${cluster.plan} and no private endpoint service. Ask CockroachDB Cloud support whether private endpoints are enabled for your organization, then run the update again.`,
        );
      }
      const stages = (regions ?? regionsOf(cluster)).map((region) => {
        const service = services.find((one) => regionOf(one) === region);
        return { region, status: service?.status ?? "CREATING" };
      });
      const failed = stages.find(({ status }) => /FAILED$|^DELETING$/.test(status));
      if (failed !== undefined) {
        throw new Error(
          `The private endpoint service of cluster ${clusterId} in ${failed.region} is ${failed.status}, which nothing can repair: the API has no way to delete or to repeat it. Ask CockroachDB Cloud support about this cluster and region, then run the update again.`,
        );
      }
      return stages.every(isAvailable) ? undefined : stageOf(stages);
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

async function createMissing(
  { clusterId, regions }: Inputs,
  { cloud, options }: WriteCall,
): Promise<ServicesOfCluster> {
  const present = await readServices(clusterId, { cloud, options });
  const { cluster, services } = present;
  if (cluster.plan === "BASIC" && services.length === 0) {
    throw new Error(
      `Creating the private endpoint services of cluster ${clusterId} failed: its plan is BASIC, which has no private endpoints. Change the plan to STANDARD or ADVANCED, or remove this resource.`,
    );
  }
  const known = regionsOf(cluster);
  const foreign = regions?.find((region) => !known.includes(region));
  if (foreign !== undefined) {
    throw new Error(
      `Creating the private endpoint services of cluster ${clusterId} failed: the cluster has no region "${foreign}". Its regions are ${known.join(", ")}.`,
    );
  }
  const wanted = regions ?? known;
  const isComplete =
    wanted.length > 0 && wanted.every((region) => services.map(regionOf).includes(region));
  if (isComplete || cluster.plan !== "ADVANCED") return present;
  return { cluster, services: await cloud.privateEndpointServices.create(clusterId, options) };
}

function isAvailable({ status }: { status: string }): boolean {
  return status === "AVAILABLE";
}

function stageOf(all: readonly { status: string }[]): string {
  return `CREATING · ${all.filter(isAvailable).length} of ${countText(all.length, "region")}`;
}

function regionOf({ region_name: region }: { region_name: string }): string {
  return region;
}

function regionsOf({ regions }: WireCluster): string[] {
  return regions.map(({ name }) => name);
}

function sampleService(region: string): PrivateEndpointService {
  const endpointServiceId = "vpce-svc-0123456789abcdef0";
  const name = `com.amazonaws.vpce.${region}.${endpointServiceId}`;
  return {
    ...{ regionName: region, cloudProvider: "AWS", status: "AVAILABLE", name, endpointServiceId },
    target: name,
    availabilityZoneIds: [],
    internalDns: `internal-cluster.aws-${region}.cockroachlabs.cloud`,
    privateEndpointDns: `private-cluster.aws-${region}.cockroachlabs.cloud`,
  };
}

function outputsOf(all: PrivateEndpointService[]): Pick<State, "services" | "servicesMap"> {
  const services = [...all].sort((a, b) => (a.regionName < b.regionName ? -1 : 1));
  return {
    services,
    servicesMap: Object.fromEntries(services.map((service) => [service.regionName, service])),
  };
}

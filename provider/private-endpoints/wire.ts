/** Private endpoints as the API returns them and as programs see them. */
import type {
  CockroachCloudClient,
  RequestOptions,
  WireCluster,
  WirePrivateEndpointService,
} from "../../sdk/index";

/** A private endpoint service. */
export interface PrivateEndpointService {
  /** Region of the cluster. */
  regionName: string;
  /** `AWS`, `GCP` or `AZURE`. */
  cloudProvider: string;
  /** `CREATING`, `AVAILABLE`, `CREATE_FAILED`, `DELETING` or `DELETE_FAILED`. */
  status: string;
  /** On AWS the service name, `com.amazonaws.vpce.us-east-1.vpce-svc-…`. */
  name: string;
  /** The cloud's own id of the service. */
  endpointServiceId: string;
  /** What an endpoint of the cloud is created with: `name` on AWS, `endpointServiceId` on GCP and Azure. */
  target: string;
  /** Ids of the zones, `use1-az1`, in which traffic to the service is cheapest; may be empty. */
  availabilityZoneIds: string[];
  /** Host of SQL clients by AWS PrivateLink and Azure Private Link; may be empty. */
  internalDns: string;
  /** Host of SQL clients by GCP Private Service Connect; may be empty. */
  privateEndpointDns: string;
}

/** The services of a cluster, and the cluster, which has the host names of its regions. */
export interface ServicesOfCluster {
  readonly cluster: WireCluster;
  readonly services: readonly WirePrivateEndpointService[];
}

export async function readServices(
  clusterId: string,
  { cloud, options }: { cloud: CockroachCloudClient; options?: RequestOptions },
): Promise<ServicesOfCluster> {
  const services = await cloud.privateEndpointServices.list(clusterId, options);
  const cluster = await cloud.clusters.get(clusterId, options);
  return { services, cluster };
}

export function toService(
  service: WirePrivateEndpointService,
  { regions }: Pick<WireCluster, "regions">,
): PrivateEndpointService {
  const { region_name, cloud_provider, status, name, endpoint_service_id } = service;
  const region = regions.find((one) => one.name === region_name);
  return {
    regionName: region_name,
    cloudProvider: cloud_provider,
    status,
    name,
    endpointServiceId: endpoint_service_id,
    target: cloud_provider === "AWS" ? name : endpoint_service_id,
    availabilityZoneIds: [...service.availability_zone_ids],
    internalDns: region?.internal_dns ?? "",
    privateEndpointDns: region?.private_endpoint_dns ?? "",
  };
}

/** A status without the prefix that one of the two lists of the API has. */
export function statusOf({ status }: { status: string }): string {
  return status.replace(/^STATUS_/, "");
}

/** Resource ids of Azure are the same in capitals and in small letters. */
export function endpointKey<Id>(endpointId: Id): Id {
  const isOfAzure = typeof endpointId === "string" && endpointId.startsWith("/");
  return isOfAzure ? (endpointId.toLowerCase() as Id) : endpointId;
}

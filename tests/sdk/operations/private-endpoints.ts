import type {
  WireAwsEndpointConnection,
  WirePrivateEndpointConnection,
  WirePrivateEndpointService,
  WirePrivateEndpointTrustedOwner,
} from "../../../sdk";
import type {
  awsEndpointConnectionsSchema,
  privateEndpointConnectionsSchema,
  privateEndpointServicesSchema,
  trustedOwnersSchema,
} from "../../../sdk/resources/private-endpoints";
import { advanced } from "../../emulator/caller";
import type { Lists, OperationArea } from "../operation";
import { base, id, ofCluster } from "../operation";

const service = {
  region_name: "us-east-1",
  cloud_provider: "AWS",
  status: "AVAILABLE",
  name: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
  endpoint_service_id: "vpce-svc-0123456789abcdef0",
  availability_zone_ids: ["use1-az1"],
};
const aws = { service_name: service.name, service_id: service.endpoint_service_id };
const connection = {
  region_name: "us-east-1",
  cloud_provider: "AWS",
  status: "STATUS_AVAILABLE",
  endpoint_id: "vpce-1",
  endpoint_service_id: "vpce-svc-1",
  service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
  external_owner_id: "012345678901",
};
const { region_name: region, ...withoutRegion } = connection;
const awsConnection = {
  region_name: "us-east-1",
  cloud_provider: "AWS",
  status: "PENDING_ACCEPTANCE",
  endpoint_id: "vpce-1",
  service_id: "vpce-svc-1",
  external_owner_id: "012345678901",
};
const owner = {
  id: "o1",
  cluster_id: id,
  type: "AWS_ACCOUNT_ID",
  external_owner_id: "012345678901",
  created_at: "2026-06-01T10:00:00.123456Z",
};
const account = { type: "AWS_ACCOUNT_ID", external_owner_id: "012345678901" } as const;
const services = "networking/private-endpoint-services";
const connections = "networking/private-endpoint-connections";
const awsConnections = "networking/aws-endpoint-connections";
const owners = "networking/private-endpoint-trusted-owners";

export const area: OperationArea = {
  wireTypes: [
    true satisfies Lists<
      typeof privateEndpointServicesSchema,
      "services",
      WirePrivateEndpointService
    >,
    true satisfies Lists<
      typeof privateEndpointConnectionsSchema,
      "connections",
      WirePrivateEndpointConnection
    >,
    true satisfies Lists<
      typeof awsEndpointConnectionsSchema,
      "connections",
      WireAwsEndpointConnection
    >,
    true satisfies Lists<
      typeof trustedOwnersSchema,
      "trusted_owners",
      WirePrivateEndpointTrustedOwner
    >,
  ],

  operations: [
    {
      name: "privateEndpointServices.list",
      operation: "Listing the private endpoint services of cluster c/1",
      object: "the private endpoint services of cluster c/1",
      call: ({ privateEndpointServices }) => privateEndpointServices.list(id),
      method: "GET",
      template: `${ofCluster}/${services}`,
      url: `${base}/${services}`,
      response: { services: [{ ...service, aws }] },
      result: [service],
    },
    {
      name: "privateEndpointServices.create",
      operation: "Creating the private endpoint services of cluster c/1",
      object: "the private endpoint services of cluster c/1",
      call: ({ privateEndpointServices }) => privateEndpointServices.create(id),
      method: "POST",
      template: `${ofCluster}/${services}`,
      url: `${base}/${services}`,
      response: { services: [service] },
      result: [service],
    },
    {
      name: "privateEndpointConnections.list",
      operation: "Listing the private endpoint connections of cluster c/1",
      object: "the private endpoint connections of cluster c/1",
      call: ({ privateEndpointConnections }) => privateEndpointConnections.list(id),
      method: "GET",
      template: `${ofCluster}/${connections}`,
      url: `${base}/${connections}`,
      // The document requires `region`, and describes `region_name`.
      response: { connections: [connection, { ...withoutRegion, region }] },
      result: [connection, connection],
    },
    {
      name: "privateEndpointConnections.add",
      operation: "Adding private endpoint connection vpce-1 of cluster c/1",
      object: "private endpoint connection vpce-1 of cluster c/1",
      call: ({ privateEndpointConnections }) => privateEndpointConnections.add(id, "vpce-1"),
      method: "POST",
      template: `${ofCluster}/${connections}`,
      url: `${base}/${connections}`,
      body: { endpoint_id: "vpce-1" },
      response: connection,
      result: connection,
    },
    {
      name: "privateEndpointConnections.delete",
      operation: "Deleting private endpoint connection /subscriptions/1 of cluster c/1",
      object: "private endpoint connection /subscriptions/1 of cluster c/1",
      call: ({ privateEndpointConnections }) =>
        privateEndpointConnections.delete(id, "/subscriptions/1"),
      method: "DELETE",
      template: `${ofCluster}/${connections}/{endpoint_id}`,
      url: `${base}/${connections}/%2Fsubscriptions%2F1`,
      response: {},
      result: undefined,
    },
    {
      name: "awsEndpointConnections.list",
      operation: "Listing the AWS endpoint connections of cluster c/1",
      object: "the AWS endpoint connections of cluster c/1",
      call: ({ awsEndpointConnections }) => awsEndpointConnections.list(id),
      method: "GET",
      template: `${ofCluster}/${awsConnections}`,
      url: `${base}/${awsConnections}`,
      response: { connections: [awsConnection] },
      result: [awsConnection],
    },
    {
      name: "awsEndpointConnections.setState",
      operation: "Updating AWS endpoint connection vpce-1 of cluster c/1",
      object: "AWS endpoint connection vpce-1 of cluster c/1",
      call: ({ awsEndpointConnections }) =>
        awsEndpointConnections.setState(id, "vpce-1", { status: "AVAILABLE" }),
      method: "PATCH",
      template: `${ofCluster}/${awsConnections}/{endpoint_id}`,
      url: `${base}/${awsConnections}/vpce-1`,
      body: { status: "AVAILABLE" },
      response: awsConnection,
      result: awsConnection,
    },
    {
      name: "privateEndpointTrustedOwners.list",
      operation: "Listing the private endpoint trusted owners of cluster c/1",
      object: "the private endpoint trusted owners of cluster c/1",
      call: ({ privateEndpointTrustedOwners }) => privateEndpointTrustedOwners.list(id),
      method: "GET",
      template: `${ofCluster}/${owners}`,
      url: `${base}/${owners}`,
      response: { trusted_owners: [owner] },
      result: [owner],
    },
    {
      name: "privateEndpointTrustedOwners.add",
      operation: "Adding private endpoint trusted owner 012345678901 of cluster c/1",
      object: "private endpoint trusted owner 012345678901 of cluster c/1",
      call: ({ privateEndpointTrustedOwners }) => privateEndpointTrustedOwners.add(id, account),
      method: "POST",
      template: `${ofCluster}/${owners}`,
      url: `${base}/${owners}`,
      body: account,
      response: { trusted_owner: owner },
      result: owner,
    },
    {
      name: "privateEndpointTrustedOwners.get",
      operation: "Reading private endpoint trusted owner o1 of cluster c/1",
      object: "private endpoint trusted owner o1 of cluster c/1",
      call: ({ privateEndpointTrustedOwners }) => privateEndpointTrustedOwners.get(id, "o1"),
      method: "GET",
      template: `${ofCluster}/${owners}/{owner_id}`,
      url: `${base}/${owners}/o1`,
      response: { trusted_owner: owner },
      result: owner,
    },
    {
      name: "privateEndpointTrustedOwners.remove",
      operation: "Removing private endpoint trusted owner o1 of cluster c/1",
      object: "private endpoint trusted owner o1 of cluster c/1",
      call: ({ privateEndpointTrustedOwners }) => privateEndpointTrustedOwners.remove(id, "o1"),
      method: "DELETE",
      template: `${ofCluster}/${owners}/{owner_id}`,
      url: `${base}/${owners}/o1`,
      response: { trusted_owner: owner },
      result: undefined,
    },
  ],

  async callEach({ client, emulator }) {
    const { id: clusterId } = emulator.clusters.create(advanced("orders"));
    await client.privateEndpointServices.create(clusterId);
    emulator.privateEndpointServices.setStatus(clusterId, "us-east-1", "AVAILABLE");
    await client.privateEndpointServices.list(clusterId);
    const { id: ownerId } = await client.privateEndpointTrustedOwners.add(clusterId, account);
    await client.privateEndpointTrustedOwners.get(clusterId, ownerId);
    await client.privateEndpointTrustedOwners.list(clusterId);
    await client.privateEndpointTrustedOwners.remove(clusterId, ownerId);
    await client.privateEndpointConnections.add(clusterId, "vpce-1");
    await client.privateEndpointConnections.list(clusterId);
    await client.awsEndpointConnections.setState(clusterId, "vpce-1", { status: "REJECTED" });
    await client.awsEndpointConnections.list(clusterId);
    await client.privateEndpointConnections.delete(clusterId, "vpce-1");
  },
};

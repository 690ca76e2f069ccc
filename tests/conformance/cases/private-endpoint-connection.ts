import { withServices } from "../../support/private-endpoints";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const endpointOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

export const cases: ResourceCases = {
  place: withServices,
  plans: ["STANDARD", "ADVANCED"],
  minimal: { endpointId: "vpce-0123456789abcdef0" },
  full: [{ endpointId: "vpce-0123456789abcdef0" }],
  arguments: {
    endpointId: {
      to: "vpce-0123456789abcdef1",
      onChange: "replace",
      drift: "identifies the object",
      wrong: [
        [6133183410995353, "must be a string, not 6133183410995353."],
        [
          "",
          "must be the id of an endpoint: vpce-… on AWS, the PSC connection id on GCP, the resource id of the private endpoint on Azure.",
        ],
      ],
    },
  },

  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  missingId: ({ clusterId }) => `${clusterId}:vpce-00000000000000000`,

  operations: {
    create: "AddPrivateEndpointConnection",
    read: "ListPrivateEndpointConnections",
    delete: "DeletePrivateEndpointConnection",
  },
  createBody: () => ({ endpoint_id: "vpce-0123456789abcdef0" }),

  exists: (object) =>
    object.emulator.privateEndpointConnections
      .list(object.clusterId)
      .some(
        ({ endpoint_id, status }) =>
          endpoint_id === endpointOf(object) && status === "STATUS_AVAILABLE",
      ),
  remove: (object) =>
    object.emulator.privateEndpointConnections.deleteEndpoint(object.clusterId, endpointOf(object)),

  lostCreate: { outcome: "found", isReadOptional: true },
  existing: { outcome: "shared" },
};

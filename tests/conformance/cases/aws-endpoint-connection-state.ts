import { withServices } from "../../support/private-endpoints";
import type { RemoteObject, ResourceCases } from "../resource-cases";

const endpointOf = ({ id }: RemoteObject) => id.slice(id.indexOf(":") + 1);

export const cases: ResourceCases = {
  place(emulator, nth) {
    const place = withServices(emulator, nth);
    for (const endpointId of ["vpce-0123456789abcdef0", "vpce-0123456789abcdef1"]) {
      emulator.privateEndpointConnections.createEndpoint(place.clusterId, { endpointId });
    }
    return place;
  },
  minimal: { endpointId: "vpce-0123456789abcdef0", status: "AVAILABLE" },
  full: [{ endpointId: "vpce-0123456789abcdef0", status: "AVAILABLE" }],
  arguments: {
    endpointId: {
      to: "vpce-0123456789abcdef1",
      onChange: "replace",
      drift: "identifies the object",
      wrong: [["endpoint", "must be the id of a VPC endpoint of AWS: vpce-0123456789abcdef0."]],
    },
    status: {
      to: "REJECTED",
      onChange: "update",
      drift: (object) =>
        object.emulator.privateEndpointConnections.setStatus(
          object.clusterId,
          endpointOf(object),
          "REJECTED",
        ),
      wrong: [["PENDING", 'must be one of "AVAILABLE", "REJECTED", not the string "PENDING".']],
    },
  },

  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  missingId: ({ clusterId }) => `${clusterId}:vpce-00000000000000000`,

  operations: {
    create: "SetAwsEndpointConnectionState",
    read: "ListAwsEndpointConnections",
    update: "SetAwsEndpointConnectionState",
  },
  createBody: () => ({ status: "AVAILABLE" }),

  exists: (object) =>
    object.emulator.privateEndpointConnections
      .list(object.clusterId)
      .some(
        ({ endpoint_id, status }) =>
          endpoint_id === endpointOf(object) && status !== "STATUS_STALE",
      ),
  remove: (object) =>
    object.emulator.privateEndpointConnections.deleteEndpoint(object.clusterId, endpointOf(object)),

  lostCreate: { outcome: "found", isReadOptional: true, isSentAgain: true },
  existing: { outcome: "shared" },
};

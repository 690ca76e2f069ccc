// The operations of the API's document that the client cannot call on the emulator yet. The list only gets shorter: an
// operation that is listed although it works makes a test fail. When it is empty, this file goes.

/** What is missing, by what it is about. */
const pending: Readonly<Record<string, readonly string[]>> = {
  // Private endpoints, egress, client CA certificates.
  network: [
    "AddEgressRule",
    "AddPrivateEndpointConnection",
    "AddPrivateEndpointTrustedOwner",
    "CreateEgressPrivateEndpoint",
    "CreatePrivateEndpointServices",
    "DeleteClientCACert",
    "DeleteEgressPrivateEndpoint",
    "DeleteEgressRule",
    "DeletePrivateEndpointConnection",
    "EditEgressRule",
    "GetClientCACert",
    "GetEgressPrivateEndpoint",
    "GetEgressRule",
    "GetPrivateEndpointTrustedOwner",
    "ListAwsEndpointConnections",
    "ListEgressPrivateEndpoints",
    "ListEgressRules",
    "ListPrivateEndpointConnections",
    "ListPrivateEndpointServices",
    "ListPrivateEndpointTrustedOwners",
    "RemovePrivateEndpointTrustedOwner",
    "SetAwsEndpointConnectionState",
    "SetClientCACert",
    "SetEgressTrafficPolicy",
    "UpdateClientCACert",
    "UpdateEgressPrivateEndpoint",
    "UpdateEgressPrivateEndpointDomainNames",
  ],
};

/** Their names. */
export const pendingOperations: readonly string[] = Object.values(pending).flat();

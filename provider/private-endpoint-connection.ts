/**
 * The consent of a cluster to an endpoint in a network of the customer.
 *
 * The endpoint itself is created in the cloud. Deleting the consent leaves it there: on AWS and Azure it is listed on as
 * REJECTED, and creating the consent again accepts it again, which may show REJECTED for a while.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WirePrivateEndpointConnection } from "../sdk";
import { BadRequestError, isNotFound, RequestError } from "../sdk";
import { waitUntil } from "./cache/polling";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { endpointConflicts } from "./private-endpoints/conflict";
import { endpointKey, statusOf } from "./private-endpoints/wire";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";

/** Arguments of a private endpoint connection. */
export interface PrivateEndpointConnectionArgs {
  /** The cluster, or its id, of plan ADVANCED or STANDARD. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /**
   * Id of the endpoint in its cloud: `vpce-…` on AWS; the PSC connection id on GCP, as a string; the resource id of the
   * private endpoint on Azure. Changing it replaces this resource: the new endpoint is connected first.
   */
  endpointId: pulumi.Input<string>;
}

/**
 * A private endpoint that a cluster accepts. It is in place once the service shows it AVAILABLE. API operations:
 * AddPrivateEndpointConnection, ListPrivateEndpointConnections, DeletePrivateEndpointConnection.
 */
export class PrivateEndpointConnection extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("PrivateEndpointConnection");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Id of the endpoint in its cloud. */
  declare readonly endpointId: pulumi.Output<string>;
  /** Region of the service that the endpoint connects to; may be empty. */
  declare readonly regionName: pulumi.Output<string>;
  /** `AWS`, `GCP` or `AZURE`. */
  declare readonly cloudProvider: pulumi.Output<string>;
  /** Id of the service that the endpoint connects to. */
  declare readonly serviceId: pulumi.Output<string>;
  /** Name of that service; may be empty. */
  declare readonly serviceName: pulumi.Output<string>;
  /** AWS account that owns the endpoint; undefined in other clouds. */
  declare readonly externalOwnerId: pulumi.Output<string | undefined>;
  /** `AVAILABLE`, or what else it was when it was last read. */
  declare readonly status: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the connection
   * @param options `import: "<cluster id>:<endpoint id>"` adopts an existing one and writes nothing
   */
  constructor(
    name: string,
    args: PrivateEndpointConnectionArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing connection, which this program reads and does not manage. */
  static readonly get = getterOf(PrivateEndpointConnection);
  /** Whether `value` is a private endpoint connection of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<PrivateEndpointConnection>(
    "PrivateEndpointConnection",
  );
}

const inputs = z.strictObject({
  clusterId,
  endpointId: z.string().regex(/^\S+$/, {
    error:
      "must be the id of an endpoint: vpce-… on AWS, the PSC connection id on GCP, the resource id of the private endpoint on Azure.",
  }),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  regionName: string;
  cloudProvider: string;
  serviceId: string;
  serviceName: string;
  externalOwnerId?: string;
  status: string;
}

const minuteMs = 60_000;
/** For how long an accepted endpoint may be missing in the list, or be REJECTED from before. */
const staleReadMs = 2 * minuteMs;
/** For how long the service may not know an endpoint that was created just before. */
const newEndpointMs = minuteMs;
const minPollIntervalMs = 3_000;

/** What an endpoint is that the cluster no longer accepts, or that no longer exists. */
const endedStatuses = ["REJECTED", "DELETED", "EXPIRED", "STALE"];

const definition: ResourceDefinition<Inputs, State, WirePrivateEndpointConnection> = {
  type: "PrivateEndpointConnection",
  noun: "private endpoint connection",
  inputs,
  arguments: {
    clusterId: replacesResource,
    endpointId: { onChange: "replace", canonical: endpointKey },
  },
  outputs: ["regionName", "cloudProvider", "serviceId", "serviceName", "externalOwnerId", "status"],
  createsBeforeDelete: true,

  conflicts: (news, others) =>
    endpointConflicts(news, others, {
      kind: "AWS endpoint connection",
      type: "AwsEndpointConnectionState",
    }),

  idFormat: "<cluster id>:<endpoint id>",
  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ endpointId: name }) };
  },
  describe: ({ clusterId, endpointId }) =>
    `private endpoint connection ${endpointId} of cluster ${clusterId}`,

  replacementWarning: ({ clusterId, endpointId }) =>
    `Clients that use endpoint ${endpointId} can no longer connect to cluster ${clusterId} once it is replaced.`,

  sample: () => ({
    regionName: "us-east-1",
    cloudProvider: "AWS",
    serviceId: "vpce-svc-0123456789abcdef0",
    serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
    status: "AVAILABLE",
  }),
  toState: (remote, { clusterId = "", endpointId = remote.endpoint_id }) => ({
    clusterId,
    endpointId,
    regionName: remote.region_name ?? "",
    cloudProvider: remote.cloud_provider,
    serviceId: remote.endpoint_service_id,
    serviceName: remote.service_name,
    ...(remote.external_owner_id ? { externalOwnerId: remote.external_owner_id } : {}),
    status: statusOf(remote),
  }),
  collection: {
    plans: ["STANDARD", "ADVANCED"],
    async *list({ clusterId = "" }, { cloud, options }) {
      yield* await cloud.privateEndpointConnections.list(clusterId, options);
    },
    keyOf: ({ endpoint_id }) => endpointKey(endpoint_id),
    keyIn: ({ endpointId }) => (endpointId === undefined ? undefined : endpointKey(endpointId)),
    // Endpoints of others that only ask to be accepted are nobody's yet.
    isOwnedByService: (remote) => statusOf(remote) !== "AVAILABLE",
    isAbsent: (remote) => endedStatuses.includes(statusOf(remote)),
  },

  create: accept,
  lostCreate: { pollMs: 30_000 },
  delete: ({ clusterId, endpointId }, { cloud, options }) =>
    cloud.privateEndpointConnections.delete(clusterId, endpointId, options),

  trouble(remote) {
    const status = statusOf(remote);
    if (status === "PENDING_ACCEPTANCE") {
      return {
        code: "unfinished",
        what: "It is PENDING_ACCEPTANCE.",
        why: "The cluster has not accepted the endpoint, so clients that use it cannot connect.",
        update:
          "waits until it is accepted; if it stays so, accept it with AwsEndpointConnectionState or in the CockroachDB Cloud Console",
      };
    }
    const isKept = !endedStatuses.includes(status) && status !== "FAILED";
    if (isKept) return undefined;
    const byHand = adviceFor(status, { endpointId: remote.endpoint_id });
    return {
      code: "broken",
      what: `It is ${status}.`,
      why: "Clients that use this endpoint cannot connect.",
      ...omitUndefined({ byHand }),
      update: "connects it, once that is done",
    };
  },

  settlement: {
    pending(remote, { place, waitedMs }) {
      const status = remote === undefined ? "not listed yet" : statusOf(remote);
      const isStale = remote === undefined || status === "REJECTED";
      const advice = isStale && waitedMs < staleReadMs ? undefined : adviceFor(status, place);
      if (advice !== undefined) {
        throw new Error(
          `Connecting endpoint ${place.endpointId} to cluster ${place.clusterId} failed: it is ${status}. ${advice}`,
        );
      }
      return status === "AVAILABLE" ? undefined : status;
    },
    awaited: ({ status }) =>
      status === "PENDING" || status === "PENDING_ACCEPTANCE" ? ["status"] : [],
    pendingDeletion: (remote) => statusOf(remote),
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Accepts the endpoint. One that was created just before may not be known to the service yet. */
async function accept(
  { clusterId, endpointId }: Inputs,
  { cloud, options, context, deadline }: WriteCall,
): Promise<WirePrivateEndpointConnection> {
  const { clock, signal, progress } = context;
  const attempt = async (): Promise<WirePrivateEndpointConnection | RequestError> => {
    try {
      return await cloud.privateEndpointConnections.add(clusterId, endpointId, options);
    } catch (error) {
      if (isUnknownEndpoint(error, endpointId)) return error;
      throw error;
    }
  };
  let result = await attempt();
  if (RequestError.isInstance(result)) {
    const first = result;
    result = await waitUntil({
      ...{ clock, signal, observe: attempt, minPauseMs: minPollIntervalMs },
      deadline: Math.min(deadline, clock.now() + newEndpointMs),
      isDone: (seen) => !RequestError.isInstance(seen),
      describe: () =>
        `${first.message} Check endpointId, and that the endpoint was created for a service of this cluster.`,
      onProgress: (_seen, waitedMs) => progress("waiting for the endpoint to be known", waitedMs),
    });
  }
  if (RequestError.isInstance(result)) throw result;
  if (statusOf(result) === "AVAILABLE") {
    await context.note(
      "info",
      `Endpoint ${endpointId} was connected already; it is managed here from now on. Deleting this resource disconnects it.`,
    );
  }
  return result;
}

function isUnknownEndpoint(error: unknown, endpointId: string): error is RequestError {
  const isRefused = BadRequestError.isInstance(error) || isNotFound(error);
  return isRefused && RequestError.isInstance(error) && error.message.includes(endpointId)
    ? /endpoint\b.*\bnot found/i.test(error.message)
    : false;
}

function adviceFor(status: string, { endpointId }: { endpointId: string }): string | undefined {
  switch (status) {
    case "not listed yet":
      return "The API has accepted it and does not list it: check that the endpoint still exists in its cloud, then run the update again.";
    case "REJECTED":
      return "Accept it in the cloud, or create another endpoint, then run the update again.";
    case "FAILED":
      return "Check the endpoint in its cloud; create it again there if it has failed, then run the update again.";
    case "EXPIRED":
    case "DELETED":
      return "Create another endpoint in the cloud and give its id.";
    case "STALE":
      return `Endpoint ${endpointId} no longer exists in its cloud: create another one there and give its id.`;
    default:
      return undefined;
  }
}

/**
 * Whether a cluster on AWS accepts or rejects an endpoint, in the older form of the API.
 *
 * It is the only way to reject an endpoint that was never accepted. A decision cannot be taken back to none, so a delete
 * sends nothing.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireAwsEndpointConnection } from "../sdk";
import { cloudFailures } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { endpointConflicts } from "./private-endpoints/conflict";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource, updatesInPlace } from "./resource/definition";
import { mayHaveHadEffect } from "./resource/errors";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";

/** Arguments of the state of an AWS endpoint connection. */
export interface AwsEndpointConnectionStateArgs {
  /** The cluster, or its id, of plan ADVANCED or STANDARD on AWS. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /** Id of the endpoint, `vpce-…`. Changing it replaces this resource. */
  endpointId: pulumi.Input<string>;
  /** Whether the endpoint is accepted or rejected. Updated in place. */
  status: pulumi.Input<"AVAILABLE" | "REJECTED">;
}

/**
 * Accepts or rejects an endpoint that asks for a connection to a cluster on AWS. To connect an endpoint of your own, use
 * `PrivateEndpointConnection`; of one endpoint, use only one of the two. API operations: SetAwsEndpointConnectionState,
 * ListAwsEndpointConnections.
 */
export class AwsEndpointConnectionState extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("AwsEndpointConnectionState");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Id of the endpoint, `vpce-…`. */
  declare readonly endpointId: pulumi.Output<string>;
  /** `AVAILABLE` or `REJECTED`, or what else it was when it was last read. */
  declare readonly status: pulumi.Output<string>;
  /** Region of the service that the endpoint connects to. */
  declare readonly regionName: pulumi.Output<string>;
  /** Id of that service. */
  declare readonly serviceId: pulumi.Output<string>;
  /** AWS account that owns the endpoint; undefined when the API does not return it. */
  declare readonly externalOwnerId: pulumi.Output<string | undefined>;

  /**
   * @param name name of the resource
   * @param args the endpoint and its state
   * @param options `import: "<cluster id>:<endpoint id>"` adopts an existing one and writes nothing
   */
  constructor(
    name: string,
    args: AwsEndpointConnectionStateArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing endpoint connection, which this program reads and does not manage. */
  static readonly get = getterOf(AwsEndpointConnectionState);
  /** Whether `value` is the state of an AWS endpoint connection of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<AwsEndpointConnectionState>(
    "AwsEndpointConnectionState",
  );
}

const inputs = z.strictObject({
  clusterId,
  endpointId: z.string().regex(/^vpce-[0-9a-z]+$/, {
    error: "must be the id of a VPC endpoint of AWS: vpce-0123456789abcdef0.",
  }),
  status: z.enum(["AVAILABLE", "REJECTED"]),
});

type Inputs = z.output<typeof inputs>;

interface State extends Omit<Inputs, "status"> {
  status: string;
  regionName: string;
  serviceId: string;
  externalOwnerId?: string;
}

/** For how long an endpoint that was written may be missing in the list. */
const staleReadMs = 2 * 60_000;

const definition: ResourceDefinition<Inputs, State, WireAwsEndpointConnection> = {
  type: "AwsEndpointConnectionState",
  noun: "AWS endpoint connection",
  plans: ["STANDARD", "ADVANCED"],
  inputs,
  arguments: {
    clusterId: replacesResource,
    endpointId: replacesResource,
    status: updatesInPlace,
  },
  outputs: ["regionName", "serviceId", "externalOwnerId"],

  check: (_olds, _news, failures, _adopt, cluster) => ({
    failures: [...failures, ...cloudFailures("AWS", cluster)],
    notes: [],
  }),

  conflicts: (news, others) =>
    endpointConflicts(news, others, {
      kind: "private endpoint connection",
      type: "PrivateEndpointConnection",
    }),

  idFormat: "<cluster id>:<endpoint id>",
  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ endpointId: name }) };
  },
  describe: ({ clusterId, endpointId }) =>
    `AWS endpoint connection ${endpointId} of cluster ${clusterId}`,

  impact: ({ updates }, { clusterId, endpointId }, { status }) =>
    updates.includes("status") && status === "REJECTED"
      ? [
          warning(
            `Clients that use endpoint ${endpointId} can no longer connect to cluster ${clusterId}.`,
          ),
        ]
      : [],

  sample: () => ({
    status: "AVAILABLE",
    regionName: "us-east-1",
    serviceId: "vpce-svc-0123456789abcdef0",
  }),
  toState: (remote, { clusterId = "" }) => ({
    clusterId,
    endpointId: remote.endpoint_id,
    status: remote.status,
    regionName: remote.region_name,
    serviceId: remote.service_id,
    ...(remote.external_owner_id ? { externalOwnerId: remote.external_owner_id } : {}),
  }),
  collection: {
    // None to manage: each is a `PrivateEndpointConnection` too, and what is rejected is nobody's.
    plans: [],
    async *list({ clusterId = "" }, { cloud, options }) {
      yield* await cloud.awsEndpointConnections.list(clusterId, options);
    },
    keyOf: ({ endpoint_id }) => endpoint_id,
    keyIn: ({ endpointId }) => endpointId,
    isAbsent: ({ status }) => status === "DELETED",
  },

  create: setState,
  update: (_before, after, call) => setState(after, call),
  isUpdateReadable: true,
  deletedNote: ({ clusterId, endpointId, status }) =>
    warning(
      `Endpoint ${endpointId} of cluster ${clusterId} stays ${status}: a decision about an endpoint cannot be taken back to none. Only this resource is deleted.`,
    ),

  trouble: ({ status }) =>
    status === "FAILED" || status === "EXPIRED"
      ? {
          code: "broken",
          what: `It is ${status}.`,
          why: "Clients that use this endpoint cannot connect.",
          byHand: "Create the endpoint again in AWS, and give its id.",
        }
      : undefined,

  settlement: {
    pending(remote, { place, waitedMs }) {
      const status = remote?.status ?? "not listed yet";
      const isLost = remote === undefined && waitedMs >= staleReadMs;
      if (isLost || status === "FAILED" || status === "EXPIRED") {
        throw new Error(
          `Setting endpoint ${place.endpointId} of cluster ${place.clusterId} to ${place.status} failed: it is ${status}. Check that the endpoint exists in AWS; create it again there if it has ended, then run the update again.`,
        );
      }
      return status === place.status ? undefined : status;
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Sends the status, again where there was no response. The response has the status before the change. */
async function setState(
  { clusterId, endpointId, status }: Inputs,
  { cloud, options }: WriteCall,
): Promise<WireAwsEndpointConnection> {
  const body = { status };
  const write = () => cloud.awsEndpointConnections.setState(clusterId, endpointId, body, options);
  const before = await write().catch((error) => {
    if (!mayHaveHadEffect(error)) throw error;
    return write();
  });
  return { ...before, status };
}

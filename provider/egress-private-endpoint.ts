/**
 * An endpoint in the network of an Advanced cluster that leads to a service of the customer.
 *
 * The other side may have to accept it. That can be the task of a resource that depends on this one, so it counts as
 * created once its connection id is known. Until it is accepted, the service may lock the cluster.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireEgressPrivateEndpoint } from "../sdk";
import { cloudFailures, regionFailures } from "./cluster/declared";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import type { CheckFailure } from "./resource/check";
import { idByCluster, namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { info } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptyText } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { isUnknown } from "./values/unknown";

/** What an egress private endpoint leads to; those of MSK are Amazon's managed Kafka, by its authentication. */
export type EgressTargetServiceType =
  | "PRIVATE_SERVICE"
  | "MSK_SASL_SCRAM"
  | "MSK_SASL_IAM"
  | "MSK_TLS";

/** Arguments of an egress private endpoint. */
export interface EgressPrivateEndpointArgs {
  /** The cluster, or its id, of plan ADVANCED. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /** Region of the cluster in which the endpoint is. Changing it replaces this resource: the new one is created first. */
  region: pulumi.Input<string>;
  /**
   * The service: on AWS its name, `com.amazonaws.vpce.us-east-1.vpce-svc-…`, or the ARN of an MSK cluster; on GCP the
   * service attachment, `projects/…`; on Azure a resource id or an alias. Changing it replaces this resource: the new
   * endpoint is created first.
   */
  targetServiceIdentifier: pulumi.Input<string>;
  /**
   * What the service is: a private service, or an MSK cluster by its authentication. Changing it replaces this resource:
   * the new endpoint is created first.
   * @default `"PRIVATE_SERVICE"`
   */
  targetServiceType?: pulumi.Input<EgressTargetServiceType>;
}

/**
 * An endpoint in the network of an Advanced cluster that leads to a service of the customer, such as a Kafka cluster for
 * changefeeds. The service must admit the cluster's `accountId` first. The API grants access to this feature on request.
 * API operations: CreateEgressPrivateEndpoint, ListEgressPrivateEndpoints, DeleteEgressPrivateEndpoint.
 */
export class EgressPrivateEndpoint extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("EgressPrivateEndpoint");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Region of the cluster in which the endpoint is. */
  declare readonly region: pulumi.Output<string>;
  /** The service that it leads to. */
  declare readonly targetServiceIdentifier: pulumi.Output<string>;
  /** What that service is. */
  declare readonly targetServiceType: pulumi.Output<string>;
  /** UUID of the endpoint. */
  declare readonly endpointId: pulumi.Output<string>;
  /** What the other side accepts: `vpce-…` on AWS. */
  declare readonly endpointConnectionId: pulumi.Output<string>;
  /** Host name or address of the endpoint; may be empty until it is accepted. */
  declare readonly endpointAddress: pulumi.Output<string>;
  /** `PENDING_ACCEPTANCE` or `AVAILABLE`, or what else it was when it was last read. */
  declare readonly state: pulumi.Output<string>;
  /** Names that lead to the endpoint, when it was last read. */
  declare readonly domainNames: pulumi.Output<string[]>;
  /** `EMPTY`, `PENDING`, `AVAILABLE` or `FAILED`, when it was last read. */
  declare readonly domainNamesState: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the endpoint
   * @param options `import: "<cluster id>:<endpoint id>"` adopts an existing one and writes nothing
   */
  constructor(
    name: string,
    args: EgressPrivateEndpointArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing endpoint, which this program reads and does not manage. */
  static readonly get = getterOf(EgressPrivateEndpoint);
  /** Whether `value` is an egress private endpoint of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<EgressPrivateEndpoint>("EgressPrivateEndpoint");
}

const inputs = z.strictObject({
  clusterId,
  region: nonEmptyText,
  targetServiceIdentifier: nonEmptyText,
  targetServiceType: z.enum(["PRIVATE_SERVICE", "MSK_SASL_SCRAM", "MSK_SASL_IAM", "MSK_TLS"]),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  endpointId: string;
  endpointConnectionId: string;
  endpointAddress: string;
  state: string;
  domainNames: string[];
  domainNamesState: string;
}

const endStates = ["REJECTED", "FAILED", "EXPIRED"];

const definition: ResourceDefinition<Inputs, State, WireEgressPrivateEndpoint> = {
  type: "EgressPrivateEndpoint",
  noun: "egress private endpoint",
  inputs,
  arguments: {
    clusterId: replacesResource,
    region: replacesResource,
    targetServiceIdentifier: replacesResource,
    targetServiceType: replacesResource,
  },
  outputs: [
    "endpointId",
    "endpointConnectionId",
    "endpointAddress",
    "state",
    "domainNames",
    "domainNamesState",
  ],
  byDefault: () => ({ targetServiceType: "PRIVATE_SERVICE" }),
  createsBeforeDelete: true,

  idFormat: "<cluster id>:<endpoint id>",
  idInTerraform: idByCluster,
  idOf: ({ clusterId }, remote) => (remote === undefined ? undefined : `${clusterId}:${remote.id}`),
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ endpointId: name }) };
  },
  describe: ({ clusterId, targetServiceIdentifier, endpointId }) =>
    targetServiceIdentifier === undefined
      ? `egress private endpoint ${endpointId} of cluster ${clusterId}`
      : `the egress private endpoint of cluster ${clusterId} to ${targetServiceIdentifier}`,

  check(_olds, news, failures, _adopt, cluster) {
    const { region, targetServiceIdentifier: target, targetServiceType: type } = news;
    const isMsk = typeof type === "string" && type.startsWith("MSK_");
    const further = [
      ...regionFailures("region", region, cluster),
      ...(isMsk ? [...cloudFailures("AWS", cluster), ...mskFailures(target, type)] : []),
    ];
    return { failures: [...failures, ...further], notes: [] };
  },
  replacedBecause: ({ state, targetServiceIdentifier }) =>
    state !== undefined && endStates.includes(state)
      ? `The egress private endpoint to ${targetServiceIdentifier} is ${state}, which nothing can repair: it is replaced.`
      : undefined,
  replacementWarning: ({ clusterId, targetServiceIdentifier, state }) =>
    endStates.includes(state)
      ? undefined
      : `Connections of cluster ${clusterId} through its egress private endpoint to ${targetServiceIdentifier} end: the new endpoint has another address, and the service may have to accept it first.`,

  sample: () => ({
    region: "us-east-1",
    targetServiceIdentifier: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
    targetServiceType: "PRIVATE_SERVICE",
    endpointId: "5ba5ed00-0000-4000-8000-0000000000e2",
    endpointConnectionId: "vpce-0123456789abcdef0",
    endpointAddress: "vpce-0123456789abcdef0.vpce.us-east-1.vpce.amazonaws.com",
    state: "AVAILABLE",
    domainNames: [],
    domainNamesState: "EMPTY",
  }),
  toState: (remote, { clusterId = "" }) => ({
    clusterId,
    region: remote.region,
    targetServiceIdentifier: remote.target_service_identifier,
    targetServiceType: remote.target_service_type,
    endpointId: remote.id,
    endpointConnectionId: remote.endpoint_connection_id,
    endpointAddress: remote.endpoint_address,
    state: remote.state,
    domainNames: [...remote.domain_names],
    domainNamesState: remote.domain_names_state,
  }),
  collection: {
    plans: ["ADVANCED"],
    list: ({ clusterId = "" }, { cloud, options }) =>
      cloud.egressPrivateEndpoints.list(clusterId, {}, options),
    get: ({ clusterId = "", endpointId = "" }, { cloud, options }) =>
      cloud.egressPrivateEndpoints.get(clusterId, endpointId, options),
    keyOf: ({ id }) => id,
    keyIn: ({ endpointId }) => endpointId,
    matches: (remote, place) => isAlive(remote) && isSameTarget(remote, place),
    acceptsDuplicates: true,
    nameOf: ({ target_service_identifier }) =>
      `egress-${target_service_identifier.split(/[/.:]/).at(-1)}`,
    isOwnedByService: (remote) => !isAlive(remote),
    isAbsent: ({ state }) => state === "DELETED",
  },

  create: ({ clusterId, region, targetServiceIdentifier, targetServiceType }, { cloud, options }) =>
    cloud.egressPrivateEndpoints.create(
      clusterId,
      {
        region,
        target_service_identifier: targetServiceIdentifier,
        target_service_type: targetServiceType,
      },
      options,
    ),
  existsAdvice: "remove it from the program",
  delete: ({ clusterId, endpointId }, { cloud, options }) =>
    cloud.egressPrivateEndpoints.delete(clusterId, endpointId, options),

  trouble({ state, endpoint_connection_id }) {
    if (endStates.includes(state)) {
      return {
        code: "broken",
        what: `It is ${state}.`,
        why: "The cluster cannot connect to the service, and nothing can repair the endpoint.",
        byHand: "Check that the service exists and admits the account of the cluster.",
        update: "replaces it",
      };
    }
    if (state !== "PENDING_ACCEPTANCE") return undefined;
    return {
      code: "unfinished",
      what: `The service has not accepted the connection ${endpoint_connection_id}.`,
      why: "The cluster cannot connect to the service, and may refuse other changes.",
      byHand: "Accept the connection in the account of the service.",
    };
  },

  settlement: {
    pending(remote, { place: { clusterId, targetServiceIdentifier } }) {
      if (remote === undefined) return "PENDING";
      const { state, endpoint_connection_id, endpoint_address } = remote;
      if (endStates.includes(state)) {
        throw new Error(
          `The egress private endpoint of cluster ${clusterId} to ${targetServiceIdentifier} is ${state}. Check that the service exists, admits the account of the cluster and accepts the endpoint. The next update replaces the endpoint.`,
        );
      }
      const endpointConnectionId = endpoint_connection_id;
      const endpointAddress = endpoint_address;
      return isOpen({ state, endpointConnectionId, endpointAddress }) ? state : undefined;
    },
    awaited: (known) =>
      isAlive(known) && isOpen(known) ? ["state", "endpointConnectionId", "endpointAddress"] : [],
    pendingDeletion({ state }, { place: { clusterId, endpointId } }) {
      if (state === "FAILED") {
        throw new Error(
          `Deleting egress private endpoint ${endpointId} of cluster ${clusterId} failed: it is FAILED. Run the operation again; if it stays so, ask CockroachDB Cloud support about this endpoint.`,
        );
      }
      return state;
    },
    note: ({ state, endpointConnectionId, targetServiceIdentifier }) =>
      state === "PENDING_ACCEPTANCE"
        ? info(
            `The service ${targetServiceIdentifier} must accept the connection ${endpointConnectionId}: accept it in the account of the service, by hand or by a resource that depends on this one. Until then the cluster may refuse other changes.`,
          )
        : undefined,
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function mskFailures(target: unknown, type: string): CheckFailure[] {
  if (typeof target !== "string" || target === "" || isUnknown(target)) return [];
  const property = "targetServiceIdentifier";
  if (!/^arn:aws[\w-]*:kafka:/.test(target)) {
    const reason = `must be the ARN of a provisioned MSK cluster, arn:aws:kafka:…, for targetServiceType "${type}".`;
    return [{ property, reason }];
  }
  // Those of serverless clusters end in -s1, -s2 and so on after the UUID.
  if (!/-s\d+$/.test(target)) return [];
  const reason =
    "is the ARN of a serverless MSK cluster, to which no endpoint can be created: it must be of a provisioned one.";
  return [{ property, reason }];
}

function isSameTarget(
  remote: WireEgressPrivateEndpoint,
  { region, targetServiceIdentifier, targetServiceType }: Partial<Inputs>,
): boolean {
  return (
    remote.region === region &&
    remote.target_service_identifier === targetServiceIdentifier &&
    remote.target_service_type === targetServiceType
  );
}

function isAlive({ state }: { readonly state?: string }): boolean {
  return state !== undefined && !["DELETING", "DELETED", ...endStates].includes(state);
}

/** Whether it is yet to become what it can be: AVAILABLE, or as far as the service has not accepted it. */
function isOpen({ state, endpointConnectionId, endpointAddress }: Partial<State>): boolean {
  if (endpointConnectionId === "") return true;
  return state !== "PENDING_ACCEPTANCE" && (state !== "AVAILABLE" || endpointAddress === "");
}

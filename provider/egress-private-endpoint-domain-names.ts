/**
 * The names under which a cluster finds the service behind an egress private endpoint.
 *
 * They can be set once the other side has accepted the endpoint, and always as a whole, so one list has one owner.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireEgressPrivateEndpoint } from "../sdk";
import { waitUntil } from "./cache/polling";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { describeValue } from "./resource/check";
import { namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { ifReplaced } from "./resource/errors";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat, uuidOf } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** An egress private endpoint, as an `EgressPrivateEndpoint` of the program or by its UUID. */
export type EgressPrivateEndpointReference =
  | pulumi.Input<string>
  | (pulumi.CustomResource & { readonly targetServiceIdentifier: unknown });

/** Arguments of the domain names of an egress private endpoint. */
export interface EgressPrivateEndpointDomainNamesArgs {
  /** The cluster, or its id, of plan ADVANCED. Changing it replaces this resource. */
  clusterId: ClusterReference;
  /** The endpoint, or its UUID. Changing it replaces this resource. */
  endpointId: EgressPrivateEndpointReference;
  /**
   * Host names, which may begin with `*.`; at least one. Updated in place, as a whole: other names of the endpoint are
   * removed.
   */
  domainNames: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Names that lead to an egress private endpoint inside the cluster, for services whose certificate names them. They are
 * set once the endpoint is AVAILABLE: let this resource depend on the one that accepts it. API operations:
 * UpdateEgressPrivateEndpoint, ListEgressPrivateEndpoints, GetEgressPrivateEndpoint.
 */
export class EgressPrivateEndpointDomainNames extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("EgressPrivateEndpointDomainNames");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** UUID of the endpoint. */
  declare readonly endpointId: pulumi.Output<string>;
  /** The names, sorted. */
  declare readonly domainNames: pulumi.Output<string[]>;
  /** `AVAILABLE`, or what else it was when it was last read. */
  declare readonly domainNamesState: pulumi.Output<string>;
  /** Host name or address of the endpoint. */
  declare readonly endpointAddress: pulumi.Output<string>;
  /** What the other side has accepted: `vpce-…` on AWS. */
  declare readonly endpointConnectionId: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the domain names
   * @param options `import: "<cluster id>:<endpoint id>"` adopts existing names and writes nothing
   */
  constructor(
    name: string,
    args: EgressPrivateEndpointDomainNamesArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    const endpointId = args && idOf(args.endpointId);
    super(...registrationOf(definition, name, args && { ...args, endpointId }, options));
  }

  /** The names of an existing endpoint, which this program reads and does not manage. */
  static readonly get = getterOf(EgressPrivateEndpointDomainNames);
  /** Whether `value` is the domain names of an egress private endpoint of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<EgressPrivateEndpointDomainNames>(
    "EgressPrivateEndpointDomainNames",
  );
}

/** The id of a resource is that of the endpoint and its cluster. */
function idOf(reference: EgressPrivateEndpointReference): pulumi.Input<string> {
  if (!pulumi.CustomResource.isInstance(reference)) return reference;
  return "endpointId" in reference
    ? (reference.endpointId as pulumi.Output<string>)
    : reference.id.apply((id) => namedPartOf(id).name ?? id);
}

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(\\*\\.)?(${label}\\.)*${label}\\.?$`, "i");

const inputs = z.strictObject({
  clusterId,
  endpointId: uuidOf(
    "an egress private endpoint",
    () => "listEgressPrivateEndpoints({ clusterId }) lists them.",
    (_clusterId, name) =>
      `That is the id of something in a cluster, with its cluster in it: pass the EgressPrivateEndpoint of the program, or its endpointId${z.uuid().safeParse(name).success ? `, "${name}"` : ""}.`,
  ),
  domainNames: z
    .array(
      textThat((name) =>
        hostName.test(name) && name.length <= 253
          ? undefined
          : `must be a host name such as "kafka.example.com" or "*.example.com", not ${describeValue(name)}.`,
      ),
    )
    .min(1, { error: "must have a name; to have none, remove the resource." }),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  domainNamesState: string;
  endpointAddress: string;
  endpointConnectionId: string;
}

const maxAcceptanceMs = 10 * 60_000;
const minPollIntervalMs = 3_000;

const definition: ResourceDefinition<Inputs, State, WireEgressPrivateEndpoint> = {
  type: "EgressPrivateEndpointDomainNames",
  noun: "domain names of an egress private endpoint",
  inputs,
  arguments: {
    clusterId: replacesResource,
    endpointId: replacesResource,
    domainNames: { onChange: "update", canonical: canonicalNames },
  },
  outputs: ["domainNamesState", "endpointAddress", "endpointConnectionId"],

  idFormat: "<cluster id>:<endpoint id>",
  idInTerraform: ({ cluster_id, endpoint_id }) => `${cluster_id}:${endpoint_id}`,
  idOf: ({ clusterId, endpointId }) => `${clusterId}:${endpointId}`,
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ endpointId: name }) };
  },
  describe: ({ clusterId, endpointId }) =>
    `the domain names of egress private endpoint ${endpointId} of cluster ${clusterId}`,

  impact({ replaces }, { clusterId, endpointId, domainNames }, news) {
    const isReplaced = replaces.length > 0;
    const place = [news.clusterId, news.endpointId];
    if (hasUnknown(isReplaced ? place : news.domainNames)) return [];
    const kept = isReplaced ? [] : canonicalNames(news.domainNames);
    const removed = canonicalNames(domainNames).filter((name) => !kept.includes(name));
    const loss = `These domain names no longer lead to egress private endpoint ${endpointId} of cluster ${clusterId}: ${removed.join(", ")}.`;
    return removed.length === 0 ? [] : [warning(loss)];
  },

  sample: () => ({
    domainNames: ["kafka.example.com"],
    domainNamesState: "AVAILABLE",
    endpointAddress: "vpce-0123456789abcdef0.vpce.us-east-1.vpce.amazonaws.com",
    endpointConnectionId: "vpce-0123456789abcdef0",
  }),
  toState: (remote, { clusterId = "" }) => ({
    clusterId,
    endpointId: remote.id,
    domainNames: canonicalNames(remote.domain_names),
    domainNamesState: remote.domain_names_state,
    endpointAddress: remote.endpoint_address,
    endpointConnectionId: remote.endpoint_connection_id,
  }),
  collection: {
    plans: ["ADVANCED"],
    list: ({ clusterId = "" }, { cloud, options }) =>
      cloud.egressPrivateEndpoints.list(clusterId, {}, options),
    listOf: "EgressPrivateEndpoint",
    keyOf: ({ id }) => id,
    keyIn: ({ endpointId }) => endpointId,
    nameOf: ({ target_service_identifier }) =>
      `names-${target_service_identifier.split(/[/.:]/).at(-1)}`,
    isAbsent: ({ domain_names }) => domain_names.length === 0,
  },

  create: setFirst,
  lostCreate: {
    isOurs: ({ domain_names }, { domainNames }) => isSame(domain_names, domainNames),
  },
  update: (_before, after, call) => setNames(after, after.domainNames, call),
  isUpdateReadable: true,
  delete: removeNames,

  trouble: ({ domain_names_state }) =>
    domain_names_state === "FAILED"
      ? {
          code: "operation-failed",
          what: "They are FAILED.",
          why: "The names do not lead to the endpoint.",
          byHand: "Check the names; if they are right, ask CockroachDB Cloud support.",
        }
      : undefined,

  settlement: {
    pending(remote, { place: { clusterId, endpointId } }) {
      const state = remote?.domain_names_state ?? "PENDING";
      if (state === "FAILED") {
        throw new Error(
          `Setting the domain names of egress private endpoint ${endpointId} of cluster ${clusterId} failed: they are FAILED. Check the names and run the update again; if it stays so, ask CockroachDB Cloud support about this endpoint.`,
        );
      }
      return state === "AVAILABLE" ? undefined : state;
    },
    awaited: ({ domainNamesState }) => (domainNamesState === "PENDING" ? ["domainNamesState"] : []),
    pendingDeletion: ({ state, domain_names_state }) =>
      unaccepted.has(state) ? undefined : domain_names_state,
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Sets the names of an endpoint that has none, once it is accepted. */
async function setFirst(inputs: Inputs, call: WriteCall): Promise<WireEgressPrivateEndpoint> {
  const { clusterId, endpointId, domainNames } = inputs;
  const endpoint = await whenAvailable(inputs, call);
  const present = canonicalNames(endpoint.domain_names);
  if (present.length === 0) return await setNames(inputs, domainNames, call);
  if (isSame(present, domainNames)) return endpoint;
  throw new Error(
    `Setting the domain names of egress private endpoint ${endpointId} of cluster ${clusterId} failed: it has the names ${present.join(", ")} already. To manage them here, add the option {import: "${clusterId}:${endpointId}"} to the resource; otherwise remove them first. ${ifReplaced}`,
  );
}

function setNames(
  { clusterId, endpointId }: Pick<Inputs, "clusterId" | "endpointId">,
  names: readonly string[],
  { cloud, options }: WriteCall,
): Promise<WireEgressPrivateEndpoint> {
  const body = { domain_names: canonicalNames(names) };
  return cloud.egressPrivateEndpoints.update(clusterId, endpointId, body, options);
}

/** In these states the API changes no names. In any other it is sent the change, also where a response has no state. */
const unaccepted: ReadonlySet<string> = new Set([
  ...["PENDING_ACCEPTANCE", "REJECTED", "FAILED", "EXPIRED", "DELETING", "DELETED"],
]);

/** The names of an endpoint that is not AVAILABLE cannot be changed, and end with it. */
async function removeNames(place: State, call: WriteCall): Promise<void> {
  const { clusterId, endpointId } = place;
  const { cloud, options, context } = call;
  const { state } = await cloud.egressPrivateEndpoints.get(clusterId, endpointId, options);
  if (!unaccepted.has(state)) {
    await setNames(place, [], call);
    return;
  }
  await context.note(
    "warning",
    `Egress private endpoint ${endpointId} of cluster ${clusterId} is ${state}, so its domain names cannot be removed: they end with the endpoint. Only this resource is deleted.`,
  );
}

/** Waits until the endpoint is accepted: another resource of the program may be at it. */
async function whenAvailable(
  { clusterId, endpointId }: Inputs,
  { cloud, options, context, deadline }: WriteCall,
): Promise<WireEgressPrivateEndpoint> {
  const { clock, signal, progress } = context;
  const observe = () => cloud.egressPrivateEndpoints.get(clusterId, endpointId, options);
  const first = await observe();
  if (first.state === "AVAILABLE") return first;
  const isOver = ({ state }: WireEgressPrivateEndpoint) =>
    !["PENDING", "PENDING_ACCEPTANCE", "AVAILABLE"].includes(state);
  const failure = ({ state, endpoint_connection_id }: WireEgressPrivateEndpoint) =>
    `Setting the domain names of egress private endpoint ${endpointId} of cluster ${clusterId} failed: the endpoint is ${state}.${
      state === "PENDING_ACCEPTANCE"
        ? ` Accept the connection ${endpoint_connection_id} in the account of the service, and let this resource depend on the one that accepts it; then run the update again.`
        : " Run the update again when it is AVAILABLE."
    }`;
  return await waitUntil<WireEgressPrivateEndpoint>({
    ...{ clock, signal, observe, minPauseMs: minPollIntervalMs },
    deadline: Math.min(deadline, clock.now() + maxAcceptanceMs),
    isDone(endpoint) {
      if (isOver(endpoint)) throw new Error(failure(endpoint));
      return endpoint.state === "AVAILABLE";
    },
    describe: (endpoint) => failure(endpoint ?? first),
    onProgress: ({ state, endpoint_connection_id }, waitedMs) =>
      progress(
        state === "PENDING_ACCEPTANCE"
          ? `waiting for ${endpoint_connection_id} to be accepted`
          : `waiting for the endpoint · ${state}`,
        waitedMs,
      ),
  });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return canonicalNames(one).join() === canonicalNames(other).join();
}

/** As a set, without capitals and final dots. */
function canonicalNames(names: unknown): string[] {
  const all = Array.isArray(names) ? names : [];
  return [...new Set(all.map((name) => String(name).toLowerCase().replace(/\.$/, "")))].sort();
}

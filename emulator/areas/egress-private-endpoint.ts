// Endpoints in the network of an Advanced cluster that lead to services of the customer, and the names under which the
// cluster finds them. Making one holds the cluster until the other side has accepted it.

import { randomBytes, randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import type { EgressEndpointRecord, EgressEndpointState } from "../cluster/egress-endpoint";
import { egressEndpointsOf } from "../cluster/egress-endpoint";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import { beginOtherWork, endOtherWork } from "../cluster/history";
import type { ClusterRecord } from "../cluster/record";
import { schedule } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, failedPrecondition, invalidValue, notFound } from "../server/errors";
import { momentKey, page } from "../server/paging";
import type { MessageShape } from "../server/protojson";
import { stateOfEachCluster } from "../state";
import { readUuid } from "./collection";

/** An endpoint as the API spells it. */
export interface WireEgressPrivateEndpoint {
  id: string;
  region: string;
  target_service_identifier: string;
  target_service_type: string;
  /** "" until it is known, as is the address. */
  endpoint_connection_id: string;
  endpoint_address: string;
  state: EgressEndpointState;
  domain_names: string[];
  domain_names_state: EgressEndpointRecord["domainNamesState"];
}

/** Egress private endpoints, and the other side of them. Cluster ids are UUIDs. */
export interface EgressPrivateEndpointControls {
  /** All endpoints of a cluster. */
  list(clusterId: string): WireEgressPrivateEndpoint[];
  /** Adds an endpoint to a private service that is AVAILABLE at once. Returns its UUID. */
  add(clusterId: string, region: string, target: string): string;
  /**
   * Whether the service accepts endpoints by itself or somebody has to.
   * @param target as in `target_service_identifier`; without this, services of the cloud accept by themselves
   */
  setAcceptance(clusterId: string, target: string, acceptance: "automatic" | "manual"): void;
  /** The other side accepts an endpoint. @throws when there is none that waits for it. */
  accept(clusterId: string, endpointId: string): void;
  /** The other side rejects an endpoint. @throws when there is none. */
  reject(clusterId: string, endpointId: string): void;
  /** Sets the state of an endpoint. @throws when there is none. */
  setState(clusterId: string, endpointId: string, state: EgressEndpointState): void;
  /** Sets the domain names of an endpoint at once. @throws when there is none. */
  setDomainNames(clusterId: string, endpointId: string, names: readonly string[]): void;
  /** Removes an endpoint. @throws when there is none. */
  remove(clusterId: string, endpointId: string): void;
}

const targetTypes = ["PRIVATE_SERVICE", "MSK_SASL_SCRAM", "MSK_SASL_IAM", "MSK_TLS"] as const;

interface CreateBody {
  region?: string;
  target_service_identifier?: string;
  target_service_type?: (typeof targetTypes)[number];
}

const createShape: MessageShape = {
  name: "cockroach.cloud.CreateEgressPrivateEndpointRequest",
  fields: {
    region: "string",
    target_service_identifier: "string",
    target_service_type: { enumeration: targetTypes },
  },
};

const updateShape: MessageShape = {
  name: "cockroach.cloud.UpdateEgressPrivateEndpointRequest",
  fields: { domain_names: { list: "string" } },
};

/** How services accept endpoints, where a test says so. */
const acceptanceOf = stateOfEachCluster(() => new Map<string, "automatic" | "manual">());

function listEndpoints(call: Call): object {
  const cluster = liveClusterOf(call);
  const { items, pagination } = page(call, [...egressEndpointsOf(cluster).values()], {
    sortKey: ({ createdAt, id }) => [momentKey(createdAt), id],
    createdAt: ({ createdAt }) => createdAt,
  });
  return { egress_private_endpoints: items.map(toWire), pagination };
}

function getEndpoint(call: Call): object {
  return toWire(find(call, liveClusterOf(call)));
}

function createEndpoint(call: Call): object {
  const body = readBody<CreateBody>(call, createShape);
  const cluster = supporting(call, changeableClusterOf(call));
  checkNotBusy(cluster, call.context);
  const { region = "", target_service_identifier: target = "", target_service_type: type } = body;
  if (!cluster.regions.some(({ name }) => name === region)) {
    throw invalidValue(`the cluster has no region '${region}'`);
  }
  if (target === "") {
    throw invalidValue("target_service_identifier is required");
  }
  if (type === undefined) {
    throw invalidValue("target_service_type is required");
  }
  const isMsk = type !== "PRIVATE_SERVICE";
  if (isMsk && (cluster.provider !== "AWS" || !target.startsWith("arn:aws:kafka:"))) {
    throw invalidValue(`target_service_type ${type} needs a cluster on AWS and the ARN of MSK`);
  }
  const endpoints = egressEndpointsOf(cluster);
  const { duplicateEgressEndpoint } = call.context.assumptions;
  const isSame = (other: EgressEndpointRecord) =>
    other.region === region && other.target === target && other.targetType === type;
  if (duplicateEgressEndpoint !== "allowed" && [...endpoints.values()].some(isSame)) {
    throw new ApiError(duplicateEgressEndpoint, `an endpoint to '${target}' already exists`);
  }
  const endpoint = newEndpoint(cluster, { region, target, targetType: type }, call.now);
  hold(cluster, call, Number.POSITIVE_INFINITY);
  const fails = call.context.queued.consumeJobFailure() || isElsewhere(cluster, endpoint);
  schedule(cluster, {
    at: call.now + call.context.durations.egressEndpointMs,
    name: "network",
    run: (at) => connect(cluster, endpoint, fails, call.context, at),
  });
  return toWire(endpoint);
}

function newEndpoint(
  cluster: ClusterRecord,
  what: Pick<EgressEndpointRecord, "region" | "target" | "targetType">,
  createdAt: number,
): EgressEndpointRecord {
  const endpoint: EgressEndpointRecord = {
    ...what,
    id: randomUUID(),
    createdAt,
    connectionId: "",
    address: "",
    state: "PENDING",
    domainNames: [],
    domainNamesState: "EMPTY",
  };
  egressEndpointsOf(cluster).set(endpoint.id, endpoint);
  return endpoint;
}

/** The cloud has made the endpoint. */
function connect(
  cluster: ClusterRecord,
  endpoint: EgressEndpointRecord,
  fails: boolean,
  context: EmulatorContext,
  at: number,
): void {
  if (endpoint.state !== "PENDING") {
    return;
  }
  if (fails) {
    settle(cluster, endpoint, "FAILED", at);
    return;
  }
  endpoint.connectionId = newConnectionId(cluster);
  const isManual = acceptanceFor(cluster, endpoint) === "manual";
  if (!isManual || context.assumptions.addressBeforeAcceptance) {
    endpoint.address = addressOf(cluster, endpoint);
  }
  if (!isManual) {
    settle(cluster, endpoint, "AVAILABLE", at);
    return;
  }
  endpoint.state = "PENDING_ACCEPTANCE";
  if (context.assumptions.egressEndpointHolds !== "until-available") {
    release(cluster, at);
  }
  schedule(cluster, {
    at: at + context.durations.endpointExpiryMs,
    name: "network",
    run: (expiredAt) => {
      if (endpoint.state === "PENDING_ACCEPTANCE") {
        settle(cluster, endpoint, "EXPIRED", expiredAt);
      }
    },
  });
}

/** On Azure an endpoint reaches no service in another region, which only the alias of a service names. */
function isElsewhere({ provider }: ClusterRecord, endpoint: EgressEndpointRecord): boolean {
  const alias = /\.([a-z0-9]+)\.azure\.privatelinkservice$/i.exec(endpoint.target);
  return provider === "AZURE" && alias !== null && alias[1]?.toLowerCase() !== endpoint.region;
}

function newConnectionId({ provider }: ClusterRecord): string {
  return provider === "AWS"
    ? `vpce-${randomBytes(9).toString("hex").slice(0, 17)}`
    : randomBytes(7).readUIntBE(0, 6).toString();
}

function acceptanceFor(
  cluster: ClusterRecord,
  { target, targetType }: EgressEndpointRecord,
): "automatic" | "manual" {
  const isOfCloud =
    targetType !== "PRIVATE_SERVICE" || /^com\.amazonaws\.(?!vpce\.)[a-z0-9.-]+$/.test(target);
  return acceptanceOf(cluster).get(target) ?? (isOfCloud ? "automatic" : "manual");
}

function addressOf(
  { provider }: ClusterRecord,
  { connectionId, region }: EgressEndpointRecord,
): string {
  return provider === "AWS" ? `${connectionId}.vpce.${region}.vpce.amazonaws.com` : "10.128.0.42";
}

function settle(
  cluster: ClusterRecord,
  endpoint: EgressEndpointRecord,
  state: EgressEndpointState,
  at: number,
): void {
  endpoint.state = state;
  if (state === "AVAILABLE") {
    endpoint.address = addressOf(cluster, endpoint);
  }
  release(cluster, at);
}

function deleteEndpoint(call: Call): object {
  const cluster = changeableClusterOf(call);
  const endpoint = find(call, cluster);
  const wasMaking = endpoint.state === "PENDING" || endpoint.state === "PENDING_ACCEPTANCE";
  endpoint.state = "DELETING";
  if (wasMaking) {
    release(cluster, call.now);
  }
  schedule(cluster, {
    at: call.now + call.context.durations.egressDeleteMs,
    name: "network",
    run: () => egressEndpointsOf(cluster).delete(endpoint.id),
  });
  return {};
}

function updateEndpoint(call: Call): object {
  const { domain_names: given } = readBody<{ domain_names?: string[] }>(call, updateShape);
  const cluster = supporting(call, changeableClusterOf(call));
  const endpoint = find(call, cluster);
  checkNotBusy(cluster, call.context);
  if (given === undefined && call.context.assumptions.strictRequired) {
    throw invalidValue("domain_names is required");
  }
  const names = given ?? [];
  if (endpoint.state !== "AVAILABLE") {
    throw failedPrecondition(
      `domain names cannot be set while the endpoint is ${endpoint.state}, it must be AVAILABLE`,
    );
  }
  checkDomainNames(names);
  const fails = call.context.queued.consumeJobFailure();
  const { egressDomainNamesMs } = call.context.durations;
  const { domainNameOrder } = call.context.assumptions;
  endpoint.domainNames = domainNameOrder === "sorted" ? [...names].sort() : names;
  endpoint.domainNamesState = "PENDING";
  call.auditAction = "UPDATE_EGRESS_PRIVATE_ENDPOINT";
  hold(cluster, call, call.now + egressDomainNamesMs);
  schedule(cluster, {
    at: call.now + egressDomainNamesMs,
    name: "network",
    run: () => {
      const done = endpoint.domainNames.length === 0 ? "EMPTY" : "AVAILABLE";
      endpoint.domainNamesState = fails ? "FAILED" : done;
    },
  });
  return toWire(endpoint);
}

function updateDomainNames(call: Call): object {
  updateEndpoint(call);
  return {};
}

function checkDomainNames(names: readonly string[]): void {
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const hostName = new RegExp(`^(\\*\\.)?${label}(\\.${label})*\\.?$`, "i");
  for (const [index, name] of names.entries()) {
    if (!hostName.test(name) || name.length > 253) {
      throw invalidValue(`'${name}' is no domain name`);
    }
    if (names.indexOf(name) !== index) {
      throw invalidValue(`domain name '${name}' is given twice`);
    }
  }
}

function supporting(call: Call, cluster: ClusterRecord): ClusterRecord {
  const { hasEgressPrivateEndpoints, featureOff, networkOnServerless } = call.context.assumptions;
  if (!hasEgressPrivateEndpoints) {
    throw new ApiError(featureOff, "egress private endpoints are not enabled");
  }
  if (cluster.plan !== "ADVANCED") {
    throw new ApiError(
      networkOnServerless,
      "egress private endpoints are supported for advanced clusters only",
    );
  }
  return cluster;
}

function hold(cluster: ClusterRecord, call: Call, until: number): void {
  if (call.context.assumptions.egressEndpointHolds !== "never" && until > call.now) {
    beginOtherWork(cluster, call.now, { until, operation: "MAINTENANCE_RUNNING", locks: true });
  }
}

function release(cluster: ClusterRecord, at: number): void {
  if (cluster.otherWork?.until === Number.POSITIVE_INFINITY) {
    endOtherWork(cluster, at);
  }
}

function find(call: Call, cluster: ClusterRecord): EgressEndpointRecord {
  const id = readUuid(call.path["id"] ?? "", "id");
  const endpoint = egressEndpointsOf(cluster).get(id);
  if (endpoint === undefined) {
    throw notFound(`egress private endpoint '${id}' is not found`);
  }
  return endpoint;
}

function toWire(endpoint: EgressEndpointRecord): WireEgressPrivateEndpoint {
  return {
    id: endpoint.id,
    region: endpoint.region,
    target_service_identifier: endpoint.target,
    target_service_type: endpoint.targetType,
    endpoint_connection_id: endpoint.connectionId,
    endpoint_address: endpoint.address,
    state: endpoint.state,
    domain_names: [...endpoint.domainNames],
    domain_names_state: endpoint.domainNamesState,
  };
}

/** The egress private endpoints of a cluster. */
export const egressPrivateEndpointArea: ControlledArea<EgressPrivateEndpointControls> = {
  operations: {
    CreateEgressPrivateEndpoint: createEndpoint,
    DeleteEgressPrivateEndpoint: deleteEndpoint,
    GetEgressPrivateEndpoint: getEndpoint,
    ListEgressPrivateEndpoints: listEndpoints,
    UpdateEgressPrivateEndpoint: updateEndpoint,
    UpdateEgressPrivateEndpointDomainNames: updateDomainNames,
  },
  createControls: egressPrivateEndpointControls,
};

function egressPrivateEndpointControls({
  findCluster,
  context,
}: ControlParts): EgressPrivateEndpointControls {
  const known = (clusterId: string, endpointId: string): [ClusterRecord, EgressEndpointRecord] => {
    const cluster = findCluster(clusterId);
    const endpoint = egressEndpointsOf(cluster).get(endpointId);
    if (endpoint === undefined) {
      throw new Error(`Cluster ${clusterId} has no egress private endpoint ${endpointId}.`);
    }
    return [cluster, endpoint];
  };
  return {
    list: (clusterId) => [...egressEndpointsOf(findCluster(clusterId)).values()].map(toWire),
    add: (clusterId, region, target) => {
      const cluster = findCluster(clusterId);
      const what = { region, target, targetType: "PRIVATE_SERVICE" };
      const endpoint = newEndpoint(cluster, what, context.clock.now());
      endpoint.connectionId = newConnectionId(cluster);
      settle(cluster, endpoint, "AVAILABLE", context.clock.now());
      return endpoint.id;
    },
    setAcceptance: (clusterId, target, acceptance) => {
      acceptanceOf(findCluster(clusterId)).set(target, acceptance);
    },
    accept: (clusterId, endpointId) => {
      const [cluster, endpoint] = known(clusterId, endpointId);
      if (endpoint.state !== "PENDING_ACCEPTANCE") {
        throw new Error(`Egress private endpoint ${endpointId} is ${endpoint.state}.`);
      }
      settle(cluster, endpoint, "AVAILABLE", context.clock.now());
    },
    reject: (clusterId, endpointId) => {
      const [cluster, endpoint] = known(clusterId, endpointId);
      settle(cluster, endpoint, "REJECTED", context.clock.now());
    },
    setState: (clusterId, endpointId, state) => {
      const [cluster, endpoint] = known(clusterId, endpointId);
      settle(cluster, endpoint, state, context.clock.now());
    },
    setDomainNames: (clusterId, endpointId, names) => {
      const [, endpoint] = known(clusterId, endpointId);
      endpoint.domainNames = [...names].sort();
      endpoint.domainNamesState = names.length === 0 ? "EMPTY" : "AVAILABLE";
    },
    remove: (clusterId, endpointId) => {
      const [cluster] = known(clusterId, endpointId);
      egressEndpointsOf(cluster).delete(endpointId);
    },
  };
}

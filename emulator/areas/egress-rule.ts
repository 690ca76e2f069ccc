// What an Advanced cluster may connect to: everything, or what its rules allow.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { changeableClusterOf, checkNotBusy, liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { schedule } from "../cluster/timeline";
import type { EgressTrafficPolicy } from "../cluster/wire";
import type { EmulatorContext } from "../context";
import type { Call } from "../server/call";
import { readBody } from "../server/call";
import { ApiError, invalidValue, notFound } from "../server/errors";
import { page } from "../server/paging";
import { timestamp } from "../server/protobuf-values";
import type { MessageShape } from "../server/protojson";
import { textParameter } from "../server/query";
import { stateOfEachCluster } from "../state";
import { readUuid } from "./collection";

/** Stage of a rule. */
export type EgressRuleState =
  | "ACTIVE"
  | "CREATION_FAILED"
  | "DELETION_FAILED"
  | "INCONSISTENT"
  | "PENDING_CREATION"
  | "PENDING_DELETION"
  | "PENDING_UPDATE";

interface RuleRecord {
  readonly id: string;
  readonly name: string;
  readonly isManaged: boolean;
  readonly createdAt: number;
  type: string;
  destination: string;
  ports: number[];
  description: string;
  state: EgressRuleState;
}

/** A rule as the API spells it. */
export interface WireEgressRule {
  id: string;
  cluster_id: string;
  name: string;
  type: string;
  destination: string;
  ports: number[];
  description: string;
  state: EgressRuleState;
  crl_managed: boolean;
  created_at: string;
}

/** What a rule allows. */
export interface EgressRuleValues {
  type?: string;
  destination?: string;
  ports?: number[];
  description?: string;
}

/** Egress outside the API. Cluster ids are UUIDs. */
export interface EgressRuleControls {
  /** All rules of a cluster, those of the service included, by name. */
  list(clusterId: string): WireEgressRule[];
  /** Adds a rule that is in force, without any check. Returns its UUID. */
  add(clusterId: string, name: string, values: EgressRuleValues): string;
  /** Changes a rule at once. @throws when there is none. */
  edit(clusterId: string, ruleId: string, values: EgressRuleValues): void;
  /** Sets the state of a rule. @throws when there is none. */
  setState(clusterId: string, ruleId: string, state: EgressRuleState): void;
  /** Removes a rule. @throws when there is none. */
  remove(clusterId: string, ruleId: string): void;
  /** Sets the egress traffic policy of a cluster at once. */
  setPolicy(clusterId: string, policy: EgressTrafficPolicy): void;
}

interface RuleBody extends EgressRuleValues {
  name?: string;
  idempotency_key?: string;
}

const ruleFields = {
  type: "string",
  destination: "string",
  ports: { list: "int32" },
  paths: { list: "string" },
  description: "string",
  idempotency_key: "string",
} as const;

const addShape: MessageShape = {
  name: "cockroach.cloud.AddEgressRuleRequest",
  fields: { name: "string", ...ruleFields },
};

const editShape: MessageShape = {
  name: "cockroach.cloud.EditEgressRuleRequest",
  fields: ruleFields,
};

const policyShape: MessageShape = {
  name: "cockroach.cloud.SetEgressTrafficPolicyRequest",
  fields: { allow_all: "bool", idempotency_key: "string" },
};

const rulesOf = stateOfEachCluster(
  (cluster, { assumptions }: EmulatorContext) => {
    const rules = new Map<string, RuleRecord>();
    if (assumptions.crlManagedRules && cluster.plan === "ADVANCED") {
      const managed: RuleRecord = {
        id: randomUUID(),
        name: "cockroach-labs",
        isManaged: true,
        createdAt: cluster.createdAt,
        type: "FQDN",
        destination: "*.cockroachlabs.cloud",
        ports: [443],
        description: "What the service needs",
        state: "ACTIVE",
      };
      rules.set(managed.id, managed);
    }
    return rules;
  },
  () => new Map(),
);

const keyLifeMs = 24 * 60 * 60 * 1000;

/** Responses to requests with an idempotency key, of a day. */
const repliesOf = stateOfEachCluster(
  () => new Map<string, { at: number; request: string; response: object }>(),
);

/** Carries out a request once for each key. */
function once(
  call: Call,
  cluster: ClusterRecord,
  key: string | undefined,
  carryOut: () => object,
): object {
  if (key === undefined || key === "") {
    return carryOut();
  }
  const replies = repliesOf(cluster);
  const request = `${call.operation.name} ${JSON.stringify(call.path)} ${call.body}`;
  const earlier = replies.get(key);
  if (earlier !== undefined && earlier.at + keyLifeMs > call.now) {
    if (earlier.request !== request) {
      throw invalidValue("idempotency_key was used for another request");
    }
    return earlier.response;
  }
  const response = carryOut();
  replies.set(key, { at: call.now, request, response });
  return response;
}

function setPolicy(call: Call): object {
  const { allow_all: allowAll, idempotency_key: key } = readBody<{
    allow_all?: boolean;
    idempotency_key?: string;
  }>(call, policyShape);
  const cluster = supporting(call, changeableClusterOf(call));
  if (allowAll === undefined && call.context.assumptions.policyRequiresField) {
    throw invalidValue("allow_all is required");
  }
  return once(call, cluster, key, () => {
    checkNotBusy(cluster, call.context);
    checkPolicySettled(cluster);
    const { policyOnPublic } = call.context.assumptions;
    // Nodes on Azure never have public addresses, whatever the cluster shows.
    const isPublic = cluster.networkVisibility === "PUBLIC" && cluster.provider !== "AZURE";
    if (policyOnPublic !== "served" && isPublic) {
      throw new ApiError(
        policyOnPublic,
        "egress traffic can be restricted for clusters with private networking only",
      );
    }
    const policy = allowAll === true ? "ALLOW_ALL" : "DEFAULT_DENY";
    if (cluster.egressTrafficPolicy === policy) {
      return {};
    }
    const fails = call.context.queued.consumeJobFailure();
    const { policyVisibilityMs, egressPolicyMs } = call.context.durations;
    const until = call.now + policyVisibilityMs;
    at(cluster, until, call, () => {
      cluster.egressTrafficPolicy = "UPDATING";
    });
    at(cluster, until + egressPolicyMs, call, () => {
      cluster.egressTrafficPolicy = fails ? "ERROR" : policy;
    });
    return {};
  });
}

function listRules(call: Call): object {
  const cluster = liveClusterOf(call);
  const { items, pagination } = page(call, [...rulesOf(cluster, call.context).values()], {
    sortKey: ({ name, id }) => [name, id],
    createdAt: ({ createdAt }) => createdAt,
  });
  return { rules: items.map((rule) => toWire(cluster, rule)), pagination };
}

function getRule(call: Call): object {
  const cluster = liveClusterOf(call);
  return { rule: toWire(cluster, find(call, cluster)) };
}

function addRule(call: Call): object {
  const body = readBody<RuleBody>(call, addShape);
  const cluster = supporting(call, changeableClusterOf(call));
  return once(call, cluster, body.idempotency_key, () => {
    checkNotBusy(cluster, call.context);
    checkPolicySettled(cluster);
    const { name = "", type = "", destination = "", ports = [], description } = body;
    if (name === "" || description === undefined) {
      throw invalidValue(`${name === "" ? "name" : "description"} is required`);
    }
    checkValues({ type, destination, ports });
    const { ruleUnderAllowAll, duplicateEgressRule } = call.context.assumptions;
    if (ruleUnderAllowAll !== "accepted" && cluster.egressTrafficPolicy === "ALLOW_ALL") {
      throw new ApiError(
        ruleUnderAllowAll,
        "egress rules need the egress traffic policy DEFAULT_DENY",
      );
    }
    const rules = rulesOf(cluster, call.context);
    const isTaken = [...rules.values()].some((other) => other.name === name);
    if (duplicateEgressRule !== "accepted" && isTaken) {
      throw new ApiError(duplicateEgressRule, `egress rule '${name}' already exists`);
    }
    const rule: RuleRecord = {
      id: randomUUID(),
      name,
      isManaged: false,
      createdAt: call.now,
      type,
      destination,
      ports: descending(ports),
      description,
      state: "PENDING_CREATION",
    };
    rules.set(rule.id, rule);
    const fails = call.context.queued.consumeJobFailure();
    const response = { Rule: toWire(cluster, rule) };
    at(cluster, call.now + call.context.durations.egressRuleMs, call, () => {
      rule.state = fails ? "CREATION_FAILED" : "ACTIVE";
    });
    return response;
  });
}

function editRule(call: Call): object {
  const unknownKeys = call.context.assumptions.strictPatch ? "refused" : "ignored";
  const body = readBody<RuleBody>(call, editShape, unknownKeys);
  const cluster = supporting(call, changeableClusterOf(call));
  return once(call, cluster, body.idempotency_key, () => {
    checkNotBusy(cluster, call.context);
    checkPolicySettled(cluster);
    const rule = changeable(call, find(call, cluster));
    const ports = body.ports === undefined || body.ports.length === 0 ? rule.ports : body.ports;
    const next = {
      type: body.type || rule.type,
      destination: body.destination || rule.destination,
      ports: descending(ports),
      description: body.description ?? rule.description,
    };
    checkValues(next);
    rule.state = "PENDING_UPDATE";
    const fails = call.context.queued.consumeJobFailure();
    const response = { Rule: { ...toWire(cluster, rule), ...next } };
    at(cluster, call.now + call.context.durations.egressRuleMs, call, () => {
      Object.assign(rule, fails ? {} : next);
      rule.state = fails ? "INCONSISTENT" : "ACTIVE";
    });
    return response;
  });
}

function deleteRule(call: Call): object {
  const cluster = supporting(call, changeableClusterOf(call));
  const key = textParameter(call.query, "idempotency_key");
  return once(call, cluster, key, () => {
    checkNotBusy(cluster, call.context);
    checkPolicySettled(cluster);
    const rule = changeable(call, find(call, cluster));
    if (rule.state !== "PENDING_DELETION") {
      rule.state = "PENDING_DELETION";
      const fails = call.context.queued.consumeJobFailure();
      at(cluster, call.now + call.context.durations.egressRuleMs, call, () => {
        if (fails) {
          rule.state = "DELETION_FAILED";
        } else {
          rulesOf(cluster, call.context).delete(rule.id);
        }
      });
    }
    return { Rule: toWire(cluster, rule) };
  });
}

/** Does something at a moment, at once when that is now. */
function at(cluster: ClusterRecord, moment: number, { now }: Call, run: () => void): void {
  if (moment <= now) {
    run();
  } else {
    schedule(cluster, { at: moment, name: "network", run });
  }
}

function supporting(call: Call, cluster: ClusterRecord): ClusterRecord {
  const { hasEgressPerimeter, featureOff, networkOnServerless } = call.context.assumptions;
  if (!hasEgressPerimeter) {
    throw new ApiError(featureOff, "egress perimeter controls are not enabled");
  }
  if (cluster.plan !== "ADVANCED") {
    throw new ApiError(
      networkOnServerless,
      "egress perimeter controls are supported for advanced clusters only",
    );
  }
  return cluster;
}

function checkPolicySettled({ egressTrafficPolicy }: ClusterRecord): void {
  if (egressTrafficPolicy === "UPDATING") {
    throw new ApiError({ status: 409, code: 10 }, "POLICY_UPDATING: policy updating");
  }
}

function changeable(call: Call, rule: RuleRecord): RuleRecord {
  if (rule.isManaged) {
    throw new ApiError(
      call.context.assumptions.managedRuleChange,
      `egress rule '${rule.name}' is managed by the service`,
    );
  }
  return rule;
}

const address = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(\\*\\.)?${label}(\\.${label})+\\.?$`, "i");

function checkValues({
  type,
  destination,
  ports,
}: {
  type: string;
  destination: string;
  ports: readonly number[];
}): void {
  if (type !== "FQDN" && type !== "CIDR") {
    throw invalidValue("type must be FQDN or CIDR");
  }
  if (!(type === "CIDR" ? isRange(destination) : hostName.test(destination))) {
    throw invalidValue(`destination '${destination}' is not of type ${type}`);
  }
  const wrong = ports.find((port) => port < 1 || port > 65535);
  if (wrong !== undefined) {
    throw invalidValue(`port ${wrong} is not between 1 and 65535`);
  }
}

function isRange(text: string): boolean {
  const [, ...numbers] = address.exec(text) ?? [];
  const [length = 33] = numbers.slice(4).map(Number);
  return numbers.length === 5 && length <= 32 && numbers.slice(0, 4).every((n) => Number(n) <= 255);
}

function descending(ports: readonly number[]): number[] {
  return [...ports].sort((a, b) => b - a);
}

function find(call: Call, cluster: ClusterRecord): RuleRecord {
  const id = readUuid(call.path["rule_id"] ?? "", "rule_id");
  const rule = rulesOf(cluster, call.context).get(id);
  if (rule === undefined) {
    throw notFound(`egress rule '${id}' is not found`);
  }
  return rule;
}

function toWire(cluster: ClusterRecord, rule: RuleRecord): WireEgressRule {
  return {
    id: rule.id,
    cluster_id: cluster.id,
    name: rule.name,
    type: rule.type,
    destination: rule.destination,
    ports: [...rule.ports],
    description: rule.description,
    state: rule.state,
    crl_managed: rule.isManaged,
    created_at: timestamp(rule.createdAt),
  };
}

/** The egress traffic policy and the egress rules of a cluster. */
export const egressRuleArea: ControlledArea<EgressRuleControls> = {
  operations: {
    AddEgressRule: addRule,
    DeleteEgressRule: deleteRule,
    EditEgressRule: editRule,
    GetEgressRule: getRule,
    ListEgressRules: listRules,
    SetEgressTrafficPolicy: setPolicy,
  },
  createControls: egressRuleControls,
};

function egressRuleControls({ findCluster, context }: ControlParts): EgressRuleControls {
  const known = (clusterId: string, ruleId: string): RuleRecord => {
    const rule = rulesOf(findCluster(clusterId), context).get(ruleId);
    if (rule === undefined) {
      throw new Error(`Cluster ${clusterId} has no egress rule ${ruleId}.`);
    }
    return rule;
  };
  return {
    list: (clusterId) => {
      const cluster = findCluster(clusterId);
      return [...rulesOf(cluster, context).values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((rule) => toWire(cluster, rule));
    },
    add: (clusterId, name, { type = "FQDN", destination = "", ports = [], description = "" }) => {
      const rule: RuleRecord = {
        id: randomUUID(),
        name,
        isManaged: false,
        createdAt: context.clock.now(),
        type,
        destination,
        ports: descending(ports),
        description,
        state: "ACTIVE",
      };
      rulesOf(findCluster(clusterId), context).set(rule.id, rule);
      return rule.id;
    },
    edit: (clusterId, ruleId, values) => {
      Object.assign(known(clusterId, ruleId), values);
    },
    setState: (clusterId, ruleId, state) => {
      known(clusterId, ruleId).state = state;
    },
    remove: (clusterId, ruleId) => {
      rulesOf(findCluster(clusterId), context).delete(known(clusterId, ruleId).id);
    },
    setPolicy: (clusterId, policy) => {
      findCluster(clusterId).egressTrafficPolicy = policy;
    },
  };
}

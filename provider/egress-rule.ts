/**
 * A destination that an Advanced cluster may connect to while its egress traffic policy denies the rest.
 *
 * The service puts every change of a rule into force later, and lists rules of its own, which nobody can change.
 */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireEgressRule } from "../sdk";
import { BadRequestError, withAdvice } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { ClusterInRun } from "./engine/run-record";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { describeValue } from "./resource/check";
import { idByCluster, namedPartOf } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { asGiven, replacesResource, updatesInPlace } from "./resource/definition";
import { mayHaveHadEffect } from "./resource/errors";
import { warning } from "./resource/lifecycle";
import { typeToken } from "./resource/resource-types";
import { clusterId, nonEmptyText, textThat } from "./resource/schema";
import { addressProblem, networkProblem } from "./values/ipv4";
import { omitUndefined } from "./values/omit-undefined";
import { valueAt } from "./values/property-value";
import { isInState } from "./values/state-values";
import { hasUnknown } from "./values/unknown";

/** Arguments of an egress rule. */
export interface EgressRuleArgs {
  /**
   * The cluster, or its id, of plan ADVANCED. Give the `clusterId` of its `EgressTrafficPolicy`, so that the policy is in
   * force first. Changing it replaces this resource.
   */
  clusterId: ClusterReference;
  /**
   * Name of the rule. Changing it replaces this resource: the new rule is created first.
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /** Whether the destination is a host name or a range of addresses. Updated in place. */
  type: pulumi.Input<"FQDN" | "CIDR">;
  /**
   * Where the cluster may connect to: a host name for FQDN, which may begin with `*.`, or an IPv4 range such as
   * `203.0.113.0/24` for CIDR. Updated in place.
   */
  destination: pulumi.Input<string>;
  /**
   * TCP ports, 1 to 65535; `[]` is all of them. Updated in place, but a change to `[]` replaces this resource, since the
   * API has no way to make it: the old rule is deleted first.
   * @default all ports when created, then not managed
   */
  ports?: pulumi.Input<pulumi.Input<number>[]>;
  /** What the rule is for; may be empty. Updated in place. */
  description: pulumi.Input<string>;
}

/**
 * A destination that an Advanced cluster may connect to while its `EgressTrafficPolicy` has `allowAll: false`. The API
 * has it as a preview. API operations: AddEgressRule, ListEgressRules, EditEgressRule, DeleteEgressRule.
 */
export class EgressRule extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("EgressRule");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Name of the rule. */
  declare readonly name: pulumi.Output<string>;
  /** `FQDN` or `CIDR`. */
  declare readonly type: pulumi.Output<string>;
  /** Host name or range of addresses. */
  declare readonly destination: pulumi.Output<string>;
  /** TCP ports in ascending order; empty means all. */
  declare readonly ports: pulumi.Output<number[]>;
  /** What the rule is for. */
  declare readonly description: pulumi.Output<string>;
  /** UUID of the rule. */
  declare readonly ruleId: pulumi.Output<string>;
  /** `ACTIVE`, or what else it was when it was last read. */
  declare readonly state: pulumi.Output<string>;
  /** Whether it is a rule of the service itself, which nobody can change. */
  declare readonly crlManaged: pulumi.Output<boolean>;
  /** When it was created, RFC 3339; may be empty. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * @param name name of the resource, and of the rule when `args` has none
   * @param args the rule
   * @param options `import: "<cluster id>:<rule id>"` adopts an existing rule and writes nothing
   */
  constructor(name: string, args: EgressRuleArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing rule, which this program reads and does not manage. */
  static readonly get = getterOf(EgressRule);
  /** Whether `value` is an egress rule of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<EgressRule>("EgressRule");
}

const portProblem = "must be a TCP port, a whole number from 1 to 65535.";

const inputs = z.strictObject({
  clusterId,
  name: nonEmptyText,
  type: z.enum(["FQDN", "CIDR"]),
  destination: textThat((text) => (text === "" ? "must not be empty." : undefined)),
  ports: z
    .array(z.int().min(1, { error: portProblem }).max(65_535, { error: portProblem }))
    .optional(),
  description: z.string(),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  ports: number[];
  ruleId: string;
  state: string;
  crlManaged: boolean;
  createdAt: string;
}

/** For how long a rule that was added may be missing in the list. */
const staleReadMs = 2 * 60_000;

const definition: ResourceDefinition<Inputs, State, WireEgressRule> = {
  type: "EgressRule",
  noun: "egress rule",
  inputs,
  arguments: {
    clusterId: replacesResource,
    name: replacesResource,
    type: updatesInPlace,
    destination: { onChange: "update", canonical: canonicalDestination, returned: asGiven },
    ports: {
      onChange: "update",
      canonical: canonicalPorts,
      replacesWith: (ports) => Array.isArray(ports) && ports.length === 0,
      unset: [],
      reset: "To allow all ports, write ports: [], which replaces the rule.",
    },
    description: updatesInPlace,
  },
  outputs: ["ruleId", "state", "crlManaged", "createdAt"],
  byDefault: (name) => ({ name }),
  createsBeforeDelete: true,
  // A rule that keeps its name cannot exist twice.
  deletesFirst: ({ replaces }) => !replaces.includes("name") && !replaces.includes("clusterId"),

  idFormat: "<cluster id>:<rule id>",
  idInTerraform: idByCluster,
  idOf: ({ clusterId }, remote) => (remote === undefined ? undefined : `${clusterId}:${remote.id}`),
  placeOf(id) {
    const { clusterId, name } = namedPartOf(id);
    return { clusterId, ...omitUndefined({ ruleId: name }) };
  },
  describe: ({ clusterId, name, ruleId }) =>
    `egress rule ${name === undefined ? ruleId : `"${name}"`} of cluster ${clusterId}`,
  claims: ({ name, clusterId }) => [{ name, clusterId }],

  check(olds, { type, destination }, failures, adopt, cluster) {
    const isNew = !isInState(olds) && adopt === undefined;
    const isShaped = !failures.some(({ property }) => ["type", "destination"].includes(property));
    const problems = {
      clusterId: isNew ? policyProblem(cluster) : undefined,
      destination:
        isShaped && !hasUnknown([type, destination])
          ? destinationProblem(type as Inputs["type"], destination as string)
          : undefined,
    };
    const further = Object.entries(problems).flatMap(([property, reason]) =>
      reason === undefined ? [] : [{ property, reason }],
    );
    return { failures: [...failures, ...further], notes: [] };
  },
  impact({ replaces, updates }, { name, clusterId, ports }, news) {
    if (hasUnknown(news.clusterId)) return [];
    const isNew = (key: keyof Inputs) => updates.includes(key) && !hasUnknown(news[key]);
    if (replaces.includes("clusterId") || isNew("destination")) {
      const loss = `Cluster ${clusterId} can no longer connect to the former destination of egress rule "${name}".`;
      return [warning(loss)];
    }
    // Under another name the new rule is there first.
    if (replaces.includes("ports") && !replaces.includes("name")) {
      const gap = `Egress rule "${name}" is deleted and created again, since the API has no way to take its ports away: until then cluster ${clusterId} cannot connect to its destination.`;
      return [warning(gap)];
    }
    const closed = isNew("ports") ? portsClosedBy(news.ports, ports) : undefined;
    const restriction = `Cluster ${clusterId} can no longer connect to ${closed} of the destination of egress rule "${name}".`;
    return closed === undefined ? [] : [warning(restriction)];
  },

  sample: ({ name = "rule" }) => ({
    ...{ name, type: "FQDN", destination: "example.com", ports: [], description: "" },
    ruleId: "5ba5ed00-0000-4000-8000-0000000000e1",
    state: "ACTIVE",
    crlManaged: false,
    createdAt: "2026-01-31T00:00:00Z",
  }),
  toState: (remote, { clusterId = "" }) => ({
    clusterId,
    name: remote.name,
    type: remote.type,
    destination: remote.destination,
    ports: canonicalPorts(remote.ports),
    description: remote.description,
    ruleId: remote.id,
    state: remote.state,
    crlManaged: remote.crl_managed,
    createdAt: remote.created_at,
  }),
  collection: {
    plans: ["ADVANCED"],
    list: ({ clusterId = "" }, { cloud, options }) =>
      cloud.egressRules.list(clusterId, {}, options),
    get: ({ clusterId = "", ruleId = "" }, { cloud, options }) =>
      cloud.egressRules.get(clusterId, ruleId, options),
    keyOf: ({ id }) => id,
    keyIn: ({ ruleId }) => ruleId,
    matches: ({ name, crl_managed }, place) => name === place.name && !crl_managed,
    nameOf: ({ name }) => name,
    isOwnedByService: ({ crl_managed }) => crl_managed,
  },

  create: add,
  lostCreate: {
    isOurs: (remote, inputs) =>
      remote.type === inputs.type &&
      canonicalDestination(remote.destination) === canonicalDestination(inputs.destination) &&
      isDeepStrictEqual(canonicalPorts(remote.ports), canonicalPorts(inputs.ports)) &&
      remote.description === inputs.description,
    foundWarning: ({ name }) =>
      `The response to creating egress rule "${name}" was lost. A rule of this name was found afterwards and is managed here.`,
  },
  existsAdvice: "choose another name",
  update: edit,
  isUpdateReadable: true,
  delete({ clusterId, ruleId }, { cloud, options }) {
    const key = randomUUID();
    return repeatedOnce(() => cloud.egressRules.delete(clusterId, ruleId, key, options));
  },

  trouble: ({ state }) =>
    hasFailed(state)
      ? {
          code: "operation-failed",
          what: `It is ${state}.`,
          why: "The cluster may or may not connect to its destination, and another request cannot repair it.",
          byHand: "Ask CockroachDB Cloud support about this rule.",
        }
      : undefined,

  settlement: {
    pending(remote, { place, waitedMs }) {
      if (remote === undefined && waitedMs < staleReadMs) return "PENDING_CREATION";
      const state = remote?.state ?? "not listed";
      if (remote === undefined || hasFailed(state)) throw brokenRule(state, place);
      return state === "ACTIVE" ? undefined : state;
    },
    awaited: ({ state }) =>
      state === "PENDING_CREATION" || state === "PENDING_UPDATE" ? ["state"] : [],
    pendingDeletion({ state }, { place }) {
      if (state === "DELETION_FAILED") throw brokenRule(state, place);
      return state;
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

const policyAdvice =
  "Add `const policy = new cockroachdb.EgressTrafficPolicy(name, { clusterId, allowAll: false })`, and give this rule `clusterId: policy.clusterId`.";

/** Why a rule would have no effect on the cluster that the program gives it, which the API refuses. */
function policyProblem(cluster: ClusterInRun | undefined): string | undefined {
  // Another plan has a message of its own.
  if (cluster?.inputs["plan"] !== "ADVANCED") return undefined;
  const { name, inputs, outputs, isAdopted, partsOf } = cluster;
  const policies = partsOf("egress traffic policy").map(({ allowAll }) => allowAll);
  if (policies.length > 0) {
    return policies.includes(true)
      ? `must be a cluster that egress rules have an effect on: the egress traffic policy of cluster "${name}" has allowAll: true. Make that false, or remove this rule.`
      : undefined;
  }
  const isRestricted = valueAt(inputs, ["dedicated", "restrictEgressTraffic"]);
  const isCreatedOpen = outputs === undefined && !isAdopted && (isRestricted ?? false) === false;
  const isSeenOpen = outputs?.["egressTrafficPolicy"] === "ALLOW_ALL";
  if (!isCreatedOpen && !isSeenOpen) return undefined;
  const since = isSeenOpen ? " (if that has changed since, run `pulumi refresh`)" : "";
  return `must be a cluster that egress rules have an effect on: cluster "${name}" may connect to everything${since}. ${policyAdvice}`;
}

async function add({ clusterId, ...rule }: Inputs, call: WriteCall): Promise<WireEgressRule> {
  const { cloud, options } = call;
  const body = { ...toRequest(rule), name: rule.name, idempotency_key: randomUUID() };
  try {
    return await repeatedOnce(() => cloud.egressRules.add(clusterId, body, options));
  } catch (error) {
    if (!BadRequestError.isInstance(error)) throw error;
    const cluster = await call.context.clusters.get(clusterId, options);
    throw cluster?.egress_traffic_policy === "ALLOW_ALL"
      ? withAdvice(
          error,
          `The cluster may connect to everything, so rules have no effect. ${policyAdvice}`,
        )
      : error;
  }
}

function edit(
  { clusterId, ruleId }: State,
  after: Inputs,
  { cloud, options }: WriteCall,
): Promise<WireEgressRule> {
  const body = { ...toRequest(after), idempotency_key: randomUUID() };
  return repeatedOnce(() => cloud.egressRules.edit(clusterId, ruleId, body, options));
}

/** What the API takes for "not given" is left out: it ignores an empty list of ports. */
function toRequest({ type, destination, ports, description }: Omit<Inputs, "clusterId">) {
  const given = canonicalPorts(ports);
  return { type, destination, description, ...(given.length === 0 ? {} : { ports: given }) };
}

/** The ports that a rule allows and will not, in words; undefined where there are none. */
function portsClosedBy(news: unknown, olds: unknown): string | undefined {
  const [after, before] = [canonicalPorts(news), canonicalPorts(olds)];
  if (before.length === 0) return `another port than ${after.join(", ")}`;
  const closed = before.filter((port) => !after.includes(port));
  return closed.length === 0 ? undefined : `port ${closed.join(", ")}`;
}

/** Repeats a request without a response: its key makes the service carry it out once. */
async function repeatedOnce<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw error;
    return await request();
  }
}

function hasFailed(state: string): boolean {
  return state === "INCONSISTENT" || state === "ERROR" || state.endsWith("FAILED");
}

function brokenRule(state: string, { name, ruleId, clusterId }: State): Error {
  return new Error(
    `Egress rule "${name}" (${ruleId}) of cluster ${clusterId} is ${state}, which another request cannot repair. Ask CockroachDB Cloud support about this rule, then run the operation again. It stays in the stack's state.`,
  );
}

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(\\*\\.)?(${label}\\.)+${label}\\.?$`, "i");

function destinationProblem(type: Inputs["type"], destination: string): string | undefined {
  if (type === "FQDN") {
    return hostName.test(destination) && destination.length <= 253
      ? undefined
      : `must be a host name such as "kafka.example.com" or "*.example.com", without scheme, port and path, not ${describeValue(destination)}.`;
  }
  const [, address = "", length] = /^([^/]*)(?:\/(\d{1,2}))?$/.exec(destination) ?? [];
  if (addressProblem(address) !== undefined || Number(length ?? 0) > 32) {
    return `must be an IPv4 range such as "203.0.113.0/24", not ${describeValue(destination)}.`;
  }
  if (length === undefined) return `must have the length of its prefix: write "${address}/32".`;
  return networkProblem(address, Number(length)) === undefined
    ? undefined
    : `must begin with the first address of its network; for ${address} alone, write "${address}/32".`;
}

/** Host names are the same in capitals, and with a final dot. */
function canonicalDestination<Destination>(destination: Destination): Destination | string {
  return typeof destination === "string"
    ? destination.toLowerCase().replace(/\.$/, "")
    : destination;
}

/** As a set; left out, they are all ports, as in an empty list. */
function canonicalPorts(ports: unknown): number[] {
  return Array.isArray(ports) ? [...new Set<number>(ports)].sort((a, b) => a - b) : [];
}

/**
 * Whether an Advanced cluster may open connections to everything, or only to what its egress rules allow.
 *
 * The cluster itself shows the policy. A change takes a while, in which nothing about egress can be written.
 */
import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireCluster, EgressTrafficPolicy as WirePolicy } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { mayHaveHadEffect } from "./resource/errors";
import { warning } from "./resource/lifecycle";
import type { ReadCall } from "./resource/resource";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";
import { hasUnknown } from "./values/unknown";

/** Arguments of an egress traffic policy. */
export interface EgressTrafficPolicyArgs {
  /**
   * The cluster, or its id, of plan ADVANCED, with private networking or advanced security. Changing it replaces this
   * resource.
   */
  clusterId: ClusterReference;
  /**
   * Whether the cluster may connect to everything; `false` allows only what egress rules allow, and what the service
   * itself needs. Updated in place.
   */
  allowAll: pulumi.Input<boolean>;
}

/**
 * The egress traffic policy of an Advanced cluster. It comes before its rules: give them `clusterId: policy.clusterId`.
 * The API has it as a preview. API operations: SetEgressTrafficPolicy, GetCluster.
 */
export class EgressTrafficPolicy extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("EgressTrafficPolicy");

  /** Id of the cluster, once the policy is in force. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Whether the cluster may connect to everything. */
  declare readonly allowAll: pulumi.Output<boolean>;
  /** `ALLOW_ALL` or `DEFAULT_DENY`, or what else it was when it was last read. */
  declare readonly policy: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the policy
   * @param options `import: "<cluster id>"` adopts the existing policy and writes nothing
   */
  constructor(name: string, args: EgressTrafficPolicyArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The policy of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(EgressTrafficPolicy);
  /** Whether `value` is an egress traffic policy of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<EgressTrafficPolicy>("EgressTrafficPolicy");
}

const inputs = z.strictObject({ clusterId, allowAll: z.boolean() });

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  policy: string;
}

const definition: ResourceDefinition<Inputs, State, WirePolicy> = {
  type: "EgressTrafficPolicy",
  ...oneInCluster("egress traffic policy"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    allowAll: { onChange: "update", changes: ["policy"] },
  },
  outputs: ["policy"],

  check: ({ allowAll: before }, { allowAll }, failures) => ({
    failures,
    notes:
      allowAll === false && before !== false
        ? [
            warning(
              "allowAll: false ends all connections that the cluster opens, such as changefeeds, exports and log exports, until egress rules allow them.",
            ),
          ]
        : [],
  }),
  impact({ replaces }, { clusterId, allowAll }, news) {
    const isOpened = !allowAll && (replaces.length > 0 || news.allowAll === true);
    return isOpened && !hasUnknown(news.clusterId) ? [warning(openMessage(clusterId))] : [];
  },

  sample: ({ allowAll = true }) => ({ allowAll, policy: policyOf(allowAll) }),
  toState: (policy, { clusterId = "", allowAll = true }) => ({
    clusterId,
    allowAll: isSettled(policy) ? policy === "ALLOW_ALL" : allowAll,
    policy,
  }),
  collection: {
    plans: ["ADVANCED"],
    describe: ({ clusterId }) => `the egress traffic policy of cluster ${clusterId}`,
    async *list({ clusterId = "" }, call) {
      yield await readPolicy(clusterId, call);
    },
    inCluster: policyIn,
    keyOf: () => "",
    keyIn: () => "",
    nameOf: () => "egress",
    // Every cluster begins with it.
    isOwnedByService: (policy) => policy !== "DEFAULT_DENY",
    isAbsent: (policy) => policy === "UNSPECIFIED",
  },

  create: setPolicy,
  lostCreate: { isOurs: (policy, { allowAll }) => isOnItsWay(policy, allowAll) },
  update: (_before, after, call) => setPolicy(after, call),
  isUpdateReadable: true,
  delete: ({ clusterId }, call) => setPolicy({ clusterId, allowAll: true }, call),
  deletedNote: ({ clusterId, policy }) =>
    policy === "ALLOW_ALL"
      ? undefined
      : warning(`${openMessage(clusterId)} The option retainOnDelete would have kept it closed.`),

  trouble: (policy) =>
    policy === "ERROR"
      ? {
          code: "operation-failed",
          what: "It is ERROR.",
          why: "The last change of the policy failed, so that what the cluster may connect to is not certain.",
          update: "sets it again; if it stays so, ask CockroachDB Cloud support",
        }
      : undefined,

  settlement: {
    hasFailed: ({ policy }) => policy === "ERROR",
    awaited: ({ policy }) => (policy === "UPDATING" ? ["policy"] : []),
    pending: (policy, { place: { clusterId, allowAll } }) => stageOf(policy, clusterId, allowAll),
    pendingDeletion: (policy, { place: { clusterId } }) => stageOf(policy, clusterId, true),
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

/** Sets the policy, unless it is as asked. The key makes a repeat of the request harmless. */
async function setPolicy({ clusterId, allowAll }: Inputs, call: WriteCall): Promise<WirePolicy> {
  const { cloud, options } = call;
  const present = await readPolicy(clusterId, call);
  if (present === policyOf(allowAll)) return present;
  const body = { allow_all: allowAll, idempotency_key: randomUUID() };
  const write = () => cloud.egressRules.setTrafficPolicy(clusterId, body, options);
  await write().catch((error) => {
    if (!mayHaveHadEffect(error)) throw error;
    return write();
  });
  call.context.clusters.invalidate();
  return "UPDATING";
}

async function readPolicy(clusterId: string, { cloud, options }: ReadCall): Promise<WirePolicy> {
  return policyIn(await cloud.clusters.get(clusterId, options));
}

/** That of a deleted cluster, which the API still shows, is none. */
function policyIn({ state, egress_traffic_policy: policy }: WireCluster): WirePolicy {
  return state === "DELETED" ? "UNSPECIFIED" : policy;
}

function stageOf(
  policy: WirePolicy | undefined,
  clusterId: string,
  allowAll: boolean,
): string | undefined {
  if (policy === "ERROR") {
    throw new Error(
      `Setting the egress traffic policy of cluster ${clusterId} to ${policyOf(allowAll)} failed: it is ERROR. Run the update again, which sets it again; if it stays so, ask CockroachDB Cloud support about this cluster.`,
    );
  }
  return policy === policyOf(allowAll) ? undefined : (policy ?? "UPDATING");
}

function isOnItsWay(policy: WirePolicy, allowAll: boolean): boolean {
  return policy === "UPDATING" || policy === policyOf(allowAll);
}

function isSettled(policy: WirePolicy): boolean {
  return policy === "ALLOW_ALL" || policy === "DEFAULT_DENY";
}

function policyOf(allowAll: boolean): WirePolicy {
  return allowAll ? "ALLOW_ALL" : "DEFAULT_DENY";
}

function openMessage(clusterId: string): string {
  return `Cluster ${clusterId} may open connections to everything again; its egress rules have no effect then.`;
}

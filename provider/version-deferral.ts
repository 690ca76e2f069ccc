/**
 * How long an Advanced cluster waits before it takes a new CockroachDB patch version. The API has only GET and PUT:
 * creating this resource sets the policy, and deleting it sets NOT_DEFERRED.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireVersionDeferral } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId } from "./resource/schema";

/** For how long patches are put off. `FIXED_DEFERRAL` is the old name of `DEFERRAL_60_DAYS`. */
export type DeferralPolicy =
  | "NOT_DEFERRED"
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL";

/** Arguments of a version deferral. */
export interface VersionDeferralArgs {
  /** The cluster, or its id, of plan ADVANCED. Changing it replaces this resource: the old cluster no longer defers. */
  clusterId: ClusterReference;
  /**
   * Delay between the release of a patch and its rollout. `FIXED_DEFERRAL` is the old name of `DEFERRAL_60_DAYS`
   * and equals it everywhere. Updated in place.
   */
  deferralPolicy: pulumi.Input<DeferralPolicy>;
}

/**
 * The delay of patch upgrades of an Advanced cluster. It needs no maintenance window; with one, a patch
 * is applied in the first window after the delay. API operations: SetClusterVersionDeferral,
 * GetClusterVersionDeferral.
 */
export class VersionDeferral extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("VersionDeferral");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The policy in force, never `FIXED_DEFERRAL`: that is `DEFERRAL_60_DAYS`. */
  declare readonly deferralPolicy: pulumi.Output<DeferralPolicy>;
  /**
   * When the pending patch may be applied, RFC 3339; undefined when none is pending. The service changes it without
   * an update, which is no drift; `pulumi refresh` reads it again.
   */
  declare readonly deferredUntil: pulumi.Output<string | undefined>;

  /**
   * @param name name of the resource
   * @param args the deferral
   * @param options `import: "<cluster id>"` takes the present policy over and writes nothing
   */
  constructor(name: string, args: VersionDeferralArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** The deferral of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(VersionDeferral);
  /** Whether `value` is a version deferral of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<VersionDeferral>("VersionDeferral");
}

const inputs = z.strictObject({
  clusterId,
  deferralPolicy: z.enum([
    "NOT_DEFERRED",
    "DEFERRAL_30_DAYS",
    "DEFERRAL_60_DAYS",
    "DEFERRAL_90_DAYS",
    "FIXED_DEFERRAL",
  ]),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs & { deferredUntil?: string };

const definition: ResourceDefinition<Inputs, State, WireVersionDeferral> = {
  type: "VersionDeferral",
  ...oneInCluster("version deferral"),
  inputs,
  arguments: {
    clusterId: replacesResource,
    deferralPolicy: { onChange: "update", changes: ["deferredUntil"], canonical },
  },
  outputs: ["deferredUntil"],

  replacementWarning: ({ clusterId, deferralPolicy }) =>
    deferralPolicy === "NOT_DEFERRED"
      ? undefined
      : `Cluster ${clusterId} no longer defers patch versions: its policy becomes NOT_DEFERRED.`,

  sample: () => ({ deferralPolicy: "NOT_DEFERRED" }),
  toState({ deferral_policy, deferred_until: deferredUntil }, { clusterId = "" }) {
    const deferralPolicy = canonical(deferral_policy as DeferralPolicy);
    return { clusterId, deferralPolicy, ...(deferredUntil ? { deferredUntil } : {}) };
  },
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) => cloud.versionDeferrals.get(clusterId, options),
    isDefault: ({ deferralPolicy }) => deferralPolicy === "NOT_DEFERRED",
    plans: ["ADVANCED"],
    name: "deferral",
    replacedWarning: ({ clusterId, deferralPolicy }) =>
      `Cluster ${clusterId} already had the deferral policy ${deferralPolicy}, which this one has replaced. Deleting this resource does not bring it back: it sets NOT_DEFERRED.`,
  },

  create: setPolicy,
  update: (_before, after, call) => setPolicy(after, call),
  delete: ({ clusterId }, call) => setPolicy({ clusterId, deferralPolicy: "NOT_DEFERRED" }, call),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function setPolicy({ clusterId, deferralPolicy }: Inputs, { cloud, options }: WriteCall) {
  return cloud.versionDeferrals.set(clusterId, canonical(deferralPolicy), options);
}

/** The policy by its present name. */
function canonical<Policy>(policy: Policy): Policy | "DEFERRAL_60_DAYS" {
  return policy === "FIXED_DEFERRAL" ? "DEFERRAL_60_DAYS" : policy;
}

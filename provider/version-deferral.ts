/**
 * How long an Advanced cluster waits before it takes a new CockroachDB patch version.
 *
 * The API has no create or delete here, only GET and PUT on the cluster. Creating this resource sets
 * the policy; deleting it puts NOT_DEFERRED back.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireVersionDeferral } from "../sdk";
import { BadRequestError, orUndefinedWhenGone, withAdvice } from "../sdk";
import { shapeFailures } from "./check";
import { checkImportedId, checkImportedValues, partTimeoutMs, removed } from "./cluster-parts";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, onlyOne, partOf } from "./cluster-reference";
import type { Context, Lifecycle } from "./lifecycle";
import { serve } from "./lifecycle";
import { isOfType, registered } from "./registration";
import { typeToken } from "./resource-types";
import { hasUnknown } from "./unknown";

/** For how long patches are put off. `FIXED_DEFERRAL` is the old name of `DEFERRAL_60_DAYS`. */
export type DeferralPolicy =
  | "NOT_DEFERRED"
  | "DEFERRAL_30_DAYS"
  | "DEFERRAL_60_DAYS"
  | "DEFERRAL_90_DAYS"
  | "FIXED_DEFERRAL";

/** Arguments of a version deferral. */
export interface VersionDeferralArgs {
  /**
   * The cluster, or its id; its plan is ADVANCED. Given the `Cluster`, destroying both makes no request
   * for the deferral. Changing it replaces this resource.
   */
  clusterId: ClusterReference;
  /** Delay between the release of a patch and its rollout. Updated in place. */
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
  /** Never `FIXED_DEFERRAL`: that is `DEFERRAL_60_DAYS`. */
  declare readonly deferralPolicy: pulumi.Output<DeferralPolicy>;
  /** When the pending patch may be applied, RFC 3339; undefined when none is pending. */
  declare readonly deferredUntil: pulumi.Output<string | undefined>;

  /**
   * @param name name of the resource
   * @param args the deferral
   * @param options `import: "<cluster id>"` takes the present policy over and writes nothing
   */
  constructor(name: string, args: VersionDeferralArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = args && { ...args, clusterId: clusterIdOf(args.clusterId) };
    super(
      ...registered(
        {
          type: "VersionDeferral",
          outputs: ["clusterId", "deferralPolicy", "deferredUntil"],
        },
        name,
        inputs,
        // Deleted after it was set again, the deferral of the same cluster would be gone.
        { ...onlyOne(options), ...partOf(args?.clusterId, options) },
      ),
    );
  }

  /** The deferral of a cluster by the cluster's id, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): VersionDeferral {
    return new VersionDeferral(name, undefined as never, { ...options, id });
  }

  /** Whether `value` is a version deferral of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is VersionDeferral {
    return isOfType(value, VersionDeferral.__pulumiType);
  }
}

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  deferralPolicy: z.enum([
    "NOT_DEFERRED",
    "DEFERRAL_30_DAYS",
    "DEFERRAL_60_DAYS",
    "DEFERRAL_90_DAYS",
    "FIXED_DEFERRAL",
  ]),
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs & { deferredUntil?: string };

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "version deferral",

  check(_olds, news) {
    return { failures: shapeFailures(inputsSchema, news), notes: [] };
  },

  diff(id, { state }, news) {
    return {
      replaces: news.clusterId === id ? [] : ["clusterId"],
      updates: differing(state, news),
      deleteBeforeReplace: false,
      notes: [],
    };
  },

  async create(inputs, context) {
    const { clusterId: id } = inputs;
    if (context.adopt !== undefined) return { id, outs: await adopted(inputs, context) };
    const deadline = context.deadline(partTimeoutMs);
    const outs = await whenReady(id, context, deadline, () => takenOver(inputs, context, deadline));
    // A resource with another name that had it before is deleted after this, and must leave it alone.
    context.tookOver(id);
    return { id, outs };
  },

  async read(id, { asked }, { cloud, signal }) {
    const wire = await orUndefinedWhenGone(cloud.versionDeferrals.get(id, { signal }));
    if (wire === undefined) return undefined;
    const state = toState(id, wire);
    return {
      state,
      inputs: {
        clusterId: id,
        deferralPolicy: asWritten(asked.deferralPolicy, state.deferralPolicy),
      },
    };
  },

  async update(id, { state }, news, context) {
    if (differing(state, news).length === 0) {
      const { deferredUntil } = state;
      return {
        clusterId: id,
        deferralPolicy: canonical(news.deferralPolicy),
        ...(deferredUntil ? { deferredUntil } : {}),
      };
    }
    const deadline = context.deadline(partTimeoutMs);
    return await whenReady(id, context, deadline, () => put(news, context, deadline));
  },

  async delete(id, _stored, context) {
    const { versionDeferrals } = context.cloud;
    await removed(
      id,
      context,
      (options) => versionDeferrals.set(id, "NOT_DEFERRED", options),
      async (options) => {
        const wire = await orUndefinedWhenGone(versionDeferrals.get(id, options));
        return wire !== undefined && wire.deferral_policy !== "NOT_DEFERRED";
      },
    );
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

function differing(state: State, news: Inputs): "deferralPolicy"[] {
  const { deferralPolicy } = news;
  return hasUnknown(deferralPolicy) || !isSame(state.deferralPolicy, deferralPolicy)
    ? ["deferralPolicy"]
    : [];
}

/** Sets the policy, unless it is this one already, and tells what it was before. */
async function takenOver(inputs: Inputs, context: Context, deadline: number): Promise<State> {
  const { cloud, signal } = context;
  const { clusterId } = inputs;
  const call = cloud.versionDeferrals.get(clusterId, { signal, deadline });
  const wire = await orUndefinedWhenGone(call).catch((error) => {
    if (!BadRequestError.isInstance(error)) throw error;
    throw withAdvice(
      error,
      "Give the id of a cluster with the plan ADVANCED, or remove this resource.",
    );
  });
  const previous = wire && toState(clusterId, wire);
  if (previous && differing(previous, inputs).length === 0) return previous;
  const state = await put(inputs, context, deadline);
  if (previous && previous.deferralPolicy !== "NOT_DEFERRED") {
    await context.note(
      "warning",
      `Cluster ${clusterId} already had the deferral policy ${previous.deferralPolicy}, which this one has replaced. Deleting this resource does not bring it back: it sets NOT_DEFERRED.`,
    );
  }
  return state;
}

async function put(
  { clusterId, deferralPolicy }: Inputs,
  { cloud, signal }: Context,
  deadline: number,
): Promise<State> {
  const wire = await cloud.versionDeferrals.set(clusterId, canonical(deferralPolicy), {
    signal,
    deadline,
    whenBusy: "fail",
  });
  return toState(clusterId, wire);
}

async function adopted(inputs: Inputs, context: Context): Promise<State> {
  const { clusterId } = inputs;
  checkImportedId(context, "the version deferral of cluster", clusterId, "<cluster id>");
  const { cloud, signal } = context;
  const object = `the version deferral of cluster ${clusterId}`;
  const wire = await orUndefinedWhenGone(cloud.versionDeferrals.get(clusterId, { signal }));
  if (wire === undefined) {
    throw new Error(
      `Importing ${object} failed: the cluster has none, or this key may not see the cluster. Remove the option import to set one.`,
    );
  }
  const state = toState(clusterId, wire);
  checkImportedValues<Inputs>(object, differing(state, inputs), state, inputs);
  return state;
}

function toState(clusterId: string, wire: WireVersionDeferral): State {
  const deferralPolicy = canonical(wire.deferral_policy as DeferralPolicy);
  const { deferred_until: deferredUntil } = wire;
  return { clusterId, deferralPolicy, ...(deferredUntil ? { deferredUntil } : {}) };
}

/** The policy by its present name. */
function canonical(policy: DeferralPolicy): DeferralPolicy {
  return policy === "FIXED_DEFERRAL" ? "DEFERRAL_60_DAYS" : policy;
}

function isSame(one: DeferralPolicy | undefined, other: DeferralPolicy): boolean {
  return one !== undefined && canonical(one) === canonical(other);
}

/** The program's own name of the policy, as long as it means what there is. */
function asWritten(asked: DeferralPolicy | undefined, is: DeferralPolicy): DeferralPolicy {
  return asked !== undefined && isSame(asked, is) ? asked : is;
}

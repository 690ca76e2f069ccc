/** What the parts of a cluster share: how they are read, and when and how they are deleted. */

import type { RequestOptions } from "../../sdk/index";
import { BadRequestError, isNotFound, undefinedIfNotFound, withAdvice } from "../../sdk/index";
import type { Plan } from "../cluster/plan-transitions";
import { retryWhileBusy } from "../cluster/wait";
import type { ClusterInRun } from "../engine/run-record";
import { omitUndefined } from "../values/omit-undefined";
import { isInState } from "../values/state-values";
import { isUnknown } from "../values/unknown";
import type { CheckFailure } from "./check";
import { DeletedError } from "./errors";
import type { Context, Lifecycle, ReadContext } from "./lifecycle";
import { notOfStack } from "./lifecycle";
import { retryNotFound } from "./not-found";

/** How long an operation may take where its definition says nothing; `customTimeouts` replaces it. */
export const defaultTimeoutMs = 30 * 60_000;

/** What the id of an object of a cluster says, `<cluster id>:<name>`; only the cluster where it is another one. */
export function namedPartOf(id: string): { clusterId: string; name?: string } {
  const [, clusterId = id, name] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  return name === undefined ? { clusterId } : { clusterId, name };
}

/** The id of what a Terraform state identifies by an id of its own, and the cluster in another attribute. */
export function idByCluster({ cluster_id, id }: Readonly<Record<string, unknown>>): string {
  return `${cluster_id}:${id}`;
}

/** How a definition identifies an object of a cluster by its name. The state says the name that the id had to keep. */
export function namedInCluster<Noun extends string>(noun: Noun) {
  return {
    noun,
    idFormat: "<cluster id>:<name>",
    idOf: ({ clusterId, name }: { clusterId: string; name: string }) => `${clusterId}:${name}`,
    placeOf: (id: string, { name }: { name?: string }) => ({
      ...namedPartOf(id),
      ...omitUndefined({ name }),
    }),
    describe: ({ clusterId, name }: { clusterId?: string; name?: string }) =>
      `${noun} "${name}" of cluster ${clusterId}`,
  };
}

/** The same for what each cluster has one of: its id is that of the cluster. */
export function oneInCluster<Noun extends string>(noun: Noun) {
  return {
    noun,
    idFormat: "<cluster id>",
    idOf: ({ clusterId }: { clusterId: string }) => clusterId,
    placeOf: (clusterId: string) => ({ clusterId }),
    describe: ({ clusterId }: { clusterId?: string }) => `the ${noun} of cluster ${clusterId}`,
  };
}

/** How the list of a definition identifies objects by their name. */
export const byName = {
  keyOf: ({ name }: { name: string }) => name,
  keyIn: ({ name }: { name?: string }) => name,
};

/**
 * What depends on clusters: it is not created on one whose plan cannot have it, and not deleted when one of them is to
 * be deleted too and cannot be.
 *
 * @param clusterArguments the arguments that name the clusters
 * @param plans the plans of clusters that can have it; undefined for all
 */
export function partLifecycle<Inputs, State>(
  lifecycle: Lifecycle<Inputs, State>,
  clusterArguments: readonly string[],
  plans: readonly Plan[] | undefined,
): Lifecycle<Inputs, State> {
  const clustersOf = (id: string, state: Partial<State>) =>
    clusterArguments.map((name) => clusterIdInState(id, state, name));
  return {
    ...lifecycle,
    clusterArguments,
    clustersOf,
    check(olds, news, adopt, clusters = []) {
      const { failures, notes } = lifecycle.check(olds, news, adopt, clusters);
      const isNew = !isInState(olds) && adopt === undefined;
      const misplaced = clusterArguments.flatMap((name, index) =>
        isNew ? planFailures(name, plans, clusters[index]) : [],
      );
      return { failures: [...misplaced, ...failures], notes };
    },
    async delete(id, stored, context) {
      const { cluster } = context;
      for (const [index, clusterId] of clustersOf(id, stored.state).entries()) {
        const urn = typeof cluster === "object" ? cluster[index] : cluster;
        await refuseWithProtectedCluster(clusterId, urn, context);
      }
      await lifecycle.delete(id, stored, context);
    },
  };
}

/** Existing parts of a cluster that changes its plan are the business of the service. */
function planFailures(
  property: string,
  plans: readonly Plan[] | undefined,
  cluster: ClusterInRun | undefined,
): CheckFailure[] {
  const plan = cluster?.inputs["plan"];
  const isKnown = typeof plan === "string" && !isUnknown(plan);
  if (plans === undefined || cluster === undefined || !isKnown || plans.some((one) => one === plan))
    return [];
  const reason = `must be a cluster with the plan ${plans.join(" or ")}. Cluster "${cluster.name}" has the plan ${plan}: remove this resource, or give a cluster that does not exist yet another plan.`;
  return [{ property, reason }];
}

/** The cluster of a part; where state does not name it, the id begins with it. */
function clusterIdInState(id: string, state: object, argument: string): string {
  const named: unknown = Reflect.get(state, argument);
  return typeof named === "string" ? named : (id.split(":", 1)[0] as string);
}

/** Whether the run may delete the cluster too, of which a part is deleted. */
export function mayDeleteCluster(
  clusterId: string,
  urn: Context["cluster"],
  { run }: Context,
): boolean {
  const inRun = run.of("cluster");
  return inRun.replaces(clusterId) || (urn !== notOfStack && !inRun.keeps(clusterId));
}

/**
 * Refuses a deletion in a run that may delete the cluster too, while the service refuses to delete the cluster: the
 * engine deletes parts first, and a database would be deleted while the cluster stays.
 */
async function refuseWithProtectedCluster(
  clusterId: string,
  urn: string | undefined,
  context: Context,
): Promise<void> {
  if (!mayDeleteCluster(clusterId, urn, context)) return;
  const deadline = context.deadline(defaultTimeoutMs);
  const cluster = await context.clusters.getCached(clusterId, { deadline });
  // One that failed to be created has no parts, and nothing to protect.
  if (cluster === undefined || cluster.state === "CREATION_FAILED") return;
  if (cluster.delete_protection !== "ENABLED") return;
  const why = `delete protection of cluster "${cluster.name}" (${clusterId}) is on`;
  const unprotect = "first run `pulumi up` with deleteProtection: false.";
  if (!context.run.of("cluster").recordRefusal(clusterId))
    throw new Error(`Not deleted: ${why}. To delete it with the cluster, ${unprotect}`);
  const ways = [
    `To delete the cluster with all that belongs to it, ${unprotect}`,
    "To delete only this resource, take it out of the program, leave the cluster in, and run `pulumi up` without --target and --exclude; if the two have different providers, first run `pulumi up` with the provider of the cluster on both.",
    ...(urn === undefined
      ? [
          "State does not say yet whether this stack manages the cluster: if it does not, first run `pulumi up` with the program as it is, which records it.",
        ]
      : []),
  ];
  throw new Error(
    `Nothing of the cluster is deleted: ${why}, and this run may delete the cluster too. ${ways.join(" ")}`,
  );
}

/** Reads something of a cluster. While the cluster exists, a 404 counts only when it lasts `forMs`. */
export async function readOfCluster<Result>(
  clusterId: string,
  { clusters, clock, signal }: ReadContext,
  read: () => Promise<Result>,
  { forMs, deadline }: { forMs: number; deadline?: number | undefined },
): Promise<Result> {
  return await retryNotFound(read, {
    clock,
    signal,
    forMs,
    deadline,
    isCertain: () => isDeleted(clusterId, clusters, deadline),
  });
}

/** The same for a list of its parts on a refresh; undefined when the cluster is deleted. */
export async function undefinedIfClusterDeleted<Result>(
  clusterId: string,
  context: ReadContext,
  read: () => Promise<Result>,
  forMs: number,
): Promise<Result | undefined> {
  try {
    return await readOfCluster(clusterId, context, read, { forMs });
  } catch (error) {
    if (isNotFound(error) && (await isDeleted(clusterId, context.clusters))) return undefined;
    throw error;
  }
}

async function isDeleted(
  clusterId: string,
  clusters: ReadContext["clusters"],
  deadline?: number,
): Promise<boolean> {
  const bound = deadline === undefined ? {} : { deadline };
  return (await clusters.getCached(clusterId, bound)) === undefined;
}

/** What became of a part that was to be deleted. */
export type Deletion<Result> =
  | { readonly was: "deleted"; readonly response: Result }
  /** It did not exist, or no longer. */
  | { readonly was: "not found" }
  /** Its cluster is deleted, or was never created: nothing is left to wait for. */
  | { readonly was: "without cluster" };

/**
 * Removes a part of a cluster, when the cluster is free for it. That the part or the whole cluster is
 * deleted already is a success; as a 404 may be transient, `isThere` reads it too; undefined when nothing shows that
 * there is a cluster.
 */
export async function deleteFromCluster<Result>(
  clusterId: string,
  context: Context,
  remove: (options: RequestOptions) => Promise<Result>,
  isThere: (options: RequestOptions) => Promise<boolean | undefined>,
): Promise<Deletion<Result>> {
  const deadline = context.deadline(defaultTimeoutMs);
  const options = { signal: context.signal, deadline };
  try {
    const response = await retryWhileBusy(clusterId, context, deadline, () =>
      remove({ ...options, whenBusy: "fail" }),
    );
    return { was: "deleted", response };
  } catch (error) {
    if (error instanceof DeletedError) return { was: "without cluster" };
    if (isNotFound(error)) {
      const found = await undefinedIfNotFound(isThere(options));
      // Whether the cluster is deleted or unheard of is a difference to the user, and none to the deletion.
      if (found === undefined) {
        await isDeleted(clusterId, context.clusters, deadline).catch(() => undefined);
      }
      if (found !== true) return { was: "not found" };
      throw withAdvice(error, "It is still there: run the operation again.");
    }
    if (!BadRequestError.isInstance(error)) throw error;
    // A cluster that failed to be created takes no request but its own deletion, and has no parts.
    const cluster = await context.clusters.get(clusterId, options);
    if (cluster !== undefined && cluster.state !== "CREATION_FAILED") throw error;
    return { was: "without cluster" };
  }
}

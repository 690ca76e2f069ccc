/**
 * Waits for clusters, and shows on the resource's line what is happening meanwhile.
 *
 * A cluster that works on something refuses changes as "busy" or "locked", and shows in three
 * fields what it does: `state` is the lifecycle, `operation_status` the background job and
 * `upgrade_status` the cycle of major versions.
 */

import { durationText } from "../../sdk/http/duration-text";
import type { WireCluster } from "../../sdk/index";
import { BadRequestError, BusyError, isNotFound, withAdvice } from "../../sdk/index";
import type { ClusterCache } from "../cache/cluster-cache";
import type { NodeCount, TimeSpan } from "../cache/creation-forecast";
import type { Stall } from "../cache/polling";
import { waitUntil } from "../cache/polling";
import { DeletedError } from "../resource/errors";
import type { Context } from "../resource/lifecycle";
import { countText } from "../values/count";
import { omitUndefined } from "../values/omit-undefined";
import type { Plan } from "./plan-transitions";

const minuteMs = 60_000;

/** How long operations may take by default; `customTimeouts` replaces them. */
export const defaultTimeoutsMs = {
  create: { BASIC: 30 * minuteMs, STANDARD: 30 * minuteMs, ADVANCED: 60 * minuteMs },
  update: { BASIC: 30 * minuteMs, STANDARD: 30 * minuteMs, ADVANCED: 120 * minuteMs },
  delete: { BASIC: 30 * minuteMs, STANDARD: 30 * minuteMs, ADVANCED: 60 * minuteMs },
} as const satisfies Record<string, Record<Plan, number>>;

/** Basic and Standard clusters are ready within seconds, Advanced ones take half an hour. */
const minPauseMs = {
  BASIC: 1_000,
  STANDARD: 1_000,
  ADVANCED: 3_000,
} as const satisfies Record<Plan, number>;

/** The service may have plans that this package has never heard of. */
function minPauseOf(plan: string): number {
  return (minPauseMs as Readonly<Record<string, number>>)[plan] ?? minPauseMs.ADVANCED;
}

/** For a cluster that appears free and refuses changes: each poll is followed by a write. */
const minWritePauseMs = 5_000;

export interface ClusterWait {
  id: string;
  plan: Plan;
  context: Context;
  /** Clock time at which the wait fails. */
  deadline: number;
  /** Completes "Waiting …" and "Timed out waiting …": `for the cluster to be ready`. */
  waitingFor: string;
  /** What is shown while the cluster itself shows no activity: `changing plan`. */
  doing?: string;
  /** Shown before everything else, where the line is that of a part or of a write that was refused. */
  heading?: string;
  /** How long it takes, where that is long. */
  usually?: string;
  /** Clock time since when it is waited. @default now */
  since?: number;
  /** The shortest pause between two polls. @default by the plan */
  minPauseMs?: number;
  /** Said in place of "Timed out waiting …" with what the cluster was doing. */
  givenUp?(doing: string): string;
  /** When to stop waiting for what does not come any more. */
  stall?: Stall<WireCluster>;
  /** The cluster that is being created: what is known of its kind says when to poll. */
  creation?: WireCluster;
  /** Throws on a state from which it can no longer come. */
  isDone(wire: WireCluster): boolean;
}

const heading = "waiting for the cluster";

/** Polls the cluster until it is as waited for, and returns it. */
export async function waitForCluster(wait: ClusterWait): Promise<WireCluster> {
  const { id, plan, context, deadline, waitingFor } = wait;
  const { clusters, clock, signal } = context;
  const start = wait.since ?? clock.now();
  const show = async (parts: readonly string[], waitedMs: number, usually?: string) =>
    await context.progress(
      [...(wait.heading === undefined ? [] : [wait.heading]), ...parts].join(" · "),
      waitedMs,
      usually,
    );
  const creation = wait.creation && followCreation(wait.creation, start, clusters);
  let nodes: NodeCount | undefined;
  const done = await clusters.whileWaiting(
    id,
    async ({ observe, pause }) =>
      await waitUntil<WireCluster>({
        clock,
        signal,
        start,
        deadline,
        minPauseMs: wait.minPauseMs ?? minPauseOf(plan),
        pause,
        observe: async () => assertExists(await observe(), id),
        isDone: (wire) => wait.isDone(wire),
        ...(creation === undefined ? {} : { expected: creation.expected }),
        ...omitUndefined({ stall: wait.stall }),
        describe(wire) {
          if (wait.givenUp !== undefined && wire !== undefined && !signal.aborted) {
            return wait.givenUp(activity(wire));
          }
          const reason = signal.aborted ? "Stopped waiting" : "Timed out waiting";
          const seen = wire === undefined ? "" : ` It was last seen ${activity(wire)}.`;
          return `${reason} ${waitingFor}: cluster ${id} continues in CockroachDB Cloud.${seen} Nothing is lost: the next update resumes the wait.`;
        },
        async onProgress(wire, waitedMs) {
          const isShown = wire.config.dedicated !== undefined && wait.heading === undefined;
          const isInformative = creation?.isNarrowedBy(waitedMs, nodes) ?? false;
          if (isShown && clusters.mayListNodes(waitedMs, isInformative)) {
            // A key that may not list nodes can make clusters all the same.
            nodes = await nodesOf(wire, context, deadline).catch(() => nodes);
            if (nodes !== undefined) creation?.observe(clock.now() - start, nodes);
          }
          const doing = activity(wire) === "CREATED" ? wait.doing : undefined;
          await show([doing ?? activity(wire), ...nodesText(nodes)], waitedMs, wait.usually);
        },
      }),
    { signal, deadline },
  );
  creation?.ended(clock.now() - start);
  await show([activity(done)], clock.now() - start);
  return done;
}

/** What is known of a creation, by how long it has been waited for: the cluster may be older than the wait. */
function followCreation(wire: WireCluster, start: number, clusters: ClusterCache) {
  const forecast = clusters.forecastFor(wire);
  const ageAtStartMs = Math.max(0, start - Date.parse(wire.created_at ?? "")) || 0;
  return {
    expected(): TimeSpan {
      const { fromMs, toMs } = forecast.expected;
      return { fromMs: fromMs - ageAtStartMs, toMs: toMs - ageAtStartMs };
    },
    observe: (waitedMs: number, nodes: NodeCount) =>
      forecast.observe(ageAtStartMs + waitedMs, nodes),
    isNarrowedBy: (waitedMs: number, nodes: NodeCount | undefined) =>
      nodes !== undefined && forecast.isNarrowedBy(ageAtStartMs + waitedMs, nodes),
    ended: (waitedMs: number) => forecast.ended(ageAtStartMs + waitedMs),
  };
}

/** Waits until a new cluster is ready. */
export async function waitUntilReady(
  creation: WireCluster,
  plan: Plan,
  context: Context,
  deadline: number,
  onPoll: (wire: WireCluster) => void,
): Promise<WireCluster> {
  return await waitForCluster({
    id: creation.id,
    plan,
    context,
    deadline,
    ...(plan === "ADVANCED" && { creation }),
    waitingFor: "for the cluster to be ready",
    ...(plan === "ADVANCED" && { usually: "20 to 30 min" }),
    isDone(wire) {
      onPoll(wire);
      return isReady(wire);
    },
  });
}

/** Waits until the cluster of a part is ready: what is shown is on the line of the part. */
export async function waitForClusterOf(
  id: string,
  plan: Plan,
  context: Context,
  deadline: number,
): Promise<WireCluster> {
  return await waitForCluster({
    id,
    plan,
    context,
    deadline,
    heading,
    waitingFor: "for the cluster to be ready",
    isDone(wire) {
      if (wire.state === "CREATION_FAILED") throw withoutCluster(wire);
      return isReady(wire);
    },
  });
}

/** Waits until a cluster that is being deleted is deleted, so that its name is free again. */
export async function waitUntilDeleted(
  id: string,
  plan: Plan,
  context: Context,
  deadline: number,
): Promise<void> {
  const { clusters, clock, signal } = context;
  await clusters.whileWaiting(
    id,
    async ({ observe, pause }) =>
      await waitUntil<WireCluster | undefined>({
        clock,
        signal,
        deadline,
        minPauseMs: minPauseOf(plan),
        pause,
        observe,
        isDone: (wire) => wire === undefined,
        describe: () =>
          `Timed out waiting for cluster ${id} to be deleted: the API has accepted the deletion and still returns the cluster. Run the operation again to resume waiting; if the cluster stays, ask CockroachDB Cloud support about this id.`,
        async onProgress(_wire, waitedMs) {
          await context.progress("DELETING", waitedMs);
        },
      }),
    { signal, deadline },
  );
}

/** Whether a new cluster is ready. Throws when it never will be. */
export function isReady(wire: WireCluster): boolean {
  if (wire.state === "CREATION_FAILED") {
    throw new Error(
      `The service failed to create cluster "${wire.name}" (${wire.id}): its state is CREATION_FAILED. It is in the stack's state: the next update replaces it, and destroy deletes it. If it fails again, ask CockroachDB Cloud support about this id.`,
    );
  }
  return wire.state === "CREATED";
}

/** What to throw when a part belongs to a cluster that will never be ready. */
function withoutCluster({ id, name }: WireCluster): Error {
  return new Error(
    `Cluster "${name}" (${id}) can hold nothing: the service failed to create it, its state is CREATION_FAILED. The next update of the stack that has the cluster replaces it; one that no stack has must be deleted and made again.`,
  );
}

/** The cluster as it is now; throws when it is deleted. */
export async function getExisting(
  id: string,
  { clusters, signal }: Context,
  deadline: number,
): Promise<WireCluster> {
  return assertExists(await clusters.getSeen(id, { signal, deadline }), id);
}

function assertExists(wire: WireCluster | undefined, id: string): WireCluster {
  if (wire === undefined) {
    throw new DeletedError(
      `Cluster ${id} was deleted while this operation was waiting for it. Run \`pulumi refresh\`, then run the operation again.`,
    );
  }
  return wire;
}

/**
 * Runs a write again for as long as the cluster is busy with something else; it learns how it was seen
 * last. The pauses grow with all the time that was waited: a cluster may appear free and refuse all the same.
 */
export async function retryWhileBusy<Result>(
  id: string,
  context: Context,
  deadline: number,
  write: (seen: WireCluster | undefined) => Promise<Result>,
): Promise<Result> {
  const start = context.clock.now();
  let seen: WireCluster | undefined;
  while (true) {
    try {
      return await write(seen);
    } catch (error) {
      if (!BusyError.isInstance(error) || context.clock.now() >= deadline) throw error;
      await context.progress(`${heading} · ${error.apiMessage}`);
      const { plan } = seen ?? (await getExisting(id, context, deadline));
      seen = await waitForCluster({
        id,
        plan: plan as Plan,
        context,
        since: start,
        ...(seen === undefined ? {} : { minPauseMs: minWritePauseMs }),
        deadline,
        heading,
        waitingFor: "for the cluster to be free",
        givenUp: (doing) =>
          withAdvice(
            error,
            `The cluster was not free for ${durationText(context.clock.now() - start)} and was last seen ${doing}: run this again when it is.`,
          ).message,
        isDone: ({ state }) => state !== "LOCKED" && state !== "CREATING",
      });
    }
  }
}

/** Before the creation of a part is sent once more, to a replica that has not seen the new cluster yet. */
const replicaPauseMs = 2_000;

/**
 * Runs a write to a part of a cluster; when the cluster is not ready for it, waits and runs it once more.
 * While a cluster is being created, the API says that its parts do not exist.
 */
export async function whenReady<Result>(
  clusterId: string,
  context: Context,
  deadline: number,
  write: () => Promise<Result>,
  { isCreation = false } = {},
): Promise<Result> {
  return await retryWhileBusy(clusterId, context, deadline, async () => {
    try {
      return await write();
    } catch (error) {
      if (!isNotFound(error) && !BadRequestError.isInstance(error)) throw error;
      const wire = await context.clusters.get(clusterId, { signal: context.signal, deadline });
      if (wire?.state === "CREATION_FAILED") throw withoutCluster(wire);
      if (wire === undefined) throw error;
      if (!isReady(wire)) await waitForClusterOf(clusterId, wire.plan as Plan, context, deadline);
      // What is new cannot be missing, and its cluster is there.
      else if (isCreation && isNotFound(error))
        await context.clock.sleep(replicaPauseMs, context.signal);
      else throw error;
      return await write();
    }
  });
}

/** What the cluster is doing: `CREATING`, `CRDB_SCALE_RUNNING`. */
function activity(wire: WireCluster): string {
  if (wire.state === "CREATED" || wire.state === "LOCKED") {
    if (wire.operation_status !== "UNSPECIFIED") return wire.operation_status;
    if (
      wire.upgrade_status === "MAJOR_UPGRADE_RUNNING" ||
      wire.upgrade_status === "ROLLBACK_RUNNING"
    ) {
      return wire.upgrade_status;
    }
  }
  return wire.state;
}

async function nodesOf(wire: WireCluster, context: Context, deadline: number): Promise<NodeCount> {
  const { cloud, signal } = context;
  let live = 0;
  let all = 0;
  for await (const node of cloud.clusters.listNodes(wire.id, {}, { signal, deadline })) {
    all += 1;
    if (node.status === "LIVE") live += 1;
  }
  const wanted = wire.regions.reduce((sum, region) => sum + region.node_count, 0);
  return { live, all: Math.max(all, wanted) };
}

function nodesText(nodes: NodeCount | undefined): string[] {
  return nodes === undefined || nodes.all === 0
    ? []
    : [`${nodes.live} of ${countText(nodes.all, "node")}`];
}

/** Deleting a cluster, which the service may refuse, and which a 404 alone does not prove. */
import type { NotFoundError, WireCluster } from "../../sdk/index";
import { BadRequestError, isNotFound, withAdvice } from "../../sdk/index";
import { DeletedError } from "../resource/errors";
import type { Context, Stored } from "../resource/lifecycle";
import type { Inputs } from "./schema";
import { defaultTimeoutsMs, retryWhileBusy, waitUntilDeleted } from "./wait";
import type { State } from "./wire";
import { mayBeMarkedWith } from "./wire";

export async function deleteCluster(
  id: string,
  stored: Stored<Inputs, State>,
  context: Context,
): Promise<void> {
  const { cloud, clusters, signal } = context;
  const plan = stored.state.plan ?? "ADVANCED";
  const deadline = context.deadline(
    defaultTimeoutsMs.delete[plan] ?? defaultTimeoutsMs.delete.ADVANCED,
  );
  const isUnfinished = stored.state.state === "CREATING";
  if (isUnfinished) {
    refuseIfFinished(await clusters.get(id, { signal, deadline }), context);
  }
  try {
    const response = await retryWhileBusy(id, context, deadline, async (seen) => {
      // Another run may have finished it while this one waited.
      if (isUnfinished) refuseIfFinished(seen, context);
      try {
        return await cloud.clusters.delete(id, { signal, deadline, whenBusy: "fail" });
      } finally {
        clusters.invalidate();
        clusters.invalidatePreCreateSnapshot();
      }
    });
    // Its name is free again once it says so itself.
    if (response?.state === "DELETED") return;
  } catch (error) {
    if (error instanceof DeletedError) return;
    if (isNotFound(error)) {
      await confirmDeleted(id, error, context, deadline);
      return;
    }
    if (BadRequestError.isInstance(error) && stored.state.deleteProtection === true) {
      throw withAdvice(
        error,
        `Delete protection of cluster "${stored.state.name}" is on. To allow it, first run an update with deleteProtection: false.`,
      );
    }
    throw error;
  }
  await waitUntilDeleted(id, plan, context, deadline);
}

const unfinishedStates: ReadonlySet<string> = new Set(["CREATING", "CREATION_FAILED"]);

/**
 * State says that the creation is not finished, and the cluster says that it is: another run or another
 * resource has finished it since, so the one that state speaks of is not this one to delete.
 */
function refuseIfFinished(wire: WireCluster | undefined, { mark }: Context): void {
  const isUnfinished = wire === undefined || unfinishedStates.has(wire.state);
  if (isUnfinished || mark === undefined || mayBeMarkedWith(wire, mark)) return;
  throw new Error(
    `Cluster "${wire.name}" (${wire.id}) is not deleted: the stack's state says that its creation is not finished, and another run has finished it since. Run \`pulumi refresh\`, then run the operation again. If another resource of the stack has this id, take the outdated entry out with \`pulumi state delete\`.`,
  );
}

/** A 404 may be transient, and what state forgets is lost: the cluster is deleted when a read says so too. */
async function confirmDeleted(
  id: string,
  error: NotFoundError,
  { clusters, signal }: Context,
  deadline: number,
): Promise<void> {
  if ((await clusters.get(id, { signal, deadline })) === undefined) return;
  throw withAdvice(error, "The cluster is still there: run the operation again.");
}

/** Deletes the object of a defined resource. */
import type { RequestOptions } from "../../sdk/index";
import { isNotFound, withAdvice } from "../../sdk/index";
import { deleteFromCluster, partTimeoutMs } from "./cluster-scoped";
import type { Driver } from "./driver";
import { callOf, clusterOf } from "./driver";
import type { Context } from "./lifecycle";
import { untilDeletionSettled } from "./settlement";

export async function deleteObject<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  state: State,
  context: Context,
): Promise<void> {
  const { definition } = driver;
  const { setting } = definition;
  const place = driver.known(id, state);
  const list = driver.listOf(place, context);
  const call = callOf(context, definition.timeoutMs);
  const exists = async (options: RequestOptions) => {
    list?.wrote();
    const remote = await driver.findIfAny(place, context, options);
    return remote !== undefined && setting?.isDefault?.(definition.toState(remote, place)) !== true;
  };
  const send = async (options: RequestOptions) => ({
    response: await definition.delete(place, { ...call, options }),
  });
  const clusterId = clusterOf(place);
  try {
    const deleted = await (clusterId === undefined
      ? deleteAndConfirm(context, send, exists)
      : deleteFromCluster(clusterId, context, send, exists));
    const note = deleted && definition.deletedNote?.(place, deleted.response);
    if (note) await context.note(note.severity, note.message);
    if (deleted) await untilDeletionSettled(driver, place, context);
  } finally {
    list?.wrote();
  }
  await definition.untilDeleted?.(place, call);
}

/** Deletes an object of the organization; undefined when it was deleted before. */
async function deleteAndConfirm<Result>(
  context: Context,
  send: (options: RequestOptions) => Promise<Result>,
  exists: (options: RequestOptions) => Promise<boolean>,
): Promise<Result | undefined> {
  const options = { signal: context.signal, deadline: context.deadline(partTimeoutMs) };
  try {
    return await send(options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (!(await exists(options))) return undefined;
    throw withAdvice(error, "It is still there: run the operation again.");
  }
}

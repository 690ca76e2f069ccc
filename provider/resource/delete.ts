/** Deletes the object of a defined resource. */
import type { RequestOptions } from "../../sdk/index";
import { isNotFound, undefinedIfNotFound, withAdvice } from "../../sdk/index";
import type { Deletion } from "./cluster-scoped";
import { defaultTimeoutMs, deleteFromCluster, mayDeleteCluster } from "./cluster-scoped";
import type { Driver } from "./driver";
import { callOf } from "./driver";
import type { Context } from "./lifecycle";
import { waitUntilDeletionSettled } from "./settlement";

export async function deleteObject<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  state: State,
  context: Context,
): Promise<void> {
  const { definition } = driver;
  const { setting, delete: remove } = definition;
  const place = driver.known(id, state);
  const list = driver.listOf(place, context);
  const call = callOf(context, definition.timeoutMs);
  const exists = async (options: RequestOptions) => {
    list?.invalidate();
    const remote = await driver.find(place, context, options);
    if (remote === undefined) return list === undefined ? undefined : false;
    return setting?.isDefault?.(definition.toState(remote, place)) !== true;
  };
  const clusterId = driver.clusterOf(place);
  const note = async (response?: unknown) => {
    const found = definition.deletedNote?.(place, response);
    if (found) await context.note(found.severity, found.message);
  };
  if (remove === undefined) {
    const { cluster } = context;
    if (!(clusterId && cluster && mayDeleteCluster(clusterId, cluster, context))) await note();
    return;
  }
  const send = (options: RequestOptions) => remove(place, { ...call, options });
  try {
    const deletion = await (clusterId === undefined
      ? deleteAndConfirm(context, send, exists)
      : deleteFromCluster(clusterId, context, send, exists));
    if (deletion.was === "without cluster") return;
    if (deletion.was === "deleted") await note(deletion.response);
    await waitUntilDeletionSettled(driver, place, context);
  } finally {
    list?.invalidate();
  }
}

/** Deletes an object of the organization. */
async function deleteAndConfirm<Result>(
  context: Context,
  send: (options: RequestOptions) => Promise<Result>,
  exists: (options: RequestOptions) => Promise<boolean | undefined>,
): Promise<Deletion<Result>> {
  const options = { signal: context.signal, deadline: context.deadline(defaultTimeoutMs) };
  try {
    return { was: "deleted", response: await send(options) };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if ((await undefinedIfNotFound(exists(options))) !== true) return { was: "not found" };
    throw withAdvice(error, "It is still there: run the operation again.");
  }
}

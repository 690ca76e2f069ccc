/** Updates the object of a defined resource in place. */
import { ConflictError, isNotFound } from "../../sdk/index";
import { conflictAdvice, withAdviceFor } from "./advice";
import type { Changes, Known, WriteCall } from "./definition";
import type { Driver } from "./driver";
import { mayHaveHadEffect } from "./errors";
import type { Context, Stored } from "./lifecycle";
import { waitUntilSettled } from "./settlement";

export async function update<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  stored: Stored<Inputs, State>,
  news: Inputs,
  context: Context,
): Promise<State> {
  const before = driver.known(id, stored.state);
  const after = driver.definition.complete?.(news, stored) ?? news;
  const { updates } = driver.compare.changes(before, after);
  const isWritten =
    updates.length > 0 || driver.definition.settlement?.hasFailed?.(before) === true;
  const state = isWritten
    ? await driver.write(before, context, (call) =>
        updateOnce(driver, before, after, call, updates),
      )
    : driver.stateAfter(undefined, after, before);
  if (!isWritten && stored.isFromBridge) return state;
  return await waitUntilSettled(driver, { id, inputs: after, state }, context);
}

/** Sends the one write of an update; without a response, reads whether it was carried out. */
async function updateOnce<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  before: Known<State>,
  after: Inputs,
  call: WriteCall,
  changed: Changes<Inputs>["updates"],
): Promise<State> {
  const { definition, compare } = driver;
  const { collection } = definition;
  const { context, deadline } = call;
  const list = driver.listOf(before, context);
  try {
    const remote = await definition.update?.(before, after, call, changed);
    return driver.stateAfter(remote, after, before);
  } catch (error) {
    if (ConflictError.isInstance(error)) throw withAdviceFor(error, conflictAdvice(definition));
    const isRenamed =
      collection !== undefined &&
      collection.keyIn(before) !== collection.keyIn({ ...before, ...after });
    const isOpen = mayHaveHadEffect(error) || (isRenamed && isNotFound(error));
    if (!isOpen || definition.isUpdateReadable !== true) throw error;
    list?.invalidate();
    const wanted = { ...before, ...after };
    const found = await driver.findIfAny(wanted, context, { deadline });
    const isOldThere =
      isRenamed && (await driver.findIfAny(before, context, { deadline })) !== undefined;
    if (found === undefined || isOldThere) throw error;
    const state = driver.stateAfter(found, after, before);
    if (compare.changes(state, after).updates.length > 0) throw error;
    return state;
  } finally {
    list?.invalidate();
  }
}

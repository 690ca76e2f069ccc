/** Creates the object of a defined resource, or sets the setting that it stands for. */
import { BadRequestError, ConflictError, withAdvice } from "../../sdk/index";
import type { Place, Setting, WriteCall } from "./definition";
import type { Driver } from "./driver";
import { callOf } from "./driver";
import { InitializationError, mayHaveHadEffect, messageOf } from "./errors";
import type { Context } from "./lifecycle";
import { adoptOrExplain } from "./lost-create";

export async function create<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  const { definition } = driver;
  const { setting, noun } = definition;
  const complete = definition.complete?.(inputs, undefined) ?? inputs;
  const remote = await driver.write(
    inputs as unknown as Place<State>,
    context,
    (call) =>
      setting === undefined
        ? createOnce(driver, complete, call)
        : set(driver, complete, call, setting),
    { isCreation: true },
  );
  const id = definition.idOf(complete, remote);
  if (id === undefined) throw new Error(`The ${noun} that was created has no id.`);
  // A resource with another name that had it before is deleted after this, and must leave it alone.
  if (setting !== undefined) context.tookOver(id);
  return { id, outs: await inForce(driver, id, driver.stateAfter(remote, complete), context) };
}

/** Sends the one POST. Without a response, finds what it has created. */
async function createOnce<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  call: WriteCall,
): Promise<Remote> {
  const { definition } = driver;
  const { context, deadline } = call;
  const place = inputs as unknown as Place<State>;
  const list = driver.listOf(place, context);
  const search = () => {
    list?.wrote();
    return driver.find(place, context, { deadline });
  };
  try {
    return await definition.create(inputs, call);
  } catch (error) {
    const exists = async () => (await search().catch(() => undefined)) !== undefined;
    const isExisting =
      (await definition.isRefusedAsExisting?.(error, exists)) ?? ConflictError.isInstance(error);
    if (!isExisting && !mayHaveHadEffect(error)) throw error;
    return await adoptOrExplain(driver, inputs, call, { error, isExisting, search });
  } finally {
    list?.wrote();
  }
}

/** Changes the setting, unless it is as wanted, and reports what it was before. */
async function set<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  call: WriteCall,
  setting: Setting<State, Remote>,
): Promise<Remote> {
  const { definition, compare } = driver;
  const { context, deadline } = call;
  const read = driver.find(inputs as unknown as Place<State>, context, { deadline });
  const previous = await read.catch((error) => {
    throw BadRequestError.isInstance(error)
      ? withAdvice(
          error,
          `Give the id of a cluster with the plan ${setting.plan}, or remove this resource.`,
        )
      : error;
  });
  if (previous === undefined) return await definition.create(inputs, call);
  const before = driver.stateAfter(previous, inputs);
  if (compare.changes(before, inputs).updates.length === 0) return previous;
  const remote = await definition.create(inputs, call);
  if (setting.isDefault?.(before) !== true) {
    await context.note("warning", setting.replacedWarning(before));
  }
  return remote;
}

/** Waits until a write is in force; the object exists, so a failure leaves it in state. */
export async function inForce<Inputs extends object, State extends object, Remote>(
  { definition }: Driver<Inputs, State, Remote>,
  id: string,
  state: State,
  context: Context,
): Promise<State> {
  try {
    await definition.untilInForce?.(state, callOf(context));
    return state;
  } catch (error) {
    throw new InitializationError(messageOf(error), { id, outs: state, cause: error });
  }
}

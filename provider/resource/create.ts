/** Creates the object of a defined resource, or sets the setting that it stands for. */
import { z } from "zod";
import { BadRequestError, ConflictError, withAdvice } from "../../sdk/index";
import { conflictAdvice, importAdvice, withAdviceFor } from "./advice";
import type { Place, Setting, WriteCall } from "./definition";
import type { Driver } from "./driver";
import { ifReplaced, mayHaveHadEffect, UnconfirmedIdError } from "./errors";
import type { Context } from "./lifecycle";
import { adoptOrExplain } from "./lost-create";
import { waitUntilSettled } from "./settlement";

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
  if (setting !== undefined) context.recordAdopted(id);
  const state = driver.stateAfter(remote, complete);
  return { id, outs: await waitUntilSettled(driver, { id, inputs: complete, state }, context) };
}

/**
 * Sends the one POST, unless the service would create a second object by it. Without a response, finds what it has
 * created.
 */
async function createOnce<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  call: WriteCall,
): Promise<Remote> {
  const { definition } = driver;
  const { context, deadline } = call;
  const place = inputs as unknown as Place<State>;
  const list = driver.listOf(place, context);
  const search = async () => {
    list?.invalidate();
    const found = await driver.find(place, context, { deadline });
    if (found !== undefined) await confirmId(driver, inputs, found, call);
    return found;
  };
  const [present] =
    definition.collection?.acceptsDuplicates === true
      ? await driver.matching(place, context, { deadline })
      : [];
  if (present !== undefined) {
    throw new Error(
      `Creating ${definition.describe(place)} failed: it exists already. ${importAdvice(definition, definition.idOf(inputs, present))}`,
    );
  }
  try {
    const remote = await definition.create(inputs, call);
    await confirmId(driver, inputs, remote, call);
    return remote;
  } catch (error) {
    const exists = async () => (await search().catch(() => undefined)) !== undefined;
    const isExisting =
      (await definition.isRefusedAsExisting?.(error, exists)) ?? ConflictError.isInstance(error);
    if (!isExisting && !mayHaveHadEffect(error)) throw error;
    return await adoptOrExplain(driver, inputs, call, { error, isExisting, search });
  } finally {
    list?.invalidate();
  }
}

/** Confirms an id of an unusual form by a read: with a wrong one, the object that was created would be lost. */
async function confirmId<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  remote: Remote,
  { context, deadline }: WriteCall,
): Promise<void> {
  const { definition } = driver;
  const { collection, noun } = definition;
  const id = definition.idOf(inputs, remote);
  const isGivenByService = definition.idOf(inputs, undefined) === undefined;
  if (collection === undefined || id === undefined || !isGivenByService) return;
  if (definition.isId?.(id) ?? guid.safeParse(collection.keyOf(remote)).success) return;
  const place = driver.known(id, inputs as unknown as Partial<State>);
  driver.listOf(place, context)?.invalidate();
  const found = await driver.find(place, context, { deadline }).catch(() => undefined);
  if (found === undefined) throw new UnconfirmedIdError(noun, id);
}

const guid = z.guid();

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
          `Give the id of a cluster with the plan ${setting.plans.join(" or ")}, or remove this resource.`,
        )
      : error;
  });
  const write = () =>
    definition.create(inputs, call, previous).catch((error) => {
      throw ConflictError.isInstance(error)
        ? withAdviceFor(error, conflictAdvice(definition))
        : error;
    });
  if (previous === undefined) return await write();
  const before = driver.stateAfter(previous, inputs);
  const { updates } = compare.changes(before, inputs);
  if (updates.length === 0 && definition.settlement?.hasFailed?.(before) !== true) return previous;
  const { replacedWarning } = setting;
  if (replacedWarning === undefined && updates.length > 0) {
    const object = definition.describe(before);
    throw new Error(
      `Creating ${object} failed: it exists already, with another ${updates.join(", ")}. To manage it here, add the option {import: "${definition.idOf(inputs, previous)}"} to the resource; otherwise delete it first. ${ifReplaced}`,
    );
  }
  const remote = await write();
  if (replacedWarning !== undefined && setting.isDefault?.(before) !== true) {
    await context.note("warning", replacedWarning(before));
  }
  return remote;
}

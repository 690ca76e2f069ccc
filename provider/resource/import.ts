/**
 * Adopts an existing object by the option import of a class: nothing is written, and the arguments must describe it. The
 * engine sends an import to the plugin as a read.
 */
import { BadRequestError, undefinedIfNotFound } from "../../sdk/index";
import { linesToWrite } from "../values/code-writer";
import type { Driver } from "./driver";
import type { Context } from "./lifecycle";
import { waitUntilSettled } from "./settlement";

export async function importExisting<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<{ id: string; outs: State }> {
  const { definition, compare } = driver;
  const { noun, setting } = definition;
  const place = driver.known(id, inputs as unknown as Partial<State>);
  const described = definition.idOf(inputs, undefined);
  if (described !== undefined && described !== id) {
    throw new Error(
      `Importing ${noun} ${id} failed: the arguments describe ${described}. The option import takes the id, which is ${definition.idFormat}: make the two equal.`,
    );
  }
  const object = definition.describe(place);
  let refusal: unknown;
  const remote = await driver.findIfAny(place, context).catch((error: unknown) => {
    // What has not the form of an id, as a name, the service may refuse.
    if (!BadRequestError.isInstance(error)) throw error;
    refusal = error;
    return undefined;
  });
  if (remote === undefined) {
    const [none, otherwise] =
      setting === undefined
        ? [`there is no such ${noun}`, `create the ${noun}`]
        : ["the cluster has none", "set one"];
    const known = await idsByArguments(driver, inputs, context);
    if (known.length > 0) {
      throw new Error(
        `Importing ${object} failed: ${none}. The option import takes the id, which is ${definition.idFormat}. Of what the arguments describe it is ${known.join(" or ")}.`,
      );
    }
    if (refusal !== undefined) throw refusal;
    throw new Error(
      `Importing ${object} failed: ${none}, or this credential may not see it. Check the option import, or remove it to ${otherwise}.`,
    );
  }
  const outs = definition.toState(remote, driver.known(id, place));
  const { updates, replaces } = compare.changes(outs, inputs);
  const differing = [...updates, ...replaces];
  if (differing.length === 0) {
    const isUnderWay = (definition.settlement?.awaited?.(outs) ?? []).length > 0;
    if (!isUnderWay) return { id, outs };
    return { id, outs: await waitUntilSettled(driver, { id, inputs, state: outs }, context) };
  }
  const actual = Object.fromEntries(differing.map((name) => [name, Reflect.get(outs, name)]));
  const differences = differing.map(
    (name) =>
      `${name} is ${JSON.stringify(actual[name])} but the program has ${JSON.stringify(inputs[name])}`,
  );
  throw new Error(
    `Importing ${object} failed: the arguments differ from it: ${differences.join("; ")}. Make the arguments equal to it; change them after the import.${linesToWrite(actual)}`,
  );
}

/** The ids of what the arguments describe, where only the service knows the id. */
async function idsByArguments<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  context: Context,
): Promise<string[]> {
  const { definition } = driver;
  if (definition.collection?.matches === undefined) return [];
  const place = driver.stateAfter(undefined, inputs);
  const found = await undefinedIfNotFound(driver.matching(place, context, {}));
  return (found ?? []).flatMap((remote) => definition.idOf(inputs, remote) ?? []);
}

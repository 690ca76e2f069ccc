/** The outputs that a preview expects of an operation: what the program says, what stays, and otherwise unknown. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Properties } from "../provider/engine/adapter";
import type { Resource } from "../provider/resource/resource";
import { isLeftOut, withoutLeftOut } from "../provider/values/left-out";
import { isUnknown, unknownValue } from "../provider/values/unknown";

/** @param before the outputs before an update; undefined before a creation */
export function expectedOutputs(
  resource: Pick<Resource, "outputs" | "inputs" | "returned">,
  inputs: Properties,
  before?: Properties,
): Properties {
  const { outputs, inputs: schema } = resource;
  const members = membersOf(schema);
  const given: Properties = { ...inputs, ...resource.returned?.(inputs, before) };
  return withoutLeftOut(
    Object.fromEntries(
      outputs.map((name) => [
        name,
        isNone(given, name)
          ? undefined
          : expectedOf(members[name], given[name], before?.[name], before !== undefined),
      ]),
    ),
  );
}

/** A value of the program, with what the service adds to it. What state does not have, the service has not added. */
function expectedOf(
  schema: z.ZodType | undefined,
  given: unknown,
  before: unknown,
  isUpdate: boolean,
): unknown {
  if (isLeftOut(given)) return isUpdate ? before : unknownValue;
  const members = schema === undefined ? {} : membersOf(schema);
  if (Object.keys(members).length === 0 || isUnknown(given) || typeof given !== "object") {
    return given;
  }
  const isKnown = isUpdate && typeof before === "object" && before !== null;
  const olds = isKnown ? before : {};
  const own = Object.fromEntries(
    Object.entries(members).map(([name, member]) => [
      name,
      isNone(given, name)
        ? undefined
        : expectedOf(member, Reflect.get(given, name), Reflect.get(olds, name), isKnown),
    ]),
  );
  const added = Object.entries(given as object).filter(([name]) => !(name in members));
  // What the service says of an object, such as the memory of a machine, follows from what it is.
  const isSame = Object.entries(own).every(([name, value]) =>
    isDeepStrictEqual(value, Reflect.get(olds, name)),
  );
  const ofService = Object.entries(olds)
    .filter(([name]) => !(name in members))
    .map(([name, value]) => [name, isSame ? value : unknownValue]);
  return { ...own, ...Object.fromEntries([...ofService, ...added]) };
}

/** Whether it is left out and known to be none. */
function isNone(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && Reflect.get(given, name) === undefined;
}

function membersOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const required = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return required instanceof z.ZodObject ? required.shape : {};
}

/** The outputs that a preview expects of an operation: what the program says, what stays, and otherwise unknown. */
import { z } from "zod";
import type { Properties } from "../provider/engine/adapter";
import type { Resource } from "../provider/resource/resource";
import { isLeftOut } from "../provider/values/left-out";
import { isUnknown, unknownValue } from "../provider/values/unknown";

/** @param before the outputs before an update; undefined before a creation */
export function expectedOutputs(
  { outputs, inputs: schema }: Pick<Resource, "outputs" | "inputs">,
  inputs: Properties,
  before?: Properties,
): Properties {
  const members = membersOf(schema);
  return Object.fromEntries(
    outputs.map((name) => [
      name,
      expected(members[name], inputs[name], before?.[name], before !== undefined),
    ]),
  );
}

/** A value of the program, with what the service adds to it. */
function expected(
  schema: z.ZodType | undefined,
  given: unknown,
  before: unknown,
  isUpdate: boolean,
): unknown {
  if (isLeftOut(given)) return before ?? unknownValue;
  const members = schema === undefined ? {} : membersOf(schema);
  if (Object.keys(members).length === 0 || isUnknown(given) || typeof given !== "object") {
    return given;
  }
  const olds = typeof before === "object" && before !== null ? before : {};
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const value = Reflect.get(given, name);
      const old = Reflect.get(olds, name);
      // What an object in state does not have, the service has not added.
      if (isLeftOut(value) && isUpdate && isLeftOut(old) && !isLeftOut(before)) return [];
      return [[name, expected(member, value, old, isUpdate)]];
    }),
  );
}

function membersOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const required = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return required instanceof z.ZodObject ? required.shape : {};
}

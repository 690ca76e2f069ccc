// Which attributes a response shows: RFC 7644, section 3.9.

import { invalidValue } from "../server/errors";
import { attributeName } from "./filter";

/**
 * An object with some of its attributes.
 * @param names The attributes that there are.
 * @param always Those that are never left out, beside `schemas` and `id`.
 * @throws invalid argument where both lists are given, or one names what there is not.
 */
export function select(
  object: Readonly<Record<string, unknown>>,
  {
    attributes = "",
    excludedAttributes = "",
  }: { attributes?: string | undefined; excludedAttributes?: string | undefined },
  names: readonly string[],
  always: readonly string[] = [],
): object {
  if (attributes !== "" && excludedAttributes !== "") {
    throw invalidValue("attributes and excludedAttributes exclude each other");
  }
  const only = namesIn(attributes, names);
  const without = namesIn(excludedAttributes, names);
  const isShown = (name: string) =>
    ["schemas", "id", ...always].includes(name) ||
    (only.length === 0 ? !without.includes(name) : only.includes(name));
  return Object.fromEntries(Object.entries(object).filter(([name]) => isShown(name)));
}

function namesIn(list: string, names: readonly string[]): string[] {
  const written = list.split(",").map((name) => name.trim());
  return written.filter(Boolean).map((text) => {
    const name = attributeName(text.split(".")[0] ?? "", names);
    if (name === undefined) {
      throw invalidValue(`unknown attribute '${text}'`);
    }
    return name;
  });
}

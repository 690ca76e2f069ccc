/**
 * What the program leaves out.
 *
 * `undefined` and `null`, as JSON and YAML have it, mean the same at any depth: the property is not
 * managed. Pulumi hands `null` on as a value. A property that was managed stays as it is on the service, which
 * nobody expects without a message.
 */
import { valueAt } from "./property-value";
/** Whether the program leaves the value out. */
export function isLeftOut(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A copy without what is left out, at any depth, items of lists included. */
export function withoutLeftOut<Value>(value: Value): Value {
  return presentCopy(value) as Value;
}

function presentCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isLeftOut(item)).map(presentCopy);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isLeftOut(member))
      .map(([key, member]) => [key, presentCopy(member)]),
  );
}

/** The values, with those of `defaults` for what is left out. */
export function withDefaults<Values extends object>(values: Values, defaults: object): Values {
  const missing = Object.entries(defaults).filter(([key]) => isLeftOut(Reflect.get(values, key)));
  return { ...values, ...Object.fromEntries(missing) };
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  );
}

/** A property that the program had and now leaves out. */
export interface Dropped {
  property: string;
  /** What becomes of it, and how to reset it. */
  sentence: string;
}

/**
 * The properties with a way to reset them that `asked` has and the program leaves out, except those that
 * `changed` covers: there the difference is a change.
 */
export function leftOutSince(
  asked: object,
  news: object,
  resets: Readonly<Record<string, string>> = {},
  changed: readonly string[] = [],
): Dropped[] {
  return Object.entries(resets).flatMap(([property, reset]) => {
    const [key = "", ...parents] = property.split(".").reverse();
    const owner = valueAt(news, parents.reverse());
    const isDropped =
      typeof owner === "object" &&
      owner !== null &&
      isLeftOut(Reflect.get(owner, key)) &&
      !isLeftOut(valueAt(asked, property)) &&
      !changed.some((other) => isWithin(property, other) || isWithin(other, property));
    if (!isDropped) return [];
    const sentence = `${property} is no longer in the program: it stays as it is on the service, and is not managed from now on. ${reset}`;
    return [{ property, sentence }];
  });
}

function isWithin(property: string, other: string): boolean {
  return property === other || property.startsWith(`${other}.`);
}

/** Values of arguments of which Pulumi would pass nothing on to the provider, without an error. */
import { forProgram } from "../resource/errors";

const lost: readonly [isLost: (value: unknown) => boolean, kind: string, advice: string][] = [
  [(value) => value instanceof Map, "a Map", "Object.fromEntries(map)"],
  [(value) => value instanceof Set, "a Set", "[...set]"],
  [(value) => value instanceof Date, "a Date", "date.toISOString()"],
  [(value) => value instanceof URL, "a URL", "url.href"],
  [(value) => typeof value === "bigint", "a bigint", "Number(value)"],
  [(value) => typeof value === "function", "a function", "the value that it returns"],
];

/** Refuses arguments with a value that would arrive as an empty object, or not at all. */
export function refuseLostValues(subject: string, args: object): void {
  for (const [name, value] of Object.entries(args)) refuseIn(subject, name, value);
}

function refuseIn(subject: string, path: string, value: unknown): void {
  const [, kind, advice] = lost.find(([isLost]) => isLost(value)) ?? [];
  if (kind !== undefined) {
    throw forProgram(
      new Error(
        `${subject}: ${path} is ${kind}, which Pulumi does not pass on to a provider. Give ${advice}.`,
      ),
    );
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseIn(subject, `${path}[${index}]`, item);
    });
  } else if (isPlainObject(value)) {
    for (const [key, member] of Object.entries(value)) refuseIn(subject, `${path}.${key}`, member);
  }
}

/** Outputs, promises and resources are of a class. */
function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Secrets as they stand in responses of a plugin and in exported state. */
import type { Properties } from "./plugin-client";

/** The engine's mark of a secret, and what it says. */
const secretKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** The value as a response makes it secret. */
export function secretOf(value: unknown): Properties {
  return { [secretKey]: secretMark, value };
}

/**
 * The values as the engine hands them to a provider that takes no secrets: without their marks, be
 * they those of a response or those of an exported state.
 */
export function plain<Value>(value: Value): Value {
  return plainOf(value) as Value;
}

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  if (secretKey in value) {
    const { value: responded, plaintext } = value as { value?: unknown; plaintext?: string };
    return plainOf(plaintext === undefined ? responded : JSON.parse(plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainOf(member)]));
}

/** The arguments that outputs carry: the names of those that the outputs repeat, and the others with their values. */
export function askedIn(outputs: Properties): Properties {
  const { __asked: names, __inputs: others, ...values } = plain(outputs);
  return {
    ...Object.fromEntries(((names ?? []) as string[]).map((name) => [name, values[name]])),
    ...(others as Properties | undefined),
  };
}

/** Whether the response reports the value outside of what it makes secret. */
export function reports(response: unknown, value: string): boolean {
  if (typeof response === "string") return response.includes(value);
  if (typeof response !== "object" || response === null || secretKey in response) return false;
  return Object.values(response).some((member) => reports(member, value));
}

/**
 * What may go into a stack's state.
 *
 * Pulumi's dynamic server fails on `undefined` after the object exists, hangs on it inside an error,
 * and turns NaN into null without a word. Everything passes here on its way out.
 */

/** The engine's mark of a secret; it wraps the value that it makes secret. */
const secretKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value of the state is wrapped as a secret, in plain or encrypted. */
export function isSecret(value: object): boolean {
  return Reflect.get(value, secretKey) === secretMark;
}

/** A copy without `undefined` at any depth. Throws on what JSON cannot carry. */
export function toStorable<Value>(value: Value, path = "value"): Value {
  return storableCopy(value, path) as Value;
}

function storableCopy(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      item === undefined ? [] : [storableCopy(item, `${path}[${index}]`)],
    );
  }
  if (
    typeof value === "object" &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  ) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, storableCopy(member, `${path}.${key}`)]),
    );
  }
  const what = typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
  throw new TypeError(
    `${path} cannot be kept in the stack's state: it is a ${what} (${String(value)}).`,
  );
}

/** The value as the engine takes it for a secret: encrypted in state, `[secret]` on the screen. */
export function asSecret(value: unknown): Record<string, unknown> {
  return { [secretKey]: secretMark, value };
}

/** What the engine's mark makes secret; undefined where the value has no such mark. */
export function markedAsSecret(value: object): { readonly value: unknown } | undefined {
  return isSecret(value) ? { value: Reflect.get(value, "value") } : undefined;
}

/** The value without the marks of its secrets, at any depth. */
export function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const secret = markedAsSecret(value);
  return secret !== undefined
    ? withoutMarks(secret.value)
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMarks(member)]));
}

/**
 * The values with their secrets in the form of files: that of `pulumi stack export --show-secrets` and of
 * `pulumi import --file`.
 */
export function inFileForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inFileForm);
  if (typeof value !== "object" || value === null) return value;
  const secret = markedAsSecret(value);
  return secret !== undefined
    ? { [secretKey]: secretMark, plaintext: JSON.stringify(secret.value) }
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inFileForm(member)]));
}

/**
 * Whether the resource is in state, by its old inputs or its outputs: the engine passes none of one that is new or being
 * replaced, and none to a read of what is imported or only read.
 */
export function isInState(values: object): boolean {
  return Object.keys(values).length > 0;
}

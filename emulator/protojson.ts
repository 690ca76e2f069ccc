// Reads request bodies as the service's protobuf JSON reader does: positions in its messages, 64-bit integers
// as number or string, camelCase beside snake_case, null as "not set". Plain JSON.parse knows no positions.

import { invalidArgument } from "./errors";

/**
 * The type of a field in a request. A duration is read into the text that answers show ("1.500s"), a timestamp
 * stays as it came.
 */
export type Field =
  | "bool"
  | "duration"
  | "int32"
  | "int64"
  | "string"
  | "timestamp"
  | { readonly enumeration: readonly string[] }
  | { readonly list: Field }
  | { readonly map: Field }
  | { readonly message: MessageShape };

/** The fields of a request message, by their snake_case names. */
export interface MessageShape {
  /** The message's name, which some errors quote. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** What happens to keys that the message does not have. */
export type UnknownKeys = "ignored" | "refused";

type JsonNode = { readonly at: number; readonly raw: string } & (
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, number, JsonNode])[] }
);

/**
 * Reads a body into an object with the message's snake_case keys; 64-bit integers become strings.
 * @throws an invalid argument with the reader's own wording.
 */
export function readMessage<Message>(
  text: string,
  shape: MessageShape,
  unknownKeys: UnknownKeys = "ignored",
): Message {
  const reader = new Reader(text);
  const root = reader.document();
  return decodeMessage(reader, root, shape, unknownKeys) as Message;
}

/** Only the JSON syntax of a body, for its keys and values as they came. */
export function parseLoosely(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function decodeMessage(
  reader: Reader,
  node: JsonNode,
  shape: MessageShape,
  unknownKeys: UnknownKeys,
): Record<string, unknown> {
  if (node.kind !== "object") {
    throw reader.error(node.at, `unexpected token ${node.raw}`);
  }
  const message: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [key, at, value] of node.entries) {
    const name = fieldName(key, shape);
    const field = name === undefined ? undefined : shape.fields[name];
    if (name === undefined || field === undefined) {
      if (unknownKeys === "refused") {
        // The wording of a field mask that is derived from the keys of the body.
        throw invalidArgument(`could not find field "${key}" in "${shape.name}"`);
      }
      continue;
    }
    if (seen.has(name)) {
      throw reader.error(at, `duplicate field "${key}"`);
    }
    seen.add(name);
    if (value.kind !== "null") {
      message[name] = decode(reader, value, field, unknownKeys);
    }
  }
  return message;
}

function fieldName(key: string, shape: MessageShape): string | undefined {
  if (Object.hasOwn(shape.fields, key)) {
    return key;
  }
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return !key.includes("_") && Object.hasOwn(shape.fields, snake) ? snake : undefined;
}

function decode(reader: Reader, node: JsonNode, field: Field, unknownKeys: UnknownKeys): unknown {
  if (typeof field === "object") {
    return decodeComposite(reader, node, field, unknownKeys);
  }
  switch (field) {
    case "string":
      if (node.kind === "string") {
        return node.value;
      }
      break;
    case "bool":
      if (node.kind === "boolean") {
        return node.value;
      }
      break;
    case "duration":
    case "timestamp":
      if (node.kind === "string") {
        const text = field === "duration" ? durationOf(node.value) : timestampOf(node.value);
        if (text === undefined) {
          const type = field === "duration" ? "Duration" : "Timestamp";
          throw reader.error(node.at, `invalid google.protobuf.${type} value ${node.raw}`);
        }
        return text;
      }
      throw reader.error(node.at, `unexpected token ${node.raw}`);
    case "int32":
    case "int64": {
      const integer = integerOf(node, field);
      if (integer !== undefined) {
        return field === "int64" ? String(integer) : Number(integer);
      }
      break;
    }
  }
  if (node.kind === "object" || node.kind === "array") {
    throw reader.error(node.at, `unexpected token ${node.raw}`);
  }
  throw reader.error(node.at, `invalid value for ${field} type: ${node.raw}`);
}

function decodeComposite(
  reader: Reader,
  node: JsonNode,
  field: Exclude<Field, string>,
  unknownKeys: UnknownKeys,
): unknown {
  if ("enumeration" in field) {
    if (node.kind === "string" && field.enumeration.includes(node.value)) {
      return node.value;
    }
    throw reader.error(node.at, `invalid value for enum type: ${node.raw}`);
  }
  if ("message" in field) {
    return decodeMessage(reader, node, field.message, unknownKeys);
  }
  if ("list" in field && node.kind === "array") {
    return node.items.map((item) => decode(reader, item, field.list, unknownKeys));
  }
  if ("map" in field && node.kind === "object") {
    const map: Record<string, unknown> = Object.create(null);
    for (const [key, at, value] of node.entries) {
      if (Object.hasOwn(map, key)) {
        throw reader.error(at, `duplicate map key "${key}"`);
      }
      map[key] = decode(reader, value, field.map, unknownKeys);
    }
    return { ...map };
  }
  throw reader.error(node.at, `unexpected token ${node.raw}`);
}

function integerOf(node: JsonNode, type: "int32" | "int64"): bigint | undefined {
  const limit = type === "int32" ? 1n << 31n : 1n << 63n;
  let integer: bigint;
  if (node.kind === "string" && /^-?\d+$/.test(node.value)) {
    integer = BigInt(node.value);
  } else if (node.kind === "number" && /^-?\d+$/.test(node.raw)) {
    integer = BigInt(node.raw);
  } else if (node.kind === "number" && Number.isSafeInteger(node.value)) {
    integer = BigInt(node.value);
  } else {
    return undefined;
  }
  return integer >= -limit && integer < limit ? integer : undefined;
}

// As the service writes durations: whole seconds, or with three, six or nine digits.
function durationOf(text: string): string | undefined {
  const [, sign = "", whole, fraction = ""] = /^([-+]?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
  if (whole === undefined || Number(whole) > 315_576_000_000) {
    return undefined;
  }
  const digits = fraction.replace(/0+$/, "");
  const padded = digits.padEnd(Math.ceil(digits.length / 3) * 3, "0");
  const amount = `${BigInt(whole)}${padded === "" ? "" : `.${padded}`}`;
  return `${sign === "-" && Number(amount) !== 0 ? "-" : ""}${amount}s`;
}

function timestampOf(text: string): string | undefined {
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text);
  return isWritten && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const quoted = /"(?:[^"\\]|\\[\s\S])*"/y;
const space = /[ \t\r\n]*/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  error(at: number, message: string, kind = ""): Error {
    const before = this.#text.slice(0, at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return invalidArgument(`proto: ${kind}(line ${before.length}:${column}): ${message}`);
  }

  document(): JsonNode {
    const node = this.#value();
    this.#space();
    if (this.#at < this.#text.length) {
      throw this.#unexpected();
    }
    return node;
  }

  #value(): JsonNode {
    this.#space();
    const at = this.#at;
    const first = this.#text[at];
    if (first === "{") {
      return { kind: "object", at, raw: "{", entries: this.#entries() };
    }
    if (first === "[") {
      return { kind: "array", at, raw: "[", items: this.#items() };
    }
    if (first === '"') {
      const value = this.#string();
      return { kind: "string", at, raw: this.#text.slice(at, this.#at), value };
    }
    const word = this.#match(literal);
    if (word === undefined) {
      throw this.#unexpected();
    }
    if (word === "null") {
      return { kind: "null", at, raw: word };
    }
    return word === "true" || word === "false"
      ? { kind: "boolean", at, raw: word, value: word === "true" }
      : { kind: "number", at, raw: word, value: Number(word) };
  }

  #entries(): (readonly [string, number, JsonNode])[] {
    const entries: (readonly [string, number, JsonNode])[] = [];
    this.#at += 1;
    if (this.#take("}")) {
      return entries;
    }
    do {
      this.#space();
      const at = this.#at;
      if (this.#text[at] !== '"') {
        throw this.#unexpected();
      }
      const key = this.#string();
      this.#expect(":");
      entries.push([key, at, this.#value()]);
    } while (this.#take(","));
    this.#expect("}");
    return entries;
  }

  #items(): JsonNode[] {
    const items: JsonNode[] = [];
    this.#at += 1;
    if (this.#take("]")) {
      return items;
    }
    do {
      items.push(this.#value());
    } while (this.#take(","));
    this.#expect("]");
    return items;
  }

  #string(): string {
    const at = this.#at;
    const raw = this.#match(quoted);
    if (raw === undefined) {
      throw this.#unexpected();
    }
    const value = parseLoosely(raw);
    // What does not parse comes back as it was, still in its quotes.
    if (value === raw) {
      throw this.error(at, `invalid string ${raw}`, "syntax error ");
    }
    return String(value);
  }

  /** Steps over what the pattern finds at the current place. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #space(): void {
    this.#match(space);
  }

  #take(token: string): boolean {
    this.#space();
    const found = this.#text[this.#at] === token;
    if (found) {
      this.#at += 1;
    }
    return found;
  }

  #expect(token: string): void {
    if (!this.#take(token)) {
      throw this.#unexpected();
    }
  }

  #unexpected(): Error {
    const token = /^(?:\w+|[\s\S])/.exec(this.#text.slice(this.#at, this.#at + 20))?.[0] ?? "";
    return token === ""
      ? this.error(this.#at, "unexpected end of input", "syntax error ")
      : this.error(this.#at, `invalid value ${token}`, "syntax error ");
  }
}

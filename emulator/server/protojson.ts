// Reads request bodies as the service's gateway does: first as JSON, then as protobuf-go's protojson reads JSON into a
// message. With positions in its messages, integers as numbers or strings, enums by name or number, camelCase beside
// snake_case, and null as "not set".

import { invalidArgument, invalidValue } from "./errors";
import { endOfValue, firstValue, skipSpace } from "./json-syntax";
import { durationOf, outOfRange, timestampOf } from "./protobuf-values";

/**
 * The type of a field in a request. Durations and timestamps are read into the text that responses show ("1.500s",
 * "2026-06-01T00:00:00Z").
 */
export type Field =
  | "bool"
  | "duration"
  | "int32"
  | "int64"
  /** Any value, as it is. */
  | "json"
  | "string"
  | "timestamp"
  /** Names in the order of their numbers, from 1; 0 is "unspecified" and reads as not set. */
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

/** A version of protobuf-go whose reading of JSON is known. */
export type ProtobufVersion = "1.28" | "1.33" | "1.36";

/** What differs between readers. */
export interface ReadingRules {
  /** What happens to keys that the message does not have. @default "ignored" */
  readonly unknownKeys?: "ignored" | "refused";
  /** @default "1.28" */
  readonly protobufVersion?: ProtobufVersion;
}

/**
 * Reads a body into an object with the message's snake_case keys; 64-bit integers become strings. A body with nothing
 * in it is an empty message.
 * @throws an invalid argument with the reader's own wording.
 */
export function readMessage<Message>(
  text: string,
  shape: MessageShape,
  { unknownKeys = "ignored", protobufVersion = "1.28" }: ReadingRules = {},
): Message {
  const value = firstValue(text);
  if (value === "") {
    return {} as Message;
  }
  return new Reader(value, unknownKeys, protobufVersion).document(shape) as Message;
}

/** Only the JSON syntax of a body, for its keys and values as they came. */
export function parseLoosely(text: string): unknown {
  if (text === "") {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return firstOf(text);
  }
}

/** The value that something follows, or what is no JSON as it is. */
function firstOf(text: string): unknown {
  try {
    const value = firstValue(text);
    return value === "" ? undefined : JSON.parse(value);
  } catch {
    return text;
  }
}

/** A value in the text: where it begins, and its text, of objects and lists the bracket only. */
interface Token {
  readonly at: number;
  readonly raw: string;
}

// The text is known to be well-formed, so what is searched for here exists.
class Reader {
  readonly #text: string;
  readonly #unknownKeys: "ignored" | "refused";
  readonly #version: ProtobufVersion;
  #at = 0;

  constructor(text: string, unknownKeys: "ignored" | "refused", version: ProtobufVersion) {
    this.#text = text;
    this.#unknownKeys = unknownKeys;
    this.#version = version;
  }

  document(shape: MessageShape): Record<string, unknown> {
    this.#checkSurrogates();
    return this.#message(shape);
  }

  #error(at: number, message: string, kind = ""): Error {
    const lines = this.#text.slice(0, at).split("\n");
    const column = [...(lines.at(-1) ?? "")].length + 1;
    return invalidArgument(`proto: ${kind}(line ${lines.length}:${column}): ${message}`);
  }

  #unexpected({ at, raw }: Token): Error {
    return this.#error(at, `unexpected token ${raw}`, "syntax error ");
  }

  #invalid({ at, raw }: Token, type: string, field: string): Error {
    const what = this.#version === "1.36" ? `${type} field ${camelCase(field)}` : `${type} type`;
    return this.#error(at, `invalid value for ${what}: ${raw}`);
  }

  #message(shape: MessageShape): Record<string, unknown> {
    const message: Record<string, unknown> = {};
    const seen = new Set<string>();
    this.#entries((key, token) => {
      const name = fieldName(key, shape);
      const field = name === undefined ? undefined : shape.fields[name];
      if (name === undefined || field === undefined) {
        if (this.#unknownKeys === "refused") {
          // The wording of a field mask that is derived from the keys of the body.
          throw invalidArgument(`could not find field "${key}" in "${shape.name}"`);
        }
        this.#token();
        return;
      }
      if (seen.has(name)) {
        throw this.#error(token.at, `duplicate field ${token.raw}`);
      }
      seen.add(name);
      if (this.#peek().raw === "null") {
        this.#token();
        return;
      }
      const value = this.#value(field, name);
      if (value !== undefined) {
        message[name] = value;
      }
    });
    return message;
  }

  #map(field: Field): Record<string, unknown> {
    // Without a prototype, so that "__proto__" is a key as any other.
    const map: Record<string, unknown> = Object.create(null);
    this.#entries((key, token) => {
      if (Object.hasOwn(map, key)) {
        throw this.#error(token.at, `duplicate map key ${token.raw}`);
      }
      const value = this.#value(field, "value");
      if (value !== undefined) {
        map[key] = value;
      }
    });
    return { ...map };
  }

  /** Reads a value; undefined for one that counts as not set. */
  #value(field: Field, name: string): unknown {
    if (typeof field === "object") {
      if ("message" in field) {
        return this.#message(field.message);
      }
      if ("map" in field) {
        return this.#map(field.map);
      }
      if ("list" in field) {
        return this.#list(field.list, name);
      }
      return this.#enumeration(field.enumeration, name);
    }
    if (field === "json") {
      const { at } = this.#token();
      return JSON.parse(this.#text.slice(at, this.#at));
    }
    const token = this.#token();
    const text = textOf(token);
    switch (field) {
      case "string":
        if (text !== undefined) {
          return text;
        }
        break;
      case "bool":
        if (token.raw === "true" || token.raw === "false") {
          return token.raw === "true";
        }
        break;
      case "int32":
      case "int64": {
        const integer = integerOf(text ?? token.raw, field);
        if (integer !== undefined) {
          return field === "int64" ? String(integer) : Number(integer);
        }
        break;
      }
      case "duration":
      case "timestamp": {
        if (text === undefined) {
          throw this.#unexpected(token);
        }
        const read = field === "duration" ? durationOf(text) : this.#timestamp(text);
        if (read === undefined || read === outOfRange) {
          const type = `google.protobuf.${field === "duration" ? "Duration" : "Timestamp"}`;
          throw this.#error(
            token.at,
            read === undefined
              ? `invalid ${type} value ${token.raw}`
              : `${type} value out of range: ${token.raw}`,
          );
        }
        return read;
      }
    }
    throw this.#invalid(token, field, name);
  }

  // Of fractions after a comma no version counts the digits.
  #timestamp(text: string): ReturnType<typeof timestampOf> {
    return this.#version !== "1.28" && /\.\d{10}/.test(text) ? undefined : timestampOf(text);
  }

  #enumeration(names: readonly string[], field: string): string | undefined {
    const token = this.#token();
    const text = textOf(token);
    if (text !== undefined) {
      if (names.includes(text)) {
        return text;
      }
      // Protobuf's convention for the name of zero, which the API's document leaves out.
      if (text.endsWith("_UNSPECIFIED") || this.#version !== "1.28") {
        return undefined;
      }
      throw this.#invalid(token, "enum", field);
    }
    const number = Number(integerOf(token.raw, "int32") ?? Number.NaN);
    if (Number.isNaN(number)) {
      throw this.#invalid(token, "enum", field);
    }
    const name = names[number - 1];
    if (name === undefined && number !== 0) {
      // The reader lets it pass, so that the service itself has to refuse it.
      throw invalidValue(`invalid ${field}: ${number}`);
    }
    return name;
  }

  #list(field: Field, name: string): unknown[] {
    const items: unknown[] = [];
    this.#open("[");
    while (!this.#takes("]")) {
      const item = this.#value(field, name);
      if (item !== undefined) {
        items.push(item);
      }
      this.#takes(",");
    }
    return items;
  }

  /** Reads an object; the callback has to read the value of each entry. */
  #entries(read: (key: string, token: Token) => void): void {
    this.#open("{");
    while (!this.#takes("}")) {
      const token = this.#token();
      this.#takes(":");
      read(textOf(token) ?? "", token);
      this.#takes(",");
    }
  }

  #open(bracket: "[" | "{"): void {
    if (!this.#takes(bracket)) {
      throw this.#unexpected(this.#peek());
    }
  }

  #takes(character: string): boolean {
    this.#at = skipSpace(this.#text, this.#at);
    const found = this.#text[this.#at] === character;
    this.#at += found ? 1 : 0;
    return found;
  }

  /** Steps over the next value. */
  #token(): Token {
    const token = this.#peek();
    this.#at = endOfValue(this.#text, token.at);
    return token;
  }

  #peek(): Token {
    const at = skipSpace(this.#text, this.#at);
    const first = this.#text.charAt(at);
    const isBracket = first === "{" || first === "[";
    return { at, raw: isBracket ? first : this.#text.slice(at, endOfValue(this.#text, at)) };
  }

  /** Refuses half of a UTF-16 pair, in strings of unknown keys too. */
  #checkSurrogates(): void {
    const escapes = /\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]|(u[dD][89a-fA-F]..)|.)/g;
    for (const string of this.#text.matchAll(/"(?:[^"\\]+|\\.)*"/g)) {
      for (const { index, 0: escaped, 1: half } of string[0].matchAll(escapes)) {
        if (half !== undefined) {
          const end = string.index + index + escaped.length;
          const next = this.#text.slice(end, end + 6);
          throw next.length < 6
            ? invalidArgument("proto: unexpected EOF")
            : this.#error(
                string.index,
                `invalid escape code ${JSON.stringify(next)} in string`,
                "syntax error ",
              );
        }
      }
    }
  }
}

function textOf({ raw }: Token): string | undefined {
  return raw.startsWith('"') ? (JSON.parse(raw) as string) : undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function fieldName(key: string, shape: MessageShape): string | undefined {
  if (Object.hasOwn(shape.fields, key)) {
    return key;
  }
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return !key.includes("_") && Object.hasOwn(shape.fields, snake) ? snake : undefined;
}

/** The integer that a JSON number stands for: `3`, `3.0` and `30e-1` are the same. */
function integerOf(text: string, type: "int32" | "int64"): bigint | undefined {
  const [, sign = "", whole, fraction = "", exponent = "0"] =
    /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) {
    return undefined;
  }
  const [, digits = "", zeros = ""] = /^0*(\d*?)(0*)$/.exec(whole + fraction) ?? [];
  if (digits === "") {
    return 0n;
  }
  const power = Number(exponent) - fraction.length + zeros.length;
  const limit = type === "int32" ? 1n << 31n : 1n << 63n;
  if (power < 0 || digits.length + power > String(limit).length) {
    return undefined;
  }
  const integer = BigInt(`${sign}${digits}${"0".repeat(power)}`);
  return integer >= -limit && integer < limit ? integer : undefined;
}

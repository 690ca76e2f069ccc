// The syntax of request bodies as Go's encoding/json checks it, which the service's gateway does before anything
// else: the first value counts, and what follows it is not read.

import { invalidArgument } from "./errors";

const maxDepth = 10_000;
const patterns = {
  minus: /-/y,
  zero: /0/y,
  point: /\./y,
  exponent: /[eE][-+]?/y,
  digits: /\d+/y,
  /** None that ends a string or is a control character. */
  characters: /(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y,
  quote: /"/y,
  backslash: /\\/y,
  unicodeEscape: /u[0-9a-fA-F]*/y,
};
const goEscapes: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "'": "\\'",
  "\\": "\\\\",
};

/** Returns the text of the first JSON value, "" when there is none. @throws when it is malformed. */
export function firstValue(text: string): string {
  const start = skipSpace(text, 0);
  return text.slice(start, start === text.length ? start : endOfValue(text, start));
}

/** Returns the place of the first character that is no white space. */
export function skipSpace(text: string, at: number): number {
  let next = at;
  while (" \t\r\n".includes(text[next] ?? "end")) {
    next += 1;
  }
  return next;
}

/** Returns where the value ends that begins here. Not recursive, so that deep nesting is harmless. */
export function endOfValue(text: string, start: number): number {
  const cursor = new Cursor(text, start);
  const closers: ("}" | "]")[] = [];
  do {
    let closer = cursor.opens();
    if (closer === undefined) {
      cursor.scalar();
    } else {
      closers.push(closer);
      if (closers.length > maxDepth) {
        throw cursor.error("exceeded max depth", -1);
      }
      if (!cursor.takes(closer)) {
        if (closer === "}") {
          cursor.key();
        }
        continue;
      }
      closers.pop();
    }
    for (closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
      if (cursor.takes(",")) {
        if (closer === "}") {
          cursor.key();
        }
        break;
      }
      if (!cursor.takes(closer)) {
        throw cursor.error(closer === "}" ? "after object key:value pair" : "after array element");
      }
      closers.pop();
    }
  } while (closers.length > 0);
  return cursor.at;
}

class Cursor {
  at: number;
  readonly #text: string;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** @param context Where the character is wrong, in the words of encoding/json. */
  error(context: string, offset = 0): Error {
    const point = this.#text.codePointAt(this.at + offset);
    if (point === undefined) {
      return invalidArgument("unexpected EOF");
    }
    // Go reads bytes: of a character outside ASCII it names the first one.
    const [byte = 0] = Buffer.from(String.fromCodePoint(point));
    const character = String.fromCharCode(byte);
    const isControl = byte < 0x20 || byte === 0x7f;
    const hex = `\\x${byte.toString(16).padStart(2, "0")}`;
    return invalidArgument(
      `invalid character '${goEscapes[character] ?? (isControl ? hex : character)}' ${context}`,
    );
  }

  /** Steps over white space and this character, if it comes next. */
  takes(character: string): boolean {
    this.at = skipSpace(this.#text, this.at);
    const found = this.#text[this.at] === character;
    this.at += found ? 1 : 0;
    return found;
  }

  /** Steps into an object or a list, and returns what closes it. */
  opens(): "}" | "]" | undefined {
    return this.takes("{") ? "}" : this.takes("[") ? "]" : undefined;
  }

  key(): void {
    if (!this.takes('"')) {
      throw this.error("looking for beginning of object key string");
    }
    this.#restOfString();
    if (!this.takes(":")) {
      throw this.error("after object key");
    }
  }

  scalar(): void {
    const first = this.#text[this.at] ?? "";
    const word = { t: "true", f: "false", n: "null" }[first];
    if (this.takes('"')) {
      this.#restOfString();
    } else if (word !== undefined) {
      this.#word(word);
    } else if (/[-\d]/.test(first)) {
      this.#number();
    } else {
      throw this.error("looking for beginning of value");
    }
  }

  #word(word: string): void {
    for (const letter of word) {
      if (this.#text[this.at] !== letter) {
        throw this.error(`in literal ${word} (expecting '${letter}')`);
      }
      this.at += 1;
    }
  }

  #number(): void {
    this.#match(patterns.minus);
    if (!this.#match(patterns.zero)) {
      this.#digits("in numeric literal");
    }
    if (this.#match(patterns.point)) {
      this.#digits("after decimal point in numeric literal");
    }
    if (this.#match(patterns.exponent)) {
      this.#digits("in exponent of numeric literal");
    }
  }

  #digits(context: string): void {
    if (!this.#match(patterns.digits)) {
      throw this.error(context);
    }
  }

  #restOfString(): void {
    this.#match(patterns.characters);
    if (this.#match(patterns.quote)) {
      return;
    }
    if (!this.#match(patterns.backslash)) {
      throw this.error("in string literal");
    }
    throw this.#match(patterns.unicodeEscape)
      ? this.error("in \\u hexadecimal character escape")
      : this.error("in string escape code");
  }

  /** Steps over what the sticky expression finds at the current place. */
  #match(expression: RegExp): boolean {
    expression.lastIndex = this.at;
    const found = expression.test(this.#text);
    this.at = found ? expression.lastIndex : this.at;
    return found;
  }
}

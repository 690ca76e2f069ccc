// Filters of RFC 7644, section 3.4.2.2: `userName eq "ada@example.com" and active eq true`, also of one of several
// values: `emails[type eq "work"]`.

import { invalidValue } from "../server/errors";
import { parseLoosely } from "../server/protojson";

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether an object is wanted. */
export type Filter = (object: Json) => boolean;

const operators: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  co: (left, right) => left.includes(right),
  sw: (left, right) => left.startsWith(right),
  ew: (left, right) => left.endsWith(right),
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};

/** Reads a filter. @param names The attributes that there are. @throws invalid argument for what is none. */
export function filterOf(text: string, names: readonly string[]): Filter {
  return new Parser(text, names).whole();
}

/** The name that an attribute has, whatever the case in which it is written. */
export function attributeName(written: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.toLowerCase() === written.toLowerCase());
}

class Parser {
  readonly #text: string;
  readonly #names: readonly string[];
  readonly #tokens: string[];

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#names = names;
    this.#tokens = text.match(/"(?:[^"\\]|\\.)*"|[()[\]]|[^\s()[\]"]+|"/g) ?? [];
  }

  whole(): Filter {
    const filter = this.#either();
    if (this.#tokens.length > 0) {
      throw this.#refusal();
    }
    return filter;
  }

  #either(): Filter {
    const left = this.#both();
    if (!this.#takes("or")) {
      return left;
    }
    const right = this.#either();
    return (object) => left(object) || right(object);
  }

  #both(): Filter {
    const left = this.#single();
    if (!this.#takes("and")) {
      return left;
    }
    const right = this.#both();
    return (object) => left(object) && right(object);
  }

  #single(): Filter {
    if (this.#takes("not")) {
      const filter = this.#single();
      return (object) => !filter(object);
    }
    if (this.#takes("(")) {
      const filter = this.#either();
      this.#expect(")");
      return filter;
    }
    return this.#comparison();
  }

  #comparison(): Filter {
    const [written = "", sub] = (this.#tokens.shift() ?? "").split(".");
    const name = attributeName(written, this.#names);
    if (name === undefined) {
      throw this.#refusal();
    }
    if (this.#takes("[")) {
      // What is inside is about the values of the attribute, whose names the parser does not know.
      const inner = new Parser(this.#upTo("]"), [
        "value",
        "display",
        "type",
        "primary",
        "ref",
      ]).whole();
      return (object) => itemsOf(object[name]).some((item) => inner(item));
    }
    const values = (object: Json) => textsOf(object[name], sub, name === "externalId");
    const operator = this.#tokens.shift()?.toLowerCase() ?? "";
    if (operator === "pr") {
      return (object) => values(object).some((value) => value !== "");
    }
    const compare = operators[operator];
    const operand = this.#tokens.shift();
    if (compare === undefined || operand === undefined) {
      throw this.#refusal();
    }
    const [wanted = ""] = textsOf(this.#literal(operand), undefined, name === "externalId");
    return (object) => values(object).some((value) => compare(value, wanted));
  }

  #literal(token: string): unknown {
    const value = parseLoosely(token);
    if (value === token) {
      throw this.#refusal();
    }
    return value;
  }

  #takes(word: string): boolean {
    if (this.#tokens[0]?.toLowerCase() !== word) {
      return false;
    }
    this.#tokens.shift();
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) {
      throw this.#refusal();
    }
  }

  #upTo(end: string): string {
    const at = this.#tokens.indexOf(end);
    if (at < 0) {
      throw this.#refusal();
    }
    return this.#tokens
      .splice(0, at + 1)
      .slice(0, -1)
      .join(" ");
  }

  #refusal(): Error {
    return invalidValue(`invalid filter '${this.#text}'`);
  }
}

function itemsOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** The texts of an attribute: of several values, `value` stands for each. */
function textsOf(value: unknown, sub: string | undefined, isCaseExact: boolean): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json) => textsOf(item[sub ?? "value"], undefined, isCaseExact));
  }
  if (typeof value === "object" && value !== null) {
    return sub === undefined ? [] : textsOf((value as Json)[sub], undefined, isCaseExact);
  }
  const text = String(value ?? "");
  return [isCaseExact ? text : text.toLowerCase()];
}

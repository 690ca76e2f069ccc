// Keeps secrets out of everything that can be read later: messages, causes, debug output.

import { withoutStack } from "./without-stack";

const mask = "[redacted]";

// The format of a Cloud API key, so that any key in a message is masked. Its first two parts are its id, which is no
// secret.
const anyApiKey = /CCDB\d+_[A-Za-z0-9]+_[A-Za-z0-9]+/g;

/** What follows the id in a key. */
const oneApiKey = /^CCDB\d+_[A-Za-z0-9]+(_[A-Za-z0-9]+)$/;

/** Substrings of this length are masked, too, where a longer secret was cut. */
const pieceLength = 12;

/** A shorter secret is masked only as a whole word: inside one it reveals nothing. */
const minLengthInsideWords = 6;

/** Masks the secrets it was made with, in any text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that masks `secrets`, pieces of long ones, and any API key. Escapes of JSON, URLs and
 * HTML are decoded, also nested, and so is base64.
 */
export function redactor(secrets: readonly string[]): Redact {
  let known: Patterns | undefined;
  return (text) => {
    known ??= patternsOf(secrets);
    return withMasks(text.replace(anyApiKey, mask), known);
  };
}

interface Patterns {
  /** Every stretch of `pieceLength` characters of a secret that is at least as long. */
  pieces: ReadonlySet<string>;
  wholes: readonly string[];
}

function patternsOf(secrets: readonly string[]): Patterns {
  const spellings = [...new Set(secrets.filter((secret) => secret !== "").flatMap(spellingsOf))];
  const pieces = spellings.flatMap((spelling) =>
    Array.from({ length: Math.max(0, spelling.length - pieceLength + 1) }, (_, start) =>
      spelling.slice(start, start + pieceLength),
    ),
  );
  return {
    pieces: new Set(pieces),
    wholes: spellings.filter(({ length }) => length < pieceLength),
  };
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // In the middle of something longer, such as `user:password`, it may begin at two other offsets; what
  // the bytes around it have a share in is left out.
  const inside = [1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const whole = shifted.subarray(0, shifted.length - (shifted.length % 3));
    return whole.toString("base64").slice(4);
  });
  const base64 = [
    bytes.toString("base64"),
    ...inside.filter(({ length }) => length >= pieceLength),
  ];
  const urlSafe = base64.map((text) =>
    text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
  );
  const [, afterId = secret] = oneApiKey.exec(secret) ?? [];
  return [afterId, ...base64, ...urlSafe];
}

function withMasks(text: string, known: Patterns): string {
  const found = decodingsOf(text)
    .flatMap((decoding) =>
      placesIn(decoding.text, known).map(
        ([start, end]): Place => [
          decoding.starts?.[start] ?? start,
          decoding.ends?.[end - 1] ?? end,
        ],
      ),
    )
    .sort(([one], [other]) => one - other);
  let masked = "";
  let position = 0;
  let isMasking = false;
  for (const [start, end] of found) {
    if (start > position || !isMasking) masked += text.slice(position, start) + mask;
    isMasking = true;
    position = Math.max(position, end);
  }
  return masked + text.slice(position);
}

/** From here up to, and not including, there. */
type Place = [number, number];

function placesIn(text: string, { pieces, wholes }: Patterns): Place[] {
  const places: Place[] = [];
  if (pieces.size > 0) {
    for (let start = 0; start + pieceLength <= text.length; start += 1) {
      const end = start + pieceLength;
      if (pieces.has(text.slice(start, end))) places.push([start, end]);
    }
  }
  for (const whole of wholes) {
    for (let at = text.indexOf(whole); at >= 0; at = text.indexOf(whole, at + 1)) {
      const end = at + whole.length;
      if (whole.length >= minLengthInsideWords || isWholeWord(text, at, end))
        places.push([at, end]);
    }
  }
  return places;
}

function isWholeWord(text: string, start: number, end: number): boolean {
  const isJoined = (at: number) => /^[\p{L}\p{N}]{2}$/u.test(text.slice(at - 1, at + 1));
  return !isJoined(start) && !isJoined(end);
}

/** A decoded text, with the position of each character in the original. */
interface Decoding {
  text: string;
  /** Absent in the original itself. */
  starts?: readonly number[];
  ends?: readonly number[];
}

const maxNesting = 3;

const escapes: readonly { form: RegExp; meaning: (escaped: string) => string }[] = [
  {
    // JSON, and what Go and Node quote with.
    form: /\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|["'\\/bfnrt])/g,
    meaning: (escaped) =>
      escaped.length > 2
        ? String.fromCharCode(Number.parseInt(escaped.slice(2), 16))
        : ({ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[escaped.charAt(1)] ?? escaped.charAt(1)),
  },
  {
    form: /(?:%[\da-fA-F]{2})+|\+/g,
    meaning: (escaped) =>
      escaped === "+" ? " " : Buffer.from(escaped.replaceAll("%", ""), "hex").toString(),
  },
  {
    form: /&(?:#x[\da-fA-F]{1,6}|#\d{1,7}|amp|lt|gt|quot|apos);/g,
    meaning: (escaped) => {
      const name = escaped.slice(1, -1);
      const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }[name];
      if (named !== undefined) return named;
      const code = name.startsWith("#x")
        ? Number.parseInt(name.slice(2), 16)
        : Number(name.slice(1));
      return code > 0x10_ff_ff ? escaped : String.fromCodePoint(code);
    },
  },
];

/** The text itself, and decoded in every order that makes a difference. */
function decodingsOf(text: string): Decoding[] {
  const all = new Map<string, Decoding>([[text, { text }]]);
  let latest = [...all.values()];
  for (let depth = 0; depth < maxNesting && latest.length > 0; depth += 1) {
    const next = latest.flatMap((decoding) =>
      escapes
        .filter(({ form }) => decoding.text.search(form) >= 0)
        .map(({ form, meaning }) => decodeEscapes(decoding, form, meaning)),
    );
    latest = next.filter((decoding) => !all.has(decoding.text) && all.set(decoding.text, decoding));
  }
  return [...all.values()];
}

function decodeEscapes(
  before: Decoding,
  form: RegExp,
  meaning: (escaped: string) => string,
): Decoding {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  const add = (piece: string, start: number, end: number) => {
    text += piece;
    for (let index = 0; index < piece.length; index += 1) {
      starts.push(before.starts?.[start] ?? start);
      ends.push(before.ends?.[end - 1] ?? end);
    }
  };
  let position = 0;
  for (const { 0: escaped, index } of before.text.matchAll(form)) {
    for (; position < index; position += 1) {
      add(before.text.charAt(position), position, position + 1);
    }
    add(meaning(escaped), index, index + escaped.length);
    position = index + escaped.length;
  }
  for (; position < before.text.length; position += 1) {
    add(before.text.charAt(position), position, position + 1);
  }
  return { text, starts, ends };
}

const maxCauses = 5;

/** Copies the cause of an error, whatever was thrown: see `redactedError`. */
export function redactedCause(cause: unknown, redact: Redact, depth = 0): Error | undefined {
  if (cause === undefined || cause === null || depth > maxCauses) return undefined;
  if (cause instanceof Error) return redactedError(cause, redact, depth);
  return new Error(redact(String(cause)));
}

/**
 * Copies an error without its secrets: name, message, code and its own causes stay, the stack and anything
 * else that hangs on it (sockets, requests, headers) are dropped.
 */
export function redactedError(error: Error, redact: Redact, depth = 0): Error {
  const inner = redactedCause(error.cause, redact, depth + 1);
  const copy = new Error(redact(error.message), inner === undefined ? undefined : { cause: inner });
  copy.name = redact(error.name);
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") Object.assign(copy, { code: redact(code) });
  return withoutStack(copy);
}

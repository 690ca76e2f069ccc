// Keeps secrets out of everything that can be read later: messages, causes, debug output.

import { withoutStack } from "./without-stack";

const mask = "[redacted]";

// The shape of a Cloud API key, so that somebody else's key in a message is masked as well.
const anyApiKey = /CCDB1_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)?/g;

/** So many characters of a longer secret are masked where the rest of it was cut off. */
const pieceLength = 12;

/** A shorter secret is masked only where it is no part of a word: elsewhere it tells nothing. */
const shortestInsideWords = 6;

/** Masks the secrets it was made with, in any text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that masks `secrets`, pieces of long ones, and any API key. Escapes of JSON, URLs and
 * HTML are seen through, also one inside another, and so is base64.
 */
export function redactor(secrets: readonly string[]): Redact {
  let known: Needles | undefined;
  return (text) => {
    known ??= needlesOf(secrets);
    return withMasks(text, known).replace(anyApiKey, mask);
  };
}

interface Needles {
  /** Every stretch of `pieceLength` characters of a secret that is at least as long. */
  pieces: ReadonlySet<string>;
  wholes: readonly string[];
}

function needlesOf(secrets: readonly string[]): Needles {
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
  return [secret, ...base64, ...urlSafe];
}

function withMasks(text: string, known: Needles): string {
  const found = readingsOf(text)
    .flatMap((reading) =>
      placesIn(reading.text, known).map(
        ([start, end]): Place => [reading.starts?.[start] ?? start, reading.ends?.[end - 1] ?? end],
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

function placesIn(text: string, { pieces, wholes }: Needles): Place[] {
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
      if (whole.length >= shortestInsideWords || standsAlone(text, at, end)) places.push([at, end]);
    }
  }
  return places;
}

function standsAlone(text: string, start: number, end: number): boolean {
  const isJoined = (at: number) => /^[\p{L}\p{N}]{2}$/u.test(text.slice(at - 1, at + 1));
  return !isJoined(start) && !isJoined(end);
}

/** A text with escapes undone, and for each of its characters where it stood in the original. */
interface Reading {
  text: string;
  /** Absent in the original itself. */
  starts?: readonly number[];
  ends?: readonly number[];
}

const deepestNesting = 3;

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

/** The text as it is, and with escapes undone in every order that makes a difference. */
function readingsOf(text: string): Reading[] {
  const all = new Map<string, Reading>([[text, { text }]]);
  let latest = [...all.values()];
  for (let depth = 0; depth < deepestNesting && latest.length > 0; depth += 1) {
    const next = latest.flatMap((reading) =>
      escapes
        .filter(({ form }) => reading.text.search(form) >= 0)
        .map(({ form, meaning }) => undone(reading, form, meaning)),
    );
    latest = next.filter((reading) => !all.has(reading.text) && all.set(reading.text, reading));
  }
  return [...all.values()];
}

function undone(before: Reading, form: RegExp, meaning: (escaped: string) => string): Reading {
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

const longestChain = 5;

/** Copies the cause of an error, whatever was thrown: see `redactedError`. */
export function redactedCause(cause: unknown, redact: Redact, depth = 0): Error | undefined {
  if (cause === undefined || cause === null || depth > longestChain) return undefined;
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

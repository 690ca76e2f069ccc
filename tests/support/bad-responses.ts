// Returns of a server that is broken, hostile, or not the API at all, made from good ones.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** A response as it should be. */
export interface GoodResponse {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What is done to a good response; plain data, so that a failing one can be printed and given again. */
export type BadResponse =
  /** Another value at one place of the JSON, as JSON text. */
  | { kind: "value"; place: number; put: string }
  | { kind: "dropped"; place: number }
  /** A second member of the same name. */
  | { kind: "twice"; place: number; put: string }
  | { kind: "body"; text: string; type: string }
  | { kind: "status"; status: number; text: string; location?: string; retryAfter?: string }
  | { kind: "bytes"; how: (typeof byteWays)[number] }
  | { kind: "wire"; how: (typeof wireWays)[number] }
  /** The same next page for ever. */
  | { kind: "loop" }
  /** Every list of the response with 100,000 items. */
  | { kind: "flood" };

const byteWays = [
  "byte order mark",
  "UTF-16",
  "Latin-1",
  "broken gzip",
  "half a gzip",
  "unknown encoding",
  "bomb",
  "50 MB",
] as const;

const wireWays = [
  "silence",
  "reset",
  "length too long",
  "length too short",
  "two lengths",
  "chunks without end",
  "byte by byte",
  "torrent",
  "many headers",
  "long header",
  "garbage",
  "101",
  "103",
  "two responses",
] as const;

/** Of these the client hears neither the end nor a failure: only its time-out ends them. */
const stalling = new Set<string>([
  "silence",
  "length too long",
  "chunks without end",
  "byte by byte",
  "101",
]);

/** Whether only a time-out ends this response. */
export function stalls(bad: BadResponse): boolean {
  return bad.kind === "wire" && stalling.has(bad.how);
}

const deep = 20_000;

const values = fc.constantFrom(
  "null",
  "true",
  "0",
  "-1",
  "1.5",
  "1e400",
  "NaN",
  "9007199254740993",
  '"9223372036854775807"',
  '"99999999999999999999999999"',
  '""',
  '"NaN"',
  '"UNHEARD_OF"',
  '"\\ud800"',
  '"../../x"',
  '"\\u001b[2J\\u0000"',
  JSON.stringify("x".repeat(2_000)),
  "[]",
  "[null]",
  "{}",
  '{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {}}, "toString": 1}',
  "[".repeat(deep) + "]".repeat(deep),
);

const pages = ["", "<html><body>Log in</body></html>", "no", "{}", "null", '{"message": "no"}'];

const statuses = fc.constantFrom(
  201,
  204,
  205,
  206,
  300,
  301,
  302,
  303,
  304,
  307,
  308,
  400,
  401,
  402,
  403,
  404,
  405,
  407,
  408,
  409,
  410,
  413,
  418,
  421,
  423,
  425,
  429,
  431,
  451,
  499,
  500,
  501,
  502,
  503,
  504,
  507,
  511,
  520,
  599,
  999,
);

const long = JSON.stringify({
  code: 13,
  message: `\u001b[31m\n${"m".repeat(200_000)}`,
  details: [],
});

/** Returns of a page, a proxy or a gateway in place of the API. */
export const strangers: fc.Arbitrary<BadResponse> = fc.oneof(
  fc.record({
    kind: fc.constant("body" as const),
    text: fc.constantFrom("<html><body>Log in</body></html>", "no", "[]", "7", '"yes"', "\u0000"),
    type: fc.constantFrom("text/html", "text/plain", "application/json", "image/png"),
  }),
  fc.record(
    {
      kind: fc.constant("status" as const),
      status: statuses.filter((status) => status >= 300),
      text: fc.constantFrom(...pages, long),
      location: fc.constantFrom(
        "https://elsewhere.test/",
        "//elsewhere.test",
        "/x",
        "\\\\",
        "data:x",
      ),
      retryAfter: fc.constantFrom("0", "1", "31536000", "-1", "soon", "1e999"),
    },
    { requiredKeys: ["kind", "status", "text"] },
  ),
);

const place = fc.nat({ max: 999 });

/** Returns of the API that were spoiled. The slow and large ones are rarer than the others. */
export const spoiled: fc.Arbitrary<BadResponse> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant("value" as const), place, put: values }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("dropped" as const), place }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("twice" as const), place, put: values }) },
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant("wire" as const),
      how: fc.constantFrom(...wireWays.filter((way) => way !== "torrent")),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("bytes" as const),
      how: fc.constantFrom(...byteWays.slice(0, 6)),
    }),
  },
  { weight: 2, arbitrary: fc.constant<BadResponse>({ kind: "loop" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<BadResponse>(
      { kind: "bytes", how: "bomb" },
      { kind: "bytes", how: "50 MB" },
      { kind: "wire", how: "torrent" },
      { kind: "flood" },
    ),
  },
);

/** Any bad response. */
export const badResponses = fc.oneof({ weight: 4, arbitrary: spoiled }, strangers);

const hole = "@the place@";

/** Gives the bad response in place of the good one. */
export function give(bad: BadResponse, good: GoodResponse, response: ServerResponse): void {
  const type = "application/json";
  const send = (
    text: string | Buffer,
    headers: Record<string, string> = {},
    status = good.status,
  ) => response.writeHead(status, { "Content-Type": type, ...headers }).end(text);
  switch (bad.kind) {
    case "value":
      send(changedAt(bad.place, good.text, () => [hole]).replace(`"${hole}"`, () => bad.put));
      return;
    case "dropped":
      send(changedAt(bad.place, good.text, () => []));
      return;
    case "twice":
      send(
        changedAt(bad.place, good.text, (value) => [value, hole]).replace(
          `"${hole}"`,
          () => bad.put,
        ),
      );
      return;
    case "body":
      send(bad.text, { "Content-Type": bad.type });
      return;
    case "status":
      send(
        [204, 205, 304].includes(bad.status) ? "" : bad.text,
        {
          ...(bad.location === undefined ? {} : { Location: bad.location }),
          ...(bad.retryAfter === undefined ? {} : { "Retry-After": bad.retryAfter }),
        },
        bad.status,
      );
      return;
    case "bytes":
      sendBytes(bad.how, good.text, send);
      return;
    case "wire":
      misbehave(bad.how, good, response);
      return;
    case "loop":
      send(withMember(good.text, "pagination", { next_page: "again" }));
      return;
    case "flood":
      send(flooded(good.text));
  }
}

/** Puts none, one or several values in place of one member or item. */
function changedAt(place: number, text: string, change: (value: unknown) => unknown[]): string {
  let places = 0;
  const root = parsed(text);
  count(root);
  const wanted = place % places;
  let seen = -1;
  return rendered(root);

  function count(value: unknown): void {
    places += 1;
    if (typeof value === "object" && value !== null) Object.values(value).forEach(count);
  }

  function rendered(value: unknown): string {
    seen += 1;
    if (seen === wanted && value === root) return JSON.stringify(change(value).at(-1)) ?? "";
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const parts = Object.entries(value).flatMap(([name, member]) => {
      const label = Array.isArray(value) ? "" : `${JSON.stringify(name)}:`;
      if (seen + 1 !== wanted) return [label + rendered(member)];
      seen += sizeOf(member);
      return change(member).map((changed) => label + JSON.stringify(changed));
    });
    return Array.isArray(value) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1);
}

function parsed(text: string): unknown {
  return text === "" ? {} : JSON.parse(text);
}

function withMember(text: string, name: string, value: unknown): string {
  return JSON.stringify({ ...(parsed(text) as object), [name]: value });
}

function flooded(text: string): string {
  const many = Object.entries(parsed(text) as object).map(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return [name, value];
    return [name, Array.from({ length: 100_000 }, (_, index) => value[index % value.length])];
  });
  return JSON.stringify(Object.fromEntries(many));
}

const bomb = gzipSync(Buffer.alloc(100_000_000, " "));
const large = Buffer.alloc(50_000_000, " ");

function sendBytes(
  how: (typeof byteWays)[number],
  text: string,
  send: (body: Buffer, headers?: Record<string, string>) => void,
): void {
  const gzip = { "Content-Encoding": "gzip" };
  switch (how) {
    case "byte order mark":
      send(Buffer.from(`\ufeff${text}`));
      return;
    case "UTF-16":
      send(Buffer.from(text, "utf16le"), { "Content-Type": "application/json; charset=utf-16" });
      return;
    case "Latin-1":
      send(
        Buffer.concat([
          Buffer.from('{"m\u00fcll": "'),
          Buffer.from("\u00fc", "latin1"),
          Buffer.from('"}'),
        ]),
      );
      return;
    case "broken gzip":
      send(Buffer.from(text), gzip);
      return;
    case "half a gzip":
      send(gzipSync(text).subarray(0, 20), gzip);
      return;
    case "unknown encoding":
      send(Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer, { "Content-Encoding": "zstd" });
      return;
    case "bomb":
      send(bomb, gzip);
      return;
    case "50 MB":
      send(large);
  }
}

function misbehave(
  how: (typeof wireWays)[number],
  { status, text }: GoodResponse,
  response: ServerResponse,
): void {
  const socket = response.socket;
  if (socket === null) return;
  const length = Buffer.byteLength(text);
  // With the true status: a refusal that says 200 would be a lie that it is unknown from the truth.
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n`;
  const whole = `${head}Content-Length: ${length}\r\n\r\n${text}`;
  switch (how) {
    case "silence":
      return;
    case "reset":
      socket.resetAndDestroy();
      return;
    case "length too long":
      socket.write(`${head}Content-Length: ${length + 100}\r\n\r\n${text}`);
      return;
    case "length too short":
      socket.end(`${head}Content-Length: ${Math.floor(length / 2)}\r\n\r\n${text}`);
      return;
    case "two lengths":
      socket.end(`${head}Content-Length: 1\r\nContent-Length: ${length}\r\n\r\n${text}`);
      return;
    case "chunks without end":
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
      again(socket, "1\r\n \r\n");
      return;
    case "byte by byte":
      socket.write(`${head}Content-Length: 1000000\r\n\r\n`);
      again(socket, " ");
      return;
    case "torrent":
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
      pour(socket);
      return;
    case "many headers":
      socket.end(`${head}${"X: y\r\n".repeat(100_000)}Content-Length: 2\r\n\r\n{}`);
      return;
    case "long header":
      socket.end(`${head}X-Long: ${"x".repeat(1_000_000)}\r\nContent-Length: 2\r\n\r\n{}`);
      return;
    case "garbage":
      socket.end("\u0000\u0001SSH-2.0-what\r\n\r\n");
      return;
    case "101":
      socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
      return;
    case "103":
      socket.end(`${"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100)}${whole}`);
      return;
    case "two responses":
      socket.end(whole + whole);
  }
}

/** Keeps a slow response going until the client is deleted. */
function again(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 1);
  socket.once("close", () => clearInterval(timer));
  socket.on("error", () => undefined);
}

/** Sends as fast as the client reads, until it disconnects. */
function pour(socket: Socket): void {
  const chunk = Buffer.alloc(2 ** 20, " ");
  const part = Buffer.concat([Buffer.from("100000\r\n"), chunk, Buffer.from("\r\n")]);
  const write = () => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on("error", () => undefined);
  socket.on("drain", write);
  write();
}

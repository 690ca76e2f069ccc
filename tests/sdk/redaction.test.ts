import assert from "node:assert/strict";
import { inspect } from "node:util";
import { CockroachCloudClient } from "../../sdk";
import { redactedCause, redactor } from "../../sdk/http/redaction";
import { clientOf, creation } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, cut, failure, hang, json, localServer, reset, text } from "./local-server";

const canary = 'CANARY-key"with+odd/characters=';

const spellings = [
  canary,
  encodeURIComponent(canary),
  JSON.stringify(canary).slice(1, -1),
  Buffer.from(canary).toString("base64"),
  "CANARY",
];

function assertSilent(value: unknown): void {
  const shown = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value),
    value instanceof Error ? value.message : "",
    value instanceof Error ? value.stack : "",
  ].join("\n");
  for (const spelling of spellings) assert.ok(!shown.includes(spelling), shown);
}

const echo: Responder = (response, { headers }) => {
  const message = `bad ${headers["authorization"]} ${encodeURIComponent(canary)}`;
  const base64 = Buffer.from(canary).toString("base64");
  failure(400, 3, `${message} ${base64}`, { "Cc-Trace-Id": base64 })(response, {} as never);
};

describe("The key", () => {
  afterEach(closeServers);

  for (const [title, response] of [
    ["the API repeats it", echo],
    ["the API repeats it in a redirect", text(302, "", { Location: `/?key=${canary}` })],
    ["the key is refused", failure(401, 16, canary)],
    ["a gateway repeats it", text(502, canary)],
    ["the response is not JSON", text(200, canary)],
    ["the response has an unexpected member", json(200, { [canary]: canary, state: canary })],
    ["the connection is reset", reset],
    ["the response breaks off", cut],
  ] as const) {
    it(`is in no error when ${title}`, async () => {
      const server = await localServer([response]);
      const { client, fail } = clientOf(server, { apiKey: canary, transientRetryMs: 1_000 });
      assertSilent(await fail(client.clusters.create(creation)));
      assertSilent(await fail(client.clusters.get("some-id")));
    });
  }

  it("is in no error when nobody listens", async () => {
    const server = await localServer([reset]);
    await closeServers();
    const { client, fail } = clientOf(server, { apiKey: canary });
    assertSilent(await fail(client.clusters.create(creation)));
  });

  it("is in no error when the caller's reason to cancel holds it", async () => {
    const server = await localServer([hang]);
    const { client, fail } = clientOf(server, { apiKey: canary });
    const reason = Object.assign(new Error(canary, { cause: canary }), {
      code: canary,
      key: canary,
    });
    assertSilent(await fail(client.clusters.get("id", { signal: AbortSignal.abort(reason) })));
  });

  it("is not in the client", async () => {
    const jwt = { token: canary, vanityName: "acme" };
    assertSilent(new CockroachCloudClient({ apiKey: canary }));
    assertSilent(new CockroachCloudClient({ jwt }));
    assert.equal(
      inspect(new CockroachCloudClient({ apiKey: canary })),
      "CockroachCloudClient { https://cockroachlabs.cloud }",
    );
  });
});

describe("A password", () => {
  afterEach(closeServers);

  const password = 'CANARY-pass"word<with>&odd/characters=';
  const goJson = JSON.stringify({ password }).replace(
    /[<>&]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  );
  const repeat: Responder = (response, { body }) => {
    const message = `cannot take ${body} nor ${goJson} nor ${password}`;
    failure(400, 3, message, { "Cc-Trace-Id": encodeURIComponent(password) })(
      response,
      {} as never,
    );
  };
  const client = (response: Responder) =>
    localServer([response]).then((server) =>
      clientOf(server, { transientRetryMs: 1_000, throttleRetryMs: 1_000 }),
    );

  for (const [title, response] of [
    ["the API repeats it", repeat],
    ["the user exists", failure(409, 6, `exists: ${JSON.stringify({ password })}`)],
    ["the API is busy with it", failure(503, 14, `locked by ${password}`)],
    ["the API throttles it", failure(429, 8, password, { "Retry-After": "5" })],
    ["a gateway repeats it", text(502, password)],
    ["the response has an unexpected member", json(200, { [password]: password })],
    ["the API repeats it in a redirect", text(302, "", { Location: `/?${password}` })],
    ["the connection is reset", reset],
    ["the response breaks off", cut],
  ] as const) {
    it(`is in no error and no note of a pause when ${title}`, async () => {
      const { client: cloud, fail } = await client(response);
      const onWait = assertSilent;
      assertSilent(await fail(cloud.sqlUsers.create("c1", { name: "app", password }, { onWait })));
      assertSilent(await fail(cloud.sqlUsers.updatePassword("c1", "app", password, { onWait })));
    });
  }

  it("does not hide the key, even where one is a part of the other", async () => {
    const echoed: Responder = (response, { headers }) =>
      failure(400, 3, `${headers["authorization"]}`)(response, {} as never);
    const server = await localServer([echoed]);
    const { client: cloud, fail } = clientOf(server, { apiKey: "abc-CANARY-xyz" });
    const error = await fail(cloud.sqlUsers.create("c1", { name: "app", password: "CANARY-" }));
    assert.match((error as Error).message, /400 Bearer \[redacted\]\./);
  });

  it("is left in nothing that a later call shows", async () => {
    const { client: cloud, fail } = await client(failure(404, 5, "not found"));
    await fail(cloud.sqlUsers.create("c1", { name: "app", password }));
    assertSilent(await fail(cloud.sqlUsers.delete("c1", "app")));
    assertSilent(cloud);
    assertSilent(cloud.sqlUsers);
  });
});

/** With a part that would report them in any spelling. */
const nasty = [
  "CANARY \"quoted\" \\back\\slashed\\ and/or 'single'",
  "CANARY-100%-CANARY-%41-%22-100%25",
  "CANARY<&amp;>&lt;CANARY&#65;",
  "CANARY ünïcödé 密码 😀 CANARY\u2028",
  "CANARY\nline\r\n\ttab\0end",
  "CANARY$&$`$'$1+CANARY+plus plus",
  "CANARY\\u0041\\n\\x41CANARY",
  "CANARY-12-ch",
  "?>?>?>?>?>?>",
  "\b\f\b\f\b\f\b\f\b\f\b\f",
  "><'><'><'><'",
];
const telling = ["CANARY", "Q0FOQVJZ", "NBTkFSW", "DQU5BUl"];

function unicodeEscape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

describe("Redacting", () => {
  it("masks every API key, not only one's own", () => {
    const key = `CCDB1_${"a".repeat(22)}_${"b".repeat(40)}`;
    assert.equal(redactor([])(`with ${key}.`), "with [redacted].");
  });

  for (const [form, spell] of Object.entries({
    "as it is": (text: string) => text,
    "in JSON": (text: string) => JSON.stringify(text),
    "in the JSON of Go": (text: string) =>
      JSON.stringify(text).replace(/[<>&\u2028]/g, (sign) => unicodeEscape(sign)),
    "in JSON of ASCII alone": (text: string) =>
      JSON.stringify(text).replace(/[^ -~]/g, (sign) =>
        unicodeEscape(sign).toUpperCase().replace("U", "u"),
      ),
    "in JSON in JSON": (text: string) => JSON.stringify({ body: JSON.stringify({ text }) }),
    "in a URL": (text: string) => `postgresql://app:${encodeURIComponent(text)}@host/`,
    "in a URL with small letters": (text: string) =>
      encodeURIComponent(text).replace(/%../g, (escaped) => escaped.toLowerCase()),
    "in a form": (text: string) => new URLSearchParams({ text }).toString(),
    "in a URL in a URL": (text: string) => encodeURIComponent(encodeURIComponent(text)),
    "in a URL in JSON": (text: string) => JSON.stringify(encodeURI(`"${text}"`)),
    "in HTML": (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
    "in HTML with names": (text: string) =>
      text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&apos;"),
    "in HTML with hexadecimal numbers": (text: string) =>
      text.replace(/[&<>"']/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
    "in base64": (text: string) => Buffer.from(text).toString("base64"),
    "in base64 for URLs": (text: string) => Buffer.from(text).toString("base64url"),
    "in Basic authorization": (text: string) =>
      `Basic ${Buffer.from(`a:${text}`).toString("base64")}`,
    "in Basic authorization of another": (text: string) =>
      `Basic ${Buffer.from(`ab:${text}`).toString("base64url")}`,
  })) {
    it(`finds every secret ${form}`, () => {
      for (const secret of nasty) {
        const text = redactor(["another secret", secret])(`before <${spell(secret)}> after`);
        assert.match(text, /^before <.*> after$/s);
        assert.ok(text.includes("[redacted]"), text);
        for (const part of telling) assert.ok(!text.includes(part), `${secret}: ${text}`);
      }
    });
  }

  it("masks one's own API key and what is left of its secret part, and not its id", () => {
    const id = "CCDB1_0123456789abcdefghijkl";
    const key = `${id}_ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN`;
    const redact = redactor([key]);
    assert.equal(redact(`Deleting API key ${id} failed.`), `Deleting API key ${id} failed.`);
    assert.equal(redact(`${key} and ${key.slice(40)}`), "[redacted] and [redacted]");
    assert.doesNotMatch(redact(`Bearer ${Buffer.from(key).toString("base64")}`), /Q0NEQj/);
  });

  it("masks what is left of a long secret that was cut, at either end", () => {
    const redact = redactor(["0123456789abcdefghijklmnopqrstuvwxyz"]);
    assert.equal(redact("begins 0123456789abcdefgh…"), "begins [redacted]…");
    assert.equal(redact("ends …opqrstuvwxyz."), "ends …[redacted].");
    assert.equal(redact("from …89abcdefghijklmn… on"), "from …[redacted]… on");
    assert.equal(redact("0123456789abc\\u0064"), "[redacted]");
  });

  it("masks all of a secret and nothing beside it, wherever escapes stand", () => {
    for (const secret of ['"abcdefghijk', 'abcdefghijk"', 'abc"def%ghi&jkl', "a b c d e f g"]) {
      const json = (text: string) => JSON.stringify(text).slice(1, -1);
      for (const once of [json, encodeURIComponent, (text: string) => text]) {
        for (const twice of [json, encodeURIComponent, (text: string) => text]) {
          const [before, after] = [twice(once('4"% x')), twice(once('x %"2'))];
          const redact = redactor([secret]);
          const spelled = twice(once(secret));
          assert.equal(redact(spelled), "[redacted]", spelled);
          const text = redact(before + spelled + after);
          assert.equal(text, `${before}[redacted]${after}`, spelled);
        }
      }
    }
  });

  it("finds a short secret in base64 for URLs", () => {
    const secret = "s3cr3t!";
    const text = Buffer.from(secret).toString("base64url");
    assert.equal(redactor([secret])(`key=${text}.`), "key=[redacted].");
  });

  it("takes an empty secret for none", () => {
    assert.equal(redactor([""])("as it was"), "as it was");
  });

  it("leaves a text readable that a very short secret is a part of", () => {
    const redact = redactor(["a", "$&", "12"]);
    assert.equal(
      redact('Creating a cluster failed: 400 "a" and $& with 12 of 128.'),
      'Creating [redacted] cluster failed: 400 "[redacted]" and [redacted] with [redacted] of 128.',
    );
  });

  it("takes nothing of a secret for a pattern, and nothing of a text", () => {
    assert.equal(redactor([".*.*.*.*.*.*.*"])("harmless, long text"), "harmless, long text");
    assert.equal(redactor(["$`$&$'$1-dollars"])("x$`$&$'$1-dollarsx"), "x[redacted]x");
    assert.equal(
      redactor(["a-secret-long-enough"])("%zz \\u12 &#99999999; &#9999999; &#x110000; +"),
      "%zz \\u12 &#99999999; &#9999999; &#x110000; +",
    );
  });

  it("masks secrets that overlap or touch once", () => {
    assert.equal(redactor(["abcdef", "efghij"])("<abcdefghij>"), "<[redacted]>");
    assert.equal(redactor(["abcdef"])("<abcdefabcdef>"), "<[redacted]>");
  });

  it("masks the longer of two secrets first", () => {
    assert.equal(redactor(["ab", "abcd"])("abcd ab"), "[redacted] [redacted]");
  });

  it("keeps what helps of a cause: name, message, code and inner causes", () => {
    const inner = Object.assign(new Error("inner key"), { code: "ECODE", socket: { key: "key" } });
    const copy = redactedCause(new TypeError("outer key", { cause: inner }), redactor(["key"]));
    assert.equal(copy?.name, "TypeError");
    assert.equal(copy?.message, "outer [redacted]");
    assert.ok(copy?.cause instanceof Error);
    assert.equal((copy.cause as NodeJS.ErrnoException).code, "ECODE");
    assert.equal("socket" in copy.cause, false);
    assert.equal("cause" in copy.cause, false);
  });

  it("drops the place where a cause comes from, which is inside the client", () => {
    const cause = Object.assign(new Error("a key"), { stack: "Error: a key\n    at here" });
    assert.equal(redactedCause(cause, redactor(["key"]))?.stack, "");
  });

  it("makes an error of a cause that is none, and nothing of no cause", () => {
    assert.equal(redactedCause("a key", redactor(["key"]))?.message, "a [redacted]");
    assert.equal(redactedCause(undefined, redactor([])), undefined);
    assert.equal(redactedCause(null, redactor([])), undefined);
  });

  it("ends on causes that run in a circle", () => {
    const one = new Error("one");
    const other = new Error("other", { cause: one });
    one.cause = other;
    assert.ok(redactedCause(one, redactor([])) instanceof Error);
  });
});

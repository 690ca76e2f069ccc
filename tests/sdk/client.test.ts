import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions } from "../../sdk";
import { CockroachCloudClient } from "../../sdk";
import { packageVersion, userAgent } from "../../sdk/user-agent";

const key = { apiKey: "secret-key" };

describe("the client", () => {
  const refused: [title: string, options: ClientOptions, message: RegExp][] = [
    ["no key", {}, /^The API key is missing: .*COCKROACH_API_KEY/],
    ["an empty key", { apiKey: " " }, /^The API key is missing/],
    ["a key and a token", { ...key, jwt: { token: "t", vanityName: "v" } }, /^Give either/],
    ["a key with a space", { apiKey: "a b" }, /^apiKey .* has spaces/],
    ["a key with a line break", { apiKey: "a\nb" }, /^apiKey .* has spaces/],
    ["a key with its header's prefix", { apiKey: "Bearer abc" }, /must not begin with "Bearer"/],
    ["an empty token", { jwt: { token: "", vanityName: "v" } }, /^jwt\.token/],
    ["a token without a vanity name", { jwt: { token: "t", vanityName: "" } }, /^jwt\.vanityName/],
    ["a server that is no address", { ...key, serverUrl: "cockroachlabs.cloud" }, /^serverUrl/],
    ["a server of another protocol", { ...key, serverUrl: "ftp://host" }, /^serverUrl/],
    [
      "a server with a path",
      { ...key, serverUrl: "https://host/api/v1" },
      /must end after the host/,
    ],
    ["a server with a query", { ...key, serverUrl: "https://host?a" }, /must end after the host/],
    [
      "a plain server elsewhere",
      { ...key, serverUrl: "http://cockroachlabs.cloud" },
      /in the clear/,
    ],
    ["a time that is none", { ...key, requestTimeoutMs: Number.NaN }, /^requestTimeoutMs/],
    ["a negative time", { ...key, transientRetryMs: -1 }, /^transientRetryMs/],
    ["a user agent with a line break", { ...key, userAgent: "a\r\nX: y" }, /^userAgent/],
  ];
  for (const [title, options, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => new CockroachCloudClient(options),
        (error) => error instanceof TypeError && message.test(error.message),
      );
    });
  }

  it("refuses credentials in the address without showing them", () => {
    assert.throws(
      () => new CockroachCloudClient({ ...key, serverUrl: "https://me:hunter2@host" }),
      (error) => error instanceof TypeError && !error.message.includes("hunter2"),
    );
  });

  for (const serverUrl of [
    "https://cockroachlabs.cloud",
    "https://cockroachlabs.cloud/",
    "http://127.0.0.1:4000",
    "http://[::1]:4000",
    "http://localhost:4000",
    "http://emulator:4000",
    "http://host.docker.internal:4000",
    "http://10.0.0.7",
  ]) {
    it(`takes ${serverUrl}`, () => {
      assert.ok(new CockroachCloudClient({ ...key, serverUrl }));
    });
  }

  it("takes a key with white space around it", () => {
    assert.ok(new CockroachCloudClient({ apiKey: "secret-key\n" }));
  });
});

describe("the user agent", () => {
  it("has the version of package.json", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(join(__dirname, "../../package.json"), "utf8"),
    );
    assert.equal(packageVersion(), (manifest as { version: string }).version);
  });

  it("has what the caller adds behind it", () => {
    assert.equal(userAgent("tool/1"), `pulumi-cockroachdb-cloud/${packageVersion()} tool/1`);
    assert.equal(userAgent(undefined), `pulumi-cockroachdb-cloud/${packageVersion()}`);
  });
});

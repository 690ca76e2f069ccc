import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions } from "../../sdk";
import { CockroachCloudClient } from "../../sdk";
import { packageVersion, userAgent } from "../../sdk/http/user-agent";

const key = { apiKey: "secret-key" };

describe("The client", () => {
  const refused: [title: string, options: ClientOptions, message: RegExp][] = [
    ["no key", {}, /^The API key is missing: .*COCKROACH_API_KEY/],
    ["an empty key", { apiKey: " " }, /^The API key is missing/],
    ["a key and a token", { ...key, jwt: { token: "t", vanityName: "v" } }, /^Give either/],
    ["a key with a space", { apiKey: "a b" }, /^apiKey .* has spaces/],
    ["a key with a line break", { apiKey: "a\nb" }, /^apiKey .* has spaces/],
    ["a key with its header's prefix", { apiKey: "Bearer abc" }, /must not begin with "Bearer"/],
    ["a key that is no text", { apiKey: 7 as never }, /^apiKey is empty, or has spaces/],
    ["a token that is no text", { jwt: { token: 7 as never, vanityName: "v" } }, /^jwt\.token is/],
    [
      "a vanity name that is no text",
      { jwt: { token: "t", vanityName: 7 as never } },
      /^jwt\.vanityName/,
    ],
    [
      "a user name with a line break",
      { jwt: { token: "t", vanityName: "v", username: "a\nb" } },
      /^jwt\.username/,
    ],
    ["an empty token", { jwt: { token: "", vanityName: "v" } }, /^jwt\.token/],
    ["a token without a vanity name", { jwt: { token: "t", vanityName: "" } }, /^jwt\.vanityName/],
    ["a server that is no address", { ...key, serverUrl: "cockroachlabs.cloud" }, /^serverUrl/],
    ["a server of no known protocol", { ...key, serverUrl: "xhttp://host" }, /^serverUrl must be/],
    ["a server of another protocol", { ...key, serverUrl: "ftp://host" }, /^serverUrl/],
    [
      "a server with a path",
      { ...key, serverUrl: "https://host/api/v1" },
      /must end after the host/,
    ],
    [
      "a server with a fragment",
      { ...key, serverUrl: "https://host#a" },
      /must end after the host/,
    ],
    ["a server with a query", { ...key, serverUrl: "https://host?a" }, /must end after the host/],
    [
      "a plain server elsewhere",
      { ...key, serverUrl: "http://cockroachlabs.cloud" },
      /in the clear/,
    ],
    ["a time that is none", { ...key, requestTimeoutMs: Number.NaN }, /^requestTimeoutMs/],
    ["a negative patience", { ...key, throttleRetryMs: -1 }, /^throttleRetryMs/],
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

  for (const credentials of ["me:hunter2", "hunter2", ":hunter2"]) {
    it(`refuses the credentials ${credentials} in the address without showing them`, () => {
      const serverUrl = `https://${credentials}@host`;
      assert.throws(() => new CockroachCloudClient({ ...key, serverUrl }), {
        name: "TypeError",
        message: "serverUrl must not hold a user or password: give the key as apiKey.",
      });
    });
  }

  for (const host of [
    "emulator.test.example.com",
    "host.internal.example.com",
    "10.0.0.7.example.com",
    "110.0.0.7",
    "11.0.0.7",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "8.8.8.8",
  ]) {
    it(`sends no key in the clear to ${host}`, () => {
      const serverUrl = `http://${host}`;
      assert.throws(() => new CockroachCloudClient({ ...key, serverUrl }), /in the clear\.$/);
    });
  }

  for (const serverUrl of [
    "https://cockroachlabs.cloud",
    "https://cockroachlabs.cloud/",
    "http://127.0.0.1:4000",
    "http://[::1]:4000",
    "http://localhost:4000",
    "http://emulator:4000",
    "http://host.docker.internal:4000",
    "http://10.0.0.7",
    "http://172.16.0.1",
    "http://172.20.0.1",
    "http://172.31.255.1",
    "http://192.168.1.1",
  ]) {
    it(`takes ${serverUrl}`, () => {
      assert.ok(new CockroachCloudClient({ ...key, serverUrl }));
    });
  }

  it("takes a token for one user or for whom it says, at an organization with a short name", () => {
    const jwt = { token: "t", vanityName: "v" };
    assert.ok(new CockroachCloudClient({ jwt }));
    assert.ok(new CockroachCloudClient({ jwt: { ...jwt, username: "u" } }));
  });

  it("takes a key with white space around it", () => {
    assert.ok(new CockroachCloudClient({ apiKey: "secret-key\n" }));
  });
});

describe("The user agent", () => {
  it("has the version of package.json", () => {
    const manifest: unknown = JSON.parse(
      readFileSync(join(__dirname, "../../package.json"), "utf8"),
    );
    assert.equal(packageVersion(), (manifest as { version: string }).version);
  });

  it("has what the caller adds behind it", () => {
    assert.equal(userAgent("tool/1"), `pulumi-cockroachdb-cloud/${packageVersion()} tool/1`);
    assert.equal(userAgent(undefined), `pulumi-cockroachdb-cloud/${packageVersion()}`);
    assert.equal(userAgent(""), userAgent(undefined));
  });
});

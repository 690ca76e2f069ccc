import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import type { Settings } from "../../../provider/engine/configuration";
import {
  connect,
  connectionFor,
  explicitProviderKey,
  providerArguments,
  settingsFrom,
} from "../../../provider/engine/configuration";
import { systemClock } from "../../../sdk";

const source = (values: Record<string, string>) => ({
  get: (key: string) => values[key.replace("cockroachdb-cloud:", "")],
});
const explicit = { explicit: "true" };

describe("Configuration", () => {
  describe("comes from", () => {
    const rows: [string, Record<string, string>, Record<string, string>, object][] = [
      ["nothing where nothing is given", {}, {}, {}],
      ["the environment", {}, { COCKROACH_API_KEY: "env" }, { apiKey: "env" }],
      ["the stack configuration", { apiKey: "config" }, {}, { apiKey: "config" }],
      [
        "the environment before the stack configuration",
        { apiKey: "config" },
        { COCKROACH_API_KEY: "env" },
        { apiKey: "env" },
      ],
      [
        "an explicit provider before the environment",
        { ...explicit, apiKey: "explicit" },
        { COCKROACH_API_KEY: "env" },
        { apiKey: "explicit" },
      ],
      [
        "the environment for what an explicit provider leaves out",
        { ...explicit, serverUrl: "http://localhost:1" },
        { COCKROACH_API_KEY: "env" },
        { apiKey: "env", serverUrl: "http://localhost:1" },
      ],
      [
        "a JWT with its vanity name",
        {},
        { COCKROACH_API_JWT: "jwt", COCKROACH_VANITY_NAME: "acme" },
        { apiJwt: "jwt", vanityName: "acme" },
      ],
      [
        "a JWT with whom of several it stands for",
        {},
        {
          COCKROACH_API_JWT: "jwt",
          COCKROACH_VANITY_NAME: "acme",
          COCKROACH_USERNAME: "ada@example.com",
        },
        { apiJwt: "jwt", vanityName: "acme", username: "ada@example.com" },
      ],
      [
        "a JWT of the configuration without the user name of the environment",
        { apiJwt: "jwt", vanityName: "acme" },
        { COCKROACH_USERNAME: "ada@example.com" },
        { apiJwt: "jwt", vanityName: "acme" },
      ],
      [
        "no credential mixed from two places",
        { ...explicit, apiJwt: "jwt" },
        { COCKROACH_VANITY_NAME: "other", COCKROACH_API_KEY: "env" },
        { apiJwt: "jwt" },
      ],
      [
        "a JWT of the configuration is not joined by a key of the environment",
        { apiJwt: "jwt", vanityName: "acme" },
        {},
        { apiJwt: "jwt", vanityName: "acme" },
      ],
      [
        "the server of the environment before that of the configuration",
        { apiKey: "config", serverUrl: "http://config" },
        { COCKROACH_SERVER: "http://env" },
        { apiKey: "config", serverUrl: "http://env" },
      ],
      [
        "blanks around a value do not count",
        {},
        { COCKROACH_API_KEY: " env\n" },
        { apiKey: "env" },
      ],
      [
        "an empty value is none",
        { apiKey: "config" },
        { COCKROACH_API_KEY: "" },
        { apiKey: "config" },
      ],
    ];
    for (const [what, configured, environment, settings] of rows) {
      it(what, () => assert.deepEqual(settingsFrom(source(configured), environment), settings));
    }
  });

  describe("of an explicit provider", () => {
    it("travels under the keys of the stack configuration, without what is left out", () => {
      assert.deepEqual(
        providerArguments({ apiKey: "a", serverUrl: undefined, vanityName: "v" } as never),
        {
          "cockroachdb-cloud:apiKey": "a",
          "cockroachdb-cloud:vanityName": "v",
        },
      );
      assert.equal(explicitProviderKey, "cockroachdb-cloud:explicit");
    });
  });

  describe("that lacks something", () => {
    it("names the three ways to give a key", () => {
      assert.throws(() => connectionFor({}), {
        name: "ConfigurationError",
        message:
          /pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/,
      });
    });

    for (const spelling of ["apikey", "APIKey", "api-key", "api_key"]) {
      it(`names the key that is there as ${spelling}, without its value`, () => {
        assert.throws(
          () => connectionFor({}, source({ [spelling]: "canary" })),
          ({ message }: Error) =>
            message.includes(
              `The configuration has cockroachdb-cloud:${spelling}, which must be spelt cockroachdb-cloud:apiKey`,
            ) && !message.includes("canary"),
        );
      });
    }

    it("names the vanity name that a JWT needs", () => {
      assert.throws(
        () => connectionFor({ apiJwt: "jwt" }),
        /COCKROACH_VANITY_NAME.*cockroachdb-cloud:vanityName/,
      );
    });

    // Without what another connection of this process may have.
    const connected = (settings: Settings) =>
      inspect(connect(settings, systemClock, new AbortController().signal).cloud);
    const credentials: [string, Settings][] = [
      ["a key", { apiKey: "canary" }],
      ["a JWT with the vanity name", { apiJwt: "canary", vanityName: "acme" }],
    ];
    for (const [what, settings] of credentials) {
      it(`takes ${what}, and the service for the server`, () => {
        const service = "CockroachCloudClient { https://cockroachlabs.cloud }";
        assert.equal(connected(settings), service);
        const serverUrl = "http://127.0.0.1:1";
        assert.equal(
          connected({ ...settings, serverUrl }),
          `CockroachCloudClient { ${serverUrl} }`,
        );
      });
    }

    it("does not repeat a key that is none", () => {
      assert.throws(
        () => connectionFor({ apiKey: "Bearer canary" }),
        (error: Error) => !/canary/.test(inspect(error)),
      );
    });
  });

  describe("that is wrong", () => {
    const wrong: [string, Record<string, string>, Record<string, string>, string][] = [
      [
        "the variable of an address",
        {},
        { COCKROACH_API_KEY: "key", COCKROACH_SERVER: "cockroachlabs.cloud" },
        'COCKROACH_SERVER must be an address like https://cockroachlabs.cloud, not "cockroachlabs.cloud".',
      ],
      [
        "the configuration of an address",
        { apiKey: "key", serverUrl: "https://host/api/v1?token=canary" },
        {},
        "The configuration cockroachdb-cloud:serverUrl must end after the host, like https://cockroachlabs.cloud: it is https://host, with more behind it.",
      ],
      [
        "the argument of an address",
        { explicit: "true", apiKey: "key", serverUrl: "ftp://host" },
        { COCKROACH_SERVER: "https://cockroachlabs.cloud" },
        'The argument serverUrl of the explicit provider must be an address like https://cockroachlabs.cloud, not "ftp://host".',
      ],
      [
        "the variable of an address that holds a key",
        {},
        { COCKROACH_API_KEY: "key", COCKROACH_SERVER: "CCDB1_canary_canary" },
        "COCKROACH_SERVER must be an address like https://cockroachlabs.cloud.",
      ],
      [
        "the variable of a key",
        { apiKey: "key" },
        { COCKROACH_API_KEY: "Bearer canary" },
        'COCKROACH_API_KEY must not begin with "Bearer".',
      ],
      [
        "the configuration of a key",
        { apiKey: "a canary" },
        {},
        "The configuration cockroachdb-cloud:apiKey is empty, or has spaces or other characters that no key has.",
      ],
      [
        "the variable of a token",
        {},
        { COCKROACH_API_JWT: "a canary", COCKROACH_VANITY_NAME: "acme" },
        "COCKROACH_API_JWT is empty, or has spaces or other characters that no key has.",
      ],
      [
        "the argument of a vanity name",
        { explicit: "true", apiJwt: "jwt", vanityName: "a\nb" },
        {},
        "The argument vanityName of the explicit provider must be a text that fits into a header.",
      ],
    ];
    for (const [what, configured, environment, message] of wrong) {
      it(`is named: ${what}`, () => {
        const from = source(configured);
        assert.throws(() => connectionFor(settingsFrom(from, environment), from), {
          name: "ConfigurationError",
          message,
        });
      });
    }
  });

  it("shares one connection for the same settings, and one for each other", () => {
    const settings = { apiKey: "key-1", serverUrl: "http://127.0.0.1:1" };
    assert.equal(connectionFor(settings), connectionFor({ ...settings }));
    assert.notEqual(connectionFor(settings), connectionFor({ ...settings, apiKey: "key-2" }));
    assert.doesNotMatch(inspect(connectionFor(settings), { depth: 9, showHidden: true }), /key-1/);
  });
});

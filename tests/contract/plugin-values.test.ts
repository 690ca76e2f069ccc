// What Pulumi's own dynamic provider makes of odd values and odd errors.

import assert from "node:assert/strict";
import { join } from "node:path";
import { repository } from "../support/documents";
import { checkEmulators } from "../support/emulator";
import { OperationError } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins, startPlugin } from "./plugin-process";
import { askedIn, secretOf } from "./secrets";

describe("The plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  describe("the adapter", () => {
    /** A resource in the place of a cluster whose operations are as given. */
    const odd = (members: string) =>
      `const { toDynamicProvider } = require(${JSON.stringify(join(repository, "dist", "provider", "dynamic", "dynamic-provider.js"))});
       const { InitializationError } = require(${JSON.stringify(join(repository, "dist", "provider", "resource", "errors.js"))});
       const never = () => new Promise(() => {});
       const provider = toDynamicProvider({
         kind: "thing", secrets: ["password"],
         check: () => ({ failures: [], notes: [] }),
         diff: () => ({ updates: [], replaces: [], deleteBeforeReplace: false, notes: [] }),
         create: never, read: never, update: never, delete: never,
         ${members}
       });
       exports.handler = () => provider;`;

    async function oddPlugin(members: string): Promise<Plugin> {
      const environment = { COCKROACH_API_KEY: "CCDB1_unused" };
      const plugin = await startPlugin({ environment, text: odd(members) });
      await plugin.configure();
      return plugin;
    }

    it("leaves undefined out of everything that it stores", async () => {
      const value = `{ a: undefined, b: { c: undefined, d: [1, undefined, { e: undefined }] } }`;
      const plugin = await oddPlugin(`
        create: async () => ({ id: "1", outs: ${value} }),
        update: async () => (${value}),
        read: async () => ({ state: ${value}, inputs: ${value} }),`);
      const kept = { b: { d: [1, {}] } };
      assert.deepEqual((await plugin.create({})).outs["b"], kept.b);
      assert.deepEqual((await plugin.update("1", { z: 1 }, {}))["b"], kept.b);
      const found = await plugin.read("1", { z: 1 });
      assert.deepEqual([found.outs["b"], found.inputs?.["b"]], [kept.b, kept.b]);
    });

    it("marks the declared secrets in every response, also the ones that come back unwrapped", async () => {
      const plugin = await oddPlugin(`
        create: async () => ({ id: "1", outs: { password: "hidden" } }),
        update: async (id, stored) => ({ password: stored.state.password }),
        read: async (id, stored) => ({ state: { password: stored.state.password }, inputs: {} }),`);
      const marked = secretOf("hidden");
      assert.deepEqual((await plugin.create({})).outs["password"], marked);
      const stored = { password: "hidden" };
      assert.deepEqual((await plugin.update("1", stored, {}))["password"], marked);
      assert.deepEqual((await plugin.read("1", stored)).outs["password"], marked);
    });

    const thrown = {
      "a string": `"a plain string"`,
      "an error with a numeric code": `Object.assign(new Error("a plain string"), { code: 5 })`,
      "an error with metadata": `Object.assign(new Error("a plain string"), { metadata: { a: 1 } })`,
      "an error with an id of its own": `Object.assign(new Error("a plain string"), { id: "7" })`,
      "an error with a cause": `new Error("a plain string", { cause: new Error("deep") })`,
      "an abort": `Object.assign(new DOMException("a plain string", "AbortError"))`,
    };
    for (const [what, expression] of Object.entries(thrown)) {
      it(`turns ${what} into one line from every operation`, async () => {
        const plugin = await oddPlugin(
          ["check", "diff"].map((name) => `${name}() { throw ${expression}; },`).join("\n") +
            ["create", "read", "update", "delete"]
              .map((name) => `async ${name}() { throw ${expression}; },`)
              .join("\n"),
        );
        const attempts = [
          plugin.check({}),
          plugin.diff("1", {}, {}),
          plugin.create({}),
          plugin.read("1", { a: 1 }),
          plugin.update("1", {}, {}),
          plugin.delete("1", {}),
        ];
        for (const result of await Promise.allSettled(attempts)) {
          assert.ok(result.status === "rejected");
          const { message, code, partial } = result.reason as OperationError;
          assert.deepEqual(
            { message, code, partial },
            {
              message: "a plain string",
              code: 2,
              partial: undefined,
            },
          );
        }
        assert.doesNotMatch(plugin.stderr(), /\n\s+at /);
      });
    }

    it("takes the key and the declared secrets, old and new, out of whatever is thrown", async () => {
      const words = "CCDB1_unused, old-secret and new-secret";
      const plugin = await oddPlugin(
        ["create", "read", "update", "delete"]
          .map((name) => `async ${name}() { throw new Error("${words}"); },`)
          .join("\n"),
      );
      const news = { password: "new-secret" };
      const olds = { password: "old-secret" };
      const message = (error: Error) => error.message;
      assert.deepEqual(
        [
          await plugin.create(news).catch(message),
          await plugin.read("1", olds).catch(message),
          await plugin.update("1", olds, news).catch(message),
          await plugin.delete("1", olds).catch(message),
        ],
        [
          "[redacted], old-secret and [redacted]",
          "[redacted], [redacted] and new-secret",
          "[redacted], [redacted] and [redacted]",
          "[redacted], [redacted] and new-secret",
        ],
      );
    });

    it("reports a partial failure whatever the properties hold", async () => {
      const plugin = await oddPlugin(`
        async create() {
          throw new InitializationError("half done", { id: "1", outs: { a: undefined, password: "hidden" } });
        },`);
      const error = await plugin.create({ wanted: 1 }).catch((thrown: OperationError) => thrown);
      assert.ok(error instanceof OperationError);
      assert.equal(error.partial?.id, "1");
      assert.deepEqual(error.partial?.reasons, ["half done"]);
      assert.deepEqual(askedIn(error.partial.properties), { wanted: 1 });
      assert.equal(
        error.partial?.providerText,
        odd(`
        async create() {
          throw new InitializationError("half done", { id: "1", outs: { a: undefined, password: "hidden" } });
        },`),
      );
    });

    it("refuses with a sentence what state cannot hold", async () => {
      for (const value of ["NaN", "10n", "() => 1", "new Map()"]) {
        const plugin = await oddPlugin(`create: async () => ({ id: "1", outs: { a: ${value} } }),`);
        await assert.rejects(plugin.create({}), {
          message: /^thing\.a cannot be kept in the stack's state/,
        });
        await closePlugins();
      }
    });
  });
});

// What Pulumi's own dynamic provider makes of this package, over the wire that the engine speaks.
import assert from "node:assert/strict";
import { join } from "node:path";
import { scaledClock } from "../../emulator";
import { explicitProviderKey } from "../../provider/engine/configuration";
import { pathsIn, withUnknown } from "../support/argument-paths";
import { repository } from "../support/documents";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { assertReadable, failureOf } from "./expectations";
import type { Properties } from "./plugin-client";
import { clusterText, OperationError, urn } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins, startPlugin } from "./plugin-process";
import { askedIn, secretOf } from "./secrets";

const mark = "0123456789abcdef-fedcba9876543210";
const nowhere = "00000000-0000-4000-8000-000000000000";

const basic = (changes: Properties = {}): Properties => ({
  name: "basic-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  __mark: mark,
  ...changes,
});

const advanced = (changes: Properties = {}): Properties => ({
  name: "advanced-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
  __mark: mark,
  ...changes,
});

describe("The plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  /** An emulator in which a day passes in 24 seconds or, with `scale` 1, at its real pace. */
  async function cloud(scale = 3600): Promise<TestEmulator> {
    return await startTestEmulator({ clock: scaledClock(scale) });
  }

  /** A configured plugin with the emulator's key in its environment. */
  async function pluginOf(emulator: TestEmulator, apiKey = emulator.apiKey): Promise<Plugin> {
    const environment = { COCKROACH_API_KEY: apiKey, COCKROACH_SERVER: emulator.url };
    const plugin = await startPlugin({ environment });
    await plugin.configure();
    return plugin;
  }

  describe("operations", () => {
    it("take a cluster from check to delete", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);

      const { inputs, failures } = await plugin.check(basic());
      assert.deepEqual(failures, []);
      assert.equal(inputs["__provider"], clusterText);

      const { id, outs } = await plugin.create(inputs);
      assert.equal(outs["state"], "CREATED");
      assert.equal(outs["__provider"], clusterText);
      assert.deepEqual(outs["labels"], {});

      const labelled = basic({ labels: { team: "payments" } });
      assert.deepEqual(await plugin.diff(id, outs, basic()), {
        changes: "none",
        replaces: [],
        deleteFirst: false,
      });
      assert.equal((await plugin.diff(id, outs, labelled)).changes, "unknown");

      const updated = await plugin.update(id, outs, labelled);
      assert.deepEqual(updated["labels"], { team: "payments" });
      assert.equal(updated["sqlDns"], outs["sqlDns"]);

      const found = await plugin.read(id, updated);
      assert.equal(found.id, id);
      assert.deepEqual(found.outs, updated);
      assert.deepEqual(found.inputs, {
        ...labelled,
        __urn: urn,
        __provider: clusterText,
      });

      await plugin.delete(id, found.outs);
      assert.equal(emulator.clusters.get(id).state, "DELETED");
      assert.equal(plugin.stderr(), "");
      assert.match(plugin.stdout(), /^\d+\n$/);
    });

    it("response a refresh of a cluster that is deleted with an empty id", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(basic());
      emulator.clusters.delete(id);
      assert.equal((await plugin.read(id, outs)).id, "");
      emulator.clusters.forget(id);
      assert.equal((await plugin.read(id, outs)).id, "");
    });

    it("response a function of a cluster that does not exist with an error", async () => {
      const plugin = await pluginOf(await cloud());
      await assert.rejects(plugin.read(nowhere, {}), {
        message: `There is no cluster with the id ${nowhere} in this organization, or this key may not see it.`,
      });
    });

    it("delete a cluster that is deleted already without an error", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(basic());
      emulator.clusters.forget(id);
      await plugin.delete(id, outs);
    });

    it("share one configuration when many begin at once, right after Configure", async () => {
      const emulator = await cloud();
      const plugin = await startPlugin();
      const config = {
        "cockroachdb-cloud:apiKey": emulator.apiKey,
        "cockroachdb-cloud:serverUrl": emulator.url,
      };
      const names = Array.from({ length: 8 }, (_, index) => `basic-test-${index}`);
      await plugin.configure(config);
      const created = await Promise.all(
        names.map((name) => plugin.create(basic({ name, __mark: `${name}-mark` }))),
      );
      assert.deepEqual(created.map(({ outs }) => outs["name"]).sort(), names);
      assert.deepEqual(
        emulator.requests.filter(({ throttled }) => throttled),
        [],
      );
      assert.equal(
        emulator.requests.filter(({ path }) => path === "/api/v1/clusters").length > 8,
        true,
      );
    });
  });

  describe("messages", () => {
    it("go to the engine with the resource that they are about", async () => {
      const plugin = await pluginOf(await cloud());
      await plugin.create(basic());
      const progress = await plugin.reported(/^CREATED · \d+ s$/);
      assert.deepEqual(
        { urn: progress.urn, severity: progress.severity, ephemeral: progress.ephemeral },
        { urn, severity: "info", ephemeral: true },
      );
    });

    it("say in a preview what a change destroys, as a warning that stays", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      await plugin.check(advanced(), basic({ name: "advanced-test", cloudProvider: "AWS" }));
      const warning = await plugin.reported(/destroys/);
      assert.deepEqual(
        { urn: warning.urn, severity: warning.severity, ephemeral: warning.ephemeral },
        { urn, severity: "warning", ephemeral: false },
      );
      assert.match(
        warning.text,
        /^Cluster "advanced-test": Changing plan destroys this cluster with all its data, databases and SQL users\. /,
      );
    });

    it("show how many nodes of an Advanced cluster are up", async () => {
      const emulator = await cloud(400);
      const plugin = await pluginOf(emulator);
      await plugin.create(advanced());
      const progress = await plugin.reported(/ of 3 nodes · /);
      assert.match(progress.text, /^CREATING · [0-3] of 3 nodes · \d+ s · usually 20 to 30 min$/);
    });
  });

  describe("configuration", () => {
    const three =
      /^There is no API key .*pulumi config set --secret cockroachdb-cloud:apiKey.*COCKROACH_API_KEY.*explicit Provider/;

    it("is not needed to check and to compare", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      assert.deepEqual((await plugin.check(basic(), basic())).failures, []);
      assert.equal((await plugin.diff(nowhere, basic(), basic())).changes, "some");
    });

    for (const operation of ["create", "read", "update", "delete"] as const) {
      it(`is missed by ${operation}, which names the three ways to give a key`, async () => {
        const plugin = await startPlugin();
        await plugin.configure();
        const stored = { ...basic(), __provider: clusterText };
        const attempt = {
          create: () => plugin.create(basic()),
          read: () => plugin.read(nowhere, stored),
          update: () => plugin.update(nowhere, stored, basic({ labels: {} })),
          delete: () => plugin.delete(nowhere, stored),
        }[operation];
        await assert.rejects(attempt, { message: three });
      });
    }

    const places: {
      it: string;
      environment: "first" | "second" | undefined;
      config: "first" | "second" | undefined;
      explicit: boolean;
      used: "first" | "second";
    }[] = [
      {
        it: "takes the key of the stack's configuration when there is no other",
        environment: undefined,
        config: "second",
        explicit: false,
        used: "second",
      },
      {
        it: "prefers the environment to the stack's configuration",
        environment: "first",
        config: "second",
        explicit: false,
        used: "first",
      },
      {
        it: "prefers the arguments of an explicit provider to the environment",
        environment: "first",
        config: "second",
        explicit: true,
        used: "second",
      },
      {
        it: "takes the environment for an explicit provider without a key",
        environment: "first",
        config: undefined,
        explicit: true,
        used: "first",
      },
    ];
    it("says of a refused key of an explicit provider where it comes from, and how to replace it", async () => {
      const emulator = await startTestEmulator();
      for (const [explicit, advice] of [
        [
          { [explicitProviderKey]: "true" },
          /The key is the apiKey that the explicit Provider "payments" of this resource had.* add --run-program/,
        ],
        [{}, /Pass the secret of a service account's API key/],
      ] as const) {
        const plugin = await startPlugin({ environment: {} });
        await plugin.configure({
          "cockroachdb-cloud:apiKey": "CCDB1_rotated",
          "cockroachdb-cloud:serverUrl": emulator.url,
          ...explicit,
        });
        await assert.rejects(
          plugin.read(nowhere, { __providerName: "payments" }),
          (error: Error) => {
            assert.match(error.message, /401/);
            assert.match(error.message, advice);
            assert.doesNotMatch(error.message, /rotated/);
            return true;
          },
        );
      }
    });

    for (const { it: title, environment, config, explicit, used } of places) {
      it(title, async () => {
        const emulator = await startTestEmulator({
          organizations: [
            { apiKeys: [{ name: "first", secret: "CCDB1_first" }] },
            { apiKeys: [{ name: "second", secret: "CCDB1_second" }] },
          ],
        });
        const plugin = await startPlugin({
          environment: {
            ...(environment && { COCKROACH_API_KEY: `CCDB1_${environment}` }),
            ...(environment && { COCKROACH_SERVER: emulator.url }),
          },
        });
        await plugin.configure({
          ...(config && { "cockroachdb-cloud:apiKey": `CCDB1_${config}` }),
          ...(config && { "cockroachdb-cloud:serverUrl": emulator.url }),
          ...(explicit && { [explicitProviderKey]: "true" }),
        });
        await assert.rejects(plugin.read(nowhere, {}));
        assert.deepEqual([...new Set(emulator.requests.map(({ key }) => key))], [used]);
      });
    }
  });

  describe("unknown values", () => {
    const full = {
      BASIC: basic({
        deleteProtection: false,
        labels: { team: "payments" },
        parentId: "root",
        serverless: {
          regions: ["us-central1", "us-east1"],
          primaryRegion: "us-east1",
          usageLimits: { requestUnitLimit: 1_000_000, storageMibLimit: 1024 },
          withEmptyIpAllowlist: true,
          upgradeType: "AUTOMATIC",
        },
      }),
      STANDARD: basic({
        plan: "STANDARD",
        serverless: {
          regions: ["us-central1"],
          usageLimits: { provisionedVirtualCpus: 2 },
          upgradeType: "MANUAL",
          cockroachVersion: "v25.2",
        },
      }),
      ADVANCED: advanced({
        cloudProvider: "GCP",
        labels: { team: "payments" },
        dedicated: {
          regionNodes: { "us-east1": 3, "us-west1": 3, "us-central1": 3 },
          hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15, diskIops: 0 },
          cockroachVersion: "v25.2",
          finalizeUpgrade: false,
          networkVisibility: "PRIVATE",
          cidrRange: "172.28.0.0/14",
          supportsClusterVirtualization: true,
          restrictEgressTraffic: true,
          cmekRegionSpecs: [
            {
              region: "us-west1",
              keySpec: { type: "GCP_CLOUD_KMS", uri: "a", authPrincipal: "b" },
            },
          ],
        },
        customerCloudAccount: { gcp: { serviceAccountEmail: "a@example.com" } },
      }),
    };
    /** Properties whose unknown value may turn out to replace the cluster, with everything in them. */
    const replacing =
      /^(name|cloudProvider|plan|customerCloudAccount.*|serverless|serverless\.regions.*|dedicated|dedicated\.(networkVisibility|cidrRange|supportsClusterVirtualization))$/;

    for (const [plan, inputs] of Object.entries(full)) {
      it(`pass check at every depth of ${plan} arguments, and diff shows what they may replace`, async () => {
        const plugin = await startPlugin();
        await plugin.configure();
        const stored = { ...inputs, __provider: clusterText, __inputs: inputs };
        const paths = pathsIn(inputs);
        assert.ok(paths.length > 8);
        for (const path of paths) {
          const news = withUnknown(inputs, path);
          const { failures } = await plugin.check(news, inputs);
          assert.deepEqual(failures, [], `${path} unknown`);
          const { replaces } = await plugin.diff(nowhere, stored, news);
          const property = path.join(".");
          assert.deepEqual(
            replaces,
            replacing.test(property) ? [path[0]] : [],
            `${property} unknown`,
          );
        }
      });
    }
  });

  describe("failures", () => {
    const operations = {
      create: ["ListClusters", "CreateCluster", "GetCluster", "UpdateCluster"],
      read: ["ListClusters"],
      update: ["UpdateCluster"],
      delete: ["DeleteCluster"],
    } as const;
    const permanent = [
      { status: 400 },
      { status: 401 },
      { status: 403 },
      { status: 404 },
      { status: 409 },
      { status: 418, body: "<html><h1>teapot</h1></html>" },
      { status: 400, body: "" },
    ];

    for (const [operation, calls] of Object.entries(operations)) {
      for (const call of calls) {
        it(`of ${call} reach the engine as one readable line of ${operation}`, async () => {
          const emulator = await cloud();
          const plugin = await pluginOf(emulator);
          const relabelled = basic({ name: "existing-one", labels: { a: "b" } });
          // A create reads the list only once, so there must not have been another one.
          const existing =
            operation === "create"
              ? { id: nowhere, outs: {} }
              : await plugin.create(basic({ name: "existing-one", __mark: "other" }));
          const attempt = {
            create: (index: number) =>
              plugin.create(basic({ name: `basic-test-${index}`, __mark: `mark-${index}` })),
            read: () => plugin.read(existing.id, existing.outs),
            update: () => plugin.update(existing.id, existing.outs, relabelled),
            delete: () => plugin.delete(existing.id, existing.outs),
          };
          for (const [index, fault] of permanent.entries()) {
            // What is not there is as good as deleted.
            if (operation === "delete" && fault.status === 404) continue;
            emulator.faults.clear();
            emulator.faults.add(call, { ...fault, times: Number.POSITIVE_INFINITY });
            const error = await failureOf(attempt[operation as keyof typeof operations](index));
            const lines = error.partial?.reasons ?? [error.message];
            for (const line of lines) assertReadable(line, emulator.apiKey);
            if (operation === "create") {
              const isAccepted = call === "GetCluster" || call === "UpdateCluster";
              assert.equal(error.partial !== undefined, isAccepted, lines[0]);
            }
          }
          assert.doesNotMatch(plugin.stderr(), /\n\s+at /);
        });
      }
    }

    it("of a connection that always breaks end at the deadline with the address and the cause", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      emulator.faults.add("*", { reset: "before-effect", times: Number.POSITIVE_INFINITY });
      const __timeouts = { create: "3s", update: "3s", delete: "3s" };
      const labelled = { ...basic({ labels: { a: "b" } }), __provider: clusterText };
      const attempts = [
        () => plugin.create(basic({ __timeouts })),
        () => plugin.update(nowhere, labelled, basic({ labels: {}, __timeouts })),
        () => plugin.delete(nowhere, basic({ __timeouts })),
      ];
      for (const attempt of attempts) {
        emulator.requests.clear();
        const error = await failureOf(attempt());
        assertReadable(error.message, emulator.apiKey);
        assert.match(error.message, /127\.0\.0\.1:\d+.*(socket hang up|ECONNRESET)/);
        assert.equal(error.partial, undefined);
        assert.ok(emulator.requests.length > 1, "it is tried again");
      }
    });

    it("carry id, properties and reasons into state once the API has accepted the cluster", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      emulator.faults.failNextCreation();
      const { partial, message } = await failureOf(plugin.create(basic({ labels: { a: "b" } })));
      assert.ok(partial);
      assert.equal(partial.id, emulator.clusters.list()[0]?.id);
      assert.equal(partial.providerText, clusterText);
      assert.deepEqual(partial.reasons, [message]);
      assert.match(message, /CREATION_FAILED/);
      assert.equal(partial.properties["state"], "CREATION_FAILED");
      assert.deepEqual(partial.properties["labels"], { a: "b" });
      assert.equal(partial.properties["__urn"], urn);
      assert.equal(partial.properties["__mark"], mark);

      const stored = { ...partial.properties, __provider: clusterText };
      const change = await plugin.diff(partial.id, stored, basic({ labels: { a: "b" } }));
      assert.deepEqual([change.changes, change.replaces], ["some", ["state"]]);
      await plugin.delete(partial.id, stored);
      assert.equal(emulator.clusters.get(partial.id).state, "DELETED");
    });

    it("of an update keep what has been done and the arguments of before", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(advanced());
      emulator.faults.failNextJob();
      const dedicated = advanced()["dedicated"] as Properties;
      const news = advanced({
        labels: { a: "b" },
        dedicated: { ...dedicated, regionNodes: { "us-east-1": 4 } },
      });
      const { partial } = await failureOf(plugin.update(id, outs, news));
      assert.ok(partial);
      assert.match(partial.reasons[0] ?? "", /CRDB_SCALE_FAILED/);
      assert.deepEqual(partial.properties["labels"], { a: "b" });
      assert.deepEqual(askedIn(partial.properties), askedIn(outs));
      assert.equal(partial.providerText, clusterText);
    });

    it("never show the key, not even when the API sends it back", async () => {
      const secret = "CCDB1_canary0000000000000000_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4n4ry";
      const emulator = await startTestEmulator({
        organizations: [{ apiKeys: [{ secret }] }],
      });
      const plugin = await pluginOf(emulator);
      const message = `the key ${secret} is not known`;
      const responses: unknown[] = [];
      const stored = { ...basic(), __provider: clusterText };
      emulator.faults.add("*", { status: 401, message, times: 2 });
      responses.push((await failureOf(plugin.create(basic()))).message);
      responses.push((await failureOf(plugin.read(nowhere, stored))).message);
      emulator.faults.clear();
      responses.push(await plugin.create(basic()), await plugin.read(nowhere, stored));
      assert.match(String(responses[0]), /401/);
      const everything = JSON.stringify([
        responses,
        plugin.messages,
        plugin.stdout(),
        plugin.stderr(),
      ]);
      assert.ok(!everything.includes(secret), everything);
      assert.ok(!everything.includes(secret.slice(-40)), everything);
    });

    it("of an argument of 5 MB are a check failure that stays short", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      const { failures } = await plugin.check(basic({ labels: { big: "x".repeat(5_000_000) } }));
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["labels.big"],
      );
      assert.ok((failures[0]?.reason.length ?? 0) < 200);
    });

    it("of a hundred thousand wrong labels are a check failure that stays short", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      const labels = Object.fromEntries(
        Array.from({ length: 100_000 }, (_, index) => [`Key ${index}`, "A value".repeat(5)]),
      );
      const { failures } = await plugin.check(basic({ labels }));
      assert.ok(
        failures.some(({ reason }) => reason === "must be at most 50, and there are 100000."),
      );
      assert.ok(failures.length < 200, `${failures.length} failures`);
    });
  });

  describe("the shell", () => {
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

    it("responses a partial failure whatever the properties hold", async () => {
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

  describe("the end", () => {
    it("comes within moments of a Cancel, with the id of the cluster in the response", async () => {
      const emulator = await cloud(1);
      const plugin = await pluginOf(emulator);
      const creation = plugin.create(advanced()).catch((error: unknown) => error);
      await plugin.reported(/CREATING/);
      await plugin.cancel();
      const error = await creation;
      assert.ok(error instanceof OperationError);
      const [cluster] = emulator.clusters.list();
      assert.equal(error.partial?.id, cluster?.id);
      assert.match(
        error.message,
        /^Stopped waiting for the cluster to be ready: .* the next update resumes the wait\.$/,
      );

      assert.ok(cluster);
      emulator.clusters.finish(cluster.id);
      const next = await pluginOf(emulator);
      const stored = { ...error.partial?.properties, __provider: clusterText };
      assert.equal((await next.diff(cluster.id, stored, advanced())).changes, "some");
      const resumed = await next.update(cluster.id, stored, advanced());
      assert.deepEqual([resumed["state"], resumed["labels"]], ["CREATED", {}]);
      assert.deepEqual(emulator.clusters.get(cluster.id).labels, {});
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("is not brought about by a Cancel when nothing is in flight", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(basic());
      await plugin.cancel();
      assert.deepEqual((await plugin.check(basic())).failures, []);
      assert.equal((await plugin.diff(id, outs, basic())).changes, "none");
      assert.equal(plugin.process.exitCode, null);
      assert.equal(plugin.stderr(), "");
    });

    it("comes when the standard input ends, because the command line is deleted then", async () => {
      const emulator = await cloud(1);
      const plugin = await pluginOf(emulator);
      const creation = plugin.create(advanced()).catch((error: unknown) => error);
      await plugin.reported(/CREATING/);
      plugin.process.stdin?.end();
      assert.deepEqual(await plugin.ended, { code: 0, signal: null });
      assert.ok((await creation) instanceof Error);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`comes with ${signal}, at once and as an exit`, async () => {
        const plugin = await startPlugin();
        await plugin.configure();
        await plugin.check(basic());
        plugin.process.kill(signal);
        assert.deepEqual(await plugin.ended, { code: 0, signal: null });
      });
    }
  });
});

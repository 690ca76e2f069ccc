// What stands in users' stacks: the constant text, and what every release has written beside it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import { delegateTo } from "../../provider/program/registration";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  pluginToken,
  resourceTypeOf,
  resourceTypes,
} from "../../provider/resource/resource-types";
import type { ArgumentCase } from "../conformance/resource-cases";
import { casesOf, clusterIdIn } from "../conformance/resource-cases";
import { encryptable } from "../support/cmek";
import { writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import {
  checkEmulators,
  closeTestEmulators,
  environmentFor,
  startTestEmulator,
} from "../support/emulator";
import { nameOf } from "../support/engine";
import type { GoldenResource } from "./golden-states";
import { goldenStates, newerOutputs, placedOn, replaced } from "./golden-states";
import type { Properties } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins, programFolder, startPlugin } from "./plugin-process";
import { startImmediateEmulator, startPluginOn, withText } from "./plugins";
import { askedIn, plain } from "./secrets";

const packageName = "pulumi-cockroachdb-cloud";

/** What the first packages have put into users' state, letter by letter. Never to be changed. */
const firstTextOf = (stem: string) =>
  `exports.handler = () => { try { return require("pulumi-cockroachdb-cloud/provider/${stem}").provider; } catch (error) { if (!/NOT_FOUND|NOT_EXPORTED/.test(error.code) || !error.message.split("\\n")[0].includes("pulumi-cockroachdb-cloud")) throw error; throw new Error("The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along."); } };`;

/** The same of the packages after them. Never to be changed. */
const secondTextOf = (stem: string) =>
  `exports.handler=()=>{let p="pulumi-cockroachdb-cloud";try{return require(p+"/provider/${stem}").provider}catch(e){throw/NOT_(FOUND|EXPORTED)/.test(e.code)&&e.message.split("\\n")[0].includes(p)?Error(\`The package \${p} is not installed in this project, or too old. Run npm install \${p} (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along.\`):e}}`;

/** The same of those after them. Never to be changed. */
const thirdTextOf = (stem: string) =>
  `let p='pulumi-cockroachdb-cloud';try{module.exports=require(p+'/provider/${stem}').provider}catch(e){throw(e.code+e.message).match('NOT_.*'+p)?Error(\`The package \${p} is missing beside Pulumi.yaml, or too old: run npm install \${p} there.\`):e}`;

/** The same of today. Never to be changed. */
const releasedTextOf = (stem: string) =>
  `let p='pulumi-cockroachdb-cloud';try{module.exports=require(p+'/provider/${stem}').provider}catch(e){throw(e.code+e).match('NOT_.*'+p)?Error(\`\${p} is missing beside Pulumi.yaml, or too old: run npm install \${p} there.\`):e}`;

const releasedText = releasedTextOf("cluster");

const whatToDo = {
  message:
    "pulumi-cockroachdb-cloud is missing beside Pulumi.yaml, or too old: run npm install pulumi-cockroachdb-cloud there.",
};

/** What the third text says. */
const thirdAdvice = { message: `The package ${whatToDo.message}` };

/** What the texts before it say. */
const formerAdvice = {
  message:
    "The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along.",
};

/** A release has written several files. */
function releaseOf(file: string): string {
  return file.replace(/(-[\w-]+)?\.json$/, "");
}

const goldenKey = "CCDB1_goldenKey0000000000001";

const unchanged = { changes: "none", replaces: [], deleteFirst: false };

/** The outputs of the file, where they are no arguments with the values that this service has given. */
function withComputed(
  outputs: Properties,
  today: Properties,
  keptNames: readonly string[],
): Properties {
  const entries = Object.entries(outputs).map(([name, value]) => {
    const isComputed = !keptNames.includes(name) && !name.startsWith("__") && name in today;
    return [name, isComputed ? today[name] : value];
  });
  return Object.fromEntries(entries);
}

/** An argument whose change is an update, or else a replacement. */
function changeOf(type: ResourceType): [path: string, change: ArgumentCase] | undefined {
  const plain = Object.entries(casesOf[type].arguments).filter(
    ([, { to, before, along }]) => typeof to !== "function" && !before && !along,
  );
  return plain.find(([, { onChange }]) => onChange === "update") ?? plain[0];
}

/** Without what the classes note for themselves. */
function visible(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !name.startsWith("__")));
}

const writesOf = ({ requests }: TestEmulator) =>
  requests.filter(({ method }) => method !== "GET").map(({ operation }) => operation);

describe("State", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  const inputs = {
    name: "basic-test",
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"] },
  };

  describe("the text", () => {
    it("is the released one, and loads the installed package, for every resource", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      for (const type of allResourceTypes) {
        const { stem } = resourceTypes[type];
        const __provider = releasedTextOf(stem);
        assert.equal(delegateTo(stem), __provider);
        const { failures } = await plugin.check({ __provider, surplus: 1 });
        assert.ok(
          failures.some(({ property }) => property.startsWith("surplus")),
          type,
        );
      }
    });

    /** A program folder in which the package is made of these files. */
    function folderWith(files: Readonly<Record<string, string | object>>): string {
      const folder = programFolder([]);
      writeFiles(join(folder, "node_modules", packageName), files);
      return folder;
    }

    /** What every operation of a plugin in this folder fails with. */
    async function refusals(folder: string, text = releasedText): Promise<Plugin> {
      const plugin = await startPlugin({ folder, text });
      await plugin.configure();
      return plugin;
    }

    it("says to install the package where there is none, in every operation", async () => {
      const plugin = await refusals(programFolder([]));
      const stored = { ...inputs, __provider: releasedText };
      await assert.rejects(plugin.check(inputs), whatToDo);
      await assert.rejects(plugin.diff("1", stored, inputs), whatToDo);
      await assert.rejects(plugin.create(inputs), whatToDo);
      await assert.rejects(plugin.read("1", stored), whatToDo);
      await assert.rejects(plugin.update("1", stored, inputs), whatToDo);
      await assert.rejects(plugin.delete("1", stored), whatToDo);
    });

    for (const [which, textOf, advice] of [
      ["first", firstTextOf, formerAdvice],
      ["second", secondTextOf, formerAdvice],
      ["third", thirdTextOf, thirdAdvice],
    ] as const) {
      it(`of the ${which} state files says to install the package, and loads the installed one`, async () => {
        const plugin = await refusals(programFolder([]), textOf("cluster"));
        await assert.rejects(plugin.check(inputs), advice);
        const installed = await startPlugin({ text: textOf("cluster") });
        await installed.configure();
        assert.deepEqual((await installed.check(inputs)).failures, []);
      });
    }

    it("says the same where another package brings it along and hides it", async () => {
      const folder = programFolder([]);
      writeFiles(join(folder, "node_modules", "platform", "node_modules", packageName), {
        "package.json": { name: packageName, version: "0.1.0" },
      });
      await assert.rejects((await refusals(folder)).check(inputs), whatToDo);
    });

    it("says the same where the installed version does not have the resource yet", async () => {
      const older = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { ".": "./index.js", "./provider/cluster": "./index.js" },
        },
        "index.js": "exports.provider = {};",
      });
      await assert.rejects((await refusals(older, delegateTo("sql-user"))).check(inputs), whatToDo);
      const pattern = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
      });
      await assert.rejects(
        (await refusals(pattern, delegateTo("sql-user"))).check(inputs),
        whatToDo,
      );
    });

    it("lets the original error through when something that the package needs is missing", async () => {
      const broken = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
        "provider/cluster.js": 'require("zod-that-is-missing");',
      });
      await assert.rejects(
        (await refusals(broken)).check(inputs),
        /^\w*Error: Cannot find module 'zod-that-is-missing'/,
      );
    });

    it("lets the original error through when the package itself is broken", async () => {
      const broken = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
        "provider/cluster.js": 'throw new TypeError("this Node.js is too old");',
      });
      await assert.rejects(
        (await refusals(broken)).check(inputs),
        /^\w*Error: this Node\.js is too old$/,
      );
    });
  });

  describe("written by the bridged provider", () => {
    it("counts as a change, and the update that follows writes complete outputs and sends nothing", async () => {
      const emulator = await startTestEmulator({ clock: scaledClock(3600) });
      const plugin = await startPlugin({
        environment: environmentFor(emulator),
      });
      await plugin.configure();
      const { id } = emulator.clusters.create({
        name: "basic-test",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      const bridged = {
        cloudProvider: "GCP",
        deleteProtection: false,
        name: "basic-test",
        operationStatus: "UNSPECIFIED",
        plan: "BASIC",
        regions: [{ name: "us-central1", nodeCount: 0, primary: true }],
        serverless: { routingId: "basic-test-1", spendLimit: 0, usageLimits: null },
        state: "CREATED",
      };
      assert.deepEqual((await plugin.check(inputs, bridged)).failures, []);
      assert.deepEqual(await plugin.diff(id, bridged, inputs), {
        changes: "some",
        replaces: [],
        deleteFirst: false,
      });
      emulator.requests.clear();
      const { __provider: text, ...outs } = plain(await plugin.update(id, bridged, inputs));
      assert.equal(text, releasedText);
      assert.deepEqual(askedIn(outs), inputs);
      assert.deepEqual((outs["serverless"] as Properties)["regions"], ["us-central1"]);
      assert.equal(outs["state"], "CREATED");
      assert.deepEqual([...new Set(emulator.requests.map(({ method }) => method))], ["GET"]);
    });
  });
});

describe("The state of a SQL user", function () {
  this.timeout(60_000);
  afterEach(async () => {
    await closePlugins();
    await closeTestEmulators();
  });

  it("is at most 1,050 bytes of inputs and outputs, with everything that Pulumi adds", async () => {
    const emulator = await startImmediateEmulator();
    const plugin = withText(await startPluginOn(emulator), releasedTextOf("sql-user"));
    const { id: clusterId } = encryptable(emulator, { name: "orders", regions: ["us-east-1"] });
    const urn = (type: string, name: string) =>
      `urn:pulumi:production::payments::pulumi-nodejs:dynamic/cockroachdb-cloud:${type}::${name}`;
    const hidden = { __urn: urn("SqlUser", "orders-app"), __cluster: urn("Cluster", "orders") };
    const { inputs: checked } = await plugin.check({ clusterId, name: "app", __hidden: hidden });
    assert.equal(checked["__urn"], "production::payments::~SqlUser::orders-app");
    assert.equal(checked["__cluster"], "::::orders");
    const { id, outs } = await plugin.create(checked);
    assert.deepEqual(outs["__asked"], ["clusterId", "name"]);
    assert.ok(!("__inputs" in outs));
    const bytes = Buffer.byteLength(JSON.stringify({ inputs: checked, outputs: outs }));
    assert.ok(bytes <= 1_050, `${bytes}`);
    assert.deepEqual((await plugin.read(id, plain(outs))).outs, outs);
  });
});

describe("A golden state", function () {
  this.timeout(60_000);

  /** The clusters of the golden file as they would have been asked of the API. */
  const wireOf: Record<string, WireCreateCluster> = {
    orders: {
      name: "orders-0a1b2c",
      provider: "GCP",
      spec: {
        plan: "BASIC",
        labels: { team: "payments" },
        serverless: {
          regions: ["us-central1", "us-east1"],
          primary_region: "us-central1",
          usage_limits: { request_unit_limit: "1000000", storage_mib_limit: "1024" },
        },
      },
    },
    ledger: {
      name: "ledger-test",
      provider: "AWS",
      spec: {
        plan: "STANDARD",
        serverless: {
          regions: ["us-east-1"],
          usage_limits: { provisioned_virtual_cpus: "4" },
          upgrade_type: "MANUAL",
          with_empty_ip_allowlist: true,
        },
      },
    },
    archive: {
      name: "archive-test",
      provider: "AWS",
      spec: {
        plan: "ADVANCED",
        dedicated: {
          region_nodes: { "us-east-1": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
          cockroach_version: "v25.2",
          network_visibility: "PRIVATE",
        },
      },
    },
    vault: {
      name: "vault-test",
      provider: "AWS",
      spec: {
        plan: "ADVANCED",
        dedicated: {
          region_nodes: { "us-east-1": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
          network_visibility: "PRIVATE",
        },
      },
    },
  };

  let emulator: TestEmulator;
  let first: Plugin;
  /** A run of its own: keys that the first one has set are not revoked in it. */
  let next: Plugin;
  let places = 0;

  before(async () => {
    emulator = await startImmediateEmulator();
    [first, next] = await Promise.all([startPluginOn(emulator), startPluginOn(emulator)]);
  });
  after(async () => {
    await closePlugins();
    await closeTestEmulators();
  });

  const states = goldenStates();
  for (const release of new Set(states.map(({ file }) => releaseOf(file)))) {
    describe(`written by ${release}`, () => {
      const resources = states
        .filter(({ file }) => releaseOf(file) === release)
        .flatMap((state) => state.resources)
        .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
      const typeOf = ({ type }: GoldenResource) =>
        type.slice(type.lastIndexOf(":") + 1) as ResourceType;
      const clusters = resources
        .filter((resource) => typeOf(resource) === "Cluster")
        .map(({ outputs, ...rest }) => ({ ...rest, outputs: plain(outputs) }));

      it("holds a cluster of every plan and one of every other resource, each with the released text", () => {
        assert.deepEqual([...new Set(clusters.map(({ outputs }) => outputs["plan"]))].sort(), [
          "ADVANCED",
          "BASIC",
          "STANDARD",
        ]);
        for (const type of allResourceTypes) {
          assert.ok(
            resources.some((resource) => typeOf(resource) === type),
            `There is no golden state of ${type}: run npm run golden -- ${type}`,
          );
        }
        for (const resource of resources) {
          const { stem } = resourceTypes[typeOf(resource)];
          const text = String(resource.outputs["__provider"]);
          const released = [firstTextOf, secondTextOf, thirdTextOf, releasedTextOf];
          assert.ok(
            released.some((textOf) => textOf(stem) === text),
            text,
          );
          assert.equal(resource.inputs["__provider"], text);
        }
      });

      it("keeps passwords and API keys as secrets", () => {
        const user = resources.find((resource) => typeOf(resource) === "SqlUser");
        const key = resources.find((resource) => typeOf(resource) === "ApiKey");
        assert.ok(user && key);
        const secrets = [
          [user.inputs["password"], "golden-password-1"],
          [user.outputs["password"], "golden-password-1"],
          [key.outputs["secret"], `${goldenKey}_${"golden".repeat(6)}0001`],
        ];
        for (const [value, text] of secrets) {
          assert.deepEqual(value, {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            plaintext: JSON.stringify(text),
          });
        }
      });

      for (const { urn, inputs: asked, outputs } of clusters) {
        const name = urn.slice(urn.lastIndexOf("::") + 2);

        it(`is checked, compared, read, changed and deleted by today's code: ${name}`, async () => {
          const plugin = withText(first, String(outputs["__provider"]));
          const body = wireOf[name];
          assert.ok(body);
          const { id } = emulator.clusters.create(body);

          assert.deepEqual((await plugin.check(asked, asked)).failures, []);
          assert.deepEqual(await plugin.diff(id, outputs, asked), {
            changes: "none",
            replaces: [],
            deleteFirst: false,
          });

          const found = await plugin.read(id, outputs);
          const outs = plain(found.outs);
          assert.equal(found.id, id);
          assert.deepEqual(found.inputs, asked);
          const known = Object.keys(outs).filter((key) => !newerOutputs.Cluster?.includes(key));
          assert.deepEqual(known, Object.keys(outputs));
          for (const key of ["name", "plan", "labels", "serverless", "dedicated", "__inputs"]) {
            assert.deepEqual(outs[key], outputs[key], key);
          }
          assert.equal((await plugin.diff(id, outs, asked)).changes, "none");

          const news = { ...asked, labels: { team: "storage" } };
          assert.deepEqual(await plugin.diff(id, outputs, news), {
            changes: "unknown",
            replaces: [],
            deleteFirst: asked["name"] !== undefined,
          });
          emulator.requests.clear();
          const updated = await plugin.update(id, outputs, news);
          assert.deepEqual(updated["labels"], { team: "storage" });
          assert.deepEqual(
            emulator.requests
              .filter(({ method }) => method !== "GET")
              .map(({ method, body: sent }) => [method, sent]),
            [["PATCH", { labels: { team: "storage" } }]],
          );

          await plugin.delete(id, outputs);
          assert.equal(emulator.clusters.get(id).state, "DELETED");
        });
      }

      for (const resource of resources) {
        const type = typeOf(resource);
        if (type === "Cluster") continue;
        const { operations, exists } = casesOf[type];

        it(`is checked, compared, read, changed and deleted by today's code: ${type}`, async () => {
          const text = String(resource.outputs["__provider"]);
          const plugin = withText(first, text);
          places += 1;
          const clusterIds = clusters.map(({ id }) => id);
          const entry = { type, resource, number: places };
          const { place, placed } = placedOn(emulator, entry, clusterIds);
          const asked = placed(plain(resource.inputs));
          const today = await plugin.create(asked);
          const { id } = today;
          const here = <Value>(value: Value): Value =>
            replaced(placed(value), [[placed(resource.id), id]]);
          const outputs = here(plain(resource.outputs));
          assert.deepEqual((await plugin.check(asked, asked)).failures, []);
          assert.deepEqual(await plugin.diff(id, outputs, asked), unchanged);

          const found = await plugin.read(id, outputs);
          const kept = [...Object.keys(asked), ...(casesOf[type].secretOutputs ?? [])];
          assert.equal(found.id, id);
          assert.deepEqual(plain(found.inputs), asked);
          assert.deepEqual(plain(found.outs), withComputed(outputs, plain(today.outs), kept));
          assert.deepEqual(await plugin.diff(id, plain(found.outs), asked), unchanged);

          const change = changeOf(type);
          let last = outputs;
          let lastId = id;
          if (change !== undefined) {
            const [path, { onChange, to, sends = [operations.update] }] = change;
            const isThere = isDeepStrictEqual(asked[path], to);
            const news = { ...asked, [path]: isThere ? casesOf[type].full[0][path] : to };
            assert.notDeepEqual(news, asked);
            emulator.requests.clear();
            const isUpdated = onChange === "update";
            const { changes, replaces } = await plugin.diff(id, outputs, news);
            assert.deepEqual([changes, replaces], ["unknown", isUpdated ? [] : [path]]);
            if (isUpdated) {
              last = plain(await plugin.update(id, outputs, news));
              lastId = casesOf[type].idOf?.(news) ?? id;
              assert.deepEqual(last[path], news[path]);
              assert.deepEqual(writesOf(emulator), sends);
            }
          }
          if (operations.delete === undefined) return;
          const nextRun = withText(next, text);
          emulator.requests.clear();
          await nextRun.delete(lastId, last);
          const clusterId = clusterIdIn(type, place);
          assert.ok(!exists({ emulator, id: lastId, place, clusterId }));
          for (const operation of writesOf(emulator)) assert.equal(operation, operations.delete);
        });
      }
    });
  }

  describe("written by the provider plugin, in a stack that moves back to the classes", () => {
    const resources = states
      .flatMap((state) => state.resources)
      .filter(({ type }) => allResourceTypes.some((one) => pluginToken(one) === type));
    const clusterIds = resources
      .filter(({ type }) => type === pluginToken("Cluster"))
      .map(({ id }) => id);
    /** A run in which the resources of the other golden states, which have the same names, are none of the program. */
    let moved: Plugin;
    before(async () => {
      moved = await startPluginOn(emulator);
    });

    it("is there for each resource", () => {
      const found = new Set(resources.map(({ type }) => type));
      assert.deepEqual([...found].sort(), allResourceTypes.map(pluginToken).sort());
    });

    for (const resource of resources) {
      const type = resourceTypeOf(resource.type) as ResourceType;

      it(`is written again by one update without a write, and is then unchanged, read and deleted: ${nameOf(resource.urn)}`, async () => {
        const plugin = withText(moved, releasedTextOf(resourceTypes[type].stem));
        places += 1;
        const entry = { type, resource, number: places };
        const { place, placed } = placedOn(emulator, entry, clusterIds);
        const asked = placed(plain(resource.inputs));
        const today = await plugin.create(asked);
        const { id } = today;
        const written = replaced(placed(plain(resource.outputs)), [[placed(resource.id), id]]);
        assert.ok("stateEntry" in written);

        const checked = await plugin.check(asked, asked);
        assert.deepEqual(checked.failures, []);
        const news = plain(checked.inputs);
        const { changes, replaces } = await plugin.diff(id, written, news);
        assert.deepEqual([changes, replaces], ["some", []]);
        emulator.requests.clear();
        const outputs = plain(await plugin.update(id, written, news));
        assert.deepEqual(writesOf(emulator), []);
        const { stateEntry, ...others } = written;
        assert.deepEqual(Object.keys(visible(outputs)).sort(), Object.keys(others).sort());
        assert.deepEqual(askedIn(outputs), asked);
        assert.equal(outputs["__madeAt"], (stateEntry as Properties)["madeAt"]);
        assert.deepEqual(await plugin.diff(id, outputs, news), unchanged);

        const found = await plugin.read(id, outputs);
        const kept = [...Object.keys(asked), ...(casesOf[type].secretOutputs ?? [])];
        assert.deepEqual(visible(plain(found.outs)), withComputed(others, plain(today.outs), kept));
        assert.equal(found.id, id);
        assert.deepEqual(await plugin.diff(id, plain(found.outs), news), unchanged);
        const { operations, exists } = casesOf[type];
        if (operations.delete === undefined) return;
        const nextRun = withText(next, releasedTextOf(resourceTypes[type].stem));
        await nextRun.delete(id, outputs);
        assert.ok(!exists({ emulator, id, place, clusterId: clusterIdIn(type, place) }));
      });
    }
  });
});

// What stands in users' stacks: the constant text, and what every release has written beside it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import { delegateTo } from "../../provider/registration";
import { writeFiles } from "../support/consumer";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import type { Plugin, Properties } from "./plugin-process";
import { closePlugins, clusterText, programFolder, startPlugin } from "./plugin-process";

const golden = join(__dirname, "golden");
const packageName = "pulumi-cockroachdb-cloud";

/** What a released package has put into users' state, letter by letter. Never to be changed. */
const releasedText = `exports.handler = () => { try { return require("pulumi-cockroachdb-cloud/provider/cluster").provider; } catch (error) { if (!/NOT_FOUND|NOT_EXPORTED/.test(error.code) || !error.message.split("\\n")[0].includes("pulumi-cockroachdb-cloud")) throw error; throw new Error("The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along."); } };`;

const whatToDo = {
  message:
    "The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along.",
};

interface Resource {
  type: string;
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

describe("state", function () {
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
    it("of clusters is the released one", () => {
      assert.equal(clusterText, releasedText);
    });

    it("loads the installed package", async () => {
      const plugin = await startPlugin({ text: releasedText });
      await plugin.configure();
      assert.deepEqual((await plugin.check(inputs)).failures, []);
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
  };

  for (const file of readdirSync(golden)) {
    describe(`written by ${file.replace(/\.json$/, "")}`, () => {
      const { deployment } = JSON.parse(readFileSync(join(golden, file), "utf8")) as {
        deployment: { resources: Resource[] };
      };
      const clusters = deployment.resources.filter(({ type }) => type.endsWith(":Cluster"));

      it("holds a cluster of every plan, each with the released text", () => {
        assert.deepEqual(clusters.map(({ outputs }) => outputs["plan"]).sort(), [
          "ADVANCED",
          "BASIC",
          "STANDARD",
        ]);
        for (const { inputs: asked, outputs } of clusters) {
          assert.equal(asked["__provider"], releasedText);
          assert.equal(outputs["__provider"], releasedText);
        }
      });

      for (const { urn, inputs: asked, outputs } of clusters) {
        const name = urn.slice(urn.lastIndexOf("::") + 2);

        it(`is checked, compared, read, changed and deleted by today's code: ${name}`, async () => {
          const emulator = await startTestEmulator({ clock: scaledClock(3600) });
          const plugin = await startPlugin({
            environment: { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url },
          });
          await plugin.configure();
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
          assert.equal(found.id, id);
          assert.deepEqual(found.inputs, asked);
          assert.deepEqual(Object.keys(found.outs), Object.keys(outputs));
          for (const key of ["name", "plan", "labels", "serverless", "dedicated", "__inputs"]) {
            assert.deepEqual(found.outs[key], outputs[key], key);
          }
          assert.equal((await plugin.diff(id, found.outs, asked)).changes, "none");

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
    });
  }

  describe("written by the bridged provider", () => {
    it("counts as a change, and the update that follows writes complete outputs and sends nothing", async () => {
      const emulator = await startTestEmulator({ clock: scaledClock(3600) });
      const plugin = await startPlugin({
        environment: { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url },
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
      const { __provider: text, ...outs } = await plugin.update(id, bridged, inputs);
      assert.equal(text, releasedText);
      assert.deepEqual(outs["__inputs"], inputs);
      assert.deepEqual((outs["serverless"] as Properties)["regions"], ["us-central1"]);
      assert.equal(outs["state"], "CREATED");
      assert.deepEqual([...new Set(emulator.requests.map(({ method }) => method))], ["GET"]);
    });
  });
});

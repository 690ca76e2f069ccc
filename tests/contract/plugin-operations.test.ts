// What Pulumi's own dynamic provider makes of this package, over the wire that the engine speaks.

import assert from "node:assert/strict";
import { pathsIn, withUnknown } from "../support/argument-paths";
import { checkEmulators } from "../support/emulator";
import { advanced, basic, cloud, nowhere, pluginOf } from "./emulated-plugin";
import { clusterText, urn } from "./plugin-client";
import { closePlugins, startPlugin } from "./plugin-process";

describe("The plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

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
        message: `There is no cluster with the id ${nowhere} in this organization, or this credential may not see it.`,
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
});

// Functions in a program that the real engine runs: what they ask in preview and in up, and what becomes of secrets.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";

const firstKey = "CCDB1_canaryFirst0000000000_f1rstf1rstf1rstf1rstf1rstf1rstf1rstf1rst";
const secondKey = "CCDB1_canarySecond000000000_s3conds3conds3conds3conds3conds3cond";

describe("Functions", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let foreignId: string;

  before(async () => {
    emulator = await startTestEmulator({
      rateLimit: "off",
      clock: scaledClock(600),
      organizations: [
        { name: "first", apiKeys: [{ name: "first", secret: firstKey }] },
        { name: "second", apiKeys: [{ name: "second", secret: secondKey }] },
      ],
    });
    const { id } = emulator.clusters.create({
      name: "foreign-test",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    emulator.clusters.finish(id);
    foreignId = id;
    stack = await startStack({
      // No variable of the environment: functions find the stack's configuration as resources do.
      config: {
        "cockroachdb-cloud:apiKey": { value: firstKey, secret: true },
        "cockroachdb-cloud:serverUrl": { value: emulator.url },
      },
      program: async () => ({}),
    });
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  /** Asked by this process and not by the provider's, since the last call of this. */
  let seen = 0;
  const requests = () => {
    const all = emulator.requests.map(({ key, method, path }) => `${key} ${method} ${path}`);
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  };

  it("ask in preview too", async () => {
    stack.program = async () => ({
      id: (await cockroachdb.getCluster({ name: "foreign-test" })).id,
      organization: cockroachdb.getOrganizationOutput().name,
    });
    requests();
    await stack.preview();
    assert.deepEqual(requests().sort(), [
      "first GET /api/v1/clusters",
      "first GET /api/v1/organization",
    ]);
    const { outputs } = await stack.up();
    assert.deepEqual(outputs["id"], { value: foreignId, secret: false });
    assert.deepEqual(outputs["organization"], { value: "first", secret: false });
  });

  it("keep a secret argument secret in the stack's outputs", async () => {
    stack.program = async () => {
      const cluster = cockroachdb.getClusterOutput({ name: pulumi.secret("foreign-test") });
      return {
        host: cluster.sqlDns,
        users: cockroachdb.listSqlUsersOutput({ clusterId: pulumi.secret(foreignId) }),
        open: cockroachdb.getClusterOutput({ id: foreignId }).name,
      };
    };
    const { outputs } = await stack.up();
    assert.equal(outputs["host"]?.secret, true);
    assert.equal(outputs["host"]?.value, emulator.clusters.get(foreignId).sql_dns);
    assert.equal(outputs["users"]?.secret, true);
    assert.equal(outputs["open"]?.secret, false);
    assert.ok(!stack.stateText().includes(emulator.clusters.get(foreignId).sql_dns));
  });

  it("ask another organization through an explicit provider, whose key is an output", async () => {
    stack.program = async () => {
      const provider = new cockroachdb.Provider("second", {
        apiKey: pulumi.secret(secondKey),
        serverUrl: emulator.url,
      });
      const { name } = await cockroachdb.getOrganization({}, { provider });
      return {
        name,
        output: cockroachdb.getOrganizationOutput({}, { provider }).name,
        none: cockroachdb.listClustersOutput({}, { provider }),
      };
    };
    requests();
    await stack.preview();
    assert.deepEqual([...new Set(requests().map((line) => line.split(" ")[0]))], ["second"]);
    const { outputs } = await stack.up();
    assert.deepEqual(outputs["name"], { value: "second", secret: false });
    assert.deepEqual(outputs["output"], { value: "second", secret: false });
    assert.deepEqual(outputs["none"]?.value, []);
    for (const key of [firstKey, secondKey]) assert.ok(!stack.stateText().includes(key));
  });

  it("end with one sentence, and without a call stack", async () => {
    stack.program = async () => ({
      id: cockroachdb.getClusterOutput({ name: "nowhere" }).id,
    });
    const run = await stack.preview({ expect: "failure" });
    assert.match(
      run.stdout + run.stderr,
      /Looking up cluster "nowhere" failed: the only cluster that this credential can see has another name\./,
    );
    assert.doesNotMatch(run.stdout + run.stderr, /\n\s+at .*functions/);
  });

  describe("of a cluster of the same program", () => {
    let ran: { preview: boolean; name: string }[];

    before(() => {
      ran = [];
      stack.program = async () => {
        const cluster = new cockroachdb.Cluster("ours", {
          name: "ours-test",
          plan: "BASIC",
          cloudProvider: "GCP",
          serverless: { regions: ["us-central1"] },
        });
        const found = cockroachdb.getClusterOutput({ id: cluster });
        found.name.apply((name) => ran.push({ preview: pulumi.runtime.isDryRun(), name }));
        const connection = cockroachdb.getConnectionStringOutput({
          clusterId: cluster,
          sqlUser: "app",
        });
        return {
          name: found.name,
          window: cockroachdb.listSqlUsersOutput({ clusterId: cluster.id }),
          connection: connection.connectionString,
        };
      };
    });

    it("ask nothing while its id is not known", async () => {
      requests();
      await stack.preview();
      assert.deepEqual(requests(), []);
      assert.deepEqual(ran, []);
    });

    it("wait until it is made", async () => {
      const { outputs } = await stack.up();
      assert.equal(outputs["name"]?.value, "ours-test");
      assert.match(outputs["connection"]?.value, /^postgresql:\/\/app@/);
      assert.deepEqual(ran, [{ preview: false, name: "ours-test" }]);
    });

    it("see it in the next preview, and nothing changes", async () => {
      requests();
      const run = await stack.preview({ expectNoChanges: true });
      assert.deepEqual(
        run.stepsOf("ours").map(({ op }) => op),
        ["same"],
      );
      assert.equal(requests().length, 3);
      assert.deepEqual(ran.at(-1), { preview: true, name: "ours-test" });
    });

    it("leave nothing behind", async () => {
      await stack.destroy();
      assert.deepEqual(
        emulator.clusters
          .list()
          .filter(({ state }) => state !== "DELETED")
          .map(({ name }) => name),
        ["foreign-test"],
      );
    });
  });
});

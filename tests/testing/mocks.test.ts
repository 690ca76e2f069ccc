import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "../../index";
import { allResourceTypes } from "../../provider/resource/resource-types";
import type { Overrides } from "../../testing";
import { mocks, promiseOf } from "../../testing";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { assertDone } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { startLab as startProgramLab } from "../support/program-lab";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

const basic: cockroachdb.BasicClusterArgs = {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
};

/** Outputs that the service makes up. */
const madeUp =
  /^(accountId|exportPrincipal|createdAt|creatorId|internalDns|privateEndpointDns|routingId|s3VpcEndpointId|sqlDns|uiDns)$/;

function comparable(outputs: object): unknown {
  const text = JSON.stringify(outputs, (key, value) =>
    madeUp.test(key) && value !== undefined && value !== "" ? `some ${key}` : value,
  );
  return JSON.parse(text);
}

async function outputsOf(cluster: cockroachdb.Cluster): Promise<unknown> {
  const outputs = Object.entries(cluster).filter(
    ([key, value]) => pulumi.Output.isInstance(value) && !/^(id|urn|__.*)$/.test(key),
  );
  return comparable(await promiseOf(pulumi.output(Object.fromEntries(outputs))));
}

/** The outputs of a cluster that the provider has made on the emulator. */
async function outputsInLife(args: object): Promise<unknown> {
  const { stack } = await startLab();
  const shop = stack();
  assertDone(await shop.up({ db: { ...args } }));
  return comparable(visible(shop.resource().outputs));
}

describe("Mocks", () => {
  checkEmulators();

  async function setMocks(overrides?: Overrides, others?: pulumi.runtime.Mocks): Promise<void> {
    await pulumi.runtime.setMocks(mocks(overrides, others), "shop", "dev", false, "acme");
  }

  beforeEach(() => setMocks());
  after(() => pulumi.runtime.resetOptions("", "", -1, "", "", false, ""));

  it("give a whole stack its ids and outputs, the same in every run", async () => {
    const run = async () => {
      await setMocks();
      const cluster = new cockroachdb.Cluster("orders", basic);
      const app = new cockroachdb.SqlUser("app", { clusterId: cluster });
      const database = new cockroachdb.Database("db", { clusterId: cluster, name: "orders" });
      const office = new cockroachdb.AllowlistEntry("office", {
        clusterId: cluster,
        cidrIp: "203.0.113.0",
        cidrMask: 24,
        sql: true,
        ui: false,
      });
      const url = cluster.connectionUrl({ user: app, database: database.name });
      return {
        id: await promiseOf(cluster.id),
        ids: await promiseOf(pulumi.all([app.id, database.id, office.id])),
        name: await promiseOf(cluster.name),
        state: await promiseOf(cluster.state),
        isSecret: await pulumi.isSecret(app.password),
        url: new URL(await promiseOf(url)),
      };
    };
    const first = await run();
    assert.match(first.id, uuid);
    assert.deepEqual(first.ids, [
      `${first.id}:app`,
      `${first.id}:orders`,
      `${first.id}:203.0.113.0/24`,
    ]);
    assert.match(first.name, /^orders-[0-9a-f]{6}$/);
    assert.equal(first.state, "CREATED");
    assert.ok(first.isSecret);
    assert.equal(first.url.username, "app");
    assert.match(first.url.password, /^[\w-]{32}$/);
    assert.match(first.url.hostname, /^orders-.*\.gcp-us-central1\.cockroachlabs\.cloud$/);
    assert.equal(first.url.pathname, "/orders");
    assert.deepEqual(await run(), first);
  });

  it("keep secret what is always secret: a password, and the secret of an API key", async () => {
    await setMocks();
    const account = new cockroachdb.ServiceAccount("ci", { name: "ci", description: "" });
    const key = new cockroachdb.ApiKey("ci", { serviceAccountId: account.id, name: "ci" });
    const cluster = new cockroachdb.Cluster("orders", basic);
    const user = new cockroachdb.SqlUser("app", { clusterId: cluster });
    assert.ok(await pulumi.isSecret(key.secret));
    assert.ok(await pulumi.isSecret(user.password));
    assert.equal(await pulumi.isSecret(key.name), false);
  });

  it("treat null as left out", async () => {
    const args = { ...basic, name: null, labels: { team: "payments", env: null } };
    const cluster = new cockroachdb.Cluster("orders", args as never);
    assert.match(await promiseOf(cluster.name), /^orders-[0-9a-f]{6}$/);
    assert.deepEqual(await promiseOf(cluster.labels), { team: "payments" });
  });

  it("give resources of one name under different parents different ids", async () => {
    const parents = ["a", "b"].map((name) => new pulumi.ComponentResource("shop:Db", name));
    const clusters = parents.map((parent) => new cockroachdb.Cluster("db", basic, { parent }));
    const [one, two] = await Promise.all(clusters.map(({ id }) => promiseOf(id)));
    assert.notEqual(one, two);
  });

  it("give the outputs that the service gives to the same arguments", async () => {
    const advanced: cockroachdb.ClusterArgs = {
      name: "ledger-prod",
      plan: "ADVANCED",
      cloudProvider: "AWS",
      deleteProtection: true,
      dedicated: {
        regionNodes: { "us-east-1": 3 },
        hardware: { machineSpec: { numVirtualCpus: 8 } },
        networkVisibility: "PRIVATE",
      },
    };
    const standard: cockroachdb.ClusterArgs = {
      name: "orders-prod",
      plan: "STANDARD",
      cloudProvider: "GCP",
      labels: { team: "payments" },
      serverless: {
        regions: ["us-central1", "us-east1"],
        primaryRegion: "us-east1",
        usageLimits: { provisionedVirtualCpus: 4 },
      },
    };
    const named: cockroachdb.ClusterArgs = { name: "orders-dev", ...basic };
    for (const args of [named, standard, advanced]) {
      const cluster = new cockroachdb.Cluster("db", args);
      assert.deepEqual(await outputsOf(cluster), await outputsInLife(args), String(args.plan));
    }
  });

  it("cover keys, windows and deferrals", async () => {
    const cluster = new cockroachdb.Cluster("ledger", {
      plan: "ADVANCED",
      cloudProvider: "AWS",
      dedicated: {
        regionNodes: { "us-east-1": 3 },
        hardware: { machineSpec: { machineType: "m6i.xlarge" } },
        networkVisibility: "PRIVATE",
      },
    });
    const key = {
      type: "AWS_KMS" as const,
      uri: "arn:aws:kms:us-east-1:123456789012:key/0f8fad5b-d9cb-469f-a165-70867728950e",
      authPrincipal: "arn:aws:iam::123456789012:role/cmek",
    };
    const regionSpecs = [{ region: "us-east-1", keySpec: key }];
    const cmek = new cockroachdb.CmekConfig("keys", { clusterId: cluster, regionSpecs });
    const window = new cockroachdb.MaintenanceWindow("window", {
      clusterId: cluster,
      offsetDuration: cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 2 }),
      windowDuration: "21600s",
    });
    const deferral = new cockroachdb.VersionDeferral("deferral", {
      clusterId: cluster,
      deferralPolicy: "DEFERRAL_60_DAYS",
    });
    const id = await promiseOf(cluster.id);
    assert.deepEqual(await promiseOf(pulumi.all([cmek.id, window.id, deferral.id])), [id, id, id]);
    assert.equal(await promiseOf(cmek.status), "ENABLED");
    assert.deepEqual(await promiseOf(cmek.regionSpecs), regionSpecs);
    assert.equal((await promiseOf(cmek.regions))[0]?.keyInfos[0]?.status, "ENABLED");
    assert.equal(await promiseOf(window.offsetDuration), "180000s");
    assert.equal(await promiseOf(deferral.deferralPolicy), "DEFERRAL_60_DAYS");
    const dedicated = await promiseOf(cluster.dedicated);
    assert.deepEqual(dedicated?.hardware.machineSpec, {
      numVirtualCpus: 4,
      machineType: "m6i.xlarge",
    });
  });

  it("cover folders and their contents", async () => {
    const team = new cockroachdb.Folder("team", { name: "payments" });
    const eu = new cockroachdb.Folder("eu", { name: "eu west", parentId: team });
    const cluster = new cockroachdb.Cluster("orders", { ...basic, parentId: eu });
    const id = await promiseOf(team.id);
    assert.match(id, uuid);
    assert.equal(await promiseOf(eu.parentId), id);
    assert.equal(await promiseOf(cluster.parentId), await promiseOf(eu.id));
    assert.equal(await promiseOf(team.fullPath), "/payments");
    assert.deepEqual(await promiseOf(pulumi.all([team.path, team.labels])), [[], {}]);
    assert.equal(await promiseOf(cockroachdb.Folder.get("there", id).parentId), "root");
  });

  it("keep secret what the program keeps secret", async () => {
    const cluster = new cockroachdb.Cluster("orders", {
      ...basic,
      labels: { team: pulumi.secret("payments") },
    });
    const user = new cockroachdb.SqlUser("app", {
      clusterId: cluster,
      password: pulumi.secret("a-long-enough-password"),
    });
    assert.ok(await pulumi.isSecret(cluster.labels));
    assert.deepEqual(await promiseOf(cluster.labels), { team: "payments" });
    assert.ok(!(await pulumi.isSecret(cluster.sqlDns)));
    assert.equal(await promiseOf(user.password), "a-long-enough-password");
  });

  it("cover resources that are only read, and imported ones", async () => {
    const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    const cluster = cockroachdb.Cluster.get("orders", id);
    const user = cockroachdb.SqlUser.get("app", `${id}:app`);
    const window = cockroachdb.MaintenanceWindow.get("window", id);
    const adopted = new cockroachdb.Database(
      "db",
      { clusterId: id, name: "a" },
      { import: `${id}:a` },
    );
    assert.equal(await promiseOf(cluster.id), id);
    assert.equal(await promiseOf(cluster.plan), "BASIC");
    assert.deepEqual(await promiseOf(pulumi.all([user.clusterId, user.name, user.password])), [
      id,
      "app",
      undefined,
    ]);
    assert.equal(await promiseOf(window.clusterId), id);
    assert.equal(await promiseOf(adopted.id), `${id}:a`);
  });

  it("can be overridden by class, with values or by a function", async () => {
    await setMocks({
      Cluster: { id: "7ba7b810-9dad-41d1-80b4-00c04fd430c8", state: "LOCKED" },
      SqlUser: ({ name, inputs, outputs }) => ({
        password: `${name} of ${String(inputs["clusterId"]).slice(0, 4)} ${outputs.name}`,
      }),
    });
    const cluster = new cockroachdb.Cluster("orders", basic);
    const user = new cockroachdb.SqlUser("app", { clusterId: cluster });
    assert.equal(await promiseOf(cluster.state), "LOCKED");
    assert.equal(await promiseOf(cluster.plan), "BASIC");
    assert.equal(await promiseOf(user.id), "7ba7b810-9dad-41d1-80b4-00c04fd430c8:app");
    assert.equal(await promiseOf(user.password), "app of 7ba7 app");
    assert.ok(await pulumi.isSecret(user.password));
  });

  it("leave the resources and calls of other packages to other mocks", async () => {
    class Bucket extends pulumi.CustomResource {}
    const bucket = () => new Bucket("aws:s3/bucket:Bucket", "logs", { acl: "x" });
    assert.equal(await promiseOf(bucket().id), "logs-id");
    assert.deepEqual(await pulumi.runtime.invoke("aws:index/region:region", { a: 1 }), { a: 1 });
    await setMocks(undefined, {
      newResource: ({ type }) => ({ id: type, state: {} }),
      call: ({ token }) => ({ token }),
    });
    assert.equal(await promiseOf(bucket().id), "aws:s3/bucket:Bucket");
    assert.deepEqual(await pulumi.runtime.invoke("aws:index/region:region", {}), {
      token: "aws:index/region:region",
    });
  });

  it("reject what a preview would reject, also for a test that awaits an output", async () => {
    const serverless = { regions: ["us-central1"], usageLimit: 1 };
    const cluster = new cockroachdb.Cluster("orders", { ...basic, serverless });
    await assert.rejects(
      promiseOf(cluster.sqlDns),
      /A preview would refuse the arguments of Cluster "orders":\n {2}serverless\.usageLimit is not an argument here\./,
    );
  });

  async function unhandledIn(test: () => Promise<void>): Promise<unknown[]> {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      await test();
      // Node.js counts a rejection as unhandled after the tick that made it.
      await setImmediate();
    } finally {
      process.off("unhandledRejection", note);
    }
    return unhandled;
  }

  it("reject what a preview would reject beside the other resources of the program", async () => {
    const cluster = new cockroachdb.Cluster("orders", { ...basic, name: "orders-test" });
    const app = new cockroachdb.SqlUser("app", { clusterId: cluster, name: "app" });
    await promiseOf(app.id);
    const refused: [pulumi.CustomResource, RegExp][] = [
      [
        new cockroachdb.SqlUser("api", { clusterId: cluster, name: "app" }),
        /name is that of "app" too: both would manage one SQL user\./,
      ],
      [
        new cockroachdb.Cluster("ledger", { ...basic, name: "orders-test" }),
        /name is that of "orders" too, and the service refuses a second cluster/,
      ],
      [
        new cockroachdb.MaintenanceWindow("window", {
          ...{ clusterId: cluster.id, offsetDuration: "0s", windowDuration: "21600s" },
        }),
        /clusterId must be a cluster with the plan ADVANCED\. Cluster "orders" has the plan BASIC/,
      ],
    ];
    for (const [resource, reason] of refused) await assert.rejects(promiseOf(resource.id), reason);
    const account = new cockroachdb.ServiceAccount("ci", { name: "ci" });
    const key = new cockroachdb.ApiKey("ci", { name: "ci", serviceAccountId: account });
    await promiseOf(key.id);
    const text = await promiseOf(account.id);
    const database = new cockroachdb.Database("db", { clusterId: text, name: "shop" });
    await assert.rejects(
      promiseOf(database.id),
      new RegExp(`must be the id of a cluster, and ${text} is that of service account "ci"`),
    );
  });

  it("take resources with other providers for those of another organization", async () => {
    const clusters = ["retail", "bank"].map((name) => {
      const provider = new cockroachdb.Provider(name, { apiKey: "a key" });
      return new cockroachdb.Cluster(name, { ...basic, name: "orders-test" }, { provider });
    });
    for (const { name } of clusters) assert.equal(await promiseOf(name), "orders-test");
  });

  it("take a resource that is registered again for another run of the program", async () => {
    const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
    for (const name of ["first", "second"]) {
      const orders = new cockroachdb.Cluster("orders", basic);
      await promiseOf(orders.id);
      const user = new cockroachdb.SqlUser(name, { clusterId, name: "app" });
      assert.equal(await promiseOf(user.id), `${clusterId}:app`);
    }
  });

  it("give the outputs of other stacks that a test has for them", async () => {
    const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
    const outputsOf = async (overrides: Overrides) => {
      await setMocks(overrides);
      const network = new pulumi.StackReference("acme/network/prod");
      const given = network.requireOutput("clusterId") as pulumi.Output<string>;
      await promiseOf(given);
      const user = new cockroachdb.SqlUser("app", { clusterId: given });
      return await promiseOf(user.clusterId);
    };
    assert.equal(await outputsOf({ StackReference: { outputs: { clusterId } } }), clusterId);
    const byName: Overrides = {
      StackReference: ({ name }) => ({ outputs: name.endsWith("/prod") ? { clusterId } : {} }),
    };
    assert.equal(await outputsOf(byName), clusterId);
    await assert.rejects(outputsOf({}), /Required output 'clusterId' does not exist on stack/);
  });

  it("leave no promise rejection of a rejected resource unhandled", async () => {
    const classes = Object.entries(cockroachdb).filter(
      ([name, value]) => Object.hasOwn(value, "__pulumiType") && name !== "Provider",
    );
    assert.equal(classes.length, allResourceTypes.length);
    const unhandled = await unhandledIn(async () => {
      for (const [, Resource] of classes as unknown as [string, typeof cockroachdb.Cluster][]) {
        const refused = new Resource("orders", { unheardOf: true } as never);
        await assert.rejects(promiseOf(refused.id), /A preview would refuse/);
      }
    });
    assert.deepEqual(unhandled, []);
  });

  it("fail what is made of a rejected resource, which Pulumi never settles, with the reason", async () => {
    const refused = new cockroachdb.Cluster("orders", { ...basic, unheardOf: true } as never);
    const user = new cockroachdb.SqlUser("app", { clusterId: refused });
    const key = new cockroachdb.ApiKey("key", {
      serviceAccountId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11",
      name: "key",
      keepers: { user: user.name },
    });
    const later = new cockroachdb.Folder("team", { name: "team" }, { dependsOn: [user] });
    const made = [
      user.id,
      user.name,
      key.id,
      later.id,
      pulumi.interpolate`${key.name} of ${later.id}`,
    ];
    // The rejections that Pulumi leaves in promises of its own are no concern of this test.
    await unhandledIn(async () => {
      for (const output of made)
        await assert.rejects(promiseOf<string>(output), /unheardOf is not an argument here/);
    });
  });

  it("leave no promise rejection of a rejected connection unhandled", async () => {
    const cluster = new cockroachdb.Cluster("orders", basic);
    const unhandled = await unhandledIn(async () => {
      const url = cluster.connectionUrl({ user: "app" });
      await assert.rejects(promiseOf(url), /The password of SQL user "app" is not known/);
      const misspelt = cluster.connection({ user: "app", password: "x", client: "pg" as "go" });
      await assert.rejects(promiseOf(misspelt), /The client of a connection is one of/);
    });
    assert.deepEqual(unhandled, []);
  });

  it("leave no promise rejection of what is made of a rejected cluster unhandled", async () => {
    const unhandled = await unhandledIn(async () => {
      const cluster = new cockroachdb.Cluster("orders", { unheardOf: true } as never);
      cluster.connectionUrl({ user: "app", password: "x" });
      cluster.connection({ user: "app", password: "x" });
      cockroachdb.getClusterCertOutput({ clusterId: cluster });
      cockroachdb.getClusterOutput({ id: cluster.id });
      await assert.rejects(promiseOf(cluster.id), /A preview would refuse/);
    });
    assert.deepEqual(unhandled, []);
  });

  it("reject a resource without arguments that is not only read", async () => {
    const cluster = new cockroachdb.Cluster("orders", {} as never);
    await assert.rejects(promiseOf(cluster.plan), /plan is required/);
    const database = new cockroachdb.Database("db", undefined as never);
    await assert.rejects(promiseOf(database.id), /clusterId is required/);
  });

  it("accept machines, sizes, regions and versions that are not in the emulator", async () => {
    const cases = [
      ["AWS", "us-east-1", { machineType: "m9x.2xlarge" }, "m9x.2xlarge", 8],
      ["GCP", "us-east1", { machineType: "n9-standard-16" }, "n9-standard-16", 16],
      ["AZURE", "eastus", { machineType: "Standard_D4s_v9" }, "Standard_D4s_v9", 4],
      ["GCP", "us-nowhere1", { numVirtualCpus: 12 }, "", 12],
    ] as const;
    for (const [cloudProvider, region, machineSpec, machineType, numVirtualCpus] of cases) {
      const cluster = new cockroachdb.Cluster(`ledger-${cloudProvider}`, {
        plan: "ADVANCED",
        cloudProvider,
        dedicated: {
          regionNodes: { [region]: 3 },
          hardware: { machineSpec },
          cockroachVersion: "v39.1",
        },
      });
      const dedicated = await promiseOf(cluster.dedicated);
      assert.deepEqual(dedicated?.hardware.machineSpec, { machineType, numVirtualCpus });
      assert.deepEqual(dedicated?.regionNodes, { [region]: 3 });
      assert.equal(dedicated?.cockroachVersion, "v39.1");
      assert.equal(await promiseOf(cluster.cockroachVersion), "v39.1.0");
    }
  });

  it("return in a mocked preview what a preview knows, and reject what it rejects", async () => {
    await pulumi.runtime.setMocks(mocks(), "shop", "dev", true, "acme");
    const unknown = pulumi.output(pulumi.unknown) as pulumi.Output<never>;
    const cluster = new cockroachdb.Cluster("orders", {
      ...basic,
      labels: { team: unknown },
      serverless: { regions: unknown },
    });
    const user = new cockroachdb.SqlUser("app", { clusterId: cluster });
    const known = async (output: pulumi.Output<unknown>) =>
      await (output as unknown as { isKnown: Promise<boolean> }).isKnown;
    assert.equal(await promiseOf(cluster.plan), "BASIC");
    assert.equal(await promiseOf(user.name), "app");
    for (const output of [cluster.id, cluster.serverless, cluster.sqlDns, user.id, user.password]) {
      assert.equal(await known(output), false);
    }
    const wrong = new cockroachdb.SqlUser("App", { clusterId: cluster });
    await assert.rejects(promiseOf(wrong.name), /must be lowercase/);
  });

  it("can fail a resource", async () => {
    await setMocks({
      Cluster: () => {
        throw new Error("no quota");
      },
    });
    await assert.rejects(promiseOf(new cockroachdb.Cluster("orders", basic).id), /no quota/);
  });

  it("leave functions to the emulator", async () => {
    const lab = await startProgramLab();
    try {
      const { id } = lab.basic("orders");
      const found = cockroachdb.getClusterOutput({ name: "orders" });
      const user = new cockroachdb.SqlUser("app", { clusterId: found.id });
      assert.equal(await promiseOf(user.id), `${id}:app`);
    } finally {
      lab.restoreEnvironment();
    }
  });
});

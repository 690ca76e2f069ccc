import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../provider/cluster";
import { Provider } from "../../provider/explicit-provider";
import { delegateTo, registered } from "../../provider/registration";
import { typeToken } from "../../provider/resource-types";
import { SqlUser } from "../../provider/sql-user";
import { basic } from "../support/builders";

// Every stack keeps this text. A change of one character is a change of everybody's state.
const clusterText =
  'exports.handler = () => { try { return require("pulumi-cockroachdb-cloud/provider/cluster").provider; } catch (error) { if (!/NOT_FOUND|NOT_EXPORTED/.test(error.code) || !error.message.split("\\n")[0].includes("pulumi-cockroachdb-cloud")) throw error; throw new Error("The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project\'s own package.json, also when another package brings it along."); } };';

describe("Text in state", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Evaluates the text as Pulumi does, in a project with these files. */
  function handlerIn(files: Record<string, string>): () => unknown {
    const folder = mkdtempSync(join(tmpdir(), "text-in-state-"));
    folders.push(folder);
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, "node_modules", "pulumi-cockroachdb-cloud", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const exports: { handler?: () => unknown } = {};
    const evaluate = new Function("exports", "require", clusterText);
    evaluate(exports, createRequire(join(folder, "index.js")));
    return exports.handler as () => unknown;
  }

  const manifest = JSON.stringify({
    name: "pulumi-cockroachdb-cloud",
    exports: { "./provider/*": "./provider/*.js" },
  });
  const advice =
    /^The package pulumi-cockroachdb-cloud is not installed in this project, or too old\. Run npm install/;

  it("is what it has always been", () => assert.equal(delegateTo("cluster"), clusterText));

  it("loads the provider of the stem", () => {
    const handler = handlerIn({
      "package.json": manifest,
      "provider/cluster.js": "exports.provider = { name: 'cluster' };",
    });
    assert.deepEqual(handler(), { name: "cluster" });
  });

  it("says what to do when the package is not installed", () => {
    assert.throws(handlerIn({}), { message: advice });
  });

  it("says what to do when the package is too old to have the module", () => {
    assert.throws(handlerIn({ "package.json": manifest }), { message: advice });
    const older = JSON.stringify({
      name: "pulumi-cockroachdb-cloud",
      exports: { ".": "./index.js" },
    });
    assert.throws(handlerIn({ "package.json": older }), { message: advice });
  });

  it("passes on that another module is missing", () => {
    const handler = handlerIn({
      "package.json": manifest,
      "provider/cluster.js": "require('zod-that-is-missing');",
    });
    assert.throws(handler, /^Error: Cannot find module 'zod-that-is-missing'/);
  });

  it("passes on what the module itself throws", () => {
    const handler = handlerIn({
      "package.json": manifest,
      "provider/cluster.js": "throw new TypeError('broken');",
    });
    assert.throws(handler, { name: "TypeError", message: "broken" });
  });
});

describe("Registration", () => {
  const outputOf = <T>(output: pulumi.Output<T>): Promise<T> =>
    new Promise((resolve) => {
      output.apply(resolve);
    });
  const registrations: { type: string; name: string; inputs: Record<string, unknown> }[] = [];

  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs, id }) => {
          registrations.push({ type, name, inputs });
          return {
            id: id || `${name}-id`,
            state: { ...inputs, sqlDns: "host", routingId: "host" },
          };
        },
        call: () => ({}),
      },
      "shop",
      "dev",
      false,
      "acme",
    );
  });
  after(() => pulumi.runtime.resetOptions("", "", -1, "", "", false, ""));

  const of = (options: pulumi.CustomResourceOptions, isMarked = true) =>
    registered(
      {
        type: "Cluster",
        outputs: ["state"],
        isMarked,
      },
      "orders",
      basic(),
      options,
    );

  it("has the type token of the contract", () => {
    assert.equal(typeToken("Cluster"), "pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster");
  });

  it("carries the hidden inputs, and moves the import option among them", () => {
    const [token, name, properties, options] = of({
      import: "some-id",
      customTimeouts: { create: "1h" },
    });
    assert.deepEqual([token, name], [typeToken("Cluster"), "orders"]);
    assert.equal(properties["__provider"], clusterText);
    assert.equal(properties["__adopt"], "some-id");
    assert.deepEqual(properties["__timeouts"], { create: "1h" });
    assert.equal("import" in options, false);
    assert.ok("state" in properties && properties["state"] === undefined, "outputs are named");
    assert.deepEqual(options.aliases, [{ type: "cockroach:index/cluster:Cluster" }]);
  });

  it("marks with digests of the stack and of the URN", async () => {
    const [, , properties] = of({});
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";
    assert.equal(await outputOf(pulumi.output(properties["__urn"])), urn);
    // The same numbers as `printf acme/shop/dev | sha256sum` and that of the URN.
    assert.equal(
      await outputOf(pulumi.output(properties["__mark"])),
      "cc0c098b113a8572-a6ccc2795fb81dae",
    );
  });

  it("carries no hidden input in a look-up, and no mark where there is none", () => {
    const [, , lookUp] = of({ id: "some-id" });
    assert.deepEqual(
      Object.keys(lookUp).filter((key) => key.startsWith("__")),
      ["__provider"],
    );
    assert.ok(!("__mark" in of({}, false)[2]));
  });

  it("lets the parts of a cluster stand beside it in a component", async () => {
    const parent = new pulumi.ComponentResource("shop:index:Database", "database");
    const args = basic() as ConstructorParameters<typeof Cluster>[1];
    const cluster = new Cluster("inside", args, { parent });
    const user = new SqlUser("inside", { clusterId: cluster }, { parent });
    assert.equal(await outputOf(user.clusterId), "inside-id");
    const { inputs } = registrations.findLast(({ name }) => name === "inside") ?? {};
    assert.equal(
      inputs?.["__urn"],
      "urn:pulumi:dev::shop::shop:index:Database$pulumi-nodejs:dynamic/cockroachdb-cloud:SqlUser::inside",
    );
  });

  it("keeps the user's own aliases", () => {
    const [, , , options] = of({ aliases: [{ name: "old" }] });
    assert.deepEqual(options.aliases, [
      { name: "old" },
      { type: "cockroach:index/cluster:Cluster" },
    ]);
  });

  it("of an explicit provider passes on what is given, under the keys of the stack configuration", async () => {
    const provider = new Provider("second", { apiKey: "k", serverUrl: "http://localhost:1" });
    await outputOf(provider.urn);
    const { inputs } = registrations.find(({ name }) => name === "second") ?? {};
    assert.deepEqual(inputs, {
      "cockroachdb-cloud:explicit": "true",
      "cockroachdb-cloud:apiKey": {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "k",
      },
      "cockroachdb-cloud:serverUrl": "http://localhost:1",
    });
  });

  describe("of Cluster", () => {
    const args = basic() as ConstructorParameters<typeof Cluster>[1];

    it("makes a secret URL from a user's name and password, without a request", async () => {
      const cluster = new Cluster("orders", args);
      const user = { name: "app", password: pulumi.secret("s3cret") };
      const url = cluster.connectionUrl({ user, database: "orders" });
      assert.equal(
        await outputOf(url),
        "postgresql://app:s3cret@host:26257/orders?sslmode=verify-full&sslrootcert=system&options=--cluster%3Dhost",
      );
      assert.equal(await pulumi.isSecret(url), true);
      const byName = cluster.connection({ user: "app", password: "s3cret" });
      assert.equal((await outputOf(byName)).database, "defaultdb");
    });

    it("tells instances also of another copy, and looks up by id", async () => {
      const cluster = Cluster.get("existing", "some-id");
      assert.ok(Cluster.isInstance(cluster));
      assert.ok(Cluster.isInstance({ __pulumiType: typeToken("Cluster") }));
      for (const other of [undefined, null, "cluster", {}]) assert.ok(!Cluster.isInstance(other));
      assert.equal(await outputOf(cluster.id), "some-id");
    });
  });

  describe("of SqlUser", () => {
    const registrationOf = (name: string) => {
      const found = registrations.findLast((registration) => registration.name === name);
      return found ?? assert.fail(`${name} is not registered`);
    };

    it("takes the name of the resource, the id of the cluster, and the password for a secret", async () => {
      const cluster = Cluster.get("existing", "some-id");
      const user = new SqlUser("app", { clusterId: cluster, password: "s3cret" });
      await outputOf(user.urn);
      const { type, inputs } = registrationOf("app");
      assert.equal(type, typeToken("SqlUser"));
      assert.deepEqual([inputs["name"], inputs["clusterId"]], ["app", "some-id"]);
      assert.deepEqual(inputs["password"], {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "s3cret",
      });
      assert.equal(await pulumi.isSecret(user.password), true);
      assert.equal(await outputOf(user.clusterId), "some-id");
      assert.ok("keepers" in user, "outputs are named");
    });

    it("keeps a name of its own, and has no password where none is given", async () => {
      const user = new SqlUser("report", { clusterId: "some-id", name: "reporting" });
      await outputOf(user.urn);
      const { inputs } = registrationOf("report");
      assert.equal(inputs["name"], "reporting");
      assert.equal("password" in inputs, false);
    });

    it("is looked up by its id, and known also from another copy", async () => {
      const user = SqlUser.get("there", "some-id:app");
      assert.equal(await outputOf(user.id), "some-id:app");
      assert.ok(SqlUser.isInstance(user));
      assert.ok(SqlUser.isInstance({ __pulumiType: typeToken("SqlUser") }));
      assert.equal(SqlUser.isInstance({ __pulumiType: typeToken("Cluster") }), false);
    });
  });

  it("wraps a declared secret once more, and names it to the engine", () => {
    const [, , properties, options] = registered(
      { type: "SqlUser", outputs: [], secrets: ["password"] },
      "app",
      { password: "s3cret" },
      { additionalSecretOutputs: ["name"] },
    );
    assert.ok(pulumi.Output.isInstance(properties["password"]));
    assert.deepEqual(options.additionalSecretOutputs, ["name", "password", "__inputs"]);
  });
});

import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AllowlistEntry } from "../../../provider/allowlist-entry";
import { ApiKey } from "../../../provider/api-key";
import { Cluster } from "../../../provider/cluster";
import { creationMark } from "../../../provider/cluster/creation-mark";
import { CmekConfig } from "../../../provider/cmek-config";
import { Database } from "../../../provider/database";
import { hiddenInputNames, unpack } from "../../../provider/dynamic/hidden-inputs";
import { EgressPrivateEndpoint } from "../../../provider/egress-private-endpoint";
import type { EgressPrivateEndpointReference } from "../../../provider/egress-private-endpoint-domain-names";
import { EgressPrivateEndpointDomainNames } from "../../../provider/egress-private-endpoint-domain-names";
import { Folder } from "../../../provider/folder";
import { MaintenanceWindow } from "../../../provider/maintenance-window";
import { PhysicalReplicationStream } from "../../../provider/physical-replication-stream";
import type { ConnectionArgs } from "../../../provider/program/connection";
import { Provider } from "../../../provider/program/explicit-provider";
import { delegateTo, registration } from "../../../provider/program/registration";
import { ProvisionedGroup } from "../../../provider/provisioned-group";
import { notOfStack } from "../../../provider/resource/lifecycle";
import type { ResourceType } from "../../../provider/resource/resource-types";
import {
  resourceTypeOf,
  resourceTypes,
  typeToken,
} from "../../../provider/resource/resource-types";
import { ServiceAccount } from "../../../provider/service-account";
import { SqlUser } from "../../../provider/sql-user";
import { UserRoleGrant } from "../../../provider/user-role-grant";
import { UserRoleGrants } from "../../../provider/user-role-grants";
import { VersionDeferral } from "../../../provider/version-deferral";
import { promiseOf } from "../../../testing/promise-of";
import { basic } from "../../support/builders";
import { received, visible } from "../../support/engine-model/values";
import { partArguments } from "../../support/kinds";

// Every stack keeps this text. A change of one character is a change of everybody's state.
const clusterText =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text has a template of its own
  "let p='pulumi-cockroachdb-cloud';try{module.exports=require(p+'/provider/cluster').provider}catch(e){throw(e.code+e).match('NOT_.*'+p)?Error(`${p} is missing beside Pulumi.yaml, or too old: run npm install ${p} there.`):e}";

describe("Text in state", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Evaluates the text as Pulumi does, in a project with these files, and calls its handler. */
  function handlerIn(files: Record<string, string>): () => unknown {
    const folder = mkdtempSync(join(tmpdir(), "text-in-state-"));
    folders.push(folder);
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, "node_modules", "pulumi-cockroachdb-cloud", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const evaluate = new Function("module", "require", clusterText);
    return () => {
      const module: { exports: { handler?(): unknown } } = { exports: {} };
      evaluate(module, createRequire(join(folder, "index.js")));
      return module.exports.handler?.();
    };
  }

  const manifest = JSON.stringify({
    name: "pulumi-cockroachdb-cloud",
    exports: { "./provider/*": "./provider/*.js" },
  });
  const advice =
    "pulumi-cockroachdb-cloud is missing beside Pulumi.yaml, or too old: run npm install pulumi-cockroachdb-cloud there.";

  it("is what it has always been", () => assert.equal(delegateTo("cluster"), clusterText));

  it("loads the provider of the stem", () => {
    const handler = handlerIn({
      "package.json": manifest,
      "provider/cluster.js":
        "exports.provider = { name: 'cluster', handler() { return this.name; } };",
    });
    assert.equal(handler(), "cluster");
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

const clusterArgs = basic() as ConstructorParameters<typeof Cluster>[1];

interface ResourceClass<Resource extends pulumi.CustomResource = pulumi.CustomResource> {
  new (name: string, args: never, options?: pulumi.CustomResourceOptions): Resource;
  get(name: string, id: pulumi.Input<string>, options?: pulumi.CustomResourceOptions): Resource;
  isInstance(value: unknown): boolean;
}

/** The outputs that a class declares. */
type OutputName<Resource> = {
  [Key in Exclude<keyof Resource, keyof pulumi.CustomResource>]: Resource[Key] extends (
    ...args: never[]
  ) => unknown
    ? never
    : Key;
}[Exclude<keyof Resource, keyof pulumi.CustomResource>];

interface Row {
  type: ResourceType;
  Class: ResourceClass;
  args: object;
  outputs: string[];
  isPart: boolean;
  isOnlyOne: boolean;
}

const clusterId = "8d0a7f0e-4c67-4c5e-9d0d-0f3f5a9b1c2d";

function part<Resource extends pulumi.CustomResource>(
  type: keyof typeof partArguments,
  Class: ResourceClass<Resource>,
  outputs: Record<OutputName<Resource>, true>,
  isOnlyOne = true,
): Row {
  const args = { clusterId, ...partArguments[type].first };
  return { type, Class, args, outputs: Object.keys(outputs), isPart: true, isOnlyOne };
}

const classes: Row[] = [
  {
    type: "Cluster",
    Class: Cluster,
    args: { ...clusterArgs, name: "orders" },
    outputs: Object.keys({
      name: true,
      cloudProvider: true,
      plan: true,
      deleteProtection: true,
      labels: true,
      parentId: true,
      serverless: true,
      dedicated: true,
      customerCloudAccount: true,
      state: true,
      cockroachVersion: true,
      regions: true,
      sqlDns: true,
      routingId: true,
      accountId: true,
      exportPrincipal: true,
      creatorId: true,
      createdAt: true,
      upgradeStatus: true,
      egressTrafficPolicy: true,
      azureClusterIdentityClientId: true,
    } satisfies Record<OutputName<Cluster>, true>),
    isPart: false,
    isOnlyOne: false,
  },
  part("SqlUser", SqlUser, { clusterId: true, name: true, password: true, keepers: true }),
  part("Database", Database, { clusterId: true, name: true }),
  part("AllowlistEntry", AllowlistEntry, {
    clusterId: true,
    cidrIp: true,
    cidrMask: true,
    sql: true,
    ui: true,
    name: true,
  }),
  part("MaintenanceWindow", MaintenanceWindow, {
    clusterId: true,
    offsetDuration: true,
    windowDuration: true,
  }),
  part("VersionDeferral", VersionDeferral, {
    clusterId: true,
    deferralPolicy: true,
    deferredUntil: true,
  }),
  part(
    "CmekConfig",
    CmekConfig,
    {
      clusterId: true,
      regionSpecs: true,
      revoked: true,
      revokeOnDelete: true,
      status: true,
      regions: true,
    },
    false,
  ),
];

/** The options of a resource as they reach the engine. */
function optionsOf(
  Class: ResourceClass,
  args: object,
  options: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const seen: pulumi.CustomResourceOptions[] = [];
  const capture: pulumi.ResourceTransformation = ({ opts }) => {
    seen.push(opts);
    return undefined;
  };
  new Class("it", args as never, { ...options, transformations: [capture] });
  return seen[0] ?? assert.fail("the resource is registered");
}

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
    registration(
      {
        type: "Cluster",
        outputs: ["state"],
        isMarked,
      },
      "orders",
      basic(),
      options,
    );

  it("refuses a value of which Pulumi would pass nothing on, with its place and what to write", () => {
    const refused: [args: object, reason: string][] = [
      [
        { labels: new Map([["team", "payments"]]) },
        "labels is a Map, which Pulumi does not pass on to a provider. Give Object.fromEntries(map).",
      ],
      [
        { serverless: { regions: new Set(["us-east-1"]) } },
        "serverless.regions is a Set, which Pulumi does not pass on to a provider. Give [...set].",
      ],
      [
        { labels: { since: new Date(0) } },
        "labels.since is a Date, which Pulumi does not pass on to a provider. Give date.toISOString().",
      ],
      [
        { labels: { home: new URL("https://example.com") } },
        "labels.home is a URL, which Pulumi does not pass on to a provider. Give url.href.",
      ],
      [
        { dedicated: { regions: [{ nodeCount: 3n }] } },
        "dedicated.regions[0].nodeCount is a bigint, which Pulumi does not pass on to a provider. Give Number(value).",
      ],
      [
        { name: () => "orders" },
        "name is a function, which Pulumi does not pass on to a provider. Give the value that it returns.",
      ],
    ];
    for (const [args, reason] of refused) {
      assert.throws(() => new Cluster("orders", { ...basic(), ...args } as never), {
        message: `Cluster "orders": ${reason}`,
        __pulumiRunError: true,
      });
    }
  });

  it("refuses the id of another resource in the place of what an argument names", () => {
    const orders = new Cluster("orders", basic() as never);
    const user = new SqlUser("app", { clusterId: orders });
    const account = new ServiceAccount("ci", { name: "ci" });
    const team = new Folder("team", { name: "payments" });
    const refused = (sentence: string) => ({ message: sentence, __pulumiRunError: true });
    const notCluster = (subject: string, passed: string) =>
      refused(`${subject} must be the id of a cluster, and is ${passed}. Give the Cluster itself.`);
    for (const clusterId of [account, account.id]) {
      assert.throws(
        () => new Database("db", { name: "shop", clusterId: clusterId as never }),
        notCluster('Database "db": clusterId', 'that of ServiceAccount "ci"'),
      );
    }
    assert.throws(
      () => new CmekConfig("keys", { clusterId: team as never, regionSpecs: [] }),
      notCluster('CmekConfig "keys": clusterId', 'that of Folder "team"'),
    );
    assert.throws(
      () => new Database("db", { name: "shop", clusterId: user as never }),
      notCluster('Database "db": clusterId', 'that of SqlUser "app"'),
    );
    assert.throws(
      () => new Database("db", { name: "shop", clusterId: user.name }),
      notCluster('Database "db": clusterId', 'the output name of SqlUser "app"'),
    );
    assert.throws(
      () => new ApiKey("key", { name: "key", serviceAccountId: user as never }),
      refused(
        'ApiKey "key": serviceAccountId must be the id of a service account, and is that of SqlUser "app". Give the ServiceAccount itself.',
      ),
    );
    assert.throws(
      () => new Cluster("ledger", { ...(basic() as object), parentId: orders } as never),
      refused(
        'Cluster "ledger": parentId must be the id of a folder, and is that of Cluster "orders". Give the Folder itself.',
      ),
    );
    assert.throws(
      () =>
        new ProvisionedGroup("team", { displayName: "team", members: [account, orders as never] }),
      refused(
        'ProvisionedGroup "team": members[1] must be the id of a service account, a provisioned user, or a provisioned group, and is that of Cluster "orders". Give the ServiceAccount, ProvisionedUser, or ProvisionedGroup itself.',
      ),
    );
    const on = (resourceType: string, resourceId: pulumi.Input<string>) => ({
      role: { roleName: "CLUSTER_ADMIN", resourceType, resourceId },
    });
    assert.throws(
      () => new UserRoleGrant("admin", { userId: account, ...on("CLUSTER", team.id) }),
      refused(
        'UserRoleGrant "admin": role.resourceId must be the id of a cluster, and is that of Folder "team". Give the id of the Cluster.',
      ),
    );
    assert.throws(
      () => new UserRoleGrant("admin", { userId: account, ...on("FOLDER", orders.name) }),
      refused(
        'UserRoleGrant "admin": role.resourceId must be the id of a folder, and is the output name of Cluster "orders". Give the id of the Folder.',
      ),
    );
    const endpoint = new EgressPrivateEndpoint("kafka", {
      ...{ clusterId: orders, region: "us-east-1", targetServiceType: "PRIVATE_SERVICE" },
      targetServiceIdentifier: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
    });
    const names = (endpointId: EgressPrivateEndpointReference) => () =>
      new EgressPrivateEndpointDomainNames("names", {
        ...{ clusterId: orders, endpointId, domainNames: ["kafka.example.com"] },
      });
    assert.throws(
      names(endpoint.id),
      refused(
        'EgressPrivateEndpointDomainNames "names": endpointId must be the id of an egress private endpoint, and is that of EgressPrivateEndpoint "kafka", which has its cluster in it. Give the EgressPrivateEndpoint itself.',
      ),
    );
    for (const right of [endpoint, endpoint.endpointId]) names(right)();
    const others = new pulumi.StackReference("acme/network/prod");
    assert.throws(
      () => new Database("db", { name: "shop", clusterId: others as never }),
      refused(
        'Database "db": clusterId must be the id of a cluster, and is that of StackReference "acme/network/prod". Give an output of it: requireOutput("<name>").',
      ),
    );
  });

  it("takes an output that is the id, whatever resource it belongs to", () => {
    const orders = new Cluster("orders", basic() as never);
    const user = new SqlUser("app", { clusterId: orders });
    const window = new MaintenanceWindow("window", {
      ...{ clusterId: orders, offsetDuration: "0s", windowDuration: "21600s" },
    });
    const team = new Folder("team", { name: "payments", parentId: orders.parentId });
    for (const clusterId of [
      user.clusterId,
      window.id,
      window as never,
      orders.id.apply((id) => id),
    ]) {
      new Database("db", { name: "shop", clusterId });
    }
    new Cluster("ledger", { ...(basic() as object), parentId: team.parentId } as never);
    new UserRoleGrants("roles", { userId: orders.creatorId, roles: [] });
  });

  it("refuses another output of a cluster in the place of its id", () => {
    const orders = new Cluster("orders", basic() as never);
    const refused = (argument: string, output: string) => ({
      message: `${argument} must be the id of a cluster, and is the output ${output} of Cluster "orders". Give the Cluster itself.`,
      __pulumiRunError: true,
    });
    assert.throws(
      () => new SqlUser("app", { clusterId: orders.name }),
      refused('SqlUser "app": clusterId', "name"),
    );
    assert.throws(
      () =>
        new PhysicalReplicationStream("copy", {
          primaryClusterId: orders,
          standbyClusterId: orders.routingId,
        }),
      refused('PhysicalReplicationStream "copy": standbyClusterId', "routingId"),
    );
    assert.ok(new SqlUser("app", { clusterId: orders.id }));
  });

  it("has the type token of the contract", () => {
    assert.equal(typeToken("Cluster"), "pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster");
  });

  it("carries the hidden inputs, and moves the import option among them", () => {
    const [token, name, given, options] = of({
      import: "some-id",
      customTimeouts: { create: "1h" },
      ignoreChanges: ["labels"],
    });
    const properties = unpack(given);
    assert.deepEqual([token, name], [typeToken("Cluster"), "orders"]);
    assert.equal(properties["__provider"], clusterText);
    assert.equal(properties["__adopt"], "some-id");
    assert.deepEqual(properties["__timeouts"], { create: "1h" });
    assert.equal("import" in options, false);
    assert.ok("state" in properties && properties["state"] === undefined, "outputs are named");
    assert.deepEqual(options.aliases, [
      "urn:pulumi:dev::shop::cockroachdb-cloud:index:Cluster::orders",
      "urn:pulumi:dev::shop::cockroach:index/cluster:Cluster::orders",
    ]);
    assert.deepEqual(options.additionalSecretOutputs, ["__inputs"]);
    // The engine takes the comparison of what is ignored from the diff, and puts old values back before `check`.
    const found = Object.keys(given).filter((key) => hiddenInputNames.includes(key));
    assert.deepEqual(found, []);
    assert.deepEqual(options.ignoreChanges, ["labels", ...hiddenInputNames]);
    assert.equal(of({ id: "some-id" })[3].ignoreChanges, undefined);
  });

  it("carries the name of its explicit provider, also of one that it inherits", () => {
    const nameOf = (options: pulumi.CustomResourceOptions) =>
      unpack(of(options)[2])["__providerName"];
    const provider = new Provider("payments", { apiKey: "some-key" });
    const parent = new pulumi.ComponentResource("test:index:Part", "part", {}, { provider });
    assert.equal(nameOf({}), undefined);
    assert.equal(nameOf({ provider }), "payments");
    assert.equal(nameOf({ parent }), "payments");
  });

  it("marks with digests of the stack and of the URN", async () => {
    const properties = unpack(of({})[2]);
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";
    assert.equal(properties["__urn"], urn);
    // The same numbers as `printf acme/shop/dev | sha256sum` and that of the URN.
    assert.equal(
      await outputOf(pulumi.output(properties["__mark"])),
      "cc0c098b113a8572-a6ccc2795fb81dae",
    );
  });

  it("marks also in a user's unit test that names no organization", async () => {
    const settings = pulumi.runtime as unknown as { _setOrganization(name?: string): void };
    settings._setOrganization(undefined);
    const { __urn: urn, __mark: mark } = unpack(of({})[2]);
    assert.equal(await mark, creationMark("organization/shop/dev", String(urn)));
    settings._setOrganization("acme");
  });

  it("carries no hidden input in a function, and no mark where there is none", () => {
    const [, , external] = of({ id: "some-id" });
    assert.deepEqual(
      Object.keys(external).filter((key) => key.startsWith("__")),
      ["__provider"],
    );
    assert.ok(!("__mark" in unpack(of({}, false)[2])));
  });

  it("lets the parts of a cluster stand beside it in a component", async () => {
    const parent = new pulumi.ComponentResource("shop:index:Database", "database");
    const args = basic() as ConstructorParameters<typeof Cluster>[1];
    const cluster = new Cluster("inside", args, { parent });
    const user = new SqlUser("inside", { clusterId: cluster }, { parent });
    assert.equal(await outputOf(user.clusterId), "inside-id");
    const { inputs } = registrations.findLast(({ name }) => name === "inside") ?? {};
    assert.equal(
      unpack(inputs ?? {})["__urn"],
      "urn:pulumi:dev::shop::shop:index:Database$pulumi-nodejs:dynamic/cockroachdb-cloud:SqlUser::inside",
    );
  });

  it("keeps the user's own aliases", () => {
    const [, , , options] = of({ aliases: [{ name: "old" }] });
    assert.deepEqual(options.aliases, [
      { name: "old" },
      "urn:pulumi:dev::shop::cockroachdb-cloud:index:Cluster::orders",
      "urn:pulumi:dev::shop::cockroach:index/cluster:Cluster::orders",
    ]);
  });

  it("leaves it to the engine to combine its aliases with those of a parent", () => {
    const parent = new pulumi.ComponentResource("shop:index:Database", "aliased");
    assert.deepEqual(of({ parent })[3].aliases, [
      { type: "cockroachdb-cloud:index:Cluster" },
      { type: "cockroach:index/cluster:Cluster" },
    ]);
  });

  it("of an explicit provider passes on what is given, under the keys of the stack configuration", async () => {
    const provider = new Provider("second", { apiKey: "k", serverUrl: "http://localhost:1" });
    await outputOf(provider.urn);
    const { inputs } = registrations.findLast(({ name }) => name === "second") ?? {};
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    assert.deepEqual(inputs, {
      "cockroachdb-cloud:explicit": "true",
      "cockroachdb-cloud:apiKey": { ...secret, value: "k" },
      "cockroachdb-cloud:serverUrl": "http://localhost:1",
    });
    const byToken = new Provider("third", { apiJwt: "j", vanityName: "acme" });
    await outputOf(byToken.urn);
    assert.deepEqual(registrations.findLast(({ name }) => name === "third")?.inputs, {
      "cockroachdb-cloud:explicit": "true",
      "cockroachdb-cloud:apiJwt": { ...secret, value: "j" },
      "cockroachdb-cloud:vanityName": "acme",
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
      const forNode = { user, client: pulumi.output("node-postgres" as const) };
      assert.equal(
        await outputOf(cluster.connectionUrl({ ...forNode, sslRootCert: "/ca.crt" })),
        "postgresql://app:s3cret@host:26257/defaultdb?sslmode=verify-full&sslrootcert=%2Fca.crt&options=--cluster%3Dhost",
      );
      const { env } = cluster.connection(forNode);
      assert.equal(await outputOf(env.PGPASSWORD), "s3cret");
      assert.equal(await pulumi.isSecret(env.PGPASSWORD), true);
    });

    it("leaves a connection unknown while the cluster is, and refuses a wrong one even then", async () => {
      const cluster = new Cluster("planned", args);
      const unknown = unknownOutput();
      for (const name of ["plan", "sqlDns", "regions", "routingId"]) {
        Object.defineProperty(cluster, name, { value: unknown });
      }
      const user = { name: "app", password: "s3cret" };
      const planned = cluster.connection({ user, via: "internal", region: "us-central1" });
      assert.equal(await isKnown(planned), false);
      assert.equal(await pulumi.isSecret(planned), true);
      const waiting = cluster.connection({ user: { name: "app", password: unknown as never } });
      assert.equal(await isKnown(waiting), false);
      const refusals: [ConnectionArgs, RegExp][] = [
        [{ user, database: "" }, /^Error: The database of a connection is empty/],
        [{ user, client: "pg" as never }, /^Error: The client of a connection is one of/],
        [{ user, via: "vpn" as never }, /^Error: The via of a connection is one of/],
        [{ user: "app" }, /^Error: The password of SQL user "app" is not known/],
        [{} as never, / must be a SqlUser, or the name of a SQL user, and is missing\.$/],
        [undefined as never, / the name of a SQL user, and is missing\.$/],
        [{ user: { name: "app" } as never }, / the name of a SQL user, not an object\.$/],
      ];
      for (const [wrong, message] of refusals) {
        await assert.rejects(promiseOf(cluster.connectionUrl(wrong)), message);
      }
    });

    it("refuses a misspelt argument of a connection, which would connect elsewhere", () => {
      const cluster = new Cluster("orders", args);
      const login = { user: "app", password: "s3cret" };
      for (const [wrong, advice] of [
        [
          { ...login, databse: "orders" },
          "databse is not an argument of a connection. Did you mean database?",
        ],
        [{ username: "app" }, "username is not an argument of a connection. Remove it."],
      ] as const) {
        assert.throws(() => cluster.connectionUrl(wrong as never), { message: advice });
      }
    });

    it("is replaced when the old one is deleted, where both cannot be at once", () => {
      const isFirst = (members: object, options: pulumi.CustomResourceOptions = {}) =>
        optionsOf(Cluster, { ...args, ...members }, options).deleteBeforeReplace;
      const name = "orders";
      assert.equal(isFirst({}), undefined);
      assert.equal(isFirst({ deleteProtection: false }), undefined);
      assert.equal(isFirst({ name }), true);
      assert.equal(isFirst({ name: null }), undefined);
      assert.equal(isFirst({ deleteProtection: true }), true);
      assert.equal(isFirst({ deleteProtection: pulumi.output(false) }), true, "it may be true");
      assert.equal(isFirst({ name }, { deleteBeforeReplace: false }), false);
      assert.equal(isFirst({ name }, { import: "some-id" }), undefined, "the create may fail");
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
  });

  for (const { type, Class, args, outputs, isPart, isOnlyOne } of classes) {
    describe(`of every class: ${type}`, () => {
      it("passes on all arguments, and no others", async () => {
        const it = new Class(`given ${type}`, args as never);
        await outputOf(it.urn);
        const { type: token, inputs } =
          registrations.findLast(({ name }) => name === `given ${type}`) ?? assert.fail();
        assert.equal(token, typeToken(type));
        const { __provider: text } = inputs;
        assert.equal(text, delegateTo(resourceTypes[type].stem));
        assert.deepEqual(received(visible(inputs)), args);
        assert.equal("__mark" in unpack(inputs), type === "Cluster");
        assert.equal("__secrets" in unpack(inputs), false);
      });

      it("has all outputs when it is read by its id, with the options of the user", async () => {
        const seen: pulumi.Inputs[] = [];
        const capture: pulumi.ResourceTransformation = ({ props }) => {
          seen.push(props);
          return undefined;
        };
        const found = Class.get("there", "some-id", { transformations: [capture] });
        assert.equal(await outputOf(found.id), "some-id");
        for (const name of outputs) {
          assert.ok(pulumi.Output.isInstance(Reflect.get(found, name)), name);
        }
        assert.deepEqual(Object.keys(visible(seen[0] ?? {})).sort(), [...outputs].sort());
      });

      it("is not read without an id, which Pulumi would take for a resource to create", () => {
        for (const id of [undefined, null, ""]) {
          assert.throws(() => Class.get("there", id as never), {
            message: `${type}.get needs the id of "there", which is missing.`,
          });
        }
      });

      it("leaves it to Pulumi to refuse a parent that is no resource", () => {
        assert.throws(
          () => new Class("child", args as never, { parent: "shop" as never }),
          /^Error: Resource parent is not a valid Resource: shop/,
        );
      });

      it("is found by its type in state, also that of the bridged provider", () => {
        assert.equal(resourceTypeOf(typeToken(type)), type);
        const { bridgedType } = resourceTypes[type];
        if (bridgedType !== undefined) assert.equal(resourceTypeOf(bridgedType), type);
        assert.equal(resourceTypeOf(`${typeToken(type)}s`), undefined);
      });

      it("knows its instances, also those of another copy, and no others", () => {
        assert.ok(Class.isInstance(Class.get("there", "some-id")));
        assert.ok(Class.isInstance({ __pulumiType: typeToken(type) }));
        for (const other of classes.filter((one) => one.type !== type)) {
          assert.ok(!Class.isInstance(other.Class.get("there", "some-id")), other.type);
        }
        for (const other of [undefined, null, type, {}]) assert.ok(!Class.isInstance(other));
      });

      if (!isPart) return;

      it("records the cluster when the stack deletes it", async () => {
        const cluster = new Cluster("orders", clusterArgs);
        const noted = async (clusterId: unknown, options: pulumi.CustomResourceOptions = {}) => {
          const part = new Class(`noting ${type}`, { ...args, clusterId } as never, options);
          await outputOf(part.urn);
          const made = registrations.findLast(({ name }) => name === `noting ${type}`);
          return unpack(made?.inputs ?? {})["__cluster"];
        };
        const urn = await outputOf(cluster.urn);
        assert.equal(await noted(cluster), urn);
        assert.equal(await noted(cluster.id), urn);
        assert.equal(await noted(pulumi.all([cluster.id, cluster.name]).apply(([id]) => id)), urn);
        const provider = new Provider("own", { apiKey: "some-key" });
        assert.equal(await noted(cluster, { provider }), urn);

        assert.equal(await noted("some-id"), notOfStack);
        assert.equal(await noted(cluster.id.apply(() => "of another cluster")), notOfStack);
        assert.equal(await noted(Cluster.get("existing", "some-id")), notOfStack);
        const kept = new Cluster("kept", clusterArgs, { retainOnDelete: true });
        assert.equal(await noted(kept), notOfStack);
        assert.equal(await noted(kept.id), notOfStack);
      });

      it("vanishes with its cluster only when the user says so", () => {
        const cluster = new Cluster("orders", clusterArgs);
        const of = (options: pulumi.CustomResourceOptions = {}) =>
          optionsOf(Class, { ...args, clusterId: cluster }, options).deletedWith;
        assert.equal(of(), undefined);
        assert.equal(of({ deletedWith: cluster }), cluster);
      });

      it(`is replaced ${isOnlyOne ? "when the old one is deleted" : "as the engine does"}`, () => {
        const { deleteBeforeReplace } = optionsOf(Class, args);
        assert.equal(deleteBeforeReplace, isOnlyOne ? true : undefined);
        // The create of an import may fail, and then nothing must be deleted.
        assert.equal(optionsOf(Class, args, { import: "some-id" }).deleteBeforeReplace, undefined);
        for (const asked of [true, false]) {
          const options = optionsOf(Class, args, { deleteBeforeReplace: asked });
          assert.equal(options.deleteBeforeReplace, asked);
        }
      });
    });
  }

  it("wraps a declared secret once more, and names it to the engine", () => {
    const [, , properties, options] = registration(
      { type: "SqlUser", outputs: [], secrets: ["password"] },
      "app",
      { password: "s3cret" },
      { additionalSecretOutputs: ["name"] },
    );
    assert.ok(pulumi.Output.isInstance(properties["password"]));
    assert.deepEqual(options.additionalSecretOutputs, ["name", "password", "__inputs"]);
  });
});

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

/** An output as a preview has it of what is not there yet. */
function unknownOutput(): pulumi.Output<unknown> {
  const OutputClass = pulumi.Output as unknown as new (
    ...parts: unknown[]
  ) => pulumi.Output<unknown>;
  const [no, nothing] = [Promise.resolve(false), Promise.resolve(new Set())];
  return new OutputClass(new Set(), Promise.resolve(undefined), no, no, nothing);
}

// What the functions of a program get from an explicit provider. Creating one needs an engine: here Pulumi's mocks.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../provider/cluster";
import {
  getCluster,
  getClusterOutput,
  listClusters,
  listClustersOutput,
} from "../../../provider/functions/index";
import { argumentsOf, Provider } from "../../../provider/program/explicit-provider";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/program-lab";
import { held, startLab } from "../../support/program-lab";

const secondKey = "CCDB1_canarySecond000000000_s3conds3conds3conds3conds3conds3cond";

describe("An explicit provider", () => {
  checkEmulators();

  let lab: Lab;
  beforeEach(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
        call: () => ({}),
      },
      "shop",
      "dev",
      true,
      "acme",
    );
    lab = await startLab({
      organizations: [
        { name: "first", apiKeys: [{ name: "first" }] },
        { name: "second", apiKeys: [{ name: "second", secret: secondKey }] },
      ],
    });
    lab.basic("orders");
  });
  afterEach(() => {
    lab.restoreEnvironment();
    pulumi.runtime.resetOptions("", "", -1, "", "", false, "");
  });

  const keys = () => lab.emulator.requests.map(({ key }) => key);

  it("decides which organization is asked", async () => {
    const provider = new Provider("second", { apiKey: secondKey });
    assert.deepEqual(await listClusters({}, { provider }), []);
    assert.deepEqual(await held(listClustersOutput({}, { provider })), []);
    assert.equal((await listClusters()).length, 1);
    assert.deepEqual(keys(), ["second", "second", "first"]);
  });

  it("may have a key that comes later and is secret", async () => {
    const provider = new Provider("second", {
      apiKey: pulumi.secret(new Promise<string>((resolve) => setTimeout(resolve, 10, secondKey))),
    });
    assert.deepEqual(await listClusters({}, { provider }), []);
    const clusters = listClustersOutput({}, { provider });
    assert.deepEqual(await held(clusters), []);
    assert.deepEqual(keys(), ["second", "second"]);
    assert.equal(await pulumi.isSecret(clusters), false, "the response does not hold the key");
  });

  it("refuses a misspelt argument, in whose place the key of the environment would count", () => {
    for (const [misspelt, message] of [
      [{ apikey: secondKey }, 'Provider "second": apikey is not an argument. Did you mean apiKey?'],
      [
        { serverURL: "" },
        'Provider "second": serverURL is not an argument. Did you mean serverUrl?',
      ],
      [{ region: "eu" }, 'Provider "second": region is not an argument. Remove it.'],
    ] as const) {
      assert.throws(() => new Provider("second", misspelt as object), { message });
    }
  });

  it("takes what it does not say from the environment", async () => {
    process.env["COCKROACH_API_KEY"] = secondKey;
    const provider = new Provider("other", { serverUrl: lab.emulator.url });
    process.env["COCKROACH_SERVER"] = "http://127.0.0.1:1";
    assert.deepEqual(await listClusters({}, { provider }), []);
    assert.deepEqual(keys(), ["second"]);
  });

  it("takes null for what it does not say", async () => {
    const provider = new Provider("first", {
      apiKey: null as never,
      apiJwt: null as never,
      vanityName: null as never,
      serverUrl: null as never,
    });
    assert.deepEqual(Object.keys(await held(argumentsOf(provider)!)), [
      "cockroachdb-cloud:explicit",
    ]);
    assert.equal((await listClusters({}, { provider })).length, 1);
  });

  it("is found through a component", async () => {
    const second = new Provider("second", { apiKey: secondKey });
    const parent = new pulumi.ComponentResource(
      "test:index:Part",
      "part",
      {},
      { providers: [second] },
    );
    assert.deepEqual(await listClusters({}, { parent }), []);
    assert.deepEqual(await held(listClustersOutput({}, { parent })), []);
    const child = new pulumi.ComponentResource("test:index:Part", "child", {}, { parent });
    assert.deepEqual(await listClusters({}, { parent: child }), []);
    const alone = new pulumi.ComponentResource("test:index:Part", "alone");
    assert.equal((await listClusters({}, { parent: alone })).length, 1);
    assert.deepEqual(keys(), ["second", "second", "second", "first"]);
  });

  it("says of its refused key where it comes from, also to what inherits it", async () => {
    const advice =
      /401.* The key is the apiKey of the explicit Provider .* Give the Provider a valid key\.$/;
    const provider = new Provider("second", { apiKey: "CCDB1_canaryRotated" });
    const parent = new pulumi.ComponentResource(
      "test:index:Part",
      "part",
      {},
      { providers: [provider] },
    );
    const failures = [
      await failureOf(listClusters({}, { provider })),
      await failureOf(listClusters({}, { parent })),
      await failureOf(held(listClustersOutput({}, { provider }))),
    ];
    for (const message of failures) {
      assert.match(message, advice);
      assert.doesNotMatch(message, /canaryRotated/);
    }
    process.env["COCKROACH_API_KEY"] = "CCDB1_rotated";
    const keyless = new Provider("keyless", { serverUrl: lab.emulator.url });
    for (const options of [undefined, { provider: keyless }]) {
      const message = await failureOf(listClusters({}, options));
      assert.match(message, /401/);
      assert.doesNotMatch(message, /explicit Provider/);
    }
  });

  it("that is not known yet makes the response unknown, and a plain function fail", async () => {
    const provider = new Provider("second", { apiKey: unknown() });
    assert.equal(await isKnown(listClustersOutput({}, { provider })), false);
    await assert.rejects(listClusters({}, { provider }), {
      name: "ConfigurationError",
      message:
        "listClusters cannot ask in this preview, because an argument of the explicit provider is not known yet: call listClustersOutput, whose result is unknown until then.",
    });
    assert.deepEqual(keys(), []);
  });

  it("of another package is refused", async () => {
    const provider = new (class extends pulumi.ProviderResource {
      constructor() {
        super("pulumi-nodejs", "foreign", {});
      }
    })();
    await assert.rejects(
      getCluster({ name: "orders" }, { provider }),
      /The provider of a function must be a Provider of pulumi-cockroachdb-cloud\./,
    );
  });

  it("adds nothing to what Pulumi shows of it", () => {
    const provider = new Provider("second", { apiKey: secondKey });
    const added = Object.getOwnPropertySymbols(provider);
    assert.equal(added.length, 1);
    for (const name of added) {
      assert.equal(Object.getOwnPropertyDescriptor(provider, name)?.enumerable, false);
      const shown = inspect(Reflect.get(provider, name), { depth: 8, showHidden: true });
      assert.ok(!shown.includes(secondKey));
    }
  });

  it("keeps its key as a secret", async () => {
    const given = argumentsOf(new Provider("second", { apiKey: secondKey }));
    assert.ok(given);
    assert.equal(await pulumi.isSecret(given), true);
    const plain = argumentsOf(new Provider("open", { serverUrl: lab.emulator.url }));
    assert.ok(plain);
    assert.equal(await pulumi.isSecret(plain), false);
  });

  it("is not needed to learn that an argument is unknown: nothing is asked", async () => {
    const cluster = getClusterOutput({ id: unknown() });
    assert.equal(await isKnown(cluster), false);
    assert.equal(await isKnown(cluster.sqlDns), false);
    assert.deepEqual(keys(), []);
  });
});

describe("A function of what a resource stands for", () => {
  checkEmulators();

  let lab: Lab;
  let id: string;
  beforeEach(async () => {
    lab = await startLab();
    id = lab.basic("orders").id;
    await pulumi.runtime.setMocks(
      { newResource: (args) => ({ id: args.id, state: args.inputs }), call: () => ({}) },
      "shop",
      "dev",
      false,
      "acme",
    );
  });
  afterEach(() => {
    lab.restoreEnvironment();
    pulumi.runtime.resetOptions("", "", -1, "", "", false, "");
  });

  it("takes the resource for its id, also when it comes later", async () => {
    const cluster = Cluster.get("orders", id);
    for (const given of [cluster, Promise.resolve(cluster)]) {
      assert.equal((await held(getClusterOutput({ id: given as never }))).name, "orders");
    }
  });

  it("is one for outputs", async () => {
    const cluster = Cluster.get("orders", id);
    await assert.rejects(
      getCluster({ id: cluster as never }),
      /^ArgumentError: getCluster takes plain values, and id is an output, a promise or a resource/,
    );
  });
});

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail("it must fail"),
    (failure: Error) => failure,
  );
  return error.message;
}

/** A value of a preview that is not known yet. */
function unknown(): pulumi.Output<string> {
  const output = pulumi.output("");
  const known = Promise.resolve(false);
  return new (output.constructor as unknown as new (...parts: unknown[]) => pulumi.Output<string>)(
    new Set(),
    Promise.resolve(undefined),
    known,
    known,
    Promise.resolve(new Set()),
  );
}

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

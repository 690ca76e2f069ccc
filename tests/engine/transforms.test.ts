// A transform comes after the class, takes the marks of secrets off, and may put a password in plain in their place.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";

const canary = "canary-of-a-transform";

describe("A secret that has passed a transform", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let edition = 1;

  const giving = (props: () => pulumi.Inputs): pulumi.CustomResourceOptions => ({
    transforms: [(given) => ({ props: { ...given.props, ...props() }, opts: given.opts })],
  });
  /** The same by the older form, which runs in the program before the resource is registered. */
  const givingFirst = (props: () => pulumi.Inputs): pulumi.CustomResourceOptions => ({
    transformations: [({ props: given, opts }) => ({ props: { ...given, ...props() }, opts })],
  });

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => {
        // What passes a transform untouched has no mark of a secret any more.
        const owner = pulumi.secret(`${canary}-${edition}`);
        const cluster = new cockroachdb.Cluster(
          "shop",
          {
            plan: "BASIC",
            cloudProvider: "GCP",
            serverless: { regions: ["us-central1"] },
            labels: { owner, edition: String(edition) },
          },
          giving(() => ({ deleteProtection: false })),
        );
        const password = () => ({ password: `${canary}-${edition}` });
        new cockroachdb.SqlUser("app", { clusterId: cluster }, giving(password));
        new cockroachdb.SqlUser("sales", { clusterId: cluster }, givingFirst(password));
        new cockroachdb.SqlUser(
          "report",
          { clusterId: cluster, password: "another-passw0rd" },
          giving(password),
        );
        new cockroachdb.AllowlistEntry(
          "office",
          {
            clusterId: cluster,
            cidrIp: "203.0.113.0",
            cidrMask: 24,
            sql: true,
            ui: false,
            name: owner,
          },
          giving(() => ({ sql: false, ui: true })),
        );
        new cockroachdb.AllowlistEntry(
          "home",
          { clusterId: cluster, cidrIp: "198.51.100.0", cidrMask: 24, sql: true, ui: false },
          giving(() => ({ name: owner })),
        );
      },
    });
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  for (const changed of [1, 2]) {
    it(`is kept out of screen and state: edition ${changed}`, async () => {
      edition = changed;
      for (const run of [await stack.preview({ diff: true }), await stack.up({ diff: true })]) {
        assert.ok(!run.stdout.includes(canary), run.stdout);
        // The engine's own debug messages hold every value in plain text.
        const reported = run.events.filter(
          ({ diagnosticEvent }) => !diagnosticEvent?.prefix?.startsWith("debug"),
        );
        assert.ok(!JSON.stringify(reported).includes(canary));
      }
      assert.ok(!stack.stateText().includes(canary));
      const { resources = [] } = (await stack.exportState()).deployment;
      const kept = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`));
      const secret = (text: string) => ({
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(text),
      });
      for (const part of ["inputs", "outputs"] as const) {
        for (const user of ["app", "report", "sales"]) {
          assert.deepEqual(kept(user)?.[part]?.["password"], secret(`${canary}-${edition}`));
        }
        for (const entry of ["office", "home"]) {
          assert.deepEqual(kept(entry)?.[part]?.["name"], secret(`${canary}-${edition}`));
        }
      }
    });
  }

  it("is kept so by a refresh", async () => {
    const run = await stack.refresh({ diff: true });
    assert.ok(!run.stdout.includes(canary));
    assert.ok(!stack.stateText().includes(canary));
  });
});

describe("A secret that a transform gives to the resources of another", function () {
  this.timeout(120_000);

  let stack: TestStack;

  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  for (const whose of ["a component", "the stack"] as const) {
    it(`is kept out of screen, messages and state: the transform of ${whose}`, async () => {
      const emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
      let edition = 1;
      const program = async () => {
        const owner = pulumi.secret(`${canary}-${edition}`);
        const change: pulumi.ResourceTransform = ({ type, props, opts }) => {
          const labels = { ...props["labels"], owner, edition: String(edition) };
          if (type.endsWith(":Cluster")) return { props: { ...props, labels }, opts };
          if (type.endsWith(":AllowlistEntry")) return { props: { ...props, name: owner }, opts };
          return undefined;
        };
        if (whose === "the stack") pulumi.runtime.registerResourceTransform(change);
        const transforms = whose === "the stack" ? [] : [change];
        const parent = new pulumi.ComponentResource("test:Shop", "shop", {}, { transforms });
        const clusterId = new cockroachdb.Cluster(
          "shop",
          {
            plan: "BASIC",
            cloudProvider: "GCP",
            serverless: { regions: ["us-central1"] },
            labels: { team: "payments" },
          },
          { parent },
        );
        new cockroachdb.AllowlistEntry(
          "office",
          { clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
          { parent },
        );
      };
      stack = await startStack({ env: environmentFor(emulator), program });
      const assertKept = (stdout: string) => {
        assert.ok(!stdout.includes(canary), stdout);
        assert.ok(!stack.stateText().includes(canary));
      };
      for (edition of [1, 2]) {
        assertKept((await stack.preview({ diff: true })).stdout);
        assertKept((await stack.up({ diff: true })).stdout);
      }
      const { resources = [] } = (await stack.exportState()).deployment;
      const [cluster] = resources.filter(({ type }) => type.endsWith(":Cluster"));
      assert.equal(cluster?.inputs?.["labels"]["team"], "payments");
      assert.equal(cluster?.inputs?.["labels"]["edition"], "2");
      edition = 3;
      const refusal = { status: 400, message: `no such name: ${canary}-3` };
      emulator.faults.add("UpdateAllowlistEntry", refusal);
      const { stdout } = await stack.up({ expect: "failure" });
      assertKept(stdout);
      assert.match(stdout, /no such name: \[redacted\]/);
    });
  }
});

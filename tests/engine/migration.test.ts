// A stack of the bridged provider, @pulumiverse/cockroach 0.9.4, whose program now uses this package.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import { awsKey, wire } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, State, StateResource, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import { writes } from "./requests";

const golden = join(__dirname, "pulumiverse-0.9.4.json");

/** The clusters of the golden state under the ids that it gives them. */
const clusters = {
  "00000000-0000-4000-8000-000000000001": {
    name: "web-test",
    provider: "GCP",
    spec: {
      plan: "BASIC",
      serverless: {
        regions: ["us-central1"],
        usage_limits: { request_unit_limit: "1000000", storage_mib_limit: "10240" },
      },
    },
  },
  "00000000-0000-4000-8000-000000000002": {
    name: "ledger-80b3c4f",
    provider: "GCP",
    spec: {
      plan: "STANDARD",
      serverless: {
        regions: ["us-central1", "us-east1", "us-west2"],
        primary_region: "us-east1",
        usage_limits: { provisioned_virtual_cpus: "4" },
      },
    },
  },
  "00000000-0000-4000-8000-000000000003": {
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
} as const satisfies Record<string, WireCreateCluster>;

const passwordOfProgram = "a-passw0rd-of-the-program";
const passwordOnlyInState = "a-passw0rd-only-in-state";

/** Makes everything that the golden state speaks of, and returns the state with the ids that it has here. */
function put(emulator: TestEmulator): StateResource[] {
  let text = readFileSync(golden, "utf8");
  let vault = "";
  for (const [goldenId, body] of Object.entries(clusters)) {
    vault = emulator.clusters.create(body).id;
    text = text.replaceAll(goldenId, vault);
  }
  emulator.cmek.enable(vault, wire([awsKey("us-east-1")]));
  emulator.maintenanceWindows.set(vault, {
    offset_duration: "172800s",
    window_duration: "21600s",
  });
  emulator.versionDeferrals.set(vault, "DEFERRAL_60_DAYS");
  emulator.allowlist.add(vault, "203.0.113.0/24", { ui: false, name: "office-3f1c0de" });
  emulator.databases.add(vault, "shop");
  emulator.sqlUsers.add(vault, "app", passwordOfProgram);
  emulator.sqlUsers.add(vault, "worker-5d1e2f3", passwordOnlyInState);
  return (JSON.parse(text) as State).deployment.resources ?? [];
}

/** The program of the old package in the words of this one. */
async function program(): Promise<void> {
  new cockroachdb.Cluster("web", {
    name: "web-test",
    plan: "BASIC",
    cloudProvider: "GCP",
    deleteProtection: false,
    serverless: {
      regions: ["us-central1"],
      usageLimits: { requestUnitLimit: 1_000_000, storageMibLimit: 10_240 },
    },
  });
  // The old package made the name up, so this program has none either.
  new cockroachdb.Cluster("ledger", {
    plan: "STANDARD",
    cloudProvider: "GCP",
    serverless: {
      regions: ["us-central1", "us-east1", "us-west2"],
      primaryRegion: "us-east1",
      usageLimits: { provisionedVirtualCpus: 4 },
    },
  });
  const vault = new cockroachdb.Cluster("vault", {
    name: "vault-test",
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { "us-east-1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
      cockroachVersion: "v26.1",
      networkVisibility: "PRIVATE",
    },
  });
  new cockroachdb.CmekConfig("keys", {
    clusterId: vault,
    regionSpecs: [awsKey("us-east-1") as cockroachdb.CmekRegionSpecArgs],
  });
  new cockroachdb.MaintenanceWindow("window", {
    clusterId: vault,
    offsetDuration: 172_800,
    windowDuration: 21_600,
  });
  new cockroachdb.VersionDeferral("deferral", {
    clusterId: vault,
    deferralPolicy: "FIXED_DEFERRAL",
  });
  new cockroachdb.AllowlistEntry("office", {
    clusterId: vault,
    cidrIp: "203.0.113.0",
    cidrMask: 24,
    sql: true,
    ui: false,
  });
  new cockroachdb.Database("shop", { clusterId: vault, name: "shop" });
  new cockroachdb.SqlUser("app", {
    clusterId: vault,
    name: "app",
    password: pulumi.secret(passwordOfProgram),
  });
  new cockroachdb.SqlUser("worker", { clusterId: vault, name: "worker-5d1e2f3" });
}

describe("A stack of the bridged provider", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let old: readonly StateResource[];

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    stack = await startStack({
      env: environmentFor(emulator),
      program,
    });
    old = put(emulator);
    const { deployment, ...rest } = await stack.exportState();
    await stack.importState({
      ...rest,
      deployment: { ...deployment, resources: [...old] },
    });
    emulator.requests.clear();
  });
  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const bridged = () => old.filter(({ type }) => type.startsWith("cockroach:"));

  /** What a run does to each resource of the old state. */
  function opsOf(run: Run): Record<string, string[]> {
    return Object.fromEntries(
      bridged().map(({ urn }) => {
        const name = nameOf(urn);
        return [name, run.stepsOf(name).map(({ op }) => op)];
      }),
    );
  }

  const updateOfEach = () =>
    Object.fromEntries(bridged().map(({ urn }) => [nameOf(urn), ["update"]]));

  it("has each of the seven kinds, and clusters of each plan", () => {
    assert.equal(new Set(bridged().map(({ type }) => type)).size, 7);
    assert.equal(bridged().length, 10);
  });

  it("previews an update of each resource and no replacement, without a request", async () => {
    assert.deepEqual(opsOf(await stack.preview()), updateOfEach());
    assert.equal(emulator.requests.length, 0);
  });

  it("fails the preview with the property where the program would replace something", async () => {
    stack.program = async () => {
      new cockroachdb.Cluster("web", {
        name: "web-test",
        plan: "BASIC",
        cloudProvider: "GCP",
        serverless: { regions: ["us-east1"] },
      });
    };
    const run = await stack.preview({ expect: "failure" });
    stack.program = program;
    assert.match(
      run.messagesOf("web").join(),
      /serverless\.regions is \["us-central1"\] but the program has \["us-east1"\]\. Moving to this provider replaces nothing/,
    );
  });

  it("moves over without a write", async () => {
    assert.deepEqual(opsOf(await stack.up()), updateOfEach());
    assert.deepEqual(writes(emulator), []);
  });

  it("has then the types, ids and text of this package and nothing of the old one", async () => {
    const { resources = [] } = (await stack.exportState()).deployment;
    for (const { id, urn: oldUrn } of bridged()) {
      const name = nameOf(oldUrn);
      const found = resources.filter(({ urn }) => nameOf(urn) === name);
      assert.equal(found.length, 1, name);
      const [resource] = found;
      assert.match(resource?.type ?? "", /^pulumi-nodejs:dynamic\/cockroachdb-cloud:/);
      assert.equal(resource?.id, id);
      const { outputs = {}, inputs = {} } = resource ?? {};
      assert.match(outputs["__provider"], /"pulumi-cockroachdb-cloud".*"\/provider\//);
      assert.equal(outputs["__provider"], inputs["__provider"]);
      assert.equal(outputs["__urn"], resource?.urn);
      const foreign = ["__meta", "__defaults", "id", "operationStatus", "backupConfig"];
      assert.deepEqual(
        foreign.filter((key) => key in outputs || key in inputs),
        [],
      );
    }
    const outputsOf = (name: string) =>
      resources.find(({ urn }) => nameOf(urn) === name)?.outputs ?? {};
    assert.equal(outputsOf("ledger")["name"], "ledger-80b3c4f");
    assert.equal(outputsOf("ledger")["serverless"].primaryRegion, "us-east1");
    assert.equal(outputsOf("vault")["dedicated"].networkVisibility, "PRIVATE");
    assert.equal(outputsOf("keys")["status"], "ENABLED");
    assert.equal(outputsOf("window")["offsetDuration"], "172800s");
    assert.equal(outputsOf("deferral")["deferralPolicy"], "DEFERRAL_60_DAYS");
    assert.equal(outputsOf("office")["name"], "office-3f1c0de");
    assert.equal(outputsOf("shop")["name"], "shop");
  });

  it("keeps each password as a secret, also one that the program no longer says", async () => {
    const text = stack.stateText();
    for (const password of [passwordOfProgram, passwordOnlyInState]) {
      assert.equal(text.includes(password), false);
    }
    const shown = JSON.parse(await stack.pulumi("stack", "export", "--show-secrets")) as State;
    const passwordOf = (name: string) =>
      shown.deployment.resources?.find(({ urn }) => nameOf(urn) === name)?.outputs?.["password"];
    const secret = (password: string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(password),
    });
    assert.deepEqual(passwordOf("app"), secret(passwordOfProgram));
    assert.deepEqual(passwordOf("worker"), secret(passwordOnlyInState));
  });

  it("stays as it is in the next update and refresh, and goes as a whole", async () => {
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    assert.deepEqual(writes(emulator), []);
    await stack.destroy();
    const names = Object.values(clusters).map(({ name }) => name);
    const deletions = emulator.requests.filter(({ operation }) => operation === "DeleteCluster");
    assert.equal(deletions.length, names.length);
    for (const name of names) assert.equal(emulator.clusters.find(name)?.state, "DELETED");
  });
});

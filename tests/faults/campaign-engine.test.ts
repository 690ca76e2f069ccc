// A sample of the fault campaign on the real command line: a cluster with what belongs to it, whose life has one fault.

import { strict as assert } from "node:assert";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { Fault, WireCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { isPart } from "./extent";

type Hit = "change" | "create" | "destroy" | "refresh";

interface Sample {
  /** The run that the fault hits. */
  readonly run: Hit;
  readonly operation: string;
  readonly fault: Fault;
  readonly times: number;
}

const cutOff: Fault = { reset: "before-effect" };
const lost: Fault = { reset: "after-effect" };
const unavailable: Fault = { status: 503, message: "unavailable" };
const lostInGateway: Fault = { status: 504, effect: "after", body: "<html></html>" };
const throttled: Fault = {
  status: 429,
  message: "rate limit exceeded",
  headers: { "Retry-After": "1" },
};
const denied: Fault = { status: 403, message: "unauthorized" };
const conflict: Fault = { status: 409, message: "conflict" };
const forEver = Number.POSITIVE_INFINITY;

const sample = (run: Hit, operation: string, fault: Fault, times = 1): Sample => ({
  run,
  operation,
  fault,
  times,
});

/** The first three run in CI. */
const samples: readonly Sample[] = [
  sample("create", "CreateCluster", lost),
  sample("change", "UpdateCluster", denied, forEver),
  sample("destroy", "DeleteCluster", unavailable),
  sample("create", "ListClusters", throttled, 3),
  sample("create", "ListClusters", { status: 401, message: "invalid API key" }, forEver),
  sample("create", "CreateCluster", cutOff),
  sample("create", "CreateCluster", { status: 500 }, forEver),
  sample("create", "CreateCluster", lostInGateway),
  sample("create", "CreateCluster", { cutBody: true }),
  sample("create", "CreateCluster", throttled, 3),
  sample("create", "CreateCluster", conflict, forEver),
  sample("create", "CreateCluster", denied, forEver),
  sample("create", "GetCluster", { notJson: true }, 3),
  sample("create", "GetCluster", { status: 404, message: "not found" }),
  sample("create", "GetCluster", denied, forEver),
  sample("create", "GetCluster", cutOff, 3),
  sample("create", "UpdateCluster", lost),
  sample("create", "UpdateCluster", denied, forEver),
  sample("create", "UpdateCluster", { status: 500, effect: "after" }),
  sample("create", "CreateSQLUser", lost),
  sample("create", "CreateSQLUser", cutOff),
  sample("create", "CreateSQLUser", { notJson: true }),
  sample("create", "CreateSQLUser", conflict),
  sample("create", "CreateDatabase", lostInGateway),
  sample("create", "CreateDatabase", denied, forEver),
  sample("create", "AddAllowlistEntry", { cutBody: true }),
  sample("create", "AddAllowlistEntry", conflict, forEver),
  sample("create", "ListAllowlistEntries", { status: 502 }, 3),
  sample("create", "SetMaintenanceWindow", lost),
  sample("create", "SetClusterVersionDeferral", { status: 408 }),
  sample("change", "UpdateCluster", lost),
  sample("change", "UpdateCluster", unavailable, 3),
  sample("change", "UpdateSQLUserPassword", lost),
  sample("change", "UpdateSQLUserPassword", denied, forEver),
  sample("refresh", "ListClusters", { notJson: true }, 3),
  sample("refresh", "ListClusters", denied, forEver),
  sample("refresh", "ListSQLUsers", { status: 404, message: "not found" }),
  sample("refresh", "GetMaintenanceWindow", cutOff, 3),
  sample("destroy", "DeleteCluster", lost),
  sample("destroy", "DeleteCluster", denied, forEver),
];

const passwords = ["an-0ld-canary-word", "a-n3w-canary-word"] as const;

function program(isChanged: boolean): void {
  const orders = new cockroachdb.Cluster("orders", {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    labels: { team: isChanged ? "payments" : "orders" },
    dedicated: {
      regionNodes: { "us-east-1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
    },
  });
  const clusterId = orders;
  new cockroachdb.SqlUser("app", {
    clusterId,
    name: "app",
    password: passwords[isChanged ? 1 : 0],
  });
  new cockroachdb.Database("shop", { clusterId, name: "shop" });
  new cockroachdb.AllowlistEntry("office", {
    clusterId,
    cidrIp: "203.0.113.0",
    cidrMask: 24,
    sql: true,
    ui: false,
  });
  new cockroachdb.MaintenanceWindow("window", {
    clusterId,
    offsetDuration: "172800s",
    windowDuration: "21600s",
  });
  new cockroachdb.VersionDeferral("deferral", { clusterId, deferralPolicy: "DEFERRAL_60_DAYS" });
}

describe("One fault in a run of the real engine", function () {
  this.timeout(600_000);

  let emulator: TestEmulator;
  let control: WireCluster;
  let stack: TestStack;
  let isChanged = false;

  beforeEach(async () => {
    emulator = await startTestEmulator({
      clock: scaledClock(600),
      durations: { createAdvancedMs: 60_000, allowlistPropagationMs: 60_000 },
    });
    control = emulator.clusters.create({
      name: "billing",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    emulator.clusters.finish(control.id);
    control = emulator.clusters.get(control.id);
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => program(isChanged),
    });
  });

  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  const made = () => emulator.clusters.list().filter(({ id }) => id !== control.id);
  const living = () => made().filter(({ state }) => state !== "DELETED");

  function assertNothingSecretIn(text: string): void {
    for (const secret of [...passwords, emulator.apiKey]) {
      assert.ok(!text.includes(secret), "a secret is in plain text");
    }
  }

  function checked(run: Run): Run {
    assertNothingSecretIn(run.stdout + run.stderr);
    assertNothingSecretIn(stack.stateText());
    return run;
  }

  async function hit(run: Hit): Promise<Run> {
    if (run === "refresh") return await stack.refresh({ expect: "either" });
    if (run === "destroy") return await stack.destroy({ expect: "either" });
    return await stack.up({ expect: "either", continueOnError: true });
  }

  async function converge(): Promise<void> {
    checked(await stack.up());
    const { resources = [] } = (await stack.exportState()).deployment;
    const [cluster] = resources.filter(({ type }) => type.endsWith(":Cluster"));
    assert.deepEqual(
      [cluster?.id],
      living().map(({ id }) => id),
      "one cluster, and in state",
    );
    const id = String(cluster?.id);
    const password = passwords[isChanged ? 1 : 0];
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", password), "the password opens the door");
    checked(await stack.refresh());
    checked(await stack.up({ expectNoChanges: true }));
  }

  for (const one of isPart ? samples.slice(0, 3) : samples) {
    const { run, operation, fault, times } = one;
    const spell = times === forEver ? "for ever" : `${times} times`;
    it(`${run}: ${operation} meets ${JSON.stringify(fault)} ${spell}`, async () => {
      isChanged = false;
      if (run !== "create") checked(await stack.up());
      isChanged = run === "change";
      const before = emulator.requests.length;
      emulator.faults.add(operation, { ...fault, times });
      checked(await hit(run));
      emulator.faults.clear();
      const requests = emulator.requests.slice(before);
      assert.ok(
        requests.some((request) => request.fault !== undefined),
        "the fault has been injected",
      );
      if (run !== "destroy") await converge();
      checked(await stack.destroy());
      assert.deepEqual(living(), [], "none is left");
      assert.equal(made().length, 1, "one cluster was made");
      const { resources = [] } = (await stack.exportState()).deployment;
      assert.deepEqual(
        resources.filter(({ id }) => id !== undefined),
        [],
        "the state is empty",
      );
      assert.deepEqual(emulator.clusters.get(control.id), control);
      const strange = emulator.requests.filter(
        ({ method, path }) => method !== "GET" && path.includes(control.id),
      );
      assert.deepEqual(strange, [], "no write names the cluster of others");
    });
  }
});

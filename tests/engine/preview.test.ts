// What a preview reports before anything happens, as the real CLI prints it.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes } from "./requests";

describe("A preview", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;

  const cluster = (args: object = {}, serverless: object = {}) =>
    new cockroachdb.Cluster("orders", {
      name: "orders-test",
      plan: "BASIC",
      cloudProvider: "GCP",
      ...args,
      serverless: { regions: ["us-central1"], ...serverless },
    } as cockroachdb.ClusterArgs);

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(2_000) });
    stack = await startStack({
      program: async () => {},
      env: { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: emulator.apiKey },
    });
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("takes null for what the program leaves out, at any depth", async () => {
    stack.program = async () => {
      const orders = cluster(
        { labels: { team: "payments", env: null }, deleteProtection: null, parentId: null },
        { usageLimits: { requestUnitLimit: 1_000_000, storageMibLimit: null } },
      );
      const none = null as never;
      new cockroachdb.SqlUser("app", { clusterId: orders, password: none, keepers: none });
    };
    await stack.up();
    const { labels, config } = emulator.clusters.find("orders-test")!;
    assert.deepEqual(labels, { team: "payments" });
    assert.ok("serverless" in config);
    assert.deepEqual(config.serverless.usage_limits, { request_unit_limit: "1000000" });
    assert.equal((await stack.preview({ expectNoChanges: true })).failed, false);
  });

  it("reports what is no longer in the program, once, and an update of it sends nothing", async () => {
    stack.program = async () => {
      new cockroachdb.SqlUser("app", { clusterId: cluster() });
    };
    const preview = await stack.preview();
    const reported = ["labels", "serverless.usageLimits"];
    const isReported = (text: string, index: number) =>
      text.startsWith(`Cluster "orders-test": ${reported[index]} is no longer in the program`);
    assert.equal(preview.messagesOf("orders").length, reported.length);
    assert.ok(preview.messagesOf("orders").every(isReported), preview.stdout);
    emulator.requests.clear();
    const run = await stack.up({ refresh: true });
    assert.deepEqual(
      run.messagesOf("orders").filter((text) => text.includes("no longer")).length,
      reported.length,
    );
    assert.deepEqual(writes(emulator), []);
    const again = await stack.preview({ refresh: true, expectNoChanges: true });
    assert.deepEqual(again.messagesOf("orders"), []);
    assert.equal(emulator.clusters.find("orders-test")?.labels["team"], "payments");
  });

  it("reports a setting that counts only at creation once, also where it refreshes", async () => {
    stack.program = async () => {
      new cockroachdb.SqlUser("app", {
        clusterId: cluster({}, { withEmptyIpAllowlist: true }),
      });
    };
    const run = await stack.up();
    assert.match(run.messagesOf("orders").join("\n"), /withEmptyIpAllowlist takes effect when/);
    const again = await stack.preview({ refresh: true, expectNoChanges: true });
    assert.deepEqual(again.messagesOf("orders"), []);
  });

  it("names the object in every message, for --diff prints nothing else that would", async () => {
    stack.program = async () => {
      new cockroachdb.SqlUser("app", { clusterId: cluster({ name: "billing-test" }) });
    };
    const { stdout, stderr } = await stack.preview({ diff: true });
    const printed = `${stdout}\n${stderr}`;
    assert.match(printed, /^warning: Cluster "orders-test": Changing name destroys this cluster/m);
  });

  it("names the value that is wrong, however deep, and the argument that was meant", async () => {
    stack.program = async () => {
      cluster({ lables: {} }, { usageLimits: { requestUnitLimit: 0.5, storageMibLimt: 1 } });
    };
    const { stdout, stderr } = await stack.preview({ expect: "failure" });
    for (const expected of [
      "property serverless.usageLimits.requestUnitLimit value {<nil>} has a problem: must be a whole number above zero, not 0.5.",
      "property serverless.usageLimits.storageMibLimt value {<nil>} has a problem: is not an argument here. Did you mean storageMibLimit?",
      "is not an argument here. Did you mean labels?",
    ]) {
      assert.ok(`${stdout}${stderr}`.includes(expected), `${stdout}${stderr}`);
    }
  });

  it("shows that the option import adopts and creates nothing, and that no password is checked", async () => {
    const { id } = emulator.clusters.find("orders-test")!;
    emulator.sqlUsers.add(id, "report", "the password by hand");
    stack.program = async () => {
      const orders = cluster({}, { withEmptyIpAllowlist: true });
      new cockroachdb.SqlUser("app", { clusterId: orders });
      new cockroachdb.SqlUser(
        "report",
        { clusterId: orders, password: "another password" },
        { import: `${id}:report` },
      );
    };
    const expected = [
      `SQL user "report": Adopts the existing SQL user ${id}:report; nothing is created. \`pulumi up\` compares the arguments with it, a preview does not.`,
      'SQL user "report": The API never returns a password: the one in the program is taken as the user\'s own, and is not checked. To set it, change it after the import.',
    ];
    assert.deepEqual((await stack.preview()).messagesOf("report"), expected);
    emulator.requests.clear();
    await stack.up();
    assert.deepEqual(writes(emulator), []);
    assert.deepEqual((await stack.preview({ expectNoChanges: true })).messagesOf("report"), []);
  });
});

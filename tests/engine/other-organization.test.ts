// A valid key of another organization, on the real engine: what state forgets is said on the line of the cluster.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";

describe("A run with a key of another organization", function () {
  this.timeout(120_000);

  let stack: TestStack;
  let own: TestEmulator;
  let other: TestEmulator;

  const use = (emulator: TestEmulator) => {
    for (const [name, value] of Object.entries(environmentFor(emulator)))
      stack.setVariable(name, value);
  };
  const start = () => startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });

  before(async () => {
    [own, other] = [await start(), await start()];
    stack = await startStack({
      env: environmentFor(own),
      program: async () => {
        const clusterId = new cockroachdb.Cluster("orders", {
          name: "orders-test",
          plan: "BASIC",
          cloudProvider: "GCP",
          serverless: { regions: ["us-central1"], withEmptyIpAllowlist: true },
        });
        new cockroachdb.SqlUser("app", { clusterId });
        new cockroachdb.Database("ledger", { clusterId, name: "ledger" });
      },
    });
    await stack.up();
  });
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  function assertWarnedOnce({ messages, stdout }: Run): void {
    const warnings = messages.filter(
      ({ severity, ephemeral }) => severity === "warning" && !ephemeral,
    );
    assert.deepEqual(
      warnings.map(({ urn = "" }) => nameOf(urn)),
      ["orders"],
      stdout,
    );
    assert.match(warnings[0]?.text ?? "", /is unknown to the organization of this credential/);
  }

  it("warns once in a preview of a refresh, in the refresh and in a destroy, and can be undone", async () => {
    const state = await stack.exportState();
    use(other);
    assertWarnedOnce(await stack.preview({ refresh: true }));
    assert.deepEqual(await stack.exportState(), state);
    for (const operation of ["refresh", "destroy"] as const) {
      assertWarnedOnce(await stack[operation]());
      const left = (await stack.exportState()).deployment.resources ?? [];
      assert.ok(!left.some(({ type }) => type.includes("cockroachdb-cloud:")));
      await stack.importState(state);
    }
    use(own);
    await stack.up({ expectNoChanges: true });
    await stack.destroy();
    assert.deepEqual(
      own.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  });
});

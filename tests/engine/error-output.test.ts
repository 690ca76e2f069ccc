// How often the output of the real engine repeats one failure.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";

const times = Number.POSITIVE_INFINITY;

/** What the engine prints by itself: when the error arrives, when the resource fails, and under Diagnostics. */
const ofEngine = 3;

const args: cockroachdb.BasicClusterArgs = {
  plan: "BASIC",
  cloudProvider: "GCP",
  name: "orders-test",
  serverless: { regions: ["us-central1"] },
};

describe("The output of a failure", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let options: pulumi.CustomResourceOptions;

  beforeEach(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600) });
    options = {};
    stack = await startStack({
      program: async () => {
        new cockroachdb.Cluster("orders", args, { customTimeouts: { delete: "2s" }, ...options });
      },
      env: environmentFor(emulator),
    });
    await stack.up();
  });
  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  /** Asserts that the failure is one message, on the resource, and no more often in the output than the engine repeats it. */
  function assertOnce({ messages, stdout, stderr }: Run, sentence: string): void {
    const found = messages.filter(({ text, ephemeral }) => !ephemeral && text.includes(sentence));
    assert.deepEqual(
      found.map(({ severity, urn }) => [severity, nameOf(urn ?? "::none")]),
      [["error", "orders"]],
    );
    const count = (stdout + stderr).split(sentence).length - 1;
    assert.ok(count > 0 && count <= ofEngine, `${count} times:\n${stdout}`);
    assert.doesNotMatch(stdout + stderr, /pulumi-cockroachdb-cloud: /);
  }

  for (const status of [400, 403]) {
    it(`of a delete that is refused with ${status} has it once`, async () => {
      emulator.faults.add("DeleteCluster", { status, message: "not allowed", times });
      assertOnce(await stack.destroy({ expect: "failure" }), "not allowed");
    });
  }

  it("of a delete that waits for a locked cluster without success has it once", async () => {
    emulator.faults.holdNextDelete();
    const run = await stack.destroy({ expect: "failure" });
    const error = run.messages.find(({ severity, urn }) => severity === "error" && urn);
    assertOnce(run, error?.text.slice(0, 60) ?? assert.fail("there is no error"));
  });

  it("of a refresh that is refused has it once", async () => {
    emulator.faults.add("*", { status: 403, message: "not allowed", times });
    assertOnce(await stack.refresh({ expect: "failure" }), "not allowed");
  });

  it("of a preview that refuses a change has it once", async () => {
    options = { import: "00000000-0000-4000-8000-000000000000" };
    assertOnce(await stack.preview({ expect: "failure" }), "The option import names");
  });
});

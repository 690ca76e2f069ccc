// A hook of the program that retries a failed create: the engine has dropped what the create left, and calls it again.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes } from "./requests";

describe("A hook that retries a create", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let program: () => void;

  const retrying = (times: number, create?: string): pulumi.CustomResourceOptions => {
    let failures = 0;
    const hook = new pulumi.ErrorHook(`retry-${times}-${create}`, () => failures++ < times);
    return {
      hooks: { onError: [hook] },
      ...(create === undefined ? {} : { customTimeouts: { create } }),
    };
  };
  const cluster = (name: string | undefined, options: pulumi.CustomResourceOptions) =>
    new cockroachdb.Cluster(
      "shop",
      {
        ...(name === undefined ? {} : { name }),
        plan: "BASIC",
        cloudProvider: "GCP",
        serverless: { regions: ["us-central1"] },
      },
      options,
    );
  const living = () => emulator.clusters.list().filter(({ state }) => state !== "DELETED");
  const posts = () =>
    [...emulator.requests].filter(({ operation }) => operation === "CreateCluster").length;
  const idInState = async () =>
    (await stack.exportState()).deployment.resources?.find(({ type }) => type.endsWith(":Cluster"))
      ?.id;

  beforeEach(async () => {
    // Three seconds of real time, which the time-outs of the tests do not suffice for.
    const durations = { createBasicMs: 180_000 };
    emulator = await startTestEmulator({ clock: scaledClock(60), durations });
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => program(),
    });
  });
  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  for (const name of [undefined, "shop-test"]) {
    const which = name === undefined ? "without a name" : "with a name";

    it(`finishes the one cluster that a timed-out create has left: ${which}`, async () => {
      program = () => void cluster(name, retrying(20, "1s"));
      await stack.up();
      assert.equal(posts(), 1);
      assert.deepEqual(
        living().map(({ id, state, labels }) => [id, state, labels]),
        [[await idInState(), "CREATED", {}]],
      );
      // The engine keeps the error of the first attempt, so the next update is one, and has nothing to do.
      emulator.requests.clear();
      await stack.up();
      assert.deepEqual(writes(emulator), []);
      await stack.up({ expectNoChanges: true });
    });

    it(`keeps the id when no retry succeeds: ${which}`, async () => {
      program = () => void cluster(name, retrying(1, "1s"));
      await stack.up({ expect: "failure" });
      assert.equal(posts(), 1);
      assert.deepEqual(
        living().map(({ id }) => id),
        [await idInState()],
      );
    });

    it(`replaces a cluster that the service failed to create: ${which}`, async () => {
      emulator.faults.failNextCreation(2);
      program = () => void cluster(name, retrying(3));
      await stack.up();
      assert.equal(posts(), 3);
      assert.deepEqual(
        living().map(({ id, state, labels }) => [id, state, labels]),
        [[await idInState(), "CREATED", {}]],
      );
    });
  }
});

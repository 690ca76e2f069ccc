// Runs of the real command line that are stopped in the middle of a slow creation.
import assert from "node:assert/strict";
import { realClock } from "../../emulator";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Ended, State, StateResource, TestProgram } from "../support/engine";
import { startProgram } from "../support/engine";
import { writes } from "./requests";

const program = {
  ...javascriptProject("slow"),
  "index.js": `
    const cockroachdb = require("pulumi-cockroachdb-cloud");
    new cockroachdb.Cluster("archive", {
      plan: "ADVANCED",
      cloudProvider: "AWS",
      labels: { team: "storage" },
      dedicated: {
        regionNodes: { "us-east-1": 3 },
        hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
      },
    });
  `,
};

/** An emulator in which an Advanced cluster takes 25 real minutes, and a program that makes one. */
interface Scene {
  emulator: TestEmulator;
  stack: TestProgram;
}

describe("A slow creation that is stopped", function () {
  this.timeout(180_000);

  const open: (() => unknown)[] = [];

  async function scene(): Promise<Scene> {
    const emulator = await startTestEmulator({ clock: realClock() });
    const directory = temporaryFolder();
    open.push(() => remove(directory));
    writeFiles(directory, program);
    const stack = await startProgram({
      directory,
      checkpoints: true,
      env: environmentFor(emulator),
    });
    open.push(() => stack.close());
    return { emulator, stack };
  }

  after(async () => {
    for (const close of open.splice(0).reverse()) close();
    await closeTestEmulators();
  });

  /** Runs `pulumi up`, sends the signal when the cluster is being made, and waits for the end. */
  async function stopped(
    { stack }: Scene,
    signal: NodeJS.Signals,
  ): Promise<Ended & { output: string }> {
    const run = stack.start("up", "--yes", "--skip-preview");
    await run.printed(/CREATING · /);
    run.child.kill(signal);
    const ended = await run.ended;
    return { ...ended, output: run.output() };
  }

  const clusterOf = (state: State): StateResource | undefined =>
    state.deployment.resources?.find(({ type }) => type.endsWith(":Cluster"));

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    describe(`by one ${signal}`, () => {
      let one: Scene;
      let end: Awaited<ReturnType<typeof stopped>>;
      let state: State;

      before(async () => {
        one = await scene();
        end = await stopped(one, signal);
        state = await one.stack.exportState();
      });

      it("ends with the sentence that the next update resumes the wait", () => {
        assert.equal(end.signal, null);
        assert.notEqual(end.code, 0);
        assert.match(
          end.output,
          /Stopped waiting for the cluster to be ready: cluster \S+ continues in CockroachDB Cloud\. It was last seen CREATING\. Nothing is lost: the next update resumes the wait\./,
        );
      });

      it("keeps the id of the cluster in state, and no pending operation", () => {
        const [cluster] = one.emulator.clusters.list();
        assert.equal(clusterOf(state)?.id, cluster?.id);
        assert.equal(clusterOf(state)?.initErrors?.length, 1);
        assert.deepEqual(state.deployment.pending_operations ?? [], []);
      });

      it("is finished by the next update, with the one cluster that there is", async () => {
        const [cluster] = one.emulator.clusters.list();
        assert.ok(cluster);
        one.emulator.clusters.finish(cluster.id);
        await one.stack.pulumi("up", "--yes", "--skip-preview");
        const after = clusterOf(await one.stack.exportState());
        assert.deepEqual(
          [after?.id, after?.outputs?.["state"], after?.initErrors],
          [cluster.id, "CREATED", undefined],
        );
        assert.deepEqual(
          writes(one.emulator).map((line) => line.replace(/archive-\w+/, "archive")),
          ["POST archive", 'PATCH archive {"labels":{"team":"storage"}}'],
        );
      });
    });
  }

  describe("by kill -9 of the command line", () => {
    let one: Scene;

    before(async () => {
      one = await scene();
      await stopped(one, "SIGKILL");
    });

    it("is adopted by the next update after `pulumi cancel`, found by its mark, and no second one is made", async () => {
      const [cluster] = one.emulator.clusters.list();
      assert.ok(cluster);
      await one.stack.pulumi("cancel", "--yes");
      one.emulator.clusters.finish(cluster.id);
      const { stdout } = await one.stack.pulumi("up", "--yes", "--skip-preview");
      assert.match(
        stdout,
        /An interrupted run of this resource created cluster "archive-\w+" \(\S+\): it is adopted and finished\./,
      );
      const state = await one.stack.exportState();
      assert.equal(clusterOf(state)?.id, cluster.id);
      assert.equal(one.emulator.clusters.list().length, 1);
      assert.deepEqual(one.emulator.clusters.get(cluster.id).labels, { team: "storage" });
    });

    it("leaves a pending operation behind that `refresh --clear-pending-creates` takes away", async () => {
      await one.stack.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
      const state = await one.stack.exportState();
      assert.deepEqual(state.deployment.pending_operations ?? [], []);
      assert.ok(clusterOf(state)?.id);
      await one.stack.pulumi("destroy", "--yes", "--skip-preview");
      assert.deepEqual(
        one.emulator.clusters.list().map((cluster) => cluster.state),
        ["DELETED"],
      );
    });
  });
});

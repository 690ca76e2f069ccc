// What belongs to a cluster, on a cluster that is busy, protected, being deleted, or failed to be created.

import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { clusterArguments } from "../../provider/cluster/to-program";
import {
  allResourceTypes,
  clusterArgumentOf,
  isOfCluster,
} from "../../provider/resource/resource-types";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators } from "../support/emulator";
import type { OutputsOf, Program, ResourceOptions } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import { writes } from "../support/engine-model/requests";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";
import { kinds } from "../support/kinds";
import type { Properties } from "./resource-cases";
import { casesOf, clusterIdIn, updateOf } from "./resource-cases";
import { startWorld } from "./world";

const minute = 60_000;

const locking: EmulatorOptions = {
  assumptions: { lockCoversSubresources: true },
  durations: { cmekMs: minute },
};

const texts = (run: Run) => run.progress.map(({ text }) => text);

/** Starts to delete a cluster without the stack, as a colleague would. */
async function startDeletion({ url, apiKey }: TestEmulator, id: string): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/api/v1/clusters/${id}`, { method: "DELETE", headers });
  assert.equal(response.status, 200);
}

describe("A resource in a cluster", () => {
  checkEmulators();

  for (const type of allResourceTypes.filter(isOfCluster)) {
    const cases = casesOf[type];
    const { operations, isWritableWhileLocked = false } = cases;
    const deletions = operations.delete === undefined ? [] : [operations.delete];
    const change = updateOf(type);

    async function start(options: EmulatorOptions = locking) {
      const world = await startWorld(type, options);
      const id = clusterIdIn(type, world.place);
      const args = { ...world.place, ...cases.full[0] };
      return { ...world, clusters: world.emulator.clusters, id, args };
    }

    async function startCreated(options?: EmulatorOptions) {
      const world = await start(options);
      assertDone(await world.up(world.args));
      return { ...world, changed: { ...world.place, ...change } };
    }

    describe(`of type ${type}`, () => {
      if (!isWritableWhileLocked) {
        it("waits for a locked cluster to be created, and reports what the cluster does", async () => {
          const { clusters, id, args, up, assertSettled } = await start();
          clusters.lock(id, 3 * minute, "CRDB_SCALE_RUNNING");
          const run = assertDone(await up(args));
          assert.deepEqual(run.steps, ["create it"]);
          const [refusal, status] = texts(run);
          assert.equal(
            refusal,
            `waiting for the cluster · couldn't lock cluster '${id}': another operation is in progress`,
          );
          assert.equal(status, "waiting for the cluster · CRDB_SCALE_RUNNING · 3 s");
          assert.equal(writes(run.requests).length, 2, "refused once, then carried out");
          await assertSettled(args);
        });

        it("waits for a locked cluster to be changed and deleted, and is read meanwhile", async () => {
          const { clusters, id, args, changed, up, stack, assertSettled } = await startCreated();
          clusters.lock(id, 3 * minute);
          assert.deepEqual((await stack.refresh()).steps, ["same it"]);
          assert.deepEqual((await up(args)).steps, ["same it"]);
          if (change !== undefined) {
            const run = assertDone(await up(changed));
            assert.deepEqual(run.steps, ["update it"]);
            assert.equal(texts(run)[1], "waiting for the cluster · MAINTENANCE_RUNNING · 3 s");
            assert.equal(writes(run.requests).length, 2);
            await assertSettled(changed);
            assertDone(await up(args));
          }
          clusters.lock(id, 3 * minute);
          const run = assertDone(await stack.destroy());
          assert.deepEqual(writes(run.requests), [...deletions, ...deletions]);
          assert.equal(stack.resources.size, 0);
        });

        it("stops waiting for a cluster that stays locked, changes nothing, and continues later", async () => {
          const { clusters, id, changed, up, stack, assertSettled } = await startCreated();
          if (change === undefined) return;
          clusters.lock(id);
          const run = await up(changed, { customTimeouts: { update: "3m" } });
          assert.match(
            failureOf(run),
            /^[A-Z].* failed: 503 couldn't lock cluster .*: another operation is in progress \(request id .*\)\. The cluster was not free for 3 min and was last seen MAINTENANCE_RUNNING: /,
          );
          assert.equal(writes(run.requests).length, 1);
          assert.deepEqual(stack.resource("it").initErrors, []);
          clusters.unlock(id);
          assert.deepEqual(assertDone(await up(changed)).steps, ["update it"]);
          await assertSettled(changed);
        });
      }

      it("is created and changed during maintenance that leaves the cluster open", async () => {
        const { clusters, id, args, place, up, stack, assertSettled } = await start();
        clusters.maintain(id);
        const all = change === undefined ? [args] : [args, { ...place, ...change }];
        for (const given of all) {
          const run = assertDone(await up(given));
          assert.equal(writes(run.requests).length, 1);
          assert.ok(!texts(run).some((text) => text.startsWith("waiting for the cluster")));
          await assertSettled(given);
        }
        assertDone(await stack.destroy());
      });

      it("is deleted with a cluster that is being deleted", async () => {
        const { emulator, id, stack } = await startCreated();
        emulator.faults.holdNextDelete(3 * minute);
        await startDeletion(emulator, id);
        const run = assertDone(await stack.destroy());
        assert.ok(writes(run.requests).every((operation) => deletions.includes(operation)));
        assert.equal(stack.resources.size, 0);
      });

      it("is taken out of the state by a refresh when its cluster is deleted, and needs no deletion", async () => {
        const { clusters, id, stack } = await startCreated();
        clusters.delete(id);
        const stored = stack.resource("it");
        assertDone(await stack.destroy());
        stack.resources.set("it", stored);
        assert.deepEqual(assertDone(await stack.refresh()).steps, ["delete it"]);
      });

      it("cannot be created in a cluster that failed to be created, and reports that", async () => {
        const { clusters, id, args, up, stack } = await start();
        clusters.failCreation(id);
        assert.match(failureOf(await up(args)), /its state is CREATION_FAILED/);
        assert.equal(stack.resources.size, 0);
      });

      it("does not prevent destroying a stack whose cluster failed to be created", async () => {
        const { clusters, id, stack } = await startCreated();
        clusters.failCreation(id);
        assertDone(await stack.destroy());
        assert.equal(stack.resources.size, 0);
      });

      it("is created after a stray 404 of a new cluster, at the latest by the next update", async () => {
        const { emulator, args, up, assertSettled } = await start();
        emulator.faults.add(operations.create, { status: 404, message: "not found" });
        if (cases.isEndedByStray404 === true) {
          assert.match(failureOf(await up(args)), /404 not found/);
          assertDone(await up(args));
        } else assert.equal(writes(assertDone(await up(args)).requests).length, 2);
        await assertSettled(args);
      });

      describe("of the same stack", () => {
        /** A stack with the cluster, protected or not, and with the resource in it. */
        async function startTogether(isProtected: boolean) {
          const { emulator, id, args, stack, newStack } = await start({});
          emulator.clusters.edit(id, { deleteProtection: isProtected ? "ENABLED" : "DISABLED" });
          const cluster = clusterArguments((await newStack(kinds.Cluster).get(id)) as never);
          const options: ResourceOptions = { cluster: "home", deleteBeforeReplace: true };
          const home = (adopt: ResourceOptions) =>
            new Declaration(kinds.Cluster, cluster as Properties, [], adopt);
          const inHome = (outputsOf: OutputsOf) => ({
            ...args,
            [clusterArgumentOf(type) ?? ""]: outputsOf("home")["id"],
          });
          const it = new Declaration(kinds[type], inHome, ["home"], options);
          assertDone(await stack.up({ home: home({ import: id }), it }));
          const program: Program = { home: home({}), it };
          return { id, stack, program };
        }

        it("is not deleted in a destroy while the cluster is protected", async () => {
          const { id, stack } = await startTogether(true);
          const run = await stack.destroy();
          assert.match(
            failureOf(run),
            new RegExp(
              `^Nothing of the cluster is deleted: delete protection of cluster ".*" \\(${id}\\) is on, and this run may delete the cluster too`,
            ),
          );
          assert.deepEqual(writes(run.requests), []);
          assert.deepEqual([...stack.resources.keys()], ["home", "it"]);
        });

        it("is not deleted when a forced replacement of a protected cluster comes first", async () => {
          const { stack, program } = await startTogether(true);
          const run = await stack.up(program, { replace: ["home"] });
          assert.match(run.failures.join(), /delete protection of cluster/);
          assert.deepEqual(writes(run.requests), []);
          assert.deepEqual([...stack.resources.keys()], ["home", "it"]);
        });

        it("is deleted alone while the protected cluster stays", async () => {
          const { stack, program } = await startTogether(true);
          const { home } = program;
          assertDone(await stack.up({ home: home ?? {} }));
          assert.deepEqual([...stack.resources.keys()], ["home"]);
        });

        it("is deleted with a cluster that is not protected", async () => {
          const { stack } = await startTogether(false);
          assertDone(await stack.destroy());
          assert.equal(stack.resources.size, 0);
        });
      });
    });
  }
});

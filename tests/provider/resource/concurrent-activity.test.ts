import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { Host } from "../../../provider/engine/host";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { casesOf } from "../../conformance/resource-cases";
import { advanced, basic, standard } from "../../support/builders";
import { encryptable } from "../../support/cmek";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { count, writes } from "../../support/engine-model/requests";
import type { Run } from "../../support/engine-model/run";
import { assertDone, failureOf } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { kinds, partArguments } from "../../support/kinds";

const minute = 60_000;
const hour = 60 * minute;

type Properties = Record<string, unknown>;

/** A kind of part with arguments, and with others that an update brings about. */
interface Part {
  serve(host: () => Host): DynamicProvider;
  first: Properties;
  second: Properties;
  /** What its delete sends; nothing for what the API cannot take back. */
  deletes: readonly string[];
}

const parts: Record<string, Part> = Object.fromEntries(
  (Object.keys(partArguments) as ResourceType[]).map((type) => {
    const { operations } = casesOf[type];
    const deletes = operations.delete === undefined ? [] : [operations.delete];
    return [type, { ...partArguments[type], serve: kinds[type].serve, deletes }];
  }),
);

interface PartWorld extends Lab {
  shop: Stack;
  /** Id of an Advanced cluster that takes every part. */
  id: string;
  program(args: Properties): Program;
}

const covered: EmulatorOptions = {
  assumptions: { lockCoversSubresources: true },
  durations: { cmekMs: minute },
};

async function withPart(part: Part, options: EmulatorOptions = covered): Promise<PartWorld> {
  const lab = await startLab(options);
  const { id } = encryptable(lab.emulator, { regions: ["us-east-1"] });
  const shop = lab.stack({ serve: part.serve });
  return { ...lab, id, shop, program: (args) => ({ part: { clusterId: id, ...args } }) };
}

/** The same, and the part is there. */
async function withMadePart(part: Part, options?: EmulatorOptions): Promise<PartWorld> {
  const world = await withPart(part, options);
  assertDone(await world.shop.up(world.program(part.first)));
  return world;
}

/** A stack with one cluster, which is ready. */
async function withCluster(
  args: Properties,
  options: EmulatorOptions = {},
): Promise<Lab & { shop: Stack; id: string }> {
  const lab = await startLab(options);
  const shop = lab.stack();
  assertDone(await shop.up({ orders: args }));
  return { ...lab, shop, id: shop.resource("orders").id };
}

/** Asserts that nothing is left to do: neither for a refresh nor for the next update. */
async function assertSettled(shop: Stack, program: Program): Promise<void> {
  const names = Object.keys(program);
  assert.deepEqual(assertDone(await shop.refresh()).differences, {}, "no drift");
  const run = assertDone(await shop.up(program));
  assert.deepEqual(
    run.steps,
    names.map((name) => `same ${name}`),
  );
  assert.deepEqual(writes(run.requests), []);
}

const texts = (run: Run) => run.progress.map(({ text }) => text);

/** Starts to delete a cluster without the stack, as a colleague would. */
async function startDeletion({ url, apiKey }: TestEmulator, id: string): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/api/v1/clusters/${id}`, { method: "DELETE", headers });
  assert.equal(response.status, 200);
}

describe("A busy world", () => {
  checkEmulators();

  describe("of a part of a cluster", () => {
    const part = parts["Database"] as Part;

    it("ends with a cluster that is being deleted", async () => {
      const { emulator, shop, id, program } = await withMadePart(part);
      emulator.faults.holdNextDelete(3 * minute);
      await startDeletion(emulator, id);
      const run = await shop.up(program(part.second));
      assert.match(
        failureOf(run),
        /^Cluster .* was deleted while this operation was waiting for it\. Run `pulumi refresh`, then run the operation again\.$/,
      );
      assert.ok(texts(run).includes("waiting for the cluster · LOCKED · 3 s"));
      assert.deepEqual((await shop.refresh()).steps, ["delete part"]);
      assert.equal(shop.resources.size, 0);
    });
  });

  describe("of a Cluster", () => {
    const labelled = (labels: Record<string, string>) => basic({}, { labels });
    const sized = (machineSpec: Properties) =>
      advanced({ hardware: { machineSpec, storageGib: 128 } });

    it("that somebody locks between preview and update waits, and says for what", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      const planned = await shop.preview({ orders: labelled({ team: "a" }) });
      assert.deepEqual(planned.steps, ["update orders"]);
      emulator.clusters.lock(id, 3 * minute, "CRDB_PATCH_RUNNING");
      const run = assertDone(await shop.up({ orders: labelled({ team: "a" }) }));
      assert.deepEqual(run.steps, planned.steps);
      assert.deepEqual(texts(run).slice(0, 2), [
        `waiting for the cluster · couldn't lock cluster '${id}': another operation is in progress`,
        "waiting for the cluster · CRDB_PATCH_RUNNING · 1 s",
      ]);
      assert.equal(count(run.requests, "UpdateCluster"), 2);
      assert.equal(shop.outputs()["state"], "CREATED");
      await assertSettled(shop, { orders: labelled({ team: "a" }) });
    });

    it("that is locked is no drift, and its outputs say so until the next refresh", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.clusters.lock(id);
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      assert.equal(shop.outputs()["state"], "LOCKED");
      assert.deepEqual((await shop.up({ orders: basic() })).steps, ["same orders"]);
      emulator.clusters.unlock(id);
      await assertSettled(shop, { orders: basic() });
      assert.equal(shop.outputs()["state"], "CREATED");
    });

    it("that works on a change of its own plan refuses the next one, which waits for its turn", async () => {
      const { shop, emulator, id } = await withCluster(basic(), {
        durations: { changePlanMs: 2 * 60_000 },
      });
      const upgrade = {
        plan: "STANDARD",
        serverless: { usage_limits: { provisioned_virtual_cpus: "2" } },
      };
      const response = await fetch(`${emulator.url}/api/v1/clusters/${id}`, {
        method: "PATCH",
        headers: { Authorization: `Bearer ${emulator.apiKey}` },
        body: JSON.stringify(upgrade),
      });
      assert.equal(response.status, 200);
      const run = assertDone(await shop.up({ orders: standard({}, { labels: { team: "a" } }) }));
      assert.ok(texts(run).includes("waiting for the cluster · CREATED · 1 s"));
      assert.ok(
        count(run.requests, "UpdateCluster") <= 25,
        "the pauses grow though it appears free",
      );
      await assertSettled(shop, { orders: standard({}, { labels: { team: "a" } }) });
    });

    it("in maintenance that leaves it open changes at once, and shows what goes on", async () => {
      const { shop, emulator, id } = await withCluster(advanced());
      emulator.clusters.maintain(id);
      const labels = assertDone(await shop.up({ orders: advanced({}, { labels: { team: "a" } }) }));
      assert.equal(labels.elapsedMs, 0);
      const four = advanced({ regionNodes: { "us-east-1": 4 } }, { labels: { team: "a" } });
      const nodes = assertDone(await shop.up({ orders: four }));
      assert.ok(texts(nodes).some((text) => /^CRDB_SCALE_RUNNING · \d of 4 nodes · /.test(text)));
      await assertSettled(shop, { orders: four });
    });

    it("on which an operation of the past has failed changes all the same", async () => {
      const { shop, emulator, id } = await withCluster(advanced());
      for (const [nodes, failedOperation] of [
        [4, "CRDB_PATCH_FAILED"],
        [5, "CRDB_SCALE_FAILED"],
      ] as const) {
        emulator.clusters.edit(id, { failedOperation });
        assert.deepEqual((await shop.refresh()).differences, {});
        const program = { orders: advanced({ regionNodes: { "us-east-1": nodes } }) };
        assertDone(await shop.up(program));
        await assertSettled(shop, program);
      }
    });

    it("takes no failure of before for one of now while the change is not visible yet", async () => {
      const { shop, emulator, id, time } = await withCluster(advanced());
      emulator.clusters.edit(id, { failedOperation: "CRDB_SCALE_FAILED" });
      await time.advance(minute);
      emulator.faults.delayVisibility(2 * minute);
      const program = { orders: advanced({ regionNodes: { "us-east-1": 5 } }) };
      const run = assertDone(await shop.up(program));
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      await assertSettled(shop, program);
      emulator.faults.delayVisibility(2 * minute);
      emulator.faults.failNextJob();
      const failed = await shop.up({ orders: advanced({ regionNodes: { "us-east-1": 6 } }) });
      assert.match(failureOf(failed), /the service reports CRDB_SCALE_FAILED/);
      assert.equal(count(failed.requests, "UpdateCluster"), 1);
    });

    it("whose upgrade finishes itself after 72 hours is no drift, and cannot go back then", async () => {
      const on = (cockroachVersion: string) => ({ orders: advanced({ cockroachVersion }) });
      const { shop, time } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up(on("v25.4")));
      assert.equal(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      await time.advance(72 * hour);
      await assertSettled(shop, on("v25.4"));
      assert.notEqual(shop.outputs()["upgradeStatus"], "PENDING_FINALIZATION");
      const back = await shop.up(on("v25.2"));
      assert.match(
        failureOf(back),
        /^Updating cluster .* failed: 400 cluster cannot be upgraded from v25\.4 to v25\.2 /,
      );
      await assertSettled(shop, on("v25.4"));
    });

    it("whose upgrade finished itself needs no finalizeUpgrade any more, also without a refresh", async () => {
      const version = { cockroachVersion: "v25.4" };
      const { shop, time } = await withCluster(advanced({ cockroachVersion: "v25.2" }));
      assertDone(await shop.up({ orders: advanced(version) }));
      await time.advance(72 * hour);
      const final = { orders: advanced({ ...version, finalizeUpgrade: true }) };
      const run = assertDone(await shop.up(final));
      assert.deepEqual(run.steps, ["update orders"]);
      await assertSettled(shop, final);
    });

    it("that gets another machine type than it asked for says so once, and is done", async () => {
      const { shop, emulator } = await withCluster(sized({ machineType: "m6i.xlarge" }));
      emulator.faults.moveNextMachine("m7g.2xlarge");
      const program = { orders: sized({ machineType: "m6i.2xlarge" }) };
      const run = assertDone(await shop.up(program));
      assert.ok(run.elapsedMs < 17 * minute, `${run.elapsedMs} ms`);
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      const [warning] = run.notes.filter(({ severity }) => severity === "warning");
      assert.match(
        warning?.text ?? "",
        /^The service runs the nodes of cluster ".*" on machines of type m7g\.2xlarge with 8 vCPUs, and the program asks for m6i\.2xlarge: .* numVirtualCpus in place of machineType leaves the choice to the service\.$/,
      );
      await assertSettled(shop, program);
    });

    it("that the service moves to another machine later is no drift", async () => {
      const program = { orders: sized({ machineType: "m6i.xlarge" }) };
      const { shop, emulator, id } = await withCluster(program.orders);
      emulator.clusters.edit(id, { machineType: "m7g.xlarge" });
      await assertSettled(shop, program);
    });

    it("whose change shows late, and is in the response at once, is drift until then and converges", async () => {
      for (const [before, after] of [
        [basic(), labelled({ team: "a" })],
        [standard(), standard({ usageLimits: { provisionedVirtualCpus: 4 } })],
      ] as const) {
        const { shop, emulator, time } = await withCluster(before);
        emulator.faults.delayVisibility(10 * minute);
        const run = assertDone(await shop.up({ orders: after }));
        assert.deepEqual([run.elapsedMs, count(run.requests, "UpdateCluster")], [0, 1]);
        assert.equal(Object.keys((await shop.refresh()).differences).length, 1);
        assert.deepEqual(assertDone(await shop.up({ orders: after })).steps, ["update orders"]);
        await time.advance(10 * minute);
        await assertSettled(shop, { orders: after });
      }
    });

    it("whose work shows late is waited for until GET shows it", async () => {
      const { shop, emulator } = await withCluster(advanced());
      emulator.faults.delayVisibility(14 * minute);
      const four = { orders: advanced({ regionNodes: { "us-east-1": 4 } }) };
      const run = assertDone(await shop.up(four));
      assert.ok(run.elapsedMs >= 14 * minute && run.elapsedMs < 16 * minute, `${run.elapsedMs} ms`);
      assert.equal(count(run.requests, "UpdateCluster"), 1);
      assert.match(texts(run)[0] ?? "", /^changing dedicated\.regionNodes · 3 of 4 nodes · 3 s$/);
      await assertSettled(shop, four);
    });

    it("that shows a change after the time-out only, keeps what it saw and converges", async () => {
      const { shop, emulator, time } = await withCluster(advanced());
      emulator.faults.delayVisibility(14 * minute);
      const four = { orders: advanced({ regionNodes: { "us-east-1": 4 } }) };
      const options = { orders: { customTimeouts: { update: "5m" } } };
      const run = await shop.up(four, { options });
      assert.match(
        failureOf(run),
        /^Timed out waiting for the change of dedicated\.regionNodes: cluster .* continues in CockroachDB Cloud\. It was last seen CREATED\. Nothing is lost: the next update resumes the wait\.$/,
      );
      await time.advance(14 * minute);
      assertDone(await shop.refresh());
      assertDone(await shop.up(four));
      await assertSettled(shop, four);
      assert.equal(count(emulator.requests, "UpdateCluster"), 2, "the mark and the nodes");
    });

    it("that accepts a change and never carries it out fails long before its time-out", async () => {
      const { shop, emulator, id } = await withCluster(advanced());
      emulator.faults.ignoreNextUpdate();
      const program = { orders: advanced({ regionNodes: { "us-east-1": 4 } }) };
      const run = await shop.up(program);
      assert.match(
        failureOf(run),
        new RegExp(
          `^The service has accepted the change of dedicated\\.regionNodes of cluster "\\S+" \\(${id}\\) but does not carry it out: nothing has run on the cluster for 1[56] min, and dedicated\\.regionNodes is {"us-east-1":3} but the program has {"us-east-1":4}\\. The next update sends it again; if that fails too, ask CockroachDB Cloud support about this cluster\\.$`,
        ),
      );
      assert.ok(run.elapsedMs < 18 * minute, `${run.elapsedMs} ms`);
      assert.deepEqual((await shop.refresh()).differences, {});
      assertDone(await shop.up(program));
      await assertSettled(shop, program);
    });

    it("that failed to be created is replaced by the next update, with a warning", async () => {
      const lab = await startLab();
      const shop = lab.stack();
      lab.emulator.faults.failNextCreation();
      const run = await shop.up({ orders: basic() });
      assert.match(
        failureOf(run),
        /^The service failed to create cluster ".*" \(.*\): its state is CREATION_FAILED\. It is in the stack's state: the next update replaces it, and destroy deletes it\./,
      );
      assert.equal(shop.outputs()["state"], "CREATION_FAILED");
      const again = assertDone(await shop.up({ orders: basic() }));
      assert.deepEqual(again.steps, ["replace orders", "delete orders"]);
      assert.ok(again.notes.some(({ text }) => text.endsWith("the failed cluster is replaced.")));
      await assertSettled(shop, { orders: basic() });
      assert.equal(
        lab.emulator.clusters.list().filter(({ state }) => state !== "DELETED").length,
        1,
      );
    });

    it("whose deletion is stuck stays in state, says so, and is deleted once it is", async () => {
      const { shop, emulator, id } = await withCluster(basic());
      emulator.faults.holdNextDelete();
      const { name } = shop.outputs();
      const first = await shop.destroy();
      assert.equal(
        failureOf(first),
        `Timed out waiting for cluster "${name}" (${id}) to be deleted: the API has accepted the deletion and still returns the cluster. Run the operation again to resume waiting; if the cluster stays, ask CockroachDB Cloud support about this id.`,
      );
      assert.equal(texts(first)[0], "DELETING · 1 s");
      assert.deepEqual((await shop.refresh()).differences, {});
      const second = await shop.destroy();
      assert.match(
        failureOf(second),
        /^Deleting cluster .* failed: 503 couldn't lock cluster .*: it is being deleted .*\. The cluster was not free for 30 min and was last seen LOCKED: run this again when it is\.$/,
      );
      emulator.clusters.finish(id);
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    });
  });

  describe("of new permissions", () => {
    it("on a key keeps the encryption waiting, and says for what", async () => {
      const { emulator, shop, program } = await withPart(parts["CmekConfig"] as Part);
      emulator.faults.denyKms(4, 403);
      const run = assertDone(await shop.up(program((parts["CmekConfig"] as Part).first)));
      assert.equal(
        texts(run)[0],
        "waiting for the permission on the key · insufficient permissions to access the KMS key · 0 s",
      );
      assert.equal(count(run.requests, "EnableCMEKSpec"), 5);
      await assertSettled(shop, program((parts["CmekConfig"] as Part).first));
    });

    it("of a new service account fails with the role that it takes, and converges when that is in effect", async () => {
      const { emulator, time, stack } = await startLab({ durations: { grantMs: 2 * minute } });
      const apiKey = emulator.organization.addKey({ roles: [{ role: "CLUSTER_ADMIN" }] });
      const environment = { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: apiKey };
      const shop = stack({ environment });
      const run = await shop.up({ orders: basic() });
      assert.match(
        failureOf(run),
        /failed: 403 .*It requires .*; a newly granted role takes some minutes to take effect\.$/,
      );
      assert.deepEqual([shop.resources.size, emulator.clusters.list()], [0, []]);
      await time.advance(2 * minute);
      assertDone(await shop.up({ orders: basic() }));
      await assertSettled(shop, { orders: basic() });
    });

    it("of whoever has made a cluster never lose it", async () => {
      const { emulator, time, stack } = await startLab({ durations: { grantMs: 2 * minute } });
      const apiKey = emulator.organization.addKey({
        roles: [{ role: "CLUSTER_CREATOR" }, { role: "CLUSTER_MONITOR" }],
      });
      await time.advance(2 * minute);
      const shop = stack({
        environment: { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: apiKey },
      });
      const run = await shop.up({ orders: basic() });
      assert.match(failureOf(run), /403 .*a newly granted role/);
      assert.equal(shop.resources.size, 1);
      await time.advance(2 * minute);
      assertDone(await shop.up({ orders: basic() }));
      await assertSettled(shop, { orders: basic() });
      assert.equal(emulator.clusters.list().length, 1);
    });
  });

  describe("of keys that are accepted and never used", () => {
    const part = parts["CmekConfig"] as Part;

    it("fails a rotation long before its time-out, and the next update rotates", async () => {
      const { emulator, shop, program, id } = await withMadePart(part);
      emulator.faults.ignoreNextCmek();
      const run = await shop.up(program(part.second));
      assert.match(
        failureOf(run),
        new RegExp(
          `^Timed out waiting for the encryption keys to be in use: the service has accepted the request but does not carry it out\\. Nothing has been going on on cluster ${id} for 1[56] min: it is ENABLED, 0 of 1 region done\\. The next update sends the request again; if that fails too, ask CockroachDB Cloud support about this cluster\\.$`,
        ),
      );
      assert.ok(run.elapsedMs < 18 * minute, `${run.elapsedMs} ms`);
      assert.deepEqual(assertDone(await shop.up(program(part.second))).steps, ["update part"]);
      await assertSettled(shop, program(part.second));
    });

    it("fails a revocation too, and the next update revokes", async () => {
      const { emulator, shop, program } = await withMadePart(part);
      emulator.faults.ignoreNextCmek();
      const revoked = program({ ...part.first, revoked: true });
      const run = await shop.up(revoked);
      assert.match(
        failureOf(run),
        /^Timed out waiting for access to the encryption keys to be revoked: /,
      );
      assert.ok(run.elapsedMs < 18 * minute, `${run.elapsedMs} ms`);
      assert.equal(emulator.cmek.get(shop.resource("part").id).status, "ENABLED");
      assertDone(await shop.up(revoked));
      await assertSettled(shop, revoked);
    });
  });

  describe("of random background work", function () {
    this.timeout(60_000);

    /** Every kind of resource on one stack's cluster, with what an update brings about. */
    const clusterProgram = (nodes: number, labels: Record<string, string>) => ({
      orders: advanced(
        { regionNodes: { "us-east-1": nodes }, networkVisibility: "PRIVATE" },
        { labels },
      ),
    });

    for (const seed of [1, 2, 3]) {
      it(`converges whatever the service does meanwhile: seed ${seed}`, async () => {
        const lab = await startLab({
          background: { seed, everyMs: 4 * minute, lastsMs: 2 * minute },
          assumptions: { lockCoversSubresources: true },
          durations: {
            createAdvancedMs: 2 * minute,
            scaleMs: 2 * minute,
            cmekMs: 2 * minute,
            visibilityMs: 20_000,
          },
        });
        const clusters = lab.stack();
        const stacks = Object.entries(parts).map(([name, part]) => ({
          shop: lab.stack({ name: name.toLowerCase(), serve: part.serve }),
          part,
        }));
        const onAll = async (args: "first" | "second") => {
          const clusterId = clusters.resource("orders").id;
          await Promise.all(
            stacks.map(async ({ shop, part }) => {
              assertDone(await shop.up({ part: { clusterId, ...part[args] } }));
            }),
          );
        };
        assertDone(await clusters.up(clusterProgram(3, {})));
        await onAll("first");
        // All at once: whoever comes first keeps the cluster busy for the others.
        const changed = clusterProgram(4, { team: "a" });
        const [run] = await Promise.all([clusters.up(changed), onAll("second")]);
        assertDone(run);
        await lab.time.advance(20_000);
        await assertSettled(clusters, changed);
        const clusterId = clusters.resource("orders").id;
        for (const { shop, part } of stacks) {
          await assertSettled(shop, { part: { clusterId, ...part.second } });
        }
        await Promise.all(stacks.map(async ({ shop }) => assertDone(await shop.destroy())));
        assertDone(await clusters.destroy());
        const left = lab.emulator.clusters.list().filter(({ state }) => state !== "DELETED");
        assert.deepEqual(left, []);
        assert.ok(
          lab.emulator.requests.some(({ status }) => status === 503),
          "the service was in the way",
        );
      });
    }
  });
});

import { strict as assert } from "node:assert";
import type { WireCreateCluster } from "../../../../emulator";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { startLab } from "../../../support/engine-model/lab";
import { Declaration } from "../../../support/engine-model/program";
import { bodies, count, writes } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import { kinds } from "../../../support/kinds";
import { assertNoMark } from "./marks";

describe("Cluster create", () => {
  checkEmulators();

  describe("when the response is lost", () => {
    const faults = [
      { reset: "after-effect" },
      { status: 500, effect: "after" },
      { status: 502, body: "<html>bad gateway</html>", effect: "after" },
      { cutBody: true },
      { notJson: true },
      { notJson: "{}" },
      { hang: "after-effect" },
    ] as const;
    for (const fault of faults) {
      it(`by ${JSON.stringify(fault)}, sends one POST and adopts the cluster`, async () => {
        const { stack, emulator } = await startLab();
        emulator.faults.add("CreateCluster", fault);
        const shop = stack();
        const { requests } = assertDone(await shop.up({ orders: basic() }));
        assert.deepEqual(writes(requests), ["CreateCluster", "UpdateCluster"]);
        assert.deepEqual(
          emulator.clusters.list().map(({ id, labels }) => [id, labels]),
          [[shop.resource().id, {}]],
        );
        assert.equal(shop.outputs()["state"], "CREATED");
        assertNoMark(shop);
      });
    }

    it("and nothing was made, fails after 30 s and says that the next update searches again", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "before-effect" });
      const shop = stack();
      const run = await shop.up({ orders: basic({}, { name: "orders" }) });
      assert.match(
        failureOf(run),
        /^Creating cluster "orders" failed: .*The response was lost, and no cluster "orders" of this resource has appeared since\. Nothing was sent twice\. Run the update again: it searches/,
      );
      assert.ok(run.elapsedMs >= 30_000 && run.elapsedMs < 40_000, `${run.elapsedMs} ms`);
      assert.deepEqual(writes(run.requests), ["CreateCluster"]);
      assert.equal(shop.resources.size, 0);
      const again = assertDone(await shop.up({ orders: basic({}, { name: "orders" }) }));
      assert.deepEqual(writes(again.requests), ["CreateCluster", "UpdateCluster"]);
    });

    it("and the cluster appears late, adopts it within the 30 s", async () => {
      const { stack, emulator, time } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "before-effect" });
      const shop = stack();
      const work = shop.up({ orders: basic({}, { name: "orders" }) });
      void time.sleep(20_000).then(() =>
        emulator.clusters.create({
          name: "orders",
          provider: "GCP",
          spec: {
            plan: "BASIC",
            labels: { "pulumi-creating": shop.mark("orders") },
            serverless: { regions: ["us-central1"] },
          },
        }),
      );
      const run = assertDone(await work);
      assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster"]);
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("and the list fails too, reports the lost response and not about the list", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { reset: "after-effect" });
      const down = { status: 500, times: Number.POSITIVE_INFINITY, nth: 2 };
      emulator.faults.add("ListClusters", down);
      const run = await stack().up({ orders: basic() });
      assert.match(failureOf(run), /^Creating cluster .*The response was lost/);
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("and the list cannot be read for longer than 30 s, adopts the cluster as soon as it can", async () => {
      const { stack, emulator } = await startLab();
      const isPosted = () =>
        emulator.requests.some(({ operation }) => operation === "CreateCluster");
      emulator.faults.add("CreateCluster", { reset: "after-effect" });
      const refused = { status: 403, message: "no", times: 15, when: isPosted };
      emulator.faults.add("ListClusters", refused);
      const shop = stack();
      const { requests } = assertDone(await shop.up({ orders: basic() }));
      assert.deepEqual(writes(requests), ["CreateCluster", "UpdateCluster"]);
      assert.equal(emulator.clusters.list()[0]?.id, shop.resource().id);
    });

    it("the POST is repeated when it certainly had no effect", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { status: 429, headers: { "Retry-After": "2" } });
      emulator.faults.add("CreateCluster", {
        status: 503,
        message: "couldn't lock organization: another operation is in progress",
      });
      const { requests } = assertDone(await stack().up({ orders: basic() }));
      assert.equal(count(requests, "CreateCluster"), 3);
      assert.equal(emulator.clusters.list().length, 1);
    });
  });

  describe("after an interrupted run", () => {
    for (const [what, args] of [
      ["Basic", basic({}, { labels: { team: "payments" } })],
      ["Standard", standard()],
      ["Advanced", advanced()],
    ] as const) {
      it(`that was killed between the POST and the checkpoint, adopts the ${what} cluster`, async () => {
        const { stack, emulator } = await startLab();
        const shop = stack();
        const killed = await shop.up({ orders: args }, { killAfterMs: 1_500 });
        assert.equal(count(killed.requests, "CreateCluster"), 1);
        assert.equal(shop.resources.size, 0);
        const run = assertDone(await shop.up({ orders: args }));
        assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
        assert.deepEqual(
          emulator.clusters.list().map(({ id }) => id),
          [shop.resource().id],
        );
        assert.deepEqual(emulator.clusters.list()[0]?.labels, args["labels"] ?? {});
        assert.match(
          run.notes.at(-1)?.text ?? "",
          /interrupted run of this resource created cluster .* adopted/,
        );
        assertNoMark(shop);
      });
    }

    it("that ended after a read with another region finishes the cluster and does not replace it", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const program = { orders: standard() };
      await shop.up(program, { killAtRequest: 2 });
      const [cluster] = emulator.clusters.list();
      const regions = [{ ...cluster?.regions[0], name: "us-west2" }];
      emulator.faults.add("GetCluster", { status: 200, body: { ...cluster, regions } });
      emulator.faults.add("GetCluster", { status: 403, message: "not allowed" });
      assert.match(failureOf(await shop.up(program)), / 403 not allowed/);
      const run = assertDone(await shop.up(program));
      assert.deepEqual(run.steps, ["update orders"]);
      assert.deepEqual(
        emulator.clusters.list().map(({ id }) => id),
        [cluster?.id],
      );
    });

    it("searches every page of the list", async () => {
      const { stack, emulator } = await startLab({ assumptions: { pageMax: 2 } });
      for (const name of ["aaaaaa", "bbbbbb", "cccccc", "dddddd"]) {
        emulator.clusters.create({
          name,
          provider: "GCP",
          spec: { serverless: { regions: ["us-central1"] } },
        });
      }
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const run = assertDone(await shop.up({ orders: basic() }));
      assert.equal(count(run.requests, "CreateCluster"), 0);
    });

    for (const [whose, others] of [
      ["another stack", { name: "other" }],
      ["the same stack in another Pulumi organization", { organization: "umbrella" }],
    ] as const) {
      it(`leaves alone the unfinished cluster of ${whose}`, async () => {
        const { stack, emulator } = await startLab();
        await stack(others).up({ orders: basic() }, { killAfterMs: 1_500 });
        const before = emulator.clusters.list();
        assert.deepEqual(
          before.map(({ labels }) => labels),
          [{ "pulumi-creating": stack(others).mark("orders") }],
        );
        const shop = stack();
        const run = assertDone(await shop.up({ orders: basic() }));
        assert.deepEqual(writes(run.requests), ["CreateCluster", "UpdateCluster"]);
        const [other] = before;
        assert.notEqual(shop.resource().id, other?.id);
        assertDone(await shop.destroy());
        const kept = emulator.clusters.get(other?.id ?? "");
        assert.deepEqual([kept.state === "DELETED", kept.labels], [false, other?.labels]);
      });

      it(`refuses a name that is taken by the unfinished cluster of ${whose}`, async () => {
        const { stack, emulator } = await startLab();
        const args = basic({}, { name: "orders-test" });
        await stack(others).up({ orders: args }, { killAfterMs: 1_500 });
        const [other] = emulator.clusters.list();
        const run = await stack().up({ orders: args });
        assert.match(
          failureOf(run),
          new RegExp(
            `^A cluster named "orders-test" already exists \\(${other?.id}, .* this resource did not create it`,
          ),
        );
        assert.deepEqual(writes(run.requests), []);
        assert.deepEqual(emulator.clusters.get(other?.id ?? "").labels, other?.labels);
      });
    }

    it("leaves alone the unfinished cluster of another resource", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ billing: basic() }, { killAfterMs: 1_500 });
      const [billing] = emulator.clusters.list();
      assertDone(await shop.up({ orders: basic() }));
      assert.notEqual(shop.resource("orders").id, billing?.id);
      assert.equal(
        emulator.clusters.get(billing?.id ?? "").labels["pulumi-creating"],
        shop.mark("billing"),
      );
    });

    it("brings the rest in line when the program has changed what can be changed", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const args = standard({ usageLimits: { provisionedVirtualCpus: 4 } }, { labels: { a: "b" } });
      const run = assertDone(await shop.up({ orders: args }));
      assert.deepEqual(bodies(run.requests, "UpdateCluster"), [
        {
          plan: "STANDARD",
          serverless: { usage_limits: { provisioned_virtual_cpus: "4" } },
        },
        // The mark goes last: a run that is killed before it finds the cluster again.
        { labels: { a: "b" } },
      ]);
      assert.equal(emulator.clusters.list().length, 1);
      assert.equal(shop.outputs()["plan"], "STANDARD");
    });

    it("refuses to adopt a cluster whose create-only settings the program has changed", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      const [made] = emulator.clusters.list();
      const run = await shop.up({ orders: basic({ regions: ["us-east1"] }) });
      assert.equal(
        failureOf(run),
        `An interrupted run of this resource created cluster "${made?.name}" (${made?.id}), and the program has changed since: serverless.regions is ["us-central1"] but the program has ["us-east1"]. Put the old settings back and run the update again, which finishes that cluster; or delete it in the CockroachDB Cloud Console, when nobody needs it.`,
      );
      assert.deepEqual(writes(run.requests), []);
      assertDone(await shop.up({ orders: basic() }));
    });

    it("makes a new one when the unfinished one has failed since", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      await shop.up({ orders: basic() }, { killAfterMs: 1_500 });
      emulator.clusters.failCreation(emulator.clusters.list()[0]?.id ?? "");
      const run = assertDone(await shop.up({ orders: basic() }));
      assert.equal(count(run.requests, "CreateCluster"), 1);
    });

    it("deletes the unfinished one that has failed since, where it holds the name", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic({}, { name: "orders" });
      await shop.up({ orders: args }, { killAfterMs: 1_500 });
      const failed = emulator.clusters.list()[0]?.id ?? "";
      emulator.clusters.failCreation(failed);
      const run = assertDone(await shop.up({ orders: args }));
      assert.equal(emulator.clusters.get(failed).state, "DELETED");
      assert.notEqual(shop.resource("orders").id, failed);
      const { labels, state } = emulator.clusters.get(shop.resource("orders").id);
      assert.deepEqual([labels, state], [{}, "CREATED"]);
      assert.equal(count(run.requests, "DeleteCluster"), 1);
    });

    it("leaves a failed cluster of another resource alone, where it holds the name", async () => {
      const { stack, emulator } = await startLab();
      const shop = stack();
      const args = basic({}, { name: "orders" });
      await shop.up({ billing: args }, { killAfterMs: 1_500 });
      const failed = emulator.clusters.list()[0]?.id ?? "";
      emulator.clusters.failCreation(failed);
      const run = await shop.up({ orders: args });
      assert.match(failureOf(run), /this resource did not create it/);
      assert.equal(count(run.requests, "DeleteCluster"), 0);
    });
  });

  describe("when the name is taken", () => {
    const namesake: WireCreateCluster = {
      name: "orders",
      provider: "AWS",
      spec: { plan: "BASIC", serverless: { regions: ["us-east-1"] } },
    };
    const args = basic({}, { name: "orders" });

    it("names the cluster and the import option, without a POST", async () => {
      const { stack, emulator } = await startLab();
      const { id } = emulator.clusters.create(namesake);
      const run = await stack().up({ orders: args });
      assert.equal(
        failureOf(run),
        `A cluster named "orders" already exists (${id}, plan BASIC, on AWS), and this resource did not create it. To manage it here, add the option {import: "${id}"} to the resource. If this run replaces it (--replace, \`pulumi state taint\`), add the option deleteBeforeReplace: true instead. If an interrupted replacement is still to delete it, first run the update with the former settings. Otherwise choose another name.`,
      );
      assert.deepEqual(writes(run.requests), []);
    });

    it("does so also when the namesake has come since the list was made", async () => {
      const { stack, emulator } = await startLab({ durations: { createBasicMs: 0 } });
      const others: string[] = [];
      const second = new Declaration(
        kinds.Cluster,
        (outputsOf) => {
          const isListed = outputsOf("first")["state"] === "CREATED";
          if (isListed && others.length === 0) others.push(emulator.clusters.create(namesake).id);
          return args;
        },
        ["first"],
      );
      const run = await stack().up({ first: basic({}, { name: "ledger" }), second });
      assert.match(
        failureOf(run),
        new RegExp(`A cluster named "orders" already exists \\(${others[0]}`),
      );
      assert.equal(emulator.clusters.list().length, 2);
    });

    it("does so also when the namesake has failed, which the list leaves out", async () => {
      const { stack, emulator } = await startLab();
      const { id } = emulator.clusters.create(namesake);
      emulator.clusters.failCreation(id);
      const run = await stack().up({ orders: args });
      assert.match(failureOf(run), new RegExp(`A cluster named "orders" already exists \\(${id}`));
    });

    it("passes on a conflict that is about something else", async () => {
      const { stack, emulator } = await startLab();
      emulator.faults.add("CreateCluster", { status: 409, message: "the quota is used up" });
      const run = await stack().up({ orders: args });
      assert.match(
        failureOf(run),
        /^Creating cluster "orders" failed: 409 the quota is used up .*No other cluster of this name was found/,
      );
    });

    it("does not mind a namesake that is deleted", async () => {
      const { stack, emulator } = await startLab();
      emulator.clusters.delete(emulator.clusters.create(namesake).id);
      assertDone(await stack().up({ orders: args }));
    });
  });
});

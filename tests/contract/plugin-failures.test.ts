// What Pulumi's own dynamic provider makes of failures, and how its process ends.

import assert from "node:assert/strict";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { advanced, basic, cloud, mark, nowhere, pluginOf } from "./emulated-plugin";
import { assertReadable, failureOf } from "./expectations";
import type { Properties } from "./plugin-client";
import { clusterText, OperationError, urn } from "./plugin-client";
import { closePlugins, startPlugin } from "./plugin-process";
import { askedIn } from "./secrets";

describe("The plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  describe("failures", () => {
    const operations = {
      create: ["ListClusters", "CreateCluster", "GetCluster", "UpdateCluster"],
      read: ["ListClusters"],
      update: ["UpdateCluster"],
      delete: ["DeleteCluster"],
    } as const;
    const permanent = [
      { status: 400 },
      { status: 401 },
      { status: 403 },
      { status: 404 },
      { status: 409 },
      { status: 418, body: "<html><h1>teapot</h1></html>" },
      { status: 400, body: "" },
    ];

    for (const [operation, calls] of Object.entries(operations)) {
      for (const call of calls) {
        it(`of ${call} reach the engine as one readable line of ${operation}`, async () => {
          const emulator = await cloud();
          const plugin = await pluginOf(emulator);
          const relabelled = basic({ name: "existing-one", labels: { a: "b" } });
          // A create reads the list only once, so there must not have been another one.
          const existing =
            operation === "create"
              ? { id: nowhere, outs: {} }
              : await plugin.create(basic({ name: "existing-one", __mark: "other" }));
          const attempt = {
            create: (index: number) =>
              plugin.create(basic({ name: `basic-test-${index}`, __mark: `mark-${index}` })),
            read: () => plugin.read(existing.id, existing.outs),
            update: () => plugin.update(existing.id, existing.outs, relabelled),
            delete: () => plugin.delete(existing.id, existing.outs),
          };
          for (const [index, fault] of permanent.entries()) {
            // What is not there is as good as deleted.
            if (operation === "delete" && fault.status === 404) continue;
            emulator.faults.clear();
            emulator.faults.add(call, { ...fault, times: Number.POSITIVE_INFINITY });
            const error = await failureOf(attempt[operation as keyof typeof operations](index));
            const lines = error.partial?.reasons ?? [error.message];
            for (const line of lines) assertReadable(line, emulator.apiKey);
            if (operation === "create") {
              const isAccepted = call === "GetCluster" || call === "UpdateCluster";
              assert.equal(error.partial !== undefined, isAccepted, lines[0]);
            }
          }
          assert.doesNotMatch(plugin.stderr(), /\n\s+at /);
        });
      }
    }

    it("of a connection that always breaks end at the deadline with the address and the cause", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      emulator.faults.add("*", { reset: "before-effect", times: Number.POSITIVE_INFINITY });
      const __timeouts = { create: "3s", update: "3s", delete: "3s" };
      const labelled = { ...basic({ labels: { a: "b" } }), __provider: clusterText };
      const attempts = [
        () => plugin.create(basic({ __timeouts })),
        () => plugin.update(nowhere, labelled, basic({ labels: {}, __timeouts })),
        () => plugin.delete(nowhere, basic({ __timeouts })),
      ];
      for (const attempt of attempts) {
        emulator.requests.clear();
        const error = await failureOf(attempt());
        assertReadable(error.message, emulator.apiKey);
        assert.match(error.message, /127\.0\.0\.1:\d+.*(socket hang up|ECONNRESET)/);
        assert.equal(error.partial, undefined);
        assert.ok(emulator.requests.length > 1, "it is tried again");
      }
    });

    it("carry id, properties and reasons into state once the API has accepted the cluster", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      emulator.faults.failNextCreation();
      const { partial, message } = await failureOf(plugin.create(basic({ labels: { a: "b" } })));
      assert.ok(partial);
      assert.equal(partial.id, emulator.clusters.list()[0]?.id);
      assert.equal(partial.providerText, clusterText);
      assert.deepEqual(partial.reasons, [message]);
      assert.match(message, /CREATION_FAILED/);
      assert.equal(partial.properties["state"], "CREATION_FAILED");
      assert.deepEqual(partial.properties["labels"], { a: "b" });
      assert.equal(partial.properties["__urn"], urn);
      assert.equal(partial.properties["__mark"], mark);

      const stored = { ...partial.properties, __provider: clusterText };
      const change = await plugin.diff(partial.id, stored, basic({ labels: { a: "b" } }));
      assert.deepEqual([change.changes, change.replaces], ["some", ["state"]]);
      await plugin.delete(partial.id, stored);
      assert.equal(emulator.clusters.get(partial.id).state, "DELETED");
    });

    it("of an update keep what has been done and the arguments of before", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(advanced());
      emulator.faults.failNextJob();
      const dedicated = advanced()["dedicated"] as Properties;
      const news = advanced({
        labels: { a: "b" },
        dedicated: { ...dedicated, regionNodes: { "us-east-1": 4 } },
      });
      const { partial } = await failureOf(plugin.update(id, outs, news));
      assert.ok(partial);
      assert.match(partial.reasons[0] ?? "", /CRDB_SCALE_FAILED/);
      assert.deepEqual(partial.properties["labels"], { a: "b" });
      assert.deepEqual(askedIn(partial.properties), askedIn(outs));
      assert.equal(partial.providerText, clusterText);
    });

    it("never show the key, not even when the API sends it back", async () => {
      const secret = "CCDB1_canary0000000000000000_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4n4ry";
      const emulator = await startTestEmulator({
        organizations: [{ apiKeys: [{ secret }] }],
      });
      const plugin = await pluginOf(emulator);
      const message = `the key ${secret} is not known`;
      const responses: unknown[] = [];
      const stored = { ...basic(), __provider: clusterText };
      emulator.faults.add("*", { status: 401, message, times: 2 });
      responses.push((await failureOf(plugin.create(basic()))).message);
      responses.push((await failureOf(plugin.read(nowhere, stored))).message);
      emulator.faults.clear();
      responses.push(await plugin.create(basic()), await plugin.read(nowhere, stored));
      assert.match(String(responses[0]), /401/);
      const everything = JSON.stringify([
        responses,
        plugin.messages,
        plugin.stdout(),
        plugin.stderr(),
      ]);
      assert.ok(!everything.includes(secret), everything);
      assert.ok(!everything.includes(secret.slice(-40)), everything);
    });

    it("of an argument of 5 MB are a check failure that stays short", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      const { failures } = await plugin.check(basic({ labels: { big: "x".repeat(5_000_000) } }));
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["labels.big"],
      );
      assert.ok((failures[0]?.reason.length ?? 0) < 200);
    });

    it("of a hundred thousand wrong labels are a check failure that stays short", async () => {
      const plugin = await startPlugin();
      await plugin.configure();
      const labels = Object.fromEntries(
        Array.from({ length: 100_000 }, (_, index) => [`Key ${index}`, "A value".repeat(5)]),
      );
      const { failures } = await plugin.check(basic({ labels }));
      assert.ok(
        failures.some(({ reason }) => reason === "must be at most 50, and there are 100000."),
      );
      assert.ok(failures.length < 200, `${failures.length} failures`);
    });
  });

  describe("the end", () => {
    it("comes within moments of a Cancel, with the id of the cluster in the response", async () => {
      const emulator = await cloud(1);
      const plugin = await pluginOf(emulator);
      const creation = plugin.create(advanced()).catch((error: unknown) => error);
      await plugin.reported(/CREATING/);
      await plugin.cancel();
      const error = await creation;
      assert.ok(error instanceof OperationError);
      const [cluster] = emulator.clusters.list();
      assert.equal(error.partial?.id, cluster?.id);
      assert.match(
        error.message,
        /^Stopped waiting for the cluster to be ready: .* the next update resumes the wait\.$/,
      );

      assert.ok(cluster);
      emulator.clusters.finish(cluster.id);
      const next = await pluginOf(emulator);
      const stored = { ...error.partial?.properties, __provider: clusterText };
      assert.equal((await next.diff(cluster.id, stored, advanced())).changes, "some");
      const resumed = await next.update(cluster.id, stored, advanced());
      assert.deepEqual([resumed["state"], resumed["labels"]], ["CREATED", {}]);
      assert.deepEqual(emulator.clusters.get(cluster.id).labels, {});
      assert.equal(emulator.clusters.list().length, 1);
    });

    it("is not brought about by a Cancel when nothing is in flight", async () => {
      const emulator = await cloud();
      const plugin = await pluginOf(emulator);
      const { id, outs } = await plugin.create(basic());
      await plugin.cancel();
      assert.deepEqual((await plugin.check(basic())).failures, []);
      assert.equal((await plugin.diff(id, outs, basic())).changes, "none");
      assert.equal(plugin.process.exitCode, null);
      assert.equal(plugin.stderr(), "");
    });

    it("comes when the standard input ends, because the command line is deleted then", async () => {
      const emulator = await cloud(1);
      const plugin = await pluginOf(emulator);
      const creation = plugin.create(advanced()).catch((error: unknown) => error);
      await plugin.reported(/CREATING/);
      plugin.process.stdin?.end();
      assert.deepEqual(await plugin.ended, { code: 0, signal: null });
      assert.ok((await creation) instanceof Error);
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`comes with ${signal}, at once and as an exit`, async () => {
        const plugin = await startPlugin();
        await plugin.configure();
        await plugin.check(basic());
        plugin.process.kill(signal);
        assert.deepEqual(await plugin.ended, { code: 0, signal: null });
      });
    }
  });
});

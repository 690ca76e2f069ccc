// The functions that find clusters, on the emulator.

import assert from "node:assert/strict";
import * as cockroachdb from "../../../provider/functions/index";
import type { NotFoundError } from "../../../sdk";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import { held, labForEachTest, missingId, startLab } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("of clusters", () => {
    it("find one by its id, with the outputs of a Cluster", async () => {
      const wire = lab.basic("orders", { labels: { team: "payments" } });
      const cluster = await cockroachdb.getCluster({ id: wire.id });
      const { regions, createdAt, updatedAt, creatorId, cockroachVersion, ...rest } = cluster;
      assert.deepEqual(rest, {
        id: wire.id,
        name: "orders",
        cloudProvider: "GCP",
        plan: "BASIC",
        deleteProtection: false,
        labels: { team: "payments" },
        parentId: "root",
        serverless: {
          regions: ["us-central1"],
          primaryRegion: "us-central1",
          upgradeType: "AUTOMATIC",
          cockroachVersion: /^v\d+\.\d+/.exec(cockroachVersion)?.[0],
        },
        state: "CREATED",
        operationStatus: wire.operation_status,
        sqlDns: wire.sql_dns,
        routingId: "serverless" in wire.config ? wire.config.serverless.routing_id : undefined,
        accountId: "",
        upgradeStatus: wire.upgrade_status,
        egressTrafficPolicy: rest.egressTrafficPolicy,
        azureClusterIdentityClientId: "",
      });
      assert.equal(regions[0]?.sqlDns, wire.regions[0]?.sql_dns);
      assert.ok(Date.parse(createdAt) && Date.parse(updatedAt ?? "") && creatorId);
      assert.deepEqual(lab.paths(), [`GET /api/v1/clusters/${wire.id}`]);
    });

    it("find one by its name", async () => {
      lab.basic("others");
      const { id } = lab.advanced("archive");
      const cluster = await cockroachdb.getCluster({ name: "archive" });
      assert.equal(cluster.id, id);
      assert.deepEqual(cluster.dedicated?.regionNodes, { "us-east-1": 3 });
      assert.equal(cluster.serverless, undefined);
    });

    it("take null, and no arguments at all, for what is left out", async () => {
      const { id } = lab.basic("orders");
      const none = null as never;
      assert.equal((await cockroachdb.getCluster({ id, name: none })).id, id);
      assert.equal((await held(cockroachdb.getClusterOutput({ id, name: none }))).id, id);
      assert.equal((await cockroachdb.listClusters({ showInactive: none })).length, 1);
      assert.equal((await cockroachdb.listClusters(none)).length, 1);
      assert.equal((await held(cockroachdb.listClustersOutput(none))).length, 1);
      assert.deepEqual(
        await cockroachdb.listAuditLogs({ startingFrom: none, until: none, limit: none }),
        await cockroachdb.listAuditLogs(),
      );
      await assert.rejects(cockroachdb.getCluster(none), /getCluster needs either id or name/);
    });

    it("find one behind the first page", async () => {
      const names = Array.from({ length: 502 }, (_, index) => `cluster-${index}`);
      for (const name of names) lab.basic(name);
      const all = await cockroachdb.listClusters();
      assert.deepEqual(all.map(({ name }) => name).sort(), names.sort());
      const last = all.at(-1)?.name ?? "";
      assert.equal((await cockroachdb.getCluster({ name: last })).name, last);
    }).timeout(30_000);

    it("never show the label of a creation that is not finished", async () => {
      const { id } = lab.basic("orders", {
        labels: { "pulumi-creating": "a-b", team: "payments" },
      });
      assert.deepEqual((await cockroachdb.getCluster({ id })).labels, { team: "payments" });
    });

    it("say what was searched for when there is none", async () => {
      lab.basic("orders");
      await assert.rejects(cockroachdb.getCluster({ name: "order" }), (error: Error) => {
        assert.ok(isNotFound(error));
        const { status, method, path, object, effect, isRetryable, name } = error as NotFoundError;
        assert.deepEqual(
          { status, method, path, object, effect, isRetryable, name },
          {
            status: 404,
            method: "GET",
            path: "/api/v1/clusters",
            object: 'cluster "order"',
            effect: "none",
            isRetryable: false,
            name: "NotFoundError",
          },
        );
        assert.equal(
          error.message,
          'Looking up cluster "order" failed: the only cluster that this credential can see has another name. Failed and deleted clusters do not count.',
        );
        return true;
      });
      await assert.rejects(cockroachdb.getCluster({ id: missingId }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.match(error.message, new RegExp(`^Reading cluster ${missingId} failed: 404`));
        return true;
      });
    });

    it("do not find a deleted one", async () => {
      const { id } = lab.basic("orders");
      lab.emulator.clusters.delete(id);
      await assert.rejects(cockroachdb.getCluster({ id }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.match(error.message, /cluster "orders" was deleted on \d{4}-/);
        return true;
      });
      await assert.rejects(cockroachdb.getCluster({ name: "orders" }), isNotFound);
    });

    it("do not choose among several of the same name", async () => {
      const twins = await startLab({ assumptions: { allowDuplicateNames: true } });
      const ids = [twins.basic("orders").id, twins.basic("orders").id];
      await assert.rejects(cockroachdb.getCluster({ name: "orders" }), (error: Error) => {
        assert.match(error.message, /2 clusters have the name\. Give the id of one of them: /);
        for (const id of ids) assert.ok(error.message.includes(id));
        return true;
      });
      twins.restoreEnvironment();
    });

    it("want exactly one of id and name", async () => {
      const message = "getCluster needs either id or name, and not both.";
      await assert.rejects(cockroachdb.getCluster({}), { message });
      await assert.rejects(cockroachdb.getCluster({ id: "a", name: "b" }), { message });
      await assert.rejects(cockroachdb.getCluster({ name: "" }), {
        message: "getCluster needs name, a cluster's name.",
      });
      await assert.rejects(cockroachdb.getCluster({ id: "" }), {
        message: "getCluster needs id, the id of a cluster.",
      });
      assert.deepEqual(lab.paths(), []);
    });

    it("list all, and inactive ones when asked", async () => {
      const { id } = lab.basic("orders");
      lab.basic("ledger");
      lab.emulator.clusters.delete(id);
      const names = async (args?: cockroachdb.ListClustersArgs) =>
        (await cockroachdb.listClusters(args)).map(({ name, state }) => `${name} ${state}`).sort();
      assert.deepEqual(await names(), ["ledger CREATED"]);
      assert.deepEqual(await names({ showInactive: false }), ["ledger CREATED"]);
      const all = await names({ showInactive: true });
      assert.deepEqual(all, ["ledger CREATED", "orders DELETED"]);
      const [deleted] = (await cockroachdb.listClusters({ showInactive: true })).filter(
        ({ state }) => state === "DELETED",
      );
      assert.ok(Date.parse(deleted?.deletedAt ?? ""));
    });

    it("share one list when many ask at the same time", async () => {
      const wires = Array.from({ length: 40 }, (_, index) => lab.basic(`cluster-${index}`));
      const byName = await Promise.all(wires.map(({ name }) => cockroachdb.getCluster({ name })));
      assert.deepEqual(
        byName.map(({ id }) => id),
        wires.map(({ id }) => id),
      );
      assert.deepEqual(lab.paths().length, 1);
      await Promise.all(wires.map(({ id }) => cockroachdb.getCluster({ id })));
      assert.ok(lab.paths().length <= 3, `${lab.paths().length - 1} requests for 40 ids`);
    });

    it("share none when they ask one after another by id, and none that is known to be deleted", async () => {
      const { id } = lab.basic("orders");
      for (let n = 0; n < 3; n += 1) await cockroachdb.getCluster({ id });
      await assert.rejects(cockroachdb.getCluster({ id: missingId }), isNotFound);
      await cockroachdb.getCluster({ id });
      const one = `GET /api/v1/clusters/${id}`;
      assert.deepEqual(lab.paths(), [one, one, one, `GET /api/v1/clusters/${missingId}`, one]);
    });

    it("find among many what a list leaves out", async () => {
      const living = [lab.basic("orders"), lab.basic("ledger")].map(({ id }) => id);
      const { id: former } = lab.basic("former");
      lab.emulator.clusters.delete(former);
      const found = await Promise.allSettled(
        [...living, former, missingId].map((id) => cockroachdb.getCluster({ id })),
      );
      const [, , deleted, unheardOf] = found.map((one) =>
        one.status === "fulfilled" ? one.value.id : String(one.reason),
      );
      assert.deepEqual(
        found.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : [])),
        living,
      );
      assert.match(deleted ?? "", /cluster "former" was deleted on \d{4}-/);
      assert.match(
        unheardOf ?? "",
        new RegExp(`^NotFoundError: Reading cluster ${missingId} failed: 404`),
      );
    });

    it("ask again for who comes while a list is under way", async () => {
      lab.basic("orders");
      const first = cockroachdb.listClusters();
      while (lab.paths().length === 0) await new Promise((resolve) => setImmediate(resolve));
      lab.basic("ledger");
      const others = [cockroachdb.listClusters(), cockroachdb.listClusters()];
      await first;
      for (const list of await Promise.all(others)) assert.equal(list.length, 2);
      assert.equal(lab.paths().length, 2);
    });

    it("never response from before the question", async () => {
      const { id } = lab.basic("orders");
      const label = async () => (await cockroachdb.getCluster({ name: "orders" })).labels["n"];
      for (const n of ["1", "2", "3"]) {
        lab.emulator.clusters.edit(id, { labels: { n } });
        assert.equal(await label(), n);
      }
    });

    it("try again after a list that failed", async () => {
      lab.basic("orders");
      lab.emulator.faults.add("ListClusters", { status: 403, body: "no" });
      const both = await Promise.allSettled([
        cockroachdb.getCluster({ name: "orders" }),
        cockroachdb.listClusters(),
      ]);
      assert.deepEqual(
        both.map(({ status }) => status),
        ["rejected", "rejected"],
      );
      assert.equal((await cockroachdb.listClusters()).length, 1);
    });
  });

  it("get the root certificate of a cluster without showing the key", async () => {
    const { id } = lab.advanced("archive");
    const { pem, certificates } = await cockroachdb.getClusterCert({ clusterId: id });
    const subject = `O=Cockroach, CN=Cockroach Cloud CA ${id}`;
    assert.match(pem, /^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+\n-----END CERTIFICATE-----\n$/);
    assert.deepEqual(
      certificates.map(({ notAfter: _notAfter, fingerprint256: _fingerprint, ...names }) => names),
      [{ subject, issuer: subject }],
    );
    assert.match(certificates[0]?.notAfter ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(certificates[0]?.fingerprint256 ?? "", /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const [request, ...others] = lab.emulator.requests;
    assert.deepEqual([request?.path, others.length], [`/clusters/${id}/cert`, 0]);
    assert.equal("authorization" in (request?.headers ?? {}), false);
    await assert.rejects(cockroachdb.getClusterCert({ clusterId: missingId }), {
      message: `Getting the root certificate of cluster ${missingId} failed: 404 Not Found (not a response of the API). Check the id; a cluster that is still being created may have no certificate yet.`,
    });
    await assert.rejects(cockroachdb.getClusterCert({} as never), {
      message: "getClusterCert needs clusterId, the id of a cluster.",
    });
  });
});

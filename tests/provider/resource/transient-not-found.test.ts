import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { Declaration } from "../../support/engine-model/program";
import type { StackOptions } from "../../support/engine-model/provider-process";
import { count } from "../../support/engine-model/requests";
import { assertDone, failureOf } from "../../support/engine-model/run";
import { kinds, partArguments } from "../../support/kinds";
import { pluginDoor } from "../../support/plugin-door";

const notFound = { status: 404, message: "not found" };

type PartType = keyof typeof partArguments;

const lists: [PartType, string, empty: object][] = [
  ["SqlUser", "ListSQLUsers", { users: [] }],
  ["Database", "ListDatabases", { databases: [] }],
  ["AllowlistEntry", "ListAllowlistEntries", { allowlist: [], propagating: false }],
];

const doors: [string, StackOptions][] = [
  ["the classes", {}],
  ["the plugin", { plugin: pluginDoor }],
];

/** A program with a part of a cluster that the stack does not manage. */
async function onCluster(type: PartType, more: object = {}, options: StackOptions = {}) {
  const lab = await startLab();
  const { id: clusterId } = lab.emulator.clusters.create({
    name: "orders",
    provider: "AWS",
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { "us-east-1": 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 35 },
        network_visibility: "PRIVATE",
      },
    },
  });
  const shop = lab.stack(options);
  const program = {
    part: new Declaration(kinds[type], { ...partArguments[type].first, ...more, clusterId }),
  };
  return { lab: { ...lab, clusterId }, shop, program };
}

async function withPart(type: PartType, more: object = {}) {
  const stage = await onCluster(type, more);
  assertDone(await stage.shop.up(stage.program));
  return stage;
}

describe("A stray 404", () => {
  checkEmulators();

  it("to the deletion of a cluster is not believed, so that the cluster is not lost", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up({ orders: basic() }));
    emulator.faults.add("DeleteCluster", notFound);
    assert.match(failureOf(await shop.destroy()), /404 not found.*The cluster is still there/);
    assert.equal(shop.resources.size, 1);
    assertDone(await shop.destroy());
    assert.deepEqual(
      emulator.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  });

  for (const [type, operation] of lists) {
    it(`to every ${operation} of a refresh does not take the ${type} out of the state`, async () => {
      const { lab, shop, program } = await withPart(type);
      lab.emulator.faults.add(operation, { ...notFound, times: 100 });
      assert.match(failureOf(await shop.refresh()), /404 not found/);
      assert.deepEqual((await shop.up(program)).steps, ["same part"]);
    });
  }

  for (const [what, args] of [
    ["first", basic()],
    ["Advanced", advanced()],
  ] as const) {
    it(`to the first polls after the POST of the ${what} cluster does not end the wait`, async () => {
      const { emulator, stack } = await startLab();
      const shop = stack();
      emulator.faults.add("GetCluster", { ...notFound, times: 4 });
      assertDone(await shop.up({ orders: args }));
      assert.equal(shop.outputs()["state"], "CREATED");
      assert.equal(emulator.clusters.list().length, 1);
    });
  }

  it("to polls of many clusters that a list does not show yet does not end a wait", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    emulator.faults.add("ListClusters", { status: 200, body: { clusters: [] }, nth: 2, times: 3 });
    emulator.faults.add("GetCluster", { ...notFound, times: 6 });
    assertDone(await shop.up({ orders: basic(), store: basic() }));
    assert.equal(emulator.clusters.list().length, 2);
  });

  it("that lasts is believed after a quarter of a minute, and reports the deletion", async () => {
    const { emulator, stack } = await startLab();
    emulator.faults.add("GetCluster", { ...notFound, times: 100 });
    const run = await stack().up({ orders: basic() });
    assert.match(failureOf(run), /^Cluster .* was deleted/);
    assert.ok(run.elapsedMs >= 15_000 && run.elapsedMs < 20_000, `${run.elapsedMs}`);
  });

  it("ends at the time-out with the sentence of a wait", async () => {
    const { emulator, stack } = await startLab();
    emulator.faults.add("GetCluster", { ...notFound, times: 100 });
    const options = { orders: { customTimeouts: { create: "10s" } } };
    const run = await stack().up({ orders: basic() }, { options });
    assert.match(failureOf(run), /^Timed out waiting for the cluster to be ready/);
    assert.ok(run.elapsedMs < 11_000, `${run.elapsedMs}`);
  });

  it("to a change of a cluster, or to the wait for it, is not believed", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up({ orders: basic() }));
    emulator.faults.add("UpdateCluster", notFound);
    emulator.faults.add("GetCluster", { ...notFound, times: 2 });
    assertDone(await shop.up({ orders: standard() }));
    assert.equal(emulator.clusters.get(shop.resource().id).plan, "STANDARD");
  });

  it("to the wait for a deletion is not believed, so that the name is free at its end", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up({ orders: basic() }));
    emulator.faults.holdNextDelete(60_000);
    emulator.faults.add("GetCluster", { ...notFound, times: 2 });
    assertDone(await shop.destroy());
    assert.deepEqual(
      emulator.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  });

  it("while an allowlist entry propagates does not end the wait", async () => {
    const { lab, shop, program } = await onCluster("AllowlistEntry");
    lab.emulator.faults.add("ListAllowlistEntries", { ...notFound, times: 2 });
    assertDone(await shop.up(program));
    lab.emulator.faults.add("ListAllowlistEntries", { ...notFound, times: 2 });
    assertDone(await shop.destroy());
    assert.deepEqual(lab.emulator.allowlist.list(lab.clusterId), []);
  });

  for (const nth of [1, 2]) {
    it(`to poll ${nth} of encryption keys that are being enabled or rotated does not end the wait`, async () => {
      const { lab, shop, program } = await onCluster("CmekConfig");
      lab.emulator.faults.add("GetCMEKClusterInfo", { ...notFound, nth, times: 2 });
      assertDone(await shop.up(program));
      lab.emulator.faults.add("GetCMEKClusterInfo", { ...notFound, nth, times: 2 });
      const { second } = partArguments.CmekConfig;
      const changed = { ...second, clusterId: lab.clusterId };
      assertDone(await shop.up({ part: new Declaration(kinds.CmekConfig, changed) }));
      assert.equal(shop.outputs("part")["status"], "ENABLED");
    });
  }

  it("does not pass for keys that are revoked", async () => {
    const { lab, shop } = await withPart("CmekConfig", { revokeOnDelete: true });
    lab.emulator.faults.add("GetCMEKClusterInfo", notFound);
    assertDone(await shop.destroy());
    assert.equal(lab.emulator.cmek.get(lab.clusterId).status, "REVOKED");
  });
});

describe("A list without objects that exist", () => {
  checkEmulators();

  const manyUsers = Array.from({ length: 40 }, (_, index) => `user-${index}`);

  for (const [door, options] of doors) {
    for (const [type, operation, empty] of lists) {
      it(`takes the ${type} out of the state of ${door} only when a second list lacks it too`, async () => {
        const { lab, shop, program } = await onCluster(type, {}, options);
        assertDone(await shop.up(program));
        lab.emulator.faults.add(operation, { status: 200, body: empty });
        const run = assertDone(await shop.refresh());
        assert.deepEqual([run.steps, count(run.requests, operation)], [["same part"], 2]);
        assert.deepEqual((await shop.up(program)).steps, ["same part"]);
        lab.emulator.faults.add(operation, { status: 200, body: empty, times: 2 });
        assert.deepEqual(assertDone(await shop.refresh()).steps, ["delete part"]);
      });
    }

    it(`is compared with one further list for all SQL users of a stack of ${door}`, async () => {
      const { lab, shop } = await onCluster("SqlUser", {}, options);
      const user = (name: string) =>
        new Declaration(kinds.SqlUser, { name, clusterId: lab.clusterId });
      const program = Object.fromEntries(manyUsers.map((name) => [name, user(name)]));
      assertDone(await shop.up(program));
      const { "user-0": kept, ...others } = program;
      assert.ok(kept);
      for (const name of Object.keys(others)) lab.emulator.sqlUsers.remove(lab.clusterId, name);
      await lab.time.sleep(60_000);
      const run = assertDone(await shop.refresh());
      assert.deepEqual([...shop.resources.keys()], ["user-0"]);
      assert.equal(count(run.requests, "ListSQLUsers"), 2);
    });
  }
});

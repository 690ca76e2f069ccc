// Whether a part of a cluster may be deleted, of every kind: not when its cluster goes too and is protected.
import { strict as assert } from "node:assert";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { advanced, basic } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { Declaration } from "../../support/engine-model/program";
import { writes } from "../../support/engine-model/requests";
import type { Run } from "../../support/engine-model/run";
import { assertDone, failureOf } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { kinds, partArguments, partOf } from "../../support/kinds";

describe("Deleting a part of a cluster", () => {
  checkEmulators();

  let lab: Lab;
  let stack: Stack;
  beforeEach(async () => {
    lab = await startLab();
    stack = lab.stack();
  });

  async function made(program: Program): Promise<string> {
    assertDone(await stack.up(program));
    return stack.resource("orders").id;
  }

  const users = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, partOf("orders", "SqlUser", { name })]));
  const orders = basic({}, { name: "orders", deleteProtection: true });

  it("is refused at length once for a cluster, and in short for its other parts", async () => {
    const id = await made({ orders, ...users("a", "b", "c") });
    const { failures, requests } = await stack.destroy();
    const short = `Not deleted: delete protection of cluster "orders" (${id}) is on. To delete it with the cluster, first run \`pulumi up\` with deleteProtection: false.`;
    assert.equal(failures.length, 3);
    assert.deepEqual(failures.slice(1), [short, short]);
    assert.deepEqual(
      requests.map(({ operation }) => operation),
      ["ListClusters"],
      "one list for all",
    );
  });

  it("goes on for a cluster of another stack, which this one cannot delete", async () => {
    const id = await made({ orders });
    const other = lab.stack({ name: "other" });
    const app = new Declaration(kinds.SqlUser, { clusterId: id, name: "app" });
    assertDone(await other.up({ app }));
    assertDone(await other.destroy());
    assert.deepEqual(lab.emulator.sqlUsers.list(id), []);
  });

  it("is refused for a part that does not know its cluster when a diff replaces the cluster", async () => {
    const open = basic({}, { name: "orders" });
    const app = new Declaration(
      kinds.SqlUser,
      (outputsOf) => ({ clusterId: outputsOf("orders")["id"], name: "app" }),
      ["orders"],
      { deleteBeforeReplace: true },
    );
    const id = await made({ orders: open, app });
    lab.emulator.clusters.edit(id, { deleteProtection: "ENABLED" });
    const run = await stack.up({ orders: { ...open, name: "other-name" }, app });
    assert.match(run.failures.join(), /delete protection of cluster "orders"/);
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual(lab.emulator.sqlUsers.list(id), ["app"]);
  });

  it("is warned of where the program names a protected cluster by a text, and before it declares it", async () => {
    const id = await made({ orders });
    const ledger = new Declaration(kinds.Database, { clusterId: id, name: "ledger" });
    const warned = async (program: Program) => {
      const { notes } = await stack.preview(program);
      return notes.filter(({ text }) => text.includes("A destroy would delete"));
    };
    assertDone(await stack.up({ ledger, orders }));
    const [warning, ...further] = await warned({ ledger, orders });
    assert.deepEqual(further, []);
    assert.equal(warning?.name, "orders");
    assert.match(
      warning?.text ?? "",
      /^Cluster "orders": A destroy would delete "ledger" although/,
    );
    assert.deepEqual(await warned({ orders, ledger }), [], "declared first");
    const open = { ...orders, deleteProtection: false };
    assertDone(await stack.up({ ledger, orders: open }));
    assert.deepEqual(await warned({ ledger, orders: open }), [], "not protected");
  });

  it("is reported when it is done, and not before by each part when the run replaces the cluster", async () => {
    const parts = Object.entries(partArguments).map(([type, { first }]) => [
      type,
      partOf("orders", type as ResourceType, first),
    ]);
    const programOn = (cloudAccount: object): Program => ({
      orders: advanced({ networkVisibility: "PRIVATE", ...cloudAccount }),
      ...Object.fromEntries(parts),
    });
    assertDone(await stack.up(programOn({})));
    const former = stack.resource("orders").id;
    const run = await stack.up(programOn({ supportsClusterVirtualization: true }));
    assert.notEqual(stack.resource("orders").id, former);
    const warned = run.notes
      .filter(({ severity, text }) => severity === "warning" && text.includes(former))
      .map(({ name }) => name);
    assert.deepEqual(warned.sort(), [
      "ClientCaCert",
      "CmekConfig",
      "Database",
      "EgressTrafficPolicy",
      "PrivateEndpointTrustedOwner",
    ]);
  }).timeout(60_000);

  it("goes on when the cluster is deleted already", async () => {
    lab.emulator.clusters.delete(await made({ orders, ...users("a") }));
    assertDone(await stack.destroy());
    assert.equal(stack.resources.size, 0);
  });

  it("is a success also when nobody can see whether its cluster is deleted", async () => {
    const id = await made({ orders });
    const other = lab.stack({ name: "other" });
    const app = new Declaration(kinds.SqlUser, { clusterId: id, name: "app" });
    assertDone(await other.up({ app }));
    lab.emulator.clusters.forget(id);
    lab.emulator.faults.add("ListClusters", { status: 403, message: "no", times: 9 });
    const run = assertDone(await other.destroy());
    assert.ok(run.requests.some(({ operation }) => operation === "ListClusters"));
  });

  for (const [type, args] of [
    ["BackupConfiguration", { frequencyMinutes: 5 }],
    ["PrivateEndpointServices", {}],
  ] as const) {
    it(`of the kind ${type} is warned of, which deletes nothing, unless its cluster goes too`, async () => {
      const cluster = advanced({ networkVisibility: "PRIVATE" });
      const part = partOf("orders", type, args);
      const warned = ({ notes }: Run) => notes.filter(({ severity }) => severity === "warning");
      assertDone(await stack.up({ orders: cluster, part }));
      assert.match(
        warned(assertDone(await stack.up({ orders: cluster })))[0]?.text ?? "",
        / stay (until the cluster|as they are)/,
      );
      assertDone(await stack.up({ orders: cluster, part }));
      assert.deepEqual(warned(assertDone(await stack.destroy())), []);
    });
  }

  it("goes on when the cluster failed to be created, which takes no request but its own deletion", async () => {
    lab.emulator.clusters.failCreation(await made({ orders, ...users("a") }));
    assertDone(await stack.destroy());
    assert.equal(stack.resources.size, 0);
  });

  it("is no success when nobody can see whether the cluster is protected", async () => {
    await made({ orders: basic({}, { name: "orders" }), ...users("a") });
    lab.emulator.faults.add("ListClusters", { status: 401, message: "invalid API key" });
    const run = await stack.destroy();
    assert.match(failureOf(run), /401/);
    assert.deepEqual([...stack.resources.keys()], ["orders", "a"]);
  });
});

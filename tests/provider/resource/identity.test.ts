// What the preview knows of an object's identity without a request: the form of an id, and what two resources share.

import assert from "node:assert/strict";
import { resources } from "../../../provider/resource/registry";
import { allResourceTypes, clusterArgumentsOf } from "../../../provider/resource/resource-types";
import { casesOf, placeOf } from "../../conformance/resource-cases";
import { declared } from "../../conformance/world";
import { advanced } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { Declaration } from "../../support/engine-model/program";
import { assertDone } from "../../support/engine-model/run";
import { unknown } from "../../support/engine-model/values";
import { partOf } from "../../support/kinds";

describe("The identity of a resource", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    it(`of type ${type} is no name: the preview refuses one in the option import`, async () => {
      const { emulator, stack } = await startLab();
      const args = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
      const run = await stack().preview({ it: declared(type, args, { import: "orders" }) });
      const { kind } = resources[type].lifecycle;
      const { idFormat } = resources[type];
      const isUuid = !idFormat.includes(":") && !["ApiKey", "UserRoleGrant"].includes(type);
      const failure = run.failures.join("\n").replace(" id of an ", " id of a ");
      const expected = `"orders" is no id of a ${kind}, which is ${idFormat}${isUuid ? ", a UUID" : ""}. The option import takes the id`;
      assert.ok(failure.includes(expected), failure);
    });
  }

  const known = allResourceTypes.filter((type) => casesOf[type].idOf !== undefined);

  for (const type of known) {
    it(`of type ${type} is refused by the preview where another resource of the program has it`, async () => {
      const { emulator, stack } = await startLab();
      const it = declared(type, { ...placeOf(type, emulator), ...casesOf[type].full[0] });
      const run = await stack().preview({ first: it, second: it });
      assert.equal(run.failures.length, 1);
      assert.match(
        run.failures[0] ?? "",
        /"first".*(remove one of the two|put all roles into one of them)/i,
      );
    });
  }

  // The service accepts a second account of one name; only an interrupted run must not make it.
  const single = allResourceTypes.filter(
    (type) => casesOf[type].existing.outcome === "refused" && type !== "ServiceAccount",
  );

  for (const type of single) {
    it(`of type ${type} that the service accepts only once is refused by the preview where the program has it twice`, async () => {
      const { emulator, stack } = await startLab();
      const it = declared(type, { ...placeOf(type, emulator), ...casesOf[type].full[0] });
      const run = await stack().preview({ first: it, second: it });
      assert.equal(run.failures.length, 1, run.failures.join("\n"));
      assert.match(run.failures[0] ?? "", /"first".*(remove|Remove)/);
    });
  }

  for (const type of single.filter((one) => clusterArgumentsOf(one)[0] === "clusterId")) {
    it(`of type ${type} is known to be that of another one also while the cluster of both is not there yet`, async () => {
      const { stack } = await startLab();
      const of = (cluster: string) => partOf(cluster, type, casesOf[type].full[0]);
      const cluster = advanced({ networkVisibility: "PRIVATE", restrictEgressTraffic: true });
      const two = {
        orders: { ...cluster, name: "orders-1" },
        ledger: { ...cluster, name: "ledger-1" },
      };
      const apart = await stack().preview({ ...two, first: of("orders"), second: of("ledger") });
      assert.deepEqual(apart.failures, []);
      const run = await stack().preview({ ...two, first: of("orders"), second: of("orders") });
      assert.equal(run.failures.length, 1, run.failures.join("\n"));
      assert.match(run.failures[0] ?? "", /"first".*(remove|Remove)/);
    });
  }

  it("says which arguments the service accepts only once", async () => {
    const { stack } = await startLab();
    const folder = (args: object) => declared("Folder", { name: "payments", ...args });
    const { failures } = await stack().preview({
      first: folder({}),
      second: folder({ parentId: "root" }),
    });
    assert.deepEqual(failures, [
      'name: is that of "first" too, and the service refuses a second folder with the same name and parentId. Give one of the two another name, or remove it.',
    ]);
  });

  it("is another one where a name is that of a resource in another place, or of one that has left the name", async () => {
    const { stack } = await startLab();
    const shop = stack();
    const parent = declared("Folder", { name: "parent" });
    const folder = (args: object) => declared("Folder", { name: "payments", ...args });
    const child = new Declaration(
      parent.kind,
      (outputsOf) => ({ name: "payments", parentId: outputsOf("parent")["id"] ?? unknown }),
      ["parent"],
    );
    assertDone(await shop.preview({ parent, first: folder({}), second: child }));
    assertDone(await shop.up({ first: folder({}) }));
    assertDone(await shop.preview({ first: folder({ name: "billing" }), second: folder({}) }));
  });

  it("of a stream is free for another one after a failover", async () => {
    const { emulator, stack } = await startLab();
    const place = placeOf("PhysicalReplicationStream", emulator);
    const stream = (args: object) => declared("PhysicalReplicationStream", { ...place, ...args });
    const back = stream({
      primaryClusterId: place["standbyClusterId"],
      standbyClusterId: place["primaryClusterId"],
    });
    const shop = stack();
    const { failures } = await shop.preview({ there: stream({}), back });
    assert.match(failures.join(), /primaryClusterId: is that of "there" too/);
    assertDone(await shop.up({ there: stream({}) }));
    assertDone(await shop.preview({ there: stream({ failoverImmediately: true }), back }));
  });

  it("that the option import names is refused for a second resource", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    const args = { name: "payments" };
    assertDone(await shop.up({ first: declared("Folder", args) }));
    const { id } = shop.resource("first");
    const again = declared("Folder", { name: "payments" }, { import: id });
    const one = await shop.preview({ first: declared("Folder", args), second: again });
    assert.match(one.failures.join(), new RegExp(`names ${id}, which "first" manages too`));
    const two = await stack({ name: "elsewhere" }).preview({ second: again, third: again });
    assert.match(two.failures.join(), new RegExp(`names ${id}, which "second" manages too`));
    assert.equal(emulator.folders.list().length, 1);
  });
});

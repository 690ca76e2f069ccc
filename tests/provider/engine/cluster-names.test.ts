// Messages about what belongs to a cluster name it, as far as the run has shown its name.
import { strict as assert } from "node:assert";
import { basic } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { assertDone, failureOf } from "../../support/engine-model/run";
import { partOf } from "../../support/kinds";

const office = { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false };

describe("A message about a part of a cluster", () => {
  checkEmulators();

  const program = (name: string): Program => ({
    orders: basic({}, { name }),
    app: partOf("orders", "SqlUser", { name: "app" }),
    office: partOf("orders", "AllowlistEntry", office),
  });

  it("names the cluster that this run has created", async () => {
    const { stack } = await startLab();
    const shop = stack();
    const run = assertDone(await shop.up(program("orders-test")));
    const { id } = shop.resource("orders");
    assert.match(
      run.notes.find(({ name }) => name === "office")?.text ?? "",
      new RegExp(
        `Cluster "orders-test" \\(${id}\\) also allows 0\\.0\\.0\\.0/0.*pulumi up.*pulumi up`,
      ),
    );
  });

  it("names the cluster of which the run has seen the state, in warnings and in errors", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up(program("orders-test")));
    const { id } = shop.resource("orders");
    const preview = await shop.preview({
      ...program("orders-test"),
      app: partOf("orders", "SqlUser", { name: "another" }),
    });
    assert.deepEqual(
      preview.notes.filter(({ severity }) => severity === "warning").map(({ text }) => text),
      [
        `SQL user "app" of cluster "orders-test" (${id}) is deleted, with the rights that SQL has given it, and another one is created.`,
      ],
    );
    emulator.faults.add("AddAllowlistEntry", { status: 403, message: "no" });
    const home = partOf("orders", "AllowlistEntry", { ...office, cidrIp: "198.51.100.0" });
    const failure = failureOf(await shop.up({ ...program("orders-test"), home }));
    assert.ok(failure.includes(`of cluster "orders-test" (${id})`), failure);
  });

  it("does not name a cluster whose name is secret", async () => {
    const { stack } = await startLab();
    const shop = stack();
    const { orders, office } = program("canary-name");
    const run = assertDone(
      await shop.up({ orders: { ...orders, __secrets: [["name"]] }, office } as Program),
    );
    assert.match(
      run.notes.find(({ name }) => name === "office")?.text ?? "",
      new RegExp(`Cluster ${shop.resource("orders").id} also allows`),
    );
    assert.ok(!JSON.stringify([run.notes, run.progress]).includes("canary"));
  });

  it("is not hidden in a replacement by what a creation has to say", async () => {
    const { stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up(program("orders-test")));
    const run = assertDone(await shop.up(program("other-test")));
    const lines = run.notes.filter(({ name }) => name === "orders");
    assert.deepEqual(
      lines.map(({ severity }) => severity),
      ["warning"],
    );
  });
});

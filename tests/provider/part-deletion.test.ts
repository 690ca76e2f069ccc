// Whether a part of a cluster may be deleted, of every kind: not when its cluster goes too and is protected.
import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { isOfCluster, resourceTypes } from "../../provider/resource/resource-types";
import { advanced, basic } from "../support/builders";
import { checkEmulators } from "../support/emulator";
import { kinds, partArguments, partOf } from "../support/kinds";
import type { Lab, Program, Stack } from "../support/shell";
import { assertDone, Declaration, failureOf, startLab, writes } from "../support/shell";

const protectedCluster = advanced(
  { networkVisibility: "PRIVATE" },
  { name: "orders", deleteProtection: true },
);

const partTypes = Object.keys(partArguments) as (keyof typeof partArguments)[];

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

  it("is guarded for every kind of part", () => {
    const all = (Object.keys(resourceTypes) as ResourceType[]).filter(isOfCluster);
    assert.deepEqual([...partTypes].sort(), all.sort());
  });

  for (const type of partTypes) {
    describe(`of the kind ${type}`, () => {
      const part = partOf("orders", type, partArguments[type].first);
      const program = { orders: protectedCluster, part };

      it("is refused in a destroy while the cluster is protected, before anything is sent", async () => {
        const id = await made(program);
        const run = await stack.destroy();
        assert.equal(
          failureOf(run),
          `Nothing is deleted, because delete protection of cluster "orders" (${id}) is on and this run deletes or replaces the cluster too, as far as the provider can see. To delete the cluster with all that belongs to it, first run \`pulumi up\` with deleteProtection: false. To delete only this resource, take it out of the program, leave the cluster in, and run \`pulumi up\` without --target and --exclude; if the two have different providers, first run \`pulumi up\` with the provider of the cluster on both.`,
        );
        assert.deepEqual(writes(run.requests), []);
        assert.deepEqual([...stack.resources.keys()], ["orders", "part"]);
      });

      it("is refused when a forced replacement of the cluster comes first", async () => {
        await made(program);
        const run = await stack.up(program, { replace: ["orders"] });
        assert.match(run.failures.join(), /delete protection of cluster "orders"/);
        assert.deepEqual(writes(run.requests), []);
        assert.deepEqual([...stack.resources.keys()], ["orders", "part"]);
      });

      it("goes on while the cluster stays", async () => {
        await made(program);
        assertDone(await stack.up({ orders: protectedCluster }));
        assert.deepEqual([...stack.resources.keys()], ["orders"]);
      });

      it("goes on when the cluster is not protected", async () => {
        await made({ ...program, orders: { ...protectedCluster, deleteProtection: false } });
        assertDone(await stack.destroy());
        assert.equal(stack.resources.size, 0);
      });
    });
  }

  const users = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, partOf("orders", "SqlUser", { name })]));
  const orders = basic({}, { name: "orders", deleteProtection: true });

  it("is refused at length once for a cluster, and in short for its other parts", async () => {
    const id = await made({ orders, ...users("a", "b", "c") });
    const { failures, requests } = await stack.destroy();
    const short = `Not deleted: delete protection of cluster "orders" (${id}) is on.`;
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

  it("goes on when the cluster is deleted already", async () => {
    lab.emulator.clusters.delete(await made({ orders, ...users("a") }));
    assertDone(await stack.destroy());
    assert.equal(stack.resources.size, 0);
  });

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

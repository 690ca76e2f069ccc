import { strict as assert } from "node:assert";
import { basic } from "../support/builders";
import { checkEmulators } from "../support/emulator";
import { kinds, partArguments } from "../support/kinds";
import { assertDone, Declaration, failureOf, startLab } from "../support/shell";

const notFound = { status: 404, message: "not found" };

type PartType = keyof typeof partArguments;

const deletions: [PartType, string][] = [
  ["SqlUser", "DeleteSQLUser"],
  ["Database", "DeleteDatabase"],
  ["AllowlistEntry", "DeleteAllowlistEntry"],
  ["MaintenanceWindow", "DeleteMaintenanceWindow"],
  ["VersionDeferral", "SetClusterVersionDeferral"],
];

const lists: [PartType, string][] = [
  ["SqlUser", "ListSQLUsers"],
  ["Database", "ListDatabases"],
  ["AllowlistEntry", "ListAllowlistEntries"],
];

/** A part on a cluster that the stack does not manage. */
async function withPart(type: PartType) {
  const lab = await startLab();
  const { id: clusterId } = lab.emulator.clusters.create({
    name: "orders",
    provider: "AWS",
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { "us-east-1": 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 35 },
      },
    },
  });
  const shop = lab.stack();
  const program = {
    part: new Declaration(kinds[type], { ...partArguments[type].first, clusterId }),
  };
  assertDone(await shop.up(program));
  return { lab, shop, program };
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

  for (const [type, operation] of deletions) {
    it(`to the deletion of a ${type} is not believed`, async () => {
      const { lab, shop } = await withPart(type);
      lab.emulator.faults.add(operation, notFound);
      assert.match(failureOf(await shop.destroy()), /404 not found.*It is still there/);
      assert.equal(shop.resources.size, 1);
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    });
  }

  for (const [type, operation] of lists) {
    it(`to the list of a refresh does not take the ${type} out of the state`, async () => {
      const { lab, shop, program } = await withPart(type);
      lab.emulator.faults.add(operation, notFound);
      assert.match(failureOf(await shop.refresh()), /404 not found/);
      assert.equal(shop.resources.size, 1);
      assertDone(await shop.refresh());
      assert.deepEqual((await shop.up(program)).steps, ["same part"]);
    });
  }
});

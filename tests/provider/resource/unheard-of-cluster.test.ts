// A key of another organization: the service responds 404 to everything, which counts as deleted, so that the state
// forgets what exists. A deleted cluster is still found, and that distinguishes the two.
import { strict as assert } from "node:assert";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { clusterArgumentOf } from "../../../provider/resource/resource-types";
import { advanced, basic } from "../../support/builders";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators, environmentFor, startTestEmulator } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { Declaration } from "../../support/engine-model/program";
import type { Run } from "../../support/engine-model/run";
import { assertDone } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { kinds, partArguments, partOf } from "../../support/kinds";

describe("A cluster that the organization of the key has never had", function () {
  this.timeout(60_000);

  checkEmulators();

  let lab: Lab;
  let stack: Stack;
  let id: string;
  const environment: Record<string, string> = {};
  const program: Program = {
    orders: basic({}, { name: "orders-test" }),
    app: partOf("orders", "SqlUser", { name: "app" }),
    ledger: partOf("orders", "Database", { name: "ledger" }),
  };

  const use = (emulator: TestEmulator) => Object.assign(environment, environmentFor(emulator));

  async function useOtherOrganization(): Promise<TestEmulator> {
    const other = await startTestEmulator({ clock: lab.time, rateLimit: { time: "emulator" } });
    lab.trackRequestsTo({ address: `127.0.0.1:${other.port}`, hanging: () => 0 });
    use(other);
    return other;
  }

  beforeEach(async () => {
    lab = await startLab();
    stack = lab.stack({ environment });
    use(lab.emulator);
    assertDone(await stack.up(program));
    id = stack.resource("orders").id;
    await useOtherOrganization();
  });

  const warnings = ({ notes }: Run) => notes.filter(({ severity }) => severity === "warning");

  function assertWarnedOnce(run: Run): void {
    assert.deepEqual(
      warnings(run).map(({ name }) => name),
      ["orders"],
    );
    const [{ text = "" } = {}] = warnings(run);
    assert.match(
      text,
      /^Cluster "orders(-test)?" \(\S+\) is unknown to the organization of this credential/,
    );
    assert.ok(text.includes(id));
    assert.match(text, /What this run asks for of it counts as deleted.*unless this is a preview/);
    assert.match(text, /use the right one.*`pulumi stack import`/);
  }

  it("is no longer in state after a refresh, with one warning for it and all its parts", async () => {
    assertWarnedOnce(await stack.refresh());
    assert.equal(stack.resources.size, 0);
    assert.equal(lab.emulator.clusters.get(id).state, "CREATED");
  });

  it("is no longer in state after a destroy, with one warning for it and all its parts", async () => {
    const run = await stack.destroy();
    assertDone(run);
    assertWarnedOnce(run);
    assert.equal(stack.resources.size, 0);
    assert.equal(lab.emulator.clusters.get(id).state, "CREATED");
  });

  it("is warned of when an update takes a part of it out of the program", async () => {
    const { orders = {}, app = {} } = program;
    const run = await stack.up({ orders, app });
    assertDone(run);
    assertWarnedOnce(run);
  });

  it("is warned of without its name where that is secret", async () => {
    use(lab.emulator);
    const hidden = lab.stack({ name: "hidden", environment });
    const args = basic({}, { name: "canary-name" });
    assertDone(await hidden.up({ orders: { ...args, __secrets: [["name"]] } }));
    await useOtherOrganization();
    const [{ text = "" } = {}] = warnings(await hidden.refresh());
    assert.match(text, /^Cluster "\[redacted\]" \(\S+\) is unknown/);
  });

  it("is warned of on the line of a part, once for all, where the stack has the part alone", async () => {
    use(lab.emulator);
    const parts = lab.stack({ name: "parts", environment });
    const users = ["a", "b"].map(
      (name) => [name, new Declaration(kinds.SqlUser, { clusterId: id, name })] as const,
    );
    assertDone(await parts.up(Object.fromEntries(users)));
    await useOtherOrganization();
    const [warning, ...further] = warnings(await parts.refresh());
    assert.deepEqual(further, []);
    assert.match(warning?.name ?? "", /^[ab]$/);
    assert.ok(warning?.text.startsWith(`Cluster ${id} is unknown`), warning?.text);
  });

  for (const operation of ["refresh", "destroy"] as const) {
    it(`is warned of by the ${operation} of a part of any kind, where that asks the service`, async () => {
      use(lab.emulator);
      const its = lab.stack({ name: "its", environment });
      assertDone(await its.up({ cluster: advanced({ networkVisibility: "PRIVATE" }) }));
      const clusterId = its.resource("cluster").id;
      const types = Object.keys(partArguments) as ResourceType[];
      const stacks = new Map<ResourceType, Stack>();
      for (const type of types) {
        const args = { ...partArguments[type].first, [clusterArgumentOf(type) ?? ""]: clusterId };
        const its = lab.stack({ name: type, environment });
        assertDone(await its.up({ part: new Declaration(kinds[type], args) }));
        stacks.set(type, its);
      }
      const other = await useOtherOrganization();
      for (const [type, its] of stacks) {
        other.requests.clear();
        const run = await its[operation]();
        assertDone(run);
        const lines = run.notes.filter(({ text }) => text.includes("is unknown to the org"));
        assert.equal(lines.length, other.requests.length === 0 ? 0 : 1, type);
        assert.ok(operation === "destroy" || lines.length === 1, type);
      }
    });
  }

  it("is not what a cluster is taken for whose deletion the service has accepted", async () => {
    use(lab.emulator);
    lab.emulator.faults.add("GetCluster", { status: 404, times: Number.POSITIVE_INFINITY });
    lab.emulator.faults.holdNextDelete(60_000);
    const run = assertDone(await stack.destroy());
    assert.ok(run.requests.some(({ operation }) => operation === "GetCluster"));
    assert.ok(!run.notes.some(({ text }) => text.includes("is unknown")));
  });

  it("is not what a deleted cluster is taken for", async () => {
    use(lab.emulator);
    lab.emulator.clusters.delete(id);
    const run = await stack.refresh();
    assert.deepEqual(warnings(run), []);
    assert.equal(stack.resources.size, 0);
    assertDone(await stack.up(program));
    lab.emulator.clusters.delete(stack.resource("orders").id);
    assert.deepEqual(warnings(await stack.destroy()), []);
  });
});

// Clusters whose creation a run has left unfinished, by the plugin and by the classes.

import { strict as assert } from "node:assert";
import { advanced } from "../support/builders";
import { checkEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import type { StackOptions } from "../support/engine-model/provider-process";
import { count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { pluginDoor } from "../support/plugin-door";

const minute = 60_000;
const otherKey = "CCDB1_OtherKeyOtherKeyOther_0123456789012345678901234567890123456789";
const plugin = pluginDoor;

/** The stack as another program finds it. */
function moved({ stack }: Lab, from: Stack, options: StackOptions): Stack {
  const to = stack(options);
  for (const [name, resource] of from.resources) to.resources.set(name, resource);
  return to;
}

const program = () => ({ orders: advanced() });

/** That there is one cluster, which belongs to the stack, is finished, and carries no mark. */
function assertFinished({ emulator }: Lab, stack: Stack): void {
  const [cluster, ...others] = emulator.clusters.list();
  assert.deepEqual(others, []);
  assert.equal(stack.resource("orders").id, cluster?.id);
  assert.equal(stack.outputs("orders")["state"], "CREATED");
  assert.equal(cluster?.labels["pulumi-creating"], undefined);
  const { creationMark } = (stack.outputs("orders")["stateEntry"] ?? {}) as Record<string, unknown>;
  assert.equal(creationMark, undefined);
}

describe("An unfinished cluster", () => {
  checkEmulators();

  it("of a killed run of the plugin is adopted and finished by its next run", async () => {
    const lab = await startLab();
    const stack = lab.stack({ plugin });
    await stack.up(program(), { killAfterMs: minute });
    assert.equal(stack.resources.size, 0);
    const run = assertDone(await stack.up(program()));
    assert.equal(count(run.requests, "CreateCluster"), 0);
    assertFinished(lab, stack);
  });

  for (const [from, to, first, second] of [
    ["the classes", "the plugin", {}, { plugin }],
    ["the plugin", "the classes", { plugin }, {}],
  ] as const) {
    const own = { organization: "organization" };

    it(`of a killed run of ${from} is adopted and finished by ${to}`, async () => {
      const lab = await startLab();
      await lab.stack({ ...own, ...first }).up(program(), { killAfterMs: minute });
      const stack = lab.stack({ ...own, ...second });
      const run = assertDone(await stack.up(program()));
      assert.equal(count(run.requests, "CreateCluster"), 0);
      assertFinished(lab, stack);
    });

    it(`that an interrupted run of ${from} has left in state is finished by ${to}, also after a refresh`, async () => {
      const lab = await startLab();
      const interrupted = lab.stack(first);
      await interrupted.up(program(), { interruptAfterMs: minute });
      const stack = moved(lab, interrupted, second);
      await lab.time.advance(120 * minute);
      if (to === "the plugin") {
        assertDone(await stack.refresh());
        assert.equal(stack.outputs("orders")["state"], "CREATING");
      }
      const run = assertDone(await stack.up(program()));
      assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
      assertFinished(lab, stack);
    });
  }

  it("keeps its mark through a refresh of the plugin, and through a rename and another key after it", async () => {
    const lab = await startLab({ organizations: [{ apiKeys: [{}, { secret: otherKey }] }] });
    const stack = lab.stack({ plugin });
    await stack.up(program(), { interruptAfterMs: minute });
    await lab.time.advance(120 * minute);
    assertDone(await stack.refresh());
    const renamed = lab.stack({ plugin, environment: environmentOf(lab, otherKey) });
    renamed.resources.set("sales", stack.resource("orders"));
    const run = assertDone(await renamed.up({ sales: advanced() }));
    assert.deepEqual(writes(run.requests), ["UpdateCluster"]);
    assert.equal(lab.emulator.clusters.list()[0]?.labels["pulumi-creating"], undefined);
  });

  it("of a resource of the same name, with another key, is neither adopted nor created again", async () => {
    const lab = await startLab({ organizations: [{ apiKeys: [{}, { secret: otherKey }] }] });
    await lab.stack({ plugin }).up(program(), { killAfterMs: minute });
    const other = lab.stack({ plugin, environment: environmentOf(lab, otherKey) });
    const run = await other.up(program());
    const [cluster] = lab.emulator.clusters.list();
    assert.match(failureOf(run), /may be what an interrupted run of this resource has created/);
    assert.ok(failureOf(run).includes(`{import: "${cluster?.id}"}`));
    assert.deepEqual(writes(run.requests), []);
    assert.equal(other.resources.size, 0);
  });

  it("of the classes in another Pulumi organization is neither adopted nor created again by the plugin", async () => {
    const lab = await startLab();
    await lab.stack({ organization: "acme" }).up(program(), { killAfterMs: minute });
    const stack = lab.stack({ plugin });
    const run = await stack.up(program());
    assert.match(failureOf(run), /in another Pulumi organization/);
    assert.deepEqual(writes(run.requests), []);
  });
});

function environmentOf({ emulator }: Lab, apiKey: string): Record<string, string> {
  return { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: apiKey };
}

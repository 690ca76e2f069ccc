// A stack moves from the classes to the provider plugin and back: nothing is written to the service, nothing replaced.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import type { StackOptions } from "../support/engine-model/provider-process";
import { writes } from "../support/engine-model/requests";
import { assertDone } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";
import { pluginDoor } from "../support/plugin-door";
import { casesOf, placeOf } from "./resource-cases";

describe("A stack that moves between the classes and the provider plugin", function () {
  this.timeout(30_000);

  checkEmulators();

  async function world(type: ResourceType) {
    const lab = await startLab();
    const args = { ...placeOf(type, lab.emulator), ...casesOf[type].full[0] };
    /** The stack as the next program finds it. */
    const moved = (from: Stack, options: StackOptions = {}) => {
      const to = lab.stack(options);
      for (const [name, resource] of from.resources) to.resources.set(name, resource);
      return to;
    };
    return { ...lab, moved, program: { it: new Declaration(kinds[type], args) } };
  }

  for (const type of allResourceTypes) {
    it(`keeps a ${type} as it is, without a request, and has no hidden properties after a refresh`, async () => {
      const { stack, moved, program } = await world(type);
      const classes = stack();
      assertDone(await classes.up(program));
      const { id } = classes.resource("it");
      const plugin = moved(classes, { plugin: pluginDoor });
      const run = assertDone(await plugin.up(program));
      assert.deepEqual(run.steps, ["same it"]);
      assert.deepEqual(run.requests, []);
      const refresh = assertDone(await plugin.refresh());
      assert.deepEqual(refresh.differences, {});
      const { inputs, outputs } = plugin.resource("it");
      assert.deepEqual({ inputs, outputs }, { inputs: visible(inputs), outputs: visible(outputs) });

      const back = moved(plugin);
      const returned = assertDone(await back.up(program));
      assert.deepEqual(returned.steps, ["update it"]);
      assert.deepEqual(writes(returned.requests), []);
      assert.equal(back.resource("it").id, id);
      assert.deepEqual(assertDone(await back.refresh()).differences, {});
      const settled = assertDone(await back.up(program));
      assert.deepEqual(settled.steps, ["same it"]);
      assert.equal(Object.hasOwn(back.outputs("it"), "stateEntry"), false);
    });
  }

  /** What a run of `second` does after one of `first` was killed at a request. */
  async function afterKill(
    type: ResourceType,
    killAtRequest: number,
    first: StackOptions,
    second: StackOptions,
  ) {
    const { stack, moved, program } = await world(type);
    const own = { organization: "organization" };
    const killed = stack({ ...own, ...first });
    assert.deepEqual((await killed.up(program, { killAtRequest })).failures, ["killed"]);
    const { steps, failures, requests } = await moved(killed, { ...own, ...second }).up(program);
    // Ids differ from one emulator to another.
    const without = (text: string) => text.replace(/[0-9a-f-]{36}|CCDB1_\w+/g, "<id>");
    return { steps, failures: failures.map(without), writes: writes(requests) };
  }

  for (const type of allResourceTypes) {
    it(`goes on after the creation of its ${type} was killed as if it had not moved`, async () => {
      const { stack, program } = await world(type);
      const { requests } = assertDone(await stack().up(program));
      const { create } = casesOf[type].operations;
      const at = requests.findIndex(({ operation }) => operation === create) + 1;
      assert.ok(at > 0);
      const [classes, plugin] = [{}, { plugin: pluginDoor }];
      for (const [from, to] of [
        [classes, plugin],
        [plugin, classes],
      ] as const) {
        assert.deepEqual(
          await afterKill(type, at, from, to),
          await afterKill(type, at, from, from),
        );
      }
    });
  }
});

describe("A resource whose object has its name", () => {
  checkEmulators();

  const renamed = [
    ["SqlUser", "SQL user"],
    ["EgressRule", "egress rule"],
  ] as const;

  for (const [type, kind] of renamed) {
    it(`reads in the preview how a ${type} keeps that name where it is renamed by an alias`, async () => {
      for (const options of [{}, { plugin: pluginDoor }]) {
        const { stack, emulator } = await startLab();
        const { name: _, ...args } = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
        // A class gives the name of the resource where the program gives none, as the plugin does.
        const named = (name: string) => new Declaration(kinds[type], { ...args, name });
        const before = stack(options);
        assertDone(await before.up({ app: named("app") }));
        const after = stack(options);
        after.resources.set("api", before.resource("app"));
        const run = assertDone(await after.preview({ api: named("api") }));
        assert.deepEqual(run.steps, ["replace api"]);
        const advice = `Without name, the ${kind} has the name of the resource, which is "api" now. To keep "app", write name: "app".`;
        assert.ok(
          run.notes.some(({ text }) => text === advice),
          JSON.stringify(run.notes),
        );
        const kept = assertDone(await after.preview({ api: named("app") }));
        assert.deepEqual(kept.notes, []);
        const other = assertDone(await after.preview({ api: named("other") }));
        assert.ok(!other.notes.some(({ text }) => text.includes("Without name")));
      }
    });
  }
});

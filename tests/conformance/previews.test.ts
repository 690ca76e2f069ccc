// What a preview of the provider plugin says that an update leads to.

import { strict as assert } from "node:assert";
import { resources } from "../../provider/resource/registry";
import { allResourceTypes, pluginToken } from "../../provider/resource/resource-types";
import { valueAt } from "../../provider/values/property-value";
import { hasUnknown } from "../../provider/values/unknown";
import { plain } from "../contract/secrets";
import { optionalPaths, pathsIn, withUnknown, withValueAt } from "../support/argument-paths";
import { checkEmulators } from "../support/emulator";
import { assertDone } from "../support/engine-model/run";
import { assertForeseen } from "../support/foreseen";
import { pluginDoor, previewDoor } from "../support/plugin-door";
import type { Properties } from "./resource-cases";
import { casesOf } from "./resource-cases";
import type { World } from "./world";
import { argumentsAfter, startWorld } from "./world";

/** What a preview of the plugin shows of the update of an object with the first arguments; undefined where there is none. */
async function previewOf(
  { type, stack, up }: World,
  first: Properties,
  news: Properties,
): Promise<Properties | undefined> {
  await up(first);
  if (!stack.resources.has("it")) return undefined;
  const { id, inputs, outputs } = plain(stack.resource("it"));
  const urn = `urn:pulumi:dev::shop::${pluginToken(type)}::it`;
  const said = { urn, oldInputs: inputs, timeouts: undefined, preview: true } as const;
  const { outs } = await previewDoor(type).update(id, outputs, news, said);
  return plain(outs);
}

function assertForeseenIn({ type, stack }: World, previewed: Properties): void {
  const outputs: Properties = plain(stack.outputs("it"));
  for (const name of resources[type].outputs) assertForeseen(previewed[name], outputs[name], name);
}

describe("A preview of an update by the provider plugin", function () {
  this.timeout(60_000);
  checkEmulators();

  for (const type of allResourceTypes) {
    for (const [path, { onChange, before = casesOf[type].full[0] }] of Object.entries(
      casesOf[type].arguments,
    )) {
      if (onChange !== "update" || typeof before === "function") continue;

      it(`shows as unknown what else a changed ${path} of ${type} changes, and the rest as it is`, async () => {
        const world = await startWorld(type, {}, pluginDoor);
        const first = { ...world.place, ...before };
        const news = argumentsAfter(world, path, first);
        const { changedBy = {} } = resources[type];
        const previewed = (await previewOf(world, first, news)) ?? {};
        assertDone(await world.up(news));
        assertForeseenIn(world, previewed);
        for (const name of Object.keys(previewed)) {
          if (!hasUnknown(previewed[name])) continue;
          const reasons = changedBy[name]?.filter((reason) => reason !== name) ?? [];
          assert.ok(name in news || reasons.length > 0, `${name} is unknown without a reason`);
        }
      });
    }

    it(`shows the outputs of ${type} without each argument that the program leaves out`, async () => {
      for (const full of casesOf[type].full) {
        for (const path of optionalPaths(resources[type].inputs)) {
          if (valueAt(full, path) === undefined) continue;
          const world = await startWorld(type, {}, pluginDoor);
          const first = { ...world.place, ...full };
          const news = withValueAt(first, path, undefined);
          const previewed = await previewOf(world, first, news);
          const run = await world.up(news);
          // Some cannot be left out, or not afterwards.
          if (previewed && run.failures.length === 0) assertForeseenIn(world, previewed);
        }
      }
    });
  }

  it("shows as unknown what an update waits for, and the rest as it is", async () => {
    const world = await startWorld("LogExportConfig", {}, pluginDoor);
    const args = { ...world.place, ...casesOf.LogExportConfig.full[0] };
    await world.up(args);
    const { id, inputs, outputs } = plain(world.stack.resource("it"));
    const urn = `urn:pulumi:dev::shop::${pluginToken("LogExportConfig")}::it`;
    const said = { urn, oldInputs: inputs, timeouts: undefined, preview: true } as const;
    const underWay = { ...outputs, status: "ENABLING" };
    const { outs } = await previewDoor("LogExportConfig").update(id, underWay, inputs, said);
    const { status, createdAt } = plain(outs) as Properties;
    assert.ok(hasUnknown(status));
    assert.equal(createdAt, outputs["createdAt"]);
  });
});

describe("A preview of a creation by the provider plugin", function () {
  this.timeout(60_000);

  for (const type of allResourceTypes) {
    it(`shows as unknown each argument of ${type} that is unknown as a whole or in part`, async () => {
      const urn = `urn:pulumi:dev::shop::${pluginToken(type)}::it`;
      const said = { urn, oldInputs: {}, timeouts: undefined, preview: true } as const;
      for (const full of casesOf[type].full) {
        for (const path of pathsIn(full)) {
          const news = withUnknown(full, path);
          const { outs } = await previewDoor(type).create(news, said);
          const [name] = path as [string];
          const isOutput = path.length === 1 && resources[type].outputs.includes(name);
          if (isOutput) assert.ok(hasUnknown((plain(outs) as Properties)[name]), name);
        }
      }
    });
  }
});

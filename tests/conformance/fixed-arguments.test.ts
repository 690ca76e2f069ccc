// Arguments that can never change, where a refresh shows another value: an id of the service leads to the same object,
// and an id that the arguments say may lead to another one by now.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { valueAt } from "../../provider/values/property-value";
import { withValueAt } from "../support/argument-paths";
import { checkEmulators } from "../support/emulator";
import { writes } from "../support/engine-model/requests";
import { assertDone } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { pluginDoor } from "../support/plugin-door";
import type { Properties } from "./resource-cases";
import { casesOf, placeOf, valuesIn } from "./resource-cases";
import type { World } from "./world";
import { argumentsAfter, startWorld } from "./world";

/** By type, arguments that name what the object is in, and that its id does not repeat. */
const places: Partial<Record<ResourceType, readonly string[]>> = {
  ApiKey: ["serviceAccountId"],
  PhysicalReplicationStream: ["primaryClusterId", "standbyClusterId"],
};

/** By type, arguments that state keeps as the program has them, whatever the service returns. */
const unread: Partial<Record<ResourceType, readonly string[]>> = {
  Restore: ["objects", "restoreOptions"],
};

const pathsOf = (type: ResourceType): string[] => [
  ...Object.entries(casesOf[type].arguments)
    .filter(([, { onChange, drift }]) => onChange === "replace" && drift === "cannot change")
    .map(([path]) => path),
  ...(places[type] ?? []),
];

/** Another value of the same form. */
const another = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (_name, inner) =>
    typeof inner === "string" ? `${inner}x` : inner,
  );

/** Creates the object, and then lets the stack have it with another value, as if the service showed another one. */
async function startShown(world: World, path: string): Promise<Properties> {
  const { type, emulator, place, stack } = world;
  const { before } = casesOf[type].arguments[path] ?? {};
  const other = { ...place, ...valuesIn(before ?? casesOf[type].full[0], emulator) };
  const isPlace = path in place;
  const args = isPlace
    ? { ...other, ...placeOf(type, emulator, 2) }
    : argumentsAfter(world, path, other);
  assertDone(await world.up(args));
  const keys = path.split(".");
  const [was, is] = [other, args].map((all) => valueAt(all, path));
  const value = was ?? another(is);
  const stored = stack.resource("it");
  const [inputs, outputs] = [stored.inputs, stored.outputs].map((all) =>
    withValueAt(all, keys, value),
  ) as [Properties, Properties];
  stack.resources.set("it", { ...stored, inputs, outputs });
  return withValueAt(args, keys, value);
}

describe("An argument that can never change", function () {
  this.timeout(30_000);
  checkEmulators();

  const doors = { classes: undefined, "provider plugin": pluginDoor };
  for (const [which, door] of Object.entries(doors)) {
    for (const type of allResourceTypes) {
      const hasIdOfService = casesOf[type].idOf === undefined;
      for (const path of pathsOf(type)) {
        if (hasIdOfService) {
          it(`keeps its value when a refresh shows another ${path} of a ${type} of the ${which}`, async () => {
            const world = await startWorld(type, {}, door);
            const args = await startShown(world, path);
            const { inputs, outputs } = world.stack.resource("it");
            const refreshed = assertDone(await world.stack.refresh());
            assert.deepEqual(refreshed.differences, {});
            const warnings = refreshed.notes.filter(({ severity }) => severity === "warning");
            assert.equal(warnings.length, unread[type]?.includes(path) ? 0 : 1);
            for (const { text } of warnings) {
              assert.match(
                text,
                new RegExp(`argument of this .* that can never change: ${path} is .* in state\\. `),
              );
              assert.ok(text.includes(`{import: "${world.stack.resource("it").id}"}`), text);
            }
            assert.deepEqual(visible(world.stack.resource("it").inputs), visible(inputs));
            assert.deepEqual(visible(world.stack.resource("it").outputs), visible(outputs));
            // Its check may refuse this value beside those of other arguments.
            const { steps, requests } = await world.up(args);
            assert.deepEqual(
              steps.filter((step) => step !== "same it"),
              [],
            );
            assert.deepEqual(writes(requests), []);
          });
        } else {
          it(`has changed when a refresh shows another ${path} of a ${type} of the ${which}`, async () => {
            const world = await startWorld(type, {}, door);
            await startShown(world, path);
            const { differences, notes } = assertDone(await world.stack.refresh());
            assert.ok(differences["it"]?.includes(path));
            assert.deepEqual(notes, []);
          });
        }
      }
    }
  }
});

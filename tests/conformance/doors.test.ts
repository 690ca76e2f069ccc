// The classes and the provider plugin serve the same definitions: whatever happens to a resource, both send the same
// requests, and show and keep the same.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { checkEmulators } from "../support/emulator";
import type { Run } from "../support/engine-model/run";
import { pluginDoor } from "../support/plugin-door";
import { casesOf, updatedArguments } from "./resource-cases";
import type { World } from "./world";
import { argumentOf, argumentsAfter, startWorld } from "./world";

/** What happens to a resource. Returns what each of its runs has done. */
type Scene = (world: World) => Promise<Run[]>;

const full = ({ type, place }: World) => ({ ...place, ...casesOf[type].full[0] });

const scenes: Readonly<Record<string, Scene>> = {
  "is created, left alone, updated, refreshed and deleted": async (world) => {
    const updated = { ...world.place, ...updatedArguments(world.type) };
    return [
      await world.preview(full(world)),
      await world.up(full(world)),
      await world.up(full(world)),
      await world.preview(updated),
      await world.up(updated),
      await world.stack.refresh(),
      await world.stack.destroy(),
    ];
  },
  "is changed in each of its arguments": async (world) => {
    const runs: Run[] = [];
    for (const [path, { before }] of Object.entries(casesOf[world.type].arguments)) {
      // What needs a world of its own is played by the tests of each argument.
      if (typeof before === "function") continue;
      const first = before === undefined ? full(world) : { ...world.place, ...before };
      runs.push(await world.up(first), await world.preview(argumentsAfter(world, path, first)));
    }
    return runs;
  },
  "is refused with wrong arguments": async (world) => {
    const runs: Run[] = [];
    for (const [path, { wrong }] of Object.entries(casesOf[world.type].arguments)) {
      for (const [value] of wrong) {
        runs.push(await world.preview({ ...full(world), [argumentOf(path)]: value }));
      }
    }
    return runs;
  },
  "is changed and deleted by somebody else": async (world) => {
    const runs = [await world.up(full(world))];
    const drifts = Object.values(casesOf[world.type].arguments).map(({ drift }) => drift);
    const change = drifts.find((drift) => typeof drift === "function");
    if (change !== undefined) change(world.object());
    runs.push(await world.stack.refresh(), await world.up(full(world)));
    casesOf[world.type].remove(world.object());
    return [...runs, await world.stack.refresh()];
  },
  "is created although the response is lost": async (world) => {
    world.emulator.faults.add(casesOf[world.type].operations.create, {
      reset: "after-effect",
      times: 1,
    });
    return [await world.up(full(world)), await world.up(full(world))];
  },
  "is refused by the service, and interrupted": async (world) => {
    const { create } = casesOf[world.type].operations;
    world.emulator.faults.add(create, { status: 403, message: "not allowed", times: 1 });
    const refused = await world.up(full(world));
    const interrupted = await world.up(full(world), {}, { interruptAfterMs: 1 });
    return [refused, interrupted, await world.up(full(world)), await world.stack.destroy()];
  },
  "that exists already is reported": async (world) => {
    await world.upElsewhere(full(world));
    return [await world.up(full(world))];
  },
};

/** What a scene leaves behind, without what is random, and without what a door adds for itself. */
function comparable(world: World, runs: Run[]): unknown {
  const record = {
    runs: runs.map(({ steps, failures, notes, progress, differences, requests, elapsedMs }) => ({
      ...{ steps, failures, notes, progress, elapsedMs },
      differences: Object.values(differences).map((paths) => [...paths].sort()),
      requests: requests.map(({ method, path, body }) => ({ method, path, body })),
    })),
    state: world.stack.everything().map(({ id, inputs, outputs, initErrors }) => ({
      id,
      inputs: own(inputs),
      outputs: own(outputs),
      initErrors,
    })),
  };
  const text = JSON.stringify(record);
  return JSON.parse(
    text.replace(/[0-9a-f]{16}-[0-9a-f]{16}/g, "<mark>").replace(random, "<random>"),
  );
}

/** Ids, keys and addresses that the emulator makes up. */
const random =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|CCDB1_\w+|vpce-[\w-]+|[0-9a-f]{17,}|(?<=")\d{12}(?=")|127\.0\.0\.1:\d+|(?<=-)\w{3,6}(?=\.(aws|gcp|azure|jxf)|")/g;

function own(properties: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(properties).filter(([key]) => !key.startsWith("__") && key !== "stateEntry"),
  );
}

describe("By the classes and by the provider plugin alike, a resource", function () {
  this.timeout(60_000);

  checkEmulators();

  const { random: original } = Math;
  before(() => {
    Math.random = () => 0.5;
  });
  after(() => {
    Math.random = original;
  });

  const play = async (type: ResourceType, scene: Scene, plugin?: typeof pluginDoor) => {
    const world = await startWorld(type, {}, plugin);
    return comparable(world, await scene(world));
  };

  for (const type of allResourceTypes) {
    describe(`of type ${type}`, () => {
      for (const [title, scene] of Object.entries(scenes)) {
        it(title, async () => {
          assert.deepEqual(await play(type, scene, pluginDoor), await play(type, scene));
        });
      }
    });
  }
});

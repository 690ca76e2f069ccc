// Ctrl-C, refusals and time-outs, at each request of each operation on each resource.

import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { checkEmulators } from "../support/emulator";
import { assertDone } from "../support/engine-model/run";
import { casesOf, updateOf } from "./resource-cases";
import type { Scene } from "./scenes";
import { endsEarly, withFault } from "./scenes";
import type { World } from "./world";

const lost = { reset: "after-effect" } as const;
const notFound = { status: 404, message: "not found" };

/** What each operation of a type consists of, also after a response that was lost or wrong. */
function scenesOf(type: ResourceType): Scene[] {
  const { full, operations, lostCreate, isUpdateReadable } = casesOf[type];
  const args = (world: World) => ({ ...world.place, ...full[0] });
  const changed = (world: World) => ({ ...world.place, ...updateOf(type) });
  const created = async (world: World) => assertDone(await world.up(args(world)));
  const creation: Scene = {
    ...{ type, operation: "create", title: "" },
    before: async () => {},
    run: (world, options) => world.up(args(world), options),
  };
  const update: Scene = {
    ...{ type, operation: "update", title: "", before: created },
    run: (world, options) => world.up(changed(world), options),
  };
  const deletion: Scene = {
    ...{ type, operation: "delete", title: "", before: created },
    run: async (world, options) => {
      // The options are those with which it was declared last.
      assertDone(await world.up(args(world), options));
      return await world.stack.destroy();
    },
  };
  const refresh: Scene = {
    ...{ type, operation: "refresh", title: "", before: created },
    run: ({ stack }) => stack.refresh(),
  };
  const importing: Scene = {
    ...{ type, operation: "import", title: "" },
    before: async (world) => assertDone(await world.upElsewhere(args(world))),
    run: (world, options) =>
      world.up(args(world), { ...options, import: world.elsewhere.resource("it").id }),
  };
  const isUpdatable = updateOf(type) !== undefined && operations.update !== undefined;
  return [
    creation,
    refresh,
    importing,
    deletion,
    ...(isUpdatable ? [update] : []),
    ...(lostCreate.outcome === "found"
      ? [
          withFault(creation, operations.create, lost, {
            title: "whose response was lost",
            ...(lostCreate.isReadOptional === true && { optionalAfter: operations.create }),
            isRepeated: lostCreate.isSentAgain === true,
          }),
        ]
      : []),
    ...(isUpdateReadable === true && operations.update !== undefined
      ? [withFault(update, operations.update, lost, { title: "whose response was lost" })]
      : []),
    ...(operations.delete === undefined
      ? []
      : [
          withFault(deletion, operations.delete, notFound, {
            title: "that gets a stray 404",
            failure: /404 not found.* still there: run the operation again\.$/,
          }),
        ]),
  ];
}

describe("An operation on a resource", () => {
  checkEmulators();

  for (const scene of allResourceTypes.flatMap(scenesOf)) {
    describe(`of type ${scene.type}`, () => endsEarly(scene));
  }
});

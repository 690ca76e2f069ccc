// The lives of every resource of the registry, with the values of its conformance cases: created, changed in each way
// that sends requests of its own, moved, read, and deleted in two ways.

import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes, isOfCluster } from "../../../provider/resource/resource-types";
import type { Properties } from "../../conformance/resource-cases";
import { casesOf, valuesIn } from "../../conformance/resource-cases";
import { argumentsAfter, declared } from "../../conformance/world";
import type { Program } from "../../support/engine-model/program";
import { isPart } from "../extent";
import type { Lifecycle } from "./lifecycle";
import type { World } from "./world";

const nothing = (): Program => ({});

function livesOf(type: ResourceType, number: number): Lifecycle[] {
  const { full, arguments: all, operations, place } = casesOf[type];
  const programOf =
    (args: (world: World) => Properties, nth?: number) =>
    (world: World): Program => ({ it: declared(type, { ...world.place(nth), ...args(world) }) });
  const program = programOf(() => full[0]);
  const sent = Object.entries(all).filter(([, { sends }]) => sends?.length !== 0);
  const changes = sent.map(([path, change]) => {
    const before = oncePerWorld(({ lab }) => valuesIn(change.before ?? full[0], lab.emulator));
    const after = (world: World) =>
      argumentsAfter({ type, emulator: world.lab.emulator }, path, before(world));
    return {
      sends: `${change.onChange} ${change.sends}`,
      life: { name: `change ${path} of`, before: programOf(before), program: programOf(after) },
    };
  });
  const distinct = new Map(changes.reverse().map(({ sends, life }) => [sends, life]));
  const hasPlace = place !== undefined || isOfCluster(type);
  const lives: Omit<Lifecycle, "type">[] = [
    { name: "create", program },
    ...[...distinct.values()].reverse(),
    ...(hasPlace ? [{ name: "move", before: program, program: programOf(() => full[0], 2) }] : []),
    { name: "refresh", run: "refresh", before: program, program },
    ...(operations.delete === undefined
      ? []
      : [
          { name: "delete", before: program, program: nothing },
          { name: "destroy", run: "destroy" as const, before: program, program },
        ]),
  ];
  // CI runs the creation, and of the others another one for each resource.
  const chosen = isPart ? [0, 1 + (number % (lives.length - 1))] : lives.keys();
  return [...chosen]
    .flatMap((index) => lives[index] ?? [])
    .map((life) => ({ ...life, type, name: `${life.name} ${type}` }));
}

/** Values that may put something up, which happens once. */
function oncePerWorld(make: (world: World) => Properties): (world: World) => Properties {
  const made = new WeakMap<World, Properties>();
  return (world) => {
    const values = made.get(world) ?? make(world);
    made.set(world, values);
    return values;
  };
}

export const resourceLifecycles: readonly Lifecycle[] = allResourceTypes.flatMap(livesOf);

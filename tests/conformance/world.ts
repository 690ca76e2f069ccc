// Where the conformance tests play: an emulator, what the object is in, and two stacks.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { withValueAt } from "../support/argument-paths";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import type { Kind, ResourceOptions } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import type { StackOptions } from "../support/engine-model/provider-process";
import { writes } from "../support/engine-model/requests";
import type { Run, RunOptions } from "../support/engine-model/run";
import { assertDone } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { kinds } from "../support/kinds";
import type { Properties, RemoteObject } from "./resource-cases";
import { casesOf, clusterIdIn, placeOf, valuesIn } from "./resource-cases";

export interface World extends Omit<Lab, "stack"> {
  readonly type: ResourceType;
  /** The arguments that name what the object is in. */
  readonly place: Properties;
  readonly stack: Stack;
  /** A stack of somebody else. */
  readonly elsewhere: Stack;
  /** A further stack, whose resources are of this kind. */
  newStack(kind: Kind): Stack;
  /** Like `pulumi up` of a program with one resource, `it`. */
  up(args: Properties, options?: ResourceOptions, run?: RunOptions): Promise<Run>;
  /** The same as far as a preview goes. */
  preview(args: Properties): Promise<Run>;
  /** The same on the other stack. */
  upElsewhere(args: Properties): Promise<Run>;
  /** The object of the stack. */
  object(): RemoteObject;
  /** Asserts that neither a refresh nor the next update has anything to do. */
  assertSettled(args: Properties): Promise<void>;
}

/** A resource as its class declares it. */
export function declared(
  type: ResourceType,
  args: Declaration["args"],
  chosen: ResourceOptions = {},
): Declaration {
  // Their diff says which of two goes first.
  const isDefined = type !== "Cluster" && type !== "CmekConfig";
  const deletesFirst =
    isDefined && casesOf[type].createsFirst !== true && chosen.import === undefined;
  const options = { ...(deletesFirst ? { deleteBeforeReplace: true } : {}), ...chosen };
  return new Declaration(kinds[type], args, [], options);
}

export async function startWorld(
  type: ResourceType,
  options: Parameters<typeof startLab>[0] = {},
  plugin?: StackOptions["plugin"],
): Promise<World> {
  const lab = await startLab(options);
  const place = placeOf(type, lab.emulator);
  const through = plugin === undefined ? {} : { plugin };
  const stack = lab.stack(through);
  const elsewhere = lab.stack({ name: "elsewhere", ...through });
  const programOf = (args: Properties, chosen?: ResourceOptions) => ({
    it: declared(type, args, chosen),
  });
  const world: World = {
    ...lab,
    ...{ type, place, stack, elsewhere },
    newStack: ({ serve }) => lab.stack({ name: "further", serve }),
    up: (args, chosen, run) => stack.up(programOf(args, chosen), run),
    preview: (args) => stack.preview(programOf(args)),
    upElsewhere: (args) => elsewhere.up(programOf(args)),
    object() {
      const { id, outputs } = stack.resource("it");
      const clusterId = clusterIdIn(type, outputs);
      return { emulator: lab.emulator, id, place, clusterId };
    },
    async assertSettled(args) {
      assert.deepEqual(assertDone(await stack.refresh()).differences, {}, "there is no drift");
      const run = assertDone(await world.up(args));
      assert.deepEqual(run.steps, ["same it"]);
      assert.deepEqual(writes(run.requests), []);
    },
  };
  return world;
}

/** The argument that a path leads into. */
export function argumentOf(path: string): string {
  return path.split(/[.[]/, 1)[0] as string;
}

/** The arguments after the change of one of them. */
export function argumentsAfter(
  { type, emulator }: Pick<World, "type" | "emulator">,
  path: string,
  before: Properties,
): Properties {
  const { to, along } = casesOf[type].arguments[path] ?? assert.fail(`${path} has a case`);
  const value = typeof to === "function" ? to(emulator) : to;
  const changed = withValueAt(before, path.split("."), value);
  return { ...changed, ...valuesIn(along, emulator) };
}

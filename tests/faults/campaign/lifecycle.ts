// A stretch of the life of a stack: what is there before, and the run that the faults hit.

import type { EmulatorOptions } from "../../../emulator";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { kinds } from "../../support/kinds";
import type { Program, Stack } from "../../support/shell";
import { Declaration } from "../../support/shell";
import type { World } from "./world";

export interface Lifecycle {
  readonly name: string;
  readonly options?: EmulatorOptions;
  /** What the stack consists of before. @default nothing */
  readonly before?: (world: World) => Program;
  /** What else happens before, also behind the stack's back. */
  readonly meanwhile?: (world: World, shop: Stack) => Promise<void> | void;
  /** What the program says in the run that is hit, and afterwards. */
  readonly program: (world: World) => Program;
  /** The run that is hit. @default "up" */
  readonly run?: "destroy" | "refresh" | "up";
  /** What of a cluster of other people stays changed, because the API cannot take it back. */
  readonly kept?: readonly string[];
}

type Args = Record<string, unknown>;

/** Those of which a cluster has one of the same name or none, so that the old one goes first. */
const onlyOne: ReadonlySet<ResourceType> = new Set(["SqlUser", "AllowlistEntry", "Database"]);

/** A part of a cluster that is not in the stack, declared as its class does it. */
export function partOn(clusterId: string, type: ResourceType, args: Args): Declaration {
  return new Declaration(
    kinds[type],
    { ...args, clusterId },
    [],
    onlyOne.has(type) ? { deleteBeforeReplace: true } : {},
  );
}

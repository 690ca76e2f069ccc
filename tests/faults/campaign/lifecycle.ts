// A stretch of the life of a stack: what is there before, and the run that the faults hit.

import type { EmulatorOptions } from "../../../emulator";
import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Program } from "../../support/engine-model/program";
import type { Stack } from "../../support/engine-model/stack";
import type { World } from "./world";

export interface Lifecycle {
  readonly name: string;
  /** The type of its one resource, `it`, whose place the world has; absent for a stack of clusters with their parts. */
  readonly type?: ResourceType;
  readonly options?: EmulatorOptions;
  /** What the stack consists of before. @default nothing */
  readonly before?: (world: World) => Program;
  /** What else happens before, also behind the stack's back. */
  readonly meanwhile?: (world: World, shop: Stack) => Promise<void> | void;
  /** What the program says in the run that is hit, and afterwards. */
  readonly program: (world: World) => Program;
  /** The run that is hit. @default "up" */
  readonly run?: "destroy" | "refresh" | "up";
}

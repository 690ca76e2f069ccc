// An area of the API: one kind of object with its operations, and what tests do to it without a request.

import type { ClusterFinder } from "./cluster/find";
import type { EmulatorContext } from "./context";
import type { Organization } from "./organization/organization";
import type { HandlerTable } from "./server/call";

/** What controls work on. */
export interface ControlParts {
  readonly organizations: readonly Organization[];
  readonly context: EmulatorContext;
  readonly findCluster: ClusterFinder;
}

/** An area without controls. */
export interface Area {
  readonly operations: HandlerTable;
}

/** An area that tests can also change without a request. */
export interface ControlledArea<Controls extends object> extends Area {
  createControls(parts: ControlParts): Controls;
}

// What all organizations of one emulator share.

import type { BackgroundWork } from "./background";
import type { Clock } from "./clock";
import type { CatalogueMachine } from "./machines";
import type { Assumptions, Durations } from "./options";
import type { CatalogueRegion } from "./regions";
import type { ScriptedEvents } from "./scripted-events";
import type { VersionCatalogue } from "./versions";

/** The surroundings of every operation. */
export interface World {
  readonly clock: Clock;
  readonly durations: Durations;
  readonly assumptions: Assumptions;
  readonly machines: readonly CatalogueMachine[];
  readonly regions: readonly CatalogueRegion[];
  readonly versions: VersionCatalogue;
  /** What the service does by itself; undefined when it leaves clusters alone. */
  readonly background: BackgroundWork | undefined;
  /** Failures of the service that a test has asked for and that have not happened yet. */
  readonly scripted: ScriptedEvents;
}

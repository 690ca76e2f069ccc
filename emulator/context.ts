// What all organizations of one emulator share.

import type { Assumptions } from "./assumptions";
import type { CatalogueMachine } from "./catalogue/machines";
import type { CatalogueRegion } from "./catalogue/regions";
import type { VersionCatalogue } from "./catalogue/versions";
import type { BackgroundWork } from "./cluster/background";
import type { Durations } from "./durations";
import type { Clock } from "./server/clock";
import type { QueuedFailures } from "./server/queued-failures";

/** The surroundings of every operation. */
export interface EmulatorContext {
  /** The base URL, once it listens. */
  readonly url: string;
  readonly clock: Clock;
  readonly durations: Durations;
  readonly assumptions: Assumptions;
  readonly machines: readonly CatalogueMachine[];
  readonly regions: readonly CatalogueRegion[];
  readonly versions: VersionCatalogue;
  /** What the service does by itself; undefined when it leaves clusters alone. */
  readonly background: BackgroundWork | undefined;
  /** Failures of the service that a test has queued and that have not happened yet. */
  readonly queued: QueuedFailures;
}

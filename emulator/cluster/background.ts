// Work of the service on clusters that nobody has asked for, at random moments. A seed makes it repeatable: the
// n-th cluster of an emulator always meets the same.

import { beginOtherWork } from "./history";
import { randomNumbers } from "./random-numbers";
import type { ClusterRecord } from "./record";
import { isBusy } from "./record";
import { failureOf, schedule } from "./timeline";
import type { OperationStatus } from "./wire";

/** What the service does to every cluster by itself, again and again. */
export interface BackgroundOptions {
  /** Another seed, another course of events. @default 1 */
  seed?: number;
  /** From the end of an operation to the next, in milliseconds of the emulator's clock: on average. @default 1 hour */
  everyMs?: number;
  /** How long an operation takes: on average. @default 10 minutes */
  lastsMs?: number;
  /** Which operations there are. @default MAINTENANCE_RUNNING, CRDB_PATCH_RUNNING, CRDB_SCALE_RUNNING */
  operations?: readonly OperationStatus[];
}

const minute = 60_000;

const defaultOperations: readonly OperationStatus[] = [
  "MAINTENANCE_RUNNING",
  "CRDB_PATCH_RUNNING",
  "CRDB_SCALE_RUNNING",
];

/** The background work of one emulator. */
export class BackgroundWork {
  readonly #options: Required<BackgroundOptions>;
  #clusters = 0;

  constructor({
    seed = 1,
    everyMs = 60 * minute,
    lastsMs = 10 * minute,
    operations = defaultOperations,
  }: BackgroundOptions) {
    this.#options = { seed, everyMs, lastsMs, operations };
  }

  /** Begins to work on a cluster from now on. */
  begin(cluster: ClusterRecord, now: number): void {
    this.#clusters += 1;
    this.#scheduleNext(cluster, now, randomNumbers(this.#options.seed * 1_000 + this.#clusters));
  }

  #scheduleNext(cluster: ClusterRecord, from: number, random: () => number): void {
    const { everyMs, lastsMs, operations } = this.#options;
    const around = (averageMs: number) => Math.round(averageMs * (0.5 + random()));
    const startsAt = from + around(everyMs);
    const endsAt = startsAt + around(lastsMs);
    const operation = operations[Math.floor(random() * operations.length)] ?? "MAINTENANCE_RUNNING";
    const locks = random() < 0.5;
    const fails = random() < 0.2;
    schedule(cluster, {
      at: startsAt,
      name: "background",
      run: (at) => {
        // The service, too, waits its turn.
        if (cluster.phase !== "created" || isBusy(cluster, at)) {
          return;
        }
        beginOtherWork(cluster, at, { until: endsAt, operation, locks });
        cluster.failedOperation = undefined;
      },
    });
    schedule(cluster, {
      at: endsAt,
      name: "background",
      run: (at) => {
        if (fails && cluster.otherWork?.until === endsAt) {
          cluster.failedOperation = failureOf(operation);
        }
        this.#scheduleNext(cluster, at, random);
      },
    });
  }
}

/**
 * When the creation of an Advanced cluster is expected to end: in the time that the documentation gives until some of its
 * nodes are live, then by their number, as if they became live at equal intervals. It only says when polls are
 * worth most: a forecast that is wrong delays none by more than a tenth of the time waited.
 */

/** Clock times of a wait: how long it has lasted at its beginning and at its end. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The nodes of a cluster that is being created. */
export interface NodeCount {
  readonly live: number;
  readonly all: number;
}

const minuteMs = 60_000;

/** As the documentation has it. */
export const typicalCreation: TimeSpan = { fromMs: 20 * minuteMs, toMs: 30 * minuteMs };

/** A span that polls can cover at short intervals. */
const exactMs = 90_000;
/** When all nodes are live the end is expected within this part of the time until then. */
const remainingPart = 0.1;
/** How far the next cluster of a kind may be from the last. */
const spreadPart = 0.05;

/** What is known of all clusters of one kind. Times are since the creation of the cluster. */
export class CreationForecast {
  #span: TimeSpan = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  /** Whether any node was live, or any cluster ready: until then the documentation knows more. */
  #isInformed = false;

  /** When the creation is expected to end. */
  get expected(): TimeSpan {
    return this.#isInformed ? this.#span : typicalCreation;
  }

  /** Records how many nodes were live. */
  observe(ageMs: number, { live, all }: NodeCount): void {
    if (all === 0) return;
    const seen =
      live >= all
        ? { fromMs: ageMs, toMs: ageMs * (1 + remainingPart) }
        : { fromMs: (ageMs * all) / (live + 1), toMs: (ageMs * all) / live };
    const fromMs = Math.max(seen.fromMs, this.#span.fromMs);
    const toMs = Math.min(seen.toMs, this.#span.toMs);
    this.#span = fromMs < toMs ? { fromMs, toMs } : seen;
    if (live > 0) this.#isInformed = true;
  }

  /** Records that a creation has ended. */
  ended(ageMs: number): void {
    this.#isInformed = true;
    this.#span = { fromMs: ageMs * (1 - spreadPart), toMs: ageMs * (1 + spreadPart) };
  }

  /** Whether the number of live nodes at this age would show better when the end comes. */
  isNarrowedBy(ageMs: number, { live, all }: NodeCount): boolean {
    const { fromMs, toMs } = this.expected;
    const next = (live + 1) / all;
    return next < 1 && toMs - fromMs > exactMs && ageMs >= next * fromMs && ageMs < next * toMs;
  }
}

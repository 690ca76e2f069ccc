/** What every part of the benchmark takes. */
export interface PartOptions {
  /** Small sizes and few repetitions: shows that it runs, measures nothing worth keeping. */
  readonly quick: boolean;
  /** Whether there is time for one more measurement; a row without one says "not measured". */
  hasTime(): boolean;
}

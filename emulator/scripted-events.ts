// Failures inside the service that a test orders ahead: they happen to the next job of their kind.

/** Failures ahead, consumed by the operations that they befall. */
export class ScriptedEvents {
  #failingCreations = 0;
  #failingJobs = 0;
  #heldDeletesMs: number[] = [];
  #lateVisibilitiesMs: number[] = [];

  failCreations(times: number): void {
    this.#failingCreations += times;
  }

  failJobs(times: number): void {
    this.#failingJobs += times;
  }

  holdDelete(ms: number): void {
    this.#heldDeletesMs.push(ms);
  }

  delayVisibility(ms: number, times: number): void {
    this.#lateVisibilitiesMs.push(...Array<number>(times).fill(ms));
  }

  /** Tells whether the creation that begins now will fail. */
  takeCreationFailure(): boolean {
    this.#failingCreations -= 1;
    const fails = this.#failingCreations >= 0;
    this.#failingCreations = Math.max(0, this.#failingCreations);
    return fails;
  }

  /** Tells whether the job that begins now will fail. */
  takeJobFailure(): boolean {
    this.#failingJobs -= 1;
    const fails = this.#failingJobs >= 0;
    this.#failingJobs = Math.max(0, this.#failingJobs);
    return fails;
  }

  /** How long the delete that begins now takes, in milliseconds. */
  takeDeleteHold(): number {
    return this.#heldDeletesMs.shift() ?? 0;
  }

  /** After how many milliseconds the change that is made now can be seen; undefined when nothing is ordered. */
  takeVisibilityDelay(): number | undefined {
    return this.#lateVisibilitiesMs.shift();
  }

  clear(): void {
    this.#failingCreations = 0;
    this.#failingJobs = 0;
    this.#heldDeletesMs = [];
    this.#lateVisibilitiesMs = [];
  }
}

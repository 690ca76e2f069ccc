// Failures inside the service that a test orders ahead: they happen to the next job of their kind.

import type { Refusal } from "./errors";

/** How a job on encryption keys will fail. */
export interface CmekFailure {
  /** The region in which it fails; the first one of the job when it is not among them. */
  readonly region: string | undefined;
  /** Shown as `user_message` of the key. */
  readonly message: string;
}

/** How a restore will fail. */
export interface RestoreFailure {
  /** Shown as `client_error_code`. */
  readonly code: number;
  /** Shown as `client_error_message`. */
  readonly message: string;
}

/** How the roll-out of a log or metric export will fail. */
export interface ExportFailure {
  /** What a log export ends in; metric exports end in ERROR. */
  readonly status: "CREDENTIALS_ERROR" | "ENABLE_FAILED" | undefined;
  /** Shown as `user_message`. */
  readonly message: string;
}

/** Failures ahead, consumed by the operations that they befall. */
export class QueuedFailures {
  #failingCreations = 0;
  #failingJobs = 0;
  #heldDeletesMs: number[] = [];
  #lateVisibilitiesMs: number[] = [];
  #cmekFailures: CmekFailure[] = [];
  #kmsDenials: Refusal[] = [];
  #restoreFailures: RestoreFailure[] = [];
  #exportFailures: ExportFailure[] = [];
  #exportDenials: Refusal[] = [];
  #ignoredUpdates = 0;
  #ignoredKeys = 0;
  #movedMachines: string[] = [];

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

  ignoreUpdates(times: number): void {
    this.#ignoredUpdates += times;
  }

  ignoreKeys(times: number): void {
    this.#ignoredKeys += times;
  }

  moveMachine(type: string): void {
    this.#movedMachines.push(type);
  }

  failCmek(failure: CmekFailure, times: number): void {
    this.#cmekFailures.push(...Array<CmekFailure>(times).fill(failure));
  }

  denyKms(refusal: Refusal, times: number): void {
    this.#kmsDenials.push(...Array<Refusal>(times).fill(refusal));
  }

  failRestores(failure: RestoreFailure, times: number): void {
    this.#restoreFailures.push(...Array<RestoreFailure>(times).fill(failure));
  }

  failExports(failure: ExportFailure, times: number): void {
    this.#exportFailures.push(...Array<ExportFailure>(times).fill(failure));
  }

  denyExports(refusal: Refusal, times: number): void {
    this.#exportDenials.push(...Array<Refusal>(times).fill(refusal));
  }

  /** Whether the change that is accepted now will never be carried out. */
  consumeIgnoredUpdate(): boolean {
    const isIgnored = this.#ignoredUpdates > 0;
    this.#ignoredUpdates -= isIgnored ? 1 : 0;
    return isIgnored;
  }

  /** Whether the keys that are accepted now will never be brought into use. */
  consumeIgnoredKeys(): boolean {
    const isIgnored = this.#ignoredKeys > 0;
    this.#ignoredKeys -= isIgnored ? 1 : 0;
    return isIgnored;
  }

  /** The machine type in place of the one that is asked for now; undefined when it is as asked. */
  consumeMovedMachine(): string | undefined {
    return this.#movedMachines.shift();
  }

  /** Whether the creation that begins now will fail. */
  consumeCreationFailure(): boolean {
    this.#failingCreations -= 1;
    const fails = this.#failingCreations >= 0;
    this.#failingCreations = Math.max(0, this.#failingCreations);
    return fails;
  }

  /** Whether the job that begins now will fail. */
  consumeJobFailure(): boolean {
    this.#failingJobs -= 1;
    const fails = this.#failingJobs >= 0;
    this.#failingJobs = Math.max(0, this.#failingJobs);
    return fails;
  }

  /** How long the delete that begins now takes, in milliseconds. */
  consumeDeleteHold(): number {
    return this.#heldDeletesMs.shift() ?? 0;
  }

  /** After how many milliseconds the change that is made now can be seen; undefined when nothing is ordered. */
  consumeVisibilityDelay(): number | undefined {
    return this.#lateVisibilitiesMs.shift();
  }

  /** How the job on encryption keys that begins now will fail; undefined when it will not. */
  consumeCmekFailure(): CmekFailure | undefined {
    return this.#cmekFailures.shift();
  }

  /** How the service is refused the customer's key now; undefined when it is not. */
  consumeKmsDenial(): Refusal | undefined {
    return this.#kmsDenials.shift();
  }

  /** How the restore that begins now will fail; undefined when it will not. */
  consumeRestoreFailure(): RestoreFailure | undefined {
    return this.#restoreFailures.shift();
  }

  /** How the roll-out of an export that begins now will fail; undefined when it will not. */
  consumeExportFailure(): ExportFailure | undefined {
    return this.#exportFailures.shift();
  }

  /** How the service is refused the destination of an export now; undefined when it is not. */
  consumeExportDenial(): Refusal | undefined {
    return this.#exportDenials.shift();
  }

  clear(): void {
    this.#exportFailures = [];
    this.#exportDenials = [];
    this.#ignoredUpdates = 0;
    this.#ignoredKeys = 0;
    this.#movedMachines = [];
    this.#cmekFailures = [];
    this.#kmsDenials = [];
    this.#restoreFailures = [];
    this.#failingCreations = 0;
    this.#failingJobs = 0;
    this.#heldDeletesMs = [];
    this.#lateVisibilitiesMs = [];
  }
}

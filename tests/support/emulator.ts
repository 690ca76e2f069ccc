// Emulators for tests: every response is checked against the API's OpenAPI document, and none stays open.

import { strict as assert } from "node:assert";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { startEmulator } from "../../emulator";
import { violationsOf } from "./openapi";

/** An emulator whose responses are checked. */
export interface TestEmulator extends Emulator {
  /** What was wrong with its responses so far. */
  readonly violations: readonly string[];
}

const open = new Set<TestEmulator>();

/** Starts an emulator whose responses are checked. `checkEmulators` closes it and reports what was wrong. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const violations: string[] = [];
  const emulator = await startEmulator({
    ...options,
    onResponse: (exchange) => {
      violations.push(...violationsOf(exchange));
      options.onResponse?.(exchange);
    },
  });
  const checked: TestEmulator = { ...emulator, violations };
  open.add(checked);
  return checked;
}

/** What leads a process to the emulator. */
export function environmentFor({ apiKey, url }: Emulator): Record<string, string> {
  return { COCKROACH_API_KEY: apiKey, COCKROACH_SERVER: url };
}

/** Closes all emulators started so far. @throws when one of their responses was not as the document says. */
export async function closeTestEmulators(): Promise<void> {
  const emulators = [...open];
  open.clear();
  await Promise.all(emulators.map((emulator) => emulator.close()));
  const violations = emulators.flatMap((emulator) => emulator.violations);
  assert.deepEqual(violations, [], "responses are as the OpenAPI document says");
}

/**
 * Registers a hook that, after each test of the surrounding `describe`, closes its emulators and fails when an
 * response was wrong.
 */
export function checkEmulators(): void {
  afterEach(closeTestEmulators);
}

/** The same for a whole run: `mocha --require tests/support/emulator.ts`. */
export const mochaHooks = { afterEach: closeTestEmulators };

// The emulator's time. Every state is computed from the clock when it is read, and no timer runs, so a
// clock that is advanced by hand makes an Advanced cluster ready without any waiting.

/** How time passes in the emulator. Created by `realClock`, `scaledClock` or `manualClock`. */
export interface Clock {
  /** How many times faster than the wall clock it runs: 1 = real, 0 = only when advanced. */
  readonly scale: number;
  /** The emulator's time, in milliseconds since 1970. */
  now(): number;
  /**
   * Moves the time forward at once. Works on every clock, also on one that runs.
   *
   * The promise resolves after input and output that were already pending have been dealt with.
   * @param ms Milliseconds of emulator time, zero or more.
   */
  advance(ms: number): Promise<void>;
}

function clockAt(scale: number, start: number): Clock {
  const startedAt = performance.now();
  let advanced = 0;
  return {
    scale,
    now: () => Math.floor(start + advanced + (performance.now() - startedAt) * scale),
    advance: async (ms) => {
      if (!(ms >= 0)) {
        throw new RangeError(`A clock only moves forward, got ${ms} ms.`);
      }
      advanced += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A clock that runs with the wall clock. */
export function realClock(): Clock {
  return clockAt(1, Date.now());
}

/**
 * A clock that starts now and runs faster (or slower) than the wall clock.
 * @param scale Emulator milliseconds per real millisecond, above zero; 60 makes a minute of a second.
 */
export function scaledClock(scale: number): Clock {
  if (!(scale > 0)) {
    throw new RangeError(`The scale of a clock is a number above zero, got ${scale}.`);
  }
  return clockAt(scale, Date.now());
}

/**
 * A clock that stands still until it is advanced.
 * @param start Milliseconds since 1970 at which it stands first.
 * @default 2026-06-01T00:00:00Z
 */
export function manualClock(start: number = Date.UTC(2026, 5, 1)): Clock {
  return clockAt(0, start);
}

// A lab: an emulator, the time, and as many stacks as a test wants.

import type { EmulatorOptions, LoggedRequest } from "../../../emulator";
import type { Time } from "../driven-time";
import { drivenTime, requestsOnTheirWayTo, whenLost } from "../driven-time";
import type { TestEmulator } from "../emulator";
import { startTestEmulator } from "../emulator";
import type { StackOptions } from "./provider-process";
import { Stack } from "./stack";

/** An emulator, the time, and as many stacks as a test wants. */
export interface Lab {
  readonly emulator: TestEmulator;
  readonly time: Time;
  /** A new stack. */
  stack(options?: StackOptions): Stack;
  /** Lets the time stand also while requests are on their way to this server. */
  trackRequestsTo(server: TrackedServer): void;
}

/** A server that the provider sends requests to: the emulator, or another one. */
export interface TrackedServer {
  readonly address: string;
  /** How many of its requests end by nothing but a time-out. */
  hanging(): number;
}

/** Starts an emulator whose clock is the one of everything else. */
export async function startLab(options: EmulatorOptions = {}): Promise<Lab> {
  // Loaded by the client with its first request, which would take real time.
  await Promise.all([import("node-fetch"), import("p-retry")]);
  let isBusy = () => false;
  const time = drivenTime(() => isBusy());
  const emulator = await startTestEmulator({
    clock: time,
    rateLimit: { time: "emulator" },
    ...options,
  });
  const address = `127.0.0.1:${emulator.port}`;
  const givenUp = new Set<LoggedRequest>();
  const hanging = () =>
    emulator.requests.filter(
      (request) => request.fault?.startsWith("hangs") && !givenUp.has(request),
    );
  whenLost.set(address, () => {
    const [oldest] = hanging();
    if (oldest) givenUp.add(oldest);
  });
  // Who waits for a request that hangs waits for the time-out.
  const tracked: TrackedServer[] = [{ address, hanging: () => hanging().length }];
  isBusy = () =>
    tracked.some((server) => {
      const sent = requestsOnTheirWayTo(server.address);
      return sent > 0 && sent > server.hanging();
    });
  return {
    emulator,
    time,
    stack: (stackOptions = {}) => new Stack(emulator, time, stackOptions),
    trackRequestsTo: (server) => tracked.push(server),
  };
}

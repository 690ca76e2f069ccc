// The queue of each credential. One request budget belongs to all who use it.

import { createHash } from "node:crypto";
import type { Clock } from "./clock";
import { systemClock } from "./clock";
import { MachineQueue } from "./machine-queue";
import type { RequestQueue } from "./rate-limit";
import { RateLimiter } from "./rate-limit";

// One table for all copies of this package in the process that mean the same by a queue, since they share the service's limit.
const registryKey = Symbol.for("pulumi-cockroachdb-cloud/rate-limiters/2");
const queuesOfOtherClocks = new WeakMap<Clock, Map<string, RequestQueue>>();

// Processes meet at the socket of this name, and must speak one protocol.
const protocol = 1;

function queuesOf(clock: Clock): Map<string, RequestQueue> {
  if (clock === systemClock) {
    const shared = globalThis as { [registryKey]?: Map<string, RequestQueue> };
    shared[registryKey] ??= new Map();
    return shared[registryKey];
  }
  const own = queuesOfOtherClocks.get(clock) ?? new Map<string, RequestQueue>();
  queuesOfOtherClocks.set(clock, own);
  return own;
}

/** Whose requests the service counts together. */
export interface BudgetOwner {
  serverUrl: string;
  /** The secret of an API key, or a token. */
  secret: string;
  /** Whom a token stands for that stands for several users, each with a budget of its own. */
  username?: string | undefined;
}

/**
 * The queue that every client with this server and credential shares, in this process and, in real time, in all
 * processes of this user on this machine. Clients find it by themselves; code that calls the API without a client can
 * queue here too.
 */
export function rateLimiterFor(
  { serverUrl, secret, username }: BudgetOwner,
  clock: Clock = systemClock,
  random: () => number = Math.random,
): RequestQueue {
  const owner = [new URL(serverUrl).origin, secret, ...(username === undefined ? [] : [username])];
  const key = createHash("sha256")
    .update(JSON.stringify([protocol, ...owner]))
    .digest("hex");
  const queues = queuesOf(clock);
  const queue =
    queues.get(key) ??
    (clock === systemClock
      ? new MachineQueue({ name: key.slice(0, 16), random })
      : new RateLimiter(clock, random));
  queues.set(key, queue);
  return queue;
}

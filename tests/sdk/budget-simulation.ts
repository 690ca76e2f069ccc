// Processes with one key at one server, in simulated time: the real limiter in each, a network that
// delays every message by a random time, and the two ways in which a server may count.

import { randomNumbers } from "../../emulator/cluster/random-numbers";
import { limiter as serverLimit } from "../../emulator/server/rate-limit";
import { RateLimiter } from "../../sdk";
import { manualClock } from "../support/clock";

export interface SimulatedProcess {
  /** @default 0 */
  startsAtS?: number;
  /** @default when the simulation ends */
  endsAtS?: number;
  /** How many requests it makes. @default as many as it gets through */
  requests?: number;
}

export interface Simulation {
  processes: readonly SimulatedProcess[];
  algorithm: "sliding-window" | "token-bucket";
  seconds: number;
  seed: number;
  /** The shortest time that a message is on its way. @default 1 */
  delayMs?: number;
  /** By how much it may be longer. @default 0 */
  jitterMs?: number;
}

/** What happened to the requests of one process. */
export interface ProcessRecord {
  /** When the server took each, in milliseconds. */
  accepted: number[];
  /** When the server refused each. */
  refused: number[];
  /** When each left the process. */
  sent: number[];
  /** The most refusals that one request met with. */
  maxRefusals: number;
}

/** As Pulumi without a limit of its own: there is always something to do. */
const workersOfProcess = 20;

/** Runs the processes; returns what the server saw of each. */
export async function simulated(simulation: Simulation): Promise<ProcessRecord[]> {
  const { processes, algorithm, seconds, seed, delayMs = 1, jitterMs = 0 } = simulation;
  const clock = manualClock(0, 1);
  const random = randomNumbers(seed);
  const server = serverLimit({ perSecond: 10, algorithm, retryAfterSeconds: 1, time: "emulator" });
  const onItsWay = () => clock.sleep(delayMs + random() * jitterMs);

  const run = async ({
    startsAtS = 0,
    endsAtS = seconds,
    requests = Number.POSITIVE_INFINITY,
  }: SimulatedProcess): Promise<ProcessRecord> => {
    const limiter = new RateLimiter(clock, random);
    const record: ProcessRecord = { accepted: [], refused: [], sent: [], maxRefusals: 0 };
    let begun = 0;
    await clock.sleep(startsAtS * 1_000 + random() * 50);
    const worker = async () => {
      while (clock.now() < endsAtS * 1_000 && begun < requests) {
        begun += 1;
        const ticket = limiter.ticket();
        let refusals = 0;
        while (clock.now() < endsAtS * 1_000) {
          const turn = await limiter.acquire({ ticket });
          if (typeof turn === "string") throw new Error(`a turn that is ${turn}`);
          turn.sent();
          record.sent.push(clock.now());
          await onItsWay();
          const isAccepted = server.admit(clock.now());
          record[isAccepted ? "accepted" : "refused"].push(clock.now());
          await onItsWay();
          turn.responded();
          if (isAccepted) {
            turn.accepted();
            break;
          }
          turn.throttled(1_000);
          refusals += 1;
          record.maxRefusals = Math.max(record.maxRefusals, refusals);
          await clock.sleep(1_000);
        }
      }
    };
    await Promise.all(Array.from({ length: workersOfProcess }, worker));
    return record;
  };

  return await clock.run(Promise.all(processes.map(run)));
}

/** How many of these times lie between two seconds. */
export function between(times: readonly number[], fromS: number, toS: number): number {
  return times.filter((at) => at >= fromS * 1_000 && at < toS * 1_000).length;
}

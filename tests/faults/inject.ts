// Striking down a run of the real command line at a request: the service has carried it out, or not, and its response
// is still on the way.
import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import type { CliRun, Ended } from "../support/engine";
import { processesOf, untilEnded } from "../support/processes";

const dynamicProvider = /^\S*node\s.*[\\/]cmd[\\/]dynamic-provider/;

/** How a run is stopped. */
export interface Kill {
  readonly title: string;
  /** Whether the engine writes down what it knows, and the provider gets its response. */
  readonly isGentle: boolean;
  /** Whether the engine dies, so that what was under way may stay a pending operation. */
  readonly leavesPending: boolean;
  /** Whether the stack stays locked. */
  readonly leavesLock: boolean;
  inject(run: CliRun, provider: number): Promise<void>;
}

const signal = (run: CliRun, name: NodeJS.Signals) => void run.child.kill(name);

export const kills: readonly Kill[] = [
  ...(["SIGINT", "SIGTERM"] as const).map((name) => ({
    title: `one ${name}`,
    isGentle: true,
    leavesPending: false,
    leavesLock: false,
    inject: async (run: CliRun) => signal(run, name),
  })),
  {
    title: "SIGINT twice",
    isGentle: false,
    leavesPending: true,
    leavesLock: false,
    async inject(run) {
      signal(run, "SIGINT");
      await Promise.race([run.printed("^C received"), run.ended]);
      signal(run, "SIGINT");
    },
  },
  {
    title: "kill -9 of the command line",
    isGentle: false,
    leavesPending: true,
    leavesLock: true,
    inject: async (run) => signal(run, "SIGKILL"),
  },
  {
    title: "kill -9 of the provider process",
    isGentle: false,
    leavesPending: false,
    leavesLock: false,
    inject: async (_run, provider) => void process.kill(provider, "SIGKILL"),
  },
];

/** Whether the request that is hit has had its effect. */
export type Moment = "after-effect" | "before-effect";

export interface Injection {
  readonly kill: Kill;
  /** Which request of the run, counted from 1. */
  readonly nth: number;
  readonly moment: Moment;
}

/**
 * Starts a run and hits at its n-th request, unless it has ended before.
 * @param onInject Called before the kill, while that request waits for its response.
 */
export async function inject(
  { kill, nth, moment }: Injection,
  emulator: Emulator,
  start: () => CliRun,
  onInject: () => void,
): Promise<{ isHit: boolean; ended: Ended }> {
  let isOver = false;
  const hit = new Promise<void>((resolve) => {
    let count = 0;
    const fault = kill.isGentle ? { delayMs: 1_000 } : { hang: moment };
    emulator.faults.add("*", {
      ...fault,
      nth,
      when() {
        // It must not hit a later run.
        if (isOver) return false;
        count += 1;
        if (count === nth) {
          onInject();
          resolve();
        }
        return true;
      },
    });
  });
  const run = start();
  const isHit = await Promise.race([hit.then(() => true), run.ended.then(() => false)]);
  isOver = true;
  if (!isHit) return { isHit, ended: await run.ended };
  const [provider, ...others] = processesOf(run, dynamicProvider);
  assert.ok(provider !== undefined && others.length === 0, "the run has one provider process");
  await kill.inject(run, provider);
  const ended = await run.ended;
  await untilEnded(provider);
  return { isHit, ended };
}

/**
 * What to do when a POST has failed and the object exists, or may exist: the response was lost, or the API refused the
 * POST because of an object that was there before.
 */

import { BadRequestError, ConflictError } from "../../sdk/index";
import { importAdvice, withAdviceFor } from "./advice";
import type { Place, WriteCall } from "./definition";
import type { Driver } from "./driver";

const pollIntervalMs = 3_000;
/** How many reads in a row must not find what a POST may have created. */
const minMisses = 2;
/** For how long reads that fail are repeated after the search would have been over. */
const unreadableMs = 2 * 60_000;

interface FailedCreate<Remote> {
  readonly error: unknown;
  /** Whether the API refused it as existing; otherwise the response was lost. */
  readonly isExisting: boolean;
  search(): Promise<Remote | undefined>;
}

/** For objects of which no document says how the API refuses a second one: a 409, or a 400 while there is one. */
export async function isRefusedForOther(
  error: unknown,
  exists: () => Promise<boolean>,
): Promise<boolean> {
  return ConflictError.isInstance(error) || (BadRequestError.isInstance(error) && (await exists()));
}

/** The object, when it is ours or may be adopted. Throws what the user can do otherwise. */
export async function adoptOrExplain<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  inputs: Inputs,
  call: WriteCall,
  { error, isExisting, search }: FailedCreate<Remote>,
): Promise<Remote> {
  const { definition } = driver;
  const { noun, lostCreate = {} } = definition;
  const { isOurs = () => true, pollMs, claim, foundWarning, notFoundAdvice } = lostCreate;
  if (!isExisting || definition.adoptExisting !== undefined) {
    const { signal } = call.context;
    const { found, isKnown } =
      isExisting || pollMs === undefined
        ? { found: await search().catch(throwUnlessInterrupted), isKnown: !signal.aborted }
        : await searchAfterLoss(pollMs, call, search);
    function throwUnlessInterrupted(failure: unknown): undefined {
      if (!signal.aborted) throw failure;
    }
    if (found === undefined && !isExisting && !isKnown) throw withOpenAdvice(error, noun, signal);
    if (found === undefined) {
      throw withAdviceFor(
        error,
        isExisting ? `No such ${noun} was found: run the update again.` : notFoundAdvice,
      );
    }
    if (!isExisting && isOurs(found, inputs)) {
      if (claim) {
        const place = inputs as unknown as Place<State>;
        await driver.write(place, call.context, (write) => claim(inputs, write));
      }
      if (foundWarning) await call.context.note("warning", foundWarning(inputs));
      return found;
    }
    const adopted = await definition.adoptExisting?.(found, inputs, call);
    if (adopted !== undefined) return adopted;
  }
  const id =
    definition.idOf(inputs, undefined) ??
    definition.idOf(inputs, await search().catch(() => undefined));
  throw withAdviceFor(error, importAdvice(definition, id));
}

/** What a search has found. */
interface SearchOutcome<Found> {
  readonly found?: Found | undefined;
  /** Whether it is known that there is nothing else: several reads in a row have not found it. */
  readonly isKnown: boolean;
}

/**
 * Searches for what a POST without a response may have created, for `pollMs`, and on while reads fail. A single read that
 * does not find it may come from a stale replica.
 */
export async function searchAfterLoss<Found>(
  pollMs: number,
  { context: { clock, signal }, deadline }: Pick<WriteCall, "context" | "deadline">,
  search: () => Promise<Found | undefined>,
): Promise<SearchOutcome<Found>> {
  const start = clock.now();
  let misses = 0;
  while (!signal.aborted) {
    // The failure of the POST says more than the failure of a read would.
    const found = await search().catch(() => null);
    if (found !== null && found !== undefined) return { found, isKnown: true };
    misses = found === null ? 0 : misses + 1;
    const waitedMs = clock.now() - start;
    const isOver = waitedMs >= pollMs && misses >= minMisses;
    if (isOver || waitedMs >= pollMs + unreadableMs || clock.now() >= deadline) break;
    await clock.sleep(pollIntervalMs, signal).catch(() => {});
  }
  return { isKnown: !signal.aborted && misses >= minMisses };
}

/** The failure of a POST without a response, where no search shows what it has created. */
export function withOpenAdvice(error: unknown, noun: string, signal: AbortSignal): unknown {
  const advice = signal.aborted
    ? `The response was lost, and the run was interrupted before it was known whether the request had created the ${noun}. Nothing was sent twice. Run the update again, which finds what may have been created.`
    : `The response was lost, and no read has shown whether the request has created the ${noun}. Nothing was sent twice. Run the update again, which finds what may have been created.`;
  return withAdviceFor(error, advice);
}

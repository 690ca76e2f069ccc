/**
 * What to do when a POST has failed and the object exists, or may exist: the response was lost, or the API refused the
 * POST because of an object that was there before.
 */
import { RequestError, withAdvice } from "../../sdk/index";
import type { LostCreate, Place, WriteCall } from "./definition";
import type { Driver } from "./driver";

const pollIntervalMs = 3_000;

interface FailedCreate<Remote> {
  readonly error: unknown;
  /** Whether the API refused it as existing; otherwise the response was lost. */
  readonly isExisting: boolean;
  search(): Promise<Remote | undefined>;
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
  const { isOurs = () => true, claim, foundWarning, notFoundAdvice } = lostCreate;
  if (!isExisting || definition.adoptExisting !== undefined) {
    const found = isExisting ? await search() : await findLost(lostCreate, call, search);
    if (found === undefined) {
      throw advised(
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
  throw advised(
    error,
    `To manage the ${noun} here, add the option {import: "${id ?? definition.idFormat}"} to the resource; otherwise ${definition.existsAdvice}.`,
  );
}

async function findLost<Remote>(
  { pollMs }: LostCreate<never, Remote>,
  { context: { clock, signal }, deadline }: WriteCall,
  search: () => Promise<Remote | undefined>,
): Promise<Remote | undefined> {
  if (pollMs === undefined) return await search();
  const end = Math.min(clock.now() + pollMs, deadline);
  while (!signal.aborted) {
    // The failure of the POST says more than the failure of a read would.
    const found = await search().catch(() => undefined);
    if (found !== undefined || clock.now() >= end) return found;
    await clock.sleep(pollIntervalMs, signal).catch(() => {});
  }
  return undefined;
}

/** The error with an advice, where there is one and the error is of a request. */
export function advised(error: unknown, advice: string | undefined): unknown {
  return advice !== undefined && RequestError.isInstance(error) ? withAdvice(error, advice) : error;
}

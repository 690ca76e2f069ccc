/** What the reader of a failure can do. */
import { RequestError, withAdvice } from "../../sdk/index";
import type { ResourceDefinition } from "./definition";
import { ifReplaced } from "./errors";

/** What can be done about an existing object. */
export function importAdvice(
  {
    noun,
    idFormat,
    existsAdvice,
  }: Pick<ResourceDefinition<never, never, never>, "noun" | "idFormat" | "existsAdvice">,
  id: string | undefined,
): string {
  const known = id ?? idFormat;
  const advice =
    existsAdvice === undefined
      ? `To manage the ${noun} here, add the option {import: "${known}"} to the resource.`
      : `To manage the ${noun} here, add the option {import: "${known}"} to the resource; otherwise ${existsAdvice}.`;
  return `${advice} ${ifReplaced}`;
}

/** What can be done when the API refuses a change with a 409. */
export function conflictAdvice({
  updateConflictAdvice,
}: Pick<ResourceDefinition<never, never, never>, "updateConflictAdvice">): string {
  return updateConflictAdvice ?? "Another change may be in progress: run the update again.";
}

/** The error with an advice, where there is one and the error is of a request. */
export function withAdviceFor(error: unknown, advice: string | undefined): unknown {
  return advice !== undefined && RequestError.isInstance(error) ? withAdvice(error, advice) : error;
}

/** What differs between a defined resource and its arguments, and what that costs. Pure. */
import { omitUndefined } from "../values/omit-undefined";
import { hasUnknown } from "../values/unknown";
import type { Changes, Known, ResourceDefinition } from "./definition";
import type { Driver } from "./driver";
import type { DiffOutcome, Note, Stored } from "./lifecycle";
import { warning } from "./lifecycle";

export function diff<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  id: string,
  { state, inputs }: Stored<Inputs, State>,
  news: Inputs,
): DiffOutcome {
  const { definition, compare } = driver;
  const known = driver.known(id, state);
  const changes = compare.changes(known, news);
  const refusal = definition.refuse?.(known, news);
  const reason = definition.replacedBecause?.(known);
  return {
    updates: [
      ...changes.updates,
      ...compare.renewals(changes, inputs, news),
      ...(definition.settlement?.hasFailed?.(known) === true ? ["status"] : []),
      ...(definition.settlement?.awaited?.(known) ?? []),
    ],
    replaces: [...changes.replaces, ...(reason === undefined ? [] : ["state"])],
    // Otherwise it is the class's and the program's to say which of two goes first.
    deleteBeforeReplace: definition.deletesFirst?.(changes) === true,
    notes: [
      ...impactOf(definition, changes, known, news),
      ...(reason === undefined ? [] : [warning(reason)]),
    ],
    ...omitUndefined({ refusal }),
  };
}

/** What a change costs; in a replacement, only when an argument is sure to differ. */
function impactOf<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
  changes: Changes<Inputs>,
  known: Known<State>,
  news: Inputs,
): Note[] {
  const { replacementWarning } = definition;
  if (replacementWarning === undefined || changes.replaces.length === 0)
    return definition.impact?.(changes, known, news) ?? [];
  const isSure = changes.replaces.some((name) => !hasUnknown(news[name]));
  const loss = isSure ? replacementWarning(known) : undefined;
  return loss === undefined ? [] : [warning(loss)];
}

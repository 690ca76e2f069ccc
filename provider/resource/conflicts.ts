/** What does not go together with other resources of the program. */
import type { OthersInRun } from "../engine/run-record";
import type { CheckFailure } from "./check";
import type { Driver } from "./driver";

export function conflicts<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  news: Readonly<Record<string, unknown>>,
  others: OthersInRun,
): CheckFailure[] {
  return [
    ...duplicateFailures(driver, news, others),
    ...(driver.definition.conflicts?.(news, others) ?? []),
  ];
}

/** Fails where another resource of the program has the same arguments, and the service would create an object for each. */
function duplicateFailures<Inputs extends object, State extends object, Remote>(
  { definition, compare }: Driver<Inputs, State, Remote>,
  news: Readonly<Record<string, unknown>>,
  others: OthersInRun,
): CheckFailure[] {
  const { type, noun, collection } = definition;
  if (collection?.acceptsDuplicates !== true) return [];
  return others(noun)
    .filter(({ inputs }) => compare.isSame(inputs, news))
    .map(({ name }) => ({
      property: Object.keys(definition.arguments)[0] as string,
      reason: `is the same as in ${type} "${name}", and so is every other argument: remove one of the two.`,
    }));
}

/**
 * Makes a resource of its definition. Each operation, the same for every resource, is in a file of its name: check, compare (diff), create
 * with lost-create and import, read, update and delete.
 *
 * Cluster and CmekConfig implement `Lifecycle` themselves.
 */
import type { OthersInRun } from "../engine/run-record";
import { omitUndefined } from "../values/omit-undefined";
import { hasUnknown } from "../values/unknown";
import type { CheckFailure } from "./check";
import { shapeFailures } from "./check";
import { partLifecycle } from "./cluster-scoped";
import { create } from "./create";
import type { Changes, Known, ResourceDefinition } from "./definition";
import { deleteObject } from "./delete";
import { Driver } from "./driver";
import { idProblem } from "./id-form";
import { importExisting } from "./import";
import { inventoryOf } from "./inventory";
import type { Lifecycle, Note } from "./lifecycle";
import { warning } from "./lifecycle";
import { read } from "./read";
import { referencesIn } from "./references";
import type { Resource } from "./resource";
import { noteResource } from "./resource";
import { clusterArgumentsOf } from "./resource-types";
import { update } from "./update";

export interface DefinedResource<Inputs extends object, State extends object> {
  readonly lifecycle: Lifecycle<Inputs, State>;
  readonly resource: Resource;
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

export function defineResource<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
): DefinedResource<Inputs, State> {
  const driver = new Driver(definition);
  const clusterArguments = clusterArgumentsOf(definition.type);
  const { plans = definition.setting?.plans ?? definition.collection?.plans } = definition;
  const lifecycle =
    clusterArguments.length > 0
      ? partLifecycle(lifecycleOf(driver), clusterArguments, plans)
      : lifecycleOf(driver);
  return { lifecycle, resource: noteResource(definition.type, inventoryOf(driver, lifecycle)) };
}

function lifecycleOf<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
): Lifecycle<Inputs, State> {
  const { definition, compare } = driver;
  const fixed = Object.entries(compare.onChange)
    .filter(([, onChange]) => onChange === "replace")
    .map(([name]) => name);
  return {
    kind: definition.noun,
    references: (inputs) => referencesIn(definition.type, inputs),
    ...omitUndefined({ secrets: definition.secrets }),
    resets: compare.resets,
    ...omitUndefined({ loss: definition.loss }),
    ...(definition.byDefault && { byDefault: definition.byDefault }),

    idProblem: (text) => idProblem(definition, text),
    fixed,

    identify(inputs) {
      if (fixed.some((name) => hasUnknown(inputs[name]))) return undefined;
      const id = definition.idOf(inputs as Inputs, undefined);
      const [cluster = "", property = cluster] = fixed;
      return id === undefined ? undefined : { id, property };
    },

    objectOf: (id, state) =>
      definition.idOf(driver.known(id, state) as unknown as Inputs, undefined) ?? id,

    claims: (inputs) => definition.claims?.(inputs as Inputs) ?? [],

    conflicts: (inputs, others) => [
      ...duplicateFailures(driver, inputs, others),
      ...(definition.conflicts?.(inputs, others) ?? []),
    ],

    check(olds, news, adopt, clusters = []) {
      const failures = shapeFailures(definition.inputs, news);
      return (
        definition.check?.(olds, news, failures, adopt, ...clusters) ?? { failures, notes: [] }
      );
    },

    diff(id, { state, inputs }, news) {
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
    },

    create: (inputs, context) =>
      context.adopt === undefined
        ? create(driver, inputs, context)
        : importExisting(driver, context.adopt, inputs, context),

    read: (id, stored, context) => read(driver, id, stored, context),
    update: (id, stored, news, context) => update(driver, id, stored, news, context),
    delete: (id, { state }, context) => deleteObject(driver, id, state, context),
  };
}

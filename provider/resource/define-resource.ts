import { omitUndefined } from "../values/omit-undefined";
import { hasUnknown } from "../values/unknown";
import { shapeFailures } from "./check";
import { partLifecycle } from "./cluster-scoped";
import { conflicts } from "./conflicts";
import { create } from "./create";
import type { ResourceDefinition } from "./definition";
import { deleteObject } from "./delete";
import { diff } from "./diff";
import { Driver } from "./driver";
import { idProblem } from "./id-form";
import { importExisting } from "./import";
import { inventoryOf } from "./inventory";
import type { Lifecycle } from "./lifecycle";
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

    conflicts: (inputs, others) => conflicts(driver, inputs, others),

    check(olds, news, adopt, clusters = []) {
      const failures = shapeFailures(definition.inputs, news);
      return (
        definition.check?.(olds, news, failures, adopt, ...clusters) ?? { failures, notes: [] }
      );
    },

    create: (inputs, context) =>
      context.adopt === undefined
        ? create(driver, inputs, context)
        : importExisting(driver, context.adopt, inputs, context),

    diff: (id, stored, news) => diff(driver, id, stored, news),
    read: (id, stored, context) => read(driver, id, stored, context),
    update: (id, stored, news, context) => update(driver, id, stored, news, context),
    delete: (id, { state }, context) => deleteObject(driver, id, state, context),
  };
}

/** A defined resource for those who go over all resources: the doctor, `export`, the mocks and the tests. */
import { undefinedIfNotFound } from "../../sdk/index";
import type { Collection, Place } from "./definition";
import type { Driver } from "./driver";
import type { Lifecycle } from "./lifecycle";
import type { Existing, FoundObject, ReadCall, Resource, Trouble } from "./resource";
import { clusterArgumentOf } from "./resource-types";

export function inventoryOf<Inputs extends object, State extends object, Remote>(
  driver: Driver<Inputs, State, Remote>,
  lifecycle: Lifecycle<Inputs, State>,
): Resource {
  const { definition, compare } = driver;
  const { collection, setting } = definition;
  const clusterArgument = clusterArgumentOf(definition.type) ?? "";
  const inCluster = (clusterId: string | undefined) =>
    (clusterId === undefined ? {} : { [clusterArgument]: clusterId }) as Place<State>;
  const placeOf = (id: string, values: object) =>
    ({ ...values, ...definition.placeOf?.(id, values as Partial<State>), id }) as Place<State>;

  async function list(
    of: Collection<State, Remote>,
    clusterId: string | undefined,
    wanted: ReadonlySet<string>,
    call: ReadCall,
    now: number,
  ): Promise<Existing> {
    const place = inCluster(clusterId);
    const keys = new Set<string>();
    const objects = new Map<string, FoundObject>();
    const troubles = new Map<string, Trouble>();
    const add = (key: string, remote: Remote) => {
      const trouble = definition.trouble?.(remote, now);
      if (trouble !== undefined) troubles.set(key, trouble);
      objects.set(key, toFoundObject(remote, place));
      if (of.isAbsent?.(remote) !== true) keys.add(key);
    };
    for await (const remote of of.list(place, call)) add(of.keyOf(remote), remote);
    for (const key of [...wanted].filter((one) => of.get !== undefined && !keys.has(one))) {
      // An id of the organization is its key.
      const read = of.get?.(
        placeOf(clusterId === undefined ? key : `${clusterId}:${key}`, place),
        call,
      );
      const remote = read && (await undefinedIfNotFound(read));
      if (remote !== undefined) add(key, remote);
      else if (of.isHistory === true) keys.add(key);
    }
    return { keys, objects, troubles };
  }

  function toFoundObject(remote: Remote, place: Place<State>): FoundObject {
    return {
      outputs: definition.toState(remote, place) as Readonly<Record<string, unknown>>,
      driftFrom({ id, inputs, outputs }) {
        const state = definition.toState(remote, driver.known(id, outputs as Partial<State>));
        const { updates, replaces } = compare.changes(state, inputs as Inputs);
        return [...updates, ...replaces];
      },
    };
  }

  /** A setting that has a default exists always, as history does: only the cluster can be missing. */
  const isLasting = setting?.isDefault !== undefined || collection?.isHistory === true;
  return {
    lifecycle,
    inputs: definition.inputs,
    outputs: [...Object.keys(definition.arguments), ...(definition.outputs ?? [])],
    ...(definition.byDefault && { byDefault: definition.byDefault }),
    returned: (inputs) => ({
      ...compare.cleared(inputs as Inputs),
      ...compare.returned(inputs as Partial<Inputs>),
    }),
    ...(definition.createsBeforeDelete !== true && { isDeletedFirst: true }),
    ...(definition.isMarked && { isMarked: definition.isMarked }),
    idFormat: definition.idFormat,
    ...(definition.idInTerraform && { idInTerraform: definition.idInTerraform }),
    onChange: compare.onChange,
    changedBy: compare.changedBy,
    keyOf: (id, values) =>
      collection === undefined
        ? ""
        : collection.keyIn(id === undefined ? (values as Place<State>) : placeOf(id, values)),
    ...(isLasting && { isLasting }),
    async findExisting(clusterId, wanted, call, now) {
      if (collection !== undefined) return await list(collection, clusterId, wanted, call, now);
      const place = inCluster(clusterId);
      const remote = await setting?.get(place, call);
      if (remote === undefined) return { keys: new Set(isLasting ? [""] : []) };
      const trouble = definition.trouble?.(remote, now);
      return {
        keys: new Set([""]),
        objects: new Map([["", toFoundObject(remote, place)]]),
        troubles: new Map(trouble === undefined ? [] : [["", trouble]]),
      };
    },
    async findCandidates(cluster, context) {
      const place = inCluster(cluster?.id);
      const named = (name: string) => (cluster === undefined ? name : `${cluster.name}-${name}`);
      const idOf = (remote: Remote | undefined) =>
        definition.idOf(
          (remote === undefined ? place : definition.toState(remote, place)) as unknown as Inputs,
          remote,
        ) ?? "";
      if (setting !== undefined) {
        const isPossible = setting.plans.some((plan) => plan === cluster?.plan);
        return isPossible ? [{ id: idOf(undefined), name: named(setting.name) }] : [];
      }
      if (collection?.isCoveredByAnother === true || collection?.isHistory === true) return [];
      if (collection?.plans?.some((plan) => plan === cluster?.plan) === false) return [];
      const items = await driver.listOf(place, context)?.recentItems();
      return [...(items ?? [])]
        .filter(
          ([, remote]) =>
            collection?.isOwnedByService?.(remote) !== true &&
            collection?.isAbsent?.(remote) !== true,
        )
        .map(([key, remote]) => ({
          id: idOf(remote),
          name: named(collection?.nameOf?.(remote) ?? key),
        }));
    },
    isDefault: (state) => setting?.isDefault?.(state as State) === true,
    mock: {
      idOf: (inputs) => definition.idOf(inputs as Inputs, undefined),
      outputsOf(inputs, id) {
        const place = definition.placeOf?.(id, (inputs ?? {}) as Partial<State>);
        const given = inputs === undefined ? {} : compare.returned(inputs as Inputs);
        const known = { ...place, ...given } as Partial<State>;
        return compare.complete({ ...definition.sample?.(known), ...known });
      },
    },
  };
}

/** What the operations of a defined resource share: its definition, the comparison by it, and how an object is found. */
import type { RequestOptions } from "../../sdk/index";
import { undefinedIfNotFound } from "../../sdk/index";
import type { CachedList } from "../cache/cached-list";
import { whenReady } from "../cluster/wait";
import { defaultTimeoutMs } from "./cluster-scoped";
import { Comparison } from "./compare";
import type { Known, Place, ResourceDefinition, WriteCall } from "./definition";
import type { Context, ReadContext } from "./lifecycle";
import type { ResourceType } from "./resource-types";
import { clusterArgumentOf, resourceTypes } from "./resource-types";

export class Driver<Inputs extends object, State extends object, Remote> {
  readonly definition: ResourceDefinition<Inputs, State, Remote>;
  readonly compare: Comparison<Inputs, State>;

  constructor(definition: ResourceDefinition<Inputs, State, Remote>) {
    this.definition = definition;
    this.compare = new Comparison(definition);
  }

  known(id: string, state: Partial<State>): Known<State> {
    return { ...state, ...this.definition.placeOf?.(id, state), id } as Known<State>;
  }

  /** The cluster that the object belongs to, where it belongs to one. */
  clusterOf(place: Place<State>): string | undefined {
    return clusterOf(this.definition.type, place);
  }

  /**
   * The state after a write: from a response, or without one from the arguments. A response with another value of an argument
   * that can never change is not believed: the object would be replaced, and a refresh reports it.
   */
  stateAfter(remote: Remote | undefined, inputs: Inputs, before: Partial<State> = {}): State {
    const kept = Object.entries(before).filter(([name]) => !this.compare.isCleared(name, inputs));
    const written = this.compare.returned(inputs);
    const known = { ...(Object.fromEntries(kept) as Partial<State>), ...written };
    if (remote === undefined) return this.compare.complete(known);
    const state = this.definition.toState(remote, known);
    const { replaces } = this.compare.changes(state, inputs);
    return Object.assign(
      state,
      Object.fromEntries(replaces.map((name) => [name, Reflect.get(written, name)])),
    );
  }

  /** The list that all reads of the process share, where the API has one. */
  listOf(
    place: Place<State>,
    context: Pick<ReadContext, "cloud" | "lists">,
  ): CachedList<Remote> | undefined {
    return cachedListOf(this.definition, place, context);
  }

  /** Finds the object, in the shared list where there is one. */
  async find(
    place: Place<State>,
    context: ReadContext,
    options: RequestOptions = {},
  ): Promise<Remote | undefined> {
    const { setting, collection } = this.definition;
    const { cloud, signal } = context;
    const call = { cloud, options: { ...options, signal } };
    if (setting !== undefined) return await undefinedIfNotFound(setting.get(place, call));
    const key = collection?.keyIn(place);
    // Nothing in a list would be known to be it.
    if (collection === undefined || (key ?? collection.matches) === undefined) return undefined;
    if (key === undefined) {
      const [only, ...others] = await this.matching(place, context, options);
      return others.length === 0 ? only : undefined;
    }
    const items = await this.listOf(place, context)?.recentItems(options);
    const remote =
      items?.get(key) ??
      (collection.get && (await undefinedIfNotFound(collection.get(place, call))));
    if (remote === undefined || collection.isAbsent?.(remote) === true) return undefined;
    const clusterId = this.clusterOf(place);
    if (collection.withCluster === undefined || clusterId === undefined) return remote;
    const cluster = await context.clusters.getCached(clusterId, options);
    return cluster && collection.withCluster(remote, cluster);
  }

  /** The same; undefined also where the cluster is deleted. */
  async findIfAny(
    place: Place<State>,
    context: ReadContext,
    options?: RequestOptions,
  ): Promise<Remote | undefined> {
    return await undefinedIfNotFound(this.find(place, context, options));
  }

  /** All objects that the arguments describe, where the service gives the key. */
  async matching(
    place: Place<State>,
    context: ReadContext,
    options: RequestOptions,
  ): Promise<Remote[]> {
    const { collection } = this.definition;
    const items = await this.listOf(place, context)?.recentItems(options);
    return [...(items?.values() ?? [])].filter(
      (remote) => collection?.matches?.(remote, place) && collection.isAbsent?.(remote) !== true,
    );
  }

  /** Sends a write, once the cluster that the object belongs to is free for it. */
  async write<Result>(
    place: Place<State>,
    context: Context,
    request: (call: WriteCall) => Promise<Result>,
    kind?: { isCreation: boolean },
  ): Promise<Result> {
    const call = callOf(context, this.definition.timeoutMs);
    const clusterId = this.clusterOf(place);
    return clusterId === undefined
      ? await request(call)
      : await whenReady(clusterId, context, call.deadline, () => request(call), kind);
  }
}

/** The list that all reads of a place share in the process; undefined for a setting. */
export function cachedListOf<State extends object, Remote>(
  { type, collection }: Pick<ResourceDefinition<never, State, Remote>, "type" | "collection">,
  place: Place<State>,
  { cloud, lists }: Pick<ReadContext, "cloud" | "lists">,
): CachedList<Remote> | undefined {
  if (collection === undefined) return undefined;
  const clusterId = clusterOf(type, place);
  const { plural } = resourceTypes[type];
  const all = clusterId === undefined ? plural : `the ${plural} of cluster ${clusterId}`;
  return lists.of(`${collection.listOf ?? type} ${collection.scopeOf?.(place) ?? clusterId}`, {
    operation: `Listing ${collection.describe?.(place) ?? all}`,
    list: (options) => collection.list(place, { cloud, options }),
    keyOf: collection.keyOf,
  });
}

export function callOf(context: Context, timeoutMs: number = defaultTimeoutMs): WriteCall {
  const { cloud, signal } = context;
  const deadline = context.deadline(timeoutMs);
  return { cloud, options: { signal, deadline, whenBusy: "fail" }, context, deadline };
}

function clusterOf(type: ResourceType, place: object): string | undefined {
  const argument = clusterArgumentOf(type);
  const id: unknown = argument === undefined ? undefined : Reflect.get(place, argument);
  return id === undefined ? undefined : String(id);
}

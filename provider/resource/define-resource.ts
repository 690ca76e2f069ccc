/**
 * A resource as data: its arguments, what a change of each one does, and the requests that create, read,
 * update and delete the remote object. `defineResource` turns that into the lifecycle, which is the same
 * for every resource: check, diff, import, lost responses, waiting, refresh and delete.
 *
 * Cluster and CmekConfig implement `Lifecycle` themselves.
 */
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { RequestOptions } from "../../sdk/index";
import {
  BadRequestError,
  ConflictError,
  isNotFound,
  orUndefinedWhenGone,
  RequestError,
  withAdvice,
} from "../../sdk/index";
import type { SharedList } from "../cache/cached-list";
import type { Plan } from "../cluster/plan-transitions";
import { whenReady } from "../cluster/wait";
import { hasUnknown } from "../values/unknown";
import { shapeFailures } from "./check";
import {
  checkImportedId,
  checkImportedValues,
  partLifecycle,
  partTimeoutMs,
  readOfCluster,
  removed,
  unlessClusterGone,
} from "./cluster-scoped";
import { InitializationError, mayHaveHadEffect, messageOf } from "./errors";
import type { CheckOutcome, Context, Lifecycle, Note, ReadContext, Stored } from "./lifecycle";
import { notFoundMsOn } from "./not-found";
import type { ReadCall, Resource } from "./resource";
import type { ResourceType } from "./resource-types";

/** What a change of one argument does, and when it is a change. */
export interface ArgumentRule {
  readonly onChange: "update" | "replace";
  /** The one spelling of values that mean the same. @default the value */
  canonical?(value: unknown): unknown;
  /** Leaving it out means none of it. @default leaving it out means that it is not managed */
  readonly isManagedWhenAbsent?: true;
  /**
   * How to reset it when the program leaves out what it had: what to write. An argument that may be left out
   * has this, or is managed when absent.
   */
  readonly reset?: string;
  /** Left out, it gets a new value when this other argument changes. */
  readonly renewedWith?: string;
  /** What the API has where the program gives none. @default nothing */
  readonly unset?: unknown;
  /** The API never returns it: a refresh keeps what the program has given. */
  readonly isWriteOnly?: true;
}

export const updatesInPlace: ArgumentRule = { onChange: "update" };
export const replacesResource: ArgumentRule = { onChange: "replace" };

/** The names of the arguments that differ, by what their change does. */
export interface Changes<Inputs> {
  readonly updates: readonly (keyof Inputs & string)[];
  readonly replaces: readonly (keyof Inputs & string)[];
}

/** What a write has at hand. */
export interface WriteCall extends ReadCall {
  readonly context: Context;
  /** Clock time at which the whole operation must have ended. */
  readonly deadline: number;
}

/** What says which object it is, such as cluster and name; the id where there is one already. */
export type Place<State> = Partial<State> & { readonly id?: string };

/** The state of an object, with its id. */
export type Known<State> = State & { readonly id: string };

/** Objects of which the API has a list, for each cluster or for the organization. */
export interface Collection<State, Remote> {
  /** Completes "Listing … failed": `the databases of cluster 3f1c…`. */
  describe(place: Place<State>): string;
  list(place: Place<State>, call: ReadCall): AsyncIterable<Remote>;
  /** Tells the objects of one list apart. */
  keyOf(remote: Remote): string;
  keyIn(place: Place<State>): string | undefined;
  /** Whether this is the object that the arguments describe, where the service gives the key. */
  matches?(remote: Remote, place: Place<State>): boolean;
  /** Reads one that the list lacks, where a list may leave out what the key may see. */
  get?(place: Place<State>, call: ReadCall): Promise<Remote>;
  /** A name for the resource of an existing object. @default its key */
  nameOf?(remote: Remote): string;
  /** Whether the service has created it for itself, so that no program should manage it. @default never */
  isOwnedByService?(remote: Remote): boolean;
}

/** A setting of which each cluster has one: creating it changes what is there. */
export interface Setting<State, Remote> {
  /** The setting; undefined when there is none. */
  get(place: Place<State>, call: ReadCall): Promise<Remote | undefined>;
  /** The setting is at its default, as after a delete; then it always exists. @default never */
  isDefault?(state: State): boolean;
  /** The plan of clusters that can have it. */
  readonly plan: Plan;
  /** What follows the cluster's name in the name of the resource of an existing one: `window`. */
  readonly name: string;
  /** Reported when creating the resource has replaced another value. */
  replacedWarning(previous: State): string;
}

/** How an object is found again whose POST got no response. */
export interface LostCreate<Inputs, Remote> {
  /** Whether what was found is what the POST has created. @default true */
  isOurs?(remote: Remote, inputs: Inputs): boolean;
  /** For how long it is polled for. @default 0, which reads once */
  readonly pollMs?: number;
  /** Makes it ours for good, for example by setting its password. */
  claim?(inputs: Inputs, call: WriteCall): Promise<void>;
  /** Reported when it was found. @default nothing */
  foundWarning?(inputs: Inputs): string;
  /** Advice when it was not found. @default that of the failed request */
  readonly notFoundAdvice?: string;
}

export interface ResourceDefinition<Inputs extends object, State extends object, Remote> {
  readonly type: ResourceType;
  /** As messages name the object: `SQL user`. */
  readonly noun: string;
  readonly inputs: z.ZodType<Inputs>;
  /** Every argument; the compiler checks that none is missing. */
  readonly arguments: { readonly [Name in keyof Inputs]-?: ArgumentRule };
  /** Outputs that are no arguments. */
  readonly outputs?: readonly (keyof State & string)[];
  readonly secrets?: readonly (keyof State & string)[];

  /** For messages: `<cluster id>:<name>`. */
  readonly idFormat: string;
  /** Undefined without an object whose id the service gives. */
  idOf(inputs: Inputs, remote: Remote | undefined): string | undefined;
  /** What the id says of the object. The state says what an id, which never changes, cannot. */
  placeOf?(id: string, state: Partial<State>): Partial<State>;
  /** As messages name one object: `database "orders"`. */
  describe(place: Place<State>): string;

  /** Pure. What the shape of the arguments does not tell: further failures, and notes. */
  check?(
    olds: Partial<Inputs>,
    news: Record<string, unknown>,
    failures: CheckOutcome["failures"],
    adopt: string | undefined,
  ): CheckOutcome;
  /** What goes with the object when an option of the program replaces it: `with all its data`. */
  readonly loss?: string;
  /** Pure. What a change costs or destroys. */
  impact?(changes: Changes<Inputs>, state: State, news: Inputs): Note[];

  /** Outputs of an object of which only this is known, for a mock of it. @default nothing more */
  sample?(known: Partial<State>): Partial<State>;

  /** `known` has what the API does not return: the arguments of a write, the state before a read. */
  toState(remote: Remote, known: Partial<State>): State;

  readonly collection?: Collection<State, Remote>;
  readonly setting?: Setting<State, Remote>;

  /** Adds what the resource generates, such as a password. */
  complete?(inputs: Inputs, previous: Stored<Inputs, State> | undefined): Inputs;
  create(inputs: Inputs, call: WriteCall): Promise<Remote>;
  readonly lostCreate?: LostCreate<Inputs, Remote>;
  /** Whether a refused POST says that the object exists already. @default a 409 does */
  isRefusedAsExisting?(error: unknown, exists: () => Promise<boolean>): Promise<boolean>;
  /** What else than importing it can be done about an existing object: `choose another name`. */
  readonly existsAdvice?: string;
  /** Adopts an object that the service itself has created; undefined where it has not. */
  adoptExisting?(remote: Remote, inputs: Inputs, call: WriteCall): Promise<Remote | undefined>;
  /** Brings an object in line; undefined when the arguments say all about it. Absent where every change replaces. */
  update?(
    before: Known<State>,
    after: Inputs,
    call: WriteCall,
    changed: readonly (keyof Inputs & string)[],
  ): Promise<Remote | undefined>;
  /** A read shows whether an update without a response was carried out. */
  readonly isUpdateReadable?: true;
  /** Advice when an update is refused with 409. */
  readonly updateConflictAdvice?: string;
  delete(place: Known<State>, call: WriteCall): Promise<unknown>;
  /** Reported after the delete, from its response. */
  deletedNote?(place: State, response: unknown): Note | undefined;

  /** Waits until a write is in force. The object exists, so it is in state whatever happens. */
  untilInForce?(state: State, call: WriteCall): Promise<void>;
  /** Waits until a delete is in force. */
  untilDeleted?(place: State, call: WriteCall): Promise<void>;
}

/** A definition with what Pulumi needs of it. */
export interface DefinedResource<Inputs extends object, State extends object> {
  readonly resource: Resource;
  /** What the resource is, without Pulumi's dynamic server. */
  readonly lifecycle: Lifecycle<Inputs, State>;
}

type ListContext = Pick<ReadContext, "cloud" | "lists">;

const lostCreatePauseMs = 3_000;

/** Makes a definition work in Pulumi. */
export function defineResource<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
): DefinedResource<Inputs, State> {
  const isPart = "clusterId" in definition.arguments;
  const lifecycle = isPart ? partLifecycle(lifecycleOf(definition)) : lifecycleOf(definition);
  return {
    resource: resourceOf(definition, lifecycle),
    lifecycle,
  };
}

/** The resource to those who go over all of them. */
function resourceOf<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
  lifecycle: Lifecycle<Inputs, State>,
): Resource {
  const { collection, setting } = definition;
  const compare = comparison(definition);
  const inCluster = (clusterId: string | undefined) =>
    (clusterId === undefined ? {} : { clusterId }) as Place<State>;
  const placeOf = (id: string, values: object) =>
    ({ ...values, ...definition.placeOf?.(id, values as Partial<State>), id }) as Place<State>;

  async function listKeys(
    of: Collection<State, Remote>,
    clusterId: string | undefined,
    wanted: ReadonlySet<string>,
    call: ReadCall,
  ): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const remote of of.list(inCluster(clusterId), call)) keys.add(of.keyOf(remote));
    for (const id of [...wanted].filter((key) => of.get !== undefined && !keys.has(key))) {
      const read = of.get?.(placeOf(id, {}), call) ?? Promise.resolve(undefined);
      if ((await orUndefinedWhenGone(read)) !== undefined) keys.add(id);
    }
    return keys;
  }

  /** A setting that has a default exists always: only the cluster can be missing. */
  const canBeMissing = setting?.isDefault === undefined;
  return {
    lifecycle,
    inputs: definition.inputs,
    idFormat: definition.idFormat,
    onChange: onChangeOf(definition.arguments),
    keyOf: (id, values) =>
      collection === undefined
        ? ""
        : collection.keyIn(id === undefined ? (values as Place<State>) : placeOf(id, values)),
    ...(canBeMissing && {
      async findExisting(clusterId, wanted, call) {
        if (collection !== undefined) {
          return { keys: await listKeys(collection, clusterId, wanted, call) };
        }
        const remote = await setting?.get(inCluster(clusterId), call);
        return { keys: new Set(remote === undefined ? [] : [""]) };
      },
    }),
    async findCandidates(cluster, context) {
      const place = inCluster(cluster?.id);
      const named = (name: string) => (cluster === undefined ? name : `${cluster.name}-${name}`);
      const idOf = (remote: Remote | undefined) =>
        definition.idOf(
          (remote === undefined ? place : definition.toState(remote, place)) as unknown as Inputs,
          remote,
        ) ?? "";
      if (setting !== undefined) {
        const isPossible = cluster?.plan === setting.plan;
        return isPossible ? [{ id: idOf(undefined), name: named(setting.name) }] : [];
      }
      const items = await sharedListOf(definition, place, context)?.recentItems();
      return [...(items ?? [])]
        .filter(([, remote]) => collection?.isOwnedByService?.(remote) !== true)
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
        const given = inputs === undefined ? {} : compare.canonical(inputs as Inputs);
        const known = { ...place, ...given } as Partial<State>;
        return compare.complete({ ...definition.sample?.(known), ...known });
      },
    },
  };
}

function sharedListOf<State extends object, Remote>(
  { type, collection }: Pick<ResourceDefinition<never, State, Remote>, "type" | "collection">,
  place: Place<State>,
  { cloud, lists }: ListContext,
): SharedList<Remote> | undefined {
  if (collection === undefined) return undefined;
  return lists.of(`${type} ${clusterOf(place)}`, {
    operation: `Listing ${collection.describe(place)}`,
    list: (options) => collection.list(place, { cloud, options }),
    keyOf: collection.keyOf,
  });
}

function lifecycleOf<Inputs extends object, State extends object, Remote>(
  definition: ResourceDefinition<Inputs, State, Remote>,
): Lifecycle<Inputs, State> {
  const { noun, collection, setting, lostCreate = {} } = definition;
  const compare = comparison(definition);

  const knownOf = (id: string, state: Partial<State>): Known<State> =>
    ({ ...state, ...definition.placeOf?.(id, state), id }) as Known<State>;
  const stateOf = (
    remote: Remote | undefined,
    inputs: Inputs,
    before: Partial<State> = {},
  ): State => {
    const known = { ...before, ...compare.canonical(inputs) };
    return remote === undefined ? compare.complete(known) : definition.toState(remote, known);
  };

  const listOf = (place: Place<State>, context: ListContext) =>
    sharedListOf(definition, place, context);

  /** The object, from a list that all reads share where there is one. */
  async function find(
    place: Place<State>,
    context: ReadContext,
    options: RequestOptions = {},
  ): Promise<Remote | undefined> {
    const { cloud, signal } = context;
    const call = { cloud, options: { ...options, signal } };
    if (setting !== undefined) return await orUndefinedWhenGone(setting.get(place, call));
    const items = await listOf(place, context)?.recentItems(options);
    if (collection === undefined || items === undefined) return undefined;
    const key = collection.keyIn(place);
    if (key === undefined) {
      const [only, ...others] = [...items.values()].filter((remote) =>
        collection.matches?.(remote, place),
      );
      return others.length === 0 ? only : undefined;
    }
    const listed = items.get(key);
    if (listed !== undefined || collection.get === undefined) return listed;
    return await orUndefinedWhenGone(collection.get(place, call));
  }

  function idOf(inputs: Inputs, remote: Remote): string {
    const id = definition.idOf(inputs, remote);
    if (id === undefined) throw new Error(`The ${noun} that was created has no id.`);
    return id;
  }

  /** Runs a write, once the cluster that it belongs to is free for it. */
  async function write<Result>(
    place: Place<State>,
    context: Context,
    request: (call: WriteCall) => Promise<Result>,
    kind?: { isCreation: boolean },
  ): Promise<Result> {
    const call = callOf(context);
    const clusterId = clusterOf(place);
    return clusterId === undefined
      ? await request(call)
      : await whenReady(clusterId, context, call.deadline, () => request(call), kind);
  }

  /** Sends the one POST. Without a response, finds what it has created. */
  async function createOnce(inputs: Inputs, call: WriteCall): Promise<Remote> {
    const { context, deadline } = call;
    const place = inputs as unknown as Place<State>;
    const list = listOf(place, context);
    const search = () => {
      list?.wrote();
      return find(place, context, { deadline });
    };
    try {
      return await definition.create(inputs, call);
    } catch (error) {
      const exists = async () => (await search().catch(() => undefined)) !== undefined;
      const isExisting =
        (await definition.isRefusedAsExisting?.(error, exists)) ?? ConflictError.isInstance(error);
      if (!isExisting && !mayHaveHadEffect(error)) throw error;
      return await existing(inputs, call, error, isExisting, search);
    } finally {
      list?.wrote();
    }
  }

  /** What to do about an object that exists, or may exist, after a POST that failed. */
  async function existing(
    inputs: Inputs,
    call: WriteCall,
    error: unknown,
    isExisting: boolean,
    search: () => Promise<Remote | undefined>,
  ): Promise<Remote> {
    const { isOurs = () => true, claim, foundWarning, notFoundAdvice } = lostCreate;
    if (!isExisting || definition.adoptExisting !== undefined) {
      const found = isExisting ? await search() : await findLost(call, search);
      if (found === undefined) {
        throw advised(
          error,
          isExisting ? `No such ${noun} was found: run the update again.` : notFoundAdvice,
        );
      }
      if (!isExisting && isOurs(found, inputs)) {
        await claim?.(inputs, call);
        if (foundWarning) await call.context.note("warning", foundWarning(inputs));
        return found;
      }
      const adopted = await definition.adoptExisting?.(found, inputs, call);
      if (adopted !== undefined) return adopted;
    }
    if (!isExisting) throw error;
    const id =
      definition.idOf(inputs, undefined) ??
      definition.idOf(inputs, await search().catch(() => undefined));
    throw advised(
      error,
      `To manage the ${noun} here, add the option {import: "${id ?? definition.idFormat}"} to the resource; otherwise ${definition.existsAdvice}.`,
    );
  }

  async function findLost(
    { context: { clock, signal }, deadline }: WriteCall,
    search: () => Promise<Remote | undefined>,
  ): Promise<Remote | undefined> {
    const { pollMs } = lostCreate;
    if (pollMs === undefined) return await search();
    const end = Math.min(clock.now() + pollMs, deadline);
    while (!signal.aborted) {
      // The failure of the POST says more than the failure of a read would.
      const found = await search().catch(() => undefined);
      if (found !== undefined || clock.now() >= end) return found;
      await clock.sleep(lostCreatePauseMs, signal).catch(() => {});
    }
    return undefined;
  }

  /** Changes the setting, unless it is as wanted, and reports what it was before. */
  async function set(inputs: Inputs, call: WriteCall, of: Setting<State, Remote>): Promise<Remote> {
    const { context, deadline } = call;
    const read = find(inputs as unknown as Place<State>, context, { deadline });
    const previous = await read.catch((error) => {
      throw BadRequestError.isInstance(error)
        ? withAdvice(
            error,
            `Give the id of a cluster with the plan ${of.plan}, or remove this resource.`,
          )
        : error;
    });
    if (previous === undefined) return await definition.create(inputs, call);
    const before = stateOf(previous, inputs);
    if (compare.changes(before, inputs).updates.length === 0) return previous;
    const remote = await definition.create(inputs, call);
    if (of.isDefault?.(before) !== true) {
      await context.note("warning", of.replacedWarning(before));
    }
    return remote;
  }

  /** Waits until a write is in force; the object exists, so a failure leaves it in state. */
  async function inForce(id: string, state: State, call: WriteCall): Promise<State> {
    try {
      await definition.untilInForce?.(state, call);
      return state;
    } catch (error) {
      throw new InitializationError(messageOf(error), { id, outs: state, cause: error });
    }
  }

  async function importExisting(id: string, inputs: Inputs, context: Context): Promise<State> {
    const place = { ...(inputs as unknown as Partial<State>), id };
    const object = definition.describe(place);
    const described = definition.idOf(inputs, undefined);
    if (described !== undefined) checkImportedId(context, noun, described, definition.idFormat);
    const remote = await orUndefinedWhenGone(find(place, context));
    if (remote === undefined) {
      const [none, otherwise] =
        setting === undefined
          ? [`there is no such ${noun}`, `create the ${noun}`]
          : ["the cluster has none", "set one"];
      throw new Error(
        `Importing ${object} failed: ${none}, or this key may not see it. Check the option import, or remove it to ${otherwise}.`,
      );
    }
    const state = definition.toState(remote, knownOf(id, place));
    const { updates } = compare.changes(state, inputs);
    checkImportedValues<object>(object, updates as never[], state, inputs);
    return state;
  }

  /** Sends the one write of an update; without a response, reads whether it was carried out. */
  async function updateOnce(
    before: Known<State>,
    after: Inputs,
    call: WriteCall,
    changed: Changes<Inputs>["updates"],
  ): Promise<State> {
    const { context, deadline } = call;
    const list = listOf(before, context);
    try {
      return stateOf(await definition.update?.(before, after, call, changed), after, before);
    } catch (error) {
      if (ConflictError.isInstance(error)) throw advised(error, definition.updateConflictAdvice);
      const isRenamed =
        collection !== undefined &&
        collection.keyIn(before) !== collection.keyIn({ ...before, ...after });
      const isOpen = mayHaveHadEffect(error) || (isRenamed && isNotFound(error));
      if (!isOpen || definition.isUpdateReadable !== true) throw error;
      list?.wrote();
      const wanted = { ...before, ...after };
      const found = await orUndefinedWhenGone(find(wanted, context, { deadline }));
      const isOldThere =
        isRenamed && (await orUndefinedWhenGone(find(before, context, { deadline }))) !== undefined;
      if (found === undefined || isOldThere) throw error;
      const state = definition.toState(found, wanted);
      if (compare.changes(state, after).updates.length > 0) throw error;
      return state;
    } finally {
      list?.wrote();
    }
  }

  return {
    kind: noun,
    ...(definition.secrets === undefined ? {} : { secrets: definition.secrets }),
    resets: compare.resets,
    ...(definition.loss === undefined ? {} : { loss: definition.loss }),

    objectOf: (id, state) =>
      definition.idOf(knownOf(id, state) as unknown as Inputs, undefined) ?? id,

    check(olds, news, adopt) {
      const failures = shapeFailures(definition.inputs, news);
      return definition.check?.(olds, news, failures, adopt) ?? { failures, notes: [] };
    },

    diff(id, { state, asked }, news) {
      const known = knownOf(id, state);
      const changes = compare.changes(known, news);
      const notes = definition.impact?.(changes, known, news) ?? [];
      // Which of two goes first is the class's and the program's to say.
      return {
        updates: [...changes.updates, ...compare.renewals(changes, asked, news)],
        replaces: [...changes.replaces],
        deleteBeforeReplace: false,
        notes,
      };
    },

    async create(inputs, context) {
      if (context.adopt !== undefined) {
        const id = context.adopt;
        return { id, outs: await importExisting(id, inputs, context) };
      }
      const complete = definition.complete?.(inputs, undefined) ?? inputs;
      const remote = await write(
        inputs as unknown as Place<State>,
        context,
        (call) =>
          setting === undefined ? createOnce(complete, call) : set(complete, call, setting),
        { isCreation: true },
      );
      const id = idOf(complete, remote);
      // A resource with another name that had it before is deleted after this, and must leave it alone.
      if (setting !== undefined) context.tookOver(id);
      return { id, outs: await inForce(id, stateOf(remote, complete), callOf(context)) };
    },

    async read(id, { state, asked }, context) {
      const place = knownOf(id, state);
      if (collection !== undefined && collection.keyIn(place) === undefined) {
        throw new Error(`"${id}" is no id of a ${noun}, which is ${definition.idFormat}.`);
      }
      const clusterId = clusterOf(place);
      const read = () => find(place, context);
      const remote = await (clusterId === undefined
        ? read()
        : setting === undefined
          ? unlessClusterGone(clusterId, context, read, notFoundMsOn(state))
          : readOfCluster(clusterId, context, read, { forMs: notFoundMsOn(state) }));
      if (remote === undefined) return undefined;
      const found = definition.toState(remote, place);
      return { state: found, inputs: compare.refreshedInputs(asked, found) };
    },

    async update(id, stored, news, context) {
      const before = knownOf(id, stored.state);
      const after = definition.complete?.(news, stored) ?? news;
      const { updates } = compare.changes(before, after);
      const isChanged = updates.length > 0;
      if (!isChanged && stored.isForeign) return stateOf(undefined, after, before);
      const state = isChanged
        ? await write(before, context, (call) => updateOnce(before, after, call, updates))
        : stateOf(undefined, after, before);
      return await inForce(id, state, callOf(context));
    },

    async delete(id, { state }, context) {
      const place = knownOf(id, state);
      const list = listOf(place, context);
      const call = callOf(context);
      const exists = async (options: RequestOptions) => {
        list?.wrote();
        const remote = await orUndefinedWhenGone(find(place, context, options));
        return (
          remote !== undefined && setting?.isDefault?.(definition.toState(remote, place)) !== true
        );
      };
      try {
        const deleted = await removeAndConfirm(place, context, exists, async (options) => ({
          response: await definition.delete(place, { ...call, options }),
        }));
        const note = deleted && definition.deletedNote?.(place, deleted.response);
        if (note) await context.note(note.severity, note.message);
      } finally {
        list?.wrote();
      }
      await definition.untilDeleted?.(place, call);
    },
  };

  /** Deletes the object; undefined when it was deleted before. */
  async function removeAndConfirm<Result>(
    place: Known<State>,
    context: Context,
    exists: (options: RequestOptions) => Promise<boolean>,
    remove: (options: RequestOptions) => Promise<Result>,
  ): Promise<Result | undefined> {
    const clusterId = clusterOf(place);
    if (clusterId !== undefined) return await removed(clusterId, context, remove, exists);
    const options = { signal: context.signal, deadline: context.deadline(partTimeoutMs) };
    try {
      return await remove(options);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (!(await exists(options))) return undefined;
      throw withAdvice(error, "It is still there: run the operation again.");
    }
  }
}

function onChangeOf(rules: Readonly<Record<string, ArgumentRule>>) {
  return Object.fromEntries(Object.entries(rules).map(([name, { onChange }]) => [name, onChange]));
}

function callOf(context: Context): WriteCall {
  const { cloud, signal } = context;
  const deadline = context.deadline(partTimeoutMs);
  return { cloud, options: { signal, deadline, whenBusy: "fail" }, context, deadline };
}

function clusterOf(place: object): string | undefined {
  return "clusterId" in place ? String(place.clusterId) : undefined;
}

function advised(error: unknown, advice: string | undefined): unknown {
  return advice !== undefined && RequestError.isInstance(error) ? withAdvice(error, advice) : error;
}

/** Compares arguments and state by the rules of a definition. */
function comparison<Inputs extends object, State extends object>({
  arguments: rulesByName,
  outputs = [],
}: Pick<ResourceDefinition<Inputs, State, never>, "arguments" | "outputs">) {
  type Name = keyof Inputs & string;
  const rules = Object.entries(rulesByName) as [Name, ArgumentRule][];
  const valueIn = (values: object, name: string): unknown => Reflect.get(values, name);
  const same = ({ canonical = (value) => value }: ArgumentRule, one: unknown, other: unknown) =>
    isDeepStrictEqual(canonical(one), canonical(other));

  function changes(state: Partial<State>, inputs: Inputs): Changes<Inputs> {
    const changed = rules.filter(([name, rule]) => {
      const input = inputs[name];
      if (input === undefined && rule.isManagedWhenAbsent !== true) return false;
      return hasUnknown(input) || !same(rule, valueIn(state, name), input);
    });
    const named = (onChange: ArgumentRule["onChange"]) =>
      changed.filter(([, rule]) => rule.onChange === onChange).map(([name]) => name);
    return { updates: named("update"), replaces: named("replace") };
  }

  /** What the program had and leaves out, where a change of another argument gives it a new value. */
  function renewals({ updates }: Changes<Inputs>, asked: Partial<Inputs>, news: Inputs): Name[] {
    return rules
      .filter(
        ([name, { renewedWith }]) =>
          asked[name] !== undefined &&
          news[name] === undefined &&
          updates.some((other) => other === renewedWith),
      )
      .map(([name]) => name);
  }

  /** The arguments as the API spells them. */
  function canonical(inputs: Inputs): Partial<State> {
    const given = rules.filter(([name]) => inputs[name] !== undefined);
    return Object.fromEntries(
      given.map(([name, rule]) => [name, rule.canonical?.(inputs[name]) ?? inputs[name]]),
    ) as Partial<State>;
  }

  /** A state of nothing but arguments and outputs: state of the bridged provider has others, and null. */
  function complete(known: Partial<State>): State {
    const unset = rules.map(([name, rule]) => [name, rule.unset] as const);
    const names = [...rules.map(([name]) => name), ...outputs];
    const values = names.map((name) => [name, valueIn(known, name)] as const);
    const given = [...unset, ...values].filter(
      ([, value]) => value !== undefined && value !== null,
    );
    return Object.fromEntries(given) as State;
  }

  /** The arguments that a refresh finds: in the program's own spelling where that means the same. */
  function refreshedInputs(asked: Partial<Inputs>, state: State): Inputs {
    const isManaged = Object.keys(asked).length > 0;
    const found = rules.flatMap(([name, rule]): [string, unknown][] => {
      const input = asked[name];
      const is = valueIn(state, name);
      if (rule.isWriteOnly === true || (input !== undefined && same(rule, input, is))) {
        return input === undefined ? [] : [[name, input]];
      }
      // What the program leaves open is no argument of it; a look-up has all that is there.
      const isLeftOpen = input === undefined && (isManaged || isDeepStrictEqual(is, rule.unset));
      return isLeftOpen || is === undefined ? [] : [[name, is]];
    });
    return Object.fromEntries(found) as Inputs;
  }

  const resets = Object.fromEntries(
    rules.flatMap(([name, { reset }]) => (reset === undefined ? [] : [[name, reset]])),
  );

  return { changes, renewals, canonical, complete, refreshedInputs, resets };
}

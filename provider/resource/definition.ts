/**
 * A resource as data: its arguments, what a change of each one does, and the requests that create, read,
 * update and delete the remote object. `defineResource` makes a lifecycle of it.
 */
import type { z } from "zod";
import type { WireCluster } from "../../sdk/index";
import type { List } from "../cache/cached-list";
import type { Plan } from "../cluster/plan-transitions";
import type { ClusterInRun, OthersInRun } from "../engine/run-record";
import type { CheckOutcome, Claim, Context, Note, ReadContext, Stored } from "./lifecycle";
import type { ReadCall, Trouble } from "./resource";
import type { ResourceType } from "./resource-types";

/** What a change of one argument does, and when it is a change. */
export interface ArgumentRule {
  readonly onChange: "update" | "replace";
  /** The one spelling of values that mean the same. @default the value */
  canonical?(value: unknown): unknown;
  /** What the API returns for a value of the program. @default as `canonical` has it */
  returned?(value: unknown): unknown;
  /** Leaving it out means none of it. @default leaving it out means that it is not managed */
  readonly isManagedWhenAbsent?: true;
  /**
   * How to reset it when the program leaves out what it had: what to write. An argument that may be left out
   * has this, or is managed when absent.
   */
  readonly reset?: string;
  /** Left out, it gets a new value when this other argument changes. */
  readonly renewedWith?: string;
  /** Outputs that get another value when it changes. */
  readonly changes?: readonly string[];
  /** Whether a change to this value replaces the resource although another change is made in place. @default never */
  replacesWith?(value: unknown): boolean;
  /** What the API has where the program gives none. @default nothing */
  readonly unset?: unknown;
  /** The API never returns it: a refresh keeps what the program has given. */
  readonly isWriteOnly?: true;
}

export const updatesInPlace: ArgumentRule = { onChange: "update" };
export const replacesResource: ArgumentRule = { onChange: "replace" };

/** The API returns the value in the spelling of the program: `canonical` only compares. */
export function asGiven<Value>(value: Value): Value {
  return value;
}

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
  /** Completes "Listing … failed". @default `the databases of cluster 3f1c…`, or `folders` */
  describe?(place: Place<State>): string;
  /** What one list is of, for those who share it. @default the cluster, or the organization */
  scopeOf?(place: Place<State>): string;
  list(place: Place<State>, call: ReadCall): List<Remote>;
  /** What a cluster shows of it, so that a refresh reads it in the list of clusters that all reads share. @default nothing */
  inCluster?(cluster: WireCluster): Remote;
  /** Adds what only its cluster shows, which a refresh reads in the same list. @default nothing */
  withCluster?(remote: Remote, cluster: WireCluster): Remote;
  /** The other resource whose list this is, so that both share it. @default its own */
  readonly listOf?: ResourceType;
  /** Identifies an object of one list. */
  keyOf(remote: Remote): string;
  keyIn(place: Place<State>): string | undefined;
  /** Whether this is the object that the arguments describe, where the service gives the key. */
  matches?(remote: Remote, place: Place<State>): boolean;
  /**
   * The service creates a second object of the same arguments, so a create refuses to, and a preview refuses two such
   * resources. @default the service refuses it
   */
  readonly acceptsDuplicates?: true;
  /** Reads one that the list lacks: only when this does not find it either, it counts as deleted. */
  get?(place: Place<State>, call: ReadCall): Promise<Remote>;
  /** The plans of clusters of which a program may manage some. @default all */
  readonly plans?: readonly Plan[];
  /** A name for the resource of an existing object. @default its key */
  nameOf?(remote: Remote): string;
  /** Another resource has the same objects one by one, so that `export` takes that. @default none has */
  readonly isCoveredByAnother?: true;
  /** Whether the service has created it for itself, so that no program should manage it. @default never */
  isOwnedByService?(remote: Remote): boolean;
  /**
   * They are history: they exist as long as their cluster, though a list may lack them, so that a refresh keeps them; and no
   * program need manage them.
   */
  readonly isHistory?: true;
  /** Whether it is still listed although it no longer is what it was. @default never */
  isAbsent?(remote: Remote): boolean;
}

/**
 * How a write comes into force after its response, as repeated reads show. Creates, updates and deletes wait for it, for as
 * long as the operation may take; the object exists meanwhile, so it is in state whatever happens.
 */
export interface Settlement<State, Remote> {
  /** Reads the object. @default in the list of its collection, which all who wait share */
  read?(wait: SettlementWait<State>, call: WriteCall): Promise<Remote>;
  /**
   * What goes on until the object is in force: `PENDING`; undefined when it is. Throws when it can no longer come into
   * force. In force with other arguments than were written counts as not yet.
   * @param remote undefined while no read finds it
   */
  pending(remote: Remote | undefined, wait: SettlementWait<State>): string | undefined;
  /** The same until its deletion is; done when no read finds it. @default it is in force at once */
  pendingDeletion?(remote: Remote, wait: SettlementWait<State>): string | undefined;
  /** What an object in force may still lack for a short time: `completedAt`. @default nothing */
  lacks?(remote: Remote): string | undefined;
  /** Reported once it is in force. */
  note?(state: State): Note | undefined;
  /** The same of all objects of its list, which is reported for one of them alone. */
  listNote?(state: State, listed: ReadonlyMap<string, Remote>): Note | undefined;
  /** Pure. Whether the service has failed to bring it into force, so that an update sends it again although nothing differs. */
  hasFailed?(state: Partial<State>): boolean;
  /**
   * Pure. The outputs that are still to change until it is in force, so that an update waits although nothing differs: the
   * run that has written it was interrupted, and a refresh has shown it since. @default none
   */
  awaited?(state: Partial<State>): readonly (keyof State & string)[];
  /**
   * The state of an object that a refresh does not find, while it is still coming into force: it differs from what was
   * written, so that the next update waits. @default the object is deleted
   */
  stateUnderWay?(place: Known<State>, context: ReadContext): Promise<State | undefined>;
}

/** What is waited for, and for how long already. */
export interface SettlementWait<State> {
  readonly place: Known<State>;
  readonly waitedMs: number;
  readonly isDeletion: boolean;
}

/** A setting of which each cluster has one: creating it changes what is there. */
export interface Setting<State, Remote> {
  /** The setting; undefined when there is none. */
  get(place: Place<State>, call: ReadCall): Promise<Remote | undefined>;
  /** The setting is at its default, as after a delete; then it always exists. @default never */
  isDefault?(state: State): boolean;
  /** The plans of clusters that can have it. */
  readonly plans: readonly Plan[];
  /** What follows the cluster's name in the name of the resource of an existing one: `window`. */
  readonly name: string;
  /** Reported when creating the resource has replaced another value. @default another value is refused, and stays */
  replacedWarning?(previous: State): string;
}

/** How an object is found again whose POST got no response. */
export interface LostCreate<Inputs, Remote> {
  /** Whether what was found is what the POST has created. @default true */
  isOurs?(remote: Remote, inputs: Inputs): boolean;
  /** For how long it is polled for. @default 0, which reads once */
  readonly pollMs?: number;
  /** Makes it ours for good, for example by setting its password. */
  claim?(inputs: Inputs, call: WriteCall): Promise<unknown>;
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
  /** What arguments that the program leaves out are: by the name of the resource, or always the same. */
  byDefault?(resourceName: string): Partial<Inputs>;
  /** Outputs that are no arguments. */
  readonly outputs?: readonly (keyof State & string)[];
  readonly secrets?: readonly (keyof State & string)[];
  /** A replacement creates the new object first, while the old one is still of use. @default the old one is deleted first */
  readonly createsBeforeDelete?: true;
  /** Something of the object carries the resource's creation mark until it is finished. @default nothing does */
  readonly isMarked?: true;
  /** The plans of clusters that can have it. @default those of the setting or the collection */
  readonly plans?: readonly Plan[];

  /** For messages: `<cluster id>:<name>`. */
  readonly idFormat: string;
  /** Whether a text has the form of an id. @default a UUID, followed by a colon and more where `idFormat` has a colon */
  isId?(text: string): boolean;
  /** The id of an object of a Terraform state, by its attributes there. @default the attribute `id` */
  idInTerraform?(attributes: Readonly<Record<string, unknown>>): unknown;
  /** Undefined without an object whose id the service gives. */
  idOf(inputs: Inputs, remote: Remote | undefined): string | undefined;
  /** What the id says of the object. The state says what an id, which never changes, cannot. */
  placeOf?(id: string, state: Partial<State>): Partial<State>;
  /** As messages name one object: `database "orders"`. */
  describe(place: Place<State>): string;

  /**
   * Pure. What the shape of the arguments does not show: further failures, and notes. `clusters` are those that it depends
   * on, where this run manages them.
   */
  check?(
    olds: Partial<Inputs>,
    news: Record<string, unknown>,
    failures: CheckOutcome["failures"],
    adopt: string | undefined,
    ...clusters: readonly (ClusterInRun | undefined)[]
  ): CheckOutcome;
  /**
   * Pure. Why it does not go together with another resource of the program, which was checked before. An id that is not
   * known yet may be the URN of its resource.
   */
  conflicts?(
    news: Readonly<Record<string, unknown>>,
    others: OthersInRun,
  ): CheckOutcome["failures"];
  /** Pure. What the service accepts of one such object only, besides the id. @default nothing */
  claims?(news: Inputs): readonly Claim[];
  /** What goes with the object when an option of the program replaces it: `with all its data`. */
  readonly loss?: string;
  /**
   * Pure. What a changed argument costs that replaces the object. It is shown when one is sure to differ: what is not known
   * yet may be as it was. Where this is defined, `impact` is about changes in place alone.
   */
  replacementWarning?(state: Known<State>): string | undefined;
  /** Pure. What a change costs or destroys. */
  impact?(changes: Changes<Inputs>, state: State, news: Inputs): Note[];
  /** Pure. Why a change must not happen. */
  refuse?(before: Known<State>, news: Inputs): string | undefined;
  /** Pure. Whether a replacement by these changes has to delete the old object first all the same. */
  deletesFirst?(changes: Changes<Inputs>): boolean;
  /** Pure. Why an object that nothing can repair is replaced. */
  replacedBecause?(state: Partial<State>): string | undefined;

  /** Outputs of an object of which only this is known, for a mock of it. @default nothing more */
  sample?(known: Partial<State>): Partial<State>;

  /** `known` has what the API does not return: the arguments of a write, the state before a read. */
  toState(remote: Remote, known: Partial<State>): State;

  readonly collection?: Collection<State, Remote>;
  readonly setting?: Setting<State, Remote>;

  /** Adds what the resource generates, such as a password. */
  complete?(inputs: Inputs, previous: Stored<Inputs, State> | undefined): Inputs;
  /** @param present the setting as it is, where there is one */
  create(inputs: Inputs, call: WriteCall, present?: Remote): Promise<Remote>;
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
  /** Advice when an update is refused with 409. @default that another change may be in progress */
  readonly updateConflictAdvice?: string;
  /** Absent where the API cannot delete the object, which stays until its cluster goes. */
  delete?(place: Known<State>, call: WriteCall): Promise<unknown>;
  /** Reported after the delete, from its response; of what stays, unless its cluster goes in the same run. */
  deletedNote?(place: State, response: unknown): Note | undefined;

  /** How a write comes into force. @default at once */
  readonly settlement?: Settlement<State, Remote>;
  /** Pure. What is wrong with an object that exists, for the doctor. @param now clock time */
  trouble?(remote: Remote, now: number): Trouble | undefined;
  /** How long an operation may take by default, in milliseconds. @default 30 minutes */
  readonly timeoutMs?: number;
}

/**
 * What a resource is, whatever protocol of Pulumi serves it.
 *
 * `defineResource` makes a lifecycle of a definition; Cluster and CmekConfig implement it themselves. Values are plain:
 * what a preview does not know yet is a sentinel (`values/unknown.ts`), and a secret is a value like any other. Who
 * calls a lifecycle (`engine/operations.ts`) marks secrets, keeps them out of messages, and stores state.
 */
import type { Clock, CockroachCloudClient } from "../../sdk/index";
import type { ClusterCache } from "../cache/cluster-cache";
import type { ResourceLists } from "../cache/resource-lists";
import type { CreationMarks } from "../cluster/creation-mark";
import type { ClusterInRun, OthersInRun, RunRecord } from "../engine/run-record";
import type { CheckFailure } from "./check";
import type { Reference } from "./references";

/** In place of the URN of a cluster that the stack does not delete. */
export const notOfStack = "";

export type Severity = "info" | "warning";

/** Something that the user should know, shown on the resource's line, in previews too. */
export interface Note {
  severity: Severity;
  message: string;
  /** The property of which it says how it changes in place; left out where an option makes the change a replacement. */
  inPlace?: string;
}

export const info = (message: string): Note => ({ severity: "info", message });
export const warning = (message: string): Note => ({ severity: "warning", message });

/** What is in state: the outputs, and the arguments that they came from. */
export interface Stored<Inputs, State> {
  state: State;
  inputs: Partial<Inputs>;
  /** Whether another provider wrote this state, so that nothing about its shape is sure. */
  isFromBridge: boolean;
}

export interface CheckOutcome {
  failures: CheckFailure[];
  notes: Note[];
}

export interface DiffOutcome {
  /** Properties that differ and are brought in line without a replacement. */
  updates: string[];
  /** Properties whose difference replaces the resource. */
  replaces: string[];
  deleteBeforeReplace: boolean;
  notes: Note[];
  /** Why the whole change must not happen; fails the preview. */
  refusal?: string;
}

export type Operation = "create" | "update" | "delete";

/** What resources use to reach the API. */
export interface Connection {
  readonly cloud: CockroachCloudClient;
  readonly clusters: ClusterCache;
  readonly lists: ResourceLists;
}

/** What a read receives. */
export interface ReadContext extends Connection {
  /** The creation marks of the resource, if it has any. */
  readonly mark: CreationMarks | undefined;
  /** Aborted when the user stops the operation. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Shows what an operation is doing, with the time that it has waited. Where the output is no terminal each
 * text is a line of its own, so the same activity is shown again only when the time has doubled.
 *
 * @param what `CREATING · 3 of 9 nodes`
 * @param usually how long it takes, where that is long: `20 to 30 min`
 */
export type Progress = (what: string, waitedMs?: number, usually?: string) => Promise<void>;

/** What the other operations receive. */
export interface Context extends ReadContext {
  /** The logical name of the resource. */
  readonly resourceName: string;
  /** Id of an existing object that the resource is to adopt; of the classes alone: the plugin reads what is imported. */
  readonly adopt: string | undefined;
  /**
   * URN of the cluster that the resource is a part of, when the stack deletes both, or `notOfStack`; a list of them where
   * it depends on several; undefined where state of an older version does not say.
   */
  readonly cluster: string | readonly string[] | undefined;
  /** What the engine has shown of this run. */
  readonly run: RunRecord;
  /**
   * Clock time at which the operation must be over: the user's own time-out, else the default. An
   * update that finishes a creation takes the time-out of creating.
   */
  deadline(defaultMs: number, operation?: Operation): number;
  /** Records that an existing object now belongs to this resource: what it replaces is then not deleted. */
  recordAdopted(id: string): void;
  /** Shows what goes on; the next text replaces it. */
  readonly progress: Progress;
  /** Reports something that stays on the screen. */
  note(severity: Severity, message: string): Promise<void>;
}

/** What the arguments say of an object's identity. */
export interface Identity {
  readonly id: string;
  readonly property: string;
}

/**
 * Arguments that, together, the service accepts of one object only. The first one distinguishes another object. An id
 * that is not known yet may be the URN of its resource.
 */
export type Claim = Readonly<Record<string, unknown>>;

export interface Lifecycle<Inputs, State> {
  /** The kind of object, as messages name it: `cluster`. */
  readonly kind: string;
  /** Outputs that are always secret. */
  readonly secrets?: readonly string[];
  /** The arguments that name clusters, for a part of one. */
  readonly clusterArguments?: readonly string[];
  /** Pure. Where the arguments name other resources. */
  references?(inputs: Readonly<Record<string, unknown>>): readonly Reference[];
  /** Pure. Ids of the clusters without which the object cannot be, in the order of `clusterArguments`; its own for a cluster. */
  clustersOf?(id: string, state: Partial<State>): readonly string[];
  /**
   * Pure. Names the object of an entry of the state, for a resource whose object may be renamed: an id never changes.
   * @default the id
   */
  objectOf?(id: string, state: Partial<State>): string;
  /** Pure. Why a text is no id of such an object; undefined where it has the form of one. */
  idProblem?(text: string): string | undefined;
  /** Paths of the arguments that can never change: another value is another object. @default none */
  readonly fixed?: readonly string[];
  /**
   * Pure. The id that the arguments say, and the argument that distinguishes it from others on a cluster. Undefined
   * where only the service knows the id, or the arguments are not known yet.
   */
  identify?(inputs: Readonly<Record<string, unknown>>): Identity | undefined;
  /** Pure. What the object has to itself among those of its kind besides its id. */
  claims?(inputs: Readonly<Record<string, unknown>>): readonly Claim[];
  /**
   * Pure. Why it does not go together with others of the program. An id that is not known yet may be the URN of its
   * resource.
   */
  conflicts?(inputs: Readonly<Record<string, unknown>>, others: OthersInRun): CheckFailure[];
  /** Pure. Whether the creation of the object is not finished, so that something of it carries the creation mark. @default never */
  isUnfinished?(state: object): boolean;
  /** Pure. What arguments that the program leaves out are: by the name of the resource, or always the same. */
  byDefault?(resourceName: string): Partial<Inputs>;
  /** What is deleted with the object when an option of the program replaces it: `with all its data`. */
  readonly loss?: string;
  /** Pure. Why no option of the program may replace the object. */
  refuseReplacement?(known: Partial<State>): CheckFailure | undefined;
  /**
   * How to reset each property that stays as it is on the service when the program leaves it out: what to
   * write, or why nothing can be written. Another property that is left out is a change, which `diff` finds.
   */
  readonly resets?: Readonly<Record<string, string>>;
  /**
   * Pure. `olds` is empty for a resource that is new or being replaced; `adopt` is the id of an existing object
   * that it is to adopt; `clusters` are those that it depends on, where this run manages them.
   */
  check(
    olds: Partial<Inputs>,
    news: Record<string, unknown>,
    adopt?: string,
    clusters?: readonly (ClusterInRun | undefined)[],
  ): CheckOutcome;
  /** Pure. */
  diff(id: string, stored: Stored<Inputs, State>, news: Inputs): DiffOutcome;
  create(inputs: Inputs, context: Context): Promise<{ id: string; outs: State }>;
  /** Undefined when the object is deleted. */
  read(
    id: string,
    stored: Stored<Inputs, State>,
    context: ReadContext,
  ): Promise<{ state: State; inputs: Inputs } | undefined>;
  update(id: string, stored: Stored<Inputs, State>, news: Inputs, context: Context): Promise<State>;
  delete(id: string, stored: Stored<Inputs, State>, context: Context): Promise<void>;
}

/**
 * What stands between the resources and a protocol of Pulumi.
 *
 * An adapter (`dynamic/` for Pulumi's dynamic server) translates the calls of its protocol into these values and serves
 * them by `ResourceOperations`. Whatever a protocol hides in properties or messages is a field here. Unknown values are
 * the sentinels of `values/unknown.ts`. Secrets come in plain, with their paths beside them, and go out as `asSecret`
 * marks them.
 */
import type { Clock } from "../../sdk/index";
import type { CreationMarks } from "../cluster/creation-mark";
import type { CheckFailure } from "../resource/check";
import type { Connection, Operation, Stored } from "../resource/lifecycle";
import type { Path } from "../values/secrets";
import type { RunRecord } from "./run-record";
import type { Reporter } from "./status-line";

export type Properties = Record<string, unknown>;

/** What an adapter gives to the operations. */
export interface Adapter {
  /** The configured client. Throws where there is no credential: only what sends requests needs one. */
  connect(): Connection;
  /** The texts of the credential, which no message may contain. */
  credentialTexts(): readonly string[];
  /** Advice on a credential that was refused for the resource; undefined where that of the error fits. */
  credentialAdvice(resource: ResourceInfo): string | undefined;
  /** The creation marks of a resource that carries one while its creation is not finished. */
  creationMarks(resource: ResourceInfo): CreationMarks | undefined;
  /** Shows messages and progress. */
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** Aborted when the user stops the run. */
  readonly signal: AbortSignal;
  /** The memory of the run: one for all resources that the process serves. */
  readonly run: RunRecord;
}

/** What the engine and the program say of a resource beside its arguments. */
export interface ResourceInfo {
  /** Undefined for an object that is only read. */
  readonly urn?: string | undefined;
  /** The creation mark that program or state name, for a resource that carries one while its creation is not finished. */
  readonly mark?: string | undefined;
  /** The option import: id of the existing object that the resource is to adopt. */
  readonly adopt?: string | undefined;
  /**
   * URN of the cluster that the object is a part of, when the stack deletes it, or `notOfStack`; a list of them where it
   * depends on several.
   */
  readonly cluster?: string | readonly string[] | undefined;
  /** Name of the explicit provider of the resource. */
  readonly providerName?: string | undefined;
  /** The option customTimeouts, in milliseconds. */
  readonly timeouts?: Readonly<Partial<Record<Operation, number>>> | undefined;
  /** Where the arguments hold secrets of the program. */
  readonly secretPaths: readonly Path[];
}

/** A resource as the program declares it. */
export interface DeclaredResource<Inputs> extends ResourceInfo {
  /** The arguments, without what is left out (`withoutLeftOut`). */
  readonly inputs: Partial<Inputs> & Properties;
  /** Whether the object stays when the stack goes: the option retainOnDelete. */
  readonly outlivesStack?: boolean;
  /** URNs of resources of the program that arguments name, by argument; those of clusters are in `cluster`. */
  readonly references?: Readonly<Record<string, string>>;
}

/** A resource as it is in state. */
export interface StoredResource<Inputs, State> extends ResourceInfo, Stored<Inputs, State> {
  /** When it was created, as `StorableResource.createdAt` was; undefined where that is not known. */
  readonly createdAt?: string | undefined;
}

/** What is to be kept in state. */
export interface StorableResource {
  readonly id: string;
  /** With marks on the secrets. */
  readonly outputs: Properties;
  /** The arguments that the outputs came from, in plain. */
  readonly inputs: object;
  /** Where the arguments, and outputs of these names, hold secrets of the program. */
  readonly secretPaths: readonly Path[];
  readonly createdAt: string | undefined;
}

export interface CheckResult {
  /** With marks on the secrets. */
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
  /** The clusters of the object, as in `ResourceInfo`. */
  readonly cluster: ResourceInfo["cluster"];
}

export interface DiffResult {
  /** Paths of properties that are updated in place. */
  readonly updates: readonly string[];
  /** Paths of properties whose change replaces the resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface ReadResult extends StorableResource {
  /** The arguments of the object, with marks on the secrets. */
  readonly foundInputs: Properties;
}

/** What every operation throws: a message without secrets, and what to keep in state where the object exists. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly partial: StorableResource | undefined;

  constructor(message: string, partial?: StorableResource) {
    super(message);
    this.partial = partial;
  }
}

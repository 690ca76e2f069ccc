/** A resource as it is for whoever goes over all of them: the doctor, `export`, the mocks and the tests. */
import type { z } from "zod";
import type { CockroachCloudClient, RequestOptions, WireCluster } from "../../sdk/index";
import type { Lifecycle, ReadContext } from "./lifecycle";
import type { ResourceType } from "./resource-types";

/** The client for a read, and the options that bound the read to its operation. */
export interface ReadCall {
  readonly cloud: CockroachCloudClient;
  readonly options: RequestOptions;
}

/** What is wrong with an object that exists. */
export interface Trouble {
  readonly code: "broken" | "expiring" | "operation-failed" | "unfinished" | "unused";
  /** What the service shows: `Its status is STALE.` */
  readonly what: string;
  readonly why: string;
  /** What to do before the next update, if anything. */
  readonly byHand?: string;
  /** What the next update does; undefined where it does nothing. */
  readonly update?: string;
  /** The creation mark that the object carries, so that it is of interest also where no state has it. */
  readonly mark?: string;
}

/** An object as the service has it. */
export interface FoundObject {
  /** The outputs, as far as the object itself shows them. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /**
   * Pure. The arguments of an entry of the state that the object no longer has, as a refresh would find them; an
   * argument that is not known counts as another.
   */
  driftFrom(entry: StateEntryValues): string[];
}

/** An entry of the state: the arguments of the last update, and the outputs. */
export interface StateEntryValues {
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The objects of one type on one cluster, or in the organization. */
export interface Existing {
  /** By the keys that identify them; an empty key stands for an object of which there is only one. */
  readonly keys: ReadonlySet<string>;
  /** What has failed with it, in the service's words. */
  readonly failure?: string;
  /** Each by its key; also those that no longer count as existing. */
  readonly objects?: ReadonlyMap<string, FoundObject>;
  /** What is wrong with some, by their keys; also with those that no longer count as existing. */
  readonly troubles?: ReadonlyMap<string, Trouble>;
}

/** An object that a program may manage. */
export interface Candidate {
  readonly id: string;
  /** A name for its resource. */
  readonly name: string;
}

/** What a mocked engine returns for a resource. */
export interface ResourceMock {
  /** Undefined where the service gives the id. */
  idOf(inputs: object): string | undefined;
  /** @param inputs undefined for a resource that is only read */
  outputsOf(inputs: object | undefined, id: string): object;
}

export interface Resource {
  /** What the resource is, without Pulumi's dynamic server. */
  readonly lifecycle: Lifecycle<object, object>;
  /** What `check` accepts. */
  readonly inputs: z.ZodType;
  /** Every output, arguments included. */
  readonly outputs: readonly string[];
  /** What arguments that the program leaves out are: by the name of the resource, or always the same. */
  byDefault?(resourceName: string): object;
  /**
   * The arguments as the outputs repeat them: undefined for what is none of it, unknown for what follows from a change.
   * @param before the outputs before an update
   * @default as they are
   */
  returned?(inputs: object, before?: object): object;
  /** A replacement deletes the old object first. Otherwise that is for the lifecycle to say. */
  readonly isDeletedFirst?: true;
  /** Something of the object carries the resource's creation mark until it is finished. */
  readonly isMarked?: true;
  /** For messages: `<cluster id>:<name>`. */
  readonly idFormat: string;
  /** The id of an object of a Terraform state, by its attributes there. @default the attribute `id` */
  idInTerraform?(attributes: Readonly<Record<string, unknown>>): unknown;
  /** What a change of each argument does. Absent where that depends on the values. */
  readonly onChange?: Readonly<Record<string, "update" | "replace">>;
  /**
   * By output, the arguments whose change gives it another value: paths such as `dedicated.regionNodes`. An argument that
   * the program leaves out is such an output, too.
   */
  readonly changedBy?: Readonly<Record<string, readonly string[]>>;
  /**
   * What identifies an object among the others of its type in one place; empty where there is only one, undefined
   * where `values`, the arguments or the outputs, do not say it.
   */
  keyOf(id: string | undefined, values: Readonly<Record<string, unknown>>): string | undefined;
  /** An object exists for as long as its cluster, like a setting that has a default. */
  readonly isLasting?: true;
  /**
   * Finds which objects exist. Absent for clusters, which are listed before all else.
   * @param clusterId undefined for objects of the organization
   * @param wanted keys that a list may lack although the objects exist
   * @param now clock time, for what ends some day
   */
  findExisting?(
    clusterId: string | undefined,
    wanted: ReadonlySet<string>,
    call: ReadCall,
    now: number,
  ): Promise<Existing>;
  /** What a cluster shows of itself. Absent for everything else. */
  found?(cluster: WireCluster): FoundObject;
  /** Finds what a program may manage: of this cluster, or of the organization. */
  findCandidates(cluster: WireCluster | undefined, context: ReadContext): Promise<Candidate[]>;
  /** Whether an object is as the service creates it, so that a program need not manage it. @default never */
  isDefault?(state: object): boolean;
  /** Absent where a mock is more than arguments and samples. */
  readonly mock?: ResourceMock;
}

const noted = new Map<ResourceType, Resource>();

/** Notes what the resource of a type is, for the registry. */
export function noteResource(type: ResourceType, resource: Resource): Resource {
  noted.set(type, resource);
  return resource;
}

/** Undefined until the module of the resource is loaded. */
export function notedResource(type: ResourceType): Resource | undefined {
  return noted.get(type);
}

// What the tests know of a resource: its values, and what the service does with them. `cases/<stem>.ts` has it for
// each resource of the registry, and every test that goes over all resources reads it.

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plan } from "../../provider/cluster/plan-transitions";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  clusterArgumentOf,
  isOfCluster,
  resourceTypes,
} from "../../provider/resource/resource-types";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";

export type Properties = Record<string, unknown>;

/** Arguments; a function where they name an object that must exist first. */
type Values = Properties | ((emulator: TestEmulator) => Properties);

type Value = string | number | boolean | readonly unknown[] | Properties;

/** An object on the emulator. */
export interface RemoteObject {
  readonly emulator: TestEmulator;
  readonly id: string;
  /** The arguments that name what it is in: `clusterId`. */
  readonly place: Properties;
  /** The cluster that it is in; empty outside of clusters. */
  readonly clusterId: string;
}

/** Why nobody else can change an argument behind the stack's back. */
type NoDrift =
  /** Another value is another object, so that the object is not found. */
  | "identifies the object"
  /** The API never returns it. */
  | "is not returned"
  /** The API has no way to change it. */
  | "cannot change";

/** What is known of one argument. */
export interface ArgumentCase {
  /** Another value; a function where it names an object that must exist first. */
  readonly to: Value | ((emulator: TestEmulator) => Value);
  /** Arguments that must change along with it. */
  readonly along?: Values;
  /** What the change to it does. */
  readonly onChange: "update" | "replace";
  /** The operations that write this change. @default that of an update, or of a delete and a create */
  readonly sends?: readonly string[];
  /** The arguments before the change. @default the first ones of `full` */
  readonly before?: Values;
  /** Changes it as somebody else would, to any value but that of `full`; or why that is impossible. */
  readonly drift: ((object: RemoteObject) => void) | NoDrift;
  /** What a preview shows for a value that is not known yet. @default as `onChange` */
  readonly whenUnknown?: "replace";
  /** Values that check refuses, with the whole reason; the property where it is not that of the argument. */
  readonly wrong: readonly (readonly [value: unknown, reason: string, property?: string])[];
}

export interface ResourceCases {
  /**
   * Puts up what the object is in, and returns the arguments that name it. A change of these replaces the object.
   * @default an Advanced cluster, `{ clusterId }`, for what belongs to clusters, and else nothing
   * @param nth counts the places of one emulator, from 1
   */
  place?(emulator: TestEmulator, nth: number): Properties;
  /** The plans of clusters that can have it, where it belongs to clusters. @default all */
  readonly plans?: readonly Plan[];
  /** The fewest arguments, without the place. */
  readonly minimal: Properties;
  /** Without the place. Between them they have every argument; the first one is used where one is enough. */
  readonly full: readonly [Properties, ...Properties[]];
  /** Further arguments, which only an object that exists can have. */
  readonly changes?: readonly Properties[];
  /** By path, such as `name` or `serverless.regions`: at least one for each argument outside of the place. */
  readonly arguments: Readonly<Record<string, ArgumentCase>>;
  /** Paths whose absence means none of it; the absence of any other is reported once, where the program had it. */
  readonly managedWhenAbsent?: readonly string[];

  /** A replacement creates the new object before it deletes the old one. @default the old one is deleted first */
  readonly createsFirst?: true;

  /** The id of what these arguments describe; absent where the service gives it. */
  idOf?(args: Properties): string;
  /** A well-formed id of an object that does not exist. */
  missingId(place: Properties): string;

  /** The operations of the API: each is sent once for what it is named after. */
  readonly operations: {
    readonly create: string;
    /** A second write that ends the creation. */
    readonly completeCreate?: string;
    /** The one that a refresh cannot do without. */
    readonly read: string;
    /** Absent where every change replaces. */
    readonly update?: string;
    /** Absent where the API cannot take it back. */
    readonly delete?: string;
  };
  /**
   * The body with which the first arguments of `full` are created; passwords and secrets are "[redacted]".
   * @param mark the creation mark of a cluster
   */
  createBody(place: Properties, mark: string): unknown;
  /** Outputs that are secret whatever the program does, from the first arguments of `full`. */
  readonly secretOutputs?: readonly string[];

  exists(object: RemoteObject): boolean;
  /** Deletes it as somebody else would: with its cluster where there is no other way. */
  remove(object: RemoteObject): void;

  /**
   * What an `up` does whose POST was carried out, and got no response: it finds the object by a read and manages it,
   * with this warning where it may be somebody else's; or it fails with this. Where the read is optional, its failure
   * is not reported: it is repeated, or the POST is said to have failed.
   */
  readonly lostCreate:
    | {
        readonly outcome: "found";
        readonly warning?: RegExp;
        readonly isReadOptional?: true;
        /** The request is sent again: once is enough for it, or what it has created first is deleted. */
        readonly isSentAgain?: true;
      }
    | { readonly outcome: "fails"; readonly failure: RegExp };
  /** Requests that an operation goes on without, or whose failure it does not report. */
  readonly optionalRequests?: Partial<Record<Operation, readonly string[]>>;
  /** An update whose response was lost is found to be carried out by a read, and not sent again. */
  readonly isUpdateReadable?: true;
  /**
   * What an `up` does where such an object exists already: the API refuses, and the failure says how to import it;
   * the setting is changed, with this warning; it is managed if it is equal, and refused if not; it is one that several can manage; or the service makes
   * another one.
   */
  readonly existing:
    | { readonly outcome: "refused" }
    | { readonly outcome: "changed"; readonly warning: RegExp }
    | { readonly outcome: "adopted" }
    | { readonly outcome: "shared" }
    | { readonly outcome: "another" };

  /** The service keeps a record of it after its deletion, which is still read. */
  readonly leavesRecord?: true;
  /** A stray 404 of the API ends its creation, and the next update creates it. */
  readonly isEndedByStray404?: true;
  /** The API takes its writes while the cluster is locked. */
  readonly isWritableWhileLocked?: true;
}

/** What a run does to an object. */
export type Operation = "create" | "update" | "refresh" | "delete" | "import";

/** The folder of the cases. */
const folder = join(__dirname, "cases");

function load(type: ResourceType): ResourceCases {
  const file = join(folder, `${resourceTypes[type].stem}.ts`);
  if (!existsSync(file)) {
    throw new Error(
      `${type} is in the registry and has no test cases: add ${relative(process.cwd(), file)}, which exports \`cases\`. CONTRIBUTING.md, "Add a resource", has an example.`,
    );
  }
  // Without the ending: mutation tests run compiled files.
  return require(file.slice(0, -".ts".length)).cases;
}

/** The cases of every resource in the registry. */
export const casesOf = Object.fromEntries(
  allResourceTypes.map((type) => [type, load(type)]),
) as Record<ResourceType, ResourceCases>;

/** The first arguments of `full` with a change that one update brings about; undefined where there is none. */
export function updateOf(type: ResourceType): Properties | undefined {
  const { arguments: all, full } = casesOf[type];
  const [path, change] =
    Object.entries(all).find(
      ([, { onChange, to, before, sends }]) =>
        onChange === "update" && typeof to !== "function" && !before && !sends,
    ) ?? [];
  return path === undefined ? undefined : { ...full[0], [path]: change?.to, ...change?.along };
}

/** The same; the first arguments themselves where every change replaces. */
export function updatedArguments(type: ResourceType): Properties {
  return updateOf(type) ?? casesOf[type].full[0];
}

/** The id of the cluster that the arguments or outputs of an object name; empty outside of clusters. */
export function clusterIdIn(type: ResourceType, values: Properties): string {
  return String(values[clusterArgumentOf(type) ?? ""] ?? "");
}

/** Arguments of a case, once what they name exists. */
export function valuesIn(values: Values = {}, emulator: TestEmulator): Properties {
  return typeof values === "function" ? values(emulator) : values;
}

/** Puts up what an object of this type is in, and returns the arguments that name it. */
export function placeOf(type: ResourceType, emulator: TestEmulator, nth = 1): Properties {
  const { place } = casesOf[type];
  if (place !== undefined) return place(emulator, nth);
  if (!isOfCluster(type)) return {};
  return { clusterId: encryptable(emulator, { name: `home-${nth}`, regions: ["us-east-1"] }).id };
}

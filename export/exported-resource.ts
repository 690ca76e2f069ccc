/** The data that the parts of `export` share. */
import type { ResourceType } from "../provider/resource/resource-types";
import type { Path } from "../provider/values/secrets";

/** An object to adopt. */
export interface Target {
  readonly type: ResourceType;
  readonly id: string;
  /** The name that its resource should have. */
  readonly name: string;
  /** Its name at its origin. */
  readonly origin?: string;
  /** Paths of what its origin keeps as a secret, as far as arguments of these names have it. */
  readonly secretPaths?: readonly Path[];
}

/** A resource as it is, with its place in the program. */
export interface ExportedResource extends Target {
  /** The arguments that the program gives it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its outputs. */
  readonly state: object;
  /** Secret arguments that it must have and the API does not return: the program takes them from its configuration. */
  readonly unreadable?: readonly string[];
}

/** An object that exists and is not exported. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** The cluster in an id. */
export function clusterIdIn(id: string): string {
  return id.split(":", 1)[0] as string;
}

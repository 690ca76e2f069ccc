/** The data that the parts of `export` share. */
import type { ResourceType } from "../provider/resource/resource-types";

/** An object to adopt. */
export interface Target {
  readonly type: ResourceType;
  readonly id: string;
  /** The name that its resource should have. */
  readonly name: string;
  /** Its name at its origin. */
  readonly origin?: string;
}

/** A resource as it is, with its place in the program. */
export interface ExportedResource extends Target {
  /** The arguments that the program gives it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its outputs. */
  readonly state: object;
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

/** What the parts of `export` tell each other. */
import type { ResourceType } from "../provider/resource/resource-types";

/** Something to take over. */
export interface Target {
  readonly type: ResourceType;
  readonly id: string;
  /** The name that its resource should have. */
  readonly name: string;
  /** What it is called where it comes from. */
  readonly origin?: string;
}

/** A resource as it is, with its place in the program. */
export interface ExportedResource extends Target {
  /** The arguments that the program gives it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its outputs. */
  readonly state: object;
}

/** Something that is there and is not taken over. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** The cluster in an id. */
export function clusterIdIn(id: string): string {
  return id.split(":", 1)[0] as string;
}

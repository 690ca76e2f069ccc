// What a user writes: a program, and the options of its resources.

import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { Host } from "../../../provider/engine/host";
import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Properties } from "./values";

/** What a program says, by logical name, in the order in which it says it. */
export type Program = Record<string, Properties | Declaration>;

/** A class of resources. */
export interface Kind {
  readonly type: ResourceType;
  readonly serve: (host: () => Host) => DynamicProvider;
}

/** The outputs of another resource of the program; in a preview, what is not known yet is `unknown`. */
export type OutputsOf = (name: string) => Properties;

/** A resource of a class of its own, which may depend on others. */
export class Declaration {
  readonly kind: Kind;
  readonly args: Properties | ((outputsOf: OutputsOf) => Properties);
  /** The others that its arguments name, which must stand before it in the program. */
  readonly dependsOn: readonly string[];
  readonly options: ResourceOptions;

  constructor(
    kind: Kind,
    args: Declaration["args"],
    dependsOn: readonly string[] = [],
    options: ResourceOptions = {},
  ) {
    this.kind = kind;
    this.args = args;
    this.dependsOn = dependsOn;
    this.options = options;
  }
}

/** The resource options that reach the provider or the order of steps. */
export interface ResourceOptions {
  import?: string;
  customTimeouts?: { create?: string; update?: string; delete?: string };
  deleteBeforeReplace?: boolean;
  retainOnDelete?: boolean;
  /** Another resource of the program, with which this one vanishes. */
  deletedWith?: string;
  /** The cluster of the program that it is given, or all that it is given. */
  cluster?: string | readonly string[];
}

// What the engine knows of a stack between two runs, and what it passes to a provider of it.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { withUpToDate } from "../../../provider/dynamic/hidden-inputs";
import { delegateTo } from "../../../provider/program/registration";
import { notOfStack } from "../../../provider/resource/lifecycle";
import {
  clusterArgumentsOf,
  pluginToken,
  resourceTypes,
  typeToken,
} from "../../../provider/resource/resource-types";
import type { RequestInfo } from "./door";
import type { Declaration, Kind, ResourceOptions } from "./program";
import type { StackOptions } from "./provider-process";
import type { Properties } from "./values";
import { received, visible, withoutUndefined } from "./values";

/** A resource in state. */
export interface Resource {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Reasons of a partial failure. */
  initErrors: string[];
}

/** A resource that was replaced and is still to be deleted. */
export interface LeftOver {
  readonly name: string;
  readonly old: Resource;
}

/** The resources of a stack, with what the program has last declared of them. */
export class StackState {
  readonly resources = new Map<string, Resource>();
  /** What was replaced and is still to be deleted. */
  readonly leftOvers: LeftOver[] = [];
  /** Names of those that stay when the program no longer has them. */
  readonly retained = new Set<string>();
  readonly declared = new Map<string, Declaration>();
  /** The kind of what the program gives none of its own. */
  readonly kind: Kind;
  readonly isOnPlugin: boolean;
  readonly #options: StackOptions;

  constructor(kind: Kind, options: StackOptions) {
    this.kind = kind;
    this.isOnPlugin = options.plugin !== undefined;
    this.#options = options;
  }

  /** The one resource of the stack, or the one of this name. */
  resource(name?: string): Resource {
    const found = name === undefined ? [...this.resources.values()][0] : this.resources.get(name);
    assert.ok(found, `the stack has ${name ?? "a resource"}`);
    return found;
  }

  /** All of the state, also what was replaced and is still to be deleted. */
  everything(): Resource[] {
    return [...this.resources.values(), ...this.leftOvers.map(({ old }) => old)];
  }

  /** The outputs without what the provider keeps for itself. */
  outputs(name?: string): Properties {
    return visible(this.resource(name).outputs);
  }

  kindOf(name: string): Kind {
    return this.declared.get(name)?.kind ?? this.kind;
  }

  urn(name: string): string {
    const { type } = this.kindOf(name);
    const token = this.isOnPlugin ? pluginToken(type) : typeToken(type);
    return `urn:pulumi:${this.#options.name ?? "dev"}::shop::${token}::${name}`;
  }

  requestInfo(name: string, old?: Resource): RequestInfo {
    const timeouts = this.declared.get(name)?.options.customTimeouts;
    return { urn: this.urn(name), oldInputs: received(old?.inputs ?? {}), timeouts };
  }

  /** The properties that an operation on what is in state gets, as the server completes them. */
  propsFor(name: string, { outputs, inputs }: Resource): Properties {
    if (this.isOnPlugin) return received(outputs);
    return withUpToDate(received(outputs), { urn: this.urn(name), inputs });
  }

  /** The creation mark as the contract has it, calculated here on its own. */
  mark(name: string): string {
    const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    const { organization = "acme", name: stack = "dev" } = this.#options;
    return `${digest(`${organization}/shop/${stack}`)}-${digest(this.urn(name))}`;
  }

  /** What the class registers: the arguments, the constant source and the hidden inputs. */
  registered(name: string, args: Properties, options: ResourceOptions = {}): Properties {
    if (this.isOnPlugin) return received(withoutUndefined(args) as Properties);
    return received(
      withoutUndefined({
        ...args,
        __provider: delegateTo(resourceTypes[this.kindOf(name).type].stem),
        __urn: this.urn(name),
        __mark: ["Cluster", "ApiKey"].includes(this.kindOf(name).type)
          ? this.mark(name)
          : undefined,
        ...this.#clusterOf(name, args, options),
        __timeouts: options.customTimeouts,
        __adopt: options.import,
      }) as Properties,
    );
  }

  /** The hidden input that says which clusters of the stack the resource depends on. */
  #clusterOf(name: string, args: Properties, { cluster }: ResourceOptions): Properties {
    const urns = ["clusterId", ...clusterArgumentsOf(this.kindOf(name).type)]
      .filter((argument, index, all) => argument in args && all.indexOf(argument) === index)
      .map((_, index) => {
        const named = typeof cluster === "string" ? cluster : cluster?.[index];
        return named === undefined ? notOfStack : this.urn(named);
      });
    if (urns.length === 0) return {};
    return { __cluster: urns.length === 1 ? urns[0] : urns };
  }
}

/** The outputs, and the id as a program sees it. */
export function outputsIn({ id, outputs }: Resource): Properties {
  return { ...visible(outputs), id };
}

/** The source that the dynamic server loads a provider by. */
export function sourceIn({ __provider: source }: Properties): Properties {
  return source === undefined ? {} : { __provider: source };
}

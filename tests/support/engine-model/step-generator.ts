// The step generator: which operation gets which olds and news, and what follows from what it returns.

import { strict as assert } from "node:assert";
import type { Door } from "./door";
import type { Declaration, OutputsOf } from "./program";
import type { ProviderProcess } from "./provider-process";
import type { Run, RunOptions } from "./run";
import type { Resource, StackState } from "./stack-state";
import { textOf } from "./thrown";
import type { Properties } from "./values";
import { pathsBetween, received } from "./values";

export type Step =
  | { kind: "create"; inputs: Properties }
  | { kind: "update" | "same"; inputs: Properties; old: Resource }
  | {
      kind: "replace";
      inputs: Properties;
      old: Resource;
      deletesFirst: boolean;
      isRetained: boolean;
    };

/** Decides for one run what is to happen to each resource of the program. */
export class StepGenerator {
  readonly #state: StackState;
  readonly #process: ProviderProcess;
  readonly #record: Run;
  readonly #run: RunOptions;

  constructor(state: StackState, process: ProviderProcess, record: Run, run: RunOptions) {
    this.#state = state;
    this.#process = process;
    this.#record = record;
    this.#run = run;
  }

  /** The step of a resource; undefined when its failure is in the record. */
  async plan(
    name: string,
    declaration: Declaration,
    outputsOf: OutputsOf,
  ): Promise<Step | undefined> {
    this.#state.declared.set(name, declaration);
    const provider = this.#process.providerOf(declaration.kind);
    const options = { ...declaration.options, ...this.#run.options?.[name] };
    const args =
      typeof declaration.args === "function" ? declaration.args(outputsOf) : declaration.args;
    const news = this.#state.registered(name, args, options);
    this.#state.retained.delete(name);
    if (options.retainOnDelete === true) this.#state.retained.add(name);
    const old = this.#state.resources.get(name);
    const isForced = this.#run.replace?.includes(name) === true;
    const check = async (olds: Properties): Promise<Properties | undefined> => {
      const response = await provider.check(
        received(olds),
        received(news),
        this.#state.requestInfo(name),
      );
      for (const { property, reason } of response.failures) {
        this.#record.failures.push(`${property}: ${reason}`);
      }
      return response.failures.length === 0 ? received(response.inputs) : undefined;
    };
    try {
      if (old === undefined && options.import !== undefined && this.#state.isOnPlugin) {
        return await this.#planImport(name, options.import, provider, check);
      }
      const inputs = await check(old === undefined || isForced ? {} : old.inputs);
      if (inputs === undefined) return undefined;
      // The class of a cluster sets the option for one with a name of its own.
      const isProtected = (args["deleteProtection"] ?? false) !== false;
      const isDeletedFirst =
        declaration.kind.type === "Cluster" &&
        (args["name"] !== undefined || isProtected) &&
        options.import === undefined;
      const deletesFirst = options.deleteBeforeReplace ?? isDeletedFirst;
      if (old === undefined) {
        this.#record.steps.push(`create ${name}`);
        return { kind: "create", inputs };
      }
      const isRetained = options.retainOnDelete === true;
      if (isForced) {
        this.#record.steps.push(`replace ${name}`);
        return { kind: "replace", inputs, old, deletesFirst, isRetained };
      }
      const difference = await provider.diff(
        old.id,
        received(old.outputs),
        received(inputs),
        this.#state.requestInfo(name, old),
      );
      assert.ok(difference, "diff returns");
      const paths = pathsBetween(old.inputs, inputs);
      const isChanged = difference.changes ?? paths.length > 0;
      if (isChanged && (difference.replaces?.length ?? 0) > 0) {
        this.#record.differences[name] = paths;
        this.#record.steps.push(`replace ${name}`);
        const again = await check({});
        if (again === undefined) return undefined;
        return {
          kind: "replace",
          inputs: again,
          old,
          deletesFirst: difference.deleteBeforeReplace === true || deletesFirst,
          isRetained,
        };
      }
      if (isChanged || old.initErrors.length > 0) {
        this.#record.differences[name] = paths;
        this.#record.steps.push(`update ${name}`);
        return { kind: "update", inputs, old };
      }
      this.#record.steps.push(`same ${name}`);
      return { kind: "same", inputs, old };
    } catch (error) {
      this.#record.failures.push(textOf(error));
      return undefined;
    }
  }

  /** What the engine does for the option import of a provider plugin: it reads, and compares with the program. */
  async #planImport(
    name: string,
    id: string,
    provider: Door,
    check: (olds: Properties) => Promise<Properties | undefined>,
  ): Promise<Step | undefined> {
    this.#record.steps.push(`import ${name}`);
    const read = await provider.read(id, {}, this.#state.requestInfo(name));
    assert.ok(read.id !== "" && read.inputs !== undefined, "a read that finds nothing throws");
    const outputs = received(read.props ?? {});
    const old: Resource = { id: read.id, inputs: received(read.inputs), outputs, initErrors: [] };
    const inputs = await check(old.inputs);
    if (inputs === undefined) return undefined;
    const difference = await provider.diff(id, outputs, inputs, this.#state.requestInfo(name, old));
    const isChanged = difference.changes ?? pathsBetween(old.inputs, inputs).length > 0;
    if (!isChanged) return { kind: "same", inputs, old };
    this.#record.failures.push("inputs to import do not match the existing resource");
    return undefined;
  }
}

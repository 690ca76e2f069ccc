// The step executor: what ends in state, and what is left when something fails half-way.

import { strict as assert } from "node:assert";
import type { ProviderProcess } from "./provider-process";
import type { Run } from "./run";
import type { Resource, StackState } from "./stack-state";
import { outputsIn, sourceIn } from "./stack-state";
import type { Step } from "./step-generator";
import { partialFailure, textOf } from "./thrown";
import type { Properties } from "./values";
import { nothingKnown, pathsBetween, received } from "./values";

/** Carries out, in one run, what the generator has decided. */
export class StepExecutor {
  readonly #state: StackState;
  readonly #process: ProviderProcess;
  readonly #record: Run;

  constructor(state: StackState, process: ProviderProcess, record: Run) {
    this.#state = state;
    this.#process = process;
    this.#record = record;
  }

  /** What a refresh does to a resource; undefined when it has failed. */
  async read(name: string, old: Resource): Promise<Resource | "deleted" | undefined> {
    try {
      const provider = this.#process.providerOf(this.#state.kindOf(name));
      const response = await provider.read(
        old.id,
        this.#state.propsFor(name, old),
        this.#state.requestInfo(name, old),
      );
      if (response.id === "" || response.id === undefined) {
        this.#record.steps.push(`delete ${name}`);
        return "deleted";
      }
      assert.equal(response.id, old.id, "read returns the same id");
      // The dynamic server adds the source to both.
      const source = this.#state.isOnPlugin ? {} : sourceIn(old.outputs);
      const outputs = received({ ...response.props, ...source });
      const inputs = response.inputs ? received({ ...response.inputs, ...source }) : old.inputs;
      const info = this.#state.requestInfo(name, { ...old, inputs });
      const difference = await provider.diff(old.id, outputs, old.inputs, info);
      const paths = difference.changes === false ? [] : pathsBetween(old.inputs, inputs);
      if (paths.length > 0) this.#record.differences[name] = paths;
      this.#record.steps.push(`${paths.length > 0 ? "update" : "same"} ${name}`);
      return { id: old.id, inputs, outputs, initErrors: [] };
    } catch (error) {
      this.#record.failures.push(textOf(error));
      return undefined;
    }
  }

  async carryOut(name: string, step: Step): Promise<void> {
    const { inputs } = step;
    switch (step.kind) {
      case "same":
        this.#state.resources.set(name, { ...step.old, inputs });
        return;
      case "create":
        await this.#create(name, inputs);
        return;
      case "update":
        await this.#update(name, step.old, inputs);
        return;
      case "replace":
        if (step.isRetained) {
          await this.#create(name, inputs);
          return;
        }
        if (step.deletesFirst) {
          await this.#deleteDependents(name);
          const provider = this.#process.providerOf(this.#state.kindOf(name));
          await provider.delete(
            step.old.id,
            this.#state.propsFor(name, step.old),
            this.#state.requestInfo(name, step.old),
          );
          this.#state.resources.delete(name);
        }
        try {
          await this.#create(name, inputs);
        } finally {
          // Also when the new one is there and unfinished.
          const isReplaced = this.#state.resources.get(name) !== step.old;
          if (!step.deletesFirst && isReplaced) this.#state.leftOvers.push({ name, old: step.old });
        }
    }
  }

  /** Before a resource is deleted to be replaced, those go that its replacement would replace. */
  async #deleteDependents(name: string): Promise<void> {
    for (const [dependent, declaration] of [...this.#state.declared].reverse()) {
      const old = this.#state.resources.get(dependent);
      if (old === undefined || !declaration.dependsOn.includes(name)) continue;
      if (typeof declaration.args !== "function") continue;
      const args = declaration.args((other) =>
        other === name ? nothingKnown : outputsIn(this.#state.resource(other)),
      );
      const provider = this.#process.providerOf(declaration.kind);
      const news = received(this.#state.registered(dependent, args, declaration.options));
      const info = this.#state.requestInfo(dependent, old);
      const { replaces = [] } = await provider.diff(old.id, received(old.outputs), news, info);
      if (replaces.length === 0) continue;
      this.#record.steps.push(`delete ${dependent}`);
      if (declaration.options.deletedWith !== name)
        await provider.delete(old.id, this.#state.propsFor(dependent, old), info);
      this.#state.resources.delete(dependent);
    }
  }

  /** What the engine does last: what was replaced goes, and what the program no longer has. */
  async deleteAll(kept: ReadonlySet<string>): Promise<void> {
    const replaced = new Set(this.#state.leftOvers.map(({ name }) => name));
    for (
      let last = this.#state.leftOvers.at(-1);
      last !== undefined;
      last = this.#state.leftOvers.at(-1)
    ) {
      const { name, old } = last;
      const { deletedWith } = this.#state.declared.get(name)?.options ?? {};
      const goesAlong = deletedWith !== undefined && replaced.has(deletedWith);
      if (!(await this.#delete(name, old, goesAlong))) return;
      this.#state.leftOvers.pop();
    }
    // Dependents stand behind what they depend on.
    const goes = [...this.#state.resources].filter(([name]) => !kept.has(name)).reverse();
    const going = new Set(goes.map(([name]) => name));
    const staying = new Set<string>();
    for (const [name, old] of goes) {
      const isNeeded = [...staying].some((other) =>
        this.#state.declared.get(other)?.dependsOn.includes(name),
      );
      const { deletedWith } = this.#state.declared.get(name)?.options ?? {};
      const goesAlong =
        this.#state.retained.has(name) || (deletedWith !== undefined && going.has(deletedWith));
      if (!isNeeded && (await this.#delete(name, old, goesAlong)))
        this.#state.resources.delete(name);
      else staying.add(name);
    }
  }

  async #create(name: string, inputs: Properties): Promise<void> {
    try {
      const provider = this.#process.providerOf(this.#state.kindOf(name));
      const { id, outs } = await provider.create(received(inputs), this.#state.requestInfo(name));
      assert.ok(typeof id === "string" && id !== "", "create returns an id");
      this.#store(name, id, inputs, { ...outs, ...sourceIn(inputs) }, []);
    } catch (error) {
      const partial = partialFailure(error, inputs);
      if (partial) this.#store(name, partial.id, inputs, partial.properties, partial.reasons);
      throw error;
    }
  }

  async #update(name: string, old: Resource, inputs: Properties): Promise<void> {
    try {
      const provider = this.#process.providerOf(this.#state.kindOf(name));
      const info = this.#state.requestInfo(name, old);
      const { outs } = await provider.update(old.id, received(old.outputs), received(inputs), info);
      this.#store(name, old.id, inputs, { ...outs, ...sourceIn(inputs) }, []);
    } catch (error) {
      const partial = partialFailure(error, inputs);
      // The inputs stay the old ones, so that the difference is seen again.
      if (partial) this.#store(name, old.id, old.inputs, partial.properties, partial.reasons);
      throw error;
    }
  }

  #store(
    name: string,
    id: string,
    inputs: Properties,
    outputs: Properties,
    initErrors: string[],
  ): void {
    this.#state.resources.set(name, { id, inputs, outputs: received(outputs), initErrors });
  }

  /** Returns whether it is deleted. What goes along with something else takes no call. */
  async #delete(name: string, old: Resource, goesAlong: boolean): Promise<boolean> {
    this.#record.steps.push(`delete ${name}`);
    if (goesAlong) return true;
    try {
      const provider = this.#process.providerOf(this.#state.kindOf(name));
      await provider.delete(
        old.id,
        this.#state.propsFor(name, old),
        this.#state.requestInfo(name, old),
      );
      return true;
    } catch (error) {
      this.#record.failures.push(textOf(error));
      return false;
    }
  }
}

// What the engine does to a resource, in this process and in no time: the real provider against an emulator, over real
// HTTP on loopback. One clock serves provider, client and emulator.
//
// The rules are those of the Pulumi engine, as it was seen to call providers:
//  - A provider checks with the inputs of the last run as olds, or with none for a new resource, a replacement and
//    `--replace`; a replacement that the diff wants is checked a second time, without olds.
//  - Diff, read, update and delete get the outputs of the state. The inputs in state are compared here, hidden ones too.
//  - Resources that depend on nothing are planned one after another in the order of the program, and carried out side by
//    side. What depends on others is planned when they are finished, and not at all when one of them failed.
//  - A failed create or update that has an id ends in state with its reasons, and then the next run updates; the inputs
//    of a failed update stay the old ones. Everything else that is thrown leaves the state as it was.
//  - What was replaced and what the program no longer has is deleted last, dependents first, and not after a failure.
//    `deletedWith` and `retainOnDelete` take a resource out of the state without a call.
//  - A refresh reads all that is in state, also what is still to be deleted, and forgets what reads as deleted.
//  - The provider plugin gets an import as a read, whose result must equal the program; the dynamic server has none.

import { lifecycle } from "../../../provider/cluster";
import { toDynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { delegateTo } from "../../../provider/program/registration";
import { InterruptedError } from "../../../provider/resource/errors";
import type { Time } from "../driven-time";
import type { TestEmulator } from "../emulator";
import type { OutputsOf, Program } from "./program";
import { Declaration } from "./program";
import type { ProviderProcess, StackOptions } from "./provider-process";
import { startProcess } from "./provider-process";
import type { Run, RunOptions } from "./run";
import { outputsIn, StackState } from "./stack-state";
import { StepExecutor } from "./step-executor";
import { StepGenerator } from "./step-generator";
import { textOf } from "./thrown";
import type { Properties } from "./values";
import { nothingKnown, received } from "./values";

/** Who decides in a run, who carries out, and what comes of it. */
interface Deployment {
  readonly generator: StepGenerator;
  readonly executor: StepExecutor;
  readonly record: Run;
}

/** A stack, and the engine that works on it. */
export class Stack extends StackState {
  readonly #emulator: TestEmulator;
  readonly #time: Time;
  readonly #options: StackOptions;
  /** The process of the run that is under way, or was last. */
  #last: ProviderProcess | undefined;

  constructor(emulator: TestEmulator, time: Time, options: StackOptions) {
    const serve = options.serve ?? ((host) => toDynamicProvider(lifecycle, host));
    super({ type: "Cluster", serve }, options);
    this.#emulator = emulator;
    this.#time = time;
    this.#options = options;
  }

  /** Check and diff of every resource, as a preview does; no other operation is called. */
  async preview(program: Program, run: RunOptions = {}): Promise<Run> {
    return await this.#run(run, async ({ generator }) => {
      const created = new Set<string>();
      const outputsOf: OutputsOf = (name) =>
        created.has(name) ? nothingKnown : outputsIn(this.resource(name));
      for (const [name, declaration] of this.#declarations(program)) {
        const step = await generator.plan(name, declaration, outputsOf);
        if (step?.kind === "create" || step?.kind === "replace") created.add(name);
      }
    });
  }

  /** Like `pulumi up`. Failures are in the result; `assertDone` wants none. */
  async up(program: Program, run: RunOptions = {}): Promise<Run> {
    return await this.#run(run, async ({ generator, executor, record }) => {
      /** By name, whether the resource is as the program says. */
      const running = new Map<string, Promise<boolean>>();
      const outputsOf: OutputsOf = (name) => outputsIn(this.resource(name));
      const start = async (
        name: string,
        declaration: Declaration,
      ): Promise<() => Promise<void>> => {
        const step = await generator.plan(name, declaration, outputsOf);
        if (step === undefined) throw new StepFailed();
        return () => executor.carryOut(name, step);
      };
      const outcome = async (work: Promise<void>): Promise<boolean> => {
        try {
          await work;
          return true;
        } catch (error) {
          if (!(error instanceof StepFailed)) record.failures.push(textOf(error));
          return false;
        }
      };
      for (const [name, declaration] of this.#declarations(program)) {
        const { dependsOn } = declaration;
        if (dependsOn.length > 0) {
          const others = dependsOn.map((other) => running.get(other) as Promise<boolean>);
          const afterThem = async (): Promise<void> => {
            if ((await Promise.all(others)).includes(false)) throw new StepFailed();
            await (await start(name, declaration))();
          };
          running.set(name, outcome(afterThem()));
          continue;
        }
        const work = await start(name, declaration).catch(
          (error: unknown) => () => Promise.reject(error),
        );
        running.set(name, outcome(work()));
      }
      await Promise.all(running.values());
      if (record.failures.length > 0) return;
      await executor.deleteAll(new Set(Object.keys(program)));
    });
  }

  /** Like `pulumi refresh`; `differences` is the drift. */
  async refresh(): Promise<Run> {
    return await this.#run({}, async ({ executor }) => {
      const reads = [...this.resources].map(async ([name, old]) => {
        const read = await executor.read(name, old);
        if (read === "deleted") this.resources.delete(name);
        else if (read !== undefined) this.resources.set(name, read);
      });
      const leftReads = [...this.leftOvers].map(async (leftOver) => {
        const read = await executor.read(leftOver.name, leftOver.old);
        if (read === undefined) return;
        const index = this.leftOvers.indexOf(leftOver);
        this.leftOvers.splice(
          index,
          1,
          ...(read === "deleted" ? [] : [{ ...leftOver, old: read }]),
        );
      });
      await Promise.all([...reads, ...leftReads]);
    });
  }

  /** Like `pulumi destroy`. */
  async destroy(run: RunOptions = {}): Promise<Run> {
    return await this.up({}, run);
  }

  /** Ctrl-C for the run that is under way. */
  interrupt(): void {
    this.#last?.interruption.abort(new InterruptedError());
  }

  /** Ends the process of the run that is under way: nothing that it was doing reaches the state. */
  kill(): void {
    this.#last?.kill();
  }

  /** `Cluster.get`: the outputs, or what it threw. */
  async get(id: string): Promise<Properties> {
    const provider = this.#startProcess().providerOf(this.kind);
    const response = await provider
      .read(id, { __provider: delegateTo("cluster") }, this.requestInfo("it"))
      .catch((error) => {
        throw new Error(textOf(error));
      });
    return received(response.props ?? {});
  }

  #startProcess(): ProviderProcess {
    return startProcess(this.#emulator, this.#time, this.#options);
  }

  #declarations(program: Program): [string, Declaration][] {
    return Object.entries(program).map(([name, declared]) => [
      name,
      declared instanceof Declaration ? declared : new Declaration(this.kind, declared),
    ]);
  }

  async #run(options: RunOptions, work: (deployment: Deployment) => Promise<void>): Promise<Run> {
    const { interruptAfterMs, killAfterMs, killAtRequest } = options;
    const process = this.#startProcess();
    this.#last = process;
    const start = { at: this.#time.now(), requests: this.#emulator.requests.length };
    const record: Run = {
      steps: [],
      failures: [],
      notes: [],
      progress: [],
      differences: {},
      requests: [],
      elapsedMs: 0,
    };
    const over = new AbortController();
    const alarms: Promise<unknown>[] = [];
    if (interruptAfterMs !== undefined) {
      const alarm = this.#time.sleep(interruptAfterMs, over.signal);
      alarms.push(alarm.then(() => this.interrupt()));
    }
    const generator = new StepGenerator(this, process, record, options);
    const executor = new StepExecutor(this, process, record);
    const done = work({ generator, executor, record });
    const killed = process.killed.then(() => {
      if (!over.signal.aborted) record.failures.push("killed");
    });
    if (killAfterMs !== undefined) {
      alarms.push(this.#time.sleep(killAfterMs, over.signal).then(process.kill));
    }
    if (killAtRequest !== undefined) {
      let count = 0;
      const isTheOne = () => {
        count += 1;
        if (count === killAtRequest) process.kill();
        return false;
      };
      this.#emulator.faults.add("*", { delayMs: 0, when: isTheOne });
    }
    for (const alarm of alarms) alarm.catch(() => {});
    await Promise.race([done, killed]);
    over.abort(record);
    // What it still has under way ends with it.
    process.kill();
    for (const { ephemeral, ...message } of process.messages) {
      (ephemeral ? record.progress : record.notes).push(message);
    }
    record.requests = this.#emulator.requests.slice(start.requests);
    record.elapsedMs = this.#time.now() - start.at;
    return record;
  }
}

/** Its failure is in the record already, or is that of another resource. */
class StepFailed extends Error {}

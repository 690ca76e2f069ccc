// What the engine does to a resource, in this process and in no time: the real `serve(lifecycle, host)` against
// an emulator, over real HTTP on loopback. One clock serves provider, client and emulator.
//
// The engine is modelled after `pulumi-engine.md` 2.2: which operation gets which olds and news, what ends in
// state, and what is left when something fails half-way.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { EmulatorOptions, LoggedRequest } from "../../emulator";
import { lifecycle } from "../../provider/cluster";
import type { DynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { withUpToDate } from "../../provider/dynamic/hidden-inputs";
import { connect } from "../../provider/engine/configuration";
import type { Host } from "../../provider/engine/host";
import { RunRecord } from "../../provider/engine/run-record";
import { delegateTo } from "../../provider/program/registration";
import { InterruptedError } from "../../provider/resource/errors";
import type { Connection } from "../../provider/resource/lifecycle";
import { notOfStack } from "../../provider/resource/lifecycle";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  clusterArgumentsOf,
  pluginToken,
  resourceTypes,
  typeToken,
} from "../../provider/resource/resource-types";
import type { Time } from "./driven-time";
import { drivenTime, requestsOnTheirWayTo, whenLost } from "./driven-time";
import type { TestEmulator } from "./emulator";
import { startTestEmulator } from "./emulator";

type Properties = Record<string, unknown>;

const secretKey = "4dabf18193072939515e22adb298388d";

/** An emulator, the time, and as many stacks as a test wants. */
export interface Lab {
  readonly emulator: TestEmulator;
  readonly time: Time;
  /** A new stack. */
  stack(options?: StackOptions): Stack;
  /** Lets the time stand also while requests are on their way to a server in front of the emulator. */
  mind(server: Front): void;
}

/** A server in front of the emulator. */
export interface Front {
  readonly address: string;
  /** How many of its requests end by nothing but a time-out. */
  hanging(): number;
}

export interface StackOptions {
  /** The Pulumi organization. @default "acme" */
  organization?: string;
  /** @default "dev" */
  name?: string;
  /** What the provider process sees. @default the emulator's address and key */
  environment?: Record<string, string>;
  /** The provider of what the program gives no kind of its own. @default the provider of Cluster */
  serve?: (host: () => Host) => DynamicProvider;
  /** What stands between the engine and a provider, for example Pulumi's own server. @default nothing */
  through?: (provider: DynamicProvider) => DynamicProvider;
  /** The provider plugin, which serves all kinds of a process. @default the dynamic provider of each kind */
  plugin?: (host: Host) => (type: ResourceType) => Door;
}

/** What the engine says in a request beside properties; Pulumi's dynamic server drops it. */
export interface Said {
  readonly urn: string;
  /** The inputs of the last run. */
  readonly asked: Properties;
  readonly timeouts: ResourceOptions["customTimeouts"];
  /** Whether the plugin is to say what an update would lead to, and to do nothing. */
  readonly preview?: true;
}

/** What the engine calls, by whatever protocol. */
export interface Door {
  check(olds: Properties, news: Properties, said: Said): ReturnType<DynamicProvider["check"]>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
    said: Said,
  ): ReturnType<DynamicProvider["diff"]>;
  create(inputs: Properties, said: Said): ReturnType<DynamicProvider["create"]>;
  read(id: string, props: Properties, said: Said): ReturnType<DynamicProvider["read"]>;
  update(
    id: string,
    olds: Properties,
    news: Properties,
    said: Said,
  ): ReturnType<DynamicProvider["update"]>;
  delete(id: string, props: Properties, said: Said): Promise<void>;
}

/** Starts an emulator whose clock is the one of everything else. */
export async function startLab(options: EmulatorOptions = {}): Promise<Lab> {
  // Loaded by the client with its first request, which would take real time.
  await Promise.all([import("node-fetch"), import("p-retry")]);
  let isBusy = () => false;
  const time = drivenTime(() => isBusy());
  const emulator = await startTestEmulator({
    clock: time,
    rateLimit: { time: "emulator" },
    ...options,
  });
  const address = `127.0.0.1:${emulator.port}`;
  const givenUp = new Set<LoggedRequest>();
  const hanging = () =>
    emulator.requests.filter(
      (request) => request.fault?.startsWith("hangs") && !givenUp.has(request),
    );
  whenLost.set(address, () => {
    const [oldest] = hanging();
    if (oldest) givenUp.add(oldest);
  });
  // Who waits for a request that hangs waits for the time-out.
  const fronts: Front[] = [{ address, hanging: () => hanging().length }];
  isBusy = () =>
    fronts.some((front) => {
      const sent = requestsOnTheirWayTo(front.address);
      return sent > 0 && sent > front.hanging();
    });
  return {
    emulator,
    time,
    stack: (stackOptions = {}) => new Stack(emulator, time, stackOptions),
    mind: (server) => fronts.push(server),
  };
}

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

/** What a preview has in place of a value that it does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

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

export interface RunOptions {
  options?: Record<string, ResourceOptions>;
  /** Names of resources that are replaced whatever diff would say: `--replace`, or taint. */
  replace?: readonly string[];
  /** Ctrl-C after so long. */
  interruptAfterMs?: number;
  /** The process ends without a word after so long: nothing that it was doing reaches the state. */
  killAfterMs?: number;
  /** The same when this request has reached the service, counted from 1; its response comes too late. */
  killAtRequest?: number;
}

/** What the user reads on the line of a resource. */
export interface Message {
  name: string;
  severity: "info" | "warning";
  text: string;
}

/** What one preview, up, refresh or destroy did. */
export interface Run {
  /** `create orders`, `update orders`, `replace orders`, `same orders`, `delete orders`, in order. */
  steps: string[];
  /** Check failures as `property: reason`, and what operations threw. */
  failures: string[];
  /** Messages that stay on the screen. */
  notes: Message[];
  /** Messages that the next one replaces. */
  progress: Message[];
  /** By name, the input properties that differ: what the CLI prints. */
  differences: Record<string, string[]>;
  /** Requests that the emulator has seen during the run. */
  requests: LoggedRequest[];
  /** How long it took, on the clock of the lab. */
  elapsedMs: number;
}

/** A resource in state. */
export interface Resource {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Reasons of a partial failure. */
  initErrors: string[];
}

interface Process {
  providerOf(kind: Kind): Door;
  readonly messages: (Message & { ephemeral: boolean })[];
  readonly interruption: AbortController;
  readonly killed: Promise<void>;
  kill(): void;
}

/** A stack, and the engine that works on it. */
export class Stack {
  readonly resources = new Map<string, Resource>();
  /** What was replaced and is still to be deleted. */
  readonly leftOvers: LeftOver[] = [];
  readonly #emulator: TestEmulator;
  readonly #time: Time;
  readonly #options: StackOptions;
  readonly #kind: Kind;
  readonly #retained = new Set<string>();
  /** What the program has said about the resources in state. */
  readonly #declared = new Map<string, Declaration>();
  /** The process of the run that is under way, or was last. */
  #last: Process | undefined;

  constructor(emulator: TestEmulator, time: Time, options: StackOptions) {
    this.#emulator = emulator;
    this.#time = time;
    this.#options = options;
    const served = options.serve ?? ((host) => toDynamicProvider(lifecycle, host));
    this.#kind = { type: "Cluster", serve: served };
  }

  /** Check and diff of every resource, as a preview does; no other operation is called. */
  async preview(program: Program, run: RunOptions = {}): Promise<Run> {
    return await this.#run(run, async (process, record) => {
      const made = new Set<string>();
      const outputsOf: OutputsOf = (name) =>
        made.has(name) ? nothingKnown : outputsIn(this.resource(name));
      for (const [name, declaration] of this.#declarations(program)) {
        const plan = await this.#plan(process, record, name, declaration, outputsOf, run);
        if (plan?.kind === "create" || plan?.kind === "replace") made.add(name);
      }
    });
  }

  /** Like `pulumi up`. Failures are in the response; `assertDone` wants none. */
  async up(program: Program, run: RunOptions = {}): Promise<Run> {
    return await this.#run(run, async (process, record) => {
      /** By name, whether the resource is as the program says. */
      const running = new Map<string, Promise<boolean>>();
      const outputsOf: OutputsOf = (name) => outputsIn(this.resource(name));
      const start = async (
        name: string,
        declaration: Declaration,
      ): Promise<() => Promise<void>> => {
        const plan = await this.#plan(process, record, name, declaration, outputsOf, run);
        if (plan === undefined) throw new PlanFailed();
        return () => this.#carryOut(process, record, name, plan);
      };
      const outcome = async (work: Promise<void>): Promise<boolean> => {
        try {
          await work;
          return true;
        } catch (error) {
          if (!(error instanceof PlanFailed)) record.failures.push(textOf(error));
          return false;
        }
      };
      for (const [name, declaration] of this.#declarations(program)) {
        const { dependsOn } = declaration;
        if (dependsOn.length > 0) {
          const others = dependsOn.map((other) => running.get(other) as Promise<boolean>);
          const whenTheyAreThere = async (): Promise<void> => {
            if ((await Promise.all(others)).includes(false)) throw new PlanFailed();
            await (await start(name, declaration))();
          };
          running.set(name, outcome(whenTheyAreThere()));
          continue;
        }
        // The engine gets what depends on nothing one after another, and carries it out side by side.
        const work = await start(name, declaration).catch(
          (error: unknown) => () => Promise.reject(error),
        );
        running.set(name, outcome(work()));
      }
      await Promise.all(running.values());
      // After a failure the engine deletes nothing.
      if (record.failures.length > 0) return;
      await this.#deleteAll(process, record, new Set(Object.keys(program)));
    });
  }

  /** Like `pulumi refresh`; `differences` is the drift. */
  async refresh(): Promise<Run> {
    return await this.#run({}, async (process, record) => {
      const reads = [...this.resources].map(async ([name, old]) => {
        const read = await this.#read(process, record, name, old);
        if (read === "deleted") this.#forget(name);
        else if (read !== undefined) this.resources.set(name, read);
      });
      // What is still to be deleted is read like everything else.
      const leftReads = [...this.leftOvers].map(async (leftOver) => {
        const read = await this.#read(process, record, leftOver.name, leftOver.old);
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

  async #read(
    process: Process,
    record: Run,
    name: string,
    old: Resource,
  ): Promise<Resource | "deleted" | undefined> {
    try {
      const provider = process.providerOf(this.#kindOf(name));
      const response = await provider.read(
        old.id,
        this.#handedOver(name, old),
        this.#said(name, old),
      );
      if (response.id === "" || response.id === undefined) {
        record.steps.push(`delete ${name}`);
        return "deleted";
      }
      assert.equal(response.id, old.id, "read returns the same id");
      // The dynamic server adds the text to both.
      const text = this.#options.plugin === undefined ? textIn(old.outputs) : {};
      const outputs = received({ ...response.props, ...text });
      const inputs = response.inputs ? received({ ...response.inputs, ...text }) : old.inputs;
      const said = this.#said(name, { ...old, inputs });
      const difference = await provider.diff(old.id, outputs, old.inputs, said);
      const paths = difference.changes === false ? [] : pathsBetween(old.inputs, inputs);
      if (paths.length > 0) record.differences[name] = paths;
      record.steps.push(`${paths.length > 0 ? "update" : "same"} ${name}`);
      return { id: old.id, inputs, outputs, initErrors: [] };
    } catch (error) {
      record.failures.push(textOf(error));
      return undefined;
    }
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
    const provider = this.#process().providerOf(this.#kind);
    const response = await provider
      .read(id, { __provider: delegateTo("cluster") }, this.#said("it"))
      .catch((error) => {
        throw new Error(textOf(error));
      });
    return received(response.props ?? {});
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

  urn(name: string): string {
    const { type } = this.#kindOf(name);
    const token = this.#options.plugin === undefined ? typeToken(type) : pluginToken(type);
    return `urn:pulumi:${this.#options.name ?? "dev"}::shop::${token}::${name}`;
  }

  #said(name: string, old?: Resource): Said {
    const timeouts = this.#declared.get(name)?.options.customTimeouts;
    return { urn: this.urn(name), asked: received(old?.inputs ?? {}), timeouts };
  }

  /** What the process makes of a request to read or to delete. */
  #handedOver(name: string, { outputs, inputs }: Resource): Properties {
    if (this.#options.plugin !== undefined) return received(outputs);
    return withUpToDate(received(outputs), { urn: this.urn(name), inputs });
  }

  /** The creation mark as the contract has it, calculated here on its own. */
  mark(name: string): string {
    const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    const { organization = "acme", name: stack = "dev" } = this.#options;
    return `${digest(`${organization}/shop/${stack}`)}-${digest(this.urn(name))}`;
  }

  /** What the class registers: the arguments, the constant text and the hidden inputs. */
  registered(name: string, args: Properties, options: ResourceOptions = {}): Properties {
    if (this.#options.plugin !== undefined) return received(withoutUndefined(args) as Properties);
    return received(
      withoutUndefined({
        ...args,
        __provider: delegateTo(resourceTypes[this.#kindOf(name).type].stem),
        __urn: this.urn(name),
        __mark: ["Cluster", "ApiKey"].includes(this.#kindOf(name).type)
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
    const urns = ["clusterId", ...clusterArgumentsOf(this.#kindOf(name).type)]
      .filter((argument, index, all) => argument in args && all.indexOf(argument) === index)
      .map((_, index) => {
        const named = typeof cluster === "string" ? cluster : cluster?.[index];
        return named === undefined ? notOfStack : this.urn(named);
      });
    if (urns.length === 0) return {};
    return { __cluster: urns.length === 1 ? urns[0] : urns };
  }

  async #run(
    { interruptAfterMs, killAfterMs, killAtRequest }: RunOptions,
    work: (process: Process, record: Run) => Promise<void>,
  ): Promise<Run> {
    const process = this.#process();
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
    const done = work(process, record);
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

  /** A provider process: each operation of the engine starts one. */
  #process(): Process {
    const interruption = new AbortController();
    setMaxListeners(0, interruption.signal);
    const messages: Process["messages"] = [];
    const time = this.#time;
    let isDead = false;
    let died = () => {};
    const killed = new Promise<void>((resolve) => {
      died = resolve;
    });
    const never = new Promise<never>(() => {});
    // A clock of its own, because the client keeps a request budget for each clock and key: a new process
    // knows nothing of what the one before it has sent.
    const clock = {
      now: () => time.now(),
      sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms, signal),
    };
    /** What a dead process does, nobody learns. */
    const whileAlive = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (isDead) await never;
      try {
        return await work();
      } finally {
        if (isDead) await never;
      }
    };
    const connections = new Map<string, Connection>();
    const host: Host = {
      environment: this.#options.environment ?? {
        COCKROACH_SERVER: this.#emulator.url,
        COCKROACH_API_KEY: this.#emulator.apiKey,
      },
      connect: (settings) => {
        const key = JSON.stringify(settings);
        const known = connections.get(key);
        if (known) return known;
        const connection = connect(settings, clock, interruption.signal);
        connections.set(key, connection);
        return connection;
      },
      reporter: {
        report: async (urn, severity, text, { ephemeral = false } = {}) => {
          if (isDead) return;
          messages.push({ name: urn.slice(urn.lastIndexOf("::") + 2), severity, text, ephemeral });
        },
      },
      clock,
      signal: interruption.signal,
      run: new RunRecord(),
    };
    const { through = (provider) => provider } = this.#options;
    const providers = new Map<Kind, Door>();
    const plugin = this.#options.plugin?.(host);
    return {
      providerOf: (kind) => {
        const known = providers.get(kind);
        if (known) return known;
        const served: Door = plugin?.(kind.type) ?? through(kind.serve(() => host));
        const provider: Door = {
          check: (...given) => whileAlive(() => served.check(...given)),
          diff: (...given) => whileAlive(() => served.diff(...given)),
          create: (...given) => whileAlive(() => served.create(...given)),
          read: (...given) => whileAlive(() => served.read(...given)),
          update: (...given) => whileAlive(() => served.update(...given)),
          delete: (...given) => whileAlive(() => served.delete(...given)),
        };
        providers.set(kind, provider);
        return provider;
      },
      messages,
      interruption,
      killed,
      kill: () => {
        isDead = true;
        died();
        // It sends nothing more.
        interruption.abort(new Error("killed"));
      },
    };
  }

  #declarations(program: Program): [string, Declaration][] {
    return Object.entries(program).map(([name, said]) => [
      name,
      said instanceof Declaration ? said : new Declaration(this.#kind, said),
    ]);
  }

  #kindOf(name: string): Kind {
    return this.#declared.get(name)?.kind ?? this.#kind;
  }

  #forget(name: string): void {
    this.resources.delete(name);
  }

  /** What the step generator decides about one resource; undefined when there is nothing to carry out. */
  async #plan(
    process: Process,
    record: Run,
    name: string,
    declaration: Declaration,
    outputsOf: OutputsOf,
    run: RunOptions,
  ): Promise<Plan | undefined> {
    this.#declared.set(name, declaration);
    const provider = process.providerOf(declaration.kind);
    const options = { ...declaration.options, ...run.options?.[name] };
    const args =
      typeof declaration.args === "function" ? declaration.args(outputsOf) : declaration.args;
    const news = this.registered(name, args, options);
    this.#retained.delete(name);
    if (options.retainOnDelete === true) this.#retained.add(name);
    const old = this.resources.get(name);
    const isForced = run.replace?.includes(name) === true;
    const checked = async (olds: Properties): Promise<Properties | undefined> => {
      const response = await provider.check(received(olds), received(news), this.#said(name));
      for (const { property, reason } of response.failures) {
        record.failures.push(`${property}: ${reason}`);
      }
      return response.failures.length === 0 ? received(response.inputs) : undefined;
    };
    try {
      if (old === undefined && options.import !== undefined && this.#options.plugin) {
        return await this.#planImport(record, name, options.import, provider, checked);
      }
      const inputs = await checked(old === undefined || isForced ? {} : old.inputs);
      if (inputs === undefined) return undefined;
      // The class of a cluster sets the option for one with a name of its own.
      const isProtected = (args["deleteProtection"] ?? false) !== false;
      const isDeletedFirst =
        declaration.kind.type === "Cluster" &&
        (args["name"] !== undefined || isProtected) &&
        options.import === undefined;
      const deletesFirst = options.deleteBeforeReplace ?? isDeletedFirst;
      if (old === undefined) {
        record.steps.push(`create ${name}`);
        return { kind: "create", inputs };
      }
      const isRetained = options.retainOnDelete === true;
      if (isForced) {
        record.steps.push(`replace ${name}`);
        return { kind: "replace", inputs, old, deletesFirst, isRetained };
      }
      const difference = await provider.diff(
        old.id,
        received(old.outputs),
        received(inputs),
        this.#said(name, old),
      );
      assert.ok(difference, "diff returns");
      const paths = pathsBetween(old.inputs, inputs);
      const isChanged = difference.changes ?? paths.length > 0;
      if (isChanged && (difference.replaces?.length ?? 0) > 0) {
        record.differences[name] = paths;
        record.steps.push(`replace ${name}`);
        const again = await checked({});
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
        record.differences[name] = paths;
        record.steps.push(`update ${name}`);
        return { kind: "update", inputs, old };
      }
      record.steps.push(`same ${name}`);
      return { kind: "same", inputs, old };
    } catch (error) {
      record.failures.push(textOf(error));
      return undefined;
    }
  }

  /** What the engine does for the option import of a provider plugin: it reads, and compares with the program. */
  async #planImport(
    record: Run,
    name: string,
    id: string,
    provider: Door,
    checked: (olds: Properties) => Promise<Properties | undefined>,
  ): Promise<Plan | undefined> {
    record.steps.push(`import ${name}`);
    const read = await provider.read(id, {}, this.#said(name));
    assert.ok(read.id !== "" && read.inputs !== undefined, "a read that finds nothing throws");
    const outputs = received(read.props ?? {});
    const old: Resource = { id: read.id, inputs: received(read.inputs), outputs, initErrors: [] };
    const inputs = await checked(old.inputs);
    if (inputs === undefined) return undefined;
    const difference = await provider.diff(id, outputs, inputs, this.#said(name, old));
    const isChanged = difference.changes ?? pathsBetween(old.inputs, inputs).length > 0;
    if (!isChanged) return { kind: "same", inputs, old };
    record.failures.push("inputs to import do not match the existing resource");
    return undefined;
  }

  async #carryOut(process: Process, record: Run, name: string, plan: Plan): Promise<void> {
    const { inputs } = plan;
    switch (plan.kind) {
      case "same":
        this.resources.set(name, { ...plan.old, inputs });
        return;
      case "create":
        await this.#create(process, name, inputs);
        return;
      case "update":
        await this.#update(process, name, plan.old, inputs);
        return;
      case "replace":
        if (plan.isRetained) {
          await this.#create(process, name, inputs);
          return;
        }
        if (plan.deletesFirst) {
          await this.#deleteDependents(process, record, name);
          const provider = process.providerOf(this.#kindOf(name));
          await provider.delete(
            plan.old.id,
            this.#handedOver(name, plan.old),
            this.#said(name, plan.old),
          );
          this.#forget(name);
        }
        try {
          await this.#create(process, name, inputs);
        } finally {
          // Also when the new one is there and unfinished.
          const isReplaced = this.resources.get(name) !== plan.old;
          if (!plan.deletesFirst && isReplaced) this.leftOvers.push({ name, old: plan.old });
        }
    }
  }

  /** Before a resource is deleted to be replaced, those go that its replacement would replace. */
  async #deleteDependents(process: Process, record: Run, name: string): Promise<void> {
    for (const [dependent, declaration] of [...this.#declared].reverse()) {
      const old = this.resources.get(dependent);
      if (old === undefined || !declaration.dependsOn.includes(name)) continue;
      if (typeof declaration.args !== "function") continue;
      const args = declaration.args((other) =>
        other === name ? nothingKnown : outputsIn(this.resource(other)),
      );
      const provider = process.providerOf(declaration.kind);
      const news = received(this.registered(dependent, args, declaration.options));
      const said = this.#said(dependent, old);
      const { replaces = [] } = await provider.diff(old.id, received(old.outputs), news, said);
      if (replaces.length === 0) continue;
      record.steps.push(`delete ${dependent}`);
      if (declaration.options.deletedWith !== name)
        await provider.delete(old.id, this.#handedOver(dependent, old), said);
      this.#forget(dependent);
    }
  }

  /** What the engine does last: what was replaced goes, and what the program no longer says. */
  async #deleteAll(process: Process, record: Run, kept: ReadonlySet<string>): Promise<void> {
    const replaced = new Set(this.leftOvers.map(({ name }) => name));
    for (let last = this.leftOvers.at(-1); last !== undefined; last = this.leftOvers.at(-1)) {
      const { name, old } = last;
      const { deletedWith } = this.#declared.get(name)?.options ?? {};
      const goesAlong = deletedWith !== undefined && replaced.has(deletedWith);
      if (!(await this.#delete(process, record, name, old, goesAlong))) return;
      this.leftOvers.pop();
    }
    // Dependents stand behind what they depend on.
    const goes = [...this.resources].filter(([name]) => !kept.has(name)).reverse();
    const going = new Set(goes.map(([name]) => name));
    const staying = new Set<string>();
    for (const [name, old] of goes) {
      const isNeeded = [...staying].some((other) =>
        this.#declared.get(other)?.dependsOn.includes(name),
      );
      const { deletedWith } = this.#declared.get(name)?.options ?? {};
      const goesAlong =
        this.#retained.has(name) || (deletedWith !== undefined && going.has(deletedWith));
      if (!isNeeded && (await this.#delete(process, record, name, old, goesAlong)))
        this.#forget(name);
      else staying.add(name);
    }
  }

  async #create(process: Process, name: string, inputs: Properties): Promise<void> {
    try {
      const provider = process.providerOf(this.#kindOf(name));
      const { id, outs } = await provider.create(received(inputs), this.#said(name));
      assert.ok(typeof id === "string" && id !== "", "create returns an id");
      this.#store(name, id, inputs, { ...outs, ...textIn(inputs) }, []);
    } catch (error) {
      const partial = partialFailure(error, inputs);
      if (partial) this.#store(name, partial.id, inputs, partial.properties, partial.reasons);
      throw error;
    }
  }

  async #update(process: Process, name: string, old: Resource, inputs: Properties): Promise<void> {
    try {
      const provider = process.providerOf(this.#kindOf(name));
      const said = this.#said(name, old);
      const { outs } = await provider.update(old.id, received(old.outputs), received(inputs), said);
      this.#store(name, old.id, inputs, { ...outs, ...textIn(inputs) }, []);
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
    this.resources.set(name, { id, inputs, outputs: received(outputs), initErrors });
  }

  /** Returns whether it is deleted. What goes along with something else takes no call. */
  async #delete(
    process: Process,
    record: Run,
    name: string,
    old: Resource,
    goesAlong: boolean,
  ): Promise<boolean> {
    record.steps.push(`delete ${name}`);
    if (goesAlong) return true;
    try {
      const provider = process.providerOf(this.#kindOf(name));
      await provider.delete(old.id, this.#handedOver(name, old), this.#said(name, old));
      return true;
    } catch (error) {
      record.failures.push(textOf(error));
      return false;
    }
  }
}

/** A resource that was replaced and is still to be deleted. */
export interface LeftOver {
  readonly name: string;
  readonly old: Resource;
}

/** Its failure is in the record already, or is that of another resource. */
class PlanFailed extends Error {}

type Plan =
  | { kind: "create"; inputs: Properties }
  | { kind: "update" | "same"; inputs: Properties; old: Resource }
  | {
      kind: "replace";
      inputs: Properties;
      old: Resource;
      deletesFirst: boolean;
      isRetained: boolean;
    };

/** The outputs, and the id as a program sees it. */
function outputsIn({ id, outputs }: Resource): Properties {
  return { ...visible(outputs), id };
}

const nothingKnown: Properties = new Proxy({}, { get: () => unknown });

/** The text that the dynamic server loads a provider by. */
function textIn({ __provider: text }: Properties): Properties {
  return text === undefined ? {} : { __provider: text };
}

/** What the server makes of an error with an id; everything else is text. */
function partialFailure(
  error: unknown,
  inputs: Properties,
): { id: string; properties: Properties; reasons: string[] } | undefined {
  const { id, properties, reasons } = error as Partial<Record<string, unknown>>;
  if (id === undefined) return undefined;
  assert.ok(typeof id === "string" && id !== "", "a partial failure has an id");
  assert.ok(Array.isArray(reasons) && reasons.length > 0, "a partial failure has reasons");
  const kept = received(properties as Properties);
  assert.equal(kept["__provider"], inputs["__provider"], "a partial failure keeps the text");
  return { id, properties: kept, reasons: reasons as string[] };
}

/** The message of an error, which must be one that the server does not misread. */
function textOf(error: unknown): string {
  assert.ok(error instanceof Error, "what is thrown is an Error");
  if (error instanceof assert.AssertionError) throw error;
  assert.ok(!("code" in error) && !("metadata" in error), "nothing on the error can be misread");
  assert.ok(!(error instanceof TypeError) && error.message !== "", String(error));
  const reasons = Reflect.get(error, "reasons");
  // The engine drops the message of a partial failure and prints its reasons.
  return Array.isArray(reasons) ? reasons.join("\n") : error.message;
}

/** What arrives on the other side of gRPC: only what JSON can say, and secrets unwrapped. */
export function received<Value>(value: Value): Value {
  return unwrapped(value, "value") as Value;
}

function unwrapped(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => unwrapped(item, `${path}[${index}]`));
  assert.ok(typeof value === "object", `${path} can travel: it is ${String(value)}`);
  assert.equal(Object.getPrototypeOf(value), Object.prototype, `${path} is a plain object`);
  if (secretKey in value) return unwrapped(Reflect.get(value, "value"), path);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, unwrapped(member, `${path}.${key}`)]),
  );
}

/** The Node SDK drops undefined members before anything is sent. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, withoutUndefined(member)]],
    ),
  );
}

/** Without the members that the CLI hides. */
export function visible(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** Paths of the leaves that differ, hidden members included: the engine compares them too. */
function pathsBetween(before: unknown, after: unknown, path = ""): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const isMap = (value: unknown): value is Properties =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(before) || !isMap(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    pathsBetween(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}

/** Asserts that nothing failed. */
export function assertDone(run: Run): Run {
  assert.deepEqual(run.failures, []);
  return run;
}

/** Asserts that exactly one thing failed, and returns its text. */
export function failureOf(run: Run): string {
  assert.equal(run.failures.length, 1, `one failure: ${run.failures.join(" | ")}`);
  return run.failures[0] as string;
}

/** The operations of the requests, reads left out: `["CreateCluster", "UpdateCluster"]`. */
export function writes(requests: readonly LoggedRequest[]): string[] {
  return requests
    .filter(({ method }) => method !== "GET")
    .map(({ operation, method }) => operation ?? method);
}

/** How often an operation was called. */
export function count(requests: readonly LoggedRequest[], operation: string): number {
  return requests.filter((request) => request.operation === operation).length;
}

/** The bodies that an operation was called with. */
export function bodies(requests: readonly LoggedRequest[], operation: string): unknown[] {
  return requests.filter((request) => request.operation === operation).map(({ body }) => body);
}

/** The arguments in the lines that a refused import prints. */
export function printedLines(failure: string): Record<string, unknown> {
  const [, lines] = failure.split("\nWrite in the program:\n");
  assert.ok(lines, `${failure} has no lines to write`);
  return new Function(`return {${lines}}`)() as Record<string, unknown>;
}

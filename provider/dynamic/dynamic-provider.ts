/**
 * The adapter to Pulumi's dynamic server.
 *
 * The server loses messages, hangs on `undefined`, hands old secrets over unwrapped and drops time-outs. So the class
 * passes what it knows as hidden inputs, outputs carry the arguments that they came from, and what is thrown is an
 * error in the only form that the server reads right.
 */

import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../../sdk/index";
import { marksOfClass } from "../cluster/creation-mark";
import type {
  DeclaredResource,
  Properties,
  ResourceInfo,
  StorableResource,
  StoredResource,
} from "../engine/adapter";
import { OperationError } from "../engine/adapter";
import type { ConfigurationSource } from "../engine/configuration";
import { connectionFor } from "../engine/configuration";
import type { Host } from "../engine/host";
import { adapterOf } from "../engine/host";
import { interrupted } from "../engine/interruption";
import { ResourceOperations } from "../engine/operations";
import { RunRecord } from "../engine/run-record";
import { readEntry } from "../engine/state-entry";
import { silentReporter } from "../engine/status-line";
import type { CheckFailure } from "../resource/check";
import type { Lifecycle } from "../resource/lifecycle";
import { withoutLeftOut } from "../values/left-out";
import { omitUndefined } from "../values/omit-undefined";
import { asSecret, isInState, toStorable, withoutMarks } from "../values/state-values";
import { engineReporter } from "./engine-reporter";
import type { HiddenInputs } from "./hidden-inputs";
import {
  clusterUrnsIn,
  outlivesStackIn,
  referencesIn,
  replaceOnChangesIn,
  shortenUrns,
  unpack,
  urnIn,
  withUpToDate,
} from "./hidden-inputs";
import {
  currentDeletion,
  engineAddress,
  isUpToDate,
  printedName,
  watchForTheEnd,
} from "./server-process";

/** What the server calls. */
export interface DynamicProvider {
  configure(request: { config: ConfigurationSource }): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(
    id: string,
    props: Properties,
  ): Promise<{ id: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** The provider as the module that the source in state makes of it. */
export interface ProviderModule extends DynamicProvider {
  /** Returns the provider itself. */
  handler(): DynamicProvider;
}

/** Serves a resource to the server. */
export function toDynamicProvider<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  host: () => Host = thisProcess,
): ProviderModule {
  // The server caches a provider before it has awaited `configure`, so this only notes what it is
  // given, at once, and never fails: the first request that needs a key says what is missing.
  let source: ConfigurationSource = { get: () => undefined };
  const operations = new ResourceOperations(lifecycle, () =>
    adapterOf(host(), source, ({ mark, urn }, account) =>
      mark === undefined ? undefined : marksOfClass(mark, urn, account),
    ),
  );

  return {
    handler() {
      return this;
    },

    async configure({ config }) {
      watchForTheEnd();
      source = config;
    },

    async check(olds, written) {
      const news = withoutLeftOut(shortenUrns(unpack(written)));
      return await perform(news, async () => {
        const before = isInState(olds) ? split<Inputs>(olds).visible : undefined;
        const checked = await operations.check(
          before,
          {
            ...declaredIn<Inputs>(news),
            outlivesStack: outlivesStackIn(written),
            references: referencesIn(written),
          },
          replaceOnChangesIn(written),
        );
        const { failures, cluster } = checked;
        const place = cluster === undefined ? {} : { __cluster: cluster };
        const inputs = shortenUrns({ ...news, ...checked.inputs, ...place });
        return { inputs: withTextOf(olds, inputs), failures };
      });
    },

    async diff(id, olds, news) {
      return await perform(news, async () => {
        const declared = declaredIn<Inputs>(news);
        const stored = storedIn<Inputs, State>(olds, declared.inputs);
        const { updates, replaces, deleteBeforeReplace } = await operations.diff(
          id,
          stored,
          declared,
        );
        // What another provider has written, the plugin too, has to be written again.
        const isOwn = olds["__provider"] !== undefined;
        if (updates.length + replaces.length === 0) return { changes: !isOwn };
        // Left out, the engine compares the inputs and prints exactly what changed; what is not
        // among the inputs it would take for no change at all.
        const isVisible = [...updates, ...replaces].some((property) => {
          const top = topLevel(property) as keyof Inputs;
          return !isDeepStrictEqual(stored.inputs[top], declared.inputs[top]);
        });
        return {
          ...(isVisible && isOwn ? {} : { changes: true }),
          replaces: [...new Set(replaces.map(topLevel))],
          // An import that was left in the program makes the create fail; then nothing must be lost.
          deleteBeforeReplace: deleteBeforeReplace && declared.adopt === undefined,
        };
      });
    },

    async create(props) {
      return await perform(props, async () => {
        const created = await operations.create(declaredIn(props));
        return { id: created.id, outs: outputsOf(created, props) };
      });
    },

    async read(id, props) {
      return await perform(props, async () => {
        const stored = storedIn<Inputs, State>(props);
        const found = await operations.read(id, stored);
        if (found === undefined) return { id: "" };
        const read = { id, props: outputsOf(found, props) };
        // Without inputs the engine keeps those of the last run, which are newer than what these outputs hold.
        const isSame = isDeepStrictEqual(toStorable(found.inputs), stored.inputs);
        if (!isUpToDate(props) && isSame) return read;
        const { __cluster, ...hidden } = split(props).hidden;
        const known = isUpToDate(props) ? { __cluster } : {};
        return {
          ...read,
          inputs: { ...found.foundInputs, ...toStorable({ ...hidden, ...known }) },
        };
      });
    },

    async update(id, olds, news) {
      return await perform(news, async () => {
        const declared = declaredIn<Inputs>(news);
        const stored = storedIn<Inputs, State>(olds, declared.inputs);
        const updated = await operations.update(id, stored, declared);
        return { outs: outputsOf(updated, news) };
      });
    },

    async delete(id, outs) {
      const request = currentDeletion();
      const props = request === undefined ? outs : withUpToDate(outs, request);
      await perform(props, () => operations.delete(id, storedIn(props)));
    },
  };
}

/**
 * The checked inputs with the text that the resource already has in state, also where the program has a newer one: all
 * texts load the same module, and another one would show beside a real change. The server sets the program's text on
 * what `check` returns.
 */
function withTextOf(olds: Properties, inputs: Properties): Properties {
  const text = olds["__provider"];
  return text === undefined
    ? inputs
    : Object.defineProperty(inputs, "__provider", {
        enumerable: true,
        get: () => text,
        set: () => {},
      });
}

let processHost: Host | undefined;

function thisProcess(): Host {
  const address = engineAddress();
  processHost ??= {
    environment: process.env,
    connect: connectionFor,
    reporter: address === undefined ? silentReporter : engineReporter(address),
    clock: systemClock,
    signal: interrupted,
    run: new RunRecord(),
  };
  return processHost;
}

/** Runs an operation; what it throws gets the form that the server reads, with the outputs that `props` belong to. */
async function perform<Result>(
  props: Properties,
  operation: () => Promise<Result>,
): Promise<Result> {
  watchForTheEnd();
  try {
    return await operation();
  } catch (error) {
    throw error instanceof OperationError ? toServerError(error, props) : error;
  }
}

function toServerError({ message, partial }: OperationError, props: Properties): Error {
  const error = new ReadableError(message);
  if (partial === undefined) return error;
  return Object.assign(error, {
    id: partial.id,
    // The server adds the text only to successes; without it the object could never be deleted.
    properties: { ...outputsOf(partial, props), __provider: props["__provider"] },
    // The engine drops the message of a partial failure and prints its reasons.
    reasons: [message],
  });
}

/**
 * An error with nothing on it that the server would misread, such as a code. It prints some errors as
 * `${error}: ${error.stack}`, which then says whose error it is and what happened, so that `printErrorsOnce` finds it.
 */
class ReadableError extends Error {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }

  override toString(): string {
    return printedName;
  }
}

/** The outputs of a resource as they are kept, without the hidden inputs and the text that serves it. */
export function storedOutputs(
  state: object,
  asked: object,
  madeAt: string | undefined,
): Record<string, unknown> {
  return {
    ...omitUndefined({ __madeAt: madeAt }),
    ...state,
    ...storedArguments(state, toStorable(asked)),
  };
}

/**
 * The arguments beside the outputs that they came from: by name where an output of that name has the same value, which is
 * most of them, and only the others once more.
 */
function storedArguments(state: object, asked: object): Properties {
  const isSame = ([name, value]: [string, unknown]) =>
    isDeepStrictEqual(withoutMarks(Reflect.get(state, name)), value);
  const others = Object.entries(asked).filter((argument) => !isSame(argument));
  return {
    __asked: Object.keys(asked)
      .filter((name) => !others.some(([other]) => other === name))
      .sort(),
    // Secret as a whole: state of another provider has no list of what the program made secret.
    ...(others.length === 0 ? {} : { __inputs: asSecret(Object.fromEntries(others)) }),
  };
}

function isOfFirstForm(outputs: Properties): boolean {
  return "__inputs" in outputs && !("__asked" in outputs);
}

/** The arguments in outputs. Those of older versions have all of them as `__inputs`, of another provider none. */
function askedIn({ __asked: names, __inputs: others, ...outputs }: Properties): Properties {
  const same = Array.isArray(names) ? names.map((name) => [name, outputs[name]]) : [];
  return { ...Object.fromEntries(same), ...(others as Properties | undefined) };
}

/** What the server is to keep: with the hidden inputs of `props`, and the places of all secrets. */
function outputsOf(
  { outputs, inputs, secretPaths, createdAt }: StorableResource,
  props: Properties,
): Properties {
  const { hidden } = split(props);
  const places = secretPaths.length === 0 ? {} : { __secrets: secretPaths };
  const { __asked, ...stored } = storedOutputs(outputs, inputs, createdAt);
  // A refresh that finds nothing new shows nothing, also where a version before `__asked` wrote the outputs.
  const kept = isOfFirstForm(props) ? { __inputs: asSecret(toStorable(inputs)) } : { __asked };
  return { ...stored, ...kept, ...toStorable({ ...hidden, ...places }) };
}

/** What outputs hold besides the state and the hidden inputs. */
const ownOutputs = new Set(["__provider", "__asked", "__inputs", "__madeAt"]);

function split<Inputs>(props: Properties): {
  hidden: HiddenInputs;
  visible: Partial<Inputs> & Properties;
} {
  const hidden: Properties = {};
  const visible: Properties = {};
  for (const [key, value] of Object.entries(props)) {
    if (!key.startsWith("__")) visible[key] = value;
    else if (!ownOutputs.has(key)) hidden[key] = value;
  }
  return { hidden: hidden as HiddenInputs, visible: visible as Partial<Inputs> & Properties };
}

function declaredIn<Inputs>(news: Properties): DeclaredResource<Inputs> {
  const { hidden, visible } = split<Inputs>(news);
  return { ...infoIn(hidden), inputs: visible };
}

/** @param now the arguments of the program, which are those of an entry of the plugin as far as its outputs do not say */
function storedIn<Inputs, State>(
  outputs: Properties,
  now: Partial<Inputs> = {},
): StoredResource<Inputs, State> {
  const { hidden } = split(outputs);
  const { state, entry, isOfPlugin, isFromBridge } = readEntry(outputs);
  return {
    ...infoIn(hidden),
    state: state as State,
    inputs: isOfPlugin ? now : (askedIn(outputs) as Partial<Inputs>),
    isFromBridge,
    createdAt: entry.madeAt,
  };
}

function infoIn(hidden: HiddenInputs): ResourceInfo {
  const timeouts = Object.entries(hidden.__timeouts ?? {}).flatMap(([operation, text]) => {
    const ms = durationMs(text);
    return ms === undefined ? [] : [[operation, ms]];
  });
  return {
    urn: urnIn(hidden),
    mark: hidden.__mark,
    adopt: hidden.__adopt,
    cluster: clusterUrnsIn(hidden),
    providerName: hidden.__providerName,
    timeouts: Object.fromEntries(timeouts),
    secretPaths: hidden.__secrets ?? [],
  };
}

function topLevel(property: string): string {
  return property.split(".", 1)[0] as string;
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration as `customTimeouts` takes it: `30m`, `1h30m`. The engine has already refused any other. */
function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce(
        (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit as string] ?? 0),
        0,
      );
}

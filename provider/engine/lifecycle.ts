/**
 * The shell: the one boundary between the resources and Pulumi's dynamic server.
 *
 * The server loses messages, hangs on `undefined`, hands old secrets over unwrapped and drops
 * time-outs. Around every operation of a resource this module strips the hidden inputs, keeps
 * secrets wrapped, answers only what can be stored, and turns whatever is thrown into one readable
 * message. A resource knows none of this: another kind of provider could serve the same definition.
 */
import { isDeepStrictEqual } from "node:util";
import { withoutControls } from "../../sdk/http/foreign-text";
import type { Redact } from "../../sdk/http/redaction";
import { redactor } from "../../sdk/http/redaction";
import type { Clock } from "../../sdk/index";
import { AuthenticationError, systemClock, withAdvice } from "../../sdk/index";
import { moveRefusal } from "../resource/bridge-migration-guard";
import type { CheckFailure } from "../resource/check";
import { InitializationError, messageOf } from "../resource/errors";
import { leftOutSince, withoutLeftOut } from "../values/left-out";
import type { Path } from "../values/secrets";
import { concealed, hasValueAt, textsAt } from "../values/secrets";
import { asSecret, storable } from "../values/state-values";
import { isUnknown } from "../values/unknown";
import { engineAddress, interrupted, printedName, watchForTheEnd } from "./cancellation";
import type { ConfigurationSource, Connection, Settings } from "./configuration";
import { connectionFor, credentialArgument, settingsFrom } from "./configuration";
import type { HiddenInputs } from "./hidden-inputs";
import { replaceOnChangesIn, unpacked } from "./hidden-inputs";
import type { Entry, Unfinished } from "./run-record";
import { RunRecord } from "./run-record";
import type { Progress, Reporter, Severity } from "./status-line";
import { engineReporter, onItsLine, showProgress, silentReporter } from "./status-line";

/** Something that the user should know, shown on the resource's line, in previews too. */
export interface Note {
  severity: Severity;
  message: string;
  /** The property of which it says how it changes in place; left out where an option makes the change a replacement. */
  inPlace?: string;
}

/** What is in state: the outputs, and the arguments that they came from. */
export interface Stored<Inputs, State> {
  state: State;
  asked: Partial<Inputs>;
  /** Whether another provider wrote this state, so that nothing about its shape is sure. */
  isForeign: boolean;
}

export interface CheckOutcome {
  failures: CheckFailure[];
  notes: Note[];
}

export interface DiffOutcome {
  /** Properties that differ and are brought in line without a replacement. */
  updates: string[];
  /** Properties whose difference replaces the resource. */
  replaces: string[];
  deleteBeforeReplace: boolean;
  notes: Note[];
  /** Why the whole change must not happen; fails the preview. */
  refusal?: string;
}

type Operation = "create" | "update" | "delete";

/** What a look at an object has at hand. */
export interface ReadContext extends Connection {
  /** The creation mark of the resource, if it has one. */
  readonly mark: string | undefined;
  /** Aborted when the user stops the operation. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What an operation has at hand. */
export interface Context extends ReadContext {
  /** The logical name of the resource. */
  readonly resourceName: string;
  /** Id of an existing object that the program wants to take over. */
  readonly adopt: string | undefined;
  /** URN of the cluster that the resource is a part of, when the stack manages both. */
  readonly cluster: string | undefined;
  /** The same, when another provider process serves the cluster. */
  readonly clusterElsewhere?: string | undefined;
  /** What the engine has shown of this run. */
  readonly run: RunRecord;
  /**
   * Clock time at which the operation must be over: the user's own time-out, else the default. An
   * update that finishes a creation takes the time-out of creating.
   */
  deadline(defaultMs: number, operation?: Operation): number;
  /** Notes that an existing object now belongs to this resource: what it replaces is then not deleted. */
  tookOver(id: string): void;
  /** Shows what goes on; the next text replaces it. */
  readonly progress: Progress;
  /** Tells the user something that stays on the screen. */
  note(severity: Severity, message: string): Promise<void>;
}

/** What a resource is, told without Pulumi's dynamic server. */
export interface Lifecycle<Inputs, State> {
  /** The kind of object, as messages name it: `cluster`. */
  readonly kind: string;
  /** Outputs that are always secret. */
  readonly secrets?: readonly string[];
  /**
   * Pure. Tells the object of an entry of the state, for a resource whose object may be renamed: an id never changes.
   * @default the id
   */
  objectOf?(id: string, state: Partial<State>): string;
  /** What goes with the object when an option of the program replaces it: `with all its data`. */
  readonly loss?: string;
  /** Pure. Why no option of the program may replace the object. */
  refuseReplacement?(known: Partial<State>): CheckFailure | undefined;
  /**
   * How to reset each property that stays as it is on the service when the program leaves it out: what to
   * write, or why nothing can be written. Another property that is left out is a change, which `diff` finds.
   */
  readonly resets?: Readonly<Record<string, string>>;
  /**
   * Pure. `olds` is empty for a resource that is new or being replaced; `adopt` is the id of an existing object
   * that it is to adopt.
   */
  check(olds: Partial<Inputs>, news: Record<string, unknown>, adopt?: string): CheckOutcome;
  /** Pure. */
  diff(id: string, stored: Stored<Inputs, State>, news: Inputs): DiffOutcome;
  create(inputs: Inputs, context: Context): Promise<{ id: string; outs: State }>;
  /** Undefined when the object is gone. */
  read(
    id: string,
    stored: Stored<Inputs, State>,
    context: ReadContext,
  ): Promise<{ state: State; inputs: Inputs } | undefined>;
  update(id: string, stored: Stored<Inputs, State>, news: Inputs, context: Context): Promise<State>;
  delete(id: string, stored: Stored<Inputs, State>, context: Context): Promise<void>;
}

/** What Pulumi's dynamic server calls. */
export interface DynamicProvider {
  configure(request: { config: ConfigurationSource }): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(
    id: string,
    props: Properties,
  ): Promise<{ id: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

type Properties = Record<string, unknown>;

interface DiffResult {
  changes?: boolean;
  replaces?: string[];
  deleteBeforeReplace?: boolean;
}

/** What the shell needs from outside; replaced in tests. */
export interface Host {
  environment: Readonly<Record<string, string | undefined>>;
  connect(settings: Settings): Connection;
  reporter: Reporter;
  clock: Clock;
  signal: AbortSignal;
  run: RunRecord;
}

function adviceForOwnKey(argument: string): string {
  return `The key is the ${argument} that the explicit Provider of this resource had in the last \`pulumi up\`; COCKROACH_API_KEY and the stack's configuration do not replace it. Give the Provider a valid key and run \`pulumi up\`, or add --run-program to \`pulumi refresh\` or \`pulumi destroy\`, which then take the key from the program.`;
}

/** Serves a resource to Pulumi's dynamic server. */
export function serve<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  host: () => Host = thisProcess,
): DynamicProvider {
  // The server caches a provider before it has awaited `configure`, so this only notes what it is
  // given, at once, and never fails: the first request that needs a key says what is missing.
  let source: ConfigurationSource = { get: () => undefined };
  const declared: readonly Path[] = (lifecycle.secrets ?? []).map((key) => [key]);
  const inRun = () => host().run.of(lifecycle.kind);

  function entryOf(id: string, outputs: Properties): Entry {
    const { state } = storedFrom<Inputs, State>(outputs);
    return { object: lifecycle.objectOf?.(id, state) ?? id, madeAt: madeAtOf(outputs) };
  }

  function contextFor(
    hidden: HiddenInputs,
    operation: Operation,
    redact: Redact,
    ...named: readonly Properties[]
  ): Context {
    const { environment, connect, clock, signal, run } = host();
    const connection = connect(settingsFrom(source, environment));
    const urn = hidden.__urn ?? "";
    const start = clock.now();
    return {
      ...connection,
      clock,
      signal,
      resourceName: resourceNameIn(urn),
      mark: hidden.__mark,
      adopt: hidden.__adopt,
      cluster: hidden.__cluster,
      clusterElsewhere: hidden.__clusterElsewhere,
      run,
      deadline: (defaultMs, of = operation) =>
        start + (durationMs(hidden.__timeouts?.[of]) ?? defaultMs),
      tookOver: (id) => inRun().recordAdopted(id),
      progress: showProgress,
      note: (severity, message) => reportAll(hidden, [{ severity, message }], redact, ...named),
    };
  }

  const kindAtStart = lifecycle.kind.charAt(0).toUpperCase() + lifecycle.kind.slice(1);

  /**
   * Reports on the resource's line. With `--diff` the CLI prints the message alone, so one that does not name
   * the object gets the name that is first in `named`.
   */
  async function reportAll(
    { __urn: urn }: HiddenInputs,
    notes: readonly Note[],
    redact: Redact,
    ...named: readonly Properties[]
  ): Promise<void> {
    if (urn === undefined || isUnknown(urn)) return;
    const names = [...named.map(({ name }) => name), resourceNameIn(urn)];
    const name = names.find((text) => typeof text === "string" && text !== "" && !isUnknown(text));
    const replacing = inRun().existing(urn)?.replaceOnChanges ?? [];
    for (const { severity, message, inPlace } of notes) {
      if (inPlace !== undefined && replacing.some((path) => overlap(path, inPlace))) continue;
      const text = message.includes(`"${name}"`) ? message : `${kindAtStart} "${name}": ${message}`;
      await host().reporter.report(urn, severity, redact(text));
    }
  }

  /**
   * What there is to a replacement that the diff did not want, so that `replaceOnChanges` or `replacementTrigger` of
   * the program forces it. The engine shows it by a second check; `--replace` and taint look like a creation.
   */
  function replacementByOption(urn: string | undefined): CheckOutcome | undefined {
    const existing = inRun().isReplaced(urn) ? inRun().existing(urn) : undefined;
    if (existing === undefined || existing.isReplacedByDiff) return undefined;
    const refusal = lifecycle.refuseReplacement?.(existing.known as Partial<State>);
    const message = `An option of the resource (replaceOnChanges or replacementTrigger) replaces this ${lifecycle.kind}: it is deleted ${lifecycle.loss}, and another one is created.`;
    return {
      failures: refusal === undefined ? [] : [refusal],
      notes: lifecycle.loss === undefined ? [] : [{ severity: "warning", message }],
    };
  }

  /** The engine would take no notice of an import on a resource that it has already. */
  function refuseOtherImport(id: string, { __adopt: adopt }: HiddenInputs): void {
    if (adopt === undefined || isUnknown(adopt) || adopt === id) return;
    throw new Error(
      `The option import names ${adopt}, and this resource already is the ${lifecycle.kind} ${id}. Remove the option; or, to manage the other one here, first take this one out of the stack with \`pulumi state delete\`.`,
    );
  }

  /** Where secrets are, and what they say. */
  function secretsIn(props: Properties, { __secrets: made = [] } = split(props).hidden): Secrets {
    const paths = [...declared, ...made];
    const asked = props["__inputs"];
    const echo = typeof asked === "object" && asked !== null ? (asked as Properties) : {};
    return { paths, texts: [...textsAt(props, paths), ...textsAt(echo, paths)] };
  }

  /** Masks the credential, and whatever is secret in arguments and outputs. */
  function redactorFor(...all: readonly Properties[]): Redact {
    let redact: Redact | undefined;
    return (text) => {
      const { apiKey = "", apiJwt = "" } = settingsFrom(source, host().environment);
      redact ??= redactor([apiKey, apiJwt, ...all.flatMap((props) => secretsIn(props).texts)]);
      return withoutControls(redact(text));
    };
  }

  function outputs(
    state: State,
    asked: Partial<Inputs>,
    hidden: HiddenInputs,
    { paths, texts }: Secrets,
    madeAt: string | undefined,
  ): Properties {
    const shown = concealed(storable(state, lifecycle.kind), paths, texts);
    return { ...storedOutputs(shown, asked, madeAt), ...storable(hidden) };
  }

  function now(): string {
    return new Date(host().clock.now()).toISOString();
  }

  /**
   * Creates the object, or finishes what an earlier call of this run has left. When a hook of the program retries a
   * creation that failed half-way, the engine calls again as if for the first time, and has dropped the id.
   */
  async function createOrFinish(
    inputs: Inputs,
    urn: string | undefined,
    context: Context,
  ): Promise<{ id: string; outs: State }> {
    const left = inRun().unfinished(urn);
    try {
      const done = left === undefined ? undefined : await finishOrDelete(left, inputs, context);
      inRun().recordUnfinished(urn, undefined);
      return done ?? (await lifecycle.create(inputs, context));
    } catch (error) {
      if (error instanceof InitializationError) inRun().recordUnfinished(urn, error);
      throw error;
    }
  }

  /** Does what the next run would do: finishes the object, or deletes one that has to be replaced. */
  async function finishOrDelete(
    { id, outs }: Unfinished,
    inputs: Inputs,
    context: Context,
  ): Promise<{ id: string; outs: State } | undefined> {
    const stored = { state: outs as State, asked: inputs, isForeign: false };
    try {
      const { replaces } = lifecycle.diff(id, stored, inputs);
      if (replaces.length === 0) {
        return { id, outs: await lifecycle.update(id, stored, inputs, context) };
      }
      await lifecycle.delete(id, stored, context);
      return undefined;
    } catch (error) {
      if (error instanceof InitializationError) throw error;
      throw new InitializationError(messageOf(error), { id, outs, cause: error });
    }
  }

  /** Runs an operation; whatever it throws arrives at the engine as one readable sentence. */
  async function guarded<Result>(
    props: Properties,
    operation: (redact: Redact) => Promise<Result>,
    olds: Properties = {},
  ): Promise<Result> {
    watchForTheEnd();
    const redact = redactorFor(props, olds);
    try {
      const urn = String(props["__urn"] ?? "");
      const show = (text: string) =>
        host().reporter.report(urn, "info", redact(text), { ephemeral: true });
      return await onItsLine(show, () => operation(redact));
    } catch (error) {
      throw readable(error, redact, props, olds);
    }
  }

  function readable(error: unknown, redact: Redact, props: Properties, olds: Properties): Error {
    const argument = AuthenticationError.isInstance(error) ? credentialArgument(source) : undefined;
    const advised =
      argument === undefined
        ? error
        : withAdvice(error as AuthenticationError, adviceForOwnKey(argument));
    const message = redact(messageOf(advised));
    if (!(error instanceof InitializationError)) return new ReadableError(message);
    const { hidden, visible } = split<Inputs>(props);
    // The engine keeps the old inputs of an update that failed half-way, and so do we.
    const asked = "__inputs" in olds ? storedFrom<Inputs, State>(olds).asked : visible;
    // What was secret before and what is now may both be there.
    const kept = withSecrets(hidden, split(olds).hidden.__secrets ?? []);
    const secrets = merged(secretsIn(props, kept), secretsIn(olds, kept));
    const madeAt = Object.keys(olds).length > 0 ? madeAtOf(olds) : now();
    const properties = outputs(error.outs as State, asked, kept, secrets, madeAt);
    return Object.assign(new ReadableError(message), {
      id: error.id,
      // The server adds the text only to successes; without it the object could never be deleted.
      properties: { ...properties, __provider: props["__provider"] },
      // The engine drops the message of a partial failure and prints its reasons.
      reasons: [message],
    });
  }

  return {
    async configure({ config }) {
      source = config;
    },

    async check(olds, written) {
      const news = withoutLeftOut(unpacked(written));
      return await guarded(news, async (redact) => {
        const { hidden, visible } = split(news);
        const isNew = Object.keys(olds).length === 0;
        const before = split<Inputs>(olds).visible;
        const replaceOnChanges = replaceOnChangesIn(written);
        if (isNew) inRun().recordCheckOfNew(hidden.__urn, hidden.__adopt);
        else inRun().recordCheckOfExisting(hidden.__urn, before, replaceOnChanges);
        const adopt = isNew && !isUnknown(hidden.__adopt) ? hidden.__adopt : undefined;
        const outcome = lifecycle.check(before, visible, adopt);
        const forced = isNew ? replacementByOption(hidden.__urn) : undefined;
        const failures = [...outcome.failures, ...(forced?.failures ?? [])];
        const notes = [
          ...(adopt === undefined ? [] : [adoption(lifecycle.kind, adopt)]),
          ...(forced?.notes ?? []),
          ...outcome.notes,
        ];
        if (failures.length === 0) await reportAll(hidden, notes, redact, before, visible);
        const { paths } = secretsIn(news);
        return {
          // What has passed a transform of the program has lost its marks, and may be a new password in plain.
          inputs: concealed(news, paths, []),
          failures: failures.map((failure) => printable(failure, news, paths, redact)),
        };
      });
    },

    async diff(id, olds, news) {
      const describe = async (redact: Redact) => {
        const stored = storedFrom<Inputs, State>(olds);
        const { hidden, visible } = split<Inputs>(news);
        const outcome = lifecycle.diff(id, stored, visible as Inputs);
        const { replaces, deleteBeforeReplace } = outcome;
        const isRefreshing = inRun().isRefreshing(hidden.__urn);
        const changed = [...outcome.updates, ...replaces];
        const dropped =
          isRefreshing || replaces.length > 0
            ? []
            : leftOutSince(stored.asked, visible, lifecycle.resets, changed);
        const updates = [...outcome.updates, ...dropped.map(({ property }) => property)];
        const notes = [
          ...outcome.notes,
          ...dropped.map(({ sentence }): Note => ({ severity: "warning", message: sentence })),
        ];
        const refusal =
          outcome.refusal ??
          (stored.isForeign ? moveRefusal(stored.state, visible, replaces) : undefined);
        // A refresh asks for the difference only to show it: it must neither fail nor announce anything.
        if (!isRefreshing) {
          refuseOtherImport(id, hidden);
          if (refusal !== undefined) throw new Error(refusal);
          if (updates.length + replaces.length > 0) {
            await reportAll(hidden, notes, redact, stored.state as Properties, visible);
          }
          if (replaces.length === 0) inRun().recordKept(hidden.__urn, entryOf(id, olds));
          else inRun().recordGoing(entryOf(id, olds));
          inRun().recordDiff(hidden.__urn, stored.state, replaces.length > 0);
        }
        if (updates.length + replaces.length === 0) return { changes: stored.isForeign };
        // Left out, the engine compares the inputs and prints exactly what changed; what is not
        // among the inputs it would take for no change at all.
        const isVisible = [...updates, ...replaces].some((property) => {
          const top = property.split(".", 1)[0] as keyof Inputs;
          return !isDeepStrictEqual(stored.asked[top], visible[top]);
        });
        return {
          ...(isVisible && !stored.isForeign ? {} : { changes: true }),
          replaces: topLevel(replaces),
          // An import that was left in the program makes the create fail; then nothing must be lost.
          deleteBeforeReplace: deleteBeforeReplace && hidden.__adopt === undefined,
        };
      };
      return await guarded(news, describe, olds);
    },

    async create(props) {
      return await guarded(props, async (redact) => {
        const { hidden, visible } = split<Inputs>(props);
        const context = contextFor(hidden, "create", redact, visible);
        const { id, outs } = await createOrFinish(visible as Inputs, hidden.__urn, context);
        if (hidden.__adopt !== undefined) inRun().recordAdopted(id);
        return { id, outs: outputs(outs, visible, hidden, secretsIn(props), now()) };
      });
    },

    async read(id, props) {
      return await guarded(props, async (redact) => {
        const { hidden } = split(props);
        const stored = storedFrom<Inputs, State>(props);
        inRun().recordRead(hidden.__urn);
        const found = await lifecycle.read(id, stored, contextFor(hidden, "create", redact));
        // A look-up by `get` passes nothing but the text; a refresh passes the outputs.
        const isLookUp = Object.keys(stored.state).length === 0;
        if (found === undefined && isLookUp) {
          throw new Error(
            `There is no ${lifecycle.kind} with the id ${id} in this organization, or this key may not see it.`,
          );
        }
        if (found === undefined) return { id: "" };
        const { state, inputs } = found;
        const secrets = secretsIn(props);
        const { paths, texts } = secrets;
        return {
          id,
          props: outputs(state, inputs, hidden, secrets, madeAtOf(props)),
          inputs: {
            ...concealed(storable(inputs, lifecycle.kind), paths, texts),
            ...storable(hidden),
          },
        };
      });
    },

    async update(id, olds, news) {
      const stored = storedFrom<Inputs, State>(olds);
      return await guarded(
        news,
        async (redact) => {
          const { hidden, visible } = split<Inputs>(news);
          const context = contextFor(hidden, "update", redact, stored.state as Properties, visible);
          const state = await lifecycle.update(id, stored, visible as Inputs, context);
          // What the program no longer says keeps its value, and stays the secret that it was.
          const left = split(olds).hidden.__secrets?.filter((path) => !hasValueAt(visible, path));
          const kept = withSecrets(hidden, left ?? []);
          const former = secretsIn(olds, { __secrets: left ?? [] });
          const secrets = merged(secretsIn(news, kept), former);
          return { outs: outputs(state, visible, kept, secrets, madeAtOf(olds)) };
        },
        olds,
      );
    },

    async delete(id, props) {
      await guarded(props, async (redact) => {
        const { hidden } = split(props);
        const entry = entryOf(id, props);
        const isTaken = inRun().isAdopted(hidden.__urn, entry.object);
        const why = isTaken
          ? "now belongs to the replacement of this resource, so it is not deleted."
          : "still belongs to this stack: an outdated entry of it is dropped, and nothing is deleted.";
        if (isTaken || inRun().isOutdated(entry)) {
          const message = `${id} ${why}`;
          await reportAll(hidden, [{ severity: "info", message }], redact, props);
          return;
        }
        if (inRun().isToBeAdopted(entry.object)) {
          throw new Error(
            `${kindAtStart} ${id} is not deleted: another resource of the program is to take it over by its option import, and has not done so. Mend what failed there, then run the update again.`,
          );
        }
        const context = contextFor(hidden, "delete", redact, props);
        await lifecycle.delete(id, storedFrom<Inputs, State>(props), context);
      });
    },
  };
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

/** The outputs of a resource as they are kept, without the hidden inputs and the text that serves it. */
export function storedOutputs(
  state: object,
  asked: object,
  madeAt: string | undefined,
): Record<string, unknown> {
  return {
    ...(madeAt === undefined ? {} : { __madeAt: madeAt }),
    ...state,
    // Secret as a whole: state of another provider has no list of what the program made secret.
    __inputs: asSecret(storable(asked)),
  };
}

/** What outputs hold besides the state and the hidden inputs. */
const ownOutputs = new Set(["__provider", "__inputs", "__madeAt"]);

function madeAtOf(outputs: Properties): string | undefined {
  return outputs["__madeAt"] as string | undefined;
}

function resourceNameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The engine shows an adoption by the option import as a creation. */
function adoption(kind: string, id: string): Note {
  return {
    severity: "info",
    message: `Adopts the existing ${kind} ${id}; nothing is created.`,
  };
}

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

function storedFrom<Inputs, State>(olds: Properties): Stored<Inputs, State> {
  const { visible } = split<Inputs>(olds);
  const asked = olds["__inputs"];
  return {
    state: visible as State,
    asked: (typeof asked === "object" && asked !== null ? asked : {}) as Partial<Inputs>,
    isForeign: olds["__provider"] === undefined,
  };
}

const printedLength = 1_000;

/**
 * The engine prints the whole value of a top-level property that fails, in plain also when it is a
 * secret. A secret and a huge one go by a path that it does not find.
 */
function printable(
  { property, reason }: CheckFailure,
  news: Properties,
  secretPaths: readonly Path[],
  redact: Redact,
): CheckFailure {
  const length = JSON.stringify(news[property] ?? null).length;
  const isHidden = secretPaths.some(([key]) => key === property) || length > printedLength;
  return {
    property: isHidden ? `${property}[…]` : redact(property),
    reason: redact(reason),
  };
}

interface Secrets {
  paths: readonly Path[];
  texts: readonly string[];
}

function merged(one: Secrets, other: Secrets): Secrets {
  return { paths: [...one.paths, ...other.paths], texts: [...one.texts, ...other.texts] };
}

/** The hidden inputs, with further places of secrets. */
function withSecrets(hidden: HiddenInputs, further: readonly Path[]): HiddenInputs {
  const known = hidden.__secrets ?? [];
  const others = further.filter((path) => !known.some((same) => isDeepStrictEqual(same, path)));
  return others.length === 0 ? hidden : { ...hidden, __secrets: [...known, ...others] };
}

/** Whether one of two property paths leads to the other, or to a part of it. */
function overlap(one: string, other: string): boolean {
  const [shorter = [], longer = []] = [one, other]
    .map((path) => path.split(/[.[]/))
    .sort((a, b) => a.length - b.length);
  return shorter.every((step, index) => step === "*" || step === longer[index]);
}

function topLevel(properties: readonly string[]): string[] {
  return [...new Set(properties.map((property) => property.split(".", 1)[0] as string))];
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

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration as `customTimeouts` takes it: `30m`, `1h30m`. The engine has already refused any other. */
function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.length === 0
    ? undefined
    : parts.reduce(
        (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit as string] ?? 0),
        0,
      );
}

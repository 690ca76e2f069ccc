/**
 * The operations of a resource as an adapter serves them.
 *
 * Around a lifecycle this keeps secrets marked and out of messages, reports notes on the resource's line, remembers
 * what the engine has shown of the run, and turns whatever is thrown into one readable message.
 */
import { isDeepStrictEqual } from "node:util";
import type { Redact } from "../../sdk/http/redaction";
import { redactor } from "../../sdk/http/redaction";
import { stripControlCharacters } from "../../sdk/http/sanitize";
import { AuthenticationError, withAdvice } from "../../sdk/index";
import { migrationRefusal } from "../resource/bridge-migration-guard";
import type { CheckFailure } from "../resource/check";
import { InitializationError, messageOf } from "../resource/errors";
import type { CheckOutcome, Context, Lifecycle, Note, Operation } from "../resource/lifecycle";
import { leftOutSince } from "../values/left-out";
import { overlap } from "../values/property-value";
import type { Path } from "../values/secrets";
import { hasValueAt, Secrets } from "../values/secrets";
import { storable } from "../values/state-values";
import { isUnknown } from "../values/unknown";
import type {
  Adapter,
  CheckResult,
  DeclaredResource,
  DiffResult,
  Properties,
  ReadResult,
  ResourceInfo,
  StorableResource,
  StoredResource,
} from "./adapter";
import { OperationError } from "./adapter";
import type { Entry, KindInRun, Unfinished } from "./run-record";
import { resourceNameIn } from "./run-record";
import { onItsLine, showProgress } from "./status-line";

export class ResourceOperations<Inputs extends object, State extends object> {
  readonly #lifecycle: Lifecycle<Inputs, State>;
  readonly #adapter: () => Adapter;
  readonly #alwaysSecret: readonly Path[];
  readonly #kindAtStart: string;

  constructor(lifecycle: Lifecycle<Inputs, State>, adapter: () => Adapter) {
    this.#lifecycle = lifecycle;
    this.#adapter = adapter;
    this.#alwaysSecret = (lifecycle.secrets ?? []).map((key) => [key]);
    this.#kindAtStart = lifecycle.kind.charAt(0).toUpperCase() + lifecycle.kind.slice(1);
  }

  /**
   * @param olds the arguments of the last run; undefined for a resource that is new or being replaced
   * @param replaceOnChanges the option of this name
   */
  async check(
    olds: Partial<Inputs> | undefined,
    news: DeclaredResource<Inputs>,
    replaceOnChanges: readonly string[] = [],
  ): Promise<CheckResult> {
    const { urn, inputs } = news;
    const secrets = this.#secretsOf(news);
    return await this.#readably(news, this.#redactorFor(secrets), async (redact) => {
      if (olds === undefined) this.#inRun.recordCheckOfNew(urn, news.adopt);
      else this.#inRun.recordCheckOfExisting(urn, olds, replaceOnChanges);
      const adopt = olds === undefined && !isUnknown(news.adopt) ? news.adopt : undefined;
      const { run } = this.#adapter();
      const cluster = this.#clustersOf(news);
      const clusterUrns = typeof cluster === "object" ? cluster : [cluster];
      const { kind } = this.#lifecycle;
      const { outlivesStack = false } = news;
      run.recordDeclared(urn, { kind, clusterUrns, inputs, outlivesStack });
      const clusters = clusterUrns.map((one) => run.cluster(one));
      const others = run.othersOf(urn);
      const outcome = this.#lifecycle.check(olds ?? {}, inputs, adopt, clusters, others);
      const forced = olds === undefined ? this.#replacementByOption(urn) : undefined;
      const failures = [
        ...(adopt === undefined ? [] : this.#importProblems(adopt)),
        ...outcome.failures,
        ...(outcome.failures.length === 0 ? this.#sameAsAnother(urn, inputs, clusterUrns) : []),
        ...(forced?.failures ?? []),
      ];
      // The line shows the last note, which must be none of a creation where something is destroyed.
      const isSaid = olds === undefined && this.#inRun.isReplaced(urn);
      const notes = [
        ...(adopt === undefined ? [] : [adoption(this.#lifecycle.kind, adopt)]),
        ...(forced?.notes ?? []),
        ...outcome.notes.filter(({ severity }) => !isSaid || severity === "warning"),
      ];
      if (failures.length === 0) await this.#report(news, notes, redact, [olds ?? {}, inputs]);
      return {
        // What has passed a transform of the program has lost its marks, and may be a new password in plain.
        inputs: new Secrets(secrets.paths).mark(inputs),
        failures: failures.map((failure) => printable(failure, inputs, secrets.paths, redact)),
        cluster,
      };
    });
  }

  async diff(
    id: string,
    stored: StoredResource<Inputs, State>,
    news: DeclaredResource<Inputs>,
  ): Promise<DiffResult> {
    const { urn, inputs } = news;
    const secrets = this.#secretsOf(news).with(this.#secretsIn(stored));
    return await this.#readably(news, this.#redactorFor(secrets), async (redact) => {
      this.#recordName(id, stored.state, secrets);
      const outcome = this.#lifecycle.diff(id, stored, inputs as Inputs);
      const { replaces, deleteBeforeReplace } = outcome;
      const isRefreshing = this.#inRun.isRefreshing(urn);
      const changed = [...outcome.updates, ...replaces];
      const dropped =
        isRefreshing || replaces.length > 0
          ? []
          : leftOutSince(stored.asked, inputs, this.#lifecycle.resets, changed);
      const updates = [...outcome.updates, ...dropped.map(({ property }) => property)];
      // A refresh asks for the difference only to show it: it must neither fail nor announce anything.
      if (!isRefreshing) {
        this.#refuseOtherImport(id, news);
        const refusal =
          outcome.refusal ??
          (stored.isForeign ? migrationRefusal(stored.state, inputs, replaces) : undefined);
        if (refusal !== undefined) throw new Error(refusal);
        // Without a check it is only asked whether it can stay without something that is deleted or replaced.
        const isDeclared = this.#inRun.existing(urn) !== undefined;
        if (isDeclared && updates.length + replaces.length > 0) {
          const notes = [
            ...outcome.notes,
            ...dropped.map(({ sentence }): Note => ({ severity: "warning", message: sentence })),
          ];
          await this.#report(news, notes, redact, [stored.asked, inputs], stored.state);
        }
        const entry = this.#entryOf(id, stored);
        if (replaces.length > 0) this.#inRun.recordGoing(entry);
        else if (isDeclared) {
          this.#inRun.recordKept(urn, entry);
          const notes = this.#partsByText(id, stored);
          await this.#report(news, notes, redact, [stored.asked, inputs], stored.state);
        }
        this.#inRun.recordDiff(urn, stored.state, replaces.length > 0);
      }
      return { updates, replaces, deleteBeforeReplace };
    });
  }

  async create(news: DeclaredResource<Inputs>): Promise<StorableResource> {
    const secrets = this.#secretsOf(news);
    const created = (id: string, outs: object) =>
      this.#storable(id, outs, news.inputs, news.secretPaths, secrets, this.#now());
    return await this.#perform(
      news,
      secrets,
      async (redact) => {
        const context = this.#contextFor(news, "create", redact, [news.inputs]);
        const { id, outs } = await this.#createOrFinish(news, context);
        if (news.adopt !== undefined) this.#inRun.recordAdopted(id);
        this.#inRun.recordCreated(news.urn, id);
        this.#recordName(id, outs, secrets);
        return created(id, outs);
      },
      ({ id, outs }) => created(id, outs),
    );
  }

  /** Undefined when the object is deleted. */
  async read(id: string, stored: StoredResource<Inputs, State>): Promise<ReadResult | undefined> {
    const { kind } = this.#lifecycle;
    const secrets = this.#secretsIn(stored);
    return await this.#perform(stored, secrets, async (redact) => {
      this.#inRun.recordRead(stored.urn);
      this.#recordName(id, stored.state, secrets);
      const context = this.#contextFor(stored, "create", redact, []);
      const found = await this.#lifecycle.read(id, stored, context);
      // The static `get` of a class passes no state; a refresh passes the outputs.
      const isOnlyRead = Object.keys(stored.state).length === 0;
      if (found === undefined && isOnlyRead) {
        throw new Error(
          `There is no ${kind} with the id ${id} in this organization, or this key may not see it.`,
        );
      }
      if (found === undefined) {
        await this.#warnOfUnheardClusters(id, stored, context, redact);
        return undefined;
      }
      const { state, inputs } = found;
      return {
        ...this.#storable(id, state, inputs, stored.secretPaths, secrets, stored.createdAt),
        foundInputs: secrets.mark(storable(inputs, kind)),
      };
    });
  }

  async update(
    id: string,
    stored: StoredResource<Inputs, State>,
    news: DeclaredResource<Inputs>,
  ): Promise<StorableResource> {
    const { inputs, secretPaths } = news;
    const updated = (outs: object, from: object, former: readonly Path[]): StorableResource => {
      const paths = joined(secretPaths, former);
      const secrets = this.#secretsOf({ ...news, secretPaths: paths });
      const all = secrets.with(this.#secretsIn({ ...stored, secretPaths: former }));
      return this.#storable(id, outs, from, paths, all, stored.createdAt);
    };
    const secrets = this.#secretsOf(news).with(this.#secretsIn(stored));
    return await this.#perform(
      news,
      secrets,
      async (redact) => {
        this.#recordName(id, stored.state, secrets);
        const context = this.#contextFor(
          news,
          "update",
          redact,
          [stored.asked, inputs],
          stored.state,
        );
        const outs = await this.#lifecycle.update(id, stored, inputs as Inputs, context);
        // What the program leaves out keeps its value, and stays the secret that it was.
        const leftOut = stored.secretPaths.filter((path) => !hasValueAt(inputs, path));
        return updated(outs, inputs, leftOut);
      },
      // The engine keeps the old inputs of an update that failed half-way. What was secret before and what is now may both be there.
      ({ outs }) =>
        updated(outs, stored.isForeign ? inputs : stored.asked, [
          ...secretPaths,
          ...stored.secretPaths,
        ]),
    );
  }

  async delete(id: string, stored: StoredResource<Inputs, State>): Promise<void> {
    const secrets = this.#secretsIn(stored);
    await this.#perform(stored, secrets, async (redact) => {
      this.#recordName(id, stored.state, secrets);
      const entry = this.#entryOf(id, stored);
      const isAdopted = this.#inRun.isAdopted(stored.urn, entry.object);
      if (isAdopted || this.#inRun.isOutdated(entry)) {
        const why = isAdopted
          ? "now belongs to the replacement of this resource, so it is not deleted."
          : "still belongs to this stack: an outdated entry of it is dropped, and nothing is deleted.";
        const note: Note = { severity: "info", message: `${id} ${why}` };
        await this.#report(stored, [note], redact, [stored.state]);
        return undefined;
      }
      if (this.#inRun.isToBeAdopted(entry.object)) {
        throw new Error(
          `${this.#kindAtStart} ${id} is not deleted: another resource of the program is to adopt it by its option import, and has not done so. Fix that failure, then run the update again.`,
        );
      }
      const context = this.#contextFor(stored, "delete", redact, [stored.state]);
      await this.#lifecycle.delete(id, stored, context);
      await this.#warnOfUnheardClusters(id, stored, context, redact);
      return "removed from the stack";
    });
  }

  /**
   * The clusters of a part. Where the program does not say which of its clusters an id is of, because it came by way of
   * another resource or as text, the run does.
   */
  #clustersOf({ cluster, inputs }: DeclaredResource<Inputs>): ResourceInfo["cluster"] {
    const { clusterArguments = [] } = this.#lifecycle;
    const { run } = this.#adapter();
    const urnOf = (given: string | undefined, name: string | undefined) =>
      given || (name !== undefined && run.clusterOfStack(Reflect.get(inputs, name))) || given;
    if (typeof cluster !== "object") return urnOf(cluster, clusterArguments[0]);
    return cluster.map((one, index) => urnOf(one, clusterArguments[index]) ?? one);
  }

  get #isOfCluster(): boolean {
    return this.#lifecycle.clusterArguments !== undefined;
  }

  /** Messages about the parts of a cluster name it, unless its name is secret. */
  #recordName(id: string, state: object, { paths }: Secrets): void {
    if (this.#isOfCluster || this.#lifecycle.clustersOf === undefined) return;
    if (paths.some(([first]) => first === "name")) return;
    this.#adapter().run.recordClusterName(id, Reflect.get(state, "name"));
  }

  get #inRun(): KindInRun {
    return this.#adapter().run.of(this.#lifecycle.kind);
  }

  /** The time in the fewest characters: every entry of the state has one. */
  #now(): string {
    return Math.floor(this.#adapter().clock.now()).toString(36);
  }

  #entryOf(id: string, { state, createdAt }: StoredResource<Inputs, State>): Entry {
    return { object: this.#lifecycle.objectOf?.(id, state) ?? id, madeAt: createdAt };
  }

  #secretsOf({ inputs, secretPaths }: DeclaredResource<Inputs>): Secrets {
    return Secrets.at([...this.#alwaysSecret, ...secretPaths], inputs);
  }

  #secretsIn({ state, asked, secretPaths }: StoredResource<Inputs, State>): Secrets {
    return Secrets.at([...this.#alwaysSecret, ...secretPaths], state, asked);
  }

  #storable(
    id: string,
    outs: object,
    inputs: object,
    secretPaths: readonly Path[],
    secrets: Secrets,
    createdAt: string | undefined,
  ): StorableResource {
    const outputs = secrets.mark(storable(outs, this.#lifecycle.kind));
    return { id, outputs, inputs, secretPaths, createdAt };
  }

  #contextFor(
    info: ResourceInfo,
    operation: Operation,
    redact: Redact,
    args: readonly object[],
    state: object = {},
  ): Context {
    const adapter = this.#adapter();
    const { clock, signal, run } = adapter;
    const { adopt, cluster, timeouts, urn = "" } = info;
    const mark = adapter.creationMarks(info);
    const start = clock.now();
    return {
      ...adapter.connect(),
      ...{ clock, signal, run, mark, adopt, cluster },
      resourceName: resourceNameIn(urn),
      deadline: (defaultMs, of = operation) => start + (timeouts?.[of] ?? defaultMs),
      recordAdopted: (id) => this.#inRun.recordAdopted(id),
      progress: showProgress,
      note: (severity, message) => this.#report(info, [{ severity, message }], redact, args, state),
    };
  }

  /**
   * Reports on the resource's line. With `--diff` the CLI prints the message alone, so one that does not name
   * the object gets its name, or the logical one where no program says that name.
   */
  async #report(
    { urn }: ResourceInfo,
    notes: readonly Note[],
    redact: Redact,
    args: readonly object[],
    state: object = {},
  ): Promise<void> {
    if (urn === undefined || isUnknown(urn)) return;
    const isName = (text: unknown) => typeof text === "string" && text !== "" && !isUnknown(text);
    const given = args.map((values) => Reflect.get(values, "name")).filter(isName);
    const actual = Reflect.get(state, "name");
    const logical = resourceNameIn(urn);
    const names = (given.length === 0 ? [logical, actual] : [actual, ...given]).filter(isName);
    const replacing = this.#inRun.existing(urn)?.replaceOnChanges ?? [];
    for (const { severity, message, inPlace } of notes) {
      if (inPlace !== undefined && replacing.some((path) => overlap(path, inPlace))) continue;
      const text = names.some((name) => message.includes(`"${name}"`))
        ? message
        : `${this.#kindAtStart} "${names[0]}": ${message}`;
      const { reporter, run } = this.#adapter();
      await reporter.report(urn, severity, redact(run.withClusterNames(text)));
    }
  }

  /**
   * What there is to a replacement that the diff did not want, so that `replaceOnChanges` or `replacementTrigger` of
   * the program forces it. The engine shows it by a second check; `--replace` and taint look like a creation.
   */
  #replacementByOption(urn: string | undefined): CheckOutcome | undefined {
    const existing = this.#inRun.isReplaced(urn) ? this.#inRun.existing(urn) : undefined;
    if (existing === undefined || existing.isReplacedByDiff) return undefined;
    const { kind, loss } = this.#lifecycle;
    const refusal = this.#lifecycle.refuseReplacement?.(existing.known as Partial<State>);
    const message = `An option of the resource (replaceOnChanges or replacementTrigger) replaces this ${kind}: it is deleted ${loss}, and another one is created.`;
    return {
      failures: refusal === undefined ? [] : [refusal],
      notes: loss === undefined ? [] : [{ severity: "warning", message }],
    };
  }

  /** What has not the form of an id cannot be adopted. */
  #importProblems(id: string): CheckFailure[] {
    const problem = this.#lifecycle.idProblem?.(id);
    if (problem === undefined) return [];
    const advice =
      "The option import takes the id: the CockroachDB Cloud Console shows it, and `npx pulumi-cockroachdb-cloud export` writes that of everything in the organization.";
    return [{ property: "", reason: `${problem} ${advice}` }];
  }

  /** Two resources of a program that manage one object: each undoes what the other writes, and deletes it. */
  #sameAsAnother(
    urn: string | undefined,
    inputs: Readonly<Record<string, unknown>>,
    clusterUrns: readonly (string | undefined)[],
  ): CheckFailure[] {
    const { clusterArguments = [], identify, kind } = this.#lifecycle;
    // The same cluster of the program stands for an id that is not known yet.
    const clusters = clusterArguments.map((name, index) => {
      const value = inputs[name];
      return [name, isUnknown(value) ? clusterUrns[index] || value : value] as const;
    });
    const identity = identify?.({ ...inputs, ...Object.fromEntries(clusters) });
    const other = identity && this.#inRun.recordIdentity(urn, identity.id);
    if (identity === undefined || other === undefined) return [];
    const reason = `is that of "${resourceNameIn(other)}" too: both would manage one ${kind}. Remove one of the two.`;
    return [{ property: identity.property, reason }];
  }

  /**
   * A 404 counts as deleted, and a deleted cluster is none: so a key of another organization makes the state forget all
   * that it is used on. Says so once for a cluster, on the cluster's line where the stack has it.
   */
  async #warnOfUnheardClusters(
    id: string,
    { urn, state, cluster }: StoredResource<Inputs, State>,
    { clusters, run }: Context,
    redact: Redact,
  ): Promise<void> {
    const itself = !this.#isOfCluster;
    for (const [index, clusterId] of (this.#lifecycle.clustersOf?.(id, state) ?? []).entries()) {
      if (!clusters.isUnheardOf(clusterId)) continue;
      if (!run.of("cluster").recordUnheardOf(clusterId)) continue;
      const known = itself ? urn : typeof cluster === "object" ? cluster[index] : cluster;
      const name = itself ? Reflect.get(state, "name") : known && resourceNameIn(known);
      const line = known || urn;
      if (line === undefined) continue;
      const text = unheardOf(name ? `Cluster "${name}" (${clusterId})` : `Cluster ${clusterId}`);
      await this.#adapter().reporter.report(line, "warning", redact(text));
    }
  }

  /** Parts of a protected cluster that a destroy would delete before the cluster refuses: state names no cluster of theirs. */
  #partsByText(id: string, { urn, state }: StoredResource<Inputs, State>): Note[] {
    const { run } = this.#adapter();
    if (this.#lifecycle.kind !== "cluster" || Reflect.get(state, "deleteProtection") !== true)
      return [];
    const isOfStack = run.clusterOfStack(id) === urn;
    const parts = isOfStack ? run.partsByText(id).map((name) => `"${name}"`) : [];
    const message = `A destroy would delete ${parts.join(", ")} although delete protection is on: the program names the cluster there by its id as text, and earlier than it declares the cluster. Give the Cluster itself, or declare it first.`;
    return parts.length === 0 ? [] : [{ severity: "warning", message }];
  }

  /** The engine would take no notice of an import on a resource that it has already. */
  #refuseOtherImport(id: string, { adopt }: ResourceInfo): void {
    if (adopt === undefined || isUnknown(adopt) || adopt === id) return;
    throw new Error(
      `The option import names ${adopt}, and this resource already is the ${this.#lifecycle.kind} ${id}. Remove the option; or, to manage the other one here, first take this one out of the stack with \`pulumi state delete\`.`,
    );
  }

  /**
   * Creates the object, or finishes what an earlier call of this run has left. When a hook of the program retries a
   * creation that failed half-way, the engine calls again as if for the first time, and has dropped the id.
   */
  async #createOrFinish(
    { urn, inputs }: DeclaredResource<Inputs>,
    context: Context,
  ): Promise<{ id: string; outs: State }> {
    const left = this.#inRun.unfinished(urn);
    try {
      const done =
        left === undefined
          ? undefined
          : await this.#finishOrDelete(left, inputs as Inputs, context);
      this.#inRun.recordUnfinished(urn, undefined);
      return done ?? (await this.#lifecycle.create(inputs as Inputs, context));
    } catch (error) {
      if (error instanceof InitializationError) this.#inRun.recordUnfinished(urn, error);
      throw error;
    }
  }

  /** Does what the next run would do: finishes the object, or deletes one that has to be replaced. */
  async #finishOrDelete(
    { id, outs }: Unfinished,
    inputs: Inputs,
    context: Context,
  ): Promise<{ id: string; outs: State } | undefined> {
    const stored = { state: outs as State, asked: inputs, isForeign: false };
    try {
      const { replaces } = this.#lifecycle.diff(id, stored, inputs);
      if (replaces.length === 0) {
        return { id, outs: await this.#lifecycle.update(id, stored, inputs, context) };
      }
      await this.#lifecycle.delete(id, stored, context);
      return undefined;
    } catch (error) {
      if (error instanceof InitializationError) throw error;
      throw new InitializationError(messageOf(error), { id, outs, cause: error });
    }
  }

  /**
   * Runs an operation that sends requests on the resource's line.
   * @param keep what to keep in state when the object exists and something failed afterwards
   */
  async #perform<Result>(
    resource: ResourceInfo,
    secrets: Secrets,
    operation: (redact: Redact) => Promise<Result>,
    keep?: (failure: InitializationError) => StorableResource,
  ): Promise<Result> {
    const redact = this.#redactorFor(secrets);
    const show = (text: string) =>
      this.#adapter().reporter.report(resource.urn ?? "", "info", redact(text), {
        ephemeral: true,
      });
    const onLine = () => onItsLine(show, () => operation(redact), endState);
    return await this.#readably(resource, redact, onLine, keep);
  }

  /** Runs an operation; whatever it throws becomes one readable message. */
  async #readably<Result>(
    resource: ResourceInfo,
    redact: Redact,
    operation: (redact: Redact) => Promise<Result>,
    keep?: (failure: InitializationError) => StorableResource,
  ): Promise<Result> {
    try {
      return await operation(redact);
    } catch (error) {
      const kept = error instanceof InitializationError ? keep?.(error) : undefined;
      throw this.#withoutSecrets(error, resource, redact, kept);
    }
  }

  /** The error as one message: its cause and its members could hold secrets. */
  #withoutSecrets(
    error: unknown,
    resource: ResourceInfo,
    redact: Redact,
    kept?: StorableResource,
  ): OperationError {
    const isRefused = AuthenticationError.isInstance(error);
    const advice = isRefused ? this.#adapter().credentialAdvice(resource) : undefined;
    const advised = isRefused && advice !== undefined ? withAdvice(error, advice) : error;
    const message = this.#adapter().run.withClusterNames(messageOf(advised));
    return new OperationError(redact(message), kept);
  }

  /** Masks the credential, and whatever is secret in arguments and outputs. */
  #redactorFor(secrets: Secrets): Redact {
    let redact: Redact | undefined;
    return (text) => {
      redact ??= redactor([...this.#adapter().credentialTexts(), ...secrets.texts]);
      return stripControlCharacters(redact(text));
    };
  }
}

/** The engine shows an adoption by the option import as a creation. */
function adoption(kind: string, id: string): Note {
  return {
    severity: "info",
    message: `Adopts the existing ${kind} ${id}; nothing is created. \`pulumi up\` compares the arguments with it, a preview does not.`,
  };
}

/** What the service calls the state of an object, where it has one. A deletion says itself what it has come to. */
function endState(result: unknown): string {
  if (result === undefined) return "not found";
  if (typeof result === "string") return result;
  const { outputs } = result as StorableResource;
  const named = [outputs["status"], outputs["state"]].find((state) => typeof state === "string");
  return (named as string | undefined) ?? "ready";
}

function unheardOf(cluster: string): string {
  return `${cluster} is unknown to the organization of this API key: the service responds 404, and it still finds clusters that were deleted. The key is probably one of another organization, or may not see the cluster. What this run asks for of it counts as deleted: nothing is deleted, but state forgets that, unless this is a preview. If the cluster exists, use the right key; where state has forgotten something, first put the state of before back with \`pulumi stack import\`.`;
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

function joined(paths: readonly Path[], further: readonly Path[]): readonly Path[] {
  const others = further.filter((path) => !paths.some((same) => isDeepStrictEqual(same, path)));
  return others.length === 0 ? paths : [...paths, ...others];
}

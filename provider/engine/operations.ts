/**
 * The operations of a resource as an adapter serves them.
 *
 * Around a lifecycle this keeps secrets marked and out of messages, reports notes on the resource's line, remembers
 * what the engine has shown of the run, and turns whatever is thrown into one readable message.
 */

import { isDeepStrictEqual } from "node:util";
import type { Redact } from "../../sdk/http/redaction";
import { migrationRefusal } from "../resource/bridge-migration-guard";
import { InitializationError, messageOf } from "../resource/errors";
import { withFixed } from "../resource/fixed-arguments";
import type { Context, Lifecycle, Note, Operation } from "../resource/lifecycle";
import { leftOutSince } from "../values/left-out";
import type { Path } from "../values/secrets";
import { hasValueAt, Secrets } from "../values/secrets";
import { isInState, toStorable } from "../values/state-values";
import type {
  Adapter,
  CheckResult,
  DeclaredResource,
  DiffResult,
  ReadResult,
  ResourceInfo,
  StorableResource,
  StoredResource,
} from "./adapter";
import { Diagnostics, withoutHiddenValue } from "./diagnostics";
import { OperationRunner } from "./operation-runner";
import { RunChecks } from "./run-checks";
import type { Entry, KindInRun, Unfinished } from "./run-record";
import { resourceNameIn } from "./run-record";
import { showProgress } from "./status-line";

export class ResourceOperations<Inputs extends object, State extends object> {
  readonly #lifecycle: Lifecycle<Inputs, State>;
  readonly #adapter: () => Adapter;
  readonly #alwaysSecret: readonly Path[];
  readonly #runner: OperationRunner;
  readonly #checks: RunChecks<Inputs, State>;
  readonly #diagnostics: Diagnostics<Inputs, State>;

  constructor(lifecycle: Lifecycle<Inputs, State>, adapter: () => Adapter) {
    this.#lifecycle = lifecycle;
    this.#adapter = adapter;
    this.#alwaysSecret = (lifecycle.secrets ?? []).map((key) => [key]);
    this.#runner = new OperationRunner(adapter);
    this.#checks = new RunChecks(lifecycle, () => adapter().run);
    this.#diagnostics = new Diagnostics(lifecycle, adapter);
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
    const { inputs } = news;
    const secrets = this.#secretsOf(news);
    return await this.#runner.run(news, secrets, async (redact) => {
      const { failures, notes, cluster } = this.#checks.check(olds, news, replaceOnChanges);
      if (failures.length === 0)
        await this.#diagnostics.report(news, notes, redact, [olds ?? {}, inputs]);
      return {
        // What has passed a transform of the program has lost its marks, and may be a new password in plain.
        inputs: new Secrets(secrets.paths).mark(inputs),
        failures: failures.map((failure) =>
          withoutHiddenValue(failure, inputs, secrets.paths, this.#alwaysSecret.length > 0, redact),
        ),
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
    return await this.#runner.run(news, secrets, async (redact) => {
      this.#recordName(id, stored.state, secrets);
      const outcome = this.#lifecycle.diff(id, stored, inputs as Inputs);
      const { replaces, deleteBeforeReplace } = outcome;
      const isRefreshing = this.#inRun.isRefreshing(urn);
      const changed = [...outcome.updates, ...replaces];
      const dropped =
        isRefreshing || replaces.length > 0
          ? []
          : leftOutSince(stored.inputs, inputs, this.#lifecycle.resets, changed);
      const updates = [...outcome.updates, ...dropped.map(({ property }) => property)];
      // A refresh asks for the difference only to show it: it must neither fail nor announce anything.
      if (!isRefreshing) {
        this.#checks.refuseOtherImport(id, news);
        const refusal =
          outcome.refusal ??
          (stored.isFromBridge ? migrationRefusal(stored.state, inputs, replaces) : undefined);
        if (refusal !== undefined) throw new Error(refusal);
        const report = (notes: readonly Note[]) =>
          this.#diagnostics.report(news, notes, redact, [stored.inputs, inputs], stored.state);
        // Without a check it is only asked whether it can stay without something that is deleted or replaced.
        const isDeclared = this.#inRun.existing(urn) !== undefined;
        if (isDeclared && updates.length + replaces.length > 0) {
          const isReplacedWithClusters =
            replaces.length > 0 && this.#areClustersReplaced(id, stored.state);
          const notes = [
            // What the replacement of the cluster destroys, the cluster has said.
            ...(isReplacedWithClusters
              ? []
              : [...this.#renamed(urn, stored.state, inputs, replaces), ...outcome.notes]),
            ...dropped.map(({ sentence }): Note => ({ severity: "warning", message: sentence })),
          ];
          await report(notes);
        }
        const entry = this.#entryOf(id, stored);
        if (replaces.length > 0) this.#inRun.recordReplacement(entry);
        else if (isDeclared) {
          this.#inRun.recordKept(urn, entry);
          const notes = this.#diagnostics.partsByText(id, stored);
          await report(notes);
        }
        this.#inRun.recordDiff(urn, stored.state, replaces.length > 0);
      }
      return { updates, replaces, deleteBeforeReplace };
    });
  }

  async create(news: DeclaredResource<Inputs>): Promise<StorableResource> {
    const secrets = this.#secretsOf(news);
    const created = (id: string, outs: object) =>
      this.#toStorable(id, outs, news.inputs, news.secretPaths, secrets, this.#now());
    return await this.#runner.runOnLine(
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
    return await this.#runner.runOnLine(stored, secrets, async (redact) => {
      this.#inRun.recordRead(stored.urn);
      this.#recordName(id, stored.state, secrets);
      const context = this.#contextFor(stored, "create", redact, []);
      const found = await this.#lifecycle.read(id, stored, context);
      // The static `get` of a class passes no state; a refresh passes the outputs.
      const isOnlyRead = !isInState(stored.state);
      if (found === undefined && isOnlyRead) {
        throw new Error(
          `There is no ${kind} with the id ${id} in this organization, or this credential may not see it.`,
        );
      }
      if (found === undefined) {
        await this.#diagnostics.warnOfUnheardClusters(id, stored, context, redact);
        return undefined;
      }
      const { state, inputs, note } = withFixed(this.#lifecycle, id, stored, found);
      if (note)
        await this.#diagnostics.report(stored, [note], redact, [stored.inputs], stored.state);
      return {
        ...this.#toStorable(id, state, inputs, stored.secretPaths, secrets, stored.createdAt),
        foundInputs: secrets.mark(toStorable(inputs, kind)),
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
      const paths = mergePaths(secretPaths, former);
      const secrets = this.#secretsOf({ ...news, secretPaths: paths });
      const all = secrets.with(this.#secretsIn({ ...stored, secretPaths: former }));
      return this.#toStorable(id, outs, from, paths, all, stored.createdAt);
    };
    const secrets = this.#secretsOf(news).with(this.#secretsIn(stored));
    return await this.#runner.runOnLine(
      news,
      secrets,
      async (redact) => {
        this.#recordName(id, stored.state, secrets);
        const context = this.#contextFor(
          news,
          "update",
          redact,
          [stored.inputs, inputs],
          stored.state,
        );
        const outs = await this.#lifecycle.update(id, stored, inputs as Inputs, context);
        // What the program leaves out keeps its value, and stays the secret that it was.
        const leftOut = stored.secretPaths.filter((path) => !hasValueAt(inputs, path));
        return updated(outs, inputs, leftOut);
      },
      // The engine keeps the old inputs of an update that failed half-way. What was secret before and what is now may both be there.
      ({ outs }) =>
        updated(outs, stored.isFromBridge ? inputs : stored.inputs, [
          ...secretPaths,
          ...stored.secretPaths,
        ]),
    );
  }

  async delete(id: string, stored: StoredResource<Inputs, State>): Promise<void> {
    const secrets = this.#secretsIn(stored);
    await this.#runner.runOnLine(stored, secrets, async (redact) => {
      this.#recordName(id, stored.state, secrets);
      const entry = this.#entryOf(id, stored);
      const isAdopted = this.#inRun.isAdopted(stored.urn, entry.object);
      if (isAdopted || this.#inRun.isOutdated(entry)) {
        const why = isAdopted
          ? "now belongs to the replacement of this resource, so it is not deleted."
          : "still belongs to this stack: an outdated entry of it is dropped, and nothing is deleted.";
        const note: Note = { severity: "info", message: `${id} ${why}` };
        await this.#diagnostics.report(stored, [note], redact, [stored.state]);
        return undefined;
      }
      if (this.#inRun.isToBeAdopted(entry.object)) {
        throw new Error(
          `${this.#diagnostics.kindAtStart} ${id} is not deleted: another resource of the program is to adopt it by its option import, and has not done so. Fix that failure, then run the update again.`,
        );
      }
      const context = this.#contextFor(stored, "delete", redact, [stored.state]);
      await this.#lifecycle.delete(id, stored, context);
      await this.#diagnostics.warnOfUnheardClusters(id, stored, context, redact);
      return "removed from the stack";
    });
  }

  /** Whether the run replaces all clusters that the object belongs to. */
  #areClustersReplaced(id: string, state: Partial<State>): boolean {
    const { clusterArguments = [], clustersOf } = this.#lifecycle;
    if (clusterArguments.length === 0) return false;
    const clusters = this.#adapter().run.of("cluster");
    return clustersOf?.(id, state).every((one) => clusters.replaces(one)) === true;
  }

  /** What to write where an object is replaced because the resource, whose name it has, is called otherwise now. */
  #renamed(
    urn: string | undefined,
    state: Partial<State>,
    inputs: object,
    replaces: readonly string[],
  ): Note[] {
    const resourceName = resourceNameIn(urn ?? "");
    const defaults = this.#lifecycle.byDefault?.(resourceName) ?? {};
    return replaces.flatMap((argument): Note[] => {
      const before: unknown = Reflect.get(state, argument);
      const isOfResource =
        Reflect.get(defaults, argument) === resourceName &&
        Reflect.get(inputs, argument) === resourceName;
      if (!isOfResource || typeof before !== "string" || before === resourceName) return [];
      const message = `Without ${argument}, the ${this.#lifecycle.kind} has the name of the resource, which is "${resourceName}" now. To keep "${before}", write ${argument}: ${JSON.stringify(before)}.`;
      return [{ severity: "warning", message }];
    });
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

  #secretsIn({ state, inputs, secretPaths }: StoredResource<Inputs, State>): Secrets {
    return Secrets.at([...this.#alwaysSecret, ...secretPaths], state, inputs);
  }

  #toStorable(
    id: string,
    outs: object,
    inputs: object,
    secretPaths: readonly Path[],
    secrets: Secrets,
    createdAt: string | undefined,
  ): StorableResource {
    const outputs = secrets.mark(toStorable(outs, this.#lifecycle.kind));
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
      note: (severity, message) =>
        this.#diagnostics.report(info, [{ severity, message }], redact, args, state),
    };
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
    const stored = { state: outs as State, inputs, isFromBridge: false };
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
}

function mergePaths(paths: readonly Path[], further: readonly Path[]): readonly Path[] {
  const others = further.filter((path) => !paths.some((same) => isDeepStrictEqual(same, path)));
  return others.length === 0 ? paths : [...paths, ...others];
}

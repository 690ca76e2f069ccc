/** What a check of a resource finds: in its arguments, in options of the program, and in other resources of the run. */
import type { CheckFailure } from "../resource/check";
import { idOfOne } from "../resource/id-form";
import type { CheckOutcome, Lifecycle, Note } from "../resource/lifecycle";
import { notedResource } from "../resource/resource";
import type { ResourceType } from "../resource/resource-types";
import { allResourceTypes, referableTypes } from "../resource/resource-types";
import { hasUnknown, isUnknown } from "../values/unknown";
import type { DeclaredResource, ResourceInfo } from "./adapter";
import type { KindInRun, RunRecord } from "./run-record";
import { resourceNameIn } from "./run-record";

type Values = Readonly<Record<string, unknown>>;

interface Outcome extends CheckOutcome {
  /** The clusters of the object, as in `ResourceInfo`. */
  readonly cluster: ResourceInfo["cluster"];
}

export class RunChecks<Inputs extends object, State extends object> {
  readonly #lifecycle: Lifecycle<Inputs, State>;
  readonly #run: () => RunRecord;

  constructor(lifecycle: Lifecycle<Inputs, State>, run: () => RunRecord) {
    this.#lifecycle = lifecycle;
    this.#run = run;
  }

  /**
   * Checks a resource, and records it for those that follow.
   * @param olds the arguments of the last run; undefined for a resource that is new or being replaced
   * @param replaceOnChanges the option of this name
   */
  check(
    olds: Partial<Inputs> | undefined,
    news: DeclaredResource<Inputs>,
    replaceOnChanges: readonly string[] = [],
  ): Outcome {
    const { urn, inputs, outlivesStack = false } = news;
    const { kind } = this.#lifecycle;
    const run = this.#run();
    if (olds === undefined) this.#inRun.recordCheckOfNew(urn, news.adopt);
    else this.#inRun.recordCheckOfExisting(urn, olds, replaceOnChanges);
    const adopt = olds === undefined && !isUnknown(news.adopt) ? news.adopt : undefined;
    const cluster = this.#clustersOf(news);
    const clusterUrns = typeof cluster === "object" ? cluster : [cluster];
    const identifying = this.#withUrns(news, clusterUrns);
    run.recordDeclared(urn, { kind, clusterUrns, inputs, identifying, outlivesStack });
    const clusters = clusterUrns.map((one) => run.cluster(one));
    const outcome = this.#lifecycle.check(olds ?? {}, inputs, adopt, clusters);
    const forced = olds === undefined ? this.#replacementByOption(urn) : undefined;
    const misplaced = this.#referenceFailures(identifying);
    const others = outcome.failures.filter(
      ({ property }) => !misplaced.some((failure) => failure.property === property),
    );
    const isAlone = misplaced.length === 0 && others.length === 0;
    const failures = [
      ...(adopt === undefined ? [] : this.#importProblems(adopt, urn)),
      ...misplaced,
      ...others,
      ...(isAlone ? this.#failuresByOthers(urn, identifying) : []),
      ...(forced?.failures ?? []),
    ];
    // The line shows the last note, which must be none of a creation where something is destroyed.
    const isReplacement = olds === undefined && this.#inRun.isReplaced(urn);
    const notes = [
      ...(adopt === undefined ? [] : [adoption(kind, adopt)]),
      ...(forced?.notes ?? []),
      ...outcome.notes.filter(({ severity }) => !isReplacement || severity === "warning"),
    ];
    return { failures, notes, cluster };
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

  /** What has not the form of an id cannot be adopted, and no object twice. */
  #importProblems(id: string, urn: string | undefined): CheckFailure[] {
    const { idProblem, kind } = this.#lifecycle;
    const problem = idProblem?.(id);
    if (problem !== undefined) {
      const advice =
        "The option import takes the id: the CockroachDB Cloud Console shows it, and `npx pulumi-cockroachdb-cloud export` writes that of everything in the organization.";
      return [{ property: "", reason: `${problem} ${advice}` }];
    }
    const other = this.#inRun.otherWith(id, urn);
    if (other === undefined) return [];
    const reason = `The option import names ${id}, which "${resourceNameIn(other)}" manages too: both would manage one ${kind}. Remove one of the two.`;
    return [{ property: "", reason }];
  }

  #failuresByOthers(urn: string | undefined, inputs: Values): CheckFailure[] {
    const failures = this.#lifecycle.conflicts?.(inputs, this.#run().othersOf(urn)) ?? [];
    return failures.length > 0 ? failures : this.#sameAsAnother(urn, inputs);
  }

  /** Two resources of a program that manage one object, or of which the service accepts only one. */
  #sameAsAnother(urn: string | undefined, inputs: Values): CheckFailure[] {
    const { claims, identify, kind } = this.#lifecycle;
    const identity = identify?.(inputs);
    const other = identity && this.#inRun.recordIdentity(urn, identity.id);
    if (identity !== undefined && other !== undefined) {
      const reason = `is that of "${resourceNameIn(other)}" too: both would manage one ${kind}. Remove one of the two.`;
      return [{ property: identity.property, reason }];
    }
    const failures = (claims?.(inputs) ?? []).flatMap((claim) => {
      const values = Object.values(claim);
      if (values.includes(undefined) || hasUnknown(values)) return [];
      const holder = this.#inRun.recordIdentity(urn, JSON.stringify(values));
      if (holder === undefined) return [];
      const names = Object.keys(claim);
      const [property = ""] = names;
      const reason = `is that of "${resourceNameIn(holder)}" too, and the service refuses a second ${kind} with the same ${names.join(" and ")}. Give one of the two another ${property}, or remove it.`;
      return [{ property, reason }];
    });
    return failures.slice(0, 1);
  }

  /** An id of the run that is none of what the argument names. What the shape of the value shows besides is no news. */
  #referenceFailures(inputs: Values): CheckFailure[] {
    const references = this.#lifecycle.references?.(inputs) ?? [];
    return references.flatMap(({ path, value: id, types }) => {
      const holder = typeof id === "string" ? this.#holderOf(id, types) : undefined;
      if (holder === undefined) return [];
      const [cluster, ...name] = String(id).split(":");
      const isPart = name.length > 0 && types.includes("Cluster");
      const advice = isPart ? ` Its cluster is ${cluster}.` : "";
      const reason = `must be ${idOfOne(types)}, and ${id} is that of ${holder.kind} "${resourceNameIn(holder.urn)}".${advice}`;
      return [{ property: path, reason }];
    });
  }

  /** The resource of the run that has the id; undefined where it is of one of these types. */
  #holderOf(id: string, types: readonly ResourceType[]): { kind: string; urn: string } | undefined {
    // The id of what belongs to a cluster is longer than any that an argument takes.
    const candidates = id.includes(":") ? allResourceTypes : referableTypes;
    const holders = candidates.flatMap((type) => {
      const kind = notedResource(type)?.lifecycle.kind;
      const urn = kind === undefined ? undefined : this.#run().of(kind).urnOf(id);
      return kind === undefined || urn === undefined ? [] : [{ type, kind, urn }];
    });
    return holders.some(({ type }) => types.includes(type)) ? undefined : holders[0];
  }

  /** The engine would take no notice of an import on a resource that it has already. */
  refuseOtherImport(id: string, { adopt }: ResourceInfo): void {
    if (adopt === undefined || isUnknown(adopt) || adopt === id) return;
    throw new Error(
      `The option import names ${adopt}, and this resource already is the ${this.#lifecycle.kind} ${id}. Remove the option; or, to manage the other one here, first take this one out of the stack with \`pulumi state delete\`.`,
    );
  }

  /** The arguments with the URN of a resource of the program in place of its id, where that is not known yet. */
  #withUrns(
    { inputs, references = {} }: DeclaredResource<Inputs>,
    clusterUrns: readonly (string | undefined)[],
  ): Values {
    const { clusterArguments = [] } = this.#lifecycle;
    const clusters = clusterArguments.map((name, index) => [name, clusterUrns[index]] as const);
    const urns = [...Object.entries(references), ...clusters].filter(
      ([name, urn]) => urn && isUnknown(Reflect.get(inputs, name)),
    );
    return { ...inputs, ...Object.fromEntries(urns) };
  }

  /**
   * The clusters of a part. Where the program does not say which of its clusters an id is of, because it came by way of
   * another resource or as text, the run does.
   */
  #clustersOf({ cluster, inputs }: DeclaredResource<Inputs>): ResourceInfo["cluster"] {
    const { clusterArguments = [] } = this.#lifecycle;
    const run = this.#run();
    const urnOf = (given: string | undefined, name: string | undefined) =>
      given || (name !== undefined && run.clusterOfStack(Reflect.get(inputs, name))) || given;
    if (typeof cluster !== "object") return urnOf(cluster, clusterArguments[0]);
    return cluster.map((one, index) => urnOf(one, clusterArguments[index]) ?? one);
  }

  get #inRun(): KindInRun {
    return this.#run().of(this.#lifecycle.kind);
  }
}

/** The engine shows an adoption by the option import as a creation. */
function adoption(kind: string, id: string): Note {
  return {
    severity: "info",
    message: `Adopts the existing ${kind} ${id}; nothing is created. \`pulumi up\` compares the arguments with it, a preview does not.`,
  };
}

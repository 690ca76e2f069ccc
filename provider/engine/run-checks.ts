/** What only the run shows, and no resource sees by itself: options of the program, and other resources of it. */
import type { CheckFailure } from "../resource/check";
import type { CheckOutcome, Lifecycle } from "../resource/lifecycle";
import { isUnknown } from "../values/unknown";
import type { Adapter, ResourceInfo } from "./adapter";
import type { KindInRun } from "./run-record";
import { resourceNameIn } from "./run-record";

export class RunChecks<Inputs extends object, State extends object> {
  readonly #lifecycle: Lifecycle<Inputs, State>;
  readonly #adapter: () => Adapter;

  constructor(lifecycle: Lifecycle<Inputs, State>, adapter: () => Adapter) {
    this.#lifecycle = lifecycle;
    this.#adapter = adapter;
  }

  /**
   * What there is to a replacement that the diff did not want, so that `replaceOnChanges` or `replacementTrigger` of
   * the program forces it. The engine shows it by a second check; `--replace` and taint look like a creation.
   */
  replacementByOption(urn: string | undefined): CheckOutcome | undefined {
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
  importProblems(id: string): CheckFailure[] {
    const problem = this.#lifecycle.idProblem?.(id);
    if (problem === undefined) return [];
    const advice =
      "The option import takes the id: the CockroachDB Cloud Console shows it, and `npx pulumi-cockroachdb-cloud export` writes that of everything in the organization.";
    return [{ property: "", reason: `${problem} ${advice}` }];
  }

  /** Two resources of a program that manage one object: each undoes what the other writes, and deletes it. */
  sameAsAnother(
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

  /** The engine would take no notice of an import on a resource that it has already. */
  refuseOtherImport(id: string, { adopt }: ResourceInfo): void {
    if (adopt === undefined || isUnknown(adopt) || adopt === id) return;
    throw new Error(
      `The option import names ${adopt}, and this resource already is the ${this.#lifecycle.kind} ${id}. Remove the option; or, to manage the other one here, first take this one out of the stack with \`pulumi state delete\`.`,
    );
  }

  get #inRun(): KindInRun {
    return this.#adapter().run.of(this.#lifecycle.kind);
  }
}

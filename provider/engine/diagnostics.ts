/** What the user reads of a resource: on which line, and with which name, a message is shown. */
import type { Redact } from "../../sdk/http/redaction";
import type { CheckFailure } from "../resource/check";
import type { Context, Lifecycle, Note } from "../resource/lifecycle";
import { capitalize } from "../values/capitalize";
import { overlap } from "../values/property-value";
import type { Path } from "../values/secrets";
import { isUnknown } from "../values/unknown";
import type { Adapter, Properties, ResourceInfo, StoredResource } from "./adapter";
import { resourceNameIn } from "./run-record";

export class Diagnostics<Inputs extends object, State extends object> {
  /** The noun of the resource, as a sentence begins with it. */
  readonly kindAtStart: string;
  readonly #lifecycle: Lifecycle<Inputs, State>;
  readonly #adapter: () => Adapter;

  constructor(lifecycle: Lifecycle<Inputs, State>, adapter: () => Adapter) {
    this.kindAtStart = capitalize(lifecycle.kind);
    this.#lifecycle = lifecycle;
    this.#adapter = adapter;
  }

  /**
   * Reports on the resource's line. With `--diff` the CLI prints the message alone, so one that does not name
   * the object gets its name, or the logical one where no program says that name.
   */
  async report(
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
    const replacing =
      this.#adapter().run.of(this.#lifecycle.kind).existing(urn)?.replaceOnChanges ?? [];
    for (const { severity, message, inPlace } of notes) {
      if (inPlace !== undefined && replacing.some((path) => overlap(path, inPlace))) continue;
      const text = names.some((name) => message.includes(`"${name}"`))
        ? message
        : `${this.kindAtStart} "${names[0]}": ${message}`;
      const { reporter, run } = this.#adapter();
      await reporter.report(urn, severity, redact(run.withClusterNames(text)));
    }
  }

  /**
   * A 404 counts as deleted, and a deleted cluster is none: so a key of another organization makes the state forget all
   * that it is used on. Says so once for a cluster, on the cluster's line where the stack has it.
   */
  async warnOfUnheardClusters(
    id: string,
    { urn, state, cluster }: StoredResource<Inputs, State>,
    { clusters, run }: Context,
    redact: Redact,
  ): Promise<void> {
    const itself = this.#lifecycle.clusterArguments === undefined;
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
  partsByText(id: string, { urn, state }: StoredResource<Inputs, State>): Note[] {
    const { run } = this.#adapter();
    if (this.#lifecycle.kind !== "cluster" || Reflect.get(state, "deleteProtection") !== true)
      return [];
    const isOfStack = run.clusterOfStack(id) === urn;
    const parts = isOfStack ? run.partsByText(id).map((name) => `"${name}"`) : [];
    const message = `A destroy would delete ${parts.join(", ")} although delete protection is on: the program names the cluster there by its id as text, and earlier than it declares the cluster. Give the Cluster itself, or declare it first.`;
    return parts.length === 0 ? [] : [{ severity: "warning", message }];
  }
}

function unheardOf(cluster: string): string {
  return `${cluster} is unknown to the organization of this credential: the service responds 404, and it still finds clusters that were deleted. The credential is probably one of another organization, or may not see the cluster. What this run asks for of it counts as deleted: nothing is deleted, but state forgets that, unless this is a preview. If the cluster exists, use the right one; where state has forgotten something, first put the state of before back with \`pulumi stack import\`.`;
}

const printedLength = 1_000;

/** What a secret may be called, also on a resource that has none. */
const secretName = /pass|pwd|secret|key|token|jwt|credential/i;

/**
 * The engine prints the whole value of a top-level property that fails, in plain also when it is a
 * secret. A secret, what may be a misspelt one, and a huge one go by a path that it does not find.
 * @param hasSecrets whether an argument of the resource is a secret
 */
export function withoutHiddenValue(
  { property, reason, isUnknownArgument }: CheckFailure,
  news: Properties,
  secretPaths: readonly Path[],
  hasSecrets: boolean,
  redact: Redact,
): CheckFailure {
  const length = JSON.stringify(news[property] ?? null).length;
  const mayBeSecret = isUnknownArgument === true && (hasSecrets || secretName.test(property));
  const isHidden =
    mayBeSecret || secretPaths.some(([key]) => key === property) || length > printedLength;
  return {
    property: isHidden ? `${property}[…]` : redact(property),
    reason: redact(reason),
  };
}

/**
 * The memory of a run: what the engine has shown this process of it.
 *
 * A provider process serves one run of the engine, and in it all kinds of resources of one provider. The engine never
 * says what it is about to do, but the order of its calls for one URN does. `check+` has the inputs of the last run,
 * `check-` has none; calls in brackets come when there is something to do.
 *
 * | What happens to the resource                      | Calls                                                  |
 * | ------------------------------------------------- | ------------------------------------------------------ |
 * | it is created                                     | check-, create                                         |
 * | it adopts an object by the option import          | check- (`adopt`), create (`adopt`)                     |
 * | it stays                                          | check+, diff, [update]                                 |
 * | its diff replaces it, or `replaceOnChanges` does  | check+, diff, check-, create, delete                   |
 * | ... and it is deleted first                       | check+, diff, check-, delete, create                   |
 * | `replacementTrigger` replaces it                  | check+, check-, create, delete                         |
 * | `--replace` or taint replaces it                  | check-, create, delete                                 |
 * | a cluster that it names is deleted first          | diff, delete, check-, create                           |
 * | it is no longer in the program, or `destroy`      | delete                                                 |
 * | `refresh`                                         | read, [diff, to show the difference]                   |
 * | `up --refresh`                                    | read, [diff], then as above                            |
 * | the static `get` of a class                       | read                                                   |
 * | a hook of the program retries a creation          | create, create                                         |
 * | an entry that an interrupted replacement has left | delete, among the calls of the resource that has it now |
 *
 * A diff without a check asks what the deletion or replacement of a dependency does to the resource, which may be about
 * to be deleted itself.
 *
 * A preview makes the checks, diffs and reads of these alone. Ctrl-C aborts the signal of all operations; the engine
 * then waits for them and begins no others.
 */

import { isUnknown } from "../values/unknown";

/** An entry of the stack's state. */
export interface Entry {
  readonly object: string;
  /** When it was made, unless another provider made it: it distinguishes two entries of one object. */
  readonly madeAt: string | undefined;
}

/** An object that a creation has left unfinished. */
export interface Unfinished {
  readonly id: string;
  readonly outs: object;
}

/** A resource that the engine has shown as being in state. */
export interface Existing {
  /** Its outputs, or the inputs of the last run where there was no diff. */
  readonly known: object;
  /** Whether its diff wanted a replacement. */
  readonly isReplacedByDiff: boolean;
  /** The option of this name. */
  readonly replaceOnChanges: readonly string[];
}

/** The cluster of the program that a part is given, as the engine has shown it in this run. */
export interface ClusterInRun {
  /** Its logical name. */
  readonly name: string;
  /** Its arguments. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its outputs before this run; undefined where the run creates, replaces or adopts it. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  /** Whether the run adopts it. */
  readonly isAdopted: boolean;
  /** The arguments of its parts of a kind that were checked before. */
  partsOf(kind: string): readonly Readonly<Record<string, unknown>>[];
}

/** Another resource of the program, as the engine has shown it in this run. */
export interface OtherInRun {
  /** Its logical name. */
  readonly name: string;
  /** Its arguments, with the URN of a resource of the program in place of its id, where that is not known yet. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The resources of a kind that were checked before, without the one that asks. */
export type OthersInRun = (kind: string) => readonly OtherInRun[];

type Urn = string | undefined;

/** A resource as the program declares it. */
interface Declared {
  readonly kind: string;
  /** URNs of the clusters that it depends on; empty for one that the stack does not delete, as far as the program shows. */
  readonly clusterUrns: readonly Urn[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The same with the URN of a resource of the program in place of its id, where that is not known yet. */
  readonly identifying: Readonly<Record<string, unknown>>;
  /** Whether its object stays when the stack goes. */
  readonly outlivesStack: boolean;
}

/** The run, as far as the engine has shown it. */
export class RunRecord {
  readonly #kinds = new Map<string, KindInRun>();
  /** Names of clusters, by id. */
  readonly #clusterNames = new Map<string, string>();
  /** What was checked, by URN. */
  readonly #declared = new Map<Urn, Declared>();

  /** The resources of one kind, named as in `Lifecycle.kind`. */
  of(kind: string): KindInRun {
    const known = this.#kinds.get(kind) ?? new KindInRun();
    this.#kinds.set(kind, known);
    return known;
  }

  recordClusterName(id: string, name: unknown): void {
    if (typeof name === "string" && !isUnknown(name)) this.#clusterNames.set(id, name);
  }

  /** The text with the names of clusters beside their ids, as far as the run knows them: `cluster "orders" (<id>)`. */
  withClusterNames(text: string): string {
    return text.replace(
      /\b(cluster) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi,
      (all, word, id) => {
        const name = this.#clusterNames.get(id);
        return name === undefined ? all : `${word} "${name}" (${id})`;
      },
    );
  }

  /** Records what a check has of a resource, after what it records of its kind. */
  recordDeclared(urn: Urn, declared: Declared): void {
    this.#declared.set(urn, declared);
  }

  /** The other resources, for the one of this URN. */
  othersOf(urn: Urn): OthersInRun {
    return (kind) =>
      [...this.#declared]
        .filter(([other, declared]) => other !== urn && declared.kind === kind)
        .map(([other = "", { identifying }]) => ({
          name: resourceNameIn(other),
          inputs: identifying,
        }));
  }

  /** URN of the cluster of this id, when the program has it and the stack deletes it, as far as the engine has shown it. */
  clusterOfStack(id: unknown): Urn {
    const urn = isUnknown(id) ? undefined : this.of("cluster").urnOf(id);
    return this.#declared.get(urn)?.outlivesStack === false ? urn : undefined;
  }

  /** Names of the parts that go with the stack, name the cluster of this id by a text, and were checked before the run showed whose it is. */
  partsByText(id: string): string[] {
    return [...this.#declared]
      .filter(([, part]) => !part.outlivesStack && part.clusterUrns.includes(""))
      .filter(([, { inputs }]) => Object.values(inputs).includes(id))
      .map(([urn = ""]) => resourceNameIn(urn));
  }

  /** The cluster of this URN; undefined where it was not checked. */
  cluster(urn: Urn): ClusterInRun | undefined {
    const declared = urn === undefined ? undefined : this.#declared.get(urn);
    if (urn === undefined || declared?.kind !== "cluster") return undefined;
    const clusters = this.of("cluster");
    const outputs = clusters.isReplaced(urn) ? undefined : clusters.existing(urn)?.known;
    return {
      name: resourceNameIn(urn),
      inputs: declared.inputs,
      outputs: outputs as Record<string, unknown> | undefined,
      isAdopted: clusters.isToAdopt(urn),
      partsOf: (kind) =>
        [...this.#declared.values()]
          .filter((part) => part.kind === kind && part.clusterUrns.includes(urn))
          .map(({ inputs }) => inputs),
    };
  }
}

/** The logical name in a URN, which may have "::" in it. */
export function resourceNameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The resources of one kind in the run. */
export class KindInRun {
  /** What is known of the resources that were checked with old inputs: these, and from their diff on their outputs. */
  readonly #existing = new Map<Urn, Existing>();
  /** URNs that were checked with old inputs, and without them afterwards. */
  readonly #replaced = new Set<Urn>();
  /**
   * What the program has and keeps, by URN. An entry that an interrupted replacement has left in state may
   * have the same id, and its delete would take away what is in use.
   */
  readonly #kept = new Map<Urn, Entry>();
  /** Objects that the run replaces, as `#replaced` has their resources. */
  readonly #replacedObjects = new Set<string>();
  /** Objects because of which a deletion was refused. */
  readonly #refusedFor = new Set<string>();
  /** Objects that the service has not heard of. */
  readonly #unheardOf = new Set<string>();
  /** What the arguments of the program's resources identify or claim, with the URN of the first one. */
  readonly #identities = new Map<string, Urn>();
  /** What this run has adopted: whatever had it before must not delete it now. */
  readonly #adopted = new Set<string>();
  /** Objects of resources that this run has created, by URN. */
  readonly #created = new Map<Urn, string>();
  /** What resources that are created in this run are to adopt, by URN. */
  readonly #imports = new Map<Urn, string | undefined>();
  /** What creations of this run have left unfinished, by URN. */
  readonly #unfinished = new Map<Urn, Unfinished>();
  /** URNs of resources that were read and not checked since: the engine is refreshing them. */
  readonly #refreshing = new Set<Urn>();

  /** Records a check of a resource that is in state, with its old inputs. */
  recordCheckOfExisting(
    urn: Urn,
    inputs: object = {},
    replaceOnChanges: readonly string[] = [],
  ): void {
    this.#refreshing.delete(urn);
    this.#existing.set(urn, { known: inputs, isReplacedByDiff: false, replaceOnChanges });
  }

  /** Records what a diff, which is none of a refresh, has seen and decided. */
  recordDiff(urn: Urn, outputs: object, isReplacedByDiff: boolean): void {
    const existing = this.#existing.get(urn);
    if (existing) this.#existing.set(urn, { ...existing, known: outputs, isReplacedByDiff });
  }

  /** What is known of a resource that was checked with its old inputs. */
  existing(urn: Urn): Existing | undefined {
    return this.#existing.get(urn);
  }

  /** Records a check without old inputs: created or replaced, so what had the URN may be deleted. */
  recordCheckOfNew(urn: Urn, adopt: string | undefined): void {
    this.#refreshing.delete(urn);
    const kept = this.#kept.get(urn);
    if (kept !== undefined) this.#replacedObjects.add(kept.object);
    this.#kept.delete(urn);
    this.#imports.set(urn, adopt);
    if (this.#existing.has(urn)) this.#replaced.add(urn);
  }

  /** Records that a diff of a resource of the program wants no replacement. */
  recordKept(urn: Urn, entry: Entry): void {
    this.#kept.set(urn, entry);
  }

  /** Records what the arguments of a resource identify or claim. URN of another resource of the program whose arguments do so too. */
  recordIdentity(urn: Urn, identity: string): Urn {
    const first = this.#identities.get(identity);
    if (first === undefined) this.#identities.set(identity, urn);
    return first === urn ? undefined : first;
  }

  recordCreated(urn: Urn, object: string): void {
    this.#created.set(urn, object);
  }

  /** URN of the resource of the program that has the object, or is to adopt it. */
  urnOf(object: unknown): Urn {
    return this.#urnsOf(object)[0];
  }

  /** The same, where it is another than this one. */
  otherWith(object: unknown, urn: Urn): Urn {
    return this.#urnsOf(object).find((one) => one !== urn);
  }

  #urnsOf(object: unknown): Urn[] {
    const objects = [
      ...[...this.#kept].map(([urn, kept]) => [urn, kept.object] as const),
      ...this.#created,
      ...this.#imports,
    ];
    return objects.filter(([, one]) => one !== undefined && one === object).map(([urn]) => urn);
  }

  /** Records what the last creation of the resource has left, if anything. */
  recordUnfinished(urn: Urn, left: Unfinished | undefined): void {
    if (left === undefined) this.#unfinished.delete(urn);
    else this.#unfinished.set(urn, left);
  }

  /** What an earlier creation of the resource in this run has left: a hook of the program then retries it. */
  unfinished(urn: Urn): Unfinished | undefined {
    return this.#unfinished.get(urn);
  }

  /** Records that a diff wants a replacement. */
  recordReplacement({ object }: Entry): void {
    this.#replacedObjects.add(object);
  }

  recordAdopted(object: string): void {
    this.#adopted.add(object);
  }

  recordRead(urn: Urn): void {
    this.#refreshing.add(urn);
  }

  /**
   * Whether the engine replaces a resource that it has shown before: by a diff, `replaceOnChanges` or
   * `replacementTrigger`. A replacement by `--replace` or taint looks like a creation.
   */
  isReplaced(urn: Urn): boolean {
    return this.#replaced.has(urn);
  }

  /** Whether the engine is refreshing the resource, so that a diff is only there to be shown. */
  isRefreshing(urn: Urn): boolean {
    return this.#refreshing.has(urn);
  }

  /** Whether the object belongs to the program after this run, as far as the engine has shown it. */
  keeps(object: string): boolean {
    return this.#adopted.has(object) || this.#keptEntries().some((kept) => kept.object === object);
  }

  /** Whether the run replaces the object, as far as the engine has shown it. */
  replaces(object: string): boolean {
    return this.#replacedObjects.has(object);
  }

  /** Records that a deletion is refused because of the object. Returns whether it is the first one. */
  recordRefusal(object: string): boolean {
    const isFirst = !this.#refusedFor.has(object);
    this.#refusedFor.add(object);
    return isFirst;
  }

  /** Records that the service has not heard of the object. Returns whether it is the first time. */
  recordUnheardOf(object: string): boolean {
    const isFirst = !this.#unheardOf.has(object);
    this.#unheardOf.add(object);
    return isFirst;
  }

  /** Whether the object now belongs to the replacement of the resource. */
  isAdopted(urn: Urn, object: string): boolean {
    return this.#adopted.has(object) || this.#imports.get(urn) === object;
  }

  /** Whether the resource is to adopt an object. */
  isToAdopt(urn: Urn): boolean {
    return this.#imports.get(urn) !== undefined;
  }

  /** Whether a resource of the program is to adopt the object and has not done so. */
  isToBeAdopted(object: string): boolean {
    return [...this.#imports.values()].includes(object);
  }

  /** Whether the program keeps the object of this entry under another entry. */
  isOutdated({ object, madeAt }: Entry): boolean {
    return this.#keptEntries().some((kept) => kept.object === object && kept.madeAt !== madeAt);
  }

  #keptEntries(): Entry[] {
    return [...this.#kept.values()];
  }
}

/**
 * Inputs that users do not write and never see.
 *
 * They change without the resource: by a rename, a move, another time-out, a secret in another place. The engine compares all
 * inputs to print what an update changes, and leaves out only those that the resource ignores changes of. It also puts
 * such inputs back to their old values before `check`, so the program passes the new ones in one property of
 * another name, and `check` unpacks it.
 */
import { isDeepStrictEqual } from "node:util";
import { typeToken, typeTokenPrefix } from "../resource/resource-types";
import type { Path } from "../values/secrets";

/** They are part of state and never change their names. */
export interface HiddenInputs {
  /** State has it in short (`shortUrn`); that of older versions has it whole. */
  __urn?: string;
  __mark?: string;
  /**
   * URN of the cluster of a part, when the stack deletes both, or `notOfStack`; a list of them where it depends on several.
   * State has them without what they share with `__urn`; that of older versions has them whole, or not at all.
   */
  __cluster?: string | string[];
  /** Name of the explicit provider. */
  __providerName?: string;
  __timeouts?: { create?: string; update?: string; delete?: string };
  __adopt?: string;
  /** Where the arguments hold secrets of the program. */
  __secrets?: Path[];
}

const names: Record<keyof HiddenInputs, true> = {
  __urn: true,
  __mark: true,
  __cluster: true,
  __providerName: true,
  __timeouts: true,
  __adopt: true,
  __secrets: true,
};

/** Their names, for the option `ignoreChanges`. */
export const hiddenInputNames = Object.keys(names);

const passedAs = "__hidden";

/** What the program passes. */
type Passed = { [Name in keyof HiddenInputs]: unknown } & {
  /** The options of these names, which only `check` reads: state does not keep them. */
  replaceOnChanges?: string[] | undefined;
  retainOnDelete?: boolean | undefined;
  /** URNs of the resources that arguments name, by argument: for `check`, too. */
  references?: { readonly [argument: string]: unknown } | undefined;
};

/** The property in which the program passes them. */
export function pack(passed: Passed): Record<string, unknown> {
  return { [passedAs]: passed };
}

/** Whether the properties have what the program passes: they are of this package, and no transform has dropped it. */
export function arePassed(props: Record<string, unknown>): boolean {
  return isObject(props[passedAs]);
}

/** What the program passes, with further places of secrets. */
export function withSecretPaths(
  props: Record<string, unknown>,
  places: readonly Path[],
): Record<string, unknown> {
  const passed = props[passedAs] as Record<string, unknown>;
  const known: Path[] = Array.isArray(passed["__secrets"]) ? passed["__secrets"] : [];
  const all = [...known, ...places].filter(
    (path, index, paths) => paths.findIndex((one) => isDeepStrictEqual(one, path)) === index,
  );
  return all.length === 0 ? props : { ...props, [passedAs]: { ...passed, __secrets: all } };
}

/** The inputs as the program means them, each hidden one by its name in state. */
export function unpack(inputs: Record<string, unknown>): Record<string, unknown> {
  const { [passedAs]: passed, ...others } = inputs;
  // A user who ignores all changes ignores these, too.
  if (!isObject(passed)) return inputs;
  const { replaceOnChanges: _, retainOnDelete: __, references: ___, ...hidden } = passed;
  const own = Object.entries(others).filter(([name]) => !(name in names));
  return { ...Object.fromEntries(own), ...hidden };
}

const urnScheme = "urn:pulumi:";
const typeMark = "~";

/** A URN without what those of all resources here have in common. */
function shortUrn(urn: string): string {
  return urn.startsWith(urnScheme) && !urn.includes(typeMark)
    ? urn.slice(urnScheme.length).replaceAll(typeTokenPrefix, typeMark)
    : urn;
}

function isShort(urn: unknown): urn is string {
  return typeof urn === "string" && urn.includes("::") && !urn.startsWith(urnScheme);
}

/** The URN of the resource; undefined for an object that is only read. */
export function urnIn({ __urn: urn }: HiddenInputs): string | undefined {
  return isShort(urn) ? `${urnScheme}${urn.replaceAll(typeMark, typeTokenPrefix)}` : urn;
}

const clusterToken = typeToken("Cluster");

/** The project and the stack in a URN, with what stands before them. */
function placeIn(urn: string): string {
  return urn.split("::", 2).join("::");
}

/** The inputs as state keeps them: URNs are long, and most of that of a cluster is that of the resource. */
export function shortenUrns(inputs: Record<string, unknown>): Record<string, unknown> {
  const { __urn: urn, __cluster: clusters } = inputs;
  if (typeof urn !== "string") return inputs;
  const short = { ...inputs, __urn: shortUrn(urn) };
  if (clusters === undefined) return short;
  const place = `${placeIn(urnIn({ __urn: urn }) ?? "")}::`;
  const ending = `${clusterToken}::`;
  const withoutPlace = (cluster: unknown): unknown => {
    if (Array.isArray(cluster)) return cluster.map(withoutPlace);
    if (typeof cluster !== "string" || !cluster.startsWith(place)) return cluster;
    const [parents = "", ...name] = cluster.slice(place.length).split(ending);
    const isCluster = name.length > 0 && !parents.includes("::");
    return isCluster ? `::${parents}::${name.join(ending)}` : cluster;
  };
  return { ...short, __cluster: withoutPlace(clusters) };
}

/** The URNs of the clusters in inputs or outputs. */
export function clusterUrnsIn(hidden: HiddenInputs) {
  const { __cluster: clusters } = hidden;
  const whole = (cluster: string): string => {
    if (!cluster.startsWith("::")) return cluster;
    const [, parents = "", ...name] = cluster.split("::");
    return `${placeIn(urnIn(hidden) ?? "")}::${parents}${clusterToken}::${name.join("::")}`;
  };
  return typeof clusters === "string" ? whole(clusters) : clusters?.map(whole);
}

/** Those that are as in the last run, whatever was last written. */
const ofLastRun = ["__cluster", "__providerName", "__timeouts"] satisfies (keyof HiddenInputs)[];

/**
 * The outputs of a resource with its present URN and what the last run said of it. Outputs are those of the last write,
 * which a rename, a move and a run that changes nothing leave as they are.
 */
export function withUpToDate(
  outputs: Record<string, unknown>,
  { urn, inputs }: { urn: string; inputs: Record<string, unknown> },
): Record<string, unknown> {
  // In the form that is there, so that a refresh shows no difference.
  const __urn = isShort(outputs["__urn"]) ? shortUrn(urn) : urn;
  if (!("__urn" in inputs)) return { ...outputs, __urn };
  const others = Object.entries(outputs).filter(([name]) => !isOfLastRun(name));
  const current = Object.entries(inputs).filter(([name]) => isOfLastRun(name));
  return { ...Object.fromEntries([...others, ...current]), __urn };
}

function isOfLastRun(name: string): boolean {
  return (ofLastRun as string[]).includes(name);
}

/** Properties whose changes are to replace the resource, as the program says. */
export function replaceOnChangesIn(inputs: Record<string, unknown>): string[] {
  const passed = inputs[passedAs];
  const paths = isObject(passed) ? passed["replaceOnChanges"] : undefined;
  return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
}

/** Whether the object stays when the stack goes, as the program says. */
export function outlivesStackIn(inputs: Record<string, unknown>): boolean {
  const passed = inputs[passedAs];
  return isObject(passed) && passed["retainOnDelete"] === true;
}

/** URNs of resources of the program that arguments name, by argument. */
export function referencesIn(inputs: Record<string, unknown>): Record<string, string> {
  const passed = inputs[passedAs];
  const urns = isObject(passed) ? Object.entries(Object(passed["references"])) : [];
  return Object.fromEntries(
    urns.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

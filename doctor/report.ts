/** The report of the doctor, as text and as JSON. */
import type { Finding, Step } from "./finding";
import type { Unchecked } from "./organization";

export interface Report {
  /** `organization/project/stack`, or as much of it as is known. */
  readonly stack: string;
  /** How much was checked. */
  readonly checked: { readonly resources: number; readonly clusters: number };
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

export type Status = "healthy" | "unhealthy" | "incomplete";

/** `incomplete`: nothing was found, and not everything was checked. */
export function statusOf({ findings, unchecked }: Report): Status {
  // What other stacks may manage is not a problem of this one.
  if (findings.some(({ code }) => code !== "unmanaged")) return "unhealthy";
  return unchecked.length > 0 ? "incomplete" : "healthy";
}

/** The report as `--json` prints it; docs/doctor.md describes it. */
export function toJson(report: Report): string {
  const { stack, checked, findings, unchecked } = report;
  const document = { version: 1, stack, status: statusOf(report), checked, findings, unchecked };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The report as people read it. */
export function toText(report: Report): string {
  const { stack, checked, findings, unchecked } = report;
  const extent = `${countOf(checked.resources, "resource")} in state, ${countOf(checked.clusters, "cluster")} in the organization`;
  const counts = (["error", "warning", "hint"] as const)
    .map((severity) => findings.filter((finding) => finding.severity === severity).length)
    .flatMap((count, index) => (count === 0 ? [] : [countOf(count, nouns[index] as string)]))
    .join(", ");
  const blocks = [
    `Stack ${stack}: ${headline(report, counts)} (${extent}).`,
    ...(unchecked.length === 0 ? [] : [uncheckedText(unchecked)]),
    ...findings.map(findingText),
    ...(findings.some(({ code }) => duringUpdates.has(code)) ? [duringUpdatesText] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** What was not compared comes first: a healthy rest is not a success. */
function headline({ checked, findings, unchecked }: Report, counts: string): string {
  if (unchecked.length === 0) return findings.length === 0 ? "no problems" : counts;
  if (findings.length > 0) return `not everything could be compared, and ${counts}`;
  return checked.resources + checked.clusters === 0
    ? "it could not be compared"
    : "not everything could be compared; no problems with the rest";
}

const nouns = ["error", "warning", "hint"];

const duringUpdates: ReadonlySet<string> = new Set([
  "lost-cluster",
  "interrupted-creation",
  "pending-operation",
  "unfinished",
  "unfinished-replacement",
]);

const duringUpdatesText =
  "If an update of this stack is running right now, wait for it to end and run doctor again.";

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function findingText({ severity, subject, code, urn, what, why, fix }: Finding): string {
  const commands = fix.flatMap(({ run, edit }) => run ?? edit ?? []);
  const width = Math.max(0, ...commands.map((command) => command.length));
  return [
    `${severity.toUpperCase()}  ${subject}: ${code}`,
    ...(urn === undefined ? [] : [`  ${urn}`]),
    `  ${what}`,
    `  ${why}`,
    ...fix.map((step) => stepText(step, width)),
  ].join("\n");
}

/** A command can be pasted with its note. */
function stepText({ run, edit, note }: Step, width: number): string {
  if (run !== undefined) return `    $ ${run.padEnd(width)}  # ${note}`;
  if (edit !== undefined) return `    + ${edit.padEnd(width)}  // ${note}`;
  return `    - ${note}`;
}

function uncheckedText(unchecked: readonly Unchecked[]): string {
  return ["Not checked:", ...unchecked.map(({ what, why }) => `  - ${what}: ${why}`)].join("\n");
}

/** What the doctor says, for people and for programs. */
import type { Finding, Step } from "./finding";
import type { Unseen } from "./organization";

export interface Report {
  /** `organization/project/stack`, or as much of it as is known. */
  readonly stack: string;
  /** How much was looked at. */
  readonly seen: { readonly resources: number; readonly clusters: number };
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unseen[];
}

export type Status = "healthy" | "unhealthy" | "incomplete";

/** `incomplete`: nothing was found, and not everything was seen. */
export function statusOf({ findings, unseen }: Report): Status {
  // What other stacks may manage is no fault of this one.
  if (findings.some(({ code }) => code !== "unmanaged")) return "unhealthy";
  return unseen.length > 0 ? "incomplete" : "healthy";
}

/** The report as `--json` prints it; docs/doctor.md describes it. */
export function toJson(report: Report): string {
  const { stack, seen, findings, unseen } = report;
  const document = { version: 1, stack, status: statusOf(report), seen, findings, unseen };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The report as people read it. */
export function toText(report: Report): string {
  const { stack, seen, findings, unseen } = report;
  const extent = `${counted(seen.resources, "resource")} in state, ${counted(seen.clusters, "cluster")} in the organization`;
  const counts = (["error", "warning", "hint"] as const)
    .map((severity) => findings.filter((finding) => finding.severity === severity).length)
    .flatMap((count, index) => (count === 0 ? [] : [counted(count, nouns[index] as string)]))
    .join(", ");
  const blocks = [
    `Stack ${stack}: ${headline(report, counts)} (${extent}).`,
    ...(unseen.length === 0 ? [] : [unseenText(unseen)]),
    ...findings.map(findingText),
    ...(findings.some(({ code }) => duringUpdates.has(code)) ? [duringUpdatesText] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** What was not compared comes first: what is known of the rest is no success. */
function headline({ seen, findings, unseen }: Report, counts: string): string {
  if (unseen.length === 0) return findings.length === 0 ? "nothing is wrong" : counts;
  if (findings.length > 0) return `not everything could be compared, and ${counts}`;
  return seen.resources + seen.clusters === 0
    ? "it could not be compared"
    : "not everything could be compared; nothing is wrong with the rest";
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
  "If an update of this stack is running right now, let it end and look again.";

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function findingText({ severity, subject, code, urn, what, why, mend }: Finding): string {
  const commands = mend.flatMap(({ run, edit }) => run ?? edit ?? []);
  const width = Math.max(0, ...commands.map((command) => command.length));
  return [
    `${severity.toUpperCase()}  ${subject}: ${code}`,
    ...(urn === undefined ? [] : [`  ${urn}`]),
    `  ${what}`,
    `  ${why}`,
    ...mend.map((step) => stepText(step, width)),
  ].join("\n");
}

/** A command can be pasted with its note. */
function stepText({ run, edit, note }: Step, width: number): string {
  if (run !== undefined) return `    $ ${run.padEnd(width)}  # ${note}`;
  if (edit !== undefined) return `    + ${edit.padEnd(width)}  // ${note}`;
  return `    - ${note}`;
}

function unseenText(unseen: readonly Unseen[]): string {
  return ["Not looked at:", ...unseen.map(({ what, why }) => `  - ${what}: ${why}`)].join("\n");
}

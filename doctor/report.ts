/** The report of the doctor, as text and as JSON. */
import type { Finding, FindingCode, Step } from "./finding";
import type { Unchecked } from "./organization";

export interface Report {
  /** `organization/project/stack`, or as much of it as is known. */
  readonly stack: string;
  /** How much was checked. */
  readonly checked: {
    /** Resources in state. */
    readonly inState: number;
    /** Those that were compared. */
    readonly resources: number;
    readonly clusters: number;
  };
  /** Whether the organization was read, or at least one of several; `refused` where a credential was. */
  readonly organization: "read" | "refused" | "unreadable";
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

export type Status = "healthy" | "unhealthy" | "incomplete";

/** What other stacks may manage, and what may be meant so, is not a problem of this stack. */
const mayBeMeant: ReadonlySet<FindingCode> = new Set(["unmanaged", "unused", "blocked", "exposed"]);

/** `incomplete`: nothing was found, and not everything was checked. */
export function statusOf({ findings, unchecked }: Report): Status {
  if (findings.some(({ code }) => !mayBeMeant.has(code))) return "unhealthy";
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
  const isPart = checked.resources < checked.inState;
  const compared = isPart ? `, ${checked.resources || "none"} of them compared` : "";
  const clusters =
    report.organization === "read"
      ? `, ${countOf(checked.clusters, "cluster")} in the organization`
      : "";
  const extent = `${countOf(checked.inState, "resource")} in state${compared}${clusters}`;
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
function headline(report: Report, counts: string): string {
  const { organization, findings, unchecked } = report;
  if (unchecked.length === 0) return findings.length === 0 ? "no problems" : counts;
  if (findings.length > 0) return `not everything could be compared, and ${counts}`;
  return withoutFindings[organization];
}

const withoutFindings: Readonly<Record<Report["organization"], string>> = {
  read: "not everything could be compared; no problems with the rest",
  refused: "it could not be compared, because the credential was refused",
  unreadable: "it could not be compared",
};

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

/** What a preview says of a cluster: what changes cost, and what delete protection refuses. */
import type { Note } from "../resource/lifecycle";
import { valueAt } from "../values/property-value";
import { hasUnknown, isUnknown } from "../values/unknown";
import type { Change } from "./diff";
import type { Inputs, Unchecked } from "./schema";

/** The API documents 20 characters and accepts 40, so a longer name works, and other tools may refuse it. */
export function nameNotes({ name }: Record<string, unknown>): Note[] {
  if (typeof name !== "string" || isUnknown(name) || name.length <= 20) return [];
  return [
    {
      severity: "info",
      message: `The name "${name}" has ${name.length} characters. The API accepts up to 40 and documents 20.`,
    },
  ];
}

/** What nobody has asked for, and everybody should know before the cluster is there. */
export function openNotes({ serverless }: Unchecked): Note[] {
  if (serverless === undefined || isUnknown(serverless)) return [];
  if (serverless.withEmptyIpAllowlist !== undefined) return [];
  return [
    {
      severity: "info",
      message:
        "Every address can connect: the service creates it with the allowlist entry 0.0.0.0/0, unless serverless.withEmptyIpAllowlist is true.",
    },
  ];
}

/** What the changes cost. One warning for all that destroy: nothing is destroyed twice. */
export function notesOf(changes: readonly Change[]): Note[] {
  const replacing = changes.filter(({ kind }) => kind === "replace");
  const properties = inWords(replacing.map(({ property }) => property));
  return [
    ...replacing.slice(0, 1).map(
      ({ sentence }): Note => ({
        severity: "warning",
        message: `Changing ${properties} destroys this cluster with all its data, databases and SQL users. ${sentence}`,
      }),
    ),
    ...changes.flatMap(({ kind, property, sentence }): Note[] =>
      kind === "replace" || sentence === undefined
        ? []
        : [{ severity: "info", message: sentence, inPlace: property }],
    ),
  ];
}

export function protectedSentence(
  changes: readonly Change[],
  olds: Partial<Inputs>,
  news: Partial<Inputs>,
): string {
  const what = inWords(
    changes.map(({ property }) => {
      const [from, to] = [olds, news].map(
        (root) => JSON.stringify(valueAt(root, property)) ?? "its default",
      );
      return `${property} from ${from} to ${to}`;
    }),
  );
  const name = olds.name ?? news.name;
  const which = name === undefined ? "the cluster" : `cluster "${name}"`;
  return `Changing ${what} would destroy ${which} and its data, and delete protection is on. ${allowOrKeep}`;
}

export const allowOrKeep =
  "To allow it, first run an update with deleteProtection: false; to keep the data, create a second cluster and restore a backup into it.";

/** `name, plan and cloudProvider`. */
function inWords(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** What is not known yet may be the old value again: the check of the run itself decides. */
export function isArgumentKnown(news: object, property: string): boolean {
  return !hasUnknown(valueAt(news, property));
}

/** Pieces of schemas that several resources share. */
import { z } from "zod";
import { parseTimestamp } from "../../sdk/http/timestamp";
import { adviceOnTime } from "../values/stack-file";
import { described } from "./check";

export const maxLabels = 50;

/** What every part of a cluster names. */
export const clusterId = z.uuid({ error: "must be the id of a cluster, a UUID." });

/** What every API key names. */
export const serviceAccountId = z.uuid({ error: "must be the id of a service account, a UUID." });

/** A folder, or the root. */
export const folderId = z
  .string()
  .refine((value) => ["", "root"].includes(value) || z.uuid().safeParse(value).success, {
    error: ({ input }) =>
      `must be "root" or the id of a folder, a UUID, not ${described(input)}. getFolder({ path: "/payments" }) reads the id of an existing folder.`,
  });

export const labelKey = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, {
  error:
    "must have a key that begins with a lowercase letter and has at most 63 lowercase letters, digits, dashes and underscores.",
});

export const labelValue = z.string().regex(/^[a-z0-9_-]{0,63}$/, {
  error: "must have at most 63 lowercase letters, digits, dashes and underscores.",
});

/** A text that must be of a form, with the reason why it is not, which shows the value as a message can. */
export function textThat(problemOf: (value: string, shown: string) => string | undefined) {
  return z.string().check((context) => {
    const message = problemOf(context.value, described(context.value));
    if (message) context.issues.push({ code: "custom", message, input: context.value });
  });
}

/** A moment in RFC 3339. */
export const moment = textThat((text, shown) =>
  parseTimestamp(text) === undefined
    ? `must be a time such as "2026-12-15T00:00:00Z", not ${shown}.${adviceOnTime(text)}`
    : undefined,
);

/** A text that must not be empty. */
export const nonEmptyText = z.string().min(1, { error: "must not be empty." });

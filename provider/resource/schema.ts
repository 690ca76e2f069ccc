/** Pieces of schemas that several resources share. */
import { z } from "zod";
import { parseTimestamp } from "../../sdk/http/timestamp";
import { adviceOnTime } from "../values/stack-file";
import { describeValue, nameOfValue, shorten } from "./check";
import type { ResourceType } from "./resource-types";

export const maxLabels = 50;

/**
 * An id that the service gives. Whoever writes a name in its place reads where the id is.
 * @param of `a cluster`
 * @param adviceOn where the id is, for a name as it stands in a program
 * @param adviceOnPart the same for `<cluster id>:<name>`, the id of what belongs to a cluster
 */
export function uuidOf(
  of: string,
  adviceOn: (name: string) => string,
  adviceOnPart?: (clusterId: string, name: string) => string,
) {
  return z.uuid({
    error({ input }) {
      const [, clusterId = "", name = ""] = (typeof input === "string" && partId.exec(input)) || [];
      // An object need not have a text.
      const text = typeof input === "object" ? "…" : shorten(String(input));
      const advice = (name !== "" && adviceOnPart?.(clusterId, name)) || adviceOn(text);
      return `must be the id of ${of}, a UUID, not ${describeValue(input)}. ${advice}`;
    },
  });
}

const partId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(.+)$/is;

/** The same for what a program may have as a resource. */
function referenceTo(of: string, type: ResourceType, read: string) {
  return uuidOf(
    of,
    (name) =>
      `Pass the ${type} of the program, or its id; ${read}({ name: ${JSON.stringify(name)} }) reads the id of an existing one.`,
    (clusterId) =>
      type === "Cluster"
        ? `That is the id of something in a cluster: pass the Cluster of the program, or its id, "${clusterId}".`
        : `That is the id of something in a cluster: pass the ${type} of the program, or its id.`,
  );
}

/** What every part of a cluster names. */
export const clusterId = referenceTo("a cluster", "Cluster", "getCluster");

/** What every API key names. */
export const serviceAccountId = referenceTo(
  "a service account",
  "ServiceAccount",
  "getServiceAccount",
);

/** A folder, or the root. */
export const folderId = z
  .string()
  .refine((value) => ["", "root"].includes(value) || z.uuid().safeParse(value).success, {
    error: ({ input }) =>
      `must be "root" or the id of a folder, a UUID, not ${describeValue(input)}. getFolder({ path: "/payments" }) reads the id of an existing folder.`,
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
    const message = problemOf(context.value, describeValue(context.value));
    if (message) context.issues.push({ code: "custom", message, input: context.value });
  });
}

/** The same for a secret, of which no message shows the value. @param form what it must be: `a string` */
export function secretThat(form: string, problemOf: (value: string) => string | undefined) {
  return z.custom<string>((value) => typeof value === "string" && !problemOf(value), {
    error({ input }) {
      if (input === undefined) return `is required: give ${form}.`;
      if (typeof input === "string") return problemOf(input);
      const advice = typeof input === "number" ? " Write it in quotes." : "";
      return `must be ${form}, not ${nameOfValue(input)}.${advice}`;
    },
  });
}

/** A moment in RFC 3339. */
export const moment = textThat((text, shown) =>
  parseTimestamp(text) === undefined
    ? `must be a time such as "2026-12-15T00:00:00Z", not ${shown}.${adviceOnTime(text)}`
    : undefined,
);

const emptyProblem = "must not be empty.";

/** A text that must not be empty. */
export const nonEmptyText = z.string().min(1, { error: emptyProblem });

/** The same for a secret. */
export const nonEmptySecret = secretThat("a string", (text) =>
  text === "" ? emptyProblem : undefined,
);

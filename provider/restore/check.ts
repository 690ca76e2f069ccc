/** What a preview refuses of a restore, and what it warns of. */
import type { CheckOutcome, Note } from "../resource/lifecycle";
import { warning } from "../resource/lifecycle";
import { hasUnknown, isUnknown } from "../values/unknown";
import type { Inputs } from "./schema";
import { setOptions } from "./wire";

/** What the API refuses, where it is known. */
export function conflictsIn(args: Partial<Inputs>): CheckOutcome["failures"] {
  const { type, objects, restoreOptions: options = {} } = args;
  const failures: CheckOutcome["failures"] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (isUnknown(type) || !["CLUSTER", "DATABASE", "TABLE"].includes(type as string)) return [];
  if (type === "CLUSTER") {
    if (objects !== undefined && !isUnknown(objects)) {
      fail("objects", 'is for types "DATABASE" and "TABLE" only: leave it out.');
    }
  } else if (objects === undefined) {
    fail("objects", `is required for type "${type}": name the databases or tables.`);
  }
  for (const [index, item] of Array.isArray(objects) ? objects.entries() : []) {
    if (typeof item !== "object" || item === null || hasUnknown(item)) continue;
    if (type === "TABLE" && item.table === undefined) {
      fail(`objects[${index}].table`, 'is required for type "TABLE".');
    }
    const extra = ["schema", "table"].find((name) => Reflect.get(item, name) !== undefined);
    if (type === "DATABASE" && extra !== undefined) {
      fail(`objects[${index}].${extra}`, 'is for type "TABLE" only: leave it out.');
    }
  }
  if (typeof options !== "object" || options === null || isUnknown(options)) return failures;
  if (options.intoDb !== undefined && type !== "TABLE") {
    fail("restoreOptions.intoDb", 'is for type "TABLE" only: leave it out.');
  }
  if (options.newDbName !== undefined && type !== "DATABASE") {
    fail("restoreOptions.newDbName", 'is for type "DATABASE" only: leave it out.');
  } else if (options.newDbName !== undefined && Array.isArray(objects) && objects.length > 1) {
    fail("restoreOptions.newDbName", "is for one database only: use a restore for each.");
  }
  return failures;
}

/** Without this, leaving out a member would run another restore. */
export function droppedOptions(
  { restoreOptions: before }: Partial<Inputs>,
  { restoreOptions: after }: Record<string, unknown>,
): CheckOutcome["failures"] {
  if (typeof after !== "object" || after === null || isUnknown(after)) return [];
  return Object.entries(setOptions(before ?? {}))
    .filter(([name]) => Reflect.get(after, name) === undefined)
    .map(([name, value]) => ({
      property: `restoreOptions.${name}`,
      reason: `was ${JSON.stringify(value)} in the restore that was run: keep it, or leave out restoreOptions; to run another restore, change keepers.`,
    }));
}

export function notesOn(
  olds: Partial<Inputs>,
  news: Partial<Inputs>,
  adopt: string | undefined,
): Note[] {
  const isNew = olds.destinationClusterId === undefined && adopt === undefined;
  if (!isNew) return [];
  const { type, objects, destinationClusterId } = news;
  const notes: Note[] = [];
  if (type === "CLUSTER") {
    const cluster = isUnknown(destinationClusterId)
      ? "The destination"
      : `Cluster ${destinationClusterId}`;
    notes.push(
      warning(
        `${cluster} must be empty, is unavailable while it is restored, and has the SQL users and passwords of the backup afterwards.`,
      ),
    );
  }
  const isPublic =
    type === "TABLE" &&
    Array.isArray(objects) &&
    objects.some((item) => typeof item === "object" && item !== null && !("schema" in item));
  if (isPublic) notes.push(warning("A table without a schema is taken from the schema public."));
  return notes;
}

/** Between requests, responses and the arguments of a restore. */
import type { CreateRestoreRequest, WireRestore } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import type { Inputs, Item, Options } from "./schema";

export function toRequest({
  type,
  sourceClusterId,
  backupId,
  objects,
  restoreOptions,
}: Inputs): CreateRestoreRequest {
  const options = setOptions(restoreOptions ?? {});
  const toSend = Object.entries(options).map(([name, value]) => [wireNames[name as Name], value]);
  return {
    type,
    ...omitUndefined({ source_cluster_id: sourceClusterId, backup_id: backupId }),
    ...(objects === undefined ? {} : { objects: objects.map(withoutAbsent) }),
    ...(toSend.length === 0 ? {} : { restore_opts: Object.fromEntries(toSend) }),
  };
}

type Name = keyof Options;

const wireNames = {
  intoDb: "into_db",
  newDbName: "new_db_name",
  schemaOnly: "schema_only",
  skipLocalitiesCheck: "skip_localities_check",
  skipMissingForeignKeys: "skip_missing_foreign_keys",
  skipMissingSequences: "skip_missing_sequences",
  skipMissingViews: "skip_missing_views",
} as const satisfies Record<Name, keyof NonNullable<CreateRestoreRequest["restore_opts"]>>;

/** The arguments that show in a restore. */
export function argumentsOf({ objects, restore_opts }: WireRestore) {
  const options = Object.entries(wireNames).map(([name, wireName]) => [
    name,
    restore_opts?.[wireName],
  ]);
  const set = setOptions(Object.fromEntries(options) as Options);
  return {
    ...(objects.length === 0 ? {} : { objects: sortedObjects(objects) }),
    ...(Object.keys(set).length === 0 ? {} : { restoreOptions: set }),
  };
}

/** The options that are not as without them. */
export function setOptions(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => Boolean(value)));
}

function withoutAbsent({ database, schema, table }: Item) {
  return { database, ...(schema ? { schema } : {}), ...(table ? { table } : {}) };
}

/** In the one order and spelling that all orders and spellings have. */
export function sortedObjects(objects: readonly Item[]): Item[] {
  const text = ({ database, schema = "", table = "" }: Item) =>
    JSON.stringify([database, schema, table]);
  return objects
    .map((item) => (item.table ? { ...item, schema: item.schema || "public" } : item))
    .map(withoutAbsent)
    .sort((one, other) => (text(one) < text(other) ? -1 : 1));
}

export function failureOf(remote: WireRestore): string {
  const { id, client_error_code: code, client_error_message: message, crdb_job_id: job } = remote;
  const why = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  const details = [
    ...(code === 0 ? [] : [`code ${code}`]),
    ...(job === "" ? [] : [`job ${job}`]),
  ].join(", ");
  return `Restore ${id} has failed${why}${details === "" ? "" : ` (${details})`}. Correct the cause and run the update again, which runs another restore.`;
}

/** What an operation would delete although nobody has asked for it. */
import type { WriteCall } from "./definition";

/** Databases that every cluster has from its creation. */
const firstDatabases: ReadonlySet<string> = new Set(["defaultdb", "postgres", "system"]);

/** Throws when a cluster that is to be empty holds data. */
export async function refuseToErase(
  clusterId: string,
  { operation, advice }: { operation: string; advice: string },
  { cloud, options }: WriteCall,
): Promise<void> {
  const held: string[] = [];
  for await (const { name, table_count } of cloud.databases.list(clusterId, {}, options)) {
    const isFilled = table_count > 0 && name !== "system";
    if (isFilled || !firstDatabases.has(name)) held.push(name);
  }
  if (held.length === 0) return;
  const shown = held.slice(0, 10).map((name) => JSON.stringify(name));
  const more = held.length > shown.length ? ` and ${held.length - shown.length} others` : "";
  throw new Error(
    `${operation} failed before anything was sent: cluster ${clusterId} holds data, in ${held.length === 1 ? "the database" : "the databases"} ${shown.join(", ")}${more}. ${advice}`,
  );
}

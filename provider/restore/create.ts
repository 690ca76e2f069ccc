/** A restore is run exactly once: a second one by accident would overwrite what has come since. */
import { isDeepStrictEqual } from "node:util";
import type { WireRestore } from "../../sdk/index";
import type { CachedList } from "../cache/cached-list";
import { withAdviceFor } from "../resource/advice";
import type { WriteCall } from "../resource/definition";
import { refuseToErase } from "../resource/erased-data";
import { mayHaveHadEffect } from "../resource/errors";
import { searchAfterLoss, withOpenAdvice } from "../resource/lost-create";
import type { Inputs } from "./schema";
import { argumentsOf, setOptions, sortedObjects, toRequest } from "./wire";

const lostSearchMs = 10_000;

/**
 * Sends the one POST; without a response, finds the one restore that has appeared. One that a killed run has left running
 * is waited for: beside it, another one with the same arguments could only fail.
 */
export async function runOnce(
  inputs: Inputs,
  call: WriteCall,
  list: CachedList<WireRestore> | undefined,
): Promise<WireRestore> {
  const { cloud, options, context, deadline } = call;
  const { destinationClusterId: destination, type, eraseDestination } = inputs;
  const listed = [...((await list?.recentItems({ deadline }))?.values() ?? [])];
  const known = new Set(listed.map(({ id }) => id));
  const equal = await equalRestores(listed, inputs, call);
  const running = equal.find(({ status }) => status === "PENDING");
  if (running !== undefined) {
    await context.note(
      "warning",
      `Restore ${running.id} into cluster ${destination} is running with the same arguments: it is managed here, and no other one is run. To run another one when it has finished, change keepers.`,
    );
    return running;
  }
  const finished = equal.findLast(({ status }) => status === "SUCCESS");
  const orImport =
    finished === undefined
      ? ""
      : ` Restore ${finished.id} with the same arguments has finished${finished.completed_at === undefined ? "" : ` at ${finished.completed_at}`}: to manage that one here, add the option {import: "${destination}:${finished.id}"} to the resource.`;
  if (type === "CLUSTER" && eraseDestination !== true) {
    await refuseToErase(
      destination,
      {
        operation: `Creating a restore into cluster ${destination}`,
        advice: `A restore of the whole cluster needs an empty one: restore into another cluster, or delete them. If they may be lost, write eraseDestination: true.${orImport}`,
      },
      call,
    );
  }
  if (type === "DATABASE" && finished !== undefined) {
    await refuseExistingDatabase(inputs, orImport, call);
  }
  try {
    return await cloud.restores.create(destination, toRequest(inputs), options);
  } catch (error) {
    if (!mayHaveHadEffect(error)) throw error;
    const search = async () => {
      list?.invalidate();
      const listed = await list?.recentItems({ deadline });
      const appeared = [...(listed?.values() ?? [])].filter(
        (remote) => !known.has(remote.id) && isRestoreOf(remote, inputs),
      );
      return appeared.length === 0 ? undefined : appeared;
    };
    const { found = [], isKnown } = await searchAfterLoss(lostSearchMs, call, search);
    if (!isKnown) throw withOpenAdvice(error, "restore", context.signal);
    const [only, ...others] = found;
    if (only === undefined) {
      throw withAdviceFor(error, "No such restore has appeared: run the update again.");
    }
    if (others.length === 0) return only;
    const ids = [only, ...others].map(({ id }) => `${destination}:${id}`).join(", ");
    throw withAdviceFor(
      error,
      `Several such restores have appeared: ${ids}. To manage one of them here, add the option {import: "<its id>"} to the resource.`,
    );
  }
}

/** Those of a list with exactly these arguments, the oldest first. */
async function equalRestores(
  listed: readonly WireRestore[],
  inputs: Inputs,
  { context, deadline }: WriteCall,
): Promise<WireRestore[]> {
  const { objects = [], restoreOptions = {}, backupId, destinationClusterId } = inputs;
  const wanted = { objects: sortedObjects(objects), restoreOptions: setOptions(restoreOptions) };
  const alike = listed.filter((remote) => {
    const { objects: restored = [], restoreOptions: options = {} } = argumentsOf(remote);
    return (
      isRestoreOf(remote, inputs) &&
      isDeepStrictEqual({ objects: restored, restoreOptions: options }, wanted)
    );
  });
  if (alike.length === 0 || backupId !== undefined) return alike;
  const sourceId = inputs.sourceClusterId ?? destinationClusterId;
  const source = await context.clusters.getCached(sourceId, { deadline });
  return alike.filter((remote) => remote.source_cluster_name === source?.name);
}

/** Throws when a database is there under the name that it would be restored with, which the service fails at later. */
async function refuseExistingDatabase(
  { destinationClusterId, objects = [], restoreOptions }: Inputs,
  advice: string,
  { cloud, options }: WriteCall,
): Promise<void> {
  const names = objects.map(({ database }) => restoreOptions?.newDbName ?? database);
  for await (const { name } of cloud.databases.list(destinationClusterId, {}, options)) {
    if (!names.includes(name)) continue;
    throw new Error(
      `Creating a restore into cluster ${destinationClusterId} failed before anything was sent: it has a database ${JSON.stringify(name)}.${advice} To run another one, delete the database first.`,
    );
  }
}

function isRestoreOf(remote: WireRestore, { type, backupId, objects }: Inputs): boolean {
  const databases = (items: readonly { database: string }[] = []) =>
    items
      .map(({ database }) => database)
      .sort()
      .join();
  return (
    remote.type === type &&
    (backupId === undefined || remote.backup_id === backupId) &&
    databases(remote.objects) === databases(objects)
  );
}

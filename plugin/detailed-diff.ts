/** The properties that differ, each with what its change does, as `preview --diff` prints them. */
import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { DiffResult, Properties } from "../provider/engine/adapter";
import { valueAt } from "../provider/values/property-value";

const { DiffChanges } = DiffResponse;

/**
 * @param asked the arguments of the last run
 * @param inputs the arguments now
 * @param isRewritten whether the entry has to be written again although nothing differs
 */
export function diffResponse(
  { updates, replaces, deleteBeforeReplace }: DiffResult,
  asked: Properties,
  inputs: Properties,
  isRewritten: boolean,
): DiffResponse {
  const response = new DiffResponse();
  const changed = [...updates, ...replaces];
  const hasChanges = changed.length > 0 || isRewritten;
  response.setChanges(hasChanges ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setReplacesList(topLevel(replaces));
  response.setDiffsList(topLevel(changed));
  response.setDeletebeforereplace(deleteBeforeReplace && replaces.length > 0);
  response.setHasdetaileddiff(changed.length > 0);
  const detailed = response.getDetaileddiffMap();
  for (const property of changed) {
    const [before, after] = [asked, inputs].map((values) => valueAt(values, property));
    const diff = new PropertyDiff();
    diff.setKind(kindOf(before, after, replaces.includes(property)));
    // Of an output, such as the state of a failed cluster, the inputs show nothing.
    diff.setInputdiff(before !== undefined || after !== undefined);
    detailed.set(property, diff);
  }
  return response;
}

function kindOf(before: unknown, after: unknown, isReplacing: boolean): PropertyDiff.Kind {
  const { Kind } = PropertyDiff;
  if (before === undefined && after !== undefined) return isReplacing ? Kind.ADD_REPLACE : Kind.ADD;
  if (before !== undefined && after === undefined)
    return isReplacing ? Kind.DELETE_REPLACE : Kind.DELETE;
  return isReplacing ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

function topLevel(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split(".", 1)[0] as string))];
}

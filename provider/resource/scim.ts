/** What users and groups of SCIM have in common: the patch of an attribute, and advice where SCIM is off. */
import type { ScimPatchOperation, ScimPatchRequest } from "../../sdk/index";
import { isNotFound, scimPatchUrn, withAdvice } from "../../sdk/index";

const takesSso =
  "Users and groups of SCIM take Cloud Organization SSO: turn it on for the organization in the CockroachDB Cloud Console, and give the service account the role Organization Admin.";

/** Sets an attribute; an empty text clears it. */
export function assignment(path: string, value: unknown): ScimPatchOperation {
  return value === "" ? { op: "remove", path } : { op: "replace", path, value };
}

export function patchOf(operations: ScimPatchOperation[]): ScimPatchRequest {
  return { schemas: [scimPatchUrn], Operations: operations };
}

/** The objects of a list, or why there is no list: a 404 of the whole list does not mean that its objects are deleted. */
export async function* listedWhereOn<T>(list: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* list;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error(withAdvice(error, takesSso).message, { cause: error });
  }
}

/** The created object, or the advice where the service has no users and groups. */
export async function createdWhereOn<T>(creation: Promise<T>): Promise<T> {
  try {
    return await creation;
  } catch (error) {
    throw isNotFound(error) ? withAdvice(error, takesSso) : error;
  }
}

/** Messages of SCIM that users and groups share. */
import { scimPatchUrn } from "../../sdk";

export const patch = {
  schemas: [scimPatchUrn],
  Operations: [{ op: "replace" as const, path: "displayName", value: "Countess" }],
};

/** A response that lists all objects on one page. */
export function listed(objects: readonly object[]): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: objects.length,
    startIndex: 1,
    itemsPerPage: objects.length,
    Resources: objects,
  };
}

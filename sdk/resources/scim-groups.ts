// The groups of an organization, by SCIM.

import { z } from "zod";
import type { Caller } from "../http/call";
import { textSchema } from "../http/protobuf-json";
import type { WireScimMeta, WireScimReference } from "./scim";
import { metaSchema, referenceSchema, ScimResourcesApi, scimTargets } from "./scim";

/** Schema of a group. */
export const scimGroupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** A group of persons, groups and service accounts, to which roles can be granted. */
export interface WireScimGroup {
  schemas: string[];
  /** UUID; also the subject of role grants. */
  id: string;
  displayName: string;
  /** Id of the group in the identity provider. */
  externalId: string;
  members: WireScimReference[];
  meta: WireScimMeta;
}

/** Body of `create` and `update`. */
export interface ScimGroupRequest {
  schemas: string[];
  displayName: string;
  externalId?: string;
  /** By their ids. */
  members?: { value: string }[];
}

/** @internal */
export const scimGroupSchema = z.object({
  schemas: z.array(z.string()).default([]),
  id: z.string().min(1),
  displayName: textSchema,
  externalId: textSchema,
  members: z.array(referenceSchema).default([]),
  meta: metaSchema,
});

const targets = scimTargets("Group", scimGroupSchema);

/**
 * The groups of an organization; the members of one that is deleted lose the roles that they had by it. Takes Cloud
 * Organization SSO; the standard is RFC 7644.
 */
export class ScimGroupsApi extends ScimResourcesApi<
  WireScimGroup,
  ScimGroupRequest,
  ScimGroupRequest
> {
  /** @internal */
  constructor(caller: Caller) {
    super(caller, targets);
  }
}

// The persons of an organization, by SCIM.

import { z } from "zod";
import type { Caller } from "../http/call";
import { flagSchema, textSchema } from "../http/protobuf-json";
import type { WireScimMeta, WireScimReference } from "./scim";
import { metaSchema, referenceSchema, ScimResourcesApi, scimTargets } from "./scim";

/** Schema of a user. */
export const scimUserUrn = "urn:ietf:params:scim:schemas:core:2.0:User";

/** An e-mail address of a user. */
export interface WireScimEmail {
  value: string;
  display: string;
  primary: boolean;
  /** For example `work`. */
  type: string;
}

/** A person of the organization. What is not set is empty. */
export interface WireScimUser {
  schemas: string[];
  /** UUID; also the id of the person elsewhere in the API. */
  id: string;
  /** The address by which the person signs in. */
  userName: string;
  displayName: string;
  /** Id of the person in the identity provider. */
  externalId: string;
  /** Whether the person may sign in. */
  active: boolean;
  emails: WireScimEmail[];
  name: { givenName: string; familyName: string };
  /** The groups that the person is in. */
  groups: WireScimReference[];
  meta: WireScimMeta;
}

/** What can be written of a user. */
export interface ScimUserAttributes {
  userName?: string;
  displayName?: string;
  externalId?: string;
  /** @default true */
  active?: boolean;
  emails?: { value: string; display?: string; primary?: boolean; type?: string }[];
  name?: { givenName?: string; familyName?: string };
}

/** Body of `create`. */
export interface CreateScimUserRequest extends ScimUserAttributes {
  schemas: string[];
  /** At least one, at most one of them primary. */
  emails: NonNullable<ScimUserAttributes["emails"]>;
}

/** Body of `update`. */
export interface UpdateScimUserRequest extends ScimUserAttributes {
  schemas?: string[];
}

/** @internal */
export const scimUserSchema = z.object({
  schemas: z.array(z.string()).default([]),
  id: z.string().min(1),
  userName: textSchema,
  displayName: textSchema,
  externalId: textSchema,
  active: flagSchema,
  emails: z
    .array(
      z.object({ value: textSchema, display: textSchema, primary: flagSchema, type: textSchema }),
    )
    .default([]),
  name: z.object({ givenName: textSchema, familyName: textSchema }).prefault({}),
  groups: z.array(referenceSchema).default([]),
  meta: metaSchema,
});

const targets = scimTargets("User", scimUserSchema);

/** The persons of an organization. Takes Cloud Organization SSO; the standard is RFC 7644. */
export class ScimUsersApi extends ScimResourcesApi<
  WireScimUser,
  CreateScimUserRequest,
  UpdateScimUserRequest
> {
  /** @internal */
  constructor(caller: Caller) {
    super(caller, targets);
  }
}

// What SCIM knows about persons and groups beside what roles need of them.

import { stateOfEach } from "../state";
import type { GroupRecord, PersonRecord } from "./principals";

/** An e-mail address of a person. */
export interface Email {
  value: string;
  display: string;
  primary: boolean;
  type: string;
}

/** What can be written of a person. */
export interface PersonProfile {
  /** By which the person signs in. */
  userName: string;
  displayName: string;
  externalId: string;
  /** Whether the person may sign in. */
  active: boolean;
  emails: readonly Email[];
  name: { givenName?: string; familyName?: string } | null;
}

/** The profile of a person, and when it was changed. */
export const personProfile = stateOfEach<
  PersonRecord,
  [],
  { attributes: PersonProfile; modifiedAt: number }
>(({ email, createdAt }) => ({
  attributes: {
    userName: email,
    displayName: "",
    externalId: "",
    active: true,
    emails: [{ value: email, display: "", primary: true, type: "" }],
    name: null,
  },
  modifiedAt: createdAt,
}));

/** What can be written of a group beside its name and its members, and when it was changed. */
export const groupProfile = stateOfEach<
  GroupRecord,
  [],
  { externalId: string; modifiedAt: number }
>(({ createdAt }) => ({ externalId: "", modifiedAt: createdAt }));

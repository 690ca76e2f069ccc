// The persons of an organization by SCIM: they are created without an invitation, and have no role but membership.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import { groupsOf } from "../organization/grants";
import type { Organization } from "../organization/organization";
import type { PersonRecord } from "../organization/principals";
import { newPerson } from "../organization/principals";
import type { Email, PersonProfile } from "../organization/profiles";
import { personProfile } from "../organization/profiles";
import { scimOperations } from "../scim/resources";
import type { Call } from "../server/call";
import { ApiError, invalidValue } from "../server/errors";
import type { MessageShape } from "../server/protojson";

/** Persons of all organizations by SCIM, as an identity provider changes them. */
export interface ScimUserControls {
  /** Changes some attributes. @throws when there is no such person. */
  edit(id: string, attributes: Partial<PersonProfile>): void;
  /** @throws when there is no such person. */
  get(id: string): PersonProfile;
}

const urn = "urn:ietf:params:scim:schemas:core:2.0:User";

const shape: MessageShape = {
  name: "cockroach.cloud.ScimUser",
  fields: {
    schemas: { list: "string" },
    userName: "string",
    displayName: "string",
    externalId: "string",
    active: "bool",
    emails: {
      list: {
        message: {
          name: "cockroach.cloud.ScimEmail",
          fields: { value: "string", display: "string", primary: "bool", type: "string" },
        },
      },
    },
    name: {
      message: {
        name: "cockroach.cloud.ScimName",
        fields: { givenName: "string", familyName: "string" },
      },
    },
  },
};

const users = scimOperations<PersonRecord, PersonProfile>({
  kind: "User",
  urn,
  shape,
  readOnly: ["groups"],
  always: [],
  recordsOf: ({ organization }) => organization.persons,
  attributesOf: (person) => personProfile(person).attributes,
  created: (person) => ({ createdAt: person.createdAt, ...personProfile(person) }),

  checked(call, { userName, emails = [], ...others }, person) {
    const addresses = checkedEmails(emails);
    const profile: PersonProfile = {
      userName: userName || primaryOf(addresses),
      displayName: others.displayName ?? "",
      externalId: others.externalId ?? "",
      active: others.active ?? true,
      emails: addresses,
      name: others.name ?? null,
    };
    const isRenamed =
      person !== undefined && personProfile(person).attributes.userName !== profile.userName;
    if (isRenamed && call.context.assumptions.scimRename === "refused") {
      throw invalidValue("userName cannot be changed");
    }
    checkFree(call, profile, person);
    return profile;
  },

  create(call, profile) {
    const person = newPerson({ id: randomUUID(), email: primaryOf(profile.emails) }, call.now);
    write(person, profile, call.now);
    return person;
  },

  update: (call, person, profile) => write(person, profile, call.now),

  afterDelete({ organization }, person) {
    for (const group of organization.groups.values()) {
      group.members.delete(person.id);
    }
  },

  derived: ({ organization }, person) => ({ groups: membershipsOf(organization, person.id) }),
});

function write(person: PersonRecord, profile: PersonProfile, now: number): void {
  Object.assign(personProfile(person), { attributes: profile, modifiedAt: now });
  person.email = primaryOf(profile.emails);
}

function checkedEmails(emails: readonly Partial<Email>[]): Email[] {
  if (emails.length === 0) {
    throw invalidValue("emails is required");
  }
  const invalid = emails.find(({ value = "" }) => !/^[^\s@]+@[^\s@]+$/.test(value));
  if (invalid !== undefined) {
    throw invalidValue(`invalid e-mail address '${invalid.value ?? ""}'`);
  }
  if (emails.filter(({ primary }) => primary).length > 1) {
    throw invalidValue("only one e-mail address can be primary");
  }
  return emails.map(({ value = "", display = "", primary = false, type = "" }) => ({
    value,
    display,
    primary,
    type,
  }));
}

function primaryOf(emails: readonly Email[]): string {
  return (emails.find(({ primary }) => primary) ?? emails[0])?.value ?? "";
}

function checkFree(
  { organization }: Call,
  { userName, emails }: PersonProfile,
  person: PersonRecord | undefined,
): void {
  const namesOf = (profile: Pick<PersonProfile, "emails" | "userName">) =>
    [profile.userName, ...profile.emails.map(({ value }) => value)].map((name) =>
      name.toLowerCase(),
    );
  const wanted = namesOf({ userName, emails });
  for (const other of organization.persons.values()) {
    const taken = namesOf(personProfile(other).attributes).find((name) => wanted.includes(name));
    if (other !== person && taken !== undefined) {
      throw new ApiError({ status: 409, code: 6 }, `user '${taken}' already exists`);
    }
  }
}

function membershipsOf(organization: Organization, id: string): object[] {
  return groupsOf(organization, id).map((group) => ({
    value: group.id,
    display: group.name,
    type: group.members.has(id) ? "direct" : "indirect",
    ref: `/api/scim/v2/Groups/${group.id}`,
  }));
}

function scimUserControls({ organizations, context }: ControlParts): ScimUserControls {
  const personOf = (id: string): PersonRecord => {
    for (const { persons } of organizations) {
      const person = persons.get(id);
      if (person !== undefined) {
        return person;
      }
    }
    throw new Error(`The emulator has no person ${id}.`);
  };
  return {
    get: (id) => personProfile(personOf(id)).attributes,
    edit: (id, attributes) => {
      const person = personOf(id);
      const profile = { ...personProfile(person).attributes, ...attributes };
      write(person, profile, context.clock.now());
    },
  };
}

/** Persons, by SCIM. */
export const scimUserArea: ControlledArea<ScimUserControls> = {
  operations: {
    CreateUser: users.create,
    DeleteUser: users.delete,
    GetUser: users.get,
    GetUser2: users.searchOne,
    GetUsers: users.list,
    GetUsers2: users.searchAll,
    PatchUser: users.patch,
    SearchUser: users.searchOne,
    SearchUsers: users.searchAll,
    UpdateUser: users.update,
  },
  createControls: scimUserControls,
};

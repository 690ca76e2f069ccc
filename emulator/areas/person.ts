// Persons, who join by an invitation and not through this part of the API.

import type { ControlledArea, ControlParts } from "../area";
import type { PersonOptions } from "../options";
import { newPerson } from "../organization/principals";
import type { Call } from "../server/call";
import { invalidValue, notFound } from "../server/errors";
import { textParameter } from "../server/query";

/** A person as the API spells it. */
export interface WirePersonUser {
  /** UUID. */
  id: string;
  email: string;
}

/** Persons of all organizations. */
export interface PersonControls {
  /** All persons, in the order in which they joined. */
  list(): WirePersonUser[];
  /** Adds a person to the first organization. Returns the UUID. */
  add(person: PersonOptions): string;
  /** Removes a person. @throws when there is no such person. */
  remove(id: string): void;
}

function findPerson({ query, organization, context }: Call): object {
  const email = textParameter(query, "email") ?? "";
  if (email === "") {
    throw invalidValue("email is required");
  }
  const fold = (text: string) =>
    context.assumptions.personEmailCase === "ignored" ? text.toLowerCase() : text;
  const person = [...organization.persons.values()].find(
    (candidate) => fold(candidate.email) === fold(email),
  );
  if (person !== undefined) {
    return { user: { id: person.id, email: person.email } };
  }
  switch (context.assumptions.unknownPerson) {
    case "absent":
      return {};
    case "not-found":
      throw notFound(`user '${email}' is not found`);
    case "null":
      return { user: null };
  }
}

function personControls({ organizations, context }: ControlParts): PersonControls {
  return {
    list: () =>
      organizations
        .flatMap(({ persons }) => [...persons.values()])
        .map(({ id, email }) => ({ id, email })),
    add: (options) => {
      const person = newPerson(options, context.clock.now());
      organizations[0]?.persons.set(person.id, person);
      return person.id;
    },
    remove: (id) => {
      const organization = organizations.find(({ persons }) => persons.delete(id));
      if (organization === undefined) {
        throw new Error(`The emulator has no person ${id}.`);
      }
      for (const group of organization.groups.values()) {
        group.members.delete(id);
      }
    },
  };
}

/** Persons. */
export const personArea: ControlledArea<PersonControls> = {
  operations: { GetPersonUsersByEmail: findPerson },
  createControls: personControls,
};

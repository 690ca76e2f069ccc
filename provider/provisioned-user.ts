/**
 * A person of the organization, by SCIM.
 *
 * Persons are identified by their e-mail address, and a person who is removed loses roles and history. So
 * nothing replaces a user: every change is a PATCH, and a refusal of the API is shown as it is.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type {
  CockroachCloudClient,
  ScimPatchOperation,
  ScimUserAttributes,
  WireScimUser,
} from "../sdk";
import { scimUserUrn } from "../sdk";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition } from "./resource/definition";
import { updatesInPlace } from "./resource/definition";
import { isOwnPerson } from "./resource/own-credential";
import { typeToken } from "./resource/resource-types";
import { nonEmptyText } from "./resource/schema";
import { assignment, createdWhereOn, listedWhereOn, patchOf } from "./resource/scim";
import { hasUnknown } from "./values/unknown";

/** An e-mail address of a person. */
export interface ProvisionedUserEmailArgs {
  /** The address. */
  value: pulumi.Input<string>;
  /**
   * As people read it.
   * @default ""
   */
  display?: pulumi.Input<string>;
  /**
   * Whether it is the one that counts; one address at most.
   * @default false, and true for a single address
   */
  primary?: pulumi.Input<boolean>;
  /**
   * For example `work`.
   * @default ""
   */
  type?: pulumi.Input<string>;
}

/** The parts of a person's name. */
export interface ProvisionedUserNameArgs {
  /**
   * Given name.
   * @default ""
   */
  givenName?: pulumi.Input<string>;
  /**
   * Family name.
   * @default ""
   */
  familyName?: pulumi.Input<string>;
}

/** Arguments of a user. */
export interface ProvisionedUserArgs {
  /**
   * Name by which the person signs in: the e-mail address. Updated in place; the API may refuse it.
   */
  userName: pulumi.Input<string>;
  /**
   * E-mail addresses: at least one. Their order does not matter. Updated in place, as a whole.
   * @default `userName`, which must be an address then, when created, and with every new `userName`; otherwise not managed
   */
  emails?: pulumi.Input<pulumi.Input<ProvisionedUserEmailArgs>[]>;
  /**
   * Name as people read it. Updated in place; `""` clears it.
   * @default not managed
   */
  displayName?: pulumi.Input<string>;
  /**
   * Parts of the name. Updated in place; a part that is left out is cleared.
   * @default not managed
   */
  name?: pulumi.Input<ProvisionedUserNameArgs>;
  /**
   * Id of the person in your identity provider. Updated in place; `""` clears it.
   * @default not managed
   */
  externalId?: pulumi.Input<string>;
  /**
   * Whether the person may sign in. Updated in place: `false` bars the person and keeps roles and history.
   * @default true when created, then not managed
   */
  active?: pulumi.Input<boolean>;
}

/** An e-mail address of a person. */
export interface ProvisionedUserEmail {
  /** The address. */
  value: string;
  /** As people read it; may be empty. */
  display: string;
  /** Whether it is the one that counts. */
  primary: boolean;
  /** For example `work`; may be empty. */
  type: string;
}

/** The parts of a person's name. */
export interface ProvisionedUserName {
  /** Given name; may be empty. */
  givenName: string;
  /** Family name; may be empty. */
  familyName: string;
}

/**
 * A person of the organization, provisioned by SCIM: without an invitation, with the role Organization Member
 * alone, and without a mail. Takes Cloud Organization SSO and the role Organization Admin. Deleting it removes
 * the person from the organization. API operations: CreateUser, GetUsers, GetUser, PatchUser, DeleteUser.
 */
export class ProvisionedUser extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("ProvisionedUser");

  /** Name by which the person signs in. */
  declare readonly userName: pulumi.Output<string>;
  /** E-mail addresses. */
  declare readonly emails: pulumi.Output<ProvisionedUserEmail[]>;
  /** Name as people read it; may be empty. */
  declare readonly displayName: pulumi.Output<string>;
  /** Parts of the name; may be empty. */
  declare readonly name: pulumi.Output<ProvisionedUserName>;
  /** Id of the person in the identity provider; may be empty. */
  declare readonly externalId: pulumi.Output<string>;
  /** Whether the person may sign in. */
  declare readonly active: pulumi.Output<boolean>;
  /** When the person was created, in RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the user
   * @param options `import: "<user id>"` adopts an existing person and writes nothing
   */
  constructor(name: string, args: ProvisionedUserArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing person, whom this program reads and does not manage. */
  static readonly get = getterOf(ProvisionedUser);
  /** Whether `value` is a user of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<ProvisionedUser>("ProvisionedUser");
}

const text = z.string();
const email = z.strictObject({
  value: z.string().refine(isAddress, { error: "must be an e-mail address." }),
  display: text.optional(),
  primary: z.boolean().optional(),
  type: text.optional(),
});

const inputs = z.strictObject({
  userName: nonEmptyText,
  emails: z
    .array(email)
    .min(1, { error: "must have at least one e-mail address." })
    .refine((emails) => emails.filter(({ primary }) => primary).length <= 1, {
      error: "must have one primary address at most.",
    })
    .optional(),
  displayName: text.optional(),
  name: z.strictObject({ givenName: text.optional(), familyName: text.optional() }).optional(),
  externalId: text.optional(),
  active: z.boolean().optional(),
});

type Inputs = z.output<typeof inputs>;
type EmailInput = NonNullable<Inputs["emails"]>[number];

interface State {
  userName: string;
  emails: ProvisionedUserEmail[];
  displayName: string;
  name: ProvisionedUserName;
  externalId: string;
  active: boolean;
  createdAt: string;
}

const noName = { givenName: "", familyName: "" };

const definition: ResourceDefinition<Inputs, State, WireScimUser> = {
  type: "ProvisionedUser",
  noun: "provisioned user",
  inputs,
  arguments: {
    userName: updatesInPlace,
    emails: {
      onChange: "update",
      canonical: (emails) => canonicalEmails(emails as EmailInput[]),
      reset: "To leave one address, write it as the only one of emails.",
    },
    displayName: { onChange: "update", unset: "", reset: 'To clear it, write displayName: "".' },
    name: {
      onChange: "update",
      unset: noName,
      canonical: (name) => ({ ...noName, ...(name as Inputs["name"]) }),
      reset: "To clear it, write name: {}.",
    },
    externalId: { onChange: "update", unset: "", reset: 'To clear it, write externalId: "".' },
    active: {
      onChange: "update",
      unset: true,
      reset: "To let the person sign in, write active: true.",
    },
  },
  outputs: ["createdAt"],

  idFormat: "<user id>",
  idOf: (_inputs, remote) => remote?.id,
  // Names of persons stay out of logs where an id will do.
  describe: ({ id, userName }) => (id === undefined ? `user "${userName}"` : `user ${id}`),
  claims: ({ userName, emails = [] }) => [
    { userName: userName.toLowerCase() },
    ...(hasUnknown(emails) ? [] : emails.map(({ value }) => ({ emails: value.toLowerCase() }))),
  ],

  check(_olds, { userName, emails }, failures) {
    const needsEmails = typeof userName === "string" && userName !== "" && !isAddress(userName);
    if (emails === undefined && needsEmails && !hasUnknown(userName)) {
      failures.push({
        property: "emails",
        reason: "is required where userName is no e-mail address.",
      });
    }
    return { failures, notes: [] };
  },
  impact({ updates }, { active }, news) {
    if (!updates.includes("active") || hasUnknown(news.active) || !active) return [];
    return [
      {
        severity: "warning",
        message: "The person can no longer sign in. Roles and history stay.",
      },
    ];
  },
  loss: "with the person's roles and history",

  sample: ({ userName = "ada@example.com" }) => ({
    emails: canonicalEmails([{ value: userName }]),
    createdAt: "2026-06-01T00:00:00Z",
  }),
  toState: ({ userName, emails, displayName, name, externalId, active, meta }) => ({
    ...{ userName, emails, displayName, name, externalId, active },
    createdAt: meta.created,
  }),
  collection: {
    list: (_place, { cloud, options }) => listedWhereOn(cloud.scimUsers.list({}, options)),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    nameOf: ({ userName }) => userName,
    // Who was invited is a user as well: a program that managed everybody could remove its own author.
    isOwnedByService: ({ externalId }) => externalId === "",
    matches: (remote, { userName = "" }) =>
      remote.userName.toLowerCase() === userName.toLowerCase(),
    get: ({ id = "" }, { cloud, options }) => cloud.scimUsers.get(id, {}, options),
  },

  create: (user, { cloud, options }) =>
    createdWhereOn(
      cloud.scimUsers.create(
        { schemas: [scimUserUrn], ...attributesOf(user), emails: emailsOf(user) },
        options,
      ),
    ),
  lostCreate: {
    isOurs: (remote, wanted) =>
      isDeepStrictEqual(canonicalEmails(remote.emails), emailsOf(wanted)) &&
      Object.entries(attributesOf(wanted)).every(([name, value]) =>
        isDeepStrictEqual(remote[name as keyof WireScimUser], value),
      ),
    foundWarning: ({ userName }) =>
      `The response to creating user "${userName}" was lost. A user of this name was found afterwards and is managed here.`,
  },
  existsAdvice:
    "choose another userName. A person who was invited or has signed in is a user as well",

  update(before, user, { cloud, options }, changed) {
    if (changed.includes("active") && user.active === false) {
      refuseOwnPerson(cloud, before, "deactivated");
    }
    const { displayName = "", externalId = "", active = true } = user;
    const values: Record<keyof Inputs, unknown> = {
      ...{ userName: user.userName, displayName, externalId, active },
      name: { ...noName, ...user.name },
      emails: emailsOf(user),
    };
    const operations: ScimPatchOperation[] = changed.map((name) => assignment(name, values[name]));
    if (changed.includes("userName") && user.emails === undefined && hasOnlyItsName(before)) {
      operations.push(assignment("emails", emailsOf(user)));
    }
    return cloud.scimUsers.patch(before.id, patchOf(operations), options);
  },
  isUpdateReadable: true,
  updateConflictAdvice:
    "Choose another userName or address: another person of the organization has it.",

  async delete({ id, ...user }, { cloud, options }) {
    refuseOwnPerson(cloud, { id, ...user }, "deleted");
    await cloud.scimUsers.delete(id, options);
  },
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

function refuseOwnPerson(
  cloud: CockroachCloudClient,
  { id, userName, emails }: Pick<State, "userName" | "emails"> & { id: string },
  what: "deactivated" | "deleted",
): void {
  if (!isOwnPerson(cloud, [userName, ...emails.map(({ value }) => value)])) return;
  throw new Error(
    `User ${id} is not ${what}: this run authenticates as this person, by a JWT with its username, and would end half-way. Run as somebody else, or take the user out of the state with \`pulumi state delete\`.`,
  );
}

function isAddress(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value);
}

/** What of the arguments goes over the wire as it is. */
function attributesOf({ emails: _, name, ...others }: Inputs): ScimUserAttributes {
  return {
    ...others,
    ...(name === undefined ? {} : { name: { ...noName, ...name } }),
  } as ScimUserAttributes;
}

function emailsOf({ userName, emails }: Inputs): ProvisionedUserEmail[] {
  return canonicalEmails(emails ?? [{ value: userName }]);
}

/** Whether the only address is the one that a user without `emails` gets. */
function hasOnlyItsName({ userName, emails }: State): boolean {
  return isDeepStrictEqual(canonicalEmails(emails), canonicalEmails([{ value: userName }]));
}

/** In order of their addresses, with everything that may be left out. */
function canonicalEmails(emails: readonly EmailInput[]): ProvisionedUserEmail[] {
  return emails
    .map(({ value, display = "", primary = false, type = "" }) => ({
      ...{ value, display, type },
      primary: primary || emails.length === 1,
    }))
    .sort((one, other) => (one.value < other.value ? -1 : 1));
}

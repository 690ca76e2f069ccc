/** Reads the users and groups of SCIM. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireScimGroup, WireScimUser } from "../../sdk/index";
import { listedWhereOn } from "../resource/scim";
import { checkEither, collect, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { onlyMatch } from "./only-match";

/** A user of SCIM. What is not set is empty. */
export interface ScimUserInfo {
  /** UUID. */
  id: string;
  /** Name by which the person signs in. */
  userName: string;
  /** Name that is shown. */
  displayName: string;
  /** Id of the person in the identity provider. */
  externalId: string;
  /** Whether the person may sign in. */
  active: boolean;
  /** E-mail addresses. */
  emails: {
    /** The address. */
    value: string;
    /** The address as it is shown. */
    display: string;
    /** Whether it is the main address. */
    primary: boolean;
    /** For example `work`. */
    type: string;
  }[];
  /** Parts of the name. */
  name: {
    /** Given name. */
    givenName: string;
    /** Family name. */
    familyName: string;
  };
  /** The groups that the person is in. */
  groups: ScimMemberInfo[];
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  lastModified: string;
}

/** A group of SCIM. */
export interface ScimGroupInfo {
  /** UUID. */
  id: string;
  /** Name. */
  displayName: string;
  /** Id of the group in the identity provider. */
  externalId: string;
  /** Who is in the group. */
  members: ScimMemberInfo[];
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339. */
  lastModified: string;
}

/** A member of a group, or a group that a user is in. */
export interface ScimMemberInfo {
  /** UUID. */
  id: string;
  /** Name of a group or service account, or address of a person. */
  display: string;
  /** Of a member `User` or `Group`; of a group that a user is in `direct` or `indirect`, where another group is in between. */
  type: string;
}

/** Which users or groups. */
export interface ListScimArgs {
  /**
   * A filter of RFC 7644, section 3.4.2.2: `userName eq "ada@example.com"`.
   * @default all
   */
  filter?: string;
}

/** Which users or groups. */
export interface ListScimOutputArgs {
  /**
   * A filter of RFC 7644, section 3.4.2.2: `userName eq "ada@example.com"`.
   * @default all
   */
  filter?: pulumi.Input<string>;
}

/** Which groups. */
export interface ListScimGroupsArgs extends ListScimArgs {
  /**
   * Whether members are read too; without them `members` is empty, and large groups are read faster.
   * @default true
   */
  withMembers?: boolean;
}

/** Which groups. */
export interface ListScimGroupsOutputArgs extends ListScimOutputArgs {
  /**
   * Whether members are read too; without them `members` is empty, and large groups are read faster.
   * @default true
   */
  withMembers?: pulumi.Input<boolean>;
}

/** Lists the persons of the organization by SCIM, with the groups that they are in. Takes Cloud Organization SSO. */
export function listScimUsers(
  args: ListScimArgs = {},
  options?: FunctionOptions,
): Promise<ScimUserInfo[]> {
  return callFunction(users, args, options);
}

/** `listScimUsers` for outputs. */
export function listScimUsersOutput(
  args: ListScimOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<ScimUserInfo[]> {
  return callFunctionOutput(users, args, options);
}

/** Lists the groups of the organization by SCIM, with their members unless `withMembers` is `false`. Takes Cloud Organization SSO. */
export function listScimGroups(
  args: ListScimGroupsArgs = {},
  options?: FunctionOptions,
): Promise<ScimGroupInfo[]> {
  return callFunction(groups, args, options);
}

/** `listScimGroups` for outputs. */
export function listScimGroupsOutput(
  args: ListScimGroupsOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<ScimGroupInfo[]> {
  return callFunctionOutput(groups, args, options);
}

/** Which user. */
export interface GetScimUserArgs {
  /** UUID, in place of `userName`. */
  id?: string;
  /** Name, in place of `id`. */
  userName?: string;
}

/** Which user. */
export interface GetScimUserOutputArgs {
  /** UUID, in place of `userName`. */
  id?: pulumi.Input<string>;
  /** Name, in place of `id`. */
  userName?: pulumi.Input<string>;
}

/** Reads a user of SCIM by `id` or by `userName`. Fails when there is none. Takes Cloud Organization SSO. API operations: GetUser, GetUsers. */
export function getScimUser(
  args: GetScimUserArgs,
  options?: FunctionOptions,
): Promise<ScimUserInfo> {
  return callFunction(oneUser, args, options);
}

/** `getScimUser` for outputs. */
export function getScimUserOutput(
  args: GetScimUserOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ScimUserInfo> {
  return callFunctionOutput(oneUser, args, options);
}

/** Which group. */
export interface GetScimGroupArgs {
  /** UUID, in place of `displayName`. */
  id?: string;
  /** Name, in place of `id`. */
  displayName?: string;
}

/** Which group. */
export interface GetScimGroupOutputArgs {
  /** UUID, in place of `displayName`. */
  id?: pulumi.Input<string>;
  /** Name, in place of `id`. */
  displayName?: pulumi.Input<string>;
}

/** Reads a group of SCIM by `id` or by `displayName`. Fails when there is none. Takes Cloud Organization SSO. API operations: GetGroup, GetGroups. */
export function getScimGroup(
  args: GetScimGroupArgs,
  options?: FunctionOptions,
): Promise<ScimGroupInfo> {
  return callFunction(oneGroup, args, options);
}

/** `getScimGroup` for outputs. */
export function getScimGroupOutput(
  args: GetScimGroupOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<ScimGroupInfo> {
  return callFunctionOutput(oneGroup, args, options);
}

/** @internal */
export const users: ProviderFunction<ListScimArgs, ScimUserInfo[]> = {
  name: "listScimUsers",
  async read({ cloud }, args) {
    return (await collect(listedWhereOn(cloud.scimUsers.list(args)))).map(toUser);
  },
};

/** @internal */
export const groups: ProviderFunction<ListScimGroupsArgs, ScimGroupInfo[]> = {
  name: "listScimGroups",
  async read({ cloud }, { withMembers = true, ...args }) {
    const query = withMembers ? args : { ...args, excludedAttributes: ["members"] };
    return (await collect(listedWhereOn(cloud.scimGroups.list(query)))).map(toGroup);
  },
};

function membersOf(wire: WireScimGroup["members"]): ScimMemberInfo[] {
  return wire.map(({ value, display, type }) => ({ id: value, display, type }));
}

function timesOf({ created, lastModified }: WireScimUser["meta"]) {
  return { createdAt: created, lastModified };
}

/** @internal */
export const oneUser: ProviderFunction<GetScimUserArgs, ScimUserInfo> = {
  name: "getScimUser",
  async read({ cloud }, { id, userName }) {
    checkEither("getScimUser", { id, userName });
    if (id !== undefined) {
      const known = textIn("getScimUser", "id", id, "the id of a user");
      return toUser(await cloud.scimUsers.get(known));
    }
    const wanted = JSON.stringify(
      textIn("getScimUser", "userName", userName, "the name of a user"),
    );
    return toUser(
      onlyMatch(
        await collect(listedWhereOn(cloud.scimUsers.list({ filter: `userName eq ${wanted}` }))),
        (found) => found.id,
        {
          object: `user ${wanted}`,
          path: "/api/scim/v2/Users",
          reason: "no user of the organization has the name",
          shared: "users have the name",
        },
      ),
    );
  },
};

/** @internal */
export const oneGroup: ProviderFunction<GetScimGroupArgs, ScimGroupInfo> = {
  name: "getScimGroup",
  async read({ cloud }, { id, displayName }) {
    checkEither("getScimGroup", { id, displayName });
    if (id !== undefined) {
      const known = textIn("getScimGroup", "id", id, "the id of a group");
      return toGroup(await cloud.scimGroups.get(known));
    }
    const wanted = JSON.stringify(
      textIn("getScimGroup", "displayName", displayName, "the name of a group"),
    );
    return toGroup(
      onlyMatch(
        await collect(listedWhereOn(cloud.scimGroups.list({ filter: `displayName eq ${wanted}` }))),
        (found) => found.id,
        {
          object: `group ${wanted}`,
          path: "/api/scim/v2/Groups",
          reason: "no group of the organization has the name",
          shared: "groups have the name",
        },
      ),
    );
  },
};

function toUser({ schemas: _, meta, groups: memberships, ...user }: WireScimUser): ScimUserInfo {
  return { ...user, groups: membersOf(memberships), ...timesOf(meta) };
}

function toGroup({ schemas: _, meta, members, ...group }: WireScimGroup): ScimGroupInfo {
  return { ...group, members: membersOf(members), ...timesOf(meta) };
}

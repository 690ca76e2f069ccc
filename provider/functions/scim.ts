/** Reads the users and groups of SCIM. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireScimGroup, WireScimUser } from "../../sdk/index";
import { listedWhereOn } from "../resource/scim";
import { collected } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

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

/** Lists the groups of the organization by SCIM, with their members. Takes Cloud Organization SSO. */
export function listScimGroups(
  args: ListScimArgs = {},
  options?: FunctionOptions,
): Promise<ScimGroupInfo[]> {
  return callFunction(groups, args, options);
}

/** `listScimGroups` for outputs. */
export function listScimGroupsOutput(
  args: ListScimOutputArgs = {},
  options?: FunctionOptions,
): pulumi.Output<ScimGroupInfo[]> {
  return callFunctionOutput(groups, args, options);
}

/** @internal */
export const users: ProviderFunction<ListScimArgs, ScimUserInfo[]> = {
  name: "listScimUsers",
  async read({ cloud }, args) {
    const wire = await collected(listedWhereOn(cloud.scimUsers.list(args)));
    return wire.map(({ schemas: _, meta, groups: memberships, ...user }) => ({
      ...user,
      groups: membersOf(memberships),
      ...timesOf(meta),
    }));
  },
};

/** @internal */
export const groups: ProviderFunction<ListScimArgs, ScimGroupInfo[]> = {
  name: "listScimGroups",
  async read({ cloud }, args) {
    const wire = await collected(listedWhereOn(cloud.scimGroups.list(args)));
    return wire.map(({ schemas: _, meta, members, ...group }) => ({
      ...group,
      members: membersOf(members),
      ...timesOf(meta),
    }));
  },
};

function membersOf(wire: WireScimGroup["members"]): ScimMemberInfo[] {
  return wire.map(({ value, display, type }) => ({ id: value, display, type }));
}

function timesOf({ created, lastModified }: WireScimUser["meta"]) {
  return { createdAt: created, lastModified };
}

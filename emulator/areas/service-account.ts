// Service accounts. What they may do is granted by roles, and their keys end with them.

import type { ControlledArea, ControlParts } from "../area";
import type { EmulatorContext } from "../context";
import { heldGrant } from "../organization/grants";
import type { Organization } from "../organization/organization";
import { revokeKey } from "../organization/organization";
import type { ServiceAccountRecord } from "../organization/principals";
import { nameOf, newServiceAccount } from "../organization/principals";
import { ApiError, failedPrecondition, invalidValue } from "../server/errors";
import { timestamp } from "../server/protobuf-values";
import type { Field } from "../server/protojson";
import type { RoleGrant } from "../server/roles";
import { collection } from "./collection";
import type { WireRole, WireRoles } from "./role";
import { checkMayChange, readGrants, rolesField, rolesToWire } from "./role";

/** A service account as the API spells it. */
export interface WireServiceAccount extends WireRoles {
  /** UUID. */
  id: string;
  name: string;
  description: string;
  creator_name: string;
  /** RFC 3339. */
  created_at: string;
}

/** Service accounts of all organizations outside the API. */
export interface ServiceAccountControls {
  /** All service accounts, by name. */
  list(): WireServiceAccount[];
  /** Adds one to the first organization. Returns its UUID. @param details default: without description and roles */
  add(name: string, details?: { description?: string; roles?: RoleGrant[] }): string;
  /** Changes the name or the description. @throws when there is no such account. */
  edit(id: string, change: { name?: string; description?: string }): void;
  /** Removes one with its keys. @throws when there is no such account. */
  remove(id: string): void;
}

interface ServiceAccountBody {
  name?: string;
  description?: string;
  roles?: Partial<WireRole>[];
}

const changeable: Readonly<Record<string, Field>> = { name: "string", description: "string" };

const accounts = collection<ServiceAccountRecord, ServiceAccountBody>({
  noun: "service account",
  parameter: "id",
  listed: "service_accounts",
  shapes: {
    create: {
      name: "cockroach.cloud.CreateServiceAccountRequest",
      fields: { ...changeable, roles: rolesField },
    },
    update: {
      name: "cockroach.cloud.UpdateServiceAccountSpecification",
      fields: changeable,
    },
  },
  itemsOf: ({ organization }) => organization.serviceAccounts,
  sortKey: ({ name, id }) => [name, id],
  toWire: ({ organization, context }, account) => toWire(account, organization, context),
  showsDeleted: true,

  create(call, body) {
    const { name = "", description = "", roles = [] } = body;
    const { strictRequired, duplicateServiceAccount: duplicate } = call.context.assumptions;
    checkName(name);
    const isWhole = body.description !== undefined && body.roles !== undefined;
    if (strictRequired && !isWhole) {
      throw invalidValue("description and roles are required");
    }
    const isTaken = [...call.organization.serviceAccounts.values()].some(
      (other) => other.name === name,
    );
    if (duplicate !== "allowed" && isTaken) {
      throw new ApiError(duplicate, `service account '${name}' already exists`);
    }
    const grants = readGrants(call, roles);
    checkMayChange(call, grants);
    return newServiceAccount({
      name,
      description,
      creatorName: nameOf(call.caller),
      createdAt: call.now,
      grants: grants.map((grant) => heldGrant(grant, call.context)),
    });
  },

  update(_call, account, { name, description }) {
    if (name !== undefined) {
      checkName(name);
      account.name = name;
    }
    account.description = description ?? account.description;
  },

  beforeDelete({ organization, caller, context }, account) {
    if (context.assumptions.refuseSelfDelete && account === caller) {
      throw failedPrecondition("a service account cannot delete itself");
    }
    retire(account, organization, context);
  },
});

function checkName(name: string): void {
  if (name === "") {
    throw invalidValue("a service account needs a name");
  }
}

/** Ends the keys of an account that is being deleted, and its memberships. */
function retire(
  account: ServiceAccountRecord,
  organization: Organization,
  context: EmulatorContext,
): void {
  for (const key of organization.keys.values()) {
    if (key.account === account) {
      revokeKey(organization, key, context);
    }
  }
  for (const group of organization.groups.values()) {
    group.members.delete(account.id);
  }
  organization.formerAccounts.set(account.id, account);
}

function toWire(
  account: ServiceAccountRecord,
  organization: Organization,
  context: EmulatorContext,
): WireServiceAccount {
  return {
    id: account.id,
    name: account.name,
    description: account.description,
    creator_name: account.creatorName,
    created_at: timestamp(account.createdAt),
    ...rolesToWire(account, organization, context),
  };
}

function serviceAccountControls({ organizations, context }: ControlParts): ServiceAccountControls {
  const owner = (id: string) => {
    for (const organization of organizations) {
      const account = organization.serviceAccounts.get(id);
      if (account !== undefined) {
        return { organization, account };
      }
    }
    throw new Error(`The emulator has no service account ${id}.`);
  };
  return {
    list: () =>
      organizations
        .flatMap((organization) =>
          [...organization.serviceAccounts.values()].map((account) =>
            toWire(account, organization, context),
          ),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    add: (name, { description = "", roles = [] } = {}) => {
      const account = newServiceAccount({
        name,
        description,
        creatorName: "",
        createdAt: context.clock.now(),
        grants: roles.map((role) => heldGrant(role, context)),
      });
      organizations[0]?.serviceAccounts.set(account.id, account);
      return account.id;
    },
    edit: (id, change) => {
      Object.assign(owner(id).account, change);
    },
    remove: (id) => {
      const { organization, account } = owner(id);
      retire(account, organization, context);
      organization.serviceAccounts.delete(id);
    },
  };
}

/** Service accounts. */
export const serviceAccountArea: ControlledArea<ServiceAccountControls> = {
  operations: {
    CreateServiceAccount: accounts.create,
    DeleteServiceAccount: accounts.delete,
    GetServiceAccount: accounts.get,
    ListServiceAccounts: accounts.list,
    UpdateServiceAccount: accounts.update,
  },
  createControls: serviceAccountControls,
};

// API keys. A key opens the emulator from the moment of its creation to that of its deletion, with the roles that its
// service account has at the time of each request.

import type { ControlledArea, ControlParts } from "../area";
import type { ApiKey, Organization } from "../organization/organization";
import { newApiKey, revokeKey } from "../organization/organization";
import type { Call } from "../server/call";
import { ApiError, invalidValue } from "../server/errors";
import { momentKey } from "../server/paging";
import { timestamp } from "../server/protobuf-values";
import { textParameter } from "../server/query";
import { collection, readUuid } from "./collection";

/** An API key as the API spells it. */
export interface WireApiKey {
  id: string;
  /** UUID. */
  service_account_id: string;
  name: string;
  /** RFC 3339. */
  created_at: string;
}

/** API keys of all organizations outside the API. */
export interface ApiKeyControls {
  /** All keys, by the time of their creation. */
  list(): WireApiKey[];
  /** Adds a key. Returns its secret. @param serviceAccountId UUID. @throws when there is no such account. */
  add(serviceAccountId: string, name: string): string;
  /** Renames a key. @throws when there is no such key. */
  rename(id: string, name: string): void;
  /** Removes a key: its requests get 401. @throws when there is no such key. */
  remove(id: string): void;
}

interface ApiKeyBody {
  name?: string;
  service_account_id?: string;
}

const keys = collection<ApiKey, ApiKeyBody>({
  noun: "API key",
  parameter: "id",
  hasOwnIds: true,
  listed: "api_keys",
  shapes: {
    create: {
      name: "cockroach.cloud.CreateApiKeyRequest",
      fields: { name: "string", service_account_id: "string" },
    },
    update: { name: "cockroach.cloud.UpdateApiKeySpecification", fields: { name: "string" } },
  },
  itemsOf: ({ organization }) => organization.keys,
  sortKey: ({ createdAt, id }) => [momentKey(createdAt), id],
  toWire: (_call, key) => toWire(key),
  toCreatedWire: (_call, key) => ({ api_key: toWire(key), secret: key.secret }),
  showsDeleted: true,

  create({ organization, context, now }, { name = "", service_account_id: accountId = "" }) {
    checkName(name);
    const id = readUuid(accountId, "service_account_id");
    const account = organization.serviceAccounts.get(id);
    if (account === undefined) {
      const { keyForUnknownAccount } = context.assumptions;
      throw new ApiError(keyForUnknownAccount, `service account '${id}' is not found`);
    }
    const activeAt = now + context.durations.keyActivationMs;
    return newApiKey(organization, { account, name, now, activeAt });
  },

  beforeDelete({ organization, context }, key) {
    revokeKey(organization, key, context);
  },

  update(_call, key, { name }) {
    if (name !== undefined) {
      checkName(name);
      key.name = name;
    }
  },
});

function checkName(name: string): void {
  if (name === "") {
    throw invalidValue("an API key needs a name");
  }
}

function listKeys(call: Call): object {
  const accountId = textParameter(call.query, "service_account_id") ?? "";
  return keys.list(call, ({ account }) => accountId === "" || account.id === accountId);
}

function toWire({ id, account, name, createdAt }: ApiKey): WireApiKey {
  return { id, service_account_id: account.id, name, created_at: timestamp(createdAt) };
}

function apiKeyControls({ organizations, context }: ControlParts): ApiKeyControls {
  const owner = (id: string): { organization: Organization; key: ApiKey } => {
    for (const organization of organizations) {
      const key = organization.keys.get(id);
      if (key !== undefined) {
        return { organization, key };
      }
    }
    throw new Error(`The emulator has no API key ${id}.`);
  };
  return {
    list: () =>
      organizations
        .flatMap((organization) => [...organization.keys.values()])
        .sort((a, b) => a.createdAt - b.createdAt)
        .map(toWire),
    add: (serviceAccountId, name) => {
      for (const organization of organizations) {
        const account = organization.serviceAccounts.get(serviceAccountId);
        if (account !== undefined) {
          return newApiKey(organization, { account, name, now: context.clock.now() }).secret;
        }
      }
      throw new Error(`The emulator has no service account ${serviceAccountId}.`);
    },
    rename: (id, name) => {
      owner(id).key.name = name;
    },
    remove: (id) => {
      const { organization, key } = owner(id);
      revokeKey(organization, key, context);
    },
  };
}

/** API keys. */
export const apiKeyArea: ControlledArea<ApiKeyControls> = {
  operations: {
    CreateApiKey: keys.create,
    DeleteApiKey: keys.delete,
    GetApiKey: keys.get,
    ListApiKeys: listKeys,
    UpdateApiKey: keys.update,
  },
  createControls: apiKeyControls,
};

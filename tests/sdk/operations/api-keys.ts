import type { WireApiKey, WireCreatedApiKey } from "../../../sdk";
import type {
  apiKeyListSchema,
  apiKeySchema,
  createdApiKeySchema,
} from "../../../sdk/resources/api-keys";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";

const wireKey = {
  id: "k/1",
  service_account_id: "s1",
  name: "ci",
  created_at: "2026-06-01T10:00:00.123456Z",
};
const created = { api_key: wireKey, secret: "k/1_secret" };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof apiKeySchema, WireApiKey>,
    true satisfies Lists<typeof apiKeyListSchema, "api_keys", WireApiKey>,
    true satisfies Reads<typeof createdApiKeySchema, WireCreatedApiKey>,
  ],

  operations: [
    {
      name: "apiKeys.list",
      operation: "Listing API keys",
      object: "API keys",
      call: ({ apiKeys }) => all(apiKeys.list({ serviceAccountId: "s1" })),
      method: "GET",
      template: "/api/v1/api-keys",
      url: "/api/v1/api-keys?service_account_id=s1&pagination.limit=500",
      response: { api_keys: [wireKey], pagination: null },
      result: [wireKey],
    },
    {
      name: "apiKeys.create",
      operation: 'Creating API key "ci"',
      object: 'API key "ci"',
      call: ({ apiKeys }) => apiKeys.create({ name: "ci", service_account_id: "s1" }),
      method: "POST",
      template: "/api/v1/api-keys",
      url: "/api/v1/api-keys",
      body: { name: "ci", service_account_id: "s1" },
      response: created,
      result: created,
    },
    {
      name: "apiKeys.get",
      operation: "Reading API key k/1",
      object: "API key k/1",
      call: ({ apiKeys }) => apiKeys.get("k/1"),
      method: "GET",
      template: "/api/v1/api-keys/{id}",
      url: "/api/v1/api-keys/k%2F1",
      response: wireKey,
      result: wireKey,
    },
    {
      name: "apiKeys.update",
      operation: "Updating API key k/1",
      object: "API key k/1",
      call: ({ apiKeys }) => apiKeys.update("k/1", { name: "ci" }),
      method: "PATCH",
      template: "/api/v1/api-keys/{id}",
      url: "/api/v1/api-keys/k%2F1",
      body: { name: "ci" },
      response: wireKey,
      result: wireKey,
    },
    {
      name: "apiKeys.delete",
      operation: "Deleting API key k/1",
      object: "API key k/1",
      call: ({ apiKeys }) => apiKeys.delete("k/1"),
      method: "DELETE",
      template: "/api/v1/api-keys/{id}",
      url: "/api/v1/api-keys/k%2F1",
      response: wireKey,
      result: undefined,
    },
  ],

  async callEach({ client: { apiKeys, serviceAccounts } }) {
    const account = await serviceAccounts.create({ name: "ci", description: "", roles: [] });
    const { api_key: key } = await apiKeys.create({ name: "ci", service_account_id: account.id });
    await all(apiKeys.list({ serviceAccountId: account.id }));
    await apiKeys.get(key.id);
    await apiKeys.update(key.id, { name: "cd" });
    await apiKeys.delete(key.id);
  },
};

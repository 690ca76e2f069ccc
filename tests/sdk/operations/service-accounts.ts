import type { WireServiceAccount } from "../../../sdk";
import type {
  serviceAccountListSchema,
  serviceAccountSchema,
} from "../../../sdk/resources/service-accounts";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";

const wireAccount = {
  id: "s/1",
  name: "ci",
  description: "deploys",
  creator_name: "Ada",
  created_at: "2026-06-01T10:00:00.123456Z",
  roles: [
    { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } },
    { name: "CLUSTER_DEVELOPER", resource: { type: "CLUSTER", id: "c1" } },
  ],
  group_roles: [
    {
      role: { name: "BILLING_VIEWER", resource: { type: "ORGANIZATION" } },
      group_names: ["finance"],
    },
  ],
};

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof serviceAccountSchema, WireServiceAccount>,
    true satisfies Lists<typeof serviceAccountListSchema, "service_accounts", WireServiceAccount>,
  ],

  operations: [
    {
      name: "serviceAccounts.list",
      operation: "Listing service accounts",
      object: "service accounts",
      call: ({ serviceAccounts }) => all(serviceAccounts.list()),
      method: "GET",
      template: "/api/v1/service-accounts",
      url: "/api/v1/service-accounts?pagination.limit=500",
      response: { service_accounts: [wireAccount], pagination: null },
      result: [wireAccount],
    },
    {
      name: "serviceAccounts.create",
      operation: 'Creating service account "ci"',
      object: 'service account "ci"',
      call: ({ serviceAccounts }) =>
        serviceAccounts.create({ name: "ci", description: "deploys", roles: [] }),
      method: "POST",
      template: "/api/v1/service-accounts",
      url: "/api/v1/service-accounts",
      body: { name: "ci", description: "deploys", roles: [] },
      response: wireAccount,
      result: wireAccount,
    },
    {
      name: "serviceAccounts.get",
      operation: "Reading service account s/1",
      object: "service account s/1",
      call: ({ serviceAccounts }) => serviceAccounts.get("s/1"),
      method: "GET",
      template: "/api/v1/service-accounts/{id}",
      url: "/api/v1/service-accounts/s%2F1",
      response: wireAccount,
      result: wireAccount,
    },
    {
      name: "serviceAccounts.update",
      operation: "Updating service account s/1",
      object: "service account s/1",
      call: ({ serviceAccounts }) => serviceAccounts.update("s/1", { description: "deploys" }),
      method: "PATCH",
      template: "/api/v1/service-accounts/{id}",
      url: "/api/v1/service-accounts/s%2F1",
      body: { description: "deploys" },
      response: wireAccount,
      result: wireAccount,
    },
    {
      name: "serviceAccounts.delete",
      operation: "Deleting service account s/1",
      object: "service account s/1",
      call: ({ serviceAccounts }) => serviceAccounts.delete("s/1"),
      method: "DELETE",
      template: "/api/v1/service-accounts/{id}",
      url: "/api/v1/service-accounts/s%2F1",
      response: wireAccount,
      result: undefined,
    },
  ],

  async callEach({ client: { serviceAccounts } }) {
    const resource = { type: "ORGANIZATION" } as const;
    const { id } = await serviceAccounts.create({
      name: "ci",
      description: "",
      roles: [{ name: "BILLING_VIEWER", resource }],
    });
    await all(serviceAccounts.list());
    await serviceAccounts.get(id);
    await serviceAccounts.update(id, { name: "cd", description: "deploys" });
    await serviceAccounts.delete(id);
  },
};

import type { WireRole, WireRoles } from "../../../sdk";
import type { rolesSchema } from "../../../sdk/resources/roles";
import { all } from "../client-under-test";
import type { OperationArea, Reads } from "../operation";

const member: WireRole = { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } };
const developer: WireRole = {
  name: "CLUSTER_DEVELOPER",
  resource: { type: "CLUSTER", id: "c/1" },
};
const inherited = { role: member, group_names: ["finance"] };
const wireRoles = { roles: [member, developer], group_roles: [inherited] };
const ofUser = "/api/v1/roles/{user_id}";

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof rolesSchema, WireRoles>],

  operations: [
    {
      name: "roles.list",
      operation: "Listing roles",
      object: "roles",
      call: ({ roles }) => all(roles.list()),
      method: "GET",
      template: "/api/v1/roles",
      url: "/api/v1/roles?pagination.limit=500",
      response: {
        grants: [{ user_id: "u1", roles: [member] }],
        user_group_grants: [{ user_id: "u2", group_roles: [inherited] }],
        pagination: null,
      },
      result: [
        { user_id: "u1", roles: [member], group_roles: [] },
        { user_id: "u2", roles: [], group_roles: [inherited] },
      ],
    },
    {
      name: "roles.get",
      operation: "Reading the roles of u/1",
      object: "the roles of u/1",
      call: ({ roles }) => roles.get("u/1"),
      method: "GET",
      template: ofUser,
      url: "/api/v1/roles/u%2F1",
      response: wireRoles,
      result: wireRoles,
    },
    {
      name: "roles.set",
      operation: "Setting the roles of u/1",
      object: "the roles of u/1",
      call: ({ roles }) => roles.set("u/1", [developer]),
      method: "PUT",
      template: ofUser,
      url: "/api/v1/roles/u%2F1",
      body: { roles: [developer] },
      response: wireRoles,
      result: wireRoles,
    },
    {
      name: "roles.add",
      operation: "Granting role ORG_ADMIN on the organization of u/1",
      object: "role ORG_ADMIN on the organization of u/1",
      call: ({ roles }) =>
        roles.add("u/1", { name: "ORG_ADMIN", resource: { type: "ORGANIZATION" } }),
      method: "POST",
      template: `${ofUser}/{resource_type}/{resource_id}/{role_name}`,
      url: "/api/v1/roles/u%2F1/ORGANIZATION//ORG_ADMIN",
      response: {
        // The organization has an id in other people's spelling.
        roles: [{ name: "ORG_MEMBER", resource: { type: "ORGANIZATION", id: "" } }, developer],
        group_roles: null,
      },
      result: { roles: [member, developer], group_roles: [] },
    },
    {
      name: "roles.remove",
      operation: "Removing role CLUSTER_DEVELOPER on cluster c/1 of u/1",
      object: "role CLUSTER_DEVELOPER on cluster c/1 of u/1",
      call: ({ roles }) => roles.remove("u/1", developer),
      method: "DELETE",
      template: `${ofUser}/{resource_type}/{resource_id}/{role_name}`,
      url: "/api/v1/roles/u%2F1/CLUSTER/c%2F1/CLUSTER_DEVELOPER",
      response: wireRoles,
      result: undefined,
    },
  ],

  async callEach({ client: { roles, serviceAccounts } }) {
    const { id } = await serviceAccounts.create({ name: "ci", description: "", roles: [] });
    const viewer: WireRole = { name: "BILLING_VIEWER", resource: { type: "ORGANIZATION" } };
    await roles.add(id, viewer);
    await roles.get(id);
    await roles.set(id, [member, viewer]);
    await all(roles.list());
    await roles.remove(id, viewer);
  },
};

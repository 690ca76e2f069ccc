import type { WireScimUser } from "../../../sdk";
import { scimUserUrn } from "../../../sdk";
import type { scimUserSchema } from "../../../sdk/resources/scim-users";
import { all } from "../client-under-test";
import type { OperationArea, Reads } from "../operation";
import { listed, patch } from "../scim-messages";

const wireUser = {
  schemas: [scimUserUrn],
  id: "u/1",
  userName: "ada@example.com",
  displayName: "Ada",
  externalId: "e1",
  active: true,
  emails: [{ value: "ada@example.com", display: "", primary: true, type: "work" }],
  name: { givenName: "Ada", familyName: "Lovelace" },
  groups: [{ value: "g1", display: "dba", type: "direct", ref: "/api/scim/v2/Groups/g1" }],
  meta: {
    created: "2026-01-01T00:00:00Z",
    lastModified: "2026-01-02T00:00:00Z",
    location: "/api/scim/v2/Users/u/1",
    resourceType: "User",
  },
};
const creation = {
  schemas: [scimUserUrn],
  userName: "ada@example.com",
  emails: [{ value: "ada@example.com", primary: true }],
};

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof scimUserSchema, WireScimUser>],

  operations: [
    {
      name: "scimUsers.list",
      operation: "Listing SCIM users",
      object: "SCIM users",
      call: ({ scimUsers }) =>
        all(scimUsers.list({ filter: 'userName eq "a&b"', attributes: ["id", "displayName"] })),
      method: "GET",
      template: "/api/scim/v2/Users",
      url: "/api/scim/v2/Users?filter=userName%20eq%20%22a%26b%22&count=100&startIndex=1&attributes=id%2CdisplayName",
      response: listed([wireUser]),
      result: [wireUser],
    },
    {
      name: "scimUsers.search",
      operation: "Searching SCIM users",
      object: "SCIM users",
      call: ({ scimUsers }) => all(scimUsers.search({ filter: 'userName eq "a&b"', pageSize: 7 })),
      method: "POST",
      template: "/api/scim/v2/Users/.search",
      url: "/api/scim/v2/Users/.search",
      body: { filter: 'userName eq "a&b"', count: 7, startIndex: 1 },
      response: listed([wireUser]),
      result: [wireUser],
    },
    {
      name: "scimUsers.searchByPut",
      operation: "Searching SCIM users",
      object: "SCIM users",
      call: ({ scimUsers }) =>
        all(scimUsers.searchByPut({ filter: 'userName eq "a&b"', pageSize: 7 })),
      method: "PUT",
      template: "/api/scim/v2/Users/.search",
      url: "/api/scim/v2/Users/.search",
      body: { filter: 'userName eq "a&b"', count: 7, startIndex: 1 },
      response: listed([wireUser]),
      result: [wireUser],
    },
    {
      name: "scimUsers.create",
      operation: "Creating a SCIM user",
      object: "a SCIM user",
      call: ({ scimUsers }) => scimUsers.create(creation),
      method: "POST",
      template: "/api/scim/v2/Users",
      url: "/api/scim/v2/Users",
      body: creation,
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.get",
      operation: "Reading SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.get("u/1", { excludedAttributes: ["meta"] }),
      method: "GET",
      template: "/api/scim/v2/Users/{id}",
      url: "/api/scim/v2/Users/u%2F1?excludedAttributes=meta",
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.searchOne",
      operation: "Searching SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.searchOne("u/1", { attributes: ["displayName"] }),
      method: "POST",
      template: "/api/scim/v2/Users/{id}/.search",
      url: "/api/scim/v2/Users/u%2F1/.search",
      body: { attributes: "displayName" },
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.searchOneByPut",
      operation: "Searching SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.searchOneByPut("u/1", { attributes: ["displayName"] }),
      method: "PUT",
      template: "/api/scim/v2/Users/{id}/.search",
      url: "/api/scim/v2/Users/u%2F1/.search",
      body: { attributes: "displayName" },
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.update",
      operation: "Setting SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.update("u/1", { displayName: "Ada", active: false }),
      method: "PUT",
      template: "/api/scim/v2/Users/{id}",
      url: "/api/scim/v2/Users/u%2F1",
      body: { displayName: "Ada", active: false },
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.patch",
      operation: "Updating SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.patch("u/1", patch),
      method: "PATCH",
      template: "/api/scim/v2/Users/{id}",
      url: "/api/scim/v2/Users/u%2F1",
      body: patch,
      response: wireUser,
      result: wireUser,
    },
    {
      name: "scimUsers.delete",
      operation: "Deleting SCIM user u/1",
      object: "SCIM user u/1",
      call: ({ scimUsers }) => scimUsers.delete("u/1"),
      method: "DELETE",
      template: "/api/scim/v2/Users/{id}",
      url: "/api/scim/v2/Users/u%2F1",
      response: {},
      result: undefined,
    },
  ],

  async callEach({ client: { scimUsers } }) {
    const body = {
      ...creation,
      emails: [{ value: "ada@example.com", primary: true, type: "work" }],
    };
    const { id } = await scimUsers.create(body);
    await scimUsers.get(id, { attributes: ["userName", "emails"] });
    await all(scimUsers.list({ filter: 'userName eq "ada@example.com"' }));
    await all(scimUsers.search({ pageSize: 1 }));
    await all(scimUsers.searchByPut({ excludedAttributes: ["groups"] }));
    await scimUsers.searchOne(id);
    await scimUsers.searchOneByPut(id, { attributes: ["userName"] });
    await scimUsers.update(id, { displayName: "Ada" });
    await scimUsers.patch(id, patch);
    await scimUsers.delete(id);
  },
};

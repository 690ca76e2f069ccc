import type { WireScimGroup } from "../../../sdk";
import { scimGroupUrn } from "../../../sdk";
import type { scimGroupSchema } from "../../../sdk/resources/scim-groups";
import { all } from "../client-under-test";
import type { OperationArea, Reads } from "../operation";
import { listed, patch } from "../scim-messages";

const wireGroup = {
  schemas: [scimGroupUrn],
  id: "g/1",
  displayName: "dba",
  externalId: "e1",
  members: [
    { value: "u1", display: "ada@example.com", type: "User", ref: "/api/scim/v2/Users/u1" },
  ],
  meta: {
    created: "2026-01-01T00:00:00Z",
    lastModified: "2026-01-02T00:00:00Z",
    location: "/api/scim/v2/Groups/g/1",
    resourceType: "Group",
  },
};
const creation = { schemas: [scimGroupUrn], displayName: "dba", members: [{ value: "u1" }] };

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof scimGroupSchema, WireScimGroup>],

  operations: [
    {
      name: "scimGroups.list",
      operation: "Listing SCIM groups",
      object: "SCIM groups",
      call: ({ scimGroups }) =>
        all(scimGroups.list({ filter: 'displayName eq "a&b"', attributes: ["id", "displayName"] })),
      method: "GET",
      template: "/api/scim/v2/Groups",
      url: "/api/scim/v2/Groups?filter=displayName%20eq%20%22a%26b%22&count=100&startIndex=1&attributes=id%2CdisplayName",
      response: listed([wireGroup]),
      result: [wireGroup],
    },
    {
      name: "scimGroups.search",
      operation: "Searching SCIM groups",
      object: "SCIM groups",
      call: ({ scimGroups }) =>
        all(scimGroups.search({ filter: 'displayName eq "a&b"', pageSize: 7 })),
      method: "POST",
      template: "/api/scim/v2/Groups/.search",
      url: "/api/scim/v2/Groups/.search",
      body: { filter: 'displayName eq "a&b"', count: 7, startIndex: 1 },
      response: listed([wireGroup]),
      result: [wireGroup],
    },
    {
      name: "scimGroups.searchByPut",
      operation: "Searching SCIM groups",
      object: "SCIM groups",
      call: ({ scimGroups }) =>
        all(scimGroups.searchByPut({ filter: 'displayName eq "a&b"', pageSize: 7 })),
      method: "PUT",
      template: "/api/scim/v2/Groups/.search",
      url: "/api/scim/v2/Groups/.search",
      body: { filter: 'displayName eq "a&b"', count: 7, startIndex: 1 },
      response: listed([wireGroup]),
      result: [wireGroup],
    },
    {
      name: "scimGroups.create",
      operation: "Creating a SCIM group",
      object: "a SCIM group",
      call: ({ scimGroups }) => scimGroups.create(creation),
      method: "POST",
      template: "/api/scim/v2/Groups",
      url: "/api/scim/v2/Groups",
      body: creation,
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.get",
      operation: "Reading SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.get("g/1", { excludedAttributes: ["meta"] }),
      method: "GET",
      template: "/api/scim/v2/Groups/{id}",
      url: "/api/scim/v2/Groups/g%2F1?excludedAttributes=meta",
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.searchOne",
      operation: "Searching SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.searchOne("g/1", { attributes: ["displayName"] }),
      method: "POST",
      template: "/api/scim/v2/Groups/{id}/.search",
      url: "/api/scim/v2/Groups/g%2F1/.search",
      body: { attributes: "displayName" },
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.searchOneByPut",
      operation: "Searching SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.searchOneByPut("g/1", { attributes: ["displayName"] }),
      method: "PUT",
      template: "/api/scim/v2/Groups/{id}/.search",
      url: "/api/scim/v2/Groups/g%2F1/.search",
      body: { attributes: "displayName" },
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.update",
      operation: "Setting SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.update("g/1", creation),
      method: "PUT",
      template: "/api/scim/v2/Groups/{id}",
      url: "/api/scim/v2/Groups/g%2F1",
      body: creation,
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.patch",
      operation: "Updating SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.patch("g/1", patch),
      method: "PATCH",
      template: "/api/scim/v2/Groups/{id}",
      url: "/api/scim/v2/Groups/g%2F1",
      body: patch,
      response: wireGroup,
      result: wireGroup,
    },
    {
      name: "scimGroups.delete",
      operation: "Deleting SCIM group g/1",
      object: "SCIM group g/1",
      call: ({ scimGroups }) => scimGroups.delete("g/1"),
      method: "DELETE",
      template: "/api/scim/v2/Groups/{id}",
      url: "/api/scim/v2/Groups/g%2F1",
      response: {},
      result: undefined,
    },
  ],

  async callEach({ client: { scimGroups }, emulator }) {
    const [person] = emulator.persons.list();
    const { id } = await scimGroups.create({ ...creation, members: [{ value: person?.id ?? "" }] });
    await scimGroups.get(id, { excludedAttributes: ["members"] });
    await all(scimGroups.list({ filter: 'displayName eq "dba"' }));
    await all(scimGroups.search({ pageSize: 1 }));
    await all(scimGroups.searchByPut({ attributes: ["members"] }));
    await scimGroups.searchOne(id);
    await scimGroups.searchOneByPut(id, { attributes: ["displayName"] });
    await scimGroups.update(id, { schemas: [scimGroupUrn], displayName: "admins" });
    await scimGroups.patch(id, patch);
    await scimGroups.delete(id);
  },
};

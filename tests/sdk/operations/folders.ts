import type { WireFolder } from "../../../sdk";
import type {
  folderContentsSchema,
  folderListSchema,
  folderSchema,
} from "../../../sdk/resources/folders";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";

const wireFolder = {
  resource_id: "f/1",
  resource_type: "FOLDER",
  parent_id: "f0",
  organization_id: "o1",
  name: "eu west",
  path: [{ id: "f0", name: "payments" }],
  labels: { team: "pay" },
};
const wireContent = { ...wireFolder, resource_id: "c1", resource_type: "CLUSTER", labels: {} };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof folderSchema, WireFolder>,
    true satisfies Lists<typeof folderListSchema, "folders", WireFolder>,
    true satisfies Lists<typeof folderContentsSchema, "resources", WireFolder>,
  ],

  operations: [
    {
      name: "folders.list",
      operation: "Listing folders",
      object: "folders",
      call: ({ folders }) => all(folders.list({ path: "/payments/eu west" })),
      method: "GET",
      template: "/api/v1/folders",
      url: "/api/v1/folders?path=%2Fpayments%2Feu%20west&pagination.limit=500",
      response: { folders: [wireFolder], pagination: null },
      result: [wireFolder],
    },
    {
      name: "folders.create",
      operation: 'Creating folder "eu west"',
      object: 'folder "eu west"',
      call: ({ folders }) =>
        folders.create({ name: "eu west", parent_id: "f0", labels: { a: "1" } }),
      method: "POST",
      template: "/api/v1/folders",
      url: "/api/v1/folders",
      body: { name: "eu west", parent_id: "f0", labels: { a: "1" } },
      response: wireFolder,
      result: wireFolder,
    },
    {
      name: "folders.get",
      operation: "Reading folder f/1",
      object: "folder f/1",
      call: ({ folders }) => folders.get("f/1"),
      method: "GET",
      template: "/api/v1/folders/{folder_id}",
      url: "/api/v1/folders/f%2F1",
      response: wireFolder,
      result: wireFolder,
    },
    {
      name: "folders.update",
      operation: "Updating folder f/1",
      object: "folder f/1",
      call: ({ folders }) => folders.update("f/1", { name: "eu west", parent_id: "root" }),
      method: "PATCH",
      template: "/api/v1/folders/{folder_id}",
      url: "/api/v1/folders/f%2F1",
      body: { name: "eu west", parent_id: "root" },
      response: wireFolder,
      result: wireFolder,
    },
    {
      name: "folders.delete",
      operation: "Deleting folder f/1",
      object: "folder f/1",
      call: ({ folders }) => folders.delete("f/1"),
      method: "DELETE",
      template: "/api/v1/folders/{folder_id}",
      url: "/api/v1/folders/f%2F1",
      response: {},
      result: undefined,
    },
    {
      name: "folders.listContents",
      operation: "Listing the contents of folder f/1",
      object: "the contents of folder f/1",
      call: ({ folders }) => all(folders.listContents("f/1")),
      method: "GET",
      template: "/api/v1/folders/{folder_id}/contents",
      url: "/api/v1/folders/f%2F1/contents?pagination.limit=500",
      response: { resources: [wireFolder, wireContent], pagination: null },
      result: [wireFolder, wireContent],
    },
  ],

  async callEach({ client }) {
    const { resource_id: folderId } = await client.folders.create({
      name: "eu west",
      labels: { a: "1" },
    });
    await all(client.folders.list({ path: "/eu west" }));
    await client.folders.get(folderId);
    await client.folders.update(folderId, { name: "eu east", parent_id: "root" });
    await all(client.folders.listContents(folderId));
    await client.folders.delete(folderId);
  },
};

import type { WireDatabase } from "../../../sdk";
import type { databaseListSchema, databaseSchema } from "../../../sdk/resources/databases";
import { basic } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const database = { name: "a b?", table_count: "12" };
const readDatabase = { name: "a b?", table_count: 12 };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof databaseSchema, WireDatabase>,
    true satisfies Lists<typeof databaseListSchema, "databases", WireDatabase>,
  ],

  operations: [
    {
      name: "databases.create",
      operation: 'Creating database "a b?" on cluster c/1',
      object: 'database "a b?" on cluster c/1',
      call: ({ databases }) => databases.create(id, { name: database.name }),
      method: "POST",
      template: `${ofCluster}/databases`,
      url: `${base}/databases`,
      body: { name: database.name },
      response: database,
      result: readDatabase,
    },
    {
      name: "databases.list",
      operation: "Listing the databases of cluster c/1",
      object: "cluster c/1",
      call: ({ databases }) => all(databases.list(id)),
      method: "GET",
      template: `${ofCluster}/databases`,
      url: `${base}/databases?pagination.limit=500`,
      response: { databases: [database, { name: "empty" }], pagination: { next_page: "" } },
      result: [readDatabase, { name: "empty", table_count: 0 }],
    },
    {
      name: "databases.rename",
      operation: 'Renaming database "old/name" on cluster c/1',
      object: 'database "old/name" on cluster c/1',
      call: ({ databases }) => databases.rename(id, "old/name", database.name),
      method: "PATCH",
      template: `${ofCluster}/databases/{name}`,
      url: `${base}/databases/old%2Fname`,
      body: { name: "old/name", new_name: database.name },
      response: database,
      result: readDatabase,
    },
    {
      name: "databases.edit",
      operation: 'Renaming database "old/name" on cluster c/1',
      object: 'database "old/name" on cluster c/1',
      call: ({ databases }) => databases.edit(id, { name: "old/name", new_name: database.name }),
      method: "PATCH",
      template: `${ofCluster}/databases`,
      url: `${base}/databases`,
      body: { name: "old/name", new_name: database.name },
      response: database,
      result: readDatabase,
    },
    {
      name: "databases.delete",
      operation: 'Deleting database "a b?" on cluster c/1',
      object: 'database "a b?" on cluster c/1',
      call: ({ databases }) => databases.delete(id, database.name),
      method: "DELETE",
      template: `${ofCluster}/databases/{name}`,
      url: `${base}/databases/a%20b%3F`,
      response: database,
      result: readDatabase,
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(basic("orders"));
    await client.databases.create(id, { name: "orders" });
    await all(client.databases.list(id));
    await client.databases.rename(id, "orders", "sales");
    await client.databases.edit(id, { name: "sales", new_name: "returns" });
    await client.databases.delete(id, "returns");
  },
};

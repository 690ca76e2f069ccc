import type { WireSqlUser } from "../../../sdk";
import type { sqlUserListSchema, sqlUserSchema } from "../../../sdk/resources/sql-users";
import { basic } from "../../emulator/caller";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const user = { name: "a.b/c%d" };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof sqlUserSchema, WireSqlUser>,
    true satisfies Lists<typeof sqlUserListSchema, "users", WireSqlUser>,
  ],

  operations: [
    {
      name: "sqlUsers.create",
      operation: 'Creating SQL user "a.b/c%d" on cluster c/1',
      object: 'SQL user "a.b/c%d" on cluster c/1',
      call: ({ sqlUsers }) => sqlUsers.create(id, { name: user.name, password: "secret-word" }),
      method: "POST",
      template: `${ofCluster}/sql-users`,
      url: `${base}/sql-users`,
      body: { name: user.name, password: "secret-word" },
      response: user,
      result: user,
    },
    {
      name: "sqlUsers.list",
      operation: "Listing the SQL users of cluster c/1",
      object: "cluster c/1",
      call: ({ sqlUsers }) => all(sqlUsers.list(id, { pageSize: 9 })),
      method: "GET",
      template: `${ofCluster}/sql-users`,
      url: `${base}/sql-users?pagination.limit=9`,
      response: { users: [user], pagination: null },
      result: [user],
    },
    {
      name: "sqlUsers.updatePassword",
      operation: 'Changing the password of SQL user "a.b/c%d" on cluster c/1',
      object: 'SQL user "a.b/c%d" on cluster c/1',
      call: ({ sqlUsers }) => sqlUsers.updatePassword(id, user.name, "secret-word"),
      method: "PUT",
      template: `${ofCluster}/sql-users/{name}/password`,
      url: `${base}/sql-users/a.b%2Fc%25d/password`,
      body: { password: "secret-word" },
      response: user,
      result: user,
    },
    {
      name: "sqlUsers.delete",
      operation: 'Deleting SQL user "a.b/c%d" on cluster c/1',
      object: 'SQL user "a.b/c%d" on cluster c/1',
      call: ({ sqlUsers }) => sqlUsers.delete(id, user.name),
      method: "DELETE",
      template: `${ofCluster}/sql-users/{name}`,
      url: `${base}/sql-users/a.b%2Fc%25d`,
      response: user,
      result: user,
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(basic("orders"));
    const created = await client.sqlUsers.create(id, { name: "app", password: "secret-word" });
    await all(client.sqlUsers.list(id));
    await client.sqlUsers.updatePassword(id, created.name, "another-word");
    await client.sqlUsers.delete(id, created.name);
  },
};

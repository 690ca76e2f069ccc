import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { advanced, assertRefused, basic, bodyOf, callerOf, startQuick } from "../caller";

const unknownId = "00000000-0000-4000-8000-000000000000";

describe("SQL users", () => {
  checkEmulators();

  async function withCluster(
    options: EmulatorOptions = {},
  ): Promise<{ emulator: TestEmulator; api: Caller; id: string; users: string }> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(basic("orders"));
    return { emulator, api, id, users: `/clusters/${id}/sql-users` };
  }

  it("are created, and no response contains their password", async () => {
    const { emulator, api, id, users } = await withCluster();
    const password = "correct horse battery";
    assert.deepEqual(bodyOf(await api.post(users, { name: "app", password })), { name: "app" });
    const listed = bodyOf(await api.get(users));
    assert.deepEqual(listed.users, [{ name: "app" }]);
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", password));
    assert.ok(!emulator.sqlUsers.hasPassword(id, "app", "another"));
    assert.ok(!JSON.stringify([...emulator.requests]).includes(password));
  });

  for (const [what, body] of [
    ["no name", { password: "secret" }],
    ["an empty name", { name: "", password: "secret" }],
    ["no password", { name: "app" }],
    ["an empty password", { name: "app", password: "" }],
    ["64 characters", { name: "a".repeat(64), password: "secret" }],
    ["a space", { name: "my app", password: "secret" }],
    ["a dash first", { name: "-app", password: "secret" }],
    ["the reserved none", { name: "none", password: "secret" }],
    ["the reserved prefix pg_", { name: "pg_app", password: "secret" }],
    ["the reserved prefix crdb_internal", { name: "crdb_internal_app", password: "secret" }],
    ["a number for a name", { name: 5, password: "secret" }],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { api, users } = await withCluster();
      assertRefused(await api.post(users, body), 400, 3);
      assert.deepEqual(bodyOf(await api.get(users)).users, []);
    });
  }

  for (const name of ["a", "_app", "my.app", "my-app_1", "a".repeat(63), "0app"]) {
    it(`may be called ${name.slice(0, 10)}`, async () => {
      const { api, users } = await withCluster();
      assert.deepEqual(bodyOf(await api.post(users, { name, password: "secret" })), { name });
    });
  }

  it("are stored in lower case, or refused with capitals if so configured", async () => {
    const { api, users } = await withCluster();
    const created = bodyOf(await api.post(users, { name: "MyApp", password: "secret" }));
    assert.deepEqual(created, { name: "myapp" });
    assertRefused(await api.post(users, { name: "myAPP", password: "secret" }), 409, 6);
    bodyOf(await api.put(`${users}/MyApp/password`, { password: "other" }));
    bodyOf(await api.delete(`${users}/MYAPP`));
    const strict = await withCluster({ assumptions: { upperCaseUsers: "refused" } });
    const refused = await strict.api.post(strict.users, { name: "MyApp", password: "secret" });
    assertRefused(refused, 400, 3, /lower case/);
  });

  it("have unique names: a duplicate is refused with 409, or as configured", async () => {
    const { emulator, api, id, users } = await withCluster();
    bodyOf(await api.post(users, { name: "app", password: "first" }));
    assertRefused(await api.post(users, { name: "app", password: "second" }), 409, 6);
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", "first"));
    const duplicateUser = { status: 400, code: 3 };
    const other = await withCluster({ assumptions: { duplicateUser } });
    other.emulator.sqlUsers.add(other.id, "app");
    const refused = await other.api.post(other.users, { name: "app", password: "second" });
    assertRefused(refused, 400, 3);
  });

  it("are not found while the cluster is unknown, being created or failed", async () => {
    const { emulator, api } = await startQuick();
    const body = { name: "app", password: "secret" };
    assertRefused(await api.post(`/clusters/${unknownId}/sql-users`, body), 404, 5);
    const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
    const message = `internal call failed: cluster '${id}' is not found`;
    assertRefused(await api.post(`/clusters/${id}/sql-users`, body), 404, 5, message);
    assertRefused(await api.get(`/clusters/${id}/sql-users`), 404, 5, message);
    emulator.clusters.failCreation(id);
    assertRefused(await api.post(`/clusters/${id}/sql-users`, body), 404, 5, message);
  });

  it("change their password", async () => {
    const { emulator, api, id, users } = await withCluster();
    emulator.sqlUsers.add(id, "app", "first");
    const changed = bodyOf(await api.put(`${users}/app/password`, { password: "second" }));
    assert.deepEqual(changed, { name: "app" });
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", "second"));
    assertRefused(await api.put(`${users}/nobody/password`, { password: "second" }), 404, 5);
    for (const body of [{}, { password: "" }]) {
      assertRefused(await api.put(`${users}/app/password`, body), 400, 3);
    }
  });

  it("need a password of the configured length", async () => {
    const { emulator, api, id, users } = await withCluster({ assumptions: { passwordMin: 12 } });
    assertRefused(await api.post(users, { name: "app", password: "x".repeat(11) }), 400, 3, /12/);
    bodyOf(await api.post(users, { name: "app", password: "x".repeat(12) }));
    assertRefused(await api.put(`${users}/app/password`, { password: "short" }), 400, 3);
    assert.ok(emulator.sqlUsers.hasPassword(id, "app", "x".repeat(12)));
  });

  it("can be deleted only once", async () => {
    const { api, users } = await withCluster();
    bodyOf(await api.post(users, { name: "app", password: "secret" }));
    assert.deepEqual(bodyOf(await api.delete(`${users}/app`)), { name: "app" });
    assert.deepEqual(bodyOf(await api.get(users)).users, []);
    assertRefused(await api.delete(`${users}/app`), 404, 5);
  });

  it("are listed by name, in pages", async () => {
    const { emulator, api, id, users } = await withCluster();
    const names = Array.from({ length: 150 }, (_, index) => `user-${String((index * 7919) % 150)}`);
    emulator.sqlUsers.add(id, names);
    const first = bodyOf(await api.get(users));
    assert.equal(first.users.length, 100);
    const next = encodeURIComponent(first.pagination.next_page);
    const second = bodyOf(await api.get(`${users}?pagination.page=${next}`));
    assert.equal(second.pagination.next_page, "");
    const listed = [...first.users, ...second.users].map(({ name }) => name);
    assert.deepEqual(listed, [...names].sort());
    assert.deepEqual(emulator.sqlUsers.list(id), listed);
    assert.equal(bodyOf(await api.get(`${users}?pagination.limit=500`)).users.length, 150);
  });

  it("are found by names that are percent-encoded in the path", async () => {
    const { emulator, api, id, users } = await withCluster();
    emulator.sqlUsers.add(id, "a.b");
    bodyOf(await api.put(`${users}/a%2Eb/password`, { password: "second" }));
    assert.deepEqual(bodyOf(await api.delete(`${users}/a%2Eb`)), { name: "a.b" });
  });

  for (const role of ["CLUSTER_DEVELOPER", "CLUSTER_OPERATOR_WRITER"] as const) {
    it(`may be listed by ${role} and not written`, async () => {
      const { emulator, id, users } = await withCluster();
      emulator.sqlUsers.add(id, "app", "first");
      const key = emulator.organization.addKey({ roles: [{ role }] });
      const api = callerOf(emulator, key);
      assert.equal(bodyOf(await api.get(users)).users.length, 1);
      assertRefused(await api.post(users, { name: "other", password: "secret" }), 403, 7);
      assertRefused(await api.put(`${users}/app/password`, { password: "second" }), 403, 7);
      assertRefused(await api.delete(`${users}/app`), 403, 7);
      assert.deepEqual(emulator.sqlUsers.list(id), ["app"]);
      assert.ok(emulator.sqlUsers.hasPassword(id, "app", "first"));
    });
  }

  it("can be changed while the cluster is locked, by default", async () => {
    const { emulator, api, id, users } = await withCluster();
    emulator.clusters.lock(id);
    bodyOf(await api.post(users, { name: "app", password: "secret" }));
    const strict = await withCluster({ assumptions: { lockCoversSubresources: true } });
    strict.emulator.clusters.lock(strict.id);
    const refused = await strict.api.post(strict.users, { name: "app", password: "secret" });
    assertRefused(refused, 503, 14, /lock/);
    assert.deepEqual(bodyOf(await strict.api.get(strict.users)).users, []);
  });

  it("change outside the API", async () => {
    const { emulator, api, id, users } = await withCluster();
    const { sqlUsers } = emulator;
    sqlUsers.add(id, ["a", "b"], "secret");
    sqlUsers.rename(id, "a", "c");
    sqlUsers.setPassword(id, "b", "other");
    assert.ok(sqlUsers.hasPassword(id, "c", "secret") && sqlUsers.hasPassword(id, "b", "other"));
    sqlUsers.remove(id, "b");
    assert.deepEqual(bodyOf(await api.get(users)).users, [{ name: "c" }]);
    assert.throws(() => sqlUsers.remove(id, "b"), /no SQL user "b"/);
    assert.throws(() => sqlUsers.list(unknownId), /no cluster/);
  });
});

import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { advanced, assertRefused, basic, bodyOf, callerOf, startQuick } from "../caller";

const first = ["defaultdb", "postgres", "system"];

describe("Databases", () => {
  checkEmulators();

  async function withCluster(
    options: EmulatorOptions = {},
  ): Promise<{ emulator: TestEmulator; api: Caller; id: string; databases: string }> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(basic("orders"));
    return { emulator, api, id, databases: `/clusters/${id}/databases` };
  }

  const namesOf = (response: { databases: { name: string }[] }) =>
    response.databases.map(({ name }) => name);

  it("exist from the start: the default ones, or those configured", async () => {
    const { api, databases } = await withCluster();
    assert.deepEqual(namesOf(bodyOf(await api.get(databases))), first);
    const other = await withCluster({ assumptions: { firstDatabases: ["defaultdb"] } });
    assert.deepEqual(namesOf(bodyOf(await other.api.get(other.databases))), ["defaultdb"]);
  });

  it("are created, listed by name, renamed and deleted", async () => {
    const { api, databases } = await withCluster();
    const created = bodyOf(await api.post(databases, { name: "shop" }));
    assert.deepEqual(created, { name: "shop", table_count: "0" });
    assert.deepEqual(namesOf(bodyOf(await api.get(databases))), [
      "defaultdb",
      "postgres",
      "shop",
      "system",
    ]);
    const renamed = bodyOf(await api.patch(`${databases}/shop`, { new_name: "a.shop" }));
    assert.deepEqual(renamed, { name: "a.shop", table_count: "0" });
    const again = bodyOf(await api.patch(databases, { name: "a.shop", new_name: "store" }));
    assert.equal(again.name, "store");
    assert.deepEqual(bodyOf(await api.delete(`${databases}/store`)), again);
    assert.deepEqual(namesOf(bodyOf(await api.get(databases))), first);
  });

  it("are not found by unknown names", async () => {
    const { api, databases } = await withCluster();
    assertRefused(await api.delete(`${databases}/nothing`), 404, 5);
    assertRefused(await api.patch(`${databases}/nothing`, { new_name: "other" }), 404, 5);
    assertRefused(await api.patch(databases, { name: "nothing", new_name: "other" }), 404, 5);
  });

  for (const name of ["", undefined, "a b", "x".repeat(64), "-a", 'a"b']) {
    it(`are refused as ${JSON.stringify(name)?.slice(0, 10)}`, async () => {
      const { api, databases } = await withCluster();
      assertRefused(await api.post(databases, { name }), 400, 3);
      assertRefused(await api.patch(`${databases}/defaultdb`, { new_name: name }), 400, 3);
      assertRefused(await api.patch(databases, { new_name: "other" }), 400, 3);
      assert.deepEqual(namesOf(bodyOf(await api.get(databases))), first);
    });
  }

  it("have unique names: a duplicate is refused with 409, or as configured", async () => {
    const { api, databases } = await withCluster();
    bodyOf(await api.post(databases, { name: "shop" }));
    assertRefused(await api.post(databases, { name: "shop" }), 409, 6);
    assertRefused(await api.patch(`${databases}/shop`, { new_name: "defaultdb" }), 409, 6);
    bodyOf(await api.patch(`${databases}/shop`, { new_name: "shop" }));
    const duplicateDatabase = { status: 400, code: 3 };
    const other = await withCluster({ assumptions: { duplicateDatabase } });
    assertRefused(await other.api.post(other.databases, { name: "postgres" }), 400, 3);
  });

  it("include one that belongs to the service", async () => {
    const { api, databases } = await withCluster();
    assertRefused(await api.delete(`${databases}/system`), 400, 9);
    assertRefused(await api.patch(`${databases}/system`, { new_name: "mine" }), 400, 9);
    bodyOf(await api.delete(`${databases}/defaultdb`));
  });

  it("are not found while the cluster is being created", async () => {
    const { api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
    assertRefused(await api.post(`/clusters/${id}/databases`, { name: "shop" }), 404, 5);
    assertRefused(await api.get(`/clusters/${id}/databases`), 404, 5);
  });

  it("come in pages", async () => {
    const { emulator, api, id, databases } = await withCluster();
    const names = Array.from({ length: 1000 }, (_, index) => `db${index}`);
    emulator.databases.add(id, names);
    const listed: string[] = [];
    let page = "";
    do {
      const response = bodyOf(
        await api.get(`${databases}?pagination.limit=500&pagination.page=${page}`),
      );
      listed.push(...namesOf(response));
      page = response.pagination.next_page;
    } while (page !== "");
    assert.deepEqual(listed, [...names, ...first].sort());
    assert.equal(emulator.requests.length, 3);
  });

  it("may be read by developers and not written", async () => {
    const { emulator, databases } = await withCluster();
    const key = emulator.organization.addKey({ roles: [{ role: "CLUSTER_DEVELOPER" }] });
    bodyOf(await callerOf(emulator, key).get(databases));
    assertRefused(await callerOf(emulator, key).post(databases, { name: "shop" }), 403, 7);
  });

  it("change outside the API", async () => {
    const { emulator, api, id, databases } = await withCluster();
    emulator.databases.add(id, "shop", 12);
    emulator.databases.rename(id, "shop", "store");
    emulator.databases.remove(id, "postgres");
    assert.deepEqual(bodyOf(await api.get(databases)).databases, emulator.databases.list(id));
    assert.deepEqual(emulator.databases.list(id)[1], { name: "store", table_count: "12" });
    assert.throws(() => emulator.databases.rename(id, "shop", "x"), /no database "shop"/);
  });
});

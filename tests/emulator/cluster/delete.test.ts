import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  hour,
  minute,
  startQuick,
} from "../caller";

describe("DeleteCluster", () => {
  checkEmulators();

  it("returns the deleted cluster, which GET still finds", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    const deleted = bodyOf(await api.delete(`/clusters/${id}`));
    assert.equal(deleted.state, "DELETED");
    assert.equal(
      deleted.deleted_at,
      new Date(emulator.clock.now()).toISOString().replace(".000", ""),
    );
    assert.equal(deleted.name, "orders");
    assert.deepEqual(bodyOf(await api.get(`/clusters/${id}`)), deleted);
  });

  it("refuses a protected cluster until the protection is off", async () => {
    const { api } = await startQuick();
    const body = basic("orders", {}, { delete_protection: "ENABLED" });
    const { id } = bodyOf(await api.post("/clusters", body));
    assertRefused(await api.delete(`/clusters/${id}`), 400, 9, /delete protection/);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATED");
    bodyOf(await api.patch(`/clusters/${id}`, { delete_protection: "DISABLED" }));
    bodyOf(await api.delete(`/clusters/${id}`));
  });

  it("refuses a cluster that is being created and takes a locked one", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
    assertRefused(await api.delete(`/clusters/${id}`), 503, 14, /lock/);
    await emulator.clock.advance(25 * minute);
    bodyOf(await api.patch(`/clusters/${id}`, { dedicated: { region_nodes: { "us-east-1": 5 } } }));
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "LOCKED");
    assert.equal(bodyOf(await api.delete(`/clusters/${id}`)).operation_status, "UNSPECIFIED");
    await emulator.clock.advance(hour);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "DELETED");
  });

  it("returns 404 the second time, or the same response if so configured", async () => {
    const { api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    bodyOf(await api.delete(`/clusters/${id}`));
    assertRefused(await api.delete(`/clusters/${id}`), 404, 5);
    assertRefused(await api.patch(`/clusters/${id}`, { labels: {} }), 404, 5);
    const { api: other } = await startQuick({ assumptions: { secondDelete: "same-response" } });
    const { id: again } = bodyOf(await other.post("/clusters", basic("orders")));
    const first = bodyOf(await other.delete(`/clusters/${again}`));
    assert.deepEqual(bodyOf(await other.delete(`/clusters/${again}`)), first);
  });

  it("makes reads of the cluster's subresources return 404 by default", async () => {
    const { api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    bodyOf(await api.delete(`/clusters/${id}`));
    assertRefused(await api.get(`/clusters/${id}/nodes`), 404, 5);
    assertRefused(await api.get(`/clusters/${id}/connection-string`), 404, 5);
    const { api: other } = await startQuick({ assumptions: { serveDeletedClusters: true } });
    const { id: kept } = bodyOf(await other.post("/clusters", basic("orders")));
    bodyOf(await other.delete(`/clusters/${kept}`));
    bodyOf(await other.get(`/clusters/${kept}/connection-string`));
  });

  it("deletes users, windows, keys and all other subresources", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    emulator.sqlUsers.add(id, "app");
    emulator.databases.add(id, "shop");
    emulator.allowlist.add(id, "192.0.2.0/24");
    emulator.versionDeferrals.set(id, "DEFERRAL_30_DAYS");
    const window = { offset_duration: "0s", window_duration: "21600s" };
    emulator.maintenanceWindows.set(id, window);
    bodyOf(await api.delete(`/clusters/${id}`));
    const path = `/clusters/${id}`;
    for (const [method, rest, body] of [
      ["GET", "sql-users", undefined],
      ["POST", "sql-users", { name: "app", password: "secret" }],
      ["PUT", "sql-users/app/password", { password: "secret" }],
      ["DELETE", "sql-users/app", undefined],
      ["GET", "databases", undefined],
      ["POST", "databases", { name: "shop" }],
      ["DELETE", "databases/shop", undefined],
      ["GET", "networking/allowlist", undefined],
      ["PUT", "networking/allowlist/192.0.2.0/24", { sql: true, ui: true }],
      ["DELETE", "networking/allowlist/192.0.2.0/24", undefined],
      ["GET", "maintenance-window", undefined],
      ["PUT", "maintenance-window", window],
      ["DELETE", "maintenance-window", undefined],
      ["GET", "version-deferral", undefined],
      ["PUT", "version-deferral", { deferral_policy: "NOT_DEFERRED" }],
      ["GET", "cmek", undefined],
      ["POST", "cmek", { region_specs: [] }],
      ["PATCH", "cmek", { action: "REVOKE" }],
      ["GET", "backups", undefined],
      ["GET", "backups-config", undefined],
      ["PATCH", "backups-config", { enabled: true }],
      ["GET", "restores", undefined],
      ["POST", "restores", { type: "CLUSTER" }],
    ] as const) {
      assertRefused(await api.send(method, `${path}/${rest}`, body), 404, 5, /is not found/);
    }
    assert.deepEqual(emulator.sqlUsers.list(id), []);
    assert.deepEqual(emulator.databases.list(id), []);
    assert.deepEqual(emulator.allowlist.list(id), []);
    assert.equal(emulator.maintenanceWindows.get(id), undefined);
    assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "NOT_DEFERRED");
  });

  it("returns 403 to creators of other clusters and to operators", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    for (const role of ["CLUSTER_CREATOR", "CLUSTER_OPERATOR_WRITER"] as const) {
      const secret = emulator.organization.addKey({ roles: [{ role }] });
      assertRefused(await callerOf(emulator, secret).delete(`/clusters/${id}`), 403, 7);
    }
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATED");
  });

  it("takes time if a test delays it: the cluster is LOCKED and keeps its name", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    emulator.faults.holdNextDelete(10 * minute);
    assert.equal(bodyOf(await api.delete(`/clusters/${id}`)).state, "LOCKED");
    assertRefused(await api.delete(`/clusters/${id}`), 503, 14, /lock/);
    assertRefused(await api.post("/clusters", basic("orders")), 409, 6);
    await emulator.clock.advance(10 * minute);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "DELETED");
    bodyOf(await api.post("/clusters", basic("orders")));
  });

  it("does not end until a test finishes it, if so scripted", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    emulator.faults.holdNextDelete();
    bodyOf(await api.delete(`/clusters/${id}`));
    await emulator.clock.advance(1000 * hour);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "LOCKED");
    assert.equal(emulator.clusters.finish(id).state, "DELETED");
  });
});

import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse } from "../caller";
import { assertRefused, basic, bodyOf, callerOf, startQuick } from "../caller";

function namesOf(response: ApiResponse): string[] {
  return bodyOf(response).clusters.map((cluster: { name: string }) => cluster.name);
}

describe("GetCluster and ListClusters", () => {
  checkEmulators();

  it("return 404 for an unknown id", async () => {
    const { api } = await startQuick();
    assertRefused(
      await api.get("/clusters/11111111-1111-4111-8111-111111111111"),
      404,
      5,
      /cluster '11111111-1111-4111-8111-111111111111'/,
    );
  });

  it("show every field, unset ones as zero values or null", async () => {
    const { api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    const cluster = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual(Object.keys(cluster).sort(), [
      "account_id",
      "azure_cluster_identity_client_id",
      "cidr_range",
      "cloud_provider",
      "cockroach_version",
      "config",
      "created_at",
      "creator_id",
      "customer_cloud_account",
      "delete_protection",
      "deleted_at",
      "egress_traffic_policy",
      "id",
      "is_customer_cloud_account",
      "labels",
      "name",
      "network_visibility",
      "operation_status",
      "parent_id",
      "plan",
      "regions",
      "sql_dns",
      "state",
      "updated_at",
      "upgrade_status",
    ]);
    assert.equal(cluster.account_id, "");
    assert.equal(cluster.deleted_at, null);
    assert.deepEqual(cluster.labels, {});
    assert.equal(cluster.parent_id, "root");
    assert.deepEqual(Object.keys(cluster.config), ["serverless"]);
    assert.deepEqual(bodyOf(await api.get("/clusters")).clusters, [cluster]);
  });

  it("sort by name, by creation or by deletion", async () => {
    const { emulator, api } = await startQuick();
    const ids = new Map<string, string>();
    for (const name of ["charly-1", "alpha-1", "bravo-1"]) {
      ids.set(name, bodyOf(await api.post("/clusters", basic(name))).id);
      // A whole second is written without a fraction, and would sort after the half of it as a text.
      await emulator.clock.advance(500);
    }
    bodyOf(await api.delete(`/clusters/${ids.get("charly-1")}`));
    const sorted = async (query: string) =>
      namesOf(await api.get(`/clusters?show_inactive=true${query}`));
    assert.deepEqual(await sorted(""), ["alpha-1", "bravo-1", "charly-1"]);
    assert.deepEqual(await sorted("&pagination.sort_by=NAME"), ["alpha-1", "bravo-1", "charly-1"]);
    assert.deepEqual(await sorted("&pagination.sort_by=CREATED_AT"), [
      "charly-1",
      "alpha-1",
      "bravo-1",
    ]);
    assert.deepEqual(await sorted("&pagination.sort_by=CREATED_AT&pagination.sort_order=DESC"), [
      "bravo-1",
      "alpha-1",
      "charly-1",
    ]);
    assert.deepEqual(await sorted("&pagination.sort_by=DELETED_AT"), [
      "alpha-1",
      "bravo-1",
      "charly-1",
    ]);
  });

  it("show deleted clusters only if requested, and only to roles of the organization", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    const secret = emulator.organization.addKey({
      roles: [{ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: id }],
    });
    const limited = callerOf(emulator, secret);
    assert.deepEqual(namesOf(await limited.get("/clusters?show_inactive=true")), ["orders"]);
    bodyOf(await api.delete(`/clusters/${id}`));
    assert.deepEqual(namesOf(await api.get("/clusters")), []);
    assert.deepEqual(namesOf(await api.get("/clusters?show_inactive=true")), ["orders"]);
    assert.deepEqual(namesOf(await limited.get("/clusters?show_inactive=true")), []);
  });

  it("show a key with a role on one cluster only that cluster", async () => {
    const { emulator, api } = await startQuick();
    bodyOf(await api.post("/clusters", basic("others")));
    const { id } = bodyOf(await api.post("/clusters", basic("orders")));
    const [other] = bodyOf(await api.get("/clusters?pagination.sort_order=DESC")).clusters;
    const secret = emulator.organization.addKey({
      roles: [{ role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId: id }],
    });
    const limited = callerOf(emulator, secret);
    assert.deepEqual(namesOf(await limited.get("/clusters")), ["orders"]);
    bodyOf(await limited.get(`/clusters/${id}`));
    assertRefused(await limited.get(`/clusters/${other.id}`), 403, 7);
  });

  it("count roles of a folder for all clusters below it", async () => {
    const { emulator, api } = await startQuick();
    const folder = emulator.folders.add("payments");
    const inner = emulator.folders.add("europe", { parentId: folder });
    bodyOf(await api.post("/clusters", basic("outside")));
    bodyOf(await api.post("/clusters", basic("inside", {}, { parent_id: inner })));
    const secret = emulator.organization.addKey({
      roles: [{ role: "CLUSTER_MONITOR", scope: "folder", resourceId: folder }],
    });
    assert.deepEqual(namesOf(await callerOf(emulator, secret).get("/clusters")), ["inside"]);
  });
});

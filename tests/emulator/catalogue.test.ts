import { strict as assert } from "node:assert";
import type { Role } from "../../emulator";
import { checkEmulators } from "../support/emulator";
import { advanced, assertRefused, basic, bodyOf, callerOf, minute, startQuick } from "./caller";

interface Node {
  name: string;
  region_name: string;
  status: string;
}

function statusesOf(nodes: Node[]): string {
  return nodes.map((node) => (node.status === "LIVE" ? "L" : "-")).join("");
}

describe("ListClusterNodes", () => {
  checkEmulators();

  it("shows nodes that become LIVE one after another while the cluster is created", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
    const seen: string[] = [];
    for (let at = 0; at <= 25; at += 5) {
      seen.push(statusesOf(bodyOf(await api.get(`/clusters/${id}/nodes`)).nodes));
      await emulator.clock.advance(5 * minute);
    }
    assert.deepEqual(seen, ["---", "---", "L--", "L--", "LL-", "LLL"]);
  });

  it("lists all nodes, sorted by region and name", async () => {
    const { emulator } = await startQuick();
    const api = callerOf(emulator);
    const { id } = emulator.clusters.create(
      advanced("orders", { region_nodes: { "us-west-2": 3, "eu-west-1": 4, "us-east-1": 3 } }),
    );
    const { nodes } = bodyOf(await api.get(`/clusters/${id}/nodes`));
    assert.equal(nodes.length, 10);
    assert.deepEqual(
      nodes.map((node: Node) => node.name),
      nodes.map((node: Node) => node.name).sort(),
    );
    assert.equal(statusesOf(nodes), "L".repeat(10));
  });

  it("shows new nodes as NOT_READY while scaling, and restarting ones", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    bodyOf(await api.patch(`/clusters/${id}`, { dedicated: { region_nodes: { "us-east-1": 5 } } }));
    assert.equal(statusesOf(bodyOf(await api.get(`/clusters/${id}/nodes`)).nodes), "LLL--");
    await emulator.clock.advance(5 * minute);
    assert.equal(statusesOf(bodyOf(await api.get(`/clusters/${id}/nodes`)).nodes), "LLLL-");
    await emulator.clock.advance(5 * minute);
    assert.equal(statusesOf(bodyOf(await api.get(`/clusters/${id}/nodes`)).nodes), "LLLLL");
    const hardware = { machine_spec: { num_virtual_cpus: 8 } };
    bodyOf(await api.patch(`/clusters/${id}`, { dedicated: { hardware } }));
    assert.equal(statusesOf(bodyOf(await api.get(`/clusters/${id}/nodes`)).nodes), "-LLLL");
  });

  it("filters by region, and has nothing for Basic and Standard", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(
      advanced("orders", { region_nodes: { "us-west-2": 3, "eu-west-1": 4, "us-east-1": 3 } }),
    );
    const { nodes } = bodyOf(await api.get(`/clusters/${id}/nodes?region_name=eu-west-1`));
    assert.deepEqual([...new Set(nodes.map((node: Node) => node.region_name))], ["eu-west-1"]);
    assert.equal(nodes.length, 4);
    const { id: other } = emulator.clusters.create(basic("others"));
    assert.deepEqual(bodyOf(await api.get(`/clusters/${other}/nodes`)).nodes, []);
    const strict = await startQuick({ assumptions: { serverlessNodes: "refused" } });
    const { id: refused } = strict.emulator.clusters.create(basic("others"));
    assertRefused(await strict.api.get(`/clusters/${refused}/nodes`), 400, 9);
  });
});

describe("ListAvailableRegions", () => {
  checkEmulators();

  it("filters by provider and by plan", async () => {
    const { api } = await startQuick();
    const count = async (query: string) =>
      bodyOf(await api.get(`/clusters/available-regions?pagination.limit=500&${query}`)).regions
        .length;
    assert.equal(await count(""), 82);
    assert.equal(await count("provider=AWS"), 23);
    assert.equal(await count("provider=GCP"), 35);
    assert.equal(await count("provider=AZURE"), 24);
    assert.equal(await count("serverless=true"), 15);
    assert.equal(await count("serverless=true&provider=AWS"), 8);
    assert.equal(await count("serverless=true&provider=GCP"), 7);
    assert.equal(await count("serverless=true&provider=AZURE"), 0);
    assertRefused(await api.get("/clusters/available-regions?provider=IBM"), 400, 3);
  });

  it("sorts by distance from the caller", async () => {
    const { api } = await startQuick();
    const { regions } = bodyOf(await api.get("/clusters/available-regions"));
    const distances = regions.map((region: { distance: number }) => region.distance);
    assert.deepEqual(
      distances,
      [...distances].sort((a, b) => a - b),
    );
  });
});

describe("ListMajorClusterVersions", () => {
  checkEmulators();

  it("lists versions with their upgrades, newest first", async () => {
    const { api } = await startQuick();
    const { versions } = bodyOf(await api.get("/cluster-versions"));
    const names: string[] = versions.map((version: { version: string }) => version.version);
    assert.deepEqual(names.slice(0, 4), ["v26.1", "v25.4", "v25.2", "v24.3"]);
    for (const { allowed_upgrades: upgrades } of versions) {
      assert.ok(upgrades.every((upgrade: string) => names.includes(upgrade)));
    }
    const ascending = bodyOf(
      await api.get("/cluster-versions?pagination.sort_order=DESC"),
    ).versions;
    assert.deepEqual(ascending.reverse(), versions);
  });

  it("is open to every member, and shows versions released meanwhile", async () => {
    const { emulator } = await startQuick();
    const secret = emulator.organization.addKey({
      roles: [{ role: "BILLING_VIEWER" satisfies Role }],
    });
    emulator.versions.release({
      version: "v26.2",
      patch: "v26.2.0",
      releaseType: "REGULAR",
      supportStatus: "SUPPORTED",
      supportEnd: "2027-12-01T00:00:00Z",
      allowedUpgrades: [],
      isServerless: true,
    });
    const { versions } = bodyOf(await callerOf(emulator, secret).get("/cluster-versions"));
    assert.equal(versions[0].version, "v26.2");
  });
});

describe("GetConnectionString", () => {
  checkEmulators();

  it("requires the operating system for Advanced only", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    assertRefused(await api.get(`/clusters/${id}/connection-string`), 400, 3, /os is required/);
    for (const os of ["MAC", "LINUX", "WINDOWS"]) {
      const { connection_string: text } = bodyOf(
        await api.get(`/clusters/${id}/connection-string?os=${os}`),
      );
      assert.match(text, /sslmode=verify-full&sslrootcert=.*orders-ca\.crt$/);
    }
    const { id: other } = emulator.clusters.create(basic("others"));
    bodyOf(await api.get(`/clusters/${other}/connection-string`));
  });

  it("names host, port, database and user, and no password", async () => {
    const { emulator, api } = await startQuick();
    const { id, sql_dns: host } = emulator.clusters.create(basic("orders"));
    const plain = bodyOf(await api.get(`/clusters/${id}/connection-string`));
    assert.deepEqual(plain, {
      connection_string: `postgresql://${host}:26257/defaultdb?sslmode=verify-full`,
      params: { Host: host, Port: "26257", Database: "defaultdb", Username: "" },
    });
    const full = bodyOf(
      await api.get(`/clusters/${id}/connection-string?sql_user=app&database=shop`),
    );
    assert.deepEqual(full, {
      connection_string: `postgresql://app@${host}:26257/shop?sslmode=verify-full`,
      params: { Host: host, Port: "26257", Database: "shop", Username: "app" },
    });
  });
});

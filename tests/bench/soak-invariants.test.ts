import assert from "node:assert/strict";
import { subresourcesOf, violationsOf } from "../../bench/soak-invariants";
import type { Declared } from "../../bench/stacks";
import type { WireCreateCluster } from "../../emulator";
import { startEmulator } from "../../emulator";
import type { State } from "../support/engine";

const stack: Declared[] = [
  { type: "Cluster", name: "orders", args: {} },
  { type: "SqlUser", name: "app", args: {}, cluster: "orders" },
];
const password = "correct horse battery";
const body = {
  name: "orders",
  provider: "GCP",
  spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
} as WireCreateCluster;

const entry = (type: string, name: string, id: string, more: object = {}) => ({
  urn: `urn:pulumi:test::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:${type}::${name}`,
  type: `pulumi-nodejs:dynamic/cockroachdb-cloud:${type}`,
  id,
  ...more,
});

const secret = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** A service with one cluster and one user, and the state of the stack that made them. */
async function shop() {
  const emulator = await startEmulator();
  await emulator.close();
  const { id } = emulator.clusters.create(body);
  emulator.sqlUsers.add(id, "app", password);
  const cluster = entry("Cluster", "orders", id);
  const app = entry("SqlUser", "app", `${id}:app`, { outputs: { password: secret(password) } });
  const check = (resources: object[], pending: object[] = []) =>
    violationsOf(
      stack,
      { version: 3, deployment: { resources, pending_operations: pending } } as State,
      emulator,
      [],
    );
  return { emulator, id, cluster, app, check };
}

describe("The invariants of the soak test", () => {
  it("are content with a state that names what is there", async () => {
    const { cluster, app, check } = await shop();
    assert.deepEqual(check([cluster, app]), []);
  });

  it("see what is in the state and not in the service", async () => {
    const { emulator, id, cluster, app, check } = await shop();
    emulator.sqlUsers.remove(id, "app");
    assert.match(check([cluster, app]).join(), /SqlUser .*:app: 1 times in the state, 0 in/);
  });

  it("see what is in the service and not in the state", async () => {
    const { emulator, id, cluster, app, check } = await shop();
    emulator.databases.add(id, "nobodys");
    emulator.allowlist.add(id, "203.0.113.7/32");
    const violations = check([cluster, app]);
    assert.match(violations.join(), /AllowlistEntry .*: 0 times in the state, 1 in the service/);
    assert.match(violations.join(), /Database .*:nobodys: 0 times in the state, 1 in the service/);
    assert.equal(violations.length, 2);
  });

  it("see a second cluster, and a resource of the program that has none", async () => {
    const { emulator, cluster, app, check } = await shop();
    emulator.clusters.create({ ...body, name: "orders-2" });
    assert.match(
      check([cluster, app]).join(),
      /Cluster .*: 0 times in the state, 1 in the service/,
    );
    assert.match(check([cluster]).join(), /app: 1 times in the program, 0 in the state/);
  });

  it("see one thing under two names", async () => {
    const { cluster, app, check } = await shop();
    assert.match(check([cluster, app, { ...app }]).join(), /SqlUser .*:app: 2 times in the state/);
  });

  it("see what is not finished", async () => {
    const { emulator, id, cluster, app, check } = await shop();
    assert.match(
      check([{ ...cluster, initErrors: ["late"] }, app]).join(),
      /orders: .* not finished/,
    );
    assert.match(
      check([cluster, app], [{ type: "creating", resource: app }]).join(),
      /app: its creating is still pending/,
    );
    emulator.clusters.edit(id, { labels: { "pulumi-creating": "x" } });
    assert.match(check([cluster, app]).join(), /cluster orders: .*creation mark/);
  });

  it("see a password that is another one, or no secret", async () => {
    const { cluster, app, check } = await shop();
    const wrong = { ...app, outputs: { password: secret("another one") } };
    assert.match(check([cluster, wrong]).join(), /app: the password in the state is not/);
    const plain = { ...app, outputs: { password } };
    assert.match(check([cluster, plain]).join(), /app: its password is not kept as a secret/);
  });

  it("report a change of the clusters of others", async () => {
    const { emulator, id } = await shop();
    const before = subresourcesOf(emulator, [id]);
    assert.equal(subresourcesOf(emulator, [id]), before);
    emulator.sqlUsers.add(id, "intruder");
    assert.notEqual(subresourcesOf(emulator, [id]), before);
  });
});

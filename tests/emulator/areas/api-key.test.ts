import { strict as assert } from "node:assert";
import type { EmulatorOptions, RoleGrant } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, basic, bodyOf, callerOf, minute, startQuick } from "../caller";

const unknownId = "00000000-0000-4000-8000-000000000000";

describe("API keys", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const { emulator, api } = await startQuick(options);
    const account = emulator.serviceAccounts.add("ci", { roles: [{ role: "CLUSTER_ADMIN" }] });
    const create = async (name = "ci", service_account_id = account) =>
      bodyOf(await api.post("/api-keys", { name, service_account_id }));
    const caller = (...roles: RoleGrant[]) =>
      callerOf(emulator, emulator.organization.addKey({ name: "caller", roles }));
    return { emulator, api, account, create, caller };
  }

  it("show their secret once, which begins with their id", async () => {
    const { api, account, create } = await start();
    const { api_key: key, secret } = await create();
    assert.match(secret, /^CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}$/);
    assert.equal(secret.startsWith(`${key.id}_`), true);
    assert.deepEqual(Object.keys(key).sort(), ["created_at", "id", "name", "service_account_id"]);
    assert.deepEqual([key.name, key.service_account_id], ["ci", account]);
    assert.deepEqual(bodyOf(await api.get(`/api-keys/${key.id}`)), key);
    const list = await api.get("/api-keys");
    assert.equal(list.text.includes(secret), false);
  });

  it("open the emulator with the roles that their service account has at the time", async () => {
    const { emulator, account, create } = await start();
    const ci = callerOf(emulator, (await create()).secret);
    bodyOf(await ci.post("/clusters", basic("orders")));
    assert.equal(emulator.requests.at(-1)?.key, "ci");
    emulator.roles.revoke(account, { role: "CLUSTER_ADMIN" });
    assertRefused(await ci.post("/clusters", basic("reports")), 403, 7);
    emulator.roles.grant(account, { role: "CLUSTER_CREATOR" });
    bodyOf(await ci.post("/clusters", basic("reports")));
  });

  it("work after as long as the duration says", async () => {
    const { emulator, create } = await start({ durations: { keyActivationMs: minute } });
    const ci = callerOf(emulator, (await create()).secret);
    assertRefused(await ci.get("/clusters"), 401, 16);
    await emulator.clock.advance(minute);
    bodyOf(await ci.get("/clusters"));
  });

  it("share the rate limit of their service account", async () => {
    const { emulator, create } = await start({ rateLimit: { perSecond: 3, time: "emulator" } });
    const first = callerOf(emulator, (await create("one")).secret);
    const second = callerOf(emulator, (await create("two")).secret);
    bodyOf(await first.get("/clusters"));
    bodyOf(await second.get("/clusters"));
    bodyOf(await first.get("/clusters"));
    assertRefused(await second.get("/clusters"), 429, 8);
  });

  it("need a name and a service account that exists", async () => {
    const { api, account } = await start();
    const refusals = [
      [{ service_account_id: account }, 400, 3],
      [{ name: "ci" }, 400, 3],
      [{ name: "ci", service_account_id: "ci" }, 400, 3],
      [{ name: "ci", service_account_id: unknownId }, 404, 5],
    ] as const;
    for (const [body, status, code] of refusals) {
      assertRefused(await api.post("/api-keys", body), status, code);
    }
    const strict = await start({
      assumptions: { keyForUnknownAccount: { status: 400, code: 3 } },
    });
    const body = { name: "ci", service_account_id: unknownId };
    assertRefused(await strict.api.post("/api-keys", body), 400, 3);
  });

  it("are listed by the time of their creation, all of them or those of one service account", async () => {
    const { emulator, api, account, create } = await start();
    await create("zebra");
    await emulator.clock.advance(minute);
    await create("ant");
    const names = async (query: string) =>
      bodyOf(await api.get(`/api-keys${query}`)).api_keys.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names(`?service_account_id=${account}`), ["zebra", "ant"]);
    assert.deepEqual((await names("")).sort(), ["ant", "key-1", "zebra"]);
    assert.deepEqual(await names(`?service_account_id=${unknownId}`), []);
  });

  it("are renamed, and nothing else about them changes", async () => {
    const { api, create } = await start({ assumptions: { strictPatch: false } });
    const { api_key: key } = await create();
    const path = `/api-keys/${key.id}`;
    const changed = bodyOf(await api.patch(path, { name: "cd", service_account_id: unknownId }));
    assert.deepEqual(changed, { ...key, name: "cd" });
    assert.deepEqual(bodyOf(await api.patch(path, {})), changed);
    assertRefused(await api.patch(path, { name: "" }), 400, 3);
  });

  it("stop working with the request that deletes them", async () => {
    const { emulator, api, create } = await start();
    const { api_key: key, secret } = await create();
    assert.deepEqual(bodyOf(await api.delete(`/api-keys/${key.id}`)), key);
    assertRefused(await callerOf(emulator, secret).get("/organization"), 401, 16);
    assertRefused(await api.delete(`/api-keys/${key.id}`), 404, 5);
  });

  it("work for a while after their deletion, also with their account, as the duration says", async () => {
    const { emulator, api } = await startQuick({ durations: { keyRevocationMs: 5000 } });
    const account = emulator.serviceAccounts.add("ci", { roles: [{ role: "ORG_ADMIN" }] });
    const secrets = ["one", "two"].map((name) => emulator.apiKeys.add(account, name));
    const reads = () =>
      Promise.all(
        secrets.map(
          async (secret) => (await callerOf(emulator, secret).get("/organization")).status,
        ),
      );
    const { id } = emulator.apiKeys.list().find(({ name }) => name === "one") ?? {};
    bodyOf(await api.delete(`/api-keys/${id}`));
    assertRefused(await api.get(`/api-keys/${id}`), 404, 5);
    await emulator.clock.advance(4999);
    assert.deepEqual(await reads(), [200, 200]);
    bodyOf(await api.delete(`/service-accounts/${account}`));
    await emulator.clock.advance(1);
    assert.deepEqual(await reads(), [401, 200]);
    await emulator.clock.advance(4999);
    assert.deepEqual(await reads(), [401, 401]);
  });

  it("are not found by their whole secret, which is stored nowhere", async () => {
    const { emulator, api, create } = await start({ assumptions: { auditRefusals: true } });
    const { secret } = await create();
    for (const method of ["GET", "PATCH", "DELETE"]) {
      assertRefused(await api.send(method, `/api-keys/${secret}`, undefined), 404, 5);
    }
    await api.get(`/api-keys?service_account_id=${secret}`);
    const log = [emulator.requests, emulator.organization.auditLog()].map((all) =>
      JSON.stringify(all),
    );
    assert.deepEqual(
      log.map((text) => text.includes(secret)),
      [false, false],
    );
  });

  it("are not found by another id, whatever its form", async () => {
    const { api } = await start();
    for (const id of ["ci", "CCDB1_abc", unknownId]) {
      assertRefused(await api.get(`/api-keys/${id}`), 404, 5);
    }
  });

  it("are listed and read by a Cluster Admin, and written by an Organization Admin only", async () => {
    const { account, caller, create } = await start();
    const { api_key: key } = await create();
    const admin = caller({ role: "CLUSTER_ADMIN" });
    bodyOf(await admin.get("/api-keys"));
    bodyOf(await admin.get(`/api-keys/${key.id}`));
    const body = { name: "mine", service_account_id: account };
    assertRefused(await admin.post("/api-keys", body), 403, 7);
    assertRefused(await admin.patch(`/api-keys/${key.id}`, { name: "x" }), 403, 7);
    assertRefused(await admin.delete(`/api-keys/${key.id}`), 403, 7);
  });

  it("exist when the response to their creation is lost", async () => {
    const { emulator, api, account } = await start();
    emulator.faults.add("CreateApiKey", { reset: "after-effect" });
    const body = { name: "lost", service_account_id: account };
    await assert.rejects(api.post("/api-keys", body));
    assert.deepEqual(
      emulator.apiKeys.list().map(({ name }) => name),
      ["key-1", "lost"],
    );
  });

  it("are added, renamed and removed outside the API", async () => {
    const { emulator, account } = await start();
    const secret = emulator.apiKeys.add(account, "ci");
    const ci = callerOf(emulator, secret);
    bodyOf(await ci.get("/organization"));
    const id = secret.replace(/_[^_]*$/, "");
    emulator.apiKeys.rename(id, "cd");
    assert.equal(emulator.apiKeys.list().at(-1)?.name, "cd");
    emulator.apiKeys.remove(id);
    assertRefused(await ci.get("/organization"), 401, 16);
    assert.throws(() => emulator.apiKeys.remove(id), /no API key/);
    assert.throws(() => emulator.apiKeys.add(unknownId, "x"), /no service account/);
  });

  it("have the changes of their lives in the audit log, without the secret", async () => {
    const { emulator, api, create } = await start();
    const { api_key: key, secret } = await create();
    await api.patch(`/api-keys/${key.id}`, { name: "cd" });
    await api.delete(`/api-keys/${key.id}`);
    const log = emulator.organization.auditLog();
    assert.deepEqual(
      log.map(({ action }) => action.replace("AUDIT_LOG_ACTION_", "")),
      ["CREATE_API_KEY", "UPDATE_API_KEY", "DELETE_API_KEY"],
    );
    assert.equal(JSON.stringify(log).includes(secret), false);
  });
});

import { strict as assert } from "node:assert";
import type { EmulatorOptions, RoleGrant } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, bodyOf, callerOf, minute, startQuick } from "../caller";

const member = { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } };
const unknownId = "00000000-0000-4000-8000-000000000000";

describe("Service accounts", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const { emulator, api } = await startQuick(options);
    const caller = (...roles: RoleGrant[]) =>
      callerOf(emulator, emulator.organization.addKey({ name: "caller", roles }));
    const create = async (body: object = { name: "ci", description: "", roles: [] }) =>
      bodyOf(await api.post("/service-accounts", body));
    return { emulator, api, caller, create };
  }

  it("begin as members of the organization, and name their creator", async () => {
    const { emulator, create } = await start();
    const { id, ...account } = await create();
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(account, {
      name: "ci",
      description: "",
      creator_name: "key-1",
      created_at: new Date(emulator.clock.now()).toISOString().replace(".000Z", "Z"),
      roles: [member],
      group_roles: [],
    });
  });

  it("begin with the roles that the request names, each once", async () => {
    const { create } = await start();
    const admin = { name: "CLUSTER_ADMIN", resource: { type: "ORGANIZATION" } };
    const roles = [
      admin,
      member,
      { name: "CLUSTER_ADMIN", resource: { ...admin.resource, id: "" } },
    ];
    assert.deepEqual((await create({ name: "ci", description: "", roles })).roles, [member, admin]);
  });

  it("need a name, and neither a description nor roles nor a name of their own", async () => {
    const { api, create } = await start();
    for (const body of [{}, { name: "" }, { name: null }]) {
      assertRefused(await api.post("/service-accounts", body), 400, 3, /name/);
    }
    const { id } = await create({ name: "ci" });
    assert.notEqual((await create({ name: "ci" })).id, id);
    assertRefused(await api.patch(`/service-accounts/${id}`, { name: "" }), 400, 3, /name/);
  });

  it("need all fields and a name of their own, and cannot delete themselves, where the assumptions say so", async () => {
    const duplicateServiceAccount = { status: 409, code: 6 };
    const { emulator, api } = await start({
      assumptions: { strictRequired: true, duplicateServiceAccount, refuseSelfDelete: true },
    });
    const whole = { name: "ci", description: "", roles: [] };
    for (const missing of [{ name: "ci" }, { ...whole, roles: undefined }]) {
      assertRefused(await api.post("/service-accounts", missing), 400, 3);
    }
    const { id } = bodyOf(await api.post("/service-accounts", whole));
    assertRefused(await api.post("/service-accounts", whole), 409, 6);
    bodyOf(await api.delete(`/service-accounts/${id}`));
    const [own] = emulator.serviceAccounts.list();
    assertRefused(await api.delete(`/service-accounts/${own?.id}`), 400, 9);
  });

  it("give no more roles at their creation than their creator may grant", async () => {
    const { emulator, caller } = await start();
    const admin = caller({ role: "CLUSTER_ADMIN" });
    const roles = [{ name: "ORG_ADMIN", resource: { type: "ORGANIZATION" } }];
    assertRefused(await admin.post("/service-accounts", { name: "ci", roles }), 403, 7);
    assert.equal(
      emulator.serviceAccounts.list().some(({ name }) => name === "ci"),
      false,
    );
  });

  it("keep what a change leaves out, and their roles whatever a change says", async () => {
    const { api, create } = await start();
    const { id } = await create({ name: "ci", description: "deploys" });
    const change = async (body: object) => bodyOf(await api.patch(`/service-accounts/${id}`, body));
    assert.equal((await change({ name: "cd" })).description, "deploys");
    const changed = await change({ description: "" });
    assert.deepEqual([changed.name, changed.description], ["cd", ""]);
    const lenient = await start({ assumptions: { strictPatch: false } });
    const other = await lenient.create();
    const path = `/service-accounts/${other.id}`;
    assert.deepEqual(bodyOf(await lenient.api.patch(path, { roles: [] })), other);
  });

  it("are created and read by a Cluster Admin, changed and deleted by an Organization Admin only", async () => {
    const { caller, create } = await start();
    const { id } = await create();
    const admin = caller({ role: "CLUSTER_ADMIN" });
    bodyOf(await admin.post("/service-accounts", { name: "mine" }));
    bodyOf(await admin.get(`/service-accounts/${id}`));
    bodyOf(await admin.get("/service-accounts"));
    assertRefused(await admin.patch(`/service-accounts/${id}`, { name: "x" }), 403, 7);
    assertRefused(await admin.delete(`/service-accounts/${id}`), 403, 7);
  });

  it("are listed by name, those of one name by id, in pages", async () => {
    const { api, create } = await start();
    for (const name of ["b", "a", "c", "a"]) await create({ name });
    const names: string[] = [];
    const ids: string[] = [];
    let page = "";
    do {
      const path = `/service-accounts?pagination.limit=2&pagination.page=${page}`;
      const body = bodyOf(await api.get(path));
      for (const account of body.service_accounts) {
        names.push(account.name);
        if (account.name === "a") ids.push(account.id);
      }
      page = encodeURIComponent(body.pagination.next_page);
    } while (page !== "");
    assert.deepEqual(names, ["a", "a", "b", "c", "key-1"]);
    assert.deepEqual(ids, [...ids].sort());
  });

  it("end with their keys, which stop working at once", async () => {
    const { emulator, api, create } = await start();
    const { id } = await create();
    const body = { name: "ci", service_account_id: id };
    const { secret, api_key: key } = bodyOf(await api.post("/api-keys", body));
    const ci = callerOf(emulator, secret);
    bodyOf(await ci.get("/organization"));
    const deleted = bodyOf(await api.delete(`/service-accounts/${id}`));
    assert.equal(deleted.id, id);
    assertRefused(await ci.get("/organization"), 401, 16);
    assertRefused(await api.get(`/api-keys/${key.id}`), 404, 5);
    assertRefused(await api.get(`/service-accounts/${id}`), 404, 5);
    assertRefused(await api.delete(`/service-accounts/${id}`), 404, 5);
  });

  it("leave roles behind that can be read and removed, unless the assumption says otherwise", async () => {
    for (const grantsOutliveAccount of [true, false]) {
      const { api, create } = await start({ assumptions: { grantsOutliveAccount } });
      const viewer = { name: "BILLING_VIEWER", resource: { type: "ORGANIZATION" } };
      const { id } = await create({ name: "ci", roles: [viewer] });
      bodyOf(await api.delete(`/service-accounts/${id}`));
      const left = bodyOf(await api.get(`/roles/${id}`)).roles;
      assert.deepEqual(left, grantsOutliveAccount ? [member, viewer] : []);
      const grants: { user_id: string }[] = bodyOf(await api.get("/roles")).grants;
      assert.equal(
        grants.some(({ user_id }) => user_id === id),
        false,
      );
      const removal = await api.delete(`/roles/${id}/ORGANIZATION//BILLING_VIEWER`);
      assert.equal(removal.status, grantsOutliveAccount ? 200 : 404);
    }
  });

  it("can delete themselves, after which their key is worth nothing", async () => {
    const { emulator, caller } = await start();
    const admin = caller({ role: "ORG_ADMIN" });
    const own = emulator.serviceAccounts.list().find(({ name }) => name === "caller");
    bodyOf(await admin.delete(`/service-accounts/${own?.id}`));
    assertRefused(await admin.get("/service-accounts"), 401, 16);
  });

  it("are not found by an id that nobody has, and not even that by one that is no UUID", async () => {
    const { api } = await start();
    assertRefused(await api.get(`/service-accounts/${unknownId}`), 404, 5);
    assertRefused(await api.get("/service-accounts/ci"), 400, 3);
  });

  it("are unknown to other organizations", async () => {
    const { emulator, create } = await start({
      organizations: [{}, { apiKeys: [{ secret: "other" }] }],
    });
    const { id } = await create();
    const other = callerOf(emulator, "other");
    assertRefused(await other.get(`/service-accounts/${id}`), 404, 5);
    assertRefused(await other.post("/api-keys", { name: "x", service_account_id: id }), 404, 5);
  });

  it("are added, changed and removed outside the API", async () => {
    const { emulator, api } = await start();
    const { serviceAccounts } = emulator;
    const id = serviceAccounts.add("ci", { roles: [{ role: "BILLING_VIEWER" }] });
    serviceAccounts.edit(id, { description: "deploys" });
    const account = bodyOf(await api.get(`/service-accounts/${id}`));
    assert.deepEqual([account.description, account.roles.length], ["deploys", 2]);
    const secret = emulator.apiKeys.add(id, "ci");
    serviceAccounts.remove(id);
    assertRefused(await callerOf(emulator, secret).get("/organization"), 401, 16);
    assert.throws(() => serviceAccounts.edit(id, {}), /no service account/);
  });

  it("have the changes of their lives in the audit log, by whoever made them", async () => {
    const { emulator, api, create } = await start();
    const { id } = await create();
    await emulator.clock.advance(minute);
    await api.patch(`/service-accounts/${id}`, { name: "cd" });
    await api.get(`/service-accounts/${id}`);
    await api.delete(`/service-accounts/${id}`);
    const log = emulator.organization.auditLog();
    assert.deepEqual(
      log.map(({ action }) => action.replace("AUDIT_LOG_ACTION_", "")),
      ["CREATE", "UPDATE", "DELETE"].map((verb) => `${verb}_SERVICE_ACCOUNT`),
    );
    assert.deepEqual(new Set(log.map((entry) => entry.service_account_name)), new Set(["key-1"]));
  });
});

import { strict as assert } from "node:assert";
import type { EmulatorOptions, RoleGrant, WireRole } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import { assertRefused, basic, bodyOf, callerOf, minute, startQuick } from "../caller";

const unknownId = "00000000-0000-4000-8000-000000000000";
const member: WireRole = { name: "ORG_MEMBER", resource: { type: "ORGANIZATION" } };
const viewer: WireRole = { name: "BILLING_VIEWER", resource: { type: "ORGANIZATION" } };

describe("Roles", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const { emulator, api } = await startQuick(options);
    const folder = emulator.folders.add("payments");
    const cluster: string = bodyOf(
      await api.post("/clusters", basic("orders", {}, { parent_id: folder })),
    ).id;
    const user = emulator.serviceAccounts.add("ci");
    const onCluster: WireRole = {
      name: "CLUSTER_DEVELOPER",
      resource: { type: "CLUSTER", id: cluster },
    };
    const onFolder: WireRole = { name: "FOLDER_MOVER", resource: { type: "FOLDER", id: folder } };
    const caller = (...roles: RoleGrant[]): Caller =>
      callerOf(emulator, emulator.organization.addKey({ roles }));
    const path = ({ name, resource: { type, id = "" } }: WireRole, subject = user) =>
      `/roles/${subject}/${type}/${id}/${name}`;
    const roles = async (subject = user) => bodyOf(await api.get(`/roles/${subject}`)).roles;
    return { emulator, api, folder, cluster, user, onCluster, onFolder, caller, path, roles };
  }

  it("begin with the membership that every service account and person has", async () => {
    const { emulator, api, user } = await start();
    const [, person] = emulator.persons.list();
    for (const id of [user, person?.id]) {
      assert.deepEqual(bodyOf(await api.get(`/roles/${id}`)), { roles: [member], group_roles: [] });
    }
  });

  it("are granted once, however often they are asked for", async () => {
    const { api, onCluster, onFolder, path } = await start();
    const granted = bodyOf(await api.post(path(onCluster), undefined));
    assert.deepEqual(granted, { roles: [member, onCluster], group_roles: [] });
    assert.deepEqual(bodyOf(await api.post(path(onCluster), undefined)), granted);
    assert.deepEqual(bodyOf(await api.post(path(onFolder), undefined)).roles, [
      member,
      onCluster,
      onFolder,
    ]);
    assert.deepEqual(bodyOf(await api.post(path(member), undefined)).roles.length, 3);
  });

  it("are granted on the organization by an empty segment or its id", async () => {
    const { emulator, api, path, user } = await start();
    assert.deepEqual(bodyOf(await api.post(path(viewer), undefined)).roles, [member, viewer]);
    const { id } = emulator.organization;
    const coordinator = `/roles/${user}/ORGANIZATION/${id}/BILLING_COORDINATOR`;
    assert.equal(bodyOf(await api.post(coordinator, undefined)).roles.length, 3);
    const wrong = `/roles/${user}/ORGANIZATION/${unknownId}/BILLING_VIEWER`;
    assertRefused(await api.post(wrong, undefined), 400, 3, /no resource id/);
  });

  it("on the organization are refused with its id where the assumption says so", async () => {
    const organizationRoleId = { status: 400, code: 3 };
    const { emulator, api } = await startQuick({ assumptions: { organizationRoleId } });
    const id = emulator.serviceAccounts.add("ci");
    const role = (resource: string) => `/roles/${id}/ORGANIZATION/${resource}/BILLING_VIEWER`;
    assertRefused(await api.post(role(emulator.organization.id), undefined), 400, 3);
    bodyOf(await api.post(role(""), undefined));
  });

  it("are granted on folders and clusters that exist", async () => {
    const { api, user } = await start();
    for (const id of ["", unknownId]) {
      for (const place of [`CLUSTER/${id}/CLUSTER_ADMIN`, `FOLDER/${id}/FOLDER_ADMIN`]) {
        assertRefused(await api.post(`/roles/${user}/${place}`, undefined), 404, 5);
      }
    }
  });

  it("are refused where the role makes no sense, or where nobody knows it", async () => {
    const { api, cluster, folder, user } = await start();
    const wrong = [
      `CLUSTER/${cluster}/ORG_ADMIN`,
      `CLUSTER/${cluster}/CLUSTER_CREATOR`,
      `CLUSTER/${cluster}/FOLDER_ADMIN`,
      `FOLDER/${folder}/BILLING_VIEWER`,
      `FOLDER/${folder}/ORG_MEMBER`,
      "ORGANIZATION//KING",
      "PLANET/earth/CLUSTER_ADMIN",
    ];
    for (const place of wrong) {
      assertRefused(await api.post(`/roles/${user}/${place}`, undefined), 400, 3);
    }
    const roles = [{ name: "ORG_ADMIN", resource: { type: "CLUSTER", id: cluster } }];
    assertRefused(await api.put(`/roles/${user}`, { roles }), 400, 3);
    assertRefused(await api.put(`/roles/${user}`, { roles: [{ name: "ORG_ADMIN" }] }), 400, 3);
  });

  it("are removed one by one, and refused when they are not granted", async () => {
    const { api, onCluster, path } = await start();
    await api.post(path(onCluster), undefined);
    assert.deepEqual(bodyOf(await api.delete(path(onCluster))).roles, [member]);
    assertRefused(await api.delete(path(onCluster)), 404, 5);
    const lenient = await start({ assumptions: { removeMissingRole: "unchanged" } });
    assert.deepEqual(bodyOf(await lenient.api.delete(lenient.path(viewer))).roles, [member]);
  });

  it("always hold the membership of a service account", async () => {
    const { api, path, user } = await start();
    assertRefused(await api.delete(path(member)), 400, 9);
    for (const body of [{ roles: [] }, { roles: null }, {}]) {
      assert.deepEqual(bodyOf(await api.put(`/roles/${user}`, body)).roles, [member]);
    }
  });

  it("are replaced as a whole, doubles once, whatever the order", async () => {
    const { api, onCluster, onFolder, user } = await start();
    const set = async (...roles: WireRole[]) =>
      bodyOf(await api.put(`/roles/${user}`, { roles })).roles;
    assert.deepEqual(await set(viewer, onCluster, viewer, member), [member, viewer, onCluster]);
    assert.deepEqual(await set(onFolder, onCluster), [member, onCluster, onFolder]);
  });

  it("are changed by Cluster Admins on their clusters only", async () => {
    const { emulator, api, caller, cluster, onCluster, onFolder, path, user } = await start();
    const other: string = bodyOf(await api.post("/clusters", basic("reports"))).id;
    const onOther = { ...onCluster, resource: { ...onCluster.resource, id: other } };
    const admin = caller({ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: cluster });
    bodyOf(await admin.post(path(onCluster), undefined));
    for (const role of [onOther, onFolder, viewer]) {
      assertRefused(await admin.post(path(role), undefined), 403, 7);
    }
    const everywhere = caller({ role: "CLUSTER_ADMIN" });
    bodyOf(await everywhere.post(path(onOther), undefined));
    for (const role of [onFolder, viewer]) {
      assertRefused(await everywhere.post(path(role), undefined), 403, 7);
    }
    assert.equal(emulator.roles.of(user).length, 3);
  });

  it("are changed by Folder Admins on their folders and those below", async () => {
    const { emulator, caller, folder, onCluster, onFolder, path } = await start();
    const below = emulator.folders.add("europe", { parentId: folder });
    const beside = emulator.folders.add("orders");
    const admin = caller({ role: "FOLDER_ADMIN", scope: "folder", resourceId: folder });
    const on = (id: string): WireRole => ({ ...onFolder, resource: { type: "FOLDER", id } });
    bodyOf(await admin.post(path(onFolder), undefined));
    bodyOf(await admin.post(path(on(below)), undefined));
    for (const role of [on(beside), viewer, onCluster]) {
      assertRefused(await admin.post(path(role), undefined), 403, 7);
    }
  });

  it("are changed by nobody else, and read by admins of the organization", async () => {
    const { caller, onCluster, path, user } = await start();
    for (const role of ["CLUSTER_DEVELOPER", "CLUSTER_CREATOR", "BILLING_COORDINATOR"] as const) {
      const stranger = caller({ role });
      assertRefused(await stranger.post(path(onCluster), undefined), 403, 7);
      assertRefused(await stranger.put(`/roles/${user}`, { roles: [] }), 403, 7);
      assertRefused(await stranger.get(`/roles/${user}`), 403, 7);
      assertRefused(await stranger.get("/roles"), 403, 7);
    }
    bodyOf(await caller({ role: "FOLDER_ADMIN" }).get(`/roles/${user}`));
  });

  it("take the right to what differs only when they are replaced", async () => {
    const { api, caller, cluster, onCluster, path, roles, user } = await start();
    await api.post(path(viewer), undefined);
    const admin = caller({ role: "CLUSTER_ADMIN", scope: "cluster", resourceId: cluster });
    const put = (...wanted: WireRole[]) => admin.put(`/roles/${user}`, { roles: wanted });
    bodyOf(await put(viewer, onCluster));
    assertRefused(await put(onCluster), 403, 7);
    assert.deepEqual(await roles(), [member, viewer, onCluster]);
  });

  it("take effect at once, or after as long as the duration says", async () => {
    const { emulator, api, user } = await start({ durations: { grantMs: minute } });
    const { secret } = bodyOf(
      await api.post("/api-keys", { name: "ci", service_account_id: user }),
    );
    const ci = callerOf(emulator, secret);
    assertRefused(await ci.post("/clusters", basic("reports")), 403, 7);
    bodyOf(await api.post(`/roles/${user}/ORGANIZATION//CLUSTER_CREATOR`, undefined));
    assertRefused(await ci.post("/clusters", basic("reports")), 403, 7);
    await emulator.clock.advance(minute);
    bodyOf(await ci.post("/clusters", basic("reports")));
    bodyOf(await api.delete(`/roles/${user}/ORGANIZATION//CLUSTER_CREATOR`));
    assertRefused(await ci.post("/clusters", basic("analytics")), 403, 7);
  });

  it("on a folder hold for the clusters in it, as long as they are", async () => {
    const { emulator, api, cluster, folder, user } = await start();
    const ci = callerOf(emulator, emulator.apiKeys.add(user, "ci"));
    bodyOf(await api.post(`/roles/${user}/FOLDER/${folder}/CLUSTER_ADMIN`, undefined));
    bodyOf(await ci.get(`/clusters/${cluster}`));
    bodyOf(await api.patch(`/clusters/${cluster}`, { parent_id: "root" }));
    assertRefused(await ci.get(`/clusters/${cluster}`), 403, 7);
  });

  it("let nobody remove the last Organization Admin or Cluster Admin", async () => {
    const { emulator, api } = await start({ organizations: [{ persons: [] }] });
    const [own] = emulator.serviceAccounts.list().filter(({ name }) => name === "key-1");
    for (const role of ["ORG_ADMIN", "CLUSTER_ADMIN"]) {
      assertRefused(await api.delete(`/roles/${own?.id}/ORGANIZATION//${role}`), 400, 9, /last/);
    }
    assertRefused(await api.put(`/roles/${own?.id}`, { roles: [] }), 400, 9, /last/);
  });

  it("let everybody remove the last Cluster Admin where the assumption says so", async () => {
    const { emulator, api } = await start({
      organizations: [{ persons: [] }],
      assumptions: { keepLastAdmin: false },
    });
    const [own] = emulator.serviceAccounts.list().filter(({ name }) => name === "key-1");
    bodyOf(await api.delete(`/roles/${own?.id}/ORGANIZATION//CLUSTER_ADMIN`));
  });

  it("belong to the creator of a cluster, and end with the cluster or folder", async () => {
    const { emulator, api, cluster, folder, path, onFolder, roles } = await start();
    const own = emulator.serviceAccounts.list().find(({ name }) => name === "key-1")?.id ?? "";
    const admin = { name: "CLUSTER_ADMIN", resource: { type: "CLUSTER", id: cluster } };
    assert.deepEqual((await roles(own)).at(-1), admin);
    bodyOf(await api.delete(`/clusters/${cluster}`));
    assert.deepEqual(
      (await roles(own)).filter((role: WireRole) => role.resource.id),
      [],
    );
    await api.post(path(onFolder), undefined);
    bodyOf(await api.delete(`/folders/${folder}`));
    assert.deepEqual(await roles(), [member]);
  });

  it("outlive the cluster where the assumption says so", async () => {
    const { emulator, api, cluster } = await start({
      assumptions: { grantsOutliveResource: true },
    });
    const own = emulator.serviceAccounts.list().find(({ name }) => name === "key-1")?.id ?? "";
    bodyOf(await api.delete(`/clusters/${cluster}`));
    assert.equal(emulator.roles.of(own).at(-1)?.resource.id, cluster);
  });

  for (const subject of ["abc", `${unknownId}:app`]) {
    it(`are refused for ${subject}, which is the id of nobody`, async () => {
      const { api } = await start();
      const message = "invalid argument: invalid userId";
      assertRefused(await api.get(`/roles/${subject}`), 400, 3, message);
      assertRefused(await api.put(`/roles/${subject}`, { roles: [] }), 400, 3, message);
      const path = `/roles/${subject}/ORGANIZATION//BILLING_VIEWER`;
      assertRefused(await api.post(path, undefined), 400, 3, message);
    });
  }

  it("of an unknown id are empty, and cannot be written", async () => {
    const { api, path } = await start();
    assert.deepEqual(bodyOf(await api.get(`/roles/${unknownId}`)), { roles: [], group_roles: [] });
    assertRefused(await api.put(`/roles/${unknownId}`, { roles: [] }), 404, 5);
    assertRefused(await api.post(path(viewer, unknownId), undefined), 404, 5);
    assertRefused(await api.delete(path(viewer, unknownId)), 404, 5);
    const strict = await start({ assumptions: { unknownSubject: "not-found" } });
    assertRefused(await strict.api.get(`/roles/${unknownId}`), 404, 5);
  });

  it("are listed by subject, in pages", async () => {
    const { emulator, api, user, onCluster, path } = await start();
    await api.post(path(onCluster), undefined);
    const seen = new Map<string, WireRole[]>();
    let page = "";
    do {
      const body = bodyOf(await api.get(`/roles?pagination.limit=1&pagination.page=${page}`));
      for (const { user_id, roles } of body.grants) seen.set(user_id, roles);
      assert.deepEqual(body.user_group_grants, []);
      page = encodeURIComponent(body.pagination.next_page);
    } while (page !== "");
    const everybody = [...emulator.serviceAccounts.list(), ...emulator.persons.list()];
    assert.deepEqual([...seen.keys()].sort(), everybody.map(({ id }) => id).sort());
    assert.deepEqual(seen.get(user), [member, onCluster]);
  });

  it("of more than a hundred subjects are listed in part where the assumption says so", async () => {
    const { emulator, api } = await startQuick({ assumptions: { rolePagingLosesEntries: true } });
    for (let index = 0; index < 110; index += 1) {
      emulator.serviceAccounts.add(`account-${index}`);
    }
    const { grants, pagination } = bodyOf(await api.get("/roles?pagination.limit=500"));
    assert.deepEqual([grants.length, pagination.next_page], [100, ""]);
  });

  it("have their changes in the audit log", async () => {
    const { emulator, api, path, user } = await start();
    await api.post(path(viewer), undefined);
    await api.delete(path(viewer));
    await api.put(`/roles/${user}`, { roles: [] });
    const actions = emulator.organization.auditLog().map(({ action }) => action);
    assert.deepEqual(actions.slice(-3), [
      "AUDIT_LOG_ACTION_ADD_USER_TO_ROLE",
      "AUDIT_LOG_ACTION_REMOVE_USER_FROM_ROLE",
      "AUDIT_LOG_ACTION_ASSIGN_USER_ROLE",
    ]);
  });

  it("are granted and revoked outside the API", async () => {
    const { emulator, user } = await start();
    emulator.roles.grant(user, { role: "BILLING_VIEWER" });
    assert.deepEqual(emulator.roles.of(user), [member, viewer]);
    emulator.roles.revoke(user, { role: "BILLING_VIEWER" });
    assert.deepEqual(emulator.roles.of(user), [member]);
    assert.throws(() => emulator.roles.of(unknownId), /no person, service account or group/);
  });
});

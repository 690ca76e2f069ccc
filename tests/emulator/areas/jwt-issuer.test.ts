import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, bodyOf, callerOf, startQuick } from "../caller";

const unknownId = "00000000-0000-4000-8000-000000000000";
const minimal = { issuer_url: "https://idp.example.com", audience: "ci" };

describe("JWT issuers", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const { emulator, api } = await startQuick(options);
    const create = async (body: object = {}) =>
      bodyOf(await api.post("/jwt-issuers", { ...minimal, ...body }));
    return { emulator, api, create };
  }

  it("need a URL and an audience, and have nothing else", async () => {
    const { api, create } = await start();
    const { id, ...issuer } = await create();
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(issuer, { ...minimal, identity_map: [] });
    for (const missing of [{ issuer_url: "" }, { issuer_url: "idp" }, { audience: "" }]) {
      const body = { ...minimal, audience: "other", ...missing };
      assertRefused(await api.post("/jwt-issuers", body), 400, 3);
    }
  });

  it("show the claim sub that they were added without, where the assumption says so", async () => {
    const { create } = await start({ assumptions: { defaultClaim: "sub" } });
    assert.equal((await create()).claim, "sub");
  });

  it("have keys that are a key set, and a URL of their own, where the assumptions say so", async () => {
    const { api, create } = await start({
      assumptions: { checkJwks: true, jwtIssuerIdentity: "url" },
    });
    for (const jwks of ["{}", "{updated: 1}"]) {
      assertRefused(await api.post("/jwt-issuers", { ...minimal, jwks }), 400, 3);
    }
    const { id } = await create({ jwks: '{"keys":[]}' });
    assertRefused(await api.patch(`/jwt-issuers/${id}`, { jwks: "[]" }), 400, 3);
    assertRefused(await api.post("/jwt-issuers", { ...minimal, audience: "other" }), 409, 6);
  });

  it("keep their keys as they come, and identities in their order", async () => {
    const { create } = await start();
    const identity_map = [
      { token_identity: "b", cc_identity: "nobody" },
      { token_identity: "/^(.*)@a$", cc_identity: "\\1@b" },
    ];
    for (const jwks of ["{}", "{updated: 1}"]) {
      const issuer = await create({ audience: jwks, jwks, identity_map });
      assert.deepEqual([issuer.jwks, issuer.identity_map], [jwks, identity_map]);
    }
  });

  for (const identity of [
    { token_identity: "a" },
    { cc_identity: "a" },
    { token_identity: "/(/", cc_identity: "\\1" },
    { token_identity: "/^(.*)$", cc_identity: "somebody" },
  ]) {
    it(`refuse the identity ${JSON.stringify(identity)}`, async () => {
      const { api, create } = await start();
      const body = { ...minimal, identity_map: [identity] };
      assertRefused(await api.post("/jwt-issuers", body), 400, 3);
      const { id } = await create();
      const change = { identity_map: [identity] };
      assertRefused(await api.patch(`/jwt-issuers/${id}`, change), 400, 3);
    });
  }

  it("have a URL and an audience that no other one has together", async () => {
    const { api, create } = await start();
    await create();
    const { id } = await create({ audience: "other" });
    assertRefused(await api.post("/jwt-issuers", minimal), 409, 6);
    assertRefused(await api.patch(`/jwt-issuers/${id}`, { audience: "ci" }), 409, 6);
    const lenient = await start({ assumptions: { duplicateJwtIssuer: "allowed" } });
    await lenient.create();
    await lenient.create();
  });

  it("change what a request gives, and lose the keys or the claim by an empty text", async () => {
    const { api, create } = await start();
    const identity_map = [{ token_identity: "a", cc_identity: "b" }];
    const { id } = await create({ jwks: "{}", claim: "email", identity_map });
    const change = async (body: object) => bodyOf(await api.patch(`/jwt-issuers/${id}`, body));
    const moved = { id, issuer_url: "https://new.example.com", audience: "ci" };
    const rest = { jwks: "{}", claim: "email", identity_map };
    assert.deepEqual(await change({ issuer_url: moved.issuer_url }), { ...moved, ...rest });
    assert.deepEqual(await change({ jwks: "", claim: "", identity_map: [] }), {
      ...moved,
      identity_map: [],
    });
  });

  it("keep the keys and the claim when they are given an empty text, where the assumption says so", async () => {
    const { api, create } = await start({ assumptions: { clearJwtIssuerByEmpty: false } });
    const issuer = await create({ jwks: "{}", claim: "email" });
    const response = await api.patch(`/jwt-issuers/${issuer.id}`, { jwks: "", claim: "" });
    assert.deepEqual(bodyOf(response), issuer);
  });

  it("are deleted once, and not found afterwards", async () => {
    const { api, create } = await start();
    const issuer = await create();
    assert.deepEqual(bodyOf(await api.get("/jwt-issuers")).jwt_issuers, [issuer]);
    assert.deepEqual(bodyOf(await api.delete(`/jwt-issuers/${issuer.id}`)), issuer);
    for (const id of [issuer.id, unknownId]) {
      assertRefused(await api.get(`/jwt-issuers/${id}`), 404, 5);
      assertRefused(await api.patch(`/jwt-issuers/${id}`, {}), 404, 5);
      assertRefused(await api.delete(`/jwt-issuers/${id}`), 404, 5);
    }
  });

  it("are refused to all but Organization Admins, and where they are not enabled", async () => {
    const { emulator } = await start();
    const roles = [{ role: "CLUSTER_ADMIN" }, { role: "FOLDER_ADMIN" }] as const;
    const caller = callerOf(emulator, emulator.organization.addKey({ roles: [...roles] }));
    assertRefused(await caller.get("/jwt-issuers"), 403, 7);
    assertRefused(await caller.post("/jwt-issuers", minimal), 403, 7);
    const disabled = await start({ assumptions: { jwtIssuers: false } });
    assertRefused(await disabled.api.get("/jwt-issuers"), 403, 7);
    assertRefused(await disabled.api.post("/jwt-issuers", minimal), 403, 7);
  });

  it("are added, changed and removed outside the API", async () => {
    const { emulator, api } = await start();
    const id = emulator.jwtIssuers.add({ ...minimal, claim: "email" });
    emulator.jwtIssuers.edit(id, { claim: "sub" });
    const issuer = { id, ...minimal, claim: "sub", identity_map: [] };
    assert.deepEqual(bodyOf(await api.get(`/jwt-issuers/${id}`)), issuer);
    assert.deepEqual(emulator.jwtIssuers.list(), [issuer]);
    emulator.jwtIssuers.remove(id);
    assert.deepEqual(emulator.jwtIssuers.list(), []);
    assert.throws(() => emulator.jwtIssuers.edit(id, {}), /no JWT issuer/);
  });

  it("have the changes of their lives in the audit log", async () => {
    const { emulator, api, create } = await start();
    const { id } = await create();
    await api.patch(`/jwt-issuers/${id}`, { claim: "email" });
    await api.delete(`/jwt-issuers/${id}`);
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action.replace("AUDIT_LOG_ACTION_", "")),
      ["ADD_JWT_ISSUER", "UPDATE_JWT_ISSUER", "DELETE_JWT_ISSUER"],
    );
  });
});

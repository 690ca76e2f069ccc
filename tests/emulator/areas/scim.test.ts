import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator";
import { startEmulator } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, bodyOf, callerOf, startQuick } from "../caller";

const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ada = { schemas: [userUrn], emails: [{ value: "ada@example.com", primary: true }] };
const unknown = "00000000-0000-4000-8000-000000000000";

async function start(options: EmulatorOptions = {}) {
  const { emulator, api } = await startQuick({ organizations: [{ persons: [] }], ...options });
  const scim = (method: string, path: string, body?: unknown) =>
    api.send(method, `/../scim/v2${path}`, body);
  const create = async (email: string, parts: object = {}) => {
    const body = { ...ada, emails: [{ value: email, primary: true }], ...parts };
    return bodyOf(await scim("POST", "/Users", body));
  };
  const createGroup = async (displayName: string, ...members: string[]) => {
    const body = { schemas: [groupUrn], displayName, members: members.map((value) => ({ value })) };
    return bodyOf(await scim("POST", "/Groups", body));
  };
  const patch = (path: string, ...operations: object[]) =>
    scim("PATCH", path, { schemas: [patchUrn], Operations: operations });
  return { emulator, api, scim, create, createGroup, patch };
}

describe("SCIM of the emulator", () => {
  checkEmulators();

  it("describes itself to any member, also where SCIM is off", async () => {
    const apiKeys = [{}, { name: "member", secret: "member-secret", roles: [] }];
    const { emulator } = await start({ organizations: [{ apiKeys, scim: false }] });
    const get = (path: string) => callerOf(emulator, "member-secret").get(`/../scim/v2${path}`);
    const configuration = bodyOf(await get("/ServiceProviderConfig"));
    assert.deepEqual(configuration.filter, { supported: true, maxResults: 100 });
    const { Resources: types } = bodyOf(await get("/ResourceTypes"));
    assert.deepEqual(
      types.map(({ id, endpoint }: { id: string; endpoint: string }) => [id, endpoint]),
      [
        ["User", "/Users"],
        ["Group", "/Groups"],
      ],
    );
    assert.deepEqual(bodyOf(await get("/ResourceTypes/Group")), types[1]);
    const { Resources: schemas } = bodyOf(await get("/Schemas?excludedAttributes=attributes"));
    assert.deepEqual(
      schemas.map(({ id }: { id: string }) => id),
      [userUrn, groupUrn],
    );
    assert.equal(bodyOf(await get(`/Schemas/${userUrn}`)).name, "User");
    assertRefused(await get("/Schemas/none"), 404, 5);
    assertRefused(await get("/ResourceTypes/none"), 404, 5);
    assertRefused(await get("/Users"), 403, 7, "unauthorized");
    assertRefused(await callerOf(emulator).get("/../scim/v2/Users"), 403, 7, /SCIM is not enabled/);
    assertRefused(await callerOf(emulator).get("/../scim/v2/Groups"), 403, 7, /not enabled/);
  });

  it("responds as the assumption says where SCIM is off", async () => {
    const organizations = [{ scim: false }];
    const assumptions = { scimOff: { status: 404, code: 5 } };
    const { scim } = await start({ organizations, assumptions });
    assertRefused(await scim("POST", "/Users", ada), 404, 5);
  });

  it("creates a user of one e-mail address, who becomes a member of the organization", async () => {
    const { scim, api } = await start();
    const user = bodyOf(await scim("POST", "/Users", ada));
    assert.deepEqual(user, {
      schemas: [userUrn],
      id: user.id,
      userName: "ada@example.com",
      displayName: "",
      externalId: "",
      active: true,
      emails: [{ value: "ada@example.com", display: "", primary: true, type: "" }],
      name: null,
      groups: [],
      meta: {
        resourceType: "User",
        created: "2026-06-01T00:00:00Z",
        lastModified: "2026-06-01T00:00:00Z",
        location: `/api/scim/v2/Users/${user.id}`,
      },
    });
    const person = bodyOf(await api.get("/users/persons-by-email?email=ada@example.com"));
    assert.deepEqual(person.user, { id: user.id, email: "ada@example.com" });
    const { roles } = bodyOf(await api.get(`/roles/${user.id}`));
    assert.deepEqual(
      roles.map(({ name }: { name: string }) => name),
      ["ORG_MEMBER"],
    );
  });

  it("refuses a user without schemas or addresses, with two primary ones, or who exists", async () => {
    const { scim, create } = await start();
    const two = [
      { value: "a@example.com", primary: true },
      { value: "b@example.com", primary: true },
    ];
    for (const [body, message] of [
      [{ ...ada, schemas: [] }, /schemas must include/],
      [{ emails: ada.emails }, /schemas must include/],
      [{ schemas: [userUrn] }, /emails is required/],
      [{ ...ada, emails: [] }, /emails is required/],
      [{ ...ada, emails: [{ value: "ada" }] }, /invalid e-mail address 'ada'/],
      [{ ...ada, emails: two }, /only one/],
    ] as const) {
      assertRefused(await scim("POST", "/Users", body), 400, 3, message);
    }
    await create("ada@example.com", { userName: "ada" });
    assertRefused(await scim("POST", "/Users", { ...ada, userName: "other" }), 409, 6);
    const emails = [{ value: "other@example.com" }];
    assertRefused(await scim("POST", "/Users", { ...ada, emails, userName: "ADA" }), 409, 6);
  });

  it("lists 20 users at most unless asked, by their positions", async () => {
    const { scim, create } = await start();
    for (let index = 0; index < 23; index += 1) await create(`u${index}@example.com`);
    const list = async (query: string) => bodyOf(await scim("GET", `/Users${query}`));
    const first = await list("");
    assert.deepEqual(
      [first.Resources.length, first.itemsPerPage, first.totalResults, first.startIndex],
      [20, 20, 23, 1],
    );
    const rest = await list("?startIndex=21&count=50");
    assert.deepEqual(
      rest.Resources.map(({ userName }: { userName: string }) => userName),
      ["u20@example.com", "u21@example.com", "u22@example.com"],
    );
    assert.deepEqual(
      [(await list("?count=0")).Resources, (await list("?count=0")).totalResults],
      [[], 23],
    );
    for (const start of [0, -3]) {
      assert.equal((await list(`?startIndex=${start}&count=1`)).startIndex, 1);
    }
    assert.deepEqual((await list("?startIndex=99")).Resources, []);
    for (const method of ["POST", "PUT"]) {
      const found = bodyOf(await scim(method, "/Users/.search", { startIndex: 21, count: 50 }));
      assert.deepEqual(found, rest);
    }
  });

  it("gives no more at once than it says", async () => {
    const { scim, create } = await start({ assumptions: { scimMaxResults: 2 } });
    for (const name of ["a", "b", "c"]) await create(`${name}@example.com`);
    assert.equal(bodyOf(await scim("GET", "/Users?count=50")).itemsPerPage, 2);
    assert.equal(bodyOf(await scim("GET", "/ServiceProviderConfig")).filter.maxResults, 2);
  });

  it("filters by the attributes of users", async () => {
    const { scim, create } = await start();
    const first = await create("ada@example.com", { displayName: "Ada", externalId: "E1" });
    await create("bob@example.com", { active: false });
    await create("eve@example.org", { displayName: 'The "Eve"', name: { givenName: "Eve" } });
    const found = async (filter: string) => {
      const { Resources: users } = bodyOf(
        await scim("GET", `/Users?filter=${encodeURIComponent(filter)}`),
      );
      return users.map(({ userName }: { userName: string }) => userName.slice(0, 3)).join(" ");
    };
    for (const [filter, expected] of [
      ['userName eq "ADA@example.com"', "ada"],
      ['username EQ "ada@example.com"', "ada"],
      [`id eq "${first.id}"`, "ada"],
      ['externalId eq "E1"', "ada"],
      ['externalId eq "e1"', ""],
      ['displayName eq "The \\"Eve\\""', "eve"],
      ['emails.value ew "example.com"', "ada bob"],
      ['emails[value sw "bob" and primary eq true]', "bob"],
      ["active eq false", "bob"],
      ["displayName pr", "ada eve"],
      ['name.givenName eq "eve"', "eve"],
      ['userName co "example" and not (active eq false)', "ada eve"],
      ['userName sw "a" or userName sw "b" and active eq true', "ada"],
      ['userName ne "ada@example.com"', "bob eve"],
      ['userName gt "b"', "bob eve"],
    ] as const) {
      assert.equal(await found(filter), expected, filter);
    }
    for (const garbage of [
      "x",
      "userName",
      "userName eq",
      'userName is "x"',
      '(userName eq "x"',
      'colour eq "x"',
      "userName eq x",
      '"',
      'userName eq "x" userName eq "y"',
      'emails[type eq "x"',
    ]) {
      const response = await scim("GET", `/Users?filter=${encodeURIComponent(garbage)}`);
      assertRefused(response, 400, 3, /invalid filter/);
    }
  });

  it("shows the attributes that are asked for", async () => {
    const { scim, create, createGroup } = await start();
    const { id } = await create("ada@example.com");
    const keys = async (path: string) => Object.keys(bodyOf(await scim("GET", path))).sort();
    assert.deepEqual(await keys(`/Users/${id}?attributes=USERNAME`), ["id", "schemas", "userName"]);
    const group = await createGroup("dba", id);
    assert.deepEqual(await keys(`/Groups/${group.id}?excludedAttributes=members,meta`), [
      "displayName",
      "externalId",
      "id",
      "schemas",
    ]);
    const both = "attributes=userName&excludedAttributes=emails";
    assertRefused(await scim("GET", `/Users/${id}?${both}`), 400, 3, /exclude each other/);
    assertRefused(await scim("GET", "/Users?attributes=colour"), 400, 3, /unknown attribute/);
    for (const method of ["POST", "PUT"]) {
      const body = { attributes: "userName" };
      const found = bodyOf(await scim(method, `/Users/${id}/.search`, body));
      assert.deepEqual(Object.keys(found).sort(), ["id", "schemas", "userName"]);
    }
  });

  for (const [scimPut, left] of [
    ["keep", "Ada"],
    ["clear", ""],
  ] as const) {
    it(`${scimPut === "keep" ? "keeps" : "clears"} what a PUT leaves out`, async () => {
      const { scim, create, createGroup } = await start({ assumptions: { scimPut } });
      const { id } = await create("ada@example.com", { displayName: "Ada" });
      const put = bodyOf(await scim("PUT", `/Users/${id}`, { ...ada, externalId: "e" }));
      assert.deepEqual([put.displayName, put.externalId, put.id], [left, "e", id]);
      const group = await createGroup("dba", id);
      const body = { schemas: [groupUrn], displayName: "admins" };
      const { members, displayName } = bodyOf(await scim("PUT", `/Groups/${group.id}`, body));
      assert.deepEqual([displayName, members.length], ["admins", scimPut === "keep" ? 1 : 0]);
    });
  }

  it("changes single attributes by PATCH", async () => {
    const { emulator, scim, create, patch } = await start();
    const { id } = await create("ada@example.com", { displayName: "Ada", externalId: "e1" });
    await emulator.clock.advance(90_500);
    const patched = bodyOf(
      await patch(
        `/Users/${id}`,
        { op: "replace", path: "displayName", value: "Countess" },
        { op: "Replace", value: { active: false, name: { givenName: "Ada" } } },
        { op: "remove", path: "externalId" },
        { op: "add", path: "emails", value: [{ value: "a@example.org", type: "home" }] },
        { op: "replace", path: 'emails[type eq "home"].value', value: "ada@example.org" },
        { op: "add", path: "name.familyName", value: "Lovelace" },
      ),
    );
    assert.deepEqual(
      [patched.displayName, patched.active, patched.externalId, patched.name],
      ["Countess", false, "", { givenName: "Ada", familyName: "Lovelace" }],
    );
    assert.deepEqual(
      patched.emails.map(({ value }: { value: string }) => value),
      ["ada@example.com", "ada@example.org"],
    );
    assert.equal(patched.meta.lastModified, "2026-06-01T00:01:30Z");
    assert.deepEqual(bodyOf(await scim("GET", `/Users/${id}`)), patched);
    const after = await patch(`/Users/${id}`, { op: "remove", path: 'emails[type eq "home"]' });
    assert.equal(bodyOf(after).emails.length, 1);
  });

  it("changes nothing when one operation of a PATCH is refused", async () => {
    const { scim, create, patch } = await start();
    const { id } = await create("ada@example.com");
    const before = bodyOf(await scim("GET", `/Users/${id}`));
    const good = { op: "replace", path: "displayName", value: "Countess" };
    for (const wrong of [
      { op: "replace", path: "colour", value: "red" },
      { op: "replace", path: "id", value: unknown },
      { op: "replace", path: "groups", value: [] },
      { op: "move", path: "displayName", value: "x" },
      { op: "remove" },
      { op: "replace", value: "x" },
      { op: "replace", path: "active", value: "perhaps" },
      { op: "replace", path: 'emails[type eq "none"].value', value: "x@example.com" },
      { op: "replace", path: "emails.value", value: "x@example.com" },
      { op: "remove", path: "emails" },
    ]) {
      assertRefused(await patch(`/Users/${id}`, good, wrong), 400, 3);
      assert.deepEqual(bodyOf(await scim("GET", `/Users/${id}`)), before, JSON.stringify(wrong));
    }
    for (const schemas of [undefined, [], [userUrn], [patchUrn, userUrn]]) {
      const body = { schemas, Operations: [good] };
      assertRefused(await scim("PATCH", `/Users/${id}`, body), 400, 3, /schemas must be/);
    }
  });

  it("refuses another case of an operation where the assumption says so", async () => {
    const { create, patch } = await start({ assumptions: { scimOpCase: "exact" } });
    const { id } = await create("ada@example.com");
    const change = { path: "displayName", value: "Ada" };
    assertRefused(await patch(`/Users/${id}`, { op: "Replace", ...change }), 400, 3);
    bodyOf(await patch(`/Users/${id}`, { op: "replace", ...change }));
  });

  it("renames a user, but not to a name in use", async () => {
    const { create, patch } = await start();
    const { id } = await create("ada@example.com");
    await create("bob@example.com");
    const rename = (value: string) =>
      patch(`/Users/${id}`, { op: "replace", path: "userName", value });
    assert.equal(bodyOf(await rename("countess@example.com")).id, id);
    assertRefused(await rename("bob@example.com"), 409, 6);
    const refusing = await start({ assumptions: { scimRename: "refused" } });
    const { id: other } = await refusing.create("ada@example.com");
    const operation = { op: "replace", path: "userName", value: "b@example.com" };
    assertRefused(await refusing.patch(`/Users/${other}`, operation), 400, 3, /userName cannot/);
  });

  it("removes a user from the organization and from its groups", async () => {
    const { scim, create, createGroup } = await start();
    const { id } = await create("ada@example.com");
    const group = await createGroup("dba", id);
    assert.deepEqual(bodyOf(await scim("DELETE", `/Users/${id}`)), {});
    assertRefused(await scim("GET", `/Users/${id}`), 404, 5);
    assertRefused(await scim("DELETE", `/Users/${id}`), 404, 5);
    assert.deepEqual(bodyOf(await scim("GET", `/Groups/${group.id}`)).members, []);
    assert.notEqual((await create("ada@example.com")).id, id);
  });

  it("creates groups of persons, service accounts and groups", async () => {
    const { scim, api, create, createGroup } = await start();
    const user = await create("ada@example.com");
    const account = bodyOf(
      await api.post("/service-accounts", { name: "ci", description: "", roles: [] }),
    );
    const inner = await createGroup("inner", user.id);
    const outer = await createGroup("outer", inner.id, account.id);
    assert.deepEqual(outer.members, [
      { value: inner.id, display: "inner", type: "Group", ref: `/api/scim/v2/Groups/${inner.id}` },
      { value: account.id, display: "ci", type: "ServiceAccount", ref: "" },
    ]);
    const { groups } = bodyOf(await scim("GET", `/Users/${user.id}`));
    assert.deepEqual(
      groups.map(({ display, type }: { display: string; type: string }) => [display, type]),
      [
        ["inner", "direct"],
        ["outer", "indirect"],
      ],
    );
    const body = { schemas: [groupUrn], displayName: "inner" };
    assertRefused(await scim("POST", "/Groups", body), 409, 6);
    assertRefused(await scim("POST", "/Groups", { ...body, displayName: "" }), 400, 3);
    const members = [{ value: unknown }];
    assertRefused(await scim("POST", "/Groups", { ...body, displayName: "x", members }), 400, 3);
  });

  it("changes the members of a group one by one, and takes no group into itself", async () => {
    const { create, createGroup, patch } = await start();
    const [a, b, c] = [
      await create("a@example.com"),
      await create("b@example.com"),
      await create("c@example.com"),
    ];
    const { id } = await createGroup("dba", a.id, b.id);
    const members = async (...operations: object[]) =>
      bodyOf(await patch(`/Groups/${id}`, ...operations))
        .members.map(({ display }: { display: string }) => display[0])
        .join("");
    const value = [{ value: a.id }, { value: c.id }];
    assert.equal(await members({ op: "add", path: "members", value }), "abc");
    assert.equal(await members({ op: "remove", path: `members[value eq "${b.id}"]` }), "ac");
    assert.equal(await members({ op: "replace", path: "members", value: [{ value: b.id }] }), "b");
    assert.equal(await members({ op: "remove", path: "members" }), "");
    const around = await createGroup("around", id);
    const circle = { op: "add", path: "members", value: [{ value: around.id }] };
    assertRefused(await patch(`/Groups/${id}`, circle), 400, 3, /cannot contain itself/);
    const itself = { op: "add", path: "members", value: [{ value: id }] };
    assertRefused(await patch(`/Groups/${id}`, itself), 400, 3, /cannot contain itself/);
  });

  it("gives the roles of a group to its members until it is deleted", async () => {
    const { api, scim, create, createGroup } = await start();
    const { id } = await create("ada@example.com");
    const inner = await createGroup("inner", id);
    const outer = await createGroup("outer", inner.id);
    bodyOf(await api.post(`/roles/${outer.id}/ORGANIZATION//BILLING_VIEWER`, undefined));
    const inherited = async () => bodyOf(await api.get(`/roles/${id}`)).group_roles;
    assert.deepEqual(
      (await inherited()).map(
        ({ role, group_names: names }: { role: { name: string }; group_names: string[] }) => [
          role.name,
          names,
        ],
      ),
      [["BILLING_VIEWER", ["outer"]]],
    );
    assert.deepEqual(bodyOf(await scim("DELETE", `/Groups/${outer.id}`)), {});
    assert.deepEqual(await inherited(), []);
    assert.deepEqual(bodyOf(await api.get(`/roles/${outer.id}`)), { roles: [], group_roles: [] });
  });

  it("is for Organization Admins", async () => {
    const apiKeys = [{}, { secret: "other", roles: [{ role: "CLUSTER_ADMIN" as const }] }];
    const { emulator } = await start({ organizations: [{ apiKeys }] });
    const other = callerOf(emulator, "other");
    for (const path of ["/Users", "/Groups", `/Users/${unknown}`]) {
      assertRefused(await other.get(`/../scim/v2${path}`), 403, 7);
    }
  });

  it("words its errors as RFC 7644 does, where the assumption says so", async () => {
    const emulator = await startEmulator({ rateLimit: "off", assumptions: { scimErrors: "scim" } });
    const api = callerOf(emulator);
    const body = { schemas: [userUrn], emails: [{ value: "member@example.com" }] };
    for (const [response, status, scimType, detail] of [
      [await api.get(`/../scim/v2/Users/${unknown}`), 404, undefined, /not found/],
      [await api.post("/../scim/v2/Users", {}), 400, "invalidValue", /schemas/],
      [await api.post("/../scim/v2/Users", body), 409, "uniqueness", /already exists/],
    ] as const) {
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), "application/scim+json");
      assert.deepEqual(response.body.schemas, ["urn:ietf:params:scim:api:messages:2.0:Error"]);
      assert.deepEqual([response.body.status, response.body.scimType], [`${status}`, scimType]);
      assert.match(response.body.detail, detail);
    }
    assertRefused(await api.get(`/folders/${unknown}`), 404, 5);
    await emulator.close();
  });

  it("keeps what is written in the audit log, and not what is read", async () => {
    const { emulator, scim, create, createGroup, patch } = await start();
    const { id } = await create("ada@example.com");
    const group = await createGroup("dba");
    await scim("POST", "/Users/.search", {});
    await scim("PUT", `/Users/${id}/.search`, {});
    await patch(`/Users/${id}`, { op: "replace", path: "displayName", value: "Ada" });
    await patch(`/Groups/${group.id}`, { op: "replace", path: "displayName", value: "admins" });
    await scim("DELETE", `/Groups/${group.id}`);
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action.replace("AUDIT_LOG_ACTION_", "")),
      ["CREATE_USER", "CREATE_GROUP", "UPDATE_USER", "UPDATE_GROUP", "DELETE_GROUP"],
    );
  });

  it("can be changed from outside the API", async () => {
    const { emulator, scim, create } = await start();
    const { id } = await create("ada@example.com");
    emulator.scimUsers.edit(id, { active: false, displayName: "Ada" });
    assert.equal(emulator.scimUsers.get(id).displayName, "Ada");
    assert.equal(bodyOf(await scim("GET", `/Users/${id}`)).active, false);
    const group = emulator.scimGroups.add("dba", [id]);
    emulator.scimGroups.edit(group, { externalId: "e", displayName: "admins" });
    assert.deepEqual(emulator.scimGroups.list(), [
      { id: group, displayName: "admins", externalId: "e", members: [id] },
    ]);
    emulator.scimGroups.remove(group);
    assertRefused(await scim("GET", `/Groups/${group}`), 404, 5);
    assert.throws(() => emulator.scimGroups.remove(group), /no group/);
    assert.throws(() => emulator.scimUsers.get(unknown), /no person/);
  });
});

// What users and groups of SCIM have alone; what all resources have in common is in tests/conformance.

import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { EmulatorOptions } from "../../emulator";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { lifecycle as groupLifecycle, ProvisionedGroup } from "../../provider/provisioned-group";
import { ProvisionedUser, lifecycle as userLifecycle } from "../../provider/provisioned-user";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { bodies, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";

const ada = { userName: "ada@example.com" };

async function start(options: EmulatorOptions = {}) {
  const lab = await startLab({ organizations: [{ persons: [] }], ...options });
  return {
    ...lab,
    users: lab.stack({ serve: (host) => toDynamicProvider(userLifecycle, host) }),
    groups: lab.stack({ serve: (host) => toDynamicProvider(groupLifecycle, host) }),
  };
}

describe("ProvisionedUser", () => {
  checkEmulators();

  it("gives its id to groups, alone and among ids", async () => {
    const seen: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        seen.push(args);
        return { id: `id of ${args.name}`, state: args.inputs };
      },
      call: () => ({}),
    });
    const person = new ProvisionedUser("ada", ada);
    const group = new ProvisionedGroup("dba", { displayName: "dba", members: [person, "another"] });
    await new Promise((resolve) => group.urn.apply(resolve));
    assert.deepEqual(seen[1]?.inputs["members"], ["id of ada", "another"]);
    assert.ok(ProvisionedUser.isInstance(person) && !ProvisionedUser.isInstance(group));
  });

  it("needs addresses where its name is none", () => {
    const failuresOf = (args: object) => userLifecycle.check({}, { ...args }, undefined).failures;
    assert.deepEqual(failuresOf({ userName: "ada" }), [
      { property: "emails", reason: "is required where userName is no e-mail address." },
    ]);
    assert.deepEqual(failuresOf({ userName: "ada", emails: [{ value: "a@example.com" }] }), []);
  });

  it("takes a new name as the new address too, unless the program or the person has others", async () => {
    const { emulator, users } = await start();
    assertDone(await users.up({ ada }));
    const { id } = users.resource("ada");
    const renamed = assertDone(await users.up({ ada: { userName: "countess@example.com" } }));
    assert.deepEqual(writes(renamed.requests), ["PatchUser"]);
    assert.deepEqual(
      emulator.scimUsers.get(id).emails.map(({ value }) => value),
      ["countess@example.com"],
    );
    const others = [{ value: "a@example.org", display: "", primary: true, type: "" }];
    emulator.scimUsers.edit(id, { emails: others });
    assertDone(await users.refresh());
    assertDone(await users.up({ ada }));
    assert.deepEqual(emulator.scimUsers.get(id).emails, others);
    assert.equal(users.resource("ada").id, id);
  });

  it("reports what a person loses before it bars one, and refuses nothing else", async () => {
    const { users } = await start();
    assertDone(await users.up({ ada }));
    const run = assertDone(await users.up({ ada: { ...ada, active: false } }));
    assert.match(
      run.notes.map(({ text }) => text).join("\n"),
      /can no longer sign in\. Roles and history stay\./,
    );
    assert.deepEqual(run.steps, ["update ada"]);
  });

  it("is neither deleted nor barred while the run authenticates as this person", async () => {
    const { emulator, stack } = await start({ organizations: [{ vanityName: "acme" }] });
    const person = emulator.persons.add({ email: ada.userName });
    emulator.scimUsers.edit(person, { externalId: "7" });
    emulator.roles.grant(person, { role: "ORG_ADMIN" });
    const other = emulator.serviceAccounts.add("other");
    const issuer = emulator.jwtIssuers.add({
      issuer_url: "https://idp.example.com",
      audience: "ci",
    });
    const users = stack({
      serve: (host) => toDynamicProvider(userLifecycle, host),
      environment: {
        COCKROACH_SERVER: emulator.url,
        COCKROACH_API_JWT: emulator.jwtIssuers.sign(issuer, { sub: [ada.userName, other] }),
        COCKROACH_VANITY_NAME: "acme",
        COCKROACH_USERNAME: "Ada@example.com",
      },
    });
    const own = { ...ada, externalId: "7" };
    assertDone(await users.up({ own }, { options: { own: { import: person } } }));
    const barred = await users.up({ own: { ...own, active: false } });
    assert.match(failureOf(barred), /is not deactivated: this run authenticates as this person/);
    const deleted = await users.destroy();
    assert.match(failureOf(deleted), /is not deleted: this run authenticates as this person/);
    assert.deepEqual(writes([...barred.requests, ...deleted.requests]), []);
  });

  it("shows the refusal of a new name, and replaces nobody", async () => {
    const { users } = await start({ assumptions: { scimRename: "refused" } });
    assertDone(await users.up({ ada }));
    const run = await users.up({ ada: { userName: "countess@example.com" } });
    assert.match(failureOf(run), /400 invalid argument: userName cannot be changed/);
    assert.deepEqual(run.steps, ["update ada"]);
  });

  it("says that the name is another person's", async () => {
    const { emulator, users } = await start();
    assertDone(await users.up({ eve: { userName: "eve@example.com" } }));
    emulator.persons.add({ email: ada.userName });
    const run = await users.up({ eve: { userName: ada.userName } });
    assert.match(failureOf(run), /another person of the organization has it/);
  });

  it("does not take a person for its own who differs from what was asked for", async () => {
    const { emulator, users, groups } = await start();
    assertDone(await groups.up({}));
    const other = emulator.persons.add({ email: ada.userName });
    emulator.scimUsers.edit(other, { displayName: "Somebody else" });
    emulator.faults.add("CreateUser", { status: 500, body: "lost" });
    const run = await users.up({ ada: { ...ada, displayName: "Ada" } });
    assert.match(failureOf(run), /500/);
    assert.equal(users.resources.size, 0);
    assert.equal(emulator.scimUsers.get(other).displayName, "Somebody else");
  });

  it("reads all users with one list", async () => {
    const { time, users } = await start();
    const program = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `u${index}`,
        { userName: `u${index}@example.com` },
      ]),
    );
    assertDone(await users.up(program));
    await time.advance(60_000);
    const { requests } = assertDone(await users.refresh());
    assert.deepEqual(
      requests.map(({ operation }) => operation),
      ["GetUsers"],
    );
  });

  for (const scimOff of [
    { status: 403, code: 7 },
    { status: 404, code: 5 },
  ]) {
    it(`loses nobody where SCIM is off (${scimOff.status}), and says what it takes`, async () => {
      const on = await start();
      assertDone(await on.users.up({ ada }));
      const organizations = [{ scim: false, persons: [] }];
      const { users } = await start({ organizations, assumptions: { scimOff } });
      for (const [name, stored] of on.users.resources) users.resources.set(name, stored);
      assert.match(failureOf(await users.refresh()), /Cloud Organization SSO/);
      assert.equal(users.resources.size, 1);
      users.resources.clear();
      assert.match(failureOf(await users.up({ ada })), /Cloud Organization SSO/);
    });
  }
});

describe("ProvisionedGroup", () => {
  checkEmulators();

  it("adds and removes single members, and leaves those alone that others have added", async () => {
    const { emulator, groups } = await start();
    const [a, b, c] = ["a", "b", "c"].map((name) =>
      emulator.persons.add({ email: `${name}@x.example` }),
    );
    const dba = (members: unknown) => ({ dba: { displayName: "dba", members } });
    assertDone(await groups.up(dba([a, b])));
    const { id } = groups.resource("dba");
    emulator.scimGroups.edit(id, { members: [a ?? "", b ?? "", c ?? ""] });
    const run = assertDone(await groups.up(dba([a])));
    assert.deepEqual(bodies(run.requests, "PatchGroup"), [
      {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "remove", path: `members[value eq "${b}"]` }],
      },
    ]);
    assert.deepEqual(emulator.scimGroups.list()[0]?.members, [a, c]);
  });

  it("writes all members where the API refuses to remove single ones", async () => {
    const { emulator, groups } = await start();
    const [a, b] = ["a", "b"].map((name) => emulator.persons.add({ email: `${name}@x.example` }));
    const dba = (members: unknown) => ({ dba: { displayName: "dba", members } });
    assertDone(await groups.up(dba([a])));
    const body = { code: 3, message: "invalid argument: invalid path", details: [] };
    emulator.faults.add("PatchGroup", { status: 400, body });
    const run = assertDone(await groups.up(dba([b])));
    assert.deepEqual(writes(run.requests), ["PatchGroup", "PatchGroup"]);
    assert.deepEqual(emulator.scimGroups.list()[0]?.members, [b]);
  });

  it("takes its members as a set", async () => {
    const { emulator, groups } = await start();
    const [a = "", b = ""] = ["a", "b"].map((name) =>
      emulator.persons.add({ email: `${name}@x.example` }),
    );
    const dba = (members: string[]) => ({ dba: { displayName: "dba", members } });
    assertDone(await groups.up(dba([a, b])));
    const run = assertDone(await groups.up(dba([b.toUpperCase(), a, b])));
    assert.deepEqual([run.steps, run.requests.length], [["same dba"], 0]);
  });
});

import { strict as assert } from "node:assert";
import type { Assumptions } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, bodyOf, callerOf, startQuick } from "../caller";

const find = (email: string) => `/users/persons-by-email?email=${encodeURIComponent(email)}`;

describe("Persons", () => {
  checkEmulators();

  it("are found by their e-mail address, in capitals too", async () => {
    const { emulator, api } = await startQuick();
    const id = emulator.persons.add({ email: "Ada@example.com" });
    const user = { id, email: "Ada@example.com" };
    assert.deepEqual(bodyOf(await api.get(find("Ada@example.com"))), { user });
    assert.deepEqual(bodyOf(await api.get(find("ADA@EXAMPLE.COM"))), { user });
  });

  it("are found by their exact address only where the assumption says so", async () => {
    const { emulator, api } = await startQuick({ assumptions: { personEmailCase: "exact" } });
    emulator.persons.add({ email: "Ada@example.com" });
    assert.deepEqual(bodyOf(await api.get(find("ada@example.com"))), { user: null });
    assert.notEqual(bodyOf(await api.get(find("Ada@example.com"))).user, null);
  });

  for (const [unknownPerson, body] of [
    ["null", { user: null }],
    ["absent", {}],
  ] as [Assumptions["unknownPerson"], object][]) {
    it(`who are unknown are ${unknownPerson}`, async () => {
      const { api } = await startQuick({ assumptions: { unknownPerson } });
      assert.deepEqual(bodyOf(await api.get(find("nobody@example.com"))), body);
    });
  }

  it("who are unknown are not found, where the assumption says so", async () => {
    const { api } = await startQuick({ assumptions: { unknownPerson: "not-found" } });
    assertRefused(await api.get(find("nobody@example.com")), 404, 5);
  });

  it("are not found without an address, and service accounts are none", async () => {
    const { api } = await startQuick();
    assertRefused(await api.get("/users/persons-by-email"), 400, 3);
    assertRefused(await api.get(find("")), 400, 3);
    assert.deepEqual(bodyOf(await api.get(find("key-1"))), { user: null });
  });

  it("are found by admins only", async () => {
    const { emulator } = await startQuick();
    for (const role of ["CLUSTER_DEVELOPER", "CLUSTER_CREATOR", "BILLING_COORDINATOR"] as const) {
      const caller = callerOf(emulator, emulator.organization.addKey({ roles: [{ role }] }));
      assertRefused(await caller.get(find("founder@example.com")), 403, 7);
    }
  });

  it("are a founder and a member, or those of the options, and can be removed", async () => {
    const { emulator } = await startQuick();
    assert.deepEqual(
      emulator.persons.list().map(({ email }) => email),
      ["founder@example.com", "member@example.com"],
    );
    const ada = { id: "5ba5ed00-0000-4000-8000-0000000000ad", email: "ada@example.com" };
    const other = await startQuick({ organizations: [{ persons: [ada] }] });
    assert.deepEqual(other.emulator.persons.list(), [ada]);
    other.emulator.persons.remove(ada.id);
    assert.deepEqual(other.emulator.persons.list(), []);
    assert.throws(() => other.emulator.persons.remove(ada.id), /no person/);
  });
});

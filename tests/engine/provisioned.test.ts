// Persons and groups of SCIM on the real engine.
import assert from "node:assert/strict";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { TestStack } from "../support/engine";
import { startStack } from "../support/engine";
import { writes as writesAmong } from "../support/engine-model/requests";

describe("Persons and groups of a stack", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let isBarred = false;

  const program = async () => {
    const ada = new cockroachdb.ProvisionedUser("ada", {
      userName: "ada@example.com",
      active: !isBarred,
    });
    const dba = new cockroachdb.ProvisionedGroup("dba", {
      displayName: "dba",
      members: isBarred ? [] : [ada],
    });
    const groups = dba.id.apply(() =>
      cockroachdb.listScimGroups({ filter: 'displayName eq "dba"' }),
    );
    return { members: dba.members, groups };
  };
  const writes = () => writesAmong(emulator.requests);

  before(async () => {
    emulator = await startTestEmulator({ organizations: [{ persons: [] }], rateLimit: "off" });
    stack = await startStack({
      program,
      env: environmentFor(emulator),
    });
  });
  afterEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("are created with one request each, the persons before their groups, and stay as they are", async () => {
    await stack.preview();
    const run = await stack.up();
    assert.deepEqual(writes(), ["CreateUser", "CreateGroup"]);
    const [person] = emulator.persons.list();
    assert.deepEqual(run.outputs["members"]?.value, [person?.id]);
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("change in place, with one request each", async () => {
    isBarred = true;
    await stack.up();
    assert.deepEqual(writes().sort(), ["PatchGroup", "PatchUser"]);
    const [person] = emulator.persons.list();
    assert.equal(emulator.scimUsers.get(person?.id ?? "").active, false);
    assert.deepEqual(emulator.scimGroups.list()[0]?.members, []);
  });

  it("are removed from the organization", async () => {
    await stack.destroy();
    assert.deepEqual(writes().sort(), ["DeleteGroup", "DeleteUser"]);
    assert.deepEqual([emulator.persons.list(), emulator.scimGroups.list()], [[], []]);
  });
});

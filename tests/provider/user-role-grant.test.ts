import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { lifecycle } from "../../provider/user-role-grant";
import { basic } from "../emulator/caller";
import { failuresOf } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import type { Program } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import { count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { kinds } from "../support/kinds";

const billing = { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" };
const nobody = "5ba5ed00-0000-4000-8000-0000000000ac";

describe("UserRoleGrant", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const lab = await startLab(options);
    const { emulator } = lab;
    const user = emulator.serviceAccounts.add("ci");
    const cluster = emulator.clusters.create(basic("orders-test")).id;
    const developer = {
      roleName: "CLUSTER_DEVELOPER",
      resourceType: "CLUSTER",
      resourceId: cluster,
    };
    const shop = lab.stack();
    const program = (...roles: object[]): Program =>
      Object.fromEntries(
        roles.map((role, index) => [
          `grant${index}`,
          new Declaration(kinds.UserRoleGrant, { userId: user, role }),
        ]),
      );
    const held = () =>
      emulator.roles
        .of(user)
        .map(({ name }) => name)
        .filter((name) => name !== "ORG_MEMBER")
        .sort();
    return { ...lab, user, cluster, developer, shop, program, held };
  }

  it("grants and removes one role, and no other", async () => {
    const { emulator, user, cluster, developer, shop, program, held } = await start();
    emulator.roles.grant(user, { role: "CLUSTER_CREATOR" });
    const run = assertDone(await shop.up(program(developer, billing)));
    assert.deepEqual(writes(run.requests), ["AddUserToRole", "AddUserToRole"]);
    assert.equal(count(run.requests, "GetAllRolesForUser"), 1);
    assert.deepEqual(
      [shop.resource("grant0").id, shop.resource("grant1").id],
      [`${user},CLUSTER_DEVELOPER,CLUSTER,${cluster}`, `${user},BILLING_VIEWER,ORGANIZATION`],
    );
    const refreshed = await shop.refresh();
    assert.deepEqual(refreshed.differences, {});
    assert.equal(count(refreshed.requests, "GetAllRolesForUser"), 1);
    assertDone(await shop.destroy());
    assert.deepEqual(held(), ["CLUSTER_CREATOR"]);
  });

  it("of ORG_MEMBER that was imported is deleted without a request, and reports that the role stays", async () => {
    const { emulator, user, shop, program } = await start();
    const member = { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" };
    const id = `${user},ORG_MEMBER,ORGANIZATION`;
    assertDone(await shop.up(program(member), { options: { grant0: { import: id } } }));
    const run = assertDone(await shop.destroy());
    assert.deepEqual(writes(run.requests), []);
    assert.match(run.notes.map(({ text }) => text).join(), /stays, and nothing is sent/);
    assert.ok(emulator.roles.of(user).some(({ name }) => name === "ORG_MEMBER"));
  });

  it("takes an empty id for that of the organization", async () => {
    const { shop, program } = await start();
    assertDone(await shop.up(program(billing)));
    const same = await shop.up(program({ ...billing, resourceId: "" }));
    assert.deepEqual(same.steps, ["same grant0"]);
  });

  it("is replaced without a gap: the new role is granted before the old one is removed", async () => {
    const { shop, program, developer, held } = await start();
    assertDone(await shop.up(program(developer)));
    const run = assertDone(await shop.up(program(billing)));
    assert.deepEqual(writes(run.requests), ["AddUserToRole", "RemoveUserFromRole"]);
    assert.deepEqual(held(), ["BILLING_VIEWER"]);
  });

  it("manages a role that was granted before, and reports it", async () => {
    const { emulator, user, shop, program } = await start();
    emulator.roles.grant(user, { role: "BILLING_VIEWER" });
    const run = assertDone(await shop.up(program(billing)));
    assert.deepEqual(writes(run.requests), []);
    assert.match(String(run.notes[0]?.text), /was granted to .* before this resource/);
  });

  for (const fault of [{ reset: "after-effect" }, { reset: "before-effect" }] as const) {
    it(`sends the request again when its response is lost: ${fault.reset}`, async () => {
      const { emulator, shop, program, held } = await start();
      emulator.faults.add("AddUserToRole", fault);
      assertDone(await shop.up(program(billing)));
      assert.deepEqual(held(), ["BILLING_VIEWER"]);
    });
  }

  it("waits for a subject that is not known everywhere yet", async () => {
    const { emulator, shop, program, held } = await start();
    emulator.faults.add("AddUserToRole", { status: 404, message: "not found", times: 2 });
    assertDone(await shop.up(program(billing)));
    assert.deepEqual(held(), ["BILLING_VIEWER"]);
  });

  it("is granted by who may grant it and not read roles", async () => {
    const { emulator, cluster, developer, shop, program, held } = await start();
    emulator.organization.setRoles("key-1", [
      { role: "CLUSTER_ADMIN", scope: "cluster", resourceId: cluster },
    ]);
    assertDone(await shop.up(program(developer)));
    assert.deepEqual(held(), ["CLUSTER_DEVELOPER"]);
  });

  it("is created again when somebody else has removed it", async () => {
    const { emulator, user, shop, program, held } = await start();
    assertDone(await shop.up(program(billing)));
    emulator.roles.revoke(user, { role: "BILLING_VIEWER" });
    assertDone(await shop.refresh());
    assert.equal(shop.resources.size, 0);
    assertDone(await shop.up(program(billing)));
    assert.deepEqual(held(), ["BILLING_VIEWER"]);
  });

  it("is deleted when the role, the cluster or the subject does not exist any more", async () => {
    const { emulator, user, cluster, developer, shop, program } = await start();
    assertDone(await shop.up(program(billing, developer)));
    emulator.roles.revoke(user, { role: "BILLING_VIEWER" });
    emulator.clusters.delete(cluster);
    assertDone(await shop.destroy());
    assertDone(await shop.up(program(billing)));
    emulator.serviceAccounts.remove(user);
    assertDone(await shop.destroy());
    assert.equal(shop.resources.size, 0);
  });

  it("imports a role that is granted, and refuses another id or a missing role", async () => {
    const { emulator, user, shop, program } = await start();
    emulator.roles.grant(user, { role: "BILLING_VIEWER" });
    const id = `${user},BILLING_VIEWER,ORGANIZATION`;
    const imported = await shop.up(program(billing), { options: { grant0: { import: id } } });
    assertDone(imported);
    assert.deepEqual(writes(imported.requests), []);
    const other = await start();
    const wrong = await other.shop.up(other.program(billing), {
      options: { grant0: { import: `${other.user},ORG_ADMIN,ORGANIZATION` } },
    });
    assert.match(failureOf(wrong), /the arguments describe/);
    const missing = await other.shop.up(other.program(billing), {
      options: { grant0: { import: `${other.user},BILLING_VIEWER,ORGANIZATION` } },
    });
    assert.match(failureOf(missing), /there is no such role grant/);
  });

  it("refuses to take the role ORG_ADMIN from the account that the run authenticates as", async () => {
    const { emulator, shop } = await start();
    const own = emulator.serviceAccounts.list().find(({ name }) => name === "key-1")?.id ?? "";
    const role = { roleName: "ORG_ADMIN", resourceType: "ORGANIZATION" };
    const program = { own: new Declaration(kinds.UserRoleGrant, { userId: own, role }) };
    assertDone(await shop.up(program));
    const run = await shop.destroy();
    assert.match(failureOf(run), /which would lose the right to go on/);
    assert.deepEqual(writes(run.requests), []);
  });

  describe("check", () => {
    const warningsOf = (roleName: unknown, olds: object = {}) =>
      lifecycle
        .check(olds, { userId: nobody, role: { roleName, resourceType: "ORGANIZATION" } })
        .notes.map(({ severity, message }) => `${severity}: ${message}`);

    it("warns of the name of a role that it does not know, and offers the likely one", () => {
      const unknown = "is no role that this version of the package knows.";
      assert.deepEqual(warningsOf("CLUSTER_ADMIM"), [
        `warning: CLUSTER_ADMIM ${unknown} Did you mean CLUSTER_ADMIN?`,
      ]);
      assert.deepEqual(warningsOf("AUDITOR"), [`warning: AUDITOR ${unknown} Check its spelling.`]);
      assert.deepEqual(warningsOf("CLUSTER_ADMIN"), []);
      assert.deepEqual(warningsOf("04da6b54-80e4-46f7-96ec-b56ff0331ba9"), []);
    });

    it("warns of it only once, not on every run after that", () => {
      const granted = { roleName: "AUDITOR", resourceType: "ORGANIZATION" };
      assert.deepEqual(warningsOf("AUDITOR", { userId: nobody, role: granted }), []);
    });

    const cluster = "5ba5ed00-0000-4000-8000-000000000001";
    const rows: [string, object, string[]][] = [
      ["a role on the organization", billing, []],
      [
        "a role of a later version of the API",
        { roleName: "AUDITOR", resourceType: "ORGANIZATION" },
        [],
      ],
      [
        "a role at the wrong place",
        { roleName: "ORG_ADMIN", resourceType: "CLUSTER", resourceId: cluster },
        [
          'role.resourceType: must be "ORGANIZATION" for the role ORG_ADMIN. It is the string "CLUSTER".',
        ],
      ],
      [
        "a role at the wrong place, whose id is not known yet",
        {
          ...{ roleName: "BILLING_VIEWER", resourceType: "FOLDER" },
          resourceId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        },
        [
          'role.resourceType: must be "ORGANIZATION" for the role BILLING_VIEWER. It is the string "FOLDER".',
        ],
      ],
      [
        "an id of the organization",
        { ...billing, resourceId: cluster },
        [
          `role.resourceId: must be left out for a role on the organization. It is the string "${cluster}".`,
        ],
      ],
      [
        "a cluster without an id",
        { roleName: "CLUSTER_ADMIN", resourceType: "CLUSTER" },
        ["role.resourceId: is required for a role on a cluster: give its id, a UUID."],
      ],
      [
        "a role in small letters",
        { roleName: "cluster_admin", resourceType: "ORGANIZATION" },
        [
          'role.roleName: must be the name of a role in capitals, such as CLUSTER_ADMIN. It is the string "cluster_admin".',
        ],
      ],
      [
        "membership",
        { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" },
        [
          "role: must be another role than ORG_MEMBER, which every person and service account has and nobody can lose: remove this resource.",
        ],
      ],
    ];
    for (const [title, role, expected] of rows) {
      it(`reports of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        assert.deepEqual(failuresOf(lifecycle, { userId: nobody, role }), expected);
      });
    }

    it("names the users that it takes when it is given a SQL user", () => {
      const [failure] = failuresOf(lifecycle, { userId: `${nobody}:app`, role: billing });
      assert.match(String(failure), /^userId: must be the id of a person.*and no SQL user/);
    });
  });
});

describe("UserRoleGrant and UserRoleGrants of one program", () => {
  checkEmulators();

  const creator = { roleName: "CLUSTER_CREATOR", resourceType: "ORGANIZATION" };

  async function start() {
    const lab = await startLab();
    const { serviceAccounts } = lab.emulator;
    const [user, other] = [serviceAccounts.add("ci"), serviceAccounts.add("cd")];
    const shop = lab.stack();
    const grant = (role: object, userId = user) =>
      new Declaration(kinds.UserRoleGrant, { userId, role });
    const grants = (userId = user) =>
      new Declaration(kinds.UserRoleGrants, { userId, roles: [billing] });
    return { ...lab, user, other, shop, grant, grants };
  }

  it("are refused by the preview where both manage the roles of one subject, whichever comes first", async () => {
    const { shop, grant, grants, user } = await start();
    const all = failureOf(await shop.preview({ single: grant(creator), all: grants() }));
    assert.match(all, /userId: has a role granted by UserRoleGrant "single", and this resource/);
    const single = failureOf(
      await shop.preview({ all: grants(user.toUpperCase()), single: grant(creator) }),
    );
    assert.match(
      single,
      /userId: has all its roles managed by UserRoleGrants "all", which removes/,
    );
  });

  it("are no conflict for two subjects, and are taken as valid while one is not known", async () => {
    const { shop, grant, grants, user, other } = await start();
    assertDone(await shop.up({ all: grants(user), single: grant(creator, other) }));
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const seen = [{ name: "all", inputs: { userId: unknown }, clusterUrns: [] }];
    const args = { userId: unknown, role: billing };
    assert.deepEqual(
      lifecycle.conflicts?.(args, () => seen),
      [],
    );
  });

  it("follow each other in one update: what the program no longer has is no conflict", async () => {
    const { emulator, shop, grant, grants, user } = await start();
    assertDone(await shop.up({ single: grant(creator) }));
    assertDone(await shop.up({ all: grants() }));
    assert.deepEqual(
      emulator.roles.of(user).map(({ name }) => name),
      ["ORG_MEMBER", "BILLING_VIEWER"],
    );
  });

  it("are refused when two of a kind have the same role or subject", async () => {
    const { shop, grant, grants } = await start();
    const emptyId = { ...creator, resourceId: "" };
    const twice = failureOf(await shop.preview({ one: grant(creator), two: grant(emptyId) }));
    assert.match(twice, /role: is granted to the same one by UserRoleGrant "one" already: remove/);
    const sets = failureOf(await shop.preview({ one: grants(), two: grants() }));
    assert.match(sets, /userId: has all its roles managed by UserRoleGrants "one" already/);
    assertDone(await shop.preview({ one: grant(creator), two: grant(billing) }));
  });
});

describe("UserRoleGrants", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const lab = await startLab(options);
    const { emulator } = lab;
    const user = emulator.serviceAccounts.add("ci");
    const shop = lab.stack();
    const program = (...roles: object[]): Program => ({
      all: new Declaration(kinds.UserRoleGrants, { userId: user, roles }),
    });
    const held = () =>
      emulator.roles
        .of(user)
        .map(({ name }) => name)
        .sort();
    return { ...lab, user, shop, program, held };
  }
  const creator = { roleName: "CLUSTER_CREATOR", resourceType: "ORGANIZATION" };

  it("sets all roles by one request, and reports which others it removes", async () => {
    const { emulator, user, shop, program, held } = await start();
    emulator.roles.grant(user, { role: "ORG_ADMIN" });
    const run = assertDone(await shop.up(program(creator, billing)));
    assert.deepEqual(writes(run.requests), ["SetRolesForUser"]);
    assert.match(String(run.notes[0]?.text), /Role ORG_ADMIN on the organization of .* is removed/);
    assert.deepEqual(held(), ["BILLING_VIEWER", "CLUSTER_CREATOR", "ORG_MEMBER"]);
    assert.equal(shop.resource("all").id, user);
  });

  it("minds neither the order of roles nor membership, and sends nothing when all is as it should be", async () => {
    const { emulator, user, shop, program } = await start();
    emulator.roles.grant(user, { role: "BILLING_VIEWER" });
    emulator.roles.grant(user, { role: "CLUSTER_CREATOR" });
    const run = assertDone(await shop.up(program(creator, billing)));
    assert.deepEqual(writes(run.requests), []);
    const member = { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" };
    assert.deepEqual((await shop.up(program(billing, creator, member))).steps, ["same all"]);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("reports drift, brings it in line, and reports in the preview what a change removes", async () => {
    const { emulator, user, shop, program, held } = await start();
    assertDone(await shop.up(program(creator, billing)));
    emulator.roles.grant(user, { role: "ORG_ADMIN" });
    assert.deepEqual((await shop.refresh()).differences, { all: ["roles"] });
    const preview = await shop.preview(program(billing));
    assert.match(
      String(preview.notes[0]?.text),
      /CLUSTER_CREATOR .*; Role ORG_ADMIN .* will be removed/,
    );
    const run = assertDone(await shop.up(program(billing)));
    assert.deepEqual(writes(run.requests), ["SetRolesForUser"]);
    assert.deepEqual(held(), ["BILLING_VIEWER", "ORG_MEMBER"]);
  });

  it("leaves a service account its membership when it is deleted", async () => {
    const { shop, program, held } = await start();
    assertDone(await shop.up(program(billing)));
    assertDone(await shop.destroy());
    assert.deepEqual(held(), ["ORG_MEMBER"]);
  });

  it("is deleted with its subject", async () => {
    const { emulator, user, shop, program } = await start({
      assumptions: { grantsOutliveAccount: false },
    });
    assertDone(await shop.up(program(billing)));
    emulator.serviceAccounts.remove(user);
    assertDone(await shop.destroy());
    assert.equal(shop.resources.size, 0);
  });

  it("gives the other subject its roles before the first one loses them", async () => {
    const { emulator, shop, program, held } = await start();
    assertDone(await shop.up(program(billing)));
    const other = emulator.serviceAccounts.add("cd");
    const run = assertDone(
      await shop.up({
        all: new Declaration(kinds.UserRoleGrants, { userId: other, roles: [billing] }),
      }),
    );
    assert.deepEqual(writes(run.requests), ["SetRolesForUser", "SetRolesForUser"]);
    assert.deepEqual(held(), ["ORG_MEMBER"]);
    assert.equal(emulator.roles.of(other).length, 2);
  });

  it("sends the set again when its response is lost", async () => {
    const { emulator, shop, program, held } = await start();
    emulator.faults.add("SetRolesForUser", { reset: "after-effect" });
    assertDone(await shop.up(program(billing)));
    assert.deepEqual(held(), ["BILLING_VIEWER", "ORG_MEMBER"]);
  });

  it("removes roles of which the API says that their subject is not there, and is done where that is so", async () => {
    const { emulator, shop, program, held } = await start({
      assumptions: { unknownSubject: "not-found" },
    });
    assertDone(await shop.up(program(billing)));
    const absent = { status: 404, message: "not found", times: Number.POSITIVE_INFINITY };
    emulator.faults.add("GetAllRolesForUser", absent);
    assertDone(await shop.destroy());
    assert.deepEqual(held(), ["ORG_MEMBER"]);
  });

  it("refuses to remove the roles of the account that the run authenticates as", async () => {
    const { emulator, shop } = await start();
    const own = emulator.serviceAccounts.list().find(({ name }) => name === "key-1")?.id ?? "";
    const roles = emulator.roles
      .of(own)
      .map(({ name, resource }) => ({ roleName: name, resourceType: resource.type }));
    const program = { own: new Declaration(kinds.UserRoleGrants, { userId: own, roles }) };
    assertDone(await shop.up(program));
    const run = await shop.destroy();
    assert.match(failureOf(run), /which would lose the right to go on/);
    assert.deepEqual(writes(run.requests), []);
  });
});

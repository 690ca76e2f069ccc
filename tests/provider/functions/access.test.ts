// The functions that read folders, identities and roles, on the emulator.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { EmulatorOptions } from "../../../emulator";
import * as cockroachdb from "../../../provider/functions/index";
import { isNotFound } from "../../../sdk";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/program-lab";
import { held, missingId, startLab } from "../../support/program-lab";

describe("Functions of organization and access", () => {
  checkEmulators();

  let lab: Lab;
  const start = async (options: EmulatorOptions = {}) => {
    lab = await startLab({ organizations: [{ persons: [] }], ...options });
    return lab.emulator;
  };
  afterEach(() => lab.restoreEnvironment());
  const requests = () =>
    lab.emulator.requests.map(({ operation, path }) => `${operation} ${path.split("?")[0]}`);

  describe("getFolder", () => {
    it("reads a folder by its id, with its place", async () => {
      const emulator = await start();
      const payments = emulator.folders.add("payments", { labels: { team: "pay" } });
      const eu = emulator.folders.add("eu west", { parentId: payments });
      const organizationId = emulator.organization.id;
      assert.deepEqual(await cockroachdb.getFolder({ id: eu }), {
        id: eu,
        name: "eu west",
        parentId: payments,
        labels: {},
        path: [{ id: payments, name: "payments" }],
        fullPath: "/payments/eu west",
        organizationId,
      });
      assert.deepEqual(requests(), [`GetFolder /api/v1/folders/${eu}`]);
      const { labels, fullPath } = await cockroachdb.getFolder({ id: payments });
      assert.deepEqual({ labels, fullPath }, { labels: { team: "pay" }, fullPath: "/payments" });
    });

    for (const path of ["/payments/eu west", "payments/eu west", "/payments/eu west/"]) {
      it(`finds a folder by the path ${JSON.stringify(path)}, with one request`, async () => {
        const emulator = await start();
        const payments = emulator.folders.add("payments");
        const eu = emulator.folders.add("eu west", { parentId: payments });
        emulator.folders.add("eu west");
        assert.equal((await cockroachdb.getFolder({ path })).id, eu);
        assert.deepEqual(requests(), ["ListFolders /api/v1/folders"]);
      });
    }

    it("reports the path that leads to no folder as not found", async () => {
      await start();
      await assert.rejects(cockroachdb.getFolder({ path: "payments" }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.equal(
          error.message,
          'Looking up folder "/payments" failed: this credential can see no folder at this path. A path begins at the root and has the names of all folders around, as they are written there.',
        );
        return true;
      });
      await assert.rejects(cockroachdb.getFolder({ id: missingId }), (error: Error) =>
        isNotFound(error),
      );
    });

    it("lists the ids of folders that share a path", async () => {
      const emulator = await start({ assumptions: { duplicateFolder: "allowed" } });
      const ids = [emulator.folders.add("payments"), emulator.folders.add("payments")];
      await assert.rejects(cockroachdb.getFolder({ path: "/payments" }), ({ message }: Error) => {
        assert.match(
          message,
          /^Looking up folder "\/payments" failed: 2 folders are at this path\. Give the id of one of them: /,
        );
        return ids.every((id) => message.includes(id));
      });
    });

    it("needs exactly one of id and path, and a path with a name in it", async () => {
      await start();
      const message = "getFolder needs either id or path, and not both.";
      await assert.rejects(cockroachdb.getFolder({}), { message });
      await assert.rejects(cockroachdb.getFolder({ id: missingId, path: "/a" }), { message });
      for (const path of ["", "/"]) {
        await assert.rejects(
          cockroachdb.getFolder({ path }),
          /^ArgumentError: getFolder needs path/,
        );
      }
      assert.deepEqual(requests(), []);
    });
  });

  it("listFolders lists all folders by name, or those directly in one place", async () => {
    const emulator = await start();
    const payments = emulator.folders.add("payments");
    emulator.folders.add("eu", { parentId: payments });
    emulator.folders.add("archive");
    const names = async (args?: cockroachdb.ListFoldersArgs) =>
      (await cockroachdb.listFolders(args)).map(({ name }) => name);
    assert.deepEqual(await names(), ["archive", "eu", "payments"]);
    assert.deepEqual(await names({ parentId: payments }), ["eu"]);
    assert.deepEqual(await names({ parentId: "root" }), ["archive", "payments"]);
    assert.deepEqual(await names({ parentId: missingId }), []);
  });

  describe("listFolderContents", () => {
    it("lists folders and clusters of one place, and with recursive of all below it", async () => {
      const emulator = await start();
      const payments = emulator.folders.add("payments");
      const eu = emulator.folders.add("eu", { parentId: payments });
      lab.basic("at-root");
      lab.basic("in-payments", { parent_id: payments, labels: { team: "pay" } });
      const { id: inEu } = lab.basic("in-europe", { parent_id: eu });
      const places = async (args?: cockroachdb.ListFolderContentsArgs) =>
        (await cockroachdb.listFolderContents(args)).map(
          ({ type, fullPath }) => `${type} ${fullPath}`,
        );
      assert.deepEqual(await places(), ["FOLDER /payments", "CLUSTER /at-root"]);
      const inPayments = ["FOLDER /payments/eu", "CLUSTER /payments/in-payments"];
      assert.deepEqual(await places({ folderId: payments }), inPayments);
      emulator.requests.clear();
      assert.deepEqual(await places({ folderId: payments, recursive: true }), [
        ...inPayments,
        "CLUSTER /payments/eu/in-europe",
      ]);
      assert.deepEqual(requests(), [
        `ListFolderContents /api/v1/folders/${payments}/contents`,
        `ListFolderContents /api/v1/folders/${eu}/contents`,
      ]);
      const [content] = await cockroachdb.listFolderContents({ folderId: eu });
      assert.deepEqual([content?.id, content?.parentId, content?.labels], [inEu, eu, {}]);
    });

    it("does not show the label of a cluster whose creation is not finished", async () => {
      await start();
      lab.basic("orders", { labels: { "pulumi-creating": "a-b", team: "payments" } });
      const [content] = await cockroachdb.listFolderContents();
      assert.deepEqual(content?.labels, { team: "payments" });
    });
  });

  describe("getServiceAccount", () => {
    it("reads a service account by its id or by its name, with its own roles and those of its groups", async () => {
      const emulator = await start();
      const { id: clusterId } = lab.basic("orders");
      const id = emulator.serviceAccounts.add("ci", {
        description: "deploys",
        roles: [{ role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId: clusterId }],
      });
      const group = emulator.scimGroups.add("viewers", [id]);
      emulator.roles.grant(group, { role: "BILLING_VIEWER" });
      const account = await cockroachdb.getServiceAccount({ id });
      const { createdAt, creatorName, ...rest } = account;
      assert.deepEqual(rest, {
        id,
        name: "ci",
        description: "deploys",
        roles: [
          { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" },
          { roleName: "CLUSTER_DEVELOPER", resourceType: "CLUSTER", resourceId: clusterId },
        ],
        groupRoles: [
          { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION", groupNames: ["viewers"] },
        ],
      });
      assert.ok(Date.parse(createdAt));
      assert.equal(typeof creatorName, "string");
      assert.deepEqual(await cockroachdb.getServiceAccount({ name: "ci" }), account);
    });

    it("reports a name that no account has, and one that several have", async () => {
      const emulator = await start();
      await assert.rejects(cockroachdb.getServiceAccount({ name: "ci" }), (error: Error) => {
        assert.ok(isNotFound(error));
        assert.equal(
          error.message,
          'Looking up service account "ci" failed: the only service account that this credential can see has another name.',
        );
        return true;
      });
      const ids = [emulator.serviceAccounts.add("ci"), emulator.serviceAccounts.add("ci")];
      await assert.rejects(cockroachdb.getServiceAccount({ name: "ci" }), ({ message }: Error) => {
        assert.match(message, /failed: 2 service accounts have the name\. Give the id of one/);
        return ids.every((id) => message.includes(id));
      });
      await assert.rejects(cockroachdb.getServiceAccount({}), {
        message: "getServiceAccount needs either id or name, and not both.",
      });
    });
  });

  it("listServiceAccounts lists all service accounts by name", async () => {
    const emulator = await start();
    emulator.serviceAccounts.add("b");
    emulator.serviceAccounts.add("a");
    const names = (await cockroachdb.listServiceAccounts()).map(({ name }) => name);
    assert.deepEqual(
      names,
      emulator.serviceAccounts.list().map(({ name }) => name),
    );
    assert.deepEqual(names.slice(0, 2), ["a", "b"]);
  });

  it("listApiKeys lists the keys of all accounts or of one, and no secret", async () => {
    const emulator = await start();
    const account = emulator.serviceAccounts.add("ci");
    const secret = emulator.apiKeys.add(account, "deploy");
    const all = await cockroachdb.listApiKeys();
    assert.deepEqual(all.map(({ name }) => name).sort(), ["deploy", "key-1"]);
    const [key, ...others] = await cockroachdb.listApiKeys({ serviceAccountId: account });
    assert.deepEqual(others, []);
    const { createdAt, ...rest } = key as cockroachdb.ApiKeyInfo;
    const id = secret.split("_").slice(0, 2).join("_");
    assert.deepEqual(rest, { id, name: "deploy", serviceAccountId: account });
    assert.ok(Date.parse(createdAt));
    assert.ok(!JSON.stringify(all).includes(secret));
    assert.deepEqual(await cockroachdb.listApiKeys({ serviceAccountId: missingId }), []);
  });

  it("getRolesForUser reads the roles of a group, and none of an id that nobody has", async () => {
    const emulator = await start();
    const group = emulator.scimGroups.add("dba");
    emulator.roles.grant(group, { role: "CLUSTER_ADMIN" });
    assert.deepEqual(await cockroachdb.getRolesForUser({ userId: group }), {
      roles: [{ roleName: "CLUSTER_ADMIN", resourceType: "ORGANIZATION" }],
      groupRoles: [],
    });
    const none = { roles: [], groupRoles: [] };
    assert.deepEqual(await cockroachdb.getRolesForUser({ userId: missingId }), none);
    await assert.rejects(cockroachdb.getRolesForUser({ userId: "" }), {
      message: "getRolesForUser needs userId, the id of a person, a service account or a group.",
    });
  });

  it("listRoleGrants lists everybody once, with own roles and those of groups", async () => {
    const emulator = await start();
    const ada = emulator.persons.add({
      email: "ada@example.com",
      roles: [{ role: "BILLING_VIEWER" }],
    });
    const group = emulator.scimGroups.add("dba", [ada]);
    emulator.roles.grant(group, { role: "CLUSTER_ADMIN" });
    const grants = await cockroachdb.listRoleGrants();
    assert.deepEqual(
      grants.filter(({ userId }) => userId === ada),
      [
        {
          userId: ada,
          roles: [
            { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" },
            { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" },
          ],
          groupRoles: [
            { roleName: "CLUSTER_ADMIN", resourceType: "ORGANIZATION", groupNames: ["dba"] },
          ],
        },
      ],
    );
    assert.ok(grants.some(({ userId }) => userId === group));
  });

  describe("getPersonUser", () => {
    for (const unknownPerson of ["null", "absent", "not-found"] as const) {
      it(`is undefined for an address that nobody has, where the service returns ${unknownPerson}`, async () => {
        await start({ assumptions: { unknownPerson } });
        assert.equal(await cockroachdb.getPersonUser({ email: "nobody@example.com" }), undefined);
        assert.equal(lab.emulator.requests.length, 1);
      });
    }

    it("finds a member by the e-mail address, by one request", async () => {
      const emulator = await start();
      const id = emulator.persons.add({ email: "ada@example.com" });
      const ada = await cockroachdb.getPersonUser({ email: "ada@example.com" });
      assert.deepEqual(ada, { id, email: "ada@example.com" });
      assert.equal(emulator.requests.length, 1);
    });

    it("asks for an address with capitals in lower case too, before nobody has it", async () => {
      await start();
      assert.equal(await cockroachdb.getPersonUser({ email: "Ada@Example.com" }), undefined);
      assert.deepEqual(
        lab.emulator.requests.map(({ query }) => new URLSearchParams(query).get("email")),
        ["Ada@Example.com", "ada@example.com"],
      );
    });

    it("needs an address", async () => {
      await start();
      await assert.rejects(cockroachdb.getPersonUser({ email: "" }), {
        message: "getPersonUser needs email, an e-mail address.",
      });
    });
  });

  it("listJwtIssuers lists all issuers, with what holds where the service says nothing", async () => {
    const emulator = await start();
    const bare = emulator.jwtIssuers.add({ issuer_url: "https://a.example.com", audience: "ci" });
    const identity = { token_identity: "/^(.*)@corp\\.example$", cc_identity: "\\1@example.com" };
    const full = emulator.jwtIssuers.add({
      issuer_url: "https://b.example.com",
      audience: "ci",
      jwks: '{"keys":[]}',
      claim: "email",
      identity_map: [identity],
    });
    assert.deepEqual(await cockroachdb.listJwtIssuers(), [
      {
        id: bare,
        issuerUrl: "https://a.example.com",
        audience: "ci",
        jwks: "",
        claim: "sub",
        identityMap: [],
      },
      {
        id: full,
        issuerUrl: "https://b.example.com",
        audience: "ci",
        jwks: '{"keys":[]}',
        claim: "email",
        identityMap: [{ tokenIdentity: "/^(.*)@corp\\.example$", ccIdentity: "\\1@example.com" }],
      },
    ]);
  });

  describe("listScimUsers and listScimGroups", () => {
    it("list persons with their groups, and groups with their members", async () => {
      const emulator = await start();
      const ada = emulator.persons.add({ email: "ada@example.com" });
      const bob = emulator.persons.add({ email: "bob@example.com" });
      const dba = emulator.scimGroups.add("dba", [ada]);
      emulator.scimGroups.add("others");
      const users = await cockroachdb.listScimUsers();
      assert.deepEqual(users.map(({ id }) => id).sort(), [ada, bob].sort());
      const [user] = await cockroachdb.listScimUsers({ filter: 'userName eq "ada@example.com"' });
      const { createdAt, lastModified, ...rest } = user as cockroachdb.ScimUserInfo;
      assert.deepEqual(rest, {
        id: ada,
        userName: "ada@example.com",
        displayName: "",
        externalId: "",
        active: true,
        emails: [{ value: "ada@example.com", display: "", primary: true, type: "" }],
        name: { givenName: "", familyName: "" },
        groups: [{ id: dba, display: "dba", type: "direct" }],
      });
      assert.ok(Date.parse(createdAt) && Date.parse(lastModified));
      const groups = await cockroachdb.listScimGroups();
      assert.deepEqual(groups.map(({ displayName }) => displayName).sort(), ["dba", "others"]);
      const [group, ...more] = await cockroachdb.listScimGroups({
        filter: 'displayName eq "dba"',
      });
      assert.deepEqual(more, []);
      assert.equal(group?.id, dba);
      assert.deepEqual(group?.members, [{ id: ada, display: "ada@example.com", type: "User" }]);
    });

    it("list more than the service returns at once", async () => {
      const emulator = await start();
      const emails = Array.from({ length: 130 }, (_, n) => `p${n}@example.com`);
      for (const email of emails) emulator.persons.add({ email });
      for (const email of emails) emulator.scimGroups.add(email);
      const users = await cockroachdb.listScimUsers();
      const groups = await cockroachdb.listScimGroups();
      assert.deepEqual(users.map(({ userName }) => userName).sort(), emails.toSorted());
      assert.deepEqual(groups.map(({ displayName }) => displayName).sort(), emails.toSorted());
    });

    it("report a filter that the service does not understand", async () => {
      await start();
      await assert.rejects(cockroachdb.listScimUsers({ filter: "who?" }), /400/);
      await assert.rejects(cockroachdb.listScimGroups({ filter: "who?" }), /400/);
    });

    it("name Cloud Organization SSO where the organization has no SCIM", async () => {
      await start({ organizations: [{ persons: [], scim: false }] });
      for (const list of [cockroachdb.listScimUsers, cockroachdb.listScimGroups]) {
        await assert.rejects(list(), /Cloud Organization SSO/);
      }
    });
  });

  it("have twins, which take outputs", async () => {
    const emulator = await start();
    const userId = emulator.serviceAccounts.add("ci");
    const folderId = emulator.folders.add("payments");
    emulator.folders.add("eu", { parentId: folderId });
    emulator.apiKeys.add(userId, "deploy");
    const email = "ada@example.com";
    emulator.persons.add({ email });
    emulator.scimGroups.add("dba");
    emulator.jwtIssuers.add({ issuer_url: "https://a.example.com", audience: "ci" });
    const later = <Value>(value: Value) => pulumi.output(value);
    const c = cockroachdb;
    const twins: [pulumi.Output<unknown>, Promise<unknown>][] = [
      [c.getFolderOutput({ path: later("/payments") }), c.getFolder({ path: "/payments" })],
      [c.getFolderOutput({ id: later(folderId) }), c.getFolder({ id: folderId })],
      [c.listFoldersOutput({ parentId: later(folderId) }), c.listFolders({ parentId: folderId })],
      [
        c.listFolderContentsOutput({ folderId: later(folderId), recursive: later(true) }),
        c.listFolderContents({ folderId, recursive: true }),
      ],
      [c.getServiceAccountOutput({ name: later("ci") }), c.getServiceAccount({ name: "ci" })],
      [c.listServiceAccountsOutput(), c.listServiceAccounts()],
      [
        c.listApiKeysOutput({ serviceAccountId: later(userId) }),
        c.listApiKeys({ serviceAccountId: userId }),
      ],
      [c.getRolesForUserOutput({ userId: later(userId) }), c.getRolesForUser({ userId })],
      [c.listRoleGrantsOutput(), c.listRoleGrants()],
      [c.getPersonUserOutput({ email: later(email) }), c.getPersonUser({ email })],
      [c.listJwtIssuersOutput(), c.listJwtIssuers()],
      [c.listScimUsersOutput(), c.listScimUsers()],
      [c.listScimGroupsOutput(), c.listScimGroups()],
    ];
    for (const [output, promise] of twins) {
      const value = await promise;
      assert.ok(value !== undefined && (!Array.isArray(value) || value.length > 0));
      assert.deepEqual(await held(output), value);
    }
  });
});

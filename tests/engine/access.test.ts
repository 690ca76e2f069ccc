// Service accounts, their keys and roles, JWT issuers and folders on the real engine.
import assert from "node:assert/strict";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { CockroachCloudClient } from "../../sdk";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { StateResource, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";
import { writes as writesAmong } from "../support/engine-model/requests";

const billing = { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" };
const metrics = { roleName: "METRICS_VIEWER", resourceType: "ORGANIZATION" };
const issuerUrl = "https://idp.example.com";

describe("Who has access to an organization", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let clusterId = "";
  let isChanged = false;
  let month = "June";
  /** Ids of the options `import`, by the names of the resources. */
  let adopted: Readonly<Record<string, string>> = {};

  const optionsOf = (name: string): CustomResourceOptions => {
    const id = adopted[name];
    return id === undefined ? {} : { import: id };
  };
  const program = async () => {
    const { Folder, ServiceAccount, ApiKey, UserRoleGrant, UserRoleGrants } = cockroachdb;
    const team = new Folder(
      "team",
      { name: isChanged ? "billing" : "payments", labels: { team: "pay" } },
      optionsOf("team"),
    );
    const ci = new ServiceAccount(
      "ci",
      { name: "ci", description: isChanged ? "deploys and tests" : "deploys" },
      optionsOf("ci"),
    );
    const key = new ApiKey(
      "key",
      { serviceAccountId: ci, name: isChanged ? "pipeline" : "deploy", keepers: { month } },
      optionsOf("key"),
    );
    // Stands for whatever takes the secret, such as a secret of a CI system.
    new cockroachdb.SqlUser(
      "holder",
      { clusterId, password: key.secret as Output<string> },
      optionsOf("holder"),
    );
    const grant = new UserRoleGrant(
      "developer",
      {
        userId: ci,
        role: {
          roleName: isChanged ? "CLUSTER_OPERATOR_WRITER" : "CLUSTER_DEVELOPER",
          resourceType: "CLUSTER",
          resourceId: clusterId,
        },
      },
      optionsOf("developer"),
    );
    const auditor = new ServiceAccount("auditor", { name: "auditor" }, optionsOf("auditor"));
    new UserRoleGrants(
      "reads",
      { userId: auditor, roles: isChanged ? [metrics] : [billing, metrics] },
      optionsOf("reads"),
    );
    new cockroachdb.JwtIssuer(
      "idp",
      { issuerUrl, audience: "ci", ...(isChanged && { claim: "email" }) },
      optionsOf("idp"),
    );
    return {
      secret: key.secret,
      folder: cockroachdb.getFolderOutput({ path: team.fullPath }).id,
      account: cockroachdb.getServiceAccountOutput({ id: ci }).name,
      keys: cockroachdb.listApiKeysOutput({ serviceAccountId: key.serviceAccountId }),
      roles: cockroachdb.getRolesForUserOutput({ userId: grant.userId }).roles,
    };
  };
  const writes = () => writesAmong(emulator.requests);
  const rolesOf = (name: string) => {
    const account = emulator.serviceAccounts.list().find((one) => one.name === name);
    return account?.roles.map((role) => role.name).sort();
  };
  const managed = async (): Promise<StateResource[]> => {
    const { resources = [] } = (await stack.exportState()).deployment;
    return resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  };

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(600), rateLimit: "off" });
    const { id } = emulator.clusters.create({
      name: "orders-test",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    clusterId = emulator.clusters.finish(id).id;
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

  it("is created with one write each, a key with two, and opens the API with the new key", async () => {
    await stack.preview();
    assert.deepEqual(writes(), []);
    const { outputs } = await stack.up();
    assert.deepEqual(writes().sort(), [
      "AddJWTIssuer",
      "AddUserToRole",
      "CreateApiKey",
      "CreateFolder",
      "CreateSQLUser",
      "CreateServiceAccount",
      "CreateServiceAccount",
      "SetRolesForUser",
      "UpdateApiKey",
    ]);
    assert.deepEqual(rolesOf("ci"), ["CLUSTER_DEVELOPER", "ORG_MEMBER"]);
    assert.deepEqual(rolesOf("auditor"), ["BILLING_VIEWER", "METRICS_VIEWER", "ORG_MEMBER"]);
    const { value: apiKey, secret } = outputs["secret"] ?? {};
    assert.equal(secret, true);
    const client = new CockroachCloudClient({ apiKey, serverUrl: emulator.url });
    assert.equal((await client.clusters.get(clusterId)).name, "orders-test");
    assert.ok(!stack.stateText().includes(apiKey));
  });

  it("is what the functions read", async () => {
    const { outputs } = await stack.up({ expectNoChanges: true });
    const [key, ...others] = outputs["keys"]?.value ?? [];
    assert.deepEqual(others, []);
    assert.equal(key.name, "deploy");
    assert.equal(outputs["account"]?.value, "ci");
    assert.equal(outputs["folder"]?.value, emulator.folders.list()[0]?.resource_id);
    assert.deepEqual(outputs["roles"]?.value, [
      { roleName: "ORG_MEMBER", resourceType: "ORGANIZATION" },
      { roleName: "CLUSTER_DEVELOPER", resourceType: "CLUSTER", resourceId: clusterId },
    ]);
  });

  it("stays as it is, also after a refresh", async () => {
    await stack.refresh({ expectNoChanges: true });
    await stack.up({ expectNoChanges: true });
    assert.deepEqual(writes(), []);
  });

  it("gets a new key before its holder does, and loses the old one last", async () => {
    const [before] = (await managed()).filter(({ type }) => type.endsWith(":ApiKey"));
    month = "July";
    const run = await stack.up();
    assert.deepEqual(writes(), [
      "CreateApiKey",
      "UpdateApiKey",
      "UpdateSQLUserPassword",
      "DeleteApiKey",
    ]);
    assert.ok(emulator.sqlUsers.hasPassword(clusterId, "holder", run.outputs["secret"]?.value));
    assert.ok(emulator.apiKeys.list().every(({ id }) => id !== before?.id));
  });

  it("changes in place, but for a single role, whose new one is granted before the old one is removed", async () => {
    isChanged = true;
    const run = await stack.up();
    assert.deepEqual(
      run
        .stepsOf("developer")
        .map(({ op }) => op)
        .filter((op) => op !== "replace"),
      ["create-replacement", "delete-replaced"],
    );
    const sent = writes();
    assert.ok(sent.indexOf("AddUserToRole") < sent.indexOf("RemoveUserFromRole"));
    assert.deepEqual(sent.sort(), [
      "AddUserToRole",
      "RemoveUserFromRole",
      "SetRolesForUser",
      "UpdateApiKey",
      "UpdateFolder",
      "UpdateJWTIssuer",
      "UpdateServiceAccount",
    ]);
    assert.match(run.stdout, /BILLING_VIEWER on the organization of .* will be removed/);
    assert.deepEqual(rolesOf("ci"), ["CLUSTER_OPERATOR_WRITER", "ORG_MEMBER"]);
    assert.deepEqual(rolesOf("auditor"), ["METRICS_VIEWER", "ORG_MEMBER"]);
    assert.equal(emulator.jwtIssuers.list()[0]?.claim, "email");
  });

  it("is repaired where somebody else has changed it", async () => {
    const [auditor, ci] = emulator.serviceAccounts.list();
    assert.ok(auditor?.name === "auditor" && ci?.name === "ci");
    emulator.serviceAccounts.edit(ci.id, { description: "unknown" });
    emulator.roles.grant(auditor.id, { role: "ORG_ADMIN" });
    emulator.roles.revoke(ci.id, {
      role: "CLUSTER_OPERATOR_WRITER",
      scope: "cluster",
      resourceId: clusterId,
    });
    await stack.refresh();
    await stack.up();
    assert.deepEqual(writes().sort(), ["AddUserToRole", "SetRolesForUser", "UpdateServiceAccount"]);
    assert.deepEqual(rolesOf("ci"), ["CLUSTER_OPERATOR_WRITER", "ORG_MEMBER"]);
    assert.deepEqual(rolesOf("auditor"), ["METRICS_VIEWER", "ORG_MEMBER"]);
  });

  it("is adopted by import without a write, and without the secret of the key", async () => {
    const resources = await managed();
    adopted = Object.fromEntries(resources.map(({ urn, id = "" }) => [nameOf(urn), id]));
    const state = await stack.exportState();
    const others = state.deployment.resources?.filter(
      ({ type }) => !type.startsWith("pulumi-nodejs:dynamic/"),
    );
    await stack.importState({
      ...state,
      deployment: { ...state.deployment, resources: others ?? [] },
    });
    const run = await stack.up();
    assert.deepEqual(writes(), []);
    assert.equal(run.outputs["secret"]?.value, undefined);
    assert.match(run.stdout, /The API never returns the secret of a key/);
    assert.deepEqual(
      (await managed()).map(({ urn, id }) => [nameOf(urn), id]).sort(),
      Object.entries(adopted).sort(),
    );
    adopted = {};
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
  });

  it("is deleted, and leaves nothing", async () => {
    await stack.destroy();
    assert.deepEqual(writes().sort(), [
      "DeleteApiKey",
      "DeleteFolder",
      "DeleteJWTIssuer",
      "DeleteSQLUser",
      "DeleteServiceAccount",
      "DeleteServiceAccount",
      "RemoveUserFromRole",
      "SetRolesForUser",
    ]);
    assert.deepEqual(emulator.folders.list(), []);
    assert.deepEqual(emulator.jwtIssuers.list(), []);
    assert.deepEqual(
      emulator.apiKeys.list().map(({ name }) => name),
      ["key-1"],
    );
  });
});

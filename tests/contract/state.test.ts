// What stands in users' stacks: the constant text, and what every release has written beside it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import { delegateTo } from "../../provider/program/registration";
import { authorityCertificate, strangerCertificate } from "../connections/certificates";
import { awsKey, encryptable, wire } from "../support/cmek";
import { writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import type { Properties } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins, programFolder, startPlugin } from "./plugin-process";
import { plain } from "./secrets";

const golden = join(__dirname, "golden");
const packageName = "pulumi-cockroachdb-cloud";

/** The module of each resource in users' state. Never to be changed. */
const releasedStems = {
  Cluster: "cluster",
  SqlUser: "sql-user",
  CmekConfig: "cmek-config",
  MaintenanceWindow: "maintenance-window",
  VersionDeferral: "version-deferral",
  AllowlistEntry: "allowlist-entry",
  Database: "database",
  Folder: "folder",
  ProvisionedUser: "provisioned-user",
  ProvisionedGroup: "provisioned-group",
  PrivateEndpointServices: "private-endpoint-services",
  PrivateEndpointConnection: "private-endpoint-connection",
  PrivateEndpointTrustedOwner: "private-endpoint-trusted-owner",
  AwsEndpointConnectionState: "aws-endpoint-connection-state",
  EgressTrafficPolicy: "egress-traffic-policy",
  EgressRule: "egress-rule",
  EgressPrivateEndpoint: "egress-private-endpoint",
  EgressPrivateEndpointDomainNames: "egress-private-endpoint-domain-names",
  ClientCaCert: "client-ca-cert",
  ServiceAccount: "service-account",
  ApiKey: "api-key",
  UserRoleGrant: "user-role-grant",
  UserRoleGrants: "user-role-grants",
  JwtIssuer: "jwt-issuer",
};

/** What released packages have put into users' state, letter by letter. Never to be changed. */
const releasedTextOf = (stem: string) =>
  `exports.handler = () => { try { return require("pulumi-cockroachdb-cloud/provider/${stem}").provider; } catch (error) { if (!/NOT_FOUND|NOT_EXPORTED/.test(error.code) || !error.message.split("\\n")[0].includes("pulumi-cockroachdb-cloud")) throw error; throw new Error("The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along."); } };`;

const releasedTexts: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(releasedStems).map(([type, stem]) => [type, releasedTextOf(stem)]),
);
const releasedText = releasedTextOf("cluster");

const whatToDo = {
  message:
    "The package pulumi-cockroachdb-cloud is not installed in this project, or too old. Run npm install pulumi-cockroachdb-cloud (or pnpm add, yarn add) in the folder of Pulumi.yaml, then try again. It must stand in the project's own package.json, also when another package brings it along.",
};

/** A release has written a file of clusters, one of their parts and others of what is outside of clusters. */
function releaseOf(file: string): string {
  return file.replace(/(-\w+)?\.json$/, "");
}

/** Outputs without those in which every run of the service differs. */
function withoutNews(outputs: Properties): Properties {
  const others = { ...outputs };
  for (const name of newInEveryService) delete others[name];
  return others;
}

const newInEveryService = [
  "regions",
  "organizationId",
  "createdAt",
  "creatorName",
  "services",
  "servicesMap",
  "serviceId",
  "serviceName",
  "endpointAddress",
  "endpointConnectionId",
];

interface Resource {
  type: string;
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

interface Part {
  /**
   * Puts it there. Returns its id where the service gives it, nothing where the cluster's says it, and where it takes
   * several ids all of them, by those in the file.
   */
  put(emulator: TestEmulator, clusterId: string): unknown;
  /** A change in place, or of what `replaces` names. */
  readonly change: Properties;
  readonly replaces?: readonly string[];
  isChanged(emulator: TestEmulator, clusterId: string): boolean;
  /** What the change and the deletion ask of the API. */
  readonly operations: readonly string[];
}

/** An endpoint of the customer that the cluster has decided about. */
function connect(
  { privateEndpointServices, privateEndpointConnections }: TestEmulator,
  clusterId: string,
  endpointId: string,
  status: "AVAILABLE" | "REJECTED",
): void {
  privateEndpointServices.add(clusterId);
  privateEndpointConnections.createEndpoint(clusterId, { endpointId });
  privateEndpointConnections.setStatus(clusterId, endpointId, status);
}

/** Ids in the file of what access resources refer to. */
const goldenCluster = "00000000-0000-4000-8000-000000000004";
const goldenAccount = "00000000-0000-4000-8000-0000000000f3";
const goldenAuditor = "00000000-0000-4000-8000-0000000000f4";
const goldenKey = "CCDB1_goldenKey0000000000001";

/** The roles of an account by the name of the account. */
function rolesOf({ serviceAccounts }: TestEmulator, name: string): string[] {
  const account = serviceAccounts.list().find((one) => one.name === name);
  return account?.roles.map((role) => role.name).sort() ?? [];
}

/** What the ids in the file are here. */
function placesOf(
  { id, inputs }: Resource,
  put: unknown,
  clusterId: string,
): Record<string, string> {
  if (put instanceof Map) return Object.fromEntries(put);
  const own = /:([-0-9a-f]{36})$/.exec(id)?.[1];
  return {
    ...(inputs["clusterId"] === undefined
      ? { [id]: String(put) }
      : { [String(inputs["clusterId"])]: clusterId }),
    ...(own !== undefined && { [own]: String(put) }),
  };
}

describe("state", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  const inputs = {
    name: "basic-test",
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"] },
  };

  describe("the text", () => {
    for (const [type, stem] of Object.entries(releasedStems)) {
      it(`of ${type} is the released one, and loads the installed package`, async () => {
        const text = releasedTextOf(stem);
        assert.equal(delegateTo(stem), text);
        const plugin = await startPlugin({ text });
        await plugin.configure();
        assert.ok((await plugin.check({})).failures.length > 0);
      });
    }

    it("loads the installed package", async () => {
      const plugin = await startPlugin({ text: releasedText });
      await plugin.configure();
      assert.deepEqual((await plugin.check(inputs)).failures, []);
    });

    /** A program folder in which the package is made of these files. */
    function folderWith(files: Readonly<Record<string, string | object>>): string {
      const folder = programFolder([]);
      writeFiles(join(folder, "node_modules", packageName), files);
      return folder;
    }

    /** What every operation of a plugin in this folder fails with. */
    async function refusals(folder: string, text = releasedText): Promise<Plugin> {
      const plugin = await startPlugin({ folder, text });
      await plugin.configure();
      return plugin;
    }

    it("says to install the package where there is none, in every operation", async () => {
      const plugin = await refusals(programFolder([]));
      const stored = { ...inputs, __provider: releasedText };
      await assert.rejects(plugin.check(inputs), whatToDo);
      await assert.rejects(plugin.diff("1", stored, inputs), whatToDo);
      await assert.rejects(plugin.create(inputs), whatToDo);
      await assert.rejects(plugin.read("1", stored), whatToDo);
      await assert.rejects(plugin.update("1", stored, inputs), whatToDo);
      await assert.rejects(plugin.delete("1", stored), whatToDo);
    });

    it("says the same where another package brings it along and hides it", async () => {
      const folder = programFolder([]);
      writeFiles(join(folder, "node_modules", "platform", "node_modules", packageName), {
        "package.json": { name: packageName, version: "0.1.0" },
      });
      await assert.rejects((await refusals(folder)).check(inputs), whatToDo);
    });

    it("says the same where the installed version does not have the resource yet", async () => {
      const older = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { ".": "./index.js", "./provider/cluster": "./index.js" },
        },
        "index.js": "exports.provider = {};",
      });
      await assert.rejects((await refusals(older, delegateTo("sql-user"))).check(inputs), whatToDo);
      const pattern = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
      });
      await assert.rejects(
        (await refusals(pattern, delegateTo("sql-user"))).check(inputs),
        whatToDo,
      );
    });

    it("lets the original error through when something that the package needs is missing", async () => {
      const broken = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
        "provider/cluster.js": 'require("zod-that-is-missing");',
      });
      await assert.rejects(
        (await refusals(broken)).check(inputs),
        /^\w*Error: Cannot find module 'zod-that-is-missing'/,
      );
    });

    it("lets the original error through when the package itself is broken", async () => {
      const broken = folderWith({
        "package.json": {
          name: packageName,
          version: "0.1.0",
          exports: { "./provider/*": "./provider/*.js" },
        },
        "provider/cluster.js": 'throw new TypeError("this Node.js is too old");',
      });
      await assert.rejects(
        (await refusals(broken)).check(inputs),
        /^\w*Error: this Node\.js is too old$/,
      );
    });
  });

  /** The clusters of the golden file as they would have been asked of the API. */
  const wireOf: Record<string, WireCreateCluster> = {
    orders: {
      name: "orders-0a1b2c",
      provider: "GCP",
      spec: {
        plan: "BASIC",
        labels: { team: "payments" },
        serverless: {
          regions: ["us-central1", "us-east1"],
          primary_region: "us-central1",
          usage_limits: { request_unit_limit: "1000000", storage_mib_limit: "1024" },
        },
      },
    },
    ledger: {
      name: "ledger-test",
      provider: "AWS",
      spec: {
        plan: "STANDARD",
        serverless: {
          regions: ["us-east-1"],
          usage_limits: { provisioned_virtual_cpus: "4" },
          upgrade_type: "MANUAL",
          with_empty_ip_allowlist: true,
        },
      },
    },
    archive: {
      name: "archive-test",
      provider: "AWS",
      spec: {
        plan: "ADVANCED",
        dedicated: {
          region_nodes: { "us-east-1": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
          cockroach_version: "v25.2",
          network_visibility: "PRIVATE",
        },
      },
    },
    vault: {
      name: "vault-test",
      provider: "AWS",
      spec: {
        plan: "ADVANCED",
        dedicated: {
          region_nodes: { "us-east-1": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
          network_visibility: "PRIVATE",
        },
      },
    },
  };

  /** The parts of the golden file's cluster `vault`: how each is made, changed and seen. */
  const parts: Record<string, Part> = {
    SqlUser: {
      put: ({ sqlUsers }, id) => sqlUsers.add(id, "app.user", "golden-password-1"),
      change: { password: "golden-password-2" },
      operations: ["UpdateSQLUserPassword", "DeleteSQLUser"],
      isChanged: ({ sqlUsers }, id) => sqlUsers.hasPassword(id, "app.user", "golden-password-2"),
    },
    CmekConfig: {
      put: ({ cmek }, id) => cmek.enable(id, wire([awsKey("us-east-1")])),
      change: { regionSpecs: [awsKey("us-east-1", "second")] },
      // The configuration in state revokes on delete.
      operations: ["UpdateCMEKSpec", "UpdateCMEKStatus"],
      isChanged: ({ cmek }, id) =>
        cmek.get(id).region_infos[0]?.key_infos[0]?.spec?.uri.endsWith("/second") === true,
    },
    MaintenanceWindow: {
      put: ({ maintenanceWindows }, id) =>
        maintenanceWindows.set(id, { offset_duration: "172800s", window_duration: "21600s" }),
      change: { offsetDuration: "0s" },
      operations: ["SetMaintenanceWindow", "DeleteMaintenanceWindow"],
      isChanged: ({ maintenanceWindows }, id) =>
        maintenanceWindows.get(id)?.offset_duration === "0s",
    },
    VersionDeferral: {
      put: ({ versionDeferrals }, id) => versionDeferrals.set(id, "DEFERRAL_60_DAYS"),
      change: { deferralPolicy: "DEFERRAL_90_DAYS" },
      operations: ["SetClusterVersionDeferral", "SetClusterVersionDeferral"],
      isChanged: ({ versionDeferrals }, id) =>
        versionDeferrals.get(id).deferral_policy === "DEFERRAL_90_DAYS",
    },
    AllowlistEntry: {
      put: ({ allowlist }, id) => allowlist.add(id, "203.0.113.0/24", { ui: false }),
      change: { ui: true },
      operations: ["UpdateAllowlistEntry", "DeleteAllowlistEntry"],
      isChanged: ({ allowlist }, id) => allowlist.list(id)[0]?.ui === true,
    },
    Folder: {
      put: ({ folders }) => folders.add("payments", { labels: { team: "payments" } }),
      change: { name: "billing" },
      operations: ["UpdateFolder", "DeleteFolder"],
      isChanged: ({ folders }) => folders.list().some(({ name }) => name === "billing"),
    },
    ProvisionedUser: {
      put: ({ persons, scimUsers }) => {
        const id = persons.add({ email: "ada@example.com" });
        scimUsers.edit(id, {
          displayName: "Ada",
          externalId: "e1",
          emails: [{ value: "ada@example.com", display: "", primary: true, type: "work" }],
          name: { givenName: "Ada", familyName: "Lovelace" },
        });
        return id;
      },
      change: { displayName: "Countess" },
      operations: ["PatchUser", "DeleteUser"],
      isChanged: ({ persons, scimUsers }) =>
        persons.list().some(({ id }) => scimUsers.get(id).displayName === "Countess"),
    },
    ProvisionedGroup: {
      put: ({ scimGroups }) => {
        const id = scimGroups.add("dba");
        scimGroups.edit(id, { externalId: "e1" });
        return id;
      },
      change: { displayName: "admins" },
      operations: ["PatchGroup", "DeleteGroup"],
      isChanged: ({ scimGroups }) =>
        scimGroups.list().some(({ displayName }) => displayName === "admins"),
    },
    PrivateEndpointServices: {
      put: ({ privateEndpointServices }, id) => privateEndpointServices.add(id),
      change: { regions: ["us-east-1"] },
      operations: [],
      isChanged: ({ privateEndpointServices }, id) => privateEndpointServices.list(id).length === 1,
    },
    PrivateEndpointConnection: {
      put: (emulator, id) => connect(emulator, id, "vpce-0123456789abcdef0", "AVAILABLE"),
      change: { endpointId: "vpce-0123456789abcdef1" },
      replaces: ["endpointId"],
      operations: ["DeletePrivateEndpointConnection"],
      isChanged: ({ privateEndpointConnections }, id) =>
        privateEndpointConnections.list(id)[0]?.status === "STATUS_REJECTED",
    },
    PrivateEndpointTrustedOwner: {
      put: ({ privateEndpointTrustedOwners: owners }, id) => owners.add(id, "*"),
      change: { externalOwnerId: "123456789012" },
      replaces: ["externalOwnerId"],
      operations: ["RemovePrivateEndpointTrustedOwner"],
      isChanged: ({ privateEndpointTrustedOwners: owners }, id) => owners.list(id).length === 0,
    },
    AwsEndpointConnectionState: {
      put: (emulator, id) => connect(emulator, id, "vpce-0123456789abcdef9", "REJECTED"),
      change: { status: "AVAILABLE" },
      operations: ["SetAwsEndpointConnectionState"],
      isChanged: ({ privateEndpointConnections }, id) =>
        privateEndpointConnections.list(id)[0]?.status === "STATUS_AVAILABLE",
    },
    EgressTrafficPolicy: {
      put: ({ egressRules }, id) => egressRules.setPolicy(id, "DEFAULT_DENY"),
      change: { allowAll: true },
      // The deletion would open what the change has opened.
      operations: ["SetEgressTrafficPolicy"],
      isChanged: ({ clusters }, id) => clusters.get(id).egress_traffic_policy === "ALLOW_ALL",
    },
    EgressRule: {
      put: ({ egressRules }, id) => {
        egressRules.setPolicy(id, "DEFAULT_DENY");
        return egressRules.add(id, "kafka", {
          type: "FQDN",
          destination: "kafka.example.com",
          ports: [9092, 9093],
          description: "changefeeds",
        });
      },
      change: { ports: [443] },
      operations: ["EditEgressRule", "DeleteEgressRule"],
      isChanged: ({ egressRules }, id) =>
        egressRules.list(id).some(({ name, ports }) => name === "kafka" && ports[0] === 443),
    },
    EgressPrivateEndpoint: {
      put: ({ egressPrivateEndpoints }, id) =>
        egressPrivateEndpoints.add(id, "us-east-1", "com.amazonaws.us-east-1.logs"),
      change: { targetServiceIdentifier: "com.amazonaws.us-east-1.sqs" },
      replaces: ["targetServiceIdentifier"],
      operations: ["DeleteEgressPrivateEndpoint"],
      isChanged: ({ egressPrivateEndpoints }, id) => egressPrivateEndpoints.list(id).length === 0,
    },
    EgressPrivateEndpointDomainNames: {
      put: ({ egressPrivateEndpoints }, id) => {
        const endpointId = egressPrivateEndpoints.add(
          id,
          "us-east-1",
          "com.amazonaws.us-east-1.sqs",
        );
        egressPrivateEndpoints.setDomainNames(id, endpointId, ["sqs.example.com"]);
        return endpointId;
      },
      change: { domainNames: ["queue.example.com"] },
      operations: ["UpdateEgressPrivateEndpoint", "UpdateEgressPrivateEndpoint"],
      isChanged: ({ egressPrivateEndpoints }, id) =>
        egressPrivateEndpoints.list(id)[0]?.domain_names[0] === "queue.example.com",
    },
    ClientCaCert: {
      put: ({ clientCaCerts }, id) => clientCaCerts.set(id, authorityCertificate),
      change: { x509PemCert: strangerCertificate },
      operations: ["UpdateClientCACert", "DeleteClientCACert"],
      isChanged: ({ clientCaCerts }, id) =>
        clientCaCerts.get(id).x509_pem_cert === strangerCertificate,
    },
    ServiceAccount: {
      put: ({ serviceAccounts }) => serviceAccounts.add("ci", { description: "deploys" }),
      change: { description: "deploys and tests" },
      operations: ["UpdateServiceAccount", "DeleteServiceAccount"],
      isChanged: ({ serviceAccounts }) =>
        serviceAccounts.list().some(({ description }) => description === "deploys and tests"),
    },
    ApiKey: {
      put: ({ serviceAccounts, apiKeys }) => {
        const account = serviceAccounts.add("ci");
        const secret = apiKeys.add(account, "deploy");
        return new Map([
          [goldenAccount, account],
          [goldenKey, secret.slice(0, secret.lastIndexOf("_"))],
        ]);
      },
      change: { name: "pipeline" },
      operations: ["UpdateApiKey", "DeleteApiKey"],
      isChanged: ({ apiKeys }) => apiKeys.list().some(({ name }) => name === "pipeline"),
    },
    UserRoleGrant: {
      put: ({ serviceAccounts }, resourceId) => {
        const role = { role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId } as const;
        const account = serviceAccounts.add("ci", { roles: [role] });
        return new Map([
          [goldenCluster, resourceId],
          [goldenAccount, account],
        ]);
      },
      change: { role: { roleName: "CLUSTER_CREATOR", resourceType: "ORGANIZATION" } },
      replaces: ["role"],
      operations: ["RemoveUserFromRole"],
      isChanged: (emulator) => rolesOf(emulator, "ci").join() === "ORG_MEMBER",
    },
    UserRoleGrants: {
      put: ({ serviceAccounts }, resourceId) => {
        const role = { role: "METRICS_VIEWER", scope: "cluster", resourceId } as const;
        const auditor = serviceAccounts.add("auditor", {
          roles: [{ role: "BILLING_VIEWER" }, role],
        });
        return new Map([
          [goldenCluster, resourceId],
          [goldenAuditor, auditor],
        ]);
      },
      change: { roles: [{ roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" }] },
      operations: ["SetRolesForUser", "SetRolesForUser"],
      isChanged: (emulator) => rolesOf(emulator, "auditor").join() === "BILLING_VIEWER,ORG_MEMBER",
    },
    JwtIssuer: {
      put: ({ jwtIssuers }) =>
        jwtIssuers.add({
          issuer_url: "https://idp.example.com",
          audience: "ci",
          claim: "email",
          jwks: '{"keys":[{"e":"AQAB","kid":"1","kty":"RSA","n":"abc"}]}',
          identity_map: [
            { token_identity: "/^(.*)@corp\\.example$", cc_identity: "\\1@example.com" },
          ],
        }),
      change: { claim: "name" },
      operations: ["UpdateJWTIssuer", "DeleteJWTIssuer"],
      isChanged: ({ jwtIssuers }) => jwtIssuers.list()[0]?.claim === "name",
    },
    Database: {
      put: ({ databases }, id) => databases.add(id, "shop"),
      change: { name: "store" },
      operations: ["EditDatabase", "DeleteDatabase"],
      isChanged: ({ databases }, id) => databases.list(id).some(({ name }) => name === "store"),
    },
  };

  for (const release of new Set(readdirSync(golden).map(releaseOf))) {
    describe(`written by ${release}`, () => {
      const resources = readdirSync(golden)
        .filter((file) => releaseOf(file) === release)
        .flatMap((file) => {
          const state = JSON.parse(readFileSync(join(golden, file), "utf8")) as {
            deployment: { resources: Resource[] };
          };
          return state.deployment.resources;
        })
        .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
      const typeOf = ({ type }: Resource) => type.slice(type.lastIndexOf(":") + 1);
      const clusters = resources
        .filter((resource) => typeOf(resource) === "Cluster")
        .map(({ outputs, ...rest }) => ({ ...rest, outputs: plain(outputs) }));

      it("holds a cluster of every plan and one of every other resource, each with the released text", () => {
        assert.deepEqual([...new Set(clusters.map(({ outputs }) => outputs["plan"]))].sort(), [
          "ADVANCED",
          "BASIC",
          "STANDARD",
        ]);
        assert.deepEqual(
          [...new Set(resources.map(typeOf))].sort(),
          Object.keys(releasedTexts).sort(),
        );
        for (const resource of resources) {
          const text = releasedTexts[typeOf(resource)];
          assert.equal(resource.inputs["__provider"], text);
          assert.equal(resource.outputs["__provider"], text);
        }
      });

      it("keeps passwords and API keys as secrets", () => {
        const user = resources.find((resource) => typeOf(resource) === "SqlUser");
        const key = resources.find((resource) => typeOf(resource) === "ApiKey");
        assert.ok(user && key);
        const secrets = [
          [user.inputs["password"], "golden-password-1"],
          [user.outputs["password"], "golden-password-1"],
          [key.outputs["secret"], `${goldenKey}_${"golden".repeat(6)}0001`],
        ];
        for (const [value, text] of secrets) {
          assert.deepEqual(value, {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            plaintext: JSON.stringify(text),
          });
        }
      });

      for (const { urn, inputs: asked, outputs } of clusters) {
        const name = urn.slice(urn.lastIndexOf("::") + 2);

        it(`is checked, compared, read, changed and deleted by today's code: ${name}`, async () => {
          const emulator = await startTestEmulator({ clock: scaledClock(3600) });
          const plugin = await startPlugin({
            environment: { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url },
          });
          await plugin.configure();
          const body = wireOf[name];
          assert.ok(body);
          const { id } = emulator.clusters.create(body);

          assert.deepEqual((await plugin.check(asked, asked)).failures, []);
          assert.deepEqual(await plugin.diff(id, outputs, asked), {
            changes: "none",
            replaces: [],
            deleteFirst: false,
          });

          const found = await plugin.read(id, outputs);
          const outs = plain(found.outs);
          assert.equal(found.id, id);
          assert.deepEqual(found.inputs, asked);
          assert.deepEqual(Object.keys(outs), Object.keys(outputs));
          for (const key of ["name", "plan", "labels", "serverless", "dedicated", "__inputs"]) {
            assert.deepEqual(outs[key], outputs[key], key);
          }
          assert.equal((await plugin.diff(id, outs, asked)).changes, "none");

          const news = { ...asked, labels: { team: "storage" } };
          assert.deepEqual(await plugin.diff(id, outputs, news), {
            changes: "unknown",
            replaces: [],
            deleteFirst: asked["name"] !== undefined,
          });
          emulator.requests.clear();
          const updated = await plugin.update(id, outputs, news);
          assert.deepEqual(updated["labels"], { team: "storage" });
          assert.deepEqual(
            emulator.requests
              .filter(({ method }) => method !== "GET")
              .map(({ method, body: sent }) => [method, sent]),
            [["PATCH", { labels: { team: "storage" } }]],
          );

          await plugin.delete(id, outputs);
          assert.equal(emulator.clusters.get(id).state, "DELETED");
        });
      }

      for (const resource of resources) {
        const part = parts[typeOf(resource)];
        if (part === undefined) continue;

        it(`is checked, compared, read, changed and deleted by today's code: ${typeOf(resource)}`, async () => {
          const emulator = await startTestEmulator({ clock: scaledClock(3600) });
          const text = String(resource.outputs["__provider"]);
          const environment = {
            COCKROACH_API_KEY: emulator.apiKey,
            COCKROACH_SERVER: emulator.url,
          };
          const start = async () => {
            const plugin = await startPlugin({ text, environment });
            await plugin.configure();
            return plugin;
          };
          const clusterId = encryptable(emulator, { regions: ["us-east-1"] }).id;
          const put = part.put(emulator, clusterId);
          const idsHere = placesOf(resource, put, clusterId);
          const here = <Value>(value: Value): Value =>
            JSON.parse(
              Object.entries(idsHere).reduce(
                (text, [before, now]) => text.replaceAll(before, now),
                JSON.stringify(value),
              ),
            );
          const id = here(resource.id);
          const asked = here(plain(resource.inputs));
          const outputs = here(plain(resource.outputs));
          const unchanged = { changes: "none", replaces: [], deleteFirst: false };

          const plugin = await start();
          assert.deepEqual((await plugin.check(asked, asked)).failures, []);
          assert.deepEqual(await plugin.diff(id, outputs, asked), unchanged);

          const found = await plugin.read(id, outputs);
          assert.equal(found.id, id);
          assert.deepEqual(plain(found.inputs), asked);
          assert.deepEqual(withoutNews(plain(found.outs)), withoutNews(outputs));
          assert.deepEqual(Object.keys(found.outs), Object.keys(outputs));
          assert.deepEqual(await plugin.diff(id, plain(found.outs), asked), unchanged);

          const news = { ...asked, ...part.change };
          emulator.requests.clear();
          const changed = await plugin.diff(id, outputs, news);
          const replaces = part.replaces ?? [];
          assert.deepEqual([changed.changes, changed.replaces], ["unknown", replaces]);
          const isUpdated = replaces.length === 0;
          const last = isUpdated ? plain(await plugin.update(id, outputs, news)) : outputs;
          if (isUpdated) {
            assert.ok(part.isChanged(emulator, clusterId));
            for (const [key, value] of Object.entries(part.change)) {
              assert.deepEqual(last[key], value);
            }
          }

          // A run of its own: keys that this one has set are not revoked in it.
          const nextRun = await start();
          await nextRun.delete(id, last);
          if (!isUpdated) assert.ok(part.isChanged(emulator, clusterId));
          const writes = emulator.requests.filter(({ method }) => method !== "GET");
          assert.deepEqual(
            writes.map(({ operation }) => operation),
            part.operations,
          );
        });
      }
    });
  }

  describe("written by the bridged provider", () => {
    it("counts as a change, and the update that follows writes complete outputs and sends nothing", async () => {
      const emulator = await startTestEmulator({ clock: scaledClock(3600) });
      const plugin = await startPlugin({
        environment: { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url },
      });
      await plugin.configure();
      const { id } = emulator.clusters.create({
        name: "basic-test",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      const bridged = {
        cloudProvider: "GCP",
        deleteProtection: false,
        name: "basic-test",
        operationStatus: "UNSPECIFIED",
        plan: "BASIC",
        regions: [{ name: "us-central1", nodeCount: 0, primary: true }],
        serverless: { routingId: "basic-test-1", spendLimit: 0, usageLimits: null },
        state: "CREATED",
      };
      assert.deepEqual((await plugin.check(inputs, bridged)).failures, []);
      assert.deepEqual(await plugin.diff(id, bridged, inputs), {
        changes: "some",
        replaces: [],
        deleteFirst: false,
      });
      emulator.requests.clear();
      const { __provider: text, ...outs } = plain(await plugin.update(id, bridged, inputs));
      assert.equal(text, releasedText);
      assert.deepEqual(outs["__inputs"], inputs);
      assert.deepEqual((outs["serverless"] as Properties)["regions"], ["us-central1"]);
      assert.equal(outs["state"], "CREATED");
      assert.deepEqual([...new Set(emulator.requests.map(({ method }) => method))], ["GET"]);
    });
  });
});

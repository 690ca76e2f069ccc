import { strict as assert } from "node:assert";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runExport } from "../../export/command";
import { parseTerraformState } from "../../export/terraform-state";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes, resourceTypes } from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import { awsKey, encryptable, wire } from "../support/cmek";
import { remove, temporaryFolder } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { assertDone } from "../support/engine-model/run";
import { kinds } from "../support/kinds";
import type { Said } from "../support/subcommand";
import { saidBy } from "../support/subcommand";
import { terraformResources } from "../support/terraform-provider";

const password = "a-passw0rd-of-terraform";

interface Instance {
  index_key?: string | number;
  deposed?: string;
  attributes: Record<string, unknown>;
  sensitive_attributes?: object[];
}

/** A resource as the Terraform provider of CockroachDB Cloud leaves it in state. */
function resource(type: string, name: string, instances: Instance[], module?: string): object {
  return {
    ...(module === undefined ? {} : { module }),
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/cockroachdb/cockroach"]',
    instances: instances.map((instance) => ({ schema_version: 0, ...instance })),
  };
}

const stateOf = (resources: object[]) =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.9.8",
    serial: 7,
    lineage: "8f1c2f5e-7d0c-4c57-9a55-5a1d0d7d9a10",
    outputs: {},
    resources,
    check_results: null,
  });

type Attributes = (id: string, outputs: Record<string, unknown>) => Record<string, unknown>;

const inCluster: Attributes = (id) => {
  const [cluster_id, own] = id.split(":");
  return { cluster_id, id: own };
};

/** What identifies an object in a Terraform state, where that is not the attribute `id` alone. */
const attributesOf: Partial<Record<ResourceType, Attributes>> = {
  BlackoutWindow: inCluster,
  EgressRule: inCluster,
  EgressPrivateEndpoint: inCluster,
  EgressPrivateEndpointDomainNames: (_id, { clusterId, endpointId }) => ({
    cluster_id: clusterId,
    endpoint_id: endpointId,
  }),
  Restore: (_id, { destinationClusterId, restoreId }) => ({
    destination_cluster_id: destinationClusterId,
    id: restoreId,
  }),
  UserRoleGrant(_id, { userId, role }) {
    const { roleName, resourceType, resourceId = "" } = role as Record<string, string>;
    const wire = { role_name: roleName, resource_type: resourceType, resource_id: resourceId };
    return { user_id: userId, role: wire };
  },
  UserRoleGrants: (_id, { userId }) => ({ user_id: userId }),
};

describe("The subcommand export with a Terraform state", () => {
  checkEmulators();

  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => remove(folder));

  async function exported({ url, apiKey }: TestEmulator, state: string | Buffer): Promise<Said> {
    const file = join(folder, "terraform.tfstate");
    writeFileSync(file, state);
    const environment = { COCKROACH_SERVER: url, COCKROACH_API_KEY: apiKey };
    return await saidBy((output, clock) =>
      runExport(["--from-terraform", file, "--out", folder], output, { environment, clock }),
    );
  }

  const written = (name: string) => readFileSync(join(folder, name), "utf8");

  /** A cluster with one of each kind of part, and a second one that the state does not have. */
  async function organization() {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator, { regions: ["us-east-1"] });
    emulator.cmek.enable(id, wire([awsKey("us-east-1")]));
    emulator.maintenanceWindows.set(id, {
      offset_duration: "172800s",
      window_duration: "21600s",
    });
    emulator.sqlUsers.add(id, "app", password);
    emulator.sqlUsers.add(id, "not-of-terraform", password);
    emulator.databases.add(id, "shop");
    emulator.allowlist.add(id, "203.0.113.0/24", { name: "office", ui: false });
    const other = emulator.clusters.create({
      name: "shared",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    }).id;
    emulator.databases.add(other, "reports");
    emulator.requests.clear();
    const state = [
      resource(
        "cockroach_cluster",
        "orders",
        [{ attributes: { id, name: "orders" } }],
        "module.shop",
      ),
      resource("cockroach_sql_user", "app", [
        {
          index_key: "eu west",
          attributes: { id: `${id}:app`, cluster_id: id, name: "app", password },
        },
      ]),
      resource("cockroach_database", "shop", [
        {
          index_key: 0,
          attributes: { id: `${id}:shop`, cluster_id: id, name: "shop", table_count: 0 },
        },
      ]),
      resource("cockroach_database", "reports", [
        { attributes: { id: `${other}:reports`, cluster_id: other, name: "reports" } },
      ]),
      resource("cockroach_allow_list", "office", [
        {
          attributes: {
            id: `${id}:203.0.113.0/24`,
            cluster_id: id,
            cidr_ip: "203.0.113.0",
            cidr_mask: 24,
            name: "office",
            sql: true,
            ui: true,
          },
        },
      ]),
      resource("cockroach_cmek", "keys", [{ attributes: { id, status: "ENABLED", regions: [] } }]),
      resource("cockroach_maintenance_window", "weekly", [
        { attributes: { id, offset_duration: 172800, window_duration: 21600 } },
      ]),
      resource("cockroach_version_deferral", "patches", [
        { attributes: { id, deferral_policy: "NOT_DEFERRED" } },
      ]),
    ];
    return { emulator, id, other, state };
  }

  it("exports folders, and reports those that no longer exist", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const id = emulator.folders.add("payments");
    const removed = "00000000-0000-4000-8000-000000000009";
    const state = stateOf([
      resource("cockroach_folder", "team", [{ attributes: { id, name: "payments" } }]),
      resource("cockroach_folder", "old", [{ attributes: { id: removed, name: "old" } }]),
    ]);
    const said = await exported(emulator, state);
    assert.equal(said.code, 0, said.error);
    assert.match(
      written("index.ts"),
      /new cockroachdb\.Folder\("team", \{\n {2}name: "payments",\n\}\);/,
    );
    assert.ok(said.error.includes(`cockroach_folder.old (folder ${removed}): it no longer exists`));
  });

  it("exports service accounts, API keys, roles and JWT issuers, and no secret", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const account = emulator.serviceAccounts.add("ci", {
      description: "deploys",
      roles: [{ role: "BILLING_VIEWER" }],
    });
    const secret = emulator.apiKeys.add(account, "ci");
    const keyId = secret.replace(/_[^_]*$/, "");
    const issuer = emulator.jwtIssuers.add({
      issuer_url: "https://idp.example.com",
      audience: "a",
    });
    const role = { role_name: "BILLING_VIEWER", resource_type: "ORGANIZATION", resource_id: "" };
    const state = stateOf([
      resource("cockroach_service_account", "ci", [{ attributes: { id: account, name: "ci" } }]),
      resource("cockroach_api_key", "ci", [{ attributes: { id: keyId, name: "ci", secret } }]),
      resource("cockroach_user_role_grant", "billing", [
        { attributes: { user_id: account, role } },
      ]),
      resource("cockroach_user_role_grants", "all", [
        { attributes: { id: account, user_id: account, roles: [role] } },
      ]),
      resource("cockroach_jwt_issuer", "idp", [{ attributes: { id: issuer } }]),
    ]);
    const said = await exported(emulator, state);
    assert.equal(said.code, 0, said.error);
    assert.equal(
      written("index.ts"),
      `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const ci = new cockroachdb.ServiceAccount("ci", {
  name: "ci",
  description: "deploys",
});

new cockroachdb.ApiKey("ci", {
  serviceAccountId: ci,
  name: "ci",
});

new cockroachdb.UserRoleGrant("billing", {
  userId: ci,
  role: { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" },
});

new cockroachdb.UserRoleGrants("all", {
  userId: ci,
  roles: [{ roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION" }],
});

new cockroachdb.JwtIssuer("idp", {
  issuerUrl: "https://idp.example.com",
  audience: "a",
});
`,
    );
    assert.equal(`${written("index.ts")}${written("import.json")}`.includes(secret), false);
  });

  it("exports each type under its Terraform name, as the organization has it", async () => {
    const { emulator, id, other, state } = await organization();
    const { code, out, error } = await exported(emulator, stateOf(state));
    assert.equal(code, 0, error);
    assert.equal(
      written("index.ts"),
      `import * as cockroachdb from "pulumi-cockroachdb-cloud";

const shopOrders = new cockroachdb.Cluster("shop-orders", {
  name: "orders",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35 },
    cockroachVersion: "v26.1",
    networkVisibility: "PRIVATE",
  },
});
new cockroachdb.SqlUser("app-eu-west", { clusterId: shopOrders, name: "app" });
new cockroachdb.Database("shop-0", { clusterId: shopOrders, name: "shop" });
new cockroachdb.AllowlistEntry("office", {
  clusterId: shopOrders,
  cidrIp: "203.0.113.0",
  cidrMask: 24,
  name: "office",
  sql: true,
  ui: false,
});
new cockroachdb.CmekConfig("keys", {
  clusterId: shopOrders,
  regionSpecs: [
    {
      region: "us-east-1",
      keySpec: {
        type: "AWS_KMS",
        uri: "arn:aws:kms:us-east-1:111122223333:key/first",
        authPrincipal: "arn:aws:iam::111122223333:role/cockroach-cmek",
      },
    },
  ],
});
new cockroachdb.MaintenanceWindow("weekly", {
  clusterId: shopOrders,
  offsetDuration: cockroachdb.weekly({ day: "WEDNESDAY", hourUtc: 0 }),
  windowDuration: "21600s",
});
new cockroachdb.VersionDeferral("patches", {
  clusterId: shopOrders,
  deferralPolicy: "NOT_DEFERRED",
});

new cockroachdb.Database("reports", {
  clusterId: "${other}",
  name: "reports",
});
`,
    );
    const { resources } = JSON.parse(written("import.json")) as { resources: { id: string }[] };
    assert.equal(resources.length, 8);
    assert.ok(resources.some((entry) => entry.id === `${id}:203.0.113.0/24`));
    assert.match(out, /1 Cluster, 1 SqlUser, /);
  });

  it("reads only what the state has", async () => {
    const { emulator, state } = await organization();
    await exported(emulator, stateOf(state));
    assert.deepEqual(emulator.requests.map(({ operation }) => operation).sort(), [
      "GetCMEKClusterInfo",
      "GetClusterVersionDeferral",
      "GetMaintenanceWindow",
      "ListAllowlistEntries",
      "ListClusters",
      "ListDatabases",
      "ListDatabases",
      "ListSQLUsers",
    ]);
  });

  it("copies no password, and reports that", async () => {
    const { emulator, state } = await organization();
    const { out, error } = await exported(emulator, stateOf(state));
    for (const text of [out, error, written("index.ts"), written("import.json")]) {
      assert.equal(text.includes(password), false);
    }
    assert.match(out, /Passwords of SQL users were not copied from the Terraform state/);
  });

  it("lists by its address each resource that it cannot export", async () => {
    const { emulator, id, state } = await organization();
    const deleted = "00000000-0000-4000-8000-000000000009";
    const { code, error } = await exported(
      emulator,
      stateOf([
        ...state,
        resource(
          "cockroach_unheard_of",
          "teams",
          [{ attributes: { id: deleted } }],
          'module.a["b"].module.c',
        ),
        resource("cockroach_cluster", "old", [{ index_key: "eu", attributes: { id: deleted } }]),
        resource("cockroach_cluster", "torn", [{ deposed: "a1b2c3d4", attributes: { id } }]),
        resource("cockroach_sql_user", "former", [{ attributes: { id: `${id}:former` } }]),
        resource("cockroach_database", "empty", [{ attributes: {} }]),
        resource("cockroach_sql_user", "nameless", [{ attributes: { id } }]),
        resource("cockroach_cluster", "again", [{ attributes: { id } }]),
        resource("aws_kms_key", "other", [{ attributes: { id: "k" } }]),
        { ...resource("cockroach_cluster", "looked_up", [{ attributes: { id } }]), mode: "data" },
      ]),
    );
    assert.equal(code, 0);
    const lines = error.split("\n").filter((line) => line.startsWith("  "));
    assert.deepEqual(lines, [
      `  cockroach_cluster.old["eu"] (cluster ${deleted}): the organization has no cluster ${deleted}, or the credential does not have access to it`,
      `  cockroach_sql_user.former (SQL user ${id}:former): it no longer exists`,
      '  module.a["b"].module.c.cockroach_unheard_of.teams: this package does not have this resource',
      "  cockroach_cluster.torn: Terraform has replaced it and has not deleted it yet",
      "  cockroach_database.empty: the state does not have its id",
      `  cockroach_sql_user.nameless: its id "${id}" is not one of a SqlUser`,
      "  cockroach_cluster.again: it is the same object as module.shop.cockroach_cluster.orders",
    ]);
  });

  it("reads the encodings that shells of Windows write", async () => {
    const { emulator, id } = await organization();
    const state = `\ufeff${stateOf([resource("cockroach_cluster", "orders", [{ attributes: { id } }])])}`;
    for (const bytes of [Buffer.from(state, "utf16le"), Buffer.from(state)]) {
      rmSync(join(folder, "index.ts"), { force: true });
      rmSync(join(folder, "import.json"), { force: true });
      const { code, error } = await exported(emulator, bytes);
      assert.equal(code, 0, error);
      assert.match(written("index.ts"), /new cockroachdb\.Cluster\("orders"/);
    }
  });

  it("names resources after their addresses", () => {
    const idOf = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;
    const { targets } = parseTerraformState(
      stateOf([
        resource(
          "cockroach_cluster",
          "this",
          [{ attributes: { id: idOf(9) } }],
          'module.db["eu.1"].module.inner[2]',
        ),
        resource(
          "cockroach_cluster",
          "this",
          [0, 1].map((index_key) => ({ index_key, attributes: { id: idOf(index_key) } })),
        ),
      ]),
    );
    assert.deepEqual(
      targets.map(({ name }) => name),
      ["db-eu.1-inner-2-this", "this-0", "this-1"],
    );
  });

  it("names egress rules and endpoints with their cluster, which their ids in Terraform leave out", () => {
    const cluster_id = "00000000-0000-4000-8000-000000000001";
    const id = "00000000-0000-4000-8000-000000000002";
    const { targets, leftOut } = parseTerraformState(
      stateOf([
        resource("cockroach_egress_rule", "kafka", [{ attributes: { id, cluster_id } }]),
        resource("cockroach_egress_private_endpoint", "logs", [{ attributes: { id, cluster_id } }]),
        resource("cockroach_egress_private_endpoint_domain_names", "names", [
          { attributes: { cluster_id, endpoint_id: id } },
        ]),
        resource("cockroach_client_ca_cert", "clients", [{ attributes: { id: cluster_id } }]),
      ]),
    );
    assert.deepEqual(leftOut, []);
    assert.deepEqual(
      targets.map((target) => target.id),
      [`${cluster_id}:${id}`, `${cluster_id}:${id}`, `${cluster_id}:${id}`, cluster_id],
    );
  });

  it("takes a secret that the API does not return from the configuration of the stack", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator, { regions: ["us-east-1"] });
    emulator.metricExports.set(id, "datadog", { site: "EU1", api_key: password });
    const state = stateOf([
      resource("cockroach_metric_export_datadog_config", "metrics", [
        { attributes: { id, site: "EU1", api_key: password } },
      ]),
    ]);
    const { out, error } = await exported(emulator, state);
    assert.equal(error, "");
    assert.equal(
      written("index.ts"),
      `import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const config = new pulumi.Config();

new cockroachdb.MetricExportDatadogConfig("metrics", {
  clusterId: "${id}",
  site: "EU1",
  apiKey: config.requireSecret("metricsApiKey"),
});
`,
    );
    assert.match(out, /sends it once:\n {2}pulumi config set --secret metricsApiKey\n/);
    assert.equal(`${written("import.json")}${out}`.includes(password), false);
  });

  it("names the values that the state marks as sensitive and the files hold", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = emulator.clusters.create({
      name: "shared",
      provider: "GCP",
      spec: {
        plan: "BASIC",
        labels: { team: "a", contact: "b" },
        serverless: { regions: ["us-central1"] },
      },
    });
    const attribute = (value: string) => ({ type: "get_attr", value });
    const sensitive_attributes = [
      [attribute("labels"), { type: "index", value: { type: "string", value: "contact" } }],
      [attribute("cloud_provider")],
      [attribute("delete_protection")],
    ];
    emulator.sqlUsers.add(id, "app", password);
    const state = stateOf([
      resource("cockroach_cluster", "shared", [{ attributes: { id }, sensitive_attributes }]),
      resource("cockroach_sql_user", "app", [
        { attributes: { id: `${id}:app` }, sensitive_attributes: [[attribute("password")]] },
      ]),
    ]);
    const { out } = await exported(emulator, state);
    const [, list] = /the files hold them:\n((?: {2}.*\n)*)/.exec(out) ?? [];
    assert.equal(
      list,
      "  cockroach_cluster.shared: labels.contact\n  cockroach_cluster.shared: cloudProvider\n",
    );
  });

  it("writes all 29 types of the Terraform provider", async () => {
    const lab = await startLab({ rateLimit: "off" });
    const { emulator } = lab;
    const types = allResourceTypes.filter(
      (type) => resourceTypes[type].terraformType !== undefined,
    );
    const resourcesInState: object[] = [];
    for (const [index, type] of types.entries()) {
      const stack = lab.stack({ name: type });
      const args = { ...placeOf(type, emulator, index + 1), ...casesOf[type].full[0] };
      assertDone(await stack.up({ it: new Declaration(kinds[type], args) }));
      const { id, outputs } = stack.resource("it");
      const attributes = (attributesOf[type] ?? ((one) => ({ id: one })))(id, outputs);
      resourcesInState.push(
        resource(`${resourceTypes[type].terraformType}`, type, [{ attributes }]),
      );
    }
    const missing = Object.keys(terraformResources).filter(
      (one) => !types.some((type) => resourceTypes[type].terraformType === one),
    );
    const ofMissing = missing.map((one) => resource(one, "it", [{ attributes: { id: "1" } }]));
    const { code, error } = await exported(emulator, stateOf([...resourcesInState, ...ofMissing]));
    assert.equal(code, 0, error);
    for (const type of types) {
      assert.ok(written("index.ts").includes(`new cockroachdb.${type}("${type}", {`), type);
    }
    const { resources: entries } = JSON.parse(written("import.json")) as { resources: object[] };
    assert.equal(entries.length, types.length);
    assert.equal(types.length + missing.length, 29);
    const left = error.split("\n").filter((line) => line.startsWith("  "));
    assert.deepEqual(
      left.map((line) => line.trim().split(".", 1)[0]),
      missing,
    );
    assert.ok(
      left.includes(
        "  cockroach_finalize_version_upgrade.it: a finished step has nothing to adopt; for later upgrades, Cluster has finalizeUpgrade in dedicated or serverless",
      ),
      error,
    );
  }).timeout(120_000);

  it("rejects a file that is not a state of format 4, without quoting it", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    for (const text of [`{"version": 3, "${password}": 1}`, `not JSON: ${password}`]) {
      const { code, error } = await exported(emulator, text);
      assert.equal(code, 1);
      assert.match(
        error,
        /is not a Terraform state of format 4\. Create one with: terraform state pull/,
      );
      assert.equal(error.includes(password), false);
    }
    const { code, error } = await exported(emulator, stateOf([]));
    assert.equal(code, 1);
    assert.match(error, /There is nothing to export/);
    assert.equal(emulator.requests.filter(({ method }) => method !== "GET").length, 0);
    assert.equal(existsSync(join(folder, "index.ts")), false);
  });
});

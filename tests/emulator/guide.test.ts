import { strict as assert } from "node:assert";
import { defaultVersions } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators } from "../support/emulator";
import type { ApiResponse, Caller } from "./caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  hour,
  minute,
  standard,
  startQuick,
} from "./caller";
import { requestOf } from "./curl";
import { guideExamples } from "./guide-examples";

const unknownField = /^could not find field "spec"/;
const versionsWithOld = defaultVersions.map((version) =>
  version.version === "v23.1" ? { ...version, supportStatus: "SUPPORTED" as const } : version,
);

describe("The user guide's commands", () => {
  checkEmulators();

  /** Runs a command with its placeholders filled in, against the emulator instead of the service. */
  async function run(
    emulator: TestEmulator,
    example: keyof typeof guideExamples,
    placeholders: Record<string, string> = {},
    edit: (command: string) => string = (command) => command,
  ): Promise<ApiResponse> {
    const filled = { secret_key: emulator.apiKey, ...placeholders };
    let command: string = edit(guideExamples[example].curl);
    for (const [name, value] of Object.entries(filled)) {
      command = command.replaceAll(`{${name}}`, value);
    }
    const request = requestOf(command);
    const base = "https://cockroachlabs.cloud/api/v1";
    assert.ok(request.url.startsWith(base), request.url);
    // No key but the one in the command.
    const caller: Caller = callerOf(emulator, "none");
    return caller.send(
      request.method,
      request.url.slice(base.length),
      request.body,
      request.headers,
    );
  }

  it("are read as a shell and curl would", () => {
    assert.deepEqual(requestOf(guideExamples.createBasic.curl.replaceAll("{secret_key}", "key")), {
      url: "https://cockroachlabs.cloud/api/v1/clusters",
      method: "POST",
      headers: {
        authorization: "Bearer key",
        "content-type": "application/json",
        accept: "application/json",
      },
      body: '{"name":"{cluster_name}","provider":"{cloud_provider}","plan":"BASIC","spec":{"serverless":{"regions":["{region_name}"]}}}',
    });
    assert.throws(() => requestOf("curl --insecure yes"), /Unknown curl option/);
  });

  it("call the API", async () => {
    const { emulator } = await startQuick();
    assert.deepEqual(bodyOf(await run(emulator, "callTheApi")).clusters, []);
    const stranger = await run(emulator, "callTheApi", { secret_key: "CCDB1_nobody" });
    assertRefused(stranger, 401, 16);
  });

  it("set the API version, and fail on an invalid one", async () => {
    const { emulator } = await startQuick();
    const response = await run(emulator, "setTheApiVersion", { version: "2024-09-16" });
    bodyOf(response);
    assert.equal(response.headers.get("cc-version"), "2024-09-16");
    for (const version of ["2099-01-01", "{version}"]) {
      const invalid = await run(emulator, "setTheApiVersion", { version });
      assertRefused(invalid, 400, 3, /^invalid Cc-Version/);
    }
  });

  it("create Basic clusters: the plan is inferred, the one beside the name is ignored", async () => {
    const { emulator } = await startQuick();
    const filled = { cluster_name: "my-cluster", cloud_provider: "AWS", region_name: "us-east-1" };
    const cluster = bodyOf(await run(emulator, "createBasic", filled));
    assert.deepEqual(
      [cluster.name, cluster.plan, cluster.cloud_provider],
      ["my-cluster", "BASIC", "AWS"],
    );
    const example = bodyOf(await run(emulator, "createBasicExample"));
    assert.deepEqual([example.name, example.plan], ["basic-test", "BASIC"]);
    // "setting specific usage limits", the guide says, and its command sets none.
    assert.equal(example.config.serverless.usage_limits, null);
    const misleading = bodyOf(
      await run(emulator, "createBasicExample", {}, (command) =>
        command
          .replace("basic-test", "basic-test-2")
          .replace('"plan":"BASIC"', '"plan":"STANDARD"'),
      ),
    );
    assert.equal(misleading.plan, "BASIC");
  });

  it("do not create Basic clusters on AZURE, whatever the guide lists", async () => {
    const { emulator } = await startQuick();
    const filled = { cluster_name: "my-cluster", cloud_provider: "AZURE", region_name: "eastus" };
    assertRefused(await run(emulator, "createBasic", filled), 400, 3, /AZURE/);
  });

  it("create Standard clusters: inferred from the vCPUs", async () => {
    const { emulator } = await startQuick();
    const filled = { cluster_name: "my-cluster", cloud_provider: "GCP", region_name: "us-west2" };
    const cluster = bodyOf(await run(emulator, "createStandard", filled));
    assert.equal(cluster.plan, "STANDARD");
    const example = bodyOf(await run(emulator, "createStandardExample"));
    assert.deepEqual([example.name, example.plan], ["notorious-moose", "STANDARD"]);
    assert.deepEqual(example.config.serverless.usage_limits, { provisioned_virtual_cpus: "2" });
  });

  it("create Advanced clusters, without the storage that the reference wants", async () => {
    const { emulator } = await startQuick();
    const filled = {
      cluster_name: "my-cluster",
      cloud_provider: "AWS",
      region_name: "us-east-1",
      num_vcpus: "4",
      version: "v25.2",
    };
    const cluster = bodyOf(await run(emulator, "createAdvanced", filled));
    assert.deepEqual([cluster.plan, cluster.state], ["ADVANCED", "CREATING"]);
    assert.match(cluster.cockroach_version, /^v25\.2\.\d+$/);
    assert.equal(cluster.regions[0].node_count, 3);
    assert.ok(cluster.config.dedicated.storage_gib > 0);
  });

  it("name a version that is no longer supported, in a form that create does not take", async () => {
    const refusal = "invalid argument: unsupported version: v23.1.2";
    const { emulator } = await startQuick();
    assertRefused(await run(emulator, "createAdvancedExample"), 400, 3, refusal);
    const { emulator: older } = await startQuick({ versions: versionsWithOld });
    assertRefused(await run(older, "createAdvancedExample"), 400, 3, refusal);
    const major = (command: string) => command.replace("v23.1.2", "v23.1");
    const cluster = bodyOf(await run(older, "createAdvancedExample", {}, major));
    assert.match(cluster.cockroach_version, /^v23\.1\.\d+$/);
    const { emulator: tolerant } = await startQuick({
      versions: versionsWithOld,
      assumptions: { allowPatchVersions: true },
    });
    assert.equal(bodyOf(await run(tolerant, "createAdvancedExample")).name, "advanced-test");
  });

  it("get a cluster", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    assert.equal(bodyOf(await run(emulator, "getCluster", { cluster_id: id })).id, id);
  });

  it("list nodes, paged by next_page and not by numbers", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    const { nodes, pagination } = bodyOf(await run(emulator, "listNodes", { cluster_id: id }));
    assert.equal(nodes.length, 3);
    assert.deepEqual(Object.keys(nodes[0]).sort(), ["name", "region_name", "status"]);
    assert.deepEqual(Object.keys(pagination).sort(), ["next_page", "previous_page"]);
  });

  it("set the limits of a Basic cluster", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    const { config } = bodyOf(await run(emulator, "setBasicLimits", { cluster_id: id }));
    assert.deepEqual(config.serverless.usage_limits, {
      request_unit_limit: "50000000",
      storage_mib_limit: "5242880",
    });
  });

  it("change the vCPUs of a Standard cluster, down three times in seven days", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(standard("orders", 8));
    const change = (count: number) =>
      run(emulator, "changeStandardVcpus", {
        cluster_id: id,
        provisioned_virtual_cpus: String(count),
      });
    for (const count of [10, 8, 6, 4]) {
      const { config } = bodyOf(await change(count));
      assert.equal(config.serverless.usage_limits.provisioned_virtual_cpus, String(count));
    }
    assertRefused(await change(2), 400, 9);
  });

  for (const example of ["changeAdvancedVcpus", "changeAdvancedNodes"] as const) {
    it(`${example}: fails, for PATCH has no spec around its fields`, async () => {
      const { emulator } = await startQuick();
      const before = emulator.clusters.create(advanced("orders"));
      const filled = { cluster_id: before.id };
      assertRefused(await run(emulator, example, filled), 400, 3, unknownField);
      assert.deepEqual(emulator.clusters.get(before.id), before);
      const flat = (command: string) =>
        command.replace(/"spec": (\{[\s\S]*\})\s*\}'$/, "$1'").replace("{\n    {", "{");
      const started = bodyOf(await run(emulator, example, filled, flat));
      assert.equal(started.state, "LOCKED");
    });

    it(`${example}: changes nothing where unknown fields are ignored`, async () => {
      const { emulator } = await startQuick({ assumptions: { strictPatch: false } });
      const before = emulator.clusters.create(advanced("orders"));
      assert.deepEqual(bodyOf(await run(emulator, example, { cluster_id: before.id })), before);
    });
  }

  it("delete a cluster, and get it in the response", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    const deleted = bodyOf(await run(emulator, "deleteCluster", { cluster_id: id }));
    assert.deepEqual([deleted.id, deleted.state], [id, "DELETED"]);
    assert.equal(bodyOf(await run(emulator, "getCluster", { cluster_id: id })).state, "DELETED");
  });

  it("list clusters, and deleted ones on demand", async () => {
    const { emulator } = await startQuick({ assumptions: { paginationEnd: "null" } });
    emulator.clusters.create(basic("orders"));
    emulator.clusters.delete(emulator.clusters.create(basic("former")).id);
    const namesOf = (body: { clusters: { name: string }[] }) =>
      body.clusters.map(({ name }) => name);
    const active = bodyOf(await run(emulator, "listClusters"));
    assert.deepEqual([namesOf(active), active.pagination], [["orders"], null]);
    const all = bodyOf(await run(emulator, "listInactiveClusters"));
    assert.deepEqual(namesOf(all), ["former", "orders"]);
  });

  it("list the regions of a cloud, as objects and not as names", async () => {
    const { emulator } = await startQuick();
    const filled = { cloud_provider: "GCP" };
    const { regions } = bodyOf(await run(emulator, "listAvailableRegions", filled));
    assert.equal(regions.length, 35);
    assert.deepEqual(Object.keys(regions[0]).sort(), [
      "distance",
      "location",
      "name",
      "provider",
      "serverless",
    ]);
  });

  describe("on SQL users", () => {
    it("list, create and delete them, and change their passwords", async () => {
      const { emulator } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders"));
      const filled = { cluster_id: id, sql_username: "maxroach", password: "first password" };
      const name = { name: "maxroach" };
      assert.deepEqual(bodyOf(await run(emulator, "createSqlUser", filled)), name);
      const listed = bodyOf(await run(emulator, "listSqlUsers", filled));
      assert.deepEqual(listed, { users: [name], pagination: { next_page: "", previous_page: "" } });
      const changed = { ...filled, new_password: "second password" };
      assert.deepEqual(bodyOf(await run(emulator, "changeSqlUserPassword", changed)), name);
      assert.ok(emulator.sqlUsers.hasPassword(id, "maxroach", "second password"));
      assert.deepEqual(bodyOf(await run(emulator, "deleteSqlUser", filled)), name);
      assert.deepEqual(emulator.sqlUsers.list(id), []);
    });

    it("need Cluster Admin, not Cluster Creator as the guide says", async () => {
      const { emulator } = await startQuick();
      const { id } = emulator.clusters.create(basic("orders"));
      const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_CREATOR" }] });
      const filled = { cluster_id: id, sql_username: "maxroach", secret_key: secret };
      assertRefused(await run(emulator, "createSqlUser", filled), 403, 7);
    });
  });

  describe("on maintenance windows and deferrals", () => {
    const window = { offset_duration: "172800s", window_duration: "21600s" };

    async function withCluster(): Promise<{
      emulator: TestEmulator;
      call(example: keyof typeof guideExamples, more?: object): Promise<ApiResponse>;
    }> {
      const { emulator } = await startQuick();
      const { id } = emulator.clusters.create(advanced("orders"));
      const withToken = (command: string) =>
        command.replace("REPLACE_BEARER_TOKEN", emulator.apiKey);
      return {
        emulator,
        call: (example, more) =>
          run(emulator, example, { cluster_id: id, ...window, ...more }, withToken),
      };
    }

    it("set, get and delete a window of exactly six hours", async () => {
      const { call } = await withCluster();
      assert.deepEqual(bodyOf(await call("setMaintenanceWindow")), window);
      assert.deepEqual(bodyOf(await call("getMaintenanceWindow")), window);
      assert.deepEqual(bodyOf(await call("deleteMaintenanceWindow")), window);
      assertRefused(await call("getMaintenanceWindow"), 404, 5);
    });

    for (const policy of [
      "DEFERRAL_30_DAYS",
      "DEFERRAL_60_DAYS",
      "DEFERRAL_90_DAYS",
      "NOT_DEFERRED",
    ]) {
      it(`set ${policy}, without a window`, async () => {
        const { call } = await withCluster();
        bodyOf(await call("setVersionDeferral", { deferral_policy: policy }));
        assert.equal(bodyOf(await call("getVersionDeferral")).deferral_policy, policy);
      });
    }

    it("show until when a patch is deferred", async () => {
      const { emulator, call } = await withCluster();
      bodyOf(await call("setVersionDeferral", { deferral_policy: "DEFERRAL_60_DAYS" }));
      emulator.versions.releasePatch("v26.1.3", "2026-05-20T00:00:00Z");
      assert.deepEqual(bodyOf(await call("getVersionDeferral")), {
        deferral_policy: "DEFERRAL_60_DAYS",
        deferred_until: "2026-07-19T00:00:00Z",
      });
    });

    it("carry no key as they are printed", async () => {
      const { emulator } = await startQuick();
      const { id } = emulator.clusters.create(advanced("orders"));
      const filled = { cluster_id: id };
      assertRefused(await run(emulator, "getMaintenanceWindow", filled), 401, 16);
    });
  });

  describe("on CMEK", () => {
    const regions = { "us-east-1": 3, "us-west-2": 3, "eu-west-1": 3 };

    /** A manifest as the guide's `cmek_config.json` holds it. */
    function manifest(names: readonly string[], key = "first"): string {
      const specs = names.map((region) => ({
        region,
        key_spec: {
          type: "AWS_KMS",
          uri: `arn:aws:kms:${region}:111122223333:key/${key}`,
          auth_principal: "arn:aws:iam::111122223333:role/cmek",
        },
      }));
      return JSON.stringify({ region_specs: specs });
    }

    async function withCluster(): Promise<{
      emulator: TestEmulator;
      id: string;
      /** Runs a command with the contents of the file, its quotes fixed. */
      call(example: keyof typeof guideExamples, file?: string): Promise<ApiResponse>;
    }> {
      const { emulator } = await startQuick();
      const body = advanced("orders", { region_nodes: regions, network_visibility: "PRIVATE" });
      const { id } = emulator.clusters.create(body);
      return {
        emulator,
        id,
        call: (example, file = "") =>
          run(emulator, example, { cluster_id: id }, (command) =>
            command
              .replace("{secret_key} \\", '{secret_key}" \\')
              .replace('"@cmek_config.json"', `'${file}'`),
          ),
      };
    }

    it("enable, show and rotate keys", async () => {
      const { emulator, call } = await withCluster();
      bodyOf(await call("enableCmek", manifest(Object.keys(regions))));
      await emulator.clock.advance(10 * minute);
      assert.equal(bodyOf(await call("getCmek")).status, "ENABLED");
      bodyOf(await call("rotateCmek", manifest(["us-west-2"], "second")));
      await emulator.clock.advance(10 * minute);
      const [, , west] = bodyOf(await call("getCmek")).region_infos;
      assert.equal(west.key_infos.length, 2);
    });

    for (const example of ["modifyCmek", "revokeCmek"] as const) {
      it(`${example}: is no command, for a quote is never closed`, async () => {
        const { emulator, id } = await withCluster();
        await assert.rejects(run(emulator, example, { cluster_id: id }), /never closed/);
      });
    }

    it("add a region: not with the manifest, which is no part of a cluster", async () => {
      const { emulator, id, call } = await withCluster();
      bodyOf(await call("enableCmek", manifest(Object.keys(regions))));
      await emulator.clock.advance(10 * minute);
      const file = manifest(["us-east-2"]);
      assertRefused(await call("modifyCmek", file), 400, 3, /^could not find field "region_specs"/);
      const dedicated = {
        region_nodes: { ...regions, "us-east-2": 3 },
        cmek_region_specs: JSON.parse(file).region_specs,
      };
      bodyOf(await call("modifyCmek", JSON.stringify({ dedicated })));
      await emulator.clock.advance(hour);
      assert.equal(bodyOf(await call("getCmek")).region_infos.length, 4);
      const viaCmek = await callerOf(emulator).patch(`/clusters/${id}/cmek`, JSON.parse(file));
      assertRefused(viaCmek, 400, 3, /action is required/);
    });

    it("enable by POST to /cmek, not to the cluster as the text says", async () => {
      const { emulator, id } = await withCluster();
      const file = manifest(Object.keys(regions));
      assertRefused(await callerOf(emulator).post(`/clusters/${id}`, file), 501, 12);
    });

    it("revoke", async () => {
      const { emulator, call } = await withCluster();
      bodyOf(await call("enableCmek", manifest(Object.keys(regions))));
      await emulator.clock.advance(10 * minute);
      assert.equal(bodyOf(await call("revokeCmek")).status, "REVOKING");
      await emulator.clock.advance(10 * minute);
      assert.equal(bodyOf(await call("getCmek")).status, "REVOKED");
    });
  });

  describe("on audit logs and invoices", () => {
    const quoted = (command: string) => command.replace(/--url (\S+)/, '--url "$1"');

    it("lose their headers at the unquoted & of the audit logs", async () => {
      const { emulator } = await startQuick();
      const filled = { timestamp: "2026-01-01T00:00:00Z", sort_order: "ASC", limit: "2" };
      assertRefused(await run(emulator, "listAuditLogs", filled), 401, 16);
    });

    it("export audit logs from after a moment, as an object", async () => {
      const { emulator, api } = await startQuick();
      for (const name of ["orders-1", "orders-2", "orders-3"]) {
        bodyOf(await api.post("/clusters", basic(name)));
        await emulator.clock.advance(minute);
      }
      const read = (timestamp: string) =>
        run(
          emulator,
          "listAuditLogs",
          { timestamp, sort_order: "ASC", limit: "2", api_version: "2024-09-16" },
          quoted,
        );
      const namesOf = (body: { entries: { cluster_name: string }[] }) =>
        body.entries.map((entry) => entry.cluster_name);
      const first = bodyOf(await read("2026-01-01T00:00:00Z"));
      assert.deepEqual(namesOf(first), ["orders-1", "orders-2"]);
      const second = bodyOf(await read(first.next_starting_from));
      assert.deepEqual(namesOf(second), ["orders-3"]);
      assert.deepEqual(bodyOf(await read(second.next_starting_from)).entries, []);
    });

    it("need ORG_ADMIN for audit logs, not Cluster Admin as the guide says", async () => {
      const { emulator } = await startQuick();
      const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_ADMIN" }] });
      const filled = {
        timestamp: "2026-01-01T00:00:00Z",
        sort_order: "ASC",
        limit: "2",
        api_version: "2024-09-16",
        secret_key: secret,
      };
      assertRefused(await run(emulator, "listAuditLogs", filled, quoted), 403, 7);
    });

    it("list invoices, with a pagination that says nothing, and get one, bare", async () => {
      const { emulator } = await startQuick({ assumptions: { invoicePagination: true } });
      const { invoices, pagination } = bodyOf(await run(emulator, "listInvoices"));
      assert.equal(pagination, null);
      const statuses = invoices.map(({ status }: { status: string }) => status);
      assert.deepEqual(statuses, ["FINALIZED", "FINALIZED", "DRAFT"]);
      const filled = { invoice_id: invoices[0].invoice_id };
      assert.deepEqual(bodyOf(await run(emulator, "getInvoice", filled)), invoices[0]);
    });
  });
});

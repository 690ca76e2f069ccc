import { strict as assert } from "node:assert";
import type { EmulatorOptions, Role } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse, Caller } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  minute,
  standard,
  startQuick,
} from "../caller";

const bodies = {
  datadog: { site: "US1", api_key: "0123456789abcdef" },
  cloudwatch: { role_arn: "arn:aws:iam::123456789012:role/Metrics" },
  prometheus: {},
} as const;
const kinds = ["datadog", "cloudwatch", "prometheus"] as const;

describe("Metric exports", () => {
  checkEmulators();

  interface Subject {
    emulator: TestEmulator;
    api: Caller;
    id: string;
    path(kind: (typeof kinds)[number]): string;
    get(kind: (typeof kinds)[number]): Promise<ApiResponse["body"]>;
    set(kind: (typeof kinds)[number], body?: object): Promise<ApiResponse>;
    /** Lets the roll-out end. */
    settle(): Promise<void>;
  }

  async function start(
    body: object = advanced("orders"),
    options: EmulatorOptions = {},
  ): Promise<Subject> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(body as never);
    const path: Subject["path"] = (kind) => `/clusters/${id}/metricexport/${kind}`;
    return {
      emulator,
      api,
      id,
      path,
      get: async (kind) => bodyOf(await api.get(path(kind))),
      set: (kind, request = bodies[kind]) => api.post(path(kind), request),
      settle: () => emulator.clock.advance(3 * minute),
    };
  }

  it("are not found before they are set, but NOT_DEPLOYED for Prometheus", async () => {
    const { api, path, id, get } = await start();
    assertRefused(await api.get(path("datadog")), 404, 5);
    assertRefused(await api.get(path("cloudwatch")), 404, 5);
    assert.deepEqual(await get("prometheus"), {
      cluster_id: id,
      status: "NOT_DEPLOYED",
      user_message: "",
      targets: {},
    });
    for (const kind of kinds) {
      assertRefused(await api.delete(path(kind)), 404, 5);
    }
    const absent = await start(advanced("orders"), {
      assumptions: { metricExportUnset: "not-found" },
    });
    assertRefused(await absent.api.get(absent.path("prometheus")), 404, 5);
    const shown = await start(advanced("orders"), {
      assumptions: { metricExportUnset: "not-deployed" },
    });
    assert.equal((await shown.get("datadog")).status, "NOT_DEPLOYED");
  });

  it("stand beside one another without locking the cluster", async () => {
    const { emulator, id, get, set, settle } = await start();
    for (const kind of kinds) {
      assert.equal(bodyOf(await set(kind)).status, "ENABLING");
      assertRefused(await set(kind), 503, 14, /lock/);
    }
    const { state, operation_status } = emulator.clusters.get(id);
    assert.deepEqual([state, operation_status], ["CREATED", "UNSPECIFIED"]);
    await settle();
    for (const kind of kinds) {
      const { status, user_message } = await get(kind);
      assert.deepEqual([status, user_message], ["ENABLED", "This integration is active."]);
    }
  });

  it("to Datadog show the last four characters of the key only", async () => {
    const { emulator, id, get, set, settle } = await start();
    assert.equal(bodyOf(await set("datadog")).api_key, "cdef");
    await settle();
    bodyOf(await set("datadog", { site: "EU1", api_key: "another-key-9876" }));
    const { site, api_key, status } = await get("datadog");
    assert.deepEqual([site, api_key, status], ["EU1", "9876", "ENABLING"]);
    assert.ok(emulator.metricExports.hasApiKey(id, "another-key-9876"));
    assert.doesNotMatch(JSON.stringify(emulator.requests), /another-key|0123456789/);
    assert.doesNotMatch(JSON.stringify(emulator.organization.auditLog()), /another-key/);
  });

  it("to CloudWatch are replaced as a whole", async () => {
    const { get, set, settle } = await start();
    const full = {
      ...bodies.cloudwatch,
      external_id: "e",
      log_group_name: "g",
      target_region: "us-east-1",
    };
    const {
      cluster_id: _,
      status: __,
      user_message: ___,
      ...shown
    } = bodyOf(await set("cloudwatch", full));
    assert.deepEqual(shown, full);
    await settle();
    bodyOf(await set("cloudwatch"));
    const { external_id, log_group_name, target_region } = await get("cloudwatch");
    assert.deepEqual([external_id, log_group_name, target_region], ["", "", ""]);
  });

  it("for Prometheus have an address for each region, also for one that comes later", async () => {
    const { emulator, id, get, api, path, settle } = await start();
    assert.deepEqual(bodyOf(await api.send("POST", path("prometheus"))).targets, {});
    await settle();
    const address = (region: string) =>
      `${emulator.url}/api/v1/clusters/${id}/metricexport/prometheus/${region}/scrape`;
    assert.deepEqual((await get("prometheus")).targets, { "us-east-1": address("us-east-1") });
    emulator.clusters.edit(id, { regionNodes: { "us-east-1": 3, "us-west-2": 3 } });
    assert.deepEqual((await get("prometheus")).targets, {
      "us-east-1": address("us-east-1"),
      "us-west-2": address("us-west-2"),
    });
  });

  it("for Prometheus are read at the address of a region by whoever may read the export", async () => {
    const { emulator, id, get, set, api, path, settle } = await start();
    const scrape = (region: string) => `${path("prometheus")}/${region}/scrape`;
    assertRefused(await api.get(scrape("us-east-1")), 404, 5);
    bodyOf(await set("prometheus"));
    assertRefused(await api.get(scrape("us-east-1")), 404, 5);
    await settle();
    const viewer = emulator.organization.addKey({
      name: "viewer",
      roles: [{ role: "METRICS_VIEWER" }],
    });
    for (const [region, address] of Object.entries((await get("prometheus")).targets)) {
      const response = await fetch(String(address), {
        headers: { authorization: `Bearer ${viewer}` },
      });
      assert.equal(response.headers.get("content-type"), "text/plain");
      const labels = `cluster="orders",organization="emulated-organization",region="${region}"`;
      const lines = (await response.text()).split("\n");
      assert.ok(lines.includes(`crdb_cloud_liveness_livenodes{${labels}} 3`), lines.join());
    }
    assertRefused(await api.get(scrape("us-west-2")), 404, 5);
    const developer = emulator.organization.addKey({
      name: "developer",
      roles: [{ role: "CLUSTER_DEVELOPER", scope: "cluster", resourceId: id }],
    });
    assertRefused(await callerOf(emulator, developer).get(scrape("us-east-1")), 403, 7);
    assertRefused(await callerOf(emulator, "nobody").get(scrape("us-east-1")), 401, 16);
  });

  it("are deleted after a while", async () => {
    const { api, path, get, set, settle } = await start();
    for (const kind of kinds) {
      bodyOf(await set(kind));
    }
    await settle();
    for (const kind of kinds) {
      assert.equal(bodyOf(await api.delete(path(kind))).status, "DISABLING");
      assert.equal((await get(kind)).status, "DISABLING");
      assertRefused(await set(kind), 503, 14);
    }
    await settle();
    assert.equal((await get("prometheus")).status, "NOT_DEPLOYED");
    for (const kind of kinds) {
      assertRefused(await api.delete(path(kind)), 404, 5);
    }
  });

  const refusals: readonly [string, object, (typeof kinds)[number], object, number, RegExp][] = [
    ["an unknown site", advanced("orders"), "datadog", { site: "AP1" }, 3, /^proto: .*enum/],
    ["no site", advanced("orders"), "datadog", { site: undefined }, 3, /site is required/],
    ["no key", advanced("orders"), "datadog", { api_key: "" }, 3, /api_key is required/],
    [
      "no role",
      advanced("orders"),
      "cloudwatch",
      { role_arn: undefined },
      3,
      /role_arn is required/,
    ],
    ["CloudWatch on GCP", advanced("orders", {}, "GCP"), "cloudwatch", {}, 9, /AWS clusters/],
    ["CloudWatch on Azure", advanced("orders", {}, "AZURE"), "cloudwatch", {}, 9, /AWS clusters/],
    ...kinds.map(
      (kind) => ["a Basic cluster", basic("orders"), kind, {}, 9, /Basic plan/] as const,
    ),
  ].map((row) => row as [string, object, (typeof kinds)[number], object, number, RegExp]);
  for (const [what, cluster, kind, change, code, message] of refusals) {
    it(`to ${kind} are refused with ${what}`, async () => {
      const { set } = await start(cluster);
      assertRefused(await set(kind, { ...bodies[kind], ...change }), 400, code, message);
    });
  }

  it("are served on Standard, to CloudWatch without an external id", async () => {
    const { set } = await start(standard("orders"));
    bodyOf(await set("datadog"));
    bodyOf(await set("prometheus"));
    const limits = { provisioned_virtual_cpus: "2" };
    const serverless = { regions: ["us-east-1"], usage_limits: limits };
    const onAws = await start({
      name: "orders",
      provider: "AWS",
      spec: { plan: "STANDARD", serverless },
    });
    const external = { ...bodies.cloudwatch, external_id: "x" };
    assertRefused(await onAws.set("cloudwatch", external), 400, 3, /Standard/);
    bodyOf(await onAws.set("cloudwatch"));
  });

  it("fail where scripted, and are repaired by setting them again", async () => {
    const { emulator, api, path, get, set, settle } = await start();
    emulator.faults.failNextExport({ message: "invalid API key" });
    bodyOf(await set("datadog"));
    await settle();
    const { status, user_message } = await get("datadog");
    assert.deepEqual([status, user_message], ["ERROR", "invalid API key"]);
    bodyOf(await set("datadog"));
    await settle();
    assert.equal((await get("datadog")).status, "ENABLED");
    emulator.faults.failNextExport();
    bodyOf(await api.delete(path("datadog")));
    await settle();
    assert.equal((await get("datadog")).status, "ERROR");
    emulator.faults.denyExports();
    assertRefused(await set("cloudwatch"), 403, 7, /role/);
    bodyOf(await set("cloudwatch"));
  });

  it("need a cluster that is not busy", async () => {
    const { emulator, id, set } = await start();
    emulator.clusters.lock(id, minute);
    assertRefused(await set("datadog"), 503, 14, /couldn't lock cluster/);
    await emulator.clock.advance(minute);
    bodyOf(await set("datadog"));
  });

  it("are read by a Metrics Viewer, and are nothing to an Organization Admin", async () => {
    const { emulator, path, set } = await start();
    bodyOf(await set("prometheus"));
    const as = (role: Role) =>
      callerOf(emulator, emulator.organization.addKey({ roles: [{ role }] }));
    bodyOf(await as("METRICS_VIEWER").get(path("prometheus")));
    assertRefused(await as("METRICS_VIEWER").post(path("prometheus"), {}), 403, 7);
    assertRefused(await as("METRICS_VIEWER").delete(path("prometheus")), 403, 7);
    assertRefused(await as("ORG_ADMIN").get(path("prometheus")), 403, 7);
  });

  it("are in the audit log, and no other kind exists", async () => {
    const { emulator, api, id, path, set, settle } = await start();
    bodyOf(await set("prometheus"));
    await settle();
    bodyOf(await api.delete(path("prometheus")));
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action),
      [
        "AUDIT_LOG_ACTION_UPDATE_CLUSTER_METRIC_EXPORT",
        "AUDIT_LOG_ACTION_DELETE_CLUSTER_METRIC_EXPORT",
      ],
    );
    assertRefused(await api.get(`/clusters/${id}/metricexport/azuremonitor`), 404, 5);
  });

  it("are changed outside the API by their controls", async () => {
    const { emulator, id, api, path, get } = await start();
    emulator.metricExports.set(id, "datadog", bodies.datadog);
    assert.deepEqual(await get("datadog"), emulator.metricExports.get(id, "datadog"));
    emulator.metricExports.setStatus(id, "datadog", "ERROR", "invalid API key");
    assert.equal((await get("datadog")).user_message, "invalid API key");
    emulator.metricExports.clear(id, "datadog");
    assertRefused(await api.get(path("datadog")), 404, 5);
    const set = () => emulator.metricExports.setStatus(id, "datadog", "ERROR");
    assert.throws(set, /no metric export/);
  });
});

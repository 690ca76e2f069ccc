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

const minimal = {
  type: "AWS_CLOUDWATCH",
  log_name: "orders",
  auth_principal: "arn:aws:iam::123456789012:role/Export",
};

const onAws = (body: object) => ({
  ...body,
  provider: "AWS",
  spec: {
    plan: "STANDARD",
    serverless: { regions: ["us-east-1"], usage_limits: { provisioned_virtual_cpus: "2" } },
  },
});

describe("Log exports", () => {
  checkEmulators();

  interface Subject {
    emulator: TestEmulator;
    api: Caller;
    id: string;
    path: string;
    get(): Promise<ApiResponse["body"]>;
    set(body: object): Promise<ApiResponse>;
    /** Lets the roll-out end. */
    settle(): Promise<void>;
  }

  async function start(
    body: object = advanced("orders"),
    options: EmulatorOptions = {},
  ): Promise<Subject> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(body as never);
    const path = `/clusters/${id}/logexport`;
    return {
      emulator,
      api,
      id,
      path,
      get: async () => bodyOf(await api.get(path)),
      set: (request) => api.post(path, request),
      settle: () => emulator.clock.advance(5 * minute),
    };
  }

  it("are not found before they are set, or DISABLED by assumption", async () => {
    const { api, path } = await start();
    assertRefused(await api.get(path), 404, 5);
    assertRefused(await api.delete(path), 404, 5);
    const other = await start(advanced("orders"), { assumptions: { logExportUnset: "disabled" } });
    assert.equal((await other.get()).status, "DISABLED");
  });

  it("are enabled node by node, while an Advanced cluster is locked", async () => {
    const { emulator, id, get, set, settle } = await start();
    const { created_at, updated_at, ...first } = bodyOf(await set(minimal));
    assert.equal(created_at, updated_at);
    assert.deepEqual(first, {
      cluster_id: id,
      status: "ENABLING",
      user_message: "",
      spec: { ...minimal, region: "", aws_external_id: "", groups: [], omitted_channels: [] },
    });
    const locked = emulator.clusters.get(id);
    assert.deepEqual(
      [locked.state, locked.operation_status],
      ["LOCKED", "CRDB_LOG_EXPORT_OPERATION_RUNNING"],
    );
    assertRefused(await set(minimal), 503, 14, /couldn't lock cluster/);
    await settle();
    const { status, user_message } = await get();
    assert.equal(status, "ENABLED");
    assert.notEqual(user_message, "");
    const { state, operation_status } = emulator.clusters.get(id);
    assert.deepEqual([state, operation_status], ["CREATED", "UNSPECIFIED"]);
  });

  it("leave a Standard cluster unlocked, and are busy all the same", async () => {
    const { emulator, id, get, set, settle } = await start(onAws({ name: "orders" }));
    bodyOf(await set(minimal));
    assert.equal(emulator.clusters.get(id).state, "CREATED");
    assertRefused(await set(minimal), 503, 14);
    await settle();
    assert.equal((await get()).status, "ENABLED");
  });

  it("are replaced as a whole, and keep the time of their creation", async () => {
    const { get, set, settle } = await start();
    const groups = [{ log_name: "sql", channels: ["SQL_EXEC"], redact: false }];
    const { created_at } = bodyOf(await set({ ...minimal, redact: true, region: "r", groups }));
    await settle();
    assert.equal((await get()).spec.groups[0].min_level, "UNSPECIFIED");
    const second = bodyOf(await set({ ...minimal, omitted_channels: ["OPS"] }));
    assert.equal(second.created_at, created_at);
    assert.notEqual(second.updated_at, created_at);
    assert.deepEqual(second.spec, {
      ...minimal,
      region: "",
      aws_external_id: "",
      groups: [],
      omitted_channels: ["OPS"],
    });
  });

  it("are disabled after a while, and can be set again", async () => {
    const { emulator, id, api, path, get, set, settle } = await start();
    bodyOf(await set(minimal));
    await settle();
    assert.equal(bodyOf(await api.delete(path)).status, "DISABLING");
    assert.equal((await get()).status, "DISABLING");
    await settle();
    assertRefused(await api.get(path), 404, 5);
    assertRefused(await api.delete(path), 404, 5);
    bodyOf(await set(minimal));
    await settle();
    emulator.clusters.delete(id);
    assertRefused(await api.get(path), 404, 5);
    assertRefused(await set(minimal), 404, 5);
  });

  const group = { log_name: "sql", channels: ["SQL_EXEC"] };
  const refusals: readonly [string, object, object, number, RegExp][] = [
    ["no type", advanced("orders"), { type: undefined }, 3, /type is required/],
    ["no log name", advanced("orders"), { log_name: "" }, 3, /log_name is required/],
    [
      "no principal",
      advanced("orders"),
      { auth_principal: undefined },
      3,
      /auth_principal is required/,
    ],
    [
      "an unknown channel",
      advanced("orders"),
      { omitted_channels: ["DEV"] },
      3,
      /^invalid argument: invalid field ClusterSpec: log channel 'DEV' is unknown$/,
    ],
    [
      "an unknown channel in a group",
      advanced("orders"),
      { groups: [{ ...group, channels: ["dev"] }] },
      3,
      /log channel 'dev' is unknown/,
    ],
    [
      "a level that does not exist",
      advanced("orders"),
      { groups: [{ ...group, min_level: "INFO" }] },
      3,
      /^proto: .*invalid value for enum type/,
    ],
    [
      "two groups of one name",
      advanced("orders"),
      { groups: [group, group] },
      3,
      /different log names/,
    ],
    ["a group without channels", advanced("orders"), { groups: [{ log_name: "x" }] }, 3, /channel/],
    [
      "a group without a name",
      advanced("orders"),
      { groups: [{ channels: ["OPS"] }] },
      3,
      /log_name/,
    ],
    [
      "two sending queues",
      advanced("orders"),
      {
        groups: [
          { ...group, enable_sending_queue: true },
          { ...group, log_name: "b", enable_sending_queue: true },
        ],
      },
      3,
      /only one log export group can have enable_sending_queue enabled/,
    ],
    ["another cloud", advanced("orders"), { type: "GCP_CLOUD_LOGGING" }, 3, /not supported on AWS/],
    ["AWS on GCP", advanced("orders", {}, "GCP"), {}, 3, /not supported on GCP/],
    [
      "an external id on GCP",
      advanced("orders", {}, "GCP"),
      { type: "GCP_CLOUD_LOGGING", aws_external_id: "x" },
      3,
      /AWS only/,
    ],
    [
      "an external id on Standard",
      onAws({ name: "orders" }),
      { aws_external_id: "x" },
      3,
      /Standard/,
    ],
    [
      "no shared key on Azure",
      advanced("orders", {}, "AZURE"),
      { type: "AZURE_LOG_ANALYTICS" },
      3,
      /azure_shared_key/,
    ],
    ["a Basic cluster", basic("orders"), { type: "GCP_CLOUD_LOGGING" }, 9, /Basic plan/],
  ];
  for (const [what, cluster, change, code, message] of refusals) {
    it(`are refused with ${what}`, async () => {
      const { api, path, set } = await start(cluster);
      assertRefused(await set({ ...minimal, ...change }), 400, code, message);
      assertRefused(await api.get(path), 404, 5);
    });
  }

  it("show the shared key of Azure masked, or not at all by assumption", async () => {
    const azure = { ...minimal, type: "AZURE_LOG_ANALYTICS", azure_shared_key: "secret-key-1234" };
    const { emulator, id, get, set } = await start(advanced("orders", {}, "AZURE"));
    bodyOf(await set(azure));
    assert.equal((await get()).spec.azure_shared_key, "****1234");
    assert.ok(emulator.logExports.hasSharedKey(id, "secret-key-1234"));
    assert.doesNotMatch(JSON.stringify(emulator.requests), /secret-key/);
    assert.doesNotMatch(JSON.stringify(emulator.organization.auditLog()), /secret-key/);
    const absent = await start(advanced("orders", {}, "AZURE"), {
      assumptions: { azureKeyInResponse: "absent" },
    });
    bodyOf(await absent.set(azure));
    assert.equal((await absent.get()).spec.azure_shared_key, undefined);
  });

  it("fail where scripted, and are repaired by setting them again", async () => {
    const { emulator, id, api, path, get, set, settle } = await start();
    emulator.faults.failNextExport({ status: "CREDENTIALS_ERROR", message: "role not found" });
    emulator.faults.failNextExport();
    bodyOf(await set(minimal));
    await settle();
    const { status, user_message } = await get();
    assert.deepEqual([status, user_message], ["CREDENTIALS_ERROR", "role not found"]);
    bodyOf(await set(minimal));
    await settle();
    assert.equal((await get()).status, "ENABLE_FAILED");
    assert.equal(emulator.clusters.get(id).operation_status, "CRDB_LOG_EXPORT_OPERATION_FAILED");
    bodyOf(await set(minimal));
    await settle();
    assert.equal((await get()).status, "ENABLED");
    emulator.faults.failNextExport();
    bodyOf(await api.delete(path));
    await settle();
    assert.equal((await get()).status, "DISABLE_FAILED");
  });

  it("are refused while the grants have not reached the cloud", async () => {
    const { emulator, set } = await start();
    emulator.faults.denyExports(1);
    emulator.faults.denyExports(1, 400);
    assertRefused(await set(minimal), 403, 7, /permissions/);
    assertRefused(await set(minimal), 400, 3, /permissions/);
    bodyOf(await set(minimal));
  });

  it("need a cluster that is not busy", async () => {
    const busy = { status: 400, code: 9 };
    const { emulator, id, set } = await start(advanced("orders"), { assumptions: { busy } });
    emulator.clusters.lock(id, minute);
    assertRefused(await set(minimal), 400, 9, /couldn't lock cluster/);
    await emulator.clock.advance(minute);
    bodyOf(await set(minimal));
  });

  for (const [deletedCluster, status, code] of [
    [undefined, 404, 5],
    [{ status: 400, code: 9 }, 400, 9],
  ] as const) {
    it(`are refused with ${status} once the cluster is deleted`, async () => {
      const { emulator, api, path, id, set } = await start(advanced("orders"), {
        assumptions: deletedCluster === undefined ? {} : { deletedCluster },
      });
      emulator.clusters.delete(id);
      for (const response of [await api.get(path), await set(minimal), await api.delete(path)]) {
        assertRefused(response, status, code, /is not found/);
      }
    });
  }

  it("are read by a Metrics Viewer, and changed by operators and admins", async () => {
    const { emulator, path, set, settle } = await start();
    bodyOf(await set(minimal));
    await settle();
    const as = (role: Role) =>
      callerOf(emulator, emulator.organization.addKey({ roles: [{ role }] }));
    bodyOf(await as("METRICS_VIEWER").get(path));
    for (const [role, method] of [
      ["METRICS_VIEWER", "post"],
      ["CLUSTER_DEVELOPER", "post"],
    ] as const) {
      assertRefused(await as(role)[method](path, minimal), 403, 7);
    }
    assertRefused(await as("METRICS_VIEWER").delete(path), 403, 7);
    assertRefused(await as("CLUSTER_DEVELOPER").get(path), 403, 7);
    bodyOf(await as("ORG_ADMIN").post(path, minimal));
  });

  it("are in the audit log", async () => {
    const { emulator, api, path, set, settle } = await start();
    bodyOf(await set(minimal));
    await settle();
    bodyOf(await api.delete(path));
    assert.deepEqual(
      emulator.organization.auditLog().map(({ action }) => action),
      ["AUDIT_LOG_ACTION_UPDATE_CLUSTER_LOG_EXPORT", "AUDIT_LOG_ACTION_DELETE_CLUSTER_LOG_EXPORT"],
    );
  });

  it("keep a Standard cluster from becoming BASIC, unless an assumption says otherwise", async () => {
    const toBasic = { plan: "BASIC", serverless: { usage_limits: {} } };
    const request = { ...minimal, type: "GCP_CLOUD_LOGGING", auth_principal: "x@y.z" };
    const { api, id, set, settle } = await start(standard("orders"));
    bodyOf(await set(request));
    await settle();
    assertRefused(await api.patch(`/clusters/${id}`, toBasic), 400, 9, /exports must be deleted/);
    const free = await start(standard("orders"), { assumptions: { exportsKeepPlan: false } });
    bodyOf(await free.set(request));
    await free.settle();
    bodyOf(await free.api.patch(`/clusters/${free.id}`, toBasic));
  });

  it("are changed outside the API by their controls", async () => {
    const { emulator, id, api, path, get } = await start();
    emulator.logExports.set(id, { ...minimal, type: "AWS_CLOUDWATCH" });
    assert.deepEqual(await get(), emulator.logExports.get(id));
    emulator.logExports.setStatus(id, "CREDENTIALS_ERROR", "role not found");
    assert.equal((await get()).user_message, "role not found");
    emulator.logExports.clear(id);
    assertRefused(await api.get(path), 404, 5);
    assert.throws(() => emulator.logExports.setStatus(id, "ENABLED"), /no log export/);
  });
});

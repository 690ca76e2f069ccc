import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { actionNameOf } from "../../../emulator/areas/audit-log";
import type { WireAuditLogEntry } from "../../../emulator/index";
import { operations } from "../../../emulator/server/operations";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse, Caller } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  hour,
  minute,
  startQuick,
} from "../caller";

const key = {
  region: "us-east-1",
  key_spec: {
    type: "AWS_KMS",
    uri: "arn:aws:kms:us-east-1:111122223333:key/1234",
    auth_principal: "arn:aws:iam::111122223333:role/cmek",
  },
};

describe("The audit log", () => {
  checkEmulators();

  const actionsOf = (entries: WireAuditLogEntry[]) =>
    entries.map(({ action }) => action.replace("AUDIT_LOG_ACTION_", ""));

  it("contains the moment that it starts from where the assumption says so", async () => {
    for (const [auditStart, count] of [
      ["exclusive", 0],
      ["inclusive", 2],
    ] as const) {
      const { emulator, api } = await startQuick({ assumptions: { auditStart } });
      emulator.organization.addAuditLogEntry();
      emulator.organization.addAuditLogEntry();
      const moment = new Date(emulator.clock.now()).toISOString();
      for (const order of ["ASC", "DESC"]) {
        const query = `?starting_from=${moment}&sort_order=${order}&limit=1`;
        const { entries } = bodyOf(await api.get(`/auditlogevents${query}`));
        assert.equal(entries.length, count, `${auditStart} ${order}`);
      }
    }
  });

  it("has an entry for every change", async () => {
    const { emulator, api } = await startQuick({
      durations: { cmekMs: 0, scaleMs: 0, upgradeMs: 0, rollbackMs: 0, restoreMs: 0 },
    });
    const trace: string[] = [];
    const done = async (response: Promise<ApiResponse>) => {
      const { headers } = await response;
      trace.push(headers.get("cc-trace-id") ?? "");
      return bodyOf(await response);
    };
    const body = advanced("orders", { network_visibility: "PRIVATE", cockroach_version: "v25.2" });
    const { id } = await done(api.post("/clusters", body));
    emulator.clusters.finish(id);
    const path = `/clusters/${id}`;
    const backup = emulator.backups.take(id);
    const steps: [string, () => Promise<ApiResponse>][] = [
      ["CREATE_SQL_USER", () => api.post(`${path}/sql-users`, { name: "app", password: "hidden" })],
      [
        "CHANGE_SQL_USER_PASSWORD",
        () => api.put(`${path}/sql-users/app/password`, { password: "hidden" }),
      ],
      ["DELETE_SQL_USER", () => api.delete(`${path}/sql-users/app`)],
      [
        "ADD_IP_ALLOWLIST",
        () => api.put(`${path}/networking/allowlist/192.0.2.0/24`, { sql: true }),
      ],
      [
        "EDIT_IP_ALLOWLIST",
        () => api.patch(`${path}/networking/allowlist/192.0.2.0/24`, { ui: true }),
      ],
      ["DELETE_IP_ALLOWLIST", () => api.delete(`${path}/networking/allowlist/192.0.2.0/24`)],
      ["UPDATE_CLUSTER", () => api.post(`${path}/databases`, { name: "shop" })],
      ["UPDATE_CLUSTER", () => api.patch(`${path}/databases/shop`, { new_name: "store" })],
      ["UPDATE_CLUSTER", () => api.delete(`${path}/databases/store`)],
      [
        "SET_CLUSTER_MAINTENANCE_WINDOW",
        () =>
          api.put(`${path}/maintenance-window`, {
            offset_duration: "0s",
            window_duration: "21600s",
          }),
      ],
      ["DELETE_CLUSTER_MAINTENANCE_WINDOW", () => api.delete(`${path}/maintenance-window`)],
      [
        "UPDATE_CLUSTER_VERSION_UPGRADE_DEFERRAL",
        () => api.put(`${path}/version-deferral`, { deferral_policy: "DEFERRAL_30_DAYS" }),
      ],
      ["UPDATE_CMEK", () => api.post(`${path}/cmek`, { region_specs: [key] })],
      ["UPDATE_CMEK", () => api.put(`${path}/cmek`, { region_specs: [key] })],
      ["REVOKE_CMEK", () => api.patch(`${path}/cmek`, { action: "REVOKE" })],
      ["UPDATE_CLUSTER", () => api.patch(`${path}/backups-config`, { frequency_minutes: 5 })],
      [
        "RESTORE_CLUSTER",
        () => api.post(`${path}/restores`, { type: "CLUSTER", backup_id: backup }),
      ],
      ["UPDATE_CLUSTER", () => api.patch(path, { labels: { a: "b" } })],
      ["SET_DELETE_PROTECTION", () => api.patch(path, { delete_protection: "DISABLED" })],
      ["DELETE_CLUSTER", () => api.delete(path)],
    ];
    for (const [, call] of steps) {
      await done(call());
    }
    // Nothing changes, or nothing was asked for: no entries.
    bodyOf(await api.get(path));
    assertRefused(await api.patch(path, {}), 404, 5);
    const { entries } = bodyOf(await api.get("/auditlogevents"));
    assert.deepEqual(actionsOf(entries), ["CREATE_CLUSTER", ...steps.map(([action]) => action)]);
    assert.deepEqual(
      entries.map((entry: WireAuditLogEntry) => entry.trace_id),
      trace,
    );
    for (const entry of entries as WireAuditLogEntry[]) {
      assert.deepEqual(
        [entry.cluster_id, entry.cluster_name, entry.source, entry.service_account_name],
        [id, "orders", "AUDIT_LOG_SOURCE_CC_API", "key-1"],
      );
      assert.ok(!entry.payload.includes("hidden"), entry.payload);
    }
    assert.equal(JSON.parse(entries[1].payload).request.name, "app");
    assert.equal(JSON.parse(entries[2].payload).name, "app");
    assert.deepEqual(emulator.organization.auditLog(), entries);
  });

  it("distinguishes upgrades, rollbacks and finalizations", async () => {
    const { emulator, api } = await startQuick({ durations: { upgradeMs: 0 } });
    const { id } = emulator.clusters.create(advanced("orders", { cockroach_version: "v25.4" }));
    bodyOf(await api.patch(`/clusters/${id}`, {}));
    const { api: slow, emulator: other } = await startQuick();
    const { id: slowId } = other.clusters.create(
      advanced("orders", { cockroach_version: "v25.4" }),
    );
    bodyOf(await slow.patch(`/clusters/${slowId}`, { cockroach_version: "v26.1" }));
    other.clusters.finish(slowId);
    bodyOf(await slow.patch(`/clusters/${slowId}`, { upgrade_status: "ROLLBACK_RUNNING" }));
    bodyOf(await api.patch(`/clusters/${id}`, { cockroach_version: "v26.1" }));
    bodyOf(await api.patch(`/clusters/${id}`, { upgrade_status: "FINALIZED" }));
    assert.deepEqual(actionsOf(other.organization.auditLog()), [
      "UPDATE_CLUSTER_MAJOR_VERSION",
      "ROLLBACK_CLUSTER_MAJOR_VERSION_UPDATE",
    ]);
    assert.equal(
      actionsOf(emulator.organization.auditLog()).at(-1),
      "FINALIZE_CLUSTER_MAJOR_VERSION_UPDATE",
    );
  });

  it("distinguishes them also where they take no time, and where they are refused", async () => {
    const { emulator, api } = await startQuick({
      durations: { upgradeMs: 0, rollbackMs: 0 },
      assumptions: { auditRefusals: true },
    });
    const { id } = emulator.clusters.create(advanced("orders", { cockroach_version: "v25.4" }));
    const change = (body: object) => api.patch(`/clusters/${id}`, body);
    bodyOf(await change({ cockroach_version: "v26.1" }));
    bodyOf(await change({ cockroach_version: "v25.4" }));
    bodyOf(await change({ cockroach_version: "v26.1" }));
    bodyOf(await change({ upgrade_status: "ROLLBACK_RUNNING" }));
    assertRefused(await change({ upgrade_status: "FINALIZED" }), 400, 9);
    assertRefused(await change({ cockroach_version: "v30.1" }), 400, 9);
    assert.deepEqual(actionsOf(emulator.organization.auditLog()), [
      "UPDATE_CLUSTER_MAJOR_VERSION",
      "ROLLBACK_CLUSTER_MAJOR_VERSION_UPDATE",
      "UPDATE_CLUSTER_MAJOR_VERSION",
      "ROLLBACK_CLUSTER_MAJOR_VERSION_UPDATE",
      "FINALIZE_CLUSTER_MAJOR_VERSION_UPDATE",
      "UPDATE_CLUSTER_MAJOR_VERSION",
    ]);
  });

  it("leaves refused changes out by default", async () => {
    const { emulator, api } = await startQuick();
    assertRefused(await api.post("/clusters", basic("x")), 400, 3);
    assert.deepEqual(emulator.organization.auditLog(), []);
    const { emulator: strict } = await startQuick({ assumptions: { auditRefusals: true } });
    assertRefused(await callerOf(strict).post("/clusters", basic("x")), 400, 3);
    const { entries } = bodyOf(await callerOf(strict).get("/auditlogevents"));
    assert.equal(entries.length, 1);
    assert.match(entries[0].error, /invalid cluster name/);
  });

  async function withEntries(assumptions = {}): Promise<{
    api: Caller;
    times: string[];
    read(query: string): Promise<[string[], string | null]>;
  }> {
    const { emulator, api } = await startQuick({ assumptions });
    // Ten entries at six moments: 1, 2, 3, 2, 1 and 1 of them.
    const times: string[] = [];
    for (const [index, count] of [1, 2, 3, 2, 1, 1].entries()) {
      await emulator.clock.advance(minute);
      for (let each = 0; each < count; each += 1) {
        const entry = emulator.organization.addAuditLogEntry({ cluster_name: `${index}${each}` });
        times[index] = entry.created_at;
      }
    }
    const read = async (query: string): Promise<[string[], string | null]> => {
      const response = bodyOf(await api.get(`/auditlogevents?${query}`));
      const names = response.entries.map((entry: WireAuditLogEntry) => entry.cluster_name);
      return [names, response.next_starting_from];
    };
    return { api, times, read };
  }

  it("pages in ascending order, keeps entries of one moment on one page, and always has a cursor", async () => {
    const { times, read } = await withEntries();
    assert.deepEqual(await read("limit=2"), [["00", "10", "11"], times[1]]);
    assert.deepEqual(await read(`limit=2&starting_from=${times[1]}`), [
      ["20", "21", "22"],
      times[2],
    ]);
    assert.deepEqual(await read(`limit=5&starting_from=${times[2]}`), [
      ["30", "31", "40", "50"],
      times[5],
    ]);
    assert.deepEqual(await read(`starting_from=${times[5]}`), [[], times[5]]);
    assert.equal((await read(""))[0].length, 10);
  });

  it("pages in descending order to an end, or with a cursor at the end if so configured", async () => {
    const { times, read } = await withEntries();
    const order = "sort_order=DESC";
    assert.deepEqual(await read(`${order}&limit=3`), [["50", "40", "31", "30"], times[3]]);
    assert.deepEqual(await read(`${order}&limit=9&starting_from=${times[1]}`), [["00"], null]);
    assert.deepEqual(await read(`${order}&starting_from=${times[0]}`), [[], null]);
    const endless = await withEntries({ auditCursorAtStart: true });
    const last = await endless.read(`${order}&limit=9&starting_from=${times[1]}`);
    assert.deepEqual(last, [["00"], times[0]]);
    const past = await endless.read(`${order}&starting_from=${times[0]}`);
    assert.deepEqual(past, [[], times[0]]);
  });

  it("names the service itself where nobody else acted", async () => {
    const { emulator, api } = await startQuick();
    emulator.organization.addAuditLogEntry({ system_actor_name: "SYSTEM_ACTOR_NAME_SYSTEM" });
    emulator.organization.addAuditLogEntry();
    const { entries } = bodyOf(await api.get("/auditlogevents"));
    assert.deepEqual(
      entries.map((entry: WireAuditLogEntry) => [entry.system_actor_name, entry.user_email]),
      [
        ["SYSTEM_ACTOR_NAME_SYSTEM", ""],
        [undefined, "somebody@example.com"],
      ],
    );
  });

  it("returns 200 entries by default", async () => {
    const { emulator, api } = await startQuick();
    for (let index = 0; index < 250; index += 1) {
      await emulator.clock.advance(hour);
      emulator.organization.addAuditLogEntry();
    }
    const first = bodyOf(await api.get("/auditlogevents"));
    assert.equal(first.entries.length, 200);
    const next = `/auditlogevents?starting_from=${first.next_starting_from}`;
    assert.equal(bodyOf(await api.get(next)).entries.length, 50);
  });

  for (const query of ["starting_from=yesterday", "sort_order=UP", "limit=few", "limit=-1"]) {
    it(`refuses ${query}`, async () => {
      const { api } = await startQuick();
      assertRefused(await api.get(`/auditlogevents?${query}`), 400, 3);
    });
  }

  it("is for ORG_ADMIN only, and has a cursor even when empty", async () => {
    const { emulator, api } = await startQuick();
    const { entries, next_starting_from: next } = bodyOf(await api.get("/auditlogevents"));
    assert.deepEqual([entries, typeof next], [[], "string"]);
    const secret = emulator.organization.addKey({ roles: [{ role: "CLUSTER_ADMIN" }] });
    assertRefused(await callerOf(emulator, secret).get("/auditlogevents"), 403, 7);
  });

  it("has an action of the API's document for every change that the emulator serves", async () => {
    const { api } = await startQuick();
    const document = readFileSync(join(__dirname, "..", "..", "openapi", "openapi.json"), "utf8");
    const documented = new Set(document.match(/AUDIT_LOG_ACTION_\w+/g));
    let count = 0;
    for (const operation of operations) {
      const path = `/../..${operation.path}`.replace(/\{\w+\}/g, "x");
      const { status } = await api.send(
        operation.method,
        path,
        operation.method === "GET" ? undefined : {},
      );
      const action = actionNameOf(operation);
      if (status === 405) {
        continue;
      }
      count += 1;
      if (operation.method === "GET" || operation.path.endsWith("/.search")) {
        assert.equal(action, undefined, operation.name);
      } else {
        assert.ok(documented.has(`AUDIT_LOG_ACTION_${action}`), `${operation.name}: ${action}`);
      }
    }
    assert.ok(count > 40);
  });
});

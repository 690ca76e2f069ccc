import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import type { ApiResponse } from "../caller";
import {
  advanced,
  assertRefused,
  bodyOf,
  callerOf,
  hour,
  minute,
  standard,
  startQuick,
} from "../caller";

const streams = "/physical-replication-streams";
const virtualized = { supports_cluster_virtualization: true };

function cluster(name: string, region: string, details: object = {}, provider = "AWS"): object {
  return advanced(name, { region_nodes: { [region]: 3 }, ...virtualized, ...details }, provider);
}

describe("Physical replication streams", () => {
  checkEmulators();

  async function start(
    options: EmulatorOptions = {},
    primaryBody: object = cluster("primary", "us-east-1"),
    standbyBody: object = cluster("standby", "us-west-2"),
  ) {
    const { emulator, api } = await startQuick(options);
    const primary = emulator.clusters.create(primaryBody as never).id;
    const standby = emulator.clusters.create(standbyBody as never).id;
    const create = (from = primary, to = standby): Promise<ApiResponse> =>
      api.post(streams, { primary_cluster_id: from, standby_cluster_id: to });
    return {
      emulator,
      api,
      primary,
      standby,
      create,
      get: async (id: string) => bodyOf(await api.get(`${streams}/${id}`)),
      update: (id: string, body: object) => api.patch(`${streams}/${id}`, body),
      list: async (query = "") =>
        bodyOf(await api.get(`${streams}${query}`)).physical_replication_streams.map(
          ({ id }: { id: string }) => id,
        ),
      /** A stream that can fail over. */
      replicating: async (): Promise<string> => {
        const { id } = bodyOf(await create());
        await emulator.clock.advance(15 * minute);
        return id;
      },
    };
  }

  it("start, replicate, and know their replicated time once the initial scan is done", async () => {
    const { emulator, primary, standby, create, get } = await start();
    emulator.databases.add(standby, "old");
    emulator.sqlUsers.add(standby, "old");
    const stream = bodyOf(await create());
    assert.deepEqual(stream, {
      id: stream.id,
      status: "STARTING",
      primary_cluster_id: primary,
      standby_cluster_id: standby,
      created_at: "2026-06-01T00:00:00Z",
    });
    assert.equal(emulator.databases.list(standby).length, 3);
    assert.deepEqual(emulator.sqlUsers.list(standby), []);
    await emulator.clock.advance(5 * minute);
    const scanning = await get(stream.id);
    assert.deepEqual(
      [scanning.status, scanning.replication_lag_seconds, scanning.replicated_time],
      ["REPLICATING", 9, undefined],
    );
    assert.equal(scanning.retained_time, "2026-06-01T00:05:00Z");
    await emulator.clock.advance(10 * minute);
    assert.equal((await get(stream.id)).replicated_time, "2026-06-01T00:14:51Z");
  });

  for (const [what, primaryBody, standbyBody, message] of [
    [
      "a Standard cluster",
      standard("source"),
      cluster("target", "us-west-2"),
      /advanced clusters only/,
    ],
    [
      "a cluster without virtualization",
      advanced("source"),
      cluster("target", "us-west-2"),
      /cluster virtualization/,
    ],
    [
      "several regions",
      cluster("source", "us-east-1", {
        region_nodes: { "us-east-1": 3, "us-east-2": 3, "eu-west-1": 3 },
      }),
      cluster("target", "us-west-2"),
      /more than one region/,
    ],
    [
      "another cloud",
      cluster("source", "us-east-1"),
      cluster("target", "us-west2", {}, "GCP"),
      /same cloud/,
    ],
    [
      "one region",
      cluster("source", "us-east-1"),
      cluster("target", "us-east-1"),
      /different regions/,
    ],
    [
      "overlapping ranges",
      cluster("source", "us-east1", { cidr_range: "10.0.0.0/16" }, "GCP"),
      cluster("target", "us-west2", { cidr_range: "10.0.64.0/18" }, "GCP"),
      /must not overlap/,
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const { create, list } = await start({}, primaryBody, standbyBody);
      assertRefused(await create(), 400, 9, message);
      assert.deepEqual(await list("?show_completed=true"), []);
    });
  }

  it("are refused with one cluster twice, and with one that does not exist", async () => {
    const { api, primary, create } = await start();
    assertRefused(await create(primary, primary), 400, 3, /different/);
    assertRefused(await create(primary, "00000000-0000-4000-8000-000000000000"), 404, 5);
    assertRefused(await api.post(streams, { primary_cluster_id: primary }), 400, 3, /required/);
    const gcp = await start(
      {},
      cluster("source", "us-east1", { cidr_range: "10.0.0.0/16" }, "GCP"),
      cluster("target", "us-east1", { cidr_range: "10.1.0.0/16" }, "GCP"),
    );
    bodyOf(await gcp.create());
  });

  it("are one for each cluster", async () => {
    const { emulator, primary, standby, create } = await start();
    const { id: third } = emulator.clusters.create(cluster("third-one", "us-east-2") as never);
    bodyOf(await create());
    assertRefused(await create(primary, third), 400, 9, /already has/);
    assertRefused(await create(third, standby), 400, 9, /already has/);
    const strict = await start({ assumptions: { streamConflict: { status: 409, code: 6 } } });
    bodyOf(await strict.create());
    assertRefused(await strict.create(), 409, 6);
  });

  it("fail over once the initial scan is done, and the standby has what the primary had", async () => {
    const { emulator, primary, standby, create, get, update } = await start();
    emulator.databases.add(primary, "shop", 2);
    emulator.sqlUsers.add(primary, "app", "secret");
    const { id } = bodyOf(await create());
    assertRefused(await update(id, { status: "FAILING_OVER" }), 400, 9, /STARTING/);
    await emulator.clock.advance(5 * minute);
    assertRefused(await update(id, { status: "FAILING_OVER" }), 400, 9, /initial scan/);
    await emulator.clock.advance(10 * minute);
    const failing = bodyOf(await update(id, { status: "FAILING_OVER" }));
    assert.deepEqual([failing.status, failing.failover_at], ["FAILING_OVER", undefined]);
    assertRefused(await update(id, { status: "CANCELED" }), 400, 9, /FAILING_OVER/);
    await emulator.clock.advance(3 * minute);
    const done = await get(id);
    assert.deepEqual(
      [done.status, done.activated_at, done.replicated_time, done.replication_lag_seconds],
      ["COMPLETED", "2026-06-01T00:18:00Z", undefined, undefined],
    );
    assert.ok(emulator.databases.list(standby).some(({ name }) => name === "shop"));
    assert.ok(emulator.sqlUsers.hasPassword(standby, "app", "secret"));
    assertRefused(await update(id, { status: "FAILING_OVER" }), 400, 9, /COMPLETED/);
    assertRefused(await update(id, { status: "CANCELED" }), 400, 9, /COMPLETED/);
  });

  it("fail over to a moment ahead, or to one of the past that is retained", async () => {
    const { emulator, get, update, replicating } = await start();
    const id = await replicating();
    const at = (ms: number) => new Date(emulator.clock.now() + ms).toISOString();
    const failOver = (ms: number) => update(id, { status: "FAILING_OVER", failover_at: at(ms) });
    assertRefused(await failOver(61 * minute), 400, 3, /one hour/);
    assertRefused(await failOver(-11 * minute), 400, 3, /retained time/);
    const ahead = bodyOf(await failOver(10 * minute));
    assert.equal(ahead.failover_at, "2026-06-01T00:25:00Z");
    await emulator.clock.advance(12 * minute);
    assert.equal((await get(id)).status, "FAILING_OVER");
    await emulator.clock.advance(minute);
    const done = await get(id);
    assert.deepEqual([done.status, done.activated_at], ["COMPLETED", "2026-06-01T00:25:00Z"]);

    const past = await start();
    const other = await past.replicating();
    const body = { status: "FAILING_OVER", failover_at: "2026-06-01T00:10:00Z" };
    assert.equal(bodyOf(await past.update(other, body)).failover_at, undefined);
  });

  it("are canceled while they replicate only", async () => {
    const { emulator, create, get, update } = await start();
    const { id } = bodyOf(await create());
    assertRefused(await update(id, { status: "CANCELED" }), 400, 9, /STARTING/);
    await emulator.clock.advance(5 * minute);
    const at = { status: "CANCELED", failover_at: "2026-06-01T00:10:00Z" };
    assertRefused(await update(id, at), 400, 3, /failover_at/);
    assert.equal(bodyOf(await update(id, { status: "CANCELED" })).status, "REPLICATING");
    await emulator.clock.advance(minute);
    const canceled = await get(id);
    assert.deepEqual([canceled.status, canceled.canceled_at], ["CANCELED", "2026-06-01T00:06:00Z"]);
  });

  it("neither fail over nor take longer to end while they are being canceled", async () => {
    const { emulator, get, update, replicating } = await start();
    const id = await replicating();
    bodyOf(await update(id, { status: "CANCELED" }));
    assertRefused(await update(id, { status: "FAILING_OVER" }), 400, 9, /being canceled/);
    await emulator.clock.advance(30_000);
    bodyOf(await update(id, { status: "CANCELED" }));
    await emulator.clock.advance(30_000);
    assert.equal((await get(id)).status, "CANCELED");
  });

  for (const body of [
    {},
    ...["STARTING", "REPLICATING", "COMPLETED"].map((status) => ({ status })),
  ]) {
    it(`are refused the change ${JSON.stringify(body)}`, async () => {
      const { update, replicating } = await start();
      assertRefused(await update(await replicating(), body), 400, 3, /FAILING_OVER or CANCELED/);
    });
  }

  it("keep both clusters from being deleted, and the standby from SQL", async () => {
    const { emulator, api, primary, standby, update, replicating } = await start();
    const id = await replicating();
    for (const one of [primary, standby]) {
      assertRefused(await api.delete(`/clusters/${one}`), 400, 9, /replication stream/);
    }
    assertRefused(await api.get(`/clusters/${standby}/databases`), 400, 9, /standby/);
    assertRefused(
      await api.post(`/clusters/${standby}/sql-users`, { name: "app", password: "x" }),
      400,
      9,
      /standby/,
    );
    bodyOf(await api.get(`/clusters/${primary}/databases`));
    bodyOf(await update(id, { status: "CANCELED" }));
    await emulator.clock.advance(minute);
    bodyOf(await api.get(`/clusters/${standby}/databases`));
    bodyOf(await api.delete(`/clusters/${standby}`));
    bodyOf(await api.delete(`/clusters/${primary}`));
  });

  it("are listed by their clusters, and only on demand when they are over", async () => {
    const { emulator, primary, standby, create, list, replicating } = await start();
    const first = await replicating();
    emulator.physicalReplicationStreams.failOver(first);
    const { id: second } = bodyOf(await create(standby, primary));
    assert.deepEqual(await list(), [second]);
    assert.deepEqual(await list("?show_completed=true"), [first, second]);
    assert.deepEqual(await list(`?show_completed=true&primary_cluster_id=${primary}`), [first]);
    assert.deepEqual(await list(`?show_completed=true&standby_cluster_id=${primary}`), [second]);
    assert.deepEqual(await list(`?show_completed=true&cluster_id=${primary}`), [first, second]);
    const other = "00000000-0000-4000-8000-000000000000";
    assert.deepEqual(await list(`?show_completed=true&cluster_id=${other}`), []);
  });

  it("take the role of a Cluster Admin on both clusters to create, and a role on one to read", async () => {
    const { emulator, primary, standby, replicating } = await start();
    const id = await replicating();
    const caller = (role: "CLUSTER_ADMIN" | "CLUSTER_DEVELOPER", resourceId: string) =>
      callerOf(
        emulator,
        emulator.organization.addKey({ roles: [{ role, scope: "cluster", resourceId }] }),
      );
    const body = { primary_cluster_id: primary, standby_cluster_id: standby };
    assertRefused(await caller("CLUSTER_ADMIN", primary).post(streams, body), 403, 7);
    const developer = caller("CLUSTER_DEVELOPER", standby);
    bodyOf(await developer.get(`${streams}/${id}`));
    assert.equal(bodyOf(await developer.get(streams)).physical_replication_streams.length, 1);
    const cancel = { status: "CANCELED" };
    assertRefused(await developer.patch(`${streams}/${id}`, cancel), 403, 7);
    const { id: third } = emulator.clusters.create(cluster("third-one", "us-east-2") as never);
    const stranger = caller("CLUSTER_ADMIN", third);
    assertRefused(await stranger.get(`${streams}/${id}`), 403, 7);
    assert.deepEqual(bodyOf(await stranger.get(streams)).physical_replication_streams, []);
    bodyOf(await caller("CLUSTER_ADMIN", standby).patch(`${streams}/${id}`, cancel));
  });

  it("need an organization that is enrolled, and cannot be deleted", async () => {
    const { create } = await start({ assumptions: { enrolled: false } });
    assertRefused(await create(), 403, 7, /not enabled/);
    const { api, replicating } = await start();
    assertRefused(await api.delete(`${streams}/${await replicating()}`), 501, 12);
    assertRefused(await api.get(`${streams}/none`), 404, 5);
  });

  it("are in the audit log", async () => {
    const { emulator, primary, standby, create, update, replicating } = await start();
    const id = await replicating();
    bodyOf(await update(id, { status: "CANCELED" }));
    await emulator.clock.advance(minute);
    const second = bodyOf(await create(primary, standby)).id;
    await emulator.clock.advance(15 * minute);
    bodyOf(await update(second, { status: "FAILING_OVER" }));
    assert.deepEqual(
      emulator.organization
        .auditLog()
        .map(({ action }) => action.replace("AUDIT_LOG_ACTION_", "").split("_")[0]),
      ["CREATE", "CANCEL", "CREATE", "FAILOVER"],
    );
  });

  it("are over when the service cancels them, or a cluster is deleted outside the API", async () => {
    const { emulator, get, replicating, list } = await start();
    const id = await replicating();
    emulator.physicalReplicationStreams.cancel(id);
    assert.equal((await get(id)).status, "CANCELED");
    assert.equal(emulator.physicalReplicationStreams.list()[0]?.id, id);
    emulator.physicalReplicationStreams.forget(id);
    assert.deepEqual(await list("?show_completed=true"), []);
    assert.throws(() => emulator.physicalReplicationStreams.cancel(id), /no physical replication/);
    const other = await start();
    const lost = await other.replicating();
    other.emulator.clusters.delete(other.standby);
    assert.equal((await other.get(lost)).status, "CANCELED");
    await other.emulator.clock.advance(hour);
  });
});

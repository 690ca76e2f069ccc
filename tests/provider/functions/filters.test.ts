// What the functions that list leave out, and in which order they list.

import assert from "node:assert/strict";
import { manualClock } from "../../../emulator";
import * as cockroachdb from "../../../provider/functions/index";
import { minute } from "../../emulator/caller";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/program-lab";
import { missingId, startLab } from "../../support/program-lab";

describe("A function that lists", () => {
  checkEmulators();

  let lab: Lab;
  let clusterId: string;
  beforeEach(async () => {
    lab = await startLab({ clock: manualClock() });
    const details = { network_visibility: "PRIVATE" };
    clusterId = lab.advanced(
      "orders",
      { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 },
      details,
    ).id;
  });
  afterEach(() => lab.restoreEnvironment());

  it("lists backups from the oldest or from the newest, and no more than asked for", async () => {
    const { emulator } = lab;
    const taken = [emulator.backups.take(clusterId)];
    for (let count = 0; count < 2; count += 1) {
      await emulator.clock.advance(minute);
      taken.push(emulator.backups.take(clusterId));
    }
    const ids = async (args: Omit<cockroachdb.ListBackupsArgs, "clusterId">) =>
      (await cockroachdb.listBackups({ clusterId, ...args })).map(({ id }) => id);
    const all = emulator.backups.list(clusterId).map(({ id }) => id);
    assert.deepEqual(all.slice(-3), taken);
    assert.deepEqual(await ids({}), all);
    assert.deepEqual(await ids({ sortOrder: "DESC" }), all.toReversed());
    assert.deepEqual(await ids({ sortOrder: "DESC", limit: 2 }), all.toReversed().slice(0, 2));
    assert.deepEqual(await ids({ limit: 1 }), all.slice(0, 1));
    assert.match(
      lab.emulator.requests.at(-1)?.query ?? "",
      /pagination\.sort_order=ASC&pagination\.limit=1$/,
    );
  });

  it("lists restores from the oldest or from the newest, and no more than asked for", async () => {
    const { emulator, client } = lab;
    emulator.backups.take(clusterId);
    const run = async () => {
      const { id } = await client.restores.create(clusterId, { type: "CLUSTER" });
      await emulator.clock.advance(30 * minute);
      return id;
    };
    const all = [await run(), await run()];
    const ids = async (args: Omit<cockroachdb.ListRestoresArgs, "clusterId">) =>
      (await cockroachdb.listRestores({ clusterId, ...args })).map(({ id }) => id);
    assert.deepEqual(await ids({}), all);
    assert.deepEqual(await ids({ sortOrder: "DESC" }), all.toReversed());
    assert.deepEqual(await ids({ sortOrder: "DESC", limit: 1 }), all.slice(1));
  });

  it("lists blackout windows from the earliest or from the latest, and no more than asked for", async () => {
    const add = (day: number) =>
      lab.emulator.blackoutWindows.add(
        clusterId,
        `2026-07-${day}T00:00:00Z`,
        `2026-07-${day + 1}T00:00:00Z`,
      );
    const [late, early] = [add(20), add(15)];
    const ids = async (args: Omit<cockroachdb.ListBlackoutWindowsArgs, "clusterId">) =>
      (await cockroachdb.listBlackoutWindows({ clusterId, ...args })).map(({ id }) => id);
    assert.deepEqual(await ids({}), [early, late]);
    assert.deepEqual(await ids({ sortOrder: "DESC", limit: 1 }), [late]);
    await assert.rejects(ids({ limit: 0 }), /listBlackoutWindows takes limit as a whole number/);
  });

  it("refuses a limit below 1 and a misspelt word before it sends anything", async () => {
    const before = lab.paths().length;
    const word = "desc" as never;
    for (const [read, message] of [
      ...[0, -1, 1.5].map(
        (limit) =>
          [
            () => cockroachdb.listBackups({ clusterId, limit }),
            `listBackups takes limit as a whole number from 1, not ${limit}.`,
          ] as const,
      ),
      [
        () => cockroachdb.listRestores({ clusterId, limit: 0 }),
        "listRestores takes limit as a whole number from 1, not 0.",
      ],
      [
        () => cockroachdb.listAuditLogs({ limit: 0 }),
        "listAuditLogs takes limit as a whole number from 1, not 0.",
      ],
      [
        () => cockroachdb.listBackups({ clusterId, sortOrder: word }),
        'listBackups takes sortOrder as "ASC" or "DESC", not "desc".',
      ],
      [
        () => cockroachdb.listPrivateEndpointConnections({ clusterId, status: word }),
        /^ArgumentError: listPrivateEndpointConnections takes status as "PENDING" or .*"STALE", not "desc"\.$/,
      ],
      [
        () => cockroachdb.getMaintenanceWindow({ clusterId, after: "noon" }),
        /getMaintenanceWindow takes after as a Date/,
      ],
    ] as const) {
      await assert.rejects(read, typeof message === "string" ? { message } : message);
    }
    assert.equal(lab.paths().length, before);
  });

  it("lists the egress rules of the service itself only where they are asked for", async () => {
    const rule = { type: "FQDN" as const, destination: "kafka.example.com", ports: [9093] };
    lab.emulator.egressRules.add(clusterId, "kafka", rule);
    const own = await cockroachdb.listEgressRules({ clusterId });
    assert.deepEqual(
      own.map(({ name, crlManaged }) => [name, crlManaged]),
      [["kafka", false]],
    );
    const all = await cockroachdb.listEgressRules({ clusterId, crlManaged: true });
    assert.ok(all.some(({ crlManaged }) => crlManaged));
    assert.deepEqual(
      all.filter(({ crlManaged }) => !crlManaged),
      own,
    );
  });

  it("lists the egress private endpoints of one region", async () => {
    const east = lab.emulator.egressPrivateEndpoints.add(clusterId, "us-east-1", "vpce-svc-1");
    const west = lab.emulator.egressPrivateEndpoints.add(clusterId, "us-west-2", "vpce-svc-1");
    const ids = async (region?: string) =>
      (await cockroachdb.listEgressPrivateEndpoints({ clusterId, ...(region && { region }) })).map(
        ({ endpointId }) => endpointId,
      );
    assert.deepEqual(await ids("us-west-2"), [west]);
    assert.deepEqual((await ids()).sort(), [east, west].sort());
    const target = { clusterId, targetServiceIdentifier: "vpce-svc-1" };
    await assert.rejects(
      cockroachdb.getEgressPrivateEndpoint(target),
      /2 egress private endpoints lead there\. Give the id of one of them: /,
    );
    const found = await cockroachdb.getEgressPrivateEndpoint({ ...target, region: "us-east-1" });
    assert.equal(found.endpointId, east);
  });

  it("lists the private endpoint connections of one status, without the prefix of the API", async () => {
    const { emulator, client } = lab;
    await client.privateEndpointServices.create(clusterId);
    await emulator.clock.advance(10 * minute);
    await client.privateEndpointConnections.add(clusterId, "vpce-0123456789abcdef0");
    await emulator.clock.advance(10 * minute);
    const ids = async (status?: cockroachdb.PrivateEndpointConnectionStatus) =>
      (
        await cockroachdb.listPrivateEndpointConnections({ clusterId, ...(status && { status }) })
      ).map(({ endpointId }) => endpointId);
    assert.deepEqual(await ids(), ["vpce-0123456789abcdef0"]);
    assert.deepEqual(await ids("AVAILABLE"), ["vpce-0123456789abcdef0"]);
    assert.deepEqual(await ids("PENDING_ACCEPTANCE"), []);
  });

  it("lists groups without their members where they are not asked for", async () => {
    const ada = lab.emulator.persons.add({ email: "ada@example.com" });
    const id = lab.emulator.scimGroups.add("dba", [ada]);
    const membersOf = async (args?: cockroachdb.ListScimGroupsArgs) =>
      (await cockroachdb.listScimGroups(args)).find((group) => group.id === id)?.members;
    assert.deepEqual(
      (await membersOf())?.map((member) => member.id),
      [ada],
    );
    assert.deepEqual(await membersOf({ withMembers: false }), []);
    assert.match(lab.emulator.requests.at(-1)?.query ?? "", /excludedAttributes=members/);
  });

  it("lists what is at a path, which may be no folder", async () => {
    const payments = lab.emulator.folders.add("payments");
    const eu = lab.emulator.folders.add("eu", { parentId: payments });
    const ids = async (args: cockroachdb.ListFoldersArgs) =>
      (await cockroachdb.listFolders(args)).map(({ id }) => id);
    assert.deepEqual(await ids({ path: "payments/eu/" }), [eu]);
    assert.deepEqual(await ids({ path: "/payments/us" }), []);
    assert.deepEqual(await ids({ path: "/payments/eu", parentId: missingId }), []);
    await assert.rejects(ids({ path: "/" }), /listFolders needs path, a folder's path such as/);
  });
});

describe("A function of a cluster", () => {
  checkEmulators();

  let lab: Lab;
  let clusterId: string;
  beforeEach(async () => {
    lab = await startLab({ clock: manualClock() });
    clusterId = lab.advanced("orders", undefined, { network_visibility: "PRIVATE" }).id;
  });
  afterEach(() => lab.restoreEnvironment());

  for (const [policy, expected] of [
    ["ALLOW_ALL", { policy: "ALLOW_ALL", allowAll: true }],
    ["DEFAULT_DENY", { policy: "DEFAULT_DENY", allowAll: false }],
    ["UPDATING", { policy: "UPDATING" }],
    ["ERROR", { policy: "ERROR" }],
    ["", { policy: "UNSPECIFIED" }],
  ] as const) {
    it(`reads the egress traffic policy ${JSON.stringify(policy)}`, async () => {
      const body = { ...lab.emulator.clusters.get(clusterId), egress_traffic_policy: policy };
      lab.emulator.faults.add("GetCluster", { status: 200, body });
      assert.deepEqual(await cockroachdb.getEgressTrafficPolicy({ clusterId }), expected);
    });
  }

  it("advises no private endpoint services for a plan that has none", async () => {
    const { id } = lab.basic("smallest");
    await assert.rejects(
      cockroachdb.getPrivateEndpointService({ clusterId: id, region: "us-central1" }),
      /in us-central1 failed: the cluster, of the plan BASIC, has none\.$/,
    );
  });

  it("reads the first maintenance window of a moment or later", async () => {
    await lab.client.maintenanceWindows.set(clusterId, {
      offset_duration: "180000s",
      window_duration: "21600s",
    });
    const next = async (after: string) => {
      const window = await cockroachdb.getMaintenanceWindow({ clusterId, after });
      return [window?.nextStartTime, window?.nextEndTime];
    };
    // 2026-06-03 is a Wednesday, and the window begins at 02:00.
    const first = ["2026-06-03T02:00:00Z", "2026-06-03T08:00:00Z"];
    assert.deepEqual(await next("2026-06-01T00:00:00Z"), first);
    assert.deepEqual(await next("2026-06-03T02:00:00Z"), first);
    assert.deepEqual(await next("2026-06-03T02:00:01Z"), [
      "2026-06-10T02:00:00Z",
      "2026-06-10T08:00:00Z",
    ]);
    const now = await cockroachdb.getMaintenanceWindow({ clusterId });
    const away = Date.parse(now?.nextStartTime ?? "") - Date.now();
    assert.ok(away > -60_000 && away <= 7 * 24 * 60 * minute, now?.nextStartTime);
  });

  it("reads whether the allowlist is in force", async () => {
    const { emulator, client } = lab;
    const entry = { cidr_ip: "203.0.113.0", cidr_mask: 24, ui: false, sql: true };
    await client.allowlist.add(clusterId, entry);
    const read = async () =>
      (await cockroachdb.listAllowlistEntries({ clusterId })).map(({ propagating }) => propagating);
    assert.deepEqual(await read(), [true]);
    await emulator.clock.advance(minute);
    assert.deepEqual(await read(), [false]);
  });
});

// A cluster with everything that belongs to clusters, through its whole life, and each part of one that exists already.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
import { scaledClock } from "../../emulator";
import { awsKey, encryptable, wire } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import type { Run, State, StateResource, TestStack } from "../support/engine";
import { nameOf, startStack } from "../support/engine";

const golden = join(__dirname, "..", "contract", "golden");
const region = "us-east-1";
const password = "a-passw0rd-of-the-program";

const vault: cockroachdb.AdvancedClusterArgs = {
  name: "vault-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  labels: { team: "payments" },
  dedicated: {
    regionNodes: { [region]: 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
    networkVisibility: "PRIVATE",
  },
};

/** Arguments of the parts, each by the name of its resource; without the cluster. */
interface Parts {
  keys: Omit<cockroachdb.CmekConfigArgs, "clusterId">;
  window: Omit<cockroachdb.MaintenanceWindowArgs, "clusterId">;
  deferral: Omit<cockroachdb.VersionDeferralArgs, "clusterId">;
  office: Omit<cockroachdb.AllowlistEntryArgs, "clusterId">;
  shop: Omit<cockroachdb.DatabaseArgs, "clusterId">;
  app: Omit<cockroachdb.SqlUserArgs, "clusterId">;
}

const parts: Parts = {
  keys: { regionSpecs: [awsKey(region) as cockroachdb.CmekRegionSpecArgs] },
  window: { offsetDuration: 172_800, windowDuration: "21600s" },
  deferral: { deferralPolicy: "DEFERRAL_60_DAYS" },
  office: { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: "office" },
  shop: { name: "shop" },
  app: { name: "app.user", password },
};

/** An imported user keeps the password that it is unknown. */
const { password: _, ...appWithoutPassword } = parts.app;
const withoutPassword: Parts = { ...parts, app: appWithoutPassword };

type Options = (name: keyof Parts) => pulumi.CustomResourceOptions;

function makeParts(clusterId: cockroachdb.ClusterReference, args: Parts, options: Options): void {
  new cockroachdb.CmekConfig("keys", { clusterId, ...args.keys }, options("keys"));
  new cockroachdb.MaintenanceWindow("window", { clusterId, ...args.window }, options("window"));
  new cockroachdb.VersionDeferral("deferral", { clusterId, ...args.deferral }, options("deferral"));
  new cockroachdb.AllowlistEntry("office", { clusterId, ...args.office }, options("office"));
  new cockroachdb.Database("shop", { clusterId, ...args.shop }, options("shop"));
  new cockroachdb.SqlUser("app", { clusterId, ...args.app }, options("app"));
}

/** The key of the program, as the API has it. */
const wireKey = {
  type: "AWS_KMS",
  uri: `arn:aws:kms:${region}:111122223333:key/first`,
  auth_principal: "arn:aws:iam::111122223333:role/cockroach-cmek",
} as const;

const withKey = (key: object) => JSON.stringify({ region_specs: [{ region, key_spec: key }] });

/** Makes all parts as somebody else would, just as the program says them. */
function putParts(emulator: TestEmulator, clusterId: string): void {
  emulator.cmek.enable(clusterId, wire([awsKey(region)]));
  emulator.maintenanceWindows.set(clusterId, {
    offset_duration: "172800s",
    window_duration: "21600s",
  });
  emulator.versionDeferrals.set(clusterId, "DEFERRAL_60_DAYS");
  emulator.allowlist.add(clusterId, "203.0.113.0/24", { ui: false, name: "office" });
  emulator.databases.add(clusterId, "shop");
  emulator.sqlUsers.add(clusterId, "app.user", password);
}

function idsOfParts(clusterId: string): Record<keyof Parts, string> {
  return {
    keys: clusterId,
    window: clusterId,
    deferral: clusterId,
    office: `${clusterId}:203.0.113.0/24`,
    shop: `${clusterId}:shop`,
    app: `${clusterId}:app.user`,
  };
}

/** Every request that changes something: its operation and, without passwords, its body. */
function writes(emulator: TestEmulator): string[] {
  return emulator.requests
    .filter(({ method }) => method !== "GET")
    .map(({ operation, body }) => {
      const text = JSON.stringify(body ?? null).replace(/"password":"[^"]*"/, '"password":"…"');
      return text === "null" || text === '""' ? String(operation) : `${operation} ${text}`;
    })
    .sort();
}

/** What a refresh or an update says of each resource that it touches. */
function found(run: Run): Record<string, string[]> {
  const touched = run.events.flatMap(({ resOutputsEvent }): [string, string[]][] => {
    if (!resOutputsEvent) return [];
    const { urn, op, detailedDiff } = resOutputsEvent.metadata;
    if (op === "delete") return [[nameOf(urn), ["deleted"]]];
    const paths = Object.keys(detailedDiff ?? {});
    return paths.length > 0 ? [[nameOf(urn), paths.sort()]] : [];
  });
  return Object.fromEntries(touched);
}

function opsOf(run: Run): Record<string, string> {
  const changed = run.steps.filter(({ op, type }) => op !== "same" && type.includes("dynamic"));
  return Object.fromEntries(changed.map(({ name, op }) => [name, op]));
}

describe("A cluster with everything that belongs to it", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let args: Parts & { worker: Omit<cockroachdb.SqlUserArgs, "clusterId"> };

  const id = () => emulator.clusters.find("vault-test")?.id ?? assert.fail();

  before(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(1200), rateLimit: "off" });
    args = { ...parts, worker: { keepers: { month: "1" } } };
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => {
        const cluster = new cockroachdb.Cluster("vault", vault);
        makeParts(cluster, args, () => ({}));
        new cockroachdb.SqlUser("worker", { clusterId: cluster, ...args.worker });
      },
    });
  });
  beforeEach(() => emulator.requests.clear());
  after(async () => {
    stack.close();
    await closeTestEmulators();
  });

  it("is made with one request for each part", async () => {
    await stack.up();
    assert.deepEqual(
      writes(emulator).filter((line) => !/Cluster /.test(line)),
      [
        'AddAllowlistEntry {"cidr_ip":"203.0.113.0","cidr_mask":24,"name":"office","sql":true,"ui":false}',
        'CreateDatabase {"name":"shop"}',
        'CreateSQLUser {"name":"app.user","password":"…"}',
        'CreateSQLUser {"name":"worker","password":"…"}',
        `EnableCMEKSpec ${withKey(wireKey)}`,
        'SetClusterVersionDeferral {"deferral_policy":"DEFERRAL_60_DAYS"}',
        'SetMaintenanceWindow {"offset_duration":"172800s","window_duration":"21600s"}',
      ],
    );
    assert.equal(emulator.cmek.get(id()).status, "ENABLED");
    assert.deepEqual(emulator.sqlUsers.list(id()), ["app.user", "worker"]);
    assert.ok(!stack.stateText().includes(password));
  });

  it("is not touched, nor read, by the next update and preview", async () => {
    await stack.up({ expectNoChanges: true });
    await stack.preview({ expectNoChanges: true });
    assert.equal(emulator.requests.length, 0);
  });

  it("is found unchanged by a refresh, with one request for each kind", async () => {
    await stack.refresh({ expectNoChanges: true });
    assert.deepEqual(emulator.requests.map(({ operation }) => operation).sort(), [
      "GetCMEKClusterInfo",
      "GetClusterVersionDeferral",
      "GetMaintenanceWindow",
      "ListAllowlistEntries",
      "ListClusters",
      "ListDatabases",
      "ListSQLUsers",
    ]);
    await stack.up({ expectNoChanges: true });
  });

  const window = { offset_duration: "172800s", window_duration: "21600s" };
  const drifts: {
    what: string;
    drift(emulator: TestEmulator, clusterId: string): void;
    found: Record<string, string[]>;
    ops: Record<string, string>;
    writes: string[];
  }[] = [
    {
      what: "one property of each resource",
      drift: (cloud, clusterId) => {
        cloud.clusters.edit(clusterId, { labels: { team: "storage" } });
        cloud.cmek.rotate(clusterId, region, {
          ...wireKey,
          uri: wireKey.uri.replace("first", "foreign"),
        });
        cloud.maintenanceWindows.set(clusterId, { ...window, window_duration: "43200s" });
        cloud.versionDeferrals.set(clusterId, "DEFERRAL_90_DAYS");
        cloud.allowlist.edit(clusterId, "203.0.113.0/24", { sql: false });
        cloud.databases.rename(clusterId, "shop", "elsewhere");
        cloud.sqlUsers.remove(clusterId, "app.user");
      },
      found: {
        vault: ["labels.team"],
        keys: ["regionSpecs[0].keySpec.uri"],
        window: ["windowDuration"],
        deferral: ["deferralPolicy"],
        office: ["sql"],
        shop: ["deleted"],
        app: ["deleted"],
      },
      ops: {
        vault: "update",
        keys: "update",
        window: "update",
        deferral: "update",
        office: "update",
        shop: "create",
        app: "create",
      },
      writes: [
        'CreateDatabase {"name":"shop"}',
        'CreateSQLUser {"name":"app.user","password":"…"}',
        'SetClusterVersionDeferral {"deferral_policy":"DEFERRAL_60_DAYS"}',
        'SetMaintenanceWindow {"offset_duration":"172800s","window_duration":"21600s"}',
        'UpdateAllowlistEntry {"name":"office","sql":true,"ui":false}',
        `UpdateCMEKSpec ${withKey(wireKey)}`,
        'UpdateCluster {"labels":{"team":"payments"}}',
      ],
    },
    {
      what: "the other properties",
      drift: (cloud, clusterId) => {
        cloud.cmek.rotate(clusterId, region, {
          ...wireKey,
          auth_principal: "arn:aws:iam::111122223333:role/other",
        });
        cloud.maintenanceWindows.set(clusterId, { ...window, offset_duration: "0s" });
        cloud.versionDeferrals.set(clusterId, "NOT_DEFERRED");
        cloud.allowlist.edit(clusterId, "203.0.113.0/24", { ui: true, name: "nobody" });
      },
      found: {
        keys: ["regionSpecs[0].keySpec.authPrincipal"],
        window: ["offsetDuration"],
        deferral: ["deferralPolicy"],
        office: ["name", "ui"],
      },
      ops: { keys: "update", window: "update", deferral: "update", office: "update" },
      writes: [
        'SetClusterVersionDeferral {"deferral_policy":"DEFERRAL_60_DAYS"}',
        'SetMaintenanceWindow {"offset_duration":"172800s","window_duration":"21600s"}',
        'UpdateAllowlistEntry {"name":"office","sql":true,"ui":false}',
        `UpdateCMEKSpec ${withKey(wireKey)}`,
      ],
    },
    {
      what: "what is deleted altogether",
      drift: (cloud, clusterId) => {
        cloud.maintenanceWindows.clear(clusterId);
        cloud.allowlist.remove(clusterId, "203.0.113.0/24");
        cloud.sqlUsers.remove(clusterId, "worker");
      },
      found: { window: ["deleted"], office: ["deleted"], worker: ["deleted"] },
      ops: { window: "create", office: "create", worker: "create" },
      writes: [
        'AddAllowlistEntry {"cidr_ip":"203.0.113.0","cidr_mask":24,"name":"office","sql":true,"ui":false}',
        'CreateSQLUser {"name":"worker","password":"…"}',
        'SetMaintenanceWindow {"offset_duration":"172800s","window_duration":"21600s"}',
      ],
    },
  ];
  for (const { what, drift, found: expected, ops, writes: repairs } of drifts) {
    it(`is reported exactly when it drifts, and repaired by the next update: ${what}`, async () => {
      drift(emulator, id());
      const refresh = await stack.refresh();
      assert.deepEqual(found(refresh), expected);
      assert.deepEqual(writes(emulator), []);
      const run = await stack.up();
      assert.deepEqual(opsOf(run), ops);
      assert.deepEqual(writes(emulator), [...repairs].sort());
      await stack.up({ expectNoChanges: true });
    });
  }

  it("changes in place, each part with what it takes", async () => {
    args = {
      keys: {
        regionSpecs: [awsKey(region, "second") as cockroachdb.CmekRegionSpecArgs],
        revokeOnDelete: true,
      },
      window: {
        offsetDuration: cockroachdb.weekly({ day: "TUESDAY", hourUtc: 1 }),
        windowDuration: 43_200,
      },
      deferral: { deferralPolicy: "DEFERRAL_90_DAYS" },
      office: { ...parts.office, ui: true },
      shop: { name: "store" },
      app: { ...parts.app, password: "another-passw0rd" },
      worker: { keepers: { month: "2" } },
    };
    const preview = await stack.preview();
    assert.equal(emulator.requests.length, 0);
    const run = await stack.up();
    const updated = Object.fromEntries(Object.keys(args).map((name) => [name, "update"]));
    assert.deepEqual([opsOf(preview), opsOf(run)], [updated, updated]);
    assert.deepEqual(writes(emulator), [
      'EditDatabase {"name":"shop","new_name":"store"}',
      'SetClusterVersionDeferral {"deferral_policy":"DEFERRAL_90_DAYS"}',
      'SetMaintenanceWindow {"offset_duration":"90000s","window_duration":"43200s"}',
      'UpdateAllowlistEntry {"name":"office","sql":true,"ui":true}',
      `UpdateCMEKSpec ${withKey({ ...wireKey, uri: wireKey.uri.replace("first", "second") })}`,
      'UpdateSQLUserPassword {"password":"…"}',
      'UpdateSQLUserPassword {"password":"…"}',
    ]);
    assert.ok(emulator.sqlUsers.hasPassword(id(), "app.user", "another-passw0rd"));
    await stack.refresh({ expectNoChanges: true });
    await stack.up({ expectNoChanges: true });
  });

  it("is deleted by one request for each resource", async () => {
    await stack.destroy();
    assert.deepEqual(writes(emulator), [
      "DeleteAllowlistEntry",
      "DeleteCluster",
      "DeleteDatabase",
      "DeleteMaintenanceWindow",
      "DeleteSQLUser",
      "DeleteSQLUser",
      'SetClusterVersionDeferral {"deferral_policy":"NOT_DEFERRED"}',
      'UpdateCMEKStatus {"action":"REVOKE"}',
    ]);
    assert.deepEqual((await stack.exportState()).deployment.resources ?? [], []);
  });
});

describe("Parts of a cluster that exist already", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: TestStack;
  let clusterId: string;

  beforeEach(async () => {
    emulator = await startTestEmulator({ clock: scaledClock(1200), rateLimit: "off" });
    clusterId = encryptable(emulator, { regions: [region] }).id;
    putParts(emulator, clusterId);
    stack = await startStack({
      env: environmentFor(emulator),
      program: async () => {},
    });
  });
  afterEach(async () => {
    stack.close();
    await closeTestEmulators();
  });

  const stated = async () =>
    ((await stack.exportState()).deployment.resources ?? []).filter(({ type }) =>
      type.startsWith("pulumi-nodejs:dynamic/"),
    );

  /** Every part is in state under its id and its new type, and nobody has been asked to change anything. */
  async function assertAdopted(): Promise<void> {
    assert.deepEqual(writes(emulator), []);
    const resources = await stated();
    assert.deepEqual(
      Object.fromEntries(resources.map(({ urn, id: stateId }) => [nameOf(urn), stateId])),
      idsOfParts(clusterId),
    );
    for (const { outputs } of resources) {
      assert.equal(typeof outputs?.["__provider"], "string");
      assert.equal(outputs?.["clusterId"], clusterId);
    }
    assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app.user", password));
  }

  /** What goes when the stack goes, while the cluster stays. */
  async function assertDestroyed(): Promise<void> {
    emulator.requests.clear();
    const run = await stack.destroy();
    assert.deepEqual(writes(emulator), [
      "DeleteAllowlistEntry",
      "DeleteDatabase",
      "DeleteMaintenanceWindow",
      "DeleteSQLUser",
      'SetClusterVersionDeferral {"deferral_policy":"NOT_DEFERRED"}',
    ]);
    assert.match(run.messagesOf("keys").join(), /stays encrypted with keys of your own/);
    assert.equal(emulator.cmek.get(clusterId).status, "ENABLED");
    assert.deepEqual(await stated(), []);
  }

  it("are adopted by the option import without a write, and are managed from then on", async () => {
    const ids = idsOfParts(clusterId);
    stack.program = async () =>
      makeParts(clusterId, withoutPassword, (name) => ({ import: ids[name] }));
    const run = await stack.up();
    assert.deepEqual(
      opsOf(run),
      Object.fromEntries(Object.keys(parts).map((name) => [name, "create"])),
    );
    await assertAdopted();
    await stack.up({ expectNoChanges: true });
    stack.program = async () => makeParts(clusterId, withoutPassword, () => ({}));
    await stack.up({ expectNoChanges: true });
    await stack.refresh({ expectNoChanges: true });
    await assertDestroyed();
  });

  it("lose nothing when an import that was left in the program meets another cluster", async () => {
    const ids = idsOfParts(clusterId);
    const program = (id: string) => async () =>
      makeParts(id, withoutPassword, (name) => ({ import: ids[name] }));
    stack.program = program(clusterId);
    await stack.up();
    emulator.requests.clear();
    const other = encryptable(emulator, { name: "other-test", regions: [region] });
    stack.program = program(other.id);
    const run = await stack.up({ expect: "failure", continueOnError: true });
    for (const name of Object.keys(parts)) {
      assert.match(run.messagesOf(name).join(), /option import/, name);
    }
    await assertAdopted();
  });

  it("are not touched, nor read, in the state that release 0.1.0 wrote", async () => {
    const state = JSON.parse(readFileSync(join(golden, "0.1.0-parts.json"), "utf8")) as State;
    const goldenId = "00000000-0000-4000-8000-000000000004";
    const text = JSON.stringify(state.deployment.resources).split(goldenId).join(clusterId);
    const { deployment, ...empty } = await stack.exportState();
    const resources = JSON.parse(text) as StateResource[];
    await stack.importState({ ...empty, deployment: { ...deployment, resources } });
    const { labels: __, ...cluster } = vault;
    stack.program = async () => {
      const { keys, office, app } = parts;
      const args = {
        ...parts,
        keys: { ...keys, revokeOnDelete: true },
        deferral: { deferralPolicy: "FIXED_DEFERRAL" },
        office: { ...office, name: undefined as never },
        app: { ...app, password: "golden-password-1", keepers: { month: "2026-06" } },
      } as const;
      makeParts(new cockroachdb.Cluster("vault", cluster), args, (name) =>
        name === "office" ? { customTimeouts: { create: "20m" } } : {},
      );
      new cockroachdb.Folder("team", {
        name: "payments",
        parentId: "root",
        labels: { team: "payments" },
      });
    };
    await stack.up({ expectNoChanges: true });
    assert.equal(emulator.requests.length, 0);
    await stack.destroy();
    // Pulumi heeds the option deletedWith of that state no more, as the classes no longer set it.
    assert.deepEqual(writes(emulator), [
      "DeleteAllowlistEntry",
      "DeleteCluster",
      "DeleteDatabase",
      "DeleteFolder",
      "DeleteMaintenanceWindow",
      "DeleteSQLUser",
      'SetClusterVersionDeferral {"deferral_policy":"NOT_DEFERRED"}',
      'UpdateCMEKStatus {"action":"REVOKE"}',
    ]);
  });
});

// Every method of every resource, through Pulumi's own dynamic provider process.
import assert from "node:assert/strict";
import type { WireCreateCluster } from "../../emulator";
import { scaledClock } from "../../emulator";
import { delegateTo } from "../../provider/program/registration";
import { pathsIn, withUnknown } from "../support/argument-paths";
import { awsKey, encryptable, wire } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { assertReadable, failureOf } from "./expectations";
import type { Properties } from "./plugin-client";
import { urn } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { closePlugins, startPlugin } from "./plugin-process";
import { plain, reports, secretOf } from "./secrets";

const nowhere = "00000000-0000-4000-8000-000000000000";
const otherCluster = "00000000-0000-4000-8000-000000000001";
const password = "a-contract-passw0rd";

type Operation = "create" | "read" | "update" | "delete";

interface Subject {
  /** Name of the resource's file. */
  readonly stem: string;
  /** As messages name it. */
  readonly kind: string;
  /** All arguments. A cluster has no use for the id. */
  args(clusterId: string): Properties;
  /** The id; undefined where the API chooses it. */
  id(clusterId: string): string | undefined;
  /** Puts it there as somebody else would. Responses its id. */
  put(emulator: TestEmulator, clusterId: string): string;
  /** Takes it away as somebody else would. */
  remove(emulator: TestEmulator, clusterId: string): void;
  isThere(emulator: TestEmulator, clusterId: string): boolean;
  /** For every argument that can be wrong, a wrong value and the property that is named. */
  readonly wrong: readonly (readonly [change: Properties, property: string])[];
  /** Changes in place, one property each. They can be made all at once, too. */
  readonly inPlace: readonly Properties[];
  readonly replacing: readonly Properties[];
  /** Whether the response to diff, and not the options of the resource, says that the old one goes first. */
  readonly deletesFirst: boolean;
  /** Paths whose unknown value may turn out to replace the resource. */
  readonly replacingPaths: RegExp;
  /** Arguments that outputs do not repeat letter by letter. */
  readonly reshaped?: readonly string[];
  /** Arguments that the API does not report. */
  readonly unreported?: readonly string[];
  /** Outputs that are no arguments and that diff reads. */
  readonly computed?: Properties;
  /** Id of one that is not there. */
  missing(clusterId: string): string;
  /** The operation of the API that each method cannot do without. */
  readonly operations: Readonly<Record<Operation, string>>;
}

const clusterBody = (name: string): WireCreateCluster => ({
  name,
  provider: "GCP",
  spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
});

const partPaths = /^clusterId$/;
const anotherCluster = { clusterId: otherCluster };
const badCluster = [{ clusterId: "orders" }, "clusterId"] as const;

const subjects: Record<string, Subject> = {
  Folder: {
    stem: "folder",
    kind: "folder",
    args: () => ({ name: "payments", parentId: "root", labels: { team: "payments" } }),
    id: () => undefined,
    put: ({ folders }) => folders.add("payments", { labels: { team: "payments" } }),
    remove: ({ folders }) => {
      for (const { resource_id } of folders.list()) folders.remove(resource_id);
    },
    isThere: ({ folders }) => folders.list().length > 0,
    wrong: [
      [{ name: "a/b" }, "name"],
      [{ parentId: "company" }, "parentId"],
      [{ labels: { Team: "" } }, "labels.Team"],
    ],
    inPlace: [{ name: "billing" }, { labels: {} }],
    replacing: [],
    deletesFirst: false,
    replacingPaths: /^$/,
    computed: { path: [], fullPath: "/payments", organizationId: nowhere },
    missing: () => nowhere,
    operations: {
      create: "CreateFolder",
      read: "ListFolders",
      update: "UpdateFolder",
      delete: "DeleteFolder",
    },
  },
  Cluster: {
    stem: "cluster",
    kind: "cluster",
    args: () => ({
      name: "basic-test",
      plan: "BASIC",
      cloudProvider: "GCP",
      labels: { team: "payments" },
      deleteProtection: false,
      serverless: { regions: ["us-central1"] },
      __mark: "0123456789abcdef-fedcba9876543210",
    }),
    id: () => undefined,
    put: (emulator) => emulator.clusters.create(clusterBody("basic-test")).id,
    remove: (emulator) => {
      const { id } = emulator.clusters.find("basic-test") ?? assert.fail();
      emulator.clusters.forget(id);
    },
    isThere: (emulator) => {
      const found = emulator.clusters.find("basic-test");
      return found !== undefined && found.state !== "DELETED";
    },
    wrong: [
      [{ name: "Not A Name" }, "name"],
      [{ plan: "FREE" }, "plan"],
      [{ cloudProvider: "DIGITALOCEAN" }, "cloudProvider"],
      [{ labels: { Team: "payments" } }, "labels.Team"],
      [{ deleteProtection: "yes" }, "deleteProtection"],
      [{ serverless: { regions: [] } }, "serverless.regions"],
    ],
    inPlace: [{ labels: { team: "storage" } }],
    replacing: [{ name: "other-test" }, { cloudProvider: "AWS" }],
    deletesFirst: true,
    replacingPaths: /^(name|cloudProvider|plan|serverless|serverless\.regions.*)$/,
    reshaped: ["serverless"],
    missing: () => nowhere,
    operations: {
      create: "CreateCluster",
      read: "ListClusters",
      update: "UpdateCluster",
      delete: "DeleteCluster",
    },
  },
  SqlUser: {
    stem: "sql-user",
    kind: "SQL user",
    args: (clusterId) => ({ clusterId, name: "app.user", password, keepers: { month: "1" } }),
    id: (clusterId) => `${clusterId}:app.user`,
    put: (emulator, clusterId) => {
      emulator.sqlUsers.add(clusterId, "app.user");
      return `${clusterId}:app.user`;
    },
    remove: (emulator, clusterId) => emulator.sqlUsers.remove(clusterId, "app.user"),
    isThere: (emulator, clusterId) => emulator.sqlUsers.list(clusterId).includes("app.user"),
    wrong: [
      badCluster,
      [{ name: "pg_app" }, "name"],
      [{ password: "too short" }, "password[…]"],
      [{ keepers: { month: 1 } }, "keepers.month"],
    ],
    inPlace: [{ password: "another-passw0rd" }, { keepers: { month: "2" } }],
    replacing: [anotherCluster, { name: "other" }],
    deletesFirst: false,
    replacingPaths: /^(clusterId|name)$/,
    unreported: ["password", "keepers"],
    missing: (clusterId) => `${clusterId}:nobody`,
    operations: {
      create: "CreateSQLUser",
      read: "ListSQLUsers",
      update: "UpdateSQLUserPassword",
      delete: "DeleteSQLUser",
    },
  },
  CmekConfig: {
    stem: "cmek-config",
    kind: "CMEK configuration",
    args: (clusterId) => ({
      clusterId,
      regionSpecs: [awsKey("us-east-1")],
      revoked: false,
      revokeOnDelete: false,
    }),
    id: (clusterId) => clusterId,
    put: (emulator, clusterId) => {
      emulator.cmek.enable(clusterId, wire([awsKey("us-east-1")]));
      return clusterId;
    },
    // There is no way back from encryption but that the cluster goes.
    remove: (emulator, clusterId) => emulator.clusters.forget(clusterId),
    isThere: (emulator, clusterId) => emulator.cmek.get(clusterId).status !== "REVOKED",
    wrong: [
      badCluster,
      [{ regionSpecs: [] }, "regionSpecs"],
      [{ regionSpecs: [awsKey("us-east-1", "no key")] }, "regionSpecs[0].keySpec.uri"],
      [{ revoked: "yes" }, "revoked"],
      [{ revokeOnDelete: "yes" }, "revokeOnDelete"],
    ],
    inPlace: [{ regionSpecs: [awsKey("us-east-1", "second")] }, { revokeOnDelete: true }],
    replacing: [anotherCluster],
    deletesFirst: false,
    replacingPaths: partPaths,
    unreported: ["revokeOnDelete"],
    computed: { status: "ENABLED", regions: [] },
    missing: (clusterId) => clusterId,
    operations: {
      create: "EnableCMEKSpec",
      read: "GetCMEKClusterInfo",
      update: "UpdateCMEKSpec",
      delete: "UpdateCMEKStatus",
    },
  },
  MaintenanceWindow: {
    stem: "maintenance-window",
    kind: "maintenance window",
    args: (clusterId) => ({ clusterId, offsetDuration: "172800s", windowDuration: "21600s" }),
    id: (clusterId) => clusterId,
    put: (emulator, clusterId) => {
      emulator.maintenanceWindows.set(clusterId, {
        offset_duration: "172800s",
        window_duration: "21600s",
      });
      return clusterId;
    },
    remove: (emulator, clusterId) => emulator.maintenanceWindows.clear(clusterId),
    isThere: (emulator, clusterId) => emulator.maintenanceWindows.get(clusterId) !== undefined,
    wrong: [
      badCluster,
      [{ offsetDuration: "2d" }, "offsetDuration"],
      [{ windowDuration: "3600s" }, "windowDuration"],
    ],
    inPlace: [{ offsetDuration: "0s" }, { windowDuration: "43200s" }],
    replacing: [anotherCluster],
    deletesFirst: false,
    replacingPaths: partPaths,
    missing: (clusterId) => clusterId,
    operations: {
      create: "SetMaintenanceWindow",
      read: "GetMaintenanceWindow",
      update: "SetMaintenanceWindow",
      delete: "DeleteMaintenanceWindow",
    },
  },
  VersionDeferral: {
    stem: "version-deferral",
    kind: "version deferral",
    args: (clusterId) => ({ clusterId, deferralPolicy: "DEFERRAL_60_DAYS" }),
    id: (clusterId) => clusterId,
    put: (emulator, clusterId) => {
      emulator.versionDeferrals.set(clusterId, "DEFERRAL_60_DAYS");
      return clusterId;
    },
    // Every cluster has one, so it goes only with the cluster.
    remove: (emulator, clusterId) => emulator.clusters.forget(clusterId),
    isThere: (emulator, clusterId) =>
      emulator.versionDeferrals.get(clusterId).deferral_policy !== "NOT_DEFERRED",
    wrong: [badCluster, [{ deferralPolicy: "SOMETIMES" }, "deferralPolicy"]],
    inPlace: [{ deferralPolicy: "DEFERRAL_90_DAYS" }],
    replacing: [anotherCluster],
    deletesFirst: false,
    replacingPaths: partPaths,
    missing: () => nowhere,
    operations: {
      create: "SetClusterVersionDeferral",
      read: "GetClusterVersionDeferral",
      update: "SetClusterVersionDeferral",
      delete: "SetClusterVersionDeferral",
    },
  },
  AllowlistEntry: {
    stem: "allowlist-entry",
    kind: "allowlist entry",
    args: (clusterId) => ({
      clusterId,
      cidrIp: "203.0.113.0",
      cidrMask: 24,
      sql: true,
      ui: false,
      name: "office",
    }),
    id: (clusterId) => `${clusterId}:203.0.113.0/24`,
    put: (emulator, clusterId) => {
      const details = { sql: true, ui: false, name: "office" };
      emulator.allowlist.add(clusterId, "203.0.113.0/24", details);
      return `${clusterId}:203.0.113.0/24`;
    },
    remove: (emulator, clusterId) => emulator.allowlist.remove(clusterId, "203.0.113.0/24"),
    isThere: (emulator, clusterId) =>
      emulator.allowlist.list(clusterId).some(({ cidr_ip: address }) => address === "203.0.113.0"),
    wrong: [
      badCluster,
      [{ cidrIp: "2001:db8::" }, "cidrIp"],
      [{ cidrMask: 33 }, "cidrMask"],
      [{ sql: "yes" }, "sql"],
      [{ ui: 1 }, "ui"],
      [{ name: 1 }, "name"],
    ],
    inPlace: [{ sql: false }, { ui: true }, { name: "headquarters" }],
    replacing: [anotherCluster, { cidrIp: "198.51.100.0" }, { cidrMask: 25 }],
    deletesFirst: false,
    replacingPaths: /^(clusterId|cidrIp|cidrMask)$/,
    missing: (clusterId) => `${clusterId}:198.51.100.0/24`,
    operations: {
      create: "AddAllowlistEntry",
      read: "ListAllowlistEntries",
      update: "UpdateAllowlistEntry",
      delete: "DeleteAllowlistEntry",
    },
  },
  Database: {
    stem: "database",
    kind: "database",
    args: (clusterId) => ({ clusterId, name: "shop" }),
    id: (clusterId) => `${clusterId}:shop`,
    put: (emulator, clusterId) => {
      emulator.databases.add(clusterId, "shop");
      return `${clusterId}:shop`;
    },
    remove: (emulator, clusterId) => {
      for (const name of namesOfShop(emulator, clusterId)) {
        emulator.databases.remove(clusterId, name);
      }
    },
    isThere: (emulator, clusterId) => namesOfShop(emulator, clusterId).length > 0,
    wrong: [badCluster, [{ name: "system" }, "name"]],
    inPlace: [{ name: "store" }],
    replacing: [anotherCluster],
    deletesFirst: false,
    replacingPaths: partPaths,
    missing: (clusterId) => `${clusterId}:none`,
    operations: {
      create: "CreateDatabase",
      read: "ListDatabases",
      update: "EditDatabase",
      delete: "DeleteDatabase",
    },
  },
};

/** The database under its first or its second name. */
function namesOfShop(emulator: TestEmulator, clusterId: string): string[] {
  return emulator.databases
    .list(clusterId)
    .map(({ name }) => name)
    .filter((name) => name === "shop" || name === "store");
}

/** A configured plugin with the emulator's key in its environment. */
async function pluginOn(emulator: TestEmulator, text: string): Promise<Plugin> {
  const environment = { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url };
  const plugin = await startPlugin({ text, environment });
  await plugin.configure();
  return plugin;
}

describe("every resource in the plugin process", function () {
  this.timeout(60_000);
  checkEmulators();
  afterEach(closePlugins);

  for (const [type, subject] of Object.entries(subjects)) {
    const text = delegateTo(subject.stem);
    const named = (change: Properties) => Object.keys(change).join();

    async function offline(): Promise<Plugin> {
      const plugin = await startPlugin({ text });
      await plugin.configure();
      return plugin;
    }

    /** The plugin of the next run. */
    async function nextRun(emulator: TestEmulator): Promise<Plugin> {
      return await pluginOn(emulator, text);
    }

    /** A plugin on an emulator, in which there is a cluster that takes everything. */
    async function start() {
      const emulator = await startTestEmulator({ clock: scaledClock(3600) });
      const plugin = await nextRun(emulator);
      const { id: clusterId } = encryptable(emulator, { regions: ["us-east-1"] });
      return { emulator, plugin, clusterId, args: subject.args(clusterId) };
    }

    /** What outputs report the arguments. */
    function assertShows(outs: Properties, args: Properties, left: readonly string[] = []): void {
      const kept = Object.keys(args).filter(
        (key) => !key.startsWith("__") && !left.includes(key) && !subject.reshaped?.includes(key),
      );
      for (const key of kept) assert.deepEqual(plain(outs[key]), args[key], key);
    }

    describe(type, () => {
      it("accepts right arguments and names the property of a wrong one", async () => {
        const plugin = await offline();
        const args = subject.args(nowhere);
        const { inputs, failures } = await plugin.check(args);
        assert.deepEqual(failures, []);
        assert.deepEqual(plain(inputs), { ...args, __urn: urn, __provider: text });
        // As with the class, which a transform of the program can bypass.
        if ("password" in args) assert.deepEqual(inputs["password"], secretOf(args["password"]));
        assert.deepEqual((await plugin.check(args, args)).failures, []);
        for (const [change, property] of subject.wrong) {
          const { failures: found } = await plugin.check({ ...args, ...change });
          assert.deepEqual(
            found.map((failure) => failure.property),
            [property],
          );
          assert.match(found[0]?.reason ?? "", /^[a-z][^\n]+\.$/);
        }
      });

      it("lets a value be unknown at every depth, and shows what it may replace", async () => {
        const plugin = await offline();
        const args = subject.args(nowhere);
        const id = subject.id(nowhere) ?? nowhere;
        const stored = { ...args, ...subject.computed, __provider: text, __inputs: args };
        const replaced = new Set<string>();
        for (const path of pathsIn(args)) {
          const news = withUnknown(args, path);
          const property = path.join(".");
          for (const olds of [{}, args]) {
            assert.deepEqual((await plugin.check(news, olds)).failures, [], property);
          }
          const { changes, replaces } = await plugin.diff(id, stored, news);
          assert.notEqual(changes, "none", property);
          const isReplacing = subject.replacingPaths.test(property);
          assert.deepEqual(replaces, isReplacing ? [path[0]] : [], property);
          if (isReplacing) replaced.add(property);
        }
        assert.equal(replaced.size > 0, subject.replacing.length > 0);
      });

      it("is compared: the same, changed in place, replaced", async () => {
        const { emulator, plugin, clusterId, args } = await start();
        const { id, outs } = await plugin.create(args);
        const stored = plain(outs);
        emulator.requests.clear();
        const unchanged = { changes: "none", replaces: [], deleteFirst: false };
        assert.deepEqual(await plugin.diff(id, stored, args), unchanged);
        for (const change of subject.inPlace) {
          const { changes, replaces } = await plugin.diff(id, stored, { ...args, ...change });
          // Left to the engine, which compares the arguments and prints what differs.
          assert.deepEqual([changes, replaces], ["unknown", []], named(change));
        }
        for (const change of subject.replacing) {
          assert.deepEqual(
            await plugin.diff(id, stored, { ...args, ...change }),
            {
              changes: "unknown",
              replaces: Object.keys(change),
              deleteFirst: subject.deletesFirst,
            },
            named(change),
          );
        }
        assert.equal(emulator.requests.length, 0);
        assert.ok(subject.isThere(emulator, clusterId));
      });

      it("is created, refreshed, updated, deleted, and deleted once more", async () => {
        const { emulator, plugin, clusterId, args } = await start();
        const { inputs } = await plugin.check(args);
        const { id, outs } = await plugin.create(inputs);
        assert.equal(id, subject.id(clusterId) ?? id);
        assert.equal(outs["__provider"], text);
        assertShows(outs, args);
        assert.ok(subject.isThere(emulator, clusterId));

        const found = await plugin.read(id, plain(outs));
        assert.equal(found.id, id);
        assert.deepEqual(found.outs, outs);
        assert.deepEqual(plain(found.inputs), { ...args, __urn: urn, __provider: text });

        const news: Properties = Object.assign({}, args, ...subject.inPlace);
        const updated = await plugin.update(id, plain(outs), news);
        assertShows(updated, news);
        assert.equal(updated["__provider"], text);
        const { __mark: _, ...shown } = news;
        assert.deepEqual(plain(updated["__inputs"]), shown);
        const again = await plugin.read(id, plain(updated));
        assert.deepEqual(again.outs, updated);
        assert.equal((await plugin.diff(id, plain(again.outs), news)).changes, "none");

        const last = await nextRun(emulator);
        await last.delete(id, plain(updated));
        assert.ok(!subject.isThere(emulator, clusterId));
        await last.delete(id, plain(updated));
        emulator.clusters.forget(clusterId);
        await last.delete(id, plain(updated));
        for (const { stdout, stderr } of [plugin, last]) {
          assert.equal(stderr(), "");
          assert.match(stdout(), /^\d+\n$/);
        }
      });

      it("is found and missed by get, and by a refresh", async () => {
        const { emulator, plugin, clusterId, args } = await start();
        const missing = subject.missing(clusterId);
        await assert.rejects(plugin.read(missing, {}), {
          message: `There is no ${subject.kind} with the id ${missing} in this organization, or this key may not see it.`,
        });

        const id = subject.put(emulator, clusterId);
        const looker = await nextRun(emulator);
        const found = await looker.read(id, {});
        assert.equal(found.id, id);
        const unreported = [
          ...(subject.unreported ?? []),
          ...(type === "Cluster" ? ["labels"] : []),
        ];
        assertShows(found.outs, args, unreported);

        const stored = { ...args, ...subject.computed, __provider: text, __inputs: args };
        assert.equal((await looker.read(id, stored)).id, id);
        subject.remove(emulator, clusterId);
        const refreshing = await nextRun(emulator);
        assert.equal((await refreshing.read(id, stored)).id, "");
        const requests = emulator.requests.filter(({ method }) => method !== "GET");
        assert.deepEqual(requests, []);
      });

      it("fails in one readable line from every operation, which reports no secret", async () => {
        const { emulator, plugin, clusterId, args } = await start();
        const secrets = [emulator.apiKey, ...(type === "SqlUser" ? [password] : [])];
        const message = `you may not, ${secrets.join(", ")}`;
        const deny = (operation: Operation) => {
          emulator.faults.clear();
          const fault = { status: 403, message, times: Number.POSITIVE_INFINITY };
          emulator.faults.add(subject.operations[operation], fault);
        };
        const assertDenied = async (work: Promise<unknown>) => {
          const error = await failureOf(work);
          const lines = error.partial?.reasons ?? [error.message];
          for (const line of lines) assertReadable(line, ...secrets);
          assert.match(lines.join(), /403.*you may not/);
          return error;
        };

        deny("create");
        const { partial } = await assertDenied(plugin.create(args));
        assert.equal(partial, undefined);
        assert.equal(subject.isThere(emulator, clusterId), type === "CmekConfig");

        emulator.faults.clear();
        const { id, outs } = await plugin.create(args);
        const stored = plain(outs);
        const news: Properties = Object.assign({}, args, ...subject.inPlace);
        deny("update");
        await assertDenied(plugin.update(id, stored, news));
        deny("delete");
        const looker = await nextRun(emulator);
        await assertDenied(looker.delete(id, { ...stored, revokeOnDelete: true }));
        deny("read");
        await assertDenied(looker.read(id, stored));
        assert.doesNotMatch(plugin.stderr() + looker.stderr(), /\n\s+at /);
      });
    });
  }

  describe("the password of a SQL user", () => {
    for (const [whose, own] of [
      ["a given one", { password }],
      ["a generated one", {}],
    ] as const) {
      it(`is a secret in every response: ${whose}`, async () => {
        const emulator = await startTestEmulator({ clock: scaledClock(3600) });
        const plugin = await pluginOn(emulator, delegateTo("sql-user"));
        const { id: clusterId } = encryptable(emulator, { regions: ["us-east-1"] });
        const args = { clusterId, name: "app", ...own };
        const asked = "password" in own ? own.password : undefined;
        const assertHidden = (outs: Properties, inputs: Properties | undefined, value: unknown) => {
          assert.deepEqual(outs["password"], secretOf(value));
          assert.equal(plain(outs["__inputs"] as Properties)["password"], asked);
          assert.ok(!reports([outs, inputs], String(value)));
          assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", String(value)));
        };

        const { id, outs } = await plugin.create(args);
        const value = plain(outs["password"]);
        assertHidden(outs, undefined, value);

        const found = await plugin.read(id, plain(outs));
        assertHidden(found.outs, found.inputs, value);
        assert.equal(plain(found.inputs)?.["password"], asked);

        const updated = await plugin.update(id, plain(outs), { ...args, keepers: { month: "2" } });
        const after = plain(updated["password"]);
        assertHidden(updated, undefined, after);
        assert.equal(after === value, "password" in own);
      });
    }
  });
});

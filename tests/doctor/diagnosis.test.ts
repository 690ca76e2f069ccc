import { strict as assert } from "node:assert";
import { diagnose } from "../../doctor/diagnosis";
import type { Finding } from "../../doctor/finding";
import { parseState } from "../../doctor/stack-state";
import { creator } from "../../provider/cluster/creation-mark";
import type { Existing } from "../../provider/resource/resource";
import type { ResourceType } from "../../provider/resource/resource-types";
import type { WireCluster } from "../../sdk";
import type { Contents } from "./exported-state";
import { cluster, exported, fullName, markOf, part } from "./exported-state";

interface Seen extends Contents {
  clusters?: readonly WireCluster[];
  /** By cluster and kind; `failure` stands for what has failed. */
  parts?: Record<string, Partial<Record<ResourceType, readonly string[] | { failure: string }>>>;
  hidden?: readonly string[];
}

function live(name: string, more: Partial<WireCluster> = {}): WireCluster {
  return {
    id: `id-of-${name}`,
    name,
    plan: "BASIC",
    cloud_provider: "GCP",
    state: "CREATED",
    operation_status: "UNSPECIFIED",
    labels: {},
    ...more,
  } as WireCluster;
}

const marked = (name: string, stack?: string) => ({
  labels: { team: "storage", "pulumi-creating": markOf(name, stack) },
});

function findingsOn({ clusters = [], parts = {}, hidden = [], ...contents }: Seen): Finding[] {
  return diagnose({
    state: parseState(exported(contents)),
    isReached: ({ provider }) => !provider.includes("::other::"),
    facts: {
      clusters: new Map(clusters.map((wire) => [wire.id, wire])),
      existing: new Map(
        Object.entries(parts).map(([id, kinds]) => [
          id,
          new Map(
            Object.entries(kinds).map(([type, keys]): [ResourceType, Existing] => [
              type as ResourceType,
              "failure" in keys ? { keys: new Set([""]), ...keys } : { keys: new Set(keys) },
            ]),
          ),
        ]),
      ),
      unreadable: new Set(hidden),
      unchecked: [],
    },
    fullName,
    creators: new Set([creator(fullName), creator("acme/shop/former")]),
    pulumi: (command) => `pulumi ${command}`,
  });
}

/** `severity code subject`, and each step as what is to be run or written, or `by hand`. */
type Row = readonly [title: string, seen: Seen, ...found: readonly (readonly string[])[]];

function summary({ severity, code, subject, fix }: Finding): string[] {
  return [
    `${severity} ${code} ${subject}`,
    ...fix.map(({ run, edit }) => run?.replace(/^pulumi /, "") ?? edit ?? "by hand"),
  ];
}

const clear = "refresh --clear-pending-creates";

const pendingUser = { clusterId: "id-of-c", name: "soon" };

const inState: readonly Row[] = [
  ["says nothing about an empty stack", {}],
  [
    "reports nothing about what exists",
    {
      resources: [
        cluster("orders", "id-of-c"),
        part("SqlUser", "app", "id-of-c:app"),
        part("Database", "db", "id-of-c:first", { outputs: { name: "renamed" } }),
        part("AllowlistEntry", "office", "id-of-c:203.0.113.0/24"),
        part("MaintenanceWindow", "window", "id-of-c"),
        part("CmekConfig", "keys", "id-of-c"),
        part("VersionDeferral", "deferral", "id-of-c"),
      ],
      clusters: [live("c")],
      parts: {
        "id-of-c": {
          SqlUser: ["app"],
          Database: ["renamed", "defaultdb", "postgres", "system"],
          AllowlistEntry: ["203.0.113.0/24", "0.0.0.0/0"],
          MaintenanceWindow: [""],
          CmekConfig: [""],
        },
      },
    },
  ],
  [
    "prints the import lines of what a cluster of the stack holds and the state does not have",
    {
      resources: [cluster("orders", "id-of-c"), part("SqlUser", "app", "id-of-c:app")],
      pending: [["creating", part("SqlUser", "soon", undefined, { inputs: pendingUser })]],
      clusters: [live("c")],
      parts: {
        "id-of-c": {
          SqlUser: ["report", "app", "audit"],
          Database: ["ledger", "defaultdb"],
          AllowlistEntry: ["203.0.113.0/24"],
        },
      },
    },
    [
      'hint unmanaged Cluster "orders"',
      'import: "id-of-c:audit"',
      'import: "id-of-c:report"',
      'import: "id-of-c:ledger"',
      'import: "id-of-c:203.0.113.0/24"',
    ],
    ['warning pending-operation SqlUser "soon"', "cancel", "up", clear],
  ],
  [
    "ignores objects of a cluster that the stack only reads, or has replaced",
    {
      resources: [
        cluster("shared", "id-of-c", { external: true }),
        cluster("orders", "id-of-c", { delete: true }),
        part("SqlUser", "app", "id-of-c:app"),
      ],
      clusters: [live("c")],
      parts: { "id-of-c": { SqlUser: ["app", "report"] } },
    },
    ['warning unfinished-replacement Cluster "orders"', "up"],
  ],
  [
    "removes a deleted cluster from state and creates it again, together with its subresources",
    {
      resources: [cluster("orders", "id-of-c"), part("SqlUser", "app", "id-of-c:app")],
      clusters: [live("c", { state: "DELETED" })],
    },
    ['error not-found Cluster "orders"', "refresh", "up"],
  ],
  [
    "advises to check the key first when the organization does not have the cluster",
    { resources: [cluster("orders", "id-of-c")] },
    ['error not-found Cluster "orders"', "by hand", "refresh", "up"],
  ],
  [
    "reports nothing about a cluster that could not be read, nor about its subresources",
    {
      resources: [cluster("orders", "id-of-c"), part("SqlUser", "app", "id-of-c:app")],
      hidden: ["id-of-c"],
    },
  ],
  [
    "reports nothing about resources of another account",
    {
      resources: [
        cluster("orders", "id-of-c", { provider: "urn:x::y::pulumi:providers:p::other::1" }),
      ],
    },
  ],
  [
    "reports nothing about a folder that exists",
    {
      resources: [part("Folder", "team", "id-of-f")],
      parts: { organization: { Folder: ["id-of-f"] } },
    },
  ],
  [
    "reports nothing about a folder when the folders could not be listed",
    { resources: [part("Folder", "team", "id-of-f")] },
  ],
  [
    "finds a folder that the organization no longer has",
    {
      resources: [part("Folder", "team", "id-of-f")],
      parts: { organization: { Folder: [] } },
    },
    ['error not-found Folder "team"', "by hand", "refresh", "up"],
  ],
  [
    "finds each subresource that its cluster no longer has",
    {
      resources: [
        part("SqlUser", "app", "id-of-c:app"),
        part("Database", "db", "id-of-c:first", { outputs: { name: "renamed" } }),
        part("AllowlistEntry", "office", "id-of-c:203.0.113.0/24"),
        part("MaintenanceWindow", "window", "id-of-c"),
        part("CmekConfig", "keys", "id-of-c"),
        part("VersionDeferral", "deferral", "id-of-c"),
      ],
      clusters: [live("c")],
      parts: {
        "id-of-c": {
          SqlUser: ["root"],
          Database: ["first"],
          AllowlistEntry: [],
          MaintenanceWindow: [],
          CmekConfig: [],
        },
      },
    },
    ['error not-found AllowlistEntry "office"', "refresh", "up"],
    ['error not-found CmekConfig "keys"', "refresh", "up"],
    ['error not-found Database "db"', "refresh", "up"],
    ['error not-found MaintenanceWindow "window"', "refresh", "up"],
    ['error not-found SqlUser "app"', "refresh", "up"],
  ],
  [
    "reports nothing about subresources of a type that could not be listed",
    { resources: [part("SqlUser", "app", "id-of-c:app")], clusters: [live("c")] },
  ],
  [
    "finds the subresources of a deleted cluster that another stack manages",
    {
      resources: [part("SqlUser", "app", "id-of-c:app"), part("VersionDeferral", "d", "id-of-d")],
      clusters: [live("c", { state: "DELETED" })],
    },
    ['error not-found SqlUser "app"', "refresh", "by hand"],
    ['error not-found VersionDeferral "d"', "by hand", "refresh", "by hand"],
  ],
  [
    "knows the types of the bridged provider",
    {
      resources: [
        { ...cluster("orders", "id-of-c"), type: "cockroach:index/cluster:Cluster" },
        { ...part("SqlUser", "app", "id-of-d:app"), type: "cockroach:index/sqlUser:SqlUser" },
        { ...cluster("bucket", "id-of-e"), type: "aws:s3/bucket:Bucket" },
      ],
      clusters: [live("c", { state: "DELETED" }), live("d")],
      parts: { "id-of-d": { SqlUser: [] } },
    },
    ['error not-found Cluster "orders"', "refresh", "up"],
    ['error not-found SqlUser "app"', "refresh", "up"],
  ],
  [
    "advises to correct a program that reads what does not exist",
    {
      resources: [
        cluster("shared", "id-of-c", { external: true }),
        cluster("fine", "id-of-d", { external: true }),
      ],
      clusters: [live("d", { state: "LOCKED" })],
    },
    ['error not-found Cluster "shared"', "by hand", "up"],
  ],
  [
    "replaces a failed cluster, after a refresh where the state is behind",
    {
      resources: [
        cluster("known", "id-of-c", {
          outputs: { state: "CREATION_FAILED" },
          initErrors: ["The service failed"],
        }),
        cluster("unknown", "id-of-d", { outputs: { state: "CREATING" } }),
      ],
      clusters: ["c", "d"].map((name) => live(name, { state: "CREATION_FAILED" })),
    },
    ['error creation-failed Cluster "known"', "up"],
    ['error creation-failed Cluster "unknown"', "refresh", "up"],
  ],
  [
    "advises to repeat a failed operation",
    {
      resources: [cluster("orders", "id-of-c"), part("CmekConfig", "keys", "id-of-d")],
      clusters: [live("c", { operation_status: "CRDB_SCALE_FAILED" }), live("d")],
      parts: { "id-of-d": { CmekConfig: { failure: "us-east-1 ROTATE_FAILED (no access)" } } },
    },
    ['error operation-failed Cluster "orders"', "refresh", "up"],
    ['error operation-failed CmekConfig "keys"', "refresh", "up"],
  ],
  [
    "advises to resume an unfinished operation: by its errors, mark or state",
    {
      resources: [
        cluster("a", "id-of-a", { initErrors: ["Stopped waiting for the cluster to be ready."] }),
        cluster("b", "id-of-b"),
        cluster("c", "id-of-c"),
        part("SqlUser", "d", "id-of-a:d", { initErrors: ["503"] }),
        cluster("e", "id-of-e"),
      ],
      clusters: [
        live("a"),
        live("b", marked("b")),
        live("c", { state: "CREATING" }),
        live("e", { labels: { "pulumi-creating": "of-somebody-else" } }),
      ],
    },
    ['warning unfinished Cluster "a"', "up"],
    ['warning unfinished Cluster "b"', "up"],
    ['warning unfinished Cluster "c"', "up"],
    ['warning unfinished SqlUser "d"', "up"],
  ],
  [
    "waits for a locked cluster",
    {
      resources: [cluster("orders", "id-of-c")],
      clusters: [live("c", { state: "LOCKED", operation_status: "MAINTENANCE_RUNNING" })],
    },
    ['warning locked Cluster "orders"', "by hand"],
  ],
  [
    "advises to finish replacements: the old object still exists, or the new one was not created",
    {
      resources: [
        cluster("orders", "id-of-c", { delete: true }),
        cluster("orders", "id-of-d"),
        cluster("reports", "id-of-e", { pendingReplacement: true }),
        part("SqlUser", "app", "id-of-c:app", { delete: true }),
      ],
      clusters: [live("c"), live("d")],
      parts: { "id-of-c": { SqlUser: [] } },
    },
    ['warning unfinished-replacement Cluster "orders"', "up"],
    ['warning unfinished-replacement Cluster "reports"', "up"],
    ['warning unfinished-replacement SqlUser "app"', "up"],
  ],
];

const interrupted: readonly Row[] = [
  [
    "adopts the cluster that carries the mark",
    { pending: [["creating", cluster("orders")]], clusters: [live("c", marked("orders"))] },
    ['error interrupted-creation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "advises to rename the stack back, where it had another name when the cluster was created",
    {
      pending: [
        [
          "creating",
          cluster("orders", undefined, {
            inputs: { __mark: markOf("orders", "acme/shop/former") },
          }),
        ],
      ],
      clusters: [live("c", marked("orders", "acme/shop/former"))],
    },
    ['error interrupted-creation Cluster "orders"', "cancel", "by hand", "up", clear],
  ],
  [
    "reports a cluster once when an update has already adopted it",
    {
      resources: [cluster("orders", "id-of-c", { initErrors: ["Stopped waiting"] })],
      pending: [["creating", cluster("orders")]],
      clusters: [live("c", { ...marked("orders"), state: "CREATING" })],
    },
    ['error interrupted-creation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "advises to delete a failed cluster by hand, which no update would find",
    {
      pending: [["creating", cluster("orders")]],
      clusters: [live("c", { ...marked("orders"), state: "CREATION_FAILED" })],
    },
    ["error lost-cluster cluster c", "by hand"],
    ['warning pending-operation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "advises to create the cluster when there is none, whatever the names of other clusters",
    {
      pending: [["creating", cluster("orders")]],
      clusters: [
        live("c", marked("orders", "acme/shop/prod")),
        live("d", { ...marked("orders"), state: "DELETED" }),
        live("orders-abcdef", { plan: "STANDARD" }),
        live("orders-fedcba", { cloud_provider: "AWS" }),
        live("orders-0a0b0c", marked("orders", "acme/shop/prod")),
        live("orders-old"),
      ],
    },
    ['warning pending-operation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "only clears the operation when a later update has created the cluster",
    {
      resources: [cluster("orders", "id-of-c")],
      pending: [["creating", cluster("orders")]],
      clusters: [live("c"), live("orders-abcdef")],
    },
    ['warning pending-operation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "hints at a finished cluster with exactly the expected name, without a mark and missing from state",
    {
      pending: [["creating", cluster("orders", undefined, { inputs: { name: "orders" } })]],
      clusters: [live("orders")],
    },
    ['hint possible-leftover Cluster "orders"', "cancel", 'import: "id-of-orders"', "up", clear],
  ],
  [
    "hints at each cluster whose name may have been generated for it",
    {
      pending: [["creating", cluster("orders")]],
      clusters: [live("orders-abcdef"), live("orders-012345"), live("orders-production")],
    },
    [
      'hint possible-leftover Cluster "orders"',
      "cancel",
      'import: "id-of-orders-abcdef"',
      'import: "id-of-orders-012345"',
      "up",
      clear,
    ],
  ],
  [
    "hints at a leftover whatever the state has of former clusters of the resource",
    {
      resources: [cluster("orders", "id-of-c", { delete: true }), cluster("reports", "id-of-d")],
      pending: [
        ["creating", cluster("orders")],
        ["creating", cluster("reports")],
      ],
      clusters: [
        live("c"),
        live("d", { state: "DELETED" }),
        live("orders-abcdef"),
        live("reports-abcdef"),
      ],
    },
    [
      'hint possible-leftover Cluster "orders"',
      "cancel",
      'import: "id-of-orders-abcdef"',
      "up",
      clear,
    ],
    [
      'hint possible-leftover Cluster "reports"',
      "cancel",
      'import: "id-of-reports-abcdef"',
      "up",
      clear,
    ],
    ['warning unfinished-replacement Cluster "orders"', "up"],
  ],
  [
    "advises to import an existing subresource that was deleted first for a replacement",
    {
      resources: [part("SqlUser", "app", "id-of-c:app", { pendingReplacement: true })],
      pending: [["creating", part("SqlUser", "app", undefined, at("id-of-c", { name: "app" }))]],
      clusters: [live("c")],
      parts: { "id-of-c": { SqlUser: ["app"] } },
    },
    ['error interrupted-creation SqlUser "app"', "cancel", 'import: "id-of-c:app"', "up", clear],
  ],
  [
    "does not hint at a cluster that another resource manages",
    {
      resources: [cluster("old", "id-of-orders-abcdef")],
      pending: [["creating", cluster("orders")]],
      clusters: [live("orders-abcdef")],
    },
    ['warning pending-operation Cluster "orders"', "cancel", "up", clear],
  ],
  [
    "advises to import an existing subresource that is missing from state",
    {
      pending: [
        ["creating", part("SqlUser", "app", undefined, at("id-of-c", { name: "app" }))],
        ["creating", part("Database", "db", undefined, at("id-of-c", { name: "db" }))],
        [
          "creating",
          part(
            "AllowlistEntry",
            "net",
            undefined,
            at("id-of-c", { cidrIp: "10.0.0.0", cidrMask: 8 }),
          ),
        ],
      ],
      clusters: [live("c")],
      parts: {
        "id-of-c": { SqlUser: ["app"], Database: ["db"], AllowlistEntry: ["10.0.0.0/8"] },
      },
    },
    [
      'error interrupted-creation AllowlistEntry "net"',
      "cancel",
      'import: "id-of-c:10.0.0.0/8"',
      "up",
      clear,
    ],
    ['error interrupted-creation Database "db"', "cancel", 'import: "id-of-c:db"', "up", clear],
    ['error interrupted-creation SqlUser "app"', "cancel", 'import: "id-of-c:app"', "up", clear],
  ],
  [
    "advises to create a subresource that does not exist, or of which there is only one",
    {
      resources: [part("Database", "db", "id-of-c:db")],
      pending: [
        ["creating", part("SqlUser", "app", undefined, at("id-of-c", { name: "app" }))],
        ["creating", part("SqlUser", "dark", undefined, at({ ciphertext: "…" }, { name: "x" }))],
        ["creating", part("Database", "db", undefined, at("id-of-c", { name: "db" }))],
        ["creating", part("MaintenanceWindow", "window", undefined, at("id-of-c", {}))],
      ],
      clusters: [live("c")],
      parts: { "id-of-c": { SqlUser: [], MaintenanceWindow: [""], Database: ["db"] } },
    },
    ['warning pending-operation Database "db"', "cancel", "up", clear],
    ['warning pending-operation MaintenanceWindow "window"', "cancel", "up", clear],
    ['warning pending-operation SqlUser "app"', "cancel", "up", clear],
    ['warning pending-operation SqlUser "dark"', "cancel", "up", clear],
  ],
  [
    "repeats updates and reads again after deletions, which Pulumi clears by itself",
    {
      resources: [cluster("a", "id-of-a"), cluster("b", "id-of-b")],
      pending: [
        ["updating", cluster("a", "id-of-a")],
        ["deleting", cluster("b", "id-of-b")],
      ],
      clusters: [live("a"), live("b", { state: "DELETED" })],
    },
    ['warning pending-operation Cluster "a"', "cancel", "refresh", "up"],
    ['warning pending-operation Cluster "b"', "cancel", "refresh", "by hand"],
  ],
];

const lost: readonly Row[] = [
  [
    "finds a lost cluster whose resource is missing from state",
    { clusters: [live("c", marked("orders"))] },
    ["error lost-cluster cluster c", "preview", "up", "by hand"],
  ],
  [
    "advises to rename the stack back, where it had another name then",
    { clusters: [live("c", marked("orders", "acme/shop/former"))] },
    ["error lost-cluster cluster c", "by hand", "by hand", "up", "by hand"],
  ],
  [
    "finds a lost cluster that was created as a replacement",
    {
      resources: [cluster("orders", "id-of-c")],
      clusters: [live("c"), live("d", marked("orders"))],
    },
    ["error lost-cluster cluster d", "preview", "up", "by hand"],
  ],
  [
    "finds a lost cluster that stands in for a deleted one",
    {
      resources: [cluster("orders", "id-of-c")],
      clusters: [live("c", { state: "DELETED" }), live("d", marked("orders"))],
    },
    ["error lost-cluster cluster d", "refresh", "up"],
    ['error not-found Cluster "orders"', "refresh", "up"],
  ],
  [
    "advises to delete a failed lost cluster by hand",
    { clusters: [live("c", { ...marked("orders"), state: "CREATION_FAILED" })] },
    ["error lost-cluster cluster c", "by hand"],
  ],
  [
    "treats a cluster that is only read as missing from state",
    {
      resources: [cluster("shared", "id-of-c", { external: true })],
      clusters: [live("c", marked("orders"))],
    },
    ["error lost-cluster cluster c", "preview", "up", "by hand"],
  ],
  [
    "ignores clusters of other stacks and organizations, and those without a mark",
    {
      clusters: [
        live("a"),
        live("b", marked("orders", "acme/shop/prod")),
        live("c", marked("orders", "other/shop/dev")),
        live("d", { ...marked("orders"), state: "DELETED" }),
      ],
    },
  ],
];

function at(clusterId: unknown, inputs: object) {
  return { inputs: { clusterId, ...inputs } };
}

describe("Diagnosis", () => {
  for (const [group, rows] of [
    ["of resources in state", inState],
    ["of interrupted operations", interrupted],
    ["of lost clusters", lost],
  ] as const) {
    describe(group, () => {
      for (const [title, seen, ...found] of rows) {
        it(title, () => {
          const findings = findingsOn(seen);
          const byText = (a: string[], b: string[]) => (String(a) < String(b) ? -1 : 1);
          assert.deepEqual(
            findings.map(summary).sort(byText),
            [...found].map((row) => [...row]),
          );
        });
      }
    });
  }

  it("sorts by severity, then by URN", () => {
    const findings = findingsOn({
      resources: [
        cluster("z", "id-of-z"),
        cluster("b", "id-of-b"),
        cluster("a", "id-of-a", { initErrors: ["503"] }),
      ],
      pending: [["creating", cluster("orders", undefined, { inputs: { name: "orders" } })]],
      clusters: [live("a"), live("orders")],
    });
    assert.deepEqual(
      findings.map(({ severity, subject }) => `${severity} ${subject}`),
      ['error Cluster "b"', 'error Cluster "z"', 'warning Cluster "a"', 'hint Cluster "orders"'],
    );
  });

  it("ignores failed clusters, in state or not, in favour of the one that the next update adopts", () => {
    const failed = { ...marked("orders"), state: "CREATION_FAILED" };
    const findings = findingsOn({
      resources: [cluster("orders", "id-of-b", { outputs: { state: "CREATION_FAILED" } })],
      pending: [["creating", cluster("orders")]],
      clusters: [live("a", failed), live("b", failed), live("c", marked("orders"))],
    });
    assert.deepEqual(findings.map(({ code, clusterId }) => [code, clusterId]).sort(), [
      ["interrupted-creation", "id-of-c"],
      ["lost-cluster", "id-of-a"],
    ]);
  });

  it("names the cluster by name and id, and shows the start of a long reason only", () => {
    const [finding] = findingsOn({
      resources: [cluster("orders", "id-of-c", { initErrors: ["x".repeat(2_000)] })],
      clusters: [live("c")],
    });
    assert.deepEqual([finding?.clusterName, finding?.clusterId], ["c", "id-of-c"]);
    assert.ok((finding?.what.length ?? 0) < 500);
  });

  it("never advises what could lose a cluster", () => {
    for (const [title, seen] of [...inState, ...interrupted, ...lost]) {
      for (const { fix } of findingsOn(seen)) {
        const commands = fix.map(({ run = "" }) => run).join("; ");
        assert.doesNotMatch(commands, /destroy|import-pending|state delete|--replace/, title);
        if (commands.includes("--clear-pending-creates")) {
          assert.match(commands, /pulumi up; .*--clear-pending-creates$/, title);
        }
      }
    }
  });
});

import { strict as assert } from "node:assert";
import { lifecycle } from "../../../provider/cluster";
import {
  createOnlyChanges,
  diffCluster,
  listed,
  refusedChanges,
} from "../../../provider/cluster/diff";
import { advanced, basic, standard, stateOf } from "../../support/builders";

/** What a reviewer reads on the line of the resource. */
function saidAtPreview(before: object, news: object, state: object = stateOf(before)): string[] {
  const stored = { state, asked: before, isForeign: false };
  return [
    ...lifecycle.check(before as never, news as never).notes,
    ...lifecycle.diff("id", stored as never, news as never).notes,
  ].map(({ message }) => message);
}

type Row = [what: string, before: object, news: object, changes: string[]];

function table(rows: readonly Row[]): void {
  for (const [what, before, news, changes] of rows) {
    it(what, () => {
      const found = diffCluster(stateOf(before), news, before);
      assert.deepEqual(
        found.map(({ kind, property }) => `${kind} ${property}`),
        changes,
      );
    });
  }
}

const several = (regions: string[], primaryRegion = "us-east1") =>
  basic({ regions, primaryRegion });
const limits = (usageLimits: object) => basic({ usageLimits });
const gcp = (dedicated: object) =>
  advanced({ regionNodes: { "us-east1": 3 }, ...dedicated }, { cloudProvider: "GCP" });
const machine = (hardware: unknown) => advanced({ hardware });
const byType = (machineType: string) => machine({ machineSpec: { machineType } });
// What a preview hands over in place of a value that it does not know.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const three = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };

describe("Changes of a cluster", () => {
  describe("are not seen in", () => {
    table([
      ["the same arguments", basic(), basic(), []],
      [
        "regions in another order",
        several(["us-east1", "us-west2"]),
        several(["us-west2", "us-east1"]),
        [],
      ],
      ["no limits and limits left out", basic(), limits({}), []],
      ["limits left out and limits set before", limits({ storageMibLimit: 5 }), basic(), []],
      ["the only region as the primary one", basic(), basic({ primaryRegion: "us-central1" }), []],
      ["a name left out", basic({}, { name: "orders" }), basic(), []],
      ["labels left out", basic({}, { labels: { a: "b" } }), basic(), []],
      [
        "labels in another order",
        basic({}, { labels: { a: "b", c: "d" } }),
        basic({}, { labels: { c: "d", a: "b" } }),
        [],
      ],
      ["protection left out", basic({}, { deleteProtection: true }), basic(), []],
      ["the root folder in its other spelling", basic(), basic({}, { parentId: "" }), []],
      [
        "a machine type the service has chosen",
        machine({ machineSpec: { numVirtualCpus: 4 } }),
        machine({ machineSpec: { numVirtualCpus: 4 } }),
        [],
      ],
      [
        "storage left out",
        machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 35 }),
        machine({ machineSpec: { numVirtualCpus: 4 } }),
        [],
      ],
      [
        "storage of zero, which asks for the smallest",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 0 }),
        [],
      ],
      [
        "IOPS of zero, which ask for the default",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 4 }, diskIops: 0 }),
        [],
      ],
      [
        "IOPS on GCP",
        gcp({}),
        gcp({ hardware: { machineSpec: { numVirtualCpus: 4 }, diskIops: 9_999 } }),
        [],
      ],
      [
        "the same version in its patch form",
        advanced({ cockroachVersion: "v25.2" }),
        advanced({ cockroachVersion: "v25.2.1" }),
        [],
      ],
      ["a version left out", advanced({ cockroachVersion: "v25.2" }), advanced(), []],
      [
        "finalization with nothing to finalize",
        advanced(),
        advanced({ finalizeUpgrade: true }),
        [],
      ],
      [
        "virtualization that is off",
        advanced(),
        advanced({ supportsClusterVirtualization: false }),
        [],
      ],
      [
        "network settings left out",
        gcp({ networkVisibility: "PRIVATE", cidrRange: "172.16.0.0/14" }),
        gcp({}),
        [],
      ],
      ["keys of regions that are there", advanced(), advanced({ cmekRegionSpecs: [] }), []],
      ["an empty allowlist, later", basic(), basic({ withEmptyIpAllowlist: true }), []],
      ["restricted egress, later", advanced(), advanced({ restrictEgressTraffic: true }), []],
    ]);

    it("a machine type that the service has moved to another of the same size", () => {
      const asked = byType("m6i.xlarge");
      const state = stateOf(asked);
      state["dedicated"].hardware.machineSpec.machineType = "m7g.xlarge";
      assert.deepEqual(diffCluster(state, asked, asked), []);
    });
  });

  describe("where not everything is known", () => {
    const found = (before: object, news: object, asked?: object) =>
      diffCluster(before, news, asked).map(({ kind, property }) => `${kind} ${property}`);
    const without = (part: "serverless" | "dedicated", ...members: string[]) => {
      const state = stateOf(part === "serverless" ? standard() : advanced());
      for (const member of members) delete state[part][member];
      return state;
    };

    const unknownInNews: [what: string, before: object, news: object, change: string][] = [
      ["the plan", basic(), basic({}, { plan: unknown }), "replace plan"],
      ["the part", basic(), basic({}, { serverless: unknown }), "replace serverless"],
      ["the regions", basic(), basic({ regions: unknown }), "replace serverless.regions"],
      [
        "a limit",
        limits({ storageMibLimit: 5 }),
        limits({ storageMibLimit: unknown }),
        "update serverless.usageLimits",
      ],
      [
        "all limits of a cluster that has none",
        basic(),
        basic({ usageLimits: unknown }),
        "update serverless.usageLimits",
      ],
      [
        "the version",
        standard(),
        standard({ cockroachVersion: unknown }),
        "update serverless.cockroachVersion",
      ],
      [
        "the part of Advanced",
        advanced(),
        advanced({}, { dedicated: unknown }),
        "replace dedicated",
      ],
      ["the hardware", advanced(), machine(unknown), "update dedicated.hardware"],
      [
        "the machine",
        advanced(),
        machine({ machineSpec: unknown }),
        "update dedicated.hardware.machineSpec",
      ],
      [
        "the number of nodes",
        advanced({ regionNodes: three }),
        advanced({ regionNodes: { "us-east-1": unknown } }),
        "update dedicated.regionNodes",
      ],
    ];
    for (const [what, before, news, change] of unknownInNews) {
      it(`takes ${what} for a change, and says only what is sure`, () => {
        assert.deepEqual(found(stateOf(before), news), [change]);
        const [only] = diffCluster(stateOf(before), news);
        const cost = only?.kind === "replace" ? /replaced by an empty one/ : /^$|restarted/;
        assert.match(only?.sentence ?? "", cost);
      });
    }

    it("takes what is not known of the cluster for no change", () => {
      const rows: [before: object, news: object][] = [
        [{ plan: "BASIC", name: null, labels: null }, basic({}, { name: "orders", labels: {} })],
        [{ plan: "ADVANCED" }, advanced()],
        [
          without("serverless", "regions"),
          standard({ regions: ["us-east1"], primaryRegion: "us-east1" }),
        ],
        [without("dedicated", "hardware"), machine({ storageGib: 100 })],
        [without("dedicated", "regionNodes"), advanced({ regionNodes: three })],
      ];
      for (const [before, news] of rows) assert.deepEqual(found(before, news), []);
      const unversioned = { ...without("serverless", "cockroachVersion"), cockroachVersion: null };
      assert.deepEqual(found(unversioned, standard({ cockroachVersion: "v25.4" })), []);
      const bare = without("dedicated", "hardware");
      bare["dedicated"].hardware = {};
      assert.deepEqual(found(bare, advanced()), []);
    });

    it("takes what the program leaves out or sets to null for no change", () => {
      const state = stateOf(basic({}, { labels: { a: "b" } }));
      assert.deepEqual(found(state, basic({ regions: undefined }, { labels: null })), []);
      assert.deepEqual(found(stateOf(advanced()), advanced({ hardware: undefined })), []);
      assert.deepEqual(found(stateOf(advanced()), machine({})), []);
    });

    it("goes by the version that the cluster runs where its part has none", () => {
      const [change] = diffCluster(
        without("serverless", "cockroachVersion"),
        standard({ cockroachVersion: "v25.4.1" }),
      );
      assert.match(change?.sentence ?? "", /goes from v25\.2 to v25\.4, node by node/);
      const older = { ...without("dedicated", "cockroachVersion"), cockroachVersion: "v25.4.1" };
      assert.deepEqual(
        found(
          { ...older, upgradeStatus: "PENDING_FINALIZATION" },
          advanced({ cockroachVersion: "v25.2", finalizeUpgrade: true }),
        ),
        ["update dedicated.cockroachVersion"],
      );
    });

    it("goes by the cloud that the cluster runs in where the program names none", () => {
      const news = machine({ machineSpec: { numVirtualCpus: 4 }, diskIops: 4_000 });
      delete news["cloudProvider"];
      assert.deepEqual(found(stateOf(advanced()), news), ["update dedicated.hardware.diskIops"]);
    });

    it("takes another type of machine for a change where it is not known what was asked for", () => {
      for (const asked of [undefined, { dedicated: {} }, { dedicated: { hardware: {} } }]) {
        assert.deepEqual(found(stateOf(byType("m6i.xlarge")), byType("m6i.2xlarge"), asked), [
          "update dedicated.hardware.machineSpec",
        ]);
      }
    });
  });

  describe("are made in place, such as", () => {
    table([
      [
        "protection on",
        basic(),
        basic({}, { deleteProtection: true }),
        ["update deleteProtection"],
      ],
      [
        "protection off",
        basic({}, { deleteProtection: true }),
        basic({}, { deleteProtection: false }),
        ["update deleteProtection"],
      ],
      [
        "a label",
        basic({}, { labels: { a: "b" } }),
        basic({}, { labels: { a: "c" } }),
        ["update labels"],
      ],
      [
        "no labels",
        basic({}, { labels: { a: "b" } }),
        basic({}, { labels: {} }),
        ["update labels"],
      ],
      ["the folder", basic(), basic({}, { parentId: "f1" }), ["update parentId"]],
      [
        "a region more",
        several(["us-east1", "us-west2"]),
        several(["us-central1", "us-west2", "us-east1"]),
        ["update serverless.regions"],
      ],
      [
        "a second region",
        basic(),
        basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-central1" }),
        ["update serverless.regions"],
      ],
      [
        "a second region as the primary one",
        basic(),
        basic({ regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" }),
        ["update serverless.regions"],
      ],
      [
        "the primary region",
        several(["us-east1", "us-west2"]),
        several(["us-east1", "us-west2"], "us-west2"),
        ["update serverless.primaryRegion"],
      ],
      [
        "a limit",
        limits({ storageMibLimit: 5 }),
        limits({ storageMibLimit: 6 }),
        ["update serverless.usageLimits"],
      ],
      [
        "a limit more",
        limits({ storageMibLimit: 5 }),
        limits({ storageMibLimit: 5, requestUnitLimit: 1 }),
        ["update serverless.usageLimits"],
      ],
      [
        "a limit less",
        limits({ storageMibLimit: 5, requestUnitLimit: 1 }),
        limits({ storageMibLimit: 5 }),
        ["update serverless.usageLimits"],
      ],
      [
        "no limit at all",
        limits({ storageMibLimit: 5 }),
        limits({}),
        ["update serverless.usageLimits"],
      ],
      ["a first limit", basic(), limits({ storageMibLimit: 5 }), ["update serverless.usageLimits"]],
      [
        "vCPUs",
        standard(),
        standard({ usageLimits: { provisionedVirtualCpus: 4 } }),
        ["update serverless.usageLimits"],
      ],
      [
        "who upgrades",
        standard(),
        standard({ upgradeType: "MANUAL" }),
        ["update serverless.upgradeType"],
      ],
      [
        "the version of a Standard cluster",
        standard(),
        standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4" }),
        ["update serverless.upgradeType", "update serverless.cockroachVersion"],
      ],
      ["Basic to Standard", basic(), standard(), ["update plan", "update serverless.usageLimits"]],
      [
        "Standard to Basic",
        standard(),
        basic({ usageLimits: {} }),
        ["update plan", "update serverless.usageLimits"],
      ],
      [
        "Basic to Standard with labels",
        basic(),
        standard({}, { labels: { a: "b" } }),
        ["update plan", "update labels", "update serverless.usageLimits"],
      ],
      [
        "nodes",
        advanced(),
        advanced({ regionNodes: { "us-east-1": 5 } }),
        ["update dedicated.regionNodes"],
      ],
      [
        "regions of an Advanced cluster",
        advanced(),
        advanced({ regionNodes: three }),
        ["update dedicated.regionNodes"],
      ],
      [
        "fewer regions of an Advanced cluster",
        advanced({ regionNodes: three }),
        advanced(),
        ["update dedicated.regionNodes"],
      ],
      [
        "the size of the machine",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 8 } }),
        ["update dedicated.hardware.machineSpec"],
      ],
      [
        "the type of the machine",
        byType("m6i.xlarge"),
        byType("m6i.2xlarge"),
        ["update dedicated.hardware.machineSpec"],
      ],
      [
        "storage",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 100 }),
        ["update dedicated.hardware.storageGib"],
      ],
      [
        "IOPS on AWS",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 35, diskIops: 4_000 }),
        ["update dedicated.hardware.diskIops"],
      ],
      [
        "the version",
        advanced(),
        advanced({ cockroachVersion: "v25.4" }),
        ["update dedicated.cockroachVersion"],
      ],
      [
        "an older version",
        advanced({ cockroachVersion: "v25.4" }),
        advanced({ cockroachVersion: "v25.2" }),
        ["update dedicated.cockroachVersion"],
      ],
    ]);

    it("those that cost nothing, which say no more than property and kind", () => {
      assert.deepEqual(diffCluster(stateOf(basic()), basic({}, { deleteProtection: true })), [
        { property: "deleteProtection", kind: "update" },
      ]);
    });

    it("finalization only when the program asks for it, and not with the way back", () => {
      const state = stateOf(advanced({ cockroachVersion: "v25.4" }));
      const pending = { ...state, upgradeStatus: "PENDING_FINALIZATION" };
      const properties = (dedicated: object) =>
        diffCluster(pending, advanced(dedicated)).map(({ property }) => property);
      const finalizeUpgrade = true;
      assert.deepEqual(properties({}), []);
      assert.deepEqual(properties({ cockroachVersion: "v25.2", finalizeUpgrade }), [
        "dedicated.cockroachVersion",
      ]);
      assert.deepEqual(properties({ cockroachVersion: "v26.1", finalizeUpgrade }), [
        "dedicated.cockroachVersion",
        "dedicated.finalizeUpgrade",
      ]);
    });

    it("finalization when the upgrade waits for it", () => {
      const state = { ...stateOf(advanced()), upgradeStatus: "PENDING_FINALIZATION" };
      const [change] = diffCluster(state, advanced({ finalizeUpgrade: true }));
      assert.deepEqual([change?.kind, change?.property], ["update", "dedicated.finalizeUpgrade"]);
      assert.match(change?.sentence ?? "", /cannot be rolled back/);
    });

    it("the size, where the type was given and the service has moved it to another size", () => {
      const state = stateOf(byType("m6i.xlarge"));
      state["dedicated"].hardware.machineSpec = { numVirtualCpus: 8, machineType: "m6i.2xlarge" };
      const found = diffCluster(state, byType("m6i.xlarge"), byType("m6i.2xlarge"));
      assert.deepEqual(
        found.map(({ property }) => property),
        ["dedicated.hardware.machineSpec"],
      );
    });

    const sentences: [string, object, object, RegExp][] = [
      [
        "lowering vCPUs",
        standard({ usageLimits: { provisionedVirtualCpus: 8 } }),
        standard(),
        /from 8 to 2 counts toward the three times in seven days/,
      ],
      [
        "adding a region",
        basic(),
        basic({ regions: ["us-central1", "us-east1"] }),
        /added and never removed/,
      ],
      [
        "adding and removing Advanced regions",
        advanced({ regionNodes: three }),
        advanced({ regionNodes: { "us-east-1": 3, "us-east-2": 3, "eu-west-1": 3 } }),
        /removes us-west-2 and adds eu-west-1: about 30 minutes for each/,
      ],
      [
        "an upgrade",
        advanced(),
        advanced({ cockroachVersion: "v25.4.1" }),
        /goes from v25\.2 to v25\.4, node by node/,
      ],
      [
        "storage",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 100 }),
        /never shrink/,
      ],
      [
        "machines",
        advanced(),
        machine({ machineSpec: { numVirtualCpus: 8 } }),
        /restarted one after another/,
      ],
      ["Standard to Basic", standard(), basic(), /For 48 hours there is then no way back/],
    ];
    for (const [what, before, news, sentence] of sentences) {
      it(`${what}, which says what it costs`, () => {
        const found = diffCluster(stateOf(before), news, before);
        assert.ok(
          found.some((change) => sentence.test(change.sentence ?? "")),
          JSON.stringify(found),
        );
        assert.equal(saidAtPreview(before, news).filter((said) => sentence.test(said)).length, 1);
      });
    }

    it("raising vCPUs and changing a number of nodes, which say nothing of costs", () => {
      for (const [before, news] of [
        [standard(), standard({ usageLimits: { provisionedVirtualCpus: 8 } })],
        [standard(), standard({ usageLimits: {} })],
        [standard(), standard({ usageLimits: { provisionedVirtualCpus: 2, storageMibLimit: 5 } })],
        [advanced(), advanced({ regionNodes: { "us-east-1": 5 } })],
      ] as const) {
        assert.equal(diffCluster(stateOf(before), news)[0]?.sentence, undefined);
      }
    });
  });

  describe("replace the cluster, such as", () => {
    table([
      ["the name", basic({}, { name: "orders" }), basic({}, { name: "billing" }), ["replace name"]],
      ["a first name", basic(), basic({}, { name: "orders" }), ["replace name"]],
      ["the cloud", basic(), basic({}, { cloudProvider: "AWS" }), ["replace cloudProvider"]],
      ["Basic to Advanced", basic(), advanced(), ["replace cloudProvider", "replace plan"]],
      [
        "Basic to Advanced, which makes other changes meaningless",
        basic(),
        advanced({}, { cloudProvider: "GCP", labels: { a: "b" } }),
        ["replace plan"],
      ],
      [
        "the name, with what else changes",
        basic({}, { name: "orders" }),
        basic({}, { name: "billing", labels: { a: "b" } }),
        ["replace name", "update labels"],
      ],
      [
        "Advanced to Standard",
        advanced(),
        standard({}, { cloudProvider: "AWS" }),
        ["replace plan"],
      ],
      [
        "a region less",
        several(["us-east1", "us-west2"]),
        basic({ regions: ["us-east1"] }),
        ["replace serverless.regions"],
      ],
      ["another region", basic(), basic({ regions: ["us-east1"] }), ["replace serverless.regions"]],
      [
        "a region less and Basic to Standard",
        several(["us-east1", "us-west2"]),
        standard({ regions: ["us-east1"] }),
        ["update plan", "replace serverless.regions", "update serverless.usageLimits"],
      ],
      [
        "visibility",
        advanced(),
        advanced({ networkVisibility: "PRIVATE" }),
        ["replace dedicated.networkVisibility"],
      ],
      ["the range", gcp({}), gcp({ cidrRange: "172.16.0.0/14" }), ["replace dedicated.cidrRange"]],
      [
        "virtualization",
        advanced(),
        advanced({ supportsClusterVirtualization: true }),
        ["replace dedicated.supportsClusterVirtualization"],
      ],
      [
        "the account",
        advanced({}, { customerCloudAccount: { aws: { arn: "a" } } }),
        advanced({}, { customerCloudAccount: { aws: { arn: "b" } } }),
        ["replace customerCloudAccount"],
      ],
      [
        "a first account",
        advanced(),
        advanced({}, { customerCloudAccount: { aws: { arn: "b" } } }),
        ["replace customerCloudAccount"],
      ],
    ]);

    it("all of these, of which a sentence says that the data is lost", () => {
      for (const [before, news] of [
        [basic(), advanced()],
        [basic(), basic({ regions: ["us-east1"] })],
        [advanced(), advanced({ networkVisibility: "PRIVATE" })],
        [basic({}, { name: "orders" }), basic({}, { name: "billing" })],
      ] as const) {
        const [change] = diffCluster(stateOf(before), news).filter(
          ({ kind }) => kind === "replace",
        );
        assert.match(change?.sentence ?? "", /replaced by an empty one/);
        const destroys =
          /^Changing \S+(?: and \S+)? destroys this cluster with all its data, databases and SQL users\. .*empty one\.$/;
        const warnings = saidAtPreview(before, news).filter((said) => destroys.test(said));
        assert.equal(warnings.length, 1);
      }
    });
  });

  it("are listed with what is and what the program says", () => {
    const changes = ["plan", "serverless.usageLimits.storageMibLimit", "dedicated.cidrRange"];
    const properties = changes.map((property) => ({ property }));
    assert.equal(
      listed(properties, stateOf(standard()), limits({ storageMibLimit: 5 })),
      [
        'plan is "STANDARD" but the program has "BASIC"',
        "serverless.usageLimits.storageMibLimit is not set but the program has 5",
        "dedicated.cidrRange is not set but the program has nothing",
      ].join("; "),
    );
  });

  describe("of settings that only count at creation", () => {
    const rows: [string, object, object, string[]][] = [
      [
        "an empty allowlist",
        basic(),
        basic({ withEmptyIpAllowlist: true }),
        ["serverless.withEmptyIpAllowlist"],
      ],
      [
        "an open allowlist",
        basic({ withEmptyIpAllowlist: true }),
        basic({ withEmptyIpAllowlist: false }),
        ["serverless.withEmptyIpAllowlist"],
      ],
      ["what is left out now", basic({ withEmptyIpAllowlist: true }), basic(), []],
      [
        "restricted egress",
        advanced(),
        advanced({ restrictEgressTraffic: true }),
        ["dedicated.restrictEgressTraffic"],
      ],
      ["what was the default before", basic(), basic({ withEmptyIpAllowlist: false }), []],
      ["nothing", advanced(), advanced(), []],
      ["another part", basic(), advanced(), []],
    ];
    for (const [what, before, news, properties] of rows) {
      it(what, () => {
        const found = createOnlyChanges(before, news);
        assert.deepEqual(
          found.map(({ property }) => property),
          properties,
        );
        for (const { sentence } of found) assert.match(sentence ?? "", /makes no request/);
      });
    }
  });

  describe("are refused, such as", () => {
    const sized = (storageGib: number) =>
      machine({ machineSpec: { numVirtualCpus: 4 }, storageGib });

    it("storage that shrinks, with the size to give", () => {
      const [failure, ...others] = refusedChanges(sized(100), sized(50));
      assert.deepEqual(others, []);
      assert.equal(failure?.property, "dedicated.hardware.storageGib");
      assert.match(failure?.reason ?? "", /cannot shrink from 100 to 50 GiB.*Give at least 100/);
    });

    it("a single node after several", () => {
      const [failure] = refusedChanges(advanced(), advanced({ regionNodes: { "us-east-1": 1 } }));
      assert.equal(failure?.property, "dedicated.regionNodes");
    });

    it("none of a size that grows, stays or is left out", () => {
      for (const [before, news] of [
        [sized(50), sized(50)],
        [sized(50), sized(51)],
        [sized(50), sized(0)],
        [sized(50), machine({ machineSpec: { numVirtualCpus: 4 } })],
        [
          advanced({ regionNodes: { "us-east-1": 1 } }),
          advanced({ regionNodes: { "us-east-1": 1 } }),
        ],
        [sized(50), machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: null })],
        [machine(undefined), sized(50)],
        [sized(50), advanced({ hardware: undefined })],
        [advanced({ regionNodes: undefined }), advanced({ regionNodes: null })],
        [basic(), advanced()],
        [advanced(), basic()],
      ] as const) {
        assert.deepEqual(refusedChanges(before, news), []);
      }
    });

    it("storage that is smaller than what the service has chosen, when it is first asked for", () => {
      const asked = machine({ machineSpec: { numVirtualCpus: 4 } });
      const state = stateOf(sized(100));
      const { refusal } = lifecycle.diff(
        "id",
        { state, asked, isForeign: false } as never,
        sized(50) as never,
      );
      assert.match(refusal ?? "", /storageGib cannot shrink from 100 to 50/);
      const drift = lifecycle.diff(
        "id",
        { state, asked: sized(100), isForeign: false } as never,
        sized(50) as never,
      );
      assert.equal(drift.refusal, undefined, "a refresh that found more storage goes on");
    });
  });

  describe("of a protected cluster", () => {
    const guarded = (before: object, news: object) =>
      lifecycle.check({ ...before, deleteProtection: true }, news as Record<string, unknown>)
        .failures;

    const replacements: [string, object, object, string][] = [
      ["the name", basic({}, { name: "orders" }), basic({}, { name: "billing" }), "name"],
      [
        "the cloud",
        basic(),
        basic({ regions: ["us-east-1"] }, { cloudProvider: "AWS" }),
        "cloudProvider",
      ],
      [
        "the plan",
        basic(),
        advanced({ regionNodes: { "us-east1": 3 } }, { cloudProvider: "GCP" }),
        "plan",
      ],
      [
        "a region less",
        several(["us-east1", "us-west2"]),
        basic({ regions: ["us-east1"] }),
        "serverless.regions",
      ],
      [
        "visibility",
        advanced({ networkVisibility: "PUBLIC" }),
        advanced({ networkVisibility: "PRIVATE" }),
        "dedicated.networkVisibility",
      ],
      [
        "virtualization",
        advanced(),
        advanced({ supportsClusterVirtualization: true }),
        "dedicated.supportsClusterVirtualization",
      ],
    ];
    for (const [what, before, news, property] of replacements) {
      it(`are refused on the property: ${what}`, () => {
        const failures = guarded(before, news);
        const own = failures.find((failure) => failure.property === property);
        assert.match(
          own?.reason ?? JSON.stringify(failures),
          /^Changing .* would destroy .* and its data, and delete protection is on\. To allow it, first run an update with deleteProtection: false;/,
        );
      });
    }

    it("are refused also when the same change takes the protection off", () => {
      const news = basic({}, { name: "billing", deleteProtection: false });
      assert.equal(guarded(basic({}, { name: "orders" }), news).length, 1);
    });

    it("are refused together, as one property of several gives no way out", () => {
      const failures = guarded(
        basic({}, { name: "orders" }),
        advanced({}, { name: "billing", cloudProvider: "AWS" }),
      );
      assert.equal(failures.length, 1);
      assert.match(
        failures[0]?.reason ?? "",
        /^Changing name from "orders" to "billing", cloudProvider from "GCP" to "AWS" and plan from "BASIC" to "ADVANCED" would destroy cluster "orders"/,
      );
    });

    it("name the cluster and both values", () => {
      const [failure] = guarded(basic({}, { name: "orders" }), basic({}, { name: "billing" }));
      assert.match(
        failure?.reason ?? "",
        /Changing name from "orders" to "billing" would destroy cluster "orders"/,
      );
    });

    it("are not refused in place, nor when there are no olds", () => {
      assert.deepEqual(guarded(basic(), standard()), []);
      assert.deepEqual(lifecycle.check({}, basic({}, { name: "billing" })).failures, []);
    });

    it("are refused in diff when only the state knows what they replace", () => {
      const state = stateOf(basic({}, { deleteProtection: true }));
      const stored = { state, asked: basic({}, { deleteProtection: true }), isForeign: false };
      const { refusal } = lifecycle.diff(
        "id",
        stored as never,
        basic({}, { name: "billing" }) as never,
      );
      assert.match(refusal ?? "", /would destroy cluster "generated-a1b2c3" and its data/);
    });
  });

  describe("as Pulumi gets them", () => {
    const outcomeOf = (before: object, news: object, change: object = {}) =>
      lifecycle.diff(
        "id",
        { state: { ...stateOf(before), ...change }, asked: before, isForeign: false } as never,
        news as never,
      );

    it("are distinguished by what they do", () => {
      const news = basic({}, { name: "billing", labels: { a: "b" } });
      const { updates, replaces, refusal } = outcomeOf(basic({}, { name: "orders" }), news);
      assert.deepEqual([updates, replaces, refusal], [["labels"], ["name"], undefined]);
    });

    const orders: [what: string, before: object, news: object, change: object, first: boolean][] = [
      ["the new one", basic(), advanced(), {}, false],
      ["the old one, whose name the new one needs", basic(), basic({}, { name: "new" }), {}, true],
      ["the old one, which may refuse", basic(), advanced(), { deleteProtection: true }, true],
      ["the unfinished one", basic(), advanced(), { state: "CREATING" }, true],
    ];
    for (const [what, before, news, change, first] of orders) {
      it(`replace ${what} first`, () =>
        assert.equal(outcomeOf(before, news, change).deleteBeforeReplace, first));
    }

    it("replace a cluster that failed to be created, with a warning", () => {
      const { replaces, updates, notes } = outcomeOf(basic(), basic(), {
        state: "CREATION_FAILED",
      });
      assert.deepEqual([replaces, updates], [["state"], []]);
      assert.deepEqual(
        notes.map(({ severity }) => severity),
        ["warning"],
      );
    });

    it("go on with a cluster that is not finished", () => {
      const { replaces, updates } = outcomeOf(basic(), basic(), { state: "CREATING" });
      assert.deepEqual([replaces, updates], [[], ["state"]]);
    });

    it("of a protected cluster are not refused while they may turn out to be none", () => {
      const before = basic({}, { name: "orders", deleteProtection: true });
      const news = basic({}, { name: unknown, deleteProtection: true });
      assert.equal(outcomeOf(before, news).refusal, undefined);
    });
  });

  describe("are noted at preview", () => {
    it("from what only the cluster reports, and once", () => {
      const upgraded = { ...stateOf(advanced()), upgradeStatus: "PENDING_FINALIZATION" };
      const rows: [before: object, news: object, state: object | undefined, said: RegExp][] = [
        [advanced(), advanced({ finalizeUpgrade: true }), upgraded, /cannot be rolled back/],
        [
          byType("m6i.xlarge"),
          machine({ machineSpec: { numVirtualCpus: 8 } }),
          undefined,
          /restarted one after another/,
        ],
        [
          machine({ machineSpec: { numVirtualCpus: 4 } }),
          machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 100 }),
          undefined,
          /never shrink/,
        ],
        [
          basic(),
          basic({}, { name: "billing" }),
          undefined,
          /^Changing name destroys this cluster/,
        ],
      ];
      for (const [before, news, state, expected] of rows) {
        const [said, ...others] = saidAtPreview(before, news, state);
        assert.match(said ?? "", expected);
        assert.deepEqual(others, []);
      }
    });

    it("a replacement as a warning, a change in place as information", () => {
      const notesOf = (before: object, news: object) =>
        lifecycle.check(before as never, news as never).notes.map(({ severity }) => severity);
      assert.deepEqual(notesOf(basic({}, { name: "orders" }), basic({}, { name: "billing" })), [
        "warning",
      ]);
      assert.deepEqual(notesOf(basic(), standard()), ["info"]);
      assert.deepEqual(notesOf(basic(), basic()), []);
    });

    it("a long name, when it is new", () => {
      const notesOf = (before: object, name: unknown) =>
        lifecycle.check(before as never, basic({ withEmptyIpAllowlist: true }, { name })).notes;
      const long = "orders-of-the-shop-eu"; // 21 characters
      const [note, ...others] = notesOf({}, long);
      assert.deepEqual([note?.severity, others], ["info", []]);
      assert.match(note?.message ?? "", /has 21 characters/);
      assert.deepEqual(notesOf({}, long.slice(1)), []);
      assert.deepEqual(notesOf({}, unknown), []);
      assert.deepEqual(notesOf(basic({}, { name: long }), long), []);
      assert.equal(notesOf(basic({}, { name: "orders" }), long).length, 2);
    });
  });
});

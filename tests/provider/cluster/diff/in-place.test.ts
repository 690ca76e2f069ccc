import { strict as assert } from "node:assert";
import { diffCluster } from "../../../../provider/cluster/diff";
import { advanced, basic, standard, stateOf } from "../../../support/builders";
import { byType, limits, machine, saidAtPreview, several, table, three } from "./table";

describe("Changes of a cluster", () => {
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
});

import { strict as assert } from "node:assert";
import { diffCluster } from "../../../../provider/cluster/diff";
import { advanced, basic, standard, stateOf } from "../../../support/builders";
import { byType, gcp, limits, machine, several, table, three, unknown } from "./table";

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
});

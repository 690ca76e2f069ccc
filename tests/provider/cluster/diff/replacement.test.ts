import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { createOnlyChanges, diffCluster, refusedChanges } from "../../../../provider/cluster/diff";
import { advanced, basic, standard, stateOf } from "../../../support/builders";
import { gcp, machine, saidAtPreview, several, table } from "./table";

describe("Changes of a cluster", () => {
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
        { state, inputs: asked, isFromBridge: false } as never,
        sized(50) as never,
      );
      assert.match(refusal ?? "", /storageGib cannot shrink from 100 to 50/);
      const drift = lifecycle.diff(
        "id",
        { state, inputs: sized(100), isFromBridge: false } as never,
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
      const stored = { state, inputs: basic({}, { deleteProtection: true }), isFromBridge: false };
      const { refusal } = lifecycle.diff(
        "id",
        stored as never,
        basic({}, { name: "billing" }) as never,
      );
      assert.match(refusal ?? "", /would destroy cluster "generated-a1b2c3" and its data/);
    });
  });
});

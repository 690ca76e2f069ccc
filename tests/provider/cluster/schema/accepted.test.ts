import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { advanced, basic, standard } from "../../../support/builders";
import { unknown } from "../../../support/engine-model/values";
import { byRegion, failuresOf, labels, multiRegion } from "./arguments";

describe("Cluster arguments", () => {
  describe("accepted", () => {
    const accepted: [string, object][] = [
      ["a Basic cluster with nothing but the needed", basic()],
      [
        "limits of a Basic cluster",
        basic({ usageLimits: { requestUnitLimit: 1, storageMibLimit: 1 } }),
      ],
      ["limits that say unlimited", basic({ usageLimits: {} })],
      ["the only region as the primary one", basic({ primaryRegion: "us-central1" })],
      ["several regions", basic({ regions: ["us-east1", "us-west2"], primaryRegion: "us-west2" })],
      ["automatic upgrades of a Basic cluster", basic({ upgradeType: "AUTOMATIC" })],
      ["an empty allowlist", basic({ withEmptyIpAllowlist: true })],
      ["a Standard cluster", standard()],
      ["2 vCPUs", standard({ usageLimits: { provisionedVirtualCpus: 2 } })],
      ["200 vCPUs", standard({ usageLimits: { provisionedVirtualCpus: 200 } })],
      [
        "a version with manual upgrades",
        standard({ upgradeType: "MANUAL", cockroachVersion: "v25.2" }),
      ],
      ["an Advanced cluster", advanced()],
      ["a single node", advanced({ regionNodes: { "us-east-1": 1 } })],
      ["three regions", advanced({ regionNodes: multiRegion })],
      [
        "a machine for each region",
        byRegion({ "us-east-1": { numVirtualCpus: 4 } }, { storageGib: 1_280 }),
      ],
      ["a machine for each region that may turn out to be left out", byRegion(unknown)],
      ["no wish to finalize", basic({ finalizeUpgrade: false })],
      [
        "the end of an upgrade of one's own",
        standard({ upgradeType: "MANUAL", finalizeUpgrade: true }),
      ],
      [
        "a machine by its type",
        advanced({ hardware: { machineSpec: { machineType: "m6i.xlarge" } } }),
      ],
      [
        "the most storage",
        advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 1280 } }),
      ],
      ["a patch version, as the guide has it", advanced({ cockroachVersion: "v23.1.2" })],
      ["Azure for Advanced", advanced({ regionNodes: { eastus: 3 } }, { cloudProvider: "AZURE" })],
      [
        "a range on GCP",
        advanced(
          { regionNodes: { "us-east1": 3 }, cidrRange: "172.28.0.0/19" },
          { cloudProvider: "GCP" },
        ),
      ],
      [
        "a cloud account of one's own",
        advanced({}, { customerCloudAccount: { aws: { arn: "arn:aws:iam::1:role/a" } } }),
      ],
      [
        "a range up to the last address",
        advanced(
          { regionNodes: { "us-east1": 3 }, cidrRange: "10.255.255.255/8" },
          { cloudProvider: "GCP" },
        ),
      ],
      [
        "zero storage and IOPS, which are those of the machine",
        advanced({
          hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 0, diskIops: 0 },
        }),
      ],
      ["a name of 6 characters", basic({}, { name: "orders" })],
      ["a name of 40 characters", basic({}, { name: "a".repeat(40) })],
      ["50 labels", basic({}, { labels: labels(50) })],
      ["no labels", basic({}, { labels: {} })],
      [
        "labels at their longest",
        basic({}, { labels: { [`k${"_".repeat(62)}`]: "v".repeat(63), b: "" } }),
      ],
      ["the root folder in both spellings", basic({}, { parentId: "" })],
    ];
    for (const [what, args] of accepted) {
      it(what, () => assert.deepEqual(failuresOf(args), []));
    }
  });

  describe("notes", () => {
    it("say that a name is longer than documented, when it is new", () => {
      const news = basic({}, { name: "a-name-of-more-than-twenty" });
      const [note] = lifecycle.check({}, news).notes;
      assert.equal(note?.severity, "info");
      assert.match(
        note?.message ?? "",
        /has 26 characters\. The API accepts up to 40 and documents 20/,
      );
      assert.deepEqual(lifecycle.check(news, news).notes, []);
    });

    it("are silent about a name of 20 characters", () => {
      assert.deepEqual(lifecycle.check({}, advanced({}, { name: "a".repeat(20) })).notes, []);
    });

    it("say that every address can connect to a new cluster, unless the program says whether", () => {
      const notesOf = (news: object, olds = {}, adopt?: string) =>
        lifecycle.check(olds, news as never, adopt).notes.map(({ message }) => message);
      for (const news of [basic(), standard()]) {
        assert.match(notesOf(news).join("\n"), /^Every address can connect: .* 0\.0\.0\.0\/0/);
        assert.deepEqual(notesOf(news, news), []);
        assert.deepEqual(notesOf(news, {}, "id-1"), [], "an adopted one is created by nobody");
      }
      for (const withEmptyIpAllowlist of [true, false]) {
        assert.deepEqual(notesOf(basic({ withEmptyIpAllowlist })), []);
      }
      assert.deepEqual(notesOf(advanced()), []);
      assert.deepEqual(
        notesOf(basic({}, { serverless: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })),
        [],
      );
    });
  });
});

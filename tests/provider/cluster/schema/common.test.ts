import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { advanced, basic } from "../../../support/builders";
import type { Refused } from "./arguments";
import { failuresOf, hardware, label, labels, name, propertiesOf, refuses } from "./arguments";

describe("Cluster arguments", () => {
  describe("refused", () => {
    refuses([
      ["a short name", name("order"), "name", /6 to 40/],
      ["a long name", name("a".repeat(41)), "name", /6 to 40/],
      ["an emoji in a name", name("orders-🚀"), "name", /lowercase letters, digits and dashes/],
      ["a name of emoji", name("🚀🚀🚀🚀🚀🚀"), "name", /lowercase letters/],
      ["capitals in a name", name("Orders"), "name", /lowercase/],
      ["a dash at the end of a name", name("orders-"), "name", /no dash at either end/],
      ["a dash at the start of a name", name("-orders"), "name", /no dash at either end/],
      ["an underscore in a name", name("my_orders"), "name", /lowercase/],
      ["an empty name", name(""), "name", /6 to 40/],
      ["a name with a line break", name("orders\n"), "name", /6 to 40/],
      ["a name that is null", name(null), "name", /must be a string, not null/],
      ["a name that is a number", name(123456), "name", /must be a string, not 123456/],
      ["no plan", { ...basic(), plan: undefined }, "plan", /is required: give one of "BASIC"/],
      [
        "another plan",
        { ...basic(), plan: "FREE" },
        "plan",
        /one of "BASIC", "STANDARD", "ADVANCED", not the string "FREE"/,
      ],
      ["a plan in small letters", { ...basic(), plan: "basic" }, "plan", /one of "BASIC"/],
      ["no cloud", { ...basic(), cloudProvider: undefined }, "cloudProvider", /is required/],
      [
        "another cloud",
        basic({}, { cloudProvider: "IBM" }),
        "cloudProvider",
        /one of "AWS", "GCP", "AZURE"/,
      ],
      [
        "no part at all for Basic",
        { plan: "BASIC", cloudProvider: "GCP" },
        "serverless",
        /is required for a cluster of plan BASIC/,
      ],
      [
        "no part at all for Advanced",
        { plan: "ADVANCED", cloudProvider: "GCP" },
        "dedicated",
        /is required for a cluster of plan ADVANCED/,
      ],
      [
        "both parts for Basic",
        { ...advanced(), ...basic({ regions: ["us-east-1"] }, { cloudProvider: "AWS" }) },
        "dedicated",
        /does not go with plan BASIC/,
      ],
      [
        "both parts for Advanced",
        { ...basic({ regions: ["us-east-1"] }), ...advanced() },
        "serverless",
        /does not go with plan ADVANCED/,
      ],
      [
        "a cloud account for Basic",
        basic({}, { customerCloudAccount: { aws: { arn: "a" } } }),
        "customerCloudAccount",
        /ADVANCED only/,
      ],
      [
        "no cloud account in the cloud account",
        advanced({}, { customerCloudAccount: {} }),
        "customerCloudAccount",
        /exactly one of/,
      ],
      [
        "two cloud accounts",
        advanced(
          {},
          { customerCloudAccount: { aws: { arn: "a" }, gcp: { serviceAccountEmail: "b" } } },
        ),
        "customerCloudAccount",
        /exactly one of/,
      ],
      [
        "a boolean as a string",
        basic({}, { deleteProtection: "true" }),
        "deleteProtection",
        /must be true or false, not the string "true"/,
      ],
      [
        "a boolean that is null",
        basic({}, { deleteProtection: null }),
        "deleteProtection",
        /must be true or false, not null/,
      ],
      ...["/Team", "123", "Root"].map(
        (parentId): Refused => [
          `the folder ${parentId}`,
          basic({}, { parentId }),
          "parentId",
          new RegExp(`must be "root" or the id of a folder, a UUID, not the string "${parentId}"`),
        ],
      ),
      ["51 labels", basic({}, { labels: labels(51) }), "labels", /at most 50, and there are 51/],
      ["a label key with capitals", label("Team"), "labels.Team", /begins with a lowercase letter/],
      [
        "a label key that begins with a digit",
        label("1team"),
        "labels.1team",
        /begins with a lowercase letter/,
      ],
      [
        "a label key with a dot",
        label("a.b"),
        'labels["a.b"]',
        /lowercase letters, digits, dashes/,
      ],
      ["a label key of emoji", label("🚀"), 'labels["🚀"]', /begins with a lowercase letter/],
      ["an empty label key", label(""), 'labels[""]', /begins with a lowercase letter/],
      ["a long label key", label("a".repeat(64)), `labels.${"a".repeat(60)}…`, /at most 63/],
      ["a long label value", label("team", "v".repeat(64)), "labels.team", /at most 63/],
      ["a label value with capitals", label("team", "Payments"), "labels.team", /lowercase/],
      [
        "a label value that is a number",
        label("team", 7),
        "labels.team",
        /must be a string, not 7/,
      ],
      [
        "a label value that is null",
        label("team", null),
        "labels.team",
        /must be a string, not null/,
      ],
      [
        "the provider's own label",
        label("pulumi-creating"),
        "labels.pulumi-creating",
        /provider's own mark/,
      ],
      ["labels as a list", basic({}, { labels: ["a"] }), "labels", /must be an object, not a list/],
      [
        "labels that are null",
        basic({}, { labels: null }),
        "labels",
        /must be an object, not null/,
      ],
      ["a misspelt argument", basic({}, { lables: {} }), "lables", /is not an argument here/],
      [
        "an argument of the API's spelling",
        basic({}, { delete_protection: true }),
        "delete_protection",
        /is not an argument/,
      ],
      [
        "a misspelt argument of serverless",
        basic({ region: ["us-central1"] }),
        "serverless.region",
        /Did you mean regions\?/,
      ],
      [
        "a limit where another argument belongs",
        basic({ requestUnitLimit: 1 }),
        "serverless.requestUnitLimit",
        /Did you mean serverless\.usageLimits\.requestUnitLimit\?/,
      ],
      [
        "a misspelt limit",
        basic({ usageLimits: { requestUnitsLimit: 1 } }),
        "serverless.usageLimits.requestUnitsLimit",
        /Did you mean requestUnitLimit\?/,
      ],
      [
        "a misspelt argument of dedicated",
        advanced({ nodes: 3 }),
        "dedicated.nodes",
        /is not an argument/,
      ],
      [
        "a misspelt argument of hardware",
        hardware({ storage: 1 }),
        "dedicated.hardware.storage",
        /is not an argument/,
      ],
      [
        "a misspelt argument of the machine",
        hardware({ machineSpec: { numVirtualCpus: 4, cpus: 4 } }),
        "dedicated.hardware.machineSpec.cpus",
        /is not an argument/,
      ],
      [
        "a misspelt argument of an account",
        advanced({}, { customerCloudAccount: { aws: { arn: "a", role: "b" } } }),
        "customerCloudAccount.aws.role",
        /is not an argument/,
      ],
      [
        "a misspelt argument of a region key",
        advanced({
          cmekRegionSpecs: [
            {
              region: "us-east-1",
              keySpec: { type: "AWS_KMS", uri: "u", authPrincipal: "p", auth: 1 },
            },
          ],
        }),
        "dedicated.cmekRegionSpecs[0].keySpec.auth",
        /is not an argument/,
      ],
      [
        "an argument where another belongs",
        basic({}, { regions: ["us-central1"] }),
        "regions",
        /is not an argument/,
      ],
      [
        "a part that is a string",
        { ...basic(), serverless: "yes" },
        "serverless",
        /must be an object, not the string "yes"/,
      ],
      [
        "a part that is a list",
        { ...basic(), serverless: [] },
        "serverless",
        /must be an object, not a list/,
      ],
    ]);

    it("everything at once, each on its property", () => {
      const news = {
        name: "🚀",
        plan: "BASIC",
        cloudProvider: "AZURE",
        labels: { "pulumi-creating": "x", ok: "NOT OK" },
        serverless: {
          regions: ["eastus", "eastus"],
          primaryRegion: "westus",
          usageLimits: { requestUnitLimit: 0, storageMibLimit: "5", provisionedVirtualCpus: 1 },
          upgradeType: "MANUAL",
          cockroachVersion: "v25.2",
          regoins: [],
        },
        dedicated: { regionNodes: { eastus: 1, westus: 2 }, hardware: { machineSpec: {} } },
        delteProtection: true,
      };
      assert.deepEqual([...new Set(propertiesOf(news))].sort(), [
        "cloudProvider",
        "dedicated",
        "dedicated.hardware.machineSpec",
        "dedicated.regionNodes",
        "delteProtection",
        "labels.ok",
        "labels.pulumi-creating",
        "name",
        "serverless.cockroachVersion",
        "serverless.primaryRegion",
        "serverless.regions[1]",
        "serverless.regoins",
        "serverless.upgradeType",
        "serverless.usageLimits.provisionedVirtualCpus",
        "serverless.usageLimits.requestUnitLimit",
        "serverless.usageLimits.storageMibLimit",
      ]);
    });

    it("both parts without a plan", () => {
      const news = { ...advanced(), ...basic(), plan: undefined, cloudProvider: "AWS" };
      assert.ok(propertiesOf(news).includes("dedicated"));
      assert.ok(propertiesOf(news).includes("plan"));
    });

    it("nothing at all", () => {
      assert.deepEqual(propertiesOf({}), ["cloudProvider", "plan"]);
    });
  });

  describe("10 MB of labels", () => {
    const tenMegabytes = 10 * 1024 * 1024;
    const cases: [string, Record<string, unknown>][] = [
      ["in one value", { team: "x".repeat(tenMegabytes) }],
      ["in one key", { ["x".repeat(tenMegabytes)]: "x" }],
      ["in one key with a blank", { [` ${"x".repeat(tenMegabytes)}`]: "x" }],
      ["in 200,000 labels", labels(200_000)],
      [
        "in 200,000 labels with wrong values",
        Object.fromEntries(Object.keys(labels(200_000)).map((key) => [key, "WRONG"])),
      ],
    ];
    for (const [what, value] of cases) {
      it(`${what} make a short message on the property`, () => {
        const failures = failuresOf(basic({}, { labels: value }));
        assert.ok(failures.length > 0 && failures.length <= 101, `${failures.length} failures`);
        for (const failure of failures) {
          assert.match(failure, /^labels/);
          assert.ok(failure.length < 400, `${failure.length} characters`);
        }
      });
    }
  });

  it("are all reported at once, with those that join arguments", () => {
    const { failures } = lifecycle.check(
      {},
      {
        plan: "BASIC",
        cloudProvider: "AZURE",
        labels: { Team: 1 },
        serverless: { regions: ["us-central1", "us-central1"], usageLimits: { surplus: 1 } },
      },
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      [
        "labels.Team",
        "serverless.usageLimits.surplus",
        "serverless.primaryRegion",
        "cloudProvider",
        "serverless.regions[0]",
        "serverless.regions[1]",
        "serverless.regions[1]",
        "labels.Team",
      ],
    );
  });
});

import { strict as assert } from "node:assert";
import { lifecycle } from "../../../provider/cluster";
import { advanced, basic, standard } from "../../support/builders";
import { unknown } from "../../support/shell";

const failuresOf = (news: object) =>
  lifecycle
    .check({}, news as Record<string, unknown>)
    .failures.map(({ property, reason }) => `${property} ${reason}`);

const propertiesOf = (news: object) =>
  lifecycle.check({}, news as Record<string, unknown>).failures.map(({ property }) => property);

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, "value"]));

const multiRegion = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };

const byRegion = (regionMachineSpecs: unknown, hardware: object = {}) =>
  advanced({ regionMachineSpecs, hardware });

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

  describe("refused", () => {
    const label = (key: string, value: unknown = "x") => basic({}, { labels: { [key]: value } });
    const name = (text: unknown) => basic({}, { name: text });
    const hardware = (change: object) =>
      advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, ...change } });
    const refused: [string, object, string, RegExp][] = [
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
        "Azure for Basic",
        basic({ regions: ["eastus"] }, { cloudProvider: "AZURE" }),
        "cloudProvider",
        /AWS or GCP for plan BASIC/,
      ],
      [
        "Azure for Standard",
        standard({ regions: ["eastus"] }, { cloudProvider: "AZURE" }),
        "cloudProvider",
        /AWS or GCP for plan STANDARD/,
      ],
      [
        "a request unit limit of zero",
        basic({ usageLimits: { requestUnitLimit: 0 } }),
        "serverless.usageLimits.requestUnitLimit",
        /above zero, not 0\. Leave the limit out/,
      ],
      [
        "a storage limit of zero",
        basic({ usageLimits: { storageMibLimit: 0 } }),
        "serverless.usageLimits.storageMibLimit",
        /above zero/,
      ],
      [
        "a negative limit",
        basic({ usageLimits: { storageMibLimit: -1 } }),
        "serverless.usageLimits.storageMibLimit",
        /above zero/,
      ],
      [
        "a limit in parts",
        basic({ usageLimits: { storageMibLimit: 1.5 } }),
        "serverless.usageLimits.storageMibLimit",
        /whole number/,
      ],
      [
        "a limit beyond exact numbers",
        basic({ usageLimits: { requestUnitLimit: 2 ** 60 } }),
        "serverless.usageLimits.requestUnitLimit",
        /whole number/,
      ],
      [
        "a limit as a string",
        basic({ usageLimits: { requestUnitLimit: "50000000" } }),
        "serverless.usageLimits.requestUnitLimit",
        /must be a number, not the string "50000000"/,
      ],
      [
        "a limit that is NaN",
        basic({ usageLimits: { requestUnitLimit: Number.NaN } }),
        "serverless.usageLimits.requestUnitLimit",
        /must be a number, not NaN/,
      ],
      [
        "a limit that is infinite",
        basic({ usageLimits: { requestUnitLimit: Number.POSITIVE_INFINITY } }),
        "serverless.usageLimits.requestUnitLimit",
        /not Infinity|above zero/,
      ],
      [
        "a limit that is null",
        basic({ usageLimits: { requestUnitLimit: null } }),
        "serverless.usageLimits.requestUnitLimit",
        /must be a number, not null/,
      ],
      [
        "limits that are null",
        basic({ usageLimits: null }),
        "serverless.usageLimits",
        /must be an object, not null/,
      ],
      [
        "vCPUs on Basic",
        basic({ usageLimits: { provisionedVirtualCpus: 2 } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /is for plan STANDARD/,
      ],
      [
        "a request unit limit on Standard",
        standard({ usageLimits: { provisionedVirtualCpus: 2, requestUnitLimit: 1 } }),
        "serverless.usageLimits.requestUnitLimit",
        /is for plan BASIC/,
      ],
      [
        "a storage limit on Standard",
        standard({ usageLimits: { provisionedVirtualCpus: 2, storageMibLimit: 1 } }),
        "serverless.usageLimits.storageMibLimit",
        /is for plan BASIC/,
      ],
      [
        "no vCPUs on Standard",
        standard({ usageLimits: {} }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /is required for plan STANDARD/,
      ],
      [
        "no limits on Standard",
        standard({ usageLimits: undefined }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /is required for plan STANDARD/,
      ],
      [
        "1 vCPU",
        standard({ usageLimits: { provisionedVirtualCpus: 1 } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /from 2 to 200, not 1/,
      ],
      [
        "0 vCPUs",
        standard({ usageLimits: { provisionedVirtualCpus: 0 } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /from 2 to 200, not 0/,
      ],
      [
        "201 vCPUs",
        standard({ usageLimits: { provisionedVirtualCpus: 201 } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /from 2 to 200, not 201/,
      ],
      [
        "two and a half vCPUs",
        standard({ usageLimits: { provisionedVirtualCpus: 2.5 } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /from 2 to 200, not 2\.5/,
      ],
      [
        "vCPUs as a string",
        standard({ usageLimits: { provisionedVirtualCpus: "2" } }),
        "serverless.usageLimits.provisionedVirtualCpus",
        /must be a number, not the string "2"/,
      ],
      [
        "no regions",
        basic({ regions: undefined }),
        "serverless.regions",
        /is required: give a list/,
      ],
      [
        "an empty list of regions",
        basic({ regions: [] }),
        "serverless.regions",
        /at least one region/,
      ],
      [
        "regions that are a string",
        basic({ regions: "us-central1" }),
        "serverless.regions",
        /must be a list, not the string "us-central1"/,
      ],
      [
        "a region that is null",
        basic({ regions: [null] }),
        "serverless.regions[0]",
        /must be a string, not null/,
      ],
      [
        "a region named twice",
        basic({ regions: ["us-east1", "us-east1"], primaryRegion: "us-east1" }),
        "serverless.regions[1]",
        /named twice/,
      ],
      [
        "a region of another cloud",
        basic({ regions: ["us-east-1"] }),
        "serverless.regions[0]",
        /spelling of AWS.*us-east1/,
      ],
      [
        "a region of another cloud for Advanced",
        advanced({ regionNodes: { "us-east1": 3 } }),
        "dedicated.regionNodes.us-east1",
        /spelling of GCP, and the cluster runs on AWS.*us-east-1/,
      ],
      [
        "several regions without a primary one",
        basic({ regions: ["us-east1", "us-west2"] }),
        "serverless.primaryRegion",
        /required as soon as there is more than one region/,
      ],
      [
        "a primary region that is no member",
        basic({ primaryRegion: "us-west2" }),
        "serverless.primaryRegion",
        /must be one of regions/,
      ],
      [
        "an empty primary region",
        basic({ primaryRegion: "" }),
        "serverless.primaryRegion",
        /must be one of regions/,
      ],
      [
        "manual upgrades of Basic",
        basic({ upgradeType: "MANUAL" }),
        "serverless.upgradeType",
        /must be AUTOMATIC for plan BASIC/,
      ],
      [
        "a version for Basic",
        basic({ cockroachVersion: "v25.2" }),
        "serverless.cockroachVersion",
        /cannot be set for plan BASIC/,
      ],
      [
        "a version without manual upgrades",
        standard({ cockroachVersion: "v25.2" }),
        "serverless.cockroachVersion",
        /needs upgradeType: "MANUAL"/,
      ],
      [
        "a version that is none",
        standard({ upgradeType: "MANUAL", cockroachVersion: "25.2" }),
        "serverless.cockroachVersion",
        /major version such as "v25\.2"/,
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
        "two regions",
        advanced({ regionNodes: { "us-east-1": 3, "us-east-2": 3 } }),
        "dedicated.regionNodes",
        /one region, or three and more/,
      ],
      ["no region", advanced({ regionNodes: {} }), "dedicated.regionNodes", /at least one region/],
      [
        "two nodes",
        advanced({ regionNodes: { "us-east-1": 2 } }),
        "dedicated.regionNodes.us-east-1",
        /1, or 3 and more/,
      ],
      [
        "no node",
        advanced({ regionNodes: { "us-east-1": 0 } }),
        "dedicated.regionNodes.us-east-1",
        /at least 1/,
      ],
      [
        "half a node",
        advanced({ regionNodes: { "us-east-1": 3.5 } }),
        "dedicated.regionNodes.us-east-1",
        /whole number/,
      ],
      [
        "nodes as a string",
        advanced({ regionNodes: { "us-east-1": "3" } }),
        "dedicated.regionNodes.us-east-1",
        /must be a number, not the string "3"/,
      ],
      [
        "nodes that are null",
        advanced({ regionNodes: { "us-east-1": null } }),
        "dedicated.regionNodes.us-east-1",
        /must be a number, not null/,
      ],
      [
        "one node in one of three regions",
        advanced({ regionNodes: { ...multiRegion, "us-east-2": 1 } }),
        "dedicated.regionNodes.us-east-2",
        /at least 3 in a cluster of several/,
      ],
      [
        "a single node on Azure",
        advanced({ regionNodes: { eastus: 1 } }, { cloudProvider: "AZURE" }),
        "dedicated.regionNodes.eastus",
        /at least 3 on Azure/,
      ],
      [
        "nodes as a list",
        advanced({ regionNodes: ["us-east-1"] }),
        "dedicated.regionNodes",
        /must be an object, not a list/,
      ],
      [
        "neither size nor type of a machine",
        hardware({ machineSpec: {} }),
        "dedicated.hardware.machineSpec",
        /not neither/,
      ],
      [
        "both size and type of a machine",
        hardware({ machineSpec: { numVirtualCpus: 4, machineType: "m6i.xlarge" } }),
        "dedicated.hardware.machineSpec",
        /not both/,
      ],
      [
        "2 vCPUs of a machine",
        hardware({ machineSpec: { numVirtualCpus: 2 } }),
        "dedicated.hardware.machineSpec.numVirtualCpus",
        /at least 4, not 2/,
      ],
      [
        "an empty machine type",
        hardware({ machineSpec: { machineType: "" } }),
        "dedicated.hardware.machineSpec.machineType",
        /must name/,
      ],
      [
        "too much storage",
        hardware({ storageGib: 1281 }),
        "dedicated.hardware.storageGib",
        /at most 1280 for 4 vCPUs/,
      ],
      [
        "negative storage",
        hardware({ storageGib: -1 }),
        "dedicated.hardware.storageGib",
        /whole number/,
      ],
      [
        "storage as a string",
        hardware({ storageGib: "35" }),
        "dedicated.hardware.storageGib",
        /must be a number/,
      ],
      ["negative IOPS", hardware({ diskIops: -1 }), "dedicated.hardware.diskIops", /whole number/],
      [
        "no hardware",
        advanced({ hardware: undefined }),
        "dedicated.hardware",
        /is required: give an object/,
      ],
      [
        "no machine",
        advanced({ hardware: {} }),
        "dedicated.hardware.machineSpec",
        /is required without regionMachineSpecs: give the vCPUs of a node/,
      ],
      [
        "a machine for all regions and for one",
        advanced({ regionMachineSpecs: { "us-east-1": { numVirtualCpus: 4 } } }),
        "dedicated.regionMachineSpecs",
        /excludes hardware.machineSpec: give the machine of all regions, or one for each/,
      ],
      [
        "no machine for a region",
        byRegion({}),
        "dedicated.regionMachineSpecs",
        /must name a machine for each region of regionNodes: us-east-1 has none/,
      ],
      [
        "a machine for another region",
        byRegion({ "us-east-1": { numVirtualCpus: 4 }, "us-west-2": { numVirtualCpus: 4 } }),
        "dedicated.regionMachineSpecs.us-west-2",
        /is not a region of regionNodes/,
      ],
      [
        "both size and type of a region's machine",
        byRegion({ "us-east-1": { numVirtualCpus: 4, machineType: "m6i.xlarge" } }),
        "dedicated.regionMachineSpecs.us-east-1",
        /exactly one of numVirtualCpus and machineType, not both/,
      ],
      [
        "2 vCPUs in a region",
        byRegion({ "us-east-1": { numVirtualCpus: 2 } }),
        "dedicated.regionMachineSpecs.us-east-1.numVirtualCpus",
        /at least 4, not 2/,
      ],
      [
        "more storage than the smallest machine takes",
        byRegion({ "us-east-1": { numVirtualCpus: 4 } }, { storageGib: 1_281 }),
        "dedicated.hardware.storageGib",
        /at most 1280 for 4 vCPUs/,
      ],
      [
        "the end of an upgrade of a Basic cluster",
        basic({ finalizeUpgrade: true }),
        "serverless.finalizeUpgrade",
        /must be false for plan BASIC: the service upgrades it/,
      ],
      [
        "the end of an upgrade that the service starts",
        standard({ finalizeUpgrade: true }),
        "serverless.finalizeUpgrade",
        /needs upgradeType: "MANUAL"/,
      ],
      [
        "a version that is none for Advanced",
        advanced({ cockroachVersion: "latest" }),
        "dedicated.cockroachVersion",
        /major version/,
      ],
      [
        "another visibility",
        advanced({ networkVisibility: "OPEN" }),
        "dedicated.networkVisibility",
        /one of "PUBLIC", "PRIVATE"/,
      ],
      [
        "a range on AWS",
        advanced({ cidrRange: "172.28.0.0/14" }),
        "dedicated.cidrRange",
        /on GCP, not AWS/,
      ],
      [
        "a range that is none",
        advanced(
          { regionNodes: { "us-east1": 3 }, cidrRange: "172.28.0.0" },
          { cloudProvider: "GCP" },
        ),
        "dedicated.cidrRange",
        /IPv4 range/,
      ],
      ...["x172.28.0.0/14", "172.28.0.0/140"].map((cidrRange): [string, object, string, RegExp] => [
        `the range ${cidrRange}`,
        advanced({ regionNodes: { "us-east1": 3 }, cidrRange }, { cloudProvider: "GCP" }),
        "dedicated.cidrRange",
        /must be an IPv4 range/,
      ]),
      [
        "a range beyond bytes",
        advanced(
          { regionNodes: { "us-east1": 3 }, cidrRange: "999.28.0.0/14" },
          { cloudProvider: "GCP" },
        ),
        "dedicated.cidrRange",
        /IPv4 range/,
      ],
      [
        "a range too small",
        advanced(
          { regionNodes: { "us-east1": 3 }, cidrRange: "172.28.0.0/20" },
          { cloudProvider: "GCP" },
        ),
        "dedicated.cidrRange",
        /\/19 or larger, not \/20/,
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
      ...["/Team", "123", "Root"].map((parentId): [string, object, string, RegExp] => [
        `the folder ${parentId}`,
        basic({}, { parentId }),
        "parentId",
        new RegExp(`must be "root" or the id of a folder, a UUID, not the string "${parentId}"`),
      ]),
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
    ];
    for (const [what, args, property, reason] of refused) {
      it(what, () => {
        const failures = lifecycle.check({}, args as Record<string, unknown>).failures;
        const own = failures.filter((failure) => failure.property === property);
        assert.notDeepEqual(own, [], `on ${property}, not ${JSON.stringify(failures)}`);
        assert.ok(
          own.some((failure) => reason.test(failure.reason)),
          JSON.stringify(own),
        );
        // A problem is reported once, and nothing that it entails beside it.
        assert.deepEqual([...new Set(propertiesOf(args))], [property]);
      });
    }

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

import { basic, standard } from "../../../support/builders";
import { refuses } from "./arguments";

describe("Cluster arguments", () => {
  describe("refused", () => {
    refuses([
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
    ]);
  });
});

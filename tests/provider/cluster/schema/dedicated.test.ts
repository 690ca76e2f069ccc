import { advanced } from "../../../support/builders";
import type { Refused } from "./arguments";
import { byRegion, hardware, multiRegion, refuses } from "./arguments";

describe("Cluster arguments", () => {
  describe("refused", () => {
    refuses([
      [
        "a region of another cloud for Advanced",
        advanced({ regionNodes: { "us-east1": 3 } }),
        "dedicated.regionNodes.us-east1",
        /spelling of GCP, and the cluster runs on AWS.*us-east-1/,
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
      ...["x172.28.0.0/14", "172.28.0.0/140"].map(
        (cidrRange): Refused => [
          `the range ${cidrRange}`,
          advanced({ regionNodes: { "us-east1": 3 }, cidrRange }, { cloudProvider: "GCP" }),
          "dedicated.cidrRange",
          /must be an IPv4 range/,
        ],
      ),
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
    ]);
  });
});

import { strict as assert } from "node:assert";
import { fromBridged } from "../../../provider/cluster/bridged";

describe("A cluster in the state of the bridged provider", () => {
  it("has its regions, limits, hardware and network in the shape of this one", () => {
    const regions = [
      { name: "us-central1", nodeCount: 0 },
      { name: "us-east1", nodeCount: 0, primary: true },
    ];
    const usageLimits = { requestUnitLimit: 10, storageMibLimit: 0, provisionedVirtualCpus: null };
    const serverless = fromBridged({
      plan: "BASIC",
      regions,
      serverless: { usageLimits, upgradeType: "AUTOMATIC" },
    });
    assert.deepEqual(serverless.serverless, {
      regions: ["us-central1", "us-east1"],
      primaryRegion: "us-east1",
      usageLimits: { requestUnitLimit: 10 },
      upgradeType: "AUTOMATIC",
    });
    assert.equal(serverless.plan, "BASIC");
    const dedicated = {
      numVirtualCpus: 4,
      machineType: "m6i.xlarge",
      storageGib: 35,
      diskIops: 525,
      cidrRange: "",
    };
    const nodes = [{ name: "us-east-1", nodeCount: 3 }];
    const inOurs = {
      regionNodes: { "us-east-1": 3 },
      hardware: {
        machineSpec: { numVirtualCpus: 4, machineType: "m6i.xlarge" },
        storageGib: 35,
        diskIops: 525,
      },
      cidrRange: "",
    };
    assert.deepEqual(fromBridged({ regions: nodes, dedicated }).dedicated, inOurs);
    for (const [isPrivate, networkVisibility] of [
      [true, "PRIVATE"],
      [false, "PUBLIC"],
    ] as const) {
      const part = { ...dedicated, privateNetworkVisibility: isPrivate };
      assert.deepEqual(fromBridged({ regions: nodes, dedicated: part }).dedicated, {
        ...inOurs,
        networkVisibility,
      });
    }
  });

  it("has nothing where the state has none or another shape", () => {
    const nowhere = fromBridged({ plan: "DEDICATED", regions: "all", serverless: {} });
    assert.equal("plan" in nowhere, false);
    assert.deepEqual(nowhere.serverless, {
      regions: [],
      primaryRegion: undefined,
      usageLimits: {},
      upgradeType: undefined,
    });
  });
});

// What the programs of the scenarios say of their cluster.
import type { ClusterSettings, Program } from "./lab";

export const basic: ClusterSettings = {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
};

export const standard: ClusterSettings = {
  ...basic,
  plan: "STANDARD",
  serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
};

export const advanced = (nodes: number): ClusterSettings => ({
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": nodes },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
});

export const named = (cluster: ClusterSettings): ClusterSettings => ({
  ...cluster,
  name: "orders-test",
});

/** A cluster that is replaced in every round: it moves from one cloud to the other. */
export const moving = (round: number): ClusterSettings =>
  round % 2 === 0
    ? basic
    : { ...basic, cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } };

export const only = (args: ClusterSettings, options = {}): Program => ({
  cluster: { args, options },
});

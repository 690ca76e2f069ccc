// Kills: the real command line is stopped or killed at every request of a run, or its provider process is, and
// the way back that the README gives must end with exactly the clusters that an undisturbed run makes.
import type { Scenario } from "./kill-campaign";
import { destroy, survivesKills, up } from "./kill-campaign";

const basic = { plan: "BASIC", cloudProvider: "GCP", serverless: { regions: ["us-central1"] } };
const onAws = { ...basic, cloudProvider: "AWS", serverless: { regions: ["us-east-1"] } };
const standard = {
  ...basic,
  plan: "STANDARD",
  serverless: { regions: ["us-central1"], usageLimits: { provisionedVirtualCpus: 2 } },
};
const advanced = (nodes: number) => ({
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": nodes },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
});
const here = (round: number) => (round % 2 === 0 ? basic : onAws);

const urn = "urn:pulumi:test::kills::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::orders";
const makeClusterFirst: Scenario["prepare"] = async (lab, { cluster }) => {
  lab.say({ cluster });
  await lab.run(...up);
};
const taint: Scenario["prepare"] = async (lab) => await lab.run("state", "taint", urn, "--yes");
const named = (options: object) => ({
  cluster: { args: { ...basic, name: "orders-test" }, options },
});
const unnamed = (options: object) => ({ cluster: { args: basic, options } });

const scenarios: Scenario[] = [
  {
    title: "creating a Basic cluster",
    isFresh: true,
    program: () => ({ cluster: { args: { ...basic, labels: { team: "payments" } } } }),
  },
  {
    title: "creating an Advanced cluster that has a name",
    isFresh: true,
    program: () => ({ cluster: { args: { ...advanced(3), name: "orders-test" } } }),
  },
  {
    title: "changing labels",
    program: (round) => ({ cluster: { args: { ...basic, labels: { round: `${round}` } } } }),
  },
  {
    title: "changing the plan in place",
    // A plan changes back after 48 hours at the earliest.
    prepare: async ({ emulator }) => await emulator.clock.advance(49 * 3_600_000),
    program: (round) => ({ cluster: { args: round % 2 === 0 ? basic : standard } }),
  },
  {
    title: "scaling",
    program: (round) => ({ cluster: { args: advanced(3 + (round % 2)) } }),
  },
  {
    title: "replacing a cluster without a name",
    isPart: true,
    program: (round) => ({ cluster: { args: here(round) } }),
  },
  {
    title: "replacing a cluster that has a name",
    program: (round) => ({ cluster: { args: { ...here(round), name: "orders-test" } } }),
  },
  {
    title: "replacing a cluster that is kept by retainOnDelete",
    retains: true,
    program: (round) => ({ cluster: { args: here(round), options: { retainOnDelete: true } } }),
  },
  {
    title: "replacing by --replace, the new cluster first",
    isForced: true,
    program: () => unnamed({}),
    command: [...up, "--replace", urn],
  },
  {
    title: "replacing by --replace, the old cluster first",
    isForced: true,
    program: () => named({}),
    command: [...up, "--replace", urn],
  },
  {
    title: "replacing after taint, the old cluster first by deleteBeforeReplace",
    program: () => unnamed({ deleteBeforeReplace: true }),
    prepare: taint,
  },
  {
    title: "replacing after taint, the new cluster first",
    program: () => unnamed({ deleteBeforeReplace: false }),
    prepare: taint,
  },
  {
    title: "deleting a cluster",
    isFresh: true,
    program: () => unnamed({}),
    prepare: makeClusterFirst,
    command: destroy,
  },
  {
    title: "creating a SQL user",
    isFresh: true,
    isPart: true,
    program: () => ({ ...unnamed({}), user: { args: {} } }),
    prepare: makeClusterFirst,
  },
];

for (const scenario of scenarios) survivesKills(scenario);

// The lives of clusters: each plan made, each kind of change, replaced, read, deleted.

import { advanced, basic, standard } from "../../support/builders";
import { assertDone } from "../../support/engine-model/run";
import type { Lifecycle } from "./lifecycle";
import { folder } from "./world";

type Args = Record<string, unknown>;

const orders = (args: Args) => () => ({ orders: args });

function created(name: string, args: Args): Lifecycle {
  return { name: `create ${name}`, program: orders(args) };
}

function changed(name: string, from: Args, to: Args): Lifecycle {
  return { name, before: orders(from), program: orders(to) };
}

const day = 24 * 60 * 60_000;
const manual = (version: string) => standard({ upgradeType: "MANUAL", cockroachVersion: version });
const labelled = basic({}, { labels: { team: "orders" } });

export const creations: readonly Lifecycle[] = [
  created("Basic", labelled),
  created(
    "Standard",
    standard(
      { regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" },
      { name: "orders" },
    ),
  ),
  created("Advanced", advanced({}, { labels: { team: "orders" } })),
  created("Standard in a folder", standard({ upgradeType: "MANUAL" }, { parentId: folder })),
  {
    name: "create again after CREATION_FAILED",
    program: orders(standard()),
    async meanwhile({ lab }, shop) {
      lab.emulator.faults.failNextCreation();
      const { failures } = await shop.up({ orders: standard() });
      if (failures.length !== 1) throw new Error("The creation fails.");
    },
  },
  {
    name: "finish an interrupted creation",
    program: orders(advanced()),
    async meanwhile(_world, shop) {
      await shop.up({ orders: advanced() }, { interruptAfterMs: 5_000 });
      if (shop.resource().initErrors.length !== 1) throw new Error("The creation is unfinished.");
    },
  },
  {
    name: "adopt after a kill",
    program: orders(standard()),
    async meanwhile({ lab }, shop) {
      await shop.up({ orders: standard() }, { killAfterMs: 1_500 });
      if (shop.resources.size !== 0) throw new Error("The state knows nothing.");
      await lab.time.advance(60_000);
    },
  },
];

export const changes: readonly Lifecycle[] = [
  changed(
    "change labels, folder and protection",
    basic({}, { deleteProtection: true }),
    basic({}, { deleteProtection: false, labels: { team: "orders" }, parentId: folder }),
  ),
  changed(
    "change limits of Basic",
    basic({ usageLimits: { requestUnitLimit: 1_000_000 } }),
    basic({ usageLimits: { storageMibLimit: 4_096 } }),
  ),
  changed("change vCPUs", standard(), standard({ usageLimits: { provisionedVirtualCpus: 4 } })),
  changed(
    "add a region to Standard",
    standard(),
    standard({ regions: ["us-central1", "us-east1"], primaryRegion: "us-east1" }),
  ),
  changed("change Basic to Standard", basic(), standard()),
  changed("change Standard to Basic", standard({ upgradeType: "MANUAL" }), basic()),
  changed("change the upgrade type", standard(), standard({ upgradeType: "MANUAL" })),
  {
    ...changed("upgrade Standard", standard({ upgradeType: "MANUAL" }), manual("v25.4")),
    async meanwhile({ lab }, shop) {
      lab.emulator.clusters.edit(shop.resource().id, { cockroachVersion: "v25.2" });
      assertDone(await shop.refresh());
    },
  },
  changed(
    "change nodes and storage",
    advanced(),
    advanced({
      regionNodes: { "us-east-1": 5 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 64 },
    }),
  ),
  changed(
    "change the machine",
    advanced(),
    advanced({ hardware: { machineSpec: { numVirtualCpus: 8 }, storageGib: 35 } }),
  ),
  changed(
    "add regions to Advanced",
    advanced(),
    advanced({ regionNodes: { "us-east-1": 3, "us-west-2": 3, "eu-west-1": 3 } }),
  ),
  changed(
    "upgrade Advanced and scale it",
    advanced({ cockroachVersion: "v25.2" }),
    advanced({ cockroachVersion: "v25.4", regionNodes: { "us-east-1": 5 } }),
  ),
  {
    ...changed(
      "finalize an upgrade",
      advanced({ cockroachVersion: "v25.2" }),
      advanced({ cockroachVersion: "v25.4", finalizeUpgrade: true }),
    ),
    async meanwhile(_world, shop) {
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
    },
  },
  {
    ...changed(
      "roll an upgrade back",
      advanced({ cockroachVersion: "v25.2" }),
      advanced({ cockroachVersion: "v25.2" }),
    ),
    async meanwhile(_world, shop) {
      assertDone(await shop.up({ orders: advanced({ cockroachVersion: "v25.4" }) }));
    },
  },
  {
    ...changed("repair drift", labelled, labelled),
    async meanwhile({ lab }, shop) {
      lab.emulator.clusters.edit(shop.resource().id, { labels: { team: "nobody" } });
      await lab.time.advance(day);
      assertDone(await shop.refresh());
    },
  },
];

const inAwsEurope = { cloudProvider: "AWS", serverless: { regions: ["eu-west-1"] } };

export const endings: readonly Lifecycle[] = [
  changed("replace, the new one first", basic(), basic({}, inAwsEurope)),
  changed(
    "replace, the old one first",
    basic({}, { name: "orders" }),
    basic({}, { ...inAwsEurope, name: "orders" }),
  ),
  changed("replace Standard by Advanced", standard(), advanced()),
  { ...changed("refresh clusters", basic(), basic()), run: "refresh", before: two, program: two },
  {
    name: "refresh what somebody has deleted",
    run: "refresh",
    before: two,
    program: two,
    meanwhile({ lab }, shop) {
      lab.emulator.clusters.delete(shop.resource("orders").id);
    },
  },
  { name: "delete one of two", before: two, program: orders(basic({}, { name: "orders" })) },
  { name: "destroy clusters", run: "destroy", before: two, program: two },
  {
    name: "destroy Advanced",
    run: "destroy",
    before: orders(advanced()),
    program: orders(advanced()),
  },
];

function two() {
  return { orders: basic({}, { name: "orders" }), stock: standard({}, { name: "stocks" }) };
}

// The lives of clusters together with what belongs to them.

import { advanced, standard } from "../../support/builders";
import { awsKey } from "../../support/cmek";
import type { Program } from "../../support/engine-model/program";
import { assertDone } from "../../support/engine-model/run";
import { partOf } from "../../support/kinds";
import type { Lifecycle } from "./lifecycle";

type Args = Record<string, unknown>;

const password = "correct-horse-battery";
const entry = { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: "office" };
const window = { offsetDuration: "172800s", windowDuration: "21600s" };
const keys = { regionSpecs: [awsKey("us-east-1")] };

/** A Standard cluster with what belongs to it. */
const shop = (change: Args = {}, more: Args = {}): Program => ({
  orders: standard({ withEmptyIpAllowlist: true }, { labels: { a: "x" }, ...more }),
  app: partOf("orders", "SqlUser", { name: "app", password, ...change }),
  report: partOf("orders", "SqlUser", { name: "report" }),
  sales: partOf("orders", "Database", { name: "sales" }),
  office: partOf("orders", "AllowlistEntry", entry),
});

/** An Advanced cluster with what belongs to it. */
const store = (): Program => ({
  orders: advanced({ networkVisibility: "PRIVATE" }),
  keys: partOf("orders", "CmekConfig", keys),
  window: partOf("orders", "MaintenanceWindow", window),
  deferral: partOf("orders", "VersionDeferral", { deferralPolicy: "DEFERRAL_60_DAYS" }),
  app: partOf("orders", "SqlUser", { name: "app" }),
});

export const stacks: readonly Lifecycle[] = [
  { name: "create Standard and its parts", program: () => shop() },
  { name: "create Advanced and its parts", program: () => store() },
  {
    name: "change Standard and its parts",
    before: () => shop(),
    program: () => shop({ password: `${password}-2` }, { labels: { b: "y" } }),
  },
  {
    name: "replace Standard and its parts",
    before: () => shop({}, { name: "orders" }),
    program: () => ({
      ...shop({}, { name: "orders" }),
      orders: standard(
        { regions: ["eu-west-1"], withEmptyIpAllowlist: true },
        { name: "orders", cloudProvider: "AWS", labels: { a: "x" } },
      ),
    }),
  },
  {
    name: "refresh Standard and its parts",
    run: "refresh",
    before: () => shop(),
    program: () => shop(),
  },
  {
    name: "refresh Advanced and its parts",
    run: "refresh",
    before: () => store(),
    program: () => store(),
  },
  {
    name: "delete the parts of Standard",
    before: () => shop(),
    program: () => ({ orders: shop()["orders"] as Args }),
  },
  {
    name: "destroy Standard and its parts",
    run: "destroy",
    before: () => shop(),
    program: () => shop(),
  },
  {
    name: "destroy Advanced and its parts",
    run: "destroy",
    before: () => store(),
    program: () => store(),
  },
  {
    name: "make the parts of a cluster that somebody has replaced",
    before: () => shop(),
    program: () => shop(),
    async meanwhile({ lab }, stack) {
      lab.emulator.clusters.delete(stack.resource("orders").id);
      assertDone(await stack.refresh());
    },
  },
];

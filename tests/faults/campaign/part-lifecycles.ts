// The lives of what belongs to clusters: on clusters that are there, and together with a cluster of the stack.

import { advanced, standard } from "../../support/builders";
import { awsKey } from "../../support/cmek";
import type { kinds } from "../../support/kinds";
import { partOf } from "../../support/kinds";
import type { Program } from "../../support/shell";
import { assertDone } from "../../support/shell";
import type { Lifecycle } from "./lifecycle";
import { partOn } from "./lifecycle";
import type { World } from "./world";

type Args = Record<string, unknown>;
type ProgramOf = (world: World) => Program;

const oneOf =
  (type: keyof typeof kinds, args: Args): ProgramOf =>
  ({ homes }) => {
    const isServerless = type === "SqlUser" || type === "Database" || type === "AllowlistEntry";
    return { part: partOn(isServerless ? homes.STANDARD : homes.ADVANCED, type, args) };
  };

const nothing: ProgramOf = () => ({});

/** The life of a part: made, changed, read, and deleted in two ways. */
function livesOf(
  type: keyof typeof kinds,
  name: string,
  args: Args,
  changes: Readonly<Record<string, Args>>,
  kept: readonly string[] = [],
): Lifecycle[] {
  const program = oneOf(type, args);
  const lives: Lifecycle[] = [
    { name: `create ${name}`, program },
    ...Object.entries(changes).map(
      ([change, to]): Lifecycle => ({ name: change, before: program, program: oneOf(type, to) }),
    ),
    { name: `refresh ${name}`, run: "refresh", before: program, program },
    { name: `delete ${name}`, before: program, program: nothing },
    { name: `destroy ${name}`, run: "destroy", before: program, program },
  ];
  return lives.map((life) => ({ ...life, kept }));
}

const password = "correct-horse-battery";
const moved =
  (type: keyof typeof kinds, args: Args): ProgramOf =>
  ({ otherHome }) => ({ part: partOn(otherHome, type, args) });

const entry = { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false, name: "office" };
const window = { offsetDuration: "172800s", windowDuration: "21600s" };
const keys = { regionSpecs: [awsKey("us-east-1")] };
const usedForGood = ["cmek", "cluster"];

export const parts: readonly Lifecycle[] = [
  ...livesOf(
    "SqlUser",
    "a SQL user",
    { name: "app", password },
    {
      "change a password": { name: "app", password: `${password}-2` },
      "rename a SQL user": { name: "app2", password },
    },
  ),
  {
    name: "make a new password",
    before: oneOf("SqlUser", { name: "app", keepers: { year: "2025" } }),
    program: oneOf("SqlUser", { name: "app", keepers: { year: "2026" } }),
  },
  ...livesOf(
    "Database",
    "a database",
    { name: "shop" },
    { "rename a database": { name: "store" } },
  ),
  {
    name: "move a database to another cluster",
    before: oneOf("Database", { name: "shop" }),
    program: moved("Database", { name: "shop" }),
  },
  ...livesOf("AllowlistEntry", "an allowlist entry", entry, {
    "change an allowlist entry": { ...entry, ui: true, name: "offices" },
    "replace an allowlist entry": { ...entry, cidrMask: 25 },
  }),
  ...livesOf("MaintenanceWindow", "a maintenance window", window, {
    "change a maintenance window": { ...window, windowDuration: "25200s" },
  }),
  ...livesOf(
    "VersionDeferral",
    "a version deferral",
    { deferralPolicy: "DEFERRAL_60_DAYS" },
    { "change a version deferral": { deferralPolicy: "DEFERRAL_90_DAYS" } },
  ),
  ...livesOf(
    "CmekConfig",
    "encryption keys",
    keys,
    {
      "rotate an encryption key": { regionSpecs: [awsKey("us-east-1", "second")] },
      "revoke encryption keys": { ...keys, revoked: true },
    },
    usedForGood,
  ).filter(({ name }) => name !== "delete encryption keys" && name !== "destroy encryption keys"),
  {
    name: "revoke encryption keys when deleted",
    before: oneOf("CmekConfig", { ...keys, revokeOnDelete: true }),
    program: nothing,
    kept: usedForGood,
  },
];

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

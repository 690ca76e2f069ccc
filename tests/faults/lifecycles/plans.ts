// What the programs of random lives may say.
import * as fc from "fast-check";
import { advanced, basic, standard } from "../../support/builders";

type Args = Record<string, unknown>;

/** What each cluster may be, and become. */
const variants: readonly ((name: string) => Args)[] = [
  () => basic(),
  () => basic({ usageLimits: { storageMibLimit: 5 } }, { labels: { a: "x" } }),
  (name) => basic({}, { name }),
  () => standard({}, { labels: {} }),
  () => standard({ upgradeType: "MANUAL", usageLimits: { provisionedVirtualCpus: 4 } }),
  (name) => standard({}, { name, labels: { a: "y" } }),
  () => advanced(),
  (name) => advanced({}, { name, labels: { a: "z" } }),
];
const firstAdvanced = 6;

export const parts = {
  app: ["SqlUser", { name: "app", password: "correct horse battery" }],
  reports: ["SqlUser", { name: "reports", password: "staple horse battery" }],
  office: ["AllowlistEntry", { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false }],
  shop: ["Database", { name: "shop" }],
  window: ["MaintenanceWindow", { offsetDuration: "180000s", windowDuration: "21600s" }],
  deferral: ["VersionDeferral", { deferralPolicy: "DEFERRAL_60_DAYS" }],
} as const;

export type PartName = keyof typeof parts;

const onlyAdvanced: ReadonlySet<PartName> = new Set(["window", "deferral"]);

/** What a program says, in short: by cluster its variant and its parts. */
export type Plan = Record<string, { variant: number; parts: readonly PartName[] }>;

export const clusterNames = ["orders", "billing", "ledger"];

export const anyPlan: fc.Arbitrary<Plan> = fc.dictionary(
  fc.constantFrom(...clusterNames),
  fc.record({
    variant: fc.nat(variants.length - 1),
    parts: fc.subarray(Object.keys(parts) as PartName[], { maxLength: 3 }),
  }),
  { noNullPrototype: true, maxKeys: clusterNames.length },
);

/** The arguments of a cluster of the plan. */
export function argsOf(cluster: string, { variant }: Plan[string]): Args {
  return (variants[variant] as (name: string) => Args)(cluster);
}

/** The parts of a cluster of the plan, without those that its kind of cluster cannot have. */
export function partsOf({ variant, parts: wanted }: Plan[string]): readonly PartName[] {
  return wanted.filter((part) => variant >= firstAdvanced || !onlyAdvanced.has(part));
}

/** Which part of the programs has this name in the service. */
export function partNamed(name: string): string {
  const [found] = Object.entries(parts).find(
    ([, [, args]]) => "name" in args && args.name === name,
  ) ?? ["office"];
  return found;
}

// What the programs of random lives may say.
import * as fc from "fast-check";
import { resources } from "../../../provider/resource/registry";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { resourceTypes } from "../../../provider/resource/resource-types";
import { advanced, basic, standard } from "../../support/builders";
import { partArguments } from "../../support/kinds";

type Args = Record<string, unknown>;

/** What each cluster may be, and become. */
const variants: readonly ((name: string) => Args)[] = [
  () => basic(),
  () => basic({ usageLimits: { storageMibLimit: 5 } }, { labels: { a: "x" } }),
  (name) => basic({}, { name }),
  () => standard({}, { labels: {} }),
  () => standard({ upgradeType: "MANUAL", usageLimits: { provisionedVirtualCpus: 4 } }),
  (name) => standard({}, { name, labels: { a: "y" } }),
  () => advanced({ networkVisibility: "PRIVATE" }),
  (name) => advanced({ networkVisibility: "PRIVATE" }, { name, labels: { a: "z" } }),
];
const firstAdvanced = 6;

type Part = readonly [ResourceType, Args];

/** Those that every cluster can have. */
const simple: Record<string, Part> = {
  app: ["SqlUser", { name: "app", password: "correct horse battery" }],
  reports: ["SqlUser", { name: "reports", password: "staple horse battery" }],
  office: ["AllowlistEntry", { cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false }],
  shop: ["Database", { name: "shop" }],
};

/** What is made for times that pass while a stack lives. */
const dated: ResourceType = "BlackoutWindow";

/** Everything else that any Advanced cluster can have. */
const onlyAdvanced = Object.fromEntries(
  (Object.entries(partArguments) as [ResourceType, { first: Args }][])
    .filter(([type]) => type !== dated && Object.values(simple).every(([one]) => one !== type))
    .map(([type, { first }]): [string, Part] => [resourceTypes[type].stem, [type, first]]),
);

export const parts: Readonly<Record<string, Part>> = { ...simple, ...onlyAdvanced };

export type PartName = string;

/** What a program says, in short: by cluster its variant and its parts. */
export type Plan = Record<string, { variant: number; parts: readonly PartName[] }>;

export const clusterNames = ["orders", "billing", "ledger"];

/** A plan with some of these parts. */
export const planWith = (partNames: readonly PartName[]): fc.Arbitrary<Plan> =>
  fc.dictionary(
    fc.constantFrom(...clusterNames),
    fc.record({
      variant: fc.nat(variants.length - 1),
      parts: fc.oneof(
        fc.subarray(Object.keys(simple), { maxLength: 3 }),
        fc.subarray([...partNames], { maxLength: 4 }),
      ),
    }),
    { noNullPrototype: true, maxKeys: clusterNames.length },
  );

export const anyPlan = planWith(Object.keys(parts));

/** The same without parts that the service takes minutes to make, for runs in real time. */
export const anyQuickPlan = planWith([
  ...Object.keys(simple),
  "maintenance-window",
  "version-deferral",
]);

/** The arguments of a cluster of the plan. */
export function argsOf(cluster: string, { variant }: Plan[string]): Args {
  return (variants[variant] as (name: string) => Args)(cluster);
}

/** The parts of a cluster of the plan, without those that its kind of cluster cannot have. */
export function partsOf({ variant, parts: wanted }: Plan[string]): readonly PartName[] {
  return wanted.filter((part) => variant >= firstAdvanced || !(part in onlyAdvanced));
}

/** Which part of the programs a message is about, whose id in the service ends so. */
export function partNamed(name: string, message: string): string {
  const named = Object.entries(parts).find(([, [, args]]) => args["name"] === name);
  const kindOf = ([, [type]]: [string, Part]) => resources[type].lifecycle.kind;
  const [found = ""] =
    named ?? Object.entries(parts).find((part) => message.includes(kindOf(part))) ?? [];
  return found;
}

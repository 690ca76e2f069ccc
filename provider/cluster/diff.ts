/**
 * What it takes to bring a cluster from how it is to what the program says, and what that costs.
 *
 * `diff`, the guard of delete protection, adoption and `update` all read this one list, so they
 * cannot disagree. A property that the program leaves out is not managed and never a change.
 */

import { isDeepStrictEqual } from "node:util";
import type { CheckFailure } from "../resource/check";
import { isLeftOut } from "../values/left-out";
import { hasUnknown, isUnknown } from "../values/unknown";
import { isOlderMajorVersion, isSameMajorVersion, majorVersion } from "./cockroach-version";
import { keptRegions, mixedMachines, regionsToMove } from "./machines";
import type { Plan } from "./plan-transitions";
import { planTransition } from "./plan-transitions";
import type { Inputs, Unchecked } from "./schema";

/** One difference between a cluster and its arguments. */
export interface Change {
  /** The property as a program writes it. */
  property: string;
  kind: "update" | "replace";
  /** What it costs or destroys, as a sentence; absent when nothing is worth saying. */
  sentence?: string;
}

/**
 * How a cluster is, as far as it is known: its outputs, or the arguments of the last run.
 * A member that is absent is not known and differs from nothing, except where that is said.
 */
// Outputs of every earlier release and half-checked arguments come this way: nothing of their shape is sure.
export type Before = Unchecked;

/**
 * Every difference between `before` and the arguments, replacing ones included. `previousInputs` are the
 * arguments that `before` came from, where they are known.
 */
export function diffCluster(
  before: Before,
  news: Unchecked,
  previousInputs: Unchecked = {},
): Change[] {
  const replaced = identityChanges(before, news);
  if (replaced.some(({ property, kind }) => property === "plan" && kind === "replace"))
    return replaced;
  return [
    ...replaced,
    ...generalChanges(before, news),
    ...(!isLeftOut(news.serverless) ? serverlessChanges(before, news) : []),
    ...(!isLeftOut(news.dedicated) ? dedicatedChanges(before, news, previousInputs) : []),
  ];
}

const update = (property: string, sentence?: string): Change =>
  sentence === undefined ? { property, kind: "update" } : { property, kind: "update", sentence };

const replace = (property: string, sentence: string): Change => ({
  property,
  kind: "replace",
  sentence,
});

/** Set by the program, known of the cluster, and not the same or not known yet. */
function differs(before: unknown, news: unknown): boolean {
  if (isLeftOut(news) || isLeftOut(before)) return false;
  return hasUnknown(news) || !isDeepStrictEqual(before, news);
}

function identityChanges(before: Before, news: Unchecked): Change[] {
  const changes: Change[] = [];
  if (differs(before.name, news.name)) {
    changes.push(replace("name", "A cluster cannot be renamed: it is replaced by an empty one."));
  }
  if (differs(before.cloudProvider, news.cloudProvider)) {
    changes.push(
      replace(
        "cloudProvider",
        "A cluster cannot move to another cloud: it is replaced by an empty one.",
      ),
    );
  }
  if (differs(before.plan, news.plan)) {
    const transition = isUnknown(news.plan)
      ? replace("plan", "Depending on the plan, the cluster is replaced by an empty one.")
      : planChange(before.plan, news.plan);
    changes.push(transition);
  }
  // Outputs without one say that the cluster runs in an account of Cockroach Labs.
  const account = before.customerCloudAccount ?? (!isLeftOut(before.state) ? {} : undefined);
  if (differs(account, news.customerCloudAccount)) {
    changes.push(
      replace(
        "customerCloudAccount",
        "A cluster cannot move to another account: it is replaced by an empty one.",
      ),
    );
  }
  return changes;
}

function planChange(from: Plan, to: Plan): Change {
  const { kind, sentence } = planTransition(from, to);
  return { ...update("plan", sentence), kind: kind === "replace" ? kind : "update" };
}

function generalChanges(before: Before, news: Unchecked): Change[] {
  const changes: Change[] = [];
  if (differs(before.deleteProtection, news.deleteProtection))
    changes.push(update("deleteProtection"));
  if (differs(before.labels, news.labels)) changes.push(update("labels"));
  if (differs(folder(before.parentId), folder(news.parentId))) changes.push(update("parentId"));
  return changes;
}

/** The root folder has two spellings in the API. */
export function folder(parentId: unknown): unknown {
  return parentId === "" ? "root" : parentId;
}

function serverlessChanges(before: Before, news: Unchecked): Change[] {
  const was = before.serverless;
  const now = news.serverless;
  if (isLeftOut(was)) return [];
  if (isUnknown(now)) {
    return [
      replace("serverless", "If a region is left out, the cluster is replaced by an empty one."),
    ];
  }
  const changes: Change[] = [];
  const regions = regionsChange(was.regions, now.regions);
  if (regions) changes.push(regions);
  if (
    Array.isArray(was.regions) &&
    was.regions.length > 1 &&
    differs(was.primaryRegion, now.primaryRegion)
  ) {
    changes.push(update("serverless.primaryRegion"));
  }
  if (!isLeftOut(now.usageLimits) && usageLimitsDiffer(was.usageLimits, now.usageLimits)) {
    changes.push(update("serverless.usageLimits", vcpuSentence(was.usageLimits, now.usageLimits)));
  }
  if (differs(was.upgradeType, now.upgradeType)) changes.push(update("serverless.upgradeType"));
  if (before.plan === "STANDARD" && news.plan === "BASIC") changes.push(...resetByBasic(was, now));
  const version = versionChange(
    "serverless",
    was.cockroachVersion ?? before.cockroachVersion,
    now.cockroachVersion,
  );
  if (version) changes.push(version);
  return [...changes, ...finalization("serverless", before, news, version)];
}

function regionsChange(was: unknown, now: unknown): Change | undefined {
  if (!Array.isArray(was)) return undefined;
  const removal = "The API cannot remove a region: the cluster is replaced by an empty one.";
  if (!Array.isArray(now)) {
    return isUnknown(now) ? replace("serverless.regions", removal) : undefined;
  }
  if (was.some((region) => !now.includes(region))) return replace("serverless.regions", removal);
  return now.some((region) => !was.includes(region))
    ? update("serverless.regions", "Regions can be added and never removed again.")
    : undefined;
}

/** What a Standard cluster loses when it becomes Basic and the program leaves it out. */
function resetByBasic(was: Unchecked, now: Unchecked): Change[] {
  const virtualCpus = was.usageLimits?.provisionedVirtualCpus;
  return [
    ...(!isLeftOut(virtualCpus) && isLeftOut(now.usageLimits)
      ? [
          update(
            "serverless.usageLimits",
            `The ${virtualCpus} vCPUs go with the plan, and the cluster has no limits then. To limit it, write usageLimits.`,
          ),
        ]
      : []),
    ...(was.upgradeType === "MANUAL" && isLeftOut(now.upgradeType)
      ? [
          update(
            "serverless.upgradeType",
            "The service upgrades every BASIC cluster itself: upgradeType becomes AUTOMATIC.",
          ),
        ]
      : []),
  ];
}

export const limitMembers = [
  "provisionedVirtualCpus",
  "requestUnitLimit",
  "storageMibLimit",
] as const;

/** Limits are managed as a whole, and no limits are the same as none at all. */
function usageLimitsDiffer(was: Unchecked, now: Unchecked): boolean {
  if (hasUnknown(now)) return true;
  return limitMembers.some((member) => (was?.[member] ?? 0) !== (now[member] ?? 0));
}

function vcpuSentence(was: Unchecked, now: Unchecked): string | undefined {
  const before = was?.provisionedVirtualCpus;
  const after = now.provisionedVirtualCpus;
  if (typeof before !== "number" || typeof after !== "number" || after >= before) return undefined;
  return `Lowering the vCPUs from ${before} to ${after} counts toward the three times in seven days that the API allows.`;
}

function versionChange(part: string, was: unknown, now: unknown): Change | undefined {
  if (isLeftOut(now) || typeof was !== "string") return undefined;
  const property = `${part}.cockroachVersion`;
  if (isUnknown(now)) return update(property);
  if (isSameMajorVersion(was, String(now))) return undefined;
  return update(
    property,
    `CockroachDB goes from ${majorVersion(was) ?? was} to ${majorVersion(String(now)) ?? now}, node by node; an upgrade can be rolled back for 72 hours.`,
  );
}

function dedicatedChanges(before: Before, news: Unchecked, previousInputs: Unchecked): Change[] {
  const was = before.dedicated;
  const now = news.dedicated;
  if (isLeftOut(was)) return [];
  if (isUnknown(now)) {
    return [
      replace(
        "dedicated",
        "If the network settings change, the cluster is replaced by an empty one.",
      ),
    ];
  }
  const changes: Change[] = [];
  for (const member of ["networkVisibility", "cidrRange"] as const) {
    if (differs(was[member], now[member]))
      changes.push(replace(`dedicated.${member}`, networkSentence));
  }
  // The API never returns this one: absent is its default.
  if (differs(was.supportsClusterVirtualization ?? false, now.supportsClusterVirtualization)) {
    changes.push(replace("dedicated.supportsClusterVirtualization", networkSentence));
  }
  if (differs(was.regionNodes, now.regionNodes)) {
    changes.push(
      update("dedicated.regionNodes", regionNodesSentence(was.regionNodes, now.regionNodes)),
    );
  }
  changes.push(...hardwareChanges(before, news, previousInputs));
  const version = versionChange(
    "dedicated",
    was.cockroachVersion ?? before.cockroachVersion,
    now.cockroachVersion,
  );
  if (version) changes.push(version);
  return [...changes, ...finalization("dedicated", before, news, version)];
}

/** Ends an upgrade that is pending, unless the same update rolls it back. */
function finalization(
  part: "serverless" | "dedicated",
  before: Before,
  news: Unchecked,
  version: Change | undefined,
): Change[] {
  const now = news[part];
  const isRollback =
    version !== undefined &&
    isOlderMajorVersion(
      String(now.cockroachVersion),
      String(before[part].cockroachVersion ?? before.cockroachVersion),
    );
  const isDue =
    now.finalizeUpgrade === true && before.upgradeStatus === "PENDING_FINALIZATION" && !isRollback;
  return isDue
    ? [update(`${part}.finalizeUpgrade`, "After this the upgrade cannot be rolled back.")]
    : [];
}

const networkSentence =
  "The network of a cluster is fixed when it is created: it is replaced by an empty one.";

function regionNodesSentence(was: Unchecked, now: Unchecked): string | undefined {
  if (hasUnknown(now) || isLeftOut(now)) return undefined;
  const removed = Object.keys(was).filter((region) => !(region in now));
  const added = Object.keys(now).filter((region) => !(region in was));
  const parts = [
    ...(removed.length > 0 ? [`removes ${removed.join(", ")}`] : []),
    ...(added.length > 0 ? [`adds ${added.join(", ")}`] : []),
  ];
  return parts.length === 0
    ? undefined
    : `This ${parts.join(" and ")}: about 30 minutes for each region.`;
}

function hardwareChanges(before: Before, news: Unchecked, previousInputs: Unchecked): Change[] {
  const was = before.dedicated.hardware;
  const now = news.dedicated.hardware;
  if (isLeftOut(was) || isLeftOut(now)) return [];
  if (isUnknown(now)) return [update("dedicated.hardware")];
  const changes = machineChanges(before, news, previousInputs);
  const path = "dedicated.hardware";
  if (now.storageGib !== 0 && differs(was.storageGib, now.storageGib)) {
    changes.push(update(`${path}.storageGib`, "Storage can grow and never shrink."));
  }
  const hasOwnIops = (news.cloudProvider ?? before.cloudProvider) === "AWS";
  if (hasOwnIops && now.diskIops !== 0 && differs(was.diskIops, now.diskIops)) {
    changes.push(update(`${path}.diskIops`));
  }
  return changes;
}

function machineChanges(was: Unchecked, now: Unchecked, previousInputs: Unchecked): Change[] {
  const property = !isLeftOut(now.dedicated.regionMachineSpecs)
    ? "dedicated.regionMachineSpecs"
    : "dedicated.hardware.machineSpec";
  if (isUnknown(now.dedicated.regionMachineSpecs)) return [update(property)];
  const moved = regionsToMove(was, now, previousInputs);
  if (moved.length === 0) return [];
  const isAll = moved.length === keptRegions(was, now).length;
  const where = isAll ? "" : ` of ${moved.join(", ")}`;
  return [update(property, `The nodes${where} are restarted one after another on other machines.`)];
}

const emptyAllowlist = "serverless.withEmptyIpAllowlist";

/** How a cluster is closed that everybody can connect to. */
export const closeWith =
  'To close it, delete 0.0.0.0/0, or remove its AllowlistEntry. Where the service gave it to a Basic or Standard cluster and no program has it, declare an AllowlistEntry with cidrIp: "0.0.0.0" and cidrMask: 0, run `pulumi up`, which adopts it, then remove it and run `pulumi up` again.';

/** Settings that only count when a cluster is created, and that the program has changed since. */
export function createOnlyChanges(before: Before, news: Unchecked): Change[] {
  const sentence = (property: string) =>
    `${property} takes effect when a cluster is created: changing it makes no request.${property === emptyAllowlist && news.serverless?.withEmptyIpAllowlist === true ? ` The cluster stays open to every address. ${closeWith}` : ""}`;
  const settings = [
    ["serverless", "withEmptyIpAllowlist"],
    ["dedicated", "restrictEgressTraffic"],
  ] as const;
  return settings.flatMap(([part, member]) => {
    const was = before[part];
    const now = news[part];
    if (isLeftOut(was) || isLeftOut(now?.[member]) || isUnknown(now[member])) return [];
    const property = `${part}.${member}`;
    return (was[member] ?? false) === now[member] ? [] : [update(property, sentence(property))];
  });
}

/** What can never change; of `plan` only a change that replaces the cluster. Regions can be added, so another list may be true. */
export const fixed = [
  "name",
  "cloudProvider",
  "plan",
  "customerCloudAccount",
  "dedicated.networkVisibility",
  "dedicated.cidrRange",
  "dedicated.supportsClusterVirtualization",
] as const;

const fixedAtCreation = "It is fixed when a cluster is created.";
const onlyAtCreation = "It takes effect only when a cluster is created.";
const otherVersion = "To change the version, write another one.";

/** How to reset what stays as it is when the program leaves it out. */
export const resets: Readonly<Record<string, string>> = {
  name: "A cluster cannot be renamed.",
  deleteProtection: "To turn it off, write deleteProtection: false.",
  labels: "To remove all labels, write labels: {}.",
  parentId: 'To move the cluster to the root folder, write parentId: "root".',
  customerCloudAccount: fixedAtCreation,
  "serverless.primaryRegion": "To change it, write another one of regions.",
  "serverless.usageLimits": "To remove all limits, write usageLimits: {}.",
  "serverless.upgradeType": 'To have the service upgrade it again, write upgradeType: "AUTOMATIC".',
  "serverless.withEmptyIpAllowlist": onlyAtCreation,
  "serverless.cockroachVersion": otherVersion,
  "dedicated.hardware.storageGib": "To change it, write a larger number: storage can only grow.",
  "dedicated.hardware.diskIops": "To change it, write another number.",
  "dedicated.cockroachVersion": otherVersion,
  "serverless.finalizeUpgrade": "An upgrade that is finalized cannot be rolled back.",
  "dedicated.finalizeUpgrade": "An upgrade that is finalized cannot be rolled back.",
  "dedicated.networkVisibility": fixedAtCreation,
  "dedicated.cidrRange": fixedAtCreation,
  "dedicated.supportsClusterVirtualization": fixedAtCreation,
  "dedicated.restrictEgressTraffic": onlyAtCreation,
  "dedicated.cmekRegionSpecs": "To change the keys of the regions, write a CmekConfig.",
};

/** Changes that no plan and no guard allows, found from the arguments of the last run. */
export function refusedChanges(olds: Partial<Inputs>, news: Unchecked): CheckFailure[] {
  const was = olds.dedicated as Unchecked;
  const now = news.dedicated;
  if (isLeftOut(was) || isLeftOut(now) || isUnknown(now)) return [];
  const failures: CheckFailure[] = [];
  const [before, after] = [was.hardware?.storageGib, now.hardware?.storageGib];
  if (typeof before === "number" && typeof after === "number" && after !== 0 && after < before) {
    failures.push({
      property: "dedicated.hardware.storageGib",
      reason: `cannot shrink from ${before} to ${after} GiB: storage can only grow. Give at least ${before}.`,
    });
  }
  if (nodeCount(was.regionNodes) > 1 && nodeCount(now.regionNodes) === 1) {
    failures.push({
      property: "dedicated.regionNodes",
      reason:
        "cannot go back to a single node: a cluster of several nodes stays one. Give at least 3.",
    });
  }
  return failures;
}

function nodeCount(regionNodes: Unchecked): number {
  if (isLeftOut(regionNodes) || typeof regionNodes !== "object") return 0;
  return Object.values(regionNodes).reduce<number>(
    (sum, count) => (typeof count === "number" ? sum + count : Number.NaN),
    0,
  );
}

/** `plan is "STANDARD" but the program has "BASIC"`, for each difference. */
export function describeDifferences(
  changes: readonly { property: string }[],
  state: Unchecked,
  inputs: Unchecked,
): string {
  return changes
    .map(({ property }) => {
      const [shown, says] = [state, inputs].map((root) =>
        property.split(".").reduce<Unchecked>((value, key) => value?.[key], root),
      );
      const byRegion =
        property === "dedicated.hardware.machineSpec" ? mixedMachines(state) : undefined;
      const is = byRegion ?? shown;
      return `${property} is ${JSON.stringify(is) ?? "not set"} but the program has ${JSON.stringify(says) ?? "nothing"}`;
    })
    .join("; ");
}

/**
 * What `check` accepts for a cluster: the shape of the arguments, and the rules that join them.
 *
 * The API documents its bounds in prose only, and reports one problem at a time. Here all problems
 * are found at preview, without a request, each with its property.
 */

import type { CheckFailure, Problem } from "../resource/check";
import { failureOf, shapeFailures } from "../resource/check";
import { labelKey, maxLabels } from "../resource/schema";
import { isLeftOut } from "../values/left-out";
import { isKnown, isUnknown } from "../values/unknown";
import type { CloudProvider } from "./args";
import { creationMarkKey } from "./creation-mark";
import type { Unchecked } from "./schema";
import { inputsSchema } from "./schema";

const maxFailuresPerArgument = 60;
const storageGibPerVirtualCpu = 320;

/** Every problem of the arguments of a cluster. */
export function clusterFailures(news: Record<string, unknown>): CheckFailure[] {
  const failures = [
    ...readable(shapeFailures(inputsSchema, news)),
    ...readable(rules.flatMap((rule) => rule(news)).map((problem) => failureOf(problem, news))),
  ];
  const seen = new Set<string>();
  return failures.filter(({ property, reason }) => {
    const key = `${property} ${reason}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** No more failures of one argument than a person reads: thousands of labels may each be wrong. */
function readable(failures: readonly CheckFailure[]): CheckFailure[] {
  const counts = new Map<string, number>();
  return failures.filter(({ property }) => {
    const [argument = ""] = property.split(/[.[]/, 1);
    const count = (counts.get(argument) ?? 0) + 1;
    counts.set(argument, count);
    return count <= maxFailuresPerArgument;
  });
}

type Rule = (news: Unchecked) => Problem[];

const rules: readonly Rule[] = [
  planHasItsPart,
  limitsFitThePlan,
  upgradesFitThePlan,
  primaryRegionIsAMember,
  regionsFitTheProvider,
  regionsAreDistinct,
  nodesFormALayout,
  machinesAreNamedOnce,
  machinesFitTheRegions,
  storageFitsTheMachine,
  networkFitsTheProvider,
  accountIsNamedOnce,
  labelsAreWellFormed,
];

function failure(path: readonly PropertyKey[], reason: string): Problem {
  return { path, reason };
}

/** Of a map, the key is wrong. */
function keyFailure(path: readonly PropertyKey[], reason: string): Problem {
  return { path, reason, isAboutKey: true };
}

/** A member that is not known yet may turn out to be left out. */
function mayHaveExactlyOne(value: Unchecked, members: readonly string[]): boolean {
  const given = members.filter((member) => isKnown(value[member])).length;
  return given === 1 || (given === 0 && members.some((member) => isUnknown(value[member])));
}

function planHasItsPart(news: Unchecked): Problem[] {
  const { plan } = news;
  if (plan !== "BASIC" && plan !== "STANDARD" && plan !== "ADVANCED") {
    if (isKnown(news.serverless) && isKnown(news.dedicated)) {
      return [failure(["dedicated"], "excludes serverless: give the one that the plan needs.")];
    }
    return [];
  }
  const [needed, excluded] =
    plan === "ADVANCED" ? ["dedicated", "serverless"] : ["serverless", "dedicated"];
  const failures: Problem[] = [];
  if (isLeftOut(news[needed]))
    failures.push(failure([needed], `is required for a cluster of plan ${plan}.`));
  if (isKnown(news[excluded])) {
    failures.push(
      failure([excluded], `does not go with plan ${plan}: remove it, or change the plan.`),
    );
  }
  if (plan !== "ADVANCED" && isKnown(news.customerCloudAccount)) {
    failures.push(failure(["customerCloudAccount"], "is for clusters of plan ADVANCED only."));
  }
  return failures;
}

function limitsFitThePlan(news: Unchecked): Problem[] {
  const limits = news.serverless?.usageLimits;
  const path = ["serverless", "usageLimits"];
  if (news.plan === "BASIC" && isKnown(limits?.provisionedVirtualCpus)) {
    return [
      failure(
        [...path, "provisionedVirtualCpus"],
        "is for plan STANDARD; a Basic cluster takes requestUnitLimit and storageMibLimit.",
      ),
    ];
  }
  if (news.plan !== "STANDARD" || !isKnown(news.serverless) || isUnknown(limits)) return [];
  const failures = ["requestUnitLimit", "storageMibLimit"]
    .filter((member) => isKnown(limits?.[member]))
    .map((member) =>
      failure(
        [...path, member],
        "is for plan BASIC; a Standard cluster takes provisionedVirtualCpus.",
      ),
    );
  if (isLeftOut(limits?.provisionedVirtualCpus)) {
    failures.push(
      failure([...path, "provisionedVirtualCpus"], "is required for plan STANDARD: give 2 to 200."),
    );
  }
  return failures;
}

function upgradesFitThePlan(news: Unchecked): Problem[] {
  const part = news.serverless;
  if (!isKnown(part)) return [];
  if (news.plan === "BASIC") {
    const failures: Problem[] = [];
    if (part.upgradeType === "MANUAL") {
      failures.push(
        failure(
          ["serverless", "upgradeType"],
          "must be AUTOMATIC for plan BASIC: the service upgrades it.",
        ),
      );
    }
    if (isKnown(part.cockroachVersion)) {
      failures.push(
        failure(
          ["serverless", "cockroachVersion"],
          "cannot be set for plan BASIC: the service upgrades it.",
        ),
      );
    }
    if (part.finalizeUpgrade === true) {
      failures.push(
        failure(
          ["serverless", "finalizeUpgrade"],
          "must be false for plan BASIC: the service upgrades it.",
        ),
      );
    }
    return failures;
  }
  if (news.plan !== "STANDARD" || part.upgradeType === "MANUAL" || isUnknown(part.upgradeType))
    return [];
  return [
    ...(isKnown(part.cockroachVersion) ? ["cockroachVersion"] : []),
    ...(part.finalizeUpgrade === true ? ["finalizeUpgrade"] : []),
  ].map((member) => failure(["serverless", member], 'needs upgradeType: "MANUAL".'));
}

function primaryRegionIsAMember(news: Unchecked): Problem[] {
  const part = news.serverless;
  if (!isKnown(part) || !Array.isArray(part.regions)) return [];
  const path = ["serverless", "primaryRegion"];
  if (isLeftOut(part.primaryRegion)) {
    return part.regions.length > 1
      ? [
          failure(
            path,
            "is required as soon as there is more than one region: give one of regions.",
          ),
        ]
      : [];
  }
  if (isUnknown(part.primaryRegion) || part.regions.some(isUnknown)) return [];
  return part.regions.includes(part.primaryRegion)
    ? []
    : [failure(path, "must be one of regions.")];
}

const spelling: Record<CloudProvider, { pattern: RegExp; example: string }> = {
  AWS: { pattern: /^[a-z]+(-[a-z]+)+-\d+$/, example: "us-east-1" },
  GCP: { pattern: /^[a-z]+-[a-z]+\d+$/, example: "us-east1" },
  AZURE: { pattern: /^[a-z]+\d*$/, example: "eastus" },
};

function regionsFitTheProvider(news: Unchecked): Problem[] {
  const provider = news.cloudProvider as CloudProvider;
  if (!Object.hasOwn(spelling, provider)) return [];
  const failures: Problem[] = [];
  if (provider === "AZURE" && (news.plan === "BASIC" || news.plan === "STANDARD")) {
    failures.push(
      failure(
        ["cloudProvider"],
        `must be AWS or GCP for plan ${news.plan}; Azure is for ADVANCED only.`,
      ),
    );
  }
  for (const [path, region] of regionPaths(news)) {
    const owner = ownerOfSpelling(region);
    if (owner !== undefined && owner !== provider) {
      failures.push(
        (path.includes("regionNodes") ? keyFailure : failure)(
          path,
          `is a region in the spelling of ${owner}, and the cluster runs on ${provider}, whose regions look like ${spelling[provider].example}.`,
        ),
      );
    }
  }
  return failures;
}

function regionPaths(news: Unchecked): [PropertyKey[], string][] {
  const paths: [PropertyKey[], string][] = [];
  const regions = news.serverless?.regions;
  if (Array.isArray(regions)) {
    regions.forEach((region: unknown, index) => {
      if (typeof region === "string" && !isUnknown(region))
        paths.push([["serverless", "regions", index], region]);
    });
  }
  const nodesByRegion = news.dedicated?.regionNodes;
  if (isKnown(nodesByRegion) && typeof nodesByRegion === "object") {
    for (const region of Object.keys(nodesByRegion))
      paths.push([["dedicated", "regionNodes", region], region]);
  }
  return paths;
}

function ownerOfSpelling(region: string): CloudProvider | undefined {
  return (Object.keys(spelling) as CloudProvider[]).find((provider) =>
    spelling[provider].pattern.test(region),
  );
}

function regionsAreDistinct(news: Unchecked): Problem[] {
  const regions = news.serverless?.regions;
  if (!Array.isArray(regions)) return [];
  return regions.flatMap((region, index) =>
    !isUnknown(region) && regions.indexOf(region) < index
      ? [failure(["serverless", "regions", index], "is named twice.")]
      : [],
  );
}

function nodesFormALayout(news: Unchecked): Problem[] {
  const nodesByRegion = news.dedicated?.regionNodes;
  if (!isKnown(nodesByRegion) || typeof nodesByRegion !== "object" || Array.isArray(nodesByRegion))
    return [];
  const path = ["dedicated", "regionNodes"];
  const regions = Object.entries(nodesByRegion);
  if (regions.length === 0) return [failure(path, "must name at least one region.")];
  if (regions.length === 2) {
    return [
      failure(
        path,
        "must name one region, or three and more: with two regions the cluster would not survive the loss of one.",
      ),
    ];
  }
  return regions.flatMap(([region, count]) => {
    if (typeof count !== "number") return [];
    if (regions.length > 2 && count < 3) {
      return [failure([...path, region], "must be at least 3 in a cluster of several regions.")];
    }
    if (count === 2) return [failure([...path, region], "must be 1, or 3 and more.")];
    if (count === 1 && news.cloudProvider === "AZURE") {
      return [failure([...path, region], "must be at least 3 on Azure.")];
    }
    return [];
  });
}

/** Where the arguments name a machine, and what they name. */
function machinePaths({ dedicated }: Unchecked): [PropertyKey[], Unchecked][] {
  const paths: [PropertyKey[], Unchecked][] = [];
  if (isObject(dedicated?.hardware?.machineSpec))
    paths.push([["dedicated", "hardware", "machineSpec"], dedicated.hardware.machineSpec]);
  if (isObject(dedicated?.regionMachineSpecs)) {
    for (const [region, spec] of Object.entries(dedicated.regionMachineSpecs)) {
      if (isObject(spec)) paths.push([["dedicated", "regionMachineSpecs", region], spec]);
    }
  }
  return paths;
}

function isObject(value: unknown): boolean {
  return isKnown(value) && typeof value === "object" && !Array.isArray(value);
}

function machinesAreNamedOnce(news: Unchecked): Problem[] {
  const members = ["numVirtualCpus", "machineType"];
  const problems = machinePaths(news).flatMap(([path, spec]) => {
    if (mayHaveExactlyOne(spec, members)) return [];
    const both = members.every((member) => isKnown(spec[member]));
    return [
      failure(
        path,
        `must have exactly one of numVirtualCpus and machineType, not ${both ? "both" : "neither"}.`,
      ),
    ];
  });
  const { dedicated } = news;
  if (!isObject(dedicated?.hardware)) return problems;
  const { machineSpec } = dedicated.hardware;
  if (isLeftOut(machineSpec) && isLeftOut(dedicated.regionMachineSpecs)) {
    problems.push(
      failure(
        ["dedicated", "hardware", "machineSpec"],
        "is required without regionMachineSpecs: give the vCPUs of a node.",
      ),
    );
  }
  if (isKnown(machineSpec) && isKnown(dedicated.regionMachineSpecs)) {
    problems.push(
      failure(
        ["dedicated", "regionMachineSpecs"],
        "excludes hardware.machineSpec: give the machine of all regions, or one for each.",
      ),
    );
  }
  return problems;
}

function machinesFitTheRegions({ dedicated }: Unchecked): Problem[] {
  const { regionNodes, regionMachineSpecs: specs } = dedicated ?? {};
  if (!isObject(regionNodes) || !isObject(specs)) return [];
  const path = ["dedicated", "regionMachineSpecs"];
  const missing = Object.keys(regionNodes).filter((region) => !Object.hasOwn(specs, region));
  const strange = Object.keys(specs).filter((region) => !Object.hasOwn(regionNodes, region));
  return [
    ...strange.map((region) =>
      keyFailure(
        [...path, region],
        "is not a region of regionNodes: remove it, or add the region.",
      ),
    ),
    ...(missing.length === 0
      ? []
      : [
          failure(
            path,
            `must name a machine for each region of regionNodes: ${missing.join(", ")} ${missing.length === 1 ? "has" : "have"} none.`,
          ),
        ]),
  ];
}

function storageFitsTheMachine(news: Unchecked): Problem[] {
  const storageGib = news.dedicated?.hardware?.storageGib;
  const sizes = machinePaths(news).flatMap(([, { numVirtualCpus: cpus }]) =>
    typeof cpus === "number" ? [cpus] : [],
  );
  if (typeof storageGib !== "number" || sizes.length === 0) return [];
  const cpus = Math.min(...sizes);
  const most = cpus * storageGibPerVirtualCpu;
  return storageGib > most
    ? [
        failure(
          ["dedicated", "hardware", "storageGib"],
          `must be at most ${most} for ${cpus} vCPUs.`,
        ),
      ]
    : [];
}

function networkFitsTheProvider(news: Unchecked): Problem[] {
  const cidrRange = news.dedicated?.cidrRange;
  if (!isKnown(cidrRange)) return [];
  const path = ["dedicated", "cidrRange"];
  if (news.cloudProvider === "AWS" || news.cloudProvider === "AZURE") {
    return [failure(path, `is for clusters on GCP, not ${news.cloudProvider}: leave it out.`)];
  }
  const [, ...numbers] =
    /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(String(cidrRange)) ?? [];
  const [mask, ...bytes] = numbers.map(Number).reverse();
  if (mask === undefined || bytes.some((byte) => byte > 255)) {
    return [failure(path, "must be an IPv4 range such as 172.28.0.0/14.")];
  }
  return mask > 19 ? [failure(path, `must be /19 or larger, not /${mask}.`)] : [];
}

function accountIsNamedOnce(news: Unchecked): Problem[] {
  const account = news.customerCloudAccount;
  if (!isKnown(account) || typeof account !== "object") return [];
  return mayHaveExactlyOne(account, ["aws", "gcp", "azure"])
    ? []
    : [failure(["customerCloudAccount"], "must have exactly one of aws, gcp and azure.")];
}

function labelsAreWellFormed(news: Unchecked): Problem[] {
  const labels = news.labels;
  if (!isKnown(labels) || typeof labels !== "object" || Array.isArray(labels)) return [];
  const keys = Object.keys(labels);
  const failures: Problem[] = [];
  if (keys.length > maxLabels) {
    failures.push(
      failure(["labels"], `must be at most ${maxLabels}, and there are ${keys.length}.`),
    );
  }
  for (const key of keys.slice(0, maxLabels)) {
    if (key === creationMarkKey) {
      failures.push(
        keyFailure(["labels", key], "is the key of this provider's own mark: choose another."),
      );
    } else {
      const [issue] = labelKey.safeParse(key).error?.issues ?? [];
      if (issue !== undefined) failures.push(keyFailure(["labels", key], issue.message));
    }
  }
  return failures;
}

/**
 * Between the wire and the state of a CMEK configuration: which key a region has, where its
 * encryption stands, and what differs from the program.
 */
import type {
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekKeySpec,
  WireCmekRegionInfo,
  WireCmekRegionSpec,
} from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import { hasUnknown, isUnknown } from "../values/unknown";
import type { CmekKeySpec, CmekRegion, CmekRegionSpec } from "./args";
import type { Inputs } from "./schema";

/** The outputs of a CMEK configuration as they are stored. @internal */
export interface State {
  clusterId: string;
  /** The key of each region, by region. */
  regionSpecs: CmekRegionSpec[];
  revoked: boolean;
  revokeOnDelete: boolean;
  status: string;
  /** By region. */
  regions: CmekRegion[];
}

/** What the API returns, as outputs. */
export function toState(
  clusterId: string,
  info: WireCmekClusterInfo,
  { revokeOnDelete }: Pick<Partial<Inputs>, "revokeOnDelete">,
): State {
  const regions = [...info.region_infos].sort(byRegion);
  return {
    clusterId,
    regionSpecs: regions.flatMap((region) => {
      const spec = currentKey(region);
      return spec === undefined ? [] : [{ region: region.region, keySpec: toKeySpec(spec) }];
    }),
    revoked: isRevoked(info),
    revokeOnDelete: revokeOnDelete === true,
    status: info.status,
    regions: regions.map((region) => ({
      region: region.region,
      status: region.status,
      userMessage: reasonOf(region),
      keyInfos: presentFirst(region).map((key) => ({
        status: key.status,
        userMessage: key.user_message,
        ...(key.spec === undefined ? {} : { keySpec: toKeySpec(key.spec) }),
        ...omitUndefined({ createdAt: key.created_at, updatedAt: key.updated_at }),
      })),
    })),
  };
}

/** The arguments as the outputs repeat them. */
export function returnedArguments(inputs: object): object {
  const { regionSpecs, revoked = false, revokeOnDelete = false } = inputs as Inputs;
  const hasOrder = !isUnknown(regionSpecs) && !hasUnknown(regionSpecs.map(({ region }) => region));
  return {
    ...inputs,
    regionSpecs: hasOrder ? [...regionSpecs].sort(byRegion) : regionSpecs,
    revoked,
    revokeOnDelete,
  };
}

function byRegion(one: { region: string }, other: { region: string }): number {
  return one.region < other.region ? -1 : 1;
}

function toKeySpec({ type, uri, auth_principal }: WireCmekKeySpec): CmekKeySpec {
  return { type: type as CmekKeySpec["type"], uri, authPrincipal: auth_principal };
}

/** Keys of a program as the API takes them. */
export function toWire(specs: readonly CmekRegionSpec[]): WireCmekRegionSpec[] {
  return specs.map(({ region, keySpec: { type, uri, authPrincipal } }) => ({
    region,
    key_spec: { type, uri, auth_principal: authPrincipal },
  }));
}

/**
 * The key that encrypts the region: of its present and past keys the newest that is enabled. While
 * nothing is enabled, as before the first key is in use and after revocation, the newest that is not
 * a past one.
 */
function currentInfo({ key_infos }: WireCmekRegionInfo): WireCmekKeyInfo | undefined {
  const known = newestFirst(key_infos).filter(({ spec }) => spec !== undefined);
  return (
    known.find(({ status }) => status === "ENABLED") ??
    known.find(({ status }) => status !== "DISABLED") ??
    known[0]
  );
}

function currentKey(region: WireCmekRegionInfo): WireCmekKeySpec | undefined {
  return currentInfo(region)?.spec;
}

function presentFirst(region: WireCmekRegionInfo): WireCmekKeyInfo[] {
  const current = currentInfo(region);
  const others = newestFirst(region.key_infos).filter((key) => key !== current);
  return current === undefined ? others : [current, ...others];
}

/** The API does not say how it orders keys; where times are equal or missing, its order stays. */
function newestFirst(keys: readonly WireCmekKeyInfo[]): WireCmekKeyInfo[] {
  const time = (text: string | undefined) => Date.parse(text ?? "") || 0;
  return [...keys].sort(
    (a, b) =>
      time(b.updated_at) - time(a.updated_at) || time(b.created_at) - time(a.created_at) || 0,
  );
}

/** Why the region's last operation has failed; empty when it has not. */
export function reasonOf({ status, key_infos }: WireCmekRegionInfo): string {
  if (!isFailed(status)) return "";
  return newestFirst(key_infos).find((key) => key.user_message !== "")?.user_message ?? "";
}

/** Whether an operation is going on: everything that is neither an end nor a failure. */
export function isRunning(status: CmekStatus): boolean {
  return !isFailed(status) && !["ENABLED", "DISABLED", "REVOKED"].includes(status);
}

export function isFailed(status: CmekStatus): boolean {
  return status.endsWith("_FAILED");
}

/** Whether a key has to be set again, even the same. */
function isUnfinished(status: CmekStatus): boolean {
  return status === "ENABLE_FAILED" || status === "ROTATE_FAILED";
}

/** Whether access to the keys is given up, for good. */
export function isRevoked({
  status,
  region_infos,
}: Pick<WireCmekClusterInfo, "status" | "region_infos">): boolean {
  return (
    status === "REVOKED" ||
    (region_infos.length > 0 && region_infos.every((region) => region.status === "REVOKED"))
  );
}

/** Keys that have to be sent: of regions without one, with another one, or whose operation has failed. */
export function dueKeys(
  info: WireCmekClusterInfo,
  wanted: readonly CmekRegionSpec[],
): CmekRegionSpec[] {
  return wanted.filter(({ region, keySpec }) => {
    const known = info.region_infos.find((candidate) => candidate.region === region);
    return known === undefined || isUnfinished(known.status) || !hasKey(known, keySpec);
  });
}

/** Whether the region has this key. What the API does not return differs from nothing. */
export function hasKey(region: WireCmekRegionInfo, wanted: CmekKeySpec): boolean {
  const current = currentKey(region);
  return current === undefined || differingMembers(toKeySpec(current), wanted).length === 0;
}

const members = ["type", "uri", "authPrincipal"] as const;

function differingMembers(current: CmekKeySpec, wanted: CmekKeySpec): (typeof members)[number][] {
  return members.filter((member) => current[member] !== "" && current[member] !== wanted[member]);
}

/** Names of properties in which the program differs from the state. While revoked, keys are as they are. */
export function changedProperties(state: State, news: Inputs): (keyof Inputs)[] {
  const changed: (keyof Inputs)[] = [];
  if (news.revoked !== true && specsDiffer(state, news)) changed.push("regionSpecs");
  if (hasUnknown(news.revoked) || (news.revoked === true) !== state.revoked) {
    changed.push("revoked");
  }
  if (
    hasUnknown(news.revokeOnDelete) ||
    (news.revokeOnDelete === true) !== (state.revokeOnDelete === true)
  ) {
    changed.push("revokeOnDelete");
  }
  return changed;
}

function specsDiffer({ regionSpecs }: State, news: Inputs): boolean {
  if (hasUnknown(news.regionSpecs)) return true;
  return news.regionSpecs.some(({ region, keySpec }) => {
    const known = regionSpecs.find((candidate) => candidate.region === region);
    return known === undefined || differingMembers(known.keySpec, keySpec).length > 0;
  });
}

/** Whether the last operation of a region that the program names has not come to its end. */
export function hasUnfinishedWork(state: State, news: Inputs): boolean {
  if (news.revoked === true || hasUnknown(news.regionSpecs)) return false;
  return state.regions.some(
    ({ region, status }) =>
      (isRunning(status) || isUnfinished(status)) &&
      news.regionSpecs.some((spec) => spec.region === region),
  );
}

/** Every difference between what is there and the program, as a person reads it. */
export function differences(info: WireCmekClusterInfo, inputs: Inputs): string[] {
  const revoked = isRevoked(info);
  if (revoked !== (inputs.revoked === true)) {
    return [`revoked is ${revoked} but the program has ${inputs.revoked === true}`];
  }
  if (revoked) return [];
  const named = inputs.regionSpecs.flatMap(({ region, keySpec }) => {
    const known = info.region_infos.find((candidate) => candidate.region === region);
    const current = known && currentKey(known);
    if (current === undefined) return [`region ${region} has no key and the program names one`];
    const is = toKeySpec(current);
    return known?.status === "ENABLE_FAILED"
      ? []
      : differingMembers(is, keySpec).map(
          (member) =>
            `${member} of region ${region} is ${JSON.stringify(is[member])} but the program has ${JSON.stringify(keySpec[member])}`,
        );
  });
  const others = info.region_infos
    .filter(({ region }) => !inputs.regionSpecs.some((spec) => spec.region === region))
    .map(
      (known) =>
        `region ${known.region} has the key ${JSON.stringify(currentKey(known)?.uri ?? "")} and the program does not name it`,
    );
  return [...named, ...others];
}

/**
 * The arguments after a refresh: those of the last run in their order, with what has changed behind
 * our back in place of what was asked. A region that the program does not name is not managed.
 */
export function refreshedInputs(inputs: Partial<Inputs>, state: State): Inputs {
  const { clusterId } = state;
  const { regionSpecs: specs = state.regionSpecs } = inputs;
  // What is left out is false.
  const revoked = state.revoked === (inputs.revoked === true) ? inputs.revoked : state.revoked;
  return {
    clusterId,
    regionSpecs: state.revoked ? specs : restateSpecs(specs, state),
    ...omitUndefined({ revoked, revokeOnDelete: inputs.revokeOnDelete }),
  };
}

function restateSpecs(
  specs: Inputs["regionSpecs"],
  { regionSpecs, regions }: State,
): CmekRegionSpec[] {
  return specs.flatMap((spec) => {
    const is = regionSpecs.find(({ region }) => region === spec.region);
    // A region without a known key may still be there; one that the cluster has lost is not.
    if (is === undefined) return regions.some(({ region }) => region === spec.region) ? [spec] : [];
    return [differingMembers(is.keySpec, spec.keySpec).length === 0 ? spec : is];
  });
}

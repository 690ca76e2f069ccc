/** The arguments of a cluster as its outputs repeat them. */
import { isKnown, isUnknown, unknownValue } from "../values/unknown";
import { majorVersion } from "./cockroach-version";
import { folder, limitMembers } from "./diff";
import { regionsToMove } from "./machines";
import type { Unchecked } from "./schema";

/** @param before the outputs before an update */
export function returnedArguments(inputs: object, before?: object): object {
  const { parentId, serverless, dedicated } = inputs as Unchecked;
  return {
    ...inputs,
    ...(isKnown(parentId) && { parentId: folder(parentId) }),
    ...(isKnown(serverless) && { serverless: returnedServerless(serverless) }),
    ...(isKnown(dedicated) && { dedicated: returnedDedicated(inputs, before) }),
  };
}

function returnedServerless(serverless: Unchecked): Unchecked {
  const { regions, usageLimits, cockroachVersion } = serverless;
  return {
    ...serverless,
    ...(Array.isArray(regions) && !regions.some(isUnknown) && { regions: [...regions].sort() }),
    ...(isKnown(usageLimits) && { usageLimits: returnedLimits(usageLimits) }),
    ...(isKnown(cockroachVersion) && {
      cockroachVersion: majorVersion(cockroachVersion) ?? cockroachVersion,
    }),
    finalizeUpgrade: undefined,
  };
}

/** Limits are managed as a whole, and no limits are none at all. */
function returnedLimits(usageLimits: Unchecked): Unchecked {
  const given = limitMembers.map((name) => [name, usageLimits[name] || undefined] as const);
  return given.some(([, value]) => value !== undefined) ? Object.fromEntries(given) : undefined;
}

function returnedDedicated(inputs: Unchecked, before: Unchecked): Unchecked {
  const { cockroachVersion, hardware } = inputs.dedicated;
  const isMoved = before !== undefined && regionsToMove(before, inputs, {}).length > 0;
  const { storageGib, diskIops, machineSpec, ...others } = isKnown(hardware) ? hardware : {};
  const ofAll = {
    ...others,
    ...(before === undefined && { memoryGib: unknownValue }),
    ...(isMoved ? { machineSpec: unknownValue } : machineSpec && { machineSpec }),
    // Zero leaves the choice to the service, and so does a cloud whose disks have no setting for it.
    ...(storageGib && { storageGib }),
    ...(diskIops && inputs.cloudProvider === "AWS" && { diskIops }),
  };
  return {
    ...inputs.dedicated,
    ...(isKnown(cockroachVersion) && {
      cockroachVersion: majorVersion(cockroachVersion) ?? cockroachVersion,
    }),
    ...(isKnown(hardware) && { hardware: ofAll }),
    // The outputs have the machine of each region in `regions`, and keys in a CmekConfig.
    regionMachineSpecs: undefined,
    cmekRegionSpecs: undefined,
    finalizeUpgrade: undefined,
  };
}

/**
 * The arguments that a person would write for a cluster that exists: what distinguishes it from another, and
 * nothing that the service chooses by itself.
 */

import { omitUndefined } from "../values/omit-undefined";
import { machineArguments } from "./machines";
import type { Inputs } from "./schema";
import type { State } from "./wire";

const defaultCidrRange = "172.28.0.0/14";
/** What the service gives a disk on AWS that nobody asks for more. */
const defaultIopsPerGib = 15;

/** The arguments of a cluster that is like this. */
export function clusterArguments(state: State): Inputs {
  const { name, plan, cloudProvider, deleteProtection, labels, parentId } = state;
  const { serverless, dedicated, customerCloudAccount } = state;
  return {
    name,
    plan,
    cloudProvider,
    ...(parentId === "root" ? {} : { parentId }),
    ...(deleteProtection ? { deleteProtection } : {}),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(serverless === undefined ? {} : { serverless: serverlessArguments(serverless) }),
    ...(dedicated === undefined ? {} : { dedicated: dedicatedArguments(dedicated, state) }),
    ...omitUndefined({ customerCloudAccount }),
  } as Inputs;
}

function serverlessArguments(is: NonNullable<State["serverless"]>) {
  const { regions, primaryRegion, usageLimits, upgradeType, cockroachVersion } = is;
  return {
    regions,
    ...(regions.length > 1 && primaryRegion !== undefined ? { primaryRegion } : {}),
    ...omitUndefined({ usageLimits }),
    // With AUTOMATIC the service changes the version, and a program that names one would fight it.
    ...(upgradeType === "MANUAL" ? { upgradeType, cockroachVersion } : {}),
  };
}

function dedicatedArguments(is: NonNullable<State["dedicated"]>, state: State) {
  const { regionNodes, hardware, cockroachVersion, networkVisibility, cidrRange } = is;
  const { storageGib, diskIops } = hardware;
  const machines = machineArguments(state);
  // On other clouds the size of the disk decides it.
  const hasOwnIops = state.cloudProvider === "AWS" && diskIops !== storageGib * defaultIopsPerGib;
  return {
    regionNodes,
    ...machines,
    hardware: {
      ...machines.hardware,
      storageGib,
      ...(hasOwnIops && diskIops > 0 ? { diskIops } : {}),
    },
    cockroachVersion,
    ...(networkVisibility === "PRIVATE" ? { networkVisibility } : {}),
    ...(state.cloudProvider === "GCP" && cidrRange !== undefined && cidrRange !== defaultCidrRange
      ? { cidrRange }
      : {}),
    ...(state.egressTrafficPolicy === "DEFAULT_DENY" ? { restrictEgressTraffic: true } : {}),
  };
}

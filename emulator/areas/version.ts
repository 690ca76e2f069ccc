// The operation that lists the CockroachDB versions.

import type { Area } from "../area";
import { versionKey } from "../catalogue/versions";
import type { Call } from "../server/call";
import { page } from "../server/paging";

function listMajorClusterVersions(call: Call): object {
  // The documented order is by number, descending; DESC turns it round. Paging sorts upwards, hence the inverted key.
  const inverted = (version: string) =>
    versionKey(version).replace(/\d/g, (digit) => String(9 - Number(digit)));
  const { items, pagination } = page(call, call.context.versions.list(), {
    sortKey: (version) => [inverted(version.version)],
  });
  return {
    versions: items.map((version) => ({
      version: version.version,
      release_type: version.releaseType,
      support_status: version.supportStatus,
      support_end: version.supportEnd,
      allowed_upgrades: version.allowedUpgrades,
    })),
    pagination,
  };
}

/** The catalogue of versions. */
export const versionArea: Area = {
  operations: { ListMajorClusterVersions: listMajorClusterVersions },
};

// The operation that lists the regions.

import type { Area } from "../area";
import { cloudProviders } from "../cluster/wire";
import type { Call } from "../server/call";
import { page } from "../server/paging";
import { float32 } from "../server/protobuf-values";
import { boolParameter, enumParameter } from "../server/query";

function listAvailableRegions(call: Call): object {
  const provider = enumParameter(call.query, "provider", cloudProviders);
  const onlyServerless = boolParameter(call.query, "serverless");
  const regions = call.context.regions.filter(
    (region) =>
      (provider === undefined || region.provider === provider) &&
      (!onlyServerless || region.isServerless),
  );
  const { items, pagination } = page(call, regions, {
    sortKey: (region) => [
      String(Math.round(region.distance)).padStart(8, "0"),
      region.provider,
      region.name,
    ],
  });
  return {
    regions: items.map((region) => ({
      name: region.name,
      location: region.location,
      provider: region.provider,
      serverless: region.isServerless,
      distance: float32(region.distance),
    })),
    pagination,
  };
}

/** The catalogue of regions. */
export const regionArea: Area = { operations: { ListAvailableRegions: listAvailableRegions } };

/** How many requests each type of resource takes. The clock is driven: nothing is slept. */
import type { LoggedRequest } from "../emulator";
import { allResourceTypes } from "../provider/resource/resource-types";
import { closeTestEmulators } from "../tests/support/emulator";
import { writes } from "../tests/support/engine-model/requests";
import { requestsOfLife } from "../tests/support/resource-requests";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";

export async function measureResources({ quick }: PartOptions): Promise<Section> {
  const rows: string[][] = [];
  for (const type of allResourceTypes.slice(0, quick ? 3 : undefined)) {
    const { preview, up, upAgain, refresh, destroy } = await requestsOfLife(type, 1);
    rows.push([
      `\`${type}\``,
      figure(preview.length),
      ...inParts(up),
      figure(upAgain.length),
      figure(refresh.length),
      ...inParts(destroy),
    ]);
  }
  await closeTestEmulators();
  return {
    title: "Requests per resource",
    method:
      "One resource of each type with all of its arguments, on a cluster that is ready, through the commands one after the other. Reads are what a write needs to know first, and polls until it is in force, which the emulator takes as long for as the service.",
    tables: [
      {
        columns: [
          "Resource",
          "preview",
          "up: writes",
          "reads",
          "up, no change",
          "refresh",
          "destroy: writes",
          "reads",
        ],
        rows,
      },
    ],
    notes: [
      "N resources are N times the writes. What has a list is read by one list for all of its cluster, or of the organization, in a refresh and in a wait. A cluster and an API key have a second write, which removes the creation mark; what the API cannot delete has no write at the end. The second read of `PrivateEndpointServices` is the list of clusters, which has the host names of the services: one for all of them.",
    ],
  };
}

function inParts(requests: readonly LoggedRequest[]): [writes: string, reads: string] {
  const written = writes(requests).length;
  return [figure(written), figure(requests.length - written)];
}

// What a test asks of the requests that the emulator has seen.

import type { LoggedRequest } from "../../../emulator";

/** The operations of the requests, reads left out: `["CreateCluster", "UpdateCluster"]`. */
export function writes(requests: readonly LoggedRequest[]): string[] {
  return requests
    .filter(({ method }) => method !== "GET")
    .map(({ operation, method }) => operation ?? method);
}

/** How often an operation was called. */
export function count(requests: readonly LoggedRequest[], operation: string): number {
  return requests.filter((request) => request.operation === operation).length;
}

/** The bodies that an operation was called with. */
export function bodies(requests: readonly LoggedRequest[], operation: string): unknown[] {
  return requests.filter((request) => request.operation === operation).map(({ body }) => body);
}

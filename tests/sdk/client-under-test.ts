// What tests of the client share: a client that waits on a driven clock, and a cluster to be responded.

import type { ClientOptions, CreateClusterRequest } from "../../sdk";
import { CockroachCloudClient } from "../../sdk";
import type { ManualClock } from "../support/clock";
import { manualClock } from "../support/clock";
import type { LocalServer } from "./local-server";

/** No pause of the client is longer in these tests, and every time-out is. */
export const maxPauseMs = 15_000;

/** A client, and the clock it waits on. */
export interface ClientUnderTest {
  client: CockroachCloudClient;
  clock: ManualClock;
  /** Runs a call, skipping its pauses. */
  run<T>(call: Promise<T>): Promise<T>;
  /** Runs a call that fails, skipping its pauses, and returns its error. */
  fail(call: Promise<unknown>): Promise<unknown>;
}

/** Makes a client of a server. */
export function clientOf(
  server: Pick<LocalServer, "url">,
  options: Partial<ClientOptions> = {},
): ClientUnderTest {
  const clock = manualClock();
  const client = new CockroachCloudClient({
    apiKey: "test-key",
    serverUrl: server.url,
    clock,
    random: () => 0.5,
    ...options,
  });
  return {
    client,
    clock,
    run: (call) => clock.run(call, maxPauseMs),
    fail: (call) =>
      clock.run(
        call.then(
          (value) => {
            throw new Error(`It did not fail: ${JSON.stringify(value)}`);
          },
          (error: unknown) => error,
        ),
        maxPauseMs,
      ),
  };
}

/** All items of a list. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A cluster as the API returns it. */
export const wireCluster = {
  id: "3f1c0000-0000-4000-8000-000000000001",
  name: "orders",
  plan: "BASIC",
  cloud_provider: "GCP",
  state: "CREATED",
  operation_status: "UNSPECIFIED",
  upgrade_status: "FINALIZED",
  cockroach_version: "v25.2.6",
  config: { serverless: { routing_id: "orders-1", upgrade_type: "AUTOMATIC", usage_limits: null } },
  regions: [],
  labels: {},
  creator_id: "creator",
  cidr_range: "",
  deleted_at: null,
};

/** A body for creating a cluster. */
export const creation: CreateClusterRequest = {
  name: "orders",
  provider: "GCP",
  spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
};

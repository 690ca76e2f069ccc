// How many requests each type of resource takes. docs/benchmarks.md has the table.
import { strict as assert } from "node:assert";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { casesOf } from "../../conformance/resource-cases";
import { checkEmulators } from "../../support/emulator";
import { writes } from "../../support/engine-model/requests";
import { hasManyPlaces, requestsOfLife } from "../../support/resource-requests";

/** More than the limit grants in a second. */
const many = 11;

/** A refresh reads each of them, and in the one list of clusters what only their clusters show: the hosts of services. */
const besideClusters: ReadonlySet<ResourceType> = new Set(["PrivateEndpointServices"]);

/** What the one list of clusters shows of all of them. */
const shownByClusters: ReadonlySet<ResourceType> = new Set(["EgressTrafficPolicy"]);

const present = (operations: readonly (string | undefined)[]) =>
  operations.filter((operation) => operation !== undefined);

describe("The requests of a resource", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    const { operations } = casesOf[type];
    const times = hasManyPlaces(type) ? many : 1;

    it(`of type ${type} are one write to create it, one read to refresh it, and none more than that`, async () => {
      const { preview, up, upAgain, refresh, destroy } = await requestsOfLife(type, times);
      const repeated = (some: readonly (string | undefined)[]) =>
        present(some).flatMap((operation) => Array<string>(times).fill(operation));
      assert.deepEqual(preview, []);
      assert.deepEqual(upAgain, []);
      const creations = repeated([operations.create, operations.completeCreate]);
      assert.deepEqual(writes(up).sort(), creations.sort());
      assert.deepEqual(writes(destroy).sort(), repeated([operations.delete]).sort());
      assert.deepEqual(writes(refresh), []);
      const own = shownByClusters.has(type) ? 0 : times;
      const reads = own + (own === 0 || besideClusters.has(type) ? 1 : 0);
      assert.ok(refresh.length <= reads, `${refresh.length} reads of ${times} objects`);
      for (const { status } of [...up, ...refresh, ...destroy]) assert.notEqual(status, 429);
    }).timeout(60_000);
  }
});

import assert from "node:assert/strict";
import { faultKinds, injectAtRandom } from "../../bench/random-faults";
import type { Fault, FaultSchedule, LoggedRequest } from "../../emulator";

/** The fault that the emulator would inject into each of these requests. */
function injectedFaults(
  operations: readonly string[],
  options: { seed: number; rate: number },
): (Fault | undefined)[] {
  const armed: (Fault & FaultSchedule)[] = [];
  const faults = { add: (_: string, fault: Fault & FaultSchedule) => armed.push(fault) };
  injectAtRandom({ faults } as never, options);
  return operations.map((operation) => {
    const request = { operation, path: "/" } as LoggedRequest;
    return armed.find(({ when }) => when?.(request));
  });
}

const many = (operation: string, times: number) => Array.from({ length: times }, () => operation);

describe("Random faults", () => {
  it("are injected into about the given share of the requests, with every kind", () => {
    const injected = injectedFaults(many("GetCluster", 20_000), { seed: 3, rate: 0.05 }).filter(
      Boolean,
    );
    assert.ok(injected.length > 900 && injected.length < 1_100, `${injected.length} of 20,000`);
    assert.equal(new Set(injected).size, faultKinds.length);
  });

  it("are the same for the same seed, whatever other requests come between", () => {
    const options = { seed: 7, rate: 0.2 };
    const alone = injectedFaults(many("CreateSQLUser", 100), options);
    const mixed = injectedFaults(
      many("CreateSQLUser", 100).flatMap((operation) => ["ListClusters", operation]),
      options,
    ).filter((_, index) => index % 2 === 1);
    const kindsOf = (faults: (Fault | undefined)[]) => faults.map((fault) => JSON.stringify(fault));
    assert.deepEqual(kindsOf(mixed), kindsOf(alone));
    assert.notDeepEqual(
      kindsOf(injectedFaults(many("CreateSQLUser", 100), { ...options, seed: 8 })),
      kindsOf(alone),
    );
  });
});

import assert from "node:assert/strict";
import { faultKinds, strikeAtRandom } from "../../bench/random-faults";
import type { Fault, FaultSchedule, LoggedRequest } from "../../emulator";

/** What strikes each of so many requests of an operation, as the emulator would take it. */
function strikes(
  operations: readonly string[],
  options: { seed: number; rate: number },
): (Fault | undefined)[] {
  const armed: (Fault & FaultSchedule)[] = [];
  const faults = { add: (_: string, fault: Fault & FaultSchedule) => armed.push(fault) };
  strikeAtRandom({ faults } as never, options);
  return operations.map((operation) => {
    const request = { operation, path: "/" } as LoggedRequest;
    return armed.find(({ when }) => when?.(request));
  });
}

const many = (operation: string, times: number) => Array.from({ length: times }, () => operation);

describe("random faults", () => {
  it("strike about the part of the requests that was asked for, with every kind", () => {
    const struck = strikes(many("GetCluster", 20_000), { seed: 3, rate: 0.05 }).filter(Boolean);
    assert.ok(struck.length > 900 && struck.length < 1_100, `${struck.length} of 20,000`);
    assert.equal(new Set(struck).size, faultKinds.length);
  });

  it("are the same for the same seed, whatever other requests come between", () => {
    const options = { seed: 7, rate: 0.2 };
    const alone = strikes(many("CreateSQLUser", 100), options);
    const mixed = strikes(
      many("CreateSQLUser", 100).flatMap((operation) => ["ListClusters", operation]),
      options,
    ).filter((_, index) => index % 2 === 1);
    const kindsOf = (faults: (Fault | undefined)[]) => faults.map((fault) => JSON.stringify(fault));
    assert.deepEqual(kindsOf(mixed), kindsOf(alone));
    assert.notDeepEqual(
      kindsOf(strikes(many("CreateSQLUser", 100), { ...options, seed: 8 })),
      kindsOf(alone),
    );
  });
});

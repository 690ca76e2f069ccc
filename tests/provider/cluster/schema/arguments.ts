// Arguments of clusters, and what `check` has to say against them.

import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { advanced, basic } from "../../../support/builders";

export const failuresOf = (news: object) =>
  lifecycle
    .check({}, news as Record<string, unknown>)
    .failures.map(({ property, reason }) => `${property} ${reason}`);

export const propertiesOf = (news: object) =>
  lifecycle.check({}, news as Record<string, unknown>).failures.map(({ property }) => property);

export const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, "value"]));

export const multiRegion = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };

export const byRegion = (regionMachineSpecs: unknown, hardware: object = {}) =>
  advanced({ regionMachineSpecs, hardware });

export const label = (key: string, value: unknown = "x") => basic({}, { labels: { [key]: value } });
export const name = (text: unknown) => basic({}, { name: text });
export const hardware = (change: object) =>
  advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, ...change } });

/** Arguments, and the property and reason of the one failure that they lead to. */
export type Refused = [what: string, args: object, property: string, reason: RegExp];

export function refuses(rows: readonly Refused[]): void {
  for (const [what, args, property, reason] of rows) {
    it(what, () => {
      const failures = lifecycle.check({}, args as Record<string, unknown>).failures;
      const own = failures.filter((failure) => failure.property === property);
      assert.notDeepEqual(own, [], `on ${property}, not ${JSON.stringify(failures)}`);
      assert.ok(
        own.some((failure) => reason.test(failure.reason)),
        JSON.stringify(own),
      );
      // A problem is reported once, and nothing that it entails beside it.
      assert.deepEqual([...new Set(propertiesOf(args))], [property]);
    });
  }
}

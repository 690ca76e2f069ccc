// Arguments before and after, and what the comparison finds between them.

import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { diffCluster } from "../../../../provider/cluster/diff";
import { advanced, basic, stateOf } from "../../../support/builders";

/** What a reviewer reads on the line of the resource. */
export function saidAtPreview(
  before: object,
  news: object,
  state: object = stateOf(before),
): string[] {
  const stored = { state, inputs: before, isFromBridge: false };
  return [
    ...lifecycle.check(before as never, news as never).notes,
    ...lifecycle.diff("id", stored as never, news as never).notes,
  ].map(({ message }) => message);
}

export type Row = [what: string, before: object, news: object, changes: string[]];

export function table(rows: readonly Row[]): void {
  for (const [what, before, news, changes] of rows) {
    it(what, () => {
      const found = diffCluster(stateOf(before), news, before);
      assert.deepEqual(
        found.map(({ kind, property }) => `${kind} ${property}`),
        changes,
      );
    });
  }
}

export const several = (regions: string[], primaryRegion = "us-east1") =>
  basic({ regions, primaryRegion });
export const limits = (usageLimits: object) => basic({ usageLimits });
export const gcp = (dedicated: object) =>
  advanced({ regionNodes: { "us-east1": 3 }, ...dedicated }, { cloudProvider: "GCP" });
export const machine = (hardware: unknown) => advanced({ hardware });
export const byType = (machineType: string) => machine({ machineSpec: { machineType } });
// What a preview hands over in place of a value that it does not know.
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const three = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };

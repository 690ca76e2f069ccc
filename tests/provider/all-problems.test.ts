// Problems of different arguments are all reported at once: none hides another.
import { strict as assert } from "node:assert";
import { lifecycle as cluster } from "../../provider/cluster";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { fullArguments, withValueAt } from "../support/full-arguments";

type Properties = Record<string, unknown>;

/** Where values are, outside of lists. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
}

/** Of another type than any argument has. */
const wrong = () => {};

describe("All problems of arguments", () => {
  for (const type of Object.keys(fullArguments) as ResourceType[]) {
    it(`are reported at once: ${type}`, () => {
      const failuresOf = (args: Properties) =>
        resources[type].lifecycle.check({}, args).failures.map(({ property }) => property);
      for (const args of fullArguments[type]) {
        const paths = pathsOf(args);
        for (const one of paths) {
          for (const other of paths.filter((path) => path !== one)) {
            const found = failuresOf(withValueAt(withValueAt(args, one, wrong), other, wrong));
            for (const path of [one, other]) {
              const property = path.join(".").replace(/\.([^.]*[^\w.-][^.]*)/g, '["$1"]');
              assert.ok(found.includes(property), `${property} beside ${one} and ${other}`);
            }
          }
        }
      }
    });
  }

  it("include those that join arguments", () => {
    const { failures } = cluster.check(
      {},
      {
        plan: "BASIC",
        cloudProvider: "AZURE",
        labels: { Team: 1 },
        serverless: { regions: ["us-central1", "us-central1"], usageLimits: { surplus: 1 } },
      },
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      [
        "labels.Team",
        "serverless.usageLimits.surplus",
        "serverless.primaryRegion",
        "cloudProvider",
        "serverless.regions[0]",
        "serverless.regions[1]",
        "serverless.regions[1]",
        "labels.Team",
      ],
    );
  });
});

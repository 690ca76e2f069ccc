/** What users' stacks hold, as releases have written it on the real engine. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "./plugin-client";

export const goldenFolder = join(__dirname, "golden");

/** An entry of a golden state. */
export interface GoldenResource {
  type: string;
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** The entries of each file, with those that Pulumi writes for itself. */
export function goldenStates(): { file: string; resources: GoldenResource[] }[] {
  return readdirSync(goldenFolder).map((file) => {
    const state = JSON.parse(readFileSync(join(goldenFolder, file), "utf8")) as {
      deployment: { resources: GoldenResource[] };
    };
    return { file, resources: state.deployment.resources };
  });
}

/** A copy in which every text that holds the first of a pair holds the second. */
export function replaced<Value>(
  value: Value,
  pairs: readonly (readonly [unknown, unknown])[],
): Value {
  return JSON.parse(
    pairs.reduce(
      (text, [before, now]) => text.replaceAll(String(before), String(now)),
      JSON.stringify(value),
    ),
  );
}

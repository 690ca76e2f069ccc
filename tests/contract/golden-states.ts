/** What users' stacks hold, as releases have written it on the real engine. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceType } from "../../provider/resource/resource-types";
import { clusterIdIn, placeOf } from "../conformance/resource-cases";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
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

/** By type, outputs that are newer than the golden states. */
export const newerOutputs: Partial<Record<ResourceType, readonly string[]>> = {
  Cluster: ["exportPrincipal"],
};

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

/** What an entry is in on an emulator, and a copy of its values that names this in place of what they were written in. */
export function placedOn(
  emulator: TestEmulator,
  { type, resource, number }: { type: ResourceType; resource: GoldenResource; number: number },
  clusterIds: readonly string[],
): { place: Properties; placed: <Value>(value: Value) => Value } {
  const place = placeOf(type, emulator, number);
  const clusterId =
    clusterIdIn(type, place) ||
    encryptable(emulator, { name: `other-${number}`, regions: ["us-east-1"] }).id;
  const pairs = [
    ...Object.keys(place).map((name) => [resource.inputs[name], place[name]] as const),
    ...clusterIds.map((id) => [id, clusterId] as const),
  ];
  return { place, placed: (value) => replaced(value, pairs) };
}

// The creation mark in what is sent, and in state.

import { strict as assert } from "node:assert";
import { bodies } from "../../../support/engine-model/requests";
import type { Stack } from "../../../support/engine-model/stack";
import { visible } from "../../../support/engine-model/values";

export const minute = 60_000;

/** The labels of the POSTs, in order. */
export const postedLabels = (requests: Parameters<typeof bodies>[0]) =>
  bodies(requests, "CreateCluster").map(
    (body) => (body as { spec: { labels: object } }).spec.labels,
  );

export function assertNoMark(stack: Stack): void {
  assert.doesNotMatch(JSON.stringify(visible(stack.resource().outputs)), /pulumi-creating/);
  assert.doesNotMatch(JSON.stringify(stack.resource().inputs), /pulumi-creating/);
}

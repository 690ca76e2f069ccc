// A stack with one cluster, which a test changes.

import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../../emulator";
import { advanced, standard } from "../../../support/builders";
import type { Lab } from "../../../support/engine-model/lab";
import { startLab } from "../../../support/engine-model/lab";
import { bodies } from "../../../support/engine-model/requests";
import { assertDone } from "../../../support/engine-model/run";
import type { Stack } from "../../../support/engine-model/stack";

export const minute = 60_000;
export const hour = 60 * minute;

export type Args = Record<string, unknown>;

/** A stack with one cluster `orders` that is up. */
export async function withCluster(
  args: Args,
  options: EmulatorOptions = {},
): Promise<Lab & { shop: Stack; id: string }> {
  const lab = await startLab(options);
  const shop = lab.stack();
  assertDone(await shop.up({ orders: args }));
  await lab.time.advance(minute);
  return { ...lab, shop, id: shop.resource().id };
}

/** Brings the cluster from `before` to `after` in place, and returns the bodies that this took. */
export async function patches(before: Args, after: Args): Promise<unknown[]> {
  const { shop, id, time } = await withCluster(before);
  const preview = assertDone(await shop.preview({ orders: after }));
  assert.deepEqual(preview.steps, ["update orders"]);
  assert.equal(preview.requests.length, 0);
  const run = assertDone(await shop.up({ orders: after }));
  assert.deepEqual(run.steps, ["update orders"]);
  assert.equal(shop.resource().id, id);
  const again = assertDone(await shop.up({ orders: after }));
  assert.deepEqual([again.steps, again.requests], [["same orders"], []]);
  await time.advance(minute);
  assert.deepEqual((await shop.refresh()).differences, {});
  return bodies(run.requests, "UpdateCluster");
}

export const hardware = (change: object) =>
  advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 35, ...change } });
export const three = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
export const manual = (cockroachVersion?: string) =>
  standard({ upgradeType: "MANUAL", ...(cockroachVersion && { cockroachVersion }) });

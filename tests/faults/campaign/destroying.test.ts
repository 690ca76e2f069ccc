// Whatever ends a destroy of clusters with all kinds of parts at any of its requests: what is on the service and was in
// state is still in state, with its password, and the next destroy goes on from there.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { placesIn } from "../../conformance/scenes";
import { advanced, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import type { Program } from "../../support/engine-model/program";
import type { Run } from "../../support/engine-model/run";
import { assertDone } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { partArguments, partOf } from "../../support/kinds";
import { isPart } from "../extent";
import { remembered } from "./invariants";
import type { World } from "./world";
import { madeSince, newWorld } from "./world";

/** Parts of a Standard cluster, and of an Advanced cluster every part that any such cluster can have. */
const program = (deleteProtection: boolean): Program => ({
  orders: standard({}, { name: "orders", deleteProtection }),
  ...partsOf("orders", ["SqlUser", "Database", "AllowlistEntry"]),
  vault: advanced({ networkVisibility: "PRIVATE" }, { name: "vaults", deleteProtection }),
  ...partsOf("vault", Object.keys(partArguments) as ResourceType[]),
});

function partsOf(cluster: string, types: readonly ResourceType[]): Program {
  return Object.fromEntries(
    types.map((type) => [
      `${type} of ${cluster}`,
      partOf(cluster, type, partArguments[type].first),
    ]),
  );
}

/** How many requests of a destroy CI ends. */
const hitsOfPart = 4;

type End = (world: World, shop: Stack, nth: number) => Promise<Run>;

/** Lets something happen when the n-th request of a destroy arrives. */
const atRequest =
  (happens: (world: World, shop: Stack) => void): End =>
  async (world, shop, nth) => {
    let count = 0;
    world.lab.emulator.faults.add("*", {
      delayMs: 0,
      when() {
        count += 1;
        if (count === nth) happens(world, shop);
        return false;
      },
    });
    return await shop.destroy();
  };

const from =
  (status: number, message: string): End =>
  async (world, shop, nth) => {
    world.lab.emulator.faults.add("*", { status, message, nth, times: Number.POSITIVE_INFINITY });
    return await shop.destroy();
  };

const ends: Readonly<Record<string, End>> = {
  "401 to it and everything after it": from(401, "invalid API key"),
  "403 to it and everything after it": from(403, "unauthorized"),
  "409 to it and everything after it": from(409, "conflict"),
  "Ctrl-C": atRequest((_world, shop) => shop.interrupt()),
  "a kill": async (_world, shop, nth) => await shop.destroy({ killAtRequest: nth }),
  "a lock for ever": atRequest(({ lab: { emulator } }) => {
    for (const { id, name, state } of emulator.clusters.list()) {
      if ((name === "orders" || name === "vaults") && state === "CREATED")
        emulator.clusters.lock(id);
    }
  }),
  "delete protection that somebody switches on": atRequest(({ lab: { emulator } }) => {
    for (const { id, name, state } of emulator.clusters.list()) {
      if ((name === "orders" || name === "vaults") && state === "CREATED") {
        emulator.clusters.edit(id, { deleteProtection: "ENABLED" });
      }
    }
  }),
};

describe("A destroy of clusters with their parts", function () {
  this.timeout(60 * 60_000);
  checkEmulators();

  const { random } = Math;
  before(() => {
    Math.random = () => 0.5;
  });
  after(() => {
    Math.random = random;
  });

  async function made(deleteProtection = false): Promise<{ world: World; shop: Stack }> {
    const world = await newWorld({ assumptions: { lockCoversSubresources: true } });
    const shop = world.lab.stack();
    assertDone(await shop.up(program(deleteProtection)));
    return { world, shop };
  }

  for (const [number, [title, end]] of Object.entries(ends).entries()) {
    it(`ended at each request by ${title}`, async () => {
      const undisturbed = await made();
      const { requests } = assertDone(await undisturbed.shop.destroy());
      for (const nth of chosen(placesIn(requests), number)) {
        const { world, shop } = await made();
        const { emulator } = world.lab;
        const inState = shop.everything();
        await end(world, shop, nth);
        const found = [
          ...(await remembered(world, inState, shop)),
          ...forgottenPasswords(world, shop),
        ];
        assert.deepEqual(found, [], `at request ${nth}`);

        emulator.faults.clear();
        for (const { id, state } of madeSince(world)) {
          if (state === "LOCKED") emulator.clusters.unlock(id);
          if (state !== "DELETED") emulator.clusters.edit(id, { deleteProtection: "DISABLED" });
        }
        assertDone(await shop.destroy());
        assert.deepEqual(shop.everything(), [], `at request ${nth}`);
        const left = madeSince(world).filter(({ state }) => state !== "DELETED");
        assert.deepEqual(left, [], `at request ${nth}`);
      }
    });
  }

  it("that are protected deletes nothing", async () => {
    const { world, shop } = await made(true);
    const inState = shop.everything();
    const run = await shop.destroy();
    assert.deepEqual(shop.everything(), inState);
    assert.deepEqual(
      run.requests.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.deepEqual(forgottenPasswords(world, shop), []);
  });
});

/** All requests, or the few of CI: others for each end. */
function chosen(places: readonly number[], number: number): readonly number[] {
  const stride = Math.ceil(places.length / hitsOfPart);
  return isPart ? places.filter((_, index) => index % stride === number % stride) : places;
}

/** Users whose password in state is not theirs; a kill may leave one in state that was just deleted. */
function forgottenPasswords(world: World, shop: Stack): string[] {
  const { sqlUsers } = world.lab.emulator;
  return shop.everything().flatMap(({ id, outputs: { clusterId, name, password } }) => {
    const user = [String(clusterId), String(name)] as const;
    if (typeof password !== "string" || !sqlUsers.list(user[0]).includes(user[1])) return [];
    return sqlUsers.hasPassword(...user, password) ? [] : [id];
  });
}

// Ctrl-C and time-outs: whatever request an operation is at, it ends there, and sends nothing more.

import { strict as assert } from "node:assert";
import type { EmulatorOptions, LoggedRequest } from "../../emulator";
import type { ResourceType } from "../../provider/resource-types";
import { advanced } from "../support/builders";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, closeTestEmulators } from "../support/emulator";
import { kinds, partArguments } from "../support/kinds";
import type { Lab, ResourceOptions, Run, Stack } from "../support/shell";
import { assertDone, Declaration, startLab } from "../support/shell";

type Properties = Record<string, unknown>;

const minute = 60_000;

/** A stack, and a second one of the same program in another place. */
interface World extends Lab {
  shop: Stack;
  other: Stack;
  /** Id of an Advanced cluster that takes every part. */
  id: string;
  customTimeouts: ResourceOptions["customTimeouts"];
}

interface Scene {
  title: string;
  type: ResourceType;
  /** Whether the user's time-out is for this operation. */
  isTimed: boolean;
  options?: EmulatorOptions;
  /** What is there before the operation. */
  before?(world: World): Promise<void>;
  /** The operation, and what goes wrong in it. */
  run(world: World): Promise<Run>;
}

function program(
  { id, customTimeouts = {} }: World,
  type: ResourceType,
  args: Properties,
  options: ResourceOptions = {},
) {
  const all = type === "Cluster" ? args : { clusterId: id, ...args };
  return { it: new Declaration(kinds[type], all, [], { customTimeouts, ...options }) };
}

function scenesOf(
  type: ResourceType,
  { first, second }: { first: Properties; second: Properties },
  deletion: Properties = {},
): Scene[] {
  const made = (args: Properties) => async (world: World) => {
    assertDone(await world.shop.up(program(world, type, args)));
  };
  return [
    {
      title: "create",
      type,
      isTimed: true,
      run: (world) => world.shop.up(program(world, type, first)),
    },
    {
      title: "update",
      type,
      isTimed: true,
      before: made(first),
      run: (world) => world.shop.up(program(world, type, second)),
    },
    {
      title: "refresh",
      type,
      isTimed: false,
      before: made(first),
      run: ({ shop }) => shop.refresh(),
    },
    {
      title: "delete",
      type,
      isTimed: true,
      before: made({ ...first, ...deletion }),
      run: ({ shop }) => shop.destroy(),
    },
    {
      title: "import",
      type,
      isTimed: false,
      async before(world) {
        assertDone(await world.other.up(program(world, type, first)));
      },
      run: (world) => {
        const { id, outputs } = world.other.resource("it");
        const named = type === "Cluster" ? { name: outputs["name"] } : {};
        return world.shop.up(program(world, type, { ...first, ...named }, { import: id }));
      },
    },
  ];
}

const scenes: Scene[] = [
  ...scenesOf("Cluster", {
    first: advanced(),
    second: advanced({ regionNodes: { "us-east-1": 4 } }, { labels: { team: "a" } }),
  }),
  ...Object.entries(partArguments).flatMap(([type, args]) =>
    scenesOf(type as ResourceType, args, type === "CmekConfig" ? { revokeOnDelete: true } : {}),
  ),
];

async function enter(
  { type, options, before }: Scene,
  customTimeouts: World["customTimeouts"],
): Promise<World> {
  const lab = await startLab({
    durations: { createAdvancedMs: 10_000, scaleMs: 10_000, cmekMs: 10_000 },
    ...options,
  });
  const { id } =
    type === "Cluster" ? { id: "" } : encryptable(lab.emulator, { regions: ["us-east-1"] });
  const world: World = {
    ...lab,
    shop: lab.stack(),
    other: lab.stack({ name: "other" }),
    id,
    customTimeouts,
  };
  await before?.(world);
  return world;
}

/** What strikes a request, and when it did. */
function strike(
  { emulator, time }: World,
  nth: number,
  fault: Parameters<TestEmulator["faults"]["add"]>[1],
  onStrike: () => void,
): () => number {
  let count = 0;
  let struckAt = Number.NaN;
  emulator.faults.add("*", {
    ...fault,
    when() {
      count += 1;
      if (count !== nth) return false;
      struckAt = time.now();
      onStrike();
      return true;
    },
  });
  return () => struckAt;
}

const throttled = (seconds: number) => ({
  status: 429,
  message: "rate limit exceeded",
  headers: { "Retry-After": String(seconds) },
});

const place = (title: string, nth: number, { method, path }: LoggedRequest) =>
  `${title}, request ${nth}: ${method} ${path.replace(/.*\/clusters/, "…")}`;

describe("An operation", () => {
  checkEmulators();

  for (const scene of scenes) {
    const title = `${scene.title} of ${scene.type}`;

    it(`ends with Ctrl-C at each of its requests: ${title}`, async () => {
      const { requests } = assertDone(await scene.run(await enter(scene, undefined)));
      await closeTestEmulators();
      for (const [index, request] of requests.entries()) {
        const nth = index + 1;
        const where = place(title, nth, request);
        const world = await enter(scene, undefined);
        // A write that is on its way is let finish.
        const fault =
          request.method === "GET" ? ({ hang: "before-effect" } as const) : throttled(30);
        const struckAt = strike(world, nth, fault, () => world.shop.interrupt());
        const run = await scene.run(world);
        assert.equal(run.failures.length, 1, `${where}: ${run.failures}`);
        assert.equal(world.time.now(), struckAt(), `${where} ends at once`);
        assert.equal(run.requests.length, nth, `${where} is the last`);
        await closeTestEmulators();
      }
    });

    if (!scene.isTimed) continue;

    it(`ends in time at each of its requests: ${title}`, async () => {
      const start = await enter(scene, undefined);
      const startedAt = start.time.now();
      const { requests } = assertDone(await scene.run(start));
      await closeTestEmulators();
      for (const [index, request] of requests.entries()) {
        const nth = index + 1;
        const where = place(title, nth, request);
        const timeoutMs = request.at - startedAt + minute;
        const world = await enter(scene, { [scene.title]: `${timeoutMs}ms` });
        const struckAt = strike(world, nth, throttled(300), () => {});
        const run = await scene.run(world);
        assert.equal(run.failures.length, 1, `${where}: ${run.failures}`);
        assert.ok(struckAt() > 0, `${where} is struck`);
        assert.ok(run.elapsedMs <= timeoutMs, `${where} ends after ${run.elapsedMs} ms`);
        await closeTestEmulators();
      }
    });
  }
});

// Ctrl-C, time-outs and refusals: whatever request an operation is at, it ends there, and sends nothing more.

import { strict as assert } from "node:assert";
import type { LoggedRequest } from "../../emulator";
import type { ResourceType } from "../../provider/resource/resource-types";
import { advanced } from "../support/builders";
import { beingCreated, bodyOf } from "../support/cluster-parts";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, closeTestEmulators } from "../support/emulator";
import { kinds, partArguments } from "../support/kinds";
import type { Lab, ResourceOptions, Run, Stack } from "../support/shell";
import { assertDone, Declaration, failureOf, startLab } from "../support/shell";

type Fault = Parameters<TestEmulator["faults"]["add"]>[1];
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

type Operation = "create" | "delete" | "import" | "refresh" | "update";

interface Scene {
  type: ResourceType;
  operation: Operation;
  /** What is particular about it. */
  title?: string;
  /** What is there before. */
  before?(world: World): Promise<void>;
  run(world: World): Promise<Run>;
  /** How it ends when nobody ends it; undefined where it succeeds. */
  failure?: RegExp;
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

const made = (type: ResourceType, args: Properties) => async (world: World) => {
  assertDone(await world.shop.up(program(world, type, args)));
};

/** The same operation, in which the service answers one request with this. */
function struckBy(operation: string, fault: Fault, { run, ...scene }: Scene): Scene {
  return {
    ...scene,
    run: async (world) => {
      world.emulator.faults.add(operation, fault);
      return await run(world);
    },
  };
}

const lost = { reset: "after-effect" } as const;
const notFound = { status: 404, message: "not found" };

const creation = (type: ResourceType, args: Properties): Scene => ({
  type,
  operation: "create",
  run: (world) => world.shop.up(program(world, type, args)),
});

const update = (type: ResourceType, first: Properties, second: Properties): Scene => ({
  type,
  operation: "update",
  before: made(type, first),
  run: (world) => world.shop.up(program(world, type, second)),
});

const deletion = (type: ResourceType, args: Properties): Scene => ({
  type,
  operation: "delete",
  before: made(type, args),
  run: ({ shop }) => shop.destroy(),
});

const refresh = (type: ResourceType, args: Properties): Scene => ({
  type,
  operation: "refresh",
  before: made(type, args),
  run: ({ shop }) => shop.refresh(),
});

/** Takes over what another stack has made. */
const adoption = (type: ResourceType, args: Properties): Scene => ({
  type,
  operation: "import",
  async before(world) {
    assertDone(await world.other.up(program(world, type, args)));
  },
  run: (world) => {
    const { id, outputs } = world.other.resource("it");
    const named = type === "Cluster" ? { name: outputs["name"] } : {};
    return world.shop.up(program(world, type, { ...args, ...named }, { import: id }));
  },
});

function scenesOf(
  type: ResourceType,
  { first, second }: { first: Properties; second: Properties },
): Scene[] {
  const deleted = type === "CmekConfig" ? { ...first, revokeOnDelete: true } : first;
  return [
    creation(type, first),
    update(type, first, second),
    refresh(type, first),
    deletion(type, deleted),
    adoption(type, first),
  ];
}

const { SqlUser: user, Database: database, AllowlistEntry: entry } = partArguments;
const { MaintenanceWindow: window, VersionDeferral: deferral } = partArguments;

const scenes: Scene[] = [
  ...scenesOf("Cluster", {
    first: advanced(),
    second: advanced({ regionNodes: { "us-east-1": 4 } }, { labels: { team: "a" } }),
  }),
  ...Object.entries(partArguments).flatMap(([type, args]) => scenesOf(type as ResourceType, args)),
  ...(
    [
      ["CreateSQLUser", creation("SqlUser", user.first)],
      ["CreateDatabase", creation("Database", database.first)],
      ["EditDatabase", update("Database", database.first, database.second)],
      ["AddAllowlistEntry", creation("AllowlistEntry", entry.first)],
      ["UpdateAllowlistEntry", update("AllowlistEntry", entry.first, entry.second)],
    ] as const
  ).map(([operation, scene]) => ({
    ...struckBy(operation, lost, scene),
    title: "whose answer was lost",
  })),
  ...(
    [
      ["DeleteCluster", deletion("Cluster", advanced())],
      ["DeleteSQLUser", deletion("SqlUser", user.first)],
      ["DeleteDatabase", deletion("Database", database.first)],
      ["DeleteAllowlistEntry", deletion("AllowlistEntry", entry.first)],
      ["DeleteMaintenanceWindow", deletion("MaintenanceWindow", window.first)],
      ["SetClusterVersionDeferral", deletion("VersionDeferral", deferral.first)],
    ] as const
  ).map(([operation, scene]) => ({
    ...struckBy(operation, notFound, scene),
    title: "that a stray 404 answers",
    failure: /is still there: run the operation again\.$/,
  })),
  {
    ...struckBy("DeleteSQLUser", { status: 400 }, deletion("SqlUser", user.first)),
    title: "that is refused",
    failure: / 400 scripted fault/,
  },
  {
    ...struckBy("CreateSQLUser", { status: 400 }, creation("SqlUser", user.first)),
    title: "that is refused",
    failure: / 400 scripted fault/,
  },
  {
    ...struckBy(
      "SetMaintenanceWindow",
      { status: 200, body: {} },
      creation("MaintenanceWindow", window.first),
    ),
    title: "whose answer does not show it",
    failure: /the API accepted it, and shows none afterwards/,
  },
  {
    ...creation("AllowlistEntry", { cidrIp: "0.0.0.0", cidrMask: 0, sql: true, ui: false }),
    title: "of what the service has made",
    async before(world) {
      world.id = world.emulator.clusters.create(bodyOf("BASIC", "small-one") as never).id;
    },
  },
  {
    ...creation("SqlUser", user.first),
    title: "on a cluster that is being created",
    async before(world) {
      world.id = await beingCreated(world.emulator);
    },
  },
];

async function enter(
  { type, before }: Scene,
  customTimeouts: World["customTimeouts"],
): Promise<World> {
  const lab = await startLab({
    durations: { createAdvancedMs: 10_000, scaleMs: 10_000, cmekMs: 10_000 },
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
  fault: Fault,
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

const place = (nth: number, { method, operation }: LoggedRequest) =>
  `request ${nth}, ${operation ?? method},`;

/** The requests of an operation that nobody ends. */
async function requestsOf(scene: Scene): Promise<LoggedRequest[]> {
  const run = await scene.run(await enter(scene, undefined));
  if (scene.failure === undefined) assertDone(run);
  else assert.match(failureOf(run), scene.failure);
  await closeTestEmulators();
  return run.requests;
}

/** Whether the operation goes on without the answer: nodes are only shown, and a lost or refused POST says more. */
function isMereLook({ operation: scene }: Scene, { operation }: LoggedRequest): boolean {
  return operation === "ListClusterNodes" || (operation === "ListSQLUsers" && scene === "create");
}

describe("An operation", () => {
  checkEmulators();

  for (const scene of scenes) {
    const { type, operation, title = "" } = scene;
    const name = `${operation} ${type} ${title}`.trim();

    it(`ends with Ctrl-C at each of its requests: ${name}`, async () => {
      for (const [index, request] of (await requestsOf(scene)).entries()) {
        const nth = index + 1;
        const where = place(nth, request);
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

    it(`ends with a refusal at each of its requests: ${name}`, async () => {
      for (const [index, request] of (await requestsOf(scene)).entries()) {
        if (isMereLook(scene, request)) continue;
        const nth = index + 1;
        const where = place(nth, request);
        const world = await enter(scene, undefined);
        strike(world, nth, { status: 403, message: "not allowed" }, () => {});
        const run = await scene.run(world);
        assert.match(failureOf(run), / 403 not allowed/, where);
        assert.equal(run.requests.length, nth, `${where} is the last`);
        await closeTestEmulators();
      }
    });

    if (operation === "refresh" || operation === "import") continue;

    it(`ends in time at each of its requests: ${name}`, async () => {
      const requests = await requestsOf(scene);
      const startedAt = requests[0]?.at ?? 0;
      for (const [index, request] of requests.entries()) {
        const nth = index + 1;
        const where = place(nth, request);
        const timeoutMs = request.at - startedAt + minute;
        const world = await enter(scene, { [operation]: `${timeoutMs}ms` });
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

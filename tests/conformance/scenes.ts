// Operations that are ended at each of their requests: by Ctrl-C, by a refusal, by a time-out.

import { strict as assert } from "node:assert";
import type { Fault, LoggedRequest } from "../../emulator";
import type { ResourceType } from "../../provider/resource/resource-types";
import { closeTestEmulators } from "../support/emulator";
import type { ResourceOptions } from "../support/engine-model/program";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Operation } from "./resource-cases";
import { casesOf } from "./resource-cases";
import type { World } from "./world";
import { startWorld } from "./world";

const minute = 60_000;

/** One operation on one resource. */
export interface Scene {
  readonly type: ResourceType;
  readonly operation: Operation;
  /** What is particular about it. */
  readonly title: string;
  readonly before: (world: World) => Promise<unknown>;
  readonly run: (world: World, options: ResourceOptions) => Promise<Run>;
  /** How it ends when nobody ends it; undefined where it succeeds. */
  readonly failure?: RegExp;
  /** The operation of the API after which no read is needed. */
  readonly optionalAfter?: string;
  /** Nor a write. */
  readonly isRepeated?: boolean;
}

/** The same, in which the service gives this response to the operation of the API. */
export function withFault(
  scene: Scene,
  operation: string,
  fault: Fault,
  how: Partial<Scene>,
): Scene {
  return {
    ...scene,
    ...how,
    run(world, options) {
      world.emulator.faults.add(operation, fault);
      return scene.run(world, options);
    },
  };
}

async function enter(scene: Scene): Promise<World> {
  const world = await startWorld(scene.type, {
    durations: { createAdvancedMs: 10_000, scaleMs: 10_000, cmekMs: 10_000 },
  });
  await scene.before(world);
  return world;
}

/** Injects a fault into a request, and returns when it did. */
function injectFault(
  { emulator, time }: World,
  nth: number,
  fault: Fault,
  onFault: () => void,
): () => number {
  let count = 0;
  let injectedAt = Number.NaN;
  emulator.faults.add("*", {
    ...fault,
    when() {
      count += 1;
      if (count !== nth) return false;
      injectedAt = time.now();
      onFault();
      return true;
    },
  });
  return () => injectedAt;
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
  const run = await scene.run(await enter(scene), {});
  if (scene.failure === undefined) assertDone(run);
  else assert.match(failureOf(run), scene.failure);
  await closeTestEmulators();
  return run.requests;
}

/** The requests at which an operation is ended: of equal ones in a row, which are polls, the first and the last. */
export function placesIn(requests: readonly LoggedRequest[]): number[] {
  const same = (index: number, other: number) =>
    requests[index]?.operation === requests[other]?.operation;
  return requests
    .map((_, index) => index)
    .filter((index) => !same(index, index - 1) || !same(index, index + 1))
    .map((index) => index + 1);
}

/** Whether the operation goes on without the response: nodes are only shown, and a lost POST says more. */
function isOptional(
  { type, operation, optionalAfter, isRepeated = false }: Scene,
  nth: number,
  requests: LoggedRequest[],
): boolean {
  const request = requests[nth - 1];
  const before = requests.slice(0, nth - 1);
  return (
    request?.operation === "ListClusterNodes" ||
    casesOf[type].optionalRequests?.[operation]?.includes(request?.operation ?? "") === true ||
    ((request?.method === "GET" || isRepeated) &&
      before.some(({ operation }) => operation === optionalAfter))
  );
}

/** Registers the tests of an operation: whatever request it is at, it ends there, and sends nothing more. */
export function endsEarly(scene: Scene): void {
  const { type, operation, title } = scene;
  const name = `${operation} ${type} ${title}`.trim();
  const { random } = Math;

  // The recorded run and the one with the fault must wait alike.
  before(() => {
    Math.random = () => 0.5;
  });

  after(() => {
    Math.random = random;
  });

  it(`ends with Ctrl-C at each of its requests: ${name}`, async () => {
    const requests = await requestsOf(scene);
    for (const nth of placesIn(requests)) {
      const request = requests[nth - 1] as LoggedRequest;
      const where = place(nth, request);
      const world = await enter(scene);
      // A write that is on its way is let finish.
      const fault = request.method === "GET" ? ({ hang: "before-effect" } as const) : throttled(30);
      const injectedAt = injectFault(world, nth, fault, () => world.stack.interrupt());
      const run = await scene.run(world, {});
      assert.equal(run.failures.length, 1, `${where}: ${run.failures}`);
      assert.equal(world.time.now(), injectedAt(), `${where} ends at once`);
      assert.equal(run.requests.length, nth, `${where} is the last`);
      await closeTestEmulators();
    }
  });

  it(`ends with a refusal at each of its requests: ${name}`, async () => {
    const requests = await requestsOf(scene);
    for (const nth of placesIn(requests)) {
      const request = requests[nth - 1] as LoggedRequest;
      if (isOptional(scene, nth, requests)) continue;
      const where = place(nth, request);
      const world = await enter(scene);
      injectFault(world, nth, { status: 403, message: "not allowed" }, () => {});
      const run = await scene.run(world, {});
      assert.match(failureOf(run), / 403 not allowed/, where);
      assert.equal(run.requests.length, nth, `${where} is the last`);
      await closeTestEmulators();
    }
  });

  if (operation === "refresh" || operation === "import") return;

  it(`ends in time at each of its requests: ${name}`, async () => {
    const requests = await requestsOf(scene);
    const startedAt = requests[0]?.at ?? 0;
    for (const nth of placesIn(requests)) {
      const request = requests[nth - 1] as LoggedRequest;
      const where = place(nth, request);
      const timeoutMs = request.at - startedAt + minute;
      const world = await enter(scene);
      const injectedAt = injectFault(world, nth, throttled(300), () => {});
      const run = await scene.run(world, { customTimeouts: { [operation]: `${timeoutMs}ms` } });
      assert.equal(run.failures.length, 1, `${where}: ${run.failures}`);
      assert.ok(injectedAt() > 0, `${where} gets the fault`);
      assert.ok(run.elapsedMs <= timeoutMs, `${where} ends after ${run.elapsedMs} ms`);
      await closeTestEmulators();
    }
  });
}

// What all resources have in common, played on each of them with its own cases: on the model of the engine, against
// the emulator, over HTTP. What a resource has alone is in tests/provider.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { checkEmulators } from "../support/emulator";
import { bodies, writes } from "../support/engine-model/requests";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { ArgumentCase } from "./resource-cases";
import { casesOf, valuesIn } from "./resource-cases";
import { argumentOf, argumentsAfter, startWorld } from "./world";

const argumentsOf = (type: ResourceType, onChange: ArgumentCase["onChange"]) =>
  Object.entries(casesOf[type].arguments).filter(([, one]) => one.onChange === onChange);

const present = (operations: readonly (string | undefined)[]) =>
  operations.filter((operation) => operation !== undefined);

describe("A resource", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    const cases = casesOf[type];
    const { operations } = cases;
    const creations = present([operations.create, operations.completeCreate]);
    const deletions = present([operations.delete]);

    describe(`of type ${type}`, () => {
      it("is created with one request, read back as it was written, and left alone after that", async () => {
        const world = await startWorld(type);
        const args = { ...world.place, ...cases.full[0] };
        const run = assertDone(await world.up(args));
        assert.deepEqual(run.steps, ["create it"]);
        assert.deepEqual(writes(run.requests), creations);
        assert.deepEqual(bodies(run.requests, operations.create).map(withoutKey), [
          cases.createBody(world.place, world.stack.mark("it")),
        ]);
        const { id } = world.stack.resource("it");
        assert.equal(id, cases.idOf?.(args) ?? id);
        assert.ok(cases.exists(world.object()));
        await world.assertSettled(args);
      });

      it("is created with the arguments that it requires alone, and left alone after that", async () => {
        const world = await startWorld(type);
        const args = { ...world.place, ...cases.minimal };
        assertDone(await world.up(args));
        assert.ok(cases.exists(world.object()));
        await world.assertSettled(args);
      });

      it("is deleted with one request, and again without one that fails", async () => {
        const world = await startWorld(type);
        assertDone(await world.up({ ...world.place, ...cases.full[0] }));
        const object = world.object();
        const stored = world.stack.resource("it");
        const run = assertDone(await world.stack.destroy());
        assert.deepEqual(writes(run.requests), deletions);
        assert.equal(cases.exists(object), operations.delete === undefined);
        world.stack.resources.set("it", stored);
        assertDone(await world.stack.destroy());
        assert.equal(world.stack.resources.size, 0);
      });

      for (const [path, one] of argumentsOf(type, "update")) {
        it(`is updated in place by a change of ${path}, with no more requests than it takes`, async () => {
          const world = await startWorld(type);
          const before = {
            ...world.place,
            ...valuesIn(one.before ?? cases.full[0], world.emulator),
          };
          assertDone(await world.up(before));
          const { id } = world.stack.resource("it");
          const after = argumentsAfter(world, path, before);
          const run = assertDone(await world.up(after));
          assert.deepEqual(run.steps, ["update it"]);
          assert.deepEqual(writes(run.requests), one.sends ?? [operations.update]);
          if (type !== "Database") assert.equal(world.stack.resource("it").id, id);
          assertShows(run, world.stack.outputs("it"), path, after);
          await world.assertSettled(after);
        });
      }

      for (const [path, one] of argumentsOf(type, "replace")) {
        it(`is replaced by a change of ${path}`, async () => {
          const world = await startWorld(type);
          const before = {
            ...world.place,
            ...valuesIn(one.before ?? cases.full[0], world.emulator),
          };
          assertDone(await world.up(before));
          const former = world.object();
          const after = argumentsAfter(world, path, before);
          const run = assertDone(await world.up(after));
          assert.ok(run.steps.includes("replace it"), run.steps.join());
          const sent = cases.createsFirst
            ? [...creations, ...deletions]
            : [...deletions, ...creations];
          assert.deepEqual(writes(run.requests), one.sends ?? sent);
          assert.equal(cases.exists(former), operations.delete === undefined);
          assert.ok(cases.exists(world.object()));
          await world.assertSettled(after);
        });
      }

      for (const [path, one] of Object.entries(cases.arguments)) {
        const { drift } = one;
        if (typeof drift === "string") continue;
        it(`that somebody else has given another ${path} is reported by a refresh, and repaired`, async () => {
          const world = await startWorld(type);
          const args = { ...world.place, ...valuesIn(one.before ?? cases.full[0], world.emulator) };
          assertDone(await world.up(args));
          drift(world.object());
          const { differences } = assertDone(await world.stack.refresh());
          assert.ok(
            differences["it"]?.some((property) => argumentOf(property) === argumentOf(path)),
            `the drift of ${path} is in ${JSON.stringify(differences)}`,
          );
          assert.deepEqual(assertDone(await world.up(args)).steps, ["update it"]);
          await world.assertSettled(args);
        });
      }

      it("that somebody else has deleted is taken out of the state by a refresh, and created again", async () => {
        const world = await startWorld(type);
        const args = { ...world.place, ...cases.full[0] };
        assertDone(await world.up(args));
        cases.remove(world.object());
        assert.deepEqual(assertDone(await world.stack.refresh()).steps, ["delete it"]);
        assert.equal(world.stack.resources.size, 0);
      });

      it("is adopted by an import that writes nothing", async () => {
        const world = await startWorld(type);
        const args = { ...world.place, ...cases.full[0] };
        assertDone(await world.upElsewhere(args));
        const { id } = world.elsewhere.resource("it");
        const run = assertDone(await world.up(args, { import: id }));
        assert.deepEqual(writes(run.requests), []);
        assert.equal(world.stack.resource("it").id, id);
        await world.assertSettled(args);
      });

      it("is not adopted by an import with an id that does not exist", async () => {
        const world = await startWorld(type);
        const args = { ...world.place, ...cases.full[0] };
        const run = await world.up(args, { import: cases.missingId(world.place) });
        assert.match(failureOf(run), /^Importing .* failed: /);
        assert.deepEqual(writes(run.requests), []);
        assert.equal(world.stack.resources.size, 0);
      });
    });
  }
});

/** The key that makes a repeat of a request harmless is another one each time. */
function withoutKey(body: unknown): unknown {
  if (body === undefined) return undefined;
  const { idempotency_key: _, ...rest } = body as Record<string, unknown>;
  return rest;
}

/** Asserts that an output shows the argument. */
function assertShows(
  { requests }: Run,
  outputs: Record<string, unknown>,
  path: string,
  args: Record<string, unknown>,
): void {
  const name = argumentOf(path);
  if (typeof args[name] === "object" || requests.length === 0) return;
  assert.deepEqual(outputs[name], args[name], name);
}

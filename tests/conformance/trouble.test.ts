// What each resource does when the service refuses, loses a response, or knows nothing of the object.

import { strict as assert } from "node:assert";
import type { Fault } from "../../emulator";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { putForeign } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf, printedLines } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";
import { casesOf, placeOf, updateOf } from "./resource-cases";
import type { World } from "./world";
import { argumentsAfter, startWorld } from "./world";

const notFound = { status: 404, message: "not found" };
const forbidden = { status: 403, message: "not allowed" };
const minuteMs = 60_000;
const lost: readonly Fault[] = [{ reset: "after-effect" }, { reset: "before-effect" }];

describe("A resource in trouble", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    const cases = casesOf[type];
    const { operations } = cases;
    const start = async () => {
      const world = await startWorld(type);
      return { ...world, args: { ...world.place, ...cases.full[0] } };
    };
    const startCreated = async () => {
      const world = await start();
      assertDone(await world.up(world.args));
      return world;
    };
    const updated = ({ place }: World) => {
      const args = updateOf(type);
      return args && { ...place, ...args };
    };

    describe(`of type ${type}`, () => {
      it("is not in the state when its creation is refused, and created by the next update", async () => {
        const world = await start();
        world.emulator.faults.add(operations.create, forbidden);
        assert.match(failureOf(await world.up(world.args)), / 403 not allowed/);
        assert.equal(world.stack.resources.size, 0);
        assertDone(await world.up(world.args));
        await world.assertSettled(world.args);
      });

      it("advises in whole sentences when its creation meets a conflict", async () => {
        const world = await start();
        world.emulator.faults.add(operations.create, { status: 409, message: "conflict" });
        for (const failure of (await world.up(world.args)).failures) {
          assert.match(failure, / 409 conflict .*\. [A-Z].*\.$/);
          assert.doesNotMatch(failure, /undefined/);
        }
      });

      it("keeps its state when an update is refused, and is updated by the next one", async () => {
        const world = await startCreated();
        const changed = updated(world);
        if (changed === undefined || operations.update === undefined) return;
        const stored = world.stack.resource("it");
        world.emulator.faults.add(operations.update, forbidden);
        assert.match(failureOf(await world.up(changed)), / 403 not allowed/);
        assert.deepEqual(visible(world.stack.resource("it").inputs), visible(stored.inputs));
        assertDone(await world.up(changed));
        await world.assertSettled(changed);
      });

      for (const status of [400, 403]) {
        it(`stays in the state when its deletion is refused with ${status}, and is deleted by the next one`, async () => {
          const world = await startCreated();
          if (operations.delete === undefined) return;
          const object = world.object();
          const fault = { status, message: "refused", times: Number.POSITIVE_INFINITY };
          world.emulator.faults.add(operations.delete, fault);
          assert.match(failureOf(await world.stack.destroy()), new RegExp(` ${status} refused`));
          world.emulator.faults.clear();
          assert.equal(world.stack.resources.size, 1);
          assert.ok(cases.exists(object));
          assertDone(await world.stack.destroy());
          assert.ok(!cases.exists(object));
        });
      }

      it("stays in the state when its deletion gets a stray 404", async () => {
        const world = await startCreated();
        if (operations.delete === undefined) return;
        const object = world.object();
        world.emulator.faults.add(operations.delete, notFound);
        const run = await world.stack.destroy();
        if (run.failures.length > 0) {
          assert.match(failureOf(run), /404 not found.* still there: run the operation again\.$/);
          assert.ok(cases.exists(object));
          assertDone(await world.stack.destroy());
        }
        assert.ok(!cases.exists(object));
        assert.equal(world.stack.resources.size, 0);
      });

      it("stays in the state when the read of a refresh gets a stray 404", async () => {
        const world = await startCreated();
        world.emulator.faults.add(operations.read, notFound);
        await world.stack.refresh();
        assert.equal(world.stack.resources.size, 1);
        await world.assertSettled(world.args);
      });

      it("is created once when the response is lost, and found or named to the user", async () => {
        const { lostCreate } = cases;
        const world = await start();
        world.emulator.faults.add(operations.create, { reset: "after-effect" });
        const run = await world.up(world.args);
        if (lostCreate.outcome === "found") {
          assertDone(run);
          assertWarns(run.notes, lostCreate.warning);
          assert.ok(cases.exists(world.object()));
          await world.assertSettled(world.args);
        } else {
          assert.match(failureOf(run), lostCreate.failure);
          assert.equal(world.stack.resources.size, 0);
        }
        if (cases.existing.outcome === "changed") return;
        const isSentAgain = lostCreate.outcome === "found" && lostCreate.isSentAgain === true;
        assert.equal(count(run.requests, operations.create), isSentAgain ? 2 : 1);
      });

      it("is waited for by the next update where a refresh comes after a run that was interrupted", async () => {
        for (const isUpdate of [false, true]) {
          const begin = async () => {
            const world = await start();
            const changed = updated(world);
            const isChanged = isUpdate && changed !== undefined;
            if (isChanged) assertDone(await world.up(world.args));
            return { ...world, wanted: isChanged ? changed : world.args };
          };
          const whole = await begin();
          const { elapsedMs } = assertDone(await whole.up(whole.wanted));
          const world = await begin();
          const interruptAfterMs = elapsedMs * 0.7;
          const interrupted = await world.up(world.wanted, {}, { interruptAfterMs });
          if (interrupted.failures.length === 0 || world.stack.resources.size === 0) return;
          assertDone(await world.stack.refresh());
          assertDone(await world.up(world.wanted));
          const settled = world.stack.outputs("it");
          await world.time.advance(12 * 60 * minuteMs);
          await world.assertSettled(world.wanted);
          assert.deepEqual(settled, world.stack.outputs("it"));
        }
      });

      it("is created by the next update when the request was lost", async () => {
        const world = await start();
        world.emulator.faults.add(operations.create, { reset: "before-effect" });
        const run = await world.up(world.args);
        if (run.failures.length > 0) {
          assert.equal(world.stack.resources.size, 0);
          assertDone(await world.up(world.args));
        }
        await world.assertSettled(world.args);
      });

      it("is updated when a request or a response is lost, at the latest by the next update", async () => {
        for (const fault of lost) {
          const world = await startCreated();
          const changed = updated(world);
          if (changed === undefined || operations.update === undefined) return;
          world.emulator.faults.add(operations.update, fault);
          const run = await world.up(changed);
          if (run.failures.length > 0) assertDone(await world.up(changed));
          await world.assertSettled(changed);
        }
      });

      it("is deleted when a request or a response is lost, at the latest by the next deletion", async () => {
        for (const fault of lost) {
          const world = await startCreated();
          if (operations.delete === undefined) return;
          const object = world.object();
          world.emulator.faults.add(operations.delete, fault);
          const run = await world.stack.destroy();
          if (run.failures.length > 0) assertDone(await world.stack.destroy());
          assert.ok(!cases.exists(object));
          assert.equal(world.stack.resources.size, 0);
        }
      });

      it("that exists already is refused with the import that adopts it, changed with a warning, or created again", async () => {
        const { existing } = cases;
        const world = await start();
        if (existing.outcome === "adopted") {
          assertDone(await world.upElsewhere(world.args));
          assert.deepEqual(writes(assertDone(await world.up(world.args)).requests), []);
          const other = updated(world);
          if (other === undefined) return;
          const run = await world.newStack(kinds[type]).up({ it: other });
          assert.match(failureOf(run), /add the option \{import: "/);
          return;
        }
        // What has no other value exists as it is wanted.
        const other = (existing.outcome === "changed" ? updated(world) : undefined) ?? world.args;
        assertDone(await world.upElsewhere(other));
        const { id } = world.elsewhere.resource("it");
        const run = await world.up(world.args);
        if (existing.outcome === "refused") {
          const failure = failureOf(run);
          assert.ok(failure.includes(`{import: "${id}"}`), failure);
          assert.equal(world.stack.resources.size, 0);
          assertDone(await world.up(world.args, { import: id }));
          return;
        }
        assertDone(run);
        if (existing.outcome === "changed") assertWarns(run.notes, existing.warning);
        else assert.equal(world.stack.resource("it").id === id, existing.outcome === "shared");
        await world.assertSettled(world.args);
      });

      it("is not adopted by an import that differs, which lists what to write and writes nothing", async () => {
        const world = await start();
        assertDone(await world.upElsewhere(world.args));
        const { id } = world.elsewhere.resource("it");
        for (const [path, { before, drift, onChange }] of Object.entries(cases.arguments)) {
          if (before !== undefined || drift === "is not returned") continue;
          const run = await world.up(argumentsAfter(world, path, world.args), { import: id });
          const failure = failureOf(run);
          assert.match(failure, /^Importing .* failed: /, path);
          assert.deepEqual(writes(run.requests), []);
          assert.equal(world.stack.resources.size, 0);
          const isSecret = cases.secretOutputs?.includes(path) === true;
          if (drift === "identifies the object" || onChange === "replace" || isSecret) continue;
          assert.deepEqual(printedLines(failure)[path], world.elsewhere.outputs("it")[path]);
        }
      });

      it("is not adopted by an import with the id of another object", async () => {
        const { idOf } = cases;
        const world = await start();
        assertDone(await world.upElsewhere(world.args));
        const elsewhere = { ...world.args, ...placeOf(type, world.emulator, 2) };
        if (idOf === undefined || idOf(elsewhere) === idOf(world.args)) return;
        const run = await world.up(elsewhere, { import: idOf(world.args) });
        assert.match(failureOf(run), /^Importing .* failed: .*the arguments/);
        assert.deepEqual(writes(run.requests), []);
      });

      it("is read by its id alone, as it is in the state", async () => {
        const world = await start();
        assertDone(await world.up({ ...world.place, ...cases.minimal }));
        const { id } = world.object();
        const looker = world.newStack(kinds[type]);
        const found = visible(await looker.get(id));
        const shown = Object.entries(world.stack.outputs("it")).filter(([name]) => name in found);
        assert.deepEqual(found, Object.fromEntries(shown));
        for (const name of Object.keys(cases.minimal)) {
          const isReturned =
            cases.arguments[name]?.drift !== "is not returned" &&
            cases.secretOutputs?.includes(name) !== true;
          assert.ok(!isReturned || name in found, `${name} is in the outputs`);
        }
      });

      it("is reported as missing when its id leads to none", async () => {
        const world = await start();
        const missing = cases.missingId(world.place);
        await assert.rejects(world.newStack(kinds[type]).get(missing), {
          message: new RegExp(`^There is no .* with the id ${missing} in this organization, or`),
        });
      });

      it("in state of the bridged provider is adopted without a request", async () => {
        const world = await startCreated();
        const { id, outputs } = world.stack.resource("it");
        putForeign(world.stack, "it", { id, outputs: visible(outputs) });
        const run = assertDone(await world.up(world.args));
        assert.deepEqual(run.steps, ["update it"]);
        assert.deepEqual(writes(run.requests), []);
        await world.assertSettled(world.args);
      });
    });
  }
});

function assertWarns(notes: readonly { text: string }[], warning: RegExp | undefined): void {
  if (warning === undefined) return;
  assert.ok(
    notes.some(({ text }) => warning.test(text)),
    `${warning} is in ${notes.map(({ text }) => text).join("\n")}`,
  );
}

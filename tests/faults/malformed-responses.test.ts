// The provider on a server that spoils its responses, or on something that is not the API at all: lives of all
// resources with bad responses to any of their requests. The provider must not crash, hang or lose anything, and as soon
// as the responses are good again, the next update converges and destroy leaves nothing.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes } from "../../provider/resource/resource-types";
import { casesOf, clusterIdIn, placeOf, updatedArguments } from "../conformance/resource-cases";
import { badResponses, spoiled, strangers } from "../support/bad-responses";
import type { BadServer, Spoiling } from "../support/bad-server";
import { startBadServer } from "../support/bad-server";
import { checkEmulators, closeTestEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import type { Run } from "../support/engine-model/run";
import { assertDone } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { kinds } from "../support/kinds";
import { existing } from "./existing";
import { isPart } from "./extent";

type Args = Record<string, unknown>;

const spoilings: fc.Arbitrary<Spoiling> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ response: spoiled, isPassedOn: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ response: badResponses, isPassedOn: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ response: strangers, isPassedOn: fc.constant(false) }) },
);

/** What comes in place of the next responses; now and then a good one in between. */
const trouble = fc.array(fc.option(spoilings, { nil: undefined, freq: 4 }), {
  minLength: 1,
  maxLength: 12,
});

const runsPerKind = isPart ? 14 : 150;
const minResponses = isPart ? 1_000 : 10_000;

let responsesGiven = 0;

/** A lab whose provider speaks to the bad server, and a stack of one kind. */
interface Troubled {
  lab: Lab;
  server: BadServer;
  stack: Stack;
  place: Args;
}

async function troubled(type: ResourceType): Promise<Troubled> {
  const lab = await startLab();
  const server = await startBadServer(lab.emulator);
  lab.trackRequestsTo(server);
  const environment = { COCKROACH_SERVER: server.url, COCKROACH_API_KEY: lab.emulator.apiKey };
  const stack = lab.stack({ environment, serve: kinds[type].serve });
  return { lab, server, stack, place: placeOf(type, lab.emulator) };
}

/** Every failure is one readable message, and shows no secret. */
function assertReadable(run: Run): void {
  for (const failure of run.failures) {
    assert.ok(failure.length < 6_000, failure);
    assert.doesNotMatch(failure, /\p{Control}|\p{Surrogate}/u);
    assert.doesNotMatch(failure, /\[object|TypeError|is not a function|Cannot read|correct-horse/);
  }
}

/** Repeats an operation, as a user would, until its bad responses are used up. */
async function suffer(
  server: BadServer,
  responses: Trouble,
  operation: () => Promise<Run>,
): Promise<void> {
  server.spoil(responses);
  for (let left = Number.POSITIVE_INFINITY; server.left() < left; ) {
    left = server.left();
    assertReadable(await operation());
  }
  server.spoil([]);
}

/** Runs the program with good responses until nothing is left to do; an import line is the one edit it may take. */
async function converge(stack: Stack, program: Record<string, Args>): Promise<void> {
  const first = await stack.up(program);
  assertReadable(first);
  const named = /import: "([^"]+)"/.exec(first.failures.join())?.[1];
  if (named !== undefined) {
    assertDone(await stack.up(program, { options: { it: { import: named } } }));
  } else assertDone(first);
  assertDone(await stack.refresh());
  assertDone(await stack.up(program));
  assert.deepEqual((await stack.refresh()).differences, {});
  assert.deepEqual((await stack.up(program)).steps, ["same it"]);
}

describe("Bad servers", () => {
  checkEmulators();

  const strays: unknown[] = [];
  const stray = (reason: unknown) => strays.push(reason);
  before(() => process.on("unhandledRejection", stray));
  after(() => process.off("unhandledRejection", stray));

  for (const type of allResourceTypes) {
    const { operations, exists, leavesRecord } = casesOf[type];
    it(`lose nothing of ${type}`, async () => {
      const live = async ({ lab, server, stack, place }: Troubled, troubles: Troubles) => {
        const [creating, reading, changing, destroying] = troubles;
        const program = { it: { ...place, ...casesOf[type].full[0] } };
        const changed = { it: { ...place, ...updatedArguments(type) } };
        const clusters = () => lab.emulator.clusters.list().length;
        const all = clusters() + (type === "Cluster" ? 1 : 0);
        const others = await existing(lab, type, place);

        await suffer(server, creating, () => stack.up(program));
        await converge(stack, program);
        assert.equal(clusters(), all, "there is one cluster and no second");

        await suffer(server, reading, () => stack.refresh());
        // A list that leaves something out is believed: the resource comes back by an import.
        await converge(stack, program);
        const { id: idBefore } = stack.resource("it");
        await suffer(server, changing, () => stack.up(changed));
        await converge(stack, changed);
        const { id } = stack.resource("it");
        assert.equal(id, idBefore, "it is changed in place");
        assert.equal(clusters(), all, "there is one cluster and no second");

        const object = { emulator: lab.emulator, id, place, clusterId: clusterIdIn(type, place) };
        await suffer(server, destroying, () => stack.destroy());
        assertDone(await stack.destroy());
        assert.equal(stack.resources.size, 0);
        // A list that leaves something out ends the wait for its deletion, which the service goes on with.
        await lab.time.advance(10 * 60_000);
        const stays = operations.delete === undefined;
        assert.equal(exists(object), stays, "it is deleted where the API can do that");
        if (!stays && leavesRecord !== true) {
          assert.deepEqual(await existing(lab, type, place), others, "nothing is left");
        }
        responsesGiven += server.given();
      };
      const all = fc.tuple(trouble, trouble, trouble, trouble);
      const property = fc.asyncProperty(all, async (troubles) => {
        const world = await troubled(type);
        try {
          await live(world, troubles);
        } finally {
          await world.server.close();
          await closeTestEmulators();
        }
        assert.deepEqual(strays, []);
      });
      await fc.assert(property, { numRuns: runsPerKind, ...(isPart && { seed: 1 }) });
    }).timeout(20 * 60_000);
  }

  it(`were met ${minResponses} times`, () => {
    assert.ok(responsesGiven >= minResponses, `${responsesGiven} bad responses`);
  });
});

type Trouble = readonly (Spoiling | undefined)[];
type Troubles = [creating: Trouble, reading: Trouble, changing: Trouble, destroying: Trouble];

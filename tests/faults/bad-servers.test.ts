// The provider on a server that spoils its answers, or on something that is not the API at all: lives of all seven
// resources with bad answers to any of their requests. The provider must not crash, hang or lose anything, and as soon
// as the answers are good again, the next update converges and destroy leaves nothing.

import assert from "node:assert/strict";
import fc from "fast-check";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { CockroachCloudClient } from "../../sdk";
import { badAnswers, spoiled, strangers } from "../support/bad-answers";
import type { BadServer, Spoiling } from "../support/bad-server";
import { startBadServer } from "../support/bad-server";
import { basic } from "../support/builders";
import { awsKey, encryptable } from "../support/cmek";
import { checkEmulators, closeTestEmulators } from "../support/emulator";
import { folderArguments, kinds } from "../support/kinds";
import type { Lab, Run, Stack } from "../support/shell";
import { assertDone, startLab } from "../support/shell";
import { isPart } from "./extent";

type Args = Record<string, unknown>;

/** One life: what the program says first and later, and what is there of it on the server's side. */
interface Life {
  args(clusterId: string): Args;
  later(clusterId: string): Args;
  /** Whether destroying cannot take it away: the API has no way. */
  stays?: true;
}

const lives: Record<ResourceType, Life> = {
  Folder: {
    args: () => folderArguments.first,
    later: () => folderArguments.second,
  },
  Cluster: {
    args: () => basic(),
    later: () => basic({ usageLimits: { requestUnitLimit: 1_000_000 } }),
  },
  SqlUser: {
    args: (clusterId) => ({ clusterId, name: "app", password: "correct-horse-battery" }),
    later: (clusterId) => ({ clusterId, name: "app", password: "staple-correct-horse" }),
  },
  CmekConfig: {
    args: (clusterId) => ({ clusterId, regionSpecs: [awsKey("us-east-1")] }),
    later: (clusterId) => ({ clusterId, regionSpecs: [awsKey("us-east-1", "second")] }),
    stays: true,
  },
  MaintenanceWindow: {
    args: (clusterId) => ({ clusterId, offsetDuration: "172800s", windowDuration: "21600s" }),
    later: (clusterId) => ({ clusterId, offsetDuration: "86400s", windowDuration: "21600s" }),
  },
  VersionDeferral: {
    args: (clusterId) => ({ clusterId, deferralPolicy: "DEFERRAL_30_DAYS" }),
    later: (clusterId) => ({ clusterId, deferralPolicy: "DEFERRAL_60_DAYS" }),
  },
  AllowlistEntry: {
    args: (clusterId) => ({ clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false }),
    later: (clusterId) => ({ clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: true }),
  },
  Database: {
    args: (clusterId) => ({ clusterId, name: "shop" }),
    later: (clusterId) => ({ clusterId, name: "store" }),
  },
};

const spoilings: fc.Arbitrary<Spoiling> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ answer: spoiled, isPassedOn: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ answer: badAnswers, isPassedOn: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ answer: strangers, isPassedOn: fc.constant(false) }) },
);

/** What comes in place of the next answers; now and then a good one in between. */
const trouble = fc.array(fc.option(spoilings, { nil: undefined, freq: 4 }), {
  minLength: 1,
  maxLength: 12,
});

const runsPerKind = isPart ? 14 : 150;
const leastAnswers = isPart ? 1_000 : 10_000;

let answersGiven = 0;

/** A lab whose provider speaks to the bad server, and a stack of one kind. */
async function troubled(type: ResourceType): Promise<{
  lab: Lab;
  server: BadServer;
  stack: Stack;
  clusterId: string;
}> {
  const lab = await startLab();
  const server = await startBadServer(lab.emulator);
  lab.mind(server);
  const environment = { COCKROACH_SERVER: server.url, COCKROACH_API_KEY: lab.emulator.apiKey };
  const stack = lab.stack({ environment, serve: kinds[type].serve });
  const clusterId =
    type === "Cluster" ? "" : encryptable(lab.emulator, { regions: ["us-east-1"] }).id;
  return { lab, server, stack, clusterId };
}

/** Every failure is one readable message, and shows no secret. */
function assertReadable(run: Run): void {
  for (const failure of run.failures) {
    assert.ok(failure.length < 6_000, failure);
    assert.doesNotMatch(failure, /\p{Control}|\p{Surrogate}/u);
    assert.doesNotMatch(failure, /\[object|TypeError|is not a function|Cannot read|correct-horse/);
  }
}

/** Repeats an operation, as a user would, until its bad answers are used up. */
async function suffer(
  server: BadServer,
  answers: Trouble,
  operation: () => Promise<Run>,
): Promise<void> {
  server.spoil(answers);
  for (let left = Number.POSITIVE_INFINITY; server.left() < left; ) {
    left = server.left();
    assertReadable(await operation());
  }
  server.spoil([]);
}

/** Runs the program with good answers until nothing is left to do; an import line is the one edit it may take. */
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

  for (const [type, life] of Object.entries(lives) as [ResourceType, Life][]) {
    it(`lose nothing of ${type}`, async () => {
      const live = async ([creating, reading, changing, destroying]: Troubles) => {
        const { lab, server, stack, clusterId } = await troubled(type);
        const program = { it: life.args(clusterId) };
        const changed = { it: life.later(clusterId) };
        const clusters = () => lab.emulator.clusters.list().length;
        const all = clusters() + (type === "Cluster" ? 1 : 0);
        const before = await existing(lab, type, clusterId);

        await suffer(server, creating, () => stack.up(program));
        await converge(stack, program);
        assert.equal(clusters(), all, "there is one cluster and no second");

        await suffer(server, reading, () => stack.refresh());
        // A list that leaves something out is believed: the resource comes back by an import.
        await converge(stack, program);
        await suffer(server, changing, () => stack.up(changed));
        await converge(stack, changed);
        assert.equal(clusters(), all, "there is one cluster and no second");

        await suffer(server, destroying, () => stack.destroy());
        assertDone(await stack.destroy());
        assert.equal(stack.resources.size, 0);
        if (life.stays !== true) {
          assert.deepEqual(await existing(lab, type, clusterId), before, "nothing is left");
        }
        answersGiven += server.given();
        await server.close();
        await closeTestEmulators();
        assert.deepEqual(strays, []);
      };
      const property = fc.asyncProperty(fc.tuple(trouble, trouble, trouble, trouble), live);
      await fc.assert(property, { numRuns: runsPerKind, ...(isPart && { seed: 1 }) });
    }).timeout(20 * 60_000);
  }

  it(`were met ${leastAnswers} times`, () => {
    assert.ok(answersGiven >= leastAnswers, `${answersGiven} bad answers`);
  });
});

type Trouble = readonly (Spoiling | undefined)[];
type Troubles = [creating: Trouble, reading: Trouble, changing: Trouble, destroying: Trouble];

/** What exists of a type, without the resources of the test's program. */
async function existing(lab: Lab, type: ResourceType, clusterId: string): Promise<unknown> {
  const { emulator, time } = lab;
  if (type === "Cluster") {
    return emulator.clusters.list().filter(({ state }) => state !== "DELETED");
  }
  if (type === "VersionDeferral") return emulator.versionDeferrals.get(clusterId);
  // The budget of requests is used up.
  await time.advance(2_000);
  const { url: serverUrl, apiKey } = emulator;
  const cloud = new CockroachCloudClient({ apiKey, serverUrl, clock: time });
  const options = {};
  return await resources[type].findExisting?.(clusterId, new Set(), { cloud, options });
}

// Random lives of stacks on the real command line: what in-process.test.ts does in a model of the engine, with real
// signals, real checkpoints and a real provider process.
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { Fault, LoggedRequest, WireCluster } from "../../../emulator";
import { manualClock } from "../../../emulator";
import { creationMarkKey } from "../../../provider/cluster/creation-mark";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../../support/consumer";
import type { TestEmulator } from "../../support/emulator";
import { closeTestEmulators, environmentFor, startTestEmulator } from "../../support/emulator";
import type { Ended, StateResource, TestProgram } from "../../support/engine";
import { nameOf, startProgram } from "../../support/engine";
import { isPart } from "../extent";
import type { Injection, Kill, Moment } from "../inject";
import { inject, kills } from "../inject";
import { assertMadeOnce, assertOncePosted, assertReadable, Controls, living } from "./invariants";
import type { Plan } from "./plans";
import { anyQuickPlan, argsOf, clusterNames, partNamed, parts, partsOf } from "./plans";
import { disturb, mischief, trouble } from "./trouble";

const minute = 60_000;
const day = 24 * 60 * minute;
const sequences = isPart ? 2 : 40;

const yes = ["--yes", "--skip-preview"];

type Step =
  | { kind: "up"; plan: Plan; inject: Injection | undefined; replace: readonly string[] }
  | { kind: "preview"; plan: Plan }
  | { kind: "refresh" }
  | { kind: "others"; what: string; victim: number }
  | { kind: "trouble"; operation: string; fault: Fault; nth: number; times: number };

const anyFault: fc.Arbitrary<Injection> = fc.record({
  kill: fc.constantFrom<Kill>(...kills),
  nth: fc.integer({ min: 1, max: 12 }),
  moment: fc.constantFrom<Moment>("before-effect", "after-effect"),
});

/** The provider's clock is the real one here: no request waits for its time-out, and trouble ends soon. */
const shortTrouble = trouble
  .filter(({ fault }) => !("hang" in fault))
  .map((some) => ({ ...some, times: Math.min(some.times, 3) }));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      plan: anyQuickPlan,
      inject: fc.option(anyFault, { nil: undefined, freq: 2 }),
      replace: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        fc.subarray(clusterNames, { maxLength: 1 }),
      ),
    }),
  },
  fc.record({ kind: fc.constant("preview" as const), plan: anyQuickPlan }),
  fc.constant({ kind: "refresh" as const }),
  fc.record({ kind: fc.constant("others" as const), what: mischief, victim: fc.nat(5) }),
  { weight: 2, arbitrary: shortTrouble.map((some) => ({ kind: "trouble" as const, ...some })) },
);

interface State {
  readonly resources: readonly StateResource[];
  readonly pending: number;
}

/** A life, and what must hold in it. */
class Life {
  readonly #emulator: TestEmulator;
  readonly #stack: TestProgram;
  readonly #clock: { advance(ms: number): Promise<void>; isMoving: boolean };
  readonly #controls: Controls;
  /** What the one moment has orphaned that nothing covers: hit hard after the mark was taken off. */
  #hasOrphans = false;
  /** What the program said last. */
  #last: Plan = {};

  private constructor(
    emulator: TestEmulator,
    stack: TestProgram,
    clock: { advance(ms: number): Promise<void>; isMoving: boolean },
  ) {
    this.#emulator = emulator;
    this.#stack = stack;
    this.#clock = clock;
    this.#controls = new Controls(emulator);
  }

  static async begin(): Promise<Life> {
    const driven = manualClock();
    const clock = { isMoving: true, advance: (ms: number) => driven.advance(ms) };
    const emulator = await startTestEmulator({
      clock: driven,
      durations: {
        createBasicMs: 3 * minute,
        createStandardMs: minute,
        createAdvancedMs: 9 * minute,
      },
      onResponse: () => {
        if (clock.isMoving) void driven.advance(2 * minute);
      },
    });
    const directory = temporaryFolder();
    writeFiles(directory, {
      ...javascriptProject("lives"),
      "index.js": `const cockroachdb = require("pulumi-cockroachdb-cloud");
const made = {};
for (const { type, name, args, cluster, options } of require("./stack.json"))
  made[name] = new cockroachdb[type](name, cluster ? { ...args, clusterId: made[cluster] } : args, options);
`,
      "stack.json": [],
    });
    const stack = await startProgram({
      directory,
      checkpoints: true,
      env: environmentFor(emulator),
    });
    remove(directory);
    return new Life(emulator, stack, clock);
  }

  get hasOrphans(): boolean {
    return this.#hasOrphans;
  }

  close(): void {
    this.#stack.close();
  }

  async take(some: Step): Promise<void> {
    // Nothing that the rules of the service forbid: 48 hours, three times in seven days.
    if (some.kind !== "trouble") await this.#clock.advance(8 * day);
    switch (some.kind) {
      case "up":
        await this.#up(some);
        break;
      case "preview":
        this.#say(some.plan);
        await this.#run("preview");
        assert.equal(this.#emulator.requests.length, 0, "a preview makes no request");
        break;
      case "refresh":
        await this.#run("refresh", ...yes);
        break;
      case "others":
        this.#disturb(some.what, some.victim);
        break;
      case "trouble": {
        const { operation, fault, nth, times } = some;
        this.#emulator.faults.add(operation, { ...fault, nth, times });
      }
    }
    this.#assertNothingLost();
  }

  async #up({ plan, inject: hit, replace }: Step & { kind: "up" }): Promise<void> {
    this.#say(plan);
    this.#last = plan;
    const inState = new Map(this.#state().resources.map(({ urn }) => [nameOf(urn), urn]));
    const replaced = replace.flatMap((name) => (name in plan ? (inState.get(name) ?? []) : []));
    const command = ["up", ...yes, ...replaced.flatMap((urn) => ["--replace", urn])];
    if (hit === undefined) await this.#run(...command);
    else await this.#killAt(hit, command);
    assertOncePosted(this.#emulator.requests);
  }

  async #killAt(hit: Injection, command: readonly string[]): Promise<void> {
    const { kill, moment } = hit;
    const { pending } = this.#state();
    this.#beginRun();
    let last: LoggedRequest | undefined;
    const { isHit, ended } = await inject(
      hit,
      this.#emulator,
      () => this.#stack.start(...command),
      () => {
        this.#clock.isMoving = false;
        last = this.#emulator.requests.at(-1);
      },
    );
    assertReadable(ended.stdout + ended.stderr);
    if (!isHit) return;
    this.#emulator.faults.clear();
    if (!kill.leavesPending)
      assert.ok(this.#state().pending <= pending, "no pending operation while the engine lives");
    for (const cluster of this.#unknown()) {
      const isMoment = !kill.isGentle && moment === "after-effect";
      assert.ok(
        isMoment && last?.operation === "UpdateCluster",
        `${cluster.name} was lost by ${kill.title} at ${last?.operation}`,
      );
      this.#hasOrphans = true;
    }
    if (kill.leavesLock) await this.#stack.pulumi("cancel", "--yes");
  }

  /** Everything is fixed, and the program comes true. */
  async settle(plan: Plan): Promise<void> {
    const { clusters, faults } = this.#emulator;
    faults.clear();
    for (const { id } of this.#living()) clusters.unlock(id);
    await this.#clock.advance(8 * day);
    const wanted = new Set(Object.keys(plan));
    this.#deleteMarked((name) => !wanted.has(name));
    assert.equal((await this.#run("refresh", ...yes, "--clear-pending-creates")).code, 0);
    const imports: Record<string, string> = {};
    let said = "";
    for (let rounds = 0; ; rounds++) {
      this.#say(plan, imports);
      const ended = await this.#run("up", ...yes);
      said += ended.stdout;
      if (ended.code === 0) break;
      assert.ok(rounds < 6, `it does not come true:\n${ended.stdout}${ended.stderr}`);
      // What cannot come true by itself says what to do.
      await this.#follow(ended.stdout + ended.stderr, imports);
    }
    // What a killed replacement has left when the program is back at what it had before and makes nothing.
    this.#deleteMarked((name) => {
      assert.doesNotMatch(said, new RegExp(`:Cluster ${name} (creat|replac)`), "it was adopted");
      return true;
    });
    this.#assertNothingLost();
    this.#say(plan);
    const again = await this.#run("up", ...yes, "--expect-no-changes");
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.equal(this.#emulator.requests.length, 0, "an up without changes makes no request");
    const clean = await this.#run("refresh", ...yes, "--expect-no-changes");
    assert.equal(clean.code, 0, clean.stdout + clean.stderr);
    const ours = this.#living().filter(({ id }) => !this.#controls.has(id));
    assert.deepEqual(ours.map(({ id }) => id).sort(), this.#clustersInState().sort());
    assert.equal(ours.length, wanted.size, "one cluster for each");
    assert.ok(
      ours.every(({ labels }) => !(creationMarkKey in labels)),
      "no mark is left",
    );
    assert.equal((await this.#run("destroy", ...yes)).code, 0);
    assert.deepEqual(
      this.#state().resources.filter(({ id }) => id !== undefined),
      [],
    );
    this.#controls.assertAlone();
  }

  /** Does what the messages of a failed run advise. */
  async #follow(output: string, imports: Record<string, string>): Promise<void> {
    const [, namesake] = /A cluster named .* already exists \(([0-9a-f-]{36})/.exec(output) ?? [];
    if (namesake !== undefined && this.#clustersInState().includes(namesake)) {
      // An interrupted replacement is still to delete it.
      this.#say(this.#last);
      assert.equal((await this.#run("up", ...yes)).code, 0);
      return;
    }
    const unfinished = [
      ...output.matchAll(
        /An interrupted run of this resource created cluster .* \(([0-9a-f-]{36})\)/g,
      ),
    ].map(([, id]) => id as string);
    for (const id of new Set(unfinished)) this.#emulator.clusters.delete(id);
    const taken = [...output.matchAll(/import: "(([0-9a-f-]{36}):([^"]+))"/g)];
    for (const [, id, cluster, name] of taken) {
      const owner = this.#state().resources.find((resource) => resource.id === cluster);
      imports[`${nameOf(owner?.urn ?? "")}-${partNamed(name ?? "", output)}`] = id as string;
    }
    assert.ok(unfinished.length + taken.length > 0, `it says what to do:\n${output}`);
  }

  /** Deletes what carries the mark of one of these and is in no state: `doctor` names it. */
  #deleteMarked(isMeant: (name: string) => boolean): void {
    const known = new Set(this.#clustersInState());
    for (const { id, labels } of this.#living()) {
      const name = clusterNames.find((one) => this.#mark(one) === labels[creationMarkKey]);
      if (name !== undefined && !known.has(id) && isMeant(name)) this.#emulator.clusters.delete(id);
    }
  }

  #disturb(what: string, victim: number): void {
    const ours = this.#living().filter(({ id }) => !this.#controls.has(id));
    const cluster = ours[victim % Math.max(1, ours.length)];
    if (cluster !== undefined) disturb(this.#emulator, what, cluster);
  }

  #say(plan: Plan, imports: Readonly<Record<string, string>> = {}): void {
    const stack = Object.entries(plan).flatMap(([cluster, planned]) => [
      { type: "Cluster", name: cluster, args: argsOf(cluster, planned) },
      ...partsOf(planned).map((part) => {
        const [type, args] = parts[part] ?? assert.fail(part);
        const name = `${cluster}-${part}`;
        const options = imports[name] === undefined ? {} : { import: imports[name] };
        return { type, name, args, cluster, options };
      }),
    ]);
    writeFiles(this.#stack.directory, { "stack.json": stack });
  }

  #beginRun(): void {
    this.#clock.isMoving = true;
    this.#emulator.requests.clear();
  }

  async #run(...command: readonly string[]): Promise<Ended> {
    this.#beginRun();
    const ended = await this.#stack.start(...command).ended;
    assertReadable(ended.stdout + ended.stderr);
    return ended;
  }

  #state(): State {
    const { latest } = JSON.parse(this.#stack.stateText()).checkpoint;
    return {
      resources: latest?.resources ?? [],
      pending: latest?.pending_operations?.length ?? 0,
    };
  }

  #clustersInState(): string[] {
    return this.#state().resources.flatMap(({ type, id }) =>
      id !== undefined && type.endsWith(":Cluster") ? [id] : [],
    );
  }

  #living(): WireCluster[] {
    return living(this.#emulator);
  }

  /** The creation mark as the contract has it, calculated here on its own. */
  #mark(name: string): string {
    const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    const urn = `urn:pulumi:test::lives::pulumi-nodejs:dynamic/cockroachdb-cloud:Cluster::${name}`;
    return `${digest("organization/lives/test")}-${digest(urn)}`;
  }

  /** Clusters that are in no state and carry no mark of ours. */
  #unknown(): WireCluster[] {
    const inState = new Set(this.#clustersInState());
    const marks = new Set(clusterNames.map((name) => this.#mark(name)));
    return this.#living().filter(
      ({ id, labels }) =>
        !this.#controls.has(id) && !inState.has(id) && !marks.has(labels[creationMarkKey] ?? ""),
    );
  }

  #assertNothingLost(): void {
    if (!this.#hasOrphans)
      assert.deepEqual(
        this.#unknown().map(({ id, name }) => `${name} ${id}`),
        [],
        "every cluster is in state or marked",
      );
    assertMadeOnce(this.#living(), (name) => this.#mark(name));
    this.#controls.assertUntouched();
  }
}

describe("The life of a stack on the real engine", () => {
  it(`loses and doubles nothing in ${sequences} random ones`, async () => {
    const reported = { lives: 0, orphaned: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 8 }),
        anyQuickPlan,
        async (steps, last) => {
          const life = await Life.begin();
          reported.lives += 1;
          try {
            for (const some of steps) {
              await life.take(some);
              if (life.hasOrphans) {
                reported.orphaned += 1;
                return;
              }
            }
            await life.settle(last);
          } finally {
            life.close();
            await closeTestEmulators();
          }
        },
      ),
      {
        numRuns: sequences,
        // A life takes most of a minute, so it is shown as it was.
        endOnFailure: true,
        ...(process.env["SEED"] && { seed: Number(process.env["SEED"]) }),
      },
    );
    process.stdout.write(`      ${JSON.stringify(reported)}\n`);
  }).timeout(120 * minute);
});

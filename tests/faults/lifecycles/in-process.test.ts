// Random lives of stacks: several clusters and what hangs on them, edited again and again, while requests
// fail, runs are interrupted and killed, and others change things behind the stack's back. After each run
// nothing may be doubled, lost or touched that is not ours; at the end one refresh and one up must make
// everything as the program says.

import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import type { Fault, WireCluster } from "../../../emulator";
import { creationMarkKey } from "../../../provider/cluster/creation-mark";
import { closeTestEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { Declaration } from "../../support/engine-model/program";
import type { Run, RunOptions } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { kinds, partOf } from "../../support/kinds";
import { throughPluginServer } from "../../support/plugin-server";
import { isPart } from "../extent";
import { assertMadeOnce, assertOncePosted, assertReadable, Controls, living } from "./invariants";
import type { Plan } from "./plans";
import { anyPlan, argsOf, clusterNames, partNamed, parts, partsOf } from "./plans";
import { disturb, mischief, trouble } from "./trouble";

const minute = 60_000;
const day = 24 * 60 * minute;
const sequences = isPart ? 100 : 3_000;

/** The program; `imports` names by resource what it adopts. */
function programOf(plan: Plan, imports: Readonly<Record<string, string>> = {}): Program {
  const program: Program = {};
  for (const [cluster, planned] of Object.entries(plan)) {
    program[cluster] = new Declaration(kinds.Cluster, argsOf(cluster, planned));
    for (const part of partsOf(planned)) {
      const [type, partArgs] = parts[part] ?? assert.fail(part);
      const name = `${cluster}-${part}`;
      const { kind, args: of, dependsOn, options } = partOf(cluster, type, partArgs);
      const imported = imports[name] === undefined ? {} : { import: imports[name] };
      program[name] = new Declaration(kind, of, dependsOn, { ...options, ...imported });
    }
  }
  return program;
}

const end: fc.Arbitrary<RunOptions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({ interruptAfterMs: fc.integer({ min: 0, max: 90_000 }) }),
  fc.record({ killAfterMs: fc.integer({ min: 0, max: 90_000 }) }),
  fc.record({ killAtRequest: fc.integer({ min: 1, max: 12 }) }),
);

type Step =
  | { kind: "up"; plan: Plan; end: RunOptions; replace: readonly string[] }
  | { kind: "preview"; plan: Plan }
  | { kind: "refresh" }
  | { kind: "others"; what: string; victim: number }
  | { kind: "trouble"; operation: string; fault: Fault; nth: number; times: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      plan: anyPlan,
      end,
      replace: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        fc.subarray(clusterNames, { maxLength: 1 }),
      ),
    }),
  },
  fc.record({ kind: fc.constant("preview" as const), plan: anyPlan }),
  { weight: 2, arbitrary: fc.constant({ kind: "refresh" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("others" as const),
      what: mischief,
      victim: fc.nat(5),
    }),
  },
  { weight: 3, arbitrary: trouble.map((some) => ({ kind: "trouble" as const, ...some })) },
);

/** A life, and what must hold in it. */
class Life {
  readonly #lab: Lab;
  readonly #stack: Stack;
  readonly #controls: Controls;
  /**
   * Clusters that the one moment has orphaned that nothing covers: killed after the mark was taken off and
   * before the engine has written the id down.
   */
  readonly #orphans = new Set<string>();
  /** What the program said last. */
  #last: Plan = {};

  constructor(lab: Lab, stack: Stack) {
    this.#lab = lab;
    this.#stack = stack;
    this.#controls = new Controls(lab.emulator);
  }

  get hasOrphans(): boolean {
    return this.#orphans.size > 0;
  }

  async take(some: Step): Promise<void> {
    const stack = this.#stack;
    // Nothing that the rules of the service forbid: 48 hours, three times in seven days.
    if (some.kind !== "trouble") await this.#lab.time.advance(8 * day);
    switch (some.kind) {
      case "up": {
        const known = new Set(this.#living().map(({ id }) => id));
        const program = programOf(some.plan);
        this.#last = some.plan;
        const run = await stack.up(program, { ...some.end, replace: some.replace });
        this.#assertReadable(run);
        this.#noteOrphans(run, known);
        assertOncePosted(run.requests);
        break;
      }
      case "preview": {
        const run = await stack.preview(programOf(some.plan));
        assert.equal(run.requests.length, 0, "a preview makes no request");
        break;
      }
      case "refresh":
        this.#assertReadable(await stack.refresh());
        break;
      case "others":
        this.#disturb(some.what, some.victim);
        break;
      case "trouble": {
        const { operation, fault, nth, times } = some;
        this.#lab.emulator.faults.add(operation, { ...fault, nth, times });
      }
    }
    this.#assertNothingLost();
  }

  /** Everything is fixed, and the program comes true. */
  async settle(plan: Plan): Promise<void> {
    const { emulator, time } = this.#lab;
    const stack = this.#stack;
    emulator.faults.clear();
    for (const { id } of this.#living()) emulator.clusters.unlock(id);
    await time.advance(8 * day);
    this.#deleteAbandoned(plan);
    const refreshed = await stack.refresh();
    assert.deepEqual(refreshed.failures, []);
    const imports: Record<string, string> = {};
    let last = await stack.up(programOf(plan));
    const steps = [...last.steps];
    // What cannot come true by itself says what to do, and then it does.
    for (let rounds = 0; rounds < 6 && last.failures.length > 0; rounds++) {
      for (const failure of last.failures) await this.#follow(failure, imports);
      last = await stack.up(programOf(plan, imports));
      steps.push(...last.steps);
    }
    assert.deepEqual(last.failures, []);
    this.#deleteLeftBy(steps);
    await time.advance(minute);
    this.#assertNothingLost();
    const again = await stack.up(programOf(plan));
    assert.deepEqual(again.failures, []);
    assert.deepEqual(
      again.steps.filter((taken) => !taken.startsWith("same ")),
      [],
    );
    assert.equal(again.requests.length, 0, "an up without changes makes no request");
    const clean = await stack.refresh();
    assert.deepEqual([clean.failures, clean.differences], [[], {}]);
    const ours = this.#living().filter(({ id }) => !this.#controls.has(id));
    const clusters = Object.keys(plan).map((name) => stack.resource(name).id);
    assert.deepEqual(ours.map(({ id }) => id).sort(), clusters.sort(), "one cluster for each");
    assert.ok(
      ours.every(({ labels }) => !(creationMarkKey in labels)),
      "no mark is left",
    );
    assert.deepEqual((await stack.destroy()).failures, []);
    assert.equal(stack.resources.size, 0);
    this.#controls.assertAlone();
  }

  /**
   * Does what a message advises: an import for a user whose POST was lost by a kill, or who came back
   * behind our back; a deletion for an unfinished cluster that the program has changed since; the former settings
   * where an interrupted replacement has left a cluster of the wanted name.
   */
  async #follow(failure: string, imports: Record<string, string>): Promise<void> {
    const [, namesake] = /A cluster named .* already exists \(([0-9a-f-]{36})/.exec(failure) ?? [];
    if (this.#stack.leftOvers.some(({ old }) => old.id === namesake)) {
      assert.deepEqual((await this.#stack.up(programOf(this.#last))).failures, []);
      return;
    }
    const [, unfinished] =
      /An interrupted run of this resource created cluster .* \(([0-9a-f-]{36})\)/.exec(failure) ??
      [];
    if (unfinished !== undefined) {
      this.#lab.emulator.clusters.delete(unfinished);
      return;
    }
    const [, id, name] = /import: "([^":]+:([^"]+))"/.exec(failure) ?? [];
    assert.ok(id && name, failure);
    const cluster = [...this.#stack.resources].find(([, { id: own }]) => id.startsWith(own))?.[0];
    imports[`${cluster}-${partNamed(name, failure)}`] = id;
  }

  /** What a kill has left, marked, of a cluster that the program has dropped since: `doctor` names it. */
  #deleteAbandoned(plan: Plan): void {
    const inState = new Set([...this.#stack.resources.values()].map(({ id }) => id));
    const wanted = new Set(Object.keys(plan).map((name) => this.#stack.mark(name)));
    for (const { id, labels } of this.#living()) {
      const mark = labels[creationMarkKey];
      if (mark === undefined || inState.has(id) || wanted.has(mark)) continue;
      this.#lab.emulator.clusters.delete(id);
    }
  }

  /**
   * What a killed replacement has left, marked, when the program is back at what it had before and makes
   * nothing: `doctor` names it. What is made again must have adopted it.
   */
  #deleteLeftBy(steps: readonly string[]): void {
    const inState = new Set([...this.#stack.resources.values()].map(({ id }) => id));
    for (const { id, labels } of this.#living()) {
      const name = clusterNames.find((one) => this.#stack.mark(one) === labels[creationMarkKey]);
      if (name === undefined || inState.has(id)) continue;
      assert.ok(!steps.includes(`create ${name}`) && !steps.includes(`replace ${name}`), name);
      this.#lab.emulator.clusters.delete(id);
    }
  }

  #living(): WireCluster[] {
    return living(this.#lab.emulator);
  }

  #isKnown({ id, labels }: WireCluster): boolean {
    const mark = labels[creationMarkKey];
    const isMarked = clusterNames.some((name) => this.#stack.mark(name) === mark);
    const inState = [
      ...this.#stack.resources.values(),
      ...this.#stack.leftOvers.map(({ old }) => old),
    ];
    return (
      this.#controls.has(id) ||
      isMarked ||
      this.#orphans.has(id) ||
      inState.some((resource) => resource.id === id)
    );
  }

  #noteOrphans(run: Run, before: ReadonlySet<string>): void {
    if (!run.failures.includes("killed")) return;
    for (const cluster of this.#living()) {
      if (!this.#isKnown(cluster)) {
        const wrote = run.requests.filter(
          ({ operation, path }) => operation === "UpdateCluster" && path.includes(cluster.id),
        );
        assert.ok(
          wrote.length > 0 || before.has(cluster.id),
          `${cluster.id} was lost before its mark went`,
        );
        this.#orphans.add(cluster.id);
      }
    }
  }

  #assertNothingLost(): void {
    const lost = this.#living().filter((cluster) => !this.#isKnown(cluster));
    assert.deepEqual(
      lost.map(({ id, name }) => `${name} ${id}`),
      [],
      "every cluster is in state or marked",
    );
    assertMadeOnce(this.#living(), (name) => this.#stack.mark(name));
    this.#controls.assertUntouched();
  }

  #assertReadable({ failures }: Run): void {
    for (const failure of failures) {
      assertReadable(failure);
      assert.match(failure, /^killed$|[.!…)"]$/m);
    }
  }

  #disturb(what: string, victim: number): void {
    const ours = this.#living().filter(
      ({ id }) => !this.#controls.has(id) && !this.#orphans.has(id),
    );
    const cluster = ours[victim % Math.max(1, ours.length)];
    if (cluster !== undefined) disturb(this.#lab.emulator, what, cluster);
  }
}

async function live(
  steps: readonly Step[],
  last: Plan,
  through: boolean,
  visibilityMs: number,
): Promise<void> {
  const lab = await startLab({
    durations: {
      createBasicMs: 20_000,
      createStandardMs: 5_000,
      createAdvancedMs: 70_000,
      visibilityMs,
    },
  });
  try {
    const life = new Life(lab, lab.stack(through ? { through: throughPluginServer } : {}));
    for (const some of steps) {
      await life.take(some);
      if (life.hasOrphans) return;
    }
    await life.settle(last);
  } finally {
    await closeTestEmulators();
  }
}

describe("The life of a stack", () => {
  it("whose interrupted replacement has yet to delete a cluster of the wanted name", async () => {
    const billing = (variant: number): Plan => ({ billing: { variant, parts: [] } });
    const up = (plan: Plan, end: RunOptions): Step => ({ kind: "up", plan, end, replace: [] });
    await live(
      [up(billing(2), {}), up(billing(6), { interruptAfterMs: 11_525 })],
      billing(7),
      false,
      0,
    );
  }).timeout(10 * minute);

  it(`loses and doubles nothing in ${sequences} random ones`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        anyPlan,
        fc.boolean(),
        fc.constantFrom(0, 15_000),
        live,
      ),
      { numRuns: sequences, ...(process.env["SEED"] && { seed: Number(process.env["SEED"]) }) },
    );
  }).timeout(60 * minute);
});

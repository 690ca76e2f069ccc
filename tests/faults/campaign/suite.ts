// The campaign as tests: one for each life and family of faults, a line of figures, and how to repeat one case.
// `FAULTS_SHARE=0.05 SEED=1` plays that share of the cases, in every life and family.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { relative } from "node:path";
import { isPart } from "../extent";
import type { Case, Outcome, Recording } from "./campaign";
import { attempt, everyCaseOf, record, titleOf } from "./campaign";
import { rules } from "./invariants";
import type { Lifecycle } from "./lifecycle";
import type { Family } from "./trouble";
import { families, troubles } from "./trouble";

/** Every so-manieth case runs in CI. */
const stride = 151;
/** The same of the lives of single resources, which are many. */
const wideStride = 701;
const shownFailures = 5;

interface Tally {
  /** How many there are, played or not. */
  all: number;
  cases: number;
  failed: number;
  imported: number;
}

const noneYet = (): Tally => ({ all: 0, cases: 0, failed: 0, imported: 0 });

/** Registers the tests of these lives. `file` is the test file, for the command that repeats a case. */
export function campaign(title: string, lifecycles: readonly Lifecycle[], file: string): void {
  describe(title, function () {
    this.timeout(60 * 60_000);
    const { random } = Math;
    const tallies = new Map<string, Tally>();
    const recordings = new Map<Lifecycle, Promise<Recording>>();
    const recorded = (lifecycle: Lifecycle): Promise<Recording> => {
      const recording = recordings.get(lifecycle) ?? record(lifecycle);
      recordings.set(lifecycle, recording);
      return recording;
    };

    // The recorded run and the hit one must wait alike.
    before(() => {
      Math.random = () => 0.5;
    });

    after(() => {
      Math.random = random;
      process.stdout.write(`${summary(tallies)}\n`);
    });

    for (const [number, lifecycle] of lifecycles.entries()) {
      for (const [turn, group] of groupsFor(lifecycle).entries()) {
        if (!mayHold(lifecycle, group)) continue;
        it(`${lifecycle.name}, hit by ${group.join(", ")}`, async () => {
          const recording = await recorded(lifecycle);
          const all = everyCaseOf(lifecycle, recording).filter(({ trouble }) =>
            group.includes(trouble.family),
          );
          const tally = tallies.get(lifecycle.name) ?? noneYet();
          tallies.set(lifecycle.name, tally);
          tally.all += all.length;
          const complaints: string[] = [];
          for (const one of chosen(all, 17 * number + 5 * turn)) {
            const outcome = await attempt(one, recording);
            tally.cases += 1;
            if (outcome.isImported) tally.imported += 1;
            if (outcome.violations.length === 0) continue;
            tally.failed += 1;
            complaints.push(complaint(one, outcome, file));
          }
          assert.ok(share < 1 || tally.cases > 0, "some case has run");
          if (complaints.length > 0) throw new Error(text(complaints));
        });
      }
    }
  });
}

/** In the part, the many lives of single resources have a test each. */
function groupsFor({ type }: Lifecycle): readonly (readonly Family[])[] {
  if (type === undefined) return families.filter((one) => one !== "ends").map((one) => [one]);
  return isPart ? [families] : families.map((one) => [one]);
}

/** The one case to repeat, by its title; the share of all cases that is played, chosen by the seed. */
const { FAULTS_CASE: wanted, SEED: seed = "1" } = process.env;
const share = Number(process.env["FAULTS_SHARE"] ?? 1);

function mayHold({ name }: Lifecycle, group: readonly Family[]): boolean {
  if (wanted === undefined) return true;
  const [lifecycle, , trouble] = wanted.split(" / ");
  return (
    lifecycle === name && troubles.some((one) => one.name === trouble && group.includes(one.family))
  );
}

/** The case to repeat, or all, or the part that CI runs, which has at least one. */
function chosen(cases: readonly Case[], offset: number): readonly Case[] {
  if (wanted !== undefined) return cases.filter((one) => titleOf(one) === wanted);
  if (!isPart) return cases.filter((one) => lot(one) < share);
  const step = cases[0]?.lifecycle.type === undefined ? stride : wideStride;
  const first = offset % Math.min(cases.length, step);
  return cases.filter((_, index) => index % step === first);
}

/** Between 0 and 1, of this case and this seed alone. */
function lot(one: Case): number {
  const digest = createHash("sha256")
    .update(`${seed} ${titleOf(one)}`)
    .digest();
  return digest.readUInt32BE() / 2 ** 32;
}

function complaint(one: Case, { violations, runs }: Outcome, file: string): string {
  const lines = violations.map(({ rule, what }) => `  broken: ${rules[rule]}: ${what}`);
  const course =
    process.env["FAULTS_CASE"] === undefined
      ? []
      : Object.entries(runs).flatMap(([name, run]) => [
          `  ${name}: ${run.steps.join(", ")}`,
          ...run.requests.map(
            ({ method, path, status, fault }) => `    ${status} ${method} ${path} ${fault ?? ""}`,
          ),
          ...run.failures.map((failure) => `    failed: ${failure}`),
          ...run.notes.map((note) => `    said: ${note.text}`),
        ]);
  const repeat = `  repeat: FAULTS_CASE="${titleOf(one)}" npx mocha ${relative(process.cwd(), file)}`;
  return [titleOf(one), ...lines, ...course, repeat].join("\n");
}

function text(complaints: readonly string[]): string {
  const more = complaints.length - shownFailures;
  return [
    `${complaints.length} cases break a rule:`,
    ...complaints.slice(0, shownFailures),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n");
}

function summary(tallies: ReadonlyMap<string, Tally>): string {
  const line = (name: string, { all, cases, failed, imported }: Tally) =>
    `${name}: ${cases} of ${all} cases, ${failed} failed${imported > 0 ? `, ${imported} by an import` : ""}`;
  const sum = noneYet();
  for (const tally of tallies.values()) {
    sum.all += tally.all;
    sum.cases += tally.cases;
    sum.failed += tally.failed;
    sum.imported += tally.imported;
  }
  return [...[...tallies].map(([name, tally]) => line(name, tally)), line("all", sum)].join("\n");
}

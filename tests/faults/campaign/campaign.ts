// The campaign: every request of a life is hit by every fault, and then the stack must come right by itself.

import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { closeTestEmulators } from "../../support/emulator";
import { throughPluginServer } from "../../support/plugin-server";
import type { Program, ResourceOptions, Run, Stack } from "../../support/shell";
import { assertDone, Declaration } from "../../support/shell";
import type { Violation } from "./invariants";
import {
  afterRun,
  converged,
  deleted,
  idle,
  known,
  otherPeople,
  remembered,
  steady,
  untouched,
  violation,
} from "./invariants";
import type { Lifecycle } from "./lifecycle";
import type { Spell, Target, Trouble } from "./trouble";
import { inject, isDistinctForReads, troubles } from "./trouble";
import type { World } from "./world";
import { madeSince, newWorld } from "./world";

/** What an undisturbed course of a life consists of. */
export interface Recording {
  /** The requests of the run that is to be hit. */
  readonly targets: readonly (Target & { readonly reads: boolean })[];
  /** How many clusters are made from beginning to end. */
  readonly clusters: number;
}

/** One fault that hits one request of a life. */
export interface Case {
  readonly lifecycle: Lifecycle;
  readonly target: Target;
  readonly trouble: Trouble;
  readonly spell: Spell;
}

export interface Outcome {
  readonly violations: readonly Violation[];
  /** Whether the way back took a line in the program, the option `import`. */
  readonly isImported: boolean;
  readonly runs: Readonly<Record<string, Run>>;
}

/** Stands between the provider and Pulumi's server, to see whether the rules notice. */
export type Mutant = (provider: DynamicProvider, world: World) => DynamicProvider;

export function titleOf({ lifecycle, target, trouble, spell }: Case): string {
  return `${lifecycle.name} / ${target.operation} ${target.nth} / ${trouble.name} / ${spell}`;
}

/** All cases of a life. */
export function casesOf(lifecycle: Lifecycle, { targets }: Recording): Case[] {
  return targets.flatMap(({ reads, ...target }) =>
    troubles
      .filter((trouble) => !reads || isDistinctForReads(trouble))
      .flatMap((trouble) => trouble.spells.map((spell) => ({ lifecycle, target, trouble, spell }))),
  );
}

/** A life without any fault, from beginning to end. */
export async function record(lifecycle: Lifecycle): Promise<Recording> {
  const { world, outcome } = await course(lifecycle, undefined, Number.POSITIVE_INFINITY);
  const [first] = outcome.violations;
  if (first) throw new Error(`Without any fault, "${lifecycle.name}" breaks a rule: ${first.what}`);
  const seen = new Map<string, number>();
  const { requests } = outcome.runs["injected"] as Run;
  // Those that the emulator's rate limit has refused come to no fault.
  const responded = requests.filter(({ status }) => status !== 429);
  const targets = responded.map(({ operation = "", method }) => {
    const nth = (seen.get(operation) ?? 0) + 1;
    seen.set(operation, nth);
    return { operation, nth, reads: method === "GET" };
  });
  return { targets, clusters: madeSince(world).length };
}

/** One case, from beginning to end. */
export async function attempt(
  { lifecycle, ...disturbance }: Case,
  { clusters }: Recording,
  mutant?: Mutant,
): Promise<Outcome> {
  return (await course(lifecycle, disturbance, clusters, mutant)).outcome;
}

type Disturbance = Omit<Case, "lifecycle">;

async function course(
  lifecycle: Lifecycle,
  disturbance: Disturbance | undefined,
  most: number,
  mutant: Mutant = (provider) => provider,
): Promise<{ world: World; outcome: Outcome }> {
  try {
    const world = await newWorld(lifecycle.options);
    const shop = world.lab.stack({
      through: (provider) => throughPluginServer(mutant(provider, world)),
    });
    const others = otherPeople(world);
    if (lifecycle.before) assertDone(await shop.up(lifecycle.before(world)));
    await lifecycle.meanwhile?.(world, shop);
    const outcome = await hitCourse(lifecycle, world, others, shop, disturbance, most);
    return { world, outcome };
  } finally {
    await closeTestEmulators();
  }
}

async function hitCourse(
  lifecycle: Lifecycle,
  world: World,
  others: ReadonlyMap<string, object>,
  shop: Stack,
  disturbance: Disturbance | undefined,
  most: number,
): Promise<Outcome> {
  const { lab } = world;
  const violations: Violation[] = [];
  const runs: Record<string, Run> = {};
  const program = lifecycle.program(world);
  let inState = shop.everything();
  const note = (name: string, run: Run, isLast = true): Run => {
    runs[name] = run;
    violations.push(...afterRun(world, shop, run, { most, isLast }));
    violations.push(...remembered(world, inState, shop));
    inState = shop.everything();
    return run;
  };

  const { trouble, spell, target } = disturbance ?? {};
  const fault = trouble && spell && target && inject(lab, trouble, spell, target);
  note("injected", await runOf(lifecycle, shop, program), false);
  fault?.end();
  if (fault?.hit() === 0)
    violations.push(violation("injected", "the fault was injected into no request"));

  const options: Record<string, ResourceOptions> = {};
  if (lifecycle.run !== "destroy") {
    // Whoever sees a refresh fail repeats it.
    if (lifecycle.run === "refresh") note("second refresh", await shop.refresh(), false);
    let second = note("second up", await shop.up(program), false);
    const imported = importsIn(second, program, shop);
    if (imported !== undefined) {
      Object.assign(options, imported);
      second = note("up with import", await shop.up(program, { options }));
    }
    violations.push(...converged(second), ...known(world, shop));
    violations.push(...afterRun(world, shop, second, { most, isLast: true }));
    violations.push(...steady(note("refresh", await shop.refresh())));
    violations.push(...idle(note("last up", await shop.up(program, { options }))));
    violations.push(...known(world, shop));
  }
  violations.push(...deleted(world, shop, note("destroy", await shop.destroy())));
  violations.push(...untouched(world, others, lifecycle.kept ?? []));
  return {
    violations: unique(violations),
    isImported: Object.keys(options).length > 0,
    runs,
  };
}

async function runOf({ run = "up" }: Lifecycle, shop: Stack, program: Program): Promise<Run> {
  if (run === "up") return await shop.up(program);
  return run === "refresh" ? await shop.refresh() : await shop.destroy();
}

/**
 * What a user writes into the program when an `up` says so: the option `import`, for parts whose request was
 * carried out and could not be found again before the run had ended. Clusters must do without.
 */
function importsIn(
  { failures }: Run,
  program: Program,
  shop: Stack,
): Record<string, ResourceOptions> | undefined {
  const ids = failures.map((text) => /\{import: "([^"]+:[^"]+)"\}/.exec(text)?.[1]);
  if (ids.length === 0 || ids.includes(undefined)) return undefined;
  const missing = Object.entries(program).filter(([name]) => !shop.resources.has(name));
  return Object.fromEntries(
    ids.flatMap((id = "") => {
      const found = missing.find(([, said]) => id.endsWith(`:${placeOf(said, shop)}`));
      return found ? [[found[0], { ...optionsOf(found[1]), import: id }]] : [];
    }),
  );
}

function optionsOf(said: Program[string]): ResourceOptions {
  return said instanceof Declaration ? said.options : {};
}

function placeOf(said: Program[string], shop: Stack): string {
  const { args } = said instanceof Declaration ? said : { args: said };
  const outputsOf = (name: string) => ({ id: shop.resource(name).id });
  const { name, cidrIp, cidrMask } = typeof args === "function" ? args(outputsOf) : args;
  return cidrIp === undefined ? String(name) : `${String(cidrIp)}/${String(cidrMask)}`;
}

function unique(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((one) => [`${one.rule} ${one.what}`, one])).values()];
}

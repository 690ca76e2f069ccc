// The campaign: every request of a life is hit by every fault, and then the stack must come right by itself.

import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { casesOf, clusterIdIn } from "../../conformance/resource-cases";
import { closeTestEmulators } from "../../support/emulator";
import type { Program, ResourceOptions } from "../../support/engine-model/program";
import { Declaration } from "../../support/engine-model/program";
import type { Run } from "../../support/engine-model/run";
import { assertDone } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import { throughPluginServer } from "../../support/plugin-server";
import type { Listed, Violation } from "./invariants";
import {
  afterRun,
  converged,
  deleted,
  found,
  idle,
  known,
  listed,
  otherPeople,
  remembered,
  steady,
  unknownTo,
  untouched,
  violation,
} from "./invariants";
import type { Lifecycle } from "./lifecycle";
import { noting } from "./secrets";
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
export function everyCaseOf(lifecycle: Lifecycle, { targets }: Recording): Case[] {
  return targets.flatMap(({ reads, ...target }) =>
    troubles
      .filter((trouble) => !reads || isDistinctForReads(trouble))
      // The real command line is killed in lives of stacks.
      .filter(({ family }) => lifecycle.type !== undefined || family !== "ends")
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
    const { type } = lifecycle;
    const world = await newWorld(lifecycle.options, type);
    const shop = world.lab.stack({
      through: (provider) =>
        throughPluginServer(noting(world.secrets, mutant(provider, world), type)),
    });
    const program = lifecycle.program(world);
    const before = lifecycle.before?.(world);
    world.others = new Set(world.lab.emulator.clusters.list().map(({ id }) => id));
    const others = { clusters: otherPeople(world), listed: await listed(world, type) };
    if (before) assertDone(await shop.up(before));
    await lifecycle.meanwhile?.(world, shop);
    const outcome = await hitCourse(lifecycle, world, program, others, shop, disturbance, most);
    return { world, outcome };
  } finally {
    await closeTestEmulators();
  }
}

async function hitCourse(
  lifecycle: Lifecycle,
  world: World,
  program: Program,
  others: { readonly clusters: ReadonlyMap<string, object>; readonly listed: Listed },
  shop: Stack,
  disturbance: Disturbance | undefined,
  most: number,
): Promise<Outcome> {
  const { lab } = world;
  const { type } = lifecycle;
  const violations: Violation[] = [];
  const runs: Record<string, Run> = {};
  const isUnseen = isFinishedUnseen(lifecycle, disturbance);
  const allowed = most + (isUnseen && type === "Cluster" ? 1 : 0);
  let inState = shop.everything();
  const note = async (name: string, run: Run, isLast = true): Promise<Run> => {
    runs[name] = run;
    if (isUnseen && (name === "injected" || name === "second up")) {
      inState = shop.everything();
      return run;
    }
    violations.push(...afterRun(world, shop, run, { most: allowed, isLast, type }));
    if (!(name === "injected" && isSaidDeleted(lifecycle, disturbance)))
      violations.push(...(await remembered(world, inState, shop)));
    inState = shop.everything();
    return run;
  };

  const { trouble, spell, target } = disturbance ?? {};
  const fault = trouble && spell && target && inject(lab, shop, trouble, spell, target);
  await note("injected", await runOf(lifecycle, shop, program), false);
  fault?.end();
  if (fault?.hit() === 0)
    violations.push(violation("injected", "the fault was injected into no request"));

  const options: Record<string, ResourceOptions> = {};
  if (lifecycle.run !== "destroy") {
    // Whoever sees a refresh fail repeats it.
    if (lifecycle.run === "refresh") await note("second refresh", await shop.refresh(), false);
    let second = await note("second up", await shop.up(program), false);
    const imported = importsIn(second, program, shop, isUnseen);
    if (imported !== undefined) {
      Object.assign(options, imported);
      second = await note("up with import", await shop.up(program, { options }));
    }
    if (isUnseen && type !== undefined)
      await removeUnseen(world, type, others.listed, shop, second);
    violations.push(...converged(second), ...known(world, shop));
    violations.push(...(await found(world, type, others.listed, shop)));
    violations.push(...afterRun(world, shop, second, { most: allowed, isLast: true, type }));
    violations.push(...steady(await note("refresh", await shop.refresh())));
    violations.push(...idle(await note("last up", await shop.up(program, { options }))));
    violations.push(...known(world, shop));
  }
  const last = await note("destroy", await shop.destroy());
  violations.push(...(await deleted(world, type, others.listed, shop, last)));
  violations.push(...untouched(world, others.clusters));
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
 * carried out and could not be found again before the run had ended. Clusters must do without, unless one is finished
 * and unseen.
 */
function importsIn(
  { failures }: Run,
  program: Program,
  shop: Stack,
  isUnseen: boolean,
): Record<string, ResourceOptions> | undefined {
  const ids = failures.map((text) => /\{import: "([^"]+)"\}/.exec(text)?.[1]);
  if (ids.length === 0 || ids.includes(undefined)) return undefined;
  const missing = Object.entries(program).flatMap(([name, said]) =>
    said instanceof Declaration &&
    !shop.resources.has(name) &&
    (isUnseen || said.kind.type !== "Cluster")
      ? [{ name, said }]
      : [],
  );
  return Object.fromEntries(
    ids.flatMap((id = "") => {
      const found = missing.find(({ said }) => idOf(said, shop) === id) ?? missing[0];
      return found ? [[found.name, { ...found.said.options, import: id }]] : [];
    }),
  );
}

/** Undefined where the service gives it. */
function idOf({ kind, args }: Declaration, shop: Stack): string | undefined {
  const outputsOf = (name: string) => ({ id: shop.resource(name).id });
  return casesOf[kind.type].idOf?.(typeof args === "function" ? args(outputsOf) : args);
}

/**
 * The settings of a cluster, and the roles of a user: the API says by a 404 of these that there are none, and has no list
 * that would say otherwise. What state forgets for it, the next update sets again or adopts: nothing is lost, and there
 * cannot be two.
 */
const onlyWitnesses: ReadonlySet<string> = new Set([
  ...["GetAllRolesForUser", "GetBackupConfiguration", "GetCMEKClusterInfo"],
  ...["GetClusterDisruptionInfo", "GetClusterVersionDeferral", "GetMaintenanceWindow"],
  ...["GetLogExportInfo", "GetCloudWatchMetricExportInfo", "GetDatadogMetricExportInfo"],
  "GetPrometheusMetricExportInfo",
]);

/** Whether the service says in every read that it is not there, and nothing says otherwise: that is believed. */
function isSaidDeleted({ run }: Lifecycle, disturbance: Disturbance | undefined): boolean {
  if (run !== "refresh" || disturbance === undefined) return false;
  const { trouble, spell, target } = disturbance;
  return trouble.name === "404" && spell === "for ever" && onlyWitnesses.has(target.operation);
}

/**
 * Whether a kill leaves an object that is finished and in no state, its mark removed: a warning names it, or the
 * doctor does, and its owner deletes it. The engine writes a creation down once the provider has returned from it, and
 * asks nothing of it afterwards, so the mark must go before that.
 */
function isFinishedUnseen({ type }: Lifecycle, disturbance: Disturbance | undefined): boolean {
  if (type === undefined || disturbance?.trouble.fault !== "kill") return false;
  return disturbance.target.operation === casesOf[type].operations.completeCreate;
}

async function removeUnseen(
  world: World,
  type: ResourceType,
  before: Listed,
  shop: Stack,
  { notes, failures }: Run,
): Promise<void> {
  const { emulator } = world.lab;
  const place = world.place();
  for (const id of await unknownTo(world, type, before, shop)) {
    const isNamed = [...notes.map(({ text }) => text), ...failures].some((text) =>
      text.includes(id),
    );
    // Of a cluster with a name of its own only the doctor knows.
    if (!isNamed && type !== "Cluster") continue;
    casesOf[type].remove({ emulator, id, place, clusterId: clusterIdIn(type, place) });
  }
}

function unique(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((one) => [`${one.rule} ${one.what}`, one])).values()];
}

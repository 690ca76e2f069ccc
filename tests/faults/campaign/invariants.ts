// What must hold whatever has failed, reported by the emulator's side and by what the user reads. Each is a named
// rule, so that a broken provider can be shown to break it.

import { isDeepStrictEqual } from "node:util";
import type { LoggedRequest } from "../../../emulator";
import { resources } from "../../../provider/resource/registry";
import type { ResourceType } from "../../../provider/resource/resource-types";
import {
  allResourceTypes,
  isOfCluster,
  resourceTypes,
} from "../../../provider/resource/resource-types";
import { casesOf, clusterIdIn } from "../../conformance/resource-cases";
import type { Run } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";
import type { Resource } from "../../support/engine-model/stack-state";
import { existing } from "../existing";
import type { World } from "./world";
import { madeSince, subresources } from "./world";

export const rules = {
  injected: "the fault has been injected",
  single: "never two clusters for one resource",
  owned: "never a cluster that no state knows, unless it carries the mark and the next up takes it",
  converges: "the second up converges, and after it there is nothing to do",
  known: "what is in state is so: a password opens the door",
  remembered: "what was in state and is still on the service is still in state",
  steady: "a refresh after it shows no drift",
  leavesNothing: "destroy leaves nothing that we made",
  touchesNoOther: "nothing that we did not make is touched",
  once: "no request is repeated that could have had an effect twice",
  secret: "no secret is shown, and none is stored in plain text",
  readable: "every failure is said in words, with what to do",
} as const;

export type Rule = keyof typeof rules;

/** What a case has found wrong. */
export interface Violation {
  readonly rule: Rule;
  readonly what: string;
}

export function violation(rule: Rule, what: string): Violation {
  return { rule, what };
}

/** After a run, also one in which everything went wrong. */
export function afterRun(
  world: World,
  shop: Stack,
  run: Run,
  { most, isLast, type }: { most: number; isLast: boolean; type: ResourceType | undefined },
): Violation[] {
  return [
    ...singleAndOwned(world, shop, most, isLast),
    ...(type !== undefined && isRepeatable(type) ? [] : once(run)),
    ...readable(world, run),
  ];
}

/** Whether a second POST does no more than the first: it sets what one alone can have, or deletes what is unknown. */
function isRepeatable(type: ResourceType): boolean {
  const { existing, lostCreate } = casesOf[type];
  const isSentAgain = lostCreate.outcome === "found" && lostCreate.isSentAgain === true;
  return isSentAgain || ["changed", "shared", "adopted"].includes(existing.outcome);
}

function singleAndOwned(world: World, shop: Stack, most: number, isLast: boolean): Violation[] {
  const made = madeSince(world);
  const living = made.filter(({ state }) => state !== "DELETED");
  const known = new Set(shop.everything().map(({ id }) => id));
  const lost = living.filter(({ id, mark }) => !known.has(id) && (isLast || mark === undefined));
  return [
    ...(made.length > most
      ? [violation("single", `${made.length} clusters were made instead of ${most}`)]
      : []),
    ...lost.map(({ id, name }) => violation("owned", `nobody knows cluster "${name}" (${id})`)),
  ];
}

const busy = /\block\b|\bbusy\b|in progress/i;

/** Whether this request certainly had no effect, as far as its response reports. */
function certainlyHadNone({ status, response }: LoggedRequest): boolean {
  if (status === 408 || status === 499) return false;
  if (status >= 400 && status < 500) return true;
  const { message } = (response ?? {}) as { message?: unknown };
  return status === 503 && typeof message === "string" && busy.test(message);
}

function once({ requests }: Run): Violation[] {
  const violations: Violation[] = [];
  const perhapsDone = new Map<string, LoggedRequest>();
  for (const request of requests) {
    if (request.method !== "POST") continue;
    const { name, cidr_ip: address } = (request.body ?? {}) as Record<string, unknown>;
    const key = `${request.operation} ${request.path} ${String(name ?? "")}${String(address ?? "")}`;
    const before = perhapsDone.get(key);
    if (before !== undefined) {
      const how = before.fault ?? `got the response ${before.status}`;
      violations.push(violation("once", `${key} was sent again after one that ${how}`));
    }
    if (!certainlyHadNone(request)) perhapsDone.set(key, request);
  }
  return violations;
}

const unreadable = /\bundefined\b|\[object |\bNaN\b|\n\s+at |\n|\bTypeError\b|\[redacted\]/;

function readable({ lab, secrets }: World, { failures: all, notes, progress }: Run): Violation[] {
  const failures = all.filter((text) => text !== "killed");
  const said = [...failures, ...notes.map(({ text }) => text)];
  const shown = [...said, ...progress.map(({ text }) => text)];
  const bad = said.filter((text) => unreadable.test(text) || !/[.!)]$/.test(text));
  // Who has ended the run needs no advice.
  const withoutAdvice = failures.filter((text) => !/[.:] [A-Z]|it was cancelled\.$/.test(text));
  return [
    ...bad.map((text) => violation("readable", `not readable: ${text}`)),
    ...[lab.emulator.apiKey, ...secrets.seen]
      .filter((secret) => shown.some((text) => text.includes(secret)))
      .map((secret) => violation("secret", `${secret} is shown`)),
    ...[...secrets.inPlainText].map((name) => violation("secret", `${name} is stored`)),
    ...withoutAdvice.map((text) => violation("readable", `nothing to do about it: ${text}`)),
  ];
}

/** The `up` without the fault. */
export function converged(run: Run): Violation[] {
  return run.failures.map((text) => violation("converges", `the second up failed: ${text}`));
}

export function steady(run: Run): Violation[] {
  const drift = Object.entries(run.differences).map(
    ([name, paths]) => `${name} differs in ${paths.join(", ")}`,
  );
  const steps = run.steps.filter((step) => !step.startsWith("same "));
  return [...run.failures, ...drift, ...steps].map((what) =>
    violation("steady", `the refresh said: ${what}`),
  );
}

export function idle(run: Run): Violation[] {
  const work = [
    ...run.failures,
    ...run.steps.filter((step) => !step.startsWith("same ")),
    ...run.requests.map(({ method, path }) => `${method} ${path}`),
  ];
  return work.map((what) => violation("converges", `the last up still had to do: ${what}`));
}

/** What state says about passwords, which no refresh can report. */
export function known({ lab }: World, shop: Stack): Violation[] {
  return [...shop.resources].flatMap(([name, { outputs }]) => {
    const { clusterId, name: user, password } = outputs;
    if (typeof password !== "string") return [];
    const isRight = lab.emulator.sqlUsers.hasPassword(String(clusterId), String(user), password);
    return isRight ? [] : [violation("known", `the password of ${name} is another one`)];
  });
}

/**
 * What a run has forgotten, though it is on the service. Encryption cannot be disabled, so deleting its resource only
 * forgets it.
 */
export async function remembered(
  world: World,
  before: readonly Resource[],
  shop: Stack,
): Promise<Violation[]> {
  const after = new Set(shop.everything().map(identityOf));
  const dropped = before.filter(
    (resource) =>
      isDeletable(resource) && !after.has(identityOf(resource)) && isOnService(world, resource),
  );
  // The service goes on with a deletion that it has accepted.
  if (dropped.length > 0) await world.lab.time.advance(10 * 60_000);
  return dropped
    .filter((resource) => isOnService(world, resource))
    .map(({ id }) => violation("remembered", `the run has forgotten ${id}, which is still there`));
}

/** Encryption cannot be disabled: deleting its resource only forgets it, unless it is to revoke the keys. */
function isDeletable(resource: Resource): boolean {
  const type = typeOf(resource);
  if (type === "CmekConfig") return resource.outputs["revokeOnDelete"] === true;
  return casesOf[type].operations.delete !== undefined;
}

function identityOf(resource: Resource): string {
  return `${typeOf(resource)} ${resource.id}`;
}

const typeByStem = new Map<string, ResourceType>(
  allResourceTypes.map((type) => [resourceTypes[type].stem, type]),
);

function typeOf({ outputs }: Resource): ResourceType {
  const [, stem = ""] = /provider\/([\w-]+)['"]/.exec(String(outputs["__provider"])) ?? [];
  const type = typeByStem.get(stem);
  if (type === undefined) throw new Error(`The state names a resource: ${stem}`);
  return type;
}

function isOnService({ lab: { emulator }, place }: World, resource: Resource): boolean {
  const { id, outputs } = resource;
  const type = typeOf(resource);
  const clusterId = type === "Cluster" ? id : clusterIdIn(type, outputs);
  if (clusterId !== "" && emulator.clusters.get(clusterId).state === "DELETED") return false;
  const names = Object.keys(place());
  const own = Object.fromEntries(names.map((name) => [name, outputs[name]]));
  return casesOf[type].exists({ emulator, id, place: own, clusterId });
}

/** Keys of what exists of the type of the case, in all its places; undefined where nothing lists it. */
export type Listed = ReadonlySet<string> | undefined;

export async function listed(world: World, type: ResourceType | undefined): Promise<Listed> {
  if (type === undefined) return undefined;
  const all = new Set<string>();
  for (const [nth, place] of world.places) {
    const keys = await existing(world.lab, type, place);
    if (keys === undefined) return undefined;
    // What is of the organization is in one list.
    for (const key of keys) all.add(`${isOfCluster(type) ? nth : 1} ${key}`);
  }
  return all;
}

/** What was made and is in no state. */
export async function unknownTo(
  world: World,
  type: ResourceType | undefined,
  before: Listed,
  shop: Stack,
): Promise<string[]> {
  const now = await listed(world, type);
  if (type === undefined || now === undefined) return [];
  const added = [...now].filter((key) => before?.has(key) !== true);
  const { keyOf } = resources[type];
  const known = shop.everything().map(({ id, outputs }) => keyOf(id, outputs));
  return added.map(keyIn).filter((key) => !known.includes(key) && !isRecord(world, type, key));
}

const keyIn = (text: string) => text.slice(text.indexOf(" ") + 1);

/** Whether it is listed though it is over. */
function isRecord({ lab: { emulator }, place }: World, type: ResourceType, id: string): boolean {
  const { exists, leavesRecord } = casesOf[type];
  const clusterId = clusterIdIn(type, place());
  return leavesRecord === true && !exists({ emulator, id, place: place(), clusterId });
}

/** After the run that converges: what was made is in state, once. */
export async function found(...given: Parameters<typeof unknownTo>): Promise<Violation[]> {
  const unknown = await unknownTo(...given);
  return unknown.map((key) => violation("owned", `nobody knows ${key}`));
}

export async function deleted(
  world: World,
  type: ResourceType | undefined,
  before: Listed,
  shop: Stack,
  run: Run,
): Promise<Violation[]> {
  const { operations, leavesRecord } = casesOf[type ?? "Cluster"];
  const isCompared = operations.delete !== undefined && leavesRecord !== true;
  const now = isCompared ? await listed(world, type) : before;
  const left = [
    ...run.failures.map((text) => `it failed: ${text}`),
    ...shop.everything().map(({ id }) => `${id} is still in state`),
    ...madeSince(world)
      .filter(({ state }) => state !== "DELETED")
      .map(({ name, id }) => `cluster "${name}" (${id}) is still there`),
    ...[...(now ?? [])]
      .filter((key) => before?.has(key) !== true)
      .map((key) => `${type} ${key} is still there`),
  ];
  return left.map((what) => violation("leavesNothing", `after destroy, ${what}`));
}

/** How the clusters of others were, to be compared at the end. */
export function otherPeople(world: World): ReadonlyMap<string, object> {
  return new Map(world.controls.map((id) => [id, subresources(world, id)]));
}

export function untouched(world: World, before: ReadonlyMap<string, object>): Violation[] {
  const changed = [...before].flatMap(([id, was]) => {
    const is = subresources(world, id) as Record<string, unknown>;
    return Object.entries(was)
      .filter(([key, value]) => !isDeepStrictEqual(value, is[key]))
      .map(([key]) => violation("touchesNoOther", `${key} of control cluster ${id} has changed`));
  });
  const named = world.lab.emulator.requests
    .filter(
      ({ method, path }) => method !== "GET" && world.controls.some((id) => path.includes(id)),
    )
    .map(({ method, path }) =>
      violation("touchesNoOther", `${method} ${path} names a control cluster`),
    );
  return [...changed, ...named];
}

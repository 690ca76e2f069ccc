// What must hold whatever has failed, reported by the emulator's side and by what the user reads. Each is a named
// rule, so that a broken provider can be shown to break it.

import { isDeepStrictEqual } from "node:util";
import type { LoggedRequest } from "../../../emulator";
import type { Resource, Run, Stack } from "../../support/shell";
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
  { most, isLast }: { most: number; isLast: boolean },
): Violation[] {
  return [...singleAndOwned(world, shop, most, isLast), ...once(run), ...readable(world, run)];
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

function readable({ lab }: World, { failures, notes }: Run): Violation[] {
  const said = [...failures, ...notes.map(({ text }) => text)];
  const bad = said.filter(
    (text) => unreadable.test(text) || text.includes(lab.emulator.apiKey) || !/[.!)]$/.test(text),
  );
  const withoutAdvice = failures.filter((text) => !/[.:] [A-Z]/.test(text));
  return [
    ...bad.map((text) => violation("readable", `not readable: ${text}`)),
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
export function remembered(world: World, before: readonly Resource[], shop: Stack): Violation[] {
  const after = new Set(shop.everything().map(identityOf));
  return before
    .filter((resource) => !after.has(identityOf(resource)) && isOnService(world, resource))
    .map(({ id }) => violation("remembered", `the run has forgotten ${id}, which is still there`));
}

function identityOf(resource: Resource): string {
  return `${stemOf(resource)} ${resource.id}`;
}

function stemOf({ outputs }: Resource): string {
  return /provider\/([\w-]+)"/.exec(String(outputs["__provider"]))?.[1] ?? "unknown";
}

function isOnService({ lab: { emulator } }: World, resource: Resource): boolean {
  const { id, outputs } = resource;
  const clusterId = id.split(":", 1)[0] as string;
  if (emulator.clusters.get(clusterId).state === "DELETED") return false;
  const name = String(outputs["name"]);
  switch (stemOf(resource)) {
    case "cluster":
      return true;
    case "sql-user":
      return emulator.sqlUsers.list(clusterId).includes(name);
    case "database":
      return emulator.databases.list(clusterId).some((one) => one.name === name);
    case "allowlist-entry":
      return emulator.allowlist
        .list(clusterId)
        .some(({ cidr_ip, cidr_mask }) => id.endsWith(`:${cidr_ip}/${cidr_mask}`));
    case "maintenance-window":
      return emulator.maintenanceWindows.get(clusterId) !== undefined;
    case "version-deferral":
      return emulator.versionDeferrals.get(clusterId)?.deferral_policy !== "NOT_DEFERRED";
    default:
      return false;
  }
}

export function deleted(world: World, shop: Stack, run: Run): Violation[] {
  const left = [
    ...run.failures.map((text) => `it failed: ${text}`),
    ...shop.everything().map(({ id }) => `${id} is still in state`),
    ...madeSince(world)
      .filter(({ state }) => state !== "DELETED")
      .map(({ name, id }) => `cluster "${name}" (${id}) is still there`),
  ];
  return left.map((what) => violation("leavesNothing", `after destroy, ${what}`));
}

/** How the clusters of others were, to be compared at the end. */
export function otherPeople(world: World): ReadonlyMap<string, object> {
  const ids = [...world.controls, ...Object.values(world.homes), world.otherHome];
  return new Map(ids.map((id) => [id, subresources(world, id)]));
}

/** `kept`: what of a home the API cannot take back. */
export function untouched(
  world: World,
  before: ReadonlyMap<string, object>,
  kept: readonly string[],
): Violation[] {
  const changed = [...before].flatMap(([id, was]) => {
    const is = subresources(world, id) as Record<string, unknown>;
    const isControl = world.controls.includes(id);
    return Object.entries(was)
      .filter(([key, value]) => !isDeepStrictEqual(value, is[key]))
      .filter(([key]) => isControl || !kept.includes(key))
      .map(([key]) =>
        isControl
          ? violation("touchesNoOther", `${key} of control cluster ${id} has changed`)
          : violation(
              key === "cluster" ? "touchesNoOther" : "leavesNothing",
              `${key} of cluster ${id} is not as it was: ${JSON.stringify(is[key])}`,
            ),
      );
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

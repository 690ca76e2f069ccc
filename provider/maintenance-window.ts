/**
 * The weekly time in which an Advanced cluster may be patched.
 *
 * The API has one window per cluster, set and changed by the same PUT: who sets it may be replacing
 * the window of somebody else, so that is looked at first and said.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireMaintenanceWindow } from "../sdk";
import { BadRequestError, formatDuration, parseDuration, withAdvice } from "../sdk";
import { described, shapeFailures } from "./check";
import { checkImportedId, checkImportedValues, partTimeoutMs, removed } from "./cluster-parts";
import { whenReady } from "./cluster-readiness";
import type { ClusterReference } from "./cluster-reference";
import { clusterIdOf, onlyOne, partOf } from "./cluster-reference";
import type { Context, Lifecycle } from "./lifecycle";
import { serve } from "./lifecycle";
import { isOfType, registered } from "./registration";
import { typeToken } from "./resource-types";
import { hasUnknown } from "./unknown";

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;
const daySeconds = 24 * hourSeconds;
const weekSeconds = 7 * daySeconds;
const shortestWindowSeconds = 6 * hourSeconds;

const days = [
  "MONDAY",
  "TUESDAY",
  "WEDNESDAY",
  "THURSDAY",
  "FRIDAY",
  "SATURDAY",
  "SUNDAY",
] as const;

/** A day of the week. */
export type Weekday =
  | "MONDAY"
  | "TUESDAY"
  | "WEDNESDAY"
  | "THURSDAY"
  | "FRIDAY"
  | "SATURDAY"
  | "SUNDAY";

/** A time of the week, in UTC. */
export interface WeeklyTime {
  /** Day of the week. */
  day: Weekday;
  /** Hour, 0 to 23. */
  hourUtc: number;
  /**
   * Minute, 0 to 59.
   * @default 0
   */
  minuteUtc?: number;
}

/**
 * A time of the week as `offsetDuration` takes it: `{ day: "WEDNESDAY", hourUtc: 2 }` is `"180000s"`.
 *
 * @throws RangeError when there is no such time.
 */
export function weekly({ day, hourUtc, minuteUtc = 0 }: WeeklyTime): string {
  const dayIndex = days.indexOf(day);
  if (dayIndex < 0) throw new RangeError(`day must be one of ${days.join(", ")}, not ${day}.`);
  checkWhole("hourUtc", hourUtc, 23);
  checkWhole("minuteUtc", minuteUtc, 59);
  return formatDuration(dayIndex * daySeconds + hourUtc * hourSeconds + minuteUtc * minuteSeconds);
}

/** The inverse of `weekly`; undefined for an offset that is no whole minute of the week. @internal */
export function weeklyTimeOf(offsetDuration: string): WeeklyTime | undefined {
  const seconds = parseDuration(offsetDuration);
  const day = days[Math.floor(seconds / daySeconds)];
  if (day === undefined || seconds % minuteSeconds !== 0) return undefined;
  const hourUtc = Math.floor((seconds % daySeconds) / hourSeconds);
  const minuteUtc = (seconds % hourSeconds) / minuteSeconds;
  return minuteUtc === 0 ? { day, hourUtc } : { day, hourUtc, minuteUtc };
}

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new RangeError(`${name} must be a whole number from 0 to ${most}, not ${value}.`);
}

/** Arguments of a maintenance window. */
export interface MaintenanceWindowArgs {
  /**
   * The cluster, or its id; its plan is ADVANCED. Given the `Cluster`, destroying both makes no request
   * for the window. Changing it replaces this resource.
   */
  clusterId: ClusterReference;
  /**
   * From Monday 00:00 UTC to the start: `"172800s"`, a number of seconds, or `weekly({ … })`. Less than
   * a week. Updated in place.
   */
  offsetDuration: pulumi.Input<string | number>;
  /**
   * How long it lasts: `"21600s"`, or a number of seconds. At least six hours and less than a week.
   * Updated in place.
   */
  windowDuration: pulumi.Input<string | number>;
}

/**
 * The maintenance window of an Advanced cluster. Without one, patches are applied as soon as they are
 * available. API operations: SetMaintenanceWindow, GetMaintenanceWindow, DeleteMaintenanceWindow.
 */
export class MaintenanceWindow extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("MaintenanceWindow");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** From Monday 00:00 UTC to the start, in seconds: `"172800s"`. */
  declare readonly offsetDuration: pulumi.Output<string>;
  /** How long it lasts, in seconds: `"21600s"`. */
  declare readonly windowDuration: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the window
   * @param options `import: "<cluster id>"` takes an existing window over and writes nothing
   */
  constructor(
    name: string,
    args: MaintenanceWindowArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const inputs = args && {
      ...args,
      clusterId: clusterIdOf(args.clusterId),
      offsetDuration: durationInput(args.offsetDuration),
      windowDuration: durationInput(args.windowDuration),
    };
    super(
      ...registered(
        {
          type: "MaintenanceWindow",
          outputs: ["clusterId", "offsetDuration", "windowDuration"],
        },
        name,
        inputs,
        // Deleted after it was set again, the window of the same cluster would be gone.
        { ...onlyOne(options), ...partOf(args?.clusterId, options) },
      ),
    );
  }

  /** The window of a cluster by the cluster's id, which this program reads and does not manage. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options: pulumi.CustomResourceOptions = {},
  ): MaintenanceWindow {
    return new MaintenanceWindow(name, undefined as never, { ...options, id });
  }

  /** Whether `value` is a maintenance window of this package, also of another copy of it. */
  static override isInstance(value: unknown): value is MaintenanceWindow {
    return isOfType(value, MaintenanceWindow.__pulumiType);
  }
}

const offsetDuration = z.string().check((context) => {
  const reason = durationProblem(context.value, 0);
  if (reason) context.issues.push({ code: "custom", message: reason, input: context.value });
});

const windowDuration = z.string().check((context) => {
  const reason = durationProblem(context.value, shortestWindowSeconds);
  if (reason) context.issues.push({ code: "custom", message: reason, input: context.value });
});

function durationProblem(text: string, leastSeconds: number): string | undefined {
  const seconds = secondsIn(text);
  if (seconds === undefined) {
    return `must be a number of seconds and an "s", such as "172800s", not ${described(text)}${spelling(text)}.`;
  }
  if (seconds >= leastSeconds && seconds < weekSeconds) return undefined;
  const least = leastSeconds === 0 ? '"0s"' : `six hours, "${leastSeconds}s",`;
  return `must be at least ${least} and less than a week, "${weekSeconds}s", not ${described(text)}.`;
}

const unitSeconds: Record<string, number> = {
  "": 1,
  m: minuteSeconds,
  h: hourSeconds,
  d: daySeconds,
};

/** How a duration in another unit is spelt here. */
function spelling(text: string): string {
  const [, amount, unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)([mhd]?)$/.exec(text) ?? [];
  if (amount === undefined) return "";
  return `: write "${formatDuration(Number(amount) * (unitSeconds[unit] ?? 1))}"`;
}

/** @internal */
export const inputsSchema = z.strictObject({
  clusterId: z.uuid({ error: "must be the id of a cluster, a UUID." }),
  offsetDuration,
  windowDuration,
});

type Inputs = z.output<typeof inputsSchema>;
type State = Inputs;

const durations = ["offsetDuration", "windowDuration"] as const;

/** What the resource is, without Pulumi's dynamic server. @internal */
export const lifecycle: Lifecycle<Inputs, State> = {
  kind: "maintenance window",

  check(_olds, news) {
    return { failures: shapeFailures(inputsSchema, news), notes: [] };
  },

  diff(id, { state }, news) {
    return {
      replaces: news.clusterId === id ? [] : ["clusterId"],
      updates: differing(state, news),
      deleteBeforeReplace: false,
      notes: [],
    };
  },

  async create(inputs, context) {
    const { clusterId: id } = inputs;
    if (context.adopt !== undefined) return { id, outs: await adopted(inputs, context) };
    const deadline = context.deadline(partTimeoutMs);
    const outs = await whenReady(id, context, deadline, () => takenOver(inputs, context, deadline));
    // A resource with another name that had it before is deleted after this, and must leave it alone.
    context.tookOver(id);
    return { id, outs };
  },

  async read(id, { asked }, { cloud, signal }) {
    const wire = await cloud.maintenanceWindows.get(id, { signal });
    if (wire === undefined) return undefined;
    const state = toState(id, wire);
    return {
      state,
      inputs: {
        clusterId: id,
        offsetDuration: asWritten(asked.offsetDuration, state.offsetDuration),
        windowDuration: asWritten(asked.windowDuration, state.windowDuration),
      },
    };
  },

  async update(id, { state }, news, context) {
    if (differing(state, news).length === 0) return toState(id, toRequest(news));
    const deadline = context.deadline(partTimeoutMs);
    return await whenReady(id, context, deadline, () => put(news, context, deadline));
  },

  async delete(id, _stored, context) {
    const { maintenanceWindows } = context.cloud;
    await removed(
      id,
      context,
      (options) => maintenanceWindows.delete(id, options),
      async (options) => (await maintenanceWindows.get(id, options)) !== undefined,
    );
  },
};

/** What the text in state asks for. @internal */
export const provider = serve(lifecycle);

function differing(state: State, news: Inputs): (typeof durations)[number][] {
  return durations.filter((key) => hasUnknown(news[key]) || !isSameDuration(state[key], news[key]));
}

/** Sets the window, unless it is set to this already, and tells what it was set to before. */
async function takenOver(inputs: Inputs, context: Context, deadline: number): Promise<State> {
  const { cloud, signal } = context;
  const { clusterId } = inputs;
  const wire = await cloud.maintenanceWindows
    .get(clusterId, { signal, deadline })
    .catch((error) => {
      if (!BadRequestError.isInstance(error)) throw error;
      throw withAdvice(
        error,
        "Give the id of a cluster with the plan ADVANCED, or remove this resource.",
      );
    });
  const previous = wire && toState(clusterId, wire);
  if (previous && differing(previous, inputs).length === 0) return previous;
  const state = await put(inputs, context, deadline);
  if (previous) {
    await context.note(
      "warning",
      `Cluster ${clusterId} already had a maintenance window, which this one has replaced: it was offsetDuration "${previous.offsetDuration}", windowDuration "${previous.windowDuration}". Deleting this resource does not bring it back.`,
    );
  }
  return state;
}

async function put(inputs: Inputs, { cloud, signal }: Context, deadline: number): Promise<State> {
  const { clusterId } = inputs;
  const answer = await cloud.maintenanceWindows.set(clusterId, toRequest(inputs), {
    signal,
    deadline,
    whenBusy: "fail",
  });
  // An answer without the window does not tell whether it is set.
  const isWhole = answer.offset_duration !== "" && answer.window_duration !== "";
  const wire = isWhole
    ? answer
    : await cloud.maintenanceWindows.get(clusterId, { signal, deadline });
  if (wire === undefined) {
    throw new Error(
      `Setting the maintenance window of cluster ${clusterId} failed: the API accepted it, and shows none afterwards. Run the update again; if it stays so, ask CockroachDB Cloud support about this id.`,
    );
  }
  return toState(clusterId, wire);
}

async function adopted(inputs: Inputs, context: Context): Promise<State> {
  const { clusterId } = inputs;
  checkImportedId(context, "the maintenance window of cluster", clusterId, "<cluster id>");
  const { cloud, signal } = context;
  const object = `the maintenance window of cluster ${clusterId}`;
  const wire = await cloud.maintenanceWindows.get(clusterId, { signal });
  if (wire === undefined) {
    throw new Error(
      `Importing ${object} failed: the cluster has none, or this key may not see the cluster. Remove the option import to set one.`,
    );
  }
  const state = toState(clusterId, wire);
  checkImportedValues(object, differing(state, inputs), state, inputs);
  return state;
}

function toRequest({ offsetDuration, windowDuration }: Inputs): WireMaintenanceWindow {
  return {
    offset_duration: canonical(offsetDuration),
    window_duration: canonical(windowDuration),
  };
}

function toState(clusterId: string, wire: WireMaintenanceWindow): State {
  return {
    clusterId,
    offsetDuration: canonical(wire.offset_duration),
    windowDuration: canonical(wire.window_duration),
  };
}

/** An argument with a number of seconds in the form of the API. */
function durationInput(
  duration: pulumi.Input<string | number> | undefined,
): pulumi.Input<string> | undefined {
  return duration === undefined ? undefined : pulumi.output(duration).apply(durationText);
}

function durationText(duration: string | number): string {
  if (typeof duration !== "number") return duration;
  // What no duration can be is refused by check, which names the property.
  return Math.abs(duration) < Number.MAX_SAFE_INTEGER / 1e9
    ? formatDuration(duration)
    : `${duration}s`;
}

function secondsIn(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}

/** The shortest spelling: `"0.500s"` is `"0.5s"`. */
function canonical(text: string): string {
  const seconds = secondsIn(text);
  return seconds === undefined ? text : formatDuration(seconds);
}

/** State of the bridged provider has a number of seconds. */
function isSameDuration(one: string | number | undefined, other: string): boolean {
  return one !== undefined && canonical(durationText(one)) === canonical(other);
}

/** The program's own spelling, as long as it means what there is. */
function asWritten(asked: string | undefined, is: string): string {
  return asked !== undefined && isSameDuration(asked, is) ? asked : is;
}

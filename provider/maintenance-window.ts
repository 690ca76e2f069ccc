/**
 * The weekly time in which an Advanced cluster may be patched.
 *
 * The API has one window per cluster, set and changed by the same PUT: who sets it may be replacing
 * the window of somebody else, so that is read first and reported.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WireMaintenanceWindow } from "../sdk";
import { formatDuration, parseDuration } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { oneInCluster } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { typeToken } from "./resource/resource-types";
import { clusterId, textThat } from "./resource/schema";
import { daySeconds, hourSeconds, minuteSeconds, weekSeconds } from "./values/weekly";

const minWindowSeconds = 6 * hourSeconds;

/** Arguments of a maintenance window. */
export interface MaintenanceWindowArgs {
  /**
   * The cluster, or its id, of plan ADVANCED. Changing it replaces this resource: the window of the old cluster is
   * removed.
   */
  clusterId: ClusterReference;
  /**
   * Time from Monday 00:00 UTC to the start, in seconds: `"172800s"`. Less than a week, `604800s`. In TypeScript also
   * the number `172800`, or `weekly({ day, hourUtc, minuteUtc? })`. Updated in place.
   */
  offsetDuration: pulumi.Input<string | number>;
  /**
   * Duration in seconds: `"21600s"`. At least six hours, `21600s`, and less than a week. In TypeScript also the
   * number `21600`. Updated in place.
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
  /** Time from Monday 00:00 UTC to the start, in seconds: `"172800s"`. */
  declare readonly offsetDuration: pulumi.Output<string>;
  /** Duration in seconds: `"21600s"`. */
  declare readonly windowDuration: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the window
   * @param options `import: "<cluster id>"` takes an existing window over and writes nothing
   */
  constructor(name: string, args: MaintenanceWindowArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = args && {
      ...args,
      offsetDuration: durationInput(args.offsetDuration),
      windowDuration: durationInput(args.windowDuration),
    };
    super(...registrationOf(definition, name, inputs, options));
  }

  /** The window of a cluster by the cluster's id, which this program reads and does not manage. */
  static readonly get = getterOf(MaintenanceWindow);
  /** Whether `value` is a maintenance window of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<MaintenanceWindow>("MaintenanceWindow");
}

const durationFrom = (minSeconds: number) =>
  textThat((text, shown) => {
    const seconds = secondsIn(text);
    if (seconds === undefined) {
      return `must be a number of seconds and an "s", such as "172800s", not ${shown}${spelling(text)}.`;
    }
    if (seconds >= minSeconds && seconds < weekSeconds) return undefined;
    const min = minSeconds === 0 ? '"0s"' : `six hours, "${minSeconds}s",`;
    return `must be at least ${min} and less than a week, "${weekSeconds}s", not ${shown}.`;
  });

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

const inputs = z.strictObject({
  clusterId,
  offsetDuration: durationFrom(0),
  windowDuration: durationFrom(minWindowSeconds),
});

type Inputs = z.output<typeof inputs>;
type State = Inputs;

const duration: ArgumentRule = { onChange: "update", canonical };

const definition: ResourceDefinition<Inputs, State, WireMaintenanceWindow> = {
  type: "MaintenanceWindow",
  ...oneInCluster("maintenance window"),
  inputs,
  arguments: { clusterId: replacesResource, offsetDuration: duration, windowDuration: duration },

  replacementWarning: ({ clusterId }) =>
    `Cluster ${clusterId} no longer has a maintenance window: the service chooses when it patches the cluster.`,

  sample: () => ({ offsetDuration: "172800s", windowDuration: "21600s" }),
  toState: ({ offset_duration, window_duration }, { clusterId = "" }) => ({
    clusterId,
    offsetDuration: canonical(offset_duration),
    windowDuration: canonical(window_duration),
  }),
  setting: {
    get: ({ clusterId = "" }, { cloud, options }) =>
      cloud.maintenanceWindows.get(clusterId, options),
    plans: ["ADVANCED"],
    name: "window",
    replacedWarning: ({ clusterId, offsetDuration, windowDuration }) =>
      `Cluster ${clusterId} already had a maintenance window, which this one has replaced: it was offsetDuration "${offsetDuration}", windowDuration "${windowDuration}". Deleting this resource does not bring it back.`,
  },

  create: setWindow,
  update: (_before, after, call) => setWindow(after, call),
  delete: ({ clusterId }, { cloud, options }) =>
    cloud.maintenanceWindows.delete(clusterId, options),
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

async function setWindow(
  { clusterId, offsetDuration, windowDuration }: Inputs,
  { cloud, options }: WriteCall,
): Promise<WireMaintenanceWindow> {
  const { maintenanceWindows } = cloud;
  const body = {
    offset_duration: canonical(offsetDuration),
    window_duration: canonical(windowDuration),
  };
  const response = await maintenanceWindows.set(clusterId, body, options);
  // A response without the window does not show whether it is set.
  const isWhole = response.offset_duration !== "" && response.window_duration !== "";
  const wire = isWhole ? response : await maintenanceWindows.get(clusterId, options);
  if (wire !== undefined) return wire;
  throw new Error(
    `Setting the maintenance window of cluster ${clusterId} failed: the API accepted it, and shows none afterwards. Run the update again; if it stays so, ask CockroachDB Cloud support about this id.`,
  );
}

/** An argument with a number of seconds in the form of the API. */
function durationInput(
  duration: pulumi.Input<string | number> | undefined,
): pulumi.Input<string> | undefined {
  return duration === undefined ? undefined : pulumi.output(duration).apply(toApiDuration);
}

function toApiDuration(duration: string | number): string {
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

/** The shortest spelling: `"0.500s"` is `"0.5s"`. State of the bridged provider has a number of seconds. */
function canonical(duration: unknown): string {
  const text = toApiDuration(duration as string | number);
  const seconds = secondsIn(text);
  return seconds === undefined ? text : formatDuration(seconds);
}

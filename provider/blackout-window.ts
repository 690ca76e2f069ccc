/**
 * A time in which the service leaves an Advanced cluster alone.
 *
 * The API checks how far ahead a window is only when it is created or moved: one of the past must still be read,
 * refreshed and deleted, so a preview checks what changes and nothing else.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UpdateBlackoutWindowRequest, WireBlackoutWindow } from "../sdk";
import { BadRequestError } from "../sdk";
import { dynamicResource } from "./dynamic/dynamic-resource";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { timeInput } from "./program/time-input";
import { idByCluster, namedPartOf } from "./resource/cluster-scoped";
import type { ArgumentRule, ResourceDefinition } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { explainEnrollment, explainEnrollmentOfList } from "./resource/enrollment";
import { typeToken } from "./resource/resource-types";
import { clusterId, moment } from "./resource/schema";
import { instantOf } from "./values/instant";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** Arguments of a blackout window. */
export interface BlackoutWindowArgs {
  /**
   * The cluster, or its id, of plan ADVANCED. Changing it replaces this resource: the window of the old cluster is
   * deleted first.
   */
  clusterId: ClusterReference;
  /**
   * The start, in RFC 3339: `"2026-12-15T00:00:00Z"`. At least 7 days ahead when it is set. In TypeScript also a
   * `Date`. Updated in place.
   */
  startTime: pulumi.Input<string | Date>;
  /**
   * The end, in RFC 3339. At most 14 days after the start, and three months ahead when it is set. In TypeScript also a
   * `Date`. Updated in place.
   */
  endTime: pulumi.Input<string | Date>;
}

/**
 * A time in which the service does nothing to an Advanced cluster that impairs SQL or restarts nodes. The organization
 * must be enrolled. API operations: CreateBlackoutWindow, ListBlackoutWindows, GetBlackoutWindow, UpdateBlackoutWindow,
 * DeleteBlackoutWindow.
 */
export class BlackoutWindow extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("BlackoutWindow");

  /** Id of the cluster. */
  declare readonly clusterId: pulumi.Output<string>;
  /** The start, RFC 3339. */
  declare readonly startTime: pulumi.Output<string>;
  /** The end, RFC 3339. */
  declare readonly endTime: pulumi.Output<string>;
  /** UUID of the window. */
  declare readonly blackoutWindowId: pulumi.Output<string>;

  /**
   * @param name name of the resource
   * @param args the window
   * @param options `import: "<cluster id>:<window id>"` adopts an existing window and writes nothing
   */
  constructor(name: string, args: BlackoutWindowArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = args && {
      ...args,
      startTime: timeInput(args.startTime),
      endTime: timeInput(args.endTime),
    };
    super(...registrationOf(definition, name, inputs, options));
  }

  /** An existing window, which this program reads and does not manage. */
  static readonly get = getterOf(BlackoutWindow);
  /** Whether `value` is a blackout window of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<BlackoutWindow>("BlackoutWindow");
}

const inputs = z.strictObject({ clusterId, startTime: moment, endTime: moment });

type Inputs = z.output<typeof inputs>;
type State = Inputs & { blackoutWindowId: string };

const dayMs = 24 * 60 * 60_000;
const maxLengthDays = 14;

const instant: ArgumentRule = { onChange: "update", canonical: instantOf };

const definition: ResourceDefinition<Inputs, State, WireBlackoutWindow> = {
  type: "BlackoutWindow",
  noun: "blackout window",
  inputs,
  arguments: { clusterId: replacesResource, startTime: instant, endTime: instant },
  outputs: ["blackoutWindowId"],

  idFormat: "<cluster id>:<window id>",
  idInTerraform: idByCluster,
  idOf: ({ clusterId }, remote) => remote && `${clusterId}:${remote.id}`,
  placeOf(id, state) {
    const { clusterId, name } = namedPartOf(id);
    // The Terraform provider's state has the id of the window alone.
    return name === undefined && state.clusterId !== undefined
      ? { clusterId: state.clusterId, blackoutWindowId: id }
      : { clusterId, ...omitUndefined({ blackoutWindowId: name }) };
  },
  describe: ({ clusterId, startTime, endTime }) =>
    `the blackout window from ${startTime} to ${endTime} of cluster ${clusterId}`,

  check(olds, news, failures) {
    const { startTime, endTime } = news as Partial<Inputs>;
    const isWhole =
      !hasUnknown([startTime, endTime]) &&
      !failures.some(({ property }) => property === "startTime" || property === "endTime");
    const isChanged =
      instantOf(olds.startTime) !== instantOf(startTime) ||
      instantOf(olds.endTime) !== instantOf(endTime);
    const reason =
      isWhole && isChanged ? lengthProblem(startTime as string, endTime as string) : undefined;
    return {
      failures: [...failures, ...(reason === undefined ? [] : [{ property: "endTime", reason }])],
      notes: [],
    };
  },

  replacementWarning: ({ clusterId, startTime, endTime }) =>
    `Cluster ${clusterId} no longer has the blackout window from ${startTime} to ${endTime}.`,

  sample: () => ({
    startTime: "2026-12-15T00:00:00Z",
    endTime: "2026-12-17T00:00:00Z",
    blackoutWindowId: "5ba5ed00-0000-4000-8000-0000000000b1",
  }),
  toState: ({ id, start_time, end_time }, { clusterId = "" }) => ({
    clusterId,
    startTime: instantOf(start_time),
    endTime: instantOf(end_time),
    blackoutWindowId: id,
  }),
  collection: {
    list: ({ clusterId = "" }, { cloud, options }) =>
      explainEnrollmentOfList(cloud.blackoutWindows.list(clusterId, {}, options)),
    get: ({ clusterId = "", blackoutWindowId = "" }, { cloud, options }) =>
      cloud.blackoutWindows.get(clusterId, blackoutWindowId, options),
    plans: ["ADVANCED"],
    keyOf: ({ id }) => id,
    keyIn: ({ id, blackoutWindowId }) => (id === undefined ? undefined : blackoutWindowId),
    nameOf: ({ start_time }) => `blackout-${start_time.slice(0, 10)}`,
    matches: (remote, { startTime, endTime }) =>
      instantOf(remote.start_time) === instantOf(startTime) &&
      instantOf(remote.end_time) === instantOf(endTime),
    acceptsDuplicates: true,
  },

  create: ({ clusterId, startTime, endTime }, { cloud, options }) =>
    explainEnrollment(
      cloud.blackoutWindows.create(
        clusterId,
        { start_time: instantOf(startTime), end_time: instantOf(endTime) },
        options,
      ),
    ),
  lostCreate: {
    pollMs: 10_000,
    foundWarning: ({ clusterId, startTime, endTime }) =>
      `The response to creating a blackout window of cluster ${clusterId} was lost. A window from ${startTime} to ${endTime} was found afterwards and is managed here.`,
  },
  existsAdvice: "choose other times",

  update(before, { startTime, endTime }, { cloud, options }, changed) {
    const values: UpdateBlackoutWindowRequest = {
      ...(changed.includes("startTime") ? { start_time: instantOf(startTime) } : {}),
      ...(changed.includes("endTime") ? { end_time: instantOf(endTime) } : {}),
    };
    return cloud.blackoutWindows.update(before.clusterId, before.blackoutWindowId, values, options);
  },
  isUpdateReadable: true,

  async delete({ clusterId, blackoutWindowId, endTime }, { cloud, options, context }) {
    try {
      await cloud.blackoutWindows.delete(clusterId, blackoutWindowId, options);
    } catch (error) {
      const isOver = Date.parse(endTime) < context.clock.now();
      if (!BadRequestError.isInstance(error) || !isOver) throw error;
      await context.note(
        "info",
        `The service keeps the blackout window of cluster ${clusterId} that ended ${endTime}: it holds off nothing any more.`,
      );
    }
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function lengthProblem(startTime: string, endTime: string): string | undefined {
  const lengthMs = Date.parse(endTime) - Date.parse(startTime);
  if (lengthMs <= 0) return `must be after startTime, ${startTime}.`;
  if (lengthMs <= maxLengthDays * dayMs) return undefined;
  return `must be at most ${maxLengthDays} days after startTime, ${startTime}: create several windows.`;
}

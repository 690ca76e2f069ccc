/**
 * A physical replication stream from one Advanced cluster to a standby.
 *
 * Creating a stream deletes the data of the standby, and after a failover the standby is in production. So one that is over
 * stays in state as it is, and nothing but its deletion on the service makes the next update create another.
 */

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { WirePhysicalReplicationStream } from "../sdk";
import { BadRequestError, ConflictError, undefinedIfNotFound } from "../sdk";
import { waitUntil } from "./cache/polling";
import { whenReady } from "./cluster/wait";
import { dynamicResource } from "./dynamic/dynamic-resource";
import type { ClusterInRun } from "./engine/run-record";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import type { ClusterReference } from "./program/cluster-reference";
import { timeInput } from "./program/time-input";
import type { Known, ResourceDefinition, WriteCall } from "./resource/definition";
import { replacesResource } from "./resource/definition";
import { explainEnrollment } from "./resource/enrollment";
import { refuseToErase } from "./resource/erased-data";
import { mayHaveHadEffect } from "./resource/errors";
import type { CheckOutcome } from "./resource/lifecycle";
import { warning } from "./resource/lifecycle";
import { notFoundWaitMs, retryNotFound } from "./resource/not-found";
import { typeToken } from "./resource/resource-types";
import { clusterId, moment } from "./resource/schema";
import { instantOf } from "./values/instant";
import { omitUndefined } from "./values/omit-undefined";
import { valueAt } from "./values/property-value";
import { isInState } from "./values/state-values";
import { hasUnknown, isUnknown } from "./values/unknown";

/** Arguments of a physical replication stream. */
export interface PhysicalReplicationStreamArgs {
  /**
   * The cluster that is replicated, or its id: of plan ADVANCED, with `dedicated.supportsClusterVirtualization` and one region.
   * Changing it replaces this resource: the stream is canceled, and a new one deletes the data of the standby.
   */
  primaryClusterId: ClusterReference;
  /**
   * The cluster that follows it, or its id: on the same cloud, and on AWS and Azure in another region. Its data is deleted
   * when the stream is created. Changing it replaces this resource: the stream is canceled, and the data of the new standby is
   * deleted.
   */
  standbyClusterId: ClusterReference;
  /**
   * `true` fails over to the latest data that the standby has, on a stream that exists. Updated in place, once: it
   * cannot be undone.
   * @default no failover
   */
  failoverImmediately?: pulumi.Input<boolean>;
  /**
   * Fails over to the data of this moment, on a stream that exists: in RFC 3339, in the past for as long as the stream
   * retains data, or at most one hour ahead. In TypeScript also a `Date`. Updated in place, once: it cannot be undone.
   * @default no failover
   */
  failoverAt?: pulumi.Input<string | Date>;
  /**
   * Whether the stream may be created although the standby holds databases, as it does when failing back. Updated
   * in place, without a request.
   * @default false
   */
  eraseStandby?: pulumi.Input<boolean>;
}

/**
 * A stream that replicates a cluster to a standby, and fails over to it. Deleting the resource cancels a stream that is
 * replicating; one that is over stays as it is. The organization must be enrolled. API operations:
 * CreatePhysicalReplicationStream, ListPhysicalReplicationStreams, GetPhysicalReplicationStream,
 * UpdatePhysicalReplicationStream.
 */
export class PhysicalReplicationStream extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("PhysicalReplicationStream");

  /** Id of the cluster that is replicated. */
  declare readonly primaryClusterId: pulumi.Output<string>;
  /** Id of the cluster that follows it. */
  declare readonly standbyClusterId: pulumi.Output<string>;
  /** As in the arguments, once the failover has begun. */
  declare readonly failoverImmediately: pulumi.Output<boolean | undefined>;
  /** As in the arguments, once the failover has begun. */
  declare readonly failoverAt: pulumi.Output<string | undefined>;
  /** As in the arguments. */
  declare readonly eraseStandby: pulumi.Output<boolean | undefined>;
  /** `REPLICATING`, `FAILING_OVER`, `COMPLETED` after a failover, or `CANCELED`. */
  declare readonly status: pulumi.Output<string>;
  /** RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The moment whose data the standby has since the failover, RFC 3339. */
  declare readonly activatedAt: pulumi.Output<string | undefined>;
  /** RFC 3339. */
  declare readonly canceledAt: pulumi.Output<string | undefined>;

  /**
   * @param name name of the resource
   * @param args the stream
   * @param options `import: "<stream id>"` adopts an existing stream and writes nothing; `customTimeouts` bounds the waits,
   * 2 hours by default
   */
  constructor(
    name: string,
    args: PhysicalReplicationStreamArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    const inputs = args && { ...args, failoverAt: timeInput(args.failoverAt) };
    super(...registrationOf(definition, name, inputs, options));
  }

  /** An existing stream, which this program reads and does not manage. */
  static readonly get = getterOf(PhysicalReplicationStream);
  /** Whether `value` is a replication stream of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<PhysicalReplicationStream>(
    "PhysicalReplicationStream",
  );
}

const inputs = z.strictObject({
  primaryClusterId: clusterId,
  standbyClusterId: clusterId,
  failoverImmediately: z.boolean().optional(),
  failoverAt: moment.optional(),
  eraseStandby: z.boolean().optional(),
});

type Inputs = z.output<typeof inputs>;

interface State extends Inputs {
  status: string;
  createdAt: string;
  activatedAt?: string;
  canceledAt?: string;
}

const timeoutMs = 2 * 60 * 60_000;
const minPollIntervalMs = 3_000;

const definition: ResourceDefinition<Inputs, State, WirePhysicalReplicationStream> = {
  type: "PhysicalReplicationStream",
  noun: "physical replication stream",
  inputs,
  arguments: {
    primaryClusterId: replacesResource,
    standbyClusterId: replacesResource,
    failoverImmediately: {
      onChange: "update",
      changes: ["status", "activatedAt"],
      isManagedWhenAbsent: true,
      isWriteOnly: true,
      canonical: (value) => value === true,
    },
    failoverAt: {
      onChange: "update",
      changes: ["status", "activatedAt"],
      isManagedWhenAbsent: true,
      isWriteOnly: true,
      canonical: (value) => value && instantOf(value),
    },
    eraseStandby: {
      onChange: "update",
      isManagedWhenAbsent: true,
      isWriteOnly: true,
      canonical: (value) => value === true,
    },
  },
  outputs: ["status", "createdAt", "activatedAt", "canceledAt"],
  plans: ["ADVANCED"],

  idFormat: "<stream id>",
  idOf: (_inputs, remote) => remote?.id,
  describe: ({ id, primaryClusterId, standbyClusterId }) =>
    primaryClusterId === undefined
      ? `physical replication stream ${id}`
      : `the physical replication stream from cluster ${primaryClusterId} to cluster ${standbyClusterId}`,
  // After a failover the cluster is free for another stream.
  claims: ({ primaryClusterId, standbyClusterId, failoverImmediately, failoverAt }) =>
    failoverImmediately === true || failoverAt !== undefined
      ? []
      : [{ primaryClusterId }, { standbyClusterId }],

  check(olds, news, failures, adopt, primary, standby) {
    const args = news as Partial<Inputs>;
    const isNew = !isInState(olds) && adopt === undefined;
    return {
      failures: [
        ...failures,
        ...failoverProblems(args, isNew).filter(
          ({ property }) => !failures.some((failure) => failure.property === property),
        ),
        ...(isNew ? pairProblems(args, primary, standby) : []),
      ],
      notes: isNew
        ? [
            warning(
              `Creating the stream deletes all data of ${isUnknown(args.standbyClusterId) ? "the standby" : `cluster ${args.standbyClusterId}`}, which takes neither reads nor writes until a failover.`,
            ),
          ]
        : [],
    };
  },
  replacementWarning: ({ primaryClusterId, standbyClusterId, status }) =>
    status === "REPLICATING"
      ? `The stream from cluster ${primaryClusterId} to cluster ${standbyClusterId} is canceled: the one is no longer replicated to the other.`
      : undefined,
  impact({ updates }, { status, standbyClusterId }, { failoverAt }) {
    const isFailover = updates.includes("failoverImmediately") || updates.includes("failoverAt");
    if (!isFailover || status !== "REPLICATING") return [];
    const when = hasUnknown(failoverAt) || !failoverAt ? "the latest data it has" : failoverAt;
    return [
      warning(
        `This fails over to cluster ${standbyClusterId}, with ${failoverAt ? `the data of ${when}` : when}, which cannot be undone: to fail back takes a new stream the other way round.`,
      ),
    ];
  },

  sample: () => ({ status: "REPLICATING", createdAt: "2026-06-01T00:00:00Z" }),
  toState(remote, { failoverImmediately, failoverAt, eraseStandby }) {
    // Otherwise it is still to come, whatever the program says.
    const hasFailedOver = ["FAILING_OVER", "COMPLETED"].includes(remote.status);
    return {
      primaryClusterId: remote.primary_cluster_id,
      standbyClusterId: remote.standby_cluster_id,
      ...(hasFailedOver && failoverImmediately ? { failoverImmediately } : {}),
      ...(hasFailedOver && failoverAt ? { failoverAt: instantOf(failoverAt) } : {}),
      ...(eraseStandby ? { eraseStandby } : {}),
      status: remote.status,
      createdAt: remote.created_at,
      ...omitUndefined({ activatedAt: remote.activated_at, canceledAt: remote.canceled_at }),
    };
  },
  collection: {
    describe: () => "physical replication streams",
    list: (_place, { cloud, options }) =>
      cloud.physicalReplicationStreams.list({ showCompleted: true }, options),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    get: ({ id = "" }, { cloud, options }) => cloud.physicalReplicationStreams.get(id, options),
    matches: (remote, { primaryClusterId, standbyClusterId }) =>
      isLive(remote) &&
      remote.primary_cluster_id === primaryClusterId &&
      remote.standby_cluster_id === standbyClusterId,
    nameOf: ({ standby_cluster_id: standby }) => `replication-to-${standby.slice(0, 8)}`,
    // No program should begin with one that is over.
    isOwnedByService: (remote) => !isLive(remote),
  },

  create: startStream,
  lostCreate: { pollMs: 10_000 },
  isRefusedAsExisting: async (error, exists) =>
    ConflictError.isInstance(error) || (BadRequestError.isInstance(error) && (await exists())),
  existsAdvice: "cancel it first",

  update: changeStream,
  isUpdateReadable: true,
  delete: cancelStream,

  trouble: ({ status }) =>
    status === "CANCELED"
      ? {
          code: "broken",
          what: "It is CANCELED.",
          why: "The standby no longer receives data. Somebody canceled the stream, or the clusters lost their connection.",
          byHand:
            "Take the resource out of the program and update, then put it back: the new stream deletes the data of the standby.",
        }
      : undefined,

  timeoutMs,
  settlement: {
    pending(remote) {
      const { status = "STARTING" } = remote ?? {};
      if (status === "CANCELED") {
        throw new Error(
          `Physical replication stream ${remote?.id} is CANCELED, by somebody or because the clusters lost their connection: delete this resource, then create another one, which deletes the data of the standby.`,
        );
      }
      return status === "REPLICATING" || status === "COMPLETED" ? undefined : status;
    },
    awaited({ status }) {
      if (status === "FAILING_OVER") return ["status", "activatedAt"];
      return status === "STARTING" ? ["status"] : [];
    },
  },
};

/** @internal */
export const { lifecycle, provider } = dynamicResource(definition);

function isLive({ status }: WirePhysicalReplicationStream): boolean {
  return status !== "COMPLETED" && status !== "CANCELED";
}

function failoverProblems(
  { failoverImmediately, failoverAt }: Partial<Inputs>,
  isNew: boolean,
): CheckOutcome["failures"] {
  const given = Object.entries({ failoverImmediately, failoverAt }).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  if (isNew) {
    return given
      .filter(([, value]) => !isUnknown(value))
      .map(([property]) => ({
        property,
        reason: "is for a stream that exists: leave it out until the stream is created.",
      }));
  }
  const isTwofold = given.length === 2 && failoverImmediately === true;
  const reason = "must be left out beside failoverImmediately: true.";
  return isTwofold ? [{ property: "failoverAt", reason }] : [];
}

/** What the API refuses of the two clusters, as far as this run manages them. */
function pairProblems(
  { primaryClusterId, standbyClusterId }: Partial<Inputs>,
  primary: ClusterInRun | undefined,
  standby: ClusterInRun | undefined,
): CheckOutcome["failures"] {
  const sides = [
    ["primaryClusterId", primary],
    ["standbyClusterId", standby],
  ] as const;
  const failures = sides.flatMap(([property, cluster]) => {
    const reason = cluster && clusterProblem(cluster);
    return reason === undefined ? [] : [{ property, reason }];
  });
  const isKnown = primaryClusterId !== undefined && !isUnknown(primaryClusterId);
  const isSame = isKnown && primaryClusterId === standbyClusterId;
  const pair = isSame
    ? "must be another cluster than primaryClusterId."
    : primary && standby && failures.length === 0 && pairProblem(primary, standby);
  return pair ? [...failures, { property: "standbyClusterId", reason: pair }] : failures;
}

function clusterProblem(cluster: ClusterInRun): string | undefined {
  const { name, inputs, outputs, isAdopted } = cluster;
  // Another plan has a message of its own.
  if (inputs["plan"] !== "ADVANCED") return undefined;
  const path = ["dedicated", "supportsClusterVirtualization"];
  const isVirtual = valueAt(inputs, path) ?? valueAt(outputs ?? {}, path);
  const isNewCluster = outputs === undefined && !isAdopted;
  if (isVirtual === false || (isVirtual === undefined && isNewCluster)) {
    return `must be a cluster that was created with dedicated.supportsClusterVirtualization: true. Cluster "${name}" has not.`;
  }
  const regions = regionsOf(cluster);
  if (regions === undefined || regions.length === 1) return undefined;
  return `must be a cluster with one region. Cluster "${name}" has ${regions.length}.`;
}

function pairProblem(primary: ClusterInRun, standby: ClusterInRun): string | undefined {
  const [cloud, other] = [primary, standby].map(({ inputs }) => inputs["cloudProvider"]);
  if (hasUnknown([cloud, other])) return undefined;
  if (cloud !== other) {
    return `must be a cluster on ${cloud}, as cluster "${primary.name}" is. Cluster "${standby.name}" is on ${other}.`;
  }
  const [region] = regionsOf(primary) ?? [];
  if (cloud === "GCP" || region === undefined || region !== regionsOf(standby)?.[0]) {
    return undefined;
  }
  return `must be a cluster in another region than cluster "${primary.name}". Both are in ${region}.`;
}

function regionsOf({ inputs }: ClusterInRun): string[] | undefined {
  const regions = valueAt(inputs, ["dedicated", "regionNodes"]);
  if (typeof regions !== "object" || regions === null || isUnknown(regions)) return undefined;
  return Object.keys(regions);
}

async function startStream(
  { primaryClusterId, standbyClusterId, eraseStandby }: Inputs,
  { cloud, options, context, deadline }: WriteCall,
): Promise<WirePhysicalReplicationStream> {
  const call = { cloud, options, context, deadline };
  if (eraseStandby !== true) {
    const operation = `Creating a physical replication stream to cluster ${standbyClusterId}`;
    const advice =
      "The stream would delete it: choose another standby. If it may be lost, write eraseStandby: true.";
    await refuseToErase(standbyClusterId, { operation, advice }, call);
  }
  const body = { primary_cluster_id: primaryClusterId, standby_cluster_id: standbyClusterId };
  return await whenReady(standbyClusterId, context, deadline, () =>
    explainEnrollment(cloud.physicalReplicationStreams.create(body, options)),
  );
}

async function changeStream(
  { id }: Known<State>,
  after: Inputs,
  call: WriteCall,
  changed: readonly (keyof Inputs)[],
): Promise<WirePhysicalReplicationStream | undefined> {
  if (!changed.some((name) => name.startsWith("failover"))) return undefined;
  const { cloud, options, context } = call;
  const { failoverImmediately, failoverAt } = after;
  const stream = await cloud.physicalReplicationStreams.get(id, options);
  if (stream.status === "CANCELED") {
    throw new Error(
      `Failing over to cluster ${stream.standby_cluster_id} failed: physical replication stream ${id} is CANCELED, so that there is nothing to fail over to.`,
    );
  }
  const isWanted = failoverImmediately === true || failoverAt !== undefined;
  const isOver = stream.status === "COMPLETED" || stream.status === "FAILING_OVER";
  if (!isWanted || isOver) {
    const { status } = stream;
    const message = isOver
      ? `The failover to cluster ${stream.standby_cluster_id} has taken place already or is under way (${status}), and cannot be changed: nothing was sent.`
      : `No failover was under way (${status}): nothing was sent.`;
    await context.note("info", message);
    return stream;
  }
  const replicated = await waitUntilScanned(id, call);
  if (replicated.status !== "REPLICATING") return replicated;
  await context.note(
    "info",
    `The standby had the data of ${replicated.replicated_time} when the failover began, ${replicated.replication_lag_seconds ?? 0} s behind the primary.`,
  );
  return await cloud.physicalReplicationStreams.update(
    id,
    {
      status: "FAILING_OVER",
      ...(failoverAt === undefined ? {} : { failover_at: instantOf(failoverAt) }),
    },
    options,
  );
}

/** A failover is refused until the initial scan of the primary's data is done. */
async function waitUntilScanned(
  id: string,
  call: WriteCall,
): Promise<WirePhysicalReplicationStream> {
  const { cloud, options, deadline, context } = call;
  const { clock, signal, progress } = context;
  return await waitUntil<WirePhysicalReplicationStream>({
    ...{ clock, signal, deadline, startsAtOnce: true },
    minPauseMs: minPollIntervalMs,
    observe: () => cloud.physicalReplicationStreams.get(id, options),
    isDone: ({ status, replicated_time }) =>
      (status !== "STARTING" && status !== "REPLICATING") ||
      (status === "REPLICATING" && replicated_time !== undefined),
    describe: () =>
      `${signal.aborted ? "Stopped waiting" : "Timed out waiting"} for the initial scan of physical replication stream ${id}, before which no failover is possible: the scan continues in CockroachDB Cloud. Run the update again to continue.`,
    onProgress: ({ status }, waitedMs) => progress(`${status} · initial scan`, waitedMs),
  });
}

/** Cancels a stream that is replicating, and waits until it is over; both clusters are locked against deletion until then. */
async function cancelStream({ id }: Known<State>, call: WriteCall): Promise<void> {
  const { cloud, options, deadline, context } = call;
  const { clock, signal, progress } = context;
  let isCanceling = false;
  const read = async () => {
    const get = () => cloud.physicalReplicationStreams.get(id, options);
    const lasting = { clock, signal, forMs: notFoundWaitMs, deadline };
    return await undefinedIfNotFound(retryNotFound(get, lasting));
  };
  await waitUntil<WirePhysicalReplicationStream | undefined>({
    ...{ clock, signal, deadline, startsAtOnce: true },
    minPauseMs: minPollIntervalMs,
    async observe() {
      const stream = await read();
      if (stream?.status !== "REPLICATING" || isCanceling) return stream;
      try {
        const canceled = { status: "CANCELED" } as const;
        const response = await cloud.physicalReplicationStreams.update(id, canceled, options);
        isCanceling = true;
        return response;
      } catch (error) {
        if (mayHaveHadEffect(error)) return stream;
        // A run that was interrupted may have canceled it, so that it was over between the read and this.
        const latest = BadRequestError.isInstance(error) ? await read() : stream;
        if (latest?.status === "REPLICATING") throw error;
        return latest;
      }
    },
    isDone: (stream) => stream === undefined || !isLive(stream),
    describe: (stream) =>
      `${signal.aborted ? "Stopped waiting" : "Timed out waiting"} for physical replication stream ${id} to be canceled${stream === undefined ? "" : `: it was last seen ${stream.status}`}. Run the operation again to continue the wait.`,
    onProgress: (stream, waitedMs) => progress(stream?.status ?? "CANCELED", waitedMs),
  });
}

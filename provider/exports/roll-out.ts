/**
 * What the exports of a cluster have in common: the service accepts one at once and rolls it out over the nodes or regions
 * afterwards, and says how that went in a status.
 */
import {
  BadRequestError,
  CloudApiError,
  PermissionDeniedError,
  undefinedIfNotFound,
  withAdvice,
} from "../../sdk/index";
import { waitUntil } from "../cache/polling";
import { readOfCluster } from "../resource/cluster-scoped";
import type { WriteCall } from "../resource/definition";
import { mayHaveHadEffect, NotInForceError } from "../resource/errors";
import { notFoundWaitMs } from "../resource/not-found";
import type { Trouble } from "../resource/resource";
import { durationText } from "../values/duration";

/** How long a roll-out may take by default: it goes from node to node. */
export const rollOutTimeoutMs = 2 * 60 * 60_000;

/** How long a grant may take to reach every part of a cloud. */
const grantWaitMs = 10 * 60_000;
/** How long credentials may be refused after a write for the same reason. */
const credentialWaitMs = 5 * 60_000;
const minPollIntervalMs = 3_000;
const minGrantPollIntervalMs = 5_000;

/** What all exports show. */
export interface RolledOut {
  readonly status: string;
  readonly user_message: string;
}

/** An export of one cluster. */
export interface Export<Remote extends RolledOut> {
  readonly clusterId: string;
  /** As messages name it: `the log export of cluster 3f1c…`. */
  readonly object: string;
  read(call: WriteCall): Promise<Remote>;
  write(call: WriteCall): Promise<Remote>;
  /** Whether this is what the write asks for. */
  isWritten(remote: Remote): boolean;
  /** What the destination has to allow, for the message where it does not. */
  readonly grantAdvice?: string;
}

const runningStatuses = new Set(["ENABLING", "DISABLING"]);
const absentStatuses = new Set(["DISABLED", "NOT_DEPLOYED"]);

/** Whether there is nothing to manage: an export that is being deleted is somebody's deletion. */
export function isAbsent({ status }: RolledOut): boolean {
  return absentStatuses.has(status) || status === "DISABLING";
}

/** Whether the service has failed to roll it out. */
export function isFailed(status: string | undefined): boolean {
  return status !== undefined && /FAILED$|ERROR$/.test(status);
}

/** What is wrong with an export that the service has failed to roll out. */
export function troubleOf({ status, user_message }: RolledOut): Trouble | undefined {
  if (!isFailed(status)) return undefined;
  return {
    code: "operation-failed",
    what: `Its status is ${status}${user_message === "" ? "." : `: ${user_message}`}`,
    why: "Nothing is exported, or not from every node.",
    update: "sends it again, once the cause is fixed",
  };
}

/** The export; undefined where there is none. */
export async function present<Remote extends RolledOut>(
  read: Promise<Remote>,
): Promise<Remote | undefined> {
  const remote = await undefinedIfNotFound(read);
  return remote === undefined || isAbsent(remote) ? undefined : remote;
}

/** Writes the export. A lost response is read back, and grants that are too new to have reached the cloud are waited for. */
export async function setExport<Remote extends RolledOut>(
  of: Export<Remote>,
  call: WriteCall,
): Promise<Remote> {
  const { clock, signal, progress } = call.context;
  const start = clock.now();
  const attempt = async (): Promise<Remote | CloudApiError> => {
    try {
      return await of.write(call);
    } catch (error) {
      if (isMissingGrant(error)) return error;
      if (!mayHaveHadEffect(error)) throw error;
      const found = await present(of.read(call));
      if (found !== undefined && of.isWritten(found)) return found;
      return await of.write(call);
    }
  };
  const first = await attempt();
  if (!CloudApiError.isInstance(first)) return first;
  const last = await waitUntil<Remote | CloudApiError>({
    ...{ clock, signal, observe: attempt, start },
    shortestPauseMs: minGrantPollIntervalMs,
    deadline: Math.min(call.deadline, start + grantWaitMs),
    isDone: (result) => !CloudApiError.isInstance(result),
    describe: (result) =>
      withAdvice(
        CloudApiError.isInstance(result) ? result : first,
        `The destination refused the cluster for ${durationText(clock.now() - start)}. ${of.grantAdvice ?? ""}`.trim(),
      ).message,
    onProgress: (_result, waitedMs) =>
      progress("waiting for the grants to reach the destination", waitedMs),
  });
  if (CloudApiError.isInstance(last)) throw last;
  return last;
}

/** A missing grant; a key of this run that is refused is none, nor is an argument that is wrong. */
function isMissingGrant(error: unknown): error is CloudApiError {
  if (!BadRequestError.isInstance(error) && !PermissionDeniedError.isInstance(error)) return false;
  const { apiMessage } = error;
  if (/^invalid argument: invalid field/.test(apiMessage)) return false;
  return /permission|access denied|assume|credential|not authorized to/i.test(apiMessage);
}

/** Waits until the export is rolled out, and returns the state of its resource. */
export async function untilEnabled<Remote extends RolledOut, State extends object>(
  of: Export<Remote>,
  call: WriteCall,
  toState: (remote: Remote) => State,
): Promise<State> {
  const { clock, signal, progress } = call.context;
  const start = clock.now();
  const remote = await waitUntil<Remote>({
    ...{ clock, signal },
    deadline: call.deadline,
    shortestPauseMs: minPollIntervalMs,
    startsAtOnce: true,
    async observe() {
      const seen = await readOfCluster(of.clusterId, call.context, () => of.read(call), {
        forMs: notFoundWaitMs,
        deadline: call.deadline,
      });
      const isEarly = clock.now() - start < credentialWaitMs;
      return seen.status === "CREDENTIALS_ERROR" && isEarly ? await of.write(call) : seen;
    },
    isDone(seen) {
      const { status } = seen;
      if (isFailed(status)) throw new NotInForceError(failureOf(of, seen), toState(seen));
      return !runningStatuses.has(status) && !absentStatuses.has(status);
    },
    describe: (seen) =>
      `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for ${of.object} to be enabled: the service goes on.${seen === undefined ? "" : ` It was last seen ${seen.status}.`} It is in the stack's state, and the next update continues the wait.`,
    onProgress: ({ status }, waitedMs) => progress(status, waitedMs),
  });
  return toState(remote);
}

function failureOf<Remote extends RolledOut>(
  of: Export<Remote>,
  { status, user_message }: RolledOut,
): string {
  const why = user_message === "" ? "" : `: ${user_message.replace(/\.$/, "")}`;
  const advice = of.grantAdvice === undefined ? "" : ` ${of.grantAdvice}`;
  return `The service failed to roll out ${of.object}: its status is ${status}${why}.${advice} Correct the cause and run the update again, which sends it again.`;
}

/** Waits until a deleted export is no longer rolled out. */
export async function untilDisabled(
  of: Pick<Export<RolledOut>, "clusterId" | "object" | "read">,
  call: WriteCall,
): Promise<void> {
  const { clock, signal, progress, clusters } = call.context;
  await waitUntil<RolledOut | undefined>({
    ...{ clock, signal },
    deadline: call.deadline,
    shortestPauseMs: minPollIntervalMs,
    async observe() {
      const read = () => of.read(call);
      const lasting = { forMs: notFoundWaitMs, deadline: call.deadline };
      const seen = await undefinedIfNotFound(
        readOfCluster(of.clusterId, call.context, read, lasting),
      ).catch(async (error) => {
        // The exports of a deleted cluster may be refused in another way.
        if ((await clusters.get(of.clusterId, call.options)) === undefined) return undefined;
        throw error;
      });
      return seen;
    },
    isDone(seen) {
      if (seen === undefined || absentStatuses.has(seen.status)) return true;
      if (isFailed(seen.status)) {
        throw new Error(
          `The service failed to delete ${of.object}: its status is ${seen.status}${seen.user_message === "" ? "" : `: ${seen.user_message}`}. Run the operation again.`,
        );
      }
      return false;
    },
    describe: () =>
      `${signal.aborted ? "Stopped waiting" : "Gave up waiting"} for ${of.object} to be deleted: the service goes on. Run the operation again to wait for it.`,
    onProgress: (seen, waitedMs) => progress(seen?.status ?? "DISABLING", waitedMs),
  });
}

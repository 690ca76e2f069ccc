/**
 * What the exports of a cluster have in common: the service accepts one at once and rolls it out over the nodes or regions
 * afterwards, and says how that went in a status.
 */
import { durationText } from "../../sdk/http/duration-text";
import {
  BadRequestError,
  CloudApiError,
  PermissionDeniedError,
  undefinedIfNotFound,
  withAdvice,
} from "../../sdk/index";
import { waitUntil } from "../cache/polling";
import type { Known, Settlement, WriteCall } from "../resource/definition";
import { mayHaveHadEffect } from "../resource/errors";
import type { Trouble } from "../resource/resource";

/** How long a grant may take to reach every part of a cloud. */
const grantWaitMs = 10 * 60_000;
/** How long credentials may be refused after a write for the same reason. */
const credentialWaitMs = 5 * 60_000;
/** For how long an export that was written may show as if it were not. */
const absentMs = 5 * 60_000;
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
function isFailed(status: string | undefined): boolean {
  return status !== undefined && /FAILED$|ERROR$/.test(status);
}

/** What is wrong with an export that the service has failed to roll out. */
function troubleOf({ status, user_message }: RolledOut): Trouble | undefined {
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
async function setExport<Remote extends RolledOut>(
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
    minPauseMs: minGrantPollIntervalMs,
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

/**
 * How an export is written, and how that comes into force.
 * @param shown the outputs that show it
 */
export function rolledOut<
  Inputs extends { clusterId: string },
  State extends object,
  Remote extends RolledOut,
>(exportOf: (inputs: Inputs) => Export<Remote>, shown: readonly (keyof State & string)[]) {
  const of = (place: Known<State>) => exportOf(place as unknown as Inputs);
  const settlement: Settlement<State, Remote> = {
    async read({ place, waitedMs, isDeletion }, call) {
      const seen = await of(place).read(call);
      const isRefused = !isDeletion && seen.status === "CREDENTIALS_ERROR";
      return isRefused && waitedMs < credentialWaitMs ? await of(place).write(call) : seen;
    },
    pending(remote, { place, waitedMs }) {
      const status = remote?.status ?? "ENABLING";
      if (remote !== undefined && isFailed(status)) throw new Error(failureOf(of(place), remote));
      if (absentStatuses.has(status) && waitedMs >= absentMs) {
        throw new Error(
          `The service has not begun to roll out ${of(place).object}: its status is ${status}. Run the update again, which sends it again.`,
        );
      }
      return runningStatuses.has(status) || absentStatuses.has(status) ? status : undefined;
    },
    pendingDeletion(remote, { place }) {
      const { status } = remote;
      if (isFailed(status)) {
        throw new Error(
          `The service failed to delete ${of(place).object}: its status is ${because(remote)}. Run the operation again.`,
        );
      }
      return absentStatuses.has(status) ? undefined : status;
    },
    hasFailed(state) {
      const { status = "" } = state as Partial<RolledOut>;
      return isFailed(status) || absentStatuses.has(status);
    },
    awaited: (state) => ((state as Partial<RolledOut>).status === "ENABLING" ? shown : []),
  };
  return {
    create: (inputs: Inputs, call: WriteCall) => setExport(exportOf(inputs), call),
    update: (_before: State, after: Inputs, call: WriteCall) => setExport(exportOf(after), call),
    replacementWarning(place: Known<State>): string {
      const { object } = of(place);
      return `Another cluster means another export: ${object} is deleted, and that cluster exports nothing by it any more.`;
    },
    // It goes from node to node.
    timeoutMs: 2 * 60 * 60_000,
    trouble: troubleOf,
    settlement,
  };
}

function failureOf(
  { object, grantAdvice }: Pick<Export<RolledOut>, "object" | "grantAdvice">,
  remote: RolledOut,
): string {
  const advice = grantAdvice === undefined ? "" : ` ${grantAdvice}`;
  return `The service failed to roll out ${object}: its status is ${because(remote)}.${advice} Correct the cause and run the update again, which sends it again.`;
}

/** The status, with the service's words on it. */
function because({ status, user_message }: RolledOut): string {
  return user_message === "" ? status : `${status}: ${user_message.replace(/\.$/, "")}`;
}

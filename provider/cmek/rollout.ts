/**
 * Brings encryption keys into use, or gives them up, and watches the regions until that is done.
 *
 * The API responds to every change at its start, refuses a second one while the first is running, and
 * refuses keys whose permissions are too new to have reached the cloud. Nothing here is remembered
 * from an earlier run: each write follows a read of what is there.
 */
import { durationText } from "../../sdk/http/duration-text";
import type {
  CockroachCloudClient,
  RequestOptions,
  WireCmekClusterInfo,
  WireCmekRegionInfo,
} from "../../sdk/index";
import {
  ConflictError,
  KmsPermissionError,
  undefinedIfNotFound,
  withAdvice,
} from "../../sdk/index";
import { waitUntil } from "../cache/polling";
import { retryWhileBusy } from "../cluster/wait";
import { readOfCluster } from "../resource/cluster-scoped";
import { DeletedError, mayHaveHadEffect } from "../resource/errors";
import type { Context, ReadContext } from "../resource/lifecycle";
import { notFoundWaitMs } from "../resource/not-found";
import { countText } from "../values/count";
import { omitUndefined } from "../values/omit-undefined";
import type { CmekRegionSpec } from "./args";
import { dueKeys, hasKey, isFailed, isRevoked, isRunning, reasonOf, toWire } from "./wire";

const minPauseMs = 3_000;
const minPermissionPauseMs = 5_000;
/** How long a new permission may take to reach every part of a cloud. */
const permissionGraceMs = 10 * 60_000;

type CmekApi = CockroachCloudClient["cmek"];

/** What a wait waits for. */
interface RegionsWait {
  /** Regions that must be there. */
  names?: readonly string[];
  isDone(region: WireCmekRegionInfo): boolean;
  /** What to throw when regions have failed. */
  failure?(failed: readonly WireCmekRegionInfo[]): Error;
}

/** The encryption of one cluster, as one operation sees and changes it. */
export class CmekRollout {
  readonly #clusterId: string;
  readonly #context: Context;
  readonly #deadline: number;
  #latest: WireCmekClusterInfo | undefined;
  #hasBegun = false;
  #hasSent = false;

  constructor(clusterId: string, context: Context, deadline: number) {
    this.#clusterId = clusterId;
    this.#context = context;
    this.#deadline = deadline;
  }

  /** As it was seen last. */
  get latest(): WireCmekClusterInfo | undefined {
    return this.#latest;
  }

  /** The same, once something is on its way that belongs into state, whatever fails from here on. */
  get begun(): WireCmekClusterInfo | undefined {
    return this.#hasBegun ? this.#latest : undefined;
  }

  /** Whether anything was sent. */
  get hasSent(): boolean {
    return this.#hasSent;
  }

  /** Reads it now. */
  async read(forMs: number = notFoundWaitMs): Promise<WireCmekClusterInfo | undefined> {
    const info = await cmekOf(this.#clusterId, this.#context, forMs, this.#deadline);
    if (info !== undefined) this.#latest = info;
    return info;
  }

  /**
   * Enables encryption with a key for each region; where it is enabled already, finishes that unless
   * `refusal` speaks against it.
   */
  async enable(
    specs: readonly CmekRegionSpec[],
    refusal: (info: WireCmekClusterInfo | undefined) => Error | undefined,
  ): Promise<void> {
    await this.#retryWhileBusy(async () => {
      const seen = await this.read(0);
      if (seen !== undefined && refusal(seen) === undefined) this.#hasBegun = true;
      const info = await this.#whenSettled(seen);
      const refused = refusal(info);
      if (refused !== undefined) throw refused;
      if (info !== undefined) return;
      try {
        await this.#send((cmek, options) => cmek.enable(this.#clusterId, toWire(specs), options));
      } catch (error) {
        if (!ConflictError.isInstance(error)) throw error;
        throw withAdvice(
          error,
          "Something else may have changed the encryption at the same time: run the update again, which reads the encryption first.",
        );
      }
    });
    if (this.#latest === undefined || isRevoked(this.#latest)) return;
    // The response need not name the regions yet, and keys that were just sent are not due again.
    await (this.#hasSent ? this.#untilInUse(specs) : this.reconcile(specs));
  }

  /** Gives regions the keys that they should have and waits for them; sends nothing for those that have. */
  async reconcile(specs: readonly CmekRegionSpec[]): Promise<void> {
    let known = this.#latest;
    await this.#retryWhileBusy(async () => {
      const info = known ?? (await this.#whenSettled(await this.read()));
      known = undefined;
      if (info === undefined) throw this.deletedError();
      if (isRevoked(info)) throw this.#revoked();
      const due = dueKeys(info, specs);
      if (due.length === 0) return;
      await this.#send((cmek, options) => cmek.update(this.#clusterId, toWire(due), options));
    });
    await this.#untilInUse(specs);
  }

  async #untilInUse(specs: readonly CmekRegionSpec[]): Promise<void> {
    const wanted = new Map(specs.map(({ region, keySpec }) => [region, keySpec]));
    await this.#until("for the encryption keys to be in use", this.#latest, {
      names: [...wanted.keys()],
      isDone(region) {
        const keySpec = wanted.get(region.region);
        return keySpec === undefined || (region.status === "ENABLED" && hasKey(region, keySpec));
      },
      failure: (failed) => this.#failure(failed),
    });
  }

  /** Gives up access to all keys, for good, and waits for it; does nothing where there are none. */
  async revoke(): Promise<void> {
    let names: string[] = [];
    await this.#retryWhileBusy(async () => {
      const info = await this.#whenSettled(await this.read());
      if (info === undefined || isRevoked(info)) return;
      names = info.region_infos.map(({ region }) => region);
      await this.#send((cmek, options) => cmek.revoke(this.#clusterId, options));
    });
    if (this.#latest === undefined) return;
    await this.#until("for access to the encryption keys to be revoked", this.#latest, {
      names,
      isDone: ({ status }) => status === "REVOKED",
      failure: (failed) => this.#failure(failed),
    });
  }

  /** Waits while an operation is going on, whoever has started it. */
  async #whenSettled(
    info: WireCmekClusterInfo | undefined,
  ): Promise<WireCmekClusterInfo | undefined> {
    if (info === undefined) return undefined;
    return await this.#until("for the operation on the encryption keys that is going on", info, {
      isDone: ({ status }) => !isRunning(status),
    });
  }

  #options(): RequestOptions {
    return { signal: this.#context.signal, deadline: this.#deadline, whenBusy: "fail" };
  }

  async #retryWhileBusy(write: () => Promise<void>): Promise<void> {
    await retryWhileBusy(this.#clusterId, this.#context, this.#deadline, write);
  }

  /** Sends a write once the cloud lets the service use the key; after a lost response it reads what has become of it. */
  async #send(
    write: (cmek: CmekApi, options: RequestOptions) => Promise<WireCmekClusterInfo>,
  ): Promise<void> {
    const before = JSON.stringify(this.#latest);
    try {
      const { cmek } = this.#context.cloud;
      this.#latest = await this.#oncePermitted(() => write(cmek, this.#options()));
    } catch (error) {
      if (!mayHaveHadEffect(error)) throw error;
      const info = await this.read().catch(() => undefined);
      if (info === undefined || JSON.stringify(info) === before) throw error;
    }
    this.#hasBegun = true;
    this.#hasSent = true;
  }

  /** Repeats a write for some minutes while the key's permissions do not let the service in. */
  async #oncePermitted(write: () => Promise<WireCmekClusterInfo>): Promise<WireCmekClusterInfo> {
    const { clock, signal, progress } = this.#context;
    const start = clock.now();
    const attempt = async (): Promise<WireCmekClusterInfo | KmsPermissionError> => {
      try {
        return await write();
      } catch (error) {
        if (KmsPermissionError.isInstance(error)) return error;
        throw error;
      }
    };
    const first = await attempt();
    if (!KmsPermissionError.isInstance(first)) return first;
    const show = async (denial: KmsPermissionError, waitedMs: number) =>
      await progress(`waiting for the permission on the key · ${denial.apiMessage}`, waitedMs);
    await show(first, 0);
    let denial = first;
    const response = await waitUntil({
      clock,
      signal,
      deadline: Math.min(this.#deadline, start + permissionGraceMs),
      minPauseMs: minPermissionPauseMs,
      observe: attempt,
      isDone: (result) => !KmsPermissionError.isInstance(result),
      describe: () =>
        withAdvice(
          denial,
          `It was tried for ${durationText(clock.now() - start)}, because a new permission takes some minutes to take effect. Let the principal of each keySpec use its key, then run the update again.`,
        ).message,
      async onProgress(result, waitedMs) {
        if (!KmsPermissionError.isInstance(result)) return;
        denial = result;
        await show(result, waitedMs);
      },
    });
    if (KmsPermissionError.isInstance(response)) throw response;
    return response;
  }

  /** Polls until every region is done. Fails when no operation goes on any more and some have failed. */
  async #until(
    waitingFor: string,
    first: WireCmekClusterInfo | undefined,
    { names = [], isDone, failure }: RegionsWait,
  ): Promise<WireCmekClusterInfo> {
    const { clock, signal, progress } = this.#context;
    const start = clock.now();
    const isOver = (info: WireCmekClusterInfo): boolean => {
      const regions = info.region_infos;
      const isComplete = names.every((name) => regions.some(({ region }) => region === name));
      // Right after the start the regions may not be there yet.
      const isEmpty = regions.length === 0 && isRunning(info.status);
      if (regions.every(isDone) && isComplete && !isEmpty) return true;
      if (regions.some(({ status }) => isRunning(status))) return false;
      const failed = regions.filter((region) => isFailed(region.status) && !isDone(region));
      if (failed.length > 0 && failure) throw failure(failed);
      return false;
    };
    const doneText = ({ region_infos: regions }: WireCmekClusterInfo) => {
      const total = Math.max(regions.length, names.length);
      return `${regions.filter(isDone).length} of ${countText(total, "region")}`;
    };
    if (first !== undefined && isOver(first)) return first;
    const done = await waitUntil<WireCmekClusterInfo>({
      clock,
      signal,
      deadline: this.#deadline,
      minPauseMs,
      observe: async () => {
        const info = await this.read();
        if (info === undefined) throw this.deletedError();
        return info;
      },
      isDone: isOver,
      stall: {
        isIdle: (info) => ![info, ...info.region_infos].some(({ status }) => isRunning(status)),
        describe: (info, idleMs) =>
          `Timed out waiting ${waitingFor}: the service has accepted the request but does not carry it out. Nothing has been going on on cluster ${this.#clusterId} for ${durationText(idleMs)}: it is ${activity(info)}, ${doneText(info)} done. The next update sends the request again; if that fails too, ask CockroachDB Cloud support about this cluster.`,
      },
      describe: (info) => {
        const reason = signal.aborted ? "Stopped waiting" : "Timed out waiting";
        const seen =
          info === undefined ? "" : ` It was last seen ${activity(info)}, ${doneText(info)} done.`;
        return `${reason} ${waitingFor}: cluster ${this.#clusterId} continues in CockroachDB Cloud.${seen} The next update resumes the wait.`;
      },
      onProgress: async (info, waitedMs) =>
        await progress(`${activity(info)} · ${doneText(info)}`, waitedMs),
    });
    await progress(activity(done), clock.now() - start);
    return done;
  }

  #failure(failed: readonly WireCmekRegionInfo[]): Error {
    const reasons = failed.map((region) => {
      const reason = reasonOf(region).replace(/[.\s]+$/, "");
      return `region ${region.region}: ${region.status}${reason === "" ? "" : `, ${reason}`}`;
    });
    return new Error(
      `The service could not ${verbOf(failed[0]?.status)} the encryption keys of cluster ${this.#clusterId}: ${reasons.join("; ")}. It is in the stack's state: put the key and its permissions right, and the next update tries these regions again.`,
    );
  }

  /** What to throw where there is nothing to read any more. */
  deletedError(): DeletedError {
    return new DeletedError(
      `Cluster ${this.#clusterId} was deleted, or is no longer encrypted with keys of your own. Run \`pulumi refresh\`, then run the operation again.`,
    );
  }

  #revoked(): Error {
    return new Error(
      `Access to the encryption keys of cluster ${this.#clusterId} is revoked, and only the support of Cockroach Labs can restore it. Set revoked: true; when access is restored, run \`pulumi refresh\`.`,
    );
  }
}

/**
 * The encryption of a cluster; undefined when it was never enabled, or the cluster is deleted. While the
 * cluster exists, a 404 counts only when it lasts `forMs`.
 */
export async function cmekOf(
  clusterId: string,
  context: ReadContext,
  forMs: number,
  deadline?: number,
): Promise<WireCmekClusterInfo | undefined> {
  const { cloud, signal } = context;
  const options = { signal, ...omitUndefined({ deadline }) };
  const read = () => cloud.cmek.get(clusterId, options);
  const info = await undefinedIfNotFound(
    readOfCluster(clusterId, context, read, { forMs, deadline }),
  );
  return info === undefined || isNeverEnabled(info) ? undefined : info;
}

function isNeverEnabled({ status, region_infos }: WireCmekClusterInfo): boolean {
  return status === "DISABLED" && region_infos.every((region) => region.status === "DISABLED");
}

/** What is going on: `ENABLING`. The status of the cluster may lag behind its regions. */
function activity({ status, region_infos }: WireCmekClusterInfo): string {
  return region_infos.find((region) => isRunning(region.status))?.status ?? status;
}

function verbOf(status: string | undefined): string {
  if (status === "REVOKE_FAILED") return "revoke";
  return status === "ROTATE_FAILED" ? "rotate" : "enable";
}

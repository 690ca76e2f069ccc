// Fault injection: responses that fail, come late, break off or never come, and failures inside the service.

import type { LoggedRequest } from "./exchange";
import type { QueuedFailures } from "./queued-failures";

/** Returns this instead of the response of the operation, which has no effect unless `effect` says so. */
export interface StatusFault {
  status: number;
  /**
   * The gRPC code of the body.
   * @default the one that belongs to the status, for example 14 for 503
   */
  code?: number;
  /** The message of the body. @default "scripted fault" */
  message?: string;
  /**
   * The body itself: text as it is, for example HTML from a proxy, or an object as JSON; "" for none.
   * @default a body as the API's own
   */
  body?: string | object;
  /** Further headers, for example `{ "Retry-After": "1" }`. */
  headers?: Record<string, string>;
  /**
   * `after` = the operation is carried out first and its response is lost.
   * @default "none"
   */
  effect?: "none" | "after";
}

/** The response comes later. */
export interface DelayFault {
  /** Real milliseconds, whatever the clock. The effect comes at once. */
  delayMs: number;
}

/** The connection breaks without a response: before the operation had its effect, or after. */
export interface ResetFault {
  reset: "before-effect" | "after-effect";
}

/** The operation has its effect, half of the response arrives, then the connection breaks. */
export interface CutBodyFault {
  cutBody: true;
}

/** The operation has its effect, and status 200 carries something that is no JSON. */
export interface NotJsonFault {
  /** The body. `true` = an HTML page. */
  notJson: string | true;
}

/** No response until the emulator closes or the client gives up: before the effect, or after. */
export interface HangFault {
  hang: "before-effect" | "after-effect";
}

/** A fault to inject into a request. */
export type Fault = CutBodyFault | DelayFault | HangFault | NotJsonFault | ResetFault | StatusFault;

/** When a fault is injected. */
export interface FaultSchedule {
  /**
   * The first matching call that fails, counted from 1 since it was added. Calls that an earlier fault
   * takes do not count.
   * @default 1
   */
  nth?: number;
  /**
   * How many calls in a row fail; `Infinity` = all.
   * @default 1
   */
  times?: number;
  /**
   * Which calls of the operation match, for example those about one cluster.
   * @default all
   */
  when?(request: LoggedRequest): boolean;
}

/** Injects faults. Faults on one operation apply in the order in which they were added. */
export interface Faults {
  /**
   * Injects a fault into calls of an operation.
   * @param operation Operation id without `CockroachCloud_`, for example `CreateCluster`; `*` for any. The root
   * certificate of a cluster, which is no operation of the API, is `GetClusterCertificate`.
   */
  add(operation: string, fault: Fault & FaultSchedule): void;
  /** The next creations end in CREATION_FAILED. @param times default 1 */
  failNextCreation(times?: number): void;
  /**
   * The next jobs (scaling, machine or region change, plan change, upgrade, rollback) end in `*_FAILED` and
   * change nothing.
   * @param times default 1
   */
  failNextJob(times?: number): void;
  /**
   * The next delete takes time: the cluster stays LOCKED and keeps its name.
   * @param ms Milliseconds of the emulator's clock. @default for ever, until `clusters.finish`
   */
  holdNextDelete(ms?: number): void;
  /**
   * The next change of a cluster returns the new values, but GET and list show the old ones for a while.
   * @param ms Milliseconds of the emulator's clock.
   * @param times How many changes; default 1.
   */
  delayVisibility(ms: number, times?: number): void;
  /**
   * The next changes of a cluster return 200 and are never carried out.
   * @param times default 1
   */
  ignoreNextUpdate(times?: number): void;
  /**
   * The next change of the machine type ends with another one, as when the service has moved to a newer family.
   * @param type For example `m7g.2xlarge`.
   */
  moveNextMachine(type: string): void;
  /**
   * The next rotations or revocations of encryption keys return 200 and are never carried out.
   * @param times default 1
   */
  ignoreNextCmek(times?: number): void;
  /**
   * The next job on encryption keys ends in ENABLE_FAILED, ROTATE_FAILED or REVOKE_FAILED.
   * @param failure Where and why. @default the first region of the job, "the key could not be used"
   */
  failNextCmek(failure?: CmekFault): void;
  /**
   * The next requests that bring a key (enabling, rotating, adding a region) are refused, as long as the grants
   * on it have not reached the cloud: `insufficient permissions to access the KMS key`.
   * @param times How many; default 1.
   * @param status 400, 401 or 403; default 400.
   */
  denyKms(times?: number, status?: 400 | 401 | 403): void;
  /**
   * The next restore ends in FAILED.
   * @param failure The error that it shows. @default code 13, "restore failed"
   */
  failNextRestore(failure?: RestoreFault): void;
  /**
   * The next log or metric export that is set or deleted ends in ENABLE_FAILED, DISABLE_FAILED or ERROR.
   * @param failure The error that it shows. @default "the destination could not be reached"
   */
  failNextExport(failure?: ExportFault): void;
  /**
   * The next requests that set a log export or a metric export to CloudWatch are refused, as long as the grants for the
   * destination have not reached the cloud: `insufficient permissions …`.
   * @param times How many; default 1.
   * @param status 400, 401 or 403; default 403.
   */
  denyExports(times?: number, status?: 400 | 401 | 403): void;
  /** Forgets everything that has not happened yet. */
  clear(): void;
}

/** How a job on encryption keys fails. */
export interface CmekFault {
  /** @default the first region of the job */
  region?: string;
  /** Shown as the key's `user_message`. @default "the key could not be used" */
  message?: string;
  /** How many jobs. @default 1 */
  times?: number;
}

/** How a restore fails. */
export interface RestoreFault {
  /** Shown as `client_error_code`. @default 13 */
  code?: number;
  /** Shown as `client_error_message`. @default "restore failed" */
  message?: string;
  /** How many restores. @default 1 */
  times?: number;
}

/** How a log or metric export fails. */
export interface ExportFault {
  /** What setting a log export ends in. @default "ENABLE_FAILED" */
  status?: "CREDENTIALS_ERROR" | "ENABLE_FAILED";
  /** Shown as `user_message`. @default "the destination could not be reached" */
  message?: string;
  /** How many times. @default 1 */
  times?: number;
}

interface ArmedFault {
  readonly operation: string;
  readonly fault: Fault;
  readonly when: (request: LoggedRequest) => boolean;
  readonly nth: number;
  readonly times: number;
  seen: number;
  injected: number;
}

/** The faults of one emulator: what tests add, and what the server takes. @internal */
export class FaultScript implements Faults {
  readonly #scripted: QueuedFailures;
  #armed: ArmedFault[] = [];

  constructor(scripted: QueuedFailures) {
    this.#scripted = scripted;
  }

  add(operation: string, fault: Fault & FaultSchedule): void {
    const { nth = 1, times = 1, when = () => true } = fault;
    this.#armed.push({ operation, fault, when, nth, times, seen: 0, injected: 0 });
  }

  failNextCreation(times = 1): void {
    this.#scripted.failCreations(times);
  }

  failNextJob(times = 1): void {
    this.#scripted.failJobs(times);
  }

  holdNextDelete(ms = Number.POSITIVE_INFINITY): void {
    this.#scripted.holdDelete(ms);
  }

  delayVisibility(ms: number, times = 1): void {
    this.#scripted.delayVisibility(ms, times);
  }

  ignoreNextUpdate(times = 1): void {
    this.#scripted.ignoreUpdates(times);
  }

  moveNextMachine(type: string): void {
    this.#scripted.moveMachine(type);
  }

  ignoreNextCmek(times = 1): void {
    this.#scripted.ignoreKeys(times);
  }

  failNextCmek(failure: CmekFault = {}): void {
    const { region, message = "the key could not be used", times = 1 } = failure;
    this.#scripted.failCmek({ region, message }, times);
  }

  denyKms(times = 1, status: 400 | 401 | 403 = 400): void {
    this.#scripted.denyKms({ status, code: codes[status] ?? 3 }, times);
  }

  failNextRestore(failure: RestoreFault = {}): void {
    const { code = 13, message = "restore failed", times = 1 } = failure;
    this.#scripted.failRestores({ code, message }, times);
  }

  failNextExport(failure: ExportFault = {}): void {
    const { status, message = "the destination could not be reached", times = 1 } = failure;
    this.#scripted.failExports({ status, message }, times);
  }

  denyExports(times = 1, status: 400 | 401 | 403 = 403): void {
    this.#scripted.denyExports({ status, code: codes[status] ?? 3 }, times);
  }

  clear(): void {
    this.#armed = [];
    this.#scripted.clear();
  }

  /** The fault for this call, which is used up by it. */
  take(request: LoggedRequest): Fault | undefined {
    for (const armed of this.#armed) {
      const isMeant = armed.operation === request.operation || armed.operation === "*";
      if (!isMeant || !armed.when(request)) {
        continue;
      }
      armed.seen += 1;
      if (armed.seen >= armed.nth && armed.injected < armed.times) {
        armed.injected += 1;
        this.#armed = this.#armed.filter((other) => other.injected < other.times);
        return armed.fault;
      }
    }
    return undefined;
  }
}

/** A fault in words, for the request log. */
export function describeFault(fault: Fault): string {
  if ("status" in fault) {
    return `status ${fault.status}${fault.effect === "after" ? " after the effect" : ""}`;
  }
  if ("delayMs" in fault) {
    return `delayed by ${fault.delayMs} ms`;
  }
  if ("reset" in fault) {
    return `reset ${fault.reset === "before-effect" ? "before" : "after"} the effect`;
  }
  if ("hang" in fault) {
    return `hangs ${fault.hang === "before-effect" ? "before" : "after"} the effect`;
  }
  return "cutBody" in fault ? "body cut" : "not JSON";
}

const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  429: 8,
  499: 1,
  500: 13,
  501: 12,
  503: 14,
  504: 4,
};

/** The body and headers of a scripted response. */
export function scriptedReply(fault: StatusFault): {
  text: string;
  headers: Record<string, string>;
} {
  const body = fault.body ?? {
    code: fault.code ?? codes[fault.status] ?? 2,
    message: fault.message ?? "scripted fault",
    details: [],
  };
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  const type =
    typeof body === "object"
      ? "application/json"
      : text.trimStart().startsWith("<")
        ? "text/html"
        : "text/plain";
  return {
    text,
    headers: { ...(text === "" ? {} : { "content-type": type }), ...fault.headers },
  };
}

import assert from "node:assert/strict";
import type { RequestOptions } from "../../sdk";
import { AbortedError, BusyError, CloudApiError, RequestError, TimeoutError } from "../../sdk";
import { apiFailure } from "../../sdk/http/api-errors";
import type { FailedCall } from "../../sdk/http/error-context";
import type { Attempt } from "../../sdk/http/retry";
import { withRetries } from "../../sdk/http/retry";
import {
  abortedFailure,
  connectionFailure,
  neverSentFailure,
  timeoutFailure,
} from "../../sdk/http/transport-errors";
import { manualClock } from "../support/clock";

const methods = ["GET", "PUT", "DELETE", "PATCH", "POST"] as const;

const call = (method: string): FailedCall => ({
  method,
  path: "/api/v1/clusters/c",
  operation: "Updating cluster c",
  object: "cluster c",
  permission: "any role",
  credential: "API key",
  redact: (text) => text,
});

const response = (status: number, message: string, headers: Record<string, string> = {}) => ({
  status,
  statusText: "",
  body: JSON.stringify({ code: 1, message }),
  header: (name: string) => headers[name] ?? null,
});

const lost = (wasSent: boolean) => ({ target: "https://host", wasSent });
const coded = (code: string) => Object.assign(new Error(code), { code });

const everyMethod = [true, true, true, true, true];
const onlySafe = [true, true, true, false, false];
const noMethod = [false, false, false, false, false];

const failures: [string, (failed: FailedCall) => RequestError, boolean[]][] = [
  [
    "a refused connection",
    (c) => connectionFailure(c, lost(false), coded("ECONNREFUSED")),
    everyMethod,
  ],
  [
    "a refused connection on this computer, where nothing has responded yet",
    (c) =>
      connectionFailure(c, { ...lost(false), isUnreachedLoopback: true }, coded("ECONNREFUSED")),
    noMethod,
  ],
  ["an unknown host", (c) => connectionFailure(c, lost(false), coded("ENOTFOUND")), everyMethod],
  ["a connection that never came about", (c) => timeoutFailure(c, lost(false), 1), everyMethod],
  [
    "a bad certificate",
    (c) => connectionFailure(c, lost(false), coded("CERT_HAS_EXPIRED")),
    noMethod,
  ],
  ["a reset after sending", (c) => connectionFailure(c, lost(true), coded("ECONNRESET")), onlySafe],
  ["a time-out after sending", (c) => timeoutFailure(c, lost(true), 1), onlySafe],
  ["429", (c) => apiFailure(c, response(429, "slow"), 0), everyMethod],
  ["a busy cluster", (c) => apiFailure(c, response(503, "cluster is locked"), 0), everyMethod],
  ["408", (c) => apiFailure(c, response(408, "late"), 0), onlySafe],
  ["500", (c) => apiFailure(c, response(500, "internal"), 0), onlySafe],
  ["503 for another reason", (c) => apiFailure(c, response(503, "unavailable"), 0), onlySafe],
  ["400", (c) => apiFailure(c, response(400, "bad"), 0), noMethod],
  ["401", (c) => apiFailure(c, response(401, "bad"), 0), noMethod],
  ["403", (c) => apiFailure(c, response(403, "bad"), 0), noMethod],
  ["404", (c) => apiFailure(c, response(404, "bad"), 0), noMethod],
  ["409", (c) => apiFailure(c, response(409, "bad"), 0), noMethod],
  ["501", (c) => apiFailure(c, response(501, "bad"), 0), noMethod],
  ["cancelling", (c) => abortedFailure(c, new Error("stop"), lost(true)), noMethod],
];

interface Course {
  tries: number;
  error: unknown;
  pauses: number[];
  elapsedMs: number;
  value: string | undefined;
}

async function course(
  attempt: (which: Attempt, clock: ReturnType<typeof manualClock>) => Promise<string>,
  options: RequestOptions & { transientRetryMs?: number; throttleRetryMs?: number } = {},
): Promise<Course> {
  const startedAt = 1_000;
  const clock = manualClock(startedAt);
  let tries = 0;
  const pauses: number[] = [];
  const context = {
    transientRetryMs: 120_000,
    throttleRetryMs: 600_000,
    onWait: ({ ms }: { ms: number }) => pauses.push(ms),
    ...options,
    ...(options.deadline !== undefined && { deadline: startedAt + options.deadline }),
    clock,
    random: () => 1,
  };
  const work = withRetries(context, (which) => {
    tries += 1;
    which.onStart();
    return attempt(which, clock);
  });
  const outcome = await clock.run(
    work.then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    ),
  );
  return { ...outcome, tries, pauses, elapsedMs: clock.now() - startedAt };
}

describe("Repeating a request", () => {
  for (const [title, make, repeats] of failures) {
    for (const [index, method] of methods.entries()) {
      it(`${repeats[index] ? "repeats" : "does not repeat"} ${method} after ${title}`, async () => {
        const { tries } = await course(({ number }) => {
          if (number === 1) throw make(call(method));
          return Promise.resolve("done");
        });
        assert.equal(tries, repeats[index] ? 2 : 1);
      });
    }
  }

  it("leaves a busy cluster to the caller who wants it, and nothing else", async () => {
    const failing = (status: number, message: string) =>
      course(
        ({ number }) => {
          if (number === 1) throw apiFailure(call("PUT"), response(status, message), 0);
          return Promise.resolve("done");
        },
        { whenBusy: "fail" },
      );
    const busy = await failing(503, "cluster is locked");
    assert.ok(BusyError.isInstance(busy.error));
    assert.deepEqual([busy.tries, busy.pauses, busy.elapsedMs], [1, [], 0]);
    assert.equal((await failing(503, "unavailable")).tries, 2);
    assert.equal((await failing(429, "rate limit exceeded")).tries, 2);
  });

  it("does not repeat what is no failed request", async () => {
    const thrown = new Error("a mistake of ours");
    const { tries, error } = await course(() => Promise.reject(thrown));
    assert.equal(tries, 1);
    assert.equal(error, thrown);
  });

  it("gives up on accidents after two minutes and says how often and how long it tried", async () => {
    const { error, elapsedMs, tries } = await course(() => {
      throw apiFailure(call("GET"), response(500, "internal"), 0);
    });
    assert.ok(CloudApiError.isInstance(error));
    assert.equal(elapsedMs, 120_000);
    assert.match(error.message, new RegExp(`; gave up after ${tries} attempts in 2 min\\.`));
    assert.equal(error.tries, tries);
  });

  it("gives up on throttling after ten minutes", async () => {
    const { error, elapsedMs } = await course(() => {
      throw apiFailure(call("POST"), response(429, "slow"), 0);
    });
    assert.equal(elapsedMs, 600_000);
    assert.match(String(error), /attempts in 10 min/);
  });

  it("counts the time of slow tries", async () => {
    const { elapsedMs, tries } = await course(async (_, clock) => {
      await clock.sleep(50_000);
      throw timeoutFailure(call("GET"), lost(true), 50_000);
    });
    assert.equal(tries, 3);
    assert.ok(elapsedMs > 120_000 && elapsedMs < 160_000);
  });

  it("does not count the time in the queue", async () => {
    const { tries } = await course(async ({ number, onStart }, clock) => {
      await clock.sleep(500_000);
      onStart();
      if (number < 5) throw apiFailure(call("GET"), response(500, "internal"), 0);
      return "done";
    });
    assert.equal(tries, 5);
  });

  it("keeps the patience for throttling apart from the one for accidents", async () => {
    const { value } = await course(({ number }) => {
      if (number < 40) throw apiFailure(call("GET"), response(429, "slow"), 0);
      if (number < 43) throw apiFailure(call("GET"), response(500, "internal"), 0);
      return Promise.resolve("done");
    });
    assert.equal(value, "done");
  });

  it("waits as long as Retry-After says", async () => {
    const { pauses } = await course(({ number }) => {
      if (number === 1)
        throw apiFailure(call("POST"), response(429, "", { "retry-after": "7" }), 0);
      return Promise.resolve("done");
    });
    assert.deepEqual(pauses, [7_000]);
  });

  it("gives up at once when Retry-After is longer than its patience", async () => {
    const { tries, elapsedMs } = await course(() => {
      throw apiFailure(call("POST"), response(429, "", { "retry-after": "601" }), 0);
    });
    assert.equal(tries, 1);
    assert.equal(elapsedMs, 0);
  });

  it("doubles its pauses, and starts no try at or after the deadline", async () => {
    const { pauses, elapsedMs, error } = await course(
      () => {
        throw apiFailure(call("GET"), response(500, "internal"), 0);
      },
      { deadline: 7_500 },
    );
    assert.deepEqual(pauses, [500, 1_000, 2_000]);
    assert.equal(elapsedMs, 3_500);
    assert.ok(CloudApiError.isInstance(error));
  });

  it("says so when it gave up after the second try", async () => {
    const { error, tries } = await course(
      () => {
        throw apiFailure(call("GET"), response(500, "internal"), 0);
      },
      { deadline: 1_000 },
    );
    assert.equal(tries, 2);
    assert.match(String(error), /gave up after 2 attempts in 500 ms/);
  });

  it("passes on what breaks a pause, when nobody cancelled", async () => {
    const broken = new Error("no timers");
    const work = withRetries(
      {
        transientRetryMs: 1_000,
        throttleRetryMs: 1_000,
        clock: { now: () => 0, sleep: () => Promise.reject(broken) },
        random: () => 1,
      },
      () => {
        throw apiFailure(call("GET"), response(500, "internal"), 0);
      },
    );
    await assert.rejects(work, broken);
  });

  it("reports the last real failure when the time is up in the queue", async () => {
    const { error } = await course(({ number }) => {
      if (number === 1) throw apiFailure(call("GET"), response(500, "internal"), 0);
      throw neverSentFailure(call("GET"));
    });
    assert.ok(CloudApiError.isInstance(error));
    assert.equal(error.tries, 1);
  });

  it("reports that it was never sent when that is all that happened", async () => {
    const { error } = await course(() => {
      throw neverSentFailure(call("POST"));
    });
    assert.ok(TimeoutError.isInstance(error));
    assert.equal(error.effect, "none");
    assert.equal(error.tries, 0);
  });

  it("says that it may have had an effect when any of its tries may", async () => {
    const { error } = await course(
      ({ number }) => {
        if (number === 1) throw timeoutFailure(call("PUT"), lost(true), 1);
        throw connectionFailure(call("PUT"), lost(false), coded("ECONNREFUSED"));
      },
      { transientRetryMs: 2_000 },
    );
    assert.ok(RequestError.isInstance(error));
    assert.equal(error.effect, "unknown");
    assert.match(error.message, /may have taken effect/);
  });

  it("reports each try what the earlier ones may have done", async () => {
    const seen: string[] = [];
    await course(({ number, effectSoFar }) => {
      seen.push(effectSoFar);
      if (number === 1) throw connectionFailure(call("DELETE"), lost(false), coded("ECONNREFUSED"));
      if (number === 2) throw timeoutFailure(call("DELETE"), lost(true), 1);
      return Promise.resolve("done");
    });
    assert.deepEqual(seen, ["none", "none", "unknown"]);
  });

  it("ends a pause at once when the caller cancels", async () => {
    const controller = new AbortController();
    const { error, elapsedMs } = await course(
      () => {
        if (controller.signal.aborted) throw abortedFailure(call("PUT"), undefined, undefined);
        throw timeoutFailure(call("PUT"), lost(true), 1);
      },
      { signal: controller.signal, onWait: () => setImmediate(() => controller.abort()) },
    );
    assert.ok(AbortedError.isInstance(error));
    assert.equal(error.effect, "unknown");
    assert.ok(elapsedMs <= 500);
  });
});

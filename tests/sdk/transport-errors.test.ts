import assert from "node:assert/strict";
import type { FailedCall } from "../../sdk/http/error-context";
import {
  abortedFailure,
  connectionFailure,
  neverSentFailure,
  timeoutFailure,
  unexpectedFailure,
} from "../../sdk/http/transport-errors";

const call = (method = "GET"): FailedCall => ({
  method,
  path: "/api/v1/clusters/c",
  operation: "Reading cluster c",
  object: "cluster c",
  permission: "any role",
  credential: "API key",
  redact: (text) => text.replaceAll("KEY", "[redacted]"),
});

const neverSent = { target: "https://host", wasSent: false };
const sent = { target: "https://host", wasSent: true };
const thrown = (message: string, more: object = {}) => Object.assign(new Error(message), more);

const unreachable = "Check the network, the server's address, and HTTPS_PROXY and NO_PROXY";

describe("A connection that failed", () => {
  const refused = thrown("connect ECONNREFUSED 10.0.0.1:443", { code: "ECONNREFUSED" });
  const causes: [title: string, cause: unknown, text: string][] = [
    ["names its code once", refused, "connect ECONNREFUSED 10.0.0.1:443"],
    [
      "names a code that its text leaves out",
      thrown("socket hang up", { code: "ECONNRESET" }),
      "socket hang up (ECONNRESET)",
    ],
    ["takes a code only as text", thrown("broken", { code: 7 }), "broken"],
    [
      "leaves out what node-fetch says before the reason",
      thrown("request to https://host/x failed, reason: connect ETIMEDOUT", { code: "ETIMEDOUT" }),
      "connect ETIMEDOUT",
    ],
    [
      "leaves out no more than the beginning",
      thrown("the request to https://host/x failed, reason: none"),
      "the request to https://host/x failed, reason: none",
    ],
    [
      "names what the system did when there is no reason",
      thrown("request to https://host/x failed, reason: ", {
        code: "ENOTFOUND",
        erroredSysCall: "getaddrinfo",
      }),
      "getaddrinfo (ENOTFOUND)",
    ],
    ["has something to say of an empty message", thrown(""), "the request failed"],
    [
      "has something to say of a system call without a name",
      thrown("", { erroredSysCall: 7 }),
      "the request failed",
    ],
    [
      "reports the first of several addresses",
      thrown("", { errors: [refused, thrown("another")] }),
      "connect ECONNREFUSED 10.0.0.1:443",
    ],
    ["reports itself without addresses", thrown("no address", { errors: [] }), "no address"],
    ["reports anything thrown", "broken pipe", "broken pipe"],
    ["reports anything thrown", undefined, "undefined"],
  ];
  for (const [title, cause, text] of causes) {
    it(`${title}: ${text}`, () => {
      const error = connectionFailure(call(), neverSent, cause);
      assert.equal(
        error.message,
        `Reading cluster c failed: no connection to https://host: ${text}. ${unreachable} if you are behind a proxy.`,
      );
    });
  }

  it("after sending advises nothing but to read first", () => {
    const error = connectionFailure(call("POST"), sent, thrown("socket hang up"));
    assert.equal(
      error.message,
      "Reading cluster c failed: the connection to https://host broke before the response was complete: socket hang up. It may have taken effect: check before you repeat it.",
    );
  });

  it("keeps its cause, without secrets", () => {
    const { cause } = connectionFailure(call(), sent, thrown("KEY was here"));
    assert.ok(cause instanceof Error);
    assert.equal(cause.message, "[redacted] was here");
    assert.equal("cause" in connectionFailure(call(), sent, undefined), false);
  });
});

describe("A request without a response", () => {
  it("says how long it waited, for a connection or for the response", () => {
    assert.equal(
      timeoutFailure(call(), neverSent, 30_000).message,
      "Reading cluster c failed: no connection to https://host within 30 s. Check the network, then try again.",
    );
    assert.equal(
      timeoutFailure(call(), sent, 30_000).message,
      "Reading cluster c failed: no response from https://host within 30 s. Check the network, then try again.",
    );
  });

  it("that was never sent counts as no try and had no effect", () => {
    const error = neverSentFailure(call("POST"));
    assert.equal(
      error.message,
      "Reading cluster c failed: its time was up before the request could be sent. Allow more time, or run fewer requests at once.",
    );
    assert.deepEqual([error.effect, error.tries], ["none", 0]);
  });

  it("that was cancelled counts as a try from when it began", () => {
    const queued = abortedFailure(call("POST"), new Error("Ctrl-C"), undefined);
    assert.equal(queued.message, "Reading cluster c failed: it was cancelled.");
    assert.deepEqual([queued.effect, queued.tries], ["none", 0]);
    const begun = abortedFailure(call("POST"), new Error("Ctrl-C"), neverSent);
    assert.deepEqual([begun.effect, begun.tries], ["none", 1]);
    const underWay = abortedFailure(call("POST"), undefined, sent);
    assert.deepEqual([underWay.effect, underWay.tries], ["unknown", 1]);
    assert.match(String(begun.cause), /Ctrl-C/);
    assert.equal("cause" in underWay, false);
  });
});

describe("A success that is not what the API promises", () => {
  const responded = (requestId: string | null) => ({
    status: 200,
    header: (name: string) => (name === "cc-trace-id" ? requestId : null),
  });

  it("says what was responded, with the request id and where to look", () => {
    assert.equal(
      unexpectedFailure(call(), responded("t-KEY"), "an empty body").message,
      "Reading cluster c failed: the API responded 200 with an empty body (request id t-[redacted]). Check the server's address and what lies between here and there.",
    );
    assert.doesNotMatch(
      unexpectedFailure(call(), responded(null), "an empty body").message,
      /request id/,
    );
  });

  it("is repeated when it may pass and a repeat does no harm", () => {
    const accident = { isTransient: true };
    const repeats = (method: string, options?: { isTransient: boolean }) =>
      unexpectedFailure(call(method), responded(null), "nothing", options).isRetryable;
    assert.equal(repeats("GET", accident), true);
    assert.equal(repeats("POST", accident), false);
    assert.equal(repeats("GET"), false);
  });
});

import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { ErrorFacts } from "../../sdk";
import {
  AbortedError,
  AuthenticationError,
  BadRequestError,
  BusyError,
  CloudApiError,
  CockroachCloudClient,
  ConflictError,
  ConnectionError,
  isNotFound,
  KmsPermissionError,
  NotFoundError,
  PermissionDeniedError,
  parseDuration,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
  undefinedIfNotFound,
  withAdvice,
} from "../../sdk";
import { durationText } from "../../sdk/http/duration-text";
import { redactedCause } from "../../sdk/http/redaction";

const facts: ErrorFacts & { status: number } = {
  method: "GET",
  path: "/api/v1/clusters/c",
  operation: "Reading cluster c",
  object: "cluster c",
  reason: "404 not found",
  advice: "Check the id.",
  effect: "none",
  isRetryable: false,
  status: 404,
  apiMessage: "not found",
};

describe("Errors", () => {
  it("are instances of their class and of its parents", () => {
    const error = new NotFoundError(facts);
    for (const parent of [NotFoundError, CloudApiError, RequestError]) {
      assert.ok(parent.isInstance(error));
      assert.ok(error instanceof parent);
    }
    assert.equal(ServerError.isInstance(error), false);
    assert.equal(error.name, "NotFoundError");
  });

  it("carry their sentence and no stack, which would show the client's inside", () => {
    const cause = redactedCause(new Error("reset"), (text) => text) as Error;
    const error = new NotFoundError({ ...facts, cause });
    for (const one of [error, error.cause as Error, withAdvice(error, "Wait.")]) {
      assert.equal(one.stack, "");
      assert.doesNotMatch(inspect(one), /\n\s+at /);
    }
  });

  it("are created without a text of their frames, which takes long where there are source maps", () => {
    const { prepareStackTrace } = Error;
    let formatted = 0;
    Error.prepareStackTrace = () => {
      formatted += 1;
      return "";
    };
    try {
      new NotFoundError(facts);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
    assert.equal(formatted, 0);
  });

  it("of arguments carry no stack either", () => {
    for (const work of [
      () => parseDuration("48h"),
      () => new CockroachCloudClient({ apiKey: "" }),
      () => new CockroachCloudClient({ apiKey: "k", serverUrl: "nowhere" }),
    ])
      assert.throws(work, { stack: "" });
  });

  for (const errorClass of [
    AbortedError,
    AuthenticationError,
    BadRequestError,
    BusyError,
    CloudApiError,
    ConflictError,
    ConnectionError,
    KmsPermissionError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestError,
    ServerError,
    TimeoutError,
    UnexpectedResponseError,
  ]) {
    it(`carry the name ${errorClass.name} and its mark, by which every release knows them`, () => {
      const error = new errorClass(facts);
      assert.equal(error.name, errorClass.name);
      assert.ok(Symbol.for(`pulumi-cockroachdb-cloud/${errorClass.name}`) in error);
    });
  }

  it("are recognised across copies of the package", () => {
    const path = require.resolve("../../sdk/http/errors");
    const cached = require.cache[path];
    delete require.cache[path];
    const copy = require("../../sdk/http/errors") as typeof import("../../sdk/http/errors");
    if (cached !== undefined) require.cache[path] = cached;
    const foreign = new copy.NotFoundError(facts);
    assert.equal(foreign instanceof NotFoundError, false);
    assert.ok(isNotFound(foreign));
    assert.ok(CloudApiError.isInstance(foreign));
    assert.equal(ConnectionError.isInstance(foreign), false);
    assert.equal(withAdvice(foreign, "Look in the list."), foreign);
  });

  it("are not what else is thrown", () => {
    for (const value of [undefined, null, "404", 404, {}, new Error("404")]) {
      assert.equal(RequestError.isInstance(value), false);
    }
  });

  it("keep a bad body apart from a failure that the API reports", () => {
    const error = new UnexpectedResponseError(facts);
    assert.ok(RequestError.isInstance(error));
    assert.equal(CloudApiError.isInstance(error), false);
  });

  it("take another advice and keep the rest", () => {
    const error = withAdvice(new ServerError({ ...facts, effect: "unknown" }), "Look in the list.");
    assert.ok(ServerError.isInstance(error));
    assert.equal(error.message, "Reading cluster c failed: 404 not found. Look in the list.");
    assert.equal(error.status, 404);
    assert.equal(error.effect, "unknown");
  });

  it("have no message of the API where it gave none", () => {
    const { apiMessage: _, ...silent } = facts;
    assert.equal(new ServerError(silent).apiMessage, "");
  });

  it("report their tries when there were several, after a reason without its full stop", () => {
    const message = (more: Partial<ErrorFacts>) =>
      new RequestError({ ...facts, reason: "500 try again. ..", ...more }).message;
    const once = "Reading cluster c failed: 500 try again. Check the id.";
    assert.equal(message({}), once);
    assert.equal(message({ tries: 1, elapsedMs: 400 }), once);
    assert.equal(
      message({ tries: 2, elapsedMs: 400 }),
      "Reading cluster c failed: 500 try again; gave up after 2 attempts in 400 ms. Check the id.",
    );
  });

  it("turn into undefined when the object is deleted, and only then", async () => {
    assert.equal(await undefinedIfNotFound(Promise.reject(new NotFoundError(facts))), undefined);
    assert.equal(await undefinedIfNotFound(Promise.resolve(1)), 1);
    const other = new ServerError(facts);
    await assert.rejects(undefinedIfNotFound(Promise.reject(other)), other);
  });

  for (const [ms, text] of [
    [0, "0 s"],
    [400, "400 ms"],
    [1_000, "1 s"],
    [12_400, "12 s"],
    [99_400, "99 s"],
    [100_000, "2 min"],
    [240_000, "4 min"],
    [4_200_000, "70 min"],
    [5_940_000, "99 min"],
    [6_000_000, "1 h 40 min"],
    [7_200_000, "2 h"],
  ] as const) {
    it(`say ${ms} ms as "${text}"`, () => {
      assert.equal(durationText(ms), text);
    });
  }
});

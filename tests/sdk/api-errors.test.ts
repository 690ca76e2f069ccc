import assert from "node:assert/strict";
import type { Effect } from "../../sdk";
import { apiFailure } from "../../sdk/http/api-errors";
import type { FailedCall } from "../../sdk/http/error-context";

const call = (method: string, object = 'cluster "orders"'): FailedCall => ({
  method,
  path: "/api/v1/clusters",
  operation: `Creating ${object}`,
  object,
  permission: "the role Cluster Admin on the cluster",
  credential: "API key",
  redact: (text) => text.replaceAll("KEY", "[redacted]"),
});

const responded = (status: number, body: string, headers: Record<string, string> = {}) => ({
  status,
  statusText: "Status Text",
  body,
  header: (name: string) => headers[name] ?? null,
});

const says = (message: string, code = 0) => JSON.stringify({ code, message, details: [] });

describe("A failure status", () => {
  // Class, whether POST may have had an effect, whether GET and POST are repeated.
  const cases: [
    string,
    number,
    string,
    Record<string, string>,
    string,
    Effect,
    boolean,
    boolean,
  ][] = [
    ["bad field", 400, says("invalid argument: x"), {}, "BadRequestError", "none", false, false],
    ["lock in 400", 400, says("couldn't lock cluster"), {}, "BusyError", "none", true, true],
    ["lock in 409", 409, says("cluster lock is held"), {}, "BusyError", "none", true, true],
    ["lock in 503", 503, says("cannot delete locked cluster"), {}, "BusyError", "none", true, true],
    ["busy in 503", 503, says("the cluster is busy"), {}, "BusyError", "none", true, true],
    ["no key", 401, says("unauthenticated"), {}, "AuthenticationError", "none", false, false],
    ["no role", 403, says("unauthorized"), {}, "PermissionDeniedError", "none", false, false],
    ["no cluster", 404, says("not found"), {}, "NotFoundError", "none", false, false],
    ["404 of a gateway", 404, "<html>", {}, "CloudApiError", "none", false, false],
    ["404 without a code", 404, '{"message":"x"}', {}, "CloudApiError", "none", false, false],
    ["exists", 409, says("already exists"), {}, "ConflictError", "none", false, false],
    ["429", 429, says("slow down"), {}, "RateLimitError", "none", true, true],
    ["429 of a gateway", 429, "<html>", {}, "RateLimitError", "none", true, true],
    ["throttled 400", 400, says("rate limit exceeded"), {}, "RateLimitError", "none", true, true],
    [
      "403 with a delay",
      403,
      says("no"),
      { "retry-after": "1" },
      "RateLimitError",
      "none",
      true,
      true,
    ],
    [
      "503 with a delay",
      503,
      says("no"),
      { "retry-after": "1" },
      "RateLimitError",
      "none",
      true,
      true,
    ],
    [
      "busy with a delay",
      503,
      says("locked"),
      { "retry-after": "1" },
      "BusyError",
      "none",
      true,
      true,
    ],
    [
      "foreign 503 page",
      503,
      "<html>",
      { "retry-after": "1" },
      "ServerError",
      "unknown",
      true,
      false,
    ],
    ["foreign lock page", 503, "locked", {}, "ServerError", "unknown", true, false],
    ["503 of the API", 503, says("unavailable"), {}, "ServerError", "unknown", true, false],
    ["request time-out", 408, says(""), {}, "CloudApiError", "unknown", true, false],
    ["499", 499, says("cancelled"), {}, "CloudApiError", "unknown", false, false],
    ["500", 500, says("internal"), {}, "ServerError", "unknown", true, false],
    ["501", 501, says("unimplemented"), {}, "ServerError", "none", false, false],
    ["foreign 501", 501, "", {}, "ServerError", "unknown", false, false],
    ["502", 502, "<html>Bad Gateway</html>", {}, "ServerError", "unknown", true, false],
    ["504", 504, "", {}, "ServerError", "unknown", true, false],
    ["418", 418, says("teapot"), {}, "CloudApiError", "none", false, false],
    ["limit in 500", 500, says("rate limit exceeded"), {}, "ServerError", "unknown", true, false],
    [
      "500 with a delay",
      500,
      says("internal"),
      { "retry-after": "1" },
      "ServerError",
      "unknown",
      true,
      false,
    ],
    [
      "499 with a delay",
      499,
      says("no"),
      { "retry-after": "1" },
      "RateLimitError",
      "none",
      true,
      true,
    ],
    [
      "foreign 403 with a delay",
      403,
      "<html>",
      { "retry-after": "1" },
      "RateLimitError",
      "none",
      true,
      true,
    ],
  ];
  for (const [title, status, body, headers, name, effect, getRepeats, postRepeats] of cases) {
    it(`${title} (${status}) makes a ${name} with effect ${effect}`, () => {
      const post = apiFailure(call("POST"), responded(status, body, headers), 0);
      const get = apiFailure(call("GET"), responded(status, body, headers), 0);
      assert.equal(post.name, name);
      assert.equal(post.effect, effect);
      assert.equal(post.isRetryable, postRepeats);
      assert.equal(get.effect, "none");
      assert.equal(get.isRetryable, getRepeats);
    });
  }

  for (const method of ["PUT", "DELETE"]) {
    it(`repeats ${method} on 500, and says that it may have had an effect`, () => {
      const error = apiFailure(call(method), responded(500, says("internal")), 0);
      assert.equal(error.isRetryable, true);
      assert.equal(error.effect, "unknown");
    });
  }

  const notLocks: [number, string, string?][] = [
    [409, 'cluster "lock-service" already exists'],
    [409, "cluster 'lock' already exists"],
    [400, "invalid argument: name lock is taken", 'cluster "lock"'],
    [400, "blackout windows are supported for advanced clusters only"],
    [400, "this operation is blocked"],
    [400, "unlocked"],
    [404, "no lock"],
    [409, "another upgrade is in progress"],
    [400, "'lock' is no name"],
    [400, "there is no label `locked`"],
  ];
  for (const [status, message, object] of notLocks) {
    it(`does not take "${message}" (${status}) for a lock`, () => {
      const error = apiFailure(call("POST", object), responded(status, says(message)), 0);
      assert.notEqual(error.name, "BusyError");
    });
  }

  it("finds a lock also where the object has no name", () => {
    const error = apiFailure(call("POST", 'cluster ""'), responded(400, says("locked")), 0);
    assert.equal(error.name, "BusyError");
  });

  const keyMessages: [number, string][] = [
    [400, "invalid argument: insufficient permissions to access the KMS key"],
    [401, "the service account is not authorized to use the KMS key"],
    [403, "User: arn:aws:sts::1:x is not authorized to perform: kms:Encrypt on resource: k"],
    [403, "Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource 'projects/p'"],
    [400, "could not assume role: AccessDenied for AWS_KMS"],
    [400, "caller is not authorized on the key vault"],
    [403, "Unable to AssumeRole arn:aws:iam::1:role/r"],
  ];
  for (const [status, message] of keyMessages) {
    it(`takes "${message}" (${status}) for a refusal of the key`, () => {
      const cmek = { ...call("POST"), path: "/api/v1/clusters/c1/cmek" };
      const error = apiFailure(cmek, responded(status, says(message)), 0);
      assert.equal(error.name, "KmsPermissionError");
      assert.equal(error.effect, "none");
      assert.equal(error.isRetryable, false);
      assert.equal(error.status, status);
      assert.match(error.message, /takes some minutes to take effect/);
    });
  }

  it("knows a refused key also when a region is added to an encrypted cluster", () => {
    const message = "invalid argument: insufficient permissions to access the KMS key";
    const error = apiFailure(call("PATCH"), responded(400, says(message)), 0);
    assert.equal(error.name, "KmsPermissionError");
  });

  const notKeys: [number, string, string][] = [
    [403, "unauthorized", "PermissionDeniedError"],
    [403, "no permission to change the CMEK of this cluster", "PermissionDeniedError"],
    [401, "the API key is not authorized", "AuthenticationError"],
    [400, "invalid argument: AWS_KMS does not match the cloud of the cluster", "BadRequestError"],
    [400, "rate limit exceeded: no permission to use the KMS key", "RateLimitError"],
    [400, "couldn't lock cluster, no permission to use the KMS key", "BusyError"],
    [404, "no permission to use the KMS key", "NotFoundError"],
    [500, "no permission to use the KMS key", "ServerError"],
  ];
  for (const [status, message, name] of notKeys) {
    it(`does not take "${message}" (${status}) for a refusal of the key`, () => {
      const cmek = { ...call("POST"), path: "/api/v1/clusters/c1/cmek" };
      assert.equal(apiFailure(cmek, responded(status, says(message)), 0).name, name);
    });
  }

  it("does not take a name that the user chose for a key", () => {
    const named = call("POST", 'cluster "kms"');
    const error = apiFailure(named, responded(403, says("no permission to create kms")), 0);
    assert.equal(error.name, "PermissionDeniedError");
  });

  it("does not take a gateway's words for a refusal of the key", () => {
    const cmek = { ...call("POST"), path: "/api/v1/clusters/c1/cmek" };
    const error = apiFailure(cmek, responded(403, "no permission to use the KMS key"), 0);
    assert.equal(error.name, "PermissionDeniedError");
  });

  it("says operation, status, message, request id and what to do", () => {
    const headers = { "cc-trace-id": "trace-1" };
    const error = apiFailure(call("POST"), responded(403, says("unauthorized."), headers), 0);
    assert.equal(
      error.message,
      'Creating cluster "orders" failed: 403 unauthorized (request id trace-1). It requires the role Cluster Admin on the cluster; a newly granted role takes some minutes to take effect.',
    );
    assert.equal(error.requestId, "trace-1");
    assert.equal(error.apiMessage, "unauthorized.");
    assert.equal(error.object, 'cluster "orders"');
  });

  const between = "A proxy or gateway seems to respond in place of the API.";
  const notApi = "(not a response of the API)";
  const messages: [status: number, body: string, said: string][] = [
    [400, says("bad"), "400 bad."],
    [400, says(""), "400 Status Text."],
    [400, '{"message":"bad"}', "400 bad."],
    [400, '{"code":3}', "400 Status Text."],
    [400, "null", `400 Status Text ${notApi}. ${between}`],
    [400, "7", `400 Status Text ${notApi}. ${between}`],
    [400, '{"message":7}', `400 Status Text ${notApi}. ${between}`],
    [
      404,
      says("no cluster"),
      "404 no cluster. Check the id, and that the key belongs to the organization that has it.",
    ],
    [
      407,
      "",
      `407 Status Text ${notApi}. Put the proxy's user and password into HTTPS_PROXY. ${between}`,
    ],
    [408, says("late"), "408 late. Try again later."],
    [
      409,
      says("taken"),
      "409 taken. Something else may have changed it at the same time: try again.",
    ],
    [418, says("teapot"), "418 teapot."],
    [
      500,
      says("internal"),
      "500 internal. Try again later; check https://status.cockroachlabs.cloud for outages.",
    ],
    [501, says("not there"), "501 not there."],
  ];
  for (const [status, body, said] of messages) {
    it(`with ${status} and ${body || "no body"} says "${said}"`, () => {
      const error = apiFailure(call("GET"), responded(status, body), 0);
      assert.equal(error.message, `Creating cluster "orders" failed: ${said}`);
    });
  }

  it("advises no other try of a creation that may have taken effect", () => {
    const { message } = apiFailure(call("POST"), responded(408, says("late")), 0);
    assert.equal(
      message,
      'Creating cluster "orders" failed: 408 late. It may have taken effect: check before you repeat it.',
    );
  });

  it("advises another try of a change, and none of a creation, after a conflict", () => {
    const conflict = (method: string) =>
      apiFailure(call(method), responded(409, says("taken")), 0).message;
    assert.match(
      conflict("PATCH"),
      /409 taken\. Something else may have changed it .* try again\.$/,
    );
    assert.match(conflict("POST"), /409 taken\.$/);
  });

  it("measures a date in Retry-After by the clock of the response", () => {
    const headers = {
      "retry-after": "Wed, 21 Oct 2026 09:00:30 GMT",
      date: "Wed, 21 Oct 2026 09:00:00 GMT",
    };
    const error = apiFailure(call("POST"), responded(429, says("slow"), headers), 0);
    assert.equal(error.retryAfterMs, 30_000);
  });

  it("has something to say when the response has not", () => {
    const silent = { ...responded(400, says("")), statusText: "" };
    assert.match(apiFailure(call("GET"), silent, 0).message, /failed: 400 no explanation\.$/);
    assert.equal(apiFailure(call("GET"), responded(400, "<html>"), 0).apiMessage, "");
  });

  it("advises nothing about a key to whoever uses a JWT", () => {
    for (const [status, advice] of [
      [401, /The JWT may have expired/],
      [404, /that the vanity name is that of the organization that has it\.$/],
      [429, /each user: let concurrent programs stand for different users\.$/],
    ] as const) {
      const failed = { ...call("GET"), credential: "JWT" as const };
      const { message } = apiFailure(failed, responded(status, says("no")), 0);
      assert.match(message, advice);
      assert.doesNotMatch(message, /\bkey\b/i);
    }
  });

  it("says where a key comes from when it is refused", () => {
    const error = apiFailure(call("GET"), responded(401, says("no")), 0);
    assert.match(error.message, /COCKROACH_API_KEY/);
  });

  it("reports a response that is not the API's from one that is", () => {
    const error = apiFailure(call("GET"), responded(403, "<html>denied</html>"), 0);
    assert.match(error.message, /403 Status Text \(not a response of the API\)/);
    assert.match(error.message, /in place of the API/);
  });

  it("warns that a write may have taken effect", () => {
    const post = apiFailure(call("POST"), responded(500, says("internal")), 0);
    const get = apiFailure(call("GET"), responded(500, says("internal")), 0);
    assert.match(post.message, /may have taken effect/);
    assert.doesNotMatch(get.message, /may have taken effect/);
  });

  it("keeps a message on one short line", () => {
    const message = `one\u001b[2J\r\ntwo ${"x".repeat(1_000_000)}`;
    const error = apiFailure(call("GET"), responded(400, says(message)), 0);
    assert.match(error.message, /400 one \[2J two x+… \(1000013 characters\)\.$/);
    assert.ok(error.message.length < 1_200);
  });

  it("masks secrets that the response repeats", () => {
    const response = responded(400, says("bad KEY"), { "cc-trace-id": "KEY" });
    const error = apiFailure(call("POST"), response, 0);
    assert.doesNotMatch(error.message + error.apiMessage + error.requestId, /KEY/);
  });
});

// Every operation against responses that the API would never give. Whatever comes, a call ends within its time with
// data of the documented types or with one of the client's own errors.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { RequestError } from "../../sdk";
import { RequestError as RequestErrors } from "../../sdk";
import { maxBodyBytes } from "../../sdk/http/http";
import type { BadResponse } from "../support/bad-responses";
import { badResponses, give, stalls } from "../support/bad-responses";
import { responsesTo } from "../support/openapi-values";
import { clientOf, creation, maxPauseMs, wireCluster } from "./client-under-test";
import { closeServers, json, localServer } from "./local-server";
import type { Operation } from "./operation";
import { operations } from "./operations";

const { id } = wireCluster;
/** What a response about a cluster is held against. */
const asked = {
  name: creation.name,
  plan: creation.spec.plan,
  cloud_provider: creation.provider,
};
// All operations go through one caller, so what one run misses another operation finds: some 700 runs in all.
const runsPerOperation = 5;

/** Makes one try of a call against a server that gives the bad response to every request. */
async function outcome({ call, response }: Operation, bad: BadResponse): Promise<unknown> {
  const good = { status: 200, headers: {}, text: JSON.stringify(response) };
  const server = await localServer([(response) => give(bad, good, response)]);
  const patience = { transientRetryMs: 0, throttleRetryMs: 0 };
  const { client, clock } = clientOf(server, patience);
  const work = call(client).catch((error: unknown) => error);
  if (stalls(bad)) {
    await server.arrived(1);
    await clock.settle();
    await clock.advance(30_000);
  }
  const result = await clock.run(work, maxPauseMs);
  assert.ok(server.received.length <= 2, "one request, and one for the page that comes again");
  return result;
}

/** Fails for anything that is not what JSON can say, such as an inherited member or a number that is none. */
function assertPlain(value: unknown): void {
  if (typeof value === "number") assert.ok(Number.isFinite(value));
  if (typeof value === "string") assert.doesNotMatch(value, /\p{Surrogate}/u);
  if (typeof value !== "object" || value === null) return;
  const prototype = Array.isArray(value) ? Array.prototype : Object.prototype;
  assert.equal(Object.getPrototypeOf(value), prototype);
  assert.equal("isAdmin" in value, false);
  Object.values(value).forEach(assertPlain);
}

function assertReadable(error: RequestError): void {
  assert.match(error.message, /^[A-Z][^\n]* failed: [^\n]+\.$/);
  assert.doesNotMatch(error.message, /\p{Control}|\p{Surrogate}/u);
  assert.ok(error.message.length < 3_000, `${error.message.length} characters`);
  assert.doesNotMatch(error.message, /test-key|\[object/);
}

describe("A bad server", () => {
  const strays: unknown[] = [];
  const stray = (reason: unknown) => strays.push(reason);
  before(() => process.on("unhandledRejection", stray));
  after(() => process.off("unhandledRejection", stray));
  afterEach(async () => {
    await closeServers();
    assert.deepEqual(strays, []);
  });

  for (const operation of operations) {
    it(`gets data of the right types out of ${operation.name}, or one of its errors`, async () => {
      const check = async (bad: BadResponse) => {
        const result = await outcome(operation, bad);
        if (RequestErrors.isInstance(result)) assertReadable(result);
        else if (result instanceof Error) throw result;
        else assertPlain(result);
        await closeServers();
      };
      const property = fc.asyncProperty(badResponses, check);
      await fc.assert(property, { numRuns: runsPerOperation });
    }).timeout(60_000);

    it(`may respond anything that the API's document allows to ${operation.name}`, async () => {
      const same = named(operation.name);
      const check = async (value: unknown) => {
        const server = await localServer([json(200, same(value))]);
        const { client, run } = clientOf(server);
        assertPlain(await run(operation.call(client)));
        await closeServers();
      };
      const property = fc.asyncProperty(responsesTo(operation.method, operation.template), check);
      await fc.assert(property, { numRuns: 4 });
    }).timeout(60_000);
  }

  it("cannot fill the memory", async () => {
    const [operation] = operations;
    assert.ok(operation);
    const before = process.memoryUsage().rss;
    for (const bad of [
      { kind: "bytes", how: "bomb" },
      { kind: "bytes", how: "50 MB" },
      { kind: "wire", how: "torrent" },
    ] as const) {
      for (let times = 0; times < 5; times++) {
        assert.match(String(await outcome(operation, bad)), /a body of more than 32 MiB/);
      }
    }
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 15 * maxBodyBytes, `${Math.round(grown / 2 ** 20)} MiB more`);
  }).timeout(60_000);
});

/** What the client holds against the question is as it was asked, and no list goes on for ever. */
function named(operation: string): (value: unknown) => unknown {
  return (value) => {
    const response = {
      // That nothing at all is no page of the log, the document does not say.
      ...(operation === "auditLogs.list" && { entries: [] }),
      ...(withNamedRegions(value) as object),
    };
    if ("pagination" in response) delete response.pagination;
    if ("totalResults" in response) response.totalResults = 0;
    if ("next_starting_from" in response) response.next_starting_from = "";
    // That an id is a UUID and that keys belong to a region, the document does not say either.
    if ("region_infos" in response) {
      const infos = response.region_infos as object[];
      response.region_infos = infos.map((info) => ({ region: "r", ...info }));
    }
    if ("clusters" in response) {
      response.clusters = (response.clusters as object[]).map((cluster) => ({ ...cluster, id }));
    }
    return /^clusters\.(create|get|update|delete)$/.test(operation)
      ? { ...response, id, ...asked }
      : response;
  };
}

/** The regions of clusters by a name: that it is no empty text, the document does not say. */
function withNamedRegions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNamedRegions);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) =>
    name === "regions" && Array.isArray(member)
      ? [name, member.map((region: object) => ({ ...region, name: "r" }))]
      : [name, withNamedRegions(member)],
  );
  return Object.fromEntries(members);
}

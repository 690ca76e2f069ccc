import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { getEventListeners } from "node:events";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { RequestError } from "../../sdk";
import {
  AbortedError,
  CockroachCloudClient,
  ConnectionError,
  isNotFound,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
} from "../../sdk";
import { watch } from "../../sdk/http/agent";
import { HttpConnection, maxBodyBytes } from "../../sdk/http/http";
import { maxPages, paginate } from "../../sdk/http/pagination";
import { manualClock } from "../support/clock";
import { all, clientOf, creation, maxPauseMs, wireCluster } from "./client-under-test";
import type { Received, Responder } from "./local-server";
import {
  closeServers,
  cut,
  failure,
  hang,
  json,
  localServer,
  reset,
  text,
  understated,
} from "./local-server";

const id = wireCluster.id;

/** The address of a port that nobody listens on. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("The transport", () => {
  afterEach(closeServers);

  it("sends the dialect, the key, the agent and JSON", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const { client, run } = clientOf(server, { userAgent: "my-tool/2" });
    await run(client.clusters.create(creation));
    const [{ headers, body }] = server.received as [Received];
    assert.equal(headers["cc-version"], "2024-09-16");
    assert.equal(headers["authorization"], "Bearer test-key");
    assert.match(
      headers["user-agent"] ?? "",
      /^pulumi-cockroachdb-cloud\/\d+\.\d+\.\d+ my-tool\/2$/,
    );
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["accept"], "application/json");
    assert.deepEqual(JSON.parse(body), creation);
  });

  it("sends a token with the organization and the user", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const jwt = { token: "a.b.c", vanityName: "acme", username: "me@acme.test" };
    const client = new CockroachCloudClient({ jwt, serverUrl: server.url });
    await client.clusters.get(id);
    const headers = server.received[0]?.headers ?? {};
    assert.equal(headers["authorization"], "Bearer a.b.c");
    assert.equal(headers["cc-vanity-name"], "acme");
    assert.equal(headers["cc-username"], "me@acme.test");
    assert.equal("content-type" in headers, false);
  });

  it("has a request budget for each user that a token stands for", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const clock = manualClock();
    const requestAs = async (username: string) => {
      const jwt = { token: "a.b.c", vanityName: "acme", username };
      const client = new CockroachCloudClient({ jwt, serverUrl: server.url, clock });
      await clock.run(client.clusters.get(id), maxPauseMs);
    };
    for (let sent = 0; sent < 10; sent++) await requestAs("ada@example.com");
    const start = clock.now();
    await requestAs("ci@example.com");
    assert.equal(clock.now(), start);
    await requestAs("ada@example.com");
    assert.ok(clock.now() > start);
  });

  it("keeps connections alive", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const { client, run } = clientOf(server);
    for (let sent = 0; sent < 3; sent++) await run(client.clusters.get(id));
    assert.deepEqual(
      server.received.map(({ connection }) => connection),
      [1, 1, 1],
    );
  });

  for (const [title, first] of [
    ["a reset", reset],
    ["a cut body", cut],
    ["a body that is longer than its length", understated],
    ["a body that is not JSON", text(200, "not yet", { "Content-Type": "text/plain" })],
    ["an empty body", text(200, "")],
    ["500", failure(500, 13, "internal")],
    ["502 from a gateway", text(502, "<html>")],
    ["408", text(408, "")],
  ] as const) {
    it(`repeats a read after ${title}`, async () => {
      const server = await localServer([first, json(200, wireCluster)]);
      const { client, run } = clientOf(server);
      assert.equal((await run(client.clusters.get(id))).id, id);
      assert.equal(server.received.length, 2);
    });
  }

  it("does not take a delete for done whose response is longer than its length", async () => {
    const server = await localServer([understated, failure(404, 5, "not found")]);
    const { client, run } = clientOf(server);
    await run(client.maintenanceWindows.delete(id));
    assert.equal(server.received.length, 2);
  });

  const noDeletions: [title: string, respond: Responder, problem: RegExp][] = [
    [
      "not UTF-8",
      (response) => response.end(Buffer.from([0xff, 0xfe])),
      /a body that is not UTF-8/,
    ],
    ["a list", json(200, []), /JSON that is not an object/],
    ["a number", json(200, 7), /JSON that is not an object/],
    ["null", json(200, null), /JSON that is not an object/],
  ];
  for (const [title, response, problem] of noDeletions) {
    it(`does not take a delete for done whose response is ${title}`, async () => {
      const { client, fail } = clientOf(await localServer([response]));
      assert.match(String(await fail(client.clusters.delete(id))), problem);
    });
  }

  it("takes a delete for done whose response is white space", async () => {
    const { client, run } = clientOf(await localServer([text(200, " \n")]));
    assert.equal(await run(client.clusters.delete(id)), undefined);
  });

  for (const [title, first, errorClass] of [
    ["a reset", reset, ConnectionError],
    ["a cut body", cut, ConnectionError],
    ["a body that is longer than its length", understated, ConnectionError],
    ["a body that is not JSON", text(200, "<html>"), UnexpectedResponseError],
    ["a body that is no cluster", json(200, { hello: "world" }), UnexpectedResponseError],
    [
      "a redirect",
      text(302, "", { Location: "https://elsewhere.test/x" }),
      UnexpectedResponseError,
    ],
    ["500", failure(500, 13, "internal"), ServerError],
    ["502 from a gateway", text(502, "<html>"), ServerError],
    ["504 without a body", text(504, ""), ServerError],
  ] as const) {
    it(`sends a create once and says that its effect is unknown after ${title}`, async () => {
      const server = await localServer([first, json(200, wireCluster)]);
      const { client, fail } = clientOf(server);
      const error = await fail(client.clusters.create(creation));
      assert.ok(errorClass.isInstance(error), String(error));
      assert.equal((error as RequestError).effect, "unknown");
      assert.match(String(error), /Creating cluster "orders" failed/);
      assert.match(String(error), /may have taken effect/);
      assert.equal(server.received.length, 1);
    });
  }

  for (const [title, first] of [
    ["a busy cluster", failure(503, 14, "cluster is locked")],
    ["a lock under 400", failure(400, 9, "couldn't lock cluster")],
    ["throttling", failure(429, 8, "rate limit exceeded", { "Retry-After": "1" })],
    ["throttling under 403", failure(403, 7, "rate limit exceeded")],
  ] as const) {
    it(`repeats a create after ${title}`, async () => {
      const server = await localServer([first, json(200, wireCluster)]);
      const { client, run } = clientOf(server);
      assert.equal((await run(client.clusters.create(creation))).id, id);
      assert.equal(server.received.length, 2);
    });
  }

  it("says that the response is not what the API promises, without its contents", async () => {
    const server = await localServer([
      json(200, { ...wireCluster, state: 7, name: "secret-name" }),
    ]);
    const { client, fail } = clientOf(server);
    const error = await fail(client.clusters.get(id));
    assert.ok(UnexpectedResponseError.isInstance(error));
    assert.match(error.message, /responded 200 with a body that is not what it promises \(state: /);
    assert.doesNotMatch(error.message, /secret-name/);
    assert.equal(server.received.length, 1);
  });

  describe("a web page", () => {
    const page = text(200, "<html>");

    it("as the first response to a read is a wrong address, and is said at once", async () => {
      for (const wrong of [page, text(404, "<html>"), text(404, "default backend - 404")]) {
        const server = await localServer([wrong, json(200, wireCluster)]);
        const { client, fail } = clientOf(server);
        const error = await fail(client.clusters.get(id));
        assert.match(String(error), /not look like the CockroachDB Cloud API: check .*COCKROACH_/);
        assert.equal(isNotFound(error), false);
        assert.equal(server.received.length, 1);
      }
    });

    const plain = { "Content-Type": "text/plain" };
    const pages: [isPage: boolean, title: string, respond: Responder][] = [
      [true, "text of the type of a page", text(200, "not yet")],
      [true, "what begins as a page, of another type", text(200, " \n<html>", plain)],
      [true, "what begins as a page, of no type", (response) => response.end("<html>")],
      [false, "text with an angle bracket", text(200, "1 < 2", plain)],
      [false, "nothing, of the type of a page", text(200, " \n")],
    ];
    for (const [isPage, title, response] of pages) {
      it(`is ${isPage ? "" : "not "}seen in ${title}`, async () => {
        const server = await localServer([response, json(200, wireCluster)]);
        const { client, clock } = clientOf(server);
        const outcome = await clock.run(client.clusters.get(id).catch(String), 15_000);
        if (isPage) assert.match(outcome as string, /not look like the CockroachDB Cloud API/);
        assert.equal(server.received.length, isPage ? 1 : 2);
      });
    }

    it("is a wrong address also after a failure of something in between", async () => {
      const server = await localServer([text(502, "<html>"), page, json(200, wireCluster)]);
      const { client, fail } = clientOf(server);
      assert.match(String(await fail(client.clusters.get(id))), /not look like the CockroachDB/);
      assert.equal(server.received.length, 2);
    });

    it("is an accident once the API has responded", async () => {
      for (const known of [json(200, wireCluster), failure(403, 7, "unauthorized")]) {
        const server = await localServer([known, page, json(200, wireCluster)]);
        const { client, run } = clientOf(server);
        await run(client.clusters.get(id).catch(() => undefined));
        assert.equal((await run(client.clusters.get(id))).id, id);
        assert.equal(server.received.length, 3);
      }
    });

    it("under 5xx is repeated also as the first response", async () => {
      const server = await localServer([text(503, "<html>"), json(200, wireCluster)]);
      const { client, run } = clientOf(server);
      assert.equal((await run(client.clusters.get(id))).id, id);
    });
  });

  describe("a body", () => {
    const cluster = JSON.stringify(wireCluster);
    const raw =
      (body: Buffer, headers: Record<string, string> = {}): Responder =>
      (response) => {
        response.writeHead(200, { "Content-Type": "application/json", ...headers });
        response.end(body);
      };

    it("is read up to 32 MiB, and cut with an error that says so", async () => {
      const padded = (bytes: number) => Buffer.from(cluster.padEnd(bytes));
      const server = await localServer([raw(padded(maxBodyBytes)), raw(padded(maxBodyBytes + 1))]);
      const { client, run, fail } = clientOf(server);
      assert.equal((await run(client.clusters.get(id))).id, id);
      const error = await fail(client.clusters.get(id));
      assert.ok(UnexpectedResponseError.isInstance(error), String(error));
      assert.match(error.message, /responded 200 with a body of more than 32 MiB, which was cut\./);
      assert.equal(server.received.length, 2);
    });

    it("is measured after decompression, so a bomb does not go off", async () => {
      const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20, " "));
      assert.ok(bomb.length < 2 ** 20);
      const server = await localServer([raw(bomb, { "Content-Encoding": "gzip" })]);
      const { client, fail } = clientOf(server);
      assert.match(String(await fail(client.clusters.get(id))), /more than 32 MiB/);
    });

    it("with a byte order mark is read", async () => {
      const server = await localServer([raw(Buffer.from(`\ufeff${cluster}`))]);
      const { client, run } = clientOf(server);
      assert.equal((await run(client.clusters.get(id))).id, id);
    });

    it("in another encoding is not read as text with holes", async () => {
      const latin = Buffer.from(cluster.replace('"orders"', '"m\u00fcller"'), "latin1");
      const server = await localServer([raw(latin)]);
      const { client, fail } = clientOf(server);
      assert.match(String(await fail(client.clusters.get(id))), /a body that is not UTF-8/);
    });
  });

  describe("a list without an end", () => {
    it("is noticed at a page that comes again", async () => {
      const server = await localServer([
        json(200, { clusters: [wireCluster], pagination: { next_page: "2" } }),
      ]);
      const { client, fail } = clientOf(server);
      const error = await fail(all(client.clusters.list()));
      assert.match(String(error), /a page that it had given before, so the list has no end/);
      assert.equal(server.received.length, 2);
    });

    it("is noticed at too many pages", async () => {
      let asked = 0;
      const pages = paginate(
        async () => {
          asked += 1;
          return { items: [], nextPage: String(asked) };
        },
        (sign) => new Error(sign),
      );
      await assert.rejects(all(pages), /^Error: more than 10,000 pages$/);
      assert.equal(asked, maxPages);
    });
  });

  const unlike: [title: string, respond: Responder, problem: string][] = [
    ["nothing", text(200, " \n", { "Content-Type": "text/plain" }), "an empty body"],
    [
      "text",
      text(200, "not yet", { "Content-Type": "text/plain; charset=utf-8" }),
      "a body that is not JSON (text/plain, 7 characters)",
    ],
    [
      "something without a type",
      (response) => response.end("not yet"),
      "a body that is not JSON (no content type, 7 characters)",
    ],
    ["no content", (response) => response.writeHead(304).end(), "no content"],
    ["a path", text(302, "", { Location: "/elsewhere" }), "a redirect to another path"],
  ];
  for (const [title, response, problem] of unlike) {
    it(`says that the response to a create was ${title}: ${problem}`, async () => {
      const { client, fail } = clientOf(await localServer([response]));
      const { message } = (await fail(client.clusters.create(creation))) as Error;
      assert.ok(message.includes(`with ${problem}. Check the server's address`), message);
    });
  }

  it("says where a body is not what the API promises, for three places at most", async () => {
    const wrong = { id: wireCluster.id, name: 1, plan: 2, state: 3, cloud_provider: 4 };
    const { client, fail } = clientOf(await localServer([json(200, { clusters: [wrong] })]));
    const { message } = (await fail(all(client.clusters.list()))) as Error;
    const places = [...message.matchAll(/clusters\.0\.(\w+): /g)].map(([, place]) => place);
    assert.deepEqual(places, ["name", "plan", "cloud_provider"]);
    const whole = clientOf(await localServer([json(200, 7)]));
    const atTop = (await whole.fail(whole.client.clusters.get(id))) as Error;
    assert.match(
      atTop.message,
      /is not what it promises \([^:]+: expected object, received number\)/,
    );
  });

  it("goes by the status also when the body is cut", async () => {
    const cutRefusal: Responder = (response) => {
      response.writeHead(429, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"code": 8');
      setImmediate(() => response.destroy());
    };
    const server = await localServer([cutRefusal, json(200, wireCluster)]);
    const { client, run } = clientOf(server);
    assert.equal((await run(client.clusters.create(creation))).id, id);
    assert.equal(server.received.length, 2);
  });

  it("does not take the key to another address", async () => {
    const other = await localServer([json(200, wireCluster)]);
    const server = await localServer([text(307, "", { Location: `${other.url}/stolen` })]);
    const { client, fail } = clientOf(server);
    assert.match(String(await fail(client.clusters.get(id))), /a redirect to http:\/\/127/);
    assert.equal(other.received.length, 0);
  });

  it("fails at once when nothing listens on this computer, and names address and cause", async () => {
    const url = await deadAddress();
    const { client, fail } = clientOf({ url });
    const error = await fail(client.clusters.create(creation));
    assert.ok(ConnectionError.isInstance(error));
    assert.deepEqual([error.effect, error.tries], ["none", 1]);
    assert.match(
      error.message,
      new RegExp(
        `no connection to ${url}: connect ECONNREFUSED .*\\. Nothing listens at this address: start the server`,
      ),
    );
  });

  it("repeats any method when the connection is refused by a server that has responded before", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const { client, run, fail } = clientOf(server);
    await run(client.clusters.get(id));
    await closeServers();
    const error = await fail(client.clusters.create(creation));
    assert.ok(ConnectionError.isInstance(error));
    assert.equal(error.effect, "none");
    assert.ok(error.tries > 5);
    assert.match(error.message, /gave up after \d+ attempts in 2 min/);
  });

  it("fails at once on a certificate that does not verify", async () => {
    const server = await localServer([json(200, wireCluster)], true);
    const { client, fail } = clientOf(server);
    const error = await fail(client.clusters.create(creation));
    assert.ok(ConnectionError.isInstance(error));
    assert.equal(error.effect, "none");
    assert.equal(error.tries, 1);
    assert.match(error.message, new RegExp(`certificate of ${server.url} does not verify`));
    assert.match(error.message, /NODE_EXTRA_CA_CERTS/);
  });

  it("knows that a request whose TLS handshake broke was never sent", async () => {
    const plain = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address();
    const url = `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const { client, fail } = clientOf({ url }, { transientRetryMs: 1_000 });
    const error = await fail(client.clusters.create(creation));
    await new Promise((resolve) => plain.close(resolve));
    assert.ok(ConnectionError.isInstance(error));
    assert.equal(error.effect, "none");
    assert.ok(error.tries > 1);
  });

  it("knows that a request has left on a TLS connection", async () => {
    const server = await localServer([json(200, wireCluster)], true);
    const seen: string[] = [];
    const agent = watch(new HttpsAgent({ rejectUnauthorized: false }), () => seen.push("sent"));
    await new Promise((resolve, reject) => {
      const request = httpsGet(server.url, { agent }, (response) => {
        seen.push("responded");
        response.resume().on("end", resolve);
      });
      request.on("error", reject);
    });
    assert.deepEqual(seen, ["sent", "responded"]);
  });

  describe("a time-out", () => {
    it("ends a create that gets no response, with an unknown effect", async () => {
      const server = await localServer([hang]);
      const { client, clock } = clientOf(server);
      const create = client.clusters.create(creation);
      create.catch(() => undefined);
      await server.arrived(1);
      await clock.advance(30_000);
      const error = await create.catch((thrown: unknown) => thrown);
      assert.ok(TimeoutError.isInstance(error), String(error));
      assert.equal(error.effect, "unknown");
      assert.match(error.message, /no response from http:\S+ within 30 s/);
    });

    it("is followed by another try of a read", async () => {
      const server = await localServer([hang, json(200, wireCluster)]);
      const { client, clock, run } = clientOf(server);
      const get = client.clusters.get(id);
      await server.arrived(1);
      await clock.advance(30_000);
      assert.equal((await run(get)).id, id);
    });

    it("comes earlier when the caller's deadline does", async () => {
      const server = await localServer([hang]);
      const { client, clock } = clientOf(server);
      const get = client.clusters.get(id, { deadline: clock.now() + 2_000 });
      get.catch(() => undefined);
      await server.arrived(1);
      await clock.advance(2_000);
      const error = await get.catch((thrown: unknown) => thrown);
      assert.ok(TimeoutError.isInstance(error));
      assert.match(error.message, /within 2 s/);
      assert.equal(server.received.length, 1);
    });

    it("covers the body, too", async () => {
      const server = await localServer([
        (response) => {
          response.writeHead(200, { "Content-Type": "application/json" });
          response.write("{");
        },
      ]);
      const { client, clock } = clientOf(server);
      const update = client.clusters.update(id, { labels: {} });
      update.catch(() => undefined);
      await server.arrived(1);
      await clock.advance(30_000);
      const error = await update.catch((thrown: unknown) => thrown);
      assert.ok(TimeoutError.isInstance(error), String(error));
      assert.equal(error.effect, "unknown");
    });
  });

  describe("cancelling", () => {
    it("ends a read in flight at once", async () => {
      const server = await localServer([hang]);
      const { client } = clientOf(server);
      const controller = new AbortController();
      const get = client.clusters.get(id, { signal: controller.signal });
      get.catch(() => undefined);
      await server.arrived(1);
      controller.abort(new Error("Ctrl-C"));
      const error = await get.catch((thrown: unknown) => thrown);
      assert.ok(AbortedError.isInstance(error));
      assert.match(error.message, /it was cancelled/);
      assert.match(String(error.cause), /Ctrl-C/);
      assert.equal(error.tries, 1);
    });

    it("lets a write in flight finish", async () => {
      const controller = new AbortController();
      const server = await localServer([
        (response, received) => {
          controller.abort(new Error("Ctrl-C"));
          json(200, wireCluster)(response, received);
        },
      ]);
      const { client, run } = clientOf(server);
      const made = await run(client.clusters.create(creation, { signal: controller.signal }));
      assert.equal(made.id, wireCluster.id);
    });

    it("sends a write that failed no second time", async () => {
      const controller = new AbortController();
      const server = await localServer([
        (response, received) => {
          controller.abort(new Error("Ctrl-C"));
          failure(503, 14, "cluster is locked")(response, received);
        },
        json(200, wireCluster),
      ]);
      const { client, fail } = clientOf(server);
      const error = await fail(client.clusters.update(id, {}, { signal: controller.signal }));
      assert.ok(AbortedError.isInstance(error), String(error));
      assert.equal(server.received.length, 1);
    });

    it("sends nothing when it comes first", async () => {
      const server = await localServer([json(200, wireCluster)]);
      const { client, fail } = clientOf(server);
      const error = await fail(client.clusters.create(creation, { signal: AbortSignal.abort() }));
      assert.ok(AbortedError.isInstance(error));
      assert.equal(error.effect, "none");
      assert.equal(server.received.length, 0);
    });

    it("sends nothing when it comes between the turn and the try", async () => {
      const server = await localServer([json(200, wireCluster)]);
      const connection = new HttpConnection(new URL(server.url), {}, manualClock(), {});
      const outcome = await connection.send(
        { method: "GET", target: "/" },
        {
          timeoutMs: 1_000,
          signal: AbortSignal.abort(),
          onSent: () => assert.fail("sent"),
          onResponse: () => assert.fail("responded"),
        },
      );
      assert.equal("failure" in outcome && outcome.failure.why, "aborted");
      assert.equal(server.received.length, 0);
    });

    it("leaves nothing behind when it did not come", async () => {
      const server = await localServer([json(200, wireCluster)]);
      const { client, clock, run } = clientOf(server);
      const { signal } = new AbortController();
      await run(client.clusters.get(id, { signal }));
      assert.deepEqual(getEventListeners(signal, "abort"), []);
      assert.deepEqual(clock.sleeping, []);
    });

    it("ends a list between its pages", async () => {
      const page = json(200, { clusters: [wireCluster], pagination: { next_page: "2" } });
      const server = await localServer([page]);
      const { client, fail } = clientOf(server);
      const controller = new AbortController();
      const read = async () => {
        for await (const _ of client.clusters.list({}, { signal: controller.signal })) {
          controller.abort();
        }
      };
      assert.ok(AbortedError.isInstance(await fail(read())));
      assert.equal(server.received.length, 1);
    });
  });

  it("reports pauses with their reason", async () => {
    const busy = failure(503, 14, "cluster is locked");
    const slow = failure(429, 8, "rate limit exceeded", { "Retry-After": "3" });
    const server = await localServer([busy, slow, json(200, wireCluster)]);
    const { client, run } = clientOf(server);
    const waits: string[] = [];
    const onWait = ({ reason, error }: { reason: string; error?: Error }) =>
      waits.push(`${reason} ${error?.name ?? ""}`.trim());
    await run(client.clusters.get(id, { onWait }));
    assert.deepEqual(
      waits.filter((wait) => wait !== "budget"),
      ["transient BusyError", "throttled RateLimitError"],
    );
  });

  it("counts every page and repeat in the budget of the key", async () => {
    const page = (next: string) =>
      json(200, { clusters: [wireCluster], pagination: { next_page: next } });
    const pages = Array.from({ length: 12 }, (_, index) => page(index === 11 ? "" : `p${index}`));
    const server = await localServer(pages);
    const { client, clock, run } = clientOf(server);
    const start = clock.now();
    assert.equal((await run(all(client.clusters.list()))).length, 12);
    assert.ok(clock.now() - start >= 1_000);
  });

  it("counts a request from its sending, also while it has no response", async () => {
    const server = await localServer([hang]);
    const { client, clock } = clientOf(server);
    const gets = Array.from({ length: 11 }, () => client.clusters.get(id));
    for (const get of gets) get.catch(() => undefined);
    for (let sent = 1; sent <= 10; sent += 1) {
      await server.arrived(sent);
      await clock.advance(25);
    }
    assert.equal(server.received.length, 10);
    await clock.advance(1_200);
    await server.arrived(11);
  });

  it("counts a request whose response is lost", async () => {
    const server = await localServer([reset]);
    const { client, clock, fail } = clientOf(server, { transientRetryMs: 0 });
    const start = clock.now();
    for (let tried = 0; tried < 11; tried += 1) await fail(client.clusters.get(id));
    assert.ok(clock.now() - start >= 1_000, `${clock.now() - start} ms`);
  });

  it("does not count requests that never left", async () => {
    const url = await deadAddress();
    const { client, clock, fail } = clientOf({ url }, { transientRetryMs: 0 });
    const start = clock.now();
    for (let tried = 0; tried < 25; tried += 1) await fail(client.clusters.get(id));
    assert.ok(clock.now() - start < 1_000);
  });

  it("does not keep the process alive when it has nothing to do", async () => {
    const server = await localServer([json(200, wireCluster)]);
    const program = `
      const { CockroachCloudClient } = require(${JSON.stringify(join(__dirname, "../../sdk"))});
      const client = new CockroachCloudClient({ apiKey: "k", serverUrl: "${server.url}" });
      client.clusters.get("${id}").then(() => { process.stdout.write("done " + Date.now()); });
    `;
    const repository = join(__dirname, "..", "..");
    const compileCache = join(repository, "scripts", "compile-cache.cjs");
    const child = spawn(process.execPath, ["--require", compileCache, "--eval", program], {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    const [word, doneAt] = output.split(" ");
    assert.equal(code, 0);
    assert.equal(word, "done");
    assert.ok(Date.now() - Number(doneAt) < 2_000);
  }).timeout(20_000);
});

import assert from "node:assert/strict";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import { ConnectionError } from "../../sdk";
import { proxyFor } from "../../sdk/http/proxy";
import { clientOf, wireCluster } from "./client-under-test";
import { closeServers, json, localServer } from "./local-server";

const cloud = "https://cockroachlabs.cloud";

describe("The proxy", () => {
  const cases: [
    server: string,
    environment: Record<string, string>,
    expected: string | undefined,
  ][] = [
    [cloud, {}, undefined],
    [cloud, { HTTPS_PROXY: "http://proxy:3128" }, "http://proxy:3128"],
    [cloud, { https_proxy: "http://low:1", HTTPS_PROXY: "http://up:1" }, "http://low:1"],
    [cloud, { ALL_PROXY: "http://proxy:3128" }, "http://proxy:3128"],
    [cloud, { HTTP_PROXY: "http://proxy:3128" }, undefined],
    [cloud, { HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128"],
    [cloud, { HTTPS_PROXY: "" }, undefined],
    ["http://emulator:4000", { http_proxy: "http://proxy:3128" }, "http://proxy:3128"],
    [cloud, { HTTPS_PROXY: "http://p:1", NO_PROXY: "cockroachlabs.cloud" }, undefined],
    [cloud, { HTTPS_PROXY: "http://p:1", NO_PROXY: "other.test, .cockroachlabs.cloud" }, undefined],
    [cloud, { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    [cloud, { HTTPS_PROXY: "http://p:1", no_proxy: "labs.cloud" }, "http://p:1"],
    [cloud, { HTTPS_PROXY: "http://p:1", NO_PROXY: "cockroachlabs.cloud:443" }, undefined],
    [cloud, { HTTPS_PROXY: "http://p:1", NO_PROXY: "cockroachlabs.cloud:8443" }, "http://p:1"],
    ["http://x.test", { http_proxy: "http://p:1", NO_PROXY: "x.test:80" }, undefined],
    ["https://api.x.test", { HTTPS_PROXY: "http://p:1", NO_PROXY: "X.test" }, undefined],
    ["http://127.0.0.1:4000", { http_proxy: "http://p:1" }, undefined],
    ["https://localhost:4000", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["http://[::1]:4000", { ALL_PROXY: "http://p:1" }, undefined],
  ];
  for (const [server, environment, expected] of cases) {
    it(`for ${server} with ${JSON.stringify(environment)} is ${expected ?? "none"}`, () => {
      assert.equal(proxyFor(new URL(server), environment)?.origin, expected);
    });
  }

  it("must be an HTTP proxy, and its address is not shown", () => {
    assert.throws(() => proxyFor(new URL(cloud), { HTTPS_PROXY: "socks5://me:hunter2@proxy" }), {
      name: "TypeError",
      message: "HTTPS_PROXY is not the address of an HTTP proxy.",
    });
  });

  it("must have a password that can be decoded, which is not shown", () => {
    assert.throws(() => proxyFor(new URL(cloud), { HTTPS_PROXY: "http://me:hunter2%@proxy" }), {
      name: "TypeError",
      message:
        "The user or password in HTTPS_PROXY cannot be decoded: write a percent sign as %25.",
    });
  });

  describe("in use", () => {
    let saved: string | undefined;
    let proxy: Server | undefined;
    const asked: string[] = [];
    const tunnels: Duplex[] = [];

    beforeEach(() => {
      saved = process.env["http_proxy"];
    });

    afterEach(async () => {
      if (saved === undefined) delete process.env["http_proxy"];
      else process.env["http_proxy"] = saved;
      for (const tunnel of tunnels) tunnel.destroy();
      await new Promise((resolve) => (proxy === undefined ? resolve(0) : proxy.close(resolve)));
      await closeServers();
    });

    it("carries the requests of a server that is not on this computer", async () => {
      const server = await localServer([json(200, wireCluster)]);
      const port = Number(new URL(server.url).port);
      proxy = createServer();
      proxy.on("connect", (request, socket) => {
        asked.push(request.url ?? "");
        tunnels.push(socket);
        const upstream = connect(port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
          upstream.pipe(socket).pipe(upstream);
        });
        upstream.on("error", () => socket.destroy());
        socket.on("error", () => upstream.destroy());
      });
      await new Promise<void>((resolve) => proxy?.listen(0, "127.0.0.1", resolve));
      const { port: proxyPort } = proxy.address() as AddressInfo;
      process.env["http_proxy"] = `http://127.0.0.1:${proxyPort}`;
      const { client, run } = clientOf({ url: "http://emulator.test:4000" });
      assert.equal((await run(client.clusters.get(wireCluster.id))).name, "orders");
      assert.equal((await run(client.clusters.get(wireCluster.id))).name, "orders");
      assert.deepEqual(asked, ["emulator.test:4000"]);
    });

    it("may repeat its password in what it refuses, and no error does", async () => {
      const password = "hunter2/p%ss&CANARY";
      proxy = createServer();
      proxy.on("connect", (request, socket) => {
        const authorization = String(request.headers["proxy-authorization"]);
        const plain = Buffer.from(authorization.slice("Basic ".length), "base64").toString();
        const message = `${authorization} is ${plain}, no account`;
        const body = JSON.stringify({ code: 16, message });
        socket.end(
          `HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: ${body.length}\r\nCc-Trace-Id: ${encodeURIComponent(password)}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
      await new Promise<void>((resolve) => proxy?.listen(0, "127.0.0.1", resolve));
      const { port } = proxy.address() as AddressInfo;
      process.env["http_proxy"] = `http://me:${encodeURIComponent(password)}@127.0.0.1:${port}`;
      const { client, fail } = clientOf({ url: "http://emulator.test:4000" });
      const error = (await fail(client.clusters.get(wireCluster.id))) as Error;
      assert.match(error.message, /407 Basic \[redacted\] is \[redacted\], no account/);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /CANARY|hunter2|bWU6aH/);
    });

    it("is named, without its password, when it does not respond", async () => {
      process.env["http_proxy"] = "http://me:hunter2@127.0.0.1:1";
      const { client, fail } = clientOf({ url: "http://emulator.test:4000" });
      const error = await fail(client.clusters.get(wireCluster.id));
      assert.ok(ConnectionError.isInstance(error));
      assert.match(error.message, /emulator\.test:4000 through http:\/\/127\.0\.0\.1:1: /);
      assert.doesNotMatch(error.message, /hunter2/);
    });
  });
});

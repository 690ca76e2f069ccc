import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudApiError, UnexpectedResponseError } from "../../sdk";
import { authorityCertificate, strangerCertificate } from "../support/certificates";
import { clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, json, localServer, reset, text } from "./local-server";

const id = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";

describe("Root certificate of a cluster", () => {
  afterEach(closeServers);

  async function get(...responses: Responder[]) {
    const server = await localServer(responses);
    const { client, run, fail } = clientOf(server);
    return { server, client, run, fail };
  }

  it("is gotten without a key and without a version of the API", async () => {
    const { server, client, run } = await get(text(200, authorityCertificate));
    assert.equal(await run(client.clusterCertificates.get(id)), authorityCertificate);
    const [{ method, url, headers } = { method: "", url: "", headers: {} }, ...others] =
      server.received;
    assert.deepEqual([method, url, others.length], ["GET", `/clusters/${id}/cert`, 0]);
    assert.equal(JSON.stringify(headers).includes("test-key"), false);
    for (const name of ["authorization", "cc-version", "cc-vanity-name", "cookie"]) {
      assert.equal(name in headers, false, name);
    }
    assert.match(
      String((headers as Record<string, unknown>)["user-agent"]),
      /^pulumi-cockroachdb-cloud\//,
    );
  });

  it("sends no token either", async () => {
    const server = await localServer([text(200, authorityCertificate)]);
    const jwt = { token: "a.b.c", vanityName: "acme", username: "me" };
    const { client, run } = clientOf(server, { apiKey: undefined as never, jwt });
    await run(client.clusterCertificates.get(id));
    assert.doesNotMatch(JSON.stringify(server.received[0]?.headers), /a\.b\.c|acme|"me"/);
  });

  it("may be several, whatever is between the lines", async () => {
    const both = `\r\n${authorityCertificate.replaceAll("\n", "\r\n")}\n\n${strangerCertificate}`;
    const { client, run } = await get(text(200, both));
    const pem = await run(client.clusterCertificates.get(id));
    assert.equal(pem.replaceAll("\r", ""), `${authorityCertificate}${strangerCertificate}`);
  });

  const broken = authorityCertificate.replace(/\nMII/, "\nMIJ");
  const pages: [string, string][] = [
    ["an error page", "<!doctype html><h1>Something went wrong</h1>"],
    ["nothing", ""],
    ["a page around a certificate", `<pre>${authorityCertificate}</pre>`],
    ["a certificate that does not parse", broken],
    ["one that parses and one that does not", `${authorityCertificate}${broken}`],
    ["a private key", authorityCertificate.replaceAll("CERTIFICATE", "PRIVATE KEY")],
    ["JSON", "{}"],
  ];
  for (const [what, body] of pages) {
    it(`is not ${what}`, async () => {
      const { client, fail, server } = await get(text(200, body));
      const error = await fail(client.clusterCertificates.get(id));
      assert.ok(UnexpectedResponseError.isInstance(error));
      assert.match(
        error.message,
        new RegExp(
          `^Getting the root certificate of cluster ${id} failed: the API responded 200 with .*not a certificate in PEM`,
        ),
      );
      assert.equal(server.received.length, 1);
    });
  }

  it("is not longer than 1 MiB", async () => {
    const { client, fail } = await get(text(200, authorityCertificate.repeat(2_000)));
    const error = await fail(client.clusterCertificates.get(id));
    assert.ok(UnexpectedResponseError.isInstance(error));
    assert.match(error.message, /more than 1 MiB/);
  });

  it("is not where a redirect leads", async () => {
    const elsewhere = await localServer([text(200, authorityCertificate)]);
    const redirect = text(302, "", { Location: `${elsewhere.url}/login` });
    const { client, fail } = await get(redirect);
    const error = await fail(client.clusterCertificates.get(id));
    assert.ok(UnexpectedResponseError.isInstance(error));
    assert.match(error.message, /a redirect to http:\/\//);
    assert.equal(elsewhere.received.length, 0);
  });

  for (const [status, advice] of [
    [404, "Check the id; a cluster that is still being created may have no certificate yet."],
    [403, "The download takes no key: something between here and the service refuses it."],
    [401, "The download takes no key: something between here and the service refuses it."],
  ] as const) {
    it(`is refused with ${status} and says what to do`, async () => {
      const { client, fail } = await get(text(status, "<html></html>"));
      const error = await fail(client.clusterCertificates.get(id));
      assert.ok(CloudApiError.isInstance(error));
      assert.equal(error.status, status);
      assert.ok(error.message.endsWith(advice), error.message);
    });
  }

  it("is asked for again after an accident", async () => {
    const responses = [reset, json(503, {}), text(200, authorityCertificate)];
    const { client, run, server } = await get(...responses);
    assert.equal(await run(client.clusterCertificates.get(id)), authorityCertificate);
    assert.equal(server.received.length, 3);
  });

  it("is asked for with an id only", async () => {
    const { client, server } = await get();
    for (const wrong of ["", "..", "."]) {
      await assert.rejects(client.clusterCertificates.get(wrong), TypeError);
    }
    assert.equal(server.received.length, 0);
  });

  it("is no operation of the API", () => {
    const document = readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8");
    assert.equal(
      Object.keys(JSON.parse(document).paths).some((path) => path.endsWith("/cert")),
      false,
    );
  });
});

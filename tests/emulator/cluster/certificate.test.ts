import { strict as assert } from "node:assert";
import { X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import type { Emulator } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import { advanced, basic, startQuick } from "../caller";

describe("The root certificate", () => {
  checkEmulators();

  const get = (emulator: Emulator, id: string, init: RequestInit = {}) =>
    fetch(`${emulator.url}/clusters/${id}/cert`, init);

  it("has the content type of the assumption", async () => {
    const certContentType = "application/x-pem-file";
    const { emulator } = await startQuick({ assumptions: { certContentType } });
    const response = await get(emulator, emulator.clusters.create(advanced("orders")).id);
    assert.equal(response.headers.get("content-type"), certContentType);
  });

  it("of an Advanced cluster is its own authority, public and always the same", async () => {
    const { emulator } = await startQuick();
    const ids = ["orders", "archive"].map((name) => emulator.clusters.create(advanced(name)).id);
    const texts: string[] = [];
    for (const id of ids) {
      const response = await get(emulator, id);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "text/plain");
      assert.equal(response.headers.has("cc-trace-id"), false);
      texts.push(await response.text());
      assert.equal(await (await get(emulator, id.toUpperCase())).text(), texts.at(-1));
    }
    const [first, second] = texts.map((text) => new X509Certificate(text));
    assert.ok(first && second);
    assert.equal(first.ca && second.ca, true);
    assert.equal(first.verify(first.publicKey), true);
    assert.equal(first.verify(second.publicKey), false);
    assert.notEqual(first.fingerprint256, second.fingerprint256);
    assert.equal(first.subject, `O=Cockroach\nCN=Cockroach Cloud CA ${ids[0]}`);
    assert.equal(first.issuer, first.subject);
    assert.equal(new Date(first.validTo) > new Date(emulator.clock.now()), true);
    assert.equal(new Date(first.validFrom) <= new Date(emulator.clock.now()), true);
  });

  it("is accepted by TLS", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    const ca = await (await get(emulator, id)).text();
    // Node.js refuses a text here that OpenSSL cannot read.
    const server = createServer({ ca });
    server.close();
    const socket = connect({ host: "127.0.0.1", port: 1, ca });
    await new Promise((resolve) => socket.once("error", resolve));
  });

  it("of a Basic cluster is that of a public authority", async () => {
    const { emulator } = await startQuick();
    const pages = ["orders", "archive"].map((name) => emulator.clusters.create(basic(name)).id);
    const texts = await Promise.all(pages.map(async (id) => (await get(emulator, id)).text()));
    assert.equal(texts[0], texts[1]);
    assert.match(new X509Certificate(texts[0] ?? "").subject, /CN=ISRG Root X1/);
  });

  it("is served without a key and without a rate limit", async () => {
    const { emulator } = await startQuick({ rateLimit: { perSecond: 1 } });
    const { id } = emulator.clusters.create(basic("orders"));
    for (const authorization of ["Bearer wrong", "nonsense", `Bearer ${emulator.apiKey}`]) {
      const headers = { authorization, "cc-version": "1999-01-01" };
      assert.equal((await get(emulator, id, { headers })).status, 200);
    }
    assert.deepEqual(
      emulator.requests.map(({ path, status, operation }) => [path, status, operation]),
      Array(3).fill([`/clusters/${id}/cert`, 200, undefined]),
    );
  });

  it("is a 404 page for a cluster that is unknown, being created, or deleted", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    assert.equal((await api.delete(`/clusters/${id}`)).status, 200);
    await emulator.clock.advance(3_600_000);
    const created = await api.post("/clusters", advanced("archive"));
    for (const wrong of [id, created.body.id, "11111111-1111-4111-8111-111111111111", "x"]) {
      const response = await get(emulator, wrong);
      assert.equal(response.status, 404);
      assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
      assert.doesNotMatch(await response.text(), /CERTIFICATE/);
    }
    assert.equal((await get(emulator, id, { method: "POST" })).status, 401);
  });

  for (const [unknownCert, status, location] of [
    ["200-html", 200, null],
    ["redirect", 302, "/login"],
  ] as const) {
    it(`is ${status} for an unknown cluster where the assumption says so`, async () => {
      const { emulator } = await startQuick({ assumptions: { unknownCert } });
      const response = await get(emulator, "x", { redirect: "manual" });
      assert.equal(response.status, status);
      assert.equal(response.headers.get("location"), location);
      assert.doesNotMatch(await response.text(), /CERTIFICATE/);
    });
  }

  it("is served while the cluster is created where the assumption says so", async () => {
    const { emulator, api } = await startQuick({ assumptions: { certWhileCreating: true } });
    const { body } = await api.post("/clusters", advanced("orders"));
    assert.match(await (await get(emulator, body.id)).text(), /BEGIN CERTIFICATE/);
  });

  it("changes with the authority of the cluster, with both in one text while they overlap", async () => {
    const { emulator } = await startQuick();
    const { id } = emulator.clusters.create(advanced("orders"));
    const read = async () => (await get(emulator, id)).text();
    const first = await read();
    emulator.clusters.rotateCa(id, true);
    const both = await read();
    assert.ok(both.startsWith(first) && both.length > first.length);
    const second = both.slice(first.length);
    emulator.clusters.rotateCa(id);
    const third = await read();
    const keys = [first, second, third].map((pem) => {
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.verify(certificate.publicKey));
      return certificate.publicKey.export({ format: "der", type: "spki" }).toString("hex");
    });
    assert.equal(new Set(keys).size, 3);
    assert.throws(() => emulator.clusters.rotateCa("x"), /no cluster/);
  });

  it("has faults of its own, which leave the API alone", async () => {
    const { emulator, api } = await startQuick();
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.faults.add("GetClusterCertificate", { status: 503, body: "<html>busy</html>" });
    emulator.faults.add("GetClusterCertificate", { cutBody: true });
    assert.equal((await api.get(`/clusters/${id}`)).status, 200);
    const busy = await get(emulator, id);
    assert.deepEqual([busy.status, await busy.text()], [503, "<html>busy</html>"]);
    assert.equal(emulator.requests.at(-1)?.fault, "status 503");
    await assert.rejects(get(emulator, id).then((response) => response.text()));
    assert.equal((await get(emulator, id)).status, 200);
  });
});

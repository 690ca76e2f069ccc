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
});

import { strict as assert } from "node:assert";
import type { Emulator } from "../../../emulator/index";
import { scaledClock } from "../../../emulator/index";
import { checkEmulators } from "../../support/emulator";
import { advanced, basic, callerOf, hour, minute, startQuick, withAdvanced } from "../caller";

/** The page, and what a reader sees of it. */
async function pageOf(
  emulator: Emulator,
): Promise<{ response: Response; html: string; text: string }> {
  const response = await fetch(`${emulator.url}/`);
  const html = await response.text();
  const [, main = ""] = /<main>(.*)<\/main>/s.exec(html) ?? [];
  return { response, html, text: main.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ") };
}

describe("Status page", () => {
  checkEmulators();

  it("is served without a key, and allows nothing but its own style and script", async () => {
    const { emulator } = await startQuick();
    const { response, html } = await pageOf(emulator);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(
      policy,
      /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    assert.doesNotMatch(html, /https?:|style=| on\w+=/);
    // What waits for a server asks so.
    const head = await fetch(`${emulator.url}/`, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-security-policy"), policy);
    assert.equal(await head.text(), "");
  });

  it("does not affect the log, the rate limit or other paths", async () => {
    const { emulator, api } = await startQuick({ rateLimit: { perSecond: 1, time: "emulator" } });
    for (let times = 0; times < 5; times += 1) await pageOf(emulator);
    assert.deepEqual([...emulator.requests], []);
    assert.equal((await api.get("/clusters")).status, 200);
    const headers = { authorization: `Bearer ${emulator.apiKey}` };
    const posted = await fetch(`${emulator.url}/`, { method: "POST", headers });
    assert.equal(posted.status, 429);
    assert.equal((await fetch(`${emulator.url}/favicon.ico`)).status, 401);
    assert.deepEqual(
      emulator.requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /api/v1/clusters", "POST /", "GET /favicon.ico"],
    );
  });

  it("shows past and upcoming events of a cluster", async () => {
    const { emulator, api } = await startQuick();
    await api.post("/clusters", advanced("orders"));
    await emulator.clock.advance(10 * minute);
    const { text } = await pageOf(emulator);
    assert.match(text, /2026-06-01 00:10:00 UTC .* stands still until it is advanced/);
    assert.match(text, /emulated-organization .* orders CREATING/);
    assert.match(text, /ADVANCED on AWS, us-east-1 \(3 nodes\), v\d/);
    assert.match(text, /Creation, 40 %/);
    assert.match(
      text,
      /00:00:00 CreateCluster by key-1 00:00:00 Creation begins 00:25:00 Creation ends in 15 min/,
    );
    await emulator.clock.advance(15 * minute);
    const later = await pageOf(emulator);
    assert.match(later.text, /orders CREATED/);
    assert.match(later.text, /00:25:00 Creation ends (?!in)/);
    assert.doesNotMatch(later.text, /Creation, \d+ %/);
  });

  it("shows upgrades, locks, patches, deletions and the service's own operations", async () => {
    const { emulator, api, id } = await withAdvanced();
    emulator.clusters.lock(id, 10 * minute);
    assert.match((await pageOf(emulator)).text, /LOCKED .*00:10:00 Maintenance ends in 10 min/);
    emulator.clusters.unlock(id);
    assert.match((await pageOf(emulator)).text, /00:00:00 Maintenance ends (?!in)/);
    emulator.clusters.maintain(id, hour);
    assert.match((await pageOf(emulator)).text, /MAINTENANCE_RUNNING .* Maintenance ends in 1 h/);
    await emulator.clock.advance(hour);
    assert.match((await pageOf(emulator)).text, /01:00:00 Maintenance ends (?!in)/);
    emulator.faults.holdNextDelete(minute);
    await api.delete(`/clusters/${id}`);
    assert.match(
      (await pageOf(emulator)).text,
      /Deletion begins .*01:01:00 Deletion ends in 1 min/,
    );
    await emulator.clock.advance(minute);
    const { text } = await pageOf(emulator);
    assert.match(text, /No clusters\. Deleted clusters: 1 orders/);
  });

  it("shows users and the last requests with their status and fault, newest first", async () => {
    const { emulator, api } = await startQuick({ rateLimit: { perSecond: 2, time: "emulator" } });
    const { id } = emulator.clusters.create(basic("orders", {}, { labels: { team: "payments" } }));
    await api.post(`/clusters/${id}/sql-users`, { name: "app", password: "the password of app" });
    emulator.faults.add("ListClusters", { status: 503 });
    await api.get("/clusters");
    await api.get("/clusters");
    const { text, html } = await pageOf(emulator);
    assert.match(text, /team: payments/);
    assert.match(text, /SQL users app/);
    assert.match(text, /Requests 3, 1 throttled/);
    assert.match(
      text,
      /Time Method Path Status 00:00:00 GET \/api\/v1\/clusters 429 throttled 00:00:00 GET \/api\/v1\/clusters 503 status 503 00:00:00 POST \S+\/sql-users 200/,
    );
    assert.ok(!html.includes("the password of app"));
  });

  it("never shows a key, not even one that a client puts into a path", async () => {
    const { emulator, api } = await startQuick();
    const other = emulator.organization.addKey({ name: "deploy" });
    await callerOf(emulator, other).get(`/${other}/clusters?key=${emulator.apiKey}`);
    await api.get("/clusters");
    const { html, text } = await pageOf(emulator);
    assert.match(text, /\/api\/v1\/\[redacted\]\/clusters/);
    assert.ok(!html.includes(emulator.apiKey));
    assert.ok(!html.includes(other));
    assert.ok(!html.includes("Bearer"));
  });

  it("escapes whatever it shows", async () => {
    const evil = `"><img src=x onerror="alert('1')"><b>&`;
    const { emulator } = await startQuick({ organizations: [{ name: evil }] });
    const { id } = emulator.clusters.create(basic("orders"));
    emulator.clusters.edit(id, { labels: { [evil]: evil }, cockroachVersion: evil });
    emulator.sqlUsers.add(id, evil);
    await fetch(`${emulator.url}/${encodeURIComponent(evil)}'<b>`);
    const { html } = await pageOf(emulator);
    assert.doesNotMatch(html, /<img|<b>&/);
    assert.equal(html.split("&#34;&#62;&#60;img src=x onerror=&#34;alert").length, 6);
  });

  it("shows a bounded number of clusters, users and requests, and counts the others", async () => {
    const { emulator, api } = await startQuick({ clock: scaledClock(60) });
    const ids = Array.from(
      { length: 65 },
      (_, index) => emulator.clusters.create(basic(`cluster-${index}`)).id,
    );
    for (const id of ids.slice(0, 25)) emulator.clusters.delete(id);
    emulator.sqlUsers.add(
      ids.at(-1) ?? "",
      Array.from({ length: 33 }, (_, index) => `user-${index}`),
    );
    for (let times = 0; times < 45; times += 1) await api.get("/organization");
    const { text } = await pageOf(emulator);
    assert.match(text, /60 × real time/);
    assert.match(text, /Deleted clusters: 25 .* And 5 more deleted clusters\./);
    assert.match(text, /And 3 more users\./);
    assert.match(text, /And 5 more requests\./);
  });
});

// The page at `/`: what the emulator holds at this moment, for people. It only shows, and knows neither keys nor
// passwords. The server renders all of it; the script does nothing but fetch it again.

import { createHash } from "node:crypto";
import { auditLogOf } from "../areas/audit-log";
import { sqlUsersOf } from "../areas/sql-user";
import { clustersOf } from "../cluster/find";
import { titleOf } from "../cluster/history";
import type { ClusterEvent, ClusterRecord } from "../cluster/record";
import { toWire } from "../cluster/response";
import { progressOf } from "../cluster/timeline";
import type { EmulatorContext } from "../context";
import type { Organization } from "../organization/organization";
import type { Clock } from "../server/clock";
import type { LoggedRequest } from "../server/exchange";
import { parseLoosely } from "../server/protojson";
import { upcomingEventsOf } from "./upcoming-events";

/** What the page shows. */
export interface StatusPageParts {
  readonly context: EmulatorContext;
  readonly organizations: readonly Organization[];
  /** Oldest first. */
  readonly requests: readonly LoggedRequest[];
}

/** The page, and the headers that it is served with. */
export interface StatusPage {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How much is shown; the rest is counted. */
const most = { clusters: 60, deleted: 20, users: 30, pastEvents: 8, nextEvents: 4, requests: 40 };

/** Text that is HTML already. Everything else is escaped. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | undefined | readonly Content[];

function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(String.raw({ raw: parts }, ...contents.map(textOf)));
}

function textOf(content: Content): string {
  if (content instanceof Html) {
    return content.text;
  }
  if (typeof content === "object") {
    return content.map(textOf).join("");
  }
  return String(content ?? "").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Renders the page as things are now. */
export function statusPage(parts: StatusPageParts): StatusPage {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CockroachDB Cloud API emulator</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<style>${new Html(style)}</style>
</head>
<body>
<header class="top">
<h1>CockroachDB Cloud <span>API emulator</span></h1>
<p class="controls"><span role="status"></span> <button type="button" hidden>Pause</button></p>
</header>
${mainPart(parts)}
<script>${new Html(script)}</script>
</body>
</html>
`;
  return { text: page.text, headers };
}

function mainPart({ context, organizations, requests }: StatusPageParts): Html {
  const now = context.clock.now();
  return html`<main>
<dl class="facts">
<div><dt>Emulator’s time</dt><dd><time datetime="${iso(now)}">${dayOf(now)} ${timeOf(now)}</time> UTC</dd></div>
<div><dt>Clock</dt><dd>${paceOf(context.clock)}</dd></div>
<div><dt>Requests</dt><dd>${requests.length}${throttledPart(requests)}</dd></div>
</dl>
${organizations.map((organization, index) => organizationPart(organization, index, context))}
${requestsPart(requests, organizations, now)}
</main>`;
}

function paceOf({ scale }: Clock): string {
  switch (scale) {
    case 0:
      return "stands still until it is advanced";
    case 1:
      return "real time";
    default:
      return `${scale} × real time`;
  }
}

function throttledPart(requests: readonly LoggedRequest[]): string {
  const throttled = requests.filter((request) => request.throttled).length;
  return throttled === 0 ? "" : `, ${throttled} throttled`;
}

function organizationPart(
  organization: Organization,
  index: number,
  context: EmulatorContext,
): Html {
  const clusters = clustersOf(organization, context).reverse();
  const live = clusters.filter(({ phase }) => phase !== "deleted");
  const deleted = clusters.filter(({ phase }) => phase === "deleted");
  const id = `organization-${index + 1}`;
  return html`<section aria-labelledby="${id}">
<div class="title"><h2 id="${id}">${organization.name}</h2><p class="id">${organization.id}</p></div>
${
  live.length === 0
    ? html`<p class="empty">No clusters.</p>`
    : html`<div class="cards">${live.slice(0, most.clusters).map((cluster) => clusterPart(cluster, organization, context))}</div>`
}
${leftOver(live.length, most.clusters, "clusters")}
${deleted.length === 0 ? undefined : deletedPart(deleted, id, context)}
</section>
`;
}

function deletedPart(
  deleted: readonly ClusterRecord[],
  section: string,
  context: EmulatorContext,
): Html {
  const now = context.clock.now();
  return html`<details id="${section}-deleted"><summary id="${section}-deleted-summary">Deleted clusters: ${deleted.length}</summary>
<ul class="deleted">${deleted.slice(0, most.deleted).map(
    (cluster) =>
      html`<li><b>${cluster.name}</b> <span class="id">${cluster.id}</span> ${momentPart(cluster.deletedAt ?? now, now)}</li>
`,
  )}</ul>${leftOver(deleted.length, most.deleted, "deleted clusters")}</details>`;
}

function clusterPart(
  cluster: ClusterRecord,
  organization: Organization,
  context: EmulatorContext,
): Html {
  const wire = toWire(cluster, context);
  const regions = wire.regions.map(({ name, node_count: nodes }) =>
    nodes === 0 ? name : `${name} (${nodes} ${nodes === 1 ? "node" : "nodes"})`,
  );
  const labels = Object.entries(wire.labels);
  const isProtected = wire.delete_protection === "ENABLED";
  return html`<article aria-labelledby="cluster-${cluster.id}">
<div class="title"><h3 id="cluster-${cluster.id}">${wire.name}</h3><p class="state ${wire.state}">${wire.state}</p></div>
<p class="id">${wire.id}</p>
<p>${wire.plan} on ${wire.cloud_provider}, ${regions.join(", ")}, ${wire.cockroach_version}</p>
${
  wire.operation_status === "UNSPECIFIED" && !isProtected && labels.length === 0
    ? undefined
    : html`<ul class="tags" aria-label="Properties of ${wire.name}">
${wire.operation_status === "UNSPECIFIED" ? undefined : html`<li class="operation">${wire.operation_status}</li>`}
${isProtected ? html`<li>delete protection</li>` : undefined}
${labels.map(([key, value]) => html`<li>${key}: ${value}</li>`)}</ul>`
}
${progressPart(cluster, context)}
${timelinePart(cluster, organization, context)}
${usersPart(cluster)}
</article>
`;
}

function progressPart(cluster: ClusterRecord, context: EmulatorContext): Html | undefined {
  if (cluster.job === undefined) {
    return undefined;
  }
  const percent = Math.floor(progressOf(cluster, context.clock.now()) * 100);
  const title = titleOf(cluster, cluster.job.operation);
  return html`<p class="progress"><progress max="100" value="${percent}" aria-label="${title} of ${cluster.name}"></progress> ${title}, ${percent} %</p>`;
}

function timelinePart(
  cluster: ClusterRecord,
  organization: Organization,
  context: EmulatorContext,
): Html {
  const now = context.clock.now();
  const past = [
    ...changesOf(cluster, organization),
    ...cluster.history.filter(({ at }) => at <= now),
  ].sort((a, b) => a.at - b.at);
  const next = upcomingEventsOf(cluster, context).slice(0, most.nextEvents);
  return html`<h4>Timeline</h4>
<ol class="timeline">
${past.slice(-most.pastEvents).map(
  ({ at, what }) => html`<li>${momentPart(at, now)} <span>${what}</span></li>
`,
)}${next.map(
  ({ at, what }) =>
    html`<li class="next">${momentPart(at, now)} <span>${what} <em>in ${spanOf(at - now)}</em></span></li>
`,
)}</ol>`;
}

/** What was changed through the API. */
function changesOf(cluster: ClusterRecord, organization: Organization): ClusterEvent[] {
  return auditLogOf(organization)
    .filter((entry) => entry.cluster_id === cluster.id)
    .slice(-most.pastEvents)
    .map((entry) => {
      const payload = parseLoosely(entry.payload);
      const operation =
        typeof payload === "object" && payload !== null && "operation" in payload
          ? String(payload.operation)
          : entry.action;
      const who = entry.service_account_name || entry.user_email || "the service itself";
      const refused = entry.error === "" ? "" : ", refused";
      return { at: Date.parse(entry.created_at), what: `${operation} by ${who}${refused}` };
    });
}

function usersPart(cluster: ClusterRecord): Html | undefined {
  const names = [...sqlUsersOf(cluster).keys()].sort();
  return names.length === 0
    ? undefined
    : html`<h4 id="users-${cluster.id}">SQL users</h4>
<ul class="tags" aria-labelledby="users-${cluster.id}">${names.slice(0, most.users).map((name) => html`<li>${name}</li>`)}</ul>
${leftOver(names.length, most.users, "users")}`;
}

function requestsPart(
  requests: readonly LoggedRequest[],
  organizations: readonly Organization[],
  now: number,
): Html {
  const last = requests.slice(-most.requests).reverse();
  const secrets = organizations.flatMap(({ keys }) =>
    [...keys.values()].map(({ secret }) => secret),
  );
  // A client that is wrong about the API may put its key into a path.
  const shown = (path: string) =>
    secrets.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), path);
  return html`<section aria-labelledby="requests">
<div class="title"><h2 id="requests">Last requests</h2></div>
${
  last.length === 0
    ? html`<p class="empty">None yet.</p>`
    : html`<table aria-labelledby="requests">
<thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Status</th></tr></thead>
<tbody>
${last.map(
  (
    request,
  ) => html`<tr><td>${momentPart(request.at, now)}</td><td>${request.method}</td><td class="path">${shown(request.path)}</td><td class="status">${statusPart(request)}</td></tr>
`,
)}</tbody>
</table>`
}
${leftOver(requests.length, most.requests, "requests")}
</section>`;
}

function statusPart({ status, throttled, fault }: LoggedRequest): Html {
  const kind = status >= 400 ? "bad" : "good";
  return html`${status === 0 ? "no response" : html`<span class="${kind}">${status}</span>`}${
    throttled ? html` <span class="mark">throttled</span>` : undefined
  }${fault === undefined ? undefined : html` <span class="mark">${fault}</span>`}`;
}

function leftOver(count: number, shown: number, what: string): Html | undefined {
  return count <= shown ? undefined : html`<p class="empty">And ${count - shown} more ${what}.</p>`;
}

function momentPart(at: number, now: number): Html {
  const day = dayOf(at) === dayOf(now) ? "" : `${dayOf(at)} `;
  return html`<time datetime="${iso(at)}">${day}${timeOf(at)}</time>`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function dayOf(ms: number): string {
  return iso(ms).slice(0, 10);
}

function timeOf(ms: number): string {
  return iso(ms).slice(11, 19);
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A span with its two largest units, rounded up: `2 d 3 h`, `25 min`. */
function spanOf(ms: number): string {
  let rest = Math.ceil(ms / 1_000) * 1_000;
  const first = units.findIndex(([, size]) => rest >= size);
  return units
    .slice(first, first + 2)
    .map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? "" : `${count} ${unit}`;
    })
    .filter(Boolean)
    .join(" ");
}

const icon = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#5b3fd6"/><path d="M4 9h2l1.5-4 2 7L11 9h1" fill="none" stroke="#fff" stroke-width="1.4"/></svg>',
);

const style = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --line: #dcdfe6; --text: #1b1e26; --soft: #565d6b; --accent: #5b3fd6;
  --green: #0d6239; --green-back: #dcf3e6; --blue: #1b4aa3; --blue-back: #e1eafc;
  --amber: #704600; --amber-back: #fcecc8; --red: #9d1a2b; --red-back: #fce2e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121419; --card: #1b1e25; --line: #30343f; --text: #e7e9ef; --soft: #a4abba; --accent: #a897ff;
    --green: #8be0b0; --green-back: #133626; --blue: #a8c5ff; --blue-back: #1a2f55;
    --amber: #f2cf85; --amber-back: #43310d; --red: #ffb1b9; --red-back: #4c1a20;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
.top, main { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; justify-content: space-between; padding-top: 1.5rem; }
h1 { font-size: 1.3rem; font-weight: 650; letter-spacing: -.01em; }
h1 span { color: var(--soft); font-weight: 450; }
h2 { font-size: 1.05rem; font-weight: 650; }
h3 { font-size: 1rem; font-weight: 650; }
h4 { font-size: .8rem; font-weight: 600; color: var(--soft); margin-top: .9rem; }
h2, h3, .path, .id, .tags li { overflow-wrap: anywhere; }
button { font: inherit; font-size: .85rem; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .15rem .7rem; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role=status] { color: var(--red); font-size: .85rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin-top: .9rem; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
dt { color: var(--soft); font-size: .8rem; }
time, dd { font-variant-numeric: tabular-nums; }
section { margin-top: 1.75rem; }
.title { display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline; }
article .title { justify-content: space-between; }
.id { color: var(--soft); font: .78rem/1.6 ui-monospace, monospace; }
.empty { color: var(--soft); margin-top: .4rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1rem; margin-top: .6rem; align-items: start; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem 1rem; min-width: 0; }
.state { font-size: .75rem; font-weight: 650; letter-spacing: .03em; border-radius: 1rem; padding: .1rem .6rem; color: var(--red); background: var(--red-back); }
.CREATED { color: var(--green); background: var(--green-back); }
.CREATING { color: var(--blue); background: var(--blue-back); }
.LOCKED { color: var(--amber); background: var(--amber-back); }
.tags { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; margin-top: .4rem; }
.tags li { font-size: .82rem; border: 1px solid var(--line); border-radius: .35rem; padding: 0 .45rem; min-width: 0; }
.tags .operation { color: var(--amber); background: var(--amber-back); border-color: transparent; }
.progress { font-size: .85rem; margin-top: .6rem; color: var(--soft); }
progress { display: block; width: 100%; height: .45rem; accent-color: var(--accent); }
.timeline { list-style: none; margin-top: .2rem; font-size: .88rem; }
.timeline li { display: flex; gap: .75rem; padding: .1rem 0 .1rem .9rem; border-left: 2px solid var(--accent); overflow-wrap: anywhere; }
.timeline li.next { border-left-style: dotted; color: var(--soft); }
.timeline time, table time { color: var(--soft); flex: none; max-width: 5.5rem; }
.timeline em { font-style: normal; color: var(--accent); white-space: nowrap; }
details { margin-top: .8rem; }
summary { cursor: pointer; color: var(--soft); }
.deleted { list-style: none; margin-top: .3rem; font-size: .88rem; }
table { width: 100%; border-collapse: separate; border-spacing: 0; margin-top: .6rem; font-size: .88rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-size: .8rem; font-weight: 600; }
.path { font: .82rem/1.6 ui-monospace, monospace; width: 100%; }
.status { white-space: nowrap; }
.good { color: var(--green); font-weight: 600; }
.bad { color: var(--red); font-weight: 600; }
.mark { display: inline-block; font-size: .78rem; border-radius: .3rem; padding: 0 .4rem; color: var(--amber); background: var(--amber-back); }
main { padding-bottom: 3rem; }
@media (max-width: 34rem) {
  .top, main { padding-left: .75rem; padding-right: .75rem; }
  th, td { padding: .35rem .4rem; }
  .status { white-space: normal; }
}
`;

const script = `
const button = document.querySelector("button");
const status = document.querySelector("[role=status]");
let paused = false;
let shown = "";
button.hidden = false;
button.addEventListener("click", () => {
  paused = !paused;
  button.textContent = paused ? "Resume" : "Pause";
});
async function refresh() {
  if (paused || document.hidden || !getSelection().isCollapsed) return;
  try {
    const text = await (await fetch("/")).text();
    status.textContent = "";
    if (text === shown) return;
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    for (const { id } of document.querySelectorAll("details[open]")) fresh.querySelector("#" + id)?.setAttribute("open", "");
    const focused = document.activeElement?.id;
    document.querySelector("main").replaceWith(fresh);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    shown = text;
  } catch {
    status.textContent = "No response from the emulator.";
  }
}
(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await refresh();
  }
})();
`;

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const headers = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

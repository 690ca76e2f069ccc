// What can go wrong in a random life: requests that fail, and others who change things.
import * as fc from "fast-check";
import type { Emulator, Fault, WireCluster } from "../../../emulator";

const minute = 60_000;

const anyFault = fc.constantFrom<Fault>(
  { reset: "before-effect" },
  { reset: "after-effect" },
  { status: 500 },
  { status: 500, effect: "after" },
  { status: 502, body: "<html>bad gateway</html>" },
  { status: 503, message: "couldn't lock cluster" },
  { status: 504, effect: "after" },
  { status: 429, headers: { "Retry-After": "3" } },
  { status: 401, message: "invalid token" },
  { status: 403, message: "unauthorized" },
  { status: 409, message: "conflict" },
  { cutBody: true },
  { notJson: true },
  { hang: "before-effect" },
  { hang: "after-effect" },
);
/** What hits requests. */
export const trouble = fc.record({
  operation: fc.constantFrom(
    "*",
    "*",
    "CreateCluster",
    "UpdateCluster",
    "GetCluster",
    "ListClusters",
    "DeleteCluster",
    "CreateSQLUser",
    "AddAllowlistEntry",
    "CreateDatabase",
  ),
  fault: anyFault,
  nth: fc.integer({ min: 1, max: 6 }),
  times: fc.constantFrom(1, 1, 3, 30),
});

/** What others do. Each finds its own victim, or nothing to do. */
export const mischief = fc.constantFrom(
  "labels",
  "lock",
  "maintain",
  "delete cluster",
  "fail creation",
  "remove user",
  "remove entry",
  "add user",
);

/** Carries it out on a cluster. */
export function disturb(emulator: Emulator, what: string, cluster: WireCluster): void {
  const { clusters, sqlUsers, allowlist } = emulator;
  const { id, labels } = cluster;
  switch (what) {
    case "labels":
      clusters.edit(id, { labels: { ...labels, theirs: "1" } });
      break;
    case "lock":
      clusters.lock(id, 5 * minute);
      break;
    case "maintain":
      clusters.maintain(id, 5 * minute);
      break;
    case "delete cluster":
      clusters.delete(id);
      break;
    case "fail creation":
      if (cluster.state === "CREATING") clusters.failCreation(id);
      break;
    case "remove user": {
      const [user] = sqlUsers.list(id);
      if (user !== undefined) sqlUsers.remove(id, user);
      break;
    }
    case "remove entry": {
      const [entry] = allowlist.list(id);
      if (entry !== undefined) allowlist.remove(id, `${entry.cidr_ip}/${entry.cidr_mask}`);
      break;
    }
    case "add user":
      sqlUsers.add(id, "colleague");
  }
}

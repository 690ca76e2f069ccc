// The nodes of Advanced clusters. They become LIVE one after another while a cluster is created or scaled, which
// is all the progress that the API shows.

import type { Area } from "../area";
import { isDisrupted, zonesOfNodes } from "../cluster/disruption";
import { liveClusterOf } from "../cluster/find";
import type { ClusterRecord } from "../cluster/record";
import { progressOf } from "../cluster/timeline";
import type { Call } from "../server/call";
import { failedPrecondition } from "../server/errors";
import { page } from "../server/paging";
import { textParameter } from "../server/query";

/** A node as the API spells it. */
interface WireNode {
  name: string;
  region_name: string;
  status: "LIVE" | "NOT_READY";
}

function listClusterNodes(call: Call): object {
  const cluster = liveClusterOf(call);
  if (cluster.plan !== "ADVANCED" && call.context.assumptions.serverlessNodes === "refused") {
    throw failedPrecondition("nodes are supported for advanced clusters only");
  }
  const region = textParameter(call.query, "region_name") ?? "";
  const nodes = nodesOf(cluster, call.now)
    .filter((node) => region === "" || node.region_name === region)
    .map((node) =>
      isDisrupted(cluster, node.region_name, node.name) ? withStatus(node, false) : node,
    );
  const { items, pagination } = page(call, nodes, {
    sortKey: (node) => [node.region_name, node.name],
  });
  return { nodes: items, pagination };
}

function nodesOf(cluster: ClusterRecord, now: number): WireNode[] {
  const progress = progressOf(cluster, now);
  const present = namedNodes(cluster.regions);
  if (cluster.phase === "creating" || cluster.phase === "creation-failed") {
    const live = cluster.phase === "creating" ? Math.floor(progress * present.length) : 0;
    return present.map((node, index) => withStatus(node, index < live));
  }
  const target = cluster.job?.targetRegions;
  if (target === undefined) {
    return present.map((node) => withStatus(node, true));
  }
  const known = new Set(present.map((node) => node.name));
  const all = namedNodes(target);
  const fresh = all.filter((node) => !known.has(node.name));
  if (fresh.length > 0) {
    const live = new Set(fresh.slice(0, Math.floor(progress * fresh.length)).map((n) => n.name));
    return all.map((node) => withStatus(node, known.has(node.name) || live.has(node.name)));
  }
  // One node after another restarts on its new machine, or leaves.
  const restarting = Math.min(present.length - 1, Math.floor(progress * present.length));
  return present.map((node, index) => withStatus(node, index !== restarting));
}

function namedNodes(
  regions: readonly { readonly name: string; readonly nodes: number }[],
): Omit<WireNode, "status">[] {
  return [...regions]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((region) =>
      [...zonesOfNodes(region).keys()].map((name) => ({ name, region_name: region.name })),
    );
}

function withStatus(node: Omit<WireNode, "status">, isLive: boolean): WireNode {
  return { ...node, status: isLive ? "LIVE" : "NOT_READY" };
}

/** The nodes of a cluster. */
export const nodeArea: Area = { operations: { ListClusterNodes: listClusterNodes } };

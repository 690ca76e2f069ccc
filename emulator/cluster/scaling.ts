// Changes of Advanced clusters: nodes, regions, machines, storage. `region_nodes` is the complete wish: a region
// that is left out is removed. Storage never shrinks, and many nodes never become one.

import type { CatalogueMachine } from "../catalogue/machines";
import { machineOfType } from "../catalogue/machines";
import type { EmulatorContext } from "../context";
import { failedPrecondition, invalidValue } from "../server/errors";
import type { RegionKey } from "./cmek-key";
import { checkedRegionKeys } from "./cmek-key";
import { dedicatedRegion } from "./create";
import { checkNoEgressEndpoints } from "./egress-endpoint";
import { checkPermissions, cmekOf, followRegions } from "./encryption";
import type { ClusterRecord, RegionRecord } from "./record";
import { sortedRegions } from "./record";
import type { Change } from "./rules";
import { checkRegionNodes, diskFor, machinesFor } from "./rules";
import { startJob } from "./timeline";
import type { OperationStatus, WireCmekRegionSpec, WireUpdateCluster } from "./wire";

/** AWS lets a disk grow once in six hours. */
const storageGrowthMs = 6 * 60 * 60 * 1000;

/** Checks the part of an update that concerns an Advanced cluster. @throws what the API refuses. */
export function planDedicatedChange(
  cluster: ClusterRecord,
  asked: NonNullable<WireUpdateCluster["dedicated"]>,
  context: EmulatorContext,
  now: number,
): Change[] {
  const current = cluster.disk;
  if (current === undefined) {
    return [];
  }
  const regionNodes = asked.region_nodes ?? nodesOf(cluster);
  if (asked.region_nodes !== undefined) {
    checkTopologyChange(cluster, asked.region_nodes, context);
  }
  const { provider } = cluster;
  const names = Object.keys(regionNodes);
  const machines = machinesFor(asked, names, provider, sortedRegions(cluster), context);
  const moving = new Set(
    cluster.regions
      .filter(({ name, machine }) => (machines.get(name) ?? machine)?.type !== machine?.type)
      .map(({ name }) => name),
  );
  const movesMachine = moving.size > 0;
  const disk = diskFor(asked.hardware ?? {}, provider, machines, { ...current, movesMachine });
  const grows = disk.storageGib > current.storageGib;
  if (
    grows &&
    provider === "AWS" &&
    cluster.storageGrownAt !== undefined &&
    now < cluster.storageGrownAt + storageGrowthMs
  ) {
    throw failedPrecondition("storage on AWS can be increased only once within six hours");
  }
  const present = nodesOf(cluster);
  const added = names.filter((region) => !Object.hasOwn(present, region));
  const removed = Object.keys(present).filter((region) => !Object.hasOwn(regionNodes, region));
  checkNoEgressEndpoints(cluster, removed);
  const addedKeys = keysOfAdded(cluster, asked.cmek_region_specs ?? [], added);

  // Other machines may bring other disks with them; that alone is no scaling.
  const changesDisk = grows || (disk.diskIops !== current.diskIops && !movesMachine);
  const changesNodes =
    added.length + removed.length > 0 ||
    Object.entries(regionNodes).some(([region, nodes]) => present[region] !== nodes);
  const scales = changesNodes || changesDisk;
  if (!movesMachine && !scales) {
    return [];
  }
  if (addedKeys.length > 0) {
    checkPermissions(context);
  }
  const { changeMachineMs, changeRegionMs, scaleMs } = context.durations;
  const changedRegions = added.length + removed.length;
  return [
    () => {
      const moved = movesMachine ? context.queued.consumeMovedMachine() : undefined;
      const other =
        moved === undefined ? undefined : machineOfType(context.machines, provider, moved);
      const targetRegions = regionsFor(cluster, regionNodes, (name) =>
        other !== undefined && moving.has(name) ? other : machines.get(name),
      );
      cluster.storageGrownAt = grows ? now : cluster.storageGrownAt;
      startJob(cluster, now, {
        operation: operationFor(movesMachine, scales),
        durationMs:
          (movesMachine ? changeMachineMs : 0) +
          (changedRegions > 0 ? changedRegions * changeRegionMs : scales ? scaleMs : 0),
        locks: true,
        targetRegions,
        fails: context.queued.consumeJobFailure(),
        succeed: (at) => {
          cluster.disk = disk;
          cluster.regions = targetRegions;
          followRegions(cluster, addedKeys, at);
        },
      });
      return true;
    },
  ];
}

/** The keys of the regions that an encrypted cluster gains: one for each of them, and none for the others. */
function keysOfAdded(
  cluster: ClusterRecord,
  specs: readonly WireCmekRegionSpec[],
  added: readonly string[],
): RegionKey[] {
  const misplaced = specs.find(({ region = "" }) => !added.includes(region));
  if (misplaced !== undefined) {
    throw invalidValue(`cmek_region_specs: region '${misplaced.region ?? ""}' is not being added`);
  }
  const { status } = cmekOf(cluster);
  if (status === "DISABLED") {
    if (specs.length > 0) {
      throw failedPrecondition("CMEK is not enabled on the cluster");
    }
    return [];
  }
  const keys = checkedRegionKeys(specs, cluster.provider);
  const keyless = added.filter((name) => !keys.some(({ region }) => region === name));
  if (keyless.length > 0) {
    throw failedPrecondition(
      `cmek_region_specs must name the regions that are added to an encrypted cluster, missing: ${keyless.join(", ")}`,
    );
  }
  if (added.length > 0 && (status === "REVOKED" || status === "REVOKE_FAILED")) {
    throw failedPrecondition("CMEK has been revoked; contact support to restore access");
  }
  return keys;
}

function nodesOf(cluster: ClusterRecord): Record<string, number> {
  return Object.fromEntries(cluster.regions.map((region) => [region.name, region.nodes]));
}

function checkTopologyChange(
  cluster: ClusterRecord,
  regionNodes: Readonly<Record<string, number>>,
  context: EmulatorContext,
): void {
  const total = Object.values(regionNodes).reduce((sum, nodes) => sum + nodes, 0);
  const before = cluster.regions.reduce((sum, region) => sum + region.nodes, 0);
  if (before > 1 && total === 1) {
    throw failedPrecondition("a multi-node cluster cannot become a single-node cluster");
  }
  if (cluster.regions.length > 2 && Object.keys(regionNodes).length === 2) {
    throw failedPrecondition("a multi-region cluster must have at least three regions");
  }
  checkRegionNodes(regionNodes, cluster.provider, context);
}

function regionsFor(
  cluster: ClusterRecord,
  regionNodes: Readonly<Record<string, number>>,
  machineIn: (region: string) => CatalogueMachine | undefined,
): RegionRecord[] {
  const host = `${cluster.name}-${cluster.hostSuffix}`;
  return Object.entries(regionNodes).map(([name, nodes]) => {
    const present = cluster.regions.find((region) => region.name === name);
    return present === undefined
      ? dedicatedRegion(name, nodes, machineIn(name), host, cluster.provider)
      : { ...present, nodes, machine: machineIn(name) };
  });
}

function operationFor(movesMachine: boolean, scales: boolean): OperationStatus {
  if (movesMachine) {
    return scales ? "CRDB_EDIT_CLUSTER_RUNNING" : "CRDB_INSTANCE_UPDATE_RUNNING";
  }
  return "CRDB_SCALE_RUNNING";
}

// Changes outside the API: what somebody does in the console, and what the service does by itself.

import type { ControlParts } from "../area";
import { machineOfType } from "../catalogue/machines";
import type { EmulatorContext } from "../context";
import { readMessage } from "../server/protojson";
import { backupSettingsOf, followPlan } from "./backup-settings";
import { rotateAuthority } from "./certificate";
import { createCluster, createClusterShape, dedicatedRegion } from "./create";
import { markDeleted } from "./delete";
import { clustersOf } from "./find";
import { beginOtherWork, endOtherWork, recordEvent } from "./history";
import type { ClusterRecord } from "./record";
import { sortedRegions, stateOf } from "./record";
import { toWire } from "./response";
import { applyDueSteps } from "./timeline";
import { finalizeUpgrade } from "./upgrade";
import type {
  DeleteProtection,
  OperationStatus,
  Plan,
  UpgradeType,
  WireCluster,
  WireCreateCluster,
  WireUsageLimits,
} from "./wire";

/** What may be changed on a cluster without any rule. */
export interface ClusterEdit {
  labels?: Record<string, string>;
  deleteProtection?: DeleteProtection;
  /** "root" or the UUID of a folder. */
  parentId?: string;
  /** BASIC or STANDARD of a serverless cluster. */
  plan?: Plan;
  upgradeType?: UpgradeType;
  /** null = unlimited. */
  usageLimits?: WireUsageLimits | null;
  /** Full version, for example `v25.2.12`, or a major form of the catalogue. */
  cockroachVersion?: string;
  /** Nodes per region of an Advanced cluster, complete. */
  regionNodes?: Record<string, number>;
  /** Machine type of all regions of an Advanced cluster, for example the one the service moves it to, or of some. */
  machineType?: string | Record<string, string>;
  storageGib?: number;
  diskIops?: number;
  /** What an operation of the past has left, for example `CRDB_PATCH_FAILED`; "UNSPECIFIED" takes it away. */
  failedOperation?: OperationStatus;
}

/** Everything that happens to clusters without a request. Ids are cluster UUIDs. */
export interface ClusterControls {
  /** The cluster as the API shows it, with changes that GET does not show yet. @throws when there is none. */
  get(id: string): WireCluster;
  /** The live cluster of this name, or else the one of this name that was deleted last. */
  find(name: string): WireCluster | undefined;
  /** All clusters of all organizations, deleted ones included. */
  list(): WireCluster[];
  /**
   * Creates a cluster as CreateCluster would, but at once and not through HTTP.
   * @param body The body of CreateCluster.
   */
  create(body: WireCreateCluster): WireCluster;
  /** Changes a cluster at once, without any rule. */
  edit(id: string, changes: ClusterEdit): WireCluster;
  /** Deletes a cluster at once, protected or not. */
  delete(id: string): WireCluster;
  /** Removes every trace of the cluster: GET returns 404. */
  forget(id: string): void;
  /**
   * Locks a cluster for a while, as an operation of somebody else would.
   * @param ms Milliseconds of the emulator's clock. @default for ever, until `unlock`
   * @param operation Shown as `operation_status`. @default "MAINTENANCE_RUNNING"
   */
  lock(id: string, ms?: number, operation?: OperationStatus): void;
  /**
   * Lets the service work on a cluster in a way that shows and leaves it CREATED and open to changes.
   * @param ms Milliseconds of the emulator's clock. @default for ever, until `unlock`
   * @param operation Shown as `operation_status`. @default "MAINTENANCE_RUNNING"
   */
  maintain(id: string, ms?: number, operation?: OperationStatus): void;
  /** Ends a lock, or the work that `maintain` has begun. */
  unlock(id: string): void;
  /** Ends the running creation, job or delayed delete at once, as it would have ended. */
  finish(id: string): WireCluster;
  /** Turns the cluster to CREATION_FAILED. */
  failCreation(id: string): WireCluster;
  /** Ends the 72 hours in which an upgrade can be rolled back. */
  finalizeUpgrade(id: string): WireCluster;
  /**
   * Gives an Advanced cluster another certificate authority.
   * @param overlaps Whether the present one stays in force as well, until the next change. @default false
   */
  rotateCa(id: string, overlaps?: boolean): void;
  /** Whether the list of allowed addresses was empty when the cluster was created. */
  startsWithEmptyAllowlist(id: string): boolean;
}

/** Creates the controls over all clusters of the organizations. */
export function clusterControls({
  organizations,
  context,
  findCluster,
}: ControlParts): ClusterControls {
  const all = () => organizations.flatMap((organization) => clustersOf(organization, context));
  const workOn = (id: string, ms: number, operation: OperationStatus, locks: boolean) => {
    const now = context.clock.now();
    beginOtherWork(findCluster(id), now, { until: now + ms, operation, locks });
  };
  const changed = (id: string, change: (cluster: ClusterRecord, now: number) => void) => {
    const cluster = findCluster(id);
    const now = context.clock.now();
    change(cluster, now);
    cluster.updatedAt = now;
    return toWire(cluster, context);
  };

  return {
    get: (id) => toWire(findCluster(id), context),
    find: (name) => {
      const named = all().filter((cluster) => cluster.name === name);
      const found = named.find((cluster) => cluster.phase !== "deleted") ?? named.at(-1);
      return found && toWire(found, context);
    },
    list: () => all().map((cluster) => toWire(cluster, context)),
    create: (body) => {
      const [organization] = organizations;
      if (organization === undefined) {
        throw new Error("The emulator has no organization.");
      }
      // Through the reader, so that whatever the API takes is stored as the API stores it.
      const request = readMessage<WireCreateCluster>(JSON.stringify(body), createClusterShape);
      const cluster = createCluster(request, {
        context,
        folders: organization.folders,
        others: clustersOf(organization, context),
        creatorId: organization.id,
        now: context.clock.now(),
      });
      organization.clusters.set(cluster.id, cluster);
      finish(cluster, context);
      return toWire(cluster, context);
    },
    rotateCa: (id, overlaps = false) => {
      rotateAuthority(findCluster(id), overlaps, context.clock.now());
    },
    edit: (id, changes) => changed(id, (cluster) => edit(cluster, changes, context)),
    delete: (id) => changed(id, markDeleted),
    forget: (id) => {
      for (const organization of organizations) {
        organization.clusters.delete(id);
      }
    },
    lock: (id, ms = Number.POSITIVE_INFINITY, operation = "MAINTENANCE_RUNNING") =>
      workOn(id, ms, operation, true),
    maintain: (id, ms = Number.POSITIVE_INFINITY, operation = "MAINTENANCE_RUNNING") =>
      workOn(id, ms, operation, false),
    unlock: (id) => {
      endOtherWork(findCluster(id), context.clock.now());
    },
    finish: (id) => {
      const cluster = findCluster(id);
      finish(cluster, context);
      return toWire(cluster, context);
    },
    failCreation: (id) =>
      changed(id, (cluster, now) => {
        cluster.steps = [];
        cluster.job = undefined;
        cluster.phase = "creation-failed";
        recordEvent(cluster, now, "Creation fails");
      }),
    finalizeUpgrade: (id) => changed(id, finalizeUpgrade),
    startsWithEmptyAllowlist: (id) => findCluster(id).startsWithEmptyAllowlist,
  };
}

function finish(cluster: ClusterRecord, context: EmulatorContext): void {
  const now = context.clock.now();
  const [due] = cluster.steps.filter(
    ({ name }) => name !== "background" && name !== "finalization",
  );
  if (due !== undefined) {
    cluster.steps = cluster.steps.filter((step) => step !== due);
    due.run(now);
    applyDueSteps(cluster, now);
  }
}

function edit(cluster: ClusterRecord, changes: ClusterEdit, context: EmulatorContext): void {
  cluster.labels = { ...(changes.labels ?? cluster.labels) };
  cluster.deleteProtection = changes.deleteProtection ?? cluster.deleteProtection;
  cluster.parentId = changes.parentId ?? cluster.parentId;
  if (changes.plan !== undefined) {
    followPlan(backupSettingsOf(cluster), changes.plan);
    cluster.plan = changes.plan;
  }
  cluster.failedOperation = changes.failedOperation ?? cluster.failedOperation;
  if (cluster.serverless !== undefined) {
    cluster.serverless.upgradeType = changes.upgradeType ?? cluster.serverless.upgradeType;
    if (changes.usageLimits !== undefined) {
      cluster.serverless.usageLimits = changes.usageLimits && { ...changes.usageLimits };
    }
  }
  if (changes.cockroachVersion !== undefined) {
    const catalogued = context.versions.find(changes.cockroachVersion);
    cluster.version = catalogued?.patch ?? changes.cockroachVersion;
  }
  if (changes.regionNodes !== undefined) {
    const host = `${cluster.name}-${cluster.hostSuffix}`;
    const machine = sortedRegions(cluster)[0]?.machine;
    cluster.regions = Object.entries(changes.regionNodes).map(([name, nodes]) => ({
      ...(cluster.regions.find((region) => region.name === name) ??
        dedicatedRegion(name, nodes, machine, host, cluster.provider)),
      nodes,
    }));
  }
  const { machineType } = changes;
  if (machineType !== undefined) {
    cluster.regions = cluster.regions.map((region) => {
      const type = typeof machineType === "string" ? machineType : machineType[region.name];
      if (type === undefined || region.machine === undefined) return region;
      const catalogued = machineOfType(context.machines, cluster.provider, type);
      return { ...region, machine: catalogued ?? { ...region.machine, type } };
    });
  }
  if (cluster.disk !== undefined) {
    cluster.disk = {
      storageGib: changes.storageGib ?? cluster.disk.storageGib,
      diskIops: changes.diskIops ?? cluster.disk.diskIops,
    };
  }
  if (stateOf(cluster, context.clock.now()) !== "DELETED") {
    cluster.stale = undefined;
  }
}

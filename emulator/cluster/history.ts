// The events of a cluster, which the status page shows and the API does not. They are in the present tense, because
// some are known before they happen.

import type { ClusterRecord } from "./record";
import type { OperationStatus } from "./wire";

/** Work on a cluster that was not requested here. */
export type OtherWork = NonNullable<ClusterRecord["otherWork"]>;

/** Events of a cluster that are kept. */
const kept = 50;

/** Adds an event to the history of a cluster. */
export function recordEvent(cluster: ClusterRecord, at: number, what: string): void {
  cluster.history.push({ at, what });
  if (cluster.history.length > kept) {
    cluster.history.shift();
  }
}

/** Begins work that was not requested here, in place of the one in progress. */
export function beginOtherWork(cluster: ClusterRecord, at: number, work: OtherWork): void {
  endOtherWork(cluster, at);
  cluster.otherWork = work;
  const title = titleOf(cluster, work.operation);
  recordEvent(cluster, at, `${title} begins`);
  if (Number.isFinite(work.until)) {
    // Known beforehand: nothing happens at the moment itself.
    recordEvent(cluster, work.until, `${title} ends`);
  }
}

/** Ends such work before its time. */
export function endOtherWork(cluster: ClusterRecord, at: number): void {
  const work = cluster.otherWork;
  cluster.otherWork = undefined;
  if (work === undefined || work.until <= at) {
    return;
  }
  const what = `${titleOf(cluster, work.operation)} ends`;
  const ahead = cluster.history.findIndex(
    (event) => event.at === work.until && event.what === what,
  );
  if (ahead >= 0) {
    cluster.history.splice(ahead, 1);
  }
  recordEvent(cluster, at, what);
}

const titles: Partial<Record<OperationStatus, string>> = {
  CRDB_CLUSTER_DISRUPTION_RUNNING: "Disruption",
  CRDB_CMEK_OPERATION_RUNNING: "Change of encryption keys",
  CRDB_CUSTOM_CLIENT_CA_RUNNING: "Change of the client CA certificate",
  CRDB_EDIT_CLUSTER_RUNNING: "Change of the cluster",
  CRDB_INSTANCE_UPDATE_RUNNING: "Change of machines",
  CRDB_LOG_EXPORT_OPERATION_RUNNING: "Change of the log export",
  CRDB_MAJOR_ROLLBACK_RUNNING: "Rollback",
  CRDB_MAJOR_UPGRADE_RUNNING: "Major upgrade",
  CRDB_PATCH_RUNNING: "Patch",
  CRDB_SCALE_RUNNING: "Scaling",
  DEDICATED_FULL_CLUSTER_RESTORE_RUNNING: "Restore",
  MAINTENANCE_RUNNING: "Maintenance",
  TENANT_RESTORE_RUNNING: "Restore",
};

/** What an operation on the cluster is called. Creations and changes of the plan have no name on the wire. */
export function titleOf(cluster: ClusterRecord, operation: OperationStatus): string {
  if (operation === "UNSPECIFIED") {
    return cluster.phase === "creating" ? "Creation" : "Change of the plan";
  }
  return titles[operation] ?? operation;
}

// A cluster as the emulator keeps it.

import type { CatalogueMachine } from "../catalogue/machines";
import type {
  CloudProvider,
  ClusterState,
  DeleteProtection,
  EgressTrafficPolicy,
  OperationStatus,
  Plan,
  UpgradeType,
  WireCluster,
  WireCustomerCloudAccount,
  WireUsageLimits,
} from "./wire";

/** A region of a cluster. */
export interface RegionRecord {
  readonly name: string;
  /** Nodes of an Advanced cluster, 0 otherwise. */
  nodes: number;
  primary: boolean;
  /** The machine of each node of an Advanced cluster; regions may have different ones. */
  readonly machine: CatalogueMachine | undefined;
  readonly sqlDns: string;
  readonly uiDns: string;
  readonly internalDns: string;
  /** "" until the region has a private endpoint service. */
  privateEndpointDns: string;
  readonly s3VpcEndpointId: string;
}

/** What Basic and Standard clusters have. */
export interface ServerlessRecord {
  readonly routingId: string;
  upgradeType: UpgradeType;
  /** null = unlimited. */
  usageLimits: WireUsageLimits | null;
}

/** The disk of each node of an Advanced cluster, the same in all regions. */
export interface DiskRecord {
  readonly storageGib: number;
  readonly diskIops: number;
}

/** A job in the background. */
export interface Job {
  /** Shown as `operation_status`; UNSPECIFIED for a job that does not show. */
  readonly operation: OperationStatus;
  readonly startedAt: number;
  readonly endsAt: number;
  /** Whether the cluster is LOCKED meanwhile. A job that does not lock refuses changes all the same. */
  readonly locks: boolean;
  /** The regions and nodes that the job leads to, where it changes them. */
  readonly targetRegions?: readonly RegionRecord[];
}

/** Something that has happened to a cluster, or will. */
export interface ClusterEvent {
  /** The emulator's time, in milliseconds since 1970. */
  readonly at: number;
  readonly what: string;
}

/** Something that will happen to a cluster. */
export interface Step {
  /** The emulator's time, in milliseconds since 1970. */
  readonly at: number;
  /** `job` = the end of the running job; other steps can be canceled by their name. */
  readonly name:
    | "background"
    | "deletion"
    | "export"
    | "finalization"
    | "job"
    | "network"
    | "replication"
    | "restore";
  /** Applies the step. @param at the moment of the step, which may be long past. */
  run(at: number): void;
}

/** A cluster. */
export interface ClusterRecord {
  readonly id: string;
  readonly name: string;
  readonly provider: CloudProvider;
  /** The text after the name in its host names. */
  readonly hostSuffix: string;
  readonly creatorId: string;
  readonly createdAt: number;
  readonly sqlDns: string;
  readonly accountId: string;
  readonly azureIdentityClientId: string;
  readonly cidrRange: string;
  readonly customerCloudAccount: WireCustomerCloudAccount | null;
  egressTrafficPolicy: EgressTrafficPolicy;
  readonly networkVisibility: "PRIVATE" | "PUBLIC";
  /** Whether it can take part in physical replication. */
  readonly supportsVirtualization: boolean;
  /** Whether its list of allowed addresses was empty at first; otherwise it began with 0.0.0.0/0. */
  readonly startsWithEmptyAllowlist: boolean;
  phase: "created" | "creating" | "creation-failed" | "deleted" | "deleting";
  plan: Plan;
  parentId: string;
  labels: Record<string, string>;
  deleteProtection: DeleteProtection;
  updatedAt: number;
  deletedAt: number | undefined;
  /** Full version, for example `v25.2.6`. */
  version: string;
  /** The major upgrade that is not final yet. */
  upgrade: { readonly previous: string; stage: "pending" | "rolling-back" | "running" } | undefined;
  regions: RegionRecord[];
  serverless: ServerlessRecord | undefined;
  disk: DiskRecord | undefined;
  /** The running job, for a creation too. */
  job: Job | undefined;
  /** The last job, if it failed. */
  failedOperation: OperationStatus | undefined;
  /** What was not requested here and goes on until then, with the cluster LOCKED or not. */
  otherWork:
    | { readonly until: number; readonly operation: OperationStatus; readonly locks: boolean }
    | undefined;
  /** Moments at which the vCPUs were lowered. */
  decreases: number[];
  /** When it last changed from STANDARD to BASIC. */
  downgradedAt: number | undefined;
  /** When its disks were last grown. */
  storageGrownAt: number | undefined;
  /** What GET and list still show while a change is not visible yet. */
  stale: { readonly until: number; readonly wire: WireCluster } | undefined;
  /** What will happen to it, earliest first. */
  steps: Step[];
  /** What has happened to it, and the end of `otherWork`. */
  readonly history: ClusterEvent[];
  /** Up to this moment everything has happened that was due. */
  upToDateAt: number;
}

/** The regions in the order of responses: by name. */
export function sortedRegions(cluster: Pick<ClusterRecord, "regions">): RegionRecord[] {
  return [...cluster.regions].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The life-cycle state at this moment. */
export function stateOf(cluster: ClusterRecord, now: number): ClusterState {
  switch (cluster.phase) {
    case "creating":
      return "CREATING";
    case "creation-failed":
      return "CREATION_FAILED";
    case "deleted":
      return "DELETED";
    case "deleting":
      return "LOCKED";
    case "created":
      return cluster.job?.locks === true || isHeld(cluster, now) ? "LOCKED" : "CREATED";
  }
}

/** Whether changes are refused because another operation is in progress on the cluster. */
export function isBusy(cluster: ClusterRecord, now: number): boolean {
  return (
    cluster.phase === "creating" ||
    cluster.phase === "deleting" ||
    cluster.job !== undefined ||
    isHeld(cluster, now)
  );
}

function isHeld(cluster: ClusterRecord, now: number): boolean {
  return otherWorkOn(cluster, now)?.locks === true;
}

/** Work that was not requested here and that goes on at this moment. */
export function otherWorkOn(cluster: ClusterRecord, now: number): ClusterRecord["otherWork"] {
  return cluster.otherWork !== undefined && cluster.otherWork.until > now
    ? cluster.otherWork
    : undefined;
}

/** Which versions a cluster may run. */
export function kindOf(cluster: ClusterRecord): "ADVANCED" | "serverless" {
  return cluster.plan === "ADVANCED" ? "ADVANCED" : "serverless";
}

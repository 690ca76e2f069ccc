/**
 * What a program says about a cluster and what it reads back: the public types of `Cluster`.
 *
 * The names are the API's own in camelCase, nested as the API nests them, and enum values are as on
 * the wire, so that the Cloud API's documentation explains them.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { CmekRegionSpecArgs } from "../cmek/args";
import type { FolderReference } from "../program/reference";

/** Cloud that a cluster runs on. `AZURE` is for Advanced clusters only. */
export type CloudProvider = "AWS" | "GCP" | "AZURE";

/** Who starts major version upgrades: the service (`AUTOMATIC`) or you (`MANUAL`, Standard only). */
export type UpgradeType = "AUTOMATIC" | "MANUAL";

/** Whether the nodes of an Advanced cluster have public addresses. `PRIVATE` is required for CMEK and egress control. */
export type NetworkVisibility = "PUBLIC" | "PRIVATE";

/** Arguments of a cluster. Which of them there are depends on `plan`. */
export type ClusterArgs = BasicClusterArgs | StandardClusterArgs | AdvancedClusterArgs;

/** Arguments that clusters of every plan have. */
export interface CommonClusterArgs {
  /**
   * Name of the cluster: 6 to 40 lowercase letters, digits and dashes, no dash at either end. The
   * API documents 20 characters and accepts 40. Unique among the clusters of the organization.
   * Changing it replaces this resource: a cluster cannot be renamed. The old cluster is deleted first
   * when its name was given.
   * @default the resource's name, shortened, with six random hexadecimal digits (20 characters at most)
   */
  name?: pulumi.Input<string>;
  /**
   * Whether the API refuses to delete the cluster. While it is on, this provider also refuses, at
   * preview, every change that would replace the cluster. Updated in place.
   * @default false when the cluster is created, and not managed afterwards
   */
  deleteProtection?: pulumi.Input<boolean>;
  /**
   * Labels, at most 50. Keys begin with a letter and have up to 63 lowercase letters, digits, `_`
   * and `-`; values have up to 63 of the same. `{}` removes all labels. Updated in place.
   * @default not managed
   */
  labels?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * The folder that holds the cluster: a `Folder`, its id, a UUID, or `"root"`. Updated in place.
   * @default not managed; a new cluster is created at the root
   */
  parentId?: FolderReference;
}

/** A Basic cluster: shared machines, paid by use. */
export interface BasicClusterArgs extends CommonClusterArgs {
  /**
   * The plan. BASIC and STANDARD change into each other, updated in place. Changing to or from
   * ADVANCED replaces this resource, and the data of the cluster is lost.
   */
  plan: pulumi.Input<"BASIC">;
  /** Cloud that the cluster runs on. Changing it replaces this resource. */
  cloudProvider: pulumi.Input<"AWS" | "GCP">;
  /** Regions and limits. */
  serverless: pulumi.Input<BasicServerlessArgs>;
  dedicated?: undefined;
  customerCloudAccount?: undefined;
}

/** A Standard cluster: shared machines, provisioned capacity. */
export interface StandardClusterArgs extends CommonClusterArgs {
  /**
   * The plan. BASIC and STANDARD change into each other, updated in place. Changing to or from
   * ADVANCED replaces this resource, and the data of the cluster is lost.
   */
  plan: pulumi.Input<"STANDARD">;
  /** Cloud that the cluster runs on. Changing it replaces this resource. */
  cloudProvider: pulumi.Input<"AWS" | "GCP">;
  /** Regions, capacity and upgrades. */
  serverless: pulumi.Input<StandardServerlessArgs>;
  dedicated?: undefined;
  customerCloudAccount?: undefined;
}

/** An Advanced cluster: machines of its own. */
export interface AdvancedClusterArgs extends CommonClusterArgs {
  /**
   * The plan. BASIC and STANDARD change into each other, updated in place. Changing to or from
   * ADVANCED replaces this resource, and the data of the cluster is lost.
   */
  plan: pulumi.Input<"ADVANCED">;
  /** Cloud that the cluster runs on. Changing it replaces this resource. */
  cloudProvider: pulumi.Input<CloudProvider>;
  /** Nodes, hardware, version and network. */
  dedicated: pulumi.Input<DedicatedArgs>;
  /**
   * Your own cloud account to run the cluster in (bring your own cloud; limited access). Exactly one
   * of its members. Changing it replaces this resource.
   * @default an account of Cockroach Labs
   */
  customerCloudAccount?: pulumi.Input<CustomerCloudAccountArgs>;
  serverless?: undefined;
}

/** What Basic and Standard clusters share. */
export interface CommonServerlessArgs {
  /**
   * Regions in the spelling of the cloud provider, in any order. Adding one is updated in place;
   * removing one replaces this resource, because the API has no way to remove a region.
   */
  regions: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Primary region, one of `regions`. Required as soon as there is more than one. Updated in place.
   * @default the only region
   */
  primaryRegion?: pulumi.Input<string>;
  /**
   * Starts the cluster with an empty IP allowlist in place of one that lets every address in: nobody can
   * connect until there is an `AllowlistEntry`. Takes effect when the cluster is created; a later change
   * makes no request and no replacement.
   * @default false
   */
  withEmptyIpAllowlist?: pulumi.Input<boolean>;
}

/** Regions and limits of a Basic cluster. */
export interface BasicServerlessArgs extends CommonServerlessArgs {
  /**
   * Limits of use, managed as a whole: a member that is left out is unlimited. Updated in place.
   * @default not managed; a new cluster is unlimited
   */
  usageLimits?: pulumi.Input<BasicUsageLimitsArgs>;
  /**
   * Who starts major version upgrades: always the service. Updated in place.
   * @default AUTOMATIC
   */
  upgradeType?: pulumi.Input<"AUTOMATIC">;
  cockroachVersion?: undefined;
  finalizeUpgrade?: undefined;
}

/** Limits of a Basic cluster. */
export interface BasicUsageLimitsArgs {
  /**
   * Request units per month, at least 1. Beyond it the cluster is disabled until the next month.
   * Updated in place.
   * @default unlimited
   */
  requestUnitLimit?: pulumi.Input<number>;
  /**
   * Storage in MiB, at least 1. Beyond it the cluster takes one SQL connection at a time. Updated in place.
   * @default unlimited
   */
  storageMibLimit?: pulumi.Input<number>;
}

/** Regions, capacity and upgrades of a Standard cluster. */
export interface StandardServerlessArgs extends CommonServerlessArgs {
  /** Provisioned capacity. Updated in place. */
  usageLimits: pulumi.Input<StandardUsageLimitsArgs>;
  /**
   * Who starts major version upgrades: the service, or you. Updated in place.
   * @default not managed; AUTOMATIC for a new cluster
   */
  upgradeType?: pulumi.Input<UpgradeType>;
  /**
   * Major version, `v25.2`, with `upgradeType: "MANUAL"`. Updated in place: an upgrade, or a rollback
   * while the upgrade is not finalized. The service chooses the version of a new cluster; when it is
   * another one, a warning says so.
   * @default not managed
   */
  cockroachVersion?: pulumi.Input<string>;
  /**
   * Ends the 72 hours after an upgrade in which it can be rolled back, at once, with
   * `upgradeType: "MANUAL"`. Updated in place.
   * @default false
   */
  finalizeUpgrade?: pulumi.Input<boolean>;
}

/** Capacity of a Standard cluster. */
export interface StandardUsageLimitsArgs {
  /** Virtual CPUs, 2 to 200. Updated in place; they can be lowered three times in seven days. */
  provisionedVirtualCpus: pulumi.Input<number>;
}

/** Nodes, hardware, version and network of an Advanced cluster. */
export interface DedicatedArgs {
  /**
   * Nodes of each region: 1 (development, not on Azure), or 3 and more in a single region; at least
   * three regions of at least 3 nodes otherwise. The whole map: a region left out is removed.
   * Updated in place, about half an hour for each region.
   */
  regionNodes: pulumi.Input<{ [region: string]: pulumi.Input<number> }>;
  /** Machines and disks. Updated in place; the nodes are restarted one after another. */
  hardware: pulumi.Input<HardwareArgs>;
  /**
   * A machine for each region of `regionNodes`, where they are not to be the same; in place of
   * `hardware.machineSpec`. Updated in place; the nodes of a region that gets another machine are restarted one
   * after another.
   * @default none: all regions have the machine of `hardware`
   */
  regionMachineSpecs?: pulumi.Input<{ [region: string]: pulumi.Input<MachineSpecArgs> }>;
  /**
   * Major version, `v25.2`; of a patch form such as `v23.1.2` only the major part counts. Updated in
   * place: an upgrade, or a rollback while the upgrade is not finalized.
   * @default not managed; the newest supported one for a new cluster
   */
  cockroachVersion?: pulumi.Input<string>;
  /**
   * Ends the 72 hours after an upgrade in which it can be rolled back, at once. Updated in place.
   * @default false
   */
  finalizeUpgrade?: pulumi.Input<boolean>;
  /**
   * Whether the nodes have public addresses. `PRIVATE` is needed for customer-managed encryption keys and for
   * egress control. Changing it replaces this resource.
   * @default not managed; the service chooses
   */
  networkVisibility?: pulumi.Input<NetworkVisibility>;
  /**
   * IPv4 range of the cluster's network, GCP only, `/19` or larger. Changing it replaces this resource.
   * @default not managed; `172.28.0.0/14` for a new cluster on GCP
   */
  cidrRange?: pulumi.Input<string>;
  /**
   * Makes the cluster fit for physical replication (limited access). Changing it replaces this resource.
   * @default false
   */
  supportsClusterVirtualization?: pulumi.Input<boolean>;
  /**
   * Starts the cluster with egress traffic denied. Takes effect when the cluster is created; a later
   * change makes no request and no replacement.
   * @default false
   */
  restrictEgressTraffic?: pulumi.Input<boolean>;
  /**
   * Encryption keys of the regions that are being added to a cluster with customer-managed
   * encryption. Sent with the change of `regionNodes` that adds them, and not compared otherwise.
   * @default none
   */
  cmekRegionSpecs?: pulumi.Input<pulumi.Input<CmekRegionSpecArgs>[]>;
}

/** Machines and disks of an Advanced cluster. */
export interface HardwareArgs {
  /**
   * The machine of all regions: exactly one of `numVirtualCpus` and `machineType`. Required without
   * `regionMachineSpecs`. Updated in place; the nodes are restarted one after another.
   * @default none, with `regionMachineSpecs`
   */
  machineSpec?: pulumi.Input<MachineSpecArgs>;
  /**
   * Storage of each node in GiB, at most 320 for each vCPU. Updated in place; shrinking is refused.
   * @default not managed; the smallest that fits the machine for a new cluster
   */
  storageGib?: pulumi.Input<number>;
  /**
   * Disk operations per second of each node, AWS only. Updated in place.
   * @default not managed; the default of the cloud provider for a new cluster
   */
  diskIops?: pulumi.Input<number>;
}

/** Size of the machines of an Advanced cluster: by vCPUs, or by machine type. */
export type MachineSpecArgs =
  | {
      /**
       * Virtual CPUs of each node, at least 4; the service chooses the machine type. Preferred. Updated in place,
       * node by node.
       */
      numVirtualCpus: pulumi.Input<number>;
      machineType?: undefined;
    }
  | {
      numVirtualCpus?: undefined;
      /**
       * Machine type in the spelling of the cloud provider, such as `m6i.xlarge`. A move by the service to
       * another type of the same size is no change. Updated in place, node by node.
       */
      machineType: pulumi.Input<string>;
    };

/** Your own cloud account: exactly one member. */
export interface CustomerCloudAccountArgs {
  /**
   * An IAM role.
   * @default none
   */
  aws?: pulumi.Input<{
    /** ARN of the role. */
    arn: pulumi.Input<string>;
  }>;
  /**
   * A service account.
   * @default none
   */
  gcp?: pulumi.Input<{
    /** E-mail address of the service account. */
    serviceAccountEmail: pulumi.Input<string>;
  }>;
  /**
   * A subscription.
   * @default none
   */
  azure?: pulumi.Input<{
    /** Id of the subscription. */
    subscriptionId: pulumi.Input<string>;
    /** Id of its tenant. */
    tenantId: pulumi.Input<string>;
  }>;
}

/** Regions, limits and upgrades of a Basic or Standard cluster as they are. */
export interface Serverless {
  /** Regions, sorted. */
  regions: string[];
  /** Primary region. */
  primaryRegion?: string;
  /** Limits; undefined where there are none. */
  usageLimits?: UsageLimits;
  /** Who starts major version upgrades. */
  upgradeType: UpgradeType;
  /** As in the arguments: the API does not return it. */
  withEmptyIpAllowlist?: boolean;
  /** Major version, `v25.2`. */
  cockroachVersion?: string;
}

/** Limits as they are; a member that is absent is unlimited. */
export interface UsageLimits {
  /** Virtual CPUs of a Standard cluster. */
  provisionedVirtualCpus?: number;
  /** Request units per month of a Basic cluster. */
  requestUnitLimit?: number;
  /** Storage of a Basic cluster in MiB. */
  storageMibLimit?: number;
}

/** Nodes, hardware and network of an Advanced cluster as they are. */
export interface Dedicated {
  /** Nodes of each region. */
  regionNodes: { [region: string]: number };
  /** Machines and disks. */
  hardware: Hardware;
  /** Major version, `v25.2`. */
  cockroachVersion: string;
  /** Whether the nodes have public addresses. */
  networkVisibility?: NetworkVisibility;
  /** IPv4 range of the network, on GCP. */
  cidrRange?: string;
  /** As in the arguments: the API does not return it. */
  supportsClusterVirtualization?: boolean;
  /** As in the arguments: the API does not return it. */
  restrictEgressTraffic?: boolean;
}

/** Machines and disks of an Advanced cluster as they are. */
export interface Hardware {
  /**
   * Virtual CPUs of each node, and the type of machine that the service runs. Where the regions have different
   * ones, which `regions` shows, that of the region whose name sorts first, unless the service shows another.
   */
  machineSpec: {
    /** Virtual CPUs of each node. */
    numVirtualCpus: number;
    /** Machine type in the spelling of the cloud provider. */
    machineType: string;
  };
  /** Storage of each node in GiB. */
  storageGib: number;
  /** Disk operations per second of each node. */
  diskIops: number;
  /** Memory of each node in GiB. */
  memoryGib: number;
}

/** Your own cloud account. */
export interface CustomerCloudAccount {
  /** An IAM role. */
  aws?: {
    /** ARN of the role. */
    arn: string;
  };
  /** A service account. */
  gcp?: {
    /** E-mail address of the service account. */
    serviceAccountEmail: string;
  };
  /** A subscription. */
  azure?: {
    /** Id of the subscription. */
    subscriptionId: string;
    /** Id of its tenant. */
    tenantId: string;
  };
}

/** One region of a cluster. */
export interface ClusterRegion {
  /** Name in the spelling of the cloud provider. */
  name: string;
  /** Public SQL host. */
  sqlDns: string;
  /** Host of the DB Console; empty for Basic and Standard. */
  uiDns: string;
  /** Host for PrivateLink, Azure Private Link and VPC peering. */
  internalDns: string;
  /** Host for GCP Private Service Connect; empty until there is such a service. */
  privateEndpointDns: string;
  /** Nodes; 0 for Basic and Standard. */
  nodeCount: number;
  /** Whether it is the primary region of several. */
  primary: boolean;
  /** Advanced only: the cloud provider's name of the machine of a node, `m6i.xlarge`. */
  machineType?: string;
  /** Advanced only: virtual CPUs of a node. */
  numVirtualCpus?: number;
  /** Advanced on AWS only: I/O operations per second of a node's disk. */
  diskIops?: number;
  /** Advanced on AWS only: id of the VPC gateway endpoint for S3, for bucket policies. */
  s3VpcEndpointId?: string;
}

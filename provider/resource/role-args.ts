/** Roles as users write and read them: the public types, whose declarations lead to nothing else. */
import type * as pulumi from "@pulumi/pulumi";

/** A role, and what it is granted on. */
export interface RoleArgs {
  /**
   * On the organization, a folder or a cluster: `CLUSTER_ADMIN`, `CLUSTER_OPERATOR_WRITER`, `CLUSTER_DEVELOPER`,
   * `CLUSTER_MONITOR` and `METRICS_VIEWER`; on the organization or a folder: `CLUSTER_CREATOR`, `FOLDER_ADMIN` and
   * `FOLDER_MOVER`; on the organization only: `ORG_ADMIN`, `BILLING_COORDINATOR` and `BILLING_VIEWER`.
   */
  roleName: pulumi.Input<string>;
  /** `ORGANIZATION`, `FOLDER` or `CLUSTER`. */
  resourceType: pulumi.Input<string>;
  /**
   * Id of the folder or cluster.
   * @default none, as for the organization
   */
  resourceId?: pulumi.Input<string>;
}

/** A role as it was granted. */
export interface GrantedRole {
  /** Such as `CLUSTER_ADMIN`. */
  roleName: string;
  /** `ORGANIZATION`, `FOLDER` or `CLUSTER`. */
  resourceType: string;
  /** Id of the folder or cluster; absent for the organization. */
  resourceId?: string;
}

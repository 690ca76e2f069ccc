// How long the service takes.

/** How long slow steps take, in milliseconds of the emulator's clock. 0 = done when the response is sent. */
export interface Durations {
  /** Creating a Basic cluster. @default 2 seconds */
  createBasicMs: number;
  /** Creating a Standard cluster. @default 2 seconds */
  createStandardMs: number;
  /** Creating an Advanced cluster; its nodes become LIVE one after another. @default 25 minutes */
  createAdvancedMs: number;
  /** Changing the number of nodes or the storage of an Advanced cluster. @default 10 minutes */
  scaleMs: number;
  /** Changing the machine type, node by node. @default 15 minutes */
  changeMachineMs: number;
  /** Adding or removing Advanced regions, for each of them. @default 30 minutes */
  changeRegionMs: number;
  /** Adding regions to a Basic or Standard cluster. @default 0 */
  addServerlessRegionMs: number;
  /**
   * Changing between BASIC and STANDARD. Meanwhile the cluster stays CREATED and shows the old plan, which the service
   * documents for up to 5 minutes; its first response in CREATED has been seen to show the new plan. @default 0
   */
  changePlanMs: number;
  /** A major upgrade. @default 45 minutes */
  upgradeMs: number;
  /** Rolling a major upgrade back. @default 30 minutes */
  rollbackMs: number;
  /** From the end of a major upgrade until it finalizes itself. @default 72 hours */
  finalizationMs: number;
  /** From a request to finalize a major upgrade until it is final. @default 0 */
  finalizeMs: number;
  /** Applying a patch version to an Advanced cluster. @default 20 minutes */
  patchMs: number;
  /** Enabling, rotating or revoking encryption keys, each request. @default 10 minutes */
  cmekMs: number;
  /** Until a change of the allowlist has reached the cluster. @default 15 seconds */
  allowlistPropagationMs: number;
  /** Creating a private endpoint service, and deleting that of a region that the cluster loses. @default 5 minutes */
  privateEndpointServiceMs: number;
  /** Connecting or disconnecting a private endpoint. @default 1 minute */
  privateEndpointConnectionMs: number;
  /** How long an endpoint that is accepted again still shows REJECTED. @default 2 seconds */
  rejectedLingersMs: number;
  /** Until an endpoint that nobody accepts expires. @default 7 days */
  endpointExpiryMs: number;
  /** Changing the egress traffic policy. @default 1 minute */
  egressPolicyMs: number;
  /** Until a change of the egress traffic policy shows as UPDATING. @default 0 */
  policyVisibilityMs: number;
  /** Until an egress rule is in force, changed or deleted. @default 1 minute */
  egressRuleMs: number;
  /** Making an egress private endpoint, without its acceptance. @default 3 minutes */
  egressEndpointMs: number;
  /** Setting the domain names of an egress private endpoint. @default 1 minute */
  egressDomainNamesMs: number;
  /** Deleting an egress private endpoint. @default 1 minute */
  egressDeleteMs: number;
  /** Setting, replacing or removing the client CA certificate. @default 3 minutes */
  clientCaMs: number;
  /** A restore. @default 15 minutes */
  restoreMs: number;
  /** From the end of a restore until it shows when it ended. @default 5 seconds */
  restoreCompletedAtMs: number;
  /** Setting or deleting a log export. @default 5 minutes */
  logExportMs: number;
  /** Setting or deleting a metric export. @default 3 minutes */
  metricExportMs: number;
  /** Until a physical replication stream replicates. @default 5 minutes */
  streamStartMs: number;
  /** From then until a physical replication stream can fail over. @default 10 minutes */
  initialScanMs: number;
  /** Failing over to the standby, from the moment that was asked for. @default 3 minutes */
  failoverMs: number;
  /** Canceling a physical replication stream. @default 1 minute */
  cancelStreamMs: number;
  /** Disrupting a cluster, or ending a disruption. @default 2 minutes */
  disruptionMs: number;
  /** Until a PATCH can be seen by GET and list. @default 0 */
  visibilityMs: number;
  /** Until the name of a deleted cluster is free again. @default 0 */
  nameReleaseMs: number;
  /**
   * Until a role has taken effect that is granted while the emulator runs: by the API, by its controls, or to whoever
   * creates a cluster. Meanwhile the response is 403. @default 0
   */
  grantMs: number;
  /** Until an API key that was created by the API works. Meanwhile the response is 401. @default 0 */
  keyActivationMs: number;
  /** Until an API key that was deleted stops working, also with its service account. @default 0 */
  keyRevocationMs: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** What the service takes, as its documentation says or as was seen. */
export const defaultDurations: Durations = {
  createBasicMs: 2 * second,
  createStandardMs: 2 * second,
  createAdvancedMs: 25 * minute,
  scaleMs: 10 * minute,
  changeMachineMs: 15 * minute,
  changeRegionMs: 30 * minute,
  addServerlessRegionMs: 0,
  changePlanMs: 0,
  upgradeMs: 45 * minute,
  rollbackMs: 30 * minute,
  finalizationMs: 72 * hour,
  finalizeMs: 0,
  patchMs: 20 * minute,
  cmekMs: 10 * minute,
  allowlistPropagationMs: 15 * second,
  privateEndpointServiceMs: 5 * minute,
  privateEndpointConnectionMs: minute,
  rejectedLingersMs: 2 * second,
  endpointExpiryMs: 7 * 24 * hour,
  egressPolicyMs: minute,
  policyVisibilityMs: 0,
  egressRuleMs: minute,
  egressEndpointMs: 3 * minute,
  egressDomainNamesMs: minute,
  egressDeleteMs: minute,
  clientCaMs: 3 * minute,
  restoreMs: 15 * minute,
  restoreCompletedAtMs: 5 * second,
  logExportMs: 5 * minute,
  metricExportMs: 3 * minute,
  streamStartMs: 5 * minute,
  initialScanMs: 10 * minute,
  failoverMs: 3 * minute,
  cancelStreamMs: minute,
  disruptionMs: 2 * minute,
  visibilityMs: 0,
  nameReleaseMs: 0,
  grantMs: 0,
  keyActivationMs: 0,
  keyRevocationMs: 0,
};

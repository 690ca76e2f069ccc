// Public surface of the client.

export type { ClientOptions, JwtCredential } from "./client";
export { CockroachCloudClient, defaultServerUrl } from "./client";
export type { Clock } from "./clock";
export { systemClock } from "./clock";
export type { CloudProvider, CustomerCloudAccount } from "./cloud-provider";
export type { WireCloudRegion } from "./cloud-region";
export type {
  ClusterState,
  ClusterUpgradeStatus,
  CreateClusterRequest,
  DeleteProtection,
  EgressTrafficPolicy,
  NetworkVisibility,
  OperationStatus,
  Plan,
  UpdateClusterRequest,
  UpgradeType,
  WireCluster,
  WireClusterConfig,
  WireCmekRegionSpec,
  WireMachineSpec,
  WireRegion,
  WireUsageLimits,
} from "./cluster";
export type {
  ClustersApi,
  ConnectionStringQuery,
  ListAvailableRegionsQuery,
  ListClustersQuery,
  ListNodesQuery,
} from "./clusters-api";
export type { WireConnectionString } from "./connection-string";
export type { Effect, ErrorFacts } from "./errors";
export {
  AbortedError,
  AuthenticationError,
  BadRequestError,
  BusyError,
  CloudApiError,
  ConflictError,
  ConnectionError,
  isNotFound,
  NotFoundError,
  orUndefinedWhenGone,
  PermissionDeniedError,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  UnexpectedResponseError,
  withAdvice,
} from "./errors";
export type { WireMajorVersion } from "./major-version";
export type { WireNode } from "./node";
export type { Turn, TurnOptions, TurnOutcome } from "./rate-limit";
export { RateLimiter, rateLimiterFor } from "./rate-limit";
export type { RequestOptions, RequestWait } from "./request-options";

/** The public surface of the package. */

export type {
  AdvancedClusterArgs,
  BasicClusterArgs,
  BasicServerlessArgs,
  BasicUsageLimitsArgs,
  CloudProvider,
  ClusterArgs,
  ClusterRegion,
  CommonClusterArgs,
  CommonServerlessArgs,
  CustomerCloudAccount,
  CustomerCloudAccountArgs,
  Dedicated,
  DedicatedArgs,
  Hardware,
  HardwareArgs,
  MachineSpecArgs,
  NetworkVisibility,
  Serverless,
  StandardClusterArgs,
  StandardServerlessArgs,
  StandardUsageLimitsArgs,
  UpgradeType,
  UsageLimits,
} from "./provider/cluster/args";
export type { ConnectionClient } from "./provider/cluster/connection-clients";
export type {
  ConnectionEnvironment,
  ConnectionParts,
  ConnectionVia,
  PrivateHosts,
} from "./provider/cluster/connection-url";
export type { Plan } from "./provider/cluster/plan-transitions";
export type {
  CmekKeyInfo,
  CmekKeySpec,
  CmekKeySpecArgs,
  CmekKeyType,
  CmekRegion,
  CmekRegionSpec,
  CmekRegionSpecArgs,
} from "./provider/cmek/args";
export * from "./provider/functions/index";
export type { PrivateEndpointService } from "./provider/private-endpoints/wire";
export type { ClusterReference } from "./provider/program/cluster-reference";
export type {
  ConnectionArgs,
  ConnectionUser,
  PrivateEndpointHosts,
} from "./provider/program/connection";
export type { ProviderArgs } from "./provider/program/explicit-provider";
export { Provider } from "./provider/program/explicit-provider";
export type {
  FolderReference,
  MemberReference,
  PhysicalReplicationStreamReference,
  ServiceAccountReference,
  UserReference,
} from "./provider/program/reference";
export * from "./provider/resource/classes";
export type { GrantedRole, RoleArgs } from "./provider/resource/role-args";
export type { Weekday, WeeklyTime } from "./provider/values/weekly";
export { weekly } from "./provider/values/weekly";

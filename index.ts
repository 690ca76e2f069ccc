/** The public surface of the package. */

export type { ConnectionArgs, ConnectionUser } from "./provider/cluster";
export { Cluster } from "./provider/cluster";
export type {
  AdvancedClusterArgs,
  BasicClusterArgs,
  BasicServerlessArgs,
  BasicUsageLimitsArgs,
  CloudProvider,
  ClusterArgs,
  ClusterRegion,
  CmekKeySpecArgs,
  CmekRegionSpecArgs,
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
} from "./provider/cluster-args";
export type { ClusterReference } from "./provider/cluster-reference";
export type { ConnectionParts } from "./provider/connection-url";
export type { ProviderArgs } from "./provider/explicit-provider";
export { Provider } from "./provider/explicit-provider";
export type { Plan } from "./provider/plan-transitions";
export type { SqlUserArgs } from "./provider/sql-user";
export { SqlUser } from "./provider/sql-user";

// The Cloud API in this process: strict, stateful, with the rules of the service and a clock that can be moved.
// Listens on 127.0.0.1 only and keeps everything in memory.

import type { AllowlistControls } from "./allowlist-entry";
import { allowlistArea, allowlistControls } from "./allowlist-entry";
import { auditLogArea } from "./audit-log";
import { BackgroundWork } from "./background";
import type { BackupControls } from "./backup";
import { backupArea, backupControls } from "./backup";
import type { Clock } from "./clock";
import { realClock } from "./clock";
import { clusterArea } from "./cluster";
import type { ClusterControls } from "./cluster-controls";
import { clusterControls } from "./cluster-controls";
import { clusterNodeArea } from "./cluster-nodes";
import type { CmekControls } from "./cmek-config";
import { cmekArea, cmekControls } from "./cmek-config";
import { connectionStringArea } from "./connection-string";
import type { DatabaseControls } from "./database";
import { databaseArea, databaseControls } from "./database";
import type { Faults } from "./faults";
import { FaultScript } from "./faults";
import type { FolderControls } from "./folder";
import { folderArea, folderControls } from "./folder";
import { invoiceArea } from "./invoice";
import { defaultMachines } from "./machines";
import type { MaintenanceWindowControls } from "./maintenance-window";
import { maintenanceWindowArea, maintenanceWindowControls } from "./maintenance-window";
import type { EmulatorOptions } from "./options";
import { defaultAssumptions, defaultDurations } from "./options";
import { clusterFinder, newOrganization } from "./organization";
import type { OrganizationControls } from "./organization-controls";
import { organizationControls } from "./organization-controls";
import { organizationInfoArea } from "./organization-info";
import type { RateLimit } from "./rate-limit";
import { defaultRegions, regionArea } from "./regions";
import { RequestLog } from "./request-log";
import { restoreArea } from "./restore";
import { ScriptedEvents } from "./scripted-events";
import { listen } from "./server";
import type { SqlUserControls } from "./sql-user";
import { sqlUserArea, sqlUserControls } from "./sql-user";
import type { VersionDeferralControls } from "./version-deferral";
import { versionDeferralArea, versionDeferralControls } from "./version-deferral";
import { defaultVersions, VersionCatalogue, versionArea } from "./versions";

export type { AllowlistControls, AllowlistEdit, WireAllowlistEntry } from "./allowlist-entry";
export type { WireAuditLogEntry } from "./audit-log";
export type { BackgroundOptions } from "./background";
export type { BackupControls, WireBackup, WireBackupConfiguration } from "./backup";
export type { Clock } from "./clock";
export { drivenClock, realClock, scaledClock } from "./clock";
export type { ClusterControls, ClusterEdit } from "./cluster-controls";
export type {
  CloudProvider,
  ClusterState,
  DeleteProtection,
  OperationStatus,
  Plan,
  UpgradeStatus,
  UpgradeType,
  WireCluster,
  WireCmekRegionSpec,
  WireCreateCluster,
  WireCustomerCloudAccount,
  WireDedicatedConfig,
  WireDedicatedCreate,
  WireHardwareSpec,
  WireMachineSpec,
  WireRegion,
  WireServerlessConfig,
  WireServerlessCreate,
  WireUsageLimits,
} from "./cluster-wire";
export type {
  CmekControls,
  CmekStatus,
  WireCmekClusterInfo,
  WireCmekKeyInfo,
  WireCmekRegionInfo,
} from "./cmek-config";
export type { CmekKeyType, WireCmekKeySpec } from "./cmek-key";
export type { DatabaseControls, WireDatabase } from "./database";
export type { Refusal, WireStatus } from "./errors";
export type { Exchange, LoggedRequest } from "./exchange";
export type {
  CmekFault,
  CutBodyFault,
  DelayFault,
  Fault,
  FaultSchedule,
  Faults,
  HangFault,
  NotJsonFault,
  ResetFault,
  RestoreFault,
  StatusFault,
} from "./faults";
export type { FolderControls, WireFolder } from "./folder";
export type {
  WireCurrencyAmount,
  WireInvoice,
  WireInvoiceItem,
  WireLineItem,
} from "./invoice";
export type { CatalogueMachine } from "./machines";
export { defaultMachines } from "./machines";
export type { MaintenanceWindowControls, WireMaintenanceWindow } from "./maintenance-window";
export type { RoleScope } from "./operation";
export type {
  ApiKeyOptions,
  Assumptions,
  Durations,
  EmulatorOptions,
  FolderOptions,
  OrganizationOptions,
} from "./options";
export type { OrganizationControls } from "./organization-controls";
export type { RateLimit } from "./rate-limit";
export type { CatalogueRegion } from "./regions";
export { defaultRegions } from "./regions";
export type { RequestLog } from "./request-log";
export type { Role, RoleGrant } from "./roles";
export type { SqlUserControls } from "./sql-user";
export type {
  DeferralPolicy,
  VersionDeferralControls,
  WireVersionDeferral,
} from "./version-deferral";
export type { CatalogueVersion, VersionCatalogue } from "./versions";
export { defaultVersions } from "./versions";

/** A running emulator. */
export interface Emulator {
  /** Base URL, for example `http://127.0.0.1:41234`; the API's paths begin with `/api/v1`. */
  readonly url: string;
  readonly port: number;
  /** The secret of the first key of the first organization. */
  readonly apiKey: string;
  /** The emulator's time; `clock.advance(ms)` moves it. */
  readonly clock: Clock;
  /** The first organization. */
  readonly organization: OrganizationControls;
  readonly organizations: readonly OrganizationControls[];
  /** Clusters of all organizations, changed behind the client's back. */
  readonly clusters: ClusterControls;
  /** The same for what belongs to clusters. */
  readonly sqlUsers: SqlUserControls;
  readonly maintenanceWindows: MaintenanceWindowControls;
  readonly versionDeferrals: VersionDeferralControls;
  readonly cmek: CmekControls;
  readonly allowlist: AllowlistControls;
  readonly databases: DatabaseControls;
  readonly backups: BackupControls;
  /** Folders of all organizations, changed behind the client's back. */
  readonly folders: FolderControls;
  /** The catalogue of versions; `versions.release(…)` and `versions.releasePatch(…)` add to it. */
  readonly versions: VersionCatalogue;
  /** Scripted trouble. */
  readonly faults: Faults;
  /** All requests so far, oldest first. */
  readonly requests: RequestLog;
  /** Stops listening and ends all connections at once. May be called more than once. */
  close(): Promise<void>;
}

/** Starts an emulator of the CockroachDB Cloud API on 127.0.0.1. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? realClock();
  const scripted = new ScriptedEvents();
  const world = {
    clock,
    scripted,
    durations: { ...defaultDurations, ...options.durations },
    assumptions: { ...defaultAssumptions, ...options.assumptions },
    machines: options.machines ?? defaultMachines,
    regions: options.regions ?? defaultRegions,
    versions: new VersionCatalogue(options.versions ?? defaultVersions, clock),
    background: options.background && new BackgroundWork(options.background),
  };
  const organizations = (options.organizations ?? [{}]).map((organization) =>
    newOrganization(organization, clock.now()),
  );
  const controls = organizations.map((organization) => organizationControls(organization, world));
  const [organization] = controls;
  const apiKey = organizations[0]?.keys[0]?.secret;
  if (organization === undefined || apiKey === undefined) {
    throw new Error("An emulator needs an organization with at least one API key.");
  }
  const faults = new FaultScript(scripted);
  const requests = new RequestLog();
  const listener = await listen(
    {
      world,
      organizations,
      area: {
        ...allowlistArea,
        ...auditLogArea,
        ...backupArea,
        ...clusterArea,
        ...clusterNodeArea,
        ...cmekArea,
        ...connectionStringArea,
        ...databaseArea,
        ...folderArea,
        ...invoiceArea,
        ...maintenanceWindowArea,
        ...organizationInfoArea,
        ...regionArea,
        ...restoreArea,
        ...sqlUserArea,
        ...versionArea,
        ...versionDeferralArea,
      },
      faults,
      requests,
      rateLimit: rateLimitOf(options.rateLimit),
      latencyMs: options.latencyMs ?? 0,
      onResponse: options.onResponse,
    },
    options.port ?? 0,
  );
  const find = clusterFinder(organizations, world);
  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    apiKey,
    clock,
    organization,
    organizations: controls,
    clusters: clusterControls(organizations, world),
    sqlUsers: sqlUserControls(find, world),
    maintenanceWindows: maintenanceWindowControls(find),
    versionDeferrals: versionDeferralControls(find, world),
    cmek: cmekControls(find, world),
    allowlist: allowlistControls(find, world),
    databases: databaseControls(find, world),
    backups: backupControls(find, world),
    folders: folderControls(organizations, world),
    versions: world.versions,
    faults,
    requests,
    close: listener.close,
  };
}

function rateLimitOf(limit: EmulatorOptions["rateLimit"]): Required<RateLimit> | undefined {
  if (limit === "off") {
    return undefined;
  }
  const detailed = typeof limit === "number" ? { perSecond: limit } : limit;
  return {
    perSecond: 10,
    algorithm: "sliding-window",
    retryAfterSeconds: 1,
    time: "real",
    ...detailed,
  };
}

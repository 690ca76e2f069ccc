// The Cloud API in this process: strict, stateful, with the rules of the service and a clock that can be moved.
// Listens on 127.0.0.1 only and keeps everything in memory.

import { defaultAssumptions } from "./assumptions";
import { defaultMachines } from "./catalogue/machines";
import { defaultRegions } from "./catalogue/regions";
import { defaultVersions, VersionCatalogue } from "./catalogue/versions";
import { BackgroundWork } from "./cluster/background";
import { clusterFinder } from "./cluster/find";
import { defaultDurations } from "./durations";
import type { EmulatorOptions } from "./options";
import type { OrganizationControls } from "./organization/controls";
import { organizationControls } from "./organization/controls";
import { newOrganization } from "./organization/organization";
import type { Controls } from "./registry";
import { createControls, handlers } from "./registry";
import type { Clock } from "./server/clock";
import { realClock } from "./server/clock";
import type { Faults } from "./server/faults";
import { FaultScript } from "./server/faults";
import { QueuedFailures } from "./server/queued-failures";
import type { RateLimit } from "./server/rate-limit";
import { RequestLog } from "./server/request-log";
import { listen } from "./server/server";

export type * from "./areas/index";
export type { Assumptions } from "./assumptions";
export type { CatalogueMachine } from "./catalogue/machines";
export { defaultMachines } from "./catalogue/machines";
export type { CatalogueRegion } from "./catalogue/regions";
export { defaultRegions } from "./catalogue/regions";
export type { CatalogueVersion, VersionCatalogue } from "./catalogue/versions";
export { defaultVersions } from "./catalogue/versions";
export type { BackgroundOptions } from "./cluster/background";
export type { CmekKeyType, WireCmekKeySpec } from "./cluster/cmek-key";
export type { ClusterControls, ClusterEdit } from "./cluster/controls";
export type { WireRegionalDisruption } from "./cluster/disruption";
export type { EgressEndpointState } from "./cluster/egress-endpoint";
export type { CmekStatus } from "./cluster/encryption";
export type {
  LogExportGroup,
  LogExportSpec,
  LogExportStatus,
  MetricExportKind,
  MetricExportSpec,
  MetricExportStatus,
} from "./cluster/exports";
export type { DeferralPolicy } from "./cluster/patch-schedule";
export type { ReplicationStatus } from "./cluster/replication";
export type {
  CloudProvider,
  ClusterState,
  DeleteProtection,
  EgressTrafficPolicy,
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
} from "./cluster/wire";
export type { Durations } from "./durations";
export type {
  ApiKeyOptions,
  EmulatorOptions,
  FolderOptions,
  OrganizationOptions,
  PersonOptions,
} from "./options";
export type { OrganizationControls } from "./organization/controls";
export type { Clock } from "./server/clock";
export { manualClock, realClock, scaledClock } from "./server/clock";
export type { Refusal, WireStatus } from "./server/errors";
export type { Exchange, LoggedRequest } from "./server/exchange";
export type {
  CmekFault,
  CutBodyFault,
  DelayFault,
  ExportFault,
  Fault,
  FaultSchedule,
  Faults,
  HangFault,
  NotJsonFault,
  ResetFault,
  RestoreFault,
  StatusFault,
} from "./server/faults";
export type { ProtobufVersion } from "./server/protojson";
export type { RateLimit } from "./server/rate-limit";
export type { RequestLog } from "./server/request-log";
export type { Role, RoleGrant, RoleScope } from "./server/roles";

/** A running emulator. */
export interface Emulator extends Controls {
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
  const queued = new QueuedFailures();
  const context = {
    url: "",
    clock,
    queued,
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
  const controls = organizations.map((organization) => organizationControls(organization, context));
  const [organization] = controls;
  const apiKey = [...(organizations[0]?.keys.values() ?? [])][0]?.secret;
  if (organization === undefined || apiKey === undefined) {
    throw new Error("An emulator needs an organization with at least one API key.");
  }
  const faults = new FaultScript(queued);
  const requests = new RequestLog();
  const listener = await listen(
    {
      context,
      organizations,
      handlers,
      faults,
      requests,
      rateLimit: rateLimitOf(options.rateLimit),
      latencyMs: options.latencyMs ?? 0,
      onResponse: options.onResponse,
    },
    options.port ?? 0,
  );
  context.url = `http://127.0.0.1:${listener.port}`;
  return {
    url: context.url,
    port: listener.port,
    apiKey,
    clock,
    organization,
    organizations: controls,
    ...createControls({
      organizations,
      context,
      findCluster: clusterFinder(organizations, context),
    }),
    versions: context.versions,
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

export type { Email, PersonProfile } from "./organization/profiles";

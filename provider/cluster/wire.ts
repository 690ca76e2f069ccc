/** Between the wire and the state of a cluster: what the API returns as outputs, and these as arguments. */
import type { WireCluster, WireUsageLimits } from "../../sdk/index";
import { omitUndefined } from "../values/omit-undefined";
import { valueAt, withValueAt } from "../values/property-value";
import type {
  CloudProvider,
  ClusterRegion,
  CustomerCloudAccount,
  Dedicated,
  NetworkVisibility,
  Serverless,
  UpgradeType,
  UsageLimits,
} from "./args";
import { majorVersion } from "./cockroach-version";
import type { CreationMarks } from "./creation-mark";
import { creationMarkKey, isOwnMark, mayBeOwnMark } from "./creation-mark";
import { diffCluster } from "./diff";
import { keptRegions, machineArguments, machineIn, regionsToMove } from "./machines";
import type { Plan } from "./plan-transitions";
import { planTransitions } from "./plan-transitions";
import type { Inputs, Unchecked } from "./schema";

/** The outputs of a cluster as they are stored. @internal */
export interface State {
  name: string;
  cloudProvider: CloudProvider;
  plan: Plan;
  deleteProtection: boolean;
  labels: Record<string, string>;
  parentId: string;
  serverless?: Serverless;
  dedicated?: Dedicated;
  customerCloudAccount?: CustomerCloudAccount;
  state: string;
  cockroachVersion: string;
  regions: ClusterRegion[];
  sqlDns: string;
  routingId: string;
  accountId: string;
  exportPrincipal?: string;
  creatorId: string;
  createdAt: string;
  upgradeStatus: string;
  egressTrafficPolicy: string;
  azureClusterIdentityClientId: string;
}

type MachineSpec = Dedicated["hardware"]["machineSpec"];

/** Arguments that the API takes once and never returns; they are carried along from state to state. */
export type WriteOnlyInputs = Pick<Serverless, "withEmptyIpAllowlist"> &
  Pick<Dedicated, "supportsClusterVirtualization" | "restrictEgressTraffic">;

/** The write-only settings of arguments or of an earlier state. */
export function writeOnlyInputsOf({ serverless, dedicated }: Unchecked): WriteOnlyInputs {
  const settings: WriteOnlyInputs = {};
  if (serverless?.withEmptyIpAllowlist !== undefined)
    settings.withEmptyIpAllowlist = serverless.withEmptyIpAllowlist;
  for (const member of ["supportsClusterVirtualization", "restrictEgressTraffic"] as const) {
    if (dedicated?.[member] !== undefined) settings[member] = dedicated[member];
  }
  return settings;
}

/** The state with what the program says of them now. */
export function withWriteOnlyInputs(state: State, writeOnlyInputs: WriteOnlyInputs): State {
  const { withEmptyIpAllowlist, ...ofDedicated } = writeOnlyInputs;
  const { serverless, dedicated } = state;
  return {
    ...state,
    ...(serverless && {
      serverless: {
        ...serverless,
        ...omitUndefined({ withEmptyIpAllowlist }),
      },
    }),
    ...(dedicated && { dedicated: { ...dedicated, ...ofDedicated } }),
  };
}

/** Whether the cluster carries a creation mark of the resource. */
export function isMarkedWith({ labels }: WireCluster, mark: CreationMarks | undefined): boolean {
  return mark !== undefined && isOwnMark(mark, labels[creationMarkKey]);
}

/** Whether it carries one that may be of the resource, so that a cluster of its state is not finished. */
export function mayBeMarkedWith({ labels }: WireCluster, mark: CreationMarks | undefined): boolean {
  return mark !== undefined && mayBeOwnMark(mark, labels[creationMarkKey]);
}

const cloudProviders: ReadonlySet<string> = new Set<CloudProvider>(["AWS", "GCP", "AZURE"]);

/**
 * Refuses a cluster whose plan or cloud nobody here knows: kept in state, it would differ from every
 * program, and be replaced by the next update.
 */
export function refuseUnknown({ id, name, plan, cloud_provider: cloud }: WireCluster): void {
  const what =
    plan === ""
      ? "it has no plan, as clusters of a newer kind have an edition in its place"
      : !(plan in planTransitions)
        ? `its plan is ${JSON.stringify(plan.slice(0, 40))}`
        : cloudProviders.has(cloud)
          ? undefined
          : `its cloud is ${JSON.stringify(cloud.slice(0, 40))}`;
  if (what === undefined) return;
  throw new Error(
    `Cluster ${JSON.stringify(name.slice(0, 40))} (${id}) is not as this version of pulumi-cockroachdb-cloud knows clusters: ${what}. Nothing was changed for that. Try again, and if it stays so, update the package.`,
  );
}

/**
 * What the API returns, as outputs. A cluster that still carries our creation mark counts as
 * CREATING, and the mark itself never shows.
 */
export function toState(
  wire: WireCluster,
  writeOnlyInputs: WriteOnlyInputs,
  mark: CreationMarks | undefined,
): State {
  refuseUnknown(wire);
  return toOutputs(wire, writeOnlyInputs, mark);
}

/**
 * The same of a cluster that is being written. A response with another value of an argument that can never change is not
 * believed: the cluster would be replaced, and a refresh reports it.
 */
export function toWrittenState(
  wire: WireCluster,
  writeOnlyInputs: WriteOnlyInputs,
  inputs: Inputs,
  mark: CreationMarks | undefined,
): State {
  const state = toState(wire, writeOnlyInputs, mark);
  return diffCluster(state, inputs)
    .filter(({ kind }) => kind === "replace")
    .reduce(
      (known, { property }) => withValueAt(known, property, valueAt(inputs, property)),
      state,
    );
}

/** What the API returns, as outputs, for a cluster of any kind, which is only read. */
export function toOutputs(
  wire: WireCluster,
  writeOnlyInputs: WriteOnlyInputs,
  mark: CreationMarks | undefined,
): State {
  const { [creationMarkKey]: _mark, ...labels } = wire.labels;
  const isUnfinished =
    mayBeMarkedWith(wire, mark) && (wire.state === "CREATED" || wire.state === "LOCKED");
  const { serverless, dedicated } = wire.config;
  const regions = [...wire.regions].sort(byName);
  const state: State = {
    name: wire.name,
    cloudProvider: wire.cloud_provider as CloudProvider,
    plan: wire.plan as Plan,
    deleteProtection: wire.delete_protection === "ENABLED",
    labels,
    parentId: wire.parent_id || "root",
    state: isUnfinished ? "CREATING" : wire.state,
    cockroachVersion: wire.cockroach_version,
    regions: regions.map((region) => ({
      name: region.name,
      sqlDns: region.sql_dns,
      uiDns: region.ui_dns,
      internalDns: region.internal_dns,
      privateEndpointDns: region.private_endpoint_dns,
      nodeCount: region.node_count,
      primary: region.primary,
      ...(region.machine_type && { machineType: region.machine_type }),
      ...(region.num_virtual_cpus && { numVirtualCpus: region.num_virtual_cpus }),
      ...(region.disk_iops && wire.cloud_provider === "AWS" && { diskIops: region.disk_iops }),
      ...(region.s3_vpc_endpoint_id && { s3VpcEndpointId: region.s3_vpc_endpoint_id }),
    })),
    sqlDns: wire.sql_dns,
    routingId: serverless?.routing_id ?? "",
    accountId: wire.account_id,
    ...omitUndefined({ exportPrincipal: exportPrincipalOf(wire) }),
    creatorId: wire.creator_id,
    createdAt: wire.created_at ?? "",
    upgradeStatus: wire.upgrade_status,
    egressTrafficPolicy: wire.egress_traffic_policy,
    azureClusterIdentityClientId: wire.azure_cluster_identity_client_id,
  };
  if (serverless) state.serverless = toServerless(wire, serverless, writeOnlyInputs);
  if (dedicated) state.dedicated = toDedicated(wire, dedicated, writeOnlyInputs);
  const account = toAccount(wire);
  if (account) state.customerCloudAccount = account;
  return state;
}

/** Whom the service acts as where it exports logs and metrics; undefined where no document says. */
function exportPrincipalOf({
  id,
  plan,
  cloud_provider: cloud,
  account_id: account,
  keychain_config: keychain,
  customer_cloud_account: own,
}: WireCluster): string | undefined {
  if (plan === "STANDARD") {
    return (cloud === "AWS" ? keychain?.aws_account_id : keychain?.gcp_auth_principal) || undefined;
  }
  if (plan !== "ADVANCED" || account === "" || own != null) return undefined;
  if (cloud === "AWS") return account;
  const user = `crl-logging-user-${id.slice(-12)}`;
  return cloud === "GCP" ? `${user}@${account}.iam.gserviceaccount.com` : undefined;
}

function toServerless(
  wire: WireCluster,
  config: NonNullable<WireCluster["config"]["serverless"]>,
  { withEmptyIpAllowlist }: WriteOnlyInputs,
): Serverless {
  const names = wire.regions.map(({ name }) => name).sort();
  const primary =
    wire.regions.find((region) => region.primary)?.name ??
    (names.length === 1 ? names[0] : undefined);
  const limits = toLimits(config.usage_limits);
  const version = majorVersion(wire.cockroach_version);
  return {
    regions: names,
    upgradeType: config.upgrade_type as UpgradeType,
    ...omitUndefined({
      primaryRegion: primary,
      usageLimits: limits,
      withEmptyIpAllowlist,
      cockroachVersion: version,
    }),
  };
}

/** Absent, null and zero all say that there is no limit. */
function toLimits(wire: WireUsageLimits | undefined): UsageLimits | undefined {
  const limits: UsageLimits = {};
  if (wire?.provisioned_virtual_cpus) limits.provisionedVirtualCpus = wire.provisioned_virtual_cpus;
  if (wire?.request_unit_limit) limits.requestUnitLimit = wire.request_unit_limit;
  if (wire?.storage_mib_limit) limits.storageMibLimit = wire.storage_mib_limit;
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function toDedicated(
  wire: WireCluster,
  hardware: NonNullable<WireCluster["config"]["dedicated"]>,
  writeOnlyInputs: WriteOnlyInputs,
): Dedicated {
  const { withEmptyIpAllowlist: _serverlessOnly, ...carried } = writeOnlyInputs;
  return {
    regionNodes: Object.fromEntries(wire.regions.map((region) => [region.name, region.node_count])),
    hardware: {
      machineSpec: machineOf(wire),
      storageGib: hardware.storage_gib,
      diskIops: hardware.disk_iops,
      memoryGib: hardware.memory_gib,
    },
    cockroachVersion: majorVersion(wire.cockroach_version) ?? wire.cockroach_version,
    ...(wire.network_visibility
      ? { networkVisibility: wire.network_visibility as NetworkVisibility }
      : {}),
    ...(wire.cidr_range ? { cidrRange: wire.cidr_range } : {}),
    ...carried,
  };
}

/**
 * The machine of the nodes. A cluster whose regions have different machines may show none for the whole,
 * and then has that of the region whose name sorts first.
 */
export function machineOf({ config, regions }: WireCluster): MachineSpec {
  const { dedicated } = config;
  const machines = [dedicated, ...[...regions].sort(byName)];
  const machine = machines.find((one) => one?.machine_type) ?? dedicated;
  return {
    numVirtualCpus: machine?.num_virtual_cpus ?? 0,
    machineType: machine?.machine_type ?? "",
  };
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function toAccount({
  customer_cloud_account: account,
}: WireCluster): CustomerCloudAccount | undefined {
  if (account?.aws) return { aws: { arn: account.aws.arn } };
  if (account?.gcp) return { gcp: { serviceAccountEmail: account.gcp.service_account_email } };
  if (account?.azure) {
    const { subscription_id, tenant_id } = account.azure;
    return { azure: { subscriptionId: subscription_id, tenantId: tenant_id } };
  }
  return undefined;
}

/**
 * The arguments after a refresh: those of the last run, with what has changed behind our back in
 * place of what was asked. Only what the program manages is compared.
 */
export function refreshedInputs(
  previousInputs: Partial<Inputs>,
  before: State,
  after: State,
): Inputs {
  if (Object.keys(previousInputs).length === 0) return fullInputs(after);
  const inputs = structuredClone(previousInputs) as Unchecked;
  for (const { property } of diffCluster(after, previousInputs, previousInputs)) {
    if (
      property === "dedicated.hardware.machineSpec" ||
      property === "dedicated.regionMachineSpecs"
    ) {
      for (const region of regionsToMove(after, previousInputs, previousInputs))
        restateMachine(inputs, region, after);
    } else if (!property.endsWith(".finalizeUpgrade")) {
      restate(inputs, property, after);
    }
  }
  // A move to another machine type of the same size is the service's business; another size is drift.
  for (const region of keptRegions(after, inputs)) {
    const [was, is] = [before, after].map((state) => machineIn(state, region));
    const spec = machineIn(inputs, region);
    if (spec?.machineType !== undefined && is && was?.numVirtualCpus !== is.numVirtualCpus) {
      restateMachine(inputs, region, after);
    }
  }
  return inputs as Inputs;
}

/** Of a machine for all regions, that of one which differs shows. */
function restateMachine(inputs: Unchecked, region: string | undefined, after: State): void {
  const spec = machineIn(inputs, region);
  const actual = machineIn(after, region);
  for (const member of Object.keys(spec)) spec[member] = actual[member];
}

function restate(inputs: Unchecked, property: string, after: Unchecked): void {
  const path = property.split(".");
  const last = path.pop() as string;
  const parent = path.reduce((value, key) => value[key], inputs);
  const actual = [...path, last].reduce((value, key) => value?.[key], after);
  parent[last] = actual ?? {};
}

/** Arguments that describe the cluster completely, for state that does not say what was asked. */
function fullInputs(state: State): Inputs {
  const { name, cloudProvider, plan, deleteProtection, labels, parentId } = state;
  const inputs: Unchecked = { name, cloudProvider, plan, deleteProtection, labels, parentId };
  if (state.serverless) {
    const { cockroachVersion, ...rest } = state.serverless;
    inputs.serverless = rest.upgradeType === "MANUAL" ? { ...rest, cockroachVersion } : rest;
  }
  if (state.dedicated) {
    const { hardware, ...rest } = state.dedicated;
    const { memoryGib: _output, machineSpec: _machine, ...disk } = hardware;
    const machines = machineArguments(state);
    inputs.dedicated = { ...rest, ...machines, hardware: { ...disk, ...machines.hardware } };
  }
  if (state.customerCloudAccount) inputs.customerCloudAccount = state.customerCloudAccount;
  return inputs as Inputs;
}

/** The outputs of a mocked cluster: what the API could return for these arguments, deterministic. */

import type { CatalogueMachine } from "../emulator/catalogue/machines";
import {
  defaultMachines,
  machineOfSize,
  machineOfType,
  minStorageGib,
  provisionedIops,
} from "../emulator/catalogue/machines";
import { defaultVersions } from "../emulator/catalogue/versions";
import { dedicatedRegion, serverlessRegion } from "../emulator/cluster/create";
import type { RegionRecord } from "../emulator/cluster/record";
import type { CloudProvider, UsageLimits } from "../provider/cluster/args";
import { majorVersion } from "../provider/cluster/cockroach-version";
import { machineIn } from "../provider/cluster/machines";
import { toCreateRequest, toWireLimits } from "../provider/cluster/requests";
import type { Inputs } from "../provider/cluster/schema";
import type { State } from "../provider/cluster/wire";
import { toState, writeOnlyInputsOf } from "../provider/cluster/wire";
import type { WireCluster, WireRegion } from "../sdk";
import { digitsFrom, uuidFrom } from "./deterministic";

/** When every mocked cluster was created. */
const createdAt = "2026-06-01T00:00:00Z";

/** What is known of a cluster that the program only reads. */
const anyCluster: Inputs = {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
};

/** The outputs of a cluster that was created with these arguments; `undefined` for one that is only read. */
export function clusterOutputs(id: string, name: string, inputs: Inputs = anyCluster): State {
  const { spec } = toCreateRequest(inputs, name, inputs.labels ?? {});
  const { cloudProvider, plan } = inputs;
  const suffix = digitsFrom(id, 4);
  const regions = regionsOf(inputs, `${name}-${suffix}`);
  const hardware =
    inputs.dedicated && hardwareOf(inputs.dedicated, cloudProvider, regions[0]?.name);
  const cluster: WireCluster = {
    id,
    name,
    plan,
    cloud_provider: cloudProvider,
    state: "CREATED",
    operation_status: "UNSPECIFIED",
    upgrade_status: "FINALIZED",
    cockroach_version: versionOf(inputs),
    config: hardware
      ? { dedicated: hardware }
      : { serverless: { routing_id: `${name}-${suffix}`, ...limitsOf(inputs) } },
    regions,
    labels: inputs.labels ?? {},
    sql_dns:
      plan === "ADVANCED" && regions.length > 1
        ? `${name}-${suffix}.${cloudProvider.toLowerCase()}.cockroachlabs.cloud`
        : (regions[0]?.sql_dns ?? ""),
    delete_protection: inputs.deleteProtection === true ? "ENABLED" : "DISABLED",
    parent_id: inputs.parentId ?? "root",
    creator_id: uuidFrom("creator"),
    account_id: plan === "ADVANCED" ? digitsFrom(id, 12) : "",
    azure_cluster_identity_client_id: cloudProvider === "AZURE" ? uuidFrom(`identity ${id}`) : "",
    cidr_range: inputs.dedicated?.cidrRange ?? "",
    network_visibility: inputs.dedicated?.networkVisibility ?? "PUBLIC",
    egress_traffic_policy:
      plan !== "ADVANCED"
        ? "UNSPECIFIED"
        : inputs.dedicated?.restrictEgressTraffic === true
          ? "DEFAULT_DENY"
          : "ALLOW_ALL",
    ...(spec.customer_cloud_account && { customer_cloud_account: spec.customer_cloud_account }),
    created_at: createdAt,
  };
  return toState(cluster, writeOnlyInputsOf(inputs), undefined);
}

function versionOf({ serverless, dedicated }: Inputs): string {
  const inputs = serverless?.cockroachVersion ?? dedicated?.cockroachVersion;
  if (inputs !== undefined) {
    const major = majorVersion(inputs) ?? inputs;
    return defaultVersions.find(({ version }) => version === major)?.patch ?? `${major}.0`;
  }
  const newest = defaultVersions.find(
    ({ supportStatus, isServerless }) =>
      supportStatus === "SUPPORTED" && (isServerless || dedicated !== undefined),
  );
  return newest?.patch ?? "";
}

function regionsOf(
  { plan, cloudProvider, serverless, dedicated }: Inputs,
  host: string,
): WireRegion[] {
  if (dedicated !== undefined) {
    return Object.entries(dedicated.regionNodes)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([region, nodes]) =>
        toWire(
          dedicatedRegion(region, nodes, undefined, host, cloudProvider),
          false,
          hardwareOf(dedicated, cloudProvider, region),
        ),
      );
  }
  const { regions = [], primaryRegion } = serverless ?? {};
  return regions.map((name) => {
    const region = toWire(
      serverlessRegion(name, host, cloudProvider),
      regions.length > 1 && name === primaryRegion,
    );
    // Standard clusters have their private endpoint services from the start.
    return plan === "STANDARD"
      ? { ...region, private_endpoint_dns: `private-${region.sql_dns}` }
      : region;
  });
}

function toWire(
  { name, sqlDns, uiDns, internalDns, s3VpcEndpointId, nodes }: RegionRecord,
  primary: boolean,
  hardware?: Hardware,
): WireRegion {
  return {
    name,
    sql_dns: sqlDns,
    ui_dns: uiDns,
    internal_dns: internalDns,
    private_endpoint_dns: "",
    s3_vpc_endpoint_id: s3VpcEndpointId && `vpce-${digitsFrom(sqlDns, 17)}`,
    node_count: nodes,
    primary,
    machine_type: hardware?.machine_type ?? "",
    num_virtual_cpus: hardware?.num_virtual_cpus ?? 0,
    disk_iops: hardware?.disk_iops ?? 0,
  };
}

function limitsOf({ serverless }: Inputs) {
  const limits = toWireLimits(serverless?.usageLimits as UsageLimits | undefined);
  return {
    upgrade_type: serverless?.upgradeType ?? "AUTOMATIC",
    ...(Object.keys(limits).length > 0 && { usage_limits: limits }),
  };
}

type Hardware = NonNullable<WireCluster["config"]["dedicated"]>;

function hardwareOf(
  dedicated: NonNullable<Inputs["dedicated"]>,
  cloud: CloudProvider,
  region: string | undefined,
): Hardware {
  const { storageGib, diskIops } = dedicated.hardware;
  const machineOfRegion = (name: string | undefined) =>
    machineOf(machineIn({ dedicated }, name) ?? {}, cloud);
  const machine = machineOfRegion(region);
  const smallest = Object.keys(dedicated.regionNodes).map((name) =>
    minStorageGib(machineOfRegion(name)),
  );
  const storage = storageGib || Math.max(...smallest);
  return {
    machine_type: machine.type,
    num_virtual_cpus: machine.vcpus,
    memory_gib: machine.memoryGib,
    storage_gib: storage,
    disk_iops: provisionedIops(cloud, storage, diskIops ?? 0),
  };
}

type MachineSpec = NonNullable<NonNullable<Inputs["dedicated"]>["hardware"]["machineSpec"]>;

/** The machine, also one that the service has and the emulator does not know. */
function machineOf(
  { machineType, numVirtualCpus }: MachineSpec,
  cloud: CloudProvider,
): CatalogueMachine {
  const type = machineType ?? "";
  const vcpus = numVirtualCpus ?? sizeIn(type);
  const known =
    machineType === undefined
      ? machineOfSize(defaultMachines, cloud, vcpus)
      : machineOfType(defaultMachines, cloud, machineType);
  return known ?? { provider: cloud, type, vcpus, memoryGib: vcpus * 4 };
}

/** The vCPUs in `m6g.2xlarge`, `n2-standard-8` and `Standard_D8s_v5`. */
function sizeIn(machineType: string): number {
  const [, times, size] = /\.(\d*)xlarge$|(?:-|^Standard_[A-Z]+)(\d+)/.exec(machineType) ?? [];
  return size === undefined ? Number(times || 1) * 4 : Number(size);
}

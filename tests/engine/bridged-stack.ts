/** A stack of the bridged provider, @pulumiverse/cockroach 0.9.4: its state, what that speaks of, and its program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WireCreateCluster } from "../../emulator";
import { awsKey, wire } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import type { State, StateResource } from "../support/engine";
import type { Declared } from "./declared-program";
import { IdOf } from "./declared-program";

const golden = join(__dirname, "pulumiverse-0.9.4.json");

/** The clusters of the golden state under the ids that it gives them. */
export const clusters = {
  "00000000-0000-4000-8000-000000000001": {
    name: "web-test",
    provider: "GCP",
    spec: {
      plan: "BASIC",
      serverless: {
        regions: ["us-central1"],
        usage_limits: { request_unit_limit: "1000000", storage_mib_limit: "10240" },
      },
    },
  },
  "00000000-0000-4000-8000-000000000002": {
    name: "ledger-80b3c4f",
    provider: "GCP",
    spec: {
      plan: "STANDARD",
      serverless: {
        regions: ["us-central1", "us-east1", "us-west2"],
        primary_region: "us-east1",
        usage_limits: { provisioned_virtual_cpus: "4" },
      },
    },
  },
  "00000000-0000-4000-8000-000000000003": {
    name: "vault-test",
    provider: "AWS",
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { "us-east-1": 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
        network_visibility: "PRIVATE",
      },
    },
  },
} as const satisfies Record<string, WireCreateCluster>;

export const passwordOfProgram = "a-passw0rd-of-the-program";
export const passwordOnlyInState = "a-passw0rd-only-in-state";

/** Makes everything that the golden state speaks of, and returns the state with the ids that it has here. */
export function put(emulator: TestEmulator): StateResource[] {
  let text = readFileSync(golden, "utf8");
  let vault = "";
  for (const [goldenId, body] of Object.entries(clusters)) {
    vault = emulator.clusters.create(body).id;
    text = text.replaceAll(goldenId, vault);
  }
  emulator.cmek.enable(vault, wire([awsKey("us-east-1")]));
  emulator.maintenanceWindows.set(vault, {
    offset_duration: "172800s",
    window_duration: "21600s",
  });
  emulator.versionDeferrals.set(vault, "DEFERRAL_60_DAYS");
  emulator.allowlist.add(vault, "203.0.113.0/24", { ui: false, name: "office-3f1c0de" });
  emulator.databases.add(vault, "shop");
  emulator.sqlUsers.add(vault, "app", passwordOfProgram);
  emulator.sqlUsers.add(vault, "worker-5d1e2f3", passwordOnlyInState);
  return (JSON.parse(text) as State).deployment.resources ?? [];
}

const clusterId = new IdOf("vault");

/** The program of the old package in the words of this one. */
export const program: readonly Declared[] = [
  {
    name: "web",
    type: "Cluster",
    args: {
      name: "web-test",
      plan: "BASIC",
      cloudProvider: "GCP",
      deleteProtection: false,
      serverless: {
        regions: ["us-central1"],
        usageLimits: { requestUnitLimit: 1_000_000, storageMibLimit: 10_240 },
      },
    },
  },
  // The old package made the name up, so this program has none either.
  {
    name: "ledger",
    type: "Cluster",
    args: {
      plan: "STANDARD",
      cloudProvider: "GCP",
      serverless: {
        regions: ["us-central1", "us-east1", "us-west2"],
        primaryRegion: "us-east1",
        usageLimits: { provisionedVirtualCpus: 4 },
      },
    },
  },
  {
    name: "vault",
    type: "Cluster",
    args: {
      name: "vault-test",
      plan: "ADVANCED",
      cloudProvider: "AWS",
      dedicated: {
        regionNodes: { "us-east-1": 3 },
        hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
        cockroachVersion: "v26.1",
        networkVisibility: "PRIVATE",
      },
    },
  },
  { name: "keys", type: "CmekConfig", args: { clusterId, regionSpecs: [awsKey("us-east-1")] } },
  {
    name: "window",
    type: "MaintenanceWindow",
    args: { clusterId, offsetDuration: "172800s", windowDuration: "21600s" },
  },
  {
    name: "deferral",
    type: "VersionDeferral",
    args: { clusterId, deferralPolicy: "FIXED_DEFERRAL" },
  },
  {
    name: "office",
    type: "AllowlistEntry",
    args: { clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
  },
  { name: "shop", type: "Database", args: { clusterId, name: "shop" } },
  {
    name: "app",
    type: "SqlUser",
    args: { clusterId, name: "app", password: passwordOfProgram },
    secrets: ["password"],
  },
  { name: "worker", type: "SqlUser", args: { clusterId, name: "worker-5d1e2f3" } },
];

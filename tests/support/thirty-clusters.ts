// An organization with thirty clusters of all plans, and of everything that belongs to clusters some.

import type { CloudProvider, WireCreateCluster } from "../../emulator";
import { awsKey, wire } from "./cmek";
import type { TestEmulator } from "./emulator";

export const passwordNobodyKnows = "a-passw0rd-that-nobody-reads";

const clouds: readonly CloudProvider[] = ["GCP", "AWS"];
const regionOf = { GCP: "us-central1", AWS: "us-east-1", AZURE: "eastus" } as const;
const three = {
  GCP: ["us-central1", "us-east1", "us-west2"],
  AWS: ["eu-west-1", "us-east-1", "us-west-2"],
} as const;

/** Fills the organization, and returns the number of resources that it is for an export. */
export function putThirtyClusters(emulator: TestEmulator): number {
  const make = (body: WireCreateCluster) => emulator.clusters.create(body).id;
  const folder = emulator.folders.add("teams");

  const basic = range(10).map((index) => {
    const provider = clouds[index % 2] ?? "GCP";
    return make({
      name: `basic-${index}`,
      provider,
      spec: {
        plan: "BASIC",
        ...(index === 1 ? { delete_protection: "ENABLED" } : {}),
        ...(index === 2 ? { labels: { team: "web", "cost-center": "4711" } } : {}),
        ...(index === 3 ? { parent_id: folder } : {}),
        serverless: {
          regions: index === 4 ? [...three.GCP] : [regionOf[provider]],
          ...(index === 4 ? { primary_region: "us-east1" } : {}),
          ...(index === 5 ? { usage_limits: { request_unit_limit: "50000000" } } : {}),
          ...(index === 6
            ? { usage_limits: { request_unit_limit: "1000000", storage_mib_limit: "10240" } }
            : {}),
          // The list of each cluster that has entries is read again by a refresh.
          with_empty_ip_allowlist: index > 1,
        },
      },
    });
  });

  const standard = range(10).map((index) => {
    const provider = clouds[index % 2] ?? "GCP";
    return make({
      name: `standard-${index}`,
      provider,
      spec: {
        plan: "STANDARD",
        labels: { stage: index < 5 ? "test" : "production" },
        serverless: {
          regions: index === 2 ? [...three.GCP] : [regionOf[provider]],
          ...(index === 2 ? { primary_region: "us-west2" } : {}),
          usage_limits: { provisioned_virtual_cpus: String(2 + index * 2) },
          upgrade_type: index === 3 ? "MANUAL" : "AUTOMATIC",
          with_empty_ip_allowlist: true,
        },
      },
    });
  });

  const advanced = range(10).map((index) => {
    const provider = index === 9 ? "AZURE" : (clouds[(index + 1) % 2] ?? "AWS");
    const regions = index === 2 ? three.AWS : [regionOf[provider]];
    return make({
      name: `advanced-${index}`,
      provider,
      spec: {
        plan: "ADVANCED",
        ...(index === 0 ? { delete_protection: "ENABLED" } : {}),
        dedicated: {
          region_nodes: Object.fromEntries(regions.map((region) => [region, index === 4 ? 1 : 3])),
          hardware: {
            machine_spec:
              index === 6
                ? { machine_type: "m7g.2xlarge" }
                : { num_virtual_cpus: 4 + (index % 2) * 4 },
            storage_gib: 35,
            ...(index === 8 ? { disk_iops: 3000 } : {}),
          },
          ...(index === 5 ? { cidr_range: "172.30.0.0/16" } : {}),
          ...(index === 7 ? { cockroach_version: "v25.4" } : {}),
          // A public cluster takes no keys, and is not asked for them.
          network_visibility: [0, 2, 3].includes(index) ? "PRIVATE" : "PUBLIC",
        },
      },
    });
  });

  const at = (ids: readonly string[], index: number) => ids[index] ?? "";
  for (const id of [at(basic, 0), at(standard, 0), at(advanced, 0)]) {
    emulator.sqlUsers.add(id, "app", passwordNobodyKnows);
    emulator.sqlUsers.add(id, "app.reader_1", passwordNobodyKnows);
    emulator.databases.add(id, "shop");
  }
  emulator.databases.add(at(standard, 1), "Orders_2026");
  emulator.allowlist.add(at(standard, 0), "203.0.113.0/24", { name: "office", ui: false });
  emulator.allowlist.add(at(advanced, 0), "203.0.113.0/24", { name: "office" });
  emulator.allowlist.add(at(advanced, 0), "198.51.100.7/24");
  emulator.cmek.enable(at(advanced, 0), wire([awsKey("us-east-1")]));
  emulator.cmek.enable(at(advanced, 2), wire(three.AWS.map((region) => awsKey(region))));
  const windows = { [at(advanced, 0)]: "180000s", [at(advanced, 2)]: "86430s" };
  for (const [id, offset] of Object.entries(windows)) {
    emulator.maintenanceWindows.set(id, { offset_duration: offset, window_duration: "21600s" });
  }
  emulator.versionDeferrals.set(at(advanced, 0), "DEFERRAL_60_DAYS");
  emulator.versionDeferrals.set(at(advanced, 1), "DEFERRAL_90_DAYS");
  emulator.requests.clear();

  const users = 6;
  const databases = 4;
  // Two of them are those that the service gave the Basic clusters.
  const entries = 5;
  const [keys, set, deferrals] = [2, 2, 2];
  const folders = 1;
  return 30 + folders + users + databases + entries + keys + set + deferrals;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

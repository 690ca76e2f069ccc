/** What the status page is read with: a cluster that is being created, another one in use, a throttled client. */
import type { Emulator } from "../../emulator";

const minute = 60_000;

/** The options of such an emulator: time that the test drives, and a limit of four requests. */
export const limits = { rateLimit: { perSecond: 4, time: "emulator" } } as const;

/** Brings life into an emulator with a driven clock. Ten minutes of twenty-five have passed for the new cluster. */
export async function makeBusy(emulator: Emulator): Promise<void> {
  const { id } = emulator.clusters.create({
    name: "orders",
    provider: "GCP",
    spec: {
      plan: "STANDARD",
      delete_protection: "ENABLED",
      labels: { team: "payments" },
      serverless: {
        regions: ["us-central1"],
        usage_limits: { provisioned_virtual_cpus: "2" },
      },
    },
  });
  await emulator.clock.advance(89 * minute);
  await send(emulator, "POST", `/clusters/${id}/sql-users`, {
    name: "app",
    password: "the password of app",
  });
  emulator.sqlUsers.add(id, "reporting");
  await emulator.clock.advance(minute);
  await send(emulator, "POST", "/clusters", {
    name: "ledger",
    provider: "AWS",
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { "us-east-1": 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 0 },
      },
    },
  });
  for (let times = 0; times < 4; times += 1) await send(emulator, "GET", "/clusters");
  await emulator.clock.advance(10 * minute);
}

async function send(
  { url, apiKey }: Emulator,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
}

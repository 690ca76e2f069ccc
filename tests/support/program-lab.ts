// An emulator that the program's environment points to, with clusters in it.
import * as pulumi from "@pulumi/pulumi";
import type { EmulatorOptions, WireCluster } from "../../emulator";
import { CockroachCloudClient } from "../../sdk";
import type { TestEmulator } from "./emulator";
import { startTestEmulator } from "./emulator";

/** A cluster that does not exist. */
export const missingId = "01234567-89ab-4cde-8f01-23456789abcd";

export interface Lab {
  readonly emulator: TestEmulator;
  readonly client: CockroachCloudClient;
  basic(name: string, spec?: object): WireCluster;
  standard(name: string): WireCluster;
  advanced(name: string, regionNodes?: Record<string, number>, dedicated?: object): WireCluster;
  /** The requests so far: `GET /api/v1/clusters`. */
  paths(): string[];
  /** Puts the variables back that led to the emulator. */
  restoreEnvironment(): void;
}

/** Starts an emulator and points the environment of this process to it. */
export async function startLab(options: EmulatorOptions = {}): Promise<Lab> {
  const emulator = await startTestEmulator({ rateLimit: "off", ...options });
  const before = { ...process.env };
  process.env["COCKROACH_SERVER"] = emulator.url;
  process.env["COCKROACH_API_KEY"] = emulator.apiKey;
  pulumi.runtime.setAllConfig({});
  const create = (name: string, provider: "AWS" | "GCP", spec: object) => {
    const { id } = emulator.clusters.create({ name, provider, spec });
    return emulator.clusters.finish(id);
  };
  return {
    emulator,
    client: new CockroachCloudClient({ apiKey: emulator.apiKey, serverUrl: emulator.url }),
    basic: (name, spec = {}) =>
      create(name, "GCP", { plan: "BASIC", serverless: { regions: ["us-central1"] }, ...spec }),
    standard: (name) =>
      create(name, "GCP", {
        plan: "STANDARD",
        serverless: {
          regions: ["us-central1"],
          usage_limits: { provisioned_virtual_cpus: "2" },
        },
      }),
    advanced: (name, regionNodes = { "us-east-1": 3 }, dedicated = {}) =>
      create(name, "AWS", {
        plan: "ADVANCED",
        dedicated: {
          region_nodes: regionNodes,
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 15 },
          ...dedicated,
        },
      }),
    paths: () => emulator.requests.map(({ method, path }) => `${method} ${path}`),
    restoreEnvironment: () => {
      for (const name of ["COCKROACH_SERVER", "COCKROACH_API_KEY"]) {
        const value = before[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      pulumi.runtime.setAllConfig({});
    },
  };
}

/** A lab for each test of the suite that this is called in: what it returns is that of the test that runs. */
export function labForEachTest(): Lab {
  let lab: Lab;
  beforeEach(async () => {
    lab = await startLab();
  });
  afterEach(() => lab.restoreEnvironment());
  return {
    get emulator() {
      return lab.emulator;
    },
    get client() {
      return lab.client;
    },
    basic: (...given) => lab.basic(...given),
    standard: (...given) => lab.standard(...given),
    advanced: (...given) => lab.advanced(...given),
    paths: () => lab.paths(),
    restoreEnvironment: () => lab.restoreEnvironment(),
  };
}

/** What an output holds in the end. Never settles when that is unknown. */
export function held<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return (output as unknown as { promise(): Promise<Value> }).promise();
}

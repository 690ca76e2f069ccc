// A plugin process whose service is an emulator, and clusters that it is asked for.
import { scaledClock } from "../../emulator";
import type { TestEmulator } from "../support/emulator";
import { startTestEmulator } from "../support/emulator";
import type { Properties } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { startPlugin } from "./plugin-process";

export const mark = "0123456789abcdef-fedcba9876543210";
export const nowhere = "00000000-0000-4000-8000-000000000000";

export const basic = (changes: Properties = {}): Properties => ({
  name: "basic-test",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"] },
  __mark: mark,
  ...changes,
});

export const advanced = (changes: Properties = {}): Properties => ({
  name: "advanced-test",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
  },
  __mark: mark,
  ...changes,
});

/** An emulator in which a day passes in 24 seconds or, with `scale` 1, at its real pace. */
export async function cloud(scale = 3600): Promise<TestEmulator> {
  return await startTestEmulator({ clock: scaledClock(scale) });
}

/** A configured plugin with the emulator's key in its environment. */
export async function pluginOf(emulator: TestEmulator, apiKey = emulator.apiKey): Promise<Plugin> {
  const environment = { COCKROACH_API_KEY: apiKey, COCKROACH_SERVER: emulator.url };
  const plugin = await startPlugin({ environment });
  await plugin.configure();
  return plugin;
}

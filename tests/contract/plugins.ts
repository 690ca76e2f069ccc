/** Plugin processes that serve all resources of a run, as the engine has them, and an emulator for them. */
import type { EmulatorOptions } from "../../emulator";
import { manualClock } from "../../emulator";
import { defaultDurations } from "../../emulator/durations";
import type { TestEmulator } from "../support/emulator";
import { startTestEmulator } from "../support/emulator";
import type { Properties } from "./plugin-client";
import type { Plugin } from "./plugin-process";
import { startPlugin } from "./plugin-process";

const durations = {
  ...Object.fromEntries(Object.keys(defaultDurations).map((name) => [name, 0])),
  endpointExpiryMs: defaultDurations.endpointExpiryMs,
};

/** An emulator that carries out everything at once, and lets several processes share a key without refusals. */
export async function startImmediateEmulator(
  options: Pick<EmulatorOptions, "organizations"> = {},
): Promise<TestEmulator> {
  return await startTestEmulator({ clock: manualClock(), durations, rateLimit: "off", ...options });
}

/** A configured plugin with the emulator's key in its environment. */
export async function startPluginOn({ apiKey, url }: TestEmulator): Promise<Plugin> {
  const environment = { COCKROACH_API_KEY: apiKey, COCKROACH_SERVER: url };
  const plugin = await startPlugin({ environment });
  await plugin.configure();
  return plugin;
}

/** The operations of the plugin with this text in state. */
export function withText(plugin: Plugin, __provider: string): Plugin {
  const served = (props: Properties): Properties => ({ __provider, ...props });
  return {
    ...plugin,
    check: (news, olds) => plugin.check(served(news), olds),
    diff: (id, olds, news) => plugin.diff(id, olds, served(news)),
    create: (inputs) => plugin.create(served(inputs)),
    read: (id, props) => plugin.read(id, served(props)),
    update: (id, olds, news) => plugin.update(id, olds, served(news)),
    delete: (id, props) => plugin.delete(id, served(props)),
  };
}

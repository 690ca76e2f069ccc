// A process that serves a provider. Each operation of the CLI starts one, and may kill it.

import { setMaxListeners } from "node:events";
import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { connect } from "../../../provider/engine/configuration";
import type { Host } from "../../../provider/engine/host";
import { RunRecord } from "../../../provider/engine/run-record";
import type { Connection } from "../../../provider/resource/lifecycle";
import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Time } from "../driven-time";
import type { TestEmulator } from "../emulator";
import type { Door } from "./door";
import type { Kind } from "./program";
import type { Message } from "./run";

export interface StackOptions {
  /** The Pulumi organization. @default "acme" */
  organization?: string;
  /** @default "dev" */
  name?: string;
  /** What the provider process sees. @default the emulator's address and key */
  environment?: Record<string, string>;
  /** The provider of what the program gives no kind of its own. @default the provider of Cluster */
  serve?: (host: () => Host) => DynamicProvider;
  /** What stands between the engine and a provider, for example Pulumi's own server. @default nothing */
  through?: (provider: DynamicProvider) => DynamicProvider;
  /** The provider plugin, which serves all kinds of a process. @default the dynamic provider of each kind */
  plugin?: (host: Host) => (type: ResourceType) => Door;
}

export interface ProviderProcess {
  providerOf(kind: Kind): Door;
  readonly messages: (Message & { ephemeral: boolean })[];
  readonly interruption: AbortController;
  readonly killed: Promise<void>;
  kill(): void;
}

export function startProcess(
  emulator: TestEmulator,
  time: Time,
  options: StackOptions,
): ProviderProcess {
  const interruption = new AbortController();
  setMaxListeners(0, interruption.signal);
  const messages: ProviderProcess["messages"] = [];
  let isDead = false;
  let died = () => {};
  const killed = new Promise<void>((resolve) => {
    died = resolve;
  });
  const never = new Promise<never>(() => {});
  // A clock of its own, because the client keeps a request budget for each clock and key: a new process
  // knows nothing of what the one before it has sent.
  const clock = {
    now: () => time.now(),
    sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms, signal),
  };
  /** What a dead process does reaches nobody. */
  const whileAlive = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (isDead) await never;
    try {
      return await work();
    } finally {
      if (isDead) await never;
    }
  };
  const connections = new Map<string, Connection>();
  const host: Host = {
    environment: options.environment ?? {
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
    },
    connect: (settings) => {
      const key = JSON.stringify(settings);
      const known = connections.get(key);
      if (known) return known;
      const connection = connect(settings, clock, interruption.signal);
      connections.set(key, connection);
      return connection;
    },
    reporter: {
      report: async (urn, severity, text, { ephemeral = false } = {}) => {
        if (isDead) return;
        messages.push({ name: urn.slice(urn.lastIndexOf("::") + 2), severity, text, ephemeral });
      },
    },
    clock,
    signal: interruption.signal,
    run: new RunRecord(),
  };
  const { through = (provider) => provider } = options;
  const providers = new Map<Kind, Door>();
  const plugin = options.plugin?.(host);
  return {
    providerOf: (kind) => {
      const known = providers.get(kind);
      if (known) return known;
      const served: Door = plugin?.(kind.type) ?? through(kind.serve(() => host));
      const provider: Door = {
        check: (...given) => whileAlive(() => served.check(...given)),
        diff: (...given) => whileAlive(() => served.diff(...given)),
        create: (...given) => whileAlive(() => served.create(...given)),
        read: (...given) => whileAlive(() => served.read(...given)),
        update: (...given) => whileAlive(() => served.update(...given)),
        delete: (...given) => whileAlive(() => served.delete(...given)),
      };
      providers.set(kind, provider);
      return provider;
    },
    messages,
    interruption,
    killed,
    kill: () => {
      isDead = true;
      died();
      // It sends nothing more.
      interruption.abort(new Error("killed"));
    },
  };
}

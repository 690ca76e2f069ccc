/** What the provider plugin adds to the engine's own share: state and processor time beside a plugin that does nothing. */
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Emulator } from "../emulator";
import { startEmulator } from "../emulator";
import { remove, temporaryFolder, writeFiles } from "../tests/support/consumer";
import {
  engine,
  languageHost,
  pluginFolder,
  repository,
  startProgram,
} from "../tests/support/engine";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import { median } from "./statistics";

interface Weight {
  readonly stateBytes: number;
  /** Processor time of the engine with all that it starts, for each command. */
  readonly seconds: Readonly<Record<Command, number>>;
}

const commands = { "up, no change": ["up", "--expect-no-changes"], refresh: ["refresh"] } as const;
type Command = keyof typeof commands;

export async function measurePlugin({ quick }: PartOptions): Promise<Section> {
  const resources = quick ? 20 : 1_000;
  const runs = quick ? 1 : 3;
  const emulator = await startEmulator({ durations: { createBasicMs: 0 }, rateLimit: "off" });
  try {
    const { id } = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    const weigh = (type: string) => weightOf(type, id, { resources, runs, emulator });
    const nothing = await weigh("null:index:Resource");
    const measured = [
      await weigh("cockroachdb-cloud:index:Database"),
      await weigh("cockroachdb-cloud:index:SqlUser"),
    ];
    const row = (title: string, of: (weight: Weight) => number) => [
      title,
      figure(of(nothing)),
      ...measured.flatMap((weight) => [figure(of(weight)), figure(of(weight) / of(nothing))]),
    ];
    const bytes = ({ stateBytes }: Weight) => Math.round(stateBytes / resources);
    return {
      title: "Weight of the plugin",
      method: `${figure(resources)} resources of a program in YAML, by the plugin and by a plugin that does nothing, all with the same two arguments, without the engine's checkpoints. Processor time is that of the engine and all that it starts (median of ${runs} ${runs === 1 ? "run" : "runs"}).`,
      tables: [
        {
          columns: ["", "A plugin that does nothing", "Database", "Ratio", "SqlUser", "Ratio"],
          rows: [
            row("Bytes of state per resource", bytes),
            ...(Object.keys(commands) as Command[]).map((command) =>
              row(`${command}: processor time, s`, ({ seconds }) => seconds[command]),
            ),
          ],
        },
      ],
      notes: [
        "What a SQL user has beside its arguments is a generated password, encrypted, and what distinguishes two entries of one object. Of what an update without a change takes longer, measured for each process, about a third is the engine's own, which decrypts the passwords and reads a larger schema, and half is the plugin's, whose code is still being compiled at 1,000 resources.",
      ],
    };
  } finally {
    await emulator.close();
  }
}

interface Conditions {
  readonly resources: number;
  readonly runs: number;
  readonly emulator: Emulator;
}

async function weightOf(
  type: string,
  clusterId: string,
  { resources, runs, emulator }: Conditions,
): Promise<Weight> {
  const { binDir, pulumiPath } = await engine();
  const folder = temporaryFolder();
  const declared = Array.from({ length: resources }, (_, index) => [
    `user-${index}`,
    { type, properties: { clusterId, name: `user-${index}` } },
  ]);
  const plugins = {
    "cockroachdb-cloud": pluginFolder,
    null: join(repository, "bench", "null-plugin"),
  };
  const [name = ""] = type.split(":");
  const path = plugins[name as keyof typeof plugins];
  writeFiles(folder, {
    "Pulumi.yaml": JSON.stringify({
      name: "weight",
      runtime: "yaml",
      plugins: { providers: [{ name, path }] },
      resources: Object.fromEntries(declared),
    }),
  });
  const timed = join(folder, "pulumi");
  writeFileSync(
    timed,
    `#!/bin/bash\nTIMEFORMAT='processor time: %U %S'\ntime "${pulumiPath}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const stack = await startProgram({
    directory: folder,
    project: "weight",
    engine: { binDir, pulumiPath: timed },
    env: {
      PATH: [binDir, await languageHost("yaml"), process.env["PATH"]].join(delimiter),
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
    },
  });
  try {
    await stack.pulumi("up", "--yes", "--skip-preview");
    const stateBytes = Buffer.byteLength(stack.stateText());
    const secondsOf = async ([command, ...options]: readonly string[]) => {
      const { stderr } = await stack.pulumi(
        command as string,
        "--yes",
        "--skip-preview",
        ...options,
      );
      const [, user, system] = /processor time: ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
      return Number(user) + Number(system);
    };
    const seconds: Partial<Record<Command, number>> = {};
    for (const command of Object.keys(commands) as Command[]) {
      const measured: number[] = [];
      for (let run = 0; run < runs; run += 1) measured.push(await secondsOf(commands[command]));
      console.error(`  ${type}, ${command}: ${measured.map((one) => one.toFixed(2)).join(", ")} s`);
      seconds[command] = median(measured);
    }
    return { stateBytes, seconds: seconds as Weight["seconds"] };
  } finally {
    stack.close();
    remove(folder);
  }
}

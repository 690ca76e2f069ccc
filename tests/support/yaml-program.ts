/** Programs in YAML on the real engine, which finds the compiled plugin where they say. */
import { delimiter, join } from "node:path";
import type { Emulator } from "../../emulator";
import { remove, temporaryFolder, writeFiles } from "./consumer";
import type { State, TestProgram } from "./engine";
import { engine, languageHost, pluginFolder, startProgram } from "./engine";

/** A resource of a program. */
interface YamlResource {
  readonly type: string;
  readonly properties?: object;
  readonly options?: object;
}

/** What a program says. YAML takes JSON. */
export interface YamlProgram {
  /** @default "shop" */
  readonly name?: string;
  readonly config?: object;
  readonly variables?: object;
  readonly resources?: Readonly<Record<string, YamlResource>>;
  readonly outputs?: object;
}

/** A stack of a program in YAML. */
export interface YamlStack extends TestProgram {
  /** Changes the program for the next run. */
  write(program: YamlProgram): void;
  importState(state: State): Promise<void>;
}

export async function startYaml(
  program: YamlProgram,
  emulator: Emulator,
  env: Readonly<Record<string, string>> = {},
): Promise<YamlStack> {
  const { binDir } = await engine();
  const folder = temporaryFolder();
  const textOf = (said: YamlProgram) =>
    JSON.stringify({
      name: "shop",
      runtime: "yaml",
      plugins: { providers: [{ name: "cockroachdb-cloud", path: pluginFolder }] },
      ...said,
    });
  const write = (directory: string, said: YamlProgram) =>
    writeFiles(directory, { "Pulumi.yaml": textOf(said) });
  write(folder, program);
  const stack = await startProgram({
    directory: folder,
    project: program.name ?? "shop",
    checkpoints: true,
    env: {
      PATH: [binDir, await languageHost("yaml"), process.env["PATH"]].join(delimiter),
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
      ...env,
    },
  });
  return {
    ...stack,
    write: (said) => write(stack.directory, said),
    async importState(state) {
      writeFiles(folder, { "state.json": state });
      await stack.pulumi("stack", "import", "--file", join(folder, "state.json"));
    },
    close() {
      stack.close();
      remove(folder);
    },
  };
}

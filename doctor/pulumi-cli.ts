/** Reads a stack through the Pulumi CLI. Nothing is changed, and the state's secrets stay encrypted. */
import { spawn } from "node:child_process";
import { z } from "zod";
import type { ConfigurationSource } from "../provider/engine/configuration";
import { configurationKeys, settingsFrom } from "../provider/engine/configuration";

/** The diagnosis is impossible; the message is for the user. */
export class DiagnosisError extends Error {}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pulumi` with these arguments to its end. */
export type RunPulumi = (args: readonly string[]) => Promise<CommandResult>;

/** The CLI on the PATH, in the current folder. */
export const pulumiOnPath: RunPulumi = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (cause) =>
      reject(
        new DiagnosisError(
          `The Pulumi CLI could not be started: ${cause.message}. Install it, or pass an exported state with --state <file>.`,
          { cause },
        ),
      ),
    );
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });

/** A stack as the CLI has it. */
export class PulumiStack {
  readonly #run: RunPulumi;
  readonly #selection: readonly string[];

  /** Without a name, the stack that is selected in the current folder. */
  constructor(run: RunPulumi, name: string | undefined) {
    this.#run = run;
    this.#selection = name === undefined ? [] : ["--stack", name];
  }

  /** The text of its exported state. */
  async exportState(): Promise<string> {
    return await this.#output("Exporting the state of the stack", "stack", "export");
  }

  /** `organization/project/stack`; undefined where the backend does not have all three. */
  async fullName(): Promise<string | undefined> {
    const name = await this.#output(
      "Reading the name of the stack",
      ...["stack", "--show-name", "--fully-qualify-stack-names"],
    );
    return name.trim().split("/").length === 3 ? name.trim() : undefined;
  }

  /** What its configuration adds to the environment; a key is decrypted only where it is needed. */
  async configuration(
    environment: Readonly<Record<string, string | undefined>>,
  ): Promise<ConfigurationSource> {
    const surrounding = settingsFrom({ get: () => undefined }, environment);
    const needsKey = (surrounding.apiKey ?? surrounding.apiJwt) === undefined;
    if (!needsKey && surrounding.serverUrl !== undefined) return { get: () => undefined };
    const doing = "Reading the configuration of the stack";
    const entries = configSchema.parse(JSON.parse(await this.#output(doing, "config", "--json")));
    const values = new Map<string, string>();
    for (const key of Object.values(configurationKeys)) {
      const entry = entries[key];
      if (entry?.value !== undefined) values.set(key, entry.value);
      else if (entry?.secret === true && needsKey) {
        values.set(key, (await this.#output(`Reading ${key}`, "config", "get", key)).trim());
      }
    }
    return { get: (key) => values.get(key) };
  }

  async #output(doing: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run([...args, ...this.#selection]);
    if (code === 0) return stdout;
    const reason = stderr.trim().replace(/^error: /, "") || `pulumi ended with ${code}`;
    throw new DiagnosisError(`${doing} failed: ${reason}`);
  }
}

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().optional() }),
);

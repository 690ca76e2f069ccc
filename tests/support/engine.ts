/** The real Pulumi engine for tests: stacks on a throw-away state folder, and the command line itself. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { buildIfChanged } from "../../scripts/build.mjs";
import type { Engine } from "../../scripts/engine.mjs";
import { findOrBuildLanguageHost, findOrObtainEngine } from "../../scripts/engine.mjs";
import {
  engineEnvironment,
  withoutCertificates,
  withoutUserSettings,
} from "../../scripts/environment.mjs";
import { keyService, parseState } from "./key-service";

export const repository = join(__dirname, "..", "..");

/** Where the compiled provider plugin is. */
export const pluginFolder = join(repository, "dist", "plugin");
const projectName = "test-project";
const stackName = "test";

let found: Promise<Engine> | undefined;

/**
 * The engine, searched for once in a process; the first search may have to build it.
 * The provider processes it starts load the compiled package, so that is brought up to date too.
 */
export function engine(): Promise<Engine> {
  found ??= obtain();
  return found;
}

async function obtain(): Promise<Engine> {
  buildIfChanged();
  return await findOrObtainEngine((line) => process.stderr.write(`${line}\n`));
}

/** The folder with the language host. */
export async function languageHost(language: "go" | "python" | "yaml"): Promise<string> {
  await engine();
  return await findOrBuildLanguageHost(language, (line) => process.stderr.write(`${line}\n`));
}

/**
 * The same engine for the Automation API, which starts it for a new stack, and after each run up to three times more: for
 * the outputs of the program, twice, and for the history, which no test reads. The outputs are in state.
 */
async function commandFor(folder: string): Promise<automation.PulumiCommand> {
  const { root } = await engine();
  foundCommand ??= automation.PulumiCommand.get({ root }) as Promise<RunnableCommand>;
  const command = await foundCommand;
  const run = async (args: string[], workDir: string, ...rest: unknown[]) => {
    const [noun, verb] = args;
    if (noun === "stack" && verb === "history") return printed("[]");
    if (noun === "stack" && verb === "init") return await init(args, workDir, ...rest);
    if (noun === "stack" && verb === "output")
      return printed(outputsIn(readFileSync(stateFile(folder, projectName), "utf8"), args));
    return await command.run(args, workDir, ...rest);
  };
  const init = async (args: string[], workDir: string, ...rest: unknown[]) => {
    const settings = join(workDir, `Pulumi.${stackName}.yaml`);
    const state = stateFile(folder, projectName);
    if (newStack !== undefined) {
      writeNewStack(newStack, { settings, state, project: projectName });
      return printed("");
    }
    const done = await command.run(args, workDir, ...rest);
    newStack = readNewStack({ settings, state, project: projectName });
    return done;
  };
  return Object.assign(Object.create(command) as RunnableCommand, { run });
}

/** The same for all stacks of a process: its version is asked for once. */
let foundCommand: Promise<RunnableCommand> | undefined;

/** What the first `stack init` of this process has written. All stacks have the same name, and one key service. */
let newStack: NewStack | undefined;

interface NewStack {
  readonly settings: string;
  readonly state: string;
}

/** The files of a stack, and the project that its state names. */
interface StackFiles extends NewStack {
  readonly project: string;
}

function readNewStack({ settings, state, project }: StackFiles): NewStack {
  const read = (file: string) => readFileSync(file, "utf8");
  return { settings: read(settings), state: read(state).replace(fullName(project), fullName("")) };
}

function writeNewStack(stack: NewStack, { settings, state, project }: StackFiles): void {
  mkdirSync(dirname(state), { recursive: true });
  writeFileSync(state, stack.state.replace(fullName(""), fullName(project)));
  writeFileSync(settings, stack.settings);
}

function fullName(project: string): string {
  return `organization/${project}/${stackName}`;
}

/** What the Automation API calls to run the CLI; it is no part of the declared types. */
type RunnableCommand = automation.PulumiCommand & {
  run(args: string[], workDir: string, ...rest: unknown[]): Promise<Printed>;
};

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What `stack output --json` prints, with or without `--show-secrets`. */
function outputsIn(text: string, args: readonly string[]): string {
  const isShown = args.includes("--show-secrets");
  const state = parseState(text, (secret) => (isShown ? JSON.parse(secret) : "[secret]"));
  const { resources } = stateIn(state).deployment;
  const stack = resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return JSON.stringify(stack?.outputs ?? {});
}

/** What `stack export --show-secrets` prints. */
function shownState(text: string): State {
  return stateIn(
    parseState(text, (plaintext, { ciphertext: _, ...entry }) => ({ ...entry, plaintext })),
  );
}

/** What `stack export` prints of a parsed state file. */
function stateIn(parsed: unknown): State {
  const { version, checkpoint } = parsed as {
    version: number;
    checkpoint: { latest?: State["deployment"] };
  };
  return { version, deployment: checkpoint.latest ?? {} };
}

function printed(stdout: string): Printed {
  return { stdout, stderr: "", code: 0 };
}

/** What one resource went through in a run. */
export interface Step {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** `create`, `same`, `update`, `replace`, `create-replacement`, `delete-replaced`, `delete`, `refresh`, … */
  readonly op: string;
  /** Top-level properties that differ. */
  readonly diffs: string[];
  /** Property paths that differ, with `add`, `update`, `delete` or the same with `-replace`. */
  readonly detailedDiff: Record<string, string>;
  /** Properties that force the replacement. */
  readonly replaceKeys: string[];
}

export interface Message {
  readonly urn: string | undefined;
  readonly severity: "info" | "info#err" | "warning" | "error";
  readonly text: string;
  /** A status line that the next one overwrites. */
  readonly ephemeral: boolean;
}

/** What one preview, up, refresh or destroy did. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
  readonly outputs: automation.OutputMap;
  readonly steps: Step[];
  readonly messages: Message[];
  readonly events: automation.EngineEvent[];
  /** The steps of the resource with this logical name, in order. */
  stepsOf(name: string): Step[];
  /** What the user reads on the line of this resource, status lines left out. */
  messagesOf(name: string): string[];
}

export interface RunOptions {
  /** A run that ends otherwise fails the test, with everything it printed. */
  readonly expect?: "success" | "failure" | "either";
  readonly target?: string[];
  readonly targetDependents?: boolean;
  readonly replace?: string[];
  readonly parallel?: number;
  readonly diff?: boolean;
  readonly refresh?: boolean;
  readonly expectNoChanges?: boolean;
  readonly clearPendingCreates?: boolean;
  /** Go on with the other resources when one fails. */
  readonly continueOnError?: boolean;
  readonly runProgram?: boolean;
  readonly signal?: AbortSignal;
}

export interface StackOptions {
  /** Runs in this process. The provider is found through node_modules of the current folder. */
  readonly program: automation.PulumiFn;
  /** For the engine and the provider, and while a run lasts for this process, where the program runs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: automation.ConfigMap;
  /** Write state after every step, as users' runs do. Slower; needed when a run is killed. */
  readonly checkpoints?: boolean;
}

export interface TestStack {
  readonly stack: automation.Stack;
  readonly folder: string;
  /** The program of the next run. */
  program: automation.PulumiFn;
  preview(options?: RunOptions): Promise<Run>;
  up(options?: RunOptions): Promise<Run>;
  refresh(options?: RunOptions): Promise<Run>;
  destroy(options?: RunOptions): Promise<Run>;
  /** Any other command of the CLI for this stack, such as `state taint`. */
  pulumi(...args: string[]): Promise<string>;
  /** Sets a variable for the engine and the provider from the next run on. */
  setVariable(name: string, value: string): void;
  exportState(): Promise<State>;
  importState(state: State): Promise<void>;
  /** Text of the state file on disk, secrets encrypted: what a leak would show in. */
  stateText(): string;
  close(): void;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties of any resource
  readonly inputs?: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: properties of any resource
  readonly outputs?: Record<string, any>;
  readonly initErrors?: string[];
  readonly dependencies?: string[];
  readonly [other: string]: unknown;
}

export interface State {
  readonly version: number;
  readonly deployment: {
    readonly resources?: StateResource[];
    readonly pending_operations?: { readonly resource: StateResource; readonly type: string }[];
    readonly [other: string]: unknown;
  };
}

/** A new stack with an inline program. Needs no language host, so it is the quick way. */
export async function startStack(options: StackOptions): Promise<TestStack> {
  const folder = temporaryFolder();
  const keys = await keyService();
  const env = environmentFor(folder, {
    ...keys.env,
    ...withoutCollection,
    ...withoutCertificates,
    NODE_OPTIONS: `--require ${script("lazy-sdk.cjs")}`,
    ...options.env,
    ...skipCheckpoints(options.checkpoints),
  });
  forgetUserSettings();
  const stack = await automation.LocalWorkspace.createStack(
    { stackName, projectName, program: async () => await test.program() },
    {
      pulumiCommand: await commandFor(folder),
      pulumiHome: join(folder, "home"),
      secretsProvider: keys.secretsProvider,
      envVars: env,
    },
  );
  for (const [key, value] of Object.entries(options.config ?? {}))
    await stack.setConfig(key, value);

  const run =
    (operation: Operation) =>
    async (runOptions: RunOptions = {}) =>
      await withVariables(options.env ?? {}, () =>
        withoutSourceMaps(() => observe(operation, runOptions)),
      );
  const test: TestStack = {
    stack,
    folder,
    program: options.program,
    preview: run((settings) => stack.preview(settings)),
    up: run((settings) => stack.up(settings)),
    refresh: run((settings) => stack.refresh(settings)),
    destroy: run((settings) => stack.destroy(settings)),
    pulumi: async (...args) => {
      const { workDir, pulumiHome } = stack.workspace;
      const { pulumiPath } = await engine();
      const variables = {
        ...env,
        ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
      };
      const ended = await startCli(pulumiPath, [...args, "--stack", stackName], workDir, variables)
        .ended;
      assert.equal(ended.code, 0, `pulumi ${args.join(" ")}:\n${ended.stdout}\n${ended.stderr}`);
      return ended.stdout;
    },
    setVariable: (name, value) => {
      (stack.workspace as automation.LocalWorkspace).envVars[name] = value;
    },
    exportState: async () => shownState(test.stateText()),
    importState: async (state) =>
      await stack.importStack(state as unknown as automation.Deployment),
    stateText: () => readFileSync(stateFile(folder, projectName), "utf8"),
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      rmSync(stack.workspace.workDir, { recursive: true, force: true });
    },
  };
  return test;
}

type Operation = (
  settings: RunOptions & {
    onEvent: (event: automation.EngineEvent) => void;
    onOutput: (text: string) => void;
    onError: (text: string) => void;
    color: "never";
  },
) => Promise<object>;

async function observe(
  operation: Operation,
  { expect = "success", ...options }: RunOptions,
): Promise<Run> {
  const events: automation.EngineEvent[] = [];
  let stdout = "";
  let stderr = "";
  let failure: unknown;
  const result = await operation({
    ...options,
    color: "never",
    onEvent: (event) => events.push(event),
    onOutput: (text) => {
      stdout += text;
    },
    onError: (text) => {
      stderr += text;
    },
  }).catch((error: unknown) => {
    failure = error;
    return {};
  });
  if (failure && !(failure instanceof automation.CommandError)) throw failure;
  const failed = failure !== undefined;
  assert.ok(
    expect === "either" || failed === (expect === "failure"),
    `The run ended in ${failed ? "failure" : "success"}:\n${stdout}\n${stderr}`,
  );
  return summary({ stdout, stderr, failed, events, outputs: outputsOf(result) });
}

function outputsOf(result: object): automation.OutputMap {
  return "outputs" in result ? (result.outputs as automation.OutputMap) : {};
}

function summary(raw: Pick<Run, "stdout" | "stderr" | "failed" | "events" | "outputs">): Run {
  const steps = raw.events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [stepOf(resourcePreEvent.metadata)] : [],
  );
  const messages = raw.events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent ? [messageOf(diagnosticEvent)] : [],
  );
  return {
    ...raw,
    steps,
    messages,
    stepsOf: (name) => steps.filter((step) => step.name === name),
    messagesOf: (name) =>
      messages
        .filter(({ urn, ephemeral }) => !ephemeral && urn && nameOf(urn) === name)
        .map(({ text }) => text),
  };
}

function stepOf(metadata: automation.StepEventMetadata): Step {
  const detailed = Object.entries(metadata.detailedDiff ?? {}).map(([path, { diffKind }]) => [
    path,
    String(diffKind),
  ]);
  return {
    urn: metadata.urn,
    type: metadata.type,
    name: nameOf(metadata.urn),
    op: metadata.op,
    diffs: metadata.diffs ?? [],
    detailedDiff: Object.fromEntries(detailed),
    replaceKeys: metadata.keys ?? [],
  };
}

function messageOf(event: automation.DiagnosticEvent): Message {
  return {
    urn: event.urn,
    severity: event.severity as Message["severity"],
    text: event.message.replace(/<\{%[^%]*%\}>/g, "").trim(),
    ephemeral: event.ephemeral ?? false,
  };
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export interface ProgramOptions {
  /** A folder with Pulumi.yaml and a program, such as an example. It is copied. */
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The project name in Pulumi.yaml, when it is not the name of the folder. */
  readonly project?: string;
  readonly checkpoints?: boolean;
  /**
   * As users start it, with or without a check of the program's types; or `quickly`, which takes half of the processor
   * time: TypeScript compiled once for all runs, and Pulumi's SDK without what it does not need. The engine itself is the
   * same, with a key service in place of a passphrase.
   * @default "quickly"
   */
  readonly start?: "quickly" | "unchecked" | "checked";
  /** Run in the folder itself, with what is installed there, instead of in a copy that uses this repository's packages. */
  readonly inPlace?: boolean;
  /** In place of the one that is found. */
  readonly engine?: Pick<Engine, "binDir" | "pulumiPath">;
}

/** A program in a folder of its own, with a stack, run by the real command line. */
export interface TestProgram {
  readonly directory: string;
  /** The variables of its runs, for other commands beside them. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts `pulumi …`. */
  start(...args: string[]): CliRun;
  /** Runs `pulumi …` to its end. A failure fails the test, with everything it printed. */
  pulumi(...args: string[]): Promise<Ended>;
  /** Sets a variable from the next run on. */
  setVariable(name: string, value: string): void;
  /** The state of a stack; secrets are encrypted. @default the stack `test` */
  exportState(stack?: string): Promise<State>;
  stateText(): string;
  close(): void;
}

export interface Ended {
  /** Exit code, or null after a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRun {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Everything printed so far. */
  output(): string;
  /** Waits until the output holds this text. Fails when the run ends before. */
  printed(text: string | RegExp): Promise<void>;
}

/** Copies the program and makes a stack `test` for it. */
export async function startProgram(options: ProgramOptions): Promise<TestProgram> {
  const { binDir, pulumiPath } = options.engine ?? (await engine());
  const folder = temporaryFolder();
  const directory = options.inPlace
    ? options.directory
    : copyOf(options.directory, join(folder, "program"));
  const { start: how = options.inPlace ? "unchecked" : "quickly" } = options;
  const keys = await keyService();
  const env = environmentFor(
    folder,
    {
      ...keys.env,
      ...withoutCollection,
      ...withoutCertificates,
      ...(how === "checked" ? {} : { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }),
      ...(how === "quickly" ? quickStart : {}),
      ...skipCheckpoints(options.checkpoints),
      ...options.env,
    },
    binDir,
  );
  const start = (...args: string[]) => startCli(pulumiPath, args, directory, env);
  const pulumi = async (...args: string[]) => {
    const ended = await start(...args).ended;
    assert.equal(
      ended.code,
      0,
      `pulumi ${args.join(" ")} ended with ${ended.code ?? ended.signal}:\n${ended.stdout}\n${ended.stderr}`,
    );
    return ended;
  };
  const stateText = (stack?: string) =>
    readFileSync(stateFile(folder, options.project ?? projectOf(directory), stack), "utf8");
  const init = async () =>
    await pulumi("stack", "init", stackName, "--secrets-provider", keys.secretsProvider);
  const isOrdinary = !Object.keys(options.env ?? {}).some((name) => name.startsWith("PULUMI_"));
  if (options.engine === undefined && isOrdinary)
    await initOnce(init, folder, directory, options.project ?? projectOf(directory));
  else await init();
  return {
    directory,
    env,
    start,
    pulumi,
    setVariable: (name, value) => {
      env[name] = value;
    },
    exportState: async (stack) => stateIn(JSON.parse(stateText(stack))),
    stateText: () => stateText(),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes the stack of a program with the key service, and selects it, without a start of the engine where one is known. */
async function initOnce(
  init: () => Promise<unknown>,
  folder: string,
  directory: string,
  project: string,
): Promise<void> {
  const settings = join(directory, `Pulumi.${stackName}.yaml`);
  const files = { settings, state: stateFile(folder, project), project };
  if (newStack === undefined) {
    await init();
    newStack = readNewStack(files);
    return;
  }
  writeNewStack(newStack, files);
  const manifest = createHash("sha1").update(join(realpathSync(directory), "Pulumi.yaml"));
  const workspaces = join(folder, "home", "workspaces");
  mkdirSync(workspaces);
  writeFileSync(
    join(workspaces, `${project}-${manifest.digest("hex")}-workspace.json`),
    JSON.stringify({ stacks: { [`file://${join(folder, "state")}`]: fullName(project) } }),
  );
}

/** A copy of a program outside the repository that uses the repository's packages. */
export function copyOf(program: string, directory: string): string {
  const isOwn = (path: string) => !path.slice(program.length).includes("node_modules");
  cpSync(program, directory, { recursive: true, filter: isOwn });
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"));
  return directory;
}

function script(name: string): string {
  return join(repository, "scripts", name);
}

function startCli(
  pulumiPath: string,
  args: string[],
  directory: string,
  env: Record<string, string>,
): CliRun {
  const child = spawn(pulumiPath, [...args, "--non-interactive"], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (data: Buffer) => {
      printed[name] += data;
      for (const listener of listeners) listener();
    });
  }
  const output = () => printed.stdout + printed.stderr;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...printed }));
  });
  return {
    child,
    ended,
    output,
    printed: async (text) => {
      const isThere = () =>
        typeof text === "string" ? output().includes(text) : text.test(output());
      const seen = new Promise<true>((resolve) => {
        const check = () => isThere() && resolve(true);
        listeners.add(check);
        check();
      });
      const first = await Promise.race([seen, ended.then(isThere)]);
      assert.ok(first, `pulumi ${args.join(" ")} ended without printing ${text}:\n${output()}`);
    },
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-test-"));
  for (const name of ["home", "state"]) mkdirSync(join(folder, name));
  return folder;
}

function environmentFor(
  folder: string,
  extra: Readonly<Record<string, string>>,
  binDir?: string,
): Record<string, string> {
  return engineEnvironment({
    home: join(folder, "home"),
    state: join(folder, "state"),
    extra,
    ...(binDir === undefined ? {} : { binDir }),
  });
}

/** Of the engine, which ends before it has garbage that is worth a collection. */
const withoutCollection = { GOGC: "off", GOMEMLIMIT: "512MiB" };

/** The variables that start programs and the engine quickly. */
export const quickStart = {
  ...withoutCollection,
  ...withoutCertificates,
  NODE_OPTIONS: `--require ${script("quick-program.cjs")}`,
};

function skipCheckpoints(checkpoints = false): Record<string, string> {
  return checkpoints ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" };
}

function stateFile(folder: string, project: string, stack = stackName): string {
  return join(folder, "state", ".pulumi", "stacks", project, `${stack}.json`);
}

function projectOf(directory: string): string {
  const file = join(directory, "Pulumi.yaml");
  assert.ok(existsSync(file), `${directory} has no Pulumi.yaml`);
  const name = /^name:\s*(\S+)/m.exec(readFileSync(file, "utf8"))?.[1];
  assert.ok(name, `${file} has no name`);
  return name;
}

/** The Automation API hands this process's variables on to the engine. */
function forgetUserSettings(): void {
  const kept = withoutUserSettings();
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
}

async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Pulumi's SDK formats the stack of every promise of a resource, each frame of which would be mapped to its source. */
async function withoutSourceMaps<T>(work: () => Promise<T>): Promise<T> {
  process.setSourceMapsEnabled(false);
  try {
    return await work();
  } finally {
    process.setSourceMapsEnabled(true);
  }
}

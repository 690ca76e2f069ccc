/** The subcommand `export`: writes a program and an import file for what exists already. It changes nothing in the cloud. */
import { setMaxListeners } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, settingsFrom } from "../provider/engine/configuration";
import { ConfigurationError } from "../provider/resource/errors";
import type { ReadContext } from "../provider/resource/lifecycle";
import { allResourceTypes } from "../provider/resource/resource-types";
import { hasValueAt } from "../provider/values/secrets";
import type { Clock, WireCluster } from "../sdk";
import { RequestError, systemClock } from "../sdk";
import { retryNotice } from "../sdk/http/retry-notice";
import type { ExportedResource, LeftOut } from "./exported-resource";
import { importFileOf } from "./import-file";
import type { Found } from "./organization";
import {
  listClusters,
  mergeFound,
  readClusters,
  readOrganization,
  readTargets,
} from "./organization";
import { configurationKeys, programOf } from "./program";
import { ResourceNames } from "./resource-names";
import type { TerraformObjects } from "./terraform-state";
import { parseTerraformState } from "./terraform-state";

const defaultFolder = "./cockroachdb-cloud-import";
const programFile = "index.ts";
const importFile = "import.json";

const usage = `Usage: pulumi-cockroachdb-cloud export [options]

Writes a Pulumi program for the clusters of an organization and what belongs to them, and a file with which
"pulumi import" adopts them. It changes nothing in CockroachDB Cloud.

Options:
  --organization      all clusters of the organization (the default)
  --cluster <id|name> only this cluster; may be given several times
  --from-terraform <file>
                      only the resources of cockroachdb/cockroach in this Terraform state, under their names there
  --lang ts           the language of the program: TypeScript is the only one
  --out <folder>      where to write (default: ${defaultFolder})
  --force             overwrites existing files
  --help              shows this text

The key comes from COCKROACH_API_KEY, or from COCKROACH_API_JWT with COCKROACH_VANITY_NAME, and
COCKROACH_USERNAME where the JWT stands for several identities.
Exit status: 0 the files are written, 1 they are not, 2 the options are wrong.
`;

/** Where the command writes. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** What the command needs of the machine; replaced in tests. */
export interface Dependencies {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

const systemDependencies: Dependencies = { environment: process.env, clock: systemClock };

interface Options {
  readonly clusters: readonly string[];
  readonly terraform: string | undefined;
  readonly folder: string;
  readonly isForced: boolean;
}

/** Why nothing is written; the message is for the user. */
class CannotExportError extends Error {}

/** Runs the command. Resolves to the exit code. */
export async function runExport(
  args: readonly string[],
  { out, error: printError }: Output,
  dependencies: Dependencies = systemDependencies,
): Promise<number> {
  let options: Options | "help";
  try {
    options = optionsOf(args);
  } catch (error) {
    printError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options === "help") {
    out(usage);
    return 0;
  }
  try {
    await refuseToOverwrite(options);
    const found = withUniqueNames(await find(options, dependencies, printError));
    printLeftOut(found.leftOut, printError);
    if (found.resources.length === 0) {
      throw new CannotExportError(
        "There is nothing to export, or the credential does not have access to it: nothing was written.",
      );
    }
    await write(found, options, dependencies.clock);
    out(doneText(found, options.folder));
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    printError(`${error.message}\n`);
    return 1;
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof CannotExportError || RequestError.isInstance(error);
}

function optionsOf(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      organization: { type: "boolean" },
      cluster: { type: "string", multiple: true },
      "from-terraform": { type: "string" },
      lang: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const { organization, cluster: clusters = [], lang = "ts", out = defaultFolder } = values;
  const terraform = values["from-terraform"];
  const scopes = [organization === true, clusters.length > 0, terraform !== undefined];
  if (scopes.filter(Boolean).length > 1) {
    throw new Error("Give only one of --organization, --cluster and --from-terraform.");
  }
  for (const [name, value] of Object.entries({ out, "from-terraform": terraform })) {
    if (value === "") throw new Error(`--${name} must not be empty.`);
  }
  if (clusters.includes("")) throw new Error("--cluster must not be empty.");
  if (lang !== "ts" && lang !== "typescript") {
    throw new Error(
      `--lang ${lang} is not possible: export writes TypeScript only. Omit --lang; for other languages, run \`pulumi import\` with the plugin, which writes the program in the language of the project.`,
    );
  }
  return { clusters, terraform, folder: out, isForced: values.force === true };
}

async function refuseToOverwrite({ folder, isForced }: Options): Promise<void> {
  if (isForced) return;
  for (const file of [programFile, importFile].map((name) => join(folder, name))) {
    const exists = await stat(file).then(
      () => true,
      () => false,
    );
    if (exists) {
      throw new CannotExportError(
        `${file} already exists, and nothing was written. Overwrite it with --force, or choose another folder with --out <folder>.`,
      );
    }
  }
}

/** What to write, and a remark for the user. */
interface Export extends Found {
  readonly remark: string;
}

async function find(
  { clusters: wanted, terraform }: Options,
  { environment, clock }: Dependencies,
  printError: Output["error"],
): Promise<Export> {
  const objects = terraform === undefined ? undefined : await terraformObjects(terraform);
  const context = contextFrom(environment, clock);
  const clusters = await listClusters(context, retryNotice(printError));
  if (objects !== undefined) {
    const { resources, leftOut } = await readTargets(objects.targets, clusters, context);
    return {
      resources,
      leftOut: [...leftOut, ...objects.leftOut],
      remark: objects.withPassword.length === 0 ? "" : passwordsInTerraform,
    };
  }
  const those =
    wanted.length === 0
      ? [...clusters.values()]
      : [...new Set(wanted.map((one) => choose(one, clusters)))];
  if (those.length > manyClusters) {
    const seconds = Math.ceil(those.length * secondsPerCluster);
    printError(`Reading ${those.length} clusters: about ${seconds} seconds …\n\n`);
  }
  const outside = wanted.length === 0 ? [await readOrganization(context)] : [];
  const found = mergeFound([...outside, await readClusters(those, context)]);
  const hasUsers = found.resources.some(({ type }) => type === "SqlUser");
  return { ...found, remark: hasUsers ? passwordsUnreadable : "" };
}

const manyClusters = 20;
/** Three lists, at ten requests per second. */
const secondsPerCluster = 0.3;

const passwordsUnreadable =
  "The API does not return the passwords of SQL users: they are in neither file, and stay unchanged.";
const passwordsInTerraform =
  "Passwords of SQL users were not copied from the Terraform state: they stay unchanged, and unmanaged until the program sets them.";

async function terraformObjects(file: string): Promise<TerraformObjects> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CannotExportError(
      `Reading the Terraform state ${file} failed: ${reasonOf(cause)}. Create it with: terraform state pull > terraform.tfstate`,
      { cause },
    );
  });
  try {
    return parseTerraformState(textOf(bytes));
  } catch (cause) {
    // The cause may quote the state, and with it a secret.
    throw new CannotExportError(
      `${file} is not a Terraform state of format 4. Create one with: terraform state pull > terraform.tfstate`,
      { cause },
    );
  }
}

/** What `>` writes: UTF-8, or UTF-16 in the PowerShell of Windows. */
function textOf(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  // Drops the byte order mark.
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}

function contextFrom(environment: Dependencies["environment"], clock: Clock): ReadContext {
  const settings = settingsFrom({ get: () => undefined }, environment);
  if ((settings.apiKey ?? settings.apiJwt) === undefined) {
    throw new CannotExportError(
      "There is no API key for CockroachDB Cloud: set COCKROACH_API_KEY, or COCKROACH_API_JWT with COCKROACH_VANITY_NAME.",
    );
  }
  const { signal } = new AbortController();
  // All running lists listen to it.
  setMaxListeners(0, signal);
  try {
    return { ...connect(settings, clock, signal), signal, clock, mark: undefined };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CannotExportError(error.message, { cause: error });
  }
}

function choose(wanted: string, clusters: ReadonlyMap<string, WireCluster>): WireCluster {
  const living = [...clusters.values()].filter(({ state }) => state !== "DELETED");
  const found = living.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found;
  throw new CannotExportError(
    `The organization has no cluster "${wanted}", or the credential does not have access to it: nothing was written. Pass the id or the name of a cluster.`,
  );
}

/** The same with valid, unique names. */
function withUniqueNames(found: Export): Export {
  const names = new ResourceNames();
  const resources = found.resources.map((resource) => ({
    ...resource,
    name: names.resource(resource.type, resource.name),
  }));
  return { ...found, resources };
}

async function write(
  { resources }: Found,
  { folder, isForced }: Options,
  clock: Clock,
): Promise<void> {
  const takenAt = new Date(clock.now()).toISOString();
  const texts = {
    [programFile]: programOf(resources),
    [importFile]: importFileOf(resources, takenAt),
  };
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(folder, name), text, { flag: isForced ? "w" : "wx" });
    }
  } catch (cause) {
    throw new CannotExportError(
      `Writing the files into ${folder} failed: ${reasonOf(cause)}. Choose another folder with --out <folder>.`,
      { cause },
    );
  }
}

/** Why the system refuses a file. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return systemReasons[code ?? ""] ?? message;
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EISDIR: "it is a folder",
  ENOTDIR: "it is no folder",
  EACCES: "access is denied",
  EEXIST: "it already exists",
};

function printLeftOut(leftOut: readonly LeftOut[], printError: Output["error"]): void {
  if (leftOut.length === 0) return;
  const lines = leftOut.map(
    ({ what, why }) => `  ${onOneLine(`${what}${why === "" ? "" : `: ${why}`}`)}\n`,
  );
  printError(`Left out:\n${lines.join("")}\n`);
}

/** Names are untrusted: anyone who may create a database chooses them. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}

function doneText({ resources, remark }: Export, folder: string): string {
  const counts = allResourceTypes.flatMap((type) => {
    const count = resources.filter((resource) => resource.type === type).length;
    return count === 0 ? [] : [`${count} ${type}`];
  });
  return `Wrote ${join(folder, programFile)} and ${join(folder, importFile)}: ${counts.join(", ")}.
${remark === "" ? "" : `${remark}\n`}${configurationText(resources)}Both files are plain text. ${secretsInPlain}
${secretsText(resources)}
In the folder of your Pulumi project, with pulumi-cockroachdb-cloud installed:
  1. Put the program of ${programFile} into your own.
  2. pulumi import --file ${inShell(join(folder, importFile))} --generate-code=false --protect=false
     (Pulumi CLI 3.254 or newer)
  3. pulumi up, which shows no changes
`;
}

/** The secrets that the program takes from its configuration. */
function configurationText(resources: readonly ExportedResource[]): string {
  const keys = configurationKeys(resources);
  if (keys.length === 0) return "";
  const lines = keys.map((key) => `  pulumi config set --secret ${key}\n`);
  return `The program takes from the stack's configuration what the API does not return; the first pulumi up sends it once:\n${lines.join("")}`;
}

/** The values that the files hold in plain, and the origin as secrets. */
function secretsText(resources: readonly ExportedResource[]): string {
  const lines = resources.flatMap(({ origin, inputs, secretPaths = [] }) =>
    secretPaths
      .filter((path) => hasValueAt(inputs, path))
      .map((path) => `  ${onOneLine(`${origin}: ${path.join(".")}`)}\n`),
  );
  return lines.length === 0
    ? ""
    : `The Terraform state marks these values as sensitive, and the files hold them:\n${lines.join("")}`;
}

/** The API does not know which values are secrets of a stack. */
const secretsInPlain =
  "Where a stack keeps one of these values as a secret, such as a label, the files hold it unprotected: wrap it in pulumi.secret(…) in the program, and delete import.json after the import.";

/** A path as an argument, quoted where the shell would take it for several. */
function inShell(path: string): string {
  return /^[\w./\\:~+-]+$/.test(path) ? path : `"${path}"`;
}

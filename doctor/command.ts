/** The subcommand `doctor`: compares a stack with the organization, and reports what is wrong and how to fix it. */
import { readFile } from "node:fs/promises";
import { inspect, parseArgs } from "node:util";
import { creator, creatorOf } from "../provider/cluster/creation-mark";
import type { ConfigurationSource, Settings } from "../provider/engine/configuration";
import { connect } from "../provider/engine/configuration";
import { ConfigurationError } from "../provider/resource/errors";
import type { Existing } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import type { Clock, CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { AuthenticationError, RequestError, systemClock } from "../sdk";
import { retryNotice } from "../sdk/http/retry-notice";
import type { Account } from "./accounts";
import { accountsOf, providerNames } from "./accounts";
import { typesBeside } from "./combinations";
import { diagnose } from "./diagnosis";
import type { OrganizationFacts, Unchecked } from "./organization";
import { readOrganization } from "./organization";
import type { RunPulumi } from "./pulumi-cli";
import { DiagnosisError, PulumiStack, pulumiOnPath } from "./pulumi-cli";
import type { Report } from "./report";
import { statusOf, toJson, toText } from "./report";
import type { Place, StackState, StateResource } from "./stack-state";
import { keyOf, markOf, parseState, placeOf } from "./stack-state";
import { countedTypes, isOwnCluster } from "./unmanaged-parts";

const usage = `Usage: pulumi-cockroachdb-cloud doctor [options]

Compares the state of a stack with CockroachDB Cloud: clusters that are missing from the state, resources that
were deleted, have failed, are locked or unfinished, and interrupted operations, each with the commands that fix
it. It changes nothing. Run it in the folder of Pulumi.yaml.

Options:
  --stack, -s <name>  the stack (default: the selected one); with --state, its full name organization/project/stack
  --state <file>      a file written by "pulumi stack export", where there is no Pulumi CLI
  --provider <name>   checks only the resources of this provider, with the key in the environment
  --json              prints the findings as JSON
  --help              shows this text

The key comes from COCKROACH_API_KEY, or COCKROACH_API_JWT with COCKROACH_VANITY_NAME and COCKROACH_USERNAME,
else from the stack's configuration.
Exit status: 0 no problems, 1 problems were found, 2 not everything could be checked.
`;

/** Where the command writes. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** What the command needs of the machine; replaced in tests. */
export interface Dependencies {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pulumi: RunPulumi;
  readonly clock: Clock;
}

const systemDependencies: Dependencies = {
  environment: process.env,
  pulumi: pulumiOnPath,
  clock: systemClock,
};

interface Options {
  readonly stack: string | undefined;
  readonly state: string | undefined;
  readonly provider: string | undefined;
  readonly json: boolean;
}

/** Runs the command. Resolves to the exit code. */
export async function runDoctor(
  args: readonly string[],
  { out, error: printError }: Output,
  dependencies: Dependencies = systemDependencies,
): Promise<number> {
  let options: Options | "help";
  try {
    options = optionsOf(args);
  } catch (error) {
    printError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return exitCodes.incomplete;
  }
  if (options === "help") {
    out(usage);
    return exitCodes.healthy;
  }
  try {
    const report = await diagnoseStack(options, dependencies, printError);
    out(options.json ? toJson(report) : toText(report));
    return exitCodes[statusOf(report)];
  } catch (error) {
    // A defect of the doctor itself must not count as a finding.
    const text = error instanceof DiagnosisError ? error.message : inspect(error);
    printError(`${text}\n`);
    return exitCodes.incomplete;
  }
}

const exitCodes = { healthy: 0, unhealthy: 1, incomplete: 2 } as const;

function optionsOf(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", short: "s" },
      state: { type: "string" },
      provider: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const { stack, state, provider, json = false } = values;
  for (const [name, value] of Object.entries({ stack, state, provider })) {
    if (value === "") throw new Error(`--${name} must not be empty.`);
  }
  return { stack, state, provider, json };
}

async function diagnoseStack(
  options: Options,
  dependencies: Dependencies,
  printError: Output["error"],
): Promise<Report> {
  const { state, fullName, configuration } = await stackOf(options, dependencies);
  const { environment, clock } = dependencies;
  const { provider: onlyProvider } = options;
  const names = providerNames(state);
  if (onlyProvider !== undefined && !names.includes(onlyProvider)) {
    throw new DiagnosisError(
      `No CockroachDB Cloud resource in the state uses a provider "${onlyProvider}". Providers in the state: ${names.join(", ")}.`,
    );
  }
  const { accounts, unchecked } = accountsOf({ state, configuration, environment, onlyProvider });
  const readings = await Promise.all(
    accounts.map((account) => readWith(account, clock, retryNotice(printError))),
  );
  const reached = new Set(readings.flatMap(({ resources }) => resources));
  const facts = mergeFacts(readings.map((request) => request.facts));
  const creators = creatorsOf(state, fullName);
  const isRefused = readings.some((reading) => reading.isRefused);
  const hasRead = readings.some(({ hasSucceeded }) => hasSucceeded);
  const stackOption = options.stack === undefined ? "" : ` --stack ${options.stack}`;
  return {
    stack: fullName ?? options.stack ?? "of the exported state",
    organization: hasRead ? "read" : isRefused ? "refused" : "unreadable",
    checked: {
      inState: state.resources.length,
      resources: state.resources.filter((resource) => reached.has(resource)).length,
      clusters: [...facts.clusters.values()].filter(isNotDeleted).length,
    },
    findings: diagnose({
      state,
      isReached: (resource) => reached.has(resource),
      facts,
      fullName,
      creators,
      pulumi: (command) => `pulumi ${command}${stackOption}`,
    }),
    unchecked: [
      ...unchecked,
      ...facts.unchecked,
      ...(hasRead && creators.size === 0 ? [namelessStack] : []),
    ],
  };
}

const namelessStack: Unchecked = {
  what: "clusters of this stack that are missing from the state",
  why: "The state does not name the Pulumi organization of the stack. Pass its full name with --stack organization/project/stack.",
};

function isNotDeleted({ state }: WireCluster): boolean {
  return state !== "DELETED";
}

interface Stack {
  readonly state: StackState;
  readonly fullName: string | undefined;
  readonly configuration: ConfigurationSource;
}

async function stackOf(options: Options, dependencies: Dependencies): Promise<Stack> {
  const { environment, pulumi } = dependencies;
  if (options.state !== undefined) {
    const state = parseExport(await readExport(options.state), `The file ${options.state}`);
    const isFull = options.stack?.split("/").length === 3;
    const fullName = isFull ? options.stack : state.name;
    return { state, fullName, configuration: { get: () => undefined } };
  }
  const stack = new PulumiStack(pulumi, options.stack);
  const state = parseExport(await stack.exportState(), "What pulumi stack export printed");
  const fullName = (await stack.fullName()) ?? state.name;
  return { state, fullName, configuration: await stack.configuration(environment) };
}

async function readExport(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DiagnosisError(`Reading the exported state failed: ${reason}`, { cause });
  }
}

function parseExport(text: string, what: string): StackState {
  try {
    return parseState(text);
  } catch (cause) {
    // The cause may quote the state, and with it a secret.
    throw new DiagnosisError(
      `${what} is not an exported state. Create one with: pulumi stack export --file <file>`,
      { cause },
    );
  }
}

/** First parts of the creation marks of this stack: those in its state, and that of its name. */
function creatorsOf({ resources, pending }: StackState, fullName: string | undefined): Set<string> {
  const marks = [...resources, ...pending.map(({ resource }) => resource)].flatMap(
    (resource) => markOf(resource) ?? [],
  );
  return new Set([...marks.map(creatorOf), ...(fullName === undefined ? [] : [creator(fullName)])]);
}

interface Reading {
  readonly facts: OrganizationFacts;
  /** The resources that were read. */
  readonly resources: readonly StateResource[];
  readonly hasSucceeded: boolean;
  /** The service does not know the credential. */
  readonly isRefused: boolean;
}

async function readWith(
  { settings, resources }: Account,
  clock: Clock,
  options: RequestOptions,
): Promise<Reading> {
  const query = new Map<Place, Map<ResourceType, Set<string>>>();
  for (const resource of resources) {
    const place = placeOf(resource);
    if (place === undefined) continue;
    const types = query.get(place) ?? new Map<ResourceType, Set<string>>();
    const keys = types.get(resource.type) ?? new Set();
    const key = keyOf(resource);
    query.set(place, types.set(resource.type, key === undefined ? keys : keys.add(key)));
    const beside = isOwnCluster(resource) ? countedTypes : typesBeside(resource.type);
    for (const type of beside) types.set(type, types.get(type) ?? new Set());
  }
  const connection = tryConnect(settings, clock);
  if ("failure" in connection) return failedReading(connection.failure);
  try {
    const facts = await readOrganization(connection.cloud, query, options, clock.now());
    return { facts, resources, hasSucceeded: true, isRefused: false };
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    return failedReading(error.message, AuthenticationError.isInstance(error));
  }
}

function tryConnect(
  settings: Settings,
  clock: Clock,
): { cloud: CockroachCloudClient } | { failure: string } {
  try {
    return connect(settings, clock, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { failure: error.message };
  }
}

function failedReading(why: string, isRefused = false): Reading {
  const unchecked = [{ what: "the organization", why }];
  return { facts: { ...noFacts, unchecked }, resources: [], hasSucceeded: false, isRefused };
}

const noFacts: OrganizationFacts = {
  clusters: new Map(),
  existing: new Map(),
  unreadable: new Set(),
  unchecked: [],
};

/** Ids are unique across organizations, so the facts of several can be merged. */
function mergeFacts(all: readonly OrganizationFacts[]): OrganizationFacts {
  const existing = new Map<Place, Map<ResourceType, Existing>>();
  for (const [place, ofPlace] of all.flatMap((facts) => [...facts.existing])) {
    const types = existing.get(place) ?? new Map<ResourceType, Existing>();
    for (const [type, { keys, objects, troubles, ...other }] of ofPlace) {
      const before = types.get(type);
      types.set(type, {
        ...other,
        keys: new Set([...(before?.keys ?? []), ...keys]),
        objects: new Map([...(before?.objects ?? []), ...(objects ?? [])]),
        troubles: new Map([...(before?.troubles ?? []), ...(troubles ?? [])]),
      });
    }
    existing.set(place, types);
  }
  return {
    clusters: new Map(all.flatMap(({ clusters }) => [...clusters])),
    existing,
    unreadable: new Set(all.flatMap(({ unreadable }) => [...unreadable])),
    unchecked: all.flatMap(({ unchecked }) => unchecked),
  };
}

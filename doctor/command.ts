/** The subcommand `doctor`: compares a stack with the organization, and says what is wrong and what mends it. */
import { readFile } from "node:fs/promises";
import { inspect, parseArgs } from "node:util";
import { creator, creatorOf } from "../provider/cluster/creation-mark";
import type { ConfigurationSource, Settings } from "../provider/engine/configuration";
import { connect } from "../provider/engine/configuration";
import { ConfigurationError } from "../provider/resource/errors";
import type { Existing } from "../provider/resource/resource";
import type { ResourceType } from "../provider/resource/resource-types";
import type { Clock, CockroachCloudClient, RequestOptions, WireCluster } from "../sdk";
import { RequestError, systemClock } from "../sdk";
import { retryNotice } from "../sdk/http/retry-notice";
import type { Account } from "./accounts";
import { accountsOf, providerNames } from "./accounts";
import { diagnose } from "./diagnosis";
import type { OrganizationFacts, Unseen } from "./organization";
import { lookAt } from "./organization";
import type { RunPulumi } from "./pulumi-cli";
import { CannotLookError, PulumiStack, pulumiOnPath } from "./pulumi-cli";
import type { Report } from "./report";
import { statusOf, toJson, toText } from "./report";
import type { Place, StackState, StateResource } from "./stack-state";
import { keyOf, markOf, parseState, placeOf } from "./stack-state";
import { countedTypes, isOwnCluster } from "./unmanaged-parts";

const usage = `Usage: pulumi-cockroachdb-cloud doctor [options]

Compares the state of a stack with CockroachDB Cloud: clusters that no state knows, resources that are gone,
failed, locked or unfinished, and operations that were interrupted, each with the commands that mend it.
It changes nothing. Run it in the folder of Pulumi.yaml.

Options:
  --stack, -s <name>  the stack (default: the selected one); with --state, its full name organization/project/stack
  --state <file>      a state that "pulumi stack export" has written, where there is no Pulumi CLI
  --provider <name>   looks only at the resources of this provider, with the key of the environment
  --json              prints the findings as JSON
  --help              shows this text

The key comes from COCKROACH_API_KEY, else from the stack's configuration.
Exit status: 0 nothing is wrong, 1 something is wrong, 2 it could not look, or not at everything.
`;

/** Where the command writes. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** What the command uses of the computer; replaced in tests. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pulumi: RunPulumi;
  readonly clock: Clock;
}

const thisComputer: Surroundings = {
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

/** Looks and reports. Resolves to the exit code. */
export async function runDoctor(
  args: readonly string[],
  { out, error: complain }: Output,
  surroundings: Surroundings = thisComputer,
): Promise<number> {
  let options: Options | "help";
  try {
    options = optionsOf(args);
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return exitCodes.incomplete;
  }
  if (options === "help") {
    out(usage);
    return exitCodes.healthy;
  }
  try {
    const report = await examine(options, surroundings, complain);
    out(options.json ? toJson(report) : toText(report));
    return exitCodes[statusOf(report)];
  } catch (error) {
    // A defect of ours, too, must not be taken for a finding.
    const text = error instanceof CannotLookError ? error.message : inspect(error);
    complain(`${text}\n`);
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

async function examine(
  options: Options,
  surroundings: Surroundings,
  complain: Output["error"],
): Promise<Report> {
  const { state, fullName, configuration } = await stackOf(options, surroundings);
  const { environment, clock } = surroundings;
  const { provider: onlyProvider } = options;
  const names = providerNames(state);
  if (onlyProvider !== undefined && !names.includes(onlyProvider)) {
    throw new CannotLookError(
      `No resource of CockroachDB Cloud in the state has a provider "${onlyProvider}". There are: ${names.join(", ")}.`,
    );
  }
  const { accounts, unseen } = accountsOf({ state, configuration, environment, onlyProvider });
  const looks = await Promise.all(
    accounts.map((account) => lookWith(account, clock, retryNotice(complain))),
  );
  const reached = new Set(looks.flatMap(({ resources }) => resources));
  const facts = together(looks.map((look) => look.facts));
  const creators = creatorsOf(state, fullName);
  const isLooking = looks.some(({ wasLooking }) => wasLooking);
  const stackOption = options.stack === undefined ? "" : ` --stack ${options.stack}`;
  return {
    stack: fullName ?? options.stack ?? "of the exported state",
    seen: {
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
    unseen: [
      ...unseen,
      ...facts.unseen,
      ...(isLooking && creators.size === 0 ? [namelessStack] : []),
    ],
  };
}

const namelessStack: Unseen = {
  what: "clusters of this stack that no state knows",
  why: "The state does not tell the Pulumi organization of the stack. Give its full name with --stack organization/project/stack.",
};

function isNotDeleted({ state }: WireCluster): boolean {
  return state !== "DELETED";
}

interface Stack {
  readonly state: StackState;
  readonly fullName: string | undefined;
  readonly configuration: ConfigurationSource;
}

async function stackOf(options: Options, surroundings: Surroundings): Promise<Stack> {
  const { environment, pulumi } = surroundings;
  if (options.state !== undefined) {
    const state = parsed(await fileText(options.state), `The file ${options.state}`);
    const isFull = options.stack?.split("/").length === 3;
    const fullName = isFull ? options.stack : state.name;
    return { state, fullName, configuration: { get: () => undefined } };
  }
  const stack = new PulumiStack(pulumi, options.stack);
  const state = parsed(await stack.exportState(), "What pulumi stack export printed");
  const fullName = (await stack.fullName()) ?? state.name;
  return { state, fullName, configuration: await stack.configuration(environment) };
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CannotLookError(`Reading the exported state failed: ${reason}`, { cause });
  }
}

function parsed(text: string, what: string): StackState {
  try {
    return parseState(text);
  } catch (cause) {
    // The reason may quote the state, and with it a secret.
    throw new CannotLookError(
      `${what} is no exported state. Write one with: pulumi stack export --file <file>`,
      { cause },
    );
  }
}

/** First parts of the marks of this stack: those in its state, and the one that its name gives. */
function creatorsOf({ resources, pending }: StackState, fullName: string | undefined): Set<string> {
  const marks = [...resources, ...pending.map(({ resource }) => resource)].flatMap(
    (resource) => markOf(resource) ?? [],
  );
  return new Set([...marks.map(creatorOf), ...(fullName === undefined ? [] : [creator(fullName)])]);
}

interface Look {
  readonly facts: OrganizationFacts;
  /** The resources that were looked at. */
  readonly resources: readonly StateResource[];
  readonly wasLooking: boolean;
}

async function lookWith(
  { settings, resources }: Account,
  clock: Clock,
  options: RequestOptions,
): Promise<Look> {
  const question = new Map<Place, Map<ResourceType, Set<string>>>();
  for (const resource of resources) {
    const place = placeOf(resource);
    if (place === undefined) continue;
    const types = question.get(place) ?? new Map<ResourceType, Set<string>>();
    const keys = types.get(resource.type) ?? new Set();
    const key = keyOf(resource);
    question.set(place, types.set(resource.type, key === undefined ? keys : keys.add(key)));
    if (!isOwnCluster(resource)) continue;
    for (const type of countedTypes) types.set(type, types.get(type) ?? new Set());
  }
  const connection = connected(settings, clock);
  if ("failure" in connection) return unsuccessful(connection.failure);
  try {
    const facts = await lookAt(connection.cloud, question, options);
    return { facts, resources, wasLooking: true };
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    return unsuccessful(error.message);
  }
}

function connected(
  settings: Settings,
  clock: Clock,
): { cloud: CockroachCloudClient } | { failure: string } {
  try {
    return connect(settings, clock, new AbortController().signal);
  } catch (error) {
    // The client says with a TypeError what is wrong with a key or an address.
    const isExpected = error instanceof ConfigurationError || error instanceof TypeError;
    if (!isExpected) throw error;
    return { failure: error.message };
  }
}

function unsuccessful(why: string): Look {
  const unseen = [{ what: "the organization", why }];
  return { facts: { ...nothing, unseen }, resources: [], wasLooking: false };
}

const nothing: OrganizationFacts = {
  clusters: new Map(),
  existing: new Map(),
  hidden: new Set(),
  unseen: [],
};

/** Ids are the service's own, so what was seen in several organizations goes together. */
function together(all: readonly OrganizationFacts[]): OrganizationFacts {
  const existing = new Map<Place, Map<ResourceType, Existing>>();
  for (const [place, ofPlace] of all.flatMap((facts) => [...facts.existing])) {
    const types = existing.get(place) ?? new Map<ResourceType, Existing>();
    for (const [type, { keys, ...other }] of ofPlace) {
      types.set(type, { ...other, keys: new Set([...(types.get(type)?.keys ?? []), ...keys]) });
    }
    existing.set(place, types);
  }
  return {
    clusters: new Map(all.flatMap(({ clusters }) => [...clusters])),
    existing,
    hidden: new Set(all.flatMap(({ hidden }) => [...hidden])),
    unseen: all.flatMap(({ unseen }) => unseen),
  };
}

/**
 * Which credential reads which resources of a stack.
 *
 * The credential of an explicit provider is encrypted in the state and stays so: its resources are read only
 * when the user names the provider and sets its credential in the environment.
 */
import type { ConfigurationSource, Settings } from "../provider/engine/configuration";
import {
  configurationKeys,
  explicitProviderKey,
  settingsFrom,
} from "../provider/engine/configuration";
import type { Unchecked } from "./organization";
import type { StackState, StateProvider, StateResource } from "./stack-state";
import { providerNamed, textIn } from "./stack-state";

/** A credential, and the resources that are read with it. */
export interface Account {
  readonly settings: Settings;
  readonly resources: readonly StateResource[];
}

export interface AccountsQuery {
  readonly state: StackState;
  readonly configuration: ConfigurationSource;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads only the resources of the provider with this name. */
  readonly onlyProvider?: string | undefined;
}

/** The accounts of a stack, and the resources for which there is none. */
export function accountsOf(query: AccountsQuery): { accounts: Account[]; unchecked: Unchecked[] } {
  const accounts = new Map<string, { settings: Settings; resources: StateResource[] }>();
  const unchecked: Unchecked[] = [];
  const add = (settings: Settings, resources: readonly StateResource[]) => {
    const key = JSON.stringify(settings);
    const account = accounts.get(key) ?? { settings, resources: [] };
    account.resources.push(...resources);
    accounts.set(key, account);
  };
  for (const [reference, resources] of byProvider(query.state)) {
    const provider = query.state.providers.get(reference) ?? providerNamed(reference);
    if (query.onlyProvider !== undefined && provider.name !== query.onlyProvider) continue;
    const settings = settingsOf(provider, query);
    if (settings === undefined) unchecked.push(withUnknownCredential(provider, resources));
    else add(settings, resources);
  }
  // A stack without resources may have lost clusters, too.
  const standard = settingsFrom(query.configuration, query.environment);
  const isUsable = (standard.apiKey ?? standard.apiJwt) !== undefined;
  const isAlone = accounts.size === 0 && unchecked.length === 0;
  if (isAlone || (isUsable && query.onlyProvider === undefined)) add(standard, []);
  return { accounts: [...accounts.values()], unchecked };
}

/** Names of the providers of the CockroachDB Cloud resources in this state. */
export function providerNames(state: StackState): string[] {
  const names = [...byProvider(state).keys()].map(
    (reference) => (state.providers.get(reference) ?? providerNamed(reference)).name,
  );
  return [...new Set(["default", ...names])];
}

function byProvider({ resources, pending }: StackState): Map<string, StateResource[]> {
  const groups = new Map<string, StateResource[]>();
  for (const resource of [...resources, ...pending.map((operation) => operation.resource)]) {
    groups.set(resource.provider, [...(groups.get(resource.provider) ?? []), resource]);
  }
  return groups;
}

/** Undefined when the credential is the provider's own. */
function settingsOf(
  { name, isDefault, inputs }: StateProvider,
  { configuration, environment, onlyProvider }: AccountsQuery,
): Settings | undefined {
  if (isDefault) return settingsFrom(configuration, environment);
  const hasOwnCredential =
    inputs === undefined || ownCredentialKeys.some((key) => inputs[key] !== undefined);
  if (hasOwnCredential && onlyProvider !== name) return undefined;
  const plain: Record<string, string | undefined> = {
    [explicitProviderKey]: "true",
    [configurationKeys.serverUrl]: textIn(inputs ?? {}, configurationKeys.serverUrl),
  };
  return settingsFrom({ get: (key) => plain[key] }, environment);
}

/** The last is that of the bridged provider. */
const ownCredentialKeys = [configurationKeys.apiKey, configurationKeys.apiJwt, "apikey"];

function withUnknownCredential(
  { name, inputs }: StateProvider,
  resources: readonly StateResource[],
): Unchecked {
  const [noun, environment] = ownCredentialOf(inputs);
  return {
    what: `${resources.length} resource${resources.length === 1 ? "" : "s"} of the provider "${name}"`,
    why: `This provider has its own ${noun}, which is encrypted in the state. Run doctor again with --provider ${name} and ${environment}; --provider default skips these resources.`,
  };
}

/** What a provider authenticates with, and how the environment gives the same. */
function ownCredentialOf(inputs: StateProvider["inputs"]): [noun: string, environment: string] {
  if (inputs === undefined) return ["credential", "that credential in the environment"];
  const has = (key: string) => inputs[key] !== undefined;
  if (has(configurationKeys.apiKey) || !has(configurationKeys.apiJwt))
    return ["key", "that key in COCKROACH_API_KEY"];
  const username = has(configurationKeys.username) ? " and COCKROACH_USERNAME" : "";
  return [
    "JWT",
    `that JWT in COCKROACH_API_JWT, with COCKROACH_VANITY_NAME${username} and without COCKROACH_API_KEY`,
  ];
}

/**
 * Which organization of CockroachDB Cloud a provider process talks to, and with which credential.
 *
 * Nothing is required before the first request: a preview needs no key. One connection, and so one
 * rate limiter and one shared list, serves all resources of a credential.
 */
import { createHash } from "node:crypto";
import { apiKeyIdOf } from "../../sdk/http/api-key-id";
import type { ClientOptions, Clock } from "../../sdk/index";
import { CockroachCloudClient, systemClock } from "../../sdk/index";
import { ClusterCache } from "../cache/cluster-cache";
import { ResourceLists } from "../cache/resource-lists";
import { ConfigurationError } from "../resource/errors";
import type { Connection } from "../resource/lifecycle";
import { isLeftOut } from "../values/left-out";
import { omitUndefined } from "../values/omit-undefined";
import { interrupted } from "./interruption";
import { showWait } from "./status-line";

/** The stack configuration, or the arguments of an explicit provider, as Pulumi hands them over. */
export interface ConfigurationSource {
  get(key: string): string | undefined;
}

/** A credential and a server. */
export interface Settings {
  apiKey?: string;
  apiJwt?: string;
  vanityName?: string;
  username?: string;
  serverUrl?: string;
}

/** Present in the arguments of every explicit provider, so that they come before the environment. */
export const explicitProviderKey = "cockroachdb-cloud:explicit";

/**
 * Whether Pulumi itself makes a provider of this name: `default`, with the version and the address that a program names,
 * as in `default_1_2_3_https_/example.com`. A user's own may be called `default_eu`.
 */
export function isDefaultProvider(name: string): boolean {
  return /^default(_\d+_\d+_\d+(_.+)?|_\w+_\/.+)?$/.test(name);
}

/** The keys of the stack configuration. */
export const configurationKeys = {
  apiKey: "cockroachdb-cloud:apiKey",
  apiJwt: "cockroachdb-cloud:apiJwt",
  vanityName: "cockroachdb-cloud:vanityName",
  username: "cockroachdb-cloud:username",
  serverUrl: "cockroachdb-cloud:serverUrl",
} as const satisfies Record<keyof Settings, string>;

/** The settings that are credentials. */
export const secretSettings: readonly (keyof Settings)[] = ["apiKey", "apiJwt"];

const environmentNames = {
  apiKey: "COCKROACH_API_KEY",
  apiJwt: "COCKROACH_API_JWT",
  vanityName: "COCKROACH_VANITY_NAME",
  username: "COCKROACH_USERNAME",
  serverUrl: "COCKROACH_SERVER",
} as const satisfies Record<keyof Settings, string>;

/** The arguments of an explicit provider by the keys under which it receives them. */
export function providerArguments<Value>(
  settings: Partial<Record<keyof Settings, Value>>,
): Record<string, Value> {
  const entries = Object.entries(settings) as [keyof Settings, Value | undefined][];
  return Object.fromEntries(
    entries.flatMap(([setting, value]) =>
      isLeftOut(value) ? [] : [[configurationKeys[setting], value]],
    ),
  );
}

/**
 * The settings in force: the arguments of an explicit provider, else the environment, else the stack
 * configuration. A credential is taken from one place whole, and never mixed from two.
 */
export function settingsFrom(
  source: ConfigurationSource,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const configured = read((setting) => source.get(configurationKeys[setting]));
  const surrounding = read((setting) => environment[environmentNames[setting]]);
  const isExplicit = source.get(explicitProviderKey) !== undefined;
  const places = isExplicit ? [configured, surrounding] : [surrounding, configured];
  const withCredential = places.find(({ apiKey, apiJwt }) => apiKey ?? apiJwt) ?? {};
  const withServer = places.find((place) => place.serverUrl) ?? {};
  const { serverUrl: _unused, ...credential } = withCredential;
  const { serverUrl } = withServer;
  const settings = serverUrl === undefined ? credential : { ...credential, serverUrl };
  origins.set(settings, (setting) => {
    const place = setting === "serverUrl" ? withServer : withCredential;
    if (place === surrounding) return environmentNames[setting];
    return isExplicit
      ? `The argument ${setting} of the explicit provider`
      : `The configuration ${configurationKeys[setting]}`;
  });
  return settings;
}

/** Where each of the settings stands, as a sentence begins with it. */
const origins = new WeakMap<Settings, (setting: keyof Settings) => string>();

/**
 * Whose credential it is, as far as it shows: it stays the same where a token is renewed. Undefined where there is
 * none.
 */
export function accountOf({ apiKey, apiJwt, vanityName, username }: Settings): string | undefined {
  if (apiKey !== undefined) return apiKeyIdOf(apiKey) ?? apiKey;
  if (apiJwt === undefined) return undefined;
  const identity = username === undefined ? [] : [username];
  return [vanityName, subjectOf(apiJwt), ...identity].join("/");
}

/** Whom a JWT is about. The service verifies it, and a text that is none says nothing. */
function subjectOf(jwt: string): string {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    const { iss, sub } = claims as Partial<Record<string, unknown>>;
    return `${iss} ${sub}`;
  } catch {
    return "";
  }
}

/** The argument of an explicit provider that is the credential in force; undefined when it comes from elsewhere. */
export function credentialArgument(
  source: ConfigurationSource,
): keyof typeof ownCredentials | undefined {
  if (source.get(explicitProviderKey) === undefined) return undefined;
  const { apiKey, apiJwt } = read((setting) => source.get(configurationKeys[setting]));
  if (apiKey !== undefined) return "apiKey";
  return apiJwt === undefined ? undefined : "apiJwt";
}

/** How messages name the credential of an explicit provider, and what the provider takes in place of a refused one. */
export const ownCredentials = {
  apiKey: { noun: "key", valid: "a valid key" },
  apiJwt: {
    noun: "JWT",
    valid: "a valid JWT (with a username where it stands for several identities)",
  },
} as const;

function read(value: (setting: keyof Settings) => string | undefined): Settings {
  const settings: Settings = {};
  for (const setting of Object.keys(configurationKeys) as (keyof Settings)[]) {
    const text = value(setting)?.trim();
    if (text) settings[setting] = text;
  }
  return settings;
}

const connections = new Map<string, Connection>();

/**
 * The connection of these settings in this process; the same settings share one. Throws when there is no credential.
 *
 * @param source where the settings come from
 */
export function connectionFor(settings: Settings, source?: ConfigurationSource): Connection {
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  const connection = connections.get(key) ?? connect(settings, systemClock, interrupted, source);
  connections.set(key, connection);
  return connection;
}

/** A connection on a clock, which ends its shared requests with the signal. Throws when there is no credential. */
export function connect(
  settings: Settings,
  clock: Clock,
  signal: AbortSignal,
  source?: ConfigurationSource,
): Connection {
  const { serverUrl } = settings;
  const options = { ...credential(settings, source), ...omitUndefined({ serverUrl }) };
  const cloud = clientFor(settings, { ...options, clock, onWait: showWait });
  return {
    cloud,
    clusters: new ClusterCache(cloud, clock, signal),
    lists: new ResourceLists(clock, signal),
  };
}

/** The settings by the names that the client has for them. */
const settingsByOption: Readonly<Record<string, keyof Settings>> = {
  serverUrl: "serverUrl",
  apiKey: "apiKey",
  "jwt.token": "apiJwt",
  "jwt.vanityName": "vanityName",
};

/** The client; what it finds wrong with an option is said of the place where the setting stands. */
function clientFor(settings: Settings, options: ClientOptions): CockroachCloudClient {
  try {
    return new CockroachCloudClient(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [option = "", ...sentence] = error.message.split(" ");
    const setting = settingsByOption[option];
    const origin = setting && origins.get(settings)?.(setting);
    throw new ConfigurationError([origin ?? setting ?? option, ...sentence].join(" "), {
      cause: error,
    });
  }
}

/** The advice where the configuration has a credential under another spelling. */
function misspelt(source: ConfigurationSource): string {
  const spellings = secretSettings.flatMap((setting) => {
    const key = configurationKeys[setting];
    const parts = setting.split(/(?=[A-Z])/).map((part) => part.toLowerCase());
    const others = [
      parts.join(""),
      parts.join("-"),
      parts.join("_"),
      setting.replace("api", "API"),
    ];
    return others.map((other) => [key.replace(setting, other), key] as const);
  });
  const [given, key] = spellings.find(([spelling]) => source.get(spelling)) ?? [];
  return given === undefined
    ? ""
    : ` The configuration has ${given}, which must be spelt ${key}: run \`pulumi config rm ${given}\` too.`;
}

function credential(
  { apiKey, apiJwt, vanityName, username }: Settings,
  source: ConfigurationSource = { get: () => undefined },
) {
  if (apiKey !== undefined) return { apiKey };
  if (apiJwt === undefined) {
    throw new ConfigurationError(
      `There is no API key for CockroachDB Cloud. Run \`pulumi config set --secret cockroachdb-cloud:apiKey\`, or set the environment variable COCKROACH_API_KEY, or give apiKey to an explicit Provider.${misspelt(source)} Keys are made in the CockroachDB Cloud Console under Access Management, Service Accounts.`,
    );
  }
  if (vanityName === undefined) {
    throw new ConfigurationError(
      "A JWT for CockroachDB Cloud needs the vanity name of its organization: set COCKROACH_VANITY_NAME, or run `pulumi config set cockroachdb-cloud:vanityName`, or pass vanityName to the explicit provider.",
    );
  }
  return { jwt: { token: apiJwt, vanityName, ...omitUndefined({ username }) } };
}

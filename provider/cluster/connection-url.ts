/**
 * How an application reaches a cluster, from the cluster's own outputs and without a request.
 *
 * Basic and Standard clusters have certificates of a public authority and are found by their host
 * name; the certificate of an Advanced cluster is signed by an authority of its own, which the
 * client must have as a file.
 */

import { describeValue } from "../resource/check";
import { isLeftOut } from "../values/left-out";
import { omitUndefined } from "../values/omit-undefined";
import type { ClusterRegion } from "./args";
import type { ClientForm, ConnectionClient, Parameters } from "./connection-clients";
import { connectionClients, databaseInUrl } from "./connection-clients";
import type { Plan } from "./plan-transitions";

const port = 26257;
const defaultDatabase = "defaultdb";

/** Which network a connection takes. */
export type ConnectionVia =
  /** The internet; an allowlist entry with `sql: true` is needed. */
  | "public"
  /** AWS PrivateLink, Azure Private Link or VPC peering. */
  | "internal"
  /** GCP Private Service Connect. */
  | "private-endpoint";

/** The environment variables of libpq, which node-postgres, pgx and other clients read too. */
export interface ConnectionEnvironment {
  /** SQL host. */
  PGHOST: string;
  /** `26257`. */
  PGPORT: string;
  /** SQL user. */
  PGUSER: string;
  /** Its password. */
  PGPASSWORD: string;
  /** Database. */
  PGDATABASE: string;
  /** `verify-full`. */
  PGSSLMODE: string;
  /** `sslRootCert` of the connection, absent where that is. */
  PGSSLROOTCERT?: string;
  /** `options` of the connection, absent where that is. */
  PGOPTIONS?: string;
}

/** The parts of a connection. */
export interface ConnectionParts {
  /** SQL host. */
  host: string;
  /** 26257. */
  port: number;
  /** Database to connect to. */
  database: string;
  /** SQL user. */
  user: string;
  /** Its password. */
  password: string;
  /** `verify-full`: encrypted, and the host is who it says it is. */
  sslMode: string;
  /**
   * Where the root certificate comes from: `system`, or a file. Undefined leaves it to the client,
   * which trusts public authorities or looks in its default place.
   */
  sslRootCert?: string;
  /** Value of the parameter `options` that leads to the cluster, when its host name does not. */
  options?: string;
  /** URL for the client. */
  url: string;
  /** JDBC URL, user and password included. */
  jdbcUrl: string;
  /** The same for libpq as environment variables. */
  env: ConnectionEnvironment;
}

/** What the program asks for beside the user; what is left out may be `null`. */
export interface ConnectionWishes {
  database?: string | null | undefined;
  sslRootCert?: string | null | undefined;
  client?: ConnectionClient | null | undefined;
  via?: ConnectionVia | null | undefined;
  region?: string | null | undefined;
  endpointName?: string | null | undefined;
}

/** The hosts of a region in private networks, as its private endpoint service has them. */
export type PrivateHosts = Pick<ClusterRegion, "internalDns" | "privateEndpointDns">;

/** What is known of the cluster and of the user. */
export interface ConnectionFacts extends ConnectionWishes {
  plan: Plan;
  sqlDns: string;
  regions: readonly ClusterRegion[];
  /** By region, where the program has the private endpoint services of the cluster. */
  privateHosts?: Readonly<Record<string, PrivateHosts>> | undefined;
  routingId: string;
  user: string;
  password: string | null | undefined;
}

/** Refuses what no cluster could make good, so that a preview shows it before there is a cluster. */
export function checkWishes(wishes: ConnectionWishes): void {
  const { database, sslRootCert, client, via, endpointName } = wishes;
  const name = client ?? "libpq";
  if (!Object.hasOwn(connectionClients, name)) {
    throw new Error(
      `The client of a connection is one of ${quoteAll(Object.keys(connectionClients))}, not ${JSON.stringify(name)}.`,
    );
  }
  if (!isLeftOut(via) && !Object.hasOwn(hostOf, via)) {
    throw new Error(
      `The via of a connection is one of ${quoteAll(Object.keys(hostOf))}, not ${JSON.stringify(via)}.`,
    );
  }
  if (!isLeftOut(endpointName) && via !== "private-endpoint") {
    throw new Error(
      'The endpointName of a connection is of an endpoint of Private Service Connect: give it with via "private-endpoint" only.',
    );
  }
  if (!isLeftOut(endpointName) && !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(endpointName)) {
    throw new Error(
      `The endpointName of a connection is the name that the endpoint has in Google Cloud, not ${JSON.stringify(endpointName)}.`,
    );
  }
  if (database === "") {
    throw new Error(
      `The database of a connection is empty: leave it out for "${defaultDatabase}", or give a name.`,
    );
  }
  const form = connectionClients[name];
  if (fileIn(sslRootCert) !== undefined && form.rootFile === undefined) {
    throw new Error(
      `Client "${name}" reads no root certificate from a URL: leave sslRootCert out, and give the certificate to the client in code.`,
    );
  }
  if (databaseInUrl(form.databaseName, database ?? defaultDatabase) === undefined) {
    throw new Error(
      `Client "${name}" would read another name than database ${JSON.stringify(database)} from a URL: rename it, or give the client the parts of connection({ user, database }).`,
    );
  }
}

/** Refuses a user that nobody can log in as. */
export function checkUser(user: unknown, password: string | null | undefined): string {
  if (user === "")
    throw new Error("The user of a connection is empty: give the name of a SQL user.");
  if (typeof user !== "string")
    throw new Error(
      `The user of a connection must be a SqlUser, or the name of a SQL user, ${isLeftOut(user) ? "and is missing" : `not ${describeValue(user)}`}.`,
    );
  if (isLeftOut(password) || password === "") {
    throw new Error(
      `The password of SQL user "${user}" is not known, so no connection URL can be made for it. Pass one as password, or give the user a password in this program.`,
    );
  }
  return password;
}

/** The parts of a connection and its URLs. Throws when there can be none. */
export function connectionParts(facts: ConnectionFacts): ConnectionParts {
  checkWishes(facts);
  const { plan, routingId, user } = facts;
  const password = checkUser(user, facts.password);
  const name = facts.client ?? "libpq";
  const form = connectionClients[name];
  const host = hostFor(facts);
  const isShared = plan !== "ADVANCED";
  // Hosts of shared clusters begin with the routing id; where one does not, an option leads the way.
  const options =
    isShared && routingId !== "" && !leadsTo(host, routingId)
      ? `--cluster=${routingId}`
      : undefined;
  if (options !== undefined && !form.takesOptions) {
    throw new Error(
      `Client "${name}" cannot reach the cluster at ${host}, which needs the option ${options}: use another client, or a host of one region.`,
    );
  }
  const database = facts.database ?? defaultDatabase;
  const target = { host, database, user, password, options };
  const urlFor = (which: ClientForm) =>
    urlOf(which, target, rootsFor(which, isShared, facts.sslRootCert));
  const roots = rootsFor(form, isShared, facts.sslRootCert);
  const sslRootCert = roots["sslrootcert"] ?? roots["sslRootCert"];
  return {
    host,
    port,
    database,
    user,
    password,
    sslMode: "verify-full",
    ...omitUndefined({ sslRootCert, options }),
    url: urlFor(form),
    jdbcUrl: urlFor(connectionClients.jdbc),
    env: {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: password,
      PGDATABASE: database,
      PGSSLMODE: "verify-full",
      ...omitUndefined({ PGSSLROOTCERT: sslRootCert, PGOPTIONS: options }),
    },
  };
}

const hostOf: Readonly<Record<ConnectionVia, (region: ClusterRegion) => string>> = {
  public: (region) => region.sqlDns,
  internal: (region) => region.internalDns,
  "private-endpoint": (region) => region.privateEndpointDns,
};

const howToReach: Readonly<Record<ConnectionVia, string>> = {
  public: "the cluster may still be starting",
  internal: "the cluster may still be starting, or its plan has none",
  "private-endpoint":
    "there is none before the cluster's private endpoint services exist: give them as services, or run `pulumi refresh` when they do",
};

function hostFor(facts: ConnectionFacts): string {
  const { sqlDns, regions, privateHosts, via: wanted, region: name, endpointName } = facts;
  const via = wanted ?? "public";
  if (isLeftOut(name) && via === "public") return sqlDns;
  const names = regions.map((region) => region.name);
  if (isLeftOut(name) && regions.length !== 1) {
    throw new Error(
      `A connection via "${via}" goes to one region of the cluster: give region as one of ${quoteAll(names)}.`,
    );
  }
  const region = isLeftOut(name) ? regions[0] : regions.find((each) => each.name === name);
  if (region === undefined) {
    throw new Error(
      `The cluster has no region ${JSON.stringify(name)}: its regions are ${quoteAll(names)}.`,
    );
  }
  const host = hostOf[via]({ ...region, ...privateHosts?.[region.name] });
  if (host === "") {
    throw new Error(`Region "${region.name}" has no host for via "${via}": ${howToReach[via]}.`);
  }
  return isLeftOut(endpointName) ? host : `${endpointName}.${host}`;
}

/** Whether the host names the cluster, also behind a prefix such as `internal-`. */
function leadsTo(host: string, routingId: string): boolean {
  const labels = host.split(".").slice(0, -1);
  return labels.some((label) => label === routingId || label.endsWith(`-${routingId}`));
}

function fileIn(sslRootCert: string | null | undefined): string | undefined {
  return isLeftOut(sslRootCert) || ["", "system"].includes(sslRootCert) ? undefined : sslRootCert;
}

/** What a client must trust. An empty string takes `sslrootcert` away, and nothing else. */
function rootsFor(
  { publicRoots, rootFile }: ClientForm,
  isShared: boolean,
  sslRootCert: string | null | undefined,
): Parameters {
  const file = fileIn(sslRootCert);
  if (file !== undefined) return rootFile === undefined ? {} : { [rootFile]: file };
  if (!isShared && sslRootCert !== "system") return {};
  return sslRootCert === "" ? { ...publicRoots, sslrootcert: undefined } : publicRoots;
}

function urlOf(
  form: ClientForm,
  target: {
    host: string;
    database: string;
    user: string;
    password: string;
    options: string | undefined;
  },
  roots: Parameters,
): string {
  const { host, database, user, password, options } = target;
  const login = form.hasUserAsParameters
    ? ""
    : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const query = parameters({
    ...(form.hasUserAsParameters ? { user, password } : {}),
    ...form.verify,
    ...roots,
    options,
  });
  return `${form.scheme}${login}${host}:${port}/${databaseInUrl(form.databaseName, database)}?${query}`;
}

function parameters(values: Parameters): string {
  return Object.entries(values)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]))
    .join("&");
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

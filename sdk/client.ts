// The client: checks its options and wires the parts together.

import { inspect } from "node:util";
import { apiKeyIdOf } from "./http/api-key-id";
import type { CallerParts } from "./http/call";
import { Caller } from "./http/call";
import type { Clock } from "./http/clock";
import { systemClock } from "./http/clock";
import { apiVersion, HttpConnection } from "./http/http";
import { isLoopback } from "./http/proxy";
import { rateLimiterFor } from "./http/rate-limiter-for";
import type { RequestWait } from "./http/request-options";
import { userAgent } from "./http/user-agent";
import { withoutStack } from "./http/without-stack";
import { AllowlistApi } from "./resources/allowlist";
import { ApiKeysApi } from "./resources/api-keys";
import { AuditLogsApi } from "./resources/audit-logs";
import { BackupsApi } from "./resources/backups";
import { BlackoutWindowsApi } from "./resources/blackout-windows";
import { ClientCaCertsApi } from "./resources/client-ca-certs";
import type { ClusterCertificatesApi } from "./resources/cluster-certificates";
import { ClusterCertificates } from "./resources/cluster-certificates";
import { ClusterDisruptionsApi } from "./resources/cluster-disruptions";
import { ClustersApi } from "./resources/clusters";
import { CmekApi } from "./resources/cmek";
import { DatabasesApi } from "./resources/databases";
import { EgressPrivateEndpointsApi, EgressRulesApi } from "./resources/egress";
import { FoldersApi } from "./resources/folders";
import { InvoicesApi } from "./resources/invoices";
import { JwtIssuersApi } from "./resources/jwt-issuers";
import { LogExportsApi } from "./resources/log-exports";
import { MaintenanceWindowsApi } from "./resources/maintenance-windows";
import { MetricExportsApi } from "./resources/metric-exports";
import { OrganizationApi } from "./resources/organization";
import { PersonUsersApi } from "./resources/person-users";
import { PhysicalReplicationStreamsApi } from "./resources/physical-replication-streams";
import {
  AwsEndpointConnectionsApi,
  PrivateEndpointConnectionsApi,
  PrivateEndpointServicesApi,
  PrivateEndpointTrustedOwnersApi,
} from "./resources/private-endpoints";
import { RestoresApi } from "./resources/restores";
import { RolesApi } from "./resources/roles";
import { ScimDiscoveryApi } from "./resources/scim-discovery";
import { ScimGroupsApi } from "./resources/scim-groups";
import { ScimUsersApi } from "./resources/scim-users";
import { ServiceAccountsApi } from "./resources/service-accounts";
import { SqlUsersApi } from "./resources/sql-users";
import { VersionDeferralsApi } from "./resources/version-deferrals";

/** A JSON Web Token from an issuer that is registered with the organization. */
export interface JwtCredential {
  token: string;
  /** The organization's vanity name. */
  vanityName: string;
  /** Whom the token stands for, where it stands for several. */
  username?: string;
}

/** Options of a client. Exactly one of `apiKey` and `jwt` is needed. */
export interface ClientOptions {
  /** The secret of a service account's API key. */
  apiKey?: string;
  /** A token instead of a key. */
  jwt?: JwtCredential;
  /**
   * Address of the API, without a path. Plain `http:` is for this computer, private networks and
   * containers only, since the key would travel in the clear.
   *
   * @default "https://cockroachlabs.cloud"
   */
  serverUrl?: string;
  /** Put behind `pulumi-cockroachdb-cloud/<version>` in the `User-Agent`. */
  userAgent?: string;
  /**
   * Maximum time to wait for the response to one request, in milliseconds.
   *
   * @default 30_000
   */
  requestTimeoutMs?: number;
  /**
   * How long a call repeats requests that fail by accident (connection errors, time-outs, 408, 5xx, a
   * busy cluster), in milliseconds.
   *
   * @default 120_000
   */
  transientRetryMs?: number;
  /**
   * How long a call repeats requests that the API throttles, in milliseconds.
   *
   * @default 600_000
   */
  throttleRetryMs?: number;
  /** Called before each pause of each call, like the `onWait` of a call. */
  onWait?: (wait: RequestWait) => void;
  /**
   * Where the time comes from.
   *
   * @default systemClock
   */
  clock?: Clock;
  /**
   * Numbers from 0 to 1 for jitter.
   *
   * @default Math.random
   */
  random?: () => number;
}

/** Address of the service. */
export const defaultServerUrl = "https://cockroachlabs.cloud";

/**
 * A typed client of the CockroachDB Cloud API. All clients of a process that use the same key at the
 * same server share one request budget.
 */
export class CockroachCloudClient {
  /** Clusters, their nodes and connection strings, and the regions and versions on offer. */
  readonly clusters: ClustersApi;
  /** Root certificates of clusters. */
  readonly clusterCertificates: ClusterCertificatesApi;
  /** SQL users of a cluster. */
  readonly sqlUsers: SqlUsersApi;
  /** Databases of a cluster. */
  readonly databases: DatabasesApi;
  /** The addresses that may connect to a cluster. */
  readonly allowlist: AllowlistApi;
  /** What private endpoints connect to, by region of the cluster. */
  readonly privateEndpointServices: PrivateEndpointServicesApi;
  /** The private endpoints that a cluster accepts. */
  readonly privateEndpointConnections: PrivateEndpointConnectionsApi;
  /** The private endpoints of a cluster on AWS, in an older form that can also reject one. */
  readonly awsEndpointConnections: AwsEndpointConnectionsApi;
  /** Whose private endpoints a cluster may accept. */
  readonly privateEndpointTrustedOwners: PrivateEndpointTrustedOwnersApi;
  /** What an Advanced cluster may connect to. */
  readonly egressRules: EgressRulesApi;
  /** Endpoints in an Advanced cluster's network that lead to services of the customer. */
  readonly egressPrivateEndpoints: EgressPrivateEndpointsApi;
  /** The authority whose client certificates an Advanced cluster trusts. */
  readonly clientCaCerts: ClientCaCertsApi;
  /** Customer-managed encryption keys of Advanced clusters. */
  readonly cmek: CmekApi;
  /** When Advanced clusters may be patched. */
  readonly maintenanceWindows: MaintenanceWindowsApi;
  /** How long Advanced clusters put patches off. */
  readonly versionDeferrals: VersionDeferralsApi;
  /** Managed backups and how they are made. */
  readonly backups: BackupsApi;
  /** Backups that are brought back. */
  readonly restores: RestoresApi;
  /** When the service leaves Advanced clusters alone. */
  readonly blackoutWindows: BlackoutWindowsApi;
  /** Logs that go to the customer's cloud. */
  readonly logExports: LogExportsApi;
  /** Metrics that go to Datadog, to CloudWatch or to Prometheus. */
  readonly metricExports: MetricExportsApi;
  /** Replication from one Advanced cluster to another. */
  readonly physicalReplicationStreams: PhysicalReplicationStreamsApi;
  /** Disruptions of Advanced clusters, for tests of what depends on them. */
  readonly clusterDisruptions: ClusterDisruptionsApi;
  /** What was done in the organization, and by whom. */
  readonly auditLogs: AuditLogsApi;
  /** Invoices of the organization. */
  readonly invoices: InvoicesApi;
  /** The organization that the key belongs to. */
  readonly organization: OrganizationApi;
  /** Folders of the organization, and what is in them. */
  readonly folders: FoldersApi;
  /** Service accounts of the organization. */
  readonly serviceAccounts: ServiceAccountsApi;
  /** API keys of service accounts. */
  readonly apiKeys: ApiKeysApi;
  /** Roles of persons, service accounts and groups. */
  readonly roles: RolesApi;
  /** Identity providers whose tokens open the API. */
  readonly jwtIssuers: JwtIssuersApi;
  /** Persons who are members of the organization. */
  readonly personUsers: PersonUsersApi;
  /** The persons of the organization, by SCIM. */
  readonly scimUsers: ScimUsersApi;
  /** The groups of the organization, by SCIM. */
  readonly scimGroups: ScimGroupsApi;
  /** What the SCIM service can do. */
  readonly scimDiscovery: ScimDiscoveryApi;
  readonly #serverUrl: string;
  readonly #apiKeyId: string | undefined;

  /** @throws TypeError when an option makes no sense; the message never shows a credential. */
  constructor(options: ClientOptions) {
    const credential = credentialOf(options);
    const server = serverOf(options.serverUrl ?? defaultServerUrl);
    const clock = options.clock ?? systemClock;
    const random = options.random ?? Math.random;
    const anonymous = { "User-Agent": headerText("userAgent", userAgent(options.userAgent)) };
    const headers = {
      Accept: "application/json",
      "Cc-Version": apiVersion,
      ...credential.headers,
      Authorization: `Bearer ${credential.secret}`,
      ...anonymous,
    };
    const connection = new HttpConnection(server, headers, clock, process.env);
    const parts: CallerParts = {
      connection,
      limiter: rateLimiterFor(
        { serverUrl: server.origin, secret: credential.secret },
        clock,
        random,
      ),
      clock,
      random,
      requestTimeoutMs: duration("requestTimeoutMs", options.requestTimeoutMs ?? 30_000),
      transientRetryMs: duration("transientRetryMs", options.transientRetryMs ?? 120_000),
      onWait: options.onWait,
      throttleRetryMs: duration("throttleRetryMs", options.throttleRetryMs ?? 600_000),
      secrets: [credential.secret, ...connection.secrets],
    };
    const caller = new Caller(parts);
    this.clusters = new ClustersApi(caller);
    this.clusterCertificates = new ClusterCertificates(
      new Caller({
        ...parts,
        connection: new HttpConnection(server, anonymous, clock, process.env),
      }),
    );
    this.sqlUsers = new SqlUsersApi(caller);
    this.databases = new DatabasesApi(caller);
    this.allowlist = new AllowlistApi(caller);
    this.privateEndpointServices = new PrivateEndpointServicesApi(caller);
    this.privateEndpointConnections = new PrivateEndpointConnectionsApi(caller);
    this.awsEndpointConnections = new AwsEndpointConnectionsApi(caller);
    this.privateEndpointTrustedOwners = new PrivateEndpointTrustedOwnersApi(caller);
    this.egressRules = new EgressRulesApi(caller);
    this.egressPrivateEndpoints = new EgressPrivateEndpointsApi(caller);
    this.clientCaCerts = new ClientCaCertsApi(caller);
    this.cmek = new CmekApi(caller);
    this.maintenanceWindows = new MaintenanceWindowsApi(caller);
    this.versionDeferrals = new VersionDeferralsApi(caller);
    this.backups = new BackupsApi(caller);
    this.restores = new RestoresApi(caller);
    this.blackoutWindows = new BlackoutWindowsApi(caller);
    this.logExports = new LogExportsApi(caller);
    this.metricExports = new MetricExportsApi(caller);
    this.physicalReplicationStreams = new PhysicalReplicationStreamsApi(caller);
    this.clusterDisruptions = new ClusterDisruptionsApi(caller);
    this.auditLogs = new AuditLogsApi(caller);
    this.invoices = new InvoicesApi(caller);
    this.organization = new OrganizationApi(caller);
    this.folders = new FoldersApi(caller);
    this.serviceAccounts = new ServiceAccountsApi(caller);
    this.apiKeys = new ApiKeysApi(caller);
    this.roles = new RolesApi(caller);
    this.jwtIssuers = new JwtIssuersApi(caller);
    this.personUsers = new PersonUsersApi(caller);
    this.scimUsers = new ScimUsersApi(caller);
    this.scimGroups = new ScimGroupsApi(caller);
    this.scimDiscovery = new ScimDiscoveryApi(caller);
    this.#serverUrl = server.origin;
    this.#apiKeyId = apiKeyIdOf(options.apiKey ?? "");
  }

  /** Id of the API key that the client authenticates with, as in `apiKeys`; undefined for a token. */
  get apiKeyId(): string | undefined {
    return this.#apiKeyId;
  }

  /** @internal */
  [inspect.custom](): string {
    return `CockroachCloudClient { ${this.#serverUrl} }`;
  }
}

interface Credential {
  secret: string;
  headers: Record<string, string>;
}

function credentialOf({ apiKey, jwt }: ClientOptions): Credential {
  if (apiKey !== undefined && jwt !== undefined) {
    throw withoutStack(new TypeError("Give either apiKey or jwt, not both."));
  }
  if (jwt !== undefined) {
    const { username } = jwt;
    return {
      secret: secretText("jwt.token", jwt.token),
      headers: {
        "Cc-Vanity-Name": headerText("jwt.vanityName", jwt.vanityName),
        ...(username === undefined ? {} : { "Cc-Username": headerText("jwt.username", username) }),
      },
    };
  }
  if (apiKey === undefined || String(apiKey).trim() === "") {
    throw withoutStack(
      new TypeError(
        "The API key is missing: give the secret of a service account's API key as apiKey (a common place for it is the environment variable COCKROACH_API_KEY).",
      ),
    );
  }
  return { secret: secretText("apiKey", apiKey), headers: {} };
}

/** White space around a secret is an accident of copying; inside, or with control characters, it is no secret. */
function secretText(name: string, value: unknown): string {
  const secret = typeof value === "string" ? value.trim() : "";
  if (/^bearer\s/i.test(secret))
    throw withoutStack(new TypeError(`${name} must not begin with "Bearer".`));
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw withoutStack(
      new TypeError(`${name} is empty, or has spaces or other characters that no key has.`),
    );
  }
  return secret;
}

function headerText(name: string, value: unknown): string {
  if (typeof value !== "string" || !/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
    throw withoutStack(new TypeError(`${name} must be a text that fits into a header.`));
  }
  return value;
}

function duration(name: string, value: number): number {
  if (Number.isNaN(value) || value < 0) {
    throw withoutStack(new TypeError(`${name} must be a number of milliseconds, not ${value}.`));
  }
  return value;
}

// What is wrong is said without repeating the address: it may hold a password.
function serverOf(serverUrl: string): URL {
  const server = URL.canParse(serverUrl) ? new URL(serverUrl) : undefined;
  if (server === undefined || !/^https?:$/.test(server.protocol)) {
    throw withoutStack(new TypeError(`serverUrl must be an address like ${defaultServerUrl}.`));
  }
  if (server.username !== "" || server.password !== "") {
    throw withoutStack(
      new TypeError("serverUrl must not hold a user or password: give the key as apiKey."),
    );
  }
  if (server.pathname !== "/" || server.search !== "" || server.hash !== "") {
    throw withoutStack(
      new TypeError(`serverUrl must end after the host, like ${defaultServerUrl}.`),
    );
  }
  if (server.protocol === "http:" && !isPrivate(server.hostname)) {
    throw withoutStack(
      new TypeError(
        `serverUrl must begin with https:, or the key would travel to ${server.hostname} in the clear.`,
      ),
    );
  }
  return server;
}

function isPrivate(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    !/[.:]/.test(hostname) ||
    /\.(?:internal|local|test)$/.test(hostname) ||
    /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/.test(hostname)
  );
}

// The client: checks its options and wires the parts together.

import { inspect } from "node:util";
import { apiKeyIdOf } from "./http/api-key-id";
import type { CallerParts } from "./http/call";
import { Caller } from "./http/call";
import type { Clock } from "./http/clock";
import { systemClock } from "./http/clock";
import type { CredentialKind } from "./http/error-context";
import { apiVersion, HttpConnection } from "./http/http";
import { isLoopback } from "./http/proxy";
import { rateLimiterFor } from "./http/rate-limiter-for";
import type { RequestWait } from "./http/request-options";
import { userAgent } from "./http/user-agent";
import { withoutStack } from "./http/without-stack";
import ClientAreas from "./resources/index";

/** A JSON Web Token from an issuer that is registered with the organization. */
export interface JwtCredential {
  token: string;
  /** The organization's vanity name. */
  vanityName: string;
  /** Whom the token stands for, where it stands for several: an e-mail address, or the id of a service account. */
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
 * A typed client of the CockroachDB Cloud API. All clients that use the same key, or the same token for the same user,
 * at the same server share one request budget: those of a process, and those of all processes of the user on this
 * machine, but not on Windows.
 */
export class CockroachCloudClient extends ClientAreas {
  readonly #serverUrl: string;
  readonly #apiKeyId: string | undefined;
  readonly #username: string | undefined;

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
        {
          serverUrl: server.origin,
          secret: credential.secret,
          username: credential.headers["Cc-Username"],
        },
        clock,
        random,
      ),
      clock,
      random,
      requestTimeoutMs: duration("requestTimeoutMs", options.requestTimeoutMs ?? 30_000),
      transientRetryMs: duration("transientRetryMs", options.transientRetryMs ?? 120_000),
      onWait: options.onWait,
      throttleRetryMs: duration("throttleRetryMs", options.throttleRetryMs ?? 600_000),
      credential: credential.kind,
      secrets: [credential.secret, ...connection.secrets],
    };
    super(
      new Caller(parts),
      new Caller({
        ...parts,
        connection: new HttpConnection(server, anonymous, clock, process.env),
      }),
    );
    this.#serverUrl = server.origin;
    this.#apiKeyId = apiKeyIdOf(options.apiKey ?? "");
    this.#username = options.jwt?.username;
  }

  /** Id of the API key that the client authenticates with, as in `apiKeys`; undefined for a token. */
  get apiKeyId(): string | undefined {
    return this.#apiKeyId;
  }

  /** Whom the token stands for, as it was given; undefined for an API key, or where it was not. */
  get username(): string | undefined {
    return this.#username;
  }

  /** @internal */
  [inspect.custom](): string {
    return `CockroachCloudClient { ${this.#serverUrl} }`;
  }
}

interface Credential {
  kind: CredentialKind;
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
      kind: "JWT",
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
  return { kind: "API key", secret: secretText("apiKey", apiKey), headers: {} };
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

// What is wrong is said without repeating an address that may hold a password.
function serverOf(serverUrl: string): URL {
  const server = URL.canParse(serverUrl) ? new URL(serverUrl) : undefined;
  if (server === undefined || !/^https?:$/.test(server.protocol)) {
    throw withoutStack(
      new TypeError(
        `serverUrl must be an address like ${defaultServerUrl}${notAddress(serverUrl)}.`,
      ),
    );
  }
  if (server.username !== "" || server.password !== "") {
    throw withoutStack(
      new TypeError("serverUrl must not hold a user or password: give the key as apiKey."),
    );
  }
  if (server.pathname !== "/" || server.search !== "" || server.hash !== "") {
    throw withoutStack(
      new TypeError(
        `serverUrl must end after the host, like ${defaultServerUrl}: it is ${server.origin}, with more behind it.`,
      ),
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

/** What stands in the place of an address, unless it looks like a credential. */
function notAddress(value: unknown): string {
  const text = String(value);
  const isHarmless = /^[a-z][\w+.:/-]{0,59}$/i.test(text) && !/^(CCDB\d|eyJ)/.test(text);
  return isHarmless ? `, not "${text}"` : "";
}

function isPrivate(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    !/[.:]/.test(hostname) ||
    /\.(?:internal|local|test)$/.test(hostname) ||
    /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/.test(hostname)
  );
}

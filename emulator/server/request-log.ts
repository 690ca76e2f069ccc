// The log of requests: what tests assert on. Credentials are left out before anything is stored.

import type { LoggedRequest } from "./exchange";

const secretHeaders = new Set(["authorization", "cookie", "proxy-authorization"]);
/** No message of the API is nested half as deep. */
const maxDepth = 100;
const secretKeys = new Set([
  "api_key",
  "apiKey",
  "azure_shared_key",
  "azureSharedKey",
  "password",
  "secret",
]);

/** All requests so far, oldest first. */
export class RequestLog extends Array<LoggedRequest> {
  // What `filter` and `map` return is a plain array.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Forgets all requests so far. */
  clear(): void {
    this.length = 0;
  }

  /** One line per operation: how often it was called, by status. */
  summary(): string {
    const lines = new Map<string, Map<string, number>>();
    for (const request of this) {
      const name = request.operation ?? `${request.method} ${request.path}`;
      const statuses = lines.get(name) ?? new Map<string, number>();
      const status = request.status === 0 ? "no response" : String(request.status);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      lines.set(name, statuses);
    }
    return [...lines]
      .map(([name, statuses]) => {
        const counts = [...statuses].map(([status, count]) => `${count} x ${status}`);
        return `${name}: ${counts.join(", ")}`;
      })
      .join("\n");
  }
}

/** A text without the secrets of API keys, which some programs send in place of the id. */
export function withoutKeys(text: string): string {
  return text.replace(/CCDB\d+_[A-Za-z0-9]+_[A-Za-z0-9]+/g, "[redacted]");
}

/** Headers without those that carry credentials. */
export function loggedHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !secretHeaders.has(name))
      .map(([name, value]) => [name, typeof value === "object" ? value.join(", ") : (value ?? "")]),
  );
}

/** A body without passwords and key secrets, at any depth; what is nested absurdly deep is left out. */
export function withoutSecrets(body: unknown, depth = 0): unknown {
  if (typeof body === "string") {
    return withoutKeys(body);
  }
  if (typeof body !== "object" || body === null) {
    return body;
  }
  if (depth > maxDepth) {
    return "[left out]";
  }
  if (Array.isArray(body)) {
    return body.map((item) => withoutSecrets(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      secretKeys.has(key) ? "[redacted]" : withoutSecrets(value, depth + 1),
    ]),
  );
}

// The listener: from bytes to a call of a handler and back, with everything that all operations share:
// credentials, rate limit, dialect, routes, roles, faults, log.

import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { recordChange } from "../areas/audit-log";
import { certificatePage } from "../cluster/certificate";
import type { EmulatorContext } from "../context";
import { folderPath } from "../organization/folders";
import { grantsOf } from "../organization/grants";
import type { Organization } from "../organization/organization";
import type { CallerRecord } from "../organization/principals";
import { statusPage } from "../status-page/status-page";
import { authenticate } from "./authentication";
import type { Call, HandlerTable } from "./call";
import { PlainText } from "./call";
import { ApiError, invalidArgument, methodNotAllowed, notFound, permissionDenied } from "./errors";
import type { Exchange, LoggedRequest } from "./exchange";
import type { Fault, FaultScript } from "./faults";
import { describeFault, scriptedReply } from "./faults";
import { parseLoosely } from "./protojson";
import { checkQuery } from "./query";
import type { Limiter, RateLimit } from "./rate-limit";
import { limiter } from "./rate-limit";
import type { RequestLog } from "./request-log";
import { loggedHeaders, withoutKeys, withoutSecrets } from "./request-log";
import { isAllowed, isAllowedSomewhere } from "./roles";
import type { Route } from "./routes";
import { routeOf } from "./routes";

const latestVersion = "2026-09-15";
const knownVersions = ["2022-03-31", "2022-09-20", "2023-04-10", "2024-09-16", latestVersion];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the server works with. */
export interface ServerParts {
  readonly context: EmulatorContext;
  readonly organizations: readonly Organization[];
  readonly handlers: HandlerTable;
  readonly faults: FaultScript;
  readonly requests: RequestLog;
  readonly rateLimit: Required<RateLimit> | undefined;
  readonly latencyMs: number;
  readonly onResponse: ((exchange: Exchange) => void) | undefined;
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Ends all connections, also those that wait for a response. */
  close(): Promise<void>;
}

/** Starts to listen on 127.0.0.1. @param port 0 takes a free one. */
export async function listen(parts: ServerParts, port: number): Promise<Listener> {
  const startedAt = performance.now();
  const limiters = new WeakMap<CallerRecord, Limiter>();
  const server = createServer((request, response) => {
    serve(parts, limiters, startedAt, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  // Longer than any pause between two polls, so that a connection in a client's pool does not go stale.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) {
    return;
  }
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

async function serve(
  parts: ServerParts,
  limiters: WeakMap<CallerRecord, Limiter>,
  startedAt: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { context } = parts;
  const origin = "http://127.0.0.1";
  const target = request.url ?? "/";
  // A path that begins with two slashes would be taken for a host.
  const url = new URL(target.startsWith("/") ? `${origin}${target}` : target, origin);
  const method = request.method ?? "GET";
  // No path of the API, so it is neither logged nor rate-limited.
  if ((method === "GET" || method === "HEAD") && url.pathname === "/") {
    const page = statusPage(parts);
    response.writeHead(200, page.headers).end(page.text);
    return;
  }
  const route = routeOf(method, url.pathname);
  const logged: LoggedRequest = {
    at: context.clock.now(),
    elapsedMs: performance.now() - startedAt,
    method,
    path: withoutKeys(url.pathname),
    query: withoutKeys(url.search.slice(1)),
    operation: route?.operation?.name,
    headers: loggedHeaders(request.headers),
    body: undefined,
    status: 0,
    response: undefined,
    key: undefined,
    traceId: randomUUID(),
    throttled: false,
    fault: undefined,
  };
  parts.requests.push(logged);
  // No operation of the API either: neither a key, nor the rate limit, nor a version concerns it.
  const certificate =
    method === "GET" ? certificatePage(parts.organizations, context, url.pathname) : undefined;
  const body = await textOf(request);
  logged.body = withoutSecrets(parseLoosely(body));
  const version = String(request.headers["cc-version"] ?? "") || latestVersion;
  const headers: Record<string, string> =
    certificate !== undefined
      ? {}
      : {
          "cc-trace-id": logged.traceId,
          "cc-version": knownVersions.includes(version) ? version : latestVersion,
        };

  let fault: Fault | undefined;
  const inject = (operationName: string) => {
    fault = parts.faults.take({ ...logged, operation: operationName });
    logged.fault = fault && describeFault(fault);
  };
  const operate = (): Reply => {
    if (certificate !== undefined) {
      inject("GetClusterCertificate");
      return certificate;
    }
    try {
      const { keyName, caller, organization } = authenticate(
        parts.organizations,
        context,
        request.headers,
      );
      logged.key = keyName;
      const throttled = throttle(parts, limiters, caller);
      if (throttled !== undefined) {
        logged.throttled = true;
        return throttled;
      }
      if (route?.operation !== undefined) {
        inject(route.operation.name);
      }
      if (fault !== undefined && isBeforeEffect(fault)) {
        return { status: 0, text: "", headers: {} };
      }
      if (!knownVersions.includes(version)) {
        throw invalidArgument(`invalid Cc-Version: the emulator knows ${knownVersions.join(", ")}`);
      }
      const result = operation(parts, route, url, caller, organization, body, logged.traceId);
      return result instanceof PlainText
        ? { status: 200, text: result.text, headers: { "content-type": "text/plain" } }
        : jsonReply(200, result);
    } catch (error) {
      if (error instanceof ApiError) {
        const isScim = url.pathname.startsWith("/api/scim/");
        return isScim && context.assumptions.scimErrors === "scim"
          ? scimErrorReply(error)
          : jsonReply(error.refusal.status, error.body, error.headers);
      }
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return jsonReply(500, { code: 13, message: `emulator error: ${message}`, details: [] });
    }
  };
  let reply = operate();

  const injected = fault as Fault | undefined;
  const delayMs = parts.latencyMs + (injected && "delayMs" in injected ? injected.delayMs : 0);
  if (delayMs > 0) {
    await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
  }
  if (injected !== undefined) {
    if ("hang" in injected) {
      return;
    }
    if ("reset" in injected) {
      request.socket.resetAndDestroy();
      return;
    }
    if ("status" in injected) {
      reply = { status: injected.status, ...scriptedReply(injected) };
    } else if ("notJson" in injected) {
      const text =
        injected.notJson === true ? "<html><body>not JSON</body></html>" : injected.notJson;
      reply = { status: 200, text, headers: { "content-type": "text/html" } };
    }
  }
  logged.status = reply.status;
  logged.response = withoutSecrets(parseLoosely(reply.text));
  response.writeHead(reply.status, {
    ...headers,
    ...reply.headers,
    "content-length": Buffer.byteLength(reply.text),
  });
  if (injected !== undefined && "cutBody" in injected) {
    const half = reply.text.slice(0, Math.floor(reply.text.length / 2));
    response.write(half, () => request.socket.destroy());
    return;
  }
  response.end(reply.text);
  if (certificate !== undefined) {
    return;
  }
  parts.onResponse?.({
    request: logged,
    headers: { ...headers, ...lowerCaseNames(reply.headers) },
    text: reply.text,
    isScripted: injected !== undefined && ("status" in injected || "notJson" in injected),
  });
}

function isBeforeEffect(fault: Fault): boolean {
  return (
    ("status" in fault && fault.effect !== "after") ||
    ("reset" in fault && fault.reset === "before-effect") ||
    ("hang" in fault && fault.hang === "before-effect")
  );
}

function throttle(
  { rateLimit, context }: ServerParts,
  limiters: WeakMap<CallerRecord, Limiter>,
  caller: CallerRecord,
): Reply | undefined {
  if (rateLimit === undefined) {
    return undefined;
  }
  const own = limiters.get(caller) ?? limiter(rateLimit);
  limiters.set(caller, own);
  if (own.admit(rateLimit.time === "real" ? performance.now() : context.clock.now())) {
    return undefined;
  }
  const { status, code } = context.assumptions.throttled;
  return jsonReply(
    status,
    { code, message: "rate limit exceeded", details: [] },
    { "retry-after": String(rateLimit.retryAfterSeconds) },
  );
}

function operation(
  { handlers, context }: ServerParts,
  route: Route | undefined,
  url: URL,
  caller: CallerRecord,
  organization: Organization,
  body: string,
  traceId: string,
): object {
  if (route === undefined) {
    throw notFound("Not Found");
  }
  if (route.operation === undefined) {
    throw methodNotAllowed();
  }
  const handler = handlers[route.operation.name];
  if (handler === undefined) {
    throw new Error(`no area handles ${route.operation.name}`);
  }
  if (route.operation.method === "GET") {
    checkQuery(url.search.slice(1));
  }
  const grants = grantsOf({ organization, caller, now: context.clock.now() });
  if (!isAllowedSomewhere(grants, route.operation)) {
    throw permissionDenied();
  }
  const clusterId = clusterIdOf(route);
  if (clusterId !== undefined) {
    const cluster = organization.clusters.get(clusterId);
    const folderIds =
      cluster === undefined ? [] : folderPath(organization.folders, cluster.parentId);
    const subject = { clusterId, folderIds };
    if (cluster !== undefined && !isAllowed(grants, route.operation, subject)) {
      throw permissionDenied();
    }
  }
  const call: Call = {
    operation: route.operation,
    context,
    organization,
    caller,
    path: route.path,
    clusterId: clusterId ?? "",
    query: url.searchParams,
    body,
    traceId,
    now: context.clock.now(),
  };
  try {
    const response = handler(call);
    recordChange(call, response);
    return response;
  } catch (error) {
    if (error instanceof ApiError && context.assumptions.auditRefusals) {
      recordChange(call, {}, error.message);
    }
    throw error;
  }
}

/** The UUID of the cluster in the path; undefined when the path has none. @throws when it is no UUID. */
function clusterIdOf(route: Route): string | undefined {
  const id = route.path["cluster_id"] ?? route.path["destination_cluster_id"];
  if (id !== undefined && !uuid.test(id)) {
    throw invalidArgument("invalid argument: invalid clusterId");
  }
  return id?.toLowerCase();
}

// The service indents its bodies; clients must not depend on either form.
function jsonReply(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const text = JSON.stringify(body, null, 2);
  return { status, text, headers: { "content-type": "application/json", ...headers } };
}

/** An error in the form of RFC 7644, section 3.12. */
function scimErrorReply({ refusal: { status, code }, message }: ApiError): Reply {
  const scimType = { 3: "invalidValue", 6: "uniqueness" }[code];
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  return jsonReply(
    status,
    { schemas, status: String(status), ...(scimType && { scimType }), detail: message },
    { "content-type": "application/scim+json" },
  );
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(Buffer.concat(chunks).toString()));
    request.once("error", reject);
  });
}

// Connections that are refused, one by one. A server cannot refuse a request that has reached it, so the request
// is sent to a port where nobody listens: the refusal is the kernel's own.

import type { ClientRequest } from "node:http";
import { Agent } from "node:http";
import { routeOf } from "../../../emulator/server/routes";

/** Nothing listens there. */
const closedPort = 1;

/** Decides about a request to one server by the name of its operation. */
type Decision = (operation: string) => boolean;

const decisions = new Map<number, Decision>();

interface AddsRequests {
  addRequest(request: ClientRequest, options: { port?: number | string }, ...rest: unknown[]): void;
}

const agents = Agent.prototype as unknown as AddsRequests;
const { addRequest } = agents;

agents.addRequest = function addOrRefuse(request, options, ...rest) {
  const isRefused = decisions.get(Number(options.port));
  const { pathname } = new URL(request.path, "http://127.0.0.1");
  const operation = routeOf(request.method, pathname)?.operation?.name;
  const port = operation !== undefined && isRefused?.(operation) ? closedPort : options.port;
  addRequest.call(this, request, { ...options, ...(port !== undefined && { port }) }, ...rest);
};

/** Refuses connections to the server on this port for requests of which `decision` says so, until `admitAll`. */
export function refuse(port: number, decision: Decision): void {
  decisions.set(port, decision);
}

/** Lets every connection through again. */
export function admitAll(port: number): void {
  decisions.delete(port);
}

// Connections: kept alive between requests, through the proxy when there is one, and watched, because
// whether a request has left decides whether a create may be repeated.

import type { Agent, ClientRequest } from "node:http";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";

// Idle connections are closed after this time, before servers and the boxes in between usually do: a
// request on a connection that the other side has just closed fails, and for a create nobody knows
// whether it arrived. Node also obeys a shorter time that the server announces. Idle sockets do not
// keep the process alive.
const idleMs = 4_000;

const agentOptions = { keepAlive: true, keepAliveMsecs: 1_000, timeout: idleMs };

/** Makes the agent for a server. */
export function agentFor(server: URL, proxy: URL | undefined): Agent {
  if (proxy !== undefined) return new HttpsProxyAgent(proxy, agentOptions);
  return server.protocol === "https:" ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
}

interface AddsRequests {
  addRequest(request: ClientRequest, ...rest: unknown[]): unknown;
}

/**
 * Makes a view of an agent for one request, which calls `onSent` when that request's connection is
 * ready, TLS included: from then on the request may be on its way. Node asks of an agent only that it
 * has `addRequest`.
 */
export function watch(agent: Agent, onSent: () => void): Agent {
  const shared = agent as unknown as AddsRequests;
  return Object.create(agent, {
    addRequest: {
      value: (request: ClientRequest, ...rest: unknown[]) => {
        request.once("socket", (socket) => {
          if (request.reusedSocket) onSent();
          else onceReady(socket, onSent);
        });
        return shared.addRequest(request, ...rest);
      },
    },
  }) as Agent;
}

// A new connection is handed over before its handshakes, which take a trip over the network at least.
function onceReady(socket: Socket, onReady: () => void): void {
  if (socket instanceof TLSSocket) socket.once("secureConnect", onReady);
  else if (socket.connecting) socket.once("connect", onReady);
  else onReady();
}

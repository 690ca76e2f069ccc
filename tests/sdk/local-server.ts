// A real server on this computer that responds as a test reports it to.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./self-signed";

/** A request as it arrived. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** Number of the connection it came on, from 1. */
  connection: number;
}

/** How to respond one request. */
export type Responder = (response: ServerResponse, received: Received) => void;

/** A running server. */
export interface LocalServer {
  url: string;
  received: Received[];
  /** Resolves when that many requests have arrived. */
  arrived(count: number): Promise<void>;
}

const running: Server[] = [];

/** Starts a server that responds by turns; the last response is given for ever. */
export async function localServer(responses: Responder[], isTls = false): Promise<LocalServer> {
  const received: Received[] = [];
  const connections = new Map<unknown, number>();
  const waiting: { count: number; resolve: () => void }[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { socket, method = "", url = "", headers } = request;
      if (!connections.has(socket)) connections.set(socket, connections.size + 1);
      const arrival = { method, url, headers, body, connection: connections.get(socket) ?? 0 };
      received.push(arrival);
      const respond = responses[Math.min(received.length, responses.length) - 1];
      respond?.(response, arrival);
      for (const wait of waiting) if (received.length >= wait.count) wait.resolve();
    });
  };
  const server = isTls ? createTlsServer(selfSigned, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isTls ? "https" : "http"}://127.0.0.1:${port}`,
    received,
    arrived: (count) =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

/** Closes every server, with its connections. */
export async function closeServers(): Promise<void> {
  await Promise.all(
    running.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
}

/** Returns JSON. */
export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Responder {
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Returns text. */
export function text(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Responder {
  return (response) => {
    response.writeHead(status, { "Content-Type": "text/html", ...headers });
    response.end(body);
  };
}

/** Fails as the API does. */
export function failure(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Responder {
  return json(status, { code, message, details: [] }, headers);
}

/** Closes the connection without a response. */
export const reset: Responder = (response) => response.socket?.resetAndDestroy();

/** Promises more than it sends. */
export const cut: Responder = (response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('{"id": "half');
  setImmediate(() => response.destroy());
};

/** Says that the response is shorter than it is, and closes. */
export const understated: Responder = (response) => {
  const text = JSON.stringify({ code: 8, message: "rate limit exceeded", details: [] });
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Math.floor(text.length / 2)}`;
  response.socket?.end(`${head}\r\n\r\n${text}`);
};

/** Never responds. */
export const hang: Responder = () => undefined;

// A server between the provider and the emulator, which spoils the responses of some requests. The effect of a request
// whose response is spoiled has happened, unless the response is one of a stranger, who never passes it on.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, request as requestTo } from "node:http";
import type { AddressInfo } from "node:net";
import type { BadResponse, GoodResponse } from "./bad-responses";
import { give, stalls } from "./bad-responses";
import type { TestEmulator } from "./emulator";

/** A bad response, and whether the request reaches the service all the same. */
export interface Spoiling {
  response: BadResponse;
  isPassedOn: boolean;
}

/** A running server. */
export interface BadServer {
  readonly url: string;
  readonly address: string;
  /** How the next requests are responded, in order; nothing stands for a good response, also after the last. */
  spoil(responses: readonly (Spoiling | undefined)[]): void;
  /** How many responses are still to be spoiled, or good before such a one. */
  left(): number;
  /** How many bad responses it has given. */
  given(): number;
  /** How many requests hang, so that only a time-out ends them. */
  hanging(): number;
  close(): Promise<void>;
}

/** Starts a server in front of an emulator. */
export async function startBadServer(emulator: TestEmulator): Promise<BadServer> {
  let waiting: (Spoiling | undefined)[] = [];
  let given = 0;
  const stalled = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    // The client has disconnected in the middle of the response.
    response.on("error", () => undefined);
    void respond(request, response);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray());
    const spoiling = waiting.shift();
    const isPassedOn = spoiling?.isPassedOn ?? true;
    const good = isPassedOn
      ? await passedOn(emulator.port, request, body)
      : { status: 200, headers: {}, text: "{}" };
    if (spoiling === undefined) {
      const headers = { ...good.headers };
      for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete headers[name];
      response.writeHead(good.status, headers).end(good.text);
      return;
    }
    given += 1;
    if (stalls(spoiling.response)) {
      stalled.add(response);
      response.once("close", () => stalled.delete(response));
    }
    give(spoiling.response, good, response);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${address}`,
    address,
    spoil: (responses) => {
      waiting = [...responses];
    },
    left: () => waiting.length,
    given: () => given,
    hanging: () => stalled.size,
    close: () => closed(server),
  };
}

async function passedOn(
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<GoodResponse> {
  return await new Promise((resolve, reject) => {
    const { connection: _hop, ...others } = headers;
    // A connection each: the emulator must not count as busy because one is kept.
    const options = { host: "127.0.0.1", port, method, path: url, headers: others, agent: false };
    const onward = requestTo(options, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 500, headers: response.headers, text });
    });
    onward.on("error", reject);
    onward.end(body);
  });
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

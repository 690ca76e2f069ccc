/**
 * Vault's transit engine, as far as Pulumi asks it for the key to a stack's secrets: once in each run. The key of a
 * passphrase is derived again in each run, which takes a quarter of a second of processor time.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface KeyService {
  /** The secrets provider of a stack that uses it. */
  readonly secretsProvider: string;
  /** What leads the engine to it. */
  readonly env: Readonly<Record<string, string>>;
}

let started: Promise<KeyService> | undefined;

/** One for all stacks of this process, which it does not keep alive. */
export function keyService(): Promise<KeyService> {
  started ??= start();
  return started;
}

async function start(): Promise<KeyService> {
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    secretsProvider: "hashivault://tests",
    env: { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "tests" },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { plaintext, ciphertext } = (await json(request)) as Record<string, string>;
  const data =
    plaintext === undefined
      ? { plaintext: ciphertext?.replace(prefix, "") }
      : { ciphertext: `${prefix}${plaintext}` };
  response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
}

/** Before what Vault has encrypted; what follows is only a key to a test's secrets, so it stays as it is. */
const prefix = "vault:v1:";

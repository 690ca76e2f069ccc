/**
 * Vault's transit engine, as far as Pulumi asks it for the key to a stack's secrets: once in each run. The key of a
 * passphrase is derived again in each run, which takes a quarter of a second of processor time.
 */
import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
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

/** The property that marks a secret in state. */
const secretMark = "4dabf18193072939515e22adb298388d";

/**
 * Parses the state file of a stack that uses the key service, without a start of the engine.
 * @param shown what stands in the place of a secret; of the JSON text of its value, and of its entry in state
 */
export function parseState(
  text: string,
  shown: (plaintext: string, entry: { readonly ciphertext: string }) => unknown,
): unknown {
  if (!text.includes(secretMark)) return JSON.parse(text);
  const encrypted = /"encryptedkey": ?"([^"]+)"/.exec(text)?.[1];
  assert.ok(encrypted, "the key service encrypts the secrets of this state");
  const key = Buffer.from(decoded(encrypted).toString().replace(prefix, ""), "base64");
  return JSON.parse(text, (_, value) => {
    const ciphertext = value?.[secretMark] && value.ciphertext;
    return ciphertext ? shown(decrypted(ciphertext, key), value) : value;
  });
}

/** As the engine encrypts: a version, the nonce, and the text with its tag. */
function decrypted(ciphertext: string, key: Buffer): string {
  const [, nonce, sealed] = ciphertext.split(":").map(decoded);
  assert.ok(nonce && sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-tagLength));
  return `${decipher.update(sealed.subarray(0, -tagLength), undefined, "utf8")}${decipher.final("utf8")}`;
}

const tagLength = 16;

function decoded(text: string): Buffer {
  return Buffer.from(text, "base64");
}

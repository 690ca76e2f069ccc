// JSON Web Tokens: signed claims of an identity provider (RFC 7515, 7517, 7519), of the algorithms with public keys.

import type { JsonWebKey, KeyObject, SignKeyObjectInput } from "node:crypto";
import { constants, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** The parts of a token, of which nothing is verified yet. */
export interface Token {
  readonly header: Claims;
  readonly claims: Claims;
  /** What was signed. */
  readonly content: string;
  readonly signature: Buffer;
}

type Algorithm = Omit<SignKeyObjectInput, "key"> & {
  readonly keyType: string;
  readonly digest: string | null;
};

const rsa = { keyType: "rsa", padding: constants.RSA_PKCS1_PADDING };
const pss = {
  keyType: "rsa",
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
};
const ecdsa = { keyType: "ec", dsaEncoding: "ieee-p1363" } as const;

const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { ...rsa, digest: "sha256" },
  RS384: { ...rsa, digest: "sha384" },
  RS512: { ...rsa, digest: "sha512" },
  PS256: { ...pss, digest: "sha256" },
  PS384: { ...pss, digest: "sha384" },
  PS512: { ...pss, digest: "sha512" },
  ES256: { ...ecdsa, digest: "sha256" },
  ES384: { ...ecdsa, digest: "sha384" },
  ES512: { ...ecdsa, digest: "sha512" },
  EdDSA: { keyType: "ed25519", digest: null },
};

/** Reads a token; undefined when the text has not the form of one. */
export function parseToken(text: string): Token | undefined {
  const [header = "", claims = "", signature = "", ...rest] = text.split(".");
  const parsedHeader = parseObject(Buffer.from(header, "base64url").toString());
  const parsedClaims = parseObject(Buffer.from(claims, "base64url").toString());
  if (parsedHeader === undefined || parsedClaims === undefined || rest.length > 0) {
    return undefined;
  }
  return {
    header: parsedHeader,
    claims: parsedClaims,
    content: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Whether a key of a key set (JSON) has signed the token. A text that is no key set has no keys. */
export function isSignedBy({ header, content, signature }: Token, jwks: string): boolean {
  const { alg, kid } = header;
  const algorithm = Object.hasOwn(algorithms, String(alg)) ? algorithms[String(alg)] : undefined;
  if (algorithm === undefined) {
    return false;
  }
  const { keyType, digest, ...options } = algorithm;
  return keysOf(jwks).some((jwk) => {
    const isMeant = kid === undefined || jwk?.["kid"] === undefined || jwk["kid"] === kid;
    const key = isMeant ? publicKeyOf(jwk) : undefined;
    return (
      key?.asymmetricKeyType === keyType &&
      verify(digest, Buffer.from(content), { key, ...options }, signature)
    );
  });
}

/** Whether a text is a key set. */
export function isKeySet(jwks: string): boolean {
  return Array.isArray(parseObject(jwks)?.["keys"]);
}

function keysOf(jwks: string): readonly JsonWebKey[] {
  return isKeySet(jwks) ? (parseObject(jwks)?.["keys"] as JsonWebKey[]) : [];
}

function publicKeyOf(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

function parseObject(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

const kid = "emulator";
let pair: ReturnType<typeof ecPair> | undefined;

function ecPair() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** The key set (JSON) of the identity provider that the emulator plays. */
export function emulatedKeySet(): string {
  pair ??= ecPair();
  const jwk = pair.publicKey.export({ format: "jwk" });
  return JSON.stringify({ keys: [{ ...jwk, kid, alg: "ES256", use: "sig" }] });
}

/** A token of the identity provider that the emulator plays. */
export function signToken(claims: Claims): string {
  pair ??= ecPair();
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const content = `${encode({ alg: "ES256", typ: "JWT", kid })}.${encode(claims)}`;
  const key = { key: pair.privateKey, dsaEncoding: "ieee-p1363" } as const;
  return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
}

/** Lists of JWT issuers. */
import type * as pulumi from "@pulumi/pulumi";
import type { JwtIdentity } from "../jwt-issuer";
import { toJwtIssuer } from "../jwt-issuer";
import { collected } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";

/** An identity provider whose tokens open the API. */
export interface JwtIssuerInfo {
  /** UUID. */
  id: string;
  /** What `iss` of a token says. */
  issuerUrl: string;
  /** What `aud` of a token must hold. */
  audience: string;
  /** The public keys as JSON text; empty where the service gets them from the issuer. */
  jwks: string;
  /** The claim that names the user. */
  claim: string;
  /** Whom tokens stand for; the first that fits counts. */
  identityMap: JwtIdentity[];
}

/** Lists the JWT issuers of the organization. The service enables issuers on request, with Cloud Organization SSO. */
export function listJwtIssuers(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): Promise<JwtIssuerInfo[]> {
  return callFunction(jwtIssuers, args, options);
}

/** `listJwtIssuers` as an output. */
export function listJwtIssuersOutput(
  args: Record<string, never> = {},
  options?: FunctionOptions,
): pulumi.Output<JwtIssuerInfo[]> {
  return callFunctionOutput(jwtIssuers, args, options);
}

/** @internal */
export const jwtIssuers: ProviderFunction<object, JwtIssuerInfo[]> = {
  name: "listJwtIssuers",
  async read({ cloud }) {
    const issuers = await collected(cloud.jwtIssuers.list());
    return issuers.map((issuer) => ({ id: issuer.id, ...toJwtIssuer(issuer) }));
  },
};

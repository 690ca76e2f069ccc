/** Reads JWT issuers: one, or all. */
import type * as pulumi from "@pulumi/pulumi";
import type { WireJwtIssuer } from "../../sdk/index";
import type { JwtIdentity } from "../jwt-issuer";
import { toJwtIssuer } from "../jwt-issuer";
import { checkEither, checkOnlyWith, collect, textIn } from "./arguments";
import type { FunctionOptions, ProviderFunction } from "./call";
import { callFunction, callFunctionOutput } from "./call";
import { noneHas, onlyMatch } from "./only-match";

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

/** Which JWT issuer. */
export interface GetJwtIssuerArgs {
  /** UUID of the issuer, in place of `issuerUrl`. */
  id?: string;
  /** What `iss` of its tokens says, in place of `id`. */
  issuerUrl?: string;
  /** What `aud` of its tokens holds, where several have the `issuerUrl`. @default any */
  audience?: string;
}

/** Which JWT issuer. */
export interface GetJwtIssuerOutputArgs {
  /** UUID of the issuer, in place of `issuerUrl`. */
  id?: pulumi.Input<string>;
  /** What `iss` of its tokens says, in place of `id`. */
  issuerUrl?: pulumi.Input<string>;
  /** What `aud` of its tokens holds, where several have the `issuerUrl`. @default any */
  audience?: pulumi.Input<string>;
}

/** Reads a JWT issuer by `id`, or by `issuerUrl` and, where several have it, `audience`. Fails when there is none, or when several are left. The service enables issuers on request, with Cloud Organization SSO. API operations: GetJWTIssuer, ListJWTIssuers. */
export function getJwtIssuer(
  args: GetJwtIssuerArgs,
  options?: FunctionOptions,
): Promise<JwtIssuerInfo> {
  return callFunction(oneJwtIssuer, args, options);
}

/** `getJwtIssuer` for outputs. */
export function getJwtIssuerOutput(
  args: GetJwtIssuerOutputArgs,
  options?: FunctionOptions,
): pulumi.Output<JwtIssuerInfo> {
  return callFunctionOutput(oneJwtIssuer, args, options);
}

/** @internal */
export const jwtIssuers: ProviderFunction<object, JwtIssuerInfo[]> = {
  name: "listJwtIssuers",
  async read({ cloud }) {
    return (await collect(cloud.jwtIssuers.list())).map(toInfo);
  },
};

/** @internal */
export const oneJwtIssuer: ProviderFunction<GetJwtIssuerArgs, JwtIssuerInfo> = {
  name: "getJwtIssuer",
  async read({ cloud }, { id, issuerUrl, audience }) {
    checkEither("getJwtIssuer", { id, issuerUrl });
    checkOnlyWith("getJwtIssuer", { issuerUrl, audience }, "audience", "issuerUrl");
    if (id !== undefined) {
      const known = textIn("getJwtIssuer", "id", id, "the id of a JWT issuer");
      return toInfo(await cloud.jwtIssuers.get(known));
    }
    const wanted = textIn("getJwtIssuer", "issuerUrl", issuerUrl, "the URL of a JWT issuer");
    const all = await collect(cloud.jwtIssuers.list());
    const [suffix, what] =
      audience === undefined
        ? ["", "URL"]
        : [` with the audience ${JSON.stringify(audience)}`, "URL and audience"];
    return toInfo(
      onlyMatch(
        all.filter(
          (issuer) =>
            issuer.issuer_url === wanted &&
            (audience === undefined || issuer.audience === audience),
        ),
        (issuer) => issuer.id,
        {
          object: `JWT issuer ${JSON.stringify(wanted)}${suffix}`,
          path: "/api/v1/jwt-issuers",
          reason: noneHas(all.length, "JWT issuer", "of the organization", what),
          shared: `JWT issuers have the ${what}`,
        },
      ),
    );
  },
};

function toInfo(issuer: WireJwtIssuer): JwtIssuerInfo {
  return { id: issuer.id, ...toJwtIssuer(issuer) };
}

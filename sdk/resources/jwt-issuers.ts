// JWT issuers: identity providers whose tokens open the API in place of an API key.

import { z } from "zod";
import type { Caller } from "../http/call";
import { operation } from "../http/operation";
import type { ListQuery } from "../http/pagination";
import { defaultPageSize } from "../http/pagination";
import { path } from "../http/path";
import { paginationSchema, textSchema } from "../http/protobuf-json";
import type { RequestOptions } from "../http/request-options";
import { permission } from "../http/role";

/** Whom a token stands for. */
export interface WireJwtIdentity {
  /** What the token's claim says, or a slash and a regular expression (RE2) for it. */
  token_identity: string;
  /** E-mail address of a person or UUID of a service account; `\1` is the first group of the expression. */
  cc_identity: string;
}

/** An issuer of tokens. */
export interface WireJwtIssuer {
  /** UUID. */
  id: string;
  /** What a token's `iss` says. */
  issuer_url: string;
  /** What a token's `aud` must hold. */
  audience: string;
  /** JSON text of the public keys; "" where the service fetches them from the issuer. */
  jwks: string;
  /** The claim that names the user; "" means `sub`. */
  claim: string;
  /** The first that fits counts. */
  identity_map: WireJwtIdentity[];
}

/** Body of `create`. */
export interface AddJwtIssuerRequest {
  issuer_url: string;
  audience: string;
  jwks?: string;
  /** @default "sub" */
  claim?: string;
  identity_map?: WireJwtIdentity[];
}

/** Body of `update`; what is left out stays. */
export type UpdateJwtIssuerRequest = Partial<AddJwtIssuerRequest>;

/** @internal */
export const jwtIssuerSchema = z.object({
  id: z.string().min(1),
  issuer_url: textSchema,
  audience: textSchema,
  jwks: textSchema,
  claim: textSchema,
  identity_map: z
    .array(z.object({ token_identity: textSchema, cc_identity: textSchema }))
    .default([]),
});

/** @internal */
export const jwtIssuerListSchema = z.object({
  jwt_issuers: z.array(jwtIssuerSchema).default([]),
  pagination: paginationSchema,
});

const permitted = `${permission(["OA"], "the organization")}; the service must also have enabled JWT issuers for the organization, which needs Cloud Organization SSO`;

const issuers = {
  path: path`/api/v1/jwt-issuers`,
  object: "JWT issuers",
  schema: jwtIssuerListSchema,
};

function issuer(id: string) {
  return {
    path: path`/api/v1/jwt-issuers/${id}`,
    object: `JWT issuer ${id}`,
    schema: jwtIssuerSchema,
  };
}

/** JWT issuers of the organization. The service enables them on request, with Cloud Organization SSO. */
export class JwtIssuersApi {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Lists the JWT issuers. */
  list(query: ListQuery = {}, options?: RequestOptions): AsyncIterable<WireJwtIssuer> {
    const { pageSize = defaultPageSize } = query;
    const call = operation("GET", issuers, permitted, { verb: "Listing" });
    return this.#caller.list(call, (response) => response.jwt_issuers, pageSize, options);
  }

  /**
   * Adds an issuer. It is sent once: repeated only where the first try certainly had no effect. When the error says
   * `effect: "unknown"`, the issuer may exist.
   */
  async create(body: AddJwtIssuerRequest, options?: RequestOptions): Promise<WireJwtIssuer> {
    const object = `JWT issuer ${JSON.stringify(body.issuer_url)}`;
    const target = { ...issuers, object, schema: jwtIssuerSchema };
    return await this.#caller.run(operation("POST", target, permitted, { body }), options);
  }

  /** Reads an issuer. */
  async get(id: string, options?: RequestOptions): Promise<WireJwtIssuer> {
    return await this.#caller.run(operation("GET", issuer(id), permitted), options);
  }

  /** Changes an issuer. `""` removes the keys or the claim, `[]` the identities. */
  async update(
    id: string,
    body: UpdateJwtIssuerRequest,
    options?: RequestOptions,
  ): Promise<WireJwtIssuer> {
    return await this.#caller.run(operation("PATCH", issuer(id), permitted, { body }), options);
  }

  /**
   * Deletes an issuer, whose tokens stop working. One that a repeated request does not find counts as deleted; one that
   * was never there is a `NotFoundError`.
   */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.delete(operation("DELETE", issuer(id), permitted), options);
  }
}

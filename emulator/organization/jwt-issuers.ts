// The identity providers of an organization, and whom their tokens stand for.

import type { EmulatorContext } from "../context";
import { ApiError, unauthenticated } from "../server/errors";
import type { Claims, Token } from "../server/json-web-token";
import { emulatedKeySet, isSignedBy } from "../server/json-web-token";
import { stateOfEach } from "../state";
import type { Organization } from "./organization";
import type { CallerRecord } from "./principals";
import { personProfile } from "./profiles";

/** Whom a token stands for, as the API spells it. */
export interface WireJwtIdentity {
  token_identity: string;
  cc_identity: string;
}

/** An issuer as it is stored. */
export interface JwtIssuerRecord {
  readonly id: string;
  readonly createdAt: number;
  issuer_url: string;
  audience: string;
  /** "" when there are none: then they are those that the issuer publishes. */
  jwks: string;
  /** "" when there is none. */
  claim: string;
  identity_map: readonly WireJwtIdentity[];
}

/** The issuers of an organization, by id. */
export const issuersOf = stateOfEach<Organization, [], Map<string, JwtIssuerRecord>>(
  () => new Map(),
);

/**
 * Who sends a request with a token.
 * @param username The e-mail address or id of the caller, for a token that stands for several.
 * @throws unauthenticated
 */
export function callerOfToken(
  token: Token,
  organization: Organization,
  username: string | undefined,
  { assumptions, clock }: EmulatorContext,
): CallerRecord {
  const issuer = issuerOf(token, organization, clock.now());
  const callers = identitiesOf(token.claims, issuer)
    .flatMap((identity) => callerOf(organization, identity) ?? [])
    .filter((caller, index, all) => all.indexOf(caller) === index);
  const chosen =
    username === undefined
      ? callers
      : callers.filter((caller) => caller === callerOf(organization, username));
  const [caller, ...others] = chosen;
  if (caller === undefined) {
    throw unauthenticated("invalid JWT: it maps to no user of the organization");
  }
  if (others.length > 0) {
    throw new ApiError(
      assumptions.severalJwtIdentities,
      "the JWT maps to several users of the organization: choose one by Cc-Username",
    );
  }
  return caller;
}

function issuerOf(token: Token, organization: Organization, now: number): JwtIssuerRecord {
  const { iss, aud, exp, nbf = 0 } = token.claims;
  const audiences = Array.isArray(aud) ? aud : [aud];
  const issuer = [...issuersOf(organization).values()].find(
    ({ issuer_url, audience }) => issuer_url === iss && audiences.includes(audience),
  );
  if (issuer === undefined) {
    throw unauthenticated("invalid JWT: the organization has no issuer of its iss and aud");
  }
  if (!isSignedBy(token, issuer.jwks || emulatedKeySet())) {
    throw unauthenticated("invalid JWT: no key of the issuer has signed it");
  }
  if (!(Number(exp) * 1000 > now && Number(nbf) * 1000 <= now)) {
    throw unauthenticated("invalid JWT: it is expired or not valid yet");
  }
  return issuer;
}

/** The identities that a token stands for: those of its claim itself, where the issuer maps none. */
function identitiesOf(claims: Claims, { claim, identity_map }: JwtIssuerRecord): string[] {
  const value = claims[claim || "sub"];
  const names = (Array.isArray(value) ? value : [value]).filter((name) => typeof name === "string");
  return identity_map.length === 0
    ? names
    : names.flatMap((name) => identity_map.flatMap((entry) => mapClaim(name, entry) ?? []));
}

function mapClaim(
  name: string,
  { token_identity, cc_identity }: WireJwtIdentity,
): string | undefined {
  if (!token_identity.startsWith("/")) {
    return token_identity === name ? cc_identity : undefined;
  }
  const match = new RegExp(token_identity.slice(1), "u").exec(name);
  return match === null ? undefined : cc_identity.replaceAll("\\1", () => match[1] ?? "");
}

/** The caller of an e-mail address or of a service account's id; a person only who may sign in. */
function callerOf(organization: Organization, identity: string): CallerRecord | undefined {
  const name = identity.toLowerCase();
  return (
    organization.serviceAccounts.get(name) ??
    [...organization.persons.values()].find(
      (person) => person.email.toLowerCase() === name && personProfile(person).attributes.active,
    )
  );
}

// JWT issuers: identity providers whose tokens the organization accepts in place of API keys. What is written is stored
// as it is; only the form of the identities is checked.

import { randomUUID } from "node:crypto";
import type { ControlledArea, ControlParts } from "../area";
import type { EmulatorContext } from "../context";
import type { JwtIssuerRecord, WireJwtIdentity } from "../organization/jwt-issuers";
import { issuersOf } from "../organization/jwt-issuers";
import type { Organization } from "../organization/organization";
import type { Handler } from "../server/call";
import { ApiError, invalidValue, permissionDenied } from "../server/errors";
import { emulatedKeySet, isKeySet, signToken } from "../server/json-web-token";
import type { Field } from "../server/protojson";
import { collection } from "./collection";

export type { WireJwtIdentity } from "../organization/jwt-issuers";

/** An issuer as the API spells it. */
export interface WireJwtIssuer {
  /** UUID. */
  id: string;
  issuer_url: string;
  audience: string;
  jwks?: string;
  claim?: string;
  identity_map: WireJwtIdentity[];
}

/** JWT issuers of all organizations outside the API. */
export interface JwtIssuerControls {
  /** All issuers. */
  list(): WireJwtIssuer[];
  /** Adds an issuer to the first organization. Returns its UUID. */
  add(issuer: Pick<WireJwtIssuer, "audience" | "issuer_url"> & Partial<WireJwtIssuer>): string;
  /** Changes an issuer. @throws when there is no such issuer. */
  edit(id: string, change: Partial<Omit<WireJwtIssuer, "id">>): void;
  /** Removes an issuer. @throws when there is no such issuer. */
  remove(id: string): void;
  /**
   * A token of the identity provider that the emulator plays: an issuer without `jwks` accepts it, and one whose `jwks`
   * is `keySet()`. It is valid for an hour of the emulator's clock.
   * @param id The issuer, whose `iss` and `aud` the token has.
   * @param claims Whom it stands for, and what it should have in place of its own claims.
   * @throws when there is no such issuer.
   */
  sign(id: string, claims: Readonly<Record<string, unknown>>): string;
  /** The public keys of `sign`, as a JSON Web Key Set. */
  keySet(): string;
}

interface JwtIssuerBody extends Partial<Omit<JwtIssuerRecord, "identity_map">> {
  identity_map?: Partial<WireJwtIdentity>[];
}

const fields: Readonly<Record<string, Field>> = {
  issuer_url: "string",
  audience: "string",
  jwks: "string",
  claim: "string",
  identity_map: {
    list: {
      message: {
        name: "cockroach.cloud.JWTIssuerIdentityMapEntry",
        fields: { token_identity: "string", cc_identity: "string" },
      },
    },
  },
};

const issuers = collection<JwtIssuerRecord, JwtIssuerBody>({
  noun: "JWT issuer",
  parameter: "id",
  listed: "jwt_issuers",
  shapes: {
    create: { name: "cockroach.cloud.AddJWTIssuerRequest", fields },
    update: { name: "cockroach.cloud.UpdateJWTIssuerRequest", fields },
  },
  itemsOf: ({ organization }) => issuersOf(organization),
  sortKey: ({ issuer_url, audience, id }) => [issuer_url, audience, id],
  toWire: (_call, issuer) => toWire(issuer),
  showsDeleted: true,

  create({ organization, context, now }, body) {
    const { issuer_url = "", audience = "", jwks = "", claim = "", identity_map = [] } = body;
    const issuer: JwtIssuerRecord = {
      id: randomUUID(),
      createdAt: now,
      issuer_url,
      audience,
      jwks,
      claim: claim === "" && context.assumptions.defaultClaim === "sub" ? "sub" : claim,
      identity_map: checkedIdentities(identity_map),
    };
    checkKeys(jwks, context);
    checkPair(issuer, organization, context);
    return issuer;
  },

  update({ organization, context }, issuer, body) {
    const { clearJwtIssuerByEmpty: clears } = context.assumptions;
    const given = Object.entries(body).filter(
      ([name, value]) => !["claim", "jwks"].includes(name) || value !== "" || clears,
    );
    const changes: JwtIssuerBody = Object.fromEntries(given);
    const { identity_map, ...texts } = changes;
    const next: JwtIssuerRecord = {
      ...issuer,
      ...texts,
      identity_map:
        identity_map === undefined ? issuer.identity_map : checkedIdentities(identity_map),
    };
    checkKeys(next.jwks, context);
    checkPair(next, organization, context);
    Object.assign(issuer, next);
  },
});

function checkKeys(jwks: string, { assumptions }: EmulatorContext): void {
  if (assumptions.checkJwks && jwks !== "" && !isKeySet(jwks)) {
    throw invalidValue("jwks must be a JSON Web Key Set");
  }
}

/** An issuer needs both texts, and the two together are its own. */
function checkPair(
  issuer: JwtIssuerRecord,
  organization: Organization,
  { assumptions }: EmulatorContext,
): void {
  const { id, issuer_url, audience } = issuer;
  if (!URL.canParse(issuer_url)) {
    throw invalidValue("issuer_url must be a URL");
  }
  if (audience === "") {
    throw invalidValue("audience is required");
  }
  const { duplicateJwtIssuer: duplicate, jwtIssuerIdentity } = assumptions;
  const isTaken = [...issuersOf(organization).values()].some(
    (other) =>
      other.id !== id &&
      other.issuer_url === issuer_url &&
      (jwtIssuerIdentity === "url" || other.audience === audience),
  );
  if (isTaken && duplicate !== "allowed") {
    throw new ApiError(
      duplicate,
      `a JWT issuer with the URL '${issuer_url}' and the audience '${audience}' already exists`,
    );
  }
}

function checkedIdentities(identities: readonly Partial<WireJwtIdentity>[]): WireJwtIdentity[] {
  return identities.map(({ token_identity = "", cc_identity = "" }) => {
    if (token_identity === "" || cc_identity === "") {
      throw invalidValue("an identity needs a token_identity and a cc_identity");
    }
    if (token_identity.startsWith("/")) {
      if (!isExpression(token_identity.slice(1))) {
        throw invalidValue(`'${token_identity}' is no regular expression`);
      }
      if (!cc_identity.includes("\\1")) {
        throw invalidValue("the cc_identity of a regular expression must contain \\1");
      }
    }
    return { token_identity, cc_identity };
  });
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

function toWire({
  createdAt: _,
  jwks,
  claim,
  identity_map,
  ...issuer
}: JwtIssuerRecord): WireJwtIssuer {
  return {
    ...issuer,
    ...(jwks !== "" && { jwks }),
    ...(claim !== "" && { claim }),
    identity_map: identity_map.map((identity) => ({ ...identity })),
  };
}

/** An operation that only organizations have for which issuers are enabled. */
function whereEnabled(handler: Handler): Handler {
  return (call) => {
    if (!call.context.assumptions.jwtIssuers) {
      throw permissionDenied();
    }
    return handler(call);
  };
}

function jwtIssuerControls({ organizations, context }: ControlParts): JwtIssuerControls {
  const owner = (id: string) => {
    for (const organization of organizations) {
      const issuer = issuersOf(organization).get(id);
      if (issuer !== undefined) {
        return { organization, issuer };
      }
    }
    throw new Error(`The emulator has no JWT issuer ${id}.`);
  };
  return {
    list: () =>
      organizations.flatMap((organization) => [...issuersOf(organization).values()].map(toWire)),
    add: (details) => {
      const id = randomUUID();
      const issuer = { jwks: "", claim: "", identity_map: [], ...details };
      for (const organization of organizations.slice(0, 1)) {
        issuersOf(organization).set(id, { ...issuer, id, createdAt: context.clock.now() });
      }
      return id;
    },
    edit: (id, change) => {
      Object.assign(owner(id).issuer, change);
    },
    remove: (id) => {
      issuersOf(owner(id).organization).delete(id);
    },
    sign: (id, claims) => {
      const { issuer_url: iss, audience: aud } = owner(id).issuer;
      const iat = Math.floor(context.clock.now() / 1000);
      return signToken({ iss, aud, iat, exp: iat + 3600, ...claims });
    },
    keySet: emulatedKeySet,
  };
}

/** JWT issuers. */
export const jwtIssuerArea: ControlledArea<JwtIssuerControls> = {
  operations: {
    AddJWTIssuer: whereEnabled(issuers.create),
    DeleteJWTIssuer: whereEnabled(issuers.delete),
    GetJWTIssuer: whereEnabled(issuers.get),
    ListJWTIssuers: whereEnabled((call) => issuers.list(call)),
    UpdateJWTIssuer: whereEnabled(issuers.update),
  },
  createControls: jwtIssuerControls,
};

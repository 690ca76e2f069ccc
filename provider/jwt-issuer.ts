/**
 * An identity provider whose tokens open the API in place of API keys.
 *
 * The API stores what it is given: an issuer is checked here as far as a preview can, above all for private keys.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UpdateJwtIssuerRequest, WireJwtIssuer } from "../sdk";
import { toDynamicProvider } from "./dynamic/dynamic-provider";
import { getterOf, instanceOf, registrationOf } from "./program/cloud-resource";
import { defineResource } from "./resource/define-resource";
import type { ResourceDefinition } from "./resource/definition";
import { updatesInPlace } from "./resource/definition";
import { warning } from "./resource/lifecycle";
import { isRefusedForOther } from "./resource/lost-create";
import { typeToken } from "./resource/resource-types";
import { nonEmptyText, textThat } from "./resource/schema";
import { omitUndefined } from "./values/omit-undefined";
import { hasUnknown } from "./values/unknown";

/** Whom a token stands for. */
export interface JwtIdentityArgs {
  /** What the claim of a token says, or a slash and a regular expression (RE2) for it: `/^(.*)@corp\.example$`. */
  tokenIdentity: pulumi.Input<string>;
  /**
   * E-mail address of a person or id of a service account. Where `tokenIdentity` is an expression it must contain `\1`,
   * in TypeScript `"\\1"`, the first group of it.
   */
  ccIdentity: pulumi.Input<string>;
}

/** Arguments of a JWT issuer. */
export interface JwtIssuerArgs {
  /** What `iss` of a token says, a URL. Updated in place. */
  issuerUrl: pulumi.Input<string>;
  /** What `aud` of a token must hold. Updated in place. */
  audience: pulumi.Input<string>;
  /**
   * The public keys of the issuer, a JSON Web Key Set as an object or as its text. Private keys are refused. Updated in
   * place; another spelling of the same JSON is no change.
   * @default none: the service gets them from the issuer
   */
  jwks?: pulumi.Input<string | { [key: string]: unknown }>;
  /**
   * The claim of a token that names the user. Updated in place.
   * @default "sub"
   */
  claim?: pulumi.Input<string>;
  /**
   * Whom tokens stand for; the first that fits counts. Updated in place.
   * @default none: the claim itself is an e-mail address or the id of a service account
   */
  identityMap?: pulumi.Input<pulumi.Input<JwtIdentityArgs>[]>;
}

/** Whom a token stands for. */
export interface JwtIdentity {
  /** What the claim of a token says, or a slash and a regular expression for it. */
  tokenIdentity: string;
  /** E-mail address of a person or id of a service account. */
  ccIdentity: string;
}

/**
 * An identity provider whose JSON Web Tokens open the API. The service enables issuers on request, for organizations with
 * Cloud Organization SSO. API operations: AddJWTIssuer, ListJWTIssuers, GetJWTIssuer, UpdateJWTIssuer, DeleteJWTIssuer.
 */
export class JwtIssuer extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeToken("JwtIssuer");

  /** What `iss` of a token says. */
  declare readonly issuerUrl: pulumi.Output<string>;
  /** What `aud` of a token must hold. */
  declare readonly audience: pulumi.Output<string>;
  /** The public keys as JSON text; empty where the service gets them from the issuer. */
  declare readonly jwks: pulumi.Output<string>;
  /** The claim that names the user. */
  declare readonly claim: pulumi.Output<string>;
  /** Whom tokens stand for. */
  declare readonly identityMap: pulumi.Output<JwtIdentity[]>;

  /**
   * @param name name of the resource
   * @param args the issuer
   * @param options `import: "<JWT issuer id>"` adopts an existing issuer and writes nothing
   */
  constructor(name: string, args: JwtIssuerArgs, options?: pulumi.CustomResourceOptions) {
    super(...registrationOf(definition, name, args, options));
  }

  /** An existing JWT issuer, which this program reads and does not manage. */
  static readonly get = getterOf(JwtIssuer);
  /** Whether `value` is a JWT issuer of this package, also of another copy of it. */
  static override readonly isInstance = instanceOf<JwtIssuer>("JwtIssuer");
}

/** Members of a JSON Web Key that only its owner may have. */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];

function keysIn(value: unknown): unknown[] | undefined {
  const keys: unknown = Object(parseJwks(value)).keys;
  return Array.isArray(keys) ? keys : undefined;
}

function hasPrivateKey(value: unknown): boolean {
  return keysIn(value)?.some((key) => privateMembers.some((name) => name in Object(key))) ?? false;
}

const identity = z
  .strictObject({ tokenIdentity: nonEmptyText, ccIdentity: nonEmptyText })
  .check((context) => {
    const { tokenIdentity, ccIdentity } = context.value;
    const problem = (path: string, message: string) =>
      context.issues.push({ code: "custom", path: [path], message, input: context.value });
    const isExpression = tokenIdentity.startsWith("/");
    if (isExpression && !ccIdentity.includes("\\1")) {
      problem(
        "ccIdentity",
        'must contain \\1 (in TypeScript "\\\\1"), because tokenIdentity is an expression.',
      );
    }
    if (!isExpression && ccIdentity.includes("\\1")) {
      problem(
        "tokenIdentity",
        "must be an expression, which begins with a slash, because ccIdentity contains \\1.",
      );
    }
    if (isExpression && /\(\?(?:[=!]|<[=!])|\\[1-9]/.test(tokenIdentity)) {
      problem(
        "tokenIdentity",
        "must be an expression of RE2, which has neither look-around nor back references.",
      );
    }
    if (isExpression && ccIdentity.includes("\\1") && !/\((?!\?)/.test(tokenIdentity)) {
      problem(
        "tokenIdentity",
        "must have a group in parentheses, because ccIdentity contains \\1.",
      );
    }
  });

const inputs = z.strictObject({
  issuerUrl: textThat((value) =>
    URL.canParse(value) ? undefined : "must be a URL, such as https://idp.example.com.",
  ),
  audience: nonEmptyText,
  jwks: z
    .union([z.string(), z.record(z.string(), z.unknown())], {
      error: "must be a JSON Web Key Set, as an object or as its text.",
    })
    .refine((value) => !hasPrivateKey(value), {
      error: `must have public keys only: it has a member that is private (${privateMembers.join(", ")}). Whoever has it can make tokens: replace the key.`,
    })
    .optional(),
  claim: z.string().optional(),
  identityMap: z.array(identity).optional(),
});

type Inputs = z.output<typeof inputs>;

interface State {
  issuerUrl: string;
  audience: string;
  jwks: string;
  claim: string;
  identityMap: JwtIdentity[];
}

const definition: ResourceDefinition<Inputs, State, WireJwtIssuer> = {
  type: "JwtIssuer",
  noun: "JWT issuer",
  inputs,
  arguments: {
    issuerUrl: updatesInPlace,
    audience: updatesInPlace,
    jwks: {
      onChange: "update",
      isManagedWhenAbsent: true,
      unset: "",
      canonical: (jwks) => parseJwks(jwks ?? ""),
      returned: textOf,
    },
    claim: {
      onChange: "update",
      isManagedWhenAbsent: true,
      unset: defaultClaim(),
      canonical: (claim) => claim || defaultClaim(),
    },
    identityMap: {
      onChange: "update",
      isManagedWhenAbsent: true,
      unset: [],
      canonical: (identities) => identities ?? [],
    },
  },

  idFormat: "<JWT issuer id>",
  idOf: (_inputs, remote) => remote?.id,
  describe: ({ id, issuerUrl }) =>
    issuerUrl === undefined ? `JWT issuer ${id}` : `JWT issuer "${issuerUrl}"`,
  loss: "and its tokens are refused",
  claims: ({ issuerUrl, audience }) => [{ issuerUrl, audience }],

  // The service stores any text, and refuses the tokens that it cannot check then.
  check: (olds, { jwks }, failures) => ({
    failures,
    notes:
      jwks === undefined ||
      jwks === "" ||
      hasUnknown(jwks) ||
      olds.jwks === jwks ||
      keysIn(jwks) !== undefined
        ? []
        : [
            warning(
              'jwks is no JSON Web Key Set, which is JSON with a list of keys, such as {"keys": [...]}: the service stores it, and can check no token with it.',
            ),
          ],
  }),
  impact({ updates }, { issuerUrl }) {
    return updates.length === 0
      ? []
      : [
          {
            severity: "info",
            message: `Tokens of JWT issuer "${issuerUrl}" that only its present settings accept are refused from then on.`,
          },
        ];
  },

  sample: () => ({ jwks: "", claim: defaultClaim(), identityMap: [] }),
  toState: toJwtIssuer,
  collection: {
    describe: () => "JWT issuers",
    list: (_place, { cloud, options }) => cloud.jwtIssuers.list({}, options),
    keyOf: ({ id }) => id,
    keyIn: ({ id }) => id,
    nameOf: ({ issuer_url }) => issuer_url.replace(/^https?:\/\//, ""),
    matches: (remote, { issuerUrl, audience }) =>
      remote.issuer_url === issuerUrl && remote.audience === audience,
    get: ({ id = "" }, { cloud, options }) => cloud.jwtIssuers.get(id, options),
  },

  create: (issuer, { cloud, options }) =>
    cloud.jwtIssuers.create(
      { ...requestOf(issuer), issuer_url: issuer.issuerUrl, audience: issuer.audience },
      options,
    ),
  lostCreate: {
    isOurs: (remote, issuer) => {
      const { id: _, ...settings } = remote;
      const wanted = { jwks: "", claim: "", identity_map: [], ...requestOf(issuer) };
      return isDeepStrictEqual(
        { ...settings, claim: settings.claim || defaultClaim() },
        {
          ...wanted,
          issuer_url: issuer.issuerUrl,
          audience: issuer.audience,
          claim: wanted.claim || defaultClaim(),
        },
      );
    },
  },
  isRefusedAsExisting: isRefusedForOther,
  existsAdvice: "choose another URL or audience",

  async update({ id }, issuer, { cloud, options }, changed) {
    const all = { jwks: "", claim: "", identity_map: [], ...requestOf(issuer) };
    const values: UpdateJwtIssuerRequest = {
      ...(changed.includes("issuerUrl") ? { issuer_url: issuer.issuerUrl } : {}),
      ...(changed.includes("audience") ? { audience: issuer.audience } : {}),
      ...(changed.includes("jwks") ? { jwks: all.jwks } : {}),
      ...(changed.includes("claim") ? { claim: all.claim } : {}),
      ...(changed.includes("identityMap") ? { identity_map: all.identity_map } : {}),
    };
    const after = await cloud.jwtIssuers.update(id, values, options);
    const kept = [
      ...(values.jwks === "" && after.jwks !== "" ? ["jwks"] : []),
      ...(values.claim === "" && (after.claim || defaultClaim()) !== defaultClaim()
        ? ["claim"]
        : []),
    ];
    if (kept.length > 0) {
      throw new Error(
        `Updating JWT issuer "${issuer.issuerUrl}" failed: the service keeps ${kept.join(" and ")}, which the program leaves out. Run \`pulumi up --replace\` with the URN of this resource, which creates an issuer without it.`,
      );
    }
    return after;
  },
  isUpdateReadable: true,
  updateConflictAdvice: "Choose another URL or audience, or delete the issuer that has both first.",

  delete: ({ id }, { cloud, options }) => cloud.jwtIssuers.delete(id, options),
};

/** @internal */
export const { lifecycle } = defineResource(definition);
/** Loaded by the source in state. @internal */
export const provider = toDynamicProvider(lifecycle);

/** An issuer as a program reads it. @internal */
export function toJwtIssuer(remote: WireJwtIssuer): State {
  const { issuer_url, audience, jwks, claim, identity_map } = remote;
  return {
    issuerUrl: issuer_url,
    audience,
    jwks,
    claim: claim || defaultClaim(),
    identityMap: identity_map.map(({ token_identity, cc_identity }) => ({
      tokenIdentity: token_identity,
      ccIdentity: cc_identity,
    })),
  };
}

/** What a token is read by where the issuer does not say. */
function defaultClaim(): string {
  return "sub";
}

/** Keys as JSON, of whatever spelling; a text that is none as it is. */
function parseJwks(jwks: unknown): unknown {
  if (typeof jwks !== "string") return jwks;
  try {
    return JSON.parse(jwks);
  } catch {
    return jwks;
  }
}

/** Keys as the service keeps them. */
function textOf(jwks: unknown): string {
  return typeof jwks === "string" ? jwks : JSON.stringify(jwks);
}

/** What the program says of an issuer, beside the URL and the audience. */
function requestOf({ jwks, claim, identityMap }: Inputs) {
  return {
    ...(jwks === undefined ? {} : { jwks: textOf(jwks) }),
    ...omitUndefined({ claim }),
    ...(identityMap === undefined
      ? {}
      : {
          identity_map: identityMap.map(({ tokenIdentity, ccIdentity }) => ({
            token_identity: tokenIdentity,
            cc_identity: ccIdentity,
          })),
        }),
  };
}

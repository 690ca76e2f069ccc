import type { ResourceCases } from "../resource-cases";

const identity = { tokenIdentity: "/^(.*)@corp$", ccIdentity: "\\1@example.com" };

export const cases: ResourceCases = {
  minimal: { issuerUrl: "https://idp.example.com", audience: "ci" },
  full: [
    {
      issuerUrl: "https://idp.example.com",
      audience: "ci",
      jwks: '{"keys":[]}',
      claim: "email",
      identityMap: [identity],
    },
  ],
  arguments: {
    issuerUrl: {
      to: "https://new.example.com",
      onChange: "update",
      drift: ({ emulator, id }) =>
        emulator.jwtIssuers.edit(id, { issuer_url: "https://other.example.com" }),
      wrong: [["idp", "must be a URL, such as https://idp.example.com."]],
    },
    audience: {
      to: "cd",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.jwtIssuers.edit(id, { audience: "cx" }),
      wrong: [["", "must not be empty."]],
    },
    jwks: {
      to: '{"keys":[{"kty":"RSA","e":"AQAB","n":"abc"}]}',
      onChange: "update",
      drift: ({ emulator, id }) => emulator.jwtIssuers.edit(id, { jwks: "{}" }),
      wrong: [[1, "must be a JSON Web Key Set, as an object or as its text."]],
    },
    claim: {
      to: "sub",
      onChange: "update",
      drift: ({ emulator, id }) => emulator.jwtIssuers.edit(id, { claim: "name" }),
      wrong: [[1, "must be a string, not 1."]],
    },
    identityMap: {
      to: [],
      onChange: "update",
      drift: ({ emulator, id }) =>
        emulator.jwtIssuers.edit(id, {
          identity_map: [{ token_identity: "ada", cc_identity: "ada@example.com" }],
        }),
      wrong: [
        [
          [{ tokenIdentity: "/^.*$", ccIdentity: "ada@example.com" }],
          'must contain \\1 (in TypeScript "\\\\1"), because tokenIdentity is an expression. It is the string "ada@example.com".',
          "identityMap[0].ccIdentity",
        ],
      ],
    },
  },
  managedWhenAbsent: ["jwks", "claim", "identityMap"],

  missingId: () => "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d14",

  operations: {
    create: "AddJWTIssuer",
    read: "ListJWTIssuers",
    update: "UpdateJWTIssuer",
    delete: "DeleteJWTIssuer",
  },
  createBody: () => ({
    issuer_url: "https://idp.example.com",
    audience: "ci",
    jwks: '{"keys":[]}',
    claim: "email",
    identity_map: [{ token_identity: "/^(.*)@corp$", cc_identity: "\\1@example.com" }],
  }),

  exists: ({ emulator, id }) => emulator.jwtIssuers.list().some((issuer) => issuer.id === id),
  remove: ({ emulator, id }) => emulator.jwtIssuers.remove(id),

  lostCreate: { outcome: "found" },
  existing: { outcome: "refused" },
};

import type { WireJwtIssuer } from "../../../sdk";
import type { jwtIssuerListSchema, jwtIssuerSchema } from "../../../sdk/resources/jwt-issuers";
import { all } from "../client-under-test";
import type { Lists, OperationArea, Reads } from "../operation";

const identity = { token_identity: "/^(.*)@corp\\.example$", cc_identity: "\\1@example.com" };
const request = {
  issuer_url: "https://idp.example.com",
  audience: "ci",
  jwks: '{"keys":[]}',
  claim: "email",
  identity_map: [identity],
};
const wireIssuer = { id: "j/1", ...request };

export const area: OperationArea = {
  wireTypes: [
    true satisfies Reads<typeof jwtIssuerSchema, WireJwtIssuer>,
    true satisfies Lists<typeof jwtIssuerListSchema, "jwt_issuers", WireJwtIssuer>,
  ],

  operations: [
    {
      name: "jwtIssuers.list",
      operation: "Listing JWT issuers",
      object: "JWT issuers",
      call: ({ jwtIssuers }) => all(jwtIssuers.list()),
      method: "GET",
      template: "/api/v1/jwt-issuers",
      url: "/api/v1/jwt-issuers?pagination.limit=500",
      response: { jwt_issuers: [wireIssuer], pagination: null },
      result: [wireIssuer],
    },
    {
      name: "jwtIssuers.create",
      operation: 'Creating JWT issuer "https://idp.example.com"',
      object: 'JWT issuer "https://idp.example.com"',
      call: ({ jwtIssuers }) => jwtIssuers.create(request),
      method: "POST",
      template: "/api/v1/jwt-issuers",
      url: "/api/v1/jwt-issuers",
      body: request,
      response: wireIssuer,
      result: wireIssuer,
    },
    {
      name: "jwtIssuers.get",
      operation: "Reading JWT issuer j/1",
      object: "JWT issuer j/1",
      call: ({ jwtIssuers }) => jwtIssuers.get("j/1"),
      method: "GET",
      template: "/api/v1/jwt-issuers/{id}",
      url: "/api/v1/jwt-issuers/j%2F1",
      response: { id: "j/1", issuer_url: "https://idp.example.com", audience: "ci" },
      result: {
        id: "j/1",
        issuer_url: "https://idp.example.com",
        audience: "ci",
        jwks: "",
        claim: "",
        identity_map: [],
      },
    },
    {
      name: "jwtIssuers.update",
      operation: "Updating JWT issuer j/1",
      object: "JWT issuer j/1",
      call: ({ jwtIssuers }) => jwtIssuers.update("j/1", { claim: "" }),
      method: "PATCH",
      template: "/api/v1/jwt-issuers/{id}",
      url: "/api/v1/jwt-issuers/j%2F1",
      body: { claim: "" },
      response: wireIssuer,
      result: wireIssuer,
    },
    {
      name: "jwtIssuers.delete",
      operation: "Deleting JWT issuer j/1",
      object: "JWT issuer j/1",
      call: ({ jwtIssuers }) => jwtIssuers.delete("j/1"),
      method: "DELETE",
      template: "/api/v1/jwt-issuers/{id}",
      url: "/api/v1/jwt-issuers/j%2F1",
      response: wireIssuer,
      result: undefined,
    },
  ],

  async callEach({ client: { jwtIssuers } }) {
    const { id } = await jwtIssuers.create(request);
    await all(jwtIssuers.list());
    await jwtIssuers.get(id);
    await jwtIssuers.update(id, { claim: "", identity_map: [] });
    await jwtIssuers.delete(id);
  },
};

import { strict as assert } from "node:assert";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { EmulatorOptions } from "../../../emulator";
import { checkEmulators } from "../../support/emulator";
import { assertRefused, bodyOf, callerOf, startQuick } from "../caller";

const issuer_url = "https://idp.example.com";
const audience = "ci";

describe("A JWT in place of an API key", () => {
  checkEmulators();

  const vanity = { "cc-vanity-name": "acme" };

  async function start(options: EmulatorOptions = {}) {
    const ada = { email: "ada@example.com", roles: [{ role: "ORG_ADMIN" as const }] };
    const member = { email: "member@example.com" };
    const { emulator, api } = await startQuick({
      organizations: [{ vanityName: "acme", persons: [ada, member] }, { vanityName: "other" }],
      ...options,
    });
    const account = emulator.serviceAccounts.list()[0]?.id ?? "";
    const send = (
      token: string,
      headers: Record<string, string> = vanity,
      path = "/service-accounts",
    ) => callerOf(emulator, token).send("GET", path, undefined, headers);
    const issuer = emulator.jwtIssuers.add({ issuer_url, audience });
    return {
      emulator,
      api,
      account,
      issuer,
      send,
      sign: (claims: object) => emulator.jwtIssuers.sign(issuer, { ...claims }),
    };
  }

  it("acts as the service account of its subject, under the rate limit of the account", async () => {
    const { emulator, api, account, send, sign } = await start({ rateLimit: 2 });
    bodyOf(await send(sign({ sub: account })));
    assert.equal(emulator.requests.at(-1)?.key, "JWT of key-1");
    bodyOf(await api.get("/service-accounts"));
    assertRefused(await send(sign({ sub: account })), 429, 8);
  });

  it("acts as a person with the person's roles", async () => {
    const { emulator, send, sign } = await start();
    bodyOf(await send(sign({ sub: "Ada@example.com" })));
    assertRefused(await send(sign({ sub: "member@example.com" })), 403, 7);
    const log = JSON.stringify(emulator.requests);
    assert.doesNotMatch(log, /eyJ/, "no token is logged");
  });

  for (const [name, type, options, digest, alg] of [
    ["RSA", "rsa", { modulusLength: 2048 }, "sha256", "RS256"],
    ["elliptic curves", "ec", { namedCurve: "P-384" }, "sha384", "ES384"],
    ["Ed25519", "ed25519", {}, null, "EdDSA"],
  ] as const) {
    it(`is verified by the issuer's own keys with ${name}`, async () => {
      const { emulator, issuer, account, send, sign: signAsEmulator } = await start();
      const { publicKey, privateKey } = generateKeyPairSync(
        type as "rsa",
        options as { modulusLength: number },
      );
      const jwks = JSON.stringify({
        keys: [{ kty: "unknown" }, { ...publicKey.export({ format: "jwk" }), kid: "mine" }],
      });
      emulator.jwtIssuers.edit(issuer, { jwks });
      const exp = emulator.clock.now() / 1000 + 60;
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
      const tokenWith = (header: object) => {
        const claims = { iss: issuer_url, aud: ["x", audience], exp, sub: account };
        const content = `${encode(header)}.${encode(claims)}`;
        const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
        return `${content}.${sign(digest, Buffer.from(content), key).toString("base64url")}`;
      };
      bodyOf(await send(tokenWith({ alg, kid: "mine" })));
      bodyOf(await send(tokenWith({ alg })));
      assertRefused(await send(tokenWith({ alg, kid: "another" })), 401, 16, /no key/);
      assertRefused(await send(tokenWith({ alg: "toString" })), 401, 16, /no key/);
      assertRefused(await send(signAsEmulator({ sub: account })), 401, 16, /no key/);
      emulator.jwtIssuers.edit(issuer, { jwks: emulator.jwtIssuers.keySet() });
      bodyOf(await send(signAsEmulator({ sub: account })));
    });
  }

  it("is refused when the caller has made it", async () => {
    const { emulator, account, send, sign: signAsEmulator } = await start();
    const [, claims = "", signature = ""] = signAsEmulator({ sub: account }).split(".");
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg })).toString("base64url");
    const unsigned = `${head("none")}.${claims}.`;
    const content = `${head("HS256")}.${claims}`;
    const secret = emulator.jwtIssuers.keySet();
    const symmetric = `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
    const other = Buffer.from(JSON.stringify({ sub: "ada@example.com" })).toString("base64url");
    for (const token of [unsigned, symmetric, `${head("ES256")}.${other}.${signature}`]) {
      assertRefused(await send(token), 401, 16, /invalid JWT/);
    }
    for (const text of ["a.b.c", "bnVsbA.e30.e30", `${content}.x.y`]) {
      assertRefused(await send(text), 401, 16, "invalid API key");
    }
  });

  for (const [what, claims] of [
    ["another issuer", { iss: "https://other.example.com" }],
    ["another audience", { aud: "production" }],
    ["an expiry in the past", { exp: 1 }],
    ["no expiry", { exp: undefined }],
    ["a beginning in the future", { nbf: 9_999_999_999 }],
    ["a subject that nobody is", { sub: "stranger@example.com" }],
    ["no subject", { sub: undefined }],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { account, send, sign: signToken } = await start();
      assertRefused(await send(signToken({ sub: account, ...claims })), 401, 16, /invalid JWT/);
    });
  }

  it("needs the vanity name of the organization whose issuer it is from", async () => {
    const { account, send, sign: signToken } = await start();
    const token = signToken({ sub: account });
    assertRefused(await send(token, {}), 401, 16, /Cc-Vanity-Name/);
    assertRefused(await send(token, { "cc-vanity-name": "other" }), 401, 16, /no issuer/);
    assertRefused(await send(token, { "cc-vanity-name": "nobody" }), 401, 16, /'nobody'/);
  });

  it("expires after an hour, and ends with its issuer", async () => {
    const { emulator, issuer, account, send, sign: signToken } = await start();
    const token = signToken({ sub: account });
    await emulator.clock.advance(3_599_000);
    bodyOf(await send(token));
    await emulator.clock.advance(1000);
    assertRefused(await send(token), 401, 16, /expired/);
    const fresh = signToken({ sub: account });
    emulator.jwtIssuers.remove(issuer);
    assertRefused(await send(fresh), 401, 16, /no issuer/);
  });

  it("is mapped by the claim and the identity map of the issuer", async () => {
    const { emulator, issuer, account, send, sign: signToken } = await start();
    emulator.jwtIssuers.edit(issuer, {
      claim: "team",
      identity_map: [
        { token_identity: "deploy", cc_identity: account },
        { token_identity: "/^sso_(.*)$", cc_identity: "\\1@example.com" },
      ],
    });
    bodyOf(await send(signToken({ team: "deploy" })));
    bodyOf(await send(signToken({ team: ["unknown", "sso_ada"] })));
    assert.equal(emulator.requests.at(-1)?.key, "JWT of ada@example.com");
    assertRefused(await send(signToken({ team: account })), 401, 16, /maps to no user/);
    assertRefused(await send(signToken({ sub: "deploy" })), 401, 16, /maps to no user/);
  });

  it("of several identities needs the user name", async () => {
    const { emulator, issuer, account, send, sign: signToken } = await start();
    const identity_map = [account, "ada@example.com", "ada@example.com"].map((cc_identity) => ({
      token_identity: "both",
      cc_identity,
    }));
    emulator.jwtIssuers.edit(issuer, { identity_map });
    const token = signToken({ sub: "both" });
    assertRefused(await send(token), 401, 16, /Cc-Username/);
    for (const [username, key] of [
      ["ada@example.com", "JWT of ada@example.com"],
      [account, "JWT of key-1"],
    ] as const) {
      bodyOf(await send(token, { ...vanity, "cc-username": username }));
      assert.equal(emulator.requests.at(-1)?.key, key);
    }
    const member = { ...vanity, "cc-username": "member@example.com" };
    assertRefused(await send(token, member), 401, 16, /maps to no user/);
  });

  it("of several identities is an invalid argument where the assumption says so", async () => {
    const severalJwtIdentities = { status: 400, code: 3 };
    const {
      account,
      send,
      sign: signToken,
    } = await start({ assumptions: { severalJwtIdentities } });
    assertRefused(await send(signToken({ sub: [account, "ada@example.com"] })), 400, 3);
  });

  it("of a person opens nothing while the person is inactive", async () => {
    const { emulator, api, send, sign: signToken } = await start();
    const id = emulator.persons.list().find(({ email }) => email === "ada@example.com")?.id ?? "";
    const token = signToken({ sub: "ada@example.com" });
    const setActive = (active: boolean) => emulator.scimUsers.edit(id, { active });
    setActive(false);
    assertRefused(await send(token), 401, 16, /maps to no user/);
    const { user } = bodyOf(await api.get("/users/persons-by-email?email=ada@example.com"));
    assert.equal(user.id, id);
    setActive(true);
    bodyOf(await send(token));
  });

  it("opens nothing in an organization that has no issuers", async () => {
    const { account, send, sign: signToken } = await start({ assumptions: { jwtIssuers: false } });
    assertRefused(await send(signToken({ sub: account })), 401, 16, "invalid API key");
  });
});

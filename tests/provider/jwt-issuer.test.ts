import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { lifecycle } from "../../provider/jwt-issuer";
import { failuresOf, putForeign } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import type { Program } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import { bodies, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";

const minimal = { issuerUrl: "https://idp.example.com", audience: "ci" };
const keys = { keys: [{ kty: "RSA", e: "AQAB", n: "abc" }] };

describe("JwtIssuer", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const lab = await startLab(options);
    const shop = lab.stack();
    const program = (args: object = {}): Program => ({
      idp: new Declaration(kinds.JwtIssuer, { ...minimal, ...args }),
    });
    return { ...lab, shop, program };
  }

  it("names the import of an issuer that has the URL and audience, also where the API refuses with 400", async () => {
    for (const status of [400, 409]) {
      const { emulator, shop, program } = await start({
        assumptions: { duplicateJwtIssuer: { status, code: status === 400 ? 3 : 6 } },
      });
      const id = emulator.jwtIssuers.add({ issuer_url: minimal.issuerUrl, audience: "ci" });
      const refused = failureOf(await shop.up(program()));
      assert.ok(refused.includes(`{import: "${id}"}`), refused);
    }
  });

  it("sends one request for each change, with what has changed alone", async () => {
    const { emulator, shop, program } = await start();
    assertDone(await shop.up(program()));
    assert.deepEqual(visible(shop.resource("idp").outputs), {
      ...minimal,
      jwks: "",
      claim: "sub",
      identityMap: [],
    });
    const identityMap = [{ tokenIdentity: "/^(.*)@a$", ccIdentity: "\\1@b" }];
    const change = { audience: "cd", jwks: keys, claim: "email", identityMap };
    const changed = assertDone(await shop.up(program(change)));
    assert.deepEqual(bodies(changed.requests, "UpdateJWTIssuer"), [
      {
        audience: "cd",
        jwks: JSON.stringify(keys),
        claim: "email",
        identity_map: [{ token_identity: "/^(.*)@a$", cc_identity: "\\1@b" }],
      },
    ]);
    const cleared = assertDone(await shop.up(program({ audience: "cd" })));
    assert.deepEqual(bodies(cleared.requests, "UpdateJWTIssuer"), [
      { jwks: "", claim: "", identity_map: [] },
    ]);
    assert.deepEqual((await shop.refresh()).differences, {});
    assertDone(await shop.destroy());
    assert.deepEqual(emulator.jwtIssuers.list(), []);
  });

  it("compares keys as JSON, and the claim with its default", async () => {
    const { shop, program } = await start();
    assertDone(await shop.up(program({ jwks: JSON.stringify(keys) })));
    const spelled = { jwks: JSON.stringify(keys, null, 2), claim: "sub", identityMap: [] };
    assert.deepEqual((await shop.up(program(spelled))).steps.slice(0, 1), ["same idp"]);
  });

  it("fails when the service keeps what the program leaves out", async () => {
    const { shop, program } = await start({ assumptions: { clearJwtIssuerByEmpty: false } });
    assertDone(await shop.up(program({ claim: "email" })));
    assert.match(failureOf(await shop.up(program())), /the service keeps claim/);
  });

  describe("when the response to its creation is lost", () => {
    it("is found by its URL and audience", async () => {
      const { emulator, shop, program } = await start();
      emulator.faults.add("AddJWTIssuer", { reset: "after-effect" });
      assertDone(await shop.up(program({ claim: "email", jwks: keys })));
      assert.equal(emulator.jwtIssuers.list().length, 1);
    });

    it("is not confused with another one that was there, whose import the failure offers", async () => {
      const { emulator, shop, program } = await start();
      const id = emulator.jwtIssuers.add({
        issuer_url: minimal.issuerUrl,
        audience: "ci",
        claim: "x",
      });
      emulator.faults.add("AddJWTIssuer", { reset: "before-effect" });
      const failure = failureOf(await shop.up(program()));
      assert.ok(failure.includes(`{import: "${id}"}`), failure);
    });
  });

  it("refuses one that exists with the import that adopts it, which writes nothing", async () => {
    const { emulator, shop, program } = await start();
    const id = emulator.jwtIssuers.add({ issuer_url: minimal.issuerUrl, audience: "ci" });
    const failure = failureOf(await shop.up(program()));
    assert.ok(failure.includes(`{import: "${id}"}`), failure);
    const adopted = await shop.up(program(), { options: { idp: { import: id } } });
    assertDone(adopted);
    assert.deepEqual(writes(adopted.requests), []);
  });

  it("adopts state of the bridged provider without a write", async () => {
    const { emulator, shop, program } = await start();
    const id = emulator.jwtIssuers.add({ issuer_url: minimal.issuerUrl, audience: "ci" });
    putForeign(shop, "idp", { id, outputs: { ...minimal, jwks: "", claim: "" } });
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(writes(run.requests), []);
  });

  it("reports drift, and one that was deleted", async () => {
    const { emulator, shop, program } = await start();
    assertDone(await shop.up(program({ claim: "sub" })));
    const { id } = shop.resource("idp");
    emulator.jwtIssuers.edit(id, { claim: "email" });
    assert.deepEqual((await shop.refresh()).differences, { idp: ["claim"] });
    emulator.jwtIssuers.remove(id);
    assertDone(await shop.refresh());
    assert.equal(shop.resources.size, 0);
  });

  it("names what an organization without issuers lacks", async () => {
    const { shop, program } = await start({ assumptions: { jwtIssuers: false } });
    assert.match(failureOf(await shop.up(program())), /Cloud Organization SSO/);
  });

  describe("check", () => {
    it("warns of new keys that are no key set, which the service stores all the same", () => {
      const warningsOf = (jwks: unknown, olds: object = {}) =>
        lifecycle.check(olds, { ...minimal, jwks }).notes.map(({ severity }) => severity);
      for (const wrong of ["{", "{}", '{"keys": 1}', { kid: "a" }]) {
        assert.deepEqual(warningsOf(wrong), ["warning"]);
      }
      for (const right of [
        "",
        JSON.stringify(keys),
        keys,
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      ]) {
        assert.deepEqual(warningsOf(right), []);
      }
      assert.deepEqual(warningsOf("{}", { ...minimal, jwks: "{}" }), []);
    });

    const identity = (tokenIdentity: string, ccIdentity: string) => ({
      identityMap: [{ tokenIdentity, ccIdentity }],
    });
    const rows: [string, object, RegExp | undefined][] = [
      ["an expression with a group", identity("/^(.*)$", "\\1"), undefined],
      ["keys that are no JSON", { jwks: "{updated: 1}" }, undefined],
      ["a URL that is none", { issuerUrl: "idp" }, /^issuerUrl: must be a URL/],
      [
        "a private key",
        { jwks: { keys: [{ ...keys.keys[0], d: "secret" }] } },
        /^jwks: must have public keys only/,
      ],
      [
        "a private key in a text",
        { jwks: JSON.stringify({ keys: [{ kty: "oct", k: "secret" }] }) },
        /^jwks: must have public keys only/,
      ],
      ["an expression without \\1", identity("/^(.*)$", "ada"), /ccIdentity: must contain \\1/],
      ["\\1 without an expression", identity("ada", "\\1"), /tokenIdentity: must be an expression/],
      ["look-around", identity("/^(?=a)(.*)$", "\\1"), /neither look-around nor back references/],
      ["an expression without a group", identity("/^.*$", "\\1"), /must have a group/],
    ];
    for (const [title, change, expected] of rows) {
      it(`reports of ${title}: ${expected === undefined ? "nothing" : "what is wrong"}`, () => {
        const failures = failuresOf(lifecycle, { ...minimal, ...change });
        if (expected === undefined) assert.deepEqual(failures, []);
        else assert.match(String(failures[0]), expected);
        assert.equal(failures.join().includes("secret"), false);
      });
    }
  });
});

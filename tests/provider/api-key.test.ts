import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { lifecycle } from "../../provider/api-key";
import { failuresOf, putForeign } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import type { Program } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";

const secretForm = /^CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}$/;

describe("ApiKey", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const lab = await startLab(options);
    const { emulator } = lab;
    const account = emulator.serviceAccounts.add("ci", { roles: [{ role: "CLUSTER_ADMIN" }] });
    const shop = lab.stack();
    const program = (args: object = {}): Program => ({
      key: new Declaration(kinds.ApiKey, { serviceAccountId: account, name: "ci", ...args }),
    });
    const keys = () =>
      emulator.apiKeys.list().filter(({ service_account_id }) => service_account_id === account);
    const opens = async (secret: unknown) => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await fetch(`${emulator.url}/api/v1/organization`, { headers })).status === 200;
    };
    const secretOf = () => visible(shop.resource("key").outputs)["secret"];
    return { ...lab, account, shop, program, keys, opens, secretOf };
  }

  it("is created under a name with the creation mark, which is removed when the secret is known", async () => {
    const { shop, program, keys, opens, secretOf } = await start();
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(writes(run.requests), ["CreateApiKey", "UpdateApiKey"]);
    const [created] = bodies(run.requests, "CreateApiKey") as { name: string }[];
    assert.equal(created?.name, `ci (pulumi-creating ${shop.mark("key")})`);
    assert.deepEqual(
      keys().map(({ id, name }) => [id, name]),
      [[shop.resource("key").id, "ci"]],
    );
    assert.match(String(secretOf()), secretForm);
    assert.ok(await opens(secretOf()));
    assert.deepEqual((await shop.up(program())).steps, ["same key"]);
    assert.deepEqual((await shop.refresh()).differences, {});
    assert.ok(await opens(secretOf()), "a refresh keeps the secret");
  });

  it("keeps its secret when it is renamed, by one request", async () => {
    const { shop, program, keys, secretOf } = await start();
    assertDone(await shop.up(program()));
    const secret = secretOf();
    const run = assertDone(await shop.up(program({ name: "cd" })));
    assert.deepEqual(writes(run.requests), ["UpdateApiKey"]);
    assert.equal(secretOf(), secret);
    assert.equal(keys()[0]?.name, "cd");
  });

  it("is rotated by keepers without a gap: the new key is created before the old one is deleted", async () => {
    const { shop, program, keys, opens, secretOf } = await start();
    assertDone(await shop.up(program({ keepers: { month: "6" } })));
    const old = { id: shop.resource("key").id, secret: secretOf() };
    const preview = await shop.preview(program({ keepers: { month: "7" } }));
    assert.match(
      String(preview.notes[0]?.text),
      /API key "ci" .* is deleted after another one was created/,
    );
    const run = assertDone(await shop.up(program({ keepers: { month: "7" } })));
    assert.deepEqual(writes(run.requests), ["CreateApiKey", "UpdateApiKey", "DeleteApiKey"]);
    assert.notEqual(shop.resource("key").id, old.id);
    assert.deepEqual(
      keys().map(({ id }) => id),
      [shop.resource("key").id],
    );
    assert.equal(await opens(old.secret), false);
    assert.ok(await opens(secretOf()));
  });

  describe("when the response to its creation is lost", () => {
    for (const [what, fault] of [
      ["after the effect", { reset: "after-effect" }],
      ["before the effect", { reset: "before-effect" }],
      ["in the middle", { cutBody: true }],
      ["by a 500 after the effect", { status: 500, effect: "after" }],
    ] as const) {
      it(`${what}, leaves no key whose secret nobody knows`, async () => {
        const { emulator, shop, program, keys, opens, secretOf } = await start();
        emulator.faults.add("CreateApiKey", fault);
        assertDone(await shop.up(program()));
        assert.deepEqual(
          keys().map(({ id, name }) => [id, name]),
          [[shop.resource("key").id, "ci"]],
        );
        assert.ok(await opens(secretOf()));
      });
    }

    it("again and again, fails and leaves nothing", async () => {
      const { emulator, shop, program, keys } = await start();
      emulator.faults.add("CreateApiKey", { reset: "after-effect", times: 3 });
      failureOf(await shop.up(program()));
      assert.deepEqual(keys(), []);
      assertDone(await shop.up(program()));
      assert.equal(keys().length, 1);
    });

    it("with the way to the API, is cleaned up by the next update", async () => {
      const { emulator, shop, program, keys } = await start();
      emulator.faults.add("CreateApiKey", { reset: "after-effect" });
      emulator.faults.add("ListApiKeys", { status: 400, nth: 2, times: 100 });
      const failure = failureOf(await shop.up(program()));
      emulator.faults.clear();
      assert.match(failure, /may exist, whose secret nobody has: the next update deletes it/);
      assert.equal(keys().length, 1);
      assertDone(await shop.up(program()));
      assert.deepEqual(
        keys().map(({ id }) => id),
        [shop.resource("key").id],
      );
    });
  });

  for (const request of [1, 2, 4]) {
    it(`leaves no second key when the run is killed at request ${request}`, async () => {
      const { shop, program, keys, opens, secretOf } = await start();
      await shop.up(program(), { killAtRequest: request });
      assertDone(await shop.up(program()));
      assert.deepEqual(
        keys().map(({ id, name }) => [id, name]),
        [[shop.resource("key").id, "ci"]],
      );
      assert.ok(await opens(secretOf()));
    });
  }

  it("is reported when the run was killed after the removal of the mark, before the state had it", async () => {
    const { shop, program, keys } = await start();
    await shop.up(program(), { killAtRequest: 3 });
    const [left] = keys();
    assert.equal(left?.name, "ci");
    const run = assertDone(await shop.up(program()));
    const warning = String(run.notes[0]?.text);
    assert.match(warning, /API key "ci" .* there was one of this name already/);
    assert.ok(warning.includes(String(left?.id)), warning);
    const rotated = assertDone(await shop.up(program({ keepers: { month: "7" } })));
    const known = rotated.notes.map(({ text }) => text).join();
    assert.ok(known.includes(String(left?.id)));
    assert.equal(known.includes(`already: ${shop.resource("key").id}`), false);
  });

  it("is in state with its secret when only the removal of the mark fails, and the next update removes it", async () => {
    const { emulator, shop, program, keys, opens, secretOf } = await start();
    emulator.faults.add("UpdateApiKey", { status: 400, message: "no" });
    failureOf(await shop.up(program({ keepers: { month: "6" } })));
    assert.match(keys()[0]?.name ?? "", /pulumi-creating/);
    assert.ok(await opens(secretOf()));
    const run = assertDone(await shop.up(program({ keepers: { month: "6" } })));
    assert.deepEqual(writes(run.requests), ["UpdateApiKey"]);
    assert.equal(keys()[0]?.name, "ci");
    assert.ok(await opens(secretOf()));
  });

  it("is created under its plain name where the service refuses the mark", async () => {
    const { emulator, shop, program, keys } = await start();
    emulator.faults.add("CreateApiKey", { status: 400, message: "name is too long" });
    const run = assertDone(await shop.up(program()));
    assert.equal(count(run.requests, "CreateApiKey"), 2);
    assert.deepEqual(writes(run.requests), ["CreateApiKey", "CreateApiKey"]);
    assert.equal(keys()[0]?.name, "ci");
  });

  it("is created again when it was deleted outside", async () => {
    const { emulator, shop, program, keys } = await start();
    assertDone(await shop.up(program()));
    emulator.apiKeys.remove(shop.resource("key").id);
    assertDone(await shop.refresh());
    assert.equal(shop.resources.size, 0);
    assertDone(await shop.up(program()));
    assert.equal(keys().length, 1);
  });

  it("refuses to delete the key that the run authenticates with, before any request", async () => {
    const { emulator, shop } = await start();
    const [own] = emulator.apiKeys.list();
    const args = { serviceAccountId: own?.service_account_id ?? "", name: own?.name ?? "" };
    const program = { key: new Declaration(kinds.ApiKey, args) };
    const options = { options: { key: { import: own?.id ?? "" } } };
    assertDone(await shop.up(program, options));
    const run = await shop.destroy();
    assert.match(failureOf(run), /this run authenticates with it/);
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.resource("key").id, own?.id);
  });

  describe("import", () => {
    it("by the id writes nothing, and reports that the secret stays unknown", async () => {
      const { emulator, account, shop, program, secretOf } = await start();
      const secret = emulator.apiKeys.add(account, "ci");
      const id = secret.replace(/_[^_]*$/, "");
      const run = assertDone(await shop.up(program(), { options: { key: { import: id } } }));
      assert.deepEqual(writes(run.requests), []);
      assert.match(JSON.stringify(run.notes), /never returns the secret of a key/);
      assert.equal(shop.resource("key").id, id);
      assert.equal(secretOf(), undefined);
    });

    it("takes the secret of the program, which works afterwards and is no request", async () => {
      const { emulator, account, shop, program, opens, secretOf } = await start();
      const secret = emulator.apiKeys.add(account, "ci");
      const id = secret.replace(/_[^_]*$/, "");
      const options = { options: { key: { import: id } } };
      const preview = await shop.preview(program({ secret }), options);
      assert.match(JSON.stringify(preview.notes), /the one in the program is taken as its own/);
      const run = assertDone(await shop.up(program({ secret }), options));
      assert.deepEqual(writes(run.requests), []);
      assert.equal(JSON.stringify(run.notes).includes(secret), false);
      assert.equal(secretOf(), secret);
      assert.ok(await opens(secretOf()));
      assert.deepEqual((await shop.up(program({ secret }))).steps, ["same key"]);
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.equal(secretOf(), secret);
      const dropped = assertDone(await shop.up(program()));
      assert.match(JSON.stringify(dropped.notes), /The secret stays in state/);
      assert.equal(secretOf(), secret);
    });

    it("is refused in the preview with the secret of another key, which is shown nowhere", async () => {
      const { emulator, account, shop, program, secretOf } = await start();
      const secret = emulator.apiKeys.add(account, "ci");
      const id = secret.replace(/_[^_]*$/, "");
      const other = emulator.apiKeys.add(account, "cd");
      const options = { options: { key: { import: id } } };
      const expected = new RegExp(
        `secret.* is that of another key: .* begins with its id, ${id}\\.`,
      );
      const run = await shop.preview(program({ secret: other }), options);
      assert.match(run.failures.join(), expected);
      assertDone(await shop.up(program(), options));
      assert.equal(secretOf(), undefined);
      const later = await shop.preview(program({ secret: other }));
      assert.match(later.failures.join(), expected);
      assert.equal(JSON.stringify([run, later]).includes(other), false);
      assertDone(await shop.up(program({ secret })));
      assert.equal(secretOf(), secret, "given after the import");
    });

    it("gives a rotated key a secret of its own, and refuses to keep the former one for it", async () => {
      const { emulator, account, shop, program, opens, secretOf } = await start();
      const secret = emulator.apiKeys.add(account, "ci");
      const id = secret.replace(/_[^_]*$/, "");
      assertDone(await shop.up(program({ secret }), { options: { key: { import: id } } }));
      const keepers = { month: "7" };
      const refused = await shop.preview(program({ secret, keepers }));
      assert.match(refused.failures.join(), /remove secret, which the service chooses/);
      assertDone(await shop.up(program({ keepers })));
      assert.notEqual(secretOf(), secret);
      assert.ok(await opens(secretOf()));
    });

    it("refuses the whole secret as the id, and shows it nowhere", async () => {
      const { emulator, account, shop, program } = await start();
      const secret = emulator.apiKeys.add(account, "ci");
      const run = await shop.up(program(), { options: { key: { import: secret } } });
      assert.match(run.failures.join(), /give the option import the id/);
      assert.equal(JSON.stringify(run).includes(secret), false);
    });
  });

  describe("check", () => {
    const account = "5ba5ed00-0000-4000-8000-0000000000ac";
    const args = { serviceAccountId: account, name: "ci" };

    it("reports what is wrong", () => {
      assert.deepEqual(failuresOf(lifecycle, args), []);
      assert.deepEqual(failuresOf(lifecycle, { ...args, serviceAccountId: "ci", name: "" }), [
        "name: must not be empty.",
        'serviceAccountId: must be the id of a service account, a UUID, not the string "ci". Pass the ServiceAccount of the program, or its id; getServiceAccount({ name: "ci" }) reads the id of an existing one.',
      ]);
    });
  });

  it("adopts state of the bridged provider without a write, and keeps its secret", async () => {
    const { emulator, account, shop, program, secretOf } = await start();
    const secret = emulator.apiKeys.add(account, "ci");
    const outputs = {
      serviceAccountId: account,
      name: "ci",
      createdAt: "2024-04-24 10:00:00 +0000 UTC",
      secret,
    };
    putForeign(shop, "key", { id: secret.replace(/_[^_]*$/, ""), outputs });
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(writes(run.requests), []);
    assert.equal(secretOf(), secret);
  });

  it("has its secret in no message, and in state only as a secret", async () => {
    const { emulator, shop, program, secretOf } = await start();
    assertDone(await shop.up(program()));
    const secret = String(secretOf());
    emulator.faults.add("UpdateApiKey", { status: 400, message: `no ${secret}` });
    const run = await shop.up(program({ name: "cd" }));
    assert.equal(failureOf(run).includes(secret.slice(-20)), false);
    const plain = JSON.stringify(shop.resource("key").inputs);
    assert.equal(plain.includes(secret), false);
  });

  it("ends after its service account, whose deletion has ended it already", async () => {
    const { emulator, time, stack } = await startLab();
    void time;
    const shop = stack();
    const program = {
      ci: new Declaration(kinds.ServiceAccount, { name: "ci" }),
      key: new Declaration(
        kinds.ApiKey,
        (outputsOf) => ({ serviceAccountId: outputsOf("ci")["id"], name: "ci" }),
        ["ci"],
      ),
    };
    assertDone(await shop.up(program));
    emulator.serviceAccounts.remove(shop.resource("ci").id);
    assertDone(await shop.destroy());
    assert.equal(shop.resources.size, 0);
  });
});

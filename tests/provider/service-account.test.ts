import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { lifecycle } from "../../provider/service-account";
import { failuresOf, putForeign } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import type { Program } from "../support/engine-model/program";
import { Declaration } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";

describe("ServiceAccount", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}) {
    const lab = await startLab(options);
    const { emulator } = lab;
    const shop = lab.stack();
    const program = (args: object = {}): Program => ({
      ci: new Declaration(kinds.ServiceAccount, { name: "ci", ...args }),
    });
    const accounts = () => emulator.serviceAccounts.list().filter(({ name }) => name !== "key-1");
    return { ...lab, shop, program, accounts };
  }

  it("sends one request for each change, with what has changed alone", async () => {
    const { shop, program, accounts } = await start();
    const created = assertDone(await shop.up(program({ description: "deploys" })));
    assert.deepEqual(bodies(created.requests, "CreateServiceAccount"), [
      { name: "ci", description: "deploys", roles: [] },
    ]);
    const { createdAt, ...outputs } = visible(shop.resource("ci").outputs);
    assert.deepEqual(outputs, { name: "ci", description: "deploys", creatorName: "key-1" });
    assert.match(String(createdAt), /^\d{4}-/);
    const changed = assertDone(await shop.up(program({ name: "cd", description: "deploys" })));
    assert.deepEqual(bodies(changed.requests, "UpdateServiceAccount"), [{ name: "cd" }]);
    assert.deepEqual((await shop.refresh()).differences, {});
    const destroyed = assertDone(await shop.destroy());
    assert.deepEqual(writes(destroyed.requests), ["DeleteServiceAccount"]);
    assert.deepEqual(accounts(), []);
  });

  it("lists accounts once for all that a run creates", async () => {
    const { shop } = await start();
    const names = ["a", "b", "c", "d"];
    const run = assertDone(
      await shop.up(
        Object.fromEntries(
          names.map((name) => [name, new Declaration(kinds.ServiceAccount, { name })]),
        ),
      ),
    );
    assert.equal(count(run.requests, "ListServiceAccounts"), 1);
    assert.equal(count(run.requests, "CreateServiceAccount"), 4);
  });

  describe("when the response to its creation is lost", () => {
    it("is found by what has appeared, also beside another of its name", async () => {
      const { emulator, shop, program, accounts } = await start();
      const other = emulator.serviceAccounts.add("ci");
      emulator.roles.grant(other, { role: "BILLING_VIEWER" });
      emulator.faults.add("CreateServiceAccount", { reset: "after-effect" });
      const run = assertDone(await shop.up(program()));
      assert.equal(count(run.requests, "CreateServiceAccount"), 1);
      const ids = accounts().map(({ id }) => id);
      assert.equal(ids.length, 2);
      assert.notEqual(shop.resource("ci").id, other);
      assert.ok(ids.includes(shop.resource("ci").id));
    });

    it("and nothing was created, fails and is created by the next update", async () => {
      const { emulator, shop, program, accounts } = await start();
      emulator.faults.add("CreateServiceAccount", { reset: "before-effect" });
      assert.match(failureOf(await shop.up(program())), /run the update again, which creates it/);
      assertDone(await shop.up(program()));
      assert.equal(accounts().length, 1);
    });

    it("is found although the first reads after it fail", async () => {
      const { emulator, shop, program, accounts } = await start();
      emulator.faults.add("CreateServiceAccount", { reset: "after-effect" });
      emulator.faults.add("ListServiceAccounts", { status: 400, nth: 2, times: 3 });
      assertDone(await shop.up(program()));
      assert.deepEqual(
        accounts().map(({ id }) => id),
        [shop.resource("ci").id],
      );
    });

    it("for two of one name and description, each gets its own", async () => {
      const { emulator, shop, accounts } = await start();
      emulator.faults.add("CreateServiceAccount", { reset: "after-effect", times: 2 });
      const twins = Object.fromEntries(
        ["one", "two"].map((name) => [name, new Declaration(kinds.ServiceAccount, { name: "ci" })]),
      );
      assertDone(await shop.up(twins));
      const ids = ["one", "two"].map((name) => shop.resource(name).id);
      assert.deepEqual(
        [...ids].sort(),
        accounts()
          .map(({ id }) => id)
          .sort(),
      );
    });
  });

  it("is refused beside one that a killed run has left, which an import adopts", async () => {
    const { shop, program, accounts } = await start();
    await shop.up(program(), { killAtRequest: 2 });
    const [left] = accounts();
    assert.ok(left);
    const failure = failureOf(await shop.up(program()));
    assert.ok(failure.includes(`${left.id} has the same name and description`), failure);
    assert.ok(failure.includes(`{import: "${left.id}"}`), failure);
    assertDone(await shop.up(program(), { options: { ci: { import: left.id } } }));
    assert.deepEqual(accounts(), [left]);
  });

  it("is created beside another of its name and description that is in use", async () => {
    const { emulator, shop, program, accounts } = await start();
    const withRole = emulator.serviceAccounts.add("ci");
    emulator.roles.grant(withRole, { role: "BILLING_VIEWER" });
    const withKey = emulator.serviceAccounts.add("ci");
    emulator.apiKeys.add(withKey, "by hand");
    assertDone(await shop.up(program()));
    assert.equal(accounts().length, 3);
  });

  it("is not deleted when the run authenticates with a key of it", async () => {
    const { emulator, shop } = await start();
    const [own] = emulator.serviceAccounts.list();
    const args = { name: own?.name, description: own?.description };
    const program = { own: new Declaration(kinds.ServiceAccount, args) };
    assertDone(await shop.up(program, { options: { own: { import: own?.id ?? "" } } }));
    const run = await shop.destroy();
    assert.match(failureOf(run), /this run authenticates as it/);
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.resource("own").id, own?.id);
  });

  it("is not deleted when the run authenticates as it by a JWT with its username", async () => {
    const lab = await startLab({ organizations: [{ vanityName: "acme" }] });
    const { emulator } = lab;
    const [own] = emulator.serviceAccounts.list();
    const id = own?.id ?? "";
    const issuer = emulator.jwtIssuers.add({
      issuer_url: "https://idp.example.com",
      audience: "ci",
    });
    const shop = lab.stack({
      environment: {
        COCKROACH_SERVER: emulator.url,
        COCKROACH_API_JWT: emulator.jwtIssuers.sign(issuer, { sub: [id, "ada@example.com"] }),
        COCKROACH_VANITY_NAME: "acme",
        COCKROACH_USERNAME: id.toUpperCase(),
      },
    });
    const args = { name: own?.name, description: own?.description };
    const program = { own: new Declaration(kinds.ServiceAccount, args) };
    assertDone(await shop.up(program, { options: { own: { import: id } } }));
    const run = await shop.destroy();
    assert.match(failureOf(run), /this run authenticates as it/);
    assert.deepEqual(writes(run.requests), []);
  });

  it("names the role that changing and deleting takes, which creating does not", async () => {
    const { emulator, shop, program } = await start();
    emulator.organization.setRoles("key-1", [{ role: "CLUSTER_ADMIN" }]);
    assertDone(await shop.up(program()));
    const failure = failureOf(await shop.up(program({ name: "cd" })));
    assert.match(failure, /It requires the role Organization Admin on the organization/);
  });

  it("adopts state of the bridged provider without a write", async () => {
    const { emulator, shop, program } = await start();
    const id = emulator.serviceAccounts.add("ci", { description: "deploys" });
    const outputs = { name: "ci", description: "deploys", createdAt: "2024-04-24 10:00:00 +0000" };
    putForeign(shop, "ci", { id, outputs });
    const run = assertDone(await shop.up(program({ description: "deploys" })));
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("needs a name", () => {
    assert.deepEqual(failuresOf(lifecycle, { name: "" }), ["name: must not be empty."]);
  });
});

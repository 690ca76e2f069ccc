import { strict as assert } from "node:assert";
import { provider as databaseProvider } from "../../provider/database";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { connect } from "../../provider/engine/configuration";
import { RunRecord } from "../../provider/engine/run-record";
import { lifecycle } from "../../provider/sql-user";
import { systemClock } from "../../sdk";
import { beingCreated, bodyOf } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import type { Program } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { visible } from "../support/engine-model/values";

const second = 1_000;
const minute = 60 * second;
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const nowhere = "00000000-0000-4000-8000-000000000000";
const canary = "canary-passw0rd-7f3a";
const isGenerated = /^[A-Za-z0-9_-]{32}$/;

type Args = Record<string, unknown>;

interface UserLab extends Lab {
  clusterId: string;
  shop: Stack;
}

/** A ready Basic cluster, and a stack whose resources are SQL users. */
async function lab(options: Parameters<typeof startLab>[0] = {}): Promise<UserLab> {
  const started = await startLab(options);
  const { id } = started.emulator.clusters.create(cluster("orders-test"));
  started.emulator.requests.clear();
  return { ...started, clusterId: id, shop: users(started) };
}

const cluster = (name: string) => ({
  name,
  provider: "GCP" as const,
  spec: { plan: "BASIC" as const, serverless: { regions: ["us-central1"] } },
});

const users = ({ stack }: Lab): Stack =>
  stack({ serve: (host) => toDynamicProvider(lifecycle, host) });

const user = (clusterId: string, name: string, more: Args = {}): Args => ({
  clusterId,
  name,
  ...more,
});

const names = (many: number) =>
  Array.from({ length: many }, (_, index) => `user-${String(index).padStart(4, "0")}`);

const program = (clusterId: string, all: readonly string[]): Program =>
  Object.fromEntries(all.map((name) => [name, user(clusterId, name)]));

const passwordOf = (stack: Stack, name: string) => stack.outputs(name)["password"] as string;

function problems(args: Args): string[] {
  const { failures } = lifecycle.check({}, args);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("SqlUser", () => {
  checkEmulators();

  describe("check", () => {
    const valid = user(nowhere, "app");

    it("accepts every name that SQL takes, at its longest too", () => {
      for (const name of [
        "a",
        "app",
        "_a",
        "0a",
        "a.b",
        "a-b",
        "a_b",
        "p".repeat(63),
        "my_pg_user",
      ]) {
        assert.deepEqual(problems({ ...valid, name }), [], name);
      }
    });

    it("refuses capitals with the spelling that SQL would make of them", () => {
      assert.deepEqual(problems({ ...valid, name: "AppUser" }), [
        'name: must be lowercase, because SQL folds capitals: "appuser".',
      ]);
    });

    for (const name of [
      "admin",
      "node",
      "none",
      "public",
      "root",
      "pg_x",
      "pg_",
      "crdb_internal_x",
    ]) {
      it(`refuses the reserved name ${name}`, () => {
        assert.match(problems({ ...valid, name }).join(), /^name: is reserved: [^.]+\.$/);
      });
    }

    for (const name of ["", "a b", "-a", ".a", "..", "a/b", "a:b", "ä", "a\n", "p".repeat(64)]) {
      it(`refuses the name ${JSON.stringify(name)}`, () => {
        assert.match(problems({ ...valid, name }).join(), /^name: must have 1 to 63 lowercase/);
      });
    }

    it("accepts passwords of 12 to 500 characters, and refuses others without showing them", () => {
      for (const length of [12, 500]) {
        assert.deepEqual(problems({ ...valid, password: "x".repeat(length) }), []);
      }
      const text = (length: number) => `must have 12 to 500 characters, and has ${length}.`;
      const other = (type: string) => `must be a string of 12 to 500 characters, not ${type}.`;
      const wrong: [unknown, string][] = [
        ["", text(0)],
        ["canary-7f3a", text(11)],
        [`canary${"x".repeat(495)}`, text(501)],
        [5_550_123_456_789, `${other("a number")} Write it in quotes.`],
        [true, other("true or false")],
        [[canary], other("a list")],
        [{ canary }, other("an object")],
        [null, other("null")],
      ];
      for (const [password, reason] of wrong) {
        assert.deepEqual(problems({ ...valid, password }), [`password: ${reason}`]);
      }
    });

    it("names all problems at once", () => {
      const found = problems({
        clusterId: "orders",
        name: "none",
        passwort: "x",
        keepers: { a: 1 },
      });
      assert.deepEqual(found.map((line) => line.slice(0, line.indexOf(":"))).sort(), [
        "clusterId",
        "keepers.a",
        "name",
        "passwort",
      ]);
      assert.deepEqual(problems({ name: "app" }), ["clusterId: is required: give a string."]);
    });

    it("takes what a preview does not know as valid, at every path", () => {
      const complete = { ...valid, password: canary, keepers: { month: "1" } };
      for (const key of ["clusterId", "name", "password", "keepers"]) {
        assert.deepEqual(problems({ ...complete, [key]: unknown }), [], key);
      }
      assert.deepEqual(problems({ ...complete, keepers: { month: unknown } }), []);
    });
  });

  describe("diff", () => {
    const state = { clusterId: nowhere, name: "app", password: canary, keepers: { month: "1" } };
    const diff = (changes: Args) => {
      const stored = { state, inputs: state, isFromBridge: false };
      const { replaces, updates, deleteBeforeReplace } = lifecycle.diff(`${nowhere}:app`, stored, {
        ...state,
        ...changes,
      } as typeof state);
      assert.equal(deleteBeforeReplace, false, "the class has set the option of the engine");
      return { replaces, updates };
    };

    for (const [what, changes, expected] of [
      ["nothing", {}, { replaces: [], updates: [] }],
      ["another name", { name: "b" }, { replaces: ["name"], updates: [] }],
      ["another cluster", { clusterId: unknown }, { replaces: ["clusterId"], updates: [] }],
      ["a name that is not known", { name: unknown }, { replaces: ["name"], updates: [] }],
      ["a password", { password: "x".repeat(12) }, { replaces: [], updates: ["password"] }],
      ["a password not known", { password: unknown }, { replaces: [], updates: ["password"] }],
      ["no password", { password: undefined }, { replaces: [], updates: [] }],
      ["a keeper", { keepers: { month: "2" } }, { replaces: [], updates: ["keepers"] }],
      [
        "a keeper not known",
        { keepers: { month: unknown } },
        { replaces: [], updates: ["keepers"] },
      ],
      ["keepers not known", { keepers: unknown }, { replaces: [], updates: ["keepers"] }],
      ["no keepers", { keepers: undefined }, { replaces: [], updates: ["keepers"] }],
    ] as const) {
      it(`for ${what} is ${JSON.stringify(expected)}`, () => {
        assert.deepEqual(diff(changes), expected);
      });
    }

    const anotherUser = `warning: SQL user "app" of cluster ${nowhere} is deleted, with the rights that SQL has given it, and another one is created.`;
    const anotherPassword =
      'info: The password of SQL user "app" changes: the current one stops working.';
    for (const [what, changes, expected] of [
      ["another name", { name: "b" }, [anotherUser]],
      ["another name and password", { name: "b", password: "x".repeat(12) }, [anotherUser]],
      ["a cluster that is not known", { clusterId: unknown }, []],
      [
        "another name in a cluster that is not known",
        { name: "b", clusterId: unknown },
        [anotherUser],
      ],
      ["a password", { password: "x".repeat(12) }, [anotherPassword]],
      ["a password not known", { password: unknown }, []],
      ["a name not known, and another password", { name: unknown, password: "x".repeat(12) }, []],
      ["a keeper beside the password", { keepers: { month: "2" } }, []],
      [
        "a keeper of a generated password",
        { password: undefined, keepers: { month: "2" } },
        [anotherPassword],
      ],
      ["a keeper not known", { password: undefined, keepers: { month: unknown } }, []],
    ] as const) {
      it(`for ${what} says ${expected.length === 0 ? "nothing" : "what it costs"}`, () => {
        const stored = { state, inputs: state, isFromBridge: false };
        const { notes } = lifecycle.diff(`${nowhere}:app`, stored, {
          ...state,
          ...changes,
        } as typeof state);
        assert.deepEqual(
          notes.map(({ severity, message }) => `${severity}: ${message}`),
          expected,
        );
      });
    }
  });

  describe("create", () => {
    it("is exactly one request, with a generated password of 32 URL-safe characters", async () => {
      const { shop, emulator, clusterId } = await lab();
      const run = assertDone(await shop.up({ app: user(clusterId, "app") }));
      assert.equal(run.requests.length, 1);
      const password = passwordOf(shop, "app");
      assert.match(password, isGenerated);
      assert.deepEqual(bodies(run.requests, "CreateSQLUser"), [
        { name: "app", password: "[redacted]" },
      ]);
      assert.equal(shop.resource().id, `${clusterId}:app`);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", password));
    });

    it("sends the program's own password", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
    });

    it("of many users is one request each, each with a password of its own", async () => {
      const { shop, clusterId } = await lab();
      const all = names(40);
      const { requests } = assertDone(await shop.up(program(clusterId, all)));
      assert.equal(requests.length, 40);
      assert.equal(new Set(all.map((name) => passwordOf(shop, name))).size, 40);
    });

    it("waits while the cluster is being created", async () => {
      const started = await startLab({ durations: { createBasicMs: 5 * minute } });
      const id = await beingCreated(started.emulator, bodyOf("BASIC", "orders-test"));
      const shop = users(started);
      const run = assertDone(await shop.up(program(id, ["app", "report"])));
      assert.equal(count(run.requests, "CreateSQLUser"), 4);
      assert.ok(run.elapsedMs >= 5 * minute && run.elapsedMs < 6 * minute, `${run.elapsedMs}`);
      assert.ok(
        run.progress.some(
          ({ name, text }) => name === "app" && /^waiting for the cluster · CREATING/.test(text),
        ),
      );
      assert.ok(started.emulator.sqlUsers.hasPassword(id, "app", passwordOf(shop, "app")));
    });

    it("waits no longer than the program's own time-out", async () => {
      const started = await startLab({ durations: { createBasicMs: 5 * minute } });
      const id = await beingCreated(started.emulator, bodyOf("BASIC", "orders-test"));
      const shop = users(started);
      const run = await shop.up(
        { app: user(id, "app") },
        { options: { app: { customTimeouts: { create: "1m" } } } },
      );
      assert.match(failureOf(run), /Timed out waiting for the cluster to be ready.*CREATING/);
      assert.ok(run.elapsedMs < 70 * second);
      assert.equal(shop.resources.size, 0);
    });

    it("waits while the cluster is locked", async () => {
      const { shop, emulator, clusterId, time } = await lab({
        assumptions: { lockCoversSubresources: true },
        durations: { changePlanMs: 10 * minute },
      });
      emulator.clusters.lock(clusterId);
      void time.advance(10 * minute).then(() => emulator.clusters.unlock(clusterId));
      const { progress, requests } = assertDone(await shop.up(program(clusterId, ["app"])));
      assert.equal(count(requests, "CreateSQLUser"), 2);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
      assert.match(progress[0]?.text ?? "", /^waiting for the cluster · .*lock/);
      emulator.clusters.lock(clusterId);
      void time.advance(10 * minute).then(() => emulator.clusters.unlock(clusterId));
      const change = { app: user(clusterId, "app", { password: canary }) };
      const later = assertDone(await shop.up(change));
      assert.match(later.progress[0]?.text ?? "", /^waiting for the cluster · .*lock/);
      assert.equal(count(later.requests, "UpdateSQLUserPassword"), 2);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
    });

    it("on a cluster that does not exist fails with the API's word and makes no state", async () => {
      const { shop } = await lab();
      const run = await shop.up({ app: user(nowhere, "app") });
      assert.match(failureOf(run), /^Creating SQL user "app" on cluster 0{8}.* failed: 404 /);
      assert.equal(shop.resources.size, 0);
    });

    for (const duplicateUser of [
      { status: 409, code: 6 },
      { status: 400, code: 9 },
    ]) {
      it(`of a user that exists fails with the line to import it, when the API says ${duplicateUser.status}`, async () => {
        const { shop, emulator, clusterId } = await lab({ assumptions: { duplicateUser } });
        emulator.sqlUsers.add(clusterId, "app");
        const run = await shop.up({ app: user(clusterId, "app") });
        const message = failureOf(run);
        assert.match(
          message,
          /^Creating SQL user "app" on cluster .* failed: 4\d\d .*already exists/,
        );
        assert.ok(message.includes(`{import: "${clusterId}:app"}`), message);
        assert.deepEqual(writes(run.requests), ["CreateSQLUser"]);
        assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", "password of somebody else"));
      });
    }

    it("that is refused for another reason says nothing of an import", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.faults.add("CreateSQLUser", { status: 400, message: "password is too common" });
      const run = await shop.up({ app: user(clusterId, "app") });
      assert.match(failureOf(run), /400 password is too common/);
      assert.doesNotMatch(failureOf(run), /import|lost/);
      assert.deepEqual(writes(run.requests), ["CreateSQLUser"]);
    });

    it("that is refused is reported as it is also when the search for the user fails", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.faults.add("CreateSQLUser", { status: 400, message: "password is too common" });
      emulator.faults.add("ListSQLUsers", { status: 403 });
      const run = await shop.up({ app: user(clusterId, "app") });
      assert.match(failureOf(run), /400 password is too common/);
    });

    it("whose response was lost searches again when a read fails", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.faults.add("CreateSQLUser", { reset: "after-effect" });
      emulator.faults.add("ListSQLUsers", { status: 403 });
      const run = assertDone(await shop.up({ app: user(clusterId, "app") }));
      assert.equal(count(run.requests, "ListSQLUsers"), 2);
    });

    it("after a kill between POST and checkpoint names the line to import, and one edit converges", async () => {
      const { shop, emulator, clusterId, time } = await lab();
      emulator.faults.add("CreateSQLUser", { hang: "after-effect" });
      const killed = await shop.up(program(clusterId, ["app"]), { killAfterMs: second });
      assert.deepEqual(killed.failures, ["killed"]);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
      await time.advance(minute);
      const again = await shop.up(program(clusterId, ["app"]));
      const line = `{import: "${clusterId}:app"}`;
      assert.ok(failureOf(again).includes(line), failureOf(again));
      const options = { options: { app: { import: `${clusterId}:app` } } };
      assertDone(await shop.up({ app: user(clusterId, "app", { keepers: { a: "1" } }) }, options));
      const rotated = { app: user(clusterId, "app", { keepers: { a: "2" } }) };
      assertDone(await shop.up(rotated, options));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    for (const [what, fault] of [
      ["the connection broke after it", { reset: "after-effect" }],
      ["its response was cut", { cutBody: true }],
      ["its response is a page of a proxy", { notJson: true }],
      ["a gateway responded for it", { status: 502, effect: "after", body: "<html>" }],
      ["it timed out", { hang: "after-effect" }],
    ] as const) {
      it(`searches for the user when ${what}, and makes its password known`, async () => {
        const { shop, emulator, clusterId } = await lab();
        emulator.faults.add("CreateSQLUser", fault);
        const run = assertDone(await shop.up(program(clusterId, ["app"])));
        assert.deepEqual(writes(run.requests), ["CreateSQLUser", "UpdateSQLUserPassword"]);
        assert.equal(count(run.requests, "ListSQLUsers"), 1);
        assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
        const notes = run.notes.map(({ severity, text }) => `${severity}: ${text}`);
        assert.match(notes.join(), /^warning: .* was lost.*given the password/);
      });
    }

    it("fails when the response was lost and no such user appears, and the next up makes it", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.faults.add("CreateSQLUser", { reset: "before-effect" });
      const run = await shop.up({ app: user(clusterId, "app", { password: canary }) });
      assert.match(failureOf(run), /response was lost, and no such user has appeared/);
      assert.deepEqual(writes(run.requests), ["CreateSQLUser"]);
      assert.ok(run.elapsedMs >= 30 * second && run.elapsedMs < 40 * second, `${run.elapsedMs}`);
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
    });

    it("finds a user that shows only after some time", async () => {
      const { shop, emulator, clusterId, time } = await lab();
      emulator.faults.add("CreateSQLUser", { reset: "before-effect" });
      void time.advance(10 * second).then(() => emulator.sqlUsers.add(clusterId, "app"));
      assertDone(await shop.up(program(clusterId, ["app"])));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    it("escapes a name in the path", async () => {
      const { shop, emulator, clusterId } = await lab();
      const args = user(clusterId, "a.b-c_d", { password: canary });
      assertDone(await shop.up({ app: args }));
      assertDone(await shop.up({ app: { ...args, password: `${canary}2` } }));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "a.b-c_d", `${canary}2`));
      assert.deepEqual(assertDone(await shop.refresh()).steps, ["same app"]);
      assertDone(await shop.destroy());
      assert.deepEqual(emulator.sqlUsers.list(clusterId), []);
    });
  });

  describe("secrets", () => {
    it("that fail a check go by a path for which the engine prints no value", async () => {
      const { emulator, clusterId } = await lab();
      const { provider } = rawProvider(emulator);
      const { failures } = await provider.check({}, user(clusterId, "app", { password: "canary" }));
      assert.deepEqual(failures, [
        { property: "password[…]", reason: "must have 12 to 500 characters, and has 6." },
      ]);
    });

    it("that stand in a misspelt argument go by such a path too, also on what has no secrets", async () => {
      const { emulator, clusterId } = await lab();
      const { provider } = rawProvider(emulator);
      const checked = await provider.check({}, user(clusterId, "app", { pasword: canary }));
      assert.deepEqual(checked.failures, [
        { property: "pasword[…]", reason: "is not an argument here. Did you mean password?" },
      ]);
      const others = { clusterId, name: "shop", dbPassword: canary, nmae: "shop" };
      const { failures } = await databaseProvider.check({}, others);
      assert.deepEqual(failures.map(({ property }) => property).sort(), ["dbPassword[…]", "nmae"]);
    });

    /** A canary with every sign that is written otherwise somewhere. */
    const written = `${canary}"<&>/\\+ é`;

    for (const operation of ["CreateSQLUser", "UpdateSQLUserPassword"]) {
      for (const message of [
        `password ${written} is too common`,
        `password ${JSON.stringify(written)} is too common`,
        `see /?password=${encodeURIComponent(written)}`,
      ]) {
        it(`keep the password out of an error that repeats it: ${operation}, ${message}`, async () => {
          const { shop, emulator, clusterId } = await lab();
          const args = user(clusterId, "app", { password: "another-password" });
          if (operation !== "CreateSQLUser") assertDone(await shop.up({ app: args }));
          emulator.faults.add(operation, { status: 400, message });
          const run = await shop.up({ app: { ...args, password: written } });
          assert.match(failureOf(run), /400 /);
          assert.doesNotMatch(JSON.stringify([run.failures, run.notes, run.progress]), /canary/);
        });
      }
    }

    it("are wrapped in outputs and echoed arguments, on create, update and read", async () => {
      const { emulator, clusterId, shop } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      const { id, inputs, outputs } = shop.resource();
      const { provider } = rawProvider(emulator);
      const responses = [
        await provider.read(id, outputs),
        await provider.update(id, outputs, { ...inputs, keepers: { a: "1" } }),
        await provider.update(id, outputs, { ...inputs, password: `${canary}2` }),
        await provider.create({ ...inputs, name: "other", clusterId }),
      ];
      for (const response of responses) {
        const plain = JSON.stringify(withoutSecrets(response));
        assert.doesNotMatch(plain, /canary/);
        assert.match(JSON.stringify(response), /canary/);
      }
    });
  });

  describe("update", () => {
    it("changes nothing and asks nothing when nothing changed", async () => {
      const { shop, clusterId } = await lab();
      const args = { app: user(clusterId, "app", { keepers: { month: "1" } }) };
      assertDone(await shop.up(args));
      const before = structuredClone(shop.resource());
      const run = assertDone(await shop.up(args));
      assert.deepEqual([run.steps, run.requests], [["same app"], []]);
      assert.deepEqual(shop.resource(), before);
    });

    it("of the password is one PUT", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app") }));
      const run = assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      assert.deepEqual([run.steps, run.requests.length], [["update app"], 1]);
      assert.deepEqual(bodies(run.requests, "UpdateSQLUserPassword"), [{ password: "[redacted]" }]);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
    });

    it("that removes the password keeps the current one, after a refresh too", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      const without = { app: user(clusterId, "app") };
      const run = assertDone(await shop.up(without));
      assert.deepEqual([run.steps, run.requests], [["update app"], []]);
      assert.match(
        run.notes.map(({ text }) => text).join("\n"),
        /password is no longer in the program: .* change keepers/,
      );
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      assert.deepEqual((await shop.preview(without)).notes, []);
      assert.deepEqual(writes(assertDone(await shop.up(without)).requests), []);
      assert.equal(passwordOf(shop, "app"), canary);
      assertDone(await shop.up({ app: user(clusterId, "app", { keepers: { month: "1" } }) }));
      assert.match(passwordOf(shop, "app"), isGenerated);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    it("that removes the password and changes a keeper makes another password, and says no other", async () => {
      const { shop, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      const run = assertDone(
        await shop.up({ app: user(clusterId, "app", { keepers: { month: "1" } }) }),
      );
      assert.match(
        run.notes.map(({ text }) => text).join("\n"),
        /^The password of SQL user "app" changes/,
      );
      assert.match(passwordOf(shop, "app"), isGenerated);
    });

    it("of a keeper makes another password with one PUT, in place", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { keepers: { month: "1" } }) }));
      const before = passwordOf(shop, "app");
      const run = assertDone(
        await shop.up({ app: user(clusterId, "app", { keepers: { month: "2" } }) }),
      );
      assert.deepEqual(run.steps, ["update app"]);
      assert.deepEqual(run.differences, { app: ["keepers.month"] });
      assert.equal(run.requests.length, 1);
      assert.notEqual(passwordOf(shop, "app"), before);
      assert.match(passwordOf(shop, "app"), isGenerated);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    it("of a keeper beside a password of the program's own asks for nothing", async () => {
      const { shop, clusterId } = await lab();
      const args = user(clusterId, "app", { password: canary });
      assertDone(await shop.up({ app: args }));
      const run = assertDone(await shop.up({ app: { ...args, keepers: { month: "2" } } }));
      assert.deepEqual([run.steps, run.requests], [["update app"], []]);
      assert.equal(passwordOf(shop, "app"), canary);
    });

    it("that failed is made up for by the next, which makes yet another password", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app", { keepers: { month: "1" } }) }));
      emulator.faults.add("UpdateSQLUserPassword", { status: 400, effect: "after" });
      const rotated = { app: user(clusterId, "app", { keepers: { month: "2" } }) };
      failureOf(await shop.up(rotated));
      assert.deepEqual(assertDone(await shop.up(rotated)).steps, ["update app"]);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });
  });

  describe("replacement", () => {
    it("renames: the old user goes before the new one comes", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app") }));
      const run = assertDone(await shop.up({ app: user(clusterId, "reader") }));
      assert.deepEqual(run.steps, ["replace app"]);
      assert.deepEqual(writes(run.requests), ["DeleteSQLUser", "CreateSQLUser"]);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), ["reader"]);
      assert.equal(shop.resource().id, `${clusterId}:reader`);
    });

    it("moves to another cluster", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up({ app: user(clusterId, "app") }));
      const { id } = emulator.clusters.create(cluster("ledger-test"));
      const run = assertDone(await shop.up({ app: user(id, "app") }));
      assert.deepEqual(run.steps, ["replace app"]);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), []);
      assert.deepEqual(emulator.sqlUsers.list(id), ["app"]);
    });

    it("by force makes the same user once more", async () => {
      const { shop, emulator, clusterId } = await lab();
      const args = program(clusterId, ["app"]);
      assertDone(await shop.up(args));
      const before = passwordOf(shop, "app");
      assertDone(await shop.up(args, { replace: ["app"] }));
      assert.notEqual(passwordOf(shop, "app"), before);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    it("by force with the import left in the program does not delete the user that it adopts", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app");
      const options = { options: { app: { import: `${clusterId}:app` } } };
      assertDone(await shop.up(program(clusterId, ["app"]), options));
      const run = assertDone(
        await shop.up(program(clusterId, ["app"]), { ...options, replace: ["app"] }),
      );
      assert.deepEqual(writes(run.requests), []);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
    });

    it("with the import of another user left in the program fails before anything is lost", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app");
      const options = { options: { app: { import: `${clusterId}:app` } } };
      assertDone(await shop.up(program(clusterId, ["app"]), options));
      const run = await shop.up({ app: user(clusterId, "reader") }, options);
      assert.match(failureOf(run), /Importing SQL user .*:app failed.*describe .*:reader/);
      assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
    });
  });

  describe("read", () => {
    it("finds nothing after up, and keeps the password", async () => {
      const { shop, clusterId } = await lab();
      const args = {
        app: user(clusterId, "app", { keepers: { month: "1" } }),
        own: user(clusterId, "own", { password: canary }),
      };
      assertDone(await shop.up(args));
      const before = structuredClone([...shop.resources]);
      const refresh = assertDone(await shop.refresh());
      assert.deepEqual([refresh.steps, refresh.differences], [["same app", "same own"], {}]);
      assert.deepEqual([...shop.resources], before);
      assert.equal(refresh.requests.length, 1);
    });

    for (const [many, index] of [
      [300, 150],
      [1_500, 1_499],
    ] as const) {
      it(`finds the user at position ${index} of ${many}`, async () => {
        const { shop, emulator, clusterId } = await lab();
        const all = names(many);
        const name = all[index] as string;
        emulator.sqlUsers.add(
          clusterId,
          all.filter((other) => other !== name),
        );
        assertDone(await shop.up(program(clusterId, [name])));
        const refresh = assertDone(await shop.refresh());
        assert.deepEqual(refresh.steps, [`same ${name}`]);
        assert.equal(refresh.requests.length, Math.ceil(many / 500));
      });
    }

    it("of 1,200 users is three requests", async () => {
      const { shop, clusterId, time } = await lab();
      const all = names(1_200);
      const { requests } = assertDone(await shop.up(program(clusterId, all)));
      assert.equal(requests.length, 1_200);
      await time.advance(minute);
      const refresh = assertDone(await shop.refresh());
      assert.equal(refresh.steps.length, 1_200);
      assert.deepEqual(refresh.differences, {});
      assert.equal(refresh.requests.length, 3);
    }).timeout(60_000);

    it("finds a removed user deleted, and the next up makes it again with another password", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up(program(clusterId, ["app", "own"])));
      const before = passwordOf(shop, "app");
      emulator.sqlUsers.remove(clusterId, "app");
      assert.deepEqual(assertDone(await shop.refresh()).steps.sort(), ["delete app", "same own"]);
      assertDone(await shop.up(program(clusterId, ["app", "own"])));
      assert.notEqual(passwordOf(shop, "app"), before);
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", passwordOf(shop, "app")));
    });

    it("finds the user of a deleted cluster deleted", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up(program(clusterId, ["app"])));
      emulator.clusters.delete(clusterId);
      assert.deepEqual(assertDone(await shop.refresh()).steps, ["delete app"]);
    });

    it("by get responses names and no password", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app");
      const found = visible(await shop.get(`${clusterId}:app`));
      assert.deepEqual(found, { clusterId, name: "app" });
    });

    it("by get of nothing fails with one sentence", async () => {
      const { shop, clusterId } = await lab();
      await assert.rejects(
        shop.get(`${clusterId}:app`),
        /^Error: There is no SQL user with the id/,
      );
      for (const id of ["app", ":app", `${clusterId}:`]) {
        await assert.rejects(shop.get(id), new RegExp(`^Error: "${id}" is no id of a SQL user`));
      }
    });
  });

  describe("import", () => {
    const importing = (id: string) => ({ options: { app: { import: id } } });

    it("writes nothing, and leaves the password alone and unknown", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app", "password of the user");
      const args = program(clusterId, ["app"]);
      const run = assertDone(await shop.up(args, importing(`${clusterId}:app`)));
      assert.deepEqual(writes(run.requests), []);
      assert.deepEqual(shop.outputs("app"), { clusterId, name: "app" });
      assert.deepEqual(assertDone(await shop.up(args)).requests, []);
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", "password of the user"));
    });

    it("is followed by the password of the program, when it gives one later", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app");
      assertDone(await shop.up(program(clusterId, ["app"]), importing(`${clusterId}:app`)));
      assertDone(await shop.up({ app: user(clusterId, "app", { password: canary }) }));
      assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
    });

    it("with a password says that nobody checks it", async () => {
      const { shop, emulator, clusterId } = await lab();
      emulator.sqlUsers.add(clusterId, "app", "another password");
      const options = { options: { app: { import: `${clusterId}:app` } } };
      const program = { app: user(clusterId, "app", { password: canary }) };
      for (const run of [await shop.preview(program, options), await shop.up(program, options)]) {
        assert.deepEqual(
          assertDone(run).notes.map(({ severity, text }) => `${severity}: ${text}`),
          [
            `info: SQL user "app": Adopts the existing SQL user ${clusterId}:app; nothing is created. \`pulumi up\` compares the arguments with it, a preview does not.`,
            'warning: SQL user "app": The API never returns a password: the one in the program is taken as the user\'s own, and is not checked. To set it, change it after the import.',
          ],
        );
      }
      assert.deepEqual((await shop.preview(program, options)).notes, []);
    });

    it("of a user that does not exist, or of another, fails and writes nothing", async () => {
      const { shop, clusterId } = await lab();
      const args = program(clusterId, ["app"]);
      const missing = await shop.up(args, importing(`${clusterId}:app`));
      assert.match(
        failureOf(missing),
        /^Importing SQL user "app" of cluster .* failed: there is no such SQL user/,
      );
      const other = await shop.up(args, importing(`${clusterId}:other`));
      assert.match(failureOf(other), /the arguments describe .*:app/);
      assert.deepEqual(writes([...missing.requests, ...other.requests]), []);
    });
  });

  describe("delete", () => {
    it("is one request", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up(program(clusterId, ["app"])));
      const run = assertDone(await shop.destroy());
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["DeleteSQLUser"],
      );
      assert.deepEqual(emulator.sqlUsers.list(clusterId), []);
    });

    it("of a user that is deleted, or whose cluster is deleted, is a success", async () => {
      const { shop, emulator, clusterId } = await lab();
      assertDone(await shop.up(program(clusterId, ["app", "own"])));
      emulator.sqlUsers.remove(clusterId, "app");
      assertDone(await shop.up(program(clusterId, ["own"])));
      emulator.clusters.delete(clusterId);
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    });

    it("waits while the cluster is locked", async () => {
      const { shop, emulator, clusterId, time } = await lab({
        assumptions: { lockCoversSubresources: true },
      });
      assertDone(await shop.up(program(clusterId, ["app"])));
      emulator.clusters.lock(clusterId);
      void time.advance(10 * minute).then(() => emulator.clusters.unlock(clusterId));
      assertDone(await shop.destroy());
      assert.deepEqual(emulator.sqlUsers.list(clusterId), []);
    });
  });

  describe("state of the bridged provider", () => {
    async function bridged(password: string | undefined) {
      const started = await lab();
      const { emulator, shop, clusterId } = started;
      emulator.sqlUsers.add(clusterId, "app", canary);
      const outputs = { clusterId, name: "app", ...(password && { password }) };
      shop.resources.set("app", {
        id: `${clusterId}:app`,
        inputs: { ...outputs, __defaults: [] },
        outputs: { ...outputs, id: `${clusterId}:app` },
        initErrors: [],
      });
      return started;
    }

    for (const [what, more] of [
      ["without a password", {}],
      ["with the same password", { password: canary }],
      ["with keepers", { keepers: { month: "1" } }],
    ] as const) {
      it(`is adopted without a write, its password kept, by arguments ${what}`, async () => {
        const { shop, emulator, clusterId } = await bridged(canary);
        const args = { app: user(clusterId, "app", more) };
        const run = assertDone(await shop.up(args));
        assert.deepEqual([run.steps, run.requests], [["update app"], []]);
        assert.equal(passwordOf(shop, "app"), canary);
        assert.ok(emulator.sqlUsers.hasPassword(clusterId, "app", canary));
        assert.deepEqual(assertDone(await shop.up(args)).steps, ["same app"]);
        assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      });
    }

    it("is not replaced: another name fails the preview, until the program says the one that it has", async () => {
      const { shop, emulator, clusterId } = await bridged(canary);
      const other = { app: user(clusterId, "application", {}) };
      assert.equal(
        failureOf(await shop.preview(other)),
        'The state of another provider has this otherwise: name is "app" but the program has "application". Moving to this provider replaces nothing: make the arguments equal to what there is, and change them after the move.',
      );
      assert.equal(failureOf(await shop.up(other)), failureOf(await shop.preview(other)));
      assert.deepEqual(emulator.requests.length, 0);
      assertDone(await shop.up({ app: user(clusterId, "app", {}) }));
      assertDone(await shop.up(other));
    });

    it("without a password stays without", async () => {
      const { shop, clusterId } = await bridged(undefined);
      assert.deepEqual(assertDone(await shop.up(program(clusterId, ["app"]))).requests, []);
      assert.deepEqual(shop.outputs("app"), { clusterId, name: "app" });
    });
  });
});

/** The provider as the server calls it, with its secrets still wrapped. */
function rawProvider(emulator: UserLab["emulator"]) {
  const { signal } = new AbortController();
  const environment = { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: emulator.apiKey };
  const provider = toDynamicProvider(lifecycle, () => ({
    environment,
    connect: (settings) => connect(settings, systemClock, signal),
    reporter: { report: async () => {} },
    clock: systemClock,
    signal,
    run: new RunRecord(),
  }));
  return { provider };
}

/** What would be written in plain. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return "[secret]";
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)]),
  );
}

import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Database, lifecycle } from "../../provider/database";
import type { PartLab } from "../support/cluster-parts";
import {
  assertUnknownsPass,
  beingCreated,
  failuresOf,
  putForeign,
  startPartLab,
} from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { bodies, count, writes } from "../support/engine-model/requests";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";
import { lostResponses } from "../support/lost-responses";

const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
/** As the class does. */
const first = { options: { shop: { deleteBeforeReplace: true } } };
/** As a user may say. */
const later = { options: { shop: { deleteBeforeReplace: false } } };

describe("Database", () => {
  checkEmulators();

  const start = (options = {}): Promise<PartLab> => startPartLab(lifecycle, "STANDARD", options);

  /** A cluster with the database `shop`, managed by the stack. */
  async function withDatabase(options = {}): Promise<PartLab> {
    const lab = await start(options);
    assertDone(await lab.shop.up({ shop: { clusterId: lab.id, name: "shop" } }));
    return lab;
  }

  const notesOf = (run: Run) => run.notes.map(({ severity, text }) => `${severity}: ${text}`);
  const namesOn = ({ emulator, id }: Pick<PartLab, "emulator" | "id">) =>
    emulator.databases
      .list(id)
      .map(({ name }) => name)
      .filter((name) => !["defaultdb", "postgres", "system"].includes(name));

  it("registers itself under its names", async () => {
    const seen: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        seen.push(args);
        return { id: args.name, state: args.inputs };
      },
      call: () => ({}),
    });
    const database = new Database("shop", { clusterId, name: "shop" });
    await new Promise((resolve) => database.urn.apply(resolve));
    assert.ok(Database.isInstance(database));
    assert.ok(Database.isInstance(Database.get("there", `${clusterId}:shop`)));
    assert.equal(seen[0]?.type, "pulumi-nodejs:dynamic/cockroachdb-cloud:Database");
    assert.match(seen[0]?.inputs["__provider"], /provider\/database'/);
  });

  describe("check", () => {
    const form = (shown: string) =>
      `name: must have 1 to 63 letters, digits, "_", "." and "-", and not begin with "." or "-"; it is the string "${shown}".`;
    const rows: [string, object, string[]][] = [
      ["a name", {}, []],
      ["the shortest name", { name: "a" }, []],
      ["the longest name", { name: "a".repeat(63) }, []],
      ["everything that is allowed", { name: "_A9.b-c" }, []],
      ["a digit first", { name: "2026" }, []],
      ["nothing", { name: "" }, [form("")]],
      ["64 characters", { name: "a".repeat(64) }, [form(`${"a".repeat(60)}…`)]],
      ["a dash first", { name: "-a" }, [form("-a")]],
      ["a space", { name: "my shop" }, [form("my shop")]],
      ["a slash", { name: "a/b" }, [form("a/b")]],
      ["other letters", { name: "größe" }, [form("größe")]],
      [
        "the database of CockroachDB",
        { name: "system" },
        ['name: must not be "system": that database belongs to CockroachDB itself.'],
      ],
      [
        "everything wrong at once",
        { clusterId: "orders", name: undefined, tables: 3 },
        [
          'clusterId: must be the id of a cluster, a UUID, not the string "orders". Pass the Cluster of the program, or its id; getCluster({ name: "orders" }) reads the id of an existing one.',
          "name: is required: give a string.",
          "tables: is not an argument here. Check its spelling.",
        ],
      ],
    ];
    for (const [title, change, expected] of rows) {
      it(`says of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        assert.deepEqual(failuresOf(lifecycle, { clusterId, name: "shop", ...change }), expected);
      });
    }

    it("lets unknown values pass, and no replacement be hidden by one", () => {
      const args = { clusterId, name: "shop" };
      assertUnknownsPass(lifecycle, `${clusterId}:shop`, args, ["clusterId"]);
    });

    it("warns of a database that every cluster has, when it is new", () => {
      for (const name of ["defaultdb", "postgres"]) {
        const { notes } = lifecycle.check({}, { clusterId, name });
        assert.equal(notes[0]?.severity, "warning");
        assert.match(String(notes[0]?.message), new RegExp(`import: "<cluster id>:${name}"`));
        assert.deepEqual(lifecycle.check({ clusterId, name }, { clusterId, name }).notes, []);
      }
    });
  });

  describe("lives", () => {
    it("with one POST, one PATCH for a new name, and one DELETE", async () => {
      const lab = await start();
      const { shop, id } = lab;
      const preview = assertDone(await shop.preview({ shop: { clusterId: id, name: "shop" } }));
      assert.deepEqual([preview.steps, preview.requests], [["create shop"], []]);

      const created = assertDone(await shop.up({ shop: { clusterId: id, name: "shop" } }));
      assert.equal(shop.resource().id, `${id}:shop`);
      assert.deepEqual(shop.outputs(), { clusterId: id, name: "shop" });
      assert.deepEqual(
        created.requests.map(({ operation }) => operation),
        ["CreateDatabase"],
      );
      assert.deepEqual(bodies(created.requests, "CreateDatabase"), [{ name: "shop" }]);
      assert.deepEqual(created.notes, []);

      const same = assertDone(await shop.up({ shop: { clusterId: id, name: "shop" } }));
      assert.deepEqual([same.steps, same.requests], [["same shop"], []]);
      assert.deepEqual((await shop.refresh()).differences, {});

      for (const [before, name] of [
        ["shop", "store"],
        ["store", "store-2"],
      ] as const) {
        const program = { shop: { clusterId: id, name } };
        assert.deepEqual((await shop.preview(program)).notes, []);
        const run = assertDone(await shop.up(program));
        assert.deepEqual([run.steps, run.notes], [["update shop"], []]);
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          ["EditDatabase"],
        );
        assert.deepEqual(bodies(run.requests, "EditDatabase"), [{ name: before, new_name: name }]);
        assert.equal(shop.resource().id, `${id}:shop`, "the id keeps the first name");
        assert.deepEqual(shop.outputs(), { clusterId: id, name });
        assert.deepEqual(namesOn(lab), [name]);
        assert.deepEqual((await shop.refresh()).differences, {});
        assert.deepEqual(assertDone(await shop.up(program)).requests, []);
      }

      lab.emulator.databases.add(id, "store-2", 12);
      const deleted = assertDone(await shop.destroy());
      assert.deepEqual(
        deleted.requests.map(({ operation }) => operation),
        ["DeleteDatabase"],
      );
      assert.deepEqual(notesOf(deleted), [
        `warning: Database "store-2" of cluster ${id} was deleted with all its data (tables: 12).`,
      ]);
      assert.deepEqual(namesOn(lab), []);
    });

    it("with a name that must be escaped", async () => {
      const lab = await start();
      const { shop, id } = lab;
      assertDone(await shop.up({ shop: { clusterId: id, name: "Shop.v1" } }));
      assertDone(await shop.up({ shop: { clusterId: id, name: "Shop.v2" } }));
      assert.deepEqual(namesOn(lab), ["Shop.v2"]);
      assertDone(await shop.destroy());
      assert.deepEqual(namesOn(lab), []);
    });

    for (const [title, options] of [
      ["the old one first", first],
      ["the new one first", later],
    ] as const) {
      it(`on another cluster, ${title}, with a warning in the preview`, async () => {
        const { emulator, shop, id, newCluster } = await withDatabase();
        assertDone(await shop.up({ shop: { clusterId: id, name: "store" } }));
        const other = newCluster("orders-2");
        const program = { shop: { clusterId: other, name: "store" } };
        const preview = assertDone(await shop.preview(program, options));
        assert.deepEqual(preview.steps, ["replace shop"]);
        assert.deepEqual(notesOf(preview), [
          `warning: Another cluster means another database: "store" of cluster ${id} is deleted with all its data, and the new one is empty.`,
        ]);
        assertDone(await shop.up(program, options));
        assert.equal(shop.resource().id, `${other}:store`);
        assert.deepEqual(namesOn({ emulator, id }), []);
        assert.deepEqual(namesOn({ emulator, id: other }), ["store"]);
      });
    }

    it("through a replacement that was asked for", async () => {
      const lab = await withDatabase();
      lab.emulator.databases.add(lab.id, "shop", 3);
      const program = { shop: { clusterId: lab.id, name: "shop" } };
      const run = assertDone(await lab.shop.up(program, { ...first, replace: ["shop"] }));
      assert.deepEqual(writes(run.requests), ["DeleteDatabase", "CreateDatabase"]);
      assert.deepEqual(namesOn(lab), ["shop"]);
      assert.match(String(notesOf(run)[0]), /was deleted with all its data \(tables: 3\)/);
    });

    it("among a thousand, with a handful of requests for a refresh", async () => {
      const { emulator, shop, id } = await start();
      const names = Array.from({ length: 1_000 }, (_, index) => `shop_${index}`);
      emulator.databases.add(id, names);
      for (const name of names) {
        const args = { clusterId: id, name };
        const inputs = shop.registered(name, args);
        const outputs = { ...inputs, __inputs: args };
        shop.resources.set(name, { id: `${id}:${name}`, inputs, outputs, initErrors: [] });
      }
      const run = await shop.refresh();
      assert.deepEqual([run.failures, run.differences], [[], {}]);
      assert.equal(shop.resources.size, 1_000);
      assert.ok(run.requests.length <= 3, `${run.requests.length} requests`);
    });
  });

  describe("create", () => {
    it("refuses a database that is there already, and says how to adopt it", async () => {
      const { emulator, shop, id } = await start();
      emulator.databases.add(id, "shop", 7);
      const run = await shop.up({ shop: { clusterId: id, name: "shop" } });
      assert.match(
        failureOf(run),
        new RegExp(
          `^Creating database "shop" on cluster ${id} failed: 409 database 'shop' already exists.* To manage the database here, add the option {import: "${id}:shop"} to the resource; otherwise choose another name. If this run replaces it .*deleteBeforeReplace: true instead.$`,
        ),
      );
      assert.equal(count(run.requests, "CreateDatabase"), 1);
      assert.equal(shop.resources.size, 0);
    });

    it("refuses what every cluster has, and says how to adopt it", async () => {
      const { shop, id } = await start();
      const run = await shop.up({ shop: { clusterId: id, name: "defaultdb" } });
      assert.match(failureOf(run), /already exists.*import: ".*:defaultdb"/);
    });

    it("waits for a cluster that is being created", async () => {
      const lab = await start();
      const { emulator, shop } = lab;
      const id = await beingCreated(emulator);
      assertDone(await shop.up({ shop: { clusterId: id, name: "shop" } }));
      assert.deepEqual(namesOn({ emulator, id }), ["shop"]);
    });

    for (const fault of lostResponses) {
      it(`searches for a database whose response was lost: ${JSON.stringify(fault)}`, async () => {
        const { emulator, shop, id } = await start();
        emulator.faults.add("CreateDatabase", fault);
        const run = assertDone(await shop.up({ shop: { clusterId: id, name: "shop" } }));
        assert.equal(count(run.requests, "CreateDatabase"), 1);
        assert.deepEqual(shop.outputs(), { clusterId: id, name: "shop" });
      });
    }

    it("does not take a database of every cluster for its own when a response is lost", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("CreateDatabase", { status: 500 });
      const run = await shop.up({ shop: { clusterId: id, name: "defaultdb" } });
      assert.match(failureOf(run), /failed: 500/);
      assert.equal(shop.resources.size, 0);
    });

    it("says so when it manages a database that it found after a lost response", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("CreateDatabase", { reset: "after-effect" });
      const run = assertDone(await shop.up({ shop: { clusterId: id, name: "shop" } }));
      assert.match(
        String(notesOf(run)[0]),
        /^warning: .* was lost\..*: deleting this resource deletes it with its data\.$/,
      );
    });

    it("fails when the response was lost and there is no database", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("CreateDatabase", { reset: "before-effect" });
      const program = { shop: { clusterId: id, name: "shop" } };
      assert.match(failureOf(await shop.up(program)), /broke before the response was complete/);
      assert.equal(shop.resources.size, 0);
      assertDone(await shop.up(program));
    });

    it("is over when the user's time-out is", async () => {
      const { emulator, shop, id } = await start({ assumptions: { lockCoversSubresources: true } });
      emulator.clusters.lock(id);
      const options = { shop: { customTimeouts: { create: "5m" } } };
      const run = await shop.up({ shop: { clusterId: id, name: "shop" } }, { options });
      assert.match(
        failureOf(run),
        /The cluster was not free for 5 min and was last seen MAINTENANCE_RUNNING/,
      );
      assert.ok(run.elapsedMs >= 5 * 60_000 && run.elapsedMs < 6 * 60_000, `${run.elapsedMs}`);
    });
  });

  describe("rename", () => {
    it("leaves the id to another database of the first name, and each can be deleted", async () => {
      for (const [kept, removed] of [
        ["shop", "other"],
        ["other", "shop"],
      ] as const) {
        const lab = await withDatabase();
        const both = {
          shop: { clusterId: lab.id, name: "store" },
          other: { clusterId: lab.id, name: "shop" },
        };
        assertDone(await lab.shop.up({ shop: both.shop }));
        await lab.time.advance(1_000);
        assertDone(await lab.shop.up(both));
        assert.equal(lab.shop.resource("other").id, lab.shop.resource("shop").id);
        assertDone(await lab.shop.up({ [kept]: both[kept] }));
        assert.deepEqual(namesOn(lab), [both[kept].name], `${removed} is deleted`);
      }
    });

    for (const fault of [{ reset: "after-effect" }, { status: 500, effect: "after" }] as const) {
      it(`recovers from a lost response: ${JSON.stringify(fault)}`, async () => {
        const lab = await withDatabase();
        lab.emulator.faults.add("EditDatabase", fault);
        const run = assertDone(await lab.shop.up({ shop: { clusterId: lab.id, name: "store" } }));
        assert.equal(count(run.requests, "EditDatabase"), 1);
        assert.deepEqual(namesOn(lab), ["store"]);
        assert.equal(lab.shop.outputs()["name"], "store");
      });
    }

    it("that a kill has kept out of the state is found", async () => {
      const lab = await withDatabase();
      lab.emulator.databases.rename(lab.id, "shop", "store");
      assertDone(await lab.shop.up({ shop: { clusterId: lab.id, name: "store" } }));
      assert.equal(lab.shop.outputs()["name"], "store");
    });

    it("that was lost fails, and the next one makes it", async () => {
      const lab = await withDatabase();
      lab.emulator.faults.add("EditDatabase", { reset: "before-effect" });
      const program = { shop: { clusterId: lab.id, name: "store" } };
      failureOf(await lab.shop.up(program));
      assert.deepEqual(assertDone(await lab.shop.up(program)).steps, ["update shop"]);
      assert.deepEqual(namesOn(lab), ["store"]);
    });

    it("to a name that is taken fails, and says what to do", async () => {
      const lab = await withDatabase();
      lab.emulator.databases.add(lab.id, "store");
      const run = await lab.shop.up({ shop: { clusterId: lab.id, name: "store" } });
      assert.match(
        failureOf(run),
        /409 database 'store' already exists.* Choose another name, or rename or delete the database that has it first\.$/,
      );
      assert.deepEqual(namesOn(lab), ["shop", "store"]);
      assert.equal(lab.shop.outputs()["name"], "shop");
    });

    it("on a cluster that is deleted fails", async () => {
      const { emulator, shop, id } = await withDatabase();
      emulator.clusters.delete(id);
      const text = failureOf(await shop.up({ shop: { clusterId: id, name: "store" } }));
      assert.match(text, /^Renaming database "shop" on cluster .* failed: 404/);
    });

    it("of a database that is deleted fails", async () => {
      const { emulator, shop, id } = await withDatabase();
      emulator.databases.remove(id, "shop");
      const text = failureOf(await shop.up({ shop: { clusterId: id, name: "store" } }));
      assert.match(text, /^Renaming database "shop" on cluster .* failed: 404/);
    });
  });

  describe("drift", () => {
    it("to another name, or to none, is reported as deleted and repaired", async () => {
      for (const vanish of [
        ({ emulator, id }: PartLab) => emulator.databases.rename(id, "shop", "elsewhere"),
        ({ emulator, id }: PartLab) => emulator.databases.remove(id, "shop"),
      ]) {
        const lab = await withDatabase();
        vanish(lab);
        assert.deepEqual((await lab.shop.refresh()).steps, ["delete shop"]);
        assertDone(await lab.shop.up({ shop: { clusterId: lab.id, name: "shop" } }));
        assert.ok(namesOn(lab).includes("shop"));
      }
    });
  });

  describe("import", () => {
    const importing = (id: string) => ({ options: { shop: { import: id } } });

    it("adopts what is there, and writes nothing", async () => {
      for (const name of ["shop", "defaultdb"]) {
        const { emulator, shop, id } = await start();
        emulator.databases.add(id, name, 7);
        const program = { shop: { clusterId: id, name } };
        const run = assertDone(await shop.up(program, importing(`${id}:${name}`)));
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          ["ListDatabases"],
        );
        assert.deepEqual(shop.outputs(), { clusterId: id, name });
        assert.deepEqual((await shop.refresh()).differences, {});
      }
    });

    it("says when there is none, and when the id is another", async () => {
      const { shop, id } = await start();
      const program = { shop: { clusterId: id, name: "shop" } };
      assert.match(
        failureOf(await shop.up(program, importing(`${id}:shop`))),
        /there is no such database, or this credential may not see it/,
      );
      assert.match(
        failureOf(await shop.up(program, importing(`${id}:store`))),
        /^Importing database .*:store failed: the arguments describe .*:shop\. The option import takes the id/,
      );
      assert.match(
        failureOf(
          await shop.up({ shop: { clusterId, name: "shop" } }, importing(`${clusterId}:shop`)),
        ),
        /this credential may not see it/,
      );
    });
  });

  describe("state of the bridged provider", () => {
    it("is adopted without a request, also after a rename", async () => {
      const lab = await start();
      const { emulator, shop, id } = lab;
      emulator.databases.add(id, "store");
      const outputs = { clusterId: id, name: "store" };
      putForeign(shop, "shop", { id: `${id}:shop`, inputs: outputs, outputs });
      const program = { shop: { clusterId: id, name: "store" } };
      const run = assertDone(await shop.up(program));
      assert.deepEqual([run.steps, run.requests], [["update shop"], []]);
      assert.deepEqual(shop.outputs(), outputs);
      assert.deepEqual(assertDone(await shop.up(program)).steps, ["same shop"]);
      assertDone(await shop.destroy());
      assert.deepEqual(namesOn(lab), []);
    });

    it("is brought in line when the program says something else", async () => {
      const lab = await start();
      lab.emulator.databases.add(lab.id, "shop");
      const outputs = { name: "shop" };
      putForeign(lab.shop, "shop", { id: `${lab.id}:shop`, inputs: {}, outputs });
      const run = assertDone(await lab.shop.up({ shop: { clusterId: lab.id, name: "store" } }));
      assert.deepEqual([run.steps, run.requests.length], [["update shop"], 1]);
      assert.deepEqual(namesOn(lab), ["store"]);
    });
  });

  describe("delete", () => {
    it("succeeds without the database, and without the cluster, and then warns of nothing", async () => {
      // The DELETE, and a read because a 404 may be a stray one; then one whether there is a cluster.
      const reads = ["DeleteDatabase", "ListDatabases"];
      const further = ["ListClusters", "GetCluster"];
      for (const [vanish, expected] of [
        [({ emulator, id }: PartLab) => emulator.databases.remove(id, "shop"), reads],
        [({ emulator, id }: PartLab) => void emulator.clusters.delete(id), [...reads, ...further]],
      ] as const) {
        const lab = await withDatabase();
        vanish(lab);
        const run = assertDone(await lab.shop.destroy());
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          expected,
        );
        assert.deepEqual(run.notes, []);
        assert.equal(lab.shop.resources.size, 0);
      }
    });

    it("waits for a cluster that is busy", async () => {
      const lab = await withDatabase({ assumptions: { lockCoversSubresources: true } });
      lab.emulator.clusters.lock(lab.id, 10 * 60_000);
      assertDone(await lab.shop.destroy());
      assert.deepEqual(namesOn(lab), []);
    });

    it("recovers from a lost response", async () => {
      const lab = await withDatabase();
      lab.emulator.faults.add("DeleteDatabase", { reset: "after-effect" });
      const run = assertDone(await lab.shop.destroy());
      assert.match(String(notesOf(run)[0]), /"shop" of cluster .* was deleted with all its data\./);
      assert.deepEqual(namesOn(lab), []);
    });

    it("is followed by a refresh that finds the cluster deleted", async () => {
      const { emulator, shop, id } = await withDatabase();
      emulator.clusters.delete(id);
      assert.deepEqual((await shop.refresh()).steps, ["delete shop"]);
    });
  });

  describe("get", () => {
    it("returns a database, and says when there is none", async () => {
      const { emulator, shop, id } = await start();
      await assert.rejects(shop.get(`${id}:shop`), /There is no database with the id/);
      emulator.databases.add(id, "shop");
      assert.deepEqual(visible(await shop.get(`${id}:shop`)), { clusterId: id, name: "shop" });
    });
  });
});

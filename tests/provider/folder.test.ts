import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { EmulatorOptions } from "../../emulator";
import { Cluster } from "../../provider/cluster";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import { Folder, lifecycle } from "../../provider/folder";
import { basic } from "../support/builders";
import { assertUnknownsPass, failuresOf, putForeign } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import type { Lab } from "../support/engine-model/lab";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import type { Stack } from "../support/engine-model/stack";
import { visible } from "../support/engine-model/values";
import { kinds } from "../support/kinds";

const folderId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
const team = { name: "payments" };

describe("Folder", () => {
  checkEmulators();

  async function start(options: EmulatorOptions = {}): Promise<Lab & { shop: Stack }> {
    const lab = await startLab(options);
    return { ...lab, shop: lab.stack({ serve: (host) => toDynamicProvider(lifecycle, host) }) };
  }

  it("registers itself, and gives its id to folders and clusters in it", async () => {
    const seen: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        seen.push(args);
        return { id: `id of ${args.name}`, state: args.inputs };
      },
      call: () => ({}),
    });
    const outer = new Folder("outer", team);
    const inner = new Folder("inner", { name: "inner", parentId: outer });
    const cluster = new Cluster("db", {
      ...(basic() as never as object),
      parentId: inner,
    } as never);
    await new Promise((resolve) => cluster.urn.apply(resolve));
    assert.ok(Folder.isInstance(outer));
    assert.ok(Folder.isInstance(Folder.get("there", folderId)));
    assert.equal(seen[0]?.type, "pulumi-nodejs:dynamic/cockroachdb-cloud:Folder");
    assert.deepEqual(
      seen.slice(0, 3).map(({ inputs }) => inputs["parentId"]),
      [undefined, "id of outer", "id of inner"],
    );
  });

  describe("check", () => {
    const form =
      "name: must have 3 to 40 letters, digits, spaces, dashes, underscores and apostrophes, and begin and end with a letter or digit.";
    const rows: [string, object, string[]][] = [
      ["a name with everything that is allowed", { name: "a'b c_d-9" }, []],
      ["the root", { parentId: "root" }, []],
      ["a name of two characters", { name: "ab" }, [form]],
      ["a name of 41 characters", { name: "a".repeat(41) }, [form]],
      ["a name with a slash", { name: "a/b" }, [form]],
      ["a name that ends with a space", { name: "abc " }, [form]],
      [
        "a parent that is no UUID",
        { parentId: "company" },
        [
          'parentId: must be "root" or the id of a folder, a UUID, not the string "company". getFolder({ path: "/payments" }) reads the id of an existing folder.',
        ],
      ],
      [
        "a label key with a capital",
        { labels: { Team: "a" } },
        [
          "labels.Team: must have a key that begins with a lowercase letter and has at most 63 lowercase letters, digits, dashes and underscores.",
        ],
      ],
      [
        "51 labels",
        { labels: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ""])) },
        ["labels: must be at most 50, and there are 51."],
      ],
    ];
    for (const [title, change, expected] of rows) {
      it(`reports of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        assert.deepEqual(failuresOf(lifecycle, { ...team, ...change }), expected);
      });
    }

    it("lets unknown values pass", () => {
      assertUnknownsPass(lifecycle, folderId, { ...team, parentId: folderId }, []);
    });
  });

  it("sends one request for each change, with what has changed alone", async () => {
    const { emulator, shop } = await start();
    const parentId = emulator.folders.add("company");
    assertDone(await shop.up({ team: { ...team, labels: { a: "1" } } }));
    const id = shop.resource("team").id;
    const { organizationId, ...outputs } = visible(shop.resource("team").outputs);
    assert.deepEqual(outputs, {
      name: "payments",
      parentId: "root",
      labels: { a: "1" },
      path: [],
      fullPath: "/payments",
    });
    assert.equal(typeof organizationId, "string");
    const change = { name: "payments eu", parentId, labels: {} };
    const changed = await shop.up({ team: change });
    assertDone(changed);
    assert.deepEqual(bodies(changed.requests, "UpdateFolder"), [
      { name: "payments eu", parent_id: parentId, labels: {} },
    ]);
    assert.match(String(changed.notes[0]?.text), /\/payments" moves with everything in it/);
    assert.equal(visible(shop.resource("team").outputs)["fullPath"], "/company/payments eu");
    const renamed = await shop.up({ team: { ...change, name: "billing" } });
    assert.deepEqual(bodies(renamed.requests, "UpdateFolder"), [{ name: "billing" }]);
    assert.deepEqual((await shop.up({ team: { ...change, name: "billing" } })).steps, [
      "same team",
    ]);
    assert.equal(shop.resource("team").id, id);
    const destroyed = await shop.destroy();
    assertDone(destroyed);
    assert.deepEqual(writes(destroyed.requests), ["DeleteFolder"]);
  });

  it("cannot contain itself, which the preview reports", async () => {
    const { shop } = await start();
    assertDone(await shop.up({ team }));
    const { id } = shop.resource("team");
    const run = await shop.preview({ team: { ...team, parentId: id } });
    assert.match(
      failureOf(run),
      new RegExp(
        `Folder "payments" \\(${id}\\) cannot contain itself: give parentId the id of another folder, or "root"\\.`,
      ),
    );
  });

  it("does not manage what the program leaves out, and reports the drift of the rest", async () => {
    const { emulator, shop } = await start();
    assertDone(await shop.up({ team }));
    const { id } = shop.resource("team");
    emulator.folders.label(id, { owner: "finance" });
    assert.deepEqual((await shop.refresh()).differences, {});
    emulator.folders.rename(id, "paiements");
    assert.deepEqual((await shop.refresh()).differences, { team: ["name"] });
    assertDone(await shop.up({ team }));
    assert.deepEqual(
      emulator.folders.list().map(({ name, labels }) => [name, labels]),
      [["payments", { owner: "finance" }]],
    );
    emulator.folders.remove(id);
    assertDone(await shop.refresh());
    assert.equal(shop.resources.size, 0);
  });

  describe("create", () => {
    it("finds what a POST without a response has created", async () => {
      const { emulator, shop } = await start();
      emulator.faults.add("CreateFolder", { reset: "after-effect" });
      const run = await shop.up({ team });
      assertDone(run);
      assert.equal(count(run.requests, "CreateFolder"), 1);
      assert.equal(emulator.folders.list().length, 1);
      assert.equal(shop.resource("team").id, emulator.folders.list()[0]?.resource_id);
      assert.match(String(run.notes[0]?.text), /A folder of this name was found afterwards/);
    });

    it("does not take a folder with other labels for the lost one", async () => {
      const { emulator, shop } = await start();
      emulator.folders.add("payments", { labels: { owner: "others" } });
      emulator.faults.add("CreateFolder", { reset: "before-effect" });
      const run = await shop.up({ team });
      assert.equal(run.failures.length, 1);
      assert.equal(shop.resources.size, 0);
    });

    it("names the import also where the API refuses the name with 400, and else only what the API says", async () => {
      const { emulator, shop } = await start({
        assumptions: { duplicateFolder: { status: 400, code: 3 } },
      });
      const id = emulator.folders.add("payments");
      const refused = await shop.up({ team });
      assert.ok(failureOf(refused).includes(`{import: "${id}"}`), failureOf(refused));
      emulator.folders.remove(id);
      emulator.faults.add("CreateFolder", { status: 400, message: "too many folders" });
      const full = failureOf(await shop.up({ team }));
      assert.match(full, /too many folders/);
      assert.ok(!full.includes("import"), full);
    });

    it("refuses an existing folder with the import that adopts it, which writes nothing", async () => {
      const { emulator, shop } = await start();
      const id = emulator.folders.add("payments", { labels: { a: "1" } });
      const refused = await shop.up({ team });
      assert.ok(failureOf(refused).includes(`{import: "${id}"}`), failureOf(refused));
      const adopted = await shop.up({ team }, { options: { team: { import: id } } });
      assertDone(adopted);
      assert.deepEqual(writes(adopted.requests), []);
      const other = await start();
      const there = other.emulator.folders.add("billing");
      const run = await other.shop.up({ team }, { options: { team: { import: there } } });
      assert.match(failureOf(run), /name is "billing"/);
      const missing = await other.shop.up({ team }, { options: { team: { import: folderId } } });
      assert.match(
        failureOf(missing),
        /there is no such folder, or this credential may not see it/,
      );
    });
  });

  it("adopts state of the bridged provider without a write", async () => {
    const { emulator, shop } = await start();
    const id = emulator.folders.add("payments", { labels: { a: "1" } });
    putForeign(shop, "team", {
      id,
      outputs: { name: "payments", parentId: "root", path: "/payments" },
    });
    const run = await shop.up({ team });
    assertDone(run);
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual(emulator.folders.list()[0]?.labels, { a: "1" });
  });

  describe("delete", () => {
    async function withFolder(options: EmulatorOptions = {}) {
      const lab = await start(options);
      assertDone(await lab.shop.up({ team }));
      return { ...lab, id: lab.shop.resource("team").id };
    }

    it("is refused while something is in the folder, lists it, and loses nothing", async () => {
      const { emulator, shop, id } = await withFolder();
      for (let index = 10; index < 22; index += 1) {
        emulator.folders.add(`folder-${index}`, { parentId: id });
      }
      const run = await shop.destroy();
      assert.match(failureOf(run), /400/);
      assert.match(
        failureOf(run),
        /The folder holds folder "folder-10" \([0-9a-f-]{36}\), .* and 2 more: move or delete them first\./,
      );
      assert.equal(shop.resource("team").id, id);
      assert.equal(emulator.folders.list().length, 13);
      for (const { resource_id, parent_id } of emulator.folders.list()) {
        if (parent_id === id) emulator.folders.remove(resource_id);
      }
    });

    it("waits for the clusters in it that are being deleted", async () => {
      const { emulator, shop, id } = await withFolder({
        assumptions: { deletingClusterHoldsFolder: "always" },
      });
      const cluster = emulator.clusters.create({
        name: "orders-1",
        provider: "GCP",
        spec: { parent_id: id, plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      emulator.faults.holdNextDelete(60_000);
      await fetch(`${emulator.url}/api/v1/clusters/${cluster.id}`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${emulator.apiKey}`, "Cc-Version": "2024-09-16" },
      });
      const run = await shop.destroy();
      assertDone(run);
      assert.ok(run.elapsedMs >= 30_000, String(run.elapsedMs));
      assert.match(
        String(run.progress.at(-2)?.text),
        /waiting for the deletion of 1 cluster in it/,
      );
      assert.equal(run.progress.at(-1)?.text, "removed from the stack");
      assert.equal(emulator.folders.list().length, 0);
    });

    it("counts a folder that does not exist as deleted, unless a read finds it", async () => {
      const { emulator, shop, id } = await withFolder();
      emulator.faults.add("DeleteFolder", { status: 404, message: "not found" });
      assert.match(failureOf(await shop.destroy()), /It is still there: run the operation again/);
      assert.equal(shop.resource("team").id, id);
      emulator.folders.remove(id);
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    });
  });

  it("goes after the clusters and folders of the program that are in it", async () => {
    const lab = await startLab();
    const stack = lab.stack();
    const program = {
      team: new Declaration(kinds.Folder, team),
      eu: new Declaration(
        kinds.Folder,
        (outputsOf) => ({ name: "team eu", parentId: outputsOf("team")["id"] }),
        ["team"],
      ),
      db: new Declaration(
        kinds.Cluster,
        (outputsOf) => ({ ...basic(), parentId: outputsOf("eu")["id"] }),
        ["eu"],
      ),
    };
    assertDone(await stack.up(program));
    assert.equal(visible(stack.resource("eu").outputs)["fullPath"], "/payments/team eu");
    assertDone(await stack.destroy());
    assert.equal(lab.emulator.folders.list().length, 0);
  });
});

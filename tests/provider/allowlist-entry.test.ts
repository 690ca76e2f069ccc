import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { AllowlistEntry, lifecycle } from "../../provider/allowlist-entry";
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
const office = { cidrIp: "203.0.113.0", cidrMask: 24, name: "office", sql: true, ui: false };
const wire = { cidr_ip: "203.0.113.0", cidr_mask: 24, name: "office", sql: true, ui: false };
const everybody = { cidrIp: "0.0.0.0", cidrMask: 0, sql: true, ui: true };
/** As the class does. */
const first = { options: { entry: { deleteBeforeReplace: true } } };

describe("AllowlistEntry", () => {
  checkEmulators();

  const start = (
    plan: "BASIC" | "STANDARD" | "ADVANCED" = "ADVANCED",
    options = {},
  ): Promise<PartLab> => startPartLab(lifecycle, plan, options);

  /** A cluster with one entry, managed by the stack. */
  async function withEntry(options = {}): Promise<PartLab> {
    const lab = await start("ADVANCED", options);
    assertDone(await lab.shop.up({ entry: { clusterId: lab.id, ...office } }));
    return lab;
  }

  const notesOf = (run: Run) => run.notes.map(({ severity, text }) => `${severity}: ${text}`);

  it("registers itself under its names", async () => {
    const seen: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        seen.push(args);
        return { id: args.name, state: args.inputs };
      },
      call: () => ({}),
    });
    const entry = new AllowlistEntry("office", { clusterId, ...office });
    await new Promise((resolve) => entry.urn.apply(resolve));
    assert.ok(AllowlistEntry.isInstance(entry));
    assert.ok(
      AllowlistEntry.isInstance(AllowlistEntry.get("there", `${clusterId}:203.0.113.0/24`)),
    );
    assert.equal(seen[0]?.type, "pulumi-nodejs:dynamic/cockroachdb-cloud:AllowlistEntry");
    assert.match(seen[0]?.inputs["__provider"], /provider\/allowlist-entry'/);
  });

  describe("check", () => {
    const network = (ip: string, mask: number, asked: string) =>
      `cidrIp: must be the first address of its network: write cidrIp: "${ip}" for the network with cidrMask: ${mask}, or cidrMask: 32 for ${asked} alone.`;
    const address = (shown: string) =>
      `cidrIp: must be an IPv4 address such as "203.0.113.0", not the string "${shown}".`;
    const rows: [string, object, string[]][] = [
      ["a network", {}, []],
      ["a single address", { cidrIp: "198.51.100.7", cidrMask: 32 }, []],
      ["an entry without a name", { name: undefined }, []],
      ["every address", { cidrIp: "0.0.0.0", cidrMask: 0 }, []],
      ["half of all addresses", { cidrIp: "128.0.0.0", cidrMask: 1 }, []],
      ["the last address", { cidrIp: "255.255.255.255", cidrMask: 32 }, []],
      [
        "an address inside a network",
        { cidrIp: "203.0.113.7" },
        [network("203.0.113.0", 24, "203.0.113.7")],
      ],
      [
        "one that is off by one bit",
        { cidrIp: "10.0.0.1", cidrMask: 31 },
        [network("10.0.0.0", 31, "10.0.0.1")],
      ],
      ["a mask that was forgotten", { cidrMask: 0 }, [network("0.0.0.0", 0, "203.0.113.0")]],
      ["high bits", { cidrIp: "255.1.0.0", cidrMask: 8 }, [network("255.0.0.0", 8, "255.1.0.0")]],
      ["an octet above 255", { cidrIp: "256.0.0.0" }, [address("256.0.0.0")]],
      ["a leading zero", { cidrIp: "10.01.0.0" }, [address("10.01.0.0")]],
      ["three octets", { cidrIp: "10.0.0" }, [address("10.0.0")]],
      ["a host name", { cidrIp: "example.com" }, [address("example.com")]],
      ["nothing", { cidrIp: "" }, [address("")]],
      [
        "IPv6",
        { cidrIp: "2001:db8::", cidrMask: 32 },
        [
          'cidrIp: must be an IPv4 address, because the API takes no others, not the string "2001:db8::".',
        ],
      ],
      [
        "both in one",
        { cidrIp: "203.0.113.0/24" },
        [
          'cidrIp: must be the address alone, not the string "203.0.113.0/24": write cidrIp: "203.0.113.0", cidrMask: 24.',
        ],
      ],
      [
        "an address and a mask in one",
        { cidrIp: "203.0.113.7/24" },
        [
          'cidrIp: must be the address alone, not the string "203.0.113.7/24": write cidrIp: "203.0.113.0", cidrMask: 24, or cidrIp: "203.0.113.7", cidrMask: 32 for that address alone.',
        ],
      ],
      ["too many bits in one", { cidrIp: "203.0.113.0/33" }, [address("203.0.113.0/33")]],
      ["a mask too much", { cidrIp: "203.0.113.0/24/8" }, [address("203.0.113.0/24/8")]],
      ["something before it", { cidrIp: "a/10.0.0.0/24" }, [address("a/10.0.0.0/24")]],
      ["half of both in one", { cidrIp: "203.0.113.0/" }, [address("203.0.113.0/")]],
      ["a wrong address in one", { cidrIp: "203.0.113/24" }, [address("203.0.113/24")]],
      ["a mask of 33", { cidrMask: 33 }, ["cidrMask: must be a whole number from 0 to 32."]],
      ["a mask of -1", { cidrMask: -1 }, ["cidrMask: must be a whole number from 0 to 32."]],
      ["half a bit", { cidrMask: 1.5 }, ["cidrMask: must be a whole number, not 1.5."]],
      [
        "a mask as text",
        { cidrMask: "24" },
        [
          'cidrMask: must be a number, not the string "24". If it comes from the configuration, read it with requireNumber.',
        ],
      ],
      [
        "everything wrong at once",
        {
          clusterId: "orders",
          cidrIp: 10,
          cidrMask: undefined,
          name: 5,
          sql: "yes",
          ui: undefined,
          port: 1,
        },
        [
          "cidrIp: must be a string, not 10.",
          "cidrMask: is required: give a number.",
          'clusterId: must be the id of a cluster, a UUID, not the string "orders". Pass the Cluster of the program, or its id; getCluster({ name: "orders" }) reads the id of an existing one.',
          "name: must be a string, not 5.",
          "port: is not an argument here. Check its spelling.",
          'sql: must be true or false, not the string "yes".',
          "ui: is required: give true or false.",
        ],
      ],
    ];
    for (const [title, change, expected] of rows) {
      it(`says of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        const args = { clusterId, ...office, ...change };
        const news = Object.fromEntries(
          Object.entries(args).filter(([, value]) => value !== undefined),
        );
        assert.deepEqual(failuresOf(lifecycle, news), expected);
      });
    }

    it("leaves an entry alone that is in state already, whatever its host bits", () => {
      const there = { clusterId, ...office, cidrIp: "203.0.113.7" };
      assert.deepEqual(failuresOf(lifecycle, { ...there, ui: true }, there), []);
      for (const change of [{ cidrMask: 25 }, { cidrIp: "203.0.113.9" }]) {
        assert.equal(failuresOf(lifecycle, { ...there, ...change }, there).length, 1);
      }
    });

    it("lets unknown values pass, and no replacement be hidden by one", () => {
      assertUnknownsPass(lifecycle, `${clusterId}:203.0.113.0/24`, { clusterId, ...office }, [
        "clusterId",
        "cidrIp",
        "cidrMask",
      ]);
    });

    it("names a wrong range beside everything else", () => {
      const news = { clusterId, cidrIp: "10.0.0.1", cidrMask: 8, ui: "x" };
      assert.deepEqual(
        failuresOf(lifecycle, news).map((text) => text.split(":", 1)[0]),
        ["cidrIp", "sql", "ui"],
      );
      const wrongMask = { ...news, cidrMask: 33, sql: true, ui: true };
      assert.deepEqual(failuresOf(lifecycle, wrongMask), [
        "cidrMask: must be a whole number from 0 to 32.",
      ]);
    });

    it("warns of an entry that lets nobody in, and of a long name, when it is new", () => {
      const messages = (change: object, olds: object = {}) =>
        lifecycle
          .check(olds, { clusterId, ...office, ...change })
          .notes.map(({ severity, message }) => `${severity}: ${message}`);
      const closed = { sql: false, ui: false };
      assert.deepEqual(messages(closed), [
        "warning: sql and ui are both false: the entry lets nobody in. Set one to true, or remove it.",
      ]);
      assert.deepEqual(messages(closed, closed), []);
      assert.equal(messages(closed, { sql: true, ui: false }).length, 1);
      assert.deepEqual(messages({ sql: false, ui: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }), []);
      const name = "n".repeat(256);
      assert.deepEqual(messages({ name }), [
        "warning: name has 256 characters: the API documents no maximum, and may refuse more than 255.",
      ]);
      assert.deepEqual(messages({ name: name.slice(1) }), []);
      assert.deepEqual(messages({ name }, { clusterId, ...office, name }), []);
    });

    it("warns of 0.0.0.0/0 when it is new, and never again", () => {
      const notes = (change: object, olds: object = {}) =>
        lifecycle.check(olds, { clusterId, ...everybody, ...change }).notes;
      assert.deepEqual(notes({}), [
        {
          severity: "warning",
          message:
            "0.0.0.0/0 opens the cluster to every address (SQL and the DB Console): passwords and certificates are then its only protection.",
        },
      ]);
      assert.match(String(notes({ ui: false })[0]?.message), /every address \(SQL\)/);
      assert.match(String(notes({ sql: false })[0]?.message), /every address \(the DB Console\)/);
      assert.deepEqual(
        notes({ sql: false, ui: false }).map(({ message }) => message.slice(0, 4)),
        ["sql "],
      );
      assert.deepEqual(notes({}, { clusterId, ...everybody }), []);
      assert.equal(notes({}, { clusterId, ...office }).length, 1);
    });
  });

  describe("lives", () => {
    it("with one POST, one PATCH, and one DELETE, each in force when it is over", async () => {
      const { emulator, shop, id } = await start();
      const entry = { clusterId: id, ...office };
      const preview = assertDone(await shop.preview({ entry }));
      assert.deepEqual([preview.steps, preview.requests], [["create entry"], []]);

      const created = assertDone(await shop.up({ entry }));
      assert.equal(shop.resource().id, `${id}:203.0.113.0/24`);
      assert.deepEqual(shop.outputs(), entry);
      assert.deepEqual(writes(created.requests), ["AddAllowlistEntry"]);
      assert.deepEqual(bodies(created.requests, "AddAllowlistEntry"), [wire]);
      assert.equal(emulator.allowlist.isPropagating(id), false);
      assert.ok(
        created.progress.some(({ text }) => text === "propagating · 6 s"),
        "shows progress",
      );
      assert.ok(created.requests.length <= 10, `${created.requests.length} requests`);
      assert.deepEqual(created.notes, []);

      const same = assertDone(await shop.up({ entry }));
      assert.deepEqual([same.steps, same.requests], [["same entry"], []]);
      assert.deepEqual((await shop.refresh()).differences, {});

      const others = { ...entry, name: "headquarters", sql: false, ui: true };
      const changed = assertDone(await shop.up({ entry: others }));
      assert.deepEqual(changed.differences, { entry: ["name", "sql", "ui"] });
      assert.deepEqual(writes(changed.requests), ["UpdateAllowlistEntry"]);
      assert.deepEqual(bodies(changed.requests, "UpdateAllowlistEntry"), [
        { name: "headquarters", sql: false, ui: true },
      ]);
      assert.equal(emulator.allowlist.isPropagating(id), false);
      assert.deepEqual(shop.outputs(), others);
      assert.deepEqual((await shop.refresh()).differences, {});

      const deleted = assertDone(await shop.destroy());
      assert.deepEqual(writes(deleted.requests), ["DeleteAllowlistEntry"]);
      // The list is empty now, and still reports that the removal is on its way.
      assert.equal(emulator.allowlist.isPropagating(id), false);
      assert.ok(
        deleted.elapsedMs >= 15_000 && deleted.elapsedMs < 20_000,
        `${deleted.elapsedMs} ms`,
      );
      assert.ok(
        deleted.progress.some(({ text }) => text === "propagating · 6 s"),
        "shows progress",
      );
      assert.deepEqual(emulator.allowlist.list(id), []);
    });

    it("without a name, which is then not managed", async () => {
      const { emulator, shop, id } = await start();
      const { name: _, ...unnamed } = office;
      const entry = { clusterId: id, ...unnamed };
      const created = assertDone(await shop.up({ entry }));
      assert.deepEqual(bodies(created.requests, "AddAllowlistEntry"), [{ ...wire, name: "" }]);
      assert.equal(shop.outputs()["name"], "");
      emulator.allowlist.edit(id, "203.0.113.0/24", { name: "by hand" });
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual(visible(shop.resource().inputs), entry, "it is no argument");
      const run = assertDone(await shop.up({ entry: { ...entry, ui: true } }));
      assert.deepEqual(bodies(run.requests, "UpdateAllowlistEntry"), [
        { name: "by hand", sql: true, ui: true },
      ]);
      assert.equal(shop.outputs()["name"], "by hand");
    });

    const elsewhere: [string, object][] = [
      ["another address", { cidrIp: "203.0.112.0" }],
      ["another mask", { cidrMask: 25 }],
    ];
    for (const [title, change] of elsewhere) {
      for (const deleteBeforeReplace of [true, false]) {
        it(`with ${title}, ${deleteBeforeReplace ? "the old one first" : "the new one first"}`, async () => {
          const { emulator, shop, id } = await withEntry();
          const entry = { clusterId: id, ...office, ...change };
          const options = { options: { entry: { deleteBeforeReplace } } };
          const run = assertDone(await shop.up({ entry }, options));
          assert.deepEqual(run.differences, { entry: Object.keys(change) });
          const order = ["DeleteAllowlistEntry", "AddAllowlistEntry"];
          assert.deepEqual(writes(run.requests), deleteBeforeReplace ? order : order.toReversed());
          assert.deepEqual(notesOf(run), [
            `warning: Allowlist entry "office": Clients in 203.0.113.0/24 can no longer connect to cluster ${id} through this entry.`,
          ]);
          assert.equal(shop.resource().id, `${id}:${entry.cidrIp}/${entry.cidrMask}`);
          assert.equal(emulator.allowlist.list(id).length, 1);
        });
      }
    }

    it("on another cluster", async () => {
      const { emulator, shop, id, newCluster } = await withEntry();
      const other = newCluster("orders-2");
      assertDone(await shop.up({ entry: { clusterId: other, ...office } }, first));
      assert.deepEqual(emulator.allowlist.list(id), []);
      assert.deepEqual(emulator.allowlist.list(other), [wire]);
    });

    it("through a replacement that was asked for", async () => {
      const { emulator, shop, id } = await withEntry();
      const program = { entry: { clusterId: id, ...office } };
      assertDone(await shop.up(program, { ...first, replace: ["entry"] }));
      assert.deepEqual(emulator.allowlist.list(id), [wire]);
    });

    it("among a thousand, with a handful of requests for a refresh", async () => {
      const { emulator, shop, id } = await start();
      for (let index = 0; index < 1_000; index += 1) {
        const args = {
          clusterId: id,
          cidrIp: `10.${index >> 8}.${index & 255}.0`,
          cidrMask: 24,
          sql: true,
          ui: false,
          name: "",
        };
        const key = `${args.cidrIp}/24`;
        emulator.allowlist.add(id, key, { sql: true, ui: false });
        const inputs = shop.registered(`entry-${index}`, args);
        shop.resources.set(`entry-${index}`, {
          id: `${id}:${key}`,
          inputs,
          outputs: { ...inputs, __inputs: args },
          initErrors: [],
        });
      }
      const run = await shop.refresh();
      assert.deepEqual([run.failures, run.differences], [[], {}]);
      assert.equal(shop.resources.size, 1_000);
      assert.equal(run.requests.length, 2);
    });

    it("beside others that are added at once, with shared polls while they propagate", async () => {
      const { emulator, shop, id } = await start();
      const program = Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [
          `entry-${index}`,
          { clusterId: id, ...office, cidrIp: `10.0.${index}.0` },
        ]),
      );
      const run = assertDone(await shop.up(program));
      assert.equal(count(run.requests, "AddAllowlistEntry"), 20);
      const polls = count(run.requests, "ListAllowlistEntries");
      assert.ok(polls <= 30, `${polls} polls`);
      assert.equal(emulator.allowlist.list(id).length, 20);
    });
  });

  describe("0.0.0.0/0 of a new cluster", () => {
    for (const plan of ["BASIC", "STANDARD"] as const) {
      it(`is adopted on ${plan}, without a change when it is so already`, async () => {
        const { emulator, shop, id } = await start(plan);
        const entry = { clusterId: id, ...everybody };
        const run = assertDone(await shop.up({ entry }));
        assert.deepEqual(writes(run.requests), ["AddAllowlistEntry"]);
        assert.equal(
          notesOf(run).at(-1),
          'info: Allowlist entry "entry": The service gave the cluster the entry 0.0.0.0/0 when it was created; it is managed here from now on. Deleting this resource deletes the entry.',
        );
        assert.deepEqual(shop.outputs(), { ...entry, name: "" });
        assert.deepEqual((await shop.refresh()).differences, {});
        assertDone(await shop.destroy());
        assert.deepEqual(emulator.allowlist.list(id), []);
      });
    }

    it("is brought in line when the program wants it otherwise", async () => {
      const { emulator, shop, id } = await start("BASIC");
      const entry = { clusterId: id, ...everybody, ui: false, name: "open" };
      const run = assertDone(await shop.up({ entry }));
      assert.deepEqual(writes(run.requests), ["AddAllowlistEntry", "UpdateAllowlistEntry"]);
      assert.match(
        String(notesOf(run).at(-1)),
        /from now on, changed from \{"name":"","sql":true,"ui":true\}\./,
      );
      assert.deepEqual(emulator.allowlist.list(id), [
        { cidr_ip: "0.0.0.0", cidr_mask: 0, name: "open", sql: true, ui: false },
      ]);
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    for (const [network, change] of [
      ["0.0.0.0/8", { cidrMask: 8 }],
      ["203.0.113.0/24", { cidrIp: "203.0.113.0", cidrMask: 24 }],
    ] as const) {
      it(`is no other, such as ${network}, which is somebody else's`, async () => {
        const { emulator, shop, id } = await start("BASIC");
        emulator.allowlist.add(id, network, { sql: true, ui: true });
        const run = await shop.up({ entry: { clusterId: id, ...everybody, ...change } });
        assert.match(failureOf(run), /already exists.*add the option {import: /);
        assert.equal(shop.resources.size, 0);
      });
    }

    it("of a cluster that is deleted meanwhile is nobody's to adopt", async () => {
      const { emulator, shop, id } = await start("BASIC");
      emulator.faults.add("GetCluster", { status: 404 });
      const run = await shop.up({ entry: { clusterId: id, ...everybody } });
      assert.match(failureOf(run), /409 .*already exists/);
    });

    const sql = { sql: true, ui: false };
    const ui = { sql: false, ui: true };
    const doors: [string, object, object, string, boolean][] = [
      ["0.0.0.0/0 has the same door", sql, sql, "0.0.0.0/0", true],
      ["0.0.0.0/0 has the same other door", ui, ui, "0.0.0.0/0", true],
      ["0.0.0.0/0 has another door", sql, ui, "0.0.0.0/0", false],
      ["0.0.0.0/0 has the other door", ui, sql, "0.0.0.0/0", false],
      ["a large network is there", sql, sql, "0.0.0.0/8", false],
      ["another network is there", sql, sql, "10.0.0.0/8", false],
    ];
    for (const [title, there, asked, network, isReported] of doors) {
      it(`${isReported ? "makes another entry useless" : "restricts nothing of another entry"} when ${title}`, async () => {
        const { emulator, shop, id } = await start();
        emulator.allowlist.add(id, network, there);
        const run = assertDone(await shop.up({ entry: { clusterId: id, ...office, ...asked } }));
        assert.equal(
          notesOf(run).some((text) => text.includes("this entry restricts nothing")),
          isReported,
        );
      });
    }

    it("is somebody else's on an Advanced cluster", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "0.0.0.0/0");
      assert.match(
        failureOf(await shop.up({ entry: { clusterId: id, ...everybody } })),
        /already exists.*import: ".*:0\.0\.0\.0\/0"/,
      );
    });

    it("makes other entries useless, which is said once", async () => {
      const { emulator, shop, id } = await start("BASIC");
      const entry = { clusterId: id, ...office };
      const second = { ...entry, cidrIp: "10.0.0.0" };
      const run = assertDone(await shop.up({ entry, second }));
      assert.deepEqual(notesOf(run), [
        `warning: Allowlist entry "office": Cluster ${id} also allows 0.0.0.0/0, so every address can connect and this entry restricts nothing. To close it, delete 0.0.0.0/0, or remove its AllowlistEntry. Where the service gave it to a Basic or Standard cluster and no program has it, declare an AllowlistEntry with cidrIp: "0.0.0.0" and cidrMask: 0, run \`pulumi up\`, which adopts it, then remove it and run \`pulumi up\` again.`,
      ]);
      emulator.allowlist.remove(id, "0.0.0.0/0");
      assert.deepEqual(
        assertDone(await shop.up({ entry: { ...entry, ui: true }, second })).notes,
        [],
      );
    });
  });

  describe("create", () => {
    it("refuses an entry that is there already, and says how to adopt it", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "203.0.113.0/24", { name: "office", sql: true, ui: false });
      const run = await shop.up({ entry: { clusterId: id, ...office } });
      assert.match(
        failureOf(run),
        new RegExp(
          `^Adding allowlist entry 203.0.113.0/24 of cluster ${id} failed: 409 allowlist entry 203.0.113.0/24 already exists.* To manage the allowlist entry here, add the option {import: "${id}:203.0.113.0/24"} to the resource; otherwise remove it from the program, or delete it from the cluster first. If this run replaces it \\(--replace, \`pulumi state taint\`\\), add the option deleteBeforeReplace: true instead.$`,
        ),
      );
      assert.equal(count(run.requests, "AddAllowlistEntry"), 1);
      assert.equal(shop.resources.size, 0);
    });

    it("says what to do when it is refused as a conflict with an entry that nobody sees", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("AddAllowlistEntry", { status: 409, message: "conflict" });
      const program = { entry: { clusterId: id, ...office } };
      assert.match(
        failureOf(await shop.up(program)),
        /failed: 409 conflict .* No such allowlist entry was found: run the update again\.$/,
      );
      assertDone(await shop.up(program));
    });

    it("passes on what the API says of the limit of the plan", async () => {
      const { emulator, shop, id } = await start();
      for (let index = 0; index < 20; index += 1) emulator.allowlist.add(id, `10.0.${index}.0/24`);
      assert.match(
        failureOf(await shop.up({ entry: { clusterId: id, ...office } })),
        /400 the allowlist of this cluster can have at most 20 entries/,
      );
    });

    it("waits for a cluster that is being created", async () => {
      const { emulator, shop } = await start();
      const id = await beingCreated(emulator);
      assertDone(await shop.up({ entry: { clusterId: id, ...office } }));
      assert.deepEqual(emulator.allowlist.list(id), [wire]);
    });

    for (const fault of lostResponses) {
      it(`searches for an entry whose response was lost: ${JSON.stringify(fault)}`, async () => {
        const { emulator, shop, id } = await start();
        emulator.faults.add("AddAllowlistEntry", fault);
        const run = assertDone(await shop.up({ entry: { clusterId: id, ...office } }));
        assert.equal(count(run.requests, "AddAllowlistEntry"), 1);
        assert.deepEqual(shop.outputs(), { clusterId: id, ...office });
      });
    }

    it("fails when the response was lost and there is no entry", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("AddAllowlistEntry", { reset: "before-effect" });
      const program = { entry: { clusterId: id, ...office } };
      const failure = failureOf(await shop.up(program));
      assert.match(failure, /broke before the response was complete/);
      assert.doesNotMatch(failure, /No such entry/);
      assert.equal(shop.resources.size, 0);
      assertDone(await shop.up(program));
    });

    it("adopts no other entry in place of the one whose response was lost, and gives its import", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "203.0.113.0/24", { name: "somebody else" });
      emulator.faults.add("AddAllowlistEntry", { reset: "before-effect" });
      const failure = failureOf(await shop.up({ entry: { clusterId: id, ...office } }));
      assert.match(failure, /broke before the response was complete/);
      assert.ok(failure.includes(`{import: "${id}:203.0.113.0/24"}`), failure);
      assert.equal(emulator.allowlist.list(id)[0]?.name, "somebody else");
    });

    it("keeps an entry whose rollout outlasts the time-out, and waits on", async () => {
      const { emulator, shop, id } = await start("ADVANCED", {
        durations: { allowlistPropagationMs: 20 * 60_000 },
      });
      const entry = { clusterId: id, ...office };
      const options = { entry: { customTimeouts: { create: "5m" } } };
      const run = await shop.up({ entry }, { options });
      assert.equal(
        failureOf(run),
        `Timed out waiting for allowlist entry 203.0.113.0/24 of cluster ${id} to be in force: the operation continues in CockroachDB Cloud. It was last seen propagating. It is in the stack's state, and the next update continues the wait.`,
      );
      assert.deepEqual(shop.outputs(), entry);
      const next = assertDone(await shop.up({ entry }, { options }));
      assert.deepEqual([next.steps, writes(next.requests)], [["update entry"], []]);
      assert.equal(emulator.allowlist.isPropagating(id), false);
      assertDone(await shop.up({ entry }, { options }));
    });

    it("keeps an entry when the user stops the wait", async () => {
      const { shop, id } = await start();
      const entry = { clusterId: id, ...office };
      const run = await shop.up({ entry }, { interruptAfterMs: 5_000 });
      assert.match(failureOf(run), /^Stopped waiting for allowlist entry 203\.0\.113\.0\/24/);
      assert.deepEqual(shop.outputs(), entry);
      assertDone(await shop.up({ entry }));
    });
  });

  describe("update", () => {
    it("recovers from a lost response", async () => {
      for (const fault of [{ reset: "after-effect" }, { status: 500, effect: "after" }] as const) {
        const { emulator, shop, id } = await withEntry();
        emulator.faults.add("UpdateAllowlistEntry", fault);
        const run = assertDone(await shop.up({ entry: { clusterId: id, ...office, ui: true } }));
        assert.equal(count(run.requests, "UpdateAllowlistEntry"), 1);
        assert.equal(emulator.allowlist.list(id)[0]?.ui, true);
      }
    });

    it("fails when the change was lost, and the next one makes it", async () => {
      const { emulator, shop, id } = await withEntry();
      emulator.faults.add("UpdateAllowlistEntry", { reset: "before-effect" });
      const program = { entry: { clusterId: id, ...office, ui: true } };
      failureOf(await shop.up(program));
      assert.deepEqual(assertDone(await shop.up(program)).steps, ["update entry"]);
      assert.equal(emulator.allowlist.list(id)[0]?.ui, true);
    });
  });

  it("that vanishes while its change is lost fails with what happened to the change", async () => {
    const { emulator, shop, id } = await withEntry();
    emulator.faults.add("UpdateAllowlistEntry", {
      reset: "before-effect",
      when: () => {
        emulator.allowlist.remove(id, "203.0.113.0/24");
        return true;
      },
    });
    const run = await shop.up({ entry: { clusterId: id, ...office, ui: true } });
    assert.match(failureOf(run), /broke before the response was complete/);
  });

  describe("drift", () => {
    const rows = [
      ["name", { name: "by hand" }],
      ["sql", { sql: false }],
      ["ui", { ui: true }],
    ] as const;
    for (const [property, edit] of rows) {
      it(`of ${property} is reported and repaired`, async () => {
        const { emulator, shop, id } = await withEntry();
        emulator.allowlist.edit(id, "203.0.113.0/24", edit);
        assert.deepEqual((await shop.refresh()).differences, { entry: [property] });
        const run = assertDone(await shop.up({ entry: { clusterId: id, ...office } }));
        assert.deepEqual(
          [run.steps, writes(run.requests)],
          [["update entry"], ["UpdateAllowlistEntry"]],
        );
        assert.deepEqual(emulator.allowlist.list(id), [wire]);
        assert.deepEqual((await shop.refresh()).differences, {});
      });
    }

    it("to no entry at all is reported and repaired", async () => {
      const { emulator, shop, id } = await withEntry();
      emulator.allowlist.remove(id, "203.0.113.0/24");
      assert.deepEqual((await shop.refresh()).steps, ["delete entry"]);
      assertDone(await shop.up({ entry: { clusterId: id, ...office } }));
      assert.deepEqual(emulator.allowlist.list(id), [wire]);
    });
  });

  describe("import", () => {
    const importing = (entry: string) => ({ options: { entry: { import: entry } } });

    it("adopts what equals the arguments, and writes nothing", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "203.0.113.0/24", { name: "office", sql: true, ui: false });
      for (const entry of [office, { ...office, name: undefined }]) {
        const program = { entry: { clusterId: id, ...entry } };
        const run = assertDone(await shop.up(program, importing(`${id}:203.0.113.0/24`)));
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          ["ListAllowlistEntries"],
        );
        assert.deepEqual(shop.outputs(), { clusterId: id, ...office });
        assert.deepEqual((await shop.refresh()).differences, {});
        shop.resources.clear();
      }
    });

    it("lists all differences, and does nothing", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "203.0.113.0/24", { name: "theirs", sql: false, ui: true });
      const program = { entry: { clusterId: id, ...office } };
      assert.equal(
        failureOf(await shop.up(program, importing(`${id}:203.0.113.0/24`))),
        `Importing allowlist entry 203.0.113.0/24 of cluster ${id} failed: the arguments differ from it: name is "theirs" but the program has "office"; sql is false but the program has true; ui is true but the program has false. Make the arguments equal to it; change them after the import.\nWrite in the program:\n  name: "theirs",\n  sql: false,\n  ui: true,`,
      );
      assert.equal(shop.resources.size, 0);
    });

    it("says when there is none, and when the id is another", async () => {
      const { shop, id } = await start();
      const program = { entry: { clusterId: id, ...office } };
      assert.match(
        failureOf(await shop.up(program, importing(`${id}:203.0.113.0/24`))),
        /there is no such allowlist entry/,
      );
      assert.match(
        failureOf(await shop.up(program, importing(`${id}:203.0.113.0/25`))),
        /the arguments describe .*:203\.0\.113\.0\/24/,
      );
    });
  });

  it("cannot be imported from a cluster that is not there", async () => {
    const { shop } = await start();
    const options = { options: { entry: { import: `${clusterId}:203.0.113.0/24` } } };
    const run = await shop.up({ entry: { clusterId, ...office } }, options);
    assert.match(failureOf(run), /this credential may not see it/);
  });

  describe("state without the arguments", () => {
    for (const name of ["office", ""]) {
      it(`refreshed, has ${name === "" ? "no name" : "the name"} among its arguments`, async () => {
        const { emulator, shop, id } = await start();
        emulator.allowlist.add(id, "203.0.113.0/24", { name, sql: true, ui: false });
        const { __provider: text } = shop.registered("entry", {});
        const outputs = { clusterId: id, ...office, name, __provider: text };
        putForeign(shop, "entry", { id: `${id}:203.0.113.0/24`, outputs });
        assertDone(await shop.refresh());
        const inputs = visible(shop.resource().inputs);
        assert.equal(inputs["name"], name === "" ? undefined : name);
      });
    }
  });

  describe("state of the bridged provider", () => {
    it("is adopted without a request, and completed", async () => {
      const { shop, id } = await start();
      const outputs = { ...office, name: null };
      const foreign = { id: `${id}:203.0.113.0/24`, inputs: {}, outputs };
      putForeign(shop, "entry", foreign);
      const { name: _, ...unnamed } = office;
      const entry = { clusterId: id, ...unnamed };
      const run = assertDone(await shop.up({ entry }));
      assert.deepEqual([run.steps, run.requests], [["update entry"], []]);
      assert.deepEqual(shop.outputs(), { ...entry, name: "" });
      const again = assertDone(await shop.up({ entry }));
      assert.deepEqual([again.steps, again.requests], [["same entry"], []]);
    });

    it("with host bits stays as it is", async () => {
      const { emulator, shop, id } = await start();
      emulator.allowlist.add(id, "203.0.113.7/24", { name: "office", sql: true, ui: false });
      const entry = { clusterId: id, ...office, cidrIp: "203.0.113.7" };
      putForeign(shop, "entry", { id: `${id}:203.0.113.7/24`, inputs: entry, outputs: entry });
      assert.deepEqual(assertDone(await shop.up({ entry })).requests, []);
      assert.deepEqual((await shop.refresh()).differences, {});
    });
  });

  describe("delete", () => {
    it("succeeds without the entry, and without the cluster", async () => {
      for (const vanish of [
        ({ emulator, id }: PartLab) => emulator.allowlist.remove(id, "203.0.113.0/24"),
        ({ emulator, id }: PartLab) => void emulator.clusters.delete(id),
        ({ emulator, id }: PartLab) => emulator.clusters.forget(id),
      ]) {
        const lab = await withEntry();
        vanish(lab);
        const run = assertDone(await lab.shop.destroy());
        assert.deepEqual(writes(run.requests), ["DeleteAllowlistEntry"]);
        assert.equal(lab.shop.resources.size, 0);
      }
    });

    it("that outlasts the time-out, or is stopped, says that the entry is removed", async () => {
      const text = (id: string, how: string) =>
        `${how} waiting for the deletion of allowlist entry 203.0.113.0/24 of cluster ${id} to be in force: the operation continues in CockroachDB Cloud. It was last seen propagating. Run the operation again to continue the wait.`;
      const late = await start("ADVANCED", { durations: { allowlistPropagationMs: 60_000 } });
      const customTimeouts = { delete: "10s" };
      const entry = { clusterId: late.id, ...office };
      assertDone(await late.shop.up({ entry }, { options: { entry: { customTimeouts } } }));
      assert.equal(failureOf(await late.shop.destroy()), text(late.id, "Timed out"));
      const stopped = await withEntry();
      const run = await stopped.shop.destroy({ interruptAfterMs: 5_000 });
      assert.equal(failureOf(run), text(stopped.id, "Stopped"));
      for (const { shop, emulator, id, time } of [late, stopped]) {
        await time.advance(60_000);
        assert.deepEqual(emulator.allowlist.list(id), []);
        assertDone(await shop.destroy());
      }
    });

    it("waits for a cluster that is busy", async () => {
      const { emulator, shop, id } = await withEntry({
        assumptions: { lockCoversSubresources: true },
      });
      emulator.clusters.lock(id, 10 * 60_000);
      assertDone(await shop.destroy());
      assert.deepEqual(emulator.allowlist.list(id), []);
    });

    it("is followed by a refresh that finds the cluster deleted", async () => {
      const { emulator, shop, id } = await withEntry();
      emulator.clusters.delete(id);
      assert.deepEqual((await shop.refresh()).steps, ["delete entry"]);
    });
  });

  describe("get", () => {
    it("returns an entry, and says when there is none", async () => {
      const { emulator, shop, id } = await start();
      await assert.rejects(shop.get(`${id}:203.0.113.0/24`), /There is no allowlist entry with/);
      emulator.allowlist.add(id, "203.0.113.0/24", { name: "office", sql: true, ui: false });
      assert.deepEqual(visible(await shop.get(`${id}:203.0.113.0/24`)), {
        clusterId: id,
        ...office,
      });
    });
  });

  it("for everybody stays when the resource gets another name", async () => {
    const { shop, emulator, id } = await start("BASIC");
    const entry = { clusterId: id, ...everybody };
    assertDone(await shop.up({ before: entry }));
    assertDone(await shop.up({ after: entry }));
    assert.equal(emulator.allowlist.list(id).length, 1);
    assert.equal(shop.resources.size, 1);
  });
});

import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { describeDifferences } from "../../../../provider/cluster/diff";
import { advanced, basic, standard, stateOf } from "../../../support/builders";
import { byType, limits, machine, saidAtPreview, unknown } from "./table";

describe("Changes of a cluster", () => {
  it("are listed with what is and what the program says", () => {
    const changes = ["plan", "serverless.usageLimits.storageMibLimit", "dedicated.cidrRange"];
    const properties = changes.map((property) => ({ property }));
    assert.equal(
      describeDifferences(properties, stateOf(standard()), limits({ storageMibLimit: 5 })),
      [
        'plan is "STANDARD" but the program has "BASIC"',
        "serverless.usageLimits.storageMibLimit is not set but the program has 5",
        "dedicated.cidrRange is not set but the program has nothing",
      ].join("; "),
    );
  });

  describe("as Pulumi gets them", () => {
    const outcomeOf = (before: object, news: object, change: object = {}) =>
      lifecycle.diff(
        "id",
        { state: { ...stateOf(before), ...change }, inputs: before, isFromBridge: false } as never,
        news as never,
      );

    it("are distinguished by what they do", () => {
      const news = basic({}, { name: "billing", labels: { a: "b" } });
      const { updates, replaces, refusal } = outcomeOf(basic({}, { name: "orders" }), news);
      assert.deepEqual([updates, replaces, refusal], [["labels"], ["name"], undefined]);
    });

    const orders: [what: string, before: object, news: object, change: object, first: boolean][] = [
      ["the new one", basic(), advanced(), {}, false],
      ["the old one, whose name the new one needs", basic(), basic({}, { name: "new" }), {}, true],
      ["the old one, which may refuse", basic(), advanced(), { deleteProtection: true }, true],
      ["the unfinished one", basic(), advanced(), { state: "CREATING" }, true],
    ];
    for (const [what, before, news, change, first] of orders) {
      it(`replace ${what} first`, () =>
        assert.equal(outcomeOf(before, news, change).deleteBeforeReplace, first));
    }

    it("replace a cluster that failed to be created, with a warning", () => {
      const { replaces, updates, notes } = outcomeOf(basic(), basic(), {
        state: "CREATION_FAILED",
      });
      assert.deepEqual([replaces, updates], [["state"], []]);
      assert.deepEqual(
        notes.map(({ severity }) => severity),
        ["warning"],
      );
    });

    it("go on with a cluster that is not finished", () => {
      const { replaces, updates } = outcomeOf(basic(), basic(), { state: "CREATING" });
      assert.deepEqual([replaces, updates], [[], ["state"]]);
    });

    it("of a protected cluster are not refused while they may turn out to be none", () => {
      const before = basic({}, { name: "orders", deleteProtection: true });
      const news = basic({}, { name: unknown, deleteProtection: true });
      assert.equal(outcomeOf(before, news).refusal, undefined);
    });
  });

  describe("are noted at preview", () => {
    it("from what only the cluster reports, and once", () => {
      const upgraded = { ...stateOf(advanced()), upgradeStatus: "PENDING_FINALIZATION" };
      const rows: [before: object, news: object, state: object | undefined, said: RegExp][] = [
        [advanced(), advanced({ finalizeUpgrade: true }), upgraded, /cannot be rolled back/],
        [
          byType("m6i.xlarge"),
          machine({ machineSpec: { numVirtualCpus: 8 } }),
          undefined,
          /restarted one after another/,
        ],
        [
          machine({ machineSpec: { numVirtualCpus: 4 } }),
          machine({ machineSpec: { numVirtualCpus: 4 }, storageGib: 100 }),
          undefined,
          /never shrink/,
        ],
        [
          basic(),
          basic({}, { name: "billing" }),
          undefined,
          /^Changing name destroys this cluster/,
        ],
      ];
      for (const [before, news, state, expected] of rows) {
        const [said, ...others] = saidAtPreview(before, news, state);
        assert.match(said ?? "", expected);
        assert.deepEqual(others, []);
      }
    });

    it("a replacement as a warning, a change in place as information", () => {
      const notesOf = (before: object, news: object) =>
        lifecycle.check(before as never, news as never).notes.map(({ severity }) => severity);
      assert.deepEqual(notesOf(basic({}, { name: "orders" }), basic({}, { name: "billing" })), [
        "warning",
      ]);
      assert.deepEqual(notesOf(basic(), standard()), ["info"]);
      assert.deepEqual(notesOf(basic(), basic()), []);
    });

    it("a long name, when it is new", () => {
      const notesOf = (before: object, name: unknown) =>
        lifecycle.check(before as never, basic({ withEmptyIpAllowlist: true }, { name })).notes;
      const long = "orders-of-the-shop-eu"; // 21 characters
      const [note, ...others] = notesOf({}, long);
      assert.deepEqual([note?.severity, others], ["info", []]);
      assert.match(note?.message ?? "", /has 21 characters/);
      assert.deepEqual(notesOf({}, long.slice(1)), []);
      assert.deepEqual(notesOf({}, unknown), []);
      assert.deepEqual(notesOf(basic({}, { name: long }), long), []);
      assert.equal(notesOf(basic({}, { name: "orders" }), long).length, 2);
    });
  });
});

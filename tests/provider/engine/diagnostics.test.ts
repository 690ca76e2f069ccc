import { strict as assert } from "node:assert";
import type { Context } from "../../../provider/resource/lifecycle";
import { hidden, newProvider, text } from "./thing";

describe("The adapter", () => {
  describe("reports a failure of check", () => {
    const failing = async (property: string, news: object) => {
      const { provider } = newProvider({
        check: () => ({ failures: [{ property, reason: "is wrong." }], notes: [] }),
      });
      return (await provider.check({}, { ...hidden, ...news })).failures;
    };

    it("beside its property, also when that is missing", async () => {
      assert.deepEqual(await failing("name", { name: "a" }), [
        { property: "name", reason: "is wrong." },
      ]);
      assert.deepEqual(await failing("size", { name: "a" }), [
        { property: "size", reason: "is wrong." },
      ]);
    });

    it("by a path that the engine does not find where it would print a secret or a long value", async () => {
      const propertyOf = async (property: string, value: string) =>
        (await failing(property, { [property]: value }))[0]?.property;
      assert.equal(await propertyOf("password", "p"), "password[…]");
      assert.equal(await propertyOf("name", "n".repeat(999)), "name[…]");
      assert.equal(await propertyOf("name", "n".repeat(998)), "name");
    });
  });

  describe("names the object in what it reports", () => {
    const noted = (message: string) =>
      newProvider({ check: () => ({ failures: [], notes: [{ severity: "info", message }] }) });

    it("by the name that it has, also when the program gives it another one", async () => {
      const { provider, reports } = noted("careful");
      await provider.check({}, { ...hidden, name: "a" });
      await provider.check({ ...hidden, name: "old" }, { ...hidden, name: "new" });
      assert.deepEqual(reports, [
        'thing-1 info Thing "a": careful',
        'thing-1 info Thing "old": careful',
      ]);
      const other = newProvider();
      await other.provider.check({ ...hidden, name: "a" }, { ...hidden, name: "b" });
      await other.provider.diff("id-1", { ...hidden, name: "a" }, { ...hidden, name: "b" });
      assert.deepEqual(other.reports, [
        'thing-1 info Thing "a": checked',
        'thing-1 warning Thing "a": differs',
      ]);
    });

    it("by the resource's own name where it has none that is known", async () => {
      const { provider, reports } = noted("careful");
      for (const name of [undefined, "", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", 7]) {
        await provider.check({}, { ...hidden, name });
      }
      assert.deepEqual(reports, Array(4).fill('thing-1 info Thing "thing-1": careful'));
    });

    it("unless the message names it", async () => {
      const { provider, reports } = noted('Careful with "a".');
      await provider.check({}, { ...hidden, name: "a" });
      await provider.check({}, { ...hidden, name: "b" });
      assert.deepEqual(reports, [
        'thing-1 info Careful with "a".',
        'thing-1 info Thing "b": Careful with "a".',
      ]);
    });

    it("but never by a name that is secret", async () => {
      const { provider, reports } = noted("careful");
      await provider.check({}, { ...hidden, name: "canary-name", __secrets: [["name"]] });
      assert.deepEqual(reports, ['thing-1 info Thing "[redacted]": careful']);
    });
  });

  describe("ends a line on which something was waited for", () => {
    const waiting = async (context: unknown) => {
      await (context as Context).progress("waiting");
    };

    it("with what is true of every deletion, also of one that deletes nothing", async () => {
      const { provider, reports } = newProvider({
        delete: async (_id, _stored, context) => await waiting(context),
      });
      await provider.delete("id-1", { ...hidden, name: "a" });
      assert.equal(reports.at(-1), "thing-1 info removed from the stack …");
    });

    it("with what a refresh has found", async () => {
      const { provider, reports } = newProvider({
        async read(_id, _stored, context) {
          await waiting(context);
          return undefined;
        },
      });
      await provider.read("id-1", { ...hidden, name: "a" });
      assert.equal(reports.at(-1), "thing-1 info not found …");
    });
  });

  describe("reports", () => {
    it("the notes of check and diff on the resource's line", async () => {
      const { provider, reports } = newProvider();
      const [before, after] = [
        { ...hidden, name: "a" },
        { ...hidden, name: "b" },
      ];
      await provider.check(before, after);
      await provider.diff("id-1", { ...before, password: "p" }, after);
      assert.deepEqual(reports, [
        'thing-1 info Thing "a": checked',
        'thing-1 warning Thing "a": differs',
      ]);
    });

    it("nothing of a diff that only asks whether it can stay without what is deleted", async () => {
      const { provider, reports } = newProvider();
      await provider.diff("id-1", { ...hidden, name: "a" }, { ...hidden, name: "b" });
      assert.deepEqual(reports, []);
    });

    it("nothing beside failures, and nothing when the line is not known", async () => {
      const failing = newProvider({
        check: () => ({
          failures: [{ property: "name", reason: "no" }],
          notes: [{ severity: "info", message: "checked" }],
        }),
      });
      await failing.provider.check({}, { ...hidden, name: "a" });
      assert.deepEqual(failing.reports, []);
      const { provider, reports } = newProvider();
      await provider.check({}, { __provider: text, name: "a" });
      await provider.check(
        {},
        { ...hidden, __urn: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", name: "a" },
      );
      assert.deepEqual(reports, []);
    });

    it("progress that the next text replaces, and notes that stay", async () => {
      const { provider, reports } = newProvider({
        create: async (inputs, context) => {
          await context.progress("working");
          await context.note("warning", "careful");
          return { id: "i", outs: { ...inputs, password: "p" } };
        },
      });
      await provider.create({ ...hidden, name: "a" });
      assert.deepEqual(reports, [
        "thing-1 info working …",
        'thing-1 warning Thing "a": careful',
        "thing-1 info ready …",
      ]);
    });
  });
});

import { strict as assert } from "node:assert";
import { InitializationError } from "../../../provider/resource/errors";
import type { Lifecycle } from "../../../provider/resource/lifecycle";
import type { Inputs, State } from "./thing";
import { hidden, newProvider, thrownBy, urn } from "./thing";

describe("The adapter", () => {
  describe("called to create once more, by a hook that retries", () => {
    const inputs = { ...hidden, name: "a" };
    const failing = (message: string) => () => {
      throw new InitializationError(message, { id: "id-7", outs: { name: "a" }, cause: 0 });
    };
    const create = async (): Promise<never> => failing("not ready")();

    it("finishes what the first call has left, by its id", async () => {
      const updated: unknown[] = [];
      const { provider } = newProvider({
        create,
        update: async (id, { state }, news) => {
          updated.push([id, state, news]);
          return { name: news.name, password: "p" };
        },
      });
      assert.equal((await thrownBy(provider.create(inputs)))["id"], "id-7");
      const { id, outs } = await provider.create(inputs);
      assert.deepEqual([id, outs["name"]], ["id-7", "a"]);
      assert.deepEqual(updated, [["id-7", { name: "a" }, { name: "a" }]]);
      assert.equal((await thrownBy(provider.create(inputs)))["id"], "id-7", "a first call again");
    });

    it("replaces what can only be replaced", async () => {
      const calls: string[] = [];
      const { provider } = newProvider({
        create: async () => {
          calls.push("create");
          return calls.length === 1
            ? await create()
            : { id: "id-8", outs: { name: "a", password: "p" } };
        },
        diff: () => ({ updates: [], replaces: ["name"], deleteBeforeReplace: true, notes: [] }),
        delete: async (id) => {
          calls.push(`delete ${id}`);
        },
      });
      await thrownBy(provider.create(inputs));
      assert.equal((await provider.create(inputs)).id, "id-8");
      assert.deepEqual(calls, ["create", "delete id-7", "create"]);
    });

    it("keeps the id, whatever fails next", async () => {
      for (const update of [
        async (): Promise<never> => failing("still not ready")(),
        async (): Promise<never> => {
          throw new Error("no permission");
        },
      ]) {
        const { provider } = newProvider({ create, update });
        for (let call = 0; call < 3; call += 1) {
          const error = await thrownBy(provider.create(inputs));
          assert.equal(error["id"], "id-7");
          assert.equal((error["properties"] as { name: string }).name, "a");
        }
      }
    });

    it("takes another resource for another one", async () => {
      const { provider } = newProvider({
        create,
        update: async () => assert.fail("there is nothing to update"),
      });
      await thrownBy(provider.create(inputs));
      await thrownBy(provider.create({ ...inputs, __urn: `${urn}-other` }));
    });
  });

  describe("an adoption", () => {
    it("is reported of a resource that is new, before everything else", async () => {
      const seen: unknown[] = [];
      const { provider, reports } = newProvider({
        check(_olds, _news, adopt) {
          seen.push(adopt);
          return { failures: [], notes: [{ severity: "info", message: "checked" }] };
        },
      });
      const news = { ...hidden, name: "a", size: 1 };
      await provider.check({}, { ...news, __adopt: "id-1" });
      assert.deepEqual(reports, [
        'thing-1 info Thing "a": Adopts the existing thing id-1; nothing is created. `pulumi up` compares the arguments with it, a preview does not.',
        'thing-1 info Thing "a": checked',
      ]);
      await provider.check({}, { ...news, __adopt: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
      await provider.check(news, { ...news, __adopt: "id-1" });
      await provider.check({}, news);
      assert.equal(reports.filter((text) => text.includes("Adopts")).length, 1);
      assert.deepEqual(seen, ["id-1", undefined, undefined, undefined]);
    });

    it("is not reported of arguments that are refused", async () => {
      const { provider, reports } = newProvider({
        check: () => ({ failures: [{ property: "name", reason: "is wrong." }], notes: [] }),
      });
      await provider.check({}, { ...hidden, __adopt: "id-1" });
      assert.deepEqual(reports, []);
    });
  });

  describe("an import", () => {
    const olds = { ...hidden, name: "a", password: "p", __inputs: { name: "a", size: 1 } };
    const same = { ...hidden, name: "a", size: 1 };

    it("of another object than the resource has is refused, with the way out", async () => {
      const { provider } = newProvider();
      const { message } = await thrownBy(provider.diff("id-1", olds, { ...same, __adopt: "id-2" }));
      assert.match(message, /names id-2, and this resource already is the thing id-1\. Remove/);
      assert.match(message, /pulumi state delete/);
    });

    it("of what the resource has, or of what is not known yet, is none", async () => {
      const { provider } = newProvider();
      for (const __adopt of ["id-1", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"]) {
        const response = await provider.diff("id-1", olds, { ...same, __adopt });
        assert.deepEqual(response, { changes: false });
      }
    });

    it("that was left in the program deletes nothing before a replacement", async () => {
      const { provider } = newProvider();
      const news = { ...hidden, name: "b", size: 1, __adopt: "id-1" };
      assert.equal((await provider.diff("id-1", olds, news)).deleteBeforeReplace, false);
    });

    const adoptions: [how: string, parts: Partial<Lifecycle<Inputs, State>>, adopt: object][] = [
      ["by the option", {}, { __adopt: "id-1" }],
      [
        "in the middle of its creation",
        {
          async create(inputs, context) {
            context.recordAdopted("id-1");
            return { id: "id-1", outs: { ...inputs, password: "p" } };
          },
        },
        {},
      ],
    ];
    for (const [how, parts, adopt] of adoptions) {
      it(`${how} keeps the object from being deleted by what it replaces`, async () => {
        const { provider, contexts, reports } = newProvider(parts);
        await provider.create({ ...hidden, ...adopt, name: "a" });
        contexts.length = 0;
        await provider.delete("id-1", { ...hidden, name: "a" });
        assert.deepEqual(contexts, []);
        assert.deepEqual(reports, [
          'thing-1 info Thing "a": id-1 now belongs to the replacement of this resource, so it is not deleted.',
        ]);
        await provider.delete("id-2", { ...hidden, name: "a" });
        assert.equal(contexts.length, 1);
      });
    }

    it("that nobody asked for protects nothing", async () => {
      const { provider, contexts } = newProvider();
      await provider.create({ ...hidden, name: "a" });
      await provider.delete("id-1", { ...hidden, name: "a" });
      assert.equal(contexts.length, 2);
    });
  });

  describe("drops the outdated entry of an object that the program keeps", () => {
    const other = `${urn}-of-old`;
    const asked = { name: "a", size: 1 };
    const __madeAt = "2026-06-02T00:00:00.000Z";
    const stored = { ...hidden, name: "a", password: "s3cret", __inputs: asked, __madeAt };
    const former = { __madeAt: "2026-06-01T00:00:00.000Z" };
    const dropped =
      /info Thing "a": id-1 (still belongs to this stack|now belongs to the replacement)/;

    async function deletes(
      { provider, contexts, reports }: ReturnType<typeof newProvider>,
      entry: object,
    ) {
      await provider.delete("id-1", { ...stored, ...entry });
      const isDropped = reports.some((report) => dropped.test(report));
      assert.equal(isDropped, contexts.length === 0, "what is not deleted is reported");
      return contexts.length === 1;
    }

    /** As the engine does with a resource of the program. */
    async function compare({ provider }: ReturnType<typeof newProvider>, news: object) {
      await provider.check({ ...hidden, ...asked }, { ...hidden, ...news });
      await provider.diff("id-1", stored, { ...hidden, ...news });
    }

    for (const [whose, entry] of [
      ["the same", former],
      ["another", { ...former, __urn: other }],
      ["the same, of a provider before this one, under its", { __madeAt: undefined }],
    ] as const) {
      it(`under ${whose} URN`, async () => {
        const served = newProvider();
        await compare(served, asked);
        assert.equal(await deletes(served, entry), false);
      });
    }

    it("also when the program changes it in place", async () => {
      const served = newProvider();
      await compare(served, { ...asked, size: 2 });
      assert.equal(await deletes(served, former), false);
    });

    it("and deletes the entry that was compared, when nothing else has the object", async () => {
      const served = newProvider();
      await compare(served, asked);
      assert.equal(await deletes(served, {}), true);
    });

    it("and deletes what was only compared because of what it depends on, as destroy does", async () => {
      const served = newProvider();
      await served.provider.diff("id-1", stored, { ...hidden, ...asked, size: 2 });
      assert.equal(await deletes(served, former), true);
    });

    it("and knows an entry by when it was made, also after updates and refreshes", async () => {
      const { provider } = newProvider();
      const { outs } = await provider.create({ ...hidden, ...asked });
      const updated = await provider.update("id-1", outs, { ...hidden, ...asked, size: 2 });
      const { props } = await provider.read("id-1", updated.outs);
      assert.equal(outs["__madeAt"], (1_000_000).toString(36));
      assert.equal(updated.outs["__madeAt"], outs["__madeAt"]);
      assert.equal(props?.["__madeAt"], outs["__madeAt"]);
    });

    it("and deletes what diff says to replace", async () => {
      const served = newProvider();
      await compare(served, { name: "b" });
      assert.equal(await deletes(served, former), true);
    });

    it("and deletes what the engine replaces although diff did not say so", async () => {
      const served = newProvider();
      await compare(served, { ...asked, size: 2 });
      await served.provider.check({}, { ...hidden, ...asked, size: 2 });
      assert.equal(await deletes(served, former), true);
    });

    it("and deletes what was only compared by a refresh", async () => {
      const served = newProvider();
      await served.provider.read("id-1", stored);
      await served.provider.diff("id-1", stored, { ...hidden, ...asked });
      assert.equal(await deletes(served, former), true);
    });

    it("and fails where another resource was to adopt it and has not", async () => {
      const { provider, contexts } = newProvider();
      await provider.check({}, { ...hidden, ...asked, __urn: other, __adopt: "id-1" });
      await assert.rejects(provider.delete("id-1", stored), {
        message:
          "Thing id-1 is not deleted: another resource of the program is to adopt it by its option import, and has not done so. Fix that failure, then run the update again.",
      });
      assert.equal(contexts.length, 0);
    });

    it("and what the program says to adopt, when it is made again", async () => {
      const served = newProvider();
      await served.provider.check({}, { ...hidden, ...asked, __adopt: "id-1" });
      assert.equal(await deletes(served, {}), false);
    });
  });
});

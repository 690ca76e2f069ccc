import { strict as assert } from "node:assert";
import { InitializationError } from "../../../provider/resource/errors";
import { unknown } from "../../support/engine-model/values";
import { hidden, newProvider, secret, text, thrownBy, urn } from "./thing";

describe("The adapter", () => {
  describe("returns", () => {
    it("complete properties without undefined", async () => {
      const { provider } = newProvider();
      const { outs } = await provider.create({ ...hidden, name: "a" });
      assert.ok(!("note" in outs));
      assert.deepEqual(JSON.parse(JSON.stringify(outs)), outs);
    });

    it("the id alone when an object is deleted on refresh, and throws on a function", async () => {
      const { provider } = newProvider({ read: async () => undefined });
      assert.deepEqual(await provider.read("id-1", { ...hidden, name: "a" }), { id: "" });
      const error = await thrownBy(provider.read("id-1", { __provider: text }));
      assert.match(error.message, /^There is no thing with the id id-1 in this organization/);
    });

    it("what a function finds, by no more than the id", async () => {
      const found = { state: { name: "a", password: "p" }, inputs: { name: "a" } };
      const { provider } = newProvider({ read: async () => found });
      const { id, inputs } = await provider.read("id-1", { __provider: text });
      assert.deepEqual([id, inputs], ["id-1", { name: "a" }]);
    });

    it("inputs with the hidden ones, so that a refresh keeps them", async () => {
      const { provider } = newProvider();
      const { inputs } = await provider.read("id-1", {
        ...hidden,
        __mark: "m",
        name: "a",
        __inputs: { name: "a" },
      });
      assert.deepEqual(inputs, { name: "a", __urn: urn, __mark: "m" });
    });

    it("news from check as they came, hidden inputs included, in an object of its own", async () => {
      const { provider } = newProvider();
      const news = Object.freeze({ ...hidden, name: "a", __mark: "m" });
      const { inputs } = await provider.check({}, news);
      assert.deepEqual(inputs, { ...news, __urn: "dev::shop::~Thing::thing-1" });
      assert.ok(!Object.isFrozen(inputs));
    });
  });

  it("refuses to store what JSON would lose, and names it", async () => {
    const { provider } = newProvider({
      create: async () => ({
        id: "i",
        outs: { name: "a", password: "p", note: { since: Number.NaN } },
      }),
    });
    const error = await thrownBy(provider.create({ ...hidden, name: "a" }));
    assert.match(
      error.message,
      /^thing\.note\.since cannot be kept in the stack's state: it is a number \(NaN\)/,
    );
  });

  describe("in diff", () => {
    const olds = { ...hidden, name: "a", password: "p", __inputs: { name: "a", size: 1 } };

    it("says that nothing changed, also when hidden inputs did", async () => {
      const { provider, reports } = newProvider();
      const news = { ...hidden, __mark: "new", __timeouts: { create: "1h" }, name: "a", size: 1 };
      assert.deepEqual(await provider.diff("id-1", olds, news), { changes: false });
      assert.deepEqual(reports, []);
    });

    it("leaves the comparison to the engine when the inputs show the difference", async () => {
      const { provider } = newProvider();
      const response = await provider.diff("id-1", olds, { ...hidden, name: "b", size: 2 });
      assert.deepEqual(response, { replaces: ["name"], deleteBeforeReplace: true });
    });

    it("says that something changed when only the outputs show it", async () => {
      const { provider } = newProvider();
      const drifted = { ...olds, note: "drifted" };
      const response = await provider.diff("id-1", drifted, { ...hidden, name: "a", size: 1 });
      assert.equal(response.changes, true);
    });

    it("leaves the comparison to the engine also when the outputs show another difference", async () => {
      const { provider } = newProvider();
      const drifted = { ...olds, note: "drifted" };
      const response = await provider.diff("id-1", drifted, { ...hidden, name: "a", size: 2 });
      assert.deepEqual(response, { replaces: [], deleteBeforeReplace: true });
    });

    it("neither fails nor reports anything while a refresh asks for it", async () => {
      const { provider, reports } = newProvider({
        diff: () => ({
          updates: ["size"],
          replaces: [],
          deleteBeforeReplace: true,
          notes: [{ severity: "warning", message: "differs" }],
          refusal: "Never.",
        }),
      });
      await provider.read("id-1", olds);
      assert.deepEqual((await provider.diff("id-1", olds, hidden)).replaces, []);
      assert.deepEqual(reports, []);
      await provider.check(olds, hidden);
      assert.equal((await thrownBy(provider.diff("id-1", olds, hidden))).message, "Never.");
    });

    it("always says so for state of another provider", async () => {
      const { provider } = newProvider();
      assert.deepEqual(
        await provider.diff(
          "id-1",
          { name: "a", __inputs: { size: 1 } },
          { ...hidden, name: "a", size: 1 },
        ),
        { changes: true },
      );
      const unsure = { ...hidden, name: unknown, size: 1 };
      assert.equal((await provider.diff("id-1", { name: "a" }, unsure)).changes, true);
    });

    it("refuses to replace what is in state of another provider, but not while it refreshes", async () => {
      const { provider, reports } = newProvider();
      const news = { ...hidden, name: "b", size: 1 };
      await assert.rejects(provider.diff("id-1", { name: "a" }, news), {
        message:
          'The state of another provider has this otherwise: name is "a" but the program has "b". Moving to this provider replaces nothing: make the arguments equal to what there is, and change them after the move.',
      });
      assert.deepEqual(reports, []);
      await provider.read("id-1", { ...hidden, name: "a" });
      assert.deepEqual((await provider.diff("id-1", { name: "a" }, news)).replaces, ["name"]);
    });

    it("fails with what is refused", async () => {
      const { provider, reports } = newProvider({
        diff: () => ({
          updates: [],
          replaces: ["name"],
          deleteBeforeReplace: false,
          notes: [],
          refusal: "Never.",
        }),
      });
      assert.equal((await thrownBy(provider.diff("id-1", olds, hidden))).message, "Never.");
      assert.deepEqual(reports, []);
    });
  });

  describe("hands over", () => {
    it("inputs without the hidden ones", async () => {
      let seen: unknown;
      const { provider } = newProvider({
        create: async (inputs) => {
          seen = inputs;
          return { id: "i", outs: { ...inputs, password: "p" } };
        },
      });
      await provider.create({
        ...hidden,
        __mark: "m",
        __adopt: "x",
        __timeouts: {},
        __later: 1,
        name: "a",
      });
      assert.deepEqual(seen, { name: "a" });
    });

    it("name, mark and adopted id of the resource", async () => {
      const { provider, contexts } = newProvider();
      await provider.create({ ...hidden, __mark: "m", __adopt: "x", name: "a" });
      assert.deepEqual(
        contexts.map(({ resourceName, mark, adopt }) => [resourceName, mark?.own, adopt]),
        [["thing-1", "m", "x"]],
      );
    });

    const timeouts: [string | undefined, number][] = [
      [undefined, 5_000],
      ["30s", 30_000],
      ["10m", 600_000],
      ["1h30m", 5_400_000],
      ["1.5h", 5_400_000],
      ["1.25h", 4_500_000],
      ["250ms", 250],
      ["1h0m10s", 3_610_000],
      ["soon", 5_000],
    ];
    for (const [timeout, ms] of timeouts) {
      it(`the deadline of customTimeouts ${timeout}, counted from the start of the operation`, async () => {
        const { provider, contexts, clock } = newProvider();
        const options =
          timeout === undefined
            ? {}
            : { __timeouts: { create: timeout, update: timeout, delete: timeout } };
        await provider.create({ ...hidden, ...options, name: "a" });
        await provider.update("i", { ...hidden, name: "a" }, { ...hidden, ...options, name: "a" });
        await provider.delete("i", { ...hidden, ...options, name: "a" });
        await clock.advance(1_000);
        assert.deepEqual(
          contexts.map((context) => context.deadline(5_000)),
          Array(3).fill(1_000_000 + ms),
        );
      });
    }

    it("no name where there is no URN", async () => {
      const { provider, contexts } = newProvider();
      await provider.create({ name: "a" });
      assert.deepEqual(
        contexts.map(({ resourceName }) => resourceName),
        [""],
      );
    });

    it("what was asked for before as it was when an update fails half-way", async () => {
      const { provider } = newProvider({
        update: async (id) => {
          throw new InitializationError("half-way", {
            id,
            outs: { name: "a", password: "p" },
            cause: 0,
          });
        },
      });
      const olds = { ...hidden, name: "a", __inputs: { name: "a", size: 1 } };
      const error = await thrownBy(
        provider.update("id-1", olds, { ...hidden, name: "a", size: 2 }),
      );
      const properties = error["properties"] as Record<string, unknown>;
      assert.deepEqual(properties["__asked"], ["name"]);
      assert.deepEqual(properties["__inputs"], secret({ size: 1 }));
      assert.equal(properties["__provider"], text);
    });
  });

  it("takes the configuration of the stack, which configure brings", async () => {
    const seen: unknown[] = [];
    const { provider } = newProvider();
    await provider.configure({ config: { get: (key) => void seen.push(key) } });
    await provider.create({ ...hidden, name: "a" });
    assert.ok(seen.includes("cockroachdb-cloud:apiKey"));
  });
});

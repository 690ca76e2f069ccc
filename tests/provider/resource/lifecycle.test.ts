import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import { toDynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { Host } from "../../../provider/engine/host";
import { RunRecord } from "../../../provider/engine/run-record";
import { InitializationError } from "../../../provider/resource/errors";
import type { Context, Lifecycle } from "../../../provider/resource/lifecycle";
import { AbortedError } from "../../../sdk";
import { advanced, basic, standard } from "../../support/builders";
import { manualClock } from "../../support/clock";
import { checkEmulators } from "../../support/emulator";
import { failureOf, startLab, unknown } from "../../support/shell";

interface Inputs {
  name: string;
  password?: string;
  size?: number;
}

interface State extends Inputs {
  password: string;
  note?: unknown;
}

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const text = "exports.handler = () => …";
const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/cockroachdb-cloud:Thing::thing-1";
const hidden = { __provider: text, __urn: urn };

/** A resource of a made-up kind with a secret output, and the provider that serves it. */
function newProvider(parts: Partial<Lifecycle<Inputs, State>> = {}) {
  const clock = manualClock(1_000_000);
  const reports: string[] = [];
  const contexts: Context[] = [];
  const lifecycle: Lifecycle<Inputs, State> = {
    kind: "thing",
    secrets: ["password"],
    check: () => ({ failures: [], notes: [{ severity: "info", message: "checked" }] }),
    diff: (_id, { state, asked }, news) => ({
      updates: [
        ...(asked.size === news.size ? [] : ["size"]),
        ...(state.note === "drifted" ? ["note"] : []),
      ],
      replaces: state.name === news.name ? [] : ["name"],
      deleteBeforeReplace: true,
      notes: [{ severity: "warning", message: "differs" }],
    }),
    async create(inputs, context) {
      contexts.push(context);
      return { id: "id-1", outs: { ...inputs, password: "s3cret", note: undefined } };
    },
    async read(_id, { state, asked }) {
      return { state, inputs: { ...asked, name: state.name } };
    },
    async update(_id, { state }, news, context) {
      contexts.push(context);
      return { ...state, ...news };
    },
    async delete(_id, _stored, context) {
      contexts.push(context);
    },
    ...parts,
  };
  const host: Host = {
    environment: { COCKROACH_API_KEY: "canary-key" },
    connect: () => ({}) as never,
    reporter: {
      report: async (about, severity, message, options) => {
        reports.push(
          `${about.split("::").at(-1)} ${severity} ${message}${options?.ephemeral ? " …" : ""}`,
        );
      },
    },
    clock,
    signal: new AbortController().signal,
    run: new RunRecord(),
  };
  return { provider: toDynamicProvider(lifecycle, () => host), reports, contexts, clock };
}

async function thrownBy(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

describe("Shell", () => {
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

  describe("keeps secrets", () => {
    const stored = { ...hidden, name: "a", password: "s3cret", __inputs: { name: "a" } };

    it("wrapped in what create responses, where arguments that outputs repeat go by their names", async () => {
      const { provider } = newProvider();
      const { outs } = await provider.create({ ...hidden, name: "a", password: "s3cret" });
      assert.deepEqual(outs, {
        name: "a",
        password: secret("s3cret"),
        __madeAt: (1_000_000).toString(36),
        __urn: urn,
        __asked: ["name", "password"],
      });
    });

    it("wrapped in what update responses, although the old ones came unwrapped", async () => {
      const { provider } = newProvider();
      const { outs } = await provider.update("id-1", stored, { ...hidden, name: "a", size: 2 });
      assert.deepEqual(outs["password"], secret("s3cret"));
      assert.deepEqual(outs["__asked"], ["name", "size"]);
      assert.equal(outs["__inputs"], undefined);
    });

    it("wrapped in what read responses", async () => {
      const { provider } = newProvider();
      const { props } = await provider.read("id-1", stored);
      assert.deepEqual(props?.["password"], secret("s3cret"));
    });

    it("wrapped in the properties of a partial failure, and out of its message", async () => {
      const { provider } = newProvider({
        create: async () => {
          const outs = { name: "a", password: "s3cret" };
          throw new InitializationError("s3cret was refused, says canary-key", {
            id: "id-1",
            outs,
            cause: 0,
          });
        },
      });
      const error = await thrownBy(provider.create({ ...hidden, name: "a", password: "s3cret" }));
      assert.deepEqual(
        (error["properties"] as Record<string, unknown>)["password"],
        secret("s3cret"),
      );
      assert.deepEqual(error["reasons"], ["[redacted] was refused, says [redacted]"]);
      assert.equal(error.message, "[redacted] was refused, says [redacted]");
    });
  });

  describe("responses", () => {
    it("complete properties without undefined", async () => {
      const { provider } = newProvider();
      const { outs } = await provider.create({ ...hidden, name: "a" });
      assert.ok(!("note" in outs));
      assert.deepEqual(JSON.parse(JSON.stringify(outs)), outs);
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

  describe("diff", () => {
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

  describe("turns what is thrown into one readable error", () => {
    const thrown: [string, unknown, string][] = [
      [
        "an error with a code and metadata",
        Object.assign(new Error("no"), { code: 5, metadata: {}, details: "d" }),
        "no",
      ],
      ["a string", "just text", "just text"],
      ["an error that shows the key", new Error("401 for canary-key"), "401 for [redacted]"],
      [
        "an error of the client",
        new AbortedError({
          method: "GET",
          path: "/",
          operation: "Reading",
          object: "o",
          reason: "it was cancelled",
          effect: "none",
          isRetryable: false,
        }),
        "Reading failed: it was cancelled.",
      ],
    ];
    for (const [what, error, message] of thrown) {
      it(what, async () => {
        const fail = () => Promise.reject(error);
        const { provider } = newProvider({ create: fail, update: fail, delete: fail, read: fail });
        for (const work of [
          provider.create({ ...hidden, name: "a" }),
          provider.update("i", { ...hidden, name: "a" }, { ...hidden, name: "a" }),
          provider.read("i", { ...hidden, name: "a" }),
          provider.delete("i", { ...hidden, name: "a" }),
        ]) {
          const readable = await thrownBy(work);
          assert.equal(readable.message, message);
          assert.deepEqual(
            Object.keys(readable).filter((key) => key !== "stack"),
            [],
          );
          assert.doesNotMatch(inspect(readable, { showHidden: true }), /canary|at .*\.ts/);
          assert.equal(String(readable), "pulumi-cockroachdb-cloud");
        }
      });
    }
  });

  it("lets nothing through in a failure or a note that steers the terminal", async () => {
    const { provider, reports } = newProvider({
      async create(_inputs, context) {
        await context.note("info", "plan\u001b[2J\u0000BASIC");
        throw new Error("plan\u001b[2J\ud800BASIC\n  and more");
      },
    });
    await assert.rejects(provider.create({ ...hidden, name: "a" }), {
      message: "plan [2J\ufffdBASIC\n  and more",
    });
    assert.deepEqual(
      reports.filter((report) => report.includes("BASIC")),
      ['thing-1 info Thing "a": plan [2J BASIC'],
    );
  });

  it("leaves a message as it is where a secret is empty", async () => {
    const { provider } = newProvider({ create: () => Promise.reject(new Error("no")) });
    const error = await thrownBy(provider.create({ ...hidden, name: "a", password: "" }));
    assert.equal(error.message, "no");
  });

  it("takes the configuration of the stack, which configure brings", async () => {
    const seen: unknown[] = [];
    const { provider } = newProvider();
    await provider.configure({ config: { get: (key) => void seen.push(key) } });
    await provider.create({ ...hidden, name: "a" });
    assert.ok(seen.includes("cockroachdb-cloud:apiKey"));
  });
});

describe("API key", () => {
  checkEmulators();
  const secretKey = "CCDB1_canary0canary0canary00_0123456789abcdef0123456789abcdef01234567";

  it("shows in no state, message or failure, whatever happens and whoever echoes it", async () => {
    const lab = await startLab({ organizations: [{ apiKeys: [{ secret: secretKey }] }] });
    const { emulator, stack } = lab;
    const shop = stack();
    const seen: unknown[] = [];
    const echo = {
      status: 400,
      message: `bad key ${secretKey}`,
      headers: { "cc-trace-id": secretKey },
    };
    const html = { status: 502, body: `<html>Bearer ${secretKey}</html>`, times: 400 };

    emulator.faults.add("CreateCluster", echo);
    const refused = await shop.up({ orders: basic() });
    assert.match(failureOf(refused), /bad key \[redacted\]/);
    seen.push(refused);
    emulator.faults.add("CreateCluster", { notJson: `{"key": "${secretKey}"` });
    seen.push(await shop.up({ orders: basic() }));
    emulator.faults.add("UpdateCluster", echo);
    seen.push(await shop.up({ orders: standard() }));
    seen.push(await shop.up({ orders: standard() }));
    emulator.faults.add("ListClusters", html);
    seen.push(await shop.refresh());
    emulator.faults.clear();
    seen.push(await shop.refresh());
    emulator.faults.add("DeleteCluster", echo);
    seen.push(await shop.destroy());
    emulator.faults.failNextCreation();
    seen.push(await stack({ name: "other" }).up({ orders: advanced() }));
    for (const { failures, notes, progress } of seen as {
      failures: [];
      notes: [];
      progress: [];
    }[]) {
      assert.doesNotMatch(JSON.stringify([failures, notes, progress]), /canary/);
    }
    assert.doesNotMatch(JSON.stringify([...shop.resources]), /canary/);
    assert.ok(seen.some((run) => (run as { failures: string[] }).failures.length > 0));
  });
});

import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import { InitializationError } from "../../../provider/resource/errors";
import { AbortedError } from "../../../sdk";
import { hidden, newProvider, secret, thrownBy, urn } from "./thing";

describe("The adapter", () => {
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
});

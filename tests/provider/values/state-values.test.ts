import { strict as assert } from "node:assert";
import { asSecret, inFileForm, toStorable } from "../../../provider/values/state-values";

describe("Values for the state", () => {
  it("are copied as they are, without undefined at any depth", () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    const value = {
      text: "",
      none: null,
      flag: false,
      zero: 0,
      left: undefined,
      list: ["a", undefined, { b: undefined, c: null }],
      bare,
    };
    const copy = toStorable(value);
    assert.deepEqual(copy, {
      text: "",
      none: null,
      flag: false,
      zero: 0,
      list: ["a", { c: null }],
      bare: { a: 1 },
    });
    assert.notEqual(copy, value);
    assert.notEqual(copy.list, value.list);
  });

  class Cluster {}
  const lost: [path: string, value: unknown, what: RegExp][] = [
    ["value", Number.NaN, /it is a number \(NaN\)/],
    ["value.limit", { limit: Number.POSITIVE_INFINITY }, /it is a number \(Infinity\)/],
    ["value.list[1].since", { list: ["a", { since: new Date(0) }] }, /it is a Date \(/],
    ["value[0]", [new Cluster()], /it is a Cluster \(/],
    ["value.labels", { labels: new Map() }, /it is a Map \(/],
    ["value.call", { call: () => 1 }, /it is a function \(/],
    ["value.count", { count: 1n }, /it is a bigint \(1\)/],
    ["value.mark", { mark: Symbol("m") }, /it is a symbol \(Symbol\(m\)\)/],
  ];
  for (const [path, value, what] of lost) {
    it(`cannot be what JSON would change: ${path} of ${typeof value}`, () => {
      assert.throws(
        () => toStorable(value),
        ({ message }: Error) =>
          message.startsWith(`${path} cannot be kept in the stack's state: `) && what.test(message),
      );
    });
  }

  it("are named in full where they were undefined before", () => {
    assert.throws(
      () => toStorable({ list: [undefined, Number.NaN] }, "cluster"),
      /^TypeError: cluster\.list\[1\] /,
    );
  });

  it("are wrapped in the engine's mark of a secret", () => {
    assert.deepEqual(asSecret("s3cret"), {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "s3cret",
    });
  });

  it("have their secrets in the form of files at every depth", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    assert.deepEqual(inFileForm({ a: [asSecret({ b: 1 }), 2], c: { d: asSecret("e"), f: null } }), {
      a: [{ ...secret, plaintext: '{"b":1}' }, 2],
      c: { d: { ...secret, plaintext: '"e"' }, f: null },
    });
  });
});

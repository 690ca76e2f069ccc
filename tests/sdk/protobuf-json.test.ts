import assert from "node:assert/strict";
import fc from "fast-check";
import type { WireUsageLimits } from "../../sdk";
import { int64, int64Schema, parseJson, renderJson } from "../../sdk/http/protobuf-json";
import { usageLimitsSchema, wireLimits } from "../../sdk/resources/cluster-settings";

const safeIntegers = fc.maxSafeInteger();

describe("Integers of 64 bits", () => {
  it("come back from the wire as they were", () => {
    fc.assert(
      fc.property(safeIntegers, (value) => {
        const text = int64("n", value);
        assert.match(text, /^-?\d+$/);
        assert.equal(int64Schema.parse(text), value === 0 ? 0 : value);
      }),
    );
  });

  it("are read exactly up to 2^53, and as the nearest number beyond, which is never sent", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const read = int64Schema.parse(String(value));
        assert.equal(read, Number(value));
        if (BigInt(read) !== value) assert.throws(() => int64("n", read), RangeError);
      }),
    );
  });

  it("make limits that survive the round trip", () => {
    const limit = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const limits = fc.record(
      { request_unit_limit: limit, storage_mib_limit: limit, provisioned_virtual_cpus: limit },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(limits, (value) => {
        assert.deepEqual({ ...usageLimitsSchema.parse(wireLimits(value)) }, { ...value });
      }),
    );
  });

  it("leave a limit out that is undefined", () => {
    const unset = { storage_mib_limit: undefined } as unknown as WireUsageLimits;
    assert.deepEqual(wireLimits({ request_unit_limit: 5, ...unset }), { request_unit_limit: "5" });
  });

  for (const value of [2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`cannot be ${value}`, () => {
      assert.throws(() => int64("limit", value), /^RangeError: limit must be a whole number/);
    });
  }
});

describe("JSON", () => {
  it("is read without null members", () => {
    assert.deepEqual(parseJson('{"a": null, "b": {"c": null, "d": 0}}'), { b: { d: 0 } });
  });

  it("is read as nothing where it is null, and not only in members", () => {
    assert.equal(parseJson("null"), undefined);
    assert.deepEqual(parseJson("[null, 1]"), [undefined, 1]);
  });

  it("keeps a member of any name to itself", () => {
    const read = parseJson('{"__proto__": {"isAdmin": true}, "constructor": 1}') as object;
    assert.equal("isAdmin" in read, false);
    assert.deepEqual(Object.keys(read), ["__proto__", "constructor"]);
  });

  for (const [what, text] of [
    ["half a surrogate pair", '{"name": "a\\ud800"}'],
    ["half a surrogate pair in a name", '{"\\udc00": 1}'],
    ["endless nesting of objects", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
    ["endless nesting", "[".repeat(1_000_000) + "]".repeat(1_000_000)],
    ["NaN", '{"nodes": NaN}'],
  ] as const) {
    it(`is not read with ${what}`, () => {
      assert.throws(() => parseJson(text), SyntaxError);
    });
  }

  for (const value of [Number.NaN, Number.NEGATIVE_INFINITY, 1n]) {
    it(`is not written with ${value}`, () => {
      assert.throws(() => renderJson({ nodes: value }), /^RangeError: nodes is /);
    });
  }
});

import { strict as assert } from "node:assert";
import { valueAt } from "../../../provider/values/property-value";

describe("The value of a property", () => {
  const root = { part: { list: [{ "a.b": 1 }], none: null, text: "abc" } };
  const values: [path: string | (string | number)[], value: unknown][] = [
    ["part", root.part],
    ["part.text", "abc"],
    ["part.none", null],
    ["part.list.0", { "a.b": 1 }],
    [["part", "list", 0, "a.b"], 1],
    [[], root],
    ["other", undefined],
    ["other.text", undefined],
    ["part.none.text", undefined],
    ["part.text.length", undefined],
    ["part.constructor", undefined],
  ];
  for (const [path, value] of values) {
    it(`is found, or undefined: ${JSON.stringify(path)}`, () => {
      assert.deepEqual(valueAt(root, path), value);
    });
  }

  it("is undefined in what has none", () => {
    for (const other of [undefined, null, 1]) assert.equal(valueAt(other, "part"), undefined);
  });
});

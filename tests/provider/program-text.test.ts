import { strict as assert } from "node:assert";
import { Expression, linesToWrite, literal } from "../../provider/program-text";

describe("A value in a program", () => {
  it("stands on one line where it fits", () => {
    assert.equal(
      literal({ name: 'a "b"', count: 2, is: true, list: ["a", 1], none: {}, nothing: null }),
      '{ name: "a \\"b\\"", count: 2, is: true, list: ["a", 1], none: {}, nothing: null }',
    );
  });

  it("has a line for each member where it does not fit, counted from where it begins", () => {
    const value = { name: "x".repeat(60), other: ["y".repeat(10)] };
    assert.equal(literal(value).includes("\n"), false);
    assert.equal(
      literal(value, "  ", 20),
      `{\n    name: "${"x".repeat(60)}",\n    other: ["yyyyyyyyyy"],\n  }`,
    );
    assert.equal(
      literal(["z".repeat(50), "z".repeat(50)]),
      `[\n  "${"z".repeat(50)}",\n  "${"z".repeat(50)}",\n]`,
    );
  });

  it("quotes only the keys that need it", () => {
    assert.equal(
      literal({ $a_1: 1, "us-east-1": 3, "1a": 2 }),
      '{ $a_1: 1, "us-east-1": 3, "1a": 2 }',
    );
  });

  it("lets an expression stand as it is", () => {
    assert.equal(literal({ clusterId: new Expression("orders") }), "{ clusterId: orders }");
  });

  it("can be read back", () => {
    const value = { a: { "b-c": ["x".repeat(90), { d: [], e: "\u2028\n" }] }, f: -1.5 };
    assert.deepEqual(new Function(`return ${literal(value)}`)(), value);
    const [, lines] = linesToWrite(value).split("Write in the program:\n");
    assert.deepEqual(new Function(`return {${lines}}`)(), value);
  });
});

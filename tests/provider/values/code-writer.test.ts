import { strict as assert } from "node:assert";
import { Expression, linesToWrite, literal, membersOf } from "../../../provider/values/code-writer";

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

  it("leaves room for what ends its line, and no more", () => {
    const fits = [["x".repeat(94)], ["x".repeat(95)]].map((list) => !literal(list).includes("\n"));
    assert.deepEqual(fits, [true, false]);
    const list = ["x".repeat(80)];
    assert.ok(!literal(list, "  ", 14).includes("\n"));
    assert.equal(literal(list, "  ", 15), `[\n    "${list[0]}",\n  ]`);
    assert.ok(!literal(list, " ".repeat(14)).includes("\n"));
    assert.ok(literal(list, " ".repeat(15)).includes("\n"), "it begins where its lines begin");
  });

  it("breaks no line where there is nothing to break at", () => {
    const long = "x".repeat(120);
    assert.equal(literal(long), `"${long}"`);
    assert.equal(literal(new Expression(long)), long);
    assert.equal(literal(null, "", 99), "null");
    assert.equal(membersOf({ name: long }, "  "), `  name: "${long}",\n`);
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
    const text = linesToWrite(value);
    assert.match(text, /^\nWrite in the program:\n {2}a: {\n/);
    assert.ok(text.endsWith(","), "ends with the last argument");
    const [, lines] = text.split("Write in the program:\n");
    assert.deepEqual(new Function(`return {${lines}}`)(), value);
  });
});

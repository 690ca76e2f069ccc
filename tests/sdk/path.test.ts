import assert from "node:assert/strict";
import { path, queryString } from "../../sdk/http/path";

describe("A path", () => {
  it("has every segment escaped", () => {
    assert.equal(path`/a/${"b/c?d"}/e/${"f g"}`, "/a/b%2Fc%3Fd/e/f%20g");
  });

  for (const [segment, shown] of [
    ["", '""'],
    [".", '"."'],
    ["..", '".."'],
    [7, "7"],
    [undefined, "missing"],
  ] as const) {
    it(`is refused with ${shown} in it, which is said`, () => {
      assert.throws(() => path`/a/${segment as string}`, {
        name: "TypeError",
        message: `An id or name in a request path is ${shown}.`,
      });
    });
  }
});

describe("A query", () => {
  it("leaves out what is undefined and escapes the rest", () => {
    assert.equal(
      queryString({ a: undefined, "b.c": "d&e", f: false, g: 0 }),
      "?b.c=d%26e&f=false&g=0",
    );
    assert.equal(queryString({ a: undefined }), "");
  });
});

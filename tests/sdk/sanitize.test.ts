import assert from "node:assert/strict";
import { sanitizeUntrusted, stripControlCharacters } from "../../sdk/http/sanitize";

describe("A text of another party", () => {
  const texts: [text: string, onOneLine: string, withItsLines: string][] = [
    ["as it was: ü 😀", "as it was: ü 😀", "as it was: ü 😀"],
    ["two\n lines\r\n\tthree", "two lines three", "two\n lines \n three"],
    ["red \u001b\u0007 alarm", "red alarm", "red   alarm"],
    ["half \ud83d of it", "half \ufffd of it", "half \ufffd of it"],
  ];
  for (const [text, onOneLine, withItsLines] of texts) {
    it(`steers no terminal: ${JSON.stringify(text)}`, () => {
      assert.equal(sanitizeUntrusted(text), onOneLine);
      assert.equal(stripControlCharacters(text), withItsLines);
    });
  }

  it("is cut where it is long, and says how long it was", () => {
    assert.equal(sanitizeUntrusted("x".repeat(1_000)), "x".repeat(1_000));
    assert.equal(sanitizeUntrusted("x".repeat(1_001)), `${"x".repeat(1_000)}… (1001 characters)`);
  });
});

import { strict as assert } from "node:assert";
import { z } from "zod";
import { described, propertyPath, shapeFailures } from "../../provider/check";

const schema = z.strictObject({
  name: z.string().optional(),
  size: z.int().optional(),
  share: z.number().optional(),
  isOpen: z.boolean().optional(),
  list: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  part: z.strictObject({ mode: z.enum(["ON", "OFF"]) }).optional(),
  since: z.date().optional(),
});

describe("Check failures", () => {
  const shapes: [news: Record<string, unknown>, property: string, reason: string][] = [
    [{ name: 1 }, "name", "must be a string, not 1."],
    [{ name: true }, "name", "must be a string, not true."],
    [{ name: null }, "name", "must be a string, not null."],
    [{ name: [] }, "name", "must be a string, not a list."],
    [{ name: {} }, "name", "must be a string, not an object."],
    [{ name: () => 1 }, "name", "must be a string, not a function."],
    [{ size: 1.5 }, "size", "must be a whole number, not 1.5."],
    [{ size: "1" }, "size", 'must be a number, not the string "1".'],
    [{ share: "1" }, "share", 'must be a number, not the string "1".'],
    [{ isOpen: "yes" }, "isOpen", 'must be true or false, not the string "yes".'],
    [{ list: "a" }, "list", 'must be a list, not the string "a".'],
    [{ list: ["a", 2] }, "list[1]", "must be a string, not 2."],
    [{ labels: 1 }, "labels", "must be an object, not 1."],
    [{ labels: { "a b": 1 } }, 'labels["a b"]', "must be a string, not 1."],
    [{ part: 1 }, "part", "must be an object, not 1."],
    [{ part: { mode: "AUTO" } }, "part.mode", 'must be one of "ON", "OFF", not the string "AUTO".'],
    [{ part: {} }, "part.mode", 'is required: give one of "ON", "OFF".'],
    [{ since: 1 }, "since", "must be date, not 1."],
    [{ nmae: "a" }, "nmae", "is not an argument here. Check its spelling."],
    [
      { part: { mode: "ON", size: 1 } },
      "part.size",
      "is not an argument here. Check its spelling and where it belongs; it stands in part.",
    ],
  ];
  for (const [news, property, reason] of shapes) {
    it(`say of ${property}: ${reason}`, () => {
      assert.deepEqual(shapeFailures(schema, news), [{ property, reason }]);
    });
  }

  it("are none for what is right or not known yet", () => {
    assert.deepEqual(shapeFailures(schema, { name: "a", part: { mode: "ON" } }), []);
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(shapeFailures(schema, { size: unknown, part: unknown, list: [unknown] }), []);
  });

  it("name every problem", () => {
    const failures = shapeFailures(schema, { name: 1, list: [1, 2], other: 1 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["name", "list[0]", "list[1]", "other"],
    );
  });

  it("show no more than 60 characters of a text", () => {
    const text = "a".repeat(60);
    assert.equal(described(text), `the string "${text}"`);
    assert.equal(described(`${text}a`), `the string "${text}…"`);
  });

  it("spell a path as Pulumi does", () => {
    assert.equal(propertyPath(["a", 0, "b-c", "d e", 1]), 'a[0].b-c["d e"][1]');
    assert.equal(propertyPath([]), "");
  });
});

import { strict as assert } from "node:assert";
import { z } from "zod";
import {
  describeValue,
  failureOf,
  propertyPath,
  shapeFailures,
} from "../../../provider/resource/check";

const thing = z.strictObject({
  weight: z
    .number()
    .min(0, { error: "must be positive." })
    .max(10, { error: "must be at most 10, not 11." })
    .optional(),
  unit: z.string().max(2, { error: "must be short." }).optional(),
});

const schema = z.strictObject({
  name: z.string().optional(),
  size: z.int().min(0, { error: "must be positive." }).optional(),
  share: z.number().optional(),
  isOpen: z.boolean().optional(),
  list: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  part: z.strictObject({ mode: z.enum(["ON", "OFF"]) }).optional(),
  parts: z.array(thing).optional(),
  byName: z.record(z.string(), thing).optional(),
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
    [
      { size: "1" },
      "size",
      'must be a number, not the string "1". If it comes from the configuration, read it with requireNumber.',
    ],
    [{ size: "one" }, "size", 'must be a number, not the string "one".'],
    [
      { share: "-1.5" },
      "share",
      'must be a number, not the string "-1.5". If it comes from the configuration, read it with requireNumber.',
    ],
    [
      { isOpen: "true" },
      "isOpen",
      'must be true or false, not the string "true". If it comes from the configuration, read it with requireBoolean.',
    ],
    [
      { list: '["a"]' },
      "list",
      'must be a list, not the string "[\\"a\\"]". If it comes from the configuration, read it with requireObject.',
    ],
    [
      { part: "{}" },
      "part",
      'must be an object, not the string "{}". If it comes from the configuration, read it with requireObject.',
    ],
    [{ isOpen: "yes" }, "isOpen", 'must be true or false, not the string "yes".'],
    [{ list: "a" }, "list", 'must be a list, not the string "a".'],
    [{ list: ["a", 2] }, "list[1]", "must be a string, not 2."],
    [{ labels: 1 }, "labels", "must be an object, not 1."],
    [{ labels: { "a b": 1 } }, 'labels["a b"]', "must be a string, not 1."],
    [{ part: 1 }, "part", "must be an object, not 1."],
    [{ part: { mode: "AUTO" } }, "part.mode", 'must be one of "ON", "OFF", not the string "AUTO".'],
    [{ part: {} }, "part.mode", 'is required: give one of "ON", "OFF".'],
    [{ since: 1 }, "since", "must be date, not 1."],
    [{ surplus: "a" }, "surplus", "is not an argument here. Check its spelling."],
    [
      { part: { mode: "ON", surplus: 1 } },
      "part.surplus",
      "is not an argument here. Check its spelling and where it belongs; it stands in part.",
    ],
    [{ nmae: "a" }, "nmae", "is not an argument here. Did you mean name?"],
    [{ is_open: true }, "is_open", "is not an argument here. Did you mean isOpen?"],
    [
      { part: { mdoe: "ON", mode: "ON" } },
      "part.mdoe",
      "is not an argument here. Did you mean mode?",
    ],
    [{ mode: "ON" }, "mode", "is not an argument here. Did you mean part.mode?"],
    [{ part: { mode: "ON", size: 1 } }, "part.size", "is not an argument here. Did you mean size?"],
    [
      { parts: [{ weigth: 1 }] },
      "parts[0].weigth",
      "is not an argument here. Did you mean weight?",
    ],
    [
      { byName: { a: { wieght: 1 } } },
      "byName.a.wieght",
      "is not an argument here. Did you mean weight?",
    ],
    [{ is: true }, "is", "is not an argument here. Did you mean isOpen?"],
    [{ tiny: 1 }, "tiny", "is not an argument here. Check its spelling."],
    [{ size: -1 }, "size", "must be positive."],
    [{ parts: [{ weight: -1 }] }, "parts[0].weight", "must be positive. It is -1."],
    [{ parts: [{ weight: 11 }] }, "parts[0].weight", "must be at most 10, not 11."],
    [
      { parts: [{ weight: 1, unit: "stone" }] },
      "parts[0].unit",
      'must be short. It is the string "stone".',
    ],
  ];
  for (const [news, property, reason] of shapes) {
    it(`say of ${property}: ${reason}`, () => {
      const isUnknown = reason.startsWith("is not an argument here");
      assert.deepEqual(shapeFailures(schema, news), [
        { property, reason, ...(isUnknown ? { isUnknownArgument: true } : {}) },
      ]);
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
    assert.equal(describeValue(text), `the string "${text}"`);
    assert.equal(describeValue(`${text}a`), `the string "${text}…"`);
  });

  it("name the value that is deeper down than Pulumi shows, unless the key is wrong or it is named", () => {
    const reasonOf = (path: PropertyKey[], reason: string, isAboutKey?: true) =>
      failureOf({ path, reason, ...(isAboutKey && { isAboutKey }) }, { a: 2, b: { c: 2, d: {} } })
        .reason;
    assert.equal(reasonOf(["a"], "is wrong."), "is wrong.");
    assert.equal(reasonOf(["b", "c"], "is wrong."), "is wrong. It is 2.");
    assert.equal(reasonOf(["b", "c"], "is wrong.", true), "is wrong.");
    assert.equal(reasonOf(["b", "c"], "cannot be 2."), "cannot be 2.");
    assert.equal(reasonOf(["b", "c"], "cannot be 2. Stop."), "cannot be 2. Stop.");
    assert.equal(reasonOf(["b", "c"], "must be at least 20."), "must be at least 20. It is 2.");
    assert.equal(reasonOf(["b", "d"], "is wrong."), "is wrong.");
    assert.equal(reasonOf(["b", "x"], "is required."), "is required.");
  });

  it("spell a path as Pulumi does", () => {
    assert.equal(propertyPath(["a", 0, "b-c", "d e", 1]), 'a[0].b-c["d e"][1]');
    assert.equal(propertyPath([]), "");
  });
});

import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { ApiError } from "../../emulator/errors";
import type { MessageShape } from "../../emulator/protojson";
import { readMessage } from "../../emulator/protojson";

const nothing: MessageShape = { name: "test.Nothing", fields: {} };
const numbers: MessageShape = {
  name: "test.Numbers",
  fields: { small: "int32", large: "int64", several: { list: "int32" } },
};

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

describe("Protobuf JSON reader", () => {
  it("takes every JSON object", () => {
    return fc.assert(
      fc.property(fc.json(), fc.constantFrom("", " ", "\n\t"), (json, space) => {
        readMessage(`${space}{${space}"any"${space}:${space}${json}${space}}${space}`, nothing);
      }),
    );
  });

  it("takes nothing that is no JSON object", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2))
      .map(([json, at, text, cut]) => {
        const body = `{"any":${json}}`;
        const place = at % body.length;
        return body.slice(0, place) + text + body.slice(place + cut);
      });
    return fc.assert(
      fc.property(fc.oneof(damaged, fc.string(), fc.json()), (text) => {
        const expected = isObject(text);
        try {
          readMessage(text, nothing);
          assert.ok(expected, text);
        } catch (error) {
          assert.ok(error instanceof ApiError && !expected, text);
          assert.match(error.message, /^proto: (syntax error )?\(line \d+:\d+\): /);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps 64-bit integers exact, from numbers and from texts", () => {
    return fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (large) => {
        for (const written of [`${large}`, `"${large}"`]) {
          assert.deepEqual(readMessage(`{"large":${written}}`, numbers), { large: `${large}` });
        }
      }),
    );
  });

  it("takes whole numbers within the range of their type only", () => {
    for (const [json, value] of [
      ["2147483647", 2147483647],
      ["-2147483648", -2147483648],
      ["2.0", 2],
      ["1e3", 1000],
      ['"7"', 7],
    ] as const) {
      assert.deepEqual(readMessage(`{"small":${json}}`, numbers), { small: value });
    }
    for (const json of ["2147483648", "1.5", "1e99", '""', '"1.5"', "true", "{}", "[1]"]) {
      assert.throws(() => readMessage(`{"small":${json}}`, numbers), ApiError, json);
    }
    assert.throws(() => readMessage('{"large":9223372036854775808}', numbers), ApiError);
  });

  it("reads durations into the form of answers, and refuses other units", () => {
    const shape: MessageShape = { name: "test.Span", fields: { span: "duration" } };
    for (const [written, read] of [
      ["0s", "0s"],
      ["172800s", "172800s"],
      ["+1s", "1s"],
      ["-1.5s", "-1.500s"],
      ["1.0001s", "1.000100s"],
      ["007.000000001s", "7.000000001s"],
      ["-0.000s", "0s"],
      ["315576000000s", "315576000000s"],
    ] as const) {
      assert.deepEqual(readMessage(`{"span":"${written}"}`, shape), { span: read });
    }
    for (const json of [
      '"48h"',
      '"1"',
      '"s"',
      '"1.s"',
      '"1.1234567891s"',
      '"315576000001s"',
      "5",
    ]) {
      assert.throws(() => readMessage(`{"span":${json}}`, shape), /^ApiError: proto: \(line 1:9\)/);
    }
  });

  it("checks timestamps and leaves them as they are", () => {
    const shape: MessageShape = { name: "test.Time", fields: { time: "timestamp" } };
    for (const time of ["2026-06-01T00:00:00Z", "2026-06-01T00:00:00.123456789+02:00"]) {
      assert.deepEqual(readMessage(`{"time":"${time}"}`, shape), { time });
    }
    for (const json of ['"2026-06-01"', '"2026-13-01T00:00:00Z"', '""', "1"]) {
      assert.throws(() => readMessage(`{"time":${json}}`, shape), ApiError, json);
    }
  });

  it("takes null for not set, in places where something is expected", () => {
    assert.deepEqual(readMessage('{"small":null,"several":null}', numbers), {});
    assert.throws(() => readMessage('{"several":[null]}', numbers), ApiError);
    assert.throws(() => readMessage("null", numbers), ApiError);
  });

  it("does not take names of the language for names of fields", () => {
    for (const key of ["__proto__", "constructor", "toString"]) {
      assert.deepEqual(readMessage(`{"${key}":1}`, numbers), {});
      assert.throws(() => readMessage(`{"${key}":1}`, numbers, "refused"), /could not find field/);
    }
    const map: MessageShape = { name: "test.Map", fields: { labels: { map: "string" } } };
    const read = readMessage<{ labels: object }>('{"labels":{"__proto__":"x"}}', map);
    assert.deepEqual(Object.keys(read.labels), ["__proto__"]);
  });
});

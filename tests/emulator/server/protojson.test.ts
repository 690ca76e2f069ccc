import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { ApiError } from "../../../emulator/server/errors";
import { firstValue } from "../../../emulator/server/json-syntax";
import type { MessageShape, ProtobufVersion } from "../../../emulator/server/protojson";
import { readMessage } from "../../../emulator/server/protojson";

const nothing: MessageShape = { name: "test.Nothing", fields: {} };
const numbers: MessageShape = {
  name: "test.Numbers",
  fields: { small: "int32", large: "int64" },
};

/** The message of the table's cases, with `Plan {PLAN_UNSPECIFIED, BASIC, STANDARD}`. */
const subShape: MessageShape = {
  name: "cc.Sub",
  fields: { num: "int32", region_name: "string" },
};
const request: MessageShape = {
  name: "cc.Req",
  fields: {
    name: "string",
    node_count: "int32",
    limit_units: "int64",
    active: "bool",
    plan: { enumeration: ["BASIC", "STANDARD"] },
    plans: { list: { enumeration: ["BASIC", "STANDARD"] } },
    sub: { message: subShape },
    subs: { list: { message: subShape } },
    regions: { list: "string" },
    region_nodes: { map: "int32" },
    labels: { map: "string" },
    offset_duration: "duration",
    start_time: "timestamp",
  },
};

type Outcome = Readonly<Record<string, unknown>> | string;

/**
 * What protobuf-go made of a body behind encoding/json's decoder, with DiscardUnknown as the gateway has it: the message
 * as it writes it, or its error. A version that is left out did as the one before.
 */
interface Case extends Partial<Record<ProtobufVersion, Outcome>> {
  readonly body: string;
  readonly "1.28": Outcome;
}

const cases = readFileSync(join(__dirname, "protojson-cases.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

function expectedOf(row: Case, version: ProtobufVersion): Outcome {
  const newest = version === "1.36" ? row["1.36"] : undefined;
  return newest ?? (version === "1.28" ? undefined : row["1.33"]) ?? row["1.28"];
}

function outcomeOf(body: string, protobufVersion: ProtobufVersion): Outcome {
  try {
    return withoutZeros(readMessage(body, request, { protobufVersion }));
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error.message;
  }
}

// protobuf-go leaves zero values out; for the emulator it matters that they were there.
function withoutZeros(message: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(message).filter(([key, value]) => {
    const isCollection = typeof value === "object" && key !== "sub";
    return isCollection ? Object.keys(value ?? {}).length > 0 : value && value !== "0";
  });
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      key === "sub" ? withoutZeros(value as Record<string, unknown>) : value,
    ]),
  );
}

describe("Protobuf JSON reader beside protobuf-go", () => {
  for (const version of ["1.28", "1.33", "1.36"] as const) {
    it(`makes the same of every body as version ${version}`, () => {
      for (const row of cases) {
        const expected = expectedOf(row, version);
        const outcome = outcomeOf(row.body, version);
        const kept = typeof expected === "object" ? expected["plan"] : undefined;
        if (row.body === "" || /^\s+$/.test(row.body)) {
          // The gateway takes this error for an empty message.
          assert.equal(expected, "EOF");
          assert.deepEqual(outcome, {});
        } else if (typeof kept === "number") {
          // The reader keeps a number without a name, and the service must refuse it.
          assert.equal(outcome, `invalid argument: invalid plan: ${kept}`);
        } else {
          assert.deepEqual(outcome, expected, row.body);
        }
      }
    });
  }

  it("refuses what is nested deeper than 10,000 levels", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    assert.deepEqual(readMessage(nested(10_000), nothing), {});
    assert.throws(
      () => readMessage(nested(10_001), nothing),
      /^ApiError: invalid character '\[' exceeded max depth$/,
    );
  });
});

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(firstValue(text) || "{}");
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

  it("finds the first value of a text where JSON.parse takes it alone", () => {
    const rest = fc.constantFrom("", " ", "x", "}", "\n{}", ",");
    return fc.assert(
      fc.property(fc.json(), rest, (json, after) => {
        assert.equal(firstValue(` ${json} ${after}`), json);
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
          assert.match(
            error.message,
            /^(proto: (syntax error )?\(line \d+:\d+\): |(proto: )?unexpected EOF$|invalid character ')/,
          );
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

  it("does not take names of the language for names of fields", () => {
    for (const key of ["__proto__", "constructor", "toString"]) {
      assert.deepEqual(readMessage(`{"${key}":1}`, numbers), {});
      assert.throws(
        () => readMessage(`{"${key}":1}`, numbers, { unknownKeys: "refused" }),
        /could not find field/,
      );
    }
    const map: MessageShape = { name: "test.Map", fields: { labels: { map: "string" } } };
    const read = readMessage<{ labels: object }>('{"labels":{"__proto__":"x"}}', map);
    assert.deepEqual(Object.keys(read.labels), ["__proto__"]);
  });
});

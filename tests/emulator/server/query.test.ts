import { strict as assert } from "node:assert";
import { ApiError } from "../../../emulator/server/errors";
import {
  boolParameter,
  checkQuery,
  enumParameter,
  intParameter,
  textParameter,
  timeParameter,
} from "../../../emulator/server/query";

const limit = "pagination.limit";
const order = "pagination.sort_order";
const time = "pagination.as_of_time";

const readers = {
  [limit]: (query: URLSearchParams) => intParameter(query, limit),
  [order]: (query: URLSearchParams) => enumParameter(query, order, ["ASC", "DESC"]),
  [time]: (query: URLSearchParams) => {
    const moment = timeParameter(query, time);
    return moment === undefined ? undefined : new Date(moment).toISOString();
  },
  "pagination.page": (query: URLSearchParams) => textParameter(query, "pagination.page"),
  show_inactive: (query: URLSearchParams) => boolParameter(query, "show_inactive"),
};

// What grpc-gateway 2.33.0 made of them, into the message of the API's lists.
const notInt = (text: string) => `parsing field "limit": strconv.ParseInt: parsing "${text}"`;
const notBool = (text: string) =>
  `parsing field "show_inactive": strconv.ParseBool: parsing "${text}": invalid syntax`;
const notValid = (text: string) => `parsing field "sort_order": "${text}" is not a valid value`;
const cases: readonly (readonly [string, keyof typeof readers, unknown])[] = [
  [`${limit}=%2B3`, limit, 3],
  [`${limit}=007`, limit, 7],
  [`${limit}=-2147483648`, limit, -2147483648],
  [`${limit}=+3`, limit, new Error(`${notInt(" 3")}: invalid syntax`)],
  [`${limit}=0x10`, limit, new Error(`${notInt("0x10")}: invalid syntax`)],
  [`${limit}=1_000`, limit, new Error(`${notInt("1_000")}: invalid syntax`)],
  [`${limit}=1e3`, limit, new Error(`${notInt("1e3")}: invalid syntax`)],
  [`${limit}=--1`, limit, new Error(`${notInt("--1")}: invalid syntax`)],
  [`${limit}=`, limit, new Error(`${notInt("")}: invalid syntax`)],
  [limit, limit, new Error(`${notInt("")}: invalid syntax`)],
  [`${limit}=2147483648`, limit, new Error(`${notInt("2147483648")}: value out of range`)],
  [`${limit}=-2147483649`, limit, new Error(`${notInt("-2147483649")}: value out of range`)],
  [`${limit}=2&${limit}=3`, limit, new Error('too many values for field "limit": 2, 3')],
  ["Pagination.limit=2", limit, 0],
  ["pagination.nothing=2", limit, 0],
  ["show_inactive=TRUE", "show_inactive", true],
  ["show_inactive=1", "show_inactive", true],
  ["showInactive=t", "show_inactive", true],
  ["show_inactive=F", "show_inactive", false],
  ["show_inactive=tRue", "show_inactive", new Error(notBool("tRue"))],
  ["show_inactive=yes", "show_inactive", new Error(notBool("yes"))],
  ["show_inactive=null", "show_inactive", new Error(notBool("null"))],
  ["show_inactive=", "show_inactive", new Error(notBool(""))],
  [
    "show_inactive=true&showInactive=true",
    "show_inactive",
    new Error('duplicate field "show_inactive"'),
  ],
  [`${order}=ASC`, order, "ASC"],
  ["pagination.sortOrder=DESC", order, "DESC"],
  [`${order}=1`, order, "ASC"],
  [`${order}=01`, order, "ASC"],
  [`${order}=0`, order, undefined],
  [`${order}=SORT_UNSPECIFIED`, order, undefined],
  [`${order}=asc`, order, new Error(notValid("asc"))],
  [`${order}=3`, order, new Error(notValid("3"))],
  [`${order}=-1`, order, new Error(notValid("-1"))],
  [`${order}=`, order, new Error(notValid(""))],
  [`${time}=2026-01-01T00:00:00Z`, time, "2026-01-01T00:00:00.000Z"],
  [`${time}=2026-01-01T0:00:00Z`, time, "2026-01-01T00:00:00.000Z"],
  [`${time}=2026-01-01T00:00:00.1234567891Z`, time, "2026-01-01T00:00:00.123Z"],
  [`${time}=2026-01-01T00:00:00,1234567891Z`, time, "2026-01-01T00:00:00.123Z"],
  [`${time}=2026-01-01T00:00:00%2B24:00`, time, "2025-12-31T00:00:00.000Z"],
  [
    `${time}=0000-01-01T00:00:00Z`,
    time,
    new Error('parsing field "as_of_time": 0000-01-01T00:00:00Z before 0001-01-01'),
  ],
  [
    `${time}=9999-12-31T23:59:59-01:00`,
    time,
    new Error('parsing field "as_of_time": 9999-12-31T23:59:59-01:00 before 0001-01-01'),
  ],
  // A plus that is not encoded is a space. The end of Go's sentence is left out.
  [
    `${time}=2026-01-01T00:00:00+02:00`,
    time,
    new Error(
      'parsing field "as_of_time": parsing time "2026-01-01T00:00:00 02:00" as "2006-01-02',
    ),
  ],
  [`${time}=`, time, new Error('parsing field "as_of_time": parsing time "" as "2006-01-02')],
  ["pagination.page=null", "pagination.page", "null"],
  ["pagination.page=", "pagination.page", ""],
  ["pagination.page=a%00b", "pagination.page", "a\0b"],
  [
    "pagination.page=a&pagination.page=b",
    "pagination.page",
    new Error('too many values for field "page": a, b'),
  ],
  ["nothing=1&nothing=2", "pagination.page", undefined],
  ["a;b=1", limit, new Error("invalid semicolon separator in query")],
  ["show_inactive=%zz", "show_inactive", new Error('invalid URL escape "%zz"')],
  ["%zz=1", limit, new Error('invalid URL escape "%zz"')],
];

describe("Query parameters beside grpc-gateway", () => {
  for (const [text, name, expected] of cases) {
    it(`${expected instanceof Error ? "refuse" : "take"} ${text}`, () => {
      const read = () => {
        checkQuery(text);
        return readers[name](new URLSearchParams(text));
      };
      if (expected instanceof Error) {
        assert.throws(read, (error: Error) => {
          assert.ok(error instanceof ApiError);
          assert.ok(error.message.startsWith(expected.message), error.message);
          return true;
        });
      } else {
        assert.equal(read(), expected);
      }
    });
  }
});

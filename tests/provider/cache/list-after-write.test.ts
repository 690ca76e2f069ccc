// A list serves all who read it for a while; a write of the same run outdates it at once.

import { strict as assert } from "node:assert";
import { encryptable } from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import { kinds } from "../../support/kinds";
import type { ResourceOptions } from "../../support/shell";
import { assertDone, Declaration, failureOf, startLab } from "../../support/shell";

type Properties = Record<string, unknown>;

interface Row {
  type: "AllowlistEntry" | "Database" | "SqlUser";
  /** Is there from the beginning, and imported first: that reads the list. */
  there: Properties;
  /** Made, changed or deleted after that. */
  first: Properties;
  second: Properties;
  /** What takes its place when it is deleted. */
  instead?: Properties;
  idOf(args: Properties): string;
}

const office = { cidrMask: 24, sql: true, ui: false, name: "" };

const rows: Row[] = [
  {
    type: "SqlUser",
    there: { name: "there" },
    first: { name: "app" },
    second: { name: "app-2" },
    instead: { name: "app-2" },
    idOf: ({ name }) => String(name),
  },
  {
    type: "Database",
    there: { name: "there" },
    first: { name: "shop" },
    second: { name: "store" },
    idOf: ({ name }) => String(name),
  },
  {
    type: "AllowlistEntry",
    there: { ...office, cidrIp: "10.0.0.0" },
    first: { ...office, cidrIp: "10.0.1.0" },
    second: { ...office, cidrIp: "10.0.1.0", ui: true },
    instead: { ...office, cidrIp: "10.0.2.0" },
    idOf: ({ cidrIp, cidrMask }) => `${cidrIp}/${cidrMask}`,
  },
];

describe("A list that was read before a write of the same run", () => {
  checkEmulators();

  for (const { type, there, first, second, instead, idOf } of rows) {
    /** A cluster that another stack has given what is there, and a stack of its own for the test. */
    const start = async () => {
      const lab = await startLab({ durations: { allowlistPropagationMs: 0 } });
      const { id: clusterId } = encryptable(lab.emulator, { regions: ["us-east-1"] });
      const declared = (args: Properties, after: string[] = [], options: ResourceOptions = {}) =>
        new Declaration(kinds[type], { ...args, clusterId }, after, options);
      const imported = (args: Properties, after: string[] = []) =>
        declared(args, after, { import: `${clusterId}:${idOf(args)}` });
      const other = lab.stack({ name: "other" });
      assertDone(await other.up({ there: declared(there) }));
      return { shop: lab.stack(), declared, imported };
    };

    /** Reads the list, puts `now` in place of the first one, and imports `asked`. */
    const changed = async (now: Properties, asked: Properties) => {
      const { shop, declared, imported } = await start();
      const made = (args: Properties, after: string[]) =>
        declared(args, after, { deleteBeforeReplace: true });
      assertDone(await shop.up({ made: made(first, []) }));
      return await shop.up({
        there: imported(there),
        made: made(now, ["there"]),
        again: imported(asked, ["made"]),
      });
    };

    it(`is not asked for what was made since: ${type}`, async () => {
      const { shop, declared, imported } = await start();
      const run = await shop.up({
        there: imported(there),
        made: declared(first, ["there"]),
        again: imported(first, ["made"]),
      });
      assertDone(run);
    });

    it(`is not asked for what was changed since: ${type}`, async () => {
      assertDone(await changed(second, second));
    });

    // Another name of a database is no other database.
    if (instead === undefined) continue;

    it(`is not asked for what was deleted since: ${type}`, async () => {
      assert.match(failureOf(await changed(instead, first)), /no such/);
    });
  }
});

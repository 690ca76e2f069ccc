// A list serves all who read it for a while; a write of the same run outdates it at once.

import { strict as assert } from "node:assert";
import { encryptable } from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import type { ResourceOptions } from "../../support/engine-model/program";
import { Declaration } from "../../support/engine-model/program";
import { assertDone, failureOf } from "../../support/engine-model/run";
import { kinds } from "../../support/kinds";

type Properties = Record<string, unknown>;

interface Row {
  type: "AllowlistEntry" | "SqlUser";
  /** Is there from the beginning, and imported first: that reads the list. */
  there: Properties;
  /** Deleted after that. */
  first: Properties;
  /** What takes its place. */
  instead: Properties;
  idOf(args: Properties): string;
}

const office = { cidrMask: 24, sql: true, ui: false, name: "" };

const rows: Row[] = [
  {
    type: "SqlUser",
    there: { name: "there" },
    first: { name: "app" },
    instead: { name: "app-2" },
    idOf: ({ name }) => String(name),
  },
  {
    type: "AllowlistEntry",
    there: { ...office, cidrIp: "10.0.0.0" },
    first: { ...office, cidrIp: "10.0.1.0" },
    instead: { ...office, cidrIp: "10.0.2.0" },
    idOf: ({ cidrIp, cidrMask }) => `${cidrIp}/${cidrMask}`,
  },
];

describe("A list that was read before a write of the same run", () => {
  checkEmulators();

  for (const { type, there, first, instead, idOf } of rows) {
    it(`is not asked for what was deleted since: ${type}`, async () => {
      const lab = await startLab({ durations: { allowlistPropagationMs: 0 } });
      const { id: clusterId } = encryptable(lab.emulator, { regions: ["us-east-1"] });
      const declared = (args: Properties, after: string[] = [], options: ResourceOptions = {}) =>
        new Declaration(kinds[type], { ...args, clusterId }, after, options);
      const imported = (args: Properties, after: string[] = []) =>
        declared(args, after, { import: `${clusterId}:${idOf(args)}` });
      const made = (args: Properties, after: string[]) =>
        declared(args, after, { deleteBeforeReplace: true });
      assertDone(await lab.stack({ name: "other" }).up({ there: declared(there) }));
      const shop = lab.stack();
      assertDone(await shop.up({ made: made(first, []) }));
      const run = await shop.up({
        there: imported(there),
        made: made(instead, ["there"]),
        again: imported(first, ["made"]),
      });
      assert.match(failureOf(run), /no such/);
    });
  }
});

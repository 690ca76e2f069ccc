// How operations wait until the service has put their write into force.

import { strict as assert } from "node:assert";
import { pauseMs } from "../../../provider/cache/polling";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { casesOf, placeOf } from "../../conformance/resource-cases";
import { checkEmulators } from "../../support/emulator";
import { kinds } from "../../support/kinds";
import { assertDone, Declaration, startLab, writes } from "../../support/shell";

/** Each takes a minute or more to come into force. */
const types = [
  "EgressRule",
  "LogExportConfig",
  "Restore",
] as const satisfies readonly ResourceType[];

const minPollIntervalMs = 6_000;

describe("The wait until a write is in force", () => {
  checkEmulators();

  for (const type of types) {
    it(`reads again at each of its polls: ${type}`, async () => {
      const { emulator, stack } = await startLab();
      const place = placeOf(type, emulator);
      const [args] = casesOf[type].full;
      emulator.requests.clear();
      const run = assertDone(
        await stack().up({ it: new Declaration(kinds[type], { ...place, ...args }) }),
      );
      const [write = ""] = writes(run.requests).slice(-1);
      const at = run.requests.map((request) => request.at);
      const writtenAt = at[run.requests.map(({ operation }) => operation).lastIndexOf(write)] ?? 0;
      const reads = at.filter((time) => time > writtenAt);
      assert.ok(reads.length > 5, `${reads.length} reads`);
      for (const [index, readAt] of reads.slice(1).entries()) {
        const before = reads[index] ?? 0;
        const most = pauseMs(before - writtenAt, minPollIntervalMs, () => 0);
        assert.ok(readAt - before <= most + 500, `${before - writtenAt}: ${readAt - before} ms`);
      }
    });
  }
});

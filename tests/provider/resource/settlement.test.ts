// How operations wait until the service has put their write into force.

import { strict as assert } from "node:assert";
import type { Durations } from "../../../emulator";
import { pauseMs } from "../../../provider/cache/polling";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { casesOf, placeOf } from "../../conformance/resource-cases";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { Declaration } from "../../support/engine-model/program";
import { writes } from "../../support/engine-model/requests";
import { assertDone } from "../../support/engine-model/run";
import { kinds } from "../../support/kinds";

/** Each takes a minute or more to come into force. */
const types = [
  "EgressRule",
  "LogExportConfig",
  "Restore",
] as const satisfies readonly ResourceType[];

const minPollIntervalMs = 6_000;

const minute = 60_000;

/** One for each way of reading: the list of a cluster, that of two resources, the object itself, with its write once more. */
const durationOf = {
  AllowlistEntry: "allowlistPropagationMs",
  AwsEndpointConnectionState: "privateEndpointConnectionMs",
  EgressRule: "egressRuleMs",
  LogExportConfig: "logExportMs",
  MetricExportDatadogConfig: "metricExportMs",
  PhysicalReplicationStream: "streamStartMs",
  PrivateEndpointServices: "privateEndpointServiceMs",
  Restore: "restoreMs",
} as const satisfies Partial<Record<ResourceType, keyof Durations>>;

describe("The wait until a write is in force", () => {
  checkEmulators();

  for (const type of Object.keys(durationOf) as (keyof typeof durationOf)[]) {
    for (const [minutes, most, lagMs] of [
      [10, 55, 20_000],
      [30, 80, minute],
    ] as const) {
      it(`takes ${most} reads at most for ${minutes} minutes, and ends ${lagMs / 1_000} s later at most: ${type}`, async () => {
        const lastsMs = minutes * minute;
        const { emulator, stack } = await startLab({ durations: { [durationOf[type]]: lastsMs } });
        const place = placeOf(type, emulator);
        const [args] = casesOf[type].full;
        emulator.requests.clear();
        const { requests, elapsedMs } = assertDone(
          await stack().up({ it: new Declaration(kinds[type], { ...place, ...args }) }),
        );
        const reads = requests.filter(({ method }) => method === "GET").length;
        assert.ok(reads <= most, `${reads} reads`);
        const latestMs = lastsMs + lagMs + 5_000;
        assert.ok(elapsedMs >= lastsMs && elapsedMs <= latestMs, `${elapsedMs} ms`);
      });
    }
  }

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

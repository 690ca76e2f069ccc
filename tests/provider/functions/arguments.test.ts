// What functions refuse before they send anything.

import assert from "node:assert/strict";
import * as cockroachdb from "../../../provider/functions/index";
import { checkEmulators } from "../../support/emulator";
import { labForEachTest, missingId } from "../../support/program-lab";

describe("Functions", () => {
  checkEmulators();

  const lab = labForEachTest();

  describe("with times", () => {
    const wrong: [unknown, RegExp][] = [
      ["yesterday", /not "yesterday"\.$/],
      ["2026-01-31", /not "2026-01-31"\.$/],
      [new Date(Number.NaN), /not "Invalid Date"\.$/],
      [{}, /not {}\.$/],
    ];
    for (const [value, message] of wrong) {
      it(`refuse ${JSON.stringify(value)}`, async () => {
        const time = value as string;
        const calls: [string, Promise<unknown>][] = [
          ["listInvoices takes startTime", cockroachdb.listInvoices({ startTime: time })],
          ["listInvoices takes endTime", cockroachdb.listInvoices({ endTime: time })],
          ["listAuditLogs takes startingFrom", cockroachdb.listAuditLogs({ startingFrom: time })],
          ["listAuditLogs takes until", cockroachdb.listAuditLogs({ until: time })],
          [
            "listBackups takes startTime",
            cockroachdb.listBackups({ clusterId: missingId, startTime: time }),
          ],
          [
            "listBackups takes endTime",
            cockroachdb.listBackups({ clusterId: missingId, endTime: time }),
          ],
        ];
        for (const [start, call] of calls) {
          await assert.rejects(call, (error: Error) => {
            assert.equal(error.name, "ArgumentError");
            assert.ok(error.message.startsWith(`${start} as a Date or as a time like`));
            assert.match(error.message, message);
            return true;
          });
        }
        assert.deepEqual(lab.paths(), []);
      });
    }
  });

  it("refuse a name in the place of an id, and say what finds the object by it", async () => {
    const calls: [string, Promise<unknown>][] = [
      [
        'listSqlUsers takes clusterId as the id of a cluster, a UUID, not "orders": getCluster({ name: "orders" }) finds it.',
        cockroachdb.listSqlUsers({ clusterId: "orders" }),
      ],
      [
        'getCluster takes id as the id of a cluster, a UUID, not "orders": getCluster({ name: "orders" }) finds it.',
        cockroachdb.getCluster({ id: "orders" }),
      ],
      [
        'getServiceAccount takes id as the id of a service account, a UUID, not "ci": getServiceAccount({ name: "ci" }) finds it.',
        cockroachdb.getServiceAccount({ id: "ci" }),
      ],
      [
        'getFolder takes id as the id of a folder, a UUID, not "payments": getFolder({ path: "/payments" }) finds it.',
        cockroachdb.getFolder({ id: "payments" }),
      ],
    ];
    for (const [message, call] of calls)
      await assert.rejects(call, { name: "ArgumentError", message });
    assert.deepEqual(lab.paths(), []);
  });

  it("refuse a misspelt word of the API before they send anything", async () => {
    const word = "desc" as never;
    const calls: [string, () => Promise<unknown>][] = [
      [
        'listAuditLogs takes sortOrder as "ASC" or "DESC"',
        () => cockroachdb.listAuditLogs({ sortOrder: word }),
      ],
      [
        'listAvailableRegions takes provider as "AWS" or "GCP" or "AZURE"',
        () => cockroachdb.listAvailableRegions({ provider: word }),
      ],
      [
        'listInvoices takes status as "FINALIZED" or "DRAFT"',
        () => cockroachdb.listInvoices({ status: word }),
      ],
      [
        'getConnectionString takes os as "MAC" or "LINUX" or "WINDOWS"',
        () => cockroachdb.getConnectionString({ clusterId: missingId, os: word }),
      ],
    ];
    for (const [start, call] of calls) {
      await assert.rejects(call, { name: "ArgumentError", message: `${start}, not "desc".` });
    }
    assert.deepEqual(lab.paths(), []);
  });
});

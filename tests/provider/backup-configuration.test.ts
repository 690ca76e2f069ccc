import { strict as assert } from "node:assert";
import { lifecycle } from "../../provider/backup-configuration";
import { failuresOf, startPartLab } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { bodies, writes } from "../support/engine-model/requests";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";

describe("BackupConfiguration", () => {
  checkEmulators();

  const notes = ({ notes: all }: Run) => all.map(({ text }) => text).join("\n");

  it("sends only what differs from the service, so that the one change of the retention stays", async () => {
    const { emulator, shop, id } = await startPartLab(lifecycle, "STANDARD");
    emulator.backups.configure(id, { retention_days: 7 });
    const args = { clusterId: id, retentionDays: 7, frequencyMinutes: 60 };
    assert.deepEqual(writes(assertDone(await shop.up({ backups: args })).requests), []);
    const run = assertDone(await shop.up({ backups: { ...args, frequencyMinutes: 30 } }));
    assert.deepEqual(bodies(run.requests, "UpdateBackupConfiguration"), [
      { frequency_minutes: 30 },
    ]);
    assert.match(notes(run), /takes a full backup/);
  });

  it("warns that the retention changes once, and says what stands when it was changed already", async () => {
    const { shop, id } = await startPartLab(lifecycle, "STANDARD");
    assertDone(await shop.up({ backups: { clusterId: id, retentionDays: 30 } }));
    const changed = assertDone(await shop.up({ backups: { clusterId: id, retentionDays: 90 } }));
    assert.match(notes(changed), /from 30 to 90 days. That is possible once/);
    assert.match(
      failureOf(await shop.up({ backups: { clusterId: id, retentionDays: 7 } })),
      /support ticket.* The retention is 90 days and was changed once already/,
    );
    assert.equal(shop.outputs("backups")["retentionDays"], 90);
  });

  it("leaves the settings as they are when it is deleted, and says so", async () => {
    const { emulator, shop, id } = await startPartLab(lifecycle, "STANDARD");
    assertDone(await shop.up({ backups: { clusterId: id, frequencyMinutes: 5 } }));
    const run = assertDone(await shop.destroy());
    assert.deepEqual(writes(run.requests), []);
    assert.match(notes(run), /stay as they are: the API cannot delete them/);
    assert.equal(emulator.backups.configuration(id).frequency_minutes, 5);
  });

  it("refuses to disable backups and change them in one update", () => {
    const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
    const olds = { clusterId, enabled: true, frequencyMinutes: 60, retentionDays: 30 };
    assert.deepEqual(failuresOf(lifecycle, { ...olds, enabled: false }, olds), []);
    const news = { ...olds, enabled: false, frequencyMinutes: 30 };
    assert.match(
      failuresOf(lifecycle, news, olds).join(),
      /^frequencyMinutes: cannot change while/,
    );
    assert.match(failuresOf(lifecycle, { clusterId }).join(), /^enabled: is required where/);
  });

  it("is refused on a Basic cluster in the API's words", async () => {
    const { shop, id } = await startPartLab(lifecycle, "BASIC");
    const run = await shop.up({ backups: { clusterId: id, frequencyMinutes: 30 } });
    assert.match(failureOf(run), /cannot be changed on BASIC/);
  });
});

import { strict as assert } from "node:assert";
import { advanced, basic, standard } from "../../support/builders";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { failureOf } from "../../support/engine-model/run";

describe("API key", () => {
  checkEmulators();
  const secretKey = "CCDB1_canary0canary0canary00_0123456789abcdef0123456789abcdef01234567";

  it("shows in no state, message or failure, whatever happens and whoever echoes it", async () => {
    const lab = await startLab({ organizations: [{ apiKeys: [{ secret: secretKey }] }] });
    const { emulator, stack } = lab;
    const shop = stack();
    const seen: unknown[] = [];
    const echo = {
      status: 400,
      message: `bad key ${secretKey}`,
      headers: { "cc-trace-id": secretKey },
    };
    const html = { status: 502, body: `<html>Bearer ${secretKey}</html>`, times: 400 };

    emulator.faults.add("CreateCluster", echo);
    const refused = await shop.up({ orders: basic() });
    assert.match(failureOf(refused), /bad key \[redacted\]/);
    seen.push(refused);
    emulator.faults.add("CreateCluster", { notJson: `{"key": "${secretKey}"` });
    seen.push(await shop.up({ orders: basic() }));
    emulator.faults.add("UpdateCluster", echo);
    seen.push(await shop.up({ orders: standard() }));
    seen.push(await shop.up({ orders: standard() }));
    emulator.faults.add("ListClusters", html);
    seen.push(await shop.refresh());
    emulator.faults.clear();
    seen.push(await shop.refresh());
    emulator.faults.add("DeleteCluster", echo);
    seen.push(await shop.destroy());
    emulator.faults.failNextCreation();
    seen.push(await stack({ name: "other" }).up({ orders: advanced() }));
    for (const { failures, notes, progress } of seen as {
      failures: [];
      notes: [];
      progress: [];
    }[]) {
      assert.doesNotMatch(JSON.stringify([failures, notes, progress]), /canary/);
    }
    assert.doesNotMatch(JSON.stringify([...shop.resources]), /canary/);
    assert.ok(seen.some((run) => (run as { failures: string[] }).failures.length > 0));
  });
});

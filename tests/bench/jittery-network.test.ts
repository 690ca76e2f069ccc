import assert from "node:assert/strict";
import { startJitteryNetwork } from "../../bench/jittery-network";
import { startEmulator } from "../../emulator";

describe("a jittery network", () => {
  it("carries requests and answers whole", async () => {
    const emulator = await startEmulator({ rateLimit: "off" });
    const network = await startJitteryNetwork(emulator.port, 5);
    try {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          fetch(`${network.url}/api/v1/clusters/available-regions`, {
            headers: { authorization: `Bearer ${emulator.apiKey}` },
          }).then((answer) => answer.json() as Promise<{ regions: unknown[] }>),
        ),
      );
      assert.equal(emulator.requests.length, 20);
      assert.ok(answers.every(({ regions }) => regions.length > 0));
    } finally {
      network.close();
      await emulator.close();
    }
  });
});

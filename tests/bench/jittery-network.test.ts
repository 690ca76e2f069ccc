import assert from "node:assert/strict";
import { startJitteryNetwork } from "../../bench/jittery-network";
import { startEmulator } from "../../emulator";

describe("A jittery network", () => {
  it("carries requests and responses whole", async () => {
    const emulator = await startEmulator({ rateLimit: "off" });
    const network = await startJitteryNetwork(emulator.port, 5);
    try {
      const responses = await Promise.all(
        Array.from({ length: 20 }, () =>
          fetch(`${network.url}/api/v1/clusters/available-regions`, {
            headers: { authorization: `Bearer ${emulator.apiKey}` },
          }).then((response) => response.json() as Promise<{ regions: unknown[] }>),
        ),
      );
      assert.equal(emulator.requests.length, 20);
      assert.ok(responses.every(({ regions }) => regions.length > 0));
    } finally {
      network.close();
      await emulator.close();
    }
  });
});

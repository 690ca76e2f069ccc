import { strict as assert } from "node:assert";
import { CockroachCloudClient } from "../../sdk";
import { operationAreas } from "../sdk/operations";
import { checkEmulators } from "../support/emulator";
import { documentedOperations, requestViolationsOf } from "../support/openapi";
import { startQuick } from "./caller";
import { startGoClient } from "./go-client";

describe("The emulator serves the official Go client", () => {
  checkEmulators();
  const called = new Set<string | undefined>();

  for (const [name, area] of operationAreas) {
    it(`in the operations of ${name}`, async () => {
      const { emulator } = await startQuick();
      const { url, server } = await startGoClient(emulator.url);
      try {
        const client = new CockroachCloudClient({ apiKey: emulator.apiKey, serverUrl: url });
        await area.callEach({ client, emulator });
      } finally {
        server.close();
      }
      assert.deepEqual(emulator.requests.flatMap(requestViolationsOf), []);
      for (const { operation, status, headers } of emulator.requests) {
        assert.equal(headers["user-agent"], "terraform-provider-cockroach");
        if (status === 200) called.add(operation);
      }
    });
  }

  it("in every operation of the API's document", () => {
    assert.deepEqual(
      documentedOperations().filter((operation) => !called.has(operation)),
      [],
    );
  });
});

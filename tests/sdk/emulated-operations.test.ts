// The client against the emulator, operation by operation: both against the API's own document.

import assert from "node:assert/strict";
import { CockroachCloudClient } from "../../sdk";
import { startQuick } from "../emulator/caller";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators } from "../support/emulator";
import { documentedOperations, requestViolationsOf } from "../support/openapi";
import type { OperationArea } from "./operation";
import { operationAreas } from "./operations";

/** Calls the operations of an area on an emulator of its own, which checks its responses. */
async function callEach(area: OperationArea): Promise<TestEmulator> {
  const { emulator } = await startQuick();
  const client = new CockroachCloudClient({ apiKey: emulator.apiKey, serverUrl: emulator.url });
  await area.callEach({ client, emulator });
  return emulator;
}

describe("The client on the emulator", () => {
  checkEmulators();

  for (const [name, area] of operationAreas) {
    it(`calls each operation of ${name} as the API's document has it`, async () => {
      const { requests } = await callEach(area);
      assert.deepEqual(requests.flatMap(requestViolationsOf), []);
    });
  }

  it("calls every operation of the API's document", async () => {
    const called = new Set<string | undefined>();
    for (const [, area] of operationAreas) {
      const { requests } = await callEach(area);
      for (const { operation, status } of requests) {
        if (status === 200) called.add(operation);
      }
    }
    const missing = documentedOperations().filter((operation) => !called.has(operation));
    assert.deepEqual(missing, []);
  });
});

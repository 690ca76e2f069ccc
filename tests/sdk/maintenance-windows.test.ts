import assert from "node:assert/strict";
import { BadRequestError } from "../../sdk";
import { clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, failure, json, localServer } from "./local-server";

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

describe("A maintenance window", () => {
  afterEach(closeServers);

  for (const [title, response] of [
    ["404", failure(404, 5, "not found")],
    ["{}", json(200, {})],
    ["null durations", json(200, { offset_duration: null, window_duration: null })],
    ["empty durations", json(200, { offset_duration: "", window_duration: "" })],
    ["zero durations", json(200, { offset_duration: "0s", window_duration: "0s" })],
  ] as const) {
    it(`is not set when the response is ${title}`, async () => {
      const { client, run } = await setUp(response);
      assert.equal(await run(client.maintenanceWindows.get("c1")), undefined);
    });
  }

  for (const offset of [null, "", "0s"]) {
    it(`begins on Monday when its offset is ${JSON.stringify(offset)}`, async () => {
      const { client, run } = await setUp(
        json(200, { offset_duration: offset, window_duration: "21600s" }),
      );
      assert.deepEqual(await run(client.maintenanceWindows.get("c1")), {
        offset_duration: "0s",
        window_duration: "21600s",
      });
    });
  }

  it("keeps the spelling of its fractions", async () => {
    const window = { offset_duration: "1.500s", window_duration: "21600.000000001s" };
    const { client, run } = await setUp(json(200, window));
    assert.deepEqual(await run(client.maintenanceWindows.get("c1")), window);
  });

  it("is refused in the API's words where clusters have none", async () => {
    const message = "maintenance windows are supported for advanced clusters only";
    const { client, fail } = await setUp(failure(400, 9, message));
    const window = { offset_duration: "0s", window_duration: "21600s" };
    for (const call of [
      client.maintenanceWindows.get("c1"),
      client.maintenanceWindows.set("c1", window),
      client.maintenanceWindows.delete("c1"),
    ]) {
      const error = await fail(call);
      assert.ok(BadRequestError.isInstance(error));
      assert.equal(error.apiMessage, message);
    }
  });
});

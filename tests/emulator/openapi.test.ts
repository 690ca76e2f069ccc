import { strict as assert } from "node:assert";
import type { Exchange, LoggedRequest } from "../../emulator";
import { checkEmulators, closeTestEmulators, startTestEmulator } from "../support/emulator";
import { documentedOperations, violationsOf } from "../support/openapi";
import { assertRefused, basic, callerOf, startQuick } from "./caller";

function exchange(
  operation: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Exchange {
  const request = { operation, status, method: "GET", path: "/" } as LoggedRequest;
  return {
    request,
    headers: {
      "cc-trace-id": "1",
      "cc-version": "2024-09-16",
      "content-type": "application/json",
      ...headers,
    },
    text: typeof body === "string" ? body : JSON.stringify(body),
    isScripted: false,
  };
}

describe("The OpenAPI document", () => {
  checkEmulators();

  it("detects a wrong response", async () => {
    const { emulator } = await startQuick();
    const cluster = emulator.clusters.create(basic("orders"));
    assert.deepEqual(violationsOf(exchange("GetCluster", 200, cluster)), []);
    const { config: _, ...incomplete } = cluster;
    for (const [body, problem] of [
      [{ ...cluster, colour: "red" }, /additional properties colour/],
      [{ ...cluster, state: "DREAMING" }, /\/state/],
      [{ ...cluster, regions: [{ name: "us-east1" }] }, /\/regions\/0/],
      [{ ...cluster, name: null }, /\/name/],
      [{ ...cluster, created_at: "yesterday" }, /\/created_at/],
      [
        { ...cluster, config: { serverless: { usage_limits: { request_unit_limit: 5 } } } },
        /request_unit_limit/,
      ],
      [incomplete, /required property 'config'/],
    ] as const) {
      assert.match(violationsOf(exchange("GetCluster", 200, body)).join("\n"), problem);
    }
  });

  it("requires code, message and details of every error, the headers, and JSON", () => {
    const status = { code: 5, message: "no", details: [] };
    assert.deepEqual(violationsOf(exchange("GetCluster", 404, status)), []);
    for (const wrong of [
      exchange("GetCluster", 404, { code: 5, message: "no" }),
      exchange("GetCluster", 404, { ...status, hint: "none" }),
      exchange("GetCluster", 404, "<html>"),
      exchange("GetCluster", 404, status, { "cc-trace-id": "" }),
      exchange("GetCluster", 404, status, { "content-type": "text/plain" }),
    ]) {
      assert.equal(violationsOf(wrong).length, 1, wrong.text);
    }
  });

  it("makes the test fail that caused a violation", async () => {
    const emulator = await startTestEmulator();
    (emulator.violations as string[]).push("planted");
    await assert.rejects(closeTestEmulators(), /planted/);
  });

  it("has no operation that the emulator takes for an unknown path", async () => {
    const { api } = await startQuick();
    assert.equal(documentedOperations().length, 144);
    assertRefused(await api.get("/jwt-issuers"), 405, 12, /ListJWTIssuers/);
    assertRefused(await api.get("/../scim/v2/Users"), 405, 12, /GetUsers/);
  });

  it("does not apply to injected responses", async () => {
    const { emulator } = await startQuick();
    emulator.faults.add("ListClusters", { status: 502, body: "<html>" });
    await callerOf(emulator).get("/clusters");
    assert.deepEqual(emulator.violations, []);
  });
});

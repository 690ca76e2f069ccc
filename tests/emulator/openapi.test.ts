import { strict as assert } from "node:assert";
import type { Exchange, LoggedRequest } from "../../emulator";
import { operations as operationTable } from "../../emulator/server/operations";
import { checkEmulators, closeTestEmulators, startTestEmulator } from "../support/emulator";
import { documentedOperations, requestViolationsOf, violationsOf } from "../support/openapi";
import { basic, callerOf, startQuick } from "./caller";

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

  it("detects a wrong request", () => {
    const body = { name: "app", password: "[redacted]" };
    const request = (parts: Partial<LoggedRequest>) =>
      ({ operation: "CreateSQLUser", query: "", body, ...parts }) as LoggedRequest;
    assert.deepEqual(requestViolationsOf(request({})), []);
    const list = { operation: "ListSQLUsers", body: undefined };
    assert.deepEqual(requestViolationsOf(request({ ...list, query: "pagination.limit=5" })), []);
    for (const [wrong, problem] of [
      [{ body: { ...body, colour: "red" } }, /additional properties colour/],
      [{ body: { name: "app" } }, /required property 'password'/],
      [{ body: { ...body, name: 5 } }, /\/name must be string/],
      [{ body: undefined }, /must be object/],
      [{ ...list, body: {} }, /a body that the document does not have/],
      [{ ...list, query: "colour=red" }, /parameter colour is not in the document/],
      [{ ...list, query: "pagination.limit=5.5" }, /pagination.limit .* integer/],
      [{ operation: undefined }, /not in the document/],
    ] as const) {
      assert.match(requestViolationsOf(request(wrong)).join("\n"), problem);
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

  it("has no operation that the emulator does not serve", async () => {
    const { emulator } = await startQuick();
    const operations = documentedOperations();
    assert.equal(operations.length, 144);
    const refused: (string | undefined)[] = [];
    const uuid = "00000000-0000-4000-8000-000000000000";
    for (const { name, method, path } of operationTable) {
      const url = `${emulator.url}${path.replace(/\{\w+\}/g, uuid)}`;
      const headers = { authorization: `Bearer ${emulator.apiKey}` };
      const response = await fetch(url, { method, headers });
      const served = emulator.requests.at(-1)?.operation;
      assert.equal(served, name, `${method} ${path}`);
      if ([405, 501].includes(response.status)) refused.push(served);
    }
    assert.deepEqual(operationTable.map(({ name }) => name).sort(), operations.sort());
    assert.deepEqual(refused, []);
  });

  it("does not apply to injected responses", async () => {
    const { emulator } = await startQuick();
    emulator.faults.add("ListClusters", { status: 502, body: "<html>" });
    await callerOf(emulator).get("/clusters");
    assert.deepEqual(emulator.violations, []);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConnectionError, isNotFound, PermissionDeniedError } from "../../sdk";
import { clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, failure, json, localServer, reset, text } from "./local-server";
import { operations } from "./operations";

interface DocumentedOperation {
  /** Says which roles may do it, a line each. */
  description: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: { "application/json": { schema: DocumentedSchema } } };
}

interface DocumentedSchema {
  $ref?: string;
  properties?: Record<string, unknown>;
  required?: string[];
}

const document: {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, DocumentedSchema> };
} = JSON.parse(readFileSync(join(__dirname, "..", "openapi", "openapi.json"), "utf8"));

const consoleNames: Record<string, string> = {
  ORG_ADMIN: "Organization Admin",
  ORG_MEMBER: "Organization Member",
  CLUSTER_ADMIN: "Cluster Admin",
  CLUSTER_CREATOR: "Cluster Creator",
  CLUSTER_OPERATOR_WRITER: "Cluster Operator",
  CLUSTER_DEVELOPER: "Cluster Developer",
  CLUSTER_MONITOR: "Cluster Monitor",
  FOLDER_ADMIN: "Folder Admin",
  FOLDER_MOVER: "Folder Mover",
  METRICS_VIEWER: "Metrics Viewer",
  BILLING_COORDINATOR: "Billing Coordinator",
};

/** What they take depends on the roles that they change; the document names none. */
const withRulesOfTheirOwn = ["roles.add", "roles.remove", "roles.set"];

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

describe("Every operation", () => {
  afterEach(closeServers);

  for (const operation of operations) {
    const { name, call, method, template } = operation;
    const documented = document.paths[template]?.[method.toLowerCase()];
    const isRepeated = ["GET", "PUT", "DELETE"].includes(method);

    describe(name, () => {
      it("makes its request and reads the response", async () => {
        const { client, run, server } = await setUp(json(200, operation.response));
        assert.deepEqual(await run(call(client)), operation.result);
        const [first, ...others] = server.received;
        assert.deepEqual([first?.method, first?.url], [method, operation.url]);
        assert.deepEqual(
          first?.body === "" ? undefined : JSON.parse(first?.body ?? ""),
          operation.body,
        );
        assert.deepEqual(others, []);
      });

      it("makes a request that the API's document knows", () => {
        assert.ok(documented, `${method} ${template}`);
        // A role in the organization has no id of a resource.
        const pattern = template.replace("{resource_id}", "[^/]*").replace(/\{\w+\}/g, "[^/]+");
        const [path = "", query] = operation.url.split("?");
        assert.match(path, new RegExp(`^${pattern}$`));
        const known = (documented.parameters ?? []).map((parameter) => parameter.name);
        for (const parameter of new URLSearchParams(query).keys()) {
          assert.ok(known.includes(parameter), parameter);
        }
        const schema = documented.requestBody?.content["application/json"].schema;
        const body = document.components.schemas[schema?.$ref?.split("/").pop() ?? ""] ?? schema;
        const sent = Object.keys(operation.body ?? {});
        for (const member of sent) assert.ok(body?.properties?.[member], member);
        for (const member of body?.required ?? []) assert.ok(sent.includes(member), member);
      });

      it("names the roles of the API's document when it is refused", async () => {
        const { client, fail, server } = await setUp(failure(403, 7, "unauthorized"));
        const error = await fail(call(client));
        assert.ok(PermissionDeniedError.isInstance(error));
        assert.deepEqual([error.operation, error.object], [operation.operation, operation.object]);
        assert.equal(server.received.length, 1);
        if (/any member of the organization/.test(documented?.description ?? "")) {
          assert.match(error.message, /It requires any role in the organization[.;]/);
          return;
        }
        const roles = [...(documented?.description.matchAll(/^- (\w+)/gm) ?? [])].map(
          ([, role = ""]) => consoleNames[role] ?? role,
        );
        if (withRulesOfTheirOwn.includes(name)) {
          assert.deepEqual(roles, []);
          assert.match(error.message, /It requires the role Organization Admin; for roles on/);
          return;
        }
        assert.ok(roles.length > 0);
        const said = /It requires (?:the role|one of the roles) (.*) on the organization/;
        const named = error.message.match(said)?.[1]?.split(/, | or /);
        assert.deepEqual(named?.sort(), roles.sort());
      });

      it(`is ${isRepeated ? "repeated" : "never sent twice"} when its response is lost`, async () => {
        const response = json(200, operation.response);
        const { client, run, fail, server } = await setUp(reset, response);
        if (isRepeated) {
          assert.deepEqual(await run(call(client)), operation.result);
          assert.equal(server.received.length, 2);
          return;
        }
        const error = await fail(call(client));
        assert.ok(ConnectionError.isInstance(error));
        assert.equal(error.effect, "unknown");
        assert.equal(server.received.length, 1);
      });

      it("is repeated when it had no effect", async () => {
        const busy = failure(503, 14, "couldn't lock cluster");
        const slow = failure(429, 8, "rate limit exceeded", { "Retry-After": "1" });
        const { client, run, server } = await setUp(busy, slow, json(200, operation.response));
        assert.deepEqual(await run(call(client)), operation.result);
        assert.equal(server.received.length, 3);
      });

      if (method === "DELETE") {
        it("succeeds when a repeat finds nothing", async () => {
          const { client, run } = await setUp(reset, failure(404, 5, "not found"));
          assert.equal(await run(call(client)), undefined);
        });

        it("succeeds whatever the response shows", async () => {
          const { client, run } = await setUp(text(200, ""), json(200, {}));
          assert.equal(await run(call(client)), undefined);
          assert.equal(await run(call(client)), undefined);
        });
      }

      if (method === "PUT") {
        it("says so when a repeat finds nothing", async () => {
          const { client, fail } = await setUp(reset, failure(404, 5, "not found"));
          assert.ok(isNotFound(await fail(call(client))));
        });
      }

      if (!["maintenanceWindows.get", "personUsers.find"].includes(name)) {
        it("says so when there is nothing", async () => {
          const { client, fail } = await setUp(failure(404, 5, "not found"));
          assert.ok(isNotFound(await fail(call(client))));
        });
      }
    });
  }

  it("is in the table", () => {
    const { client } = clientOf({ url: "http://127.0.0.1:1" });
    const all = Object.entries(client).flatMap(([area, methods]) =>
      methodsOf(methods)
        .filter((method) => method !== "constructor")
        .map((method) => `${area}.${method}`),
    );
    // No operation of the API: cluster-certificates.test.ts.
    const beside = ["clusterCertificates.get"];
    const names = [...operations.map(({ name }) => name), ...beside];
    assert.deepEqual(names.sort(), all.sort());
  });
});

/** The methods of an area, also those that it shares with another one. */
function methodsOf(area: object): string[] {
  const prototype: object = Object.getPrototypeOf(area);
  if (prototype === Object.prototype) return [];
  return [...Object.getOwnPropertyNames(prototype), ...methodsOf(prototype)];
}

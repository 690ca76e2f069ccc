import assert from "node:assert/strict";
import { PermissionDeniedError } from "../../sdk";
import { all, clientOf } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, failure, json, localServer } from "./local-server";

async function setUp(...responses: Responder[]) {
  const server = await localServer(responses);
  return { server, ...clientOf(server) };
}

describe("Folders of the client", () => {
  afterEach(closeServers);

  it("names the role Folder Admin alone when new labels are refused, and Folder Mover too for a new name", async () => {
    const { client, fail } = await setUp(failure(403, 7, "unauthorized"));
    const labels = await fail(client.folders.update("f1", { name: "team", labels: {} }));
    assert.ok(PermissionDeniedError.isInstance(labels));
    assert.match(labels.message, /the role Folder Admin on the organization or the folder/);
    const name = await fail(client.folders.update("f1", { name: "team" }));
    assert.ok(PermissionDeniedError.isInstance(name));
    assert.match(name.message, /one of the roles Folder Admin or Folder Mover on/);
  });

  it("sends no path when all folders are listed", async () => {
    const { client, run, server } = await setUp(json(200, { folders: [] }));
    assert.deepEqual(await run(all(client.folders.list({ pageSize: 7 }))), []);
    assert.equal(server.received[0]?.url, "/api/v1/folders?pagination.limit=7");
  });

  it("lists the contents of the root, in pages of the size that was asked for", async () => {
    const { client, run, server } = await setUp(json(200, { resources: [] }));
    assert.deepEqual(await run(all(client.folders.listContents("root", { pageSize: 7 }))), []);
    assert.equal(server.received[0]?.url, "/api/v1/folders/root/contents?pagination.limit=7");
  });

  it("refuses an empty id before anything is sent", async () => {
    const { client, server } = await setUp(json(200, {}));
    await assert.rejects(client.folders.delete(""), TypeError);
    assert.deepEqual(server.received, []);
  });
});

import assert from "node:assert/strict";
import { retryNotice } from "../../sdk/http/retry-notice";
import { clientOf, wireCluster } from "./client-under-test";
import type { Responder } from "./local-server";
import { closeServers, failure, json, localServer } from "./local-server";

const busy = failure(503, 14, "cluster is locked");
const slow = failure(429, 8, "rate limit exceeded", { "Retry-After": "1" });

/** What a command says while its calls get these responses before they succeed. */
async function said(...responses: Responder[]): Promise<string[]> {
  const server = await localServer([...responses, json(200, wireCluster)]);
  const { client, run } = clientOf(server);
  const texts: string[] = [];
  const options = retryNotice((text) => texts.push(text));
  for (let calls = 0; calls < 11; calls++) await run(client.clusters.get(wireCluster.id, options));
  return texts;
}

describe("The notice that a command tries again", () => {
  afterEach(closeServers);

  it("comes once, with the failure and how long it may go on", async () => {
    const [notice, ...others] = await said(busy, busy, slow, busy);
    assert.match(
      notice ?? "",
      /^Reading cluster \S+ failed: 503 cluster is locked.*\.\nRetrying for up to two minutes …\n$/,
    );
    assert.deepEqual(others, []);
  });

  it("does not come for the pace that the API asks for", async () => {
    assert.deepEqual(await said(slow, slow), []);
  });
});

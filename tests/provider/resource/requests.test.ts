// How many requests things take: what the API grants is ten in a second, so each one too many is time.
// Counted by the emulator, for stacks of the size that matters.

import { strict as assert } from "node:assert";
import type { LoggedRequest } from "../../../emulator";
import { pauseMs } from "../../../provider/cache/polling";
import { lifecycle as cluster } from "../../../provider/cluster";
import { lifecycle as keys } from "../../../provider/cmek-config";
import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { toDynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import type { Host } from "../../../provider/engine/host";
import { lifecycle as window } from "../../../provider/maintenance-window";
import { lifecycle as user } from "../../../provider/sql-user";
import { lifecycle as deferral } from "../../../provider/version-deferral";
import { advanced, basic } from "../../support/builders";
import { awsKey } from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import type { Program } from "../../support/engine-model/program";
import { count } from "../../support/engine-model/requests";
import { assertDone } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";

const minute = 60_000;

/** One process for all kinds of resources; the name of a resource begins with its kind: `user-3-7`. */
function everyKind(host: () => Host): DynamicProvider {
  const served: Record<string, DynamicProvider> = {
    cluster: toDynamicProvider(cluster, host),
    user: toDynamicProvider(user, host),
    window: toDynamicProvider(window, host),
    deferral: toDynamicProvider(deferral, host),
    keys: toDynamicProvider(keys, host),
  };
  const of = (props: Record<string, unknown>): DynamicProvider => {
    const kind = /::(\w+)-[^:]*$/.exec(String(props["__urn"]))?.[1];
    return served[kind ?? ""] ?? assert.fail(`a kind of resource: ${props["__urn"]}`);
  };
  return {
    configure: async (request) => {
      for (const provider of Object.values(served)) await provider.configure(request);
    },
    check: (olds, news) => of(news).check(olds, news),
    diff: (id, olds, news) => of(news).diff(id, olds, news),
    create: (inputs) => of(inputs).create(inputs),
    read: (id, props) => of(props).read(id, props),
    update: (id, olds, news) => of(news).update(id, olds, news),
    delete: (id, props) => of(props).delete(id, props),
  };
}

const repeat = <Value>(times: number, make: (index: number) => [string, Value]) =>
  Object.fromEntries(Array.from({ length: times }, (_, index) => make(index)));

const clusters = (times: number, args: (index: number) => Program[string]): Program =>
  repeat(times, (index) => [`cluster-${index}`, args(index)]);

const users = (times: number, clusterId: string, name = "user"): Program =>
  repeat(times, (index) => [`${name}-${index}`, { clusterId, name: `worker-${index}` }]);

const idOf = (stack: Stack, name: string) => stack.resource(name).id;

/** The most polls that a wait of so long may take. */
function pollsWithin(elapsedMs: number, minPauseMs: number): number {
  let polls = 0;
  for (let at = 0; at < elapsedMs; polls += 1) at += pauseMs(at, minPauseMs, () => 1);
  return polls;
}

function assertNotThrottled(requests: readonly LoggedRequest[]): void {
  assert.equal(requests.filter(({ throttled }) => throttled).length, 0);
}

describe("Requests", () => {
  checkEmulators();

  it("of 50 clusters with 20 users, a window, a deferral and keys each are as few as can be", async () => {
    const clusterCount = 50;
    const usersOfEach = 20;
    const pageMax = 20;
    const pages = Math.ceil(clusterCount / pageMax);
    const {
      stack: newStack,
      emulator,
      time,
    } = await startLab({
      durations: { createAdvancedMs: 10 * minute, cmekMs: 0 },
      assumptions: { pageMax },
    });
    const stack = newStack({ serve: everyKind });
    const program = clusters(clusterCount, () => advanced({ networkVisibility: "PRIVATE" }));

    // Clusters: one POST and one PATCH each, and lists that all who wait share.
    const made = assertDone(await stack.up(program));
    const lists = count(made.requests, "ListClusters");
    assert.equal(count(made.requests, "CreateCluster"), clusterCount);
    assert.equal(count(made.requests, "UpdateCluster"), clusterCount);
    // Up to a tenth of the time apart, and close together where the nodes let the end be expected.
    const expected = 8;
    const most = 1 + pollsWithin(made.elapsedMs, 3_000) + expected;
    assert.ok(lists <= pages * most, `${lists} lists`);
    // The first cluster waits alone for a moment, and nodes are shown now and then.
    const others = made.requests.length - 2 * clusterCount - lists;
    assert.ok(others <= 15, `${others} other requests`);
    assertNotThrottled(made.requests);

    // Parts: one POST for a user; a read and a write at most for what one cluster has one of.
    for (let index = 0; index < clusterCount; index++) {
      const clusterId = idOf(stack, `cluster-${index}`);
      Object.assign(program, users(usersOfEach, clusterId, `user-${index}`), {
        [`window-${index}`]: { clusterId, offsetDuration: "172800s", windowDuration: "21600s" },
        [`deferral-${index}`]: { clusterId, deferralPolicy: "DEFERRAL_60_DAYS" },
        [`keys-${index}`]: { clusterId, regionSpecs: [awsKey("us-east-1")] },
      });
    }
    await time.advance(1_000);
    const parted = assertDone(await stack.up(program));
    assert.equal(count(parted.requests, "CreateSQLUser"), clusterCount * usersOfEach);
    const ofUsers = parted.requests.filter(({ operation }) => operation?.includes("SQLUser"));
    assert.equal(ofUsers.length, clusterCount * usersOfEach);
    for (const operation of [
      "GetMaintenanceWindow",
      "SetMaintenanceWindow",
      "GetClusterVersionDeferral",
      "SetClusterVersionDeferral",
      "EnableCMEKSpec",
    ]) {
      assert.ok(count(parted.requests, operation) <= clusterCount, operation);
    }
    assertNotThrottled(parted.requests);

    // A preview and an update without changes: none.
    assert.equal(assertDone(await stack.preview(program)).requests.length, 0);
    const same = assertDone(await stack.up(program));
    assert.equal(same.requests.length, 0);
    assert.ok(same.steps.every((step) => step.startsWith("same ")));

    // A refresh: the clusters in one list, the users in one for each cluster, and one search for the rest.
    await time.advance(1_000);
    const refreshed = assertDone(await stack.refresh());
    assert.deepEqual(refreshed.differences, {});
    assert.equal(count(refreshed.requests, "ListClusters"), pages);
    for (const operation of [
      "ListSQLUsers",
      "GetMaintenanceWindow",
      "GetClusterVersionDeferral",
      "GetCMEKClusterInfo",
    ]) {
      assert.equal(count(refreshed.requests, operation), clusterCount, operation);
    }
    assert.equal(refreshed.requests.length, pages + 4 * clusterCount);
    assertNotThrottled(refreshed.requests);

    // And one more for each cluster that the list leaves out.
    const deleted = ["cluster-3", "cluster-31"];
    for (const name of deleted) emulator.clusters.delete(idOf(stack, name));
    await time.advance(1_000);
    const again = assertDone(await stack.refresh());
    for (const name of deleted) assert.ok(again.steps.includes(`delete ${name}`), name);
    assert.equal(count(again.requests, "GetCluster"), deleted.length);
    assert.ok(again.requests.length <= refreshed.requests.length + deleted.length);
  }).timeout(120_000);

  it("are, for a change of labels, one PATCH and one read most", async () => {
    const { stack } = await startLab();
    const shop = stack({ serve: everyKind });
    const program = (team: string) => clusters(3, () => basic({}, { labels: { team } }));
    assertDone(await shop.up(program("payments")));
    const { requests } = assertDone(
      await shop.up({
        ...program("payments"),
        ...{ "cluster-1": basic({}, { labels: { team: "search" } }) },
      }),
    );
    assert.equal(count(requests, "UpdateCluster"), 1);
    assert.ok(requests.length <= 2, `${requests.length} requests`);
  });

  for (const times of [1, 10, 50]) {
    it(`are 2N + 1 and the polls to create ${times} clusters that are ready at once`, async () => {
      const { stack } = await startLab({ durations: { createBasicMs: 0 } });
      const { requests } = assertDone(
        await stack({ serve: everyKind }).up(clusters(times, () => basic())),
      );
      assert.equal(requests.length, 2 * times + 1);
      assertNotThrottled(requests);
    });

    it(`are one to destroy each of ${times} clusters that are deleted at once`, async () => {
      const { stack, time } = await startLab({ durations: { createBasicMs: 0 } });
      const shop = stack({ serve: everyKind });
      assertDone(await shop.up(clusters(times, () => basic())));
      // Another process comes after this one, and knows nothing of its last requests.
      await time.advance(1_000);
      const { requests } = assertDone(await shop.destroy());
      assert.equal(requests.length, times);
    });
  }

  it("are N to create N users of a cluster that is ready, and one page of 500 to refresh them", async () => {
    const { stack, time } = await startLab({ durations: { createBasicMs: 0 } });
    const shop = stack({ serve: everyKind });
    const ready = clusters(1, () => basic());
    assertDone(await shop.up(ready));
    await time.advance(1_000);
    const userCount = 501;
    const program = { ...ready, ...users(userCount, idOf(shop, "cluster-0")) };
    const created = assertDone(await shop.up(program));
    assert.equal(created.requests.length, userCount);
    const waits = created.progress.filter(({ text }) => text.startsWith("waiting for the rate"));
    assert.ok(waits.length > userCount / 2 && waits.length < userCount, `${waits.length} waits`);
    const { name, text } = waits.at(-1) ?? assert.fail();
    assert.equal(name, `user-${userCount - 1}`);
    assert.match(text, /^waiting for the rate limit of this credential · about 5\d s$/);
    await time.advance(1_000);
    const { requests } = assertDone(await shop.refresh());
    assert.equal(count(requests, "ListSQLUsers"), 2);
    assert.equal(requests.length, 3);
  }).timeout(30_000);

  it("are 80 at most to wait half an hour for a cluster", async () => {
    const { stack } = await startLab({ durations: { createAdvancedMs: 30 * minute } });
    const { requests, elapsedMs } = assertDone(
      await stack({ serve: everyKind }).up(clusters(1, () => advanced())),
    );
    assert.ok(elapsedMs >= 30 * minute && elapsedMs <= 31.5 * minute, `${elapsedMs} ms`);
    const polls = requests.length - ["CreateCluster", "UpdateCluster", "ListClusters"].length;
    assert.ok(polls <= 80, `${polls} polls`);
  });
});

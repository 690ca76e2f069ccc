import { strict as assert } from "node:assert";
import {
  awsKey,
  byRegion,
  rotated,
  threeKeys,
  wire,
  withCluster,
  withKeys,
} from "../../support/cmek";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import { bodies, count, writes } from "../../support/engine-model/requests";
import { assertDone, failureOf } from "../../support/engine-model/run";

const minute = 60_000;

const four = [...threeKeys(), awsKey("eu-central-1")];

/** Adds a region to a cluster with keys of three, with a key for it. */
function gainRegion(emulator: TestEmulator, id: string, key = awsKey("eu-central-1")): void {
  emulator.clusters.edit(id, {
    regionNodes: Object.fromEntries(four.map(({ region }) => [region, 3])),
  });
  emulator.cmek.enable(id, wire([...threeKeys(), key]));
}

describe("CmekConfig update", () => {
  checkEmulators();

  it("rotates one of three regions with only that region in the body", async () => {
    const { shop, program, emulator, id } = await withKeys();
    const regionSpecs = rotated("eu-west-1");
    const run = assertDone(await shop.up(program({ regionSpecs })));
    assert.deepEqual(run.steps, ["update keys"]);
    assert.deepEqual(writes(run.requests), ["UpdateCMEKSpec"]);
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("eu-west-1", "second")]) },
    ]);
    assert.equal(count(run.requests, "ListClusters") + count(run.requests, "GetCluster"), 0);
    assert.equal(run.progress[0]?.text, "ROTATING · 2 of 3 regions · 3 s");
    assert.match(run.progress.at(-1)?.text ?? "", /^ENABLED · 1\d min$/);
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(regionSpecs));
    const infos = emulator.cmek.get(id).region_infos.map(({ key_infos }) => key_infos.length);
    assert.deepEqual(infos, [2, 1, 1]);
    assert.equal((await shop.up(program({ regionSpecs }))).requests.length, 0);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  for (const cmekKeyOrder of ["newest-first", "oldest-first"] as const) {
    it(`knows the present key when the API lists the ${cmekKeyOrder}, also on the way back`, async () => {
      const { shop, program, time } = await withKeys({}, { assumptions: { cmekKeyOrder } });
      for (const id of ["second", "first", "third"]) {
        const regionSpecs = rotated("us-east-1", id);
        await time.advance(minute);
        assertDone(await shop.up(program({ regionSpecs })));
        assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(regionSpecs));
        assert.deepEqual((await shop.refresh()).differences, {});
      }
      const [, east] = shop.outputs()["regions"] as { keyInfos: { keySpec: object }[] }[];
      assert.deepEqual(
        east?.keyInfos[0]?.keySpec,
        awsKey("us-east-1", "third").keySpec,
        "the newest comes first",
      );
    });
  }

  it("changes all regions, and another principal, in one request", async () => {
    const { shop, program } = await withKeys();
    const regionSpecs = threeKeys().map(({ region, keySpec }) => ({
      region,
      keySpec: { ...keySpec, authPrincipal: "arn:aws:iam::111122223333:role/other" },
    }));
    const run = assertDone(await shop.up(program({ regionSpecs })));
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [{ region_specs: wire(regionSpecs) }]);
  });

  it("sends nothing for a region that the cluster has gained with its key", async () => {
    const { shop, program, emulator, id } = await withKeys();
    gainRegion(emulator, id);
    const run = assertDone(await shop.up(program({ regionSpecs: four })));
    assert.deepEqual(run.steps, ["update keys"]);
    assert.deepEqual(
      run.requests.map(({ operation }) => operation),
      ["GetCMEKClusterInfo"],
    );
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(four));
  });

  it("takes a region that a refresh has seen for no drift, and its key for no change", async () => {
    const { shop, program, emulator, id } = await withKeys();
    gainRegion(emulator, id);
    assert.deepEqual((await shop.refresh()).differences, {});
    assert.equal((await shop.up(program())).requests.length, 0);
    const run = assertDone(await shop.up(program({ regionSpecs: four })));
    assert.deepEqual([run.steps, run.requests.length], [["same keys"], 0]);
  });

  it("sends the key of a region that the cluster has gained with another one", async () => {
    const { shop, program, emulator, id } = await withKeys();
    gainRegion(emulator, id, awsKey("eu-central-1", "other"));
    const run = assertDone(await shop.up(program({ regionSpecs: four })));
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("eu-central-1")]) },
    ]);
  });

  it("hands on what the API says of a region that the cluster does not have", async () => {
    const { shop, program } = await withKeys();
    const run = await shop.up(program({ regionSpecs: [...threeKeys(), awsKey("eu-central-1")] }));
    assert.match(
      failureOf(run),
      /^Changing the encryption keys of cluster .* failed: 400 .*eu-central-1/,
    );
    assert.equal(shop.outputs()["status"], "ENABLED");
  });

  it("lets a region go only when the cluster has lost it", async () => {
    const { shop, program, emulator, id } = await withKeys();
    const two = threeKeys().slice(1);
    assert.match(
      failureOf(await shop.up(program({ regionSpecs: two }))),
      /^regionSpecs\.us-west-2: must stay/,
    );
    emulator.clusters.edit(id, { regionNodes: { "us-east-1": 3, "eu-west-1": 3 } });
    emulator.cmek.enable(id, wire(two));
    assert.deepEqual((await shop.refresh()).differences, { keys: ["regionSpecs"] });
    const run = assertDone(await shop.up(program({ regionSpecs: two })));
    assert.deepEqual([run.steps, run.requests.length], [["same keys"], 0]);
  });

  it("of revokeOnDelete makes no request", async () => {
    const { shop, program } = await withKeys();
    const run = assertDone(await shop.up(program({ revokeOnDelete: true })));
    assert.deepEqual([run.steps, run.requests.length], [["update keys"], 0]);
    assert.equal(shop.outputs()["revokeOnDelete"], true);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("of revokeOnDelete and a key makes both, and both go back", async () => {
    const { shop, program } = await withKeys();
    const both = program({ revokeOnDelete: true, regionSpecs: rotated("us-east-1") });
    assert.deepEqual(writes(assertDone(await shop.up(both)).requests), ["UpdateCMEKSpec"]);
    assert.equal(shop.outputs()["revokeOnDelete"], true);
    const back = program({ revokeOnDelete: false, regionSpecs: rotated("us-east-1") });
    assert.equal(assertDone(await shop.up(back)).requests.length, 0);
    assert.equal(shop.outputs()["revokeOnDelete"], false);
  });

  it("passes over a region that the program does not name", async () => {
    const { shop, program, emulator, id } = await withKeys();
    gainRegion(emulator, id);
    assertDone(await shop.up(program({ regionSpecs: rotated("us-east-1") })));
    assert.equal((shop.outputs()["regionSpecs"] as object[]).length, 4);
  });

  it("says at once that a request has not arrived", async () => {
    const { shop, program, emulator } = await withKeys();
    const news = program({ regionSpecs: rotated("us-east-1") });
    emulator.faults.add("UpdateCMEKSpec", { reset: "before-effect", times: 100 });
    const run = await shop.up(news);
    assert.match(failureOf(run), /^Changing the encryption keys of cluster .* failed: /);
    assert.ok(run.elapsedMs < 5 * minute, `${run.elapsedMs}`);
    emulator.faults.clear();
    assertDone(await shop.up(news));
  });

  it("gives up on what the service accepts and does not carry out, and the next run sends it again", async () => {
    const { shop, program, emulator, id } = await withKeys();
    const news = program({ regionSpecs: rotated("us-east-1") });
    emulator.faults.ignoreNextCmek();
    assert.match(
      failureOf(await shop.up(news)),
      new RegExp(
        `^Timed out waiting for the encryption keys to be in use: the service has accepted the request but does not carry it out\\. Nothing has been going on on cluster ${id} for [^:]+: it is ENABLED, 2 of 3 regions done\\. The next update sends the request again`,
      ),
    );
    assert.deepEqual(writes(assertDone(await shop.up(news)).requests), ["UpdateCMEKSpec"]);
  });

  it("revokes with one PATCH, and then there is no way back", async () => {
    const { shop, program } = await withKeys();
    const run = assertDone(await shop.up(program({ revoked: true })));
    assert.deepEqual(writes(run.requests), ["UpdateCMEKStatus"]);
    assert.deepEqual(bodies(run.requests, "UpdateCMEKStatus"), [{ action: "REVOKE" }]);
    assert.equal(run.notes[0]?.severity, "warning");
    assert.equal(run.progress[0]?.text, "REVOKING · 0 of 3 regions · 3 s");
    assert.deepEqual([shop.outputs()["status"], shop.outputs()["revoked"]], ["REVOKED", true]);
    assert.equal((await shop.up(program({ revoked: true }))).requests.length, 0);
    assert.deepEqual((await shop.refresh()).differences, {});
    const back = await shop.up(program());
    assert.match(failureOf(back), /^revoked: must stay true/);
    assert.equal(back.requests.length, 0);
  });

  it("revokes keys that are revoked in state also when the response says nothing of the regions", async () => {
    const { shop, emulator, program } = await withKeys();
    emulator.faults.add("UpdateCMEKStatus", { status: 200, body: {}, effect: "after" });
    assertDone(await shop.up(program({ revoked: true })));
    assert.deepEqual([shop.outputs()["status"], shop.outputs()["revoked"]], ["REVOKED", true]);
  });

  it("revokes without a read keys that differ", async () => {
    const { shop, program } = await withKeys();
    const regionSpecs = rotated("us-east-1");
    const run = assertDone(await shop.up(program({ revoked: true, regionSpecs })));
    assert.deepEqual(writes(run.requests), ["UpdateCMEKStatus"]);
    const again = await shop.up(program({ revoked: true, regionSpecs }));
    assert.deepEqual([again.steps, again.requests.length], [["same keys"], 0]);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("waits on with a revocation that was interrupted", async () => {
    const { shop, program } = await withKeys();
    const stopped = await shop.up(program({ revoked: true }), { interruptAfterMs: minute });
    assert.match(
      failureOf(stopped),
      /^Stopped waiting for access to the encryption keys to be revoked/,
    );
    const run = assertDone(await shop.up(program({ revoked: true })));
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.outputs()["revoked"], true);
  });

  it("says that a revocation has come in between when the program still has none", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.cmek.revoke(id);
    const run = await shop.up(program({ regionSpecs: rotated("us-east-1") }));
    assert.match(
      failureOf(run),
      /is revoked, and only the support of Cockroach Labs can restore it/,
    );
    assert.deepEqual(writes(run.requests), []);
  });

  it("waits for an operation of somebody else, and then sends what is left", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.clusters.lock(id, 20 * minute, "MAINTENANCE_RUNNING");
    const run = assertDone(await shop.up(program({ regionSpecs: rotated("us-east-1") })));
    assert.ok(
      run.progress.some(({ text }) =>
        text.startsWith("waiting for the cluster · MAINTENANCE_RUNNING · "),
      ),
    );
    assert.equal(shop.outputs()["status"], "ENABLED");
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(rotated("us-east-1")));
  });

  it("keeps an interrupted rotation in state, and the next run waits on without a second PUT", async () => {
    const { shop, program } = await withKeys();
    const news = program({ regionSpecs: rotated("us-east-1") });
    const stopped = await shop.up(news, { interruptAfterMs: 2 * minute });
    assert.match(failureOf(stopped), /It was last seen ROTATING, 2 of 3 regions done\./);
    assert.equal(shop.outputs()["status"], "ROTATING");
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(threeKeys()));
    const run = assertDone(await shop.up(news));
    assert.deepEqual([run.steps, writes(run.requests)], [["update keys"], []]);
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(rotated("us-east-1")));
    assert.equal((await shop.up(news)).requests.length, 0);
  });

  it("finds a rotation that a killed run has begun", async () => {
    const { shop, program } = await withKeys();
    const news = program({ regionSpecs: rotated("us-east-1") });
    await shop.up(news, { killAfterMs: minute });
    const run = assertDone(await shop.up(news));
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("shows a rotation that ended after the interruption in the next refresh", async () => {
    const { shop, program, time } = await withKeys();
    const news = program({ regionSpecs: rotated("us-east-1") });
    await shop.up(news, { interruptAfterMs: minute });
    await time.advance(20 * minute);
    assertDone(await shop.refresh());
    assert.deepEqual((await shop.up(news)).steps, ["same keys"]);
  });

  for (const fault of [{ reset: "after-effect" }, { status: 500, effect: "after" }] as const) {
    it(`rotates once when the response is lost by ${JSON.stringify(fault)}`, async () => {
      const { shop, program, emulator, id } = await withKeys();
      emulator.faults.add("UpdateCMEKSpec", fault);
      assertDone(await shop.up(program({ regionSpecs: rotated("us-east-1") })));
      const [, east] = emulator.cmek.get(id).region_infos;
      assert.equal(east?.key_infos.length, 2);
      assert.equal(shop.outputs()["status"], "ENABLED");
    });

    it(`revokes once when the response is lost by ${JSON.stringify(fault)}`, async () => {
      const { shop, program, emulator } = await withKeys();
      emulator.faults.add("UpdateCMEKStatus", fault);
      const run = assertDone(await shop.up(program({ revoked: true })));
      assert.deepEqual(writes(run.requests), ["UpdateCMEKStatus"]);
    });
  }

  it("says when the cluster has vanished", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.clusters.forget(id);
    const run = await shop.up(program({ regionSpecs: rotated("us-east-1") }));
    assert.match(failureOf(run), /was deleted, or is no longer encrypted .*Run `pulumi refresh`/);
  });

  it("says when the cluster whose keys are to be revoked has vanished", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.clusters.forget(id);
    const run = await shop.up(program({ revoked: true }));
    assert.match(failureOf(run), /was deleted, or is no longer encrypted .*Run `pulumi refresh`/);
    assert.deepEqual(writes(run.requests), []);
  });

  it("says when the cluster vanishes while it waits", async () => {
    const { shop, program, emulator, id, time } = await withKeys();
    const work = shop.up(program({ regionSpecs: rotated("us-east-1") }));
    await time.sleep(minute);
    emulator.clusters.forget(id);
    assert.match(failureOf(await work), /was deleted, or is no longer encrypted/);
    assert.deepEqual((await shop.refresh()).steps, ["delete keys"]);
  });
});

describe("CmekConfig failures of the service", () => {
  checkEmulators();

  it("ENABLE_FAILED in one region: its name and the reason, the id kept, and only that region sent again", async () => {
    const { shop, id, emulator } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    emulator.faults.failNextCmek({ region: "eu-west-1", message: "key is pending deletion." });
    const run = await shop.up(program);
    assert.equal(
      failureOf(run),
      `The service could not enable the encryption keys of cluster ${id}: region eu-west-1: ENABLE_FAILED, key is pending deletion. It is in the stack's state: put the key and its permissions right, and the next update tries these regions again.`,
    );
    assert.equal(shop.resource().id, id);
    assert.equal(shop.outputs()["status"], "ENABLE_FAILED");
    const [west] = shop.outputs()["regions"] as { status: string; userMessage: string }[];
    assert.deepEqual(
      [west?.status, west?.userMessage],
      ["ENABLE_FAILED", "key is pending deletion."],
    );
    const again = assertDone(await shop.up(program));
    assert.deepEqual(writes(again.requests), ["UpdateCMEKSpec"]);
    assert.deepEqual(bodies(again.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("eu-west-1")]) },
    ]);
    assert.equal(shop.outputs()["status"], "ENABLED");
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("of one region are reported when the others are done, also without a reason", async () => {
    const { shop, id, emulator, time } = await withCluster();
    emulator.faults.failNextCmek({ region: "eu-west-1", message: "" });
    const work = shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } });
    await time.sleep(minute);
    emulator.cmek.setStatus(id, "eu-west-1", "ENABLE_FAILED");
    const run = await work;
    assert.match(failureOf(run), / cluster [^:]*: region eu-west-1: ENABLE_FAILED\. It is in the/);
    assert.ok(run.elapsedMs >= 10 * minute, `${run.elapsedMs}`);
  });

  it("ENABLE_FAILED, then another key: the other key is sent", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.failNextCmek({ region: "eu-west-1" });
    await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } });
    assertDone(await shop.refresh());
    const keys = { clusterId: id, regionSpecs: rotated("eu-west-1") };
    const run = assertDone(await shop.up({ keys }));
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("eu-west-1", "second")]) },
    ]);
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(rotated("eu-west-1")));
  });

  it("ENABLE_FAILED of a killed run: the next one finishes it", async () => {
    const { shop, id, emulator, time } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    emulator.faults.failNextCmek({ region: "eu-west-1" });
    await shop.up(program, { killAfterMs: minute });
    await time.advance(20 * minute);
    const run = assertDone(await shop.up(program));
    assert.deepEqual(writes(run.requests), ["UpdateCMEKSpec"]);
  });

  it("ROTATE_FAILED: the region goes on with its old key, and the next run rotates again", async () => {
    const { shop, program, emulator, id } = await withKeys();
    const regionSpecs = rotated("us-east-1");
    emulator.faults.failNextCmek({ region: "us-east-1", message: "access denied" });
    const run = await shop.up(program({ regionSpecs }));
    assert.equal(
      failureOf(run),
      `The service could not rotate the encryption keys of cluster ${id}: region us-east-1: ROTATE_FAILED, access denied. It is in the stack's state: put the key and its permissions right, and the next update tries these regions again.`,
    );
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(threeKeys()));
    assert.equal(shop.outputs()["status"], "ROTATE_FAILED");
    const again = assertDone(await shop.up(program({ regionSpecs })));
    assert.deepEqual(bodies(again.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("us-east-1", "second")]) },
    ]);
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(regionSpecs));
  });

  it("ROTATE_FAILED, refreshed, and the program goes back: the old key is set once more", async () => {
    const { shop, program, emulator } = await withKeys();
    emulator.faults.failNextCmek({ region: "us-east-1" });
    await shop.up(program({ regionSpecs: rotated("us-east-1") }));
    assert.deepEqual((await shop.refresh()).differences, {});
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("us-east-1")]) },
    ]);
    assert.equal(shop.outputs()["status"], "ENABLED");
    assert.equal((await shop.up(program())).requests.length, 0);
  });

  it("REVOKE_FAILED: the next run revokes again", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.faults.failNextCmek({ region: "us-west-2", message: "no such key. .\n" });
    const run = await shop.up(program({ revoked: true }));
    assert.equal(
      failureOf(run),
      `The service could not revoke the encryption keys of cluster ${id}: region us-west-2: REVOKE_FAILED, no such key. It is in the stack's state: put the key and its permissions right, and the next update tries these regions again.`,
    );
    const again = assertDone(await shop.up(program({ revoked: true })));
    assert.deepEqual(writes(again.requests), ["UpdateCMEKStatus"]);
    assert.equal(shop.outputs()["revoked"], true);
  });

  it("of the connection while it waits are passed over", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.add("GetCMEKClusterInfo", { status: 503, nth: 3, times: 2 });
    emulator.faults.add("GetCMEKClusterInfo", { reset: "before-effect", nth: 3 });
    assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
  });
});

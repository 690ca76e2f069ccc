import { strict as assert } from "node:assert";
import type { CmekStatus } from "../../../emulator";
import {
  awsKey,
  byRegion,
  encryptable,
  rotated,
  threeKeys,
  threeRegions,
  wire,
  withCluster,
  withKeys,
} from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { bodies, writes } from "../../support/engine-model/requests";
import { assertDone, failureOf } from "../../support/engine-model/run";
import { visible } from "../../support/engine-model/values";

const minute = 60_000;

describe("CmekConfig read", () => {
  checkEmulators();

  it("returns complete outputs for a function, and says when there is nothing", async () => {
    const { shop, id, emulator } = await withCluster();
    await assert.rejects(shop.get(id), /There is no CMEK configuration with the id/);
    emulator.cmek.enable(id, wire(threeKeys()));
    const outputs = visible(await shop.get(id));
    assert.deepEqual(outputs["regionSpecs"], byRegion(threeKeys()));
    assert.deepEqual(
      [outputs["clusterId"], outputs["status"], outputs["revoked"]],
      [id, "ENABLED", false],
    );
  });

  it("reports a key that was changed behind our back, and an update puts it back", async () => {
    const { shop, program, emulator, id, time } = await withKeys();
    await time.advance(minute);
    const [key] = wire([awsKey("eu-west-1", "foreign")]);
    assert.ok(key);
    emulator.cmek.rotate(id, "eu-west-1", key.key_spec as never);
    const refresh = assertDone(await shop.refresh());
    assert.deepEqual(refresh.differences, { keys: ["regionSpecs"] });
    assert.deepEqual(
      shop.resource().inputs["regionSpecs"],
      rotated("eu-west-1", "foreign"),
      "only that region, in the order of the program",
    );
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(bodies(run.requests, "UpdateCMEKSpec"), [
      { region_specs: wire([awsKey("eu-west-1")]) },
    ]);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("reports a principal that was changed behind our back, and an update puts it back", async () => {
    const { shop, program, emulator, id } = await withKeys();
    const [key] = wire([awsKey("eu-west-1")]);
    assert.ok(key);
    const auth_principal = "arn:aws:iam::111122223333:role/other";
    emulator.cmek.rotate(id, "eu-west-1", { ...key.key_spec, auth_principal } as never);
    assert.deepEqual((await shop.refresh()).differences, { keys: ["regionSpecs"] });
    const run = assertDone(await shop.up(program()));
    assert.deepEqual(writes(run.requests), ["UpdateCMEKSpec"]);
    assert.deepEqual((await shop.refresh()).differences, {});
  });

  it("reports a revocation, which the program has to accept", async () => {
    const { shop, program, emulator, id } = await withKeys();
    emulator.cmek.revoke(id);
    assert.deepEqual((await shop.refresh()).differences, { keys: ["revoked"] });
    assert.match(failureOf(await shop.up(program())), /^revoked: must stay true/);
    const run = assertDone(await shop.up(program({ revoked: true })));
    assert.deepEqual([run.steps, run.requests.length], [["same keys"], 0]);
  });

  it("reports access that support has restored", async () => {
    const { shop, program, emulator, id } = await withKeys();
    assertDone(await shop.up(program({ revoked: true })));
    emulator.cmek.enable(id, wire(threeKeys()));
    assert.deepEqual((await shop.refresh()).differences, { keys: ["revoked"] });
    const run = assertDone(await shop.up(program()));
    assert.deepEqual([run.steps, run.requests.length], [["same keys"], 0]);
  });

  it("reports no status that comes and goes, and an update waits it out", async () => {
    const { shop, program, emulator, id, time } = await withKeys();
    emulator.cmek.setStatus(id, "us-east-1", "ROTATING");
    assert.deepEqual((await shop.refresh()).differences, {});
    const work = shop.up(program());
    await time.sleep(minute);
    emulator.cmek.setStatus(id, "us-east-1", "ENABLED");
    const run = assertDone(await work);
    assert.deepEqual([run.steps, writes(run.requests)], [["update keys"], []]);
  });

  const known: [string, object, boolean][] = [
    [
      "regions that are there before the cluster says so",
      { status: "DISABLED", region: "ENABLING" },
      true,
    ],
    ["a cluster that says so before its regions", { status: "ENABLING", region: "DISABLED" }, true],
    ["neither", { status: "DISABLED", region: "DISABLED" }, false],
  ];
  for (const [title, reported, isThere] of known) {
    it(`knows encryption by either: ${title}`, async () => {
      const { shop, id, emulator } = await withCluster();
      const { status, region } = reported as { status: string; region: string };
      const body = { status, region_infos: [{ region: "us-east-1", status: region }] };
      emulator.faults.add("GetCMEKClusterInfo", { status: 200, body });
      if (isThere) assert.equal((await shop.get(id))["status"], status);
      else await assert.rejects(shop.get(id), /There is no CMEK configuration/);
    });
  }

  const notFoundCases: [string, (lab: Lab & { id: string }) => void][] = [
    ["the cluster was deleted", ({ emulator, id }) => void emulator.clusters.delete(id)],
    ["the cluster has vanished", ({ emulator, id }) => emulator.clusters.forget(id)],
    [
      "encryption was never enabled",
      ({ emulator, id }) => {
        for (const region of threeRegions)
          emulator.cmek.setStatus(id, region, "DISABLED" satisfies CmekStatus);
      },
    ],
  ];
  for (const [title, happen] of notFoundCases) {
    it(`removes it from state when ${title}`, async () => {
      const lab = await withKeys();
      happen(lab);
      const run = assertDone(await lab.shop.refresh());
      assert.deepEqual([run.steps, lab.shop.resources.size], [["delete keys"], 0]);
    });
  }
});

describe("CmekConfig delete", () => {
  checkEmulators();

  it("only forgets, says so, and makes no request", async () => {
    const { shop, emulator, id } = await withKeys();
    const run = assertDone(await shop.destroy());
    assert.equal(run.requests.length, 0);
    assert.deepEqual(
      run.notes.map(({ severity, text }) => `${severity}: ${text}`),
      [
        `warning: CMEK configuration "keys": Cluster ${id} stays encrypted with keys of your own: the API cannot disable that, so its deletion only removes it from the state. Keep its keys for as long as the cluster and its backups are needed.`,
      ],
    );
    assert.equal(emulator.cmek.get(id).status, "ENABLED");
  });

  it("revokes and waits when it is asked to", async () => {
    const { shop, emulator, id } = await withKeys({ revokeOnDelete: true });
    const run = assertDone(await shop.destroy());
    assert.deepEqual(bodies(run.requests, "UpdateCMEKStatus"), [{ action: "REVOKE" }]);
    assert.ok(run.elapsedMs >= 10 * minute, `${run.elapsedMs}`);
    assert.equal(emulator.cmek.get(id).status, "REVOKED");
    assert.deepEqual(run.notes, []);
  });

  it("revokes and waits when the response says nothing of the regions", async () => {
    const { shop, emulator, id } = await withKeys({ revokeOnDelete: true });
    const empty = { status: 200, body: {}, effect: "after" } as const;
    emulator.faults.add("UpdateCMEKStatus", empty);
    emulator.faults.failNextCmek({ message: "no such key" });
    assert.match(failureOf(await shop.destroy()), /could not revoke .*REVOKE_FAILED, no such key/);
    assert.equal(shop.resources.size, 1);
    emulator.faults.add("UpdateCMEKStatus", empty);
    const run = assertDone(await shop.destroy());
    assert.deepEqual(bodies(run.requests, "UpdateCMEKStatus"), [{ action: "REVOKE" }]);
    assert.equal(emulator.cmek.get(id).status, "REVOKED");
  });

  const isClusterDeleted = ["ListClusters", "GetCluster"];
  const doneCases: [string, (lab: Lab & { id: string }) => void, string[]][] = [
    [
      "the cluster was deleted",
      ({ emulator, id }) => void emulator.clusters.delete(id),
      isClusterDeleted,
    ],
    [
      "the cluster has vanished",
      ({ emulator, id }) => emulator.clusters.forget(id),
      isClusterDeleted,
    ],
    ["the keys are revoked already", ({ emulator, id }) => void emulator.cmek.revoke(id), []],
  ];
  for (const [title, happen, confirmation] of doneCases) {
    it(`with a revocation is done when ${title}`, async () => {
      const lab = await withKeys({ revokeOnDelete: true });
      happen(lab);
      const run = assertDone(await lab.shop.destroy());
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["GetCMEKClusterInfo", ...confirmation],
      );
    });
  }

  it("with a revocation hands on what has nothing to do with the keys", async () => {
    const { shop, emulator } = await withKeys({ revokeOnDelete: true });
    emulator.faults.add("UpdateCMEKStatus", { status: 403, message: "no" });
    const refused = failureOf(await shop.destroy());
    assert.match(refused, /^Revoking the encryption keys of cluster .* failed: 403 no/);
    assert.doesNotMatch(refused, /revokeOnDelete/);
    emulator.faults.add("GetCMEKClusterInfo", { status: 400, message: "no read" });
    assert.match(failureOf(await shop.destroy()), /failed: 400 no read.* revokeOnDelete: false\.$/);
    assertDone(await shop.destroy());
  });

  it("with a revocation waits for a busy cluster, and is done when that is deleted meanwhile", async () => {
    const { shop, emulator, id, time } = await withKeys({ revokeOnDelete: true });
    emulator.clusters.lock(id);
    const work = shop.destroy();
    await time.sleep(10 * minute);
    emulator.clusters.forget(id);
    assertDone(await work);
  });

  it("with a revocation that fails keeps the resource, and the next destroy tries again", async () => {
    const { shop, emulator } = await withKeys({ revokeOnDelete: true });
    emulator.faults.failNextCmek({ message: "no such key" });
    assert.match(failureOf(await shop.destroy()), /could not revoke .*REVOKE_FAILED, no such key/);
    assertDone(await shop.destroy());
    assert.equal(shop.resources.size, 0);
  });

  it("with a revocation that the API refuses says how to forget the keys", async () => {
    const { shop, emulator, program } = await withKeys({ revokeOnDelete: true });
    emulator.faults.failNextCmek({ region: "us-east-1" });
    await shop.up(program({ regionSpecs: rotated("us-east-1") }));
    assert.match(
      failureOf(await shop.destroy()),
      /^Revoking the encryption keys of cluster .* failed: 400 .*ROTATE_FAILED.* To forget the keys without revoking access to them, first run an update with revokeOnDelete: false\.$/,
    );
  });

  it("with a revocation forgets encryption that was never enabled completely, and says so", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.failNextCmek();
    await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys(), revokeOnDelete: true } });
    const run = assertDone(await shop.destroy());
    assert.equal(run.notes[0]?.severity, "warning");
    assert.match(
      run.notes[0]?.text ?? "",
      /^CMEK configuration "keys": There is nothing to revoke on cluster .*: Revoking .* failed: 400 /,
    );
  });

  it("leaves the old cluster encrypted when the resource moves to another", async () => {
    const { shop, emulator, id, program } = await withKeys();
    const other = encryptable(emulator, { name: "second", regions: ["us-east-1"] });
    const news = program({ clusterId: other.id, regionSpecs: [awsKey("us-east-1")] });
    const run = assertDone(await shop.up(news));
    assert.deepEqual(run.steps.slice(0, 2), ["replace keys", "delete keys"]);
    assert.deepEqual(writes(run.requests), ["EnableCMEKSpec"]);
    assert.equal(emulator.cmek.get(id).status, "ENABLED");
    assert.ok(run.notes.some(({ severity, text }) => severity === "warning" && text.includes(id)));
    assert.equal(shop.resource().id, other.id);
  });

  it("of the old one in a forced replacement does not revoke the keys of the new one", async () => {
    const { shop, emulator, id, program } = await withKeys({ revokeOnDelete: true });
    const run = assertDone(await shop.up(program(), { replace: ["keys"] }));
    assert.deepEqual(run.steps, ["replace keys", "delete keys"]);
    assert.deepEqual(writes(run.requests), []);
    assert.equal(run.notes.at(-1)?.severity, "info");
    assert.match(run.notes.at(-1)?.text ?? "", /now belong to another resource of this stack/);
    assert.equal(emulator.cmek.get(id).status, "ENABLED");
    assert.equal(shop.resource().id, id);
  });

  it("of the old one after a new name does not revoke either", async () => {
    const { shop, emulator, id, program } = await withKeys({ revokeOnDelete: true });
    const { keys } = program();
    const run = assertDone(await shop.up({ encryption: keys } as never));
    assert.deepEqual(run.steps, ["create encryption", "delete keys"]);
    assert.deepEqual(writes(run.requests), []);
    assert.equal(emulator.cmek.get(id).status, "ENABLED");
  });
});

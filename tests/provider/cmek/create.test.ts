import { strict as assert } from "node:assert";
import { beingCreated } from "../../support/cluster-parts";
import type { Key } from "../../support/cmek";
import {
  awsKey,
  byRegion,
  cmekStack,
  encryptable,
  encryptableBody,
  keyOf,
  rotated,
  threeKeys,
  wire,
  withCluster,
  withKeys,
} from "../../support/cmek";
import { checkEmulators } from "../../support/emulator";
import type { Lab } from "../../support/engine-model/lab";
import { startLab } from "../../support/engine-model/lab";
import { bodies, count, writes } from "../../support/engine-model/requests";
import { assertDone, failureOf, printedLines } from "../../support/engine-model/run";
import type { Stack } from "../../support/engine-model/stack";

const minute = 60_000;

describe("CmekConfig create", () => {
  checkEmulators();

  it("sends one POST with the key of each region, and waits until all are enabled", async () => {
    const { shop, id, emulator } = await withCluster();
    const run = assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
    assert.deepEqual(writes(run.requests), ["EnableCMEKSpec"]);
    assert.deepEqual(run.notes, []);
    assert.deepEqual(bodies(run.requests, "EnableCMEKSpec"), [{ region_specs: wire(threeKeys()) }]);
    assert.equal(count(run.requests, "ListClusters"), 1);
    assert.equal(count(run.requests, "GetCluster"), 0);
    assert.ok(count(run.requests, "GetCMEKClusterInfo") <= 55, run.requests.length.toString());
    assert.ok(run.elapsedMs >= 10 * minute && run.elapsedMs <= 11.5 * minute, `${run.elapsedMs}`);
    assert.equal(shop.resource().id, id);
    const { regions, ...outputs } = shop.outputs();
    assert.deepEqual(outputs, {
      clusterId: id,
      regionSpecs: byRegion(threeKeys()),
      revoked: false,
      revokeOnDelete: false,
      status: "ENABLED",
    });
    const infos = emulator.cmek.get(id).region_infos;
    assert.deepEqual(
      regions,
      byRegion(threeKeys()).map(({ region, keySpec }, index) => ({
        region,
        status: "ENABLED",
        userMessage: "",
        keyInfos: [
          {
            status: "ENABLED",
            userMessage: "",
            keySpec,
            createdAt: infos[index]?.key_infos[0]?.created_at,
            updatedAt: infos[index]?.key_infos[0]?.updated_at,
          },
        ],
      })),
    );
  });

  for (const [cloud, key] of Object.entries(keyOf)) {
    it(`takes the key of ${cloud} through its whole life`, async () => {
      const lab = await startLab();
      const { id } = encryptable(lab.emulator, { provider: cloud, regions: [key.region] });
      const shop = cmekStack(lab);
      const program = { keys: { clusterId: id, regionSpecs: [key] } };
      const { requests } = assertDone(await shop.up(program));
      assert.deepEqual(bodies(requests, "EnableCMEKSpec"), [{ region_specs: wire([key]) }]);
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual((await shop.up(program)).steps, ["same keys"]);
      const other = structuredClone(key) as Key;
      other.keySpec.uri += "2";
      assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: [other] } }));
      assert.deepEqual(shop.outputs()["regionSpecs"], [other]);
    });
  }

  it("is nothing to do a second time, in a preview or a run, and clean for a refresh", async () => {
    const { shop, program } = await withKeys();
    assert.equal((await shop.preview(program())).requests.length, 0);
    const again = await shop.up(program());
    assert.deepEqual([again.steps, again.requests.length], [["same keys"], 0]);
    const shuffled = await shop.up(program({ regionSpecs: threeKeys().reverse() }));
    assert.deepEqual([shuffled.steps, shuffled.requests.length], [["same keys"], 0]);
    const refresh = assertDone(await shop.refresh());
    assert.deepEqual([refresh.differences, refresh.steps], [{}, ["same keys"]]);
    assert.deepEqual(
      refresh.requests.map(({ operation }) => operation),
      ["GetCMEKClusterInfo"],
    );
  });

  it("shows the regions and the time on its line", async () => {
    const { shop, id, emulator, time } = await withCluster();
    const work = shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } });
    await time.sleep(minute);
    emulator.cmek.setStatus(id, "us-east-1", "ENABLED");
    const texts = assertDone(await work).progress.map(({ text }) => text);
    assert.equal(texts[0], "ENABLING · 0 of 3 regions · 3 s");
    assert.ok(texts.some((text) => /^ENABLING · 1 of 3 regions · \d+ s$/.test(text)));
    assert.match(texts.at(-1) ?? "", /^ENABLED · 1\d min$/);
  });

  it("speaks of one region in the singular", async () => {
    const lab = await startLab();
    const { id } = encryptable(lab.emulator, { regions: ["us-east-1"] });
    const { progress } = assertDone(
      await cmekStack(lab).up({ keys: { clusterId: id, regionSpecs: [awsKey("us-east-1")] } }),
    );
    assert.equal(progress[0]?.text, "ENABLING · 0 of 1 region · 3 s");
  });

  it("reads nothing where the service is done at once", async () => {
    const { shop, id } = await withCluster({ durations: { cmekMs: 0 } });
    const { requests } = assertDone(
      await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }),
    );
    assert.deepEqual(
      requests.map(({ operation }) => operation),
      ["ListClusters", "GetCMEKClusterInfo", "EnableCMEKSpec"],
    );
  });

  for (const cmekUnset of ["disabled", "not-found"] as const) {
    it(`takes a response of "${cmekUnset}" for not enabled`, async () => {
      const { shop, id } = await withCluster({ assumptions: { cmekUnset } });
      assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
      assert.equal(shop.outputs()["status"], "ENABLED");
    });
  }

  describe("refuses before it sends anything", () => {
    const cases: [string, object, Key[], RegExp][] = [
      [
        "the keys of another cloud",
        { provider: "GCP", regions: ["us-east1"] },
        [{ ...awsKey("us-east-1"), region: "us-east1" }],
        /^Cluster "orders" \(.*\) cannot be encrypted with these keys: it runs on GCP, whose keys are of type GCP_CLOUD_KMS, and regionSpecs has AWS_KMS\. Nothing was sent\.$/,
      ],
      [
        "a missing region",
        {},
        threeKeys().slice(1),
        /: regionSpecs must have a key for each region, and lacks us-west-2\. /,
      ],
      [
        "a region that is not the cluster's",
        { regions: ["us-east-1"] },
        [awsKey("us-east-1"), awsKey("eu-west-1")],
        /: it has no region eu-west-1; its regions are us-east-1\. /,
      ],
      [
        "a public cluster",
        { visibility: "PUBLIC" },
        threeKeys(),
        /: its networkVisibility is PUBLIC, and keys of your own need a cluster that was created with "PRIVATE"\. /,
      ],
      [
        "everything at once",
        { visibility: "PUBLIC", regions: ["us-east-1", "us-west-2", "eu-west-1"] },
        [keyOf.GCP],
        /PUBLIC.*; it runs on AWS.*; regionSpecs must have.*lacks eu-west-1, us-east-1, us-west-2; it has no region us-east1; its/,
      ],
    ];
    for (const [title, cluster, regionSpecs, reason] of cases) {
      it(title, async () => {
        const lab = await startLab();
        const { id } = encryptable(lab.emulator, cluster);
        const shop = cmekStack(lab);
        const run = await shop.up({ keys: { clusterId: id, regionSpecs } });
        assert.match(failureOf(run), reason);
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          ["ListClusters"],
        );
        assert.equal(shop.resources.size, 0);
      });
    }

    it("a cluster of another plan", async () => {
      const lab = await startLab();
      const { id } = lab.emulator.clusters.create({
        name: "orders",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-east1"] } },
      });
      const run = await cmekStack(lab).up({ keys: { clusterId: id, regionSpecs: [keyOf.GCP] } });
      assert.match(failureOf(run), /: it has the plan BASIC, and only ADVANCED takes keys/);
    });

    it("a cluster that does not exist", async () => {
      const { shop } = await withCluster();
      const clusterId = "0d7f3c55-5c0f-4a1e-8a53-6b8a4b8e1a10";
      const run = await shop.up({ keys: { clusterId, regionSpecs: threeKeys() } });
      assert.match(failureOf(run), new RegExp(`^There is no cluster ${clusterId} in this org`));
      assert.deepEqual(writes(run.requests), []);
    });

    it("to enable and revoke in one go", async () => {
      const { shop, id } = await withCluster();
      const keys = { clusterId: id, regionSpecs: threeKeys(), revoked: true };
      const run = await shop.up({ keys });
      assert.match(
        failureOf(run),
        /is not encrypted with keys of your own, so there is nothing to revoke\. Nothing was sent\./,
      );
      assert.deepEqual(writes(run.requests), []);
    });
  });

  it("hands on what the API itself refuses, in its words", async () => {
    const { shop, id, emulator } = await withCluster();
    const message = "CMEK requires CockroachDB v22.2 or newer";
    emulator.faults.add("EnableCMEKSpec", { status: 400, message });
    const run = await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } });
    assert.match(
      failureOf(run),
      /^Enabling the encryption keys of cluster .* failed: 400 CMEK requires CockroachDB v22\.2 or newer\b/,
    );
    assert.doesNotMatch(failureOf(run), /run the update again/);
    assert.deepEqual(
      run.requests.map(({ operation }) => operation),
      ["ListClusters", "GetCMEKClusterInfo", "EnableCMEKSpec"],
    );
    assert.equal(shop.resources.size, 0);
  });

  it("says what to do when it is refused as a conflict", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.add("EnableCMEKSpec", { status: 409, message: "conflict" });
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const run = await shop.up(program);
    assert.match(
      failureOf(run),
      /failed: 409 conflict .*: run the update again, which reads the encryption first\.$/,
    );
    assert.equal(count(run.requests, "EnableCMEKSpec"), 1);
    assertDone(await shop.up(program));
  });

  it("waits for a cluster that is being created", async () => {
    const lab = await startLab();
    const { emulator } = lab;
    const { id } = encryptable(emulator);
    const second = await beingCreated(
      emulator,
      encryptableBody({ name: "second", regions: ["us-east-1"] }),
    );
    assert.notEqual(second, id);
    const shop = cmekStack(lab);
    const keys = { clusterId: second, regionSpecs: [awsKey("us-east-1")] };
    const run = assertDone(await shop.up({ keys }));
    assert.deepEqual(writes(run.requests), ["EnableCMEKSpec"]);
    assert.ok(run.elapsedMs >= 35 * minute, `${run.elapsedMs}`);
  });

  it("waits for a cluster that is busy with something else", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.clusters.lock(id, 20 * minute, "CRDB_SCALE_RUNNING");
    const run = assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
    assert.ok(run.elapsedMs >= 30 * minute, `${run.elapsedMs}`);
    assert.ok(
      run.progress.some(({ text }) =>
        text.startsWith("waiting for the cluster · CRDB_SCALE_RUNNING · "),
      ),
    );
    assert.equal(shop.outputs()["status"], "ENABLED");
  });

  for (const fault of [
    { reset: "after-effect" },
    { status: 500, effect: "after" },
    { cutBody: true },
    { hang: "after-effect" },
  ] as const) {
    it(`sends one POST when its response is lost by ${JSON.stringify(fault)}`, async () => {
      const { shop, id, emulator } = await withCluster();
      emulator.faults.add("EnableCMEKSpec", fault);
      const run = assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
      assert.deepEqual(writes(run.requests), ["EnableCMEKSpec"]);
      assert.equal(shop.outputs()["status"], "ENABLED");
    });
  }

  it("fails when the POST was lost on its way, and the next run sends it", async () => {
    const { shop, id, emulator } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    emulator.faults.add("EnableCMEKSpec", { reset: "before-effect" });
    const run = await shop.up(program);
    assert.match(failureOf(run), /^Enabling the encryption keys of cluster .* failed: /);
    assert.equal(shop.resources.size, 0);
    assertDone(await shop.up(program));
  });

  it("keeps nothing in state where a lost POST only seemed to have had an effect", async () => {
    const { shop, id, emulator } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    emulator.faults.add("EnableCMEKSpec", { reset: "before-effect" });
    emulator.faults.add("GetCMEKClusterInfo", {
      status: 200,
      body: { status: "UNHEARD_OF", region_infos: [] },
      when: () => emulator.requests.some(({ operation }) => operation === "EnableCMEKSpec"),
    });
    assert.match(failureOf(await shop.up(program)), /no longer encrypted with keys of your own/);
    assert.equal(shop.resources.size, 0);
    assertDone(await shop.up(program));
    assert.equal(shop.outputs()["status"], "ENABLED");
  });

  it("is found again after a kill, with no second POST", async () => {
    const { shop, id } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    await shop.up(program, { killAfterMs: minute });
    assert.equal(shop.resources.size, 0);
    const run = assertDone(await shop.up(program));
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.outputs()["status"], "ENABLED");
  });

  it("keeps what it has begun in state when it is interrupted, and the next run waits on", async () => {
    const { shop, id } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const stopped = await shop.up(program, { interruptAfterMs: 2 * minute });
    assert.match(
      failureOf(stopped),
      new RegExp(
        `^Stopped waiting for the encryption keys to be in use: cluster ${id} continues in CockroachDB Cloud\\. It was last seen ENABLING, 0 of 3 regions done\\. The next update resumes the wait\\.$`,
      ),
    );
    assert.equal(shop.resource().id, id);
    assert.equal(shop.outputs()["status"], "ENABLING");
    const run = assertDone(await shop.up(program));
    assert.deepEqual([run.steps, writes(run.requests)], [["update keys"], []]);
    assert.equal(shop.outputs()["status"], "ENABLED");
    assert.deepEqual((await shop.up(program)).steps, ["same keys"]);
  });

  it("keeps in state what a killed run has begun, when the next one is interrupted", async () => {
    const { shop, id } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    await shop.up(program, { killAfterMs: minute });
    const stopped = await shop.up(program, { interruptAfterMs: minute });
    assert.match(failureOf(stopped), /^Stopped waiting for the operation on the encryption keys/);
    assert.equal(shop.resource().id, id);
    assert.deepEqual(writes(assertDone(await shop.up(program)).requests), []);
  });

  it("keeps nothing in state of keys that somebody else enables", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.cmek.enable(id, wire(rotated("us-east-1")));
    emulator.cmek.setStatus(id, "us-west-2", "ENABLING");
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    failureOf(await shop.up(program, { interruptAfterMs: minute }));
    assert.equal(shop.resources.size, 0);
  });

  for (const [title, regions] of [
    ["no region", []],
    ["one region", ["us-east-1"]],
  ] as const) {
    it(`waits for all regions when the first response has ${title}`, async () => {
      const { shop, id, emulator } = await withCluster();
      const region_infos = regions.map((region) => ({ region, status: "ENABLING" }));
      const body = { status: "ENABLING", region_infos };
      emulator.faults.add("EnableCMEKSpec", { status: 200, effect: "after", body });
      const run = assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
      assert.deepEqual(writes(run.requests), ["EnableCMEKSpec"]);
      assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(threeKeys()));
      assert.equal(shop.outputs()["status"], "ENABLED");
    });
  }

  it("says of a cluster whose creation has failed what to do, and sends nothing", async () => {
    const lab = await startLab();
    lab.emulator.faults.failNextCreation();
    const { id } = encryptable(lab.emulator);
    lab.emulator.clusters.finish(id);
    const keys = { clusterId: id, regionSpecs: threeKeys() };
    const run = await cmekStack(lab).up({ keys });
    assert.match(failureOf(run), /can hold nothing/);
    assert.deepEqual(writes(run.requests), []);
  });

  it("waits for a region that the cluster is about to gain", async () => {
    const { shop, id, emulator, time } = await withCluster();
    emulator.clusters.lock(id, 20 * minute, "CRDB_SCALE_RUNNING");
    const four = [...threeKeys(), awsKey("eu-central-1")];
    const work = shop.up({ keys: { clusterId: id, regionSpecs: four } });
    await time.sleep(10 * minute);
    emulator.clusters.edit(id, {
      regionNodes: Object.fromEntries(four.map(({ region }) => [region, 3])),
    });
    assert.deepEqual(writes(assertDone(await work).requests), ["EnableCMEKSpec"]);
    assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(four));
  });

  it("waits on after an interruption and a refresh too", async () => {
    const { shop, id } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    await shop.up(program, { interruptAfterMs: minute });
    const refresh = assertDone(await shop.refresh());
    assert.deepEqual(refresh.differences, {});
    const run = assertDone(await shop.up(program));
    assert.deepEqual([run.steps, writes(run.requests)], [["update keys"], []]);
  });

  it("ends at the user's own time-out, and the next run waits on", async () => {
    const { shop, id } = await withCluster();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const options = { keys: { customTimeouts: { create: "5m" } } };
    const run = await shop.up(program, { options });
    assert.match(failureOf(run), /^Timed out waiting for the encryption keys to be in use: /);
    assert.ok(run.elapsedMs >= 5 * minute && run.elapsedMs < 5.5 * minute, `${run.elapsedMs}`);
    const again = assertDone(await shop.up(program, { options }));
    assert.deepEqual(writes(again.requests), []);
  });
});

describe("CmekConfig permissions", () => {
  checkEmulators();

  for (const status of [400, 401, 403] as const) {
    it(`that are too new (${status}) are waited for, and the line says why`, async () => {
      const { shop, id, emulator } = await withCluster();
      emulator.faults.denyKms(5, status);
      const run = assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } }));
      assert.equal(count(run.requests, "EnableCMEKSpec"), 6);
      const texts = run.progress.map(({ text }) => text);
      assert.match(
        texts[0] ?? "",
        /^waiting for the permission on the key · insufficient permissions to access the KMS key · 0 s$/,
      );
      assert.match(
        texts[2] ?? "",
        /^waiting for the permission on the key · insufficient .* · \d+ s$/,
      );
      assert.equal(shop.outputs()["status"], "ENABLED");
    });
  }

  it("that do not come are given up after ten minutes, with nothing in state", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.denyKms(Number.MAX_SAFE_INTEGER % 100_000);
    const run = await shop.up({ keys: { clusterId: id, regionSpecs: threeKeys() } });
    assert.match(
      failureOf(run),
      /^Enabling the encryption keys of cluster .* failed: 400 insufficient permissions to access the KMS key.* It was tried for 10 min, because .* Let the principal of each keySpec use its key, then run the update again\.$/,
    );
    assert.ok(run.elapsedMs >= 10 * minute && run.elapsedMs < 11 * minute, `${run.elapsedMs}`);
    assert.ok(count(run.requests, "EnableCMEKSpec") <= 50, `${run.requests.length}`);
    assert.equal(shop.resources.size, 0);
  });

  it("are given up earlier when the user's time is up", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.denyKms(1_000);
    const run = await shop.up(
      { keys: { clusterId: id, regionSpecs: threeKeys() } },
      { options: { keys: { customTimeouts: { create: "2m" } } } },
    );
    assert.match(
      failureOf(run),
      /It was tried for 2 min|It was tried for 1\d\d? s|It was tried for \d\d s/,
    );
    assert.ok(run.elapsedMs < 2.5 * minute, `${run.elapsedMs}`);
  });

  it("of a rotated key are waited for too", async () => {
    const { shop, emulator, program } = await withKeys();
    emulator.faults.denyKms(3);
    const run = assertDone(await shop.up(program({ regionSpecs: rotated("us-east-1") })));
    assert.equal(count(run.requests, "UpdateCMEKSpec"), 4);
    assert.ok(run.progress.some(({ text }) => text.startsWith("waiting for the permission")));
  });

  it("that are waited for end with Ctrl-C at once", async () => {
    const { shop, id, emulator } = await withCluster();
    emulator.faults.denyKms(1_000);
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const run = await shop.up(program, { interruptAfterMs: minute });
    assert.match(failureOf(run), /insufficient permissions to access the KMS key/);
    assert.ok(run.elapsedMs < minute + 5_000, `${run.elapsedMs}`);
    assert.equal(shop.resources.size, 0);
  });
});

describe("CmekConfig of keys that are there already", () => {
  checkEmulators();

  async function encrypted(): Promise<Lab & { id: string; shop: Stack }> {
    const lab = await withCluster();
    lab.emulator.cmek.enable(lab.id, wire(threeKeys()));
    return lab;
  }

  it("is adopted without a write when the arguments are equal", async () => {
    const { shop, id } = await encrypted();
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const run = assertDone(await shop.up(program));
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual(run.notes, [
      {
        name: "keys",
        severity: "info",
        text: `CMEK configuration "keys": Cluster "orders" (${id}) already has exactly these encryption keys: they are adopted, and nothing was sent.`,
      },
    ]);
    assert.equal(shop.outputs()["status"], "ENABLED");
    assert.equal((await shop.up(program)).requests.length, 0);
  });

  it("is refused with every difference, region by region, and the way to import", async () => {
    const { shop, id } = await encrypted();
    const run = await shop.up({ keys: { clusterId: id, regionSpecs: rotated("us-east-1") } });
    assert.equal(
      failureOf(run),
      `Cluster "orders" (${id}) is encrypted with keys of your own already, and the arguments differ: uri of region us-east-1 is "arn:aws:kms:us-east-1:111122223333:key/first" but the program has "arn:aws:kms:us-east-1:111122223333:key/second". Nothing was sent. To manage these keys here, make the arguments equal and add the option {import: "${id}"} to the resource; change them with an update after that.`,
    );
    assert.deepEqual(writes(run.requests), []);
    assert.equal(shop.resources.size, 0);
  });

  it("is adopted when it is revoked and the program says so, and refused otherwise", async () => {
    const { shop, id, emulator } = await encrypted();
    emulator.cmek.revoke(id);
    const keys = { clusterId: id, regionSpecs: threeKeys() };
    assert.match(
      failureOf(await shop.up({ keys })),
      /differ: revoked is true but the program has false\. /,
    );
    const run = assertDone(await shop.up({ keys: { ...keys, revoked: true } }));
    assert.deepEqual(writes(run.requests), []);
    assert.deepEqual([shop.outputs()["revoked"], shop.outputs()["status"]], [true, "REVOKED"]);
    assert.equal((await shop.up({ keys: { ...keys, revoked: true } })).requests.length, 0);
  });

  it("is not revoked by a program that says so from the start", async () => {
    const { shop, id } = await encrypted();
    const keys = { clusterId: id, regionSpecs: threeKeys(), revoked: true };
    const run = await shop.up({ keys });
    assert.match(failureOf(run), /differ: revoked is false but the program has true\. /);
    assert.deepEqual(writes(run.requests), []);
  });

  describe("by import", () => {
    it("is adopted with one read and no write", async () => {
      const { shop, id } = await encrypted();
      const program = { keys: { clusterId: id, regionSpecs: threeKeys().reverse() } };
      const run = assertDone(await shop.up(program, { options: { keys: { import: id } } }));
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["GetCMEKClusterInfo"],
      );
      assert.deepEqual(shop.outputs()["regionSpecs"], byRegion(threeKeys()));
      assert.deepEqual((await shop.refresh()).differences, {});
      assertDone(await shop.up({ keys: { clusterId: id, regionSpecs: rotated("us-east-1") } }));
    });

    const refused: [string, (id: string) => object, RegExp][] = [
      [
        "another key",
        (clusterId) => ({ clusterId, regionSpecs: rotated("us-east-1") }),
        /^Importing the encryption keys of cluster .* failed: the arguments differ from the keys in use: uri of region us-east-1 is ".*first" but the program has ".*second"\. Make/,
      ],
      [
        "a region less",
        (clusterId) => ({ clusterId, regionSpecs: threeKeys().slice(1) }),
        /: region us-west-2 has the key "arn:.*" and the program does not name it\. /,
      ],
      [
        "a region more and another principal",
        (clusterId) => ({
          clusterId,
          regionSpecs: [
            ...threeKeys().slice(1),
            {
              ...awsKey("us-west-2"),
              keySpec: {
                ...awsKey("us-west-2").keySpec,
                authPrincipal: "arn:aws:iam::111122223333:role/other",
              },
            },
            awsKey("ap-south-1"),
          ],
        }),
        /: authPrincipal of region us-west-2 is ".*cmek" but the program has ".*other"; region ap-south-1 has no key and the program names one\. /,
      ],
      [
        "a revocation",
        (clusterId) => ({ clusterId, regionSpecs: threeKeys(), revoked: true }),
        /revoked is false but the program has true\. /,
      ],
    ];
    for (const [title, args, reason] of refused) {
      it(`is refused for ${title}, with lines that make it go through`, async () => {
        const { shop, id } = await encrypted();
        const run = await shop.up(
          { keys: args(id) as never },
          { options: { keys: { import: id } } },
        );
        assert.match(failureOf(run), reason);
        assert.deepEqual(writes(run.requests), []);
        assert.equal(shop.resources.size, 0);
        const lines = printedLines(failureOf(run));
        assert.equal("revoked" in lines, "revoked" in args(id), "only what is otherwise");
        const written = { ...args(id), ...lines };
        const next = await shop.up({ keys: written }, { options: { keys: { import: id } } });
        assert.deepEqual(writes(assertDone(next).requests), []);
      });
    }

    it("is refused for the id of another cluster", async () => {
      const { shop, id } = await encrypted();
      const other = "0d7f3c55-5c0f-4a1e-8a53-6b8a4b8e1a10";
      const run = await shop.up(
        { keys: { clusterId: id, regionSpecs: threeKeys() } },
        { options: { keys: { import: other } } },
      );
      assert.match(
        failureOf(run),
        new RegExp(`cluster ${other} failed: the arguments are about cluster ${id}`),
      );
      assert.equal(run.requests.length, 0);
    });

    it("is refused where nothing is encrypted", async () => {
      const { shop, id } = await withCluster();
      const run = await shop.up(
        { keys: { clusterId: id, regionSpecs: threeKeys() } },
        { options: { keys: { import: id } } },
      );
      assert.match(
        failureOf(run),
        /failed: there is no such cluster, or it is not encrypted with keys of your own/,
      );
    });
  });

  it("is adopted from another provider's state without a write", async () => {
    const { shop, id } = await encrypted();
    shop.resources.set("keys", {
      id,
      inputs: { regionSpecs: threeKeys() },
      outputs: { regionSpecs: threeKeys(), status: "ENABLED" },
      initErrors: [],
    });
    const program = { keys: { clusterId: id, regionSpecs: threeKeys() } };
    const run = assertDone(await shop.up(program));
    assert.deepEqual([run.steps, writes(run.requests)], [["update keys"], []]);
    assert.equal((await shop.up(program)).requests.length, 0);
  });
});

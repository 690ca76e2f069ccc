import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { lifecycle, VersionDeferral } from "../../provider/version-deferral";
import type { PartLab } from "../support/cluster-parts";
import {
  assertUnknownsPass,
  beingCreated,
  failuresOf,
  putForeign,
  startPartLab,
} from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { bodies, count, writes } from "../support/engine-model/requests";
import { assertDone, failureOf } from "../support/engine-model/run";
import { visible } from "../support/engine-model/values";

const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
const sixty = { deferralPolicy: "DEFERRAL_60_DAYS" } as const;

describe("VersionDeferral", () => {
  checkEmulators();

  const start = (options = {}): Promise<PartLab> => startPartLab(lifecycle, "ADVANCED", options);

  /** A cluster whose deferral is managed by the stack. */
  async function withDeferral(options = {}): Promise<PartLab> {
    const lab = await start(options);
    assertDone(await lab.shop.up({ deferral: { clusterId: lab.id, ...sixty } }));
    return lab;
  }

  it("registers itself under its names", async () => {
    const seen: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        seen.push(args);
        return { id: args.name, state: args.inputs };
      },
      call: () => ({}),
    });
    const deferral = new VersionDeferral("deferral", { clusterId, ...sixty });
    await new Promise((resolve) => deferral.urn.apply(resolve));
    assert.ok(VersionDeferral.isInstance(deferral));
    assert.ok(VersionDeferral.isInstance(VersionDeferral.get("there", clusterId)));
    assert.ok(pulumi.Output.isInstance(deferral.deferredUntil));
    assert.equal(seen[0]?.type, "pulumi-nodejs:dynamic/cockroachdb-cloud:VersionDeferral");
    assert.match(seen[0]?.inputs["__provider"], /provider\/version-deferral'/);
  });

  describe("check", () => {
    const one =
      'must be one of "NOT_DEFERRED", "DEFERRAL_30_DAYS", "DEFERRAL_60_DAYS", "DEFERRAL_90_DAYS", "FIXED_DEFERRAL"';
    const rows: [string, object, string[]][] = [
      ["no delay", { deferralPolicy: "NOT_DEFERRED" }, []],
      ["30 days", { deferralPolicy: "DEFERRAL_30_DAYS" }, []],
      ["60 days", {}, []],
      ["90 days", { deferralPolicy: "DEFERRAL_90_DAYS" }, []],
      ["60 days by the old name", { deferralPolicy: "FIXED_DEFERRAL" }, []],
      [
        "another policy",
        { deferralPolicy: "DEFERRAL_45_DAYS" },
        [`deferralPolicy: ${one}, not the string "DEFERRAL_45_DAYS".`],
      ],
      ["days as a number", { deferralPolicy: 60 }, [`deferralPolicy: ${one}, not 60.`]],
      [
        "everything wrong at once",
        { clusterId: 5, deferralPolicy: undefined, deferredUntil: "2026-01-01T00:00:00Z" },
        [
          "clusterId: must be a string, not 5.",
          `deferralPolicy: is required: give ${one.slice("must be ".length)}.`,
          "deferredUntil: is not an argument here. Check its spelling.",
        ],
      ],
    ];
    for (const [title, change, expected] of rows) {
      it(`says of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        assert.deepEqual(failuresOf(lifecycle, { clusterId, ...sixty, ...change }), expected);
      });
    }

    it("lets unknown values pass, and no replacement be hidden by one", () => {
      assertUnknownsPass(lifecycle, clusterId, { clusterId, ...sixty }, ["clusterId"]);
    });
  });

  describe("lives", () => {
    it("with a PUT for each change and for the end", async () => {
      const { emulator, shop, id } = await start();
      const deferral = { clusterId: id, ...sixty };
      const preview = assertDone(await shop.preview({ deferral }));
      assert.deepEqual([preview.steps, preview.requests], [["create deferral"], []]);

      const created = assertDone(await shop.up({ deferral }));
      assert.deepEqual([shop.resource().id, shop.outputs()], [id, deferral]);
      assert.deepEqual(
        created.requests.map(({ method }) => method),
        ["GET", "PUT"],
      );
      assert.deepEqual(bodies(created.requests, "SetClusterVersionDeferral"), [
        { deferral_policy: "DEFERRAL_60_DAYS" },
      ]);
      assert.deepEqual(created.notes, []);

      const same = assertDone(await shop.up({ deferral }));
      assert.deepEqual([same.steps, same.requests], [["same deferral"], []]);
      assert.deepEqual((await shop.refresh()).differences, {});

      for (const deferralPolicy of ["DEFERRAL_30_DAYS", "DEFERRAL_90_DAYS", "NOT_DEFERRED"]) {
        const run = assertDone(await shop.up({ deferral: { clusterId: id, deferralPolicy } }));
        assert.deepEqual(run.differences, { deferral: ["deferralPolicy"] });
        assert.equal(run.requests.length, 1);
        assert.deepEqual(bodies(run.requests, "SetClusterVersionDeferral"), [
          { deferral_policy: deferralPolicy },
        ]);
        assert.equal(emulator.versionDeferrals.get(id).deferral_policy, deferralPolicy);
      }

      assertDone(await shop.up({ deferral }));
      const deleted = assertDone(await shop.destroy());
      assert.deepEqual(bodies(deleted.requests, "SetClusterVersionDeferral"), [
        { deferral_policy: "NOT_DEFERRED" },
      ]);
      assert.equal(deleted.requests.length, 1);
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "NOT_DEFERRED");
    });

    it("shows until when a pending patch is put off", async () => {
      const { emulator, shop, id, time } = await withDeferral();
      assert.equal(shop.outputs()["deferredUntil"], undefined);
      emulator.versions.releasePatch(nextPatch(emulator.clusters.get(id).cockroach_version));
      await time.advance(60_000);
      const until = emulator.versionDeferrals.get(id).deferred_until;
      assert.ok(until, "a patch is pending");
      const refreshed = await shop.refresh();
      assert.deepEqual(refreshed.differences, {});
      assert.equal(shop.outputs()["deferredUntil"], until);
      const same = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.deepEqual(same.steps, ["same deferral"]);
      const later = { clusterId: id, deferralPolicy: "DEFERRAL_90_DAYS" };
      assertDone(await shop.up({ deferral: later }));
      const days = 24 * 60 * 60_000;
      const ninety = new Date(Date.parse(until) + 30 * days).toISOString();
      assert.equal(Date.parse(String(shop.outputs()["deferredUntil"])), Date.parse(ninety));
    });

    it("on another cluster, and the old one no longer waits", async () => {
      const { emulator, shop, id, newCluster } = await withDeferral();
      const other = newCluster("orders-2");
      const run = assertDone(
        await shop.up(
          { deferral: { clusterId: other, ...sixty } },
          { options: { deferral: { deleteBeforeReplace: true } } },
        ),
      );
      assert.deepEqual(run.steps, ["replace deferral"]);
      assert.equal(shop.resource().id, other);
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "NOT_DEFERRED");
      assert.equal(emulator.versionDeferrals.get(other).deferral_policy, "DEFERRAL_60_DAYS");
    });

    it("through a replacement that was asked for", async () => {
      const { emulator, shop, id } = await withDeferral();
      const options = { deferral: { deleteBeforeReplace: true } };
      const program = { deferral: { clusterId: id, ...sixty } };
      assertDone(await shop.up(program, { options, replace: ["deferral"] }));
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
    });
  });

  describe("FIXED_DEFERRAL", () => {
    for (const fixedDeferralEcho of ["DEFERRAL_60_DAYS", "FIXED_DEFERRAL"] as const) {
      it(`equals DEFERRAL_60_DAYS, when the API says ${fixedDeferralEcho}`, async () => {
        const { emulator, shop, id } = await start({ assumptions: { fixedDeferralEcho } });
        const fixed = { clusterId: id, deferralPolicy: "FIXED_DEFERRAL" };
        const created = assertDone(await shop.up({ deferral: fixed }));
        assert.deepEqual(bodies(created.requests, "SetClusterVersionDeferral"), [
          { deferral_policy: "DEFERRAL_60_DAYS" },
        ]);
        assert.deepEqual(shop.outputs(), { clusterId: id, ...sixty });
        for (const policy of ["FIXED_DEFERRAL", "DEFERRAL_60_DAYS"] as const) {
          emulator.versionDeferrals.set(id, policy);
          assert.deepEqual((await shop.refresh()).differences, {});
          assert.deepEqual(visible(shop.resource().inputs), fixed, "the program's spelling stays");
          for (const deferralPolicy of ["DEFERRAL_60_DAYS", "FIXED_DEFERRAL"]) {
            const run = assertDone(await shop.up({ deferral: { clusterId: id, deferralPolicy } }));
            assert.deepEqual([run.steps, run.requests], [["same deferral"], []]);
          }
        }
      });
    }

    it("that is there already is no previous value", async () => {
      const { emulator, shop, id } = await start({
        assumptions: { fixedDeferralEcho: "FIXED_DEFERRAL" },
      });
      emulator.versionDeferrals.set(id, "FIXED_DEFERRAL");
      const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.deepEqual([writes(run.requests), run.notes], [[], []]);
    });
  });

  describe("create", () => {
    it("adopts a policy that is another, and says which", async () => {
      const { emulator, shop, id } = await start();
      emulator.versionDeferrals.set(id, "DEFERRAL_90_DAYS");
      const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.deepEqual(run.notes, [
        {
          name: "deferral",
          severity: "warning",
          text: `Version deferral "deferral": Cluster ${id} already had the deferral policy DEFERRAL_90_DAYS, which this one has replaced. Deleting this resource does not bring it back: it sets NOT_DEFERRED.`,
        },
      ]);
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
    });

    it("takes 'never set' for no deferral", async () => {
      const { shop, id } = await start({ assumptions: { deferralUnset: "not-found" } });
      const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.deepEqual([writes(run.requests), run.notes], [["SetClusterVersionDeferral"], []]);
    });

    it("of no delay writes nothing on a cluster that has none", async () => {
      const { shop, id } = await start();
      const deferral = { clusterId: id, deferralPolicy: "NOT_DEFERRED" };
      const run = assertDone(await shop.up({ deferral }));
      assert.deepEqual(writes(run.requests), []);
      assert.deepEqual(shop.outputs(), deferral);
    });

    it("says nothing of the plan when a read is refused for another reason", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("GetClusterVersionDeferral", { status: 403 });
      const failure = failureOf(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.match(failure, / 403 /);
      assert.doesNotMatch(failure, /plan ADVANCED/);
    });

    it("waits for a cluster that is being created", async () => {
      const { emulator, shop } = await start();
      const id = await beingCreated(emulator);
      assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
    });

    for (const plan of ["BASIC", "STANDARD"] as const) {
      it(`passes on what the API says of a ${plan} cluster`, async () => {
        const { shop, newCluster } = await start();
        const id = newCluster("small-one", plan);
        const text = failureOf(await shop.up({ deferral: { clusterId: id, ...sixty } }));
        assert.match(text, /400 version deferrals are supported for advanced clusters only/);
        assert.match(text, /Give the id of a cluster with the plan ADVANCED, or remove this/);
        assert.equal(shop.resources.size, 0);
      });

      it(`works on a ${plan} cluster where the API takes it`, async () => {
        const { emulator, shop, newCluster } = await start({
          assumptions: { deferralOnServerless: "served" },
        });
        const id = newCluster("small-one", plan);
        assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
        assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
      });
    }

    for (const fault of [{ reset: "after-effect" }, { cutBody: true }, { status: 500 }] as const) {
      it(`recovers from a lost response: ${JSON.stringify(fault)}`, async () => {
        const { emulator, shop, id } = await start();
        emulator.faults.add("SetClusterVersionDeferral", fault);
        const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
        assert.equal(count(run.requests, "SetClusterVersionDeferral"), 2);
        assert.deepEqual(run.notes, []);
      });
    }

    it("is over when the user's time-out is", async () => {
      const { emulator, shop, id } = await start({ assumptions: { lockCoversSubresources: true } });
      emulator.clusters.lock(id);
      const options = { deferral: { customTimeouts: { create: "5m" } } };
      const run = await shop.up({ deferral: { clusterId: id, ...sixty } }, { options });
      assert.match(
        failureOf(run),
        /The cluster was not free for 5 min and was last seen MAINTENANCE_RUNNING/,
      );
      assert.ok(run.elapsedMs >= 5 * 60_000 && run.elapsedMs < 6 * 60_000, `${run.elapsedMs}`);
    });
  });

  describe("drift", () => {
    for (const policy of ["DEFERRAL_30_DAYS", "DEFERRAL_90_DAYS", "NOT_DEFERRED"] as const) {
      it(`to ${policy} is reported and repaired`, async () => {
        const { emulator, shop, id } = await withDeferral();
        emulator.versionDeferrals.set(id, policy);
        assert.deepEqual((await shop.refresh()).differences, { deferral: ["deferralPolicy"] });
        assert.equal(shop.outputs()["deferralPolicy"], policy);
        const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
        assert.deepEqual([run.steps, run.requests.length], [["update deferral"], 1]);
        assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
        assert.deepEqual((await shop.refresh()).differences, {});
      });
    }
  });

  describe("import", () => {
    const importing = (id: string) => ({ options: { deferral: { import: id } } });

    it("adopts what equals the arguments, and writes nothing", async () => {
      const { emulator, shop, id } = await start();
      emulator.versionDeferrals.set(id, "DEFERRAL_60_DAYS");
      const deferral = { clusterId: id, deferralPolicy: "FIXED_DEFERRAL" };
      const run = assertDone(await shop.up({ deferral }, importing(id)));
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["GetClusterVersionDeferral"],
      );
      assert.deepEqual(shop.outputs(), { clusterId: id, ...sixty });
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    it("says what differs, and does nothing", async () => {
      const { emulator, shop, id } = await start();
      emulator.versionDeferrals.set(id, "DEFERRAL_90_DAYS");
      const run = await shop.up({ deferral: { clusterId: id, ...sixty } }, importing(id));
      assert.equal(
        failureOf(run),
        `Importing the version deferral of cluster ${id} failed: the arguments differ from it: deferralPolicy is "DEFERRAL_90_DAYS" but the program has "DEFERRAL_60_DAYS". Make the arguments equal to it; change them after the import.\nWrite in the program:\n  deferralPolicy: "DEFERRAL_90_DAYS",`,
      );
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_90_DAYS");
      assert.equal(shop.resources.size, 0);
    });

    it("says when there is no cluster, and when the id is another", async () => {
      const { shop, id } = await start();
      const missing = { deferral: { clusterId, ...sixty } };
      assert.match(failureOf(await shop.up(missing, importing(clusterId))), /the cluster has none/);
      const program = { deferral: { clusterId: id, ...sixty } };
      assert.match(
        failureOf(await shop.up(program, importing(clusterId))),
        new RegExp(`the arguments describe ${id}`),
      );
    });
  });

  describe("state of the bridged provider", () => {
    it("is adopted without a request, and completed", async () => {
      const { shop, id } = await start();
      const outputs = { deferralPolicy: "FIXED_DEFERRAL", deferredUntil: "2026-08-01T00:00:00Z" };
      putForeign(shop, "deferral", { id, inputs: {}, outputs });
      const deferral = { clusterId: id, ...sixty };
      const run = assertDone(await shop.up({ deferral }));
      assert.deepEqual([run.steps, run.requests], [["update deferral"], []]);
      assert.deepEqual(shop.outputs(), { ...deferral, deferredUntil: "2026-08-01T00:00:00Z" });
      const again = assertDone(await shop.up({ deferral }));
      assert.deepEqual([again.steps, again.requests], [["same deferral"], []]);
    });

    it("is brought in line when the program says something else", async () => {
      const { emulator, shop, id } = await start();
      const outputs = { clusterId: id, deferralPolicy: "DEFERRAL_30_DAYS" };
      putForeign(shop, "deferral", { id, inputs: outputs, outputs });
      const run = assertDone(await shop.up({ deferral: { clusterId: id, ...sixty } }));
      assert.deepEqual([run.steps, run.requests.length], [["update deferral"], 1]);
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
    });
  });

  describe("delete", () => {
    it("succeeds when the cluster is deleted", async () => {
      for (const vanish of [
        ({ emulator, id }: PartLab) => void emulator.clusters.delete(id),
        ({ emulator, id }: PartLab) => emulator.clusters.forget(id),
      ]) {
        const lab = await withDeferral();
        vanish(lab);
        const run = assertDone(await lab.shop.destroy());
        // The PUT, a read because a 404 may be a stray one, and whether there is a cluster.
        assert.deepEqual(
          run.requests.map(({ operation }) => operation),
          ["SetClusterVersionDeferral", "GetClusterVersionDeferral", "ListClusters", "GetCluster"],
        );
        assert.equal(lab.shop.resources.size, 0);
      }
    });

    it("succeeds when nothing is deferred any more, whatever the API says", async () => {
      const { emulator, shop, id } = await withDeferral();
      emulator.versionDeferrals.set(id, "NOT_DEFERRED");
      emulator.faults.add("SetClusterVersionDeferral", { status: 404 });
      assertDone(await shop.destroy());
      assert.equal(shop.resources.size, 0);
    });

    it("waits for a cluster that is busy", async () => {
      const { emulator, shop, id } = await withDeferral({
        assumptions: { lockCoversSubresources: true },
      });
      emulator.clusters.lock(id, 10 * 60_000);
      const run = assertDone(await shop.destroy());
      assert.ok(run.elapsedMs >= 10 * 60_000);
      assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "NOT_DEFERRED");
    });

    it("is followed by a refresh that finds the cluster deleted", async () => {
      const { emulator, shop, id } = await withDeferral();
      emulator.clusters.delete(id);
      assert.deepEqual((await shop.refresh()).steps, ["delete deferral"]);
    });
  });

  it("stays when the resource gets another name", async () => {
    const { shop, emulator, id } = await start();
    const deferral = { clusterId: id, ...sixty };
    assertDone(await shop.up({ before: deferral }));
    assertDone(await shop.up({ after: deferral }));
    assert.equal(emulator.versionDeferrals.get(id).deferral_policy, "DEFERRAL_60_DAYS");
    assert.equal(shop.resources.size, 1);
  });

  describe("get", () => {
    it("returns the deferral of a cluster, also none, and says when there is no cluster", async () => {
      const { shop, id } = await start();
      const none = { clusterId: id, deferralPolicy: "NOT_DEFERRED" };
      assert.deepEqual(visible(await shop.get(id)), none);
      await assert.rejects(shop.get(clusterId), /There is no version deferral with the id/);
    });
  });
});

/** `v26.1.3` after `v26.1.2`. */
function nextPatch(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
}

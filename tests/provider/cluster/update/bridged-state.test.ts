import { strict as assert } from "node:assert";
import { lifecycle } from "../../../../provider/cluster";
import { advanced, basic, standard } from "../../../support/builders";
import { checkEmulators } from "../../../support/emulator";
import { writes } from "../../../support/engine-model/requests";
import { assertDone, failureOf } from "../../../support/engine-model/run";
import { unknown, visible } from "../../../support/engine-model/values";
import { withCluster } from "./one-cluster";

describe("Cluster update", () => {
  checkEmulators();

  describe("of state that another provider wrote", () => {
    it("reads the cluster, writes nothing that is so already, and makes the state ours", async () => {
      const { shop, id } = await withCluster(basic({}, { name: "orders" }));
      const old = shop.resource();
      shop.resources.set("orders", {
        ...old,
        inputs: { name: "orders" },
        outputs: { name: "orders", id },
      });
      const run = assertDone(await shop.up({ orders: basic({}, { name: "orders" }) }));
      assert.deepEqual([run.steps, writes(run.requests)], [["update orders"], []]);
      assert.deepEqual(shop.outputs(), visible(old.outputs));
      assert.equal(typeof shop.resource().outputs["__provider"], "string");
      assert.deepEqual((await shop.up({ orders: basic({}, { name: "orders" }) })).steps, [
        "same orders",
      ]);
    });

    /** What the bridged provider leaves of a cluster of each plan. */
    const bridged = (more: object = {}) => ({
      cloudProvider: "GCP",
      cockroachVersion: "v25.4",
      dedicated: null,
      deleteProtection: false,
      name: "orders",
      parentId: "root",
      plan: "STANDARD",
      regions: [{ name: "us-central1", nodeCount: 0, primary: true }],
      serverless: {
        spendLimit: null,
        upgradeType: "AUTOMATIC",
        usageLimits: { provisionedVirtualCpus: 2, requestUnitLimit: null, storageMibLimit: null },
      },
      state: "CREATED",
      ...more,
    });
    const bridgedAdvanced = bridged({
      cloudProvider: "AWS",
      dedicated: {
        diskIops: 525,
        machineType: "m6i.xlarge",
        numVirtualCpus: 4,
        privateNetworkVisibility: false,
        storageGib: 35,
      },
      plan: "ADVANCED",
      regions: [{ name: "us-east-1", nodeCount: 3, primary: false }],
      serverless: null,
    });
    const ofMove = (outputs: object, args: Record<string, unknown>) =>
      lifecycle.diff(
        "id",
        { state: outputs as never, inputs: {}, isFromBridge: true },
        args as never,
      );

    it("shows nothing but the move where the program says what the state has", () => {
      const unchanged = { updates: [], replaces: [], deleteBeforeReplace: false, notes: [] };
      assert.deepEqual(ofMove(bridged(), standard({}, { name: "orders" })), unchanged);
      assert.deepEqual(ofMove(bridgedAdvanced, advanced({}, { name: "orders" })), unchanged);
      assert.deepEqual(ofMove(bridged({ plan: "SERVERLESS" }), standard()), unchanged);
      assert.deepEqual(ofMove({}, standard()), unchanged);
    });

    it("says in the preview what the move would change, and refuses what would replace", () => {
      const more = standard(
        { usageLimits: { provisionedVirtualCpus: 8 } },
        { deleteProtection: true },
      );
      const { notes, updates, ...rest } = ofMove(bridged(), more);
      assert.deepEqual(rest, { replaces: [], deleteBeforeReplace: false });
      assert.deepEqual(updates, ["deleteProtection", "serverless.usageLimits"]);
      assert.equal(
        notes.map(({ message }) => message).join(),
        'The state of another provider has this otherwise: deleteProtection is false but the program has true; serverless.usageLimits is {"provisionedVirtualCpus":2} but the program has {"provisionedVirtualCpus":8}. The update changes it.',
      );
      for (const [args, property] of [
        [standard({}, { name: "billing" }), "name"],
        [standard({}, { cloudProvider: "AWS" }), "cloudProvider"],
        [standard({ regions: ["us-east1"] }), "serverless.regions"],
        [advanced(), "plan"],
      ] as const) {
        const { replaces, refusal } = ofMove(bridged(), args);
        assert.deepEqual(replaces, []);
        assert.match(
          refusal ?? "",
          new RegExp(
            `^The state of another provider has this otherwise: .*${property} is .* Moving to this provider replaces nothing`,
          ),
        );
      }
      const networks = advanced({ networkVisibility: "PRIVATE" });
      assert.match(
        ofMove(bridgedAdvanced, networks).refusal ?? "",
        /networkVisibility is "PUBLIC"/,
      );
      const less = advanced({ hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 } });
      assert.match(ofMove(bridgedAdvanced, less).refusal ?? "", /cannot shrink from 35 to 15 GiB/);
      assert.equal(ofMove(bridged(), standard({ regions: unknown })).refusal, undefined);
    });

    it("refuses what would need a replacement that the preview could not show", async () => {
      const { shop } = await withCluster(basic({}, { name: "orders" }));
      shop.resources.set("orders", { ...shop.resource(), inputs: {}, outputs: { name: "orders" } });
      const run = await shop.up({ orders: basic({ regions: ["us-east1"] }, { name: "orders" }) });
      assert.match(
        failureOf(run),
        /^Changing serverless\.regions of cluster "orders" .* needs a replacement, and the preview did not show one/,
      );
      assert.deepEqual(writes(run.requests), []);
    });
  });
});

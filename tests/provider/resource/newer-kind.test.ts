// A cluster of version 2026-09-15 of the API, which has an edition in place of a plan, beside clusters that are managed.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runDoctor } from "../../../doctor/command";
import type { WireCluster } from "../../../emulator";
import { runExport } from "../../../export/command";
import { getCluster, listClusters } from "../../../provider/functions/index";
import { cluster, exported, fullName } from "../../doctor/exported-state";
import { basic } from "../../support/builders";
import { remove, temporaryFolder } from "../../support/consumer";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { assertDone, failureOf } from "../../support/engine-model/run";
import { missingId, startLab as startProgramLab } from "../../support/program-lab";
import { saidBy } from "../../support/subcommand";

const forEver = { times: Number.POSITIVE_INFINITY };

/** As the service could respond to the version that the client asks for, and worse: without a plan. */
function newerKind({ plan: _, ...wire }: WireCluster): object {
  return { ...wire, id: missingId, name: "vast", edition: "MISSION_CRITICAL", config: {} };
}

/** From now on every list has the other clusters, and one of the newer kind. */
function addToLists({ clusters, faults }: TestEmulator): object {
  const all = clusters.list();
  const newer = newerKind(all[0] as WireCluster);
  const body = { clusters: [newer, ...all], pagination: null };
  faults.add("ListClusters", { status: 200, body, ...forEver });
  return newer;
}

describe("A cluster without a plan", () => {
  checkEmulators();

  it("is listed and found without one", async () => {
    const lab = await startProgramLab();
    try {
      const { id } = lab.basic("orders");
      addToLists(lab.emulator);
      const [newer, orders] = await listClusters();
      assert.deepEqual([newer?.name, orders?.id, orders?.plan], ["vast", id, "BASIC"]);
      assert.equal("plan" in (newer as object), false);
      assert.equal((await getCluster({ name: "vast" })).id, missingId);
      assert.equal((await getCluster({ name: "orders" })).plan, "BASIC");
    } finally {
      lab.restoreEnvironment();
    }
  });

  it("does not disturb the creation, refresh and deletion of others", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    const { id } = emulator.clusters.create({
      name: "others",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    });
    addToLists(emulator);
    assertDone(await shop.up({ orders: basic(), store: basic() }));
    assert.equal(emulator.clusters.list().length, 3);
    const refresh = assertDone(await shop.refresh());
    assert.deepEqual(refresh.differences, {});
    assertDone(await shop.destroy());
    const living = emulator.clusters.list().filter(({ state }) => state !== "DELETED");
    assert.deepEqual(
      living.map((cluster) => cluster.id),
      [id],
    );
  });

  it("cannot be managed, which a refresh says without losing it", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(await shop.up({ orders: basic() }));
    const { plan: _, ...wire } = emulator.clusters.get(shop.resource().id);
    const body = { clusters: [wire], pagination: null };
    emulator.faults.add("ListClusters", { status: 200, body });
    assert.match(failureOf(await shop.refresh()), /: it has no plan, as clusters of a newer kind/);
    assert.equal(shop.resources.size, 1);
    assert.deepEqual(assertDone(await shop.refresh()).differences, {});
  });

  it("is left out of an export, and does not end it", async () => {
    const lab = await startProgramLab();
    const folder = temporaryFolder();
    try {
      lab.basic("orders");
      addToLists(lab.emulator);
      const environment = {
        COCKROACH_SERVER: lab.emulator.url,
        COCKROACH_API_KEY: lab.emulator.apiKey,
      };
      const said = await saidBy((output, clock) =>
        runExport(["--out", folder], output, { environment, clock }),
      );
      assert.match(`${said.out}${said.error}`, /"vast".* it has no plan/);
      assert.match(
        readFileSync(join(folder, "index.ts"), "utf8"),
        /new cockroachdb\.Cluster\("orders"/,
      );
    } finally {
      lab.restoreEnvironment();
      remove(folder);
    }
  });

  it("does not keep the doctor from its work", async () => {
    const lab = await startProgramLab();
    try {
      const { id } = lab.basic("orders");
      addToLists(lab.emulator);
      const environment = {
        COCKROACH_SERVER: lab.emulator.url,
        COCKROACH_API_KEY: lab.emulator.apiKey,
      };
      const folder = temporaryFolder();
      const file = join(folder, "state.json");
      writeFileSync(file, exported({ resources: [cluster("orders", id)] }));
      const said = await saidBy((output, clock) =>
        runDoctor(["--state", file, "--stack", fullName], output, {
          environment,
          clock,
          pulumi: () => assert.fail("the CLI was asked"),
        }),
      );
      remove(folder);
      assert.equal(said.code, 0, said.error);
    } finally {
      lab.restoreEnvironment();
    }
  });
});

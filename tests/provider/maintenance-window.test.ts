import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { lifecycle, MaintenanceWindow } from "../../provider/maintenance-window";
import { weekly, weeklyTimeOf } from "../../provider/values/weekly";
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
const wednesday = { offsetDuration: "172800s", windowDuration: "21600s" };
const wire = { offset_duration: "172800s", window_duration: "21600s" };

describe("MaintenanceWindow", () => {
  checkEmulators();

  const start = (options = {}): Promise<PartLab> => startPartLab(lifecycle, "ADVANCED", options);

  /** A cluster whose window is managed by the stack. */
  async function withWindow(options = {}): Promise<PartLab> {
    const lab = await start(options);
    assertDone(await lab.shop.up({ window: { clusterId: lab.id, ...wednesday } }));
    return lab;
  }

  it("reports a time of the week from its offset, where it is a whole minute of it", () => {
    for (const offset of ["0s", "180000s", "181800s", "604740s"]) {
      assert.equal(weekly(weeklyTimeOf(offset) ?? assert.fail(offset)), offset);
    }
    assert.deepEqual(weeklyTimeOf("180000s"), { day: "WEDNESDAY", hourUtc: 2 });
    for (const offset of ["30s", "0.5s", "604800s"]) assert.equal(weeklyTimeOf(offset), undefined);
  });

  describe("weekly", () => {
    it("counts seconds from Monday 00:00 UTC", () => {
      assert.equal(weekly({ day: "MONDAY", hourUtc: 0 }), "0s");
      assert.equal(weekly({ day: "WEDNESDAY", hourUtc: 2 }), "180000s");
      assert.equal(weekly({ day: "WEDNESDAY", hourUtc: 2, minuteUtc: 30 }), "181800s");
      assert.equal(weekly({ day: "SUNDAY", hourUtc: 23, minuteUtc: 59 }), "604740s");
    });

    it("refuses what is no time of a week", () => {
      const wrong: [object, string][] = [
        [{ day: "Monday", hourUtc: 1 }, "day must be one of MONDAY"],
        [{ day: "MONDAY", hourUtc: 24 }, "hourUtc must be a whole number from 0 to 23, not 24."],
        [{ day: "MONDAY", hourUtc: -1 }, "hourUtc must"],
        [{ day: "MONDAY", hourUtc: 1.5 }, "hourUtc must"],
        [{ day: "MONDAY" }, "hourUtc must"],
        [{ day: "MONDAY", hourUtc: 1, minuteUtc: 60 }, "minuteUtc must be a whole number from"],
      ];
      for (const [time, message] of wrong) {
        assert.throws(
          () => weekly(time as never),
          (error: Error) => error instanceof RangeError && error.message.startsWith(message),
        );
      }
    });
  });

  describe("class", () => {
    it("writes numbers of seconds as the API does, and passes the rest on", async () => {
      const seen: pulumi.runtime.MockResourceArgs[] = [];
      await pulumi.runtime.setMocks({
        newResource: (args) => {
          seen.push(args);
          return { id: args.name, state: args.inputs };
        },
        call: () => ({}),
      });
      const durations = [172_800, "180000s", pulumi.output(21_600), 1.5, -5, Number.NaN, 1e21];
      for (const [index, offsetDuration] of durations.entries()) {
        const window = new MaintenanceWindow(`window-${index}`, {
          clusterId,
          offsetDuration,
          windowDuration: pulumi.secret(43_200),
        });
        await new Promise((resolve) => window.urn.apply(resolve));
        assert.ok(MaintenanceWindow.isInstance(window));
      }
      assert.ok(MaintenanceWindow.isInstance(MaintenanceWindow.get("there", clusterId)));
      assert.deepEqual(
        seen.map(({ inputs }) => inputs["offsetDuration"]),
        ["172800s", "180000s", "21600s", "1.5s", "-5s", "NaNs", "1e+21s"],
      );
      assert.equal(seen[0]?.inputs["clusterId"], clusterId);
      assert.equal(seen[0]?.type, "pulumi-nodejs:dynamic/cockroachdb-cloud:MaintenanceWindow");
      assert.match(seen[0]?.inputs["__provider"], /provider\/maintenance-window'/);
    });
  });

  describe("check", () => {
    const least = 'must be at least "0s" and less than a week, "604800s", not the string';
    const minWindow =
      'must be at least six hours, "21600s", and less than a week, "604800s", not the string';
    const form = 'must be a number of seconds and an "s", such as "172800s", not the string';
    const rows: [string, object, string[]][] = [
      ["a valid window", {}, []],
      ["the lowest bounds", { offsetDuration: "0s", windowDuration: "21600s" }, []],
      ["the highest bounds", { offsetDuration: "604799s", windowDuration: "604799s" }, []],
      ["fractions", { offsetDuration: "0.5s", windowDuration: "21600.000000001s" }, []],
      ["a week", { offsetDuration: "604800s" }, [`offsetDuration: ${least} "604800s".`]],
      ["before Monday", { offsetDuration: "-1s" }, [`offsetDuration: ${least} "-1s".`]],
      ["hours", { offsetDuration: "48h" }, [`offsetDuration: ${form} "48h": write "172800s".`]],
      [
        "no unit",
        { windowDuration: "21600" },
        [`windowDuration: ${form} "21600": write "21600s".`],
      ],
      ["days", { offsetDuration: "1.5d" }, [`offsetDuration: ${form} "1.5d": write "129600s".`]],
      [
        "quarters of an hour",
        { offsetDuration: "1.125h" },
        [`offsetDuration: ${form} "1.125h": write "4050s".`],
      ],
      ["mixed units", { offsetDuration: "1h30m" }, [`offsetDuration: ${form} "1h30m".`]],
      ["what was not a number", { offsetDuration: "NaNs" }, [`offsetDuration: ${form} "NaNs".`]],
      ["a short window", { windowDuration: "21599s" }, [`windowDuration: ${minWindow} "21599s".`]],
      [
        "a window of a week",
        { windowDuration: "604800s" },
        [`windowDuration: ${minWindow} "604800s".`],
      ],
      [
        "everything wrong at once",
        { clusterId: "orders", offsetDuration: true, windowDuration: undefined, day: "MONDAY" },
        [
          'clusterId: must be the id of a cluster, a UUID, not the string "orders". Pass the Cluster of the program, or its id; getCluster({ name: "orders" }) reads the id of an existing one.',
          "day: is not an argument here. Check its spelling.",
          "offsetDuration: must be a string, not true.",
          "windowDuration: is required: give a string.",
        ],
      ],
    ];
    for (const [title, change, expected] of rows) {
      it(`says of ${title}: ${expected.length === 0 ? "nothing" : "what is wrong"}`, () => {
        assert.deepEqual(failuresOf(lifecycle, { clusterId, ...wednesday, ...change }), expected);
      });
    }

    it("lets unknown values pass, and no replacement be hidden by one", () => {
      assertUnknownsPass(lifecycle, clusterId, { clusterId, ...wednesday }, ["clusterId"]);
    });
  });

  describe("lives", () => {
    it("with one PUT, no change, one PUT, and one DELETE", async () => {
      const { emulator, shop, id } = await start();
      const window = { clusterId: id, ...wednesday };
      const preview = assertDone(await shop.preview({ window }));
      assert.deepEqual([preview.steps, preview.requests], [["create window"], []]);

      const created = assertDone(await shop.up({ window }));
      assert.equal(shop.resource().id, id);
      assert.deepEqual(shop.outputs(), window);
      assert.deepEqual(bodies(created.requests, "SetMaintenanceWindow"), [wire]);
      assert.deepEqual(
        created.requests.map(({ method }) => method),
        ["GET", "PUT"],
      );
      assert.deepEqual(created.notes, []);

      const same = assertDone(await shop.up({ window }));
      assert.deepEqual([same.steps, same.requests], [["same window"], []]);
      assert.deepEqual((await shop.refresh()).differences, {});

      const later = { ...window, offsetDuration: "180000s", windowDuration: "43200s" };
      const changed = assertDone(await shop.up({ window: later }));
      assert.deepEqual(changed.differences, { window: ["offsetDuration", "windowDuration"] });
      assert.deepEqual(changed.requests.length, 1);
      assert.deepEqual(bodies(changed.requests, "SetMaintenanceWindow"), [
        { offset_duration: "180000s", window_duration: "43200s" },
      ]);
      assert.deepEqual(shop.outputs(), later);

      const deleted = assertDone(await shop.destroy());
      assert.deepEqual(writes(deleted.requests), ["DeleteMaintenanceWindow"]);
      assert.equal(deleted.requests.length, 1);
      assert.equal(emulator.maintenanceWindows.get(id), undefined);
    });

    it("with another spelling of the same durations, which stays the program's own", async () => {
      const { shop, id } = await start();
      const window = { clusterId: id, offsetDuration: "172800.0s", windowDuration: "21600.000s" };
      const created = assertDone(await shop.up({ window }));
      assert.deepEqual(bodies(created.requests, "SetMaintenanceWindow"), [wire]);
      assert.deepEqual(shop.outputs(), { clusterId: id, ...wednesday });
      assert.deepEqual((await shop.refresh()).differences, {});
      assert.deepEqual(visible(shop.resource().inputs), window);
      for (const spelling of [window, { clusterId: id, ...wednesday }]) {
        const run = assertDone(await shop.up({ window: spelling }));
        assert.deepEqual([run.steps, run.requests], [["same window"], []]);
        assert.deepEqual((await shop.refresh()).differences, {});
      }
    });

    it("with fractions on the wire", async () => {
      const { emulator, shop, id } = await start();
      const window = { clusterId: id, offsetDuration: "172800.5s", windowDuration: "21600.25s" };
      assertDone(await shop.up({ window }));
      assert.deepEqual((await shop.refresh()).differences, {});
      emulator.maintenanceWindows.set(id, {
        offset_duration: "172800.250s",
        window_duration: "21600.250s",
      });
      assert.deepEqual((await shop.refresh()).differences, { window: ["offsetDuration"] });
      assert.equal(shop.outputs()["offsetDuration"], "172800.25s");
    });

    it("on another cluster, and the window of the old one is removed", async () => {
      const { emulator, shop, id, newCluster } = await withWindow();
      const other = newCluster("orders-2");
      for (const deleteBeforeReplace of [true, false]) {
        const target = deleteBeforeReplace ? other : id;
        const window = { clusterId: target, ...wednesday };
        const options = { window: { deleteBeforeReplace } };
        const run = assertDone(await shop.up({ window }, { options }));
        assert.equal(run.steps[0], "replace window");
        assert.equal(shop.resource().id, target);
        assert.deepEqual(emulator.maintenanceWindows.get(target), wire);
        assert.equal(emulator.maintenanceWindows.get(deleteBeforeReplace ? id : other), undefined);
      }
    });

    it("through a replacement that was asked for", async () => {
      const { emulator, shop, id } = await withWindow();
      const options = { window: { deleteBeforeReplace: true } };
      const program = { window: { clusterId: id, ...wednesday } };
      assertDone(await shop.up(program, { options, replace: ["window"] }));
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
    });
  });

  describe("create", () => {
    it("adopts a window that holds another value, and says which", async () => {
      const { emulator, shop, id } = await start();
      emulator.maintenanceWindows.set(id, { offset_duration: "0s", window_duration: "86400s" });
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual(run.notes, [
        {
          name: "window",
          severity: "warning",
          text: `Maintenance window "window": Cluster ${id} already had a maintenance window, which this one has replaced: it was offsetDuration "0s", windowDuration "86400s". Deleting this resource does not bring it back.`,
        },
      ]);
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
    });

    it("leaves a window alone that is so already", async () => {
      const { emulator, shop, id } = await start();
      emulator.maintenanceWindows.set(id, { ...wire, offset_duration: "172800.000s" });
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual([writes(run.requests), run.notes], [[], []]);
      assert.deepEqual(shop.outputs(), { clusterId: id, ...wednesday });
    });

    it("takes a response without durations for none", async () => {
      const { shop, id } = await start({ assumptions: { windowUnset: "empty-body" } });
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual([writes(run.requests), run.notes], [["SetMaintenanceWindow"], []]);
    });

    for (const body of [{}, { offset_duration: "172800s" }, { window_duration: "21600s" }]) {
      const response = { status: 200, body, effect: "after" } as const;

      it(`asks again when the response is ${JSON.stringify(body)}, and so does an update`, async () => {
        const { emulator, shop, id } = await start();
        emulator.faults.add("SetMaintenanceWindow", { ...response, times: 2 });
        const window = { clusterId: id, ...wednesday };
        assertDone(await shop.up({ window }));
        assert.deepEqual(shop.outputs(), window);
        const later = { ...window, windowDuration: "43200s" };
        assertDone(await shop.up({ window: later }));
        assert.deepEqual(shop.outputs(), later);
      });
    }

    it("says nothing of the plan when a read is refused for another reason", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("GetMaintenanceWindow", { status: 403 });
      const failure = failureOf(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.match(failure, / 403 /);
      assert.doesNotMatch(failure, /plan ADVANCED/);
    });

    it("keeps a duration that it cannot read as the API says it", async () => {
      const { emulator, shop, id } = await start();
      const window = { clusterId: id, ...wednesday };
      assertDone(await shop.up({ window }));
      const odd = { offset_duration: "Tuesday", window_duration: "21600s" };
      emulator.faults.add("GetMaintenanceWindow", { status: 200, body: odd });
      assert.deepEqual((await shop.refresh()).differences, { window: ["offsetDuration"] });
      assert.equal(shop.outputs()["offsetDuration"], "Tuesday");
    });

    it("fails when the API accepts a window and shows none, and the next update sets it", async () => {
      const { emulator, shop, id } = await start();
      emulator.faults.add("SetMaintenanceWindow", { status: 200, body: {} });
      const window = { clusterId: id, ...wednesday };
      assert.match(failureOf(await shop.up({ window })), /shows none afterwards/);
      assertDone(await shop.up({ window }));
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
    });

    it("waits for a cluster that is being created", async () => {
      const { emulator, shop } = await start();
      const id = await beingCreated(emulator);
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
      assert.ok(run.elapsedMs > 60_000);
      assert.ok(
        run.progress.some(({ text }) => text.startsWith("waiting for the cluster · CREATING · ")),
      );
    });

    for (const plan of ["BASIC", "STANDARD"] as const) {
      it(`passes on what the API says of a ${plan} cluster`, async () => {
        const { shop, newCluster } = await start();
        const id = newCluster("small-one", plan);
        const text = failureOf(await shop.up({ window: { clusterId: id, ...wednesday } }));
        assert.match(text, /400 maintenance windows are supported for advanced clusters only/);
        assert.match(text, /Give the id of a cluster with the plan ADVANCED, or remove this/);
        assert.equal(shop.resources.size, 0);
      });
    }

    for (const fault of [{ reset: "after-effect" }, { cutBody: true }, { status: 500 }] as const) {
      it(`recovers from a lost response: ${JSON.stringify(fault)}`, async () => {
        const { emulator, shop, id } = await start();
        emulator.faults.add("SetMaintenanceWindow", fault);
        const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
        assert.equal(count(run.requests, "SetMaintenanceWindow"), 2);
        assert.deepEqual(run.notes, []);
      });
    }

    it("is over when the user's time-out is", async () => {
      const { emulator, shop, id } = await start({ assumptions: { lockCoversSubresources: true } });
      emulator.clusters.lock(id);
      const options = { window: { customTimeouts: { create: "5m" } } };
      const run = await shop.up({ window: { clusterId: id, ...wednesday } }, { options });
      assert.match(failureOf(run), /waiting for the cluster to be free|busy|lock/i);
      assert.ok(run.elapsedMs >= 5 * 60_000 && run.elapsedMs < 6 * 60_000, `${run.elapsedMs}`);
    });

    it("fails with what the API says of a cluster that is not there", async () => {
      const { shop } = await start();
      const text = failureOf(await shop.up({ window: { clusterId, ...wednesday } }));
      assert.match(
        text,
        new RegExp(`^Setting the maintenance window of cluster ${clusterId} failed: 404`),
      );
    });
  });

  describe("drift", () => {
    const rows: [string, Record<string, string>, string[]][] = [
      ["of the start", { offset_duration: "3600s" }, ["offsetDuration"]],
      ["of the length", { window_duration: "36000s" }, ["windowDuration"]],
    ];
    for (const [title, change, expected] of rows) {
      it(`${title} is reported and repaired`, async () => {
        const { emulator, shop, id } = await withWindow();
        emulator.maintenanceWindows.set(id, { ...wire, ...change });
        assert.deepEqual((await shop.refresh()).differences, { window: expected });
        const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
        assert.deepEqual(run.steps, ["update window"]);
        assert.equal(run.requests.length, 1);
        assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
        assert.deepEqual((await shop.refresh()).differences, {});
      });
    }

    it("to no window at all is reported and repaired", async () => {
      const { emulator, shop, id } = await withWindow();
      emulator.maintenanceWindows.clear(id);
      assert.deepEqual((await shop.refresh()).steps, ["delete window"]);
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual(run.steps, ["create window"]);
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
    });
  });

  describe("import", () => {
    const importing = (id: string) => ({ options: { window: { import: id } } });

    it("adopts what equals the arguments, and writes nothing", async () => {
      const { emulator, shop, id } = await start();
      emulator.maintenanceWindows.set(id, wire);
      const window = { clusterId: id, ...wednesday };
      const run = assertDone(await shop.up({ window }, importing(id)));
      assert.deepEqual(
        run.requests.map(({ operation }) => operation),
        ["GetMaintenanceWindow"],
      );
      assert.deepEqual(shop.outputs(), window);
      assert.deepEqual((await shop.refresh()).differences, {});
    });

    it("lists all differences, and does nothing", async () => {
      const { emulator, shop, id } = await start();
      const there = { offset_duration: "0s", window_duration: "86400s" };
      emulator.maintenanceWindows.set(id, there);
      const run = await shop.up({ window: { clusterId: id, ...wednesday } }, importing(id));
      assert.equal(
        failureOf(run),
        `Importing the maintenance window of cluster ${id} failed: the arguments differ from it: offsetDuration is "0s" but the program has "172800s"; windowDuration is "86400s" but the program has "21600s". Make the arguments equal to it; change them after the import.\nWrite in the program:\n  offsetDuration: "0s",\n  windowDuration: "86400s",`,
      );
      assert.deepEqual(emulator.maintenanceWindows.get(id), there);
      assert.equal(shop.resources.size, 0);
    });

    it("says when there is none, and when the id is another", async () => {
      const { shop, id } = await start();
      const program = { window: { clusterId: id, ...wednesday } };
      assert.match(failureOf(await shop.up(program, importing(id))), /the cluster has none/);
      assert.match(
        failureOf(await shop.up(program, importing(clusterId))),
        new RegExp(
          `the arguments describe ${id}. The option import takes the id, which is <cluster id>`,
        ),
      );
    });
  });

  describe("state of the bridged provider", () => {
    it("is adopted without a request, and completed", async () => {
      const { shop, id } = await start();
      // There, durations are numbers of seconds.
      const bridged = { clusterId: id, offsetDuration: 172_800, windowDuration: 21_600 };
      putForeign(shop, "window", { id, inputs: bridged, outputs: bridged });
      const window = { clusterId: id, ...wednesday };
      const run = assertDone(await shop.up({ window }));
      assert.deepEqual([run.steps, run.requests], [["update window"], []]);
      assert.deepEqual(shop.outputs(), window);
      const again = assertDone(await shop.up({ window }));
      assert.deepEqual([again.steps, again.requests], [["same window"], []]);
    });

    it("is brought in line when the program says something else", async () => {
      const { emulator, shop, id } = await start();
      emulator.maintenanceWindows.set(id, { ...wire, offset_duration: "0s" });
      const outputs = { clusterId: id, ...wednesday, offsetDuration: "0s" };
      putForeign(shop, "window", { id, inputs: outputs, outputs });
      const run = assertDone(await shop.up({ window: { clusterId: id, ...wednesday } }));
      assert.deepEqual([run.steps, run.requests.length], [["update window"], 1]);
      assert.deepEqual(emulator.maintenanceWindows.get(id), wire);
    });
  });

  describe("delete", () => {
    it("succeeds without a window, without a cluster, and while the cluster is being deleted", async () => {
      for (const vanish of [
        ({ emulator, id }: PartLab) => emulator.maintenanceWindows.clear(id),
        ({ emulator, id }: PartLab) => void emulator.clusters.delete(id),
        ({ emulator, id }: PartLab) => emulator.clusters.forget(id),
      ]) {
        const lab = await withWindow();
        vanish(lab);
        const run = assertDone(await lab.shop.destroy());
        assert.equal(count(run.requests, "DeleteMaintenanceWindow"), 1);
        assert.equal(lab.shop.resources.size, 0);
      }
    });

    it("fails when the API refuses it, and keeps the window in state", async () => {
      const { emulator, shop } = await withWindow();
      emulator.faults.add("DeleteMaintenanceWindow", { status: 403, message: "unauthorized" });
      assert.match(failureOf(await shop.destroy()), /403 unauthorized/);
      assert.equal(shop.resources.size, 1);
    });

    it("waits for a cluster that is busy, also for one that vanishes meanwhile", async () => {
      for (const vanishes of [false, true]) {
        const lab = await withWindow({ assumptions: { lockCoversSubresources: true } });
        const { emulator, shop, id, time } = lab;
        emulator.clusters.lock(id, vanishes ? undefined : 10 * 60_000);
        const running = shop.destroy();
        if (vanishes) {
          await time.advance(5 * 60_000);
          emulator.clusters.delete(id);
        }
        assertDone(await running);
        assert.equal(shop.resources.size, 0);
      }
    });

    it("recovers from a lost response", async () => {
      const { emulator, shop, id } = await withWindow();
      emulator.faults.add("DeleteMaintenanceWindow", { reset: "after-effect" });
      assertDone(await shop.destroy());
      assert.equal(emulator.maintenanceWindows.get(id), undefined);
    });

    it("is followed by a refresh that finds the cluster deleted", async () => {
      const { emulator, shop, id } = await withWindow();
      emulator.clusters.delete(id);
      assert.deepEqual((await shop.refresh()).steps, ["delete window"]);
    });
  });

  describe("get", () => {
    it("returns the window of a cluster, and says when there is none", async () => {
      const { emulator, shop, id } = await start();
      await assert.rejects(shop.get(id), /There is no maintenance window with the id/);
      emulator.maintenanceWindows.set(id, wire);
      assert.deepEqual(visible(await shop.get(id)), { clusterId: id, ...wednesday });
    });
  });

  it("stays when the resource gets another name", async () => {
    const { shop, emulator, id } = await start();
    const window = { clusterId: id, ...wednesday };
    assertDone(await shop.up({ before: window }));
    assertDone(await shop.up({ after: window }));
    assert.ok(emulator.maintenanceWindows.get(id));
    assert.equal(shop.resources.size, 1);
  });
});

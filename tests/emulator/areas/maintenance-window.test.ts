import { strict as assert } from "node:assert";
import { checkEmulators } from "../../support/emulator";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  standard,
  startQuick,
  withAdvanced,
} from "../caller";

const wednesday = { offset_duration: "172800s", window_duration: "21600s" };

describe("The maintenance window", () => {
  checkEmulators();

  it("is not found when it is not set, or has empty texts if so configured", async () => {
    const { api, window } = await withAdvanced();
    assertRefused(await api.get(window), 404, 5);
    const other = await withAdvanced({ assumptions: { windowUnset: "empty-body" } });
    const empty = { offset_duration: "", window_duration: "" };
    assert.deepEqual(bodyOf(await other.api.get(other.window)), empty);
    assertRefused(await other.api.delete(other.window), 404, 5);
  });

  it("is set and replaced by PUT", async () => {
    const { emulator, api, id, window } = await withAdvanced();
    assert.deepEqual(bodyOf(await api.put(window, wednesday)), wednesday);
    assert.deepEqual(bodyOf(await api.get(window)), wednesday);
    const other = { offset_duration: "0s", window_duration: "30000s" };
    assert.deepEqual(bodyOf(await api.put(window, other)), other);
    assert.deepEqual(emulator.maintenanceWindows.get(id), other);
  });

  for (const [what, body, shown] of [
    ["the shortest length", { ...wednesday, window_duration: "21600s" }, "21600s"],
    ["the longest length", { ...wednesday, window_duration: "604799s" }, "604799s"],
    ["an odd length", { ...wednesday, window_duration: "101010s" }, "101010s"],
    ["fractions", { ...wednesday, window_duration: "21600.5s" }, "21600.500s"],
    ["nanoseconds", { ...wednesday, window_duration: "21600.000000001s" }, "21600.000000001s"],
    ["idle zeros", { ...wednesday, window_duration: "21600.000s" }, "21600s"],
  ] as const) {
    it(`takes ${what}`, async () => {
      const { api, window } = await withAdvanced();
      assert.equal(bodyOf(await api.put(window, body)).window_duration, shown);
    });
  }

  for (const offset of ["0s", "604799s", "1010s", "-0s"]) {
    it(`takes the offset ${offset}`, async () => {
      const { api, window } = await withAdvanced();
      const response = bodyOf(await api.put(window, { ...wednesday, offset_duration: offset }));
      assert.equal(response.offset_duration, offset.replace("-", ""));
    });
  }

  for (const [what, body, message] of [
    ["a second too short", { ...wednesday, window_duration: "21599s" }, /window_duration/],
    ["a fraction too short", { ...wednesday, window_duration: "21599.999s" }, /window_duration/],
    ["a week long", { ...wednesday, window_duration: "604800s" }, /window_duration/],
    ["a week later", { ...wednesday, offset_duration: "604800s" }, /offset_duration/],
    ["before Monday", { ...wednesday, offset_duration: "-1s" }, /offset_duration/],
    ["in hours", { ...wednesday, offset_duration: "48h" }, /^proto: .*Duration value "48h"/],
    ["in ISO 8601", { ...wednesday, offset_duration: "P2D" }, /^proto: .*Duration/],
    ["as a number", { ...wednesday, offset_duration: 172800 }, /^proto: .*172800/],
    ["without an offset", { window_duration: "21600s" }, /offset_duration is required/],
    ["without a length", { offset_duration: "0s" }, /window_duration is required/],
    ["empty", {}, /required/],
  ] as const) {
    it(`is refused ${what}`, async () => {
      const { api, window } = await withAdvanced();
      assertRefused(await api.put(window, body), 400, 3, message);
      assertRefused(await api.get(window), 404, 5);
    });
  }

  it("can be deleted only once", async () => {
    const { api, window } = await withAdvanced();
    bodyOf(await api.put(window, wednesday));
    assert.deepEqual(bodyOf(await api.delete(window)), wednesday);
    assertRefused(await api.get(window), 404, 5);
    assertRefused(await api.delete(window), 404, 5);
  });

  for (const [plan, body] of [
    ["Basic", basic("small-1")],
    ["Standard", standard("small-2")],
  ] as const) {
    it(`is refused on ${plan}`, async () => {
      const { emulator, api } = await startQuick();
      const { id } = emulator.clusters.create(body);
      const window = `/clusters/${id}/maintenance-window`;
      const message = "maintenance windows are supported for advanced clusters only";
      assertRefused(await api.get(window), 400, 9, message);
      assertRefused(await api.put(window, wednesday), 400, 9, message);
      assertRefused(await api.delete(window), 400, 9, message);
    });
  }

  it("may be set by operators and not by developers", async () => {
    const { emulator, window } = await withAdvanced();
    const callerWith = (role: "CLUSTER_DEVELOPER" | "CLUSTER_OPERATOR_WRITER") =>
      callerOf(emulator, emulator.organization.addKey({ roles: [{ role }] }));
    assertRefused(await callerWith("CLUSTER_DEVELOPER").put(window, wednesday), 403, 7);
    bodyOf(await callerWith("CLUSTER_OPERATOR_WRITER").put(window, wednesday));
  });

  it("waits for the cluster to be created", async () => {
    const { emulator, api } = await startQuick();
    const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
    const window = `/clusters/${id}/maintenance-window`;
    assertRefused(await api.put(window, wednesday), 503, 14, /lock/);
    emulator.clusters.finish(id);
    bodyOf(await api.put(window, wednesday));
  });

  it("is changed outside the API", async () => {
    const { emulator, api, id, window } = await withAdvanced();
    emulator.maintenanceWindows.set(id, { ...wednesday, window_duration: "22222.50s" });
    assert.equal(bodyOf(await api.get(window)).window_duration, "22222.500s");
    emulator.maintenanceWindows.clear(id);
    assert.equal(emulator.maintenanceWindows.get(id), undefined);
    const wrong = { ...wednesday, offset_duration: "48h" };
    assert.throws(() => emulator.maintenanceWindows.set(id, wrong), /Duration/);
  });
});

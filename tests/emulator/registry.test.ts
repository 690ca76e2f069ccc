import assert from "node:assert/strict";
import type { Area, ControlledArea } from "../../emulator/area";
import areas from "../../emulator/areas/index";
import { handlers } from "../../emulator/registry";
import { operations, undocumentedOperations } from "../../emulator/server/operations";
import { checkEmulators, startTestEmulator } from "../support/emulator";

describe("The registry of the emulator", () => {
  checkEmulators();

  const all = Object.entries<Area | ControlledArea<object>>(areas);

  it("serves every operation of every area, and none from two areas", () => {
    const served = all.flatMap(([, area]) => Object.keys(area.operations));
    assert.deepEqual(Object.keys(handlers).sort(), served.sort());
  });

  it("has no operation that the API does not have", () => {
    const known = new Set([...operations, ...undocumentedOperations].map(({ name }) => name));
    assert.deepEqual(
      Object.keys(handlers).filter((name) => !known.has(name)),
      [],
    );
  });

  it("has controls on the emulator for exactly the areas that define some", async () => {
    const emulator = await startTestEmulator();
    const controlled = all.filter(([, area]) => "createControls" in area).map(([name]) => name);
    assert.ok(controlled.length > 0);
    const members = all.map(([name]) => name).filter((name) => name in emulator);
    // The catalogue of versions has the name of the area, and is shared by all organizations.
    assert.deepEqual(members.sort(), [...controlled, "versions"].sort());
  });
});

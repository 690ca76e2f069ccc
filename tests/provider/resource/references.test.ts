// Ids of the run in the place of what an argument names, as the provider sees them: texts.

import assert from "node:assert/strict";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes, referencesOf } from "../../../provider/resource/resource-types";
import { casesOf, placeOf } from "../../conformance/resource-cases";
import { declared } from "../../conformance/world";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { assertDone } from "../../support/engine-model/run";
import { pluginDoor } from "../../support/plugin-door";

const doors = { "the classes": {}, "the plugin": { plugin: pluginDoor } };

describe("The id of another resource of the program", () => {
  checkEmulators();

  const cases = allResourceTypes.flatMap((type) =>
    Object.entries(referencesOf(type)).map(([argument, types]) => [type, argument, types] as const),
  );

  for (const [door, through] of Object.entries(doors)) {
    for (const [type, argument, types] of cases) {
      it(`is refused as ${argument} of a ${type} by way of ${door}`, async () => {
        const { emulator, stack } = await startLab();
        const shop = stack(through);
        const other: ResourceType = types.includes("Folder") ? "ServiceAccount" : "Folder";
        const existing = declared(other, casesOf[other].full[0]);
        assertDone(await shop.up({ other: existing }));
        const { id } = shop.resource("other");
        const args = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
        const wrong = argument === "members" ? [id] : id;
        const run = await shop.preview({
          other: existing,
          it: declared(type, { ...args, [argument]: wrong }),
        });
        const noun = other === "Folder" ? "folder" : "service account";
        assert.equal(run.failures.length, 1, run.failures.join("\n"));
        assert.match(
          run.failures[0] ?? "",
          new RegExp(
            `^${argument}: must be the id of an? .+, and ${id} is that of ${noun} "other"\\.$`,
          ),
        );
      });
    }
  }

  it("is accepted where a setting, whose id is that of its cluster, has it first", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    const place = placeOf("MaintenanceWindow", emulator);
    const window = declared("MaintenanceWindow", {
      ...place,
      ...casesOf.MaintenanceWindow.full[0],
    });
    assertDone(await shop.up({ window }));
    const user = declared("SqlUser", { ...place, name: "app" });
    assertDone(await shop.preview({ window, user }));
  });
});

// What a preview of the provider plugin says that an update leads to.

import { strict as assert } from "node:assert";
import { resources } from "../../provider/resource/registry";
import { allResourceTypes, pluginToken } from "../../provider/resource/resource-types";
import { hasUnknown } from "../../provider/values/unknown";
import { plain } from "../contract/secrets";
import { checkEmulators } from "../support/emulator";
import { pluginDoor, previewDoor } from "../support/plugin-door";
import type { Properties } from "./resource-cases";
import { casesOf } from "./resource-cases";
import { argumentsAfter, startWorld } from "./world";

describe("A preview of an update by the provider plugin", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    for (const [path, { onChange, before = casesOf[type].full[0] }] of Object.entries(
      casesOf[type].arguments,
    )) {
      if (onChange !== "update" || typeof before === "function") continue;

      it(`shows as unknown what else a changed ${path} of ${type} changes, and the rest as it is`, async () => {
        const world = await startWorld(type, {}, pluginDoor);
        const first = { ...world.place, ...before };
        await world.up(first);
        const { id, inputs, outputs } = plain(world.stack.resource("it"));
        const news = argumentsAfter(world, path, first);
        const said = {
          urn: `urn:pulumi:dev::shop::${pluginToken(type)}::it`,
          oldInputs: inputs,
          timeouts: undefined,
          preview: true,
        } as const;
        const { outs } = await previewDoor(type).update(id, outputs, news, said);
        const previewed = plain(outs) as Properties;
        await world.up(news);
        const after: Properties = plain(world.stack.outputs("it"));
        const { outputs: names, changedBy = {} } = resources[type];
        for (const name of names.filter((one) => !(one in news))) {
          if (hasUnknown(previewed[name])) {
            const reasons = changedBy[name]?.filter((reason) => reason !== name) ?? [];
            assert.ok(reasons.length > 0, `${name} is unknown without a reason`);
          } else {
            assert.deepEqual(previewed[name], after[name], name);
          }
        }
      });
    }
  }

  it("shows as unknown what an update waits for, and the rest as it is", async () => {
    const world = await startWorld("LogExportConfig", {}, pluginDoor);
    const args = { ...world.place, ...casesOf.LogExportConfig.full[0] };
    await world.up(args);
    const { id, inputs, outputs } = plain(world.stack.resource("it"));
    const urn = `urn:pulumi:dev::shop::${pluginToken("LogExportConfig")}::it`;
    const said = { urn, oldInputs: inputs, timeouts: undefined, preview: true } as const;
    const underWay = { ...outputs, status: "ENABLING" };
    const { outs } = await previewDoor("LogExportConfig").update(id, underWay, inputs, said);
    const { status, createdAt } = plain(outs) as Properties;
    assert.ok(hasUnknown(status));
    assert.equal(createdAt, outputs["createdAt"]);
  });
});

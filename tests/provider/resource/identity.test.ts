// What the preview knows of an object's identity without a request: the form of an id, and what two resources share.

import assert from "node:assert/strict";
import { resources } from "../../../provider/resource/registry";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { casesOf, placeOf } from "../../conformance/resource-cases";
import { declared } from "../../conformance/world";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";

describe("The identity of a resource", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    it(`of type ${type} is no name: the preview refuses one in the option import`, async () => {
      const { emulator, stack } = await startLab();
      const args = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
      const run = await stack().preview({ it: declared(type, args, { import: "orders" }) });
      const { kind } = resources[type].lifecycle;
      const failure = run.failures.join("\n").replace(" id of an ", " id of a ");
      const expected = `"orders" is no id of a ${kind}, which is ${resources[type].idFormat}. The option import takes the id`;
      assert.ok(failure.includes(expected), failure);
    });
  }

  const known = allResourceTypes.filter((type) => casesOf[type].idOf !== undefined);

  for (const type of known) {
    it(`of type ${type} is refused by the preview where another resource of the program has it`, async () => {
      const { emulator, stack } = await startLab();
      const it = declared(type, { ...placeOf(type, emulator), ...casesOf[type].full[0] });
      const run = await stack().preview({ first: it, second: it });
      assert.equal(run.failures.length, 1);
      assert.match(
        run.failures[0] ?? "",
        /"first".*(remove one of the two|put all roles into one of them)/i,
      );
    });
  }
});

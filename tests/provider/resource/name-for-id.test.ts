// An import, and the static get of a class, take an id. Whoever gives the name instead is given the id.

import assert from "node:assert/strict";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { casesOf, clusterIdIn, placeOf } from "../../conformance/resource-cases";
import { declared } from "../../conformance/world";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { assertDone } from "../../support/engine-model/run";
import { kinds } from "../../support/kinds";

/** The resources whose id the service gives, and the argument that is their name. */
const named: readonly (readonly [ResourceType, string])[] = [
  ["Folder", "name"],
  ["ServiceAccount", "name"],
  ["ApiKey", "name"],
  ["ProvisionedUser", "userName"],
  ["ProvisionedGroup", "displayName"],
  ["EgressRule", "name"],
  ["Cluster", "name"],
];

describe("A name in the place of an id", () => {
  checkEmulators();

  it("of a cluster that there is not is refused with where the id is", async () => {
    const { stack } = await startLab();
    await assert.rejects(
      stack({ serve: kinds.Cluster.serve }).get("shop"),
      /^Error: Reading cluster shop failed: 400 .* The id is a UUID; `getCluster\(\{ name \}\)`/,
    );
  });

  for (const [type, argument] of named) {
    it(`of a resource of type ${type} is refused with the id`, async () => {
      const { emulator, stack } = await startLab();
      const shop = stack();
      const place = placeOf(type, emulator);
      assertDone(await shop.up({ it: declared(type, { ...place, ...casesOf[type].full[0] }) }));
      const { id, outputs } = shop.resource("it");
      const name = String(outputs[argument]);
      const clusterId = type === "Cluster" ? "" : clusterIdIn(type, place);
      const given = clusterId === "" ? name : `${clusterId}:${name}`;
      await assert.rejects(stack({ serve: kinds[type].serve }).get(given), ({ message }: Error) => {
        assert.ok(message.startsWith(`${JSON.stringify(name)} is no id of a`), message);
        assert.ok(message.endsWith(` of this name is ${id}.`), message);
        return true;
      });
    });
  }
});

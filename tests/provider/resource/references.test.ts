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

interface Ids {
  readonly cluster: string;
  readonly folder: string;
  readonly user: string;
}

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
            `^${argument}(\\[0\\])?: must be the id of an? .+, and ${id} is that of ${noun} "other"\\.$`,
          ),
        );
      });
    }
  }

  const admin = { roleName: "CLUSTER_ADMIN", resourceType: "CLUSTER" };
  for (const [door, through] of Object.entries(doors)) {
    for (const [what, type, wrong, failure] of [
      [
        "the place of a role",
        "UserRoleGrant",
        ({ folder }: Ids) => ({ role: { ...admin, resourceId: folder } }),
        ({ folder }: Ids) =>
          `role.resourceId: must be the id of a cluster, and ${folder} is that of folder "folder".`,
      ],
      [
        "the place of one of several roles",
        "UserRoleGrants",
        ({ folder, cluster }: Ids) => ({
          roles: [
            { ...admin, resourceId: cluster },
            { ...admin, resourceId: folder },
          ],
        }),
        ({ folder }: Ids) =>
          `roles[1].resourceId: must be the id of a cluster, and ${folder} is that of folder "folder".`,
      ],
      [
        "a cluster, where it is that of a part",
        "SqlUser",
        ({ user }: Ids) => ({ clusterId: user }),
        ({ user, cluster }: Ids) =>
          `clusterId: must be the id of a cluster, and ${user} is that of SQL user "user". Its cluster is ${cluster}.`,
      ],
    ] as const) {
      it(`is refused as ${what} by way of ${door}`, async () => {
        const { emulator, stack } = await startLab();
        const shop = stack(through);
        const cluster = String(placeOf("SqlUser", emulator)["clusterId"]);
        const existing = {
          folder: declared("Folder", { name: "payments" }),
          user: declared("SqlUser", { clusterId: cluster, name: "web" }),
        };
        assertDone(await shop.up(existing));
        const [folder, user] = [shop.resource("folder").id, shop.resource("user").id];
        const ids = { cluster, folder, user };
        const args = { ...placeOf(type, emulator, 2), ...casesOf[type].full[0], ...wrong(ids) };
        const { failures } = await shop.preview({ ...existing, it: declared(type, args) });
        assert.deepEqual(failures, [failure(ids)]);
      });
    }
  }

  it("is refused with what to give where it is that of an endpoint with its cluster", async () => {
    const { emulator, stack } = await startLab();
    const args = placeOf("EgressPrivateEndpointDomainNames", emulator);
    const endpointId = `${args["clusterId"]}:${args["endpointId"]}`;
    const names = declared("EgressPrivateEndpointDomainNames", {
      ...args,
      endpointId,
      domainNames: ["kafka.example.com"],
    });
    const { failures } = await stack().preview({ names });
    assert.equal(failures.length, 1);
    assert.ok(
      failures[0]?.endsWith(
        `pass the EgressPrivateEndpoint of the program, or its endpointId, "${args["endpointId"]}".`,
      ),
      failures[0],
    );
  });

  it("is refused with the cluster in it where only its form shows that it is that of a part", async () => {
    const { emulator, stack } = await startLab();
    const id = String(placeOf("SqlUser", emulator)["clusterId"]);
    const user = declared("SqlUser", { clusterId: `${id}:app`, name: "app" });
    const { failures } = await stack().preview({ user });
    assert.deepEqual(failures, [
      `clusterId: must be the id of a cluster, a UUID, not the string "${id}:app". That is the id of something in a cluster: pass the Cluster of the program, or its id, "${id}".`,
    ]);
  });

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

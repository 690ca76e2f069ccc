// Arguments that mean the same in several spellings: the preview, the state and the next runs agree on one.

import { strict as assert } from "node:assert";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { pluginToken } from "../../provider/resource/resource-types";
import { hasUnknown } from "../../provider/values/unknown";
import { authorityCertificate } from "../connections/certificates";
import { plain } from "../contract/secrets";
import { checkEmulators } from "../support/emulator";
import { writes } from "../support/engine-model/requests";
import { assertDone } from "../support/engine-model/run";
import { pluginDoor, previewDoor } from "../support/plugin-door";
import type { Properties } from "./resource-cases";
import { casesOf } from "./resource-cases";
import type { World } from "./world";
import { startWorld } from "./world";

/** By type, some of the arguments of its cases in another spelling that means the same. */
const otherwise: Partial<Record<ResourceType, Properties>> = {
  BlackoutWindow: {
    startTime: "2026-06-20T00:00:00.000Z",
    endTime: "2026-06-22T02:00:00+02:00",
  },
  ClientCaCert: { x509PemCert: `\r\n${authorityCertificate.replaceAll("\n", "\r\n")}\r\n` },
  ClusterDisruption: {
    regionalDisruptorSpecifications: [
      { regionCode: "us-east-1", isWholeRegion: false, azs: ["us-east-1a", "us-east-1b"] },
    ],
  },
  EgressPrivateEndpointDomainNames: { domainNames: ["KAFKA.example.com", "*.Example.com"] },
  EgressRule: { destination: "Kafka.example.com.", ports: [9093, 443, 9093] },
  Folder: { parentId: "" },
  JwtIssuer: { jwks: { keys: [] } },
  LogExportConfig: { omittedChannels: ["HEALTH", "SQL_PERF", "HEALTH"] },
  MaintenanceWindow: { offsetDuration: "172800.000s", windowDuration: "21600.0s" },
  PrivateEndpointServices: { regions: ["us-west-2", "us-east-1", "eu-west-1", "us-east-1"] },
  ProvisionedUser: {
    emails: [{ type: "work", value: "ada@example.com", display: "Ada" }],
    name: { familyName: "Lovelace", givenName: "Ada" },
  },
  UserRoleGrant: {
    role: { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION", resourceId: "" },
  },
  UserRoleGrants: {
    roles: ["CLUSTER_CREATOR", "BILLING_VIEWER", "CLUSTER_CREATOR"].map((roleName) => ({
      ...{ roleName, resourceType: "ORGANIZATION", resourceId: "" },
    })),
  },
};

describe("Arguments in another spelling that means the same", function () {
  this.timeout(30_000);
  checkEmulators();

  const outputsIn = ({ stack, type }: World): Properties => {
    const outputs: Properties = plain(stack.outputs("it"));
    return Object.fromEntries(resources[type].outputs.map((name) => [name, outputs[name]]));
  };

  for (const type of Object.keys(otherwise) as ResourceType[]) {
    const given = (place: Properties) => ({ ...place, ...casesOf[type].full[0] });
    const spelt = (place: Properties) => ({ ...given(place), ...otherwise[type] });

    it(`let the preview of a new ${type} show what its state has then`, async () => {
      const world = await startWorld(type, {}, pluginDoor);
      const args = spelt(world.place);
      const urn = `urn:pulumi:dev::shop::${pluginToken(type)}::it`;
      const said = { urn, oldInputs: {}, timeouts: undefined, preview: true } as const;
      const { outs } = await previewDoor(type).create(args, said);
      const previewed: Properties = plain(outs);
      assertDone(await world.up(args));
      const outputs = outputsIn(world);
      for (const name of Object.keys(outputs)) {
        if (!hasUnknown(previewed[name])) assert.deepEqual(previewed[name], outputs[name], name);
      }
      await world.assertSettled(args);
      assert.deepEqual(outputsIn(world), outputs);
    });

    for (const [which, door] of [
      ["classes", undefined],
      ["provider plugin", pluginDoor],
    ] as const) {
      it(`change nothing of a ${type} of the ${which}`, async () => {
        const world = await startWorld(type, {}, door);
        assertDone(await world.up(given(world.place)));
        const outputs = outputsIn(world);
        const run = assertDone(await world.up(spelt(world.place)));
        assert.deepEqual([run.steps, writes(run.requests)], [["same it"], []]);
        await world.assertSettled(spelt(world.place));
        assert.deepEqual(outputsIn(world), outputs);
      });
    }
  }
});

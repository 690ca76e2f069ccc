// Arguments that mean the same in several spellings: the preview, the state and the next runs agree on one.

import { strict as assert } from "node:assert";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { pluginToken } from "../../provider/resource/resource-types";
import { plain } from "../contract/secrets";
import { advanced, basic, standard } from "../support/builders";
import { authorityCertificate } from "../support/certificates";
import { byRegion, encryptable, threeKeys } from "../support/cmek";
import { checkEmulators } from "../support/emulator";
import { writes } from "../support/engine-model/requests";
import { assertDone } from "../support/engine-model/run";
import { assertForeseen } from "../support/foreseen";
import { pluginDoor, previewDoor } from "../support/plugin-door";
import type { Properties } from "./resource-cases";
import { casesOf } from "./resource-cases";
import type { World } from "./world";
import { startWorld } from "./world";

interface Spelling {
  /** Arguments, without the place. @default those of the cases */
  readonly given?: Properties | ((world: World) => Properties);
  /** Some of them in another spelling that means the same. */
  readonly otherwise: Properties;
}

const machineSpec = { numVirtualCpus: 4 };

const spellings: Partial<Record<ResourceType, readonly Spelling[]>> = {
  BlackoutWindow: [
    {
      otherwise: {
        startTime: "2026-06-20T00:00:00.000Z",
        endTime: "2026-06-22T02:00:00+02:00",
      },
    },
  ],
  ClientCaCert: [
    { otherwise: { x509PemCert: `\r\n${authorityCertificate.replaceAll("\n", "\r\n")}\r\n` } },
  ],
  Cluster: [
    {
      otherwise: {
        parentId: "",
        serverless: {
          ...Object(casesOf.Cluster.full[0]["serverless"]),
          regions: ["us-east1", "us-central1"],
        },
      },
    },
    { given: basic(), otherwise: basic({ usageLimits: {} }) },
    {
      given: standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4" }),
      otherwise: standard({ upgradeType: "MANUAL", cockroachVersion: "v25.4.1" }),
    },
    {
      given: advanced({ hardware: { machineSpec }, cockroachVersion: "v25.2" }),
      otherwise: advanced({
        hardware: { machineSpec, storageGib: 0, diskIops: 0 },
        cockroachVersion: "v25.2.1",
        finalizeUpgrade: false,
      }),
    },
    {
      given: advanced({ hardware: { machineSpec: { machineType: "m6i.xlarge" } } }),
      otherwise: advanced({ hardware: { machineSpec } }),
    },
    {
      given: advanced({ hardware: { machineSpec } }),
      otherwise: advanced({ hardware: {}, regionMachineSpecs: { "us-east-1": machineSpec } }),
    },
  ],
  ClusterDisruption: [
    {
      otherwise: {
        regionalDisruptorSpecifications: [
          { regionCode: "us-east-1", isWholeRegion: false, azs: ["us-east-1a", "us-east-1b"] },
        ],
      },
    },
  ],
  CmekConfig: [
    {
      given: ({ emulator }) => ({
        clusterId: encryptable(emulator).id,
        regionSpecs: byRegion(threeKeys()),
      }),
      otherwise: { regionSpecs: threeKeys(), revoked: false, revokeOnDelete: false },
    },
  ],
  EgressPrivateEndpointDomainNames: [
    { otherwise: { domainNames: ["KAFKA.example.com", "*.Example.com"] } },
  ],
  EgressRule: [{ otherwise: { destination: "Kafka.example.com.", ports: [9093, 443, 9093] } }],
  Folder: [{ otherwise: { parentId: "" } }],
  JwtIssuer: [{ otherwise: { jwks: { keys: [] } } }],
  LogExportConfig: [{ otherwise: { omittedChannels: ["HEALTH", "SQL_PERF", "HEALTH"] } }],
  MaintenanceWindow: [{ otherwise: { offsetDuration: "172800.000s", windowDuration: "21600.0s" } }],
  PrivateEndpointServices: [
    { otherwise: { regions: ["us-west-2", "us-east-1", "eu-west-1", "us-east-1"] } },
  ],
  ProvisionedUser: [
    {
      otherwise: {
        emails: [{ type: "work", value: "ada@example.com", display: "Ada" }],
        name: { familyName: "Lovelace", givenName: "Ada" },
      },
    },
  ],
  UserRoleGrant: [
    {
      otherwise: {
        role: { roleName: "BILLING_VIEWER", resourceType: "ORGANIZATION", resourceId: "" },
      },
    },
  ],
  UserRoleGrants: [
    {
      otherwise: {
        roles: ["CLUSTER_CREATOR", "BILLING_VIEWER", "CLUSTER_CREATOR"].map((roleName) => ({
          ...{ roleName, resourceType: "ORGANIZATION", resourceId: "" },
        })),
      },
    },
  ],
};

describe("Arguments in another spelling that means the same", function () {
  this.timeout(30_000);
  checkEmulators();

  const outputsIn = ({ stack, type }: World): Properties => {
    const outputs: Properties = plain(stack.outputs("it"));
    return Object.fromEntries(resources[type].outputs.map((name) => [name, outputs[name]]));
  };

  /** The arguments in the one spelling and in the other. */
  const argumentsOf = (
    world: World,
    { given = casesOf[world.type].full[0], otherwise }: Spelling,
  ) => {
    const one = { ...world.place, ...(typeof given === "function" ? given(world) : given) };
    return [one, { ...one, ...otherwise }] as const;
  };

  for (const type of Object.keys(spellings) as ResourceType[]) {
    const ofType = spellings[type] ?? [];

    it(`let the preview of a new ${type} show what its state has then`, async () => {
      for (const spelling of ofType) {
        const world = await startWorld(type, {}, pluginDoor);
        const [, args] = argumentsOf(world, spelling);
        const urn = `urn:pulumi:dev::shop::${pluginToken(type)}::it`;
        const said = { urn, oldInputs: {}, timeouts: undefined, preview: true } as const;
        const { outs } = await previewDoor(type).create(args, said);
        const previewed: Properties = plain(outs);
        assertDone(await world.up(args));
        const outputs = outputsIn(world);
        for (const name of Object.keys(outputs))
          assertForeseen(previewed[name], outputs[name], name);
        await world.assertSettled(args);
        assert.deepEqual(outputsIn(world), outputs);
      }
    });

    for (const [which, door] of [
      ["classes", undefined],
      ["provider plugin", pluginDoor],
    ] as const) {
      it(`change nothing of a ${type} of the ${which}`, async () => {
        for (const spelling of ofType) {
          const world = await startWorld(type, {}, door);
          const [given, spelt] = argumentsOf(world, spelling);
          assertDone(await world.up(given));
          const outputs = outputsIn(world);
          const run = assertDone(await world.up(spelt));
          assert.deepEqual([run.steps, writes(run.requests)], [["same it"], []]);
          await world.assertSettled(spelt);
          assert.deepEqual(outputsIn(world), outputs);
        }
      });
    }
  }
});

import type { WireCmekClusterInfo } from "../../../sdk";
import type { cmekClusterInfoSchema } from "../../../sdk/resources/cmek";
import { advanced, hour } from "../../emulator/caller";
import type { OperationArea, Reads } from "../operation";
import { base, id, ofCluster } from "../operation";

const keySpec = { type: "AWS_KMS", uri: "arn:aws:kms:r:1:key/k", auth_principal: "arn:aws:iam::1" };
const regionSpecs = [{ region: "r", key_spec: keySpec }];
const keys = {
  status: "ENABLED",
  region_infos: [
    {
      region: "r",
      status: "ENABLED",
      key_infos: [
        {
          status: "ENABLED",
          user_message: "",
          spec: keySpec,
          created_at: "2026-01-01T00:00:00Z",
          updated_at: "2026-01-02T00:00:00Z",
        },
      ],
    },
  ],
};

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof cmekClusterInfoSchema, WireCmekClusterInfo>],

  operations: [
    {
      name: "cmek.get",
      operation: "Reading the encryption keys of cluster c/1",
      object: "the encryption keys of cluster c/1",
      call: ({ cmek }) => cmek.get(id),
      method: "GET",
      template: `${ofCluster}/cmek`,
      url: `${base}/cmek`,
      response: keys,
      result: keys,
    },
    {
      name: "cmek.enable",
      operation: "Enabling the encryption keys of cluster c/1",
      object: "the encryption keys of cluster c/1",
      call: ({ cmek }) => cmek.enable(id, regionSpecs),
      method: "POST",
      template: `${ofCluster}/cmek`,
      url: `${base}/cmek`,
      body: { region_specs: regionSpecs },
      response: keys,
      result: keys,
    },
    {
      name: "cmek.update",
      operation: "Changing the encryption keys of cluster c/1",
      object: "the encryption keys of cluster c/1",
      call: ({ cmek }) => cmek.update(id, regionSpecs),
      method: "PUT",
      template: `${ofCluster}/cmek`,
      url: `${base}/cmek`,
      body: { region_specs: regionSpecs },
      response: keys,
      result: keys,
    },
    {
      name: "cmek.revoke",
      operation: "Revoking the encryption keys of cluster c/1",
      object: "the encryption keys of cluster c/1",
      call: ({ cmek }) => cmek.revoke(id),
      method: "PATCH",
      template: `${ofCluster}/cmek`,
      url: `${base}/cmek`,
      body: { action: "REVOKE" },
      response: { status: "REVOKING" },
      result: { status: "REVOKING", region_infos: [] },
    },
  ],

  async callEach({ client, emulator }) {
    const { id } = emulator.clusters.create(advanced("orders", { network_visibility: "PRIVATE" }));
    const keyOf = (key: string) => [
      {
        region: "us-east-1",
        key_spec: {
          type: "AWS_KMS",
          uri: `arn:aws:kms:us-east-1:123456789012:key/${key}`,
          auth_principal: "arn:aws:iam::123456789012:role/cmek",
        },
      },
    ];
    await client.cmek.enable(id, keyOf("11111111-1111-4111-8111-111111111111"));
    await emulator.clock.advance(hour);
    await client.cmek.get(id);
    await client.cmek.update(id, keyOf("22222222-2222-4222-8222-222222222222"));
    await emulator.clock.advance(hour);
    await client.cmek.revoke(id);
  },
};

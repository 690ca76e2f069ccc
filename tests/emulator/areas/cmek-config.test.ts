import { strict as assert } from "node:assert";
import type { EmulatorOptions, WireCmekClusterInfo } from "../../../emulator/index";
import { defaultVersions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import type { Caller } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  hour,
  minute,
  standard,
  startQuick,
} from "../caller";

const threeRegions = { "us-west-2": 3, "eu-west-1": 3, "us-east-1": 3 };

function awsKey(region: string, key = "1234abcd-12ab-34cd-56ef-1234567890ab"): object {
  return {
    region,
    key_spec: {
      type: "AWS_KMS",
      uri: `arn:aws:kms:${region}:111122223333:key/${key}`,
      auth_principal: "arn:aws:iam::111122223333:role/cockroach-cmek",
    },
  };
}

const keys = {
  AWS: awsKey("us-east-1"),
  GCP: {
    region: "us-east1",
    key_spec: {
      type: "GCP_CLOUD_KMS",
      uri: "projects/my-project/locations/us-east1/keyRings/ring/cryptoKeys/key",
      auth_principal: "cmek@my-project.iam.gserviceaccount.com",
    },
  },
  AZURE: {
    region: "eastus",
    key_spec: {
      type: "AZURE_KEY_VAULT",
      uri: "https://my-vault.vault.azure.net/keys/my-key/0123456789abcdef0123456789abcdef",
      auth_principal: "6f8a2f5c-0c5e-4f0e-9d3e-2b7f3c1d9a10",
    },
  },
};

function privateCluster(regionNodes: object = threeRegions): object {
  return advanced("orders", { region_nodes: regionNodes, network_visibility: "PRIVATE" });
}

const everyKey = Object.keys(threeRegions).map((region) => awsKey(region));

describe("CMEK", () => {
  checkEmulators();

  async function withCluster(
    options: EmulatorOptions = {},
    body: object = privateCluster(),
  ): Promise<{ emulator: TestEmulator; api: Caller; id: string; cmek: string }> {
    const { emulator, api } = await startQuick(options);
    const { id } = emulator.clusters.create(body);
    return { emulator, api, id, cmek: `/clusters/${id}/cmek` };
  }

  async function withKeys(options: EmulatorOptions = {}): ReturnType<typeof withCluster> {
    const subject = await withCluster(options);
    bodyOf(await subject.api.post(subject.cmek, { region_specs: everyKey }));
    await subject.emulator.clock.advance(10 * minute);
    return subject;
  }

  const statusesOf = (info: WireCmekClusterInfo) => [
    info.status,
    ...info.region_infos.map(({ status }) => status),
  ];

  const everywhere = (status: string) => [status, status, status, status];

  it("is DISABLED from the start, or not found if so configured", async () => {
    const { api, cmek } = await withCluster();
    assert.deepEqual(bodyOf(await api.get(cmek)), { status: "DISABLED", region_infos: [] });
    const other = await withCluster({ assumptions: { cmekUnset: "not-found" } });
    assertRefused(await other.api.get(other.cmek), 404, 5);
  });

  it("is enabled with a key for every region", async () => {
    const { emulator, api, id, cmek } = await withCluster();
    const started = bodyOf(await api.post(cmek, { region_specs: everyKey }));
    assert.deepEqual(statusesOf(started), everywhere("ENABLING"));
    const running = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual(
      [running.operation_status, running.state],
      ["CRDB_CMEK_OPERATION_RUNNING", "LOCKED"],
    );
    await emulator.clock.advance(10 * minute);
    const done = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(done), everywhere("ENABLED"));
    assert.deepEqual(
      done.region_infos.map(({ region }: { region: string }) => region),
      ["eu-west-1", "us-east-1", "us-west-2"],
    );
    const [{ key_infos: infos }] = done.region_infos;
    assert.equal(infos.length, 1);
    assert.equal(infos[0].status, "ENABLED");
    assert.equal(infos[0].user_message, "");
    assert.deepEqual({ region: "eu-west-1", key_spec: infos[0].spec }, awsKey("eu-west-1"));
    assert.equal(Date.parse(infos[0].updated_at) - Date.parse(infos[0].created_at), 10 * minute);
    assert.equal(bodyOf(await api.get(`/clusters/${id}`)).operation_status, "UNSPECIFIED");
  });

  for (const provider of ["AWS", "GCP", "AZURE"] as const) {
    it(`takes the keys of ${provider}`, async () => {
      const body = advanced("orders", { network_visibility: "PRIVATE" }, provider);
      const { api, cmek } = await withCluster({ durations: { cmekMs: 0 } }, body);
      const info = bodyOf(await api.post(cmek, { region_specs: [keys[provider]] }));
      assert.deepEqual(statusesOf(info), ["ENABLED", "ENABLED"]);
    });

    for (const [what, change] of [
      ["another cloud's type", { type: provider === "AWS" ? "GCP_CLOUD_KMS" : "AWS_KMS" }],
      ["NULL_KMS", { type: "NULL_KMS" }],
      ["no type", { type: undefined }],
      ["an unknown type", { type: "HSM" }],
      ["a malformed uri", { uri: "my-key" }],
      ["no uri", { uri: undefined }],
      ["a malformed principal", { auth_principal: "me" }],
    ] as const) {
      it(`refuses ${what} on ${provider}`, async () => {
        const body = advanced("orders", { network_visibility: "PRIVATE" }, provider);
        const { api, cmek } = await withCluster({}, body);
        const { region, key_spec: spec } = keys[provider] as { region: string; key_spec: object };
        const wrong = { region, key_spec: { ...spec, ...change } };
        assertRefused(await api.post(cmek, { region_specs: [wrong] }), 400, 3);
        assert.equal(bodyOf(await api.get(cmek)).status, "DISABLED");
      });
    }
  }

  for (const [what, specs] of [
    ["a region missing", everyKey.slice(1)],
    ["an unknown region", [...everyKey, awsKey("ap-south-1")]],
    ["a region twice", [...everyKey, awsKey("us-east-1")]],
    ["no region", [...everyKey.slice(1), { key_spec: { type: "AWS_KMS" } }]],
    ["no key", [...everyKey.slice(1), { region: "us-west-2" }]],
    ["an empty list", []],
    ["no list", undefined],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { api, cmek } = await withCluster();
      assertRefused(await api.post(cmek, { region_specs: specs }), 400, 3);
      assert.equal(bodyOf(await api.get(cmek)).status, "DISABLED");
    });
  }

  for (const [what, body, message] of [
    ["Basic", basic("orders"), /advanced clusters only/],
    ["Standard", standard("orders"), /advanced clusters only/],
    ["Advanced without private networking", advanced("orders"), /private networking/],
  ] as const) {
    it(`is refused on ${what}`, async () => {
      const { api, cmek } = await withCluster({}, body);
      assertRefused(await api.post(cmek, { region_specs: [keys.AWS] }), 400, 9, message);
    });
  }

  it("is refused on versions before v22.2", async () => {
    const versions = defaultVersions.map((version) =>
      version.version === "v22.1" ? { ...version, supportStatus: "SUPPORTED" as const } : version,
    );
    const old = advanced("orders", {
      network_visibility: "PRIVATE",
      cockroach_version: "v22.1",
    });
    const { api, cmek } = await withCluster({ versions }, old);
    assertRefused(await api.post(cmek, { region_specs: [keys.AWS] }), 400, 9, /v22\.2/);
  });

  for (const [status, code] of [
    [400, 3],
    [401, 16],
    [403, 7],
  ] as const) {
    it(`is refused with ${status} until the grants have reached the cloud`, async () => {
      const { emulator, api, cmek } = await withCluster();
      emulator.faults.denyKms(2, status);
      const message = /insufficient permissions to access the KMS key/;
      for (let time = 0; time < 2; time += 1) {
        assertRefused(await api.post(cmek, { region_specs: everyKey }), status, code, message);
        assert.equal(bodyOf(await api.get(cmek)).status, "DISABLED");
      }
      bodyOf(await api.post(cmek, { region_specs: everyKey }));
    });
  }

  it("is accepted and never carried out if a test has queued it", async () => {
    const { emulator, api, cmek } = await withKeys();
    const before = bodyOf(await api.get(cmek));
    emulator.faults.ignoreNextCmek(2);
    const rotation = { region_specs: [awsKey("us-east-1", "other")] };
    assert.deepEqual(bodyOf(await api.put(cmek, rotation)), before);
    assert.deepEqual(bodyOf(await api.patch(cmek, { action: "REVOKE" })), before);
    assert.equal(bodyOf(await api.put(cmek, rotation)).status, "ROTATING");
  });

  it("is enabled once by POST", async () => {
    const { api, cmek } = await withKeys();
    assertRefused(await api.post(cmek, { region_specs: everyKey }), 400, 9, /already enabled/);
    const cmekPostWhenEnabled = { status: 409, code: 6 };
    const other = await withKeys({ assumptions: { cmekPostWhenEnabled } });
    assertRefused(await other.api.post(other.cmek, { region_specs: everyKey }), 409, 6);
  });

  it("is enabled by PUT with all regions, unless configured otherwise", async () => {
    const { api, cmek } = await withCluster();
    assertRefused(await api.put(cmek, { region_specs: everyKey.slice(1) }), 400, 3, /every region/);
    const started = bodyOf(await api.put(cmek, { region_specs: everyKey }));
    assert.deepEqual(statusesOf(started), everywhere("ENABLING"));
    const cmekPutWhenDisabled = { status: 400, code: 9 };
    const strict = await withCluster({ assumptions: { cmekPutWhenDisabled } });
    assertRefused(await strict.api.put(strict.cmek, { region_specs: everyKey }), 400, 9);
  });

  it("gives one of three regions a new key, and keeps the old one in the list", async () => {
    const { emulator, api, cmek } = await withKeys();
    const before = bodyOf(await api.get(cmek));
    const started = bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1", "second")] }));
    assert.deepEqual(statusesOf(started), ["ROTATING", "ENABLED", "ROTATING", "ENABLED"]);
    await emulator.clock.advance(10 * minute);
    const done = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(done), everywhere("ENABLED"));
    const [west, east, far] = done.region_infos;
    assert.deepEqual([west, far], [before.region_infos[0], before.region_infos[2]]);
    assert.deepEqual(
      east.key_infos.map((key: { status: string; spec: { uri: string } }) => [
        key.spec.uri.split("/").at(-1),
        key.status,
      ]),
      [
        ["second", "ENABLED"],
        ["1234abcd-12ab-34cd-56ef-1234567890ab", "DISABLED"],
      ],
    );
    const other = await withKeys({ assumptions: { cmekKeyOrder: "oldest-first" } });
    bodyOf(await other.api.put(other.cmek, { region_specs: [awsKey("us-east-1", "second")] }));
    await other.emulator.clock.advance(10 * minute);
    const [, reversed] = bodyOf(await other.api.get(other.cmek)).region_infos;
    assert.match(reversed.key_infos[1].spec.uri, /second$/);
  });

  it("re-encrypts under the same key", async () => {
    const { emulator, api, cmek } = await withKeys();
    const before = bodyOf(await api.get(cmek)).region_infos[1].key_infos;
    const started = bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1")] }));
    assert.equal(started.region_infos[1].status, "ROTATING");
    assert.equal(started.region_infos[1].key_infos[0].status, "ENABLED");
    await emulator.clock.advance(10 * minute);
    const after = bodyOf(await api.get(cmek)).region_infos[1].key_infos;
    assert.equal(after.length, 1);
    assert.equal(after[0].created_at, before[0].created_at);
    assert.equal(Date.parse(after[0].updated_at) - Date.parse(before[0].updated_at), 10 * minute);
  });

  it("refuses to rotate in an unknown region or in none", async () => {
    const { api, cmek } = await withKeys();
    assertRefused(await api.put(cmek, { region_specs: [awsKey("ap-south-1")] }), 400, 3);
    assertRefused(await api.put(cmek, { region_specs: [] }), 400, 3);
    assert.deepEqual(statusesOf(bodyOf(await api.get(cmek))), everywhere("ENABLED"));
  });

  it("cannot be enabled again after it is revoked", async () => {
    const { emulator, api, cmek } = await withKeys();
    const started = bodyOf(await api.patch(cmek, { action: "REVOKE" }));
    assert.deepEqual(statusesOf(started), everywhere("REVOKING"));
    await emulator.clock.advance(10 * minute);
    const done = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(done), everywhere("REVOKED"));
    assert.equal(done.region_infos[0].key_infos[0].status, "REVOKED");
    assertRefused(await api.put(cmek, { region_specs: everyKey }), 400, 9, /support/);
    assertRefused(await api.post(cmek, { region_specs: everyKey }), 400, 9, /support/);
    assertRefused(await api.patch(cmek, { action: "REVOKE" }), 400, 9);
    assertRefused(await api.delete(cmek), 501, 12);
  });

  it("is not revoked with another action or in another state", async () => {
    const { api, cmek } = await withKeys();
    for (const body of [{}, { action: "DISABLE" }, { action: 2 }, { action: 0 }]) {
      assertRefused(await api.patch(cmek, body), 400, 3);
    }
    const other = await withCluster();
    assertRefused(await other.api.patch(other.cmek, { action: "REVOKE" }), 400, 9, /DISABLED/);
  });

  describe("of a region that is added", () => {
    const more = { ...threeRegions, "us-east-2": 3 };

    for (const [what, specs, code] of [
      ["without its key", undefined, 9],
      ["with the key of a region that exists", [awsKey("us-east-2"), awsKey("us-east-1")], 3],
      ["with a malformed key", [{ region: "us-east-2", key_spec: { type: "AWS_KMS" } }], 3],
    ] as const) {
      it(`is refused ${what}`, async () => {
        const { api, id, cmek } = await withKeys();
        const dedicated = { region_nodes: more, cmek_region_specs: specs };
        assertRefused(await api.patch(`/clusters/${id}`, { dedicated }), 400, code);
        assert.equal(bodyOf(await api.get(`/clusters/${id}`)).state, "CREATED");
        assert.equal(bodyOf(await api.get(cmek)).region_infos.length, 3);
      });
    }

    it("comes with the region", async () => {
      const { emulator, api, id, cmek } = await withKeys();
      const dedicated = { region_nodes: more, cmek_region_specs: [awsKey("us-east-2")] };
      emulator.faults.denyKms();
      assertRefused(await api.patch(`/clusters/${id}`, { dedicated }), 400, 3, /permissions/);
      assert.equal(bodyOf(await api.patch(`/clusters/${id}`, { dedicated })).state, "LOCKED");
      assert.equal(bodyOf(await api.get(cmek)).region_infos.length, 3);
      await emulator.clock.advance(30 * minute);
      const info = bodyOf(await api.get(cmek));
      assert.equal(info.status, "ENABLED");
      assert.equal(info.region_infos[2].region, "us-east-2");
      assert.equal(info.region_infos[2].status, "ENABLED");
    });

    it("goes with the region", async () => {
      const { emulator, api, id, cmek } = await withKeys();
      const dedicated = { region_nodes: more, cmek_region_specs: [awsKey("us-east-2")] };
      bodyOf(await api.patch(`/clusters/${id}`, { dedicated }));
      await emulator.clock.advance(hour);
      bodyOf(await api.patch(`/clusters/${id}`, { dedicated: { region_nodes: threeRegions } }));
      await emulator.clock.advance(hour);
      assert.equal(bodyOf(await api.get(cmek)).region_infos.length, 3);
    });

    it("is refused after revocation", async () => {
      const { emulator, api, id } = await withKeys();
      emulator.cmek.revoke(id);
      const dedicated = { region_nodes: more, cmek_region_specs: [awsKey("us-east-2")] };
      assertRefused(await api.patch(`/clusters/${id}`, { dedicated }), 400, 9, /revoked/);
    });
  });

  it("takes one job at a time, and none while the cluster is busy", async () => {
    const { emulator, api, id, cmek } = await withKeys();
    bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1", "second")] }));
    assertRefused(await api.put(cmek, { region_specs: everyKey }), 503, 14, /lock/);
    assertRefused(await api.patch(cmek, { action: "REVOKE" }), 503, 14, /lock/);
    assertRefused(await api.patch(`/clusters/${id}`, { labels: { a: "b" } }), 503, 14, /lock/);
    const unlocked = await withKeys({ assumptions: { lockDuringCmek: false } });
    bodyOf(await unlocked.api.put(unlocked.cmek, { region_specs: everyKey }));
    assert.equal(bodyOf(await unlocked.api.get(`/clusters/${unlocked.id}`)).state, "CREATED");
    const created = bodyOf(
      await api.post("/clusters", advanced("others", { network_visibility: "PRIVATE" })),
    );
    assertRefused(
      await api.post(`/clusters/${created.id}/cmek`, { region_specs: [keys.AWS] }),
      503,
      14,
    );
    assert.ok(emulator.clusters.get(id));
  });

  it("fails to be enabled where scripted, and can be tried again", async () => {
    const { emulator, api, id, cmek } = await withCluster();
    emulator.faults.failNextCmek({ region: "us-east-1", message: "key is disabled" });
    bodyOf(await api.post(cmek, { region_specs: everyKey }));
    await emulator.clock.advance(10 * minute);
    const failed = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(failed), ["ENABLE_FAILED", "ENABLED", "ENABLE_FAILED", "ENABLED"]);
    const [key] = failed.region_infos[1].key_infos;
    assert.deepEqual([key.status, key.user_message], ["ENABLE_FAILED", "key is disabled"]);
    const cluster = bodyOf(await api.get(`/clusters/${id}`));
    assert.deepEqual(
      [cluster.operation_status, cluster.state],
      ["CRDB_CMEK_OPERATION_FAILED", "CREATED"],
    );
    const again = bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1")] }));
    assert.deepEqual(statusesOf(again), ["ENABLING", "ENABLED", "ENABLING", "ENABLED"]);
    await emulator.clock.advance(10 * minute);
    assert.deepEqual(statusesOf(bodyOf(await api.get(cmek))), everywhere("ENABLED"));
  });

  it("fails to rotate where scripted, with the old key still in use", async () => {
    const { emulator, api, cmek } = await withKeys();
    emulator.faults.failNextCmek({ message: "key is disabled" });
    bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1", "second")] }));
    await emulator.clock.advance(10 * minute);
    const failed = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(failed), ["ROTATE_FAILED", "ENABLED", "ROTATE_FAILED", "ENABLED"]);
    const [second, first] = failed.region_infos[1].key_infos;
    assert.deepEqual([second.status, first.status], ["ENABLE_FAILED", "ENABLED"]);
    assert.equal(second.user_message, "key is disabled");
    bodyOf(await api.put(cmek, { region_specs: [awsKey("us-east-1", "second")] }));
    await emulator.clock.advance(10 * minute);
    const done = bodyOf(await api.get(cmek));
    assert.deepEqual(statusesOf(done), everywhere("ENABLED"));
    assert.equal(done.region_infos[1].key_infos[0].user_message, "");
  });

  it("fails to be revoked where scripted", async () => {
    const { emulator, api, cmek } = await withKeys();
    emulator.faults.failNextCmek({ message: "try later" });
    bodyOf(await api.patch(cmek, { action: "REVOKE" }));
    await emulator.clock.advance(10 * minute);
    assert.equal(bodyOf(await api.get(cmek)).status, "REVOKE_FAILED");
    bodyOf(await api.patch(cmek, { action: "REVOKE" }));
    await emulator.clock.advance(10 * minute);
    assert.deepEqual(statusesOf(bodyOf(await api.get(cmek))), everywhere("REVOKED"));
  });

  it("changes outside the API", async () => {
    const { emulator, api, id, cmek } = await withCluster();
    const specs = everyKey as Parameters<typeof emulator.cmek.enable>[1];
    assert.deepEqual(statusesOf(emulator.cmek.enable(id, specs)), everywhere("ENABLED"));
    emulator.cmek.rotate(id, "us-east-1", {
      type: "AWS_KMS",
      uri: "arn:aws:kms:us-east-1:111122223333:key/other",
      auth_principal: "arn:aws:iam::111122223333:role/other",
    });
    const [, east] = bodyOf(await api.get(cmek)).region_infos;
    assert.match(east.key_infos[0].spec.uri, /other$/);
    emulator.cmek.setStatus(id, "us-east-1", "ROTATE_FAILED", "no");
    assert.equal(bodyOf(await api.get(cmek)).status, "ROTATE_FAILED");
    assert.deepEqual(emulator.cmek.get(id), bodyOf(await api.get(cmek)));
    assert.throws(() => emulator.cmek.rotate(id, "nowhere", east.key_infos[0].spec), /nowhere/);
  });
});

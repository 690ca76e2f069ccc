import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../../emulator/index";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators, startTestEmulator } from "../../support/emulator";
import type { ApiResponse, Caller } from "../caller";
import {
  advanced,
  assertRefused,
  basic,
  bodyOf,
  callerOf,
  day,
  hour,
  minute,
  standard,
  startQuick,
} from "../caller";

interface Subject {
  emulator: TestEmulator;
  api: Caller;
  id: string;
  patch(body: object): Promise<ApiResponse>;
  get(): Promise<ApiResponse["body"]>;
}

async function subjectOf(body: object, options: EmulatorOptions = {}): Promise<Subject> {
  const { emulator, api } = await startQuick(options);
  const { id } = emulator.clusters.create(body);
  return {
    emulator,
    api,
    id,
    patch: (change) => api.patch(`/clusters/${id}`, change),
    get: async () => bodyOf(await api.get(`/clusters/${id}`)),
  };
}

const vcpus = (count: number) => ({
  serverless: { usage_limits: { provisioned_virtual_cpus: String(count) } },
});
const toStandard = { plan: "STANDARD", ...vcpus(2) };
const toBasic = { plan: "BASIC", serverless: { usage_limits: {} } };
const threeRegions = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
const nodes = (regionNodes: object) => ({ dedicated: { region_nodes: regionNodes } });
const hardware = (spec: object) => ({ dedicated: { hardware: spec } });

describe("UpdateCluster", () => {
  checkEmulators();

  describe("in general", () => {
    it("refuses the spec wrapper, or ignores it when lenient", async () => {
      const strict = await subjectOf(basic("orders"));
      assertRefused(await strict.patch({ spec: {} }), 400, 3, /^could not find field "spec"/);
      assertRefused(await strict.patch({ serverless: { colour: 1 } }), 400, 3, /"colour"/);
      const lenient = await subjectOf(basic("orders"), { assumptions: { strictPatch: false } });
      const before = await lenient.get();
      assert.deepEqual(bodyOf(await lenient.patch({ spec: { labels: { a: "b" } } })), before);
    });

    it("changes nothing for an empty body", async () => {
      const { emulator, patch, get } = await subjectOf(basic("orders"));
      const before = await get();
      await emulator.clock.advance(minute);
      assert.deepEqual(bodyOf(await patch({})), before);
      assert.deepEqual(bodyOf(await patch({ labels: {} })), before);
    });

    it("moves updated_at and nothing that identifies the cluster", async () => {
      const { emulator, patch, get } = await subjectOf(basic("orders"));
      const before = await get();
      await emulator.clock.advance(minute);
      const after = bodyOf(await patch({ labels: { team: "payments" } }));
      assert.equal(Date.parse(after.updated_at) - Date.parse(before.updated_at), minute);
      for (const key of ["created_at", "id", "creator_id", "sql_dns", "name"]) {
        assert.equal(after[key], before[key], key);
      }
    });

    it("refuses the other plan's settings", async () => {
      const small = await subjectOf(basic("orders"));
      assertRefused(await small.patch(nodes({ "us-east1": 3 })), 400, 3);
      const large = await subjectOf(advanced("orders"));
      assertRefused(await large.patch(vcpus(2)), 400, 3);
    });

    it("returns 503 and names the lock while the cluster is CREATING or LOCKED", async () => {
      const { emulator, api } = await startQuick();
      const { id } = bodyOf(await api.post("/clusters", advanced("orders")));
      const relabel = () => api.patch(`/clusters/${id}`, { labels: { a: "b" } });
      assertRefused(await relabel(), 503, 14, /lock/);
      await emulator.clock.advance(25 * minute);
      bodyOf(await api.patch(`/clusters/${id}`, nodes({ "us-east-1": 4 })));
      assertRefused(await relabel(), 503, 14, /lock/);
      await emulator.clock.advance(10 * minute);
      bodyOf(await relabel());
    });

    it("returns the configured refusal for a busy cluster", async () => {
      const { emulator, id, patch } = await subjectOf(basic("orders"), {
        assumptions: { busy: { status: 400, code: 9 } },
      });
      emulator.clusters.lock(id);
      assertRefused(await patch({ labels: { a: "b" } }), 400, 9, /lock/);
    });

    it("replaces labels as a whole, clears them with {}, keeps them when absent", async () => {
      const { patch } = await subjectOf(basic("orders", {}, { labels: { a: "1", b: "2" } }));
      assert.deepEqual(bodyOf(await patch({ labels: { c: "3" } })).labels, { c: "3" });
      assert.deepEqual(bodyOf(await patch({ delete_protection: "ENABLED" })).labels, { c: "3" });
      assert.deepEqual(bodyOf(await patch({ labels: {} })).labels, {});
      assertRefused(await patch({ labels: { "1": "" } }), 400, 3);
    });

    it("moves the cluster between folders", async () => {
      const { emulator, patch, id } = await subjectOf(basic("orders"));
      const folder = emulator.folders.add("payments");
      assert.equal(bodyOf(await patch({ parent_id: folder })).parent_id, folder);
      assert.deepEqual(
        emulator.organization.clustersIn(folder).map((cluster) => cluster.id),
        [id],
      );
      assertRefused(
        await patch({ parent_id: "nowhere" }),
        400,
        3,
        "invalid argument: the parent must exist",
      );
      assert.equal(bodyOf(await patch({ parent_id: "" })).parent_id, "root");
    });

    it("switches delete protection at once", async () => {
      const { patch, get } = await subjectOf(basic("orders"));
      bodyOf(await patch({ delete_protection: "ENABLED" }));
      assert.equal((await get()).delete_protection, "ENABLED");
    });

    it("changes nothing when a part of the body is refused", async () => {
      const { patch, get } = await subjectOf(basic("orders"));
      const before = await get();
      assertRefused(await patch({ labels: { a: "b" }, ...vcpus(4) }), 400, 3);
      assert.deepEqual(await get(), before);
    });

    it("can become visible later than its response", async () => {
      const { emulator, patch, get } = await subjectOf(basic("orders"), {
        durations: { visibilityMs: 5000 },
      });
      assert.deepEqual(bodyOf(await patch({ labels: { a: "1" } })).labels, { a: "1" });
      assert.deepEqual((await get()).labels, {});
      await emulator.clock.advance(5000);
      assert.deepEqual((await get()).labels, { a: "1" });
    });
  });

  describe("of Basic and Standard clusters", () => {
    it("sets and lifts the limits of Basic", async () => {
      const { patch, get } = await subjectOf(basic("orders", {}, { labels: { a: "1" } }));
      const limits = { request_unit_limit: "50000000", storage_mib_limit: "5242880" };
      const limited = bodyOf(await patch({ serverless: { usage_limits: limits } }));
      assert.deepEqual(limited.config.serverless.usage_limits, limits);
      assert.deepEqual(limited.labels, { a: "1" });
      assertRefused(
        await patch({ serverless: { usage_limits: { request_unit_limit: 0 } } }),
        400,
        3,
      );
      bodyOf(await patch({ serverless: { usage_limits: {} } }));
      assert.equal((await get()).config.serverless.usage_limits, null);
    });

    it("replaces the limits as a group, or merges them if so configured", async () => {
      for (const [usageLimitsPatch, expected] of [
        ["replace", { request_unit_limit: "7" }],
        ["merge", { request_unit_limit: "7", storage_mib_limit: "5" }],
      ] as const) {
        const { patch } = await subjectOf(
          basic("orders", { usage_limits: { request_unit_limit: "5", storage_mib_limit: "5" } }),
          { assumptions: { usageLimitsPatch } },
        );
        const change = { serverless: { usage_limits: { request_unit_limit: "7" } } };
        assert.deepEqual(bodyOf(await patch(change)).config.serverless.usage_limits, expected);
        const cleared = bodyOf(await patch({ serverless: { usage_limits: {} } }));
        assert.equal(cleared.config.serverless.usage_limits, null);
      }
    });

    it("raises the vCPUs of Standard without a limit on how often", async () => {
      const { patch } = await subjectOf(standard("orders"));
      for (const count of [4, 6, 8, 10, 12, 200]) {
        const { config } = bodyOf(await patch(vcpus(count)));
        assert.equal(config.serverless.usage_limits.provisioned_virtual_cpus, String(count));
      }
    });

    it("lowers the vCPUs three times in seven days", async () => {
      const { emulator, patch } = await subjectOf(standard("orders", 20));
      for (const count of [18, 16, 14]) {
        bodyOf(await patch(vcpus(count)));
        await emulator.clock.advance(day);
      }
      assertRefused(await patch(vcpus(12)), 400, 9, /three times/);
      bodyOf(await patch(vcpus(14)));
      bodyOf(await patch(vcpus(30)));
      await emulator.clock.advance(4 * day - 1);
      assertRefused(await patch(vcpus(12)), 400, 9);
      await emulator.clock.advance(1);
      bodyOf(await patch(vcpus(12)));
      assertRefused(await patch(vcpus(10)), 400, 9);
    });

    it("changes BASIC to STANDARD with vCPUs", async () => {
      const { patch } = await subjectOf(
        basic("orders", { usage_limits: { request_unit_limit: "5" } }),
      );
      assertRefused(
        await patch({ plan: "STANDARD" }),
        400,
        3,
        /provisioned_virtual_cpus is required/,
      );
      const changed = bodyOf(await patch(toStandard));
      assert.equal(changed.plan, "STANDARD");
      assert.deepEqual(changed.config.serverless.usage_limits, { provisioned_virtual_cpus: "2" });
    });

    it("changes STANDARD to BASIC with limits or none, but without vCPUs", async () => {
      const { patch } = await subjectOf(standard("orders"));
      assertRefused(await patch({ plan: "BASIC", ...vcpus(2) }), 400, 3);
      assertRefused(await patch({ plan: "BASIC" }), 400, 3, /usage_limits is required/);
      const changed = bodyOf(await patch(toBasic));
      assert.equal(changed.plan, "BASIC");
      assert.equal(changed.config.serverless.usage_limits, null);
    });

    it("shows the new plan at the first GET, by default", async () => {
      const emulator = await startTestEmulator({ durations: { createBasicMs: 0 } });
      const api = callerOf(emulator);
      const { id } = bodyOf(await api.post("/clusters", basic("orders")));
      const response = bodyOf(await api.patch(`/clusters/${id}`, toStandard));
      assert.deepEqual([response.plan, response.state], ["STANDARD", "CREATED"]);
      assert.equal(bodyOf(await api.get(`/clusters/${id}`)).plan, "STANDARD");
    });

    it("keeps the old plan until the change is done, and the cluster CREATED", async () => {
      const { emulator, patch, get } = await subjectOf(basic("orders"), {
        durations: { changePlanMs: 2 * minute },
      });
      const started = bodyOf(await patch(toStandard));
      assert.deepEqual([started.plan, started.state], ["BASIC", "CREATED"]);
      assertRefused(await patch({ labels: { a: "b" } }), 503, 14);
      await emulator.clock.advance(2 * minute);
      assert.equal((await get()).plan, "STANDARD");
    });

    it("refuses BASIC while upgrades are MANUAL", async () => {
      const { patch } = await subjectOf(standard("orders", 2, { upgrade_type: "MANUAL" }));
      assertRefused(await patch(toBasic), 400, 9, /upgrade_type/);
      bodyOf(await patch({ serverless: { upgrade_type: "AUTOMATIC" } }));
      bodyOf(await patch(toBasic));
    });

    it("refuses STANDARD within 48 hours of the change to BASIC", async () => {
      const { emulator, patch } = await subjectOf(standard("orders"));
      bodyOf(await patch(toBasic));
      await emulator.clock.advance(48 * hour - 1);
      assertRefused(await patch(toStandard), 400, 9, /48 hours/);
      await emulator.clock.advance(1);
      bodyOf(await patch(toStandard));
    });

    it("never changes to or from ADVANCED", async () => {
      const small = await subjectOf(basic("orders"));
      assertRefused(await small.patch({ plan: "ADVANCED" }), 400, 9);
      assertRefused(await small.patch({ plan: "ADVANCED", ...nodes({ "us-east1": 3 }) }), 400, 9);
      const large = await subjectOf(advanced("orders"));
      assertRefused(await large.patch(toStandard), 400, 9);
      assertRefused(await large.patch(toBasic), 400, 9);
    });

    it("adds regions and removes none", async () => {
      const { patch } = await subjectOf(basic("orders"));
      const two = ["us-west2", "us-east1"];
      assertRefused(
        await patch({ serverless: { regions: two } }),
        400,
        3,
        /primary_region is required/,
      );
      const { regions } = bodyOf(
        await patch({ serverless: { regions: two, primary_region: "us-east1" } }),
      );
      assert.deepEqual(
        regions.map((region: { name: string; primary: boolean }) => [region.name, region.primary]),
        [
          ["us-east1", true],
          ["us-west2", false],
        ],
      );
      assertRefused(
        await patch({ serverless: { regions: ["us-east1"] } }),
        400,
        9,
        /cannot be removed/,
      );
      const moved = bodyOf(await patch({ serverless: { primary_region: "us-west2" } }));
      assert.deepEqual(
        moved.regions.map((region: { primary: boolean }) => region.primary),
        [false, true],
      );
    });

    it("takes time to add a region if so configured", async () => {
      const { emulator, patch, get } = await subjectOf(basic("orders"), {
        durations: { addServerlessRegionMs: minute },
      });
      const serverless = { regions: ["us-east1", "us-west2"], primary_region: "us-east1" };
      const started = bodyOf(await patch({ serverless }));
      assert.deepEqual([started.state, started.regions.length], ["LOCKED", 1]);
      await emulator.clock.advance(minute);
      assert.equal((await get()).regions.length, 2);
    });

    it("switches to MANUAL upgrades on Standard only", async () => {
      const manual = { serverless: { upgrade_type: "MANUAL" } };
      const large = await subjectOf(standard("orders"));
      assert.equal(bodyOf(await large.patch(manual)).config.serverless.upgrade_type, "MANUAL");
      const small = await subjectOf(basic("orders"));
      assertRefused(await small.patch(manual), 400, 9);
    });
  });

  describe("of Advanced clusters", () => {
    for (const [what, change, operation, ms] of [
      ["nodes", nodes({ "us-east-1": 5 }), "CRDB_SCALE_RUNNING", 10 * minute],
      ["storage", hardware({ storage_gib: 300 }), "CRDB_SCALE_RUNNING", 10 * minute],
      ["disk speed", hardware({ disk_iops: 9000 }), "CRDB_SCALE_RUNNING", 10 * minute],
      ["two more regions", nodes(threeRegions), "CRDB_SCALE_RUNNING", 60 * minute],
      [
        "the machine",
        hardware({ machine_spec: { num_virtual_cpus: 8 } }),
        "CRDB_INSTANCE_UPDATE_RUNNING",
        15 * minute,
      ],
      [
        "machine and nodes",
        {
          dedicated: {
            region_nodes: { "us-east-1": 4 },
            hardware: { machine_spec: { num_virtual_cpus: 8 } },
          },
        },
        "CRDB_EDIT_CLUSTER_RUNNING",
        25 * minute,
      ],
    ] as const) {
      it(`locks the cluster while it changes ${what}`, async () => {
        const { emulator, patch, get } = await subjectOf(advanced("orders"));
        const before = await get();
        const started = bodyOf(await patch(change));
        assert.deepEqual([started.state, started.operation_status], ["LOCKED", operation]);
        assert.deepEqual([started.config, started.regions], [before.config, before.regions]);
        await emulator.clock.advance(ms - 1);
        assert.equal((await get()).state, "LOCKED");
        await emulator.clock.advance(1);
        const done = await get();
        assert.deepEqual([done.state, done.operation_status], ["CREATED", "UNSPECIFIED"]);
        assert.notDeepEqual([done.config, done.regions], [before.config, before.regions]);
      });
    }

    it("starts no job for values that are already set", async () => {
      const { patch, get } = await subjectOf(advanced("orders"));
      const before = await get();
      const same = {
        dedicated: {
          region_nodes: { "us-east-1": 3 },
          hardware: { machine_spec: { num_virtual_cpus: 4 } },
        },
      };
      assert.deepEqual(bodyOf(await patch(same)), before);
    });

    it("keeps the chosen disk speed while something else changes", async () => {
      const { emulator, patch, get } = await subjectOf(
        advanced("orders", {
          hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 100, disk_iops: 9000 },
        }),
      );
      bodyOf(await patch(nodes({ "us-east-1": 4 })));
      await emulator.clock.advance(hour);
      assert.equal((await get()).config.dedicated.disk_iops, 9000);
    });

    it("keeps the machine family that the service has moved the cluster to", async () => {
      const { emulator, id, patch } = await subjectOf(advanced("orders"));
      emulator.clusters.edit(id, { machineType: "m7g.xlarge" });
      const { state, config } = bodyOf(
        await patch(hardware({ machine_spec: { num_virtual_cpus: 4 } })),
      );
      assert.deepEqual([state, config.dedicated.machine_type], ["CREATED", "m7g.xlarge"]);
    });

    it("takes region_nodes as the complete map", async () => {
      const { emulator, patch, get } = await subjectOf(
        advanced("orders", { region_nodes: { ...threeRegions, "eu-west-1": 3 } }),
      );
      bodyOf(await patch(nodes(threeRegions)));
      await emulator.clock.advance(hour);
      assert.deepEqual(
        (await get()).regions.map((region: { name: string }) => region.name),
        Object.keys(threeRegions),
      );
      assertRefused(await patch(nodes({ "us-east-1": 3, "us-east-2": 3 })), 400, 9);
      bodyOf(await patch(nodes({ "us-east-1": 3 })));
    });

    it("refuses to scale from several nodes to one", async () => {
      const { patch } = await subjectOf(advanced("orders"));
      assertRefused(await patch(nodes({ "us-east-1": 1 })), 400, 9, /single-node/);
      assertRefused(await patch(nodes({ "us-east-1": 2 })), 400, 3);
      assertRefused(await patch(nodes({})), 400, 3);
    });

    it("refuses smaller storage, and a second growth in 6 hours on AWS", async () => {
      const { emulator, patch } = await subjectOf(advanced("orders"));
      bodyOf(await patch(hardware({ storage_gib: 100 })));
      await emulator.clock.advance(hour);
      assertRefused(await patch(hardware({ storage_gib: 50 })), 400, 9, /decreased/);
      assertRefused(await patch(hardware({ storage_gib: 200 })), 400, 9, /six hours/);
      await emulator.clock.advance(5 * hour);
      bodyOf(await patch(hardware({ storage_gib: 200 })));
      const onGcp = await subjectOf(advanced("orders", {}, "GCP"));
      bodyOf(await onGcp.patch(hardware({ storage_gib: 100 })));
      await onGcp.emulator.clock.advance(hour);
      bodyOf(await onGcp.patch(hardware({ storage_gib: 200 })));
    });

    describe("with machines by region", () => {
      const specs = (types: Record<string, string>) =>
        Object.fromEntries(
          Object.entries(types).map(([region, type]) => [region, { machine_type: type }]),
        );
      const machines = (types: Record<string, string>) => ({
        dedicated: { region_machine_specs: specs(types) },
      });
      const mixedBody = () =>
        advanced("orders", {
          region_nodes: threeRegions,
          region_machine_specs: specs({
            "us-east-1": "m7g.xlarge",
            "us-east-2": "m6i.2xlarge",
            "us-west-2": "m6i.xlarge",
          }),
          hardware: { storage_gib: 100, disk_iops: 9000 },
        });
      const typesOf = ({ regions }: ApiResponse["body"]) =>
        Object.fromEntries(
          regions.map((region: { name: string; machine_type: string }) => [
            region.name,
            region.machine_type,
          ]),
        );

      it("changes the regions that are named and no other", async () => {
        const { emulator, patch, get } = await subjectOf(mixedBody());
        const before = await get();
        const started = bodyOf(await patch(machines({ "us-west-2": "m6i.4xlarge" })));
        assert.equal(started.operation_status, "CRDB_INSTANCE_UPDATE_RUNNING");
        assert.deepEqual(started.regions, before.regions);
        await emulator.clock.advance(15 * minute);
        const done = await get();
        assert.equal(done.state, "CREATED");
        assert.deepEqual(typesOf(done), {
          "us-east-1": "m7g.xlarge",
          "us-east-2": "m6i.2xlarge",
          "us-west-2": "m6i.4xlarge",
        });
        assert.equal(done.regions[2].num_virtual_cpus, 16);
        assert.deepEqual(bodyOf(await patch(machines({ "us-west-2": "m6i.4xlarge" }))), done);
      });

      it("keeps them while nodes or disks change", async () => {
        const { emulator, patch, get } = await subjectOf(mixedBody());
        const before = typesOf(await get());
        bodyOf(await patch(nodes({ ...threeRegions, "us-east-1": 4 })));
        await emulator.clock.advance(hour);
        bodyOf(await patch(hardware({ storage_gib: 200 })));
        await emulator.clock.advance(hour);
        const done = await get();
        assert.deepEqual(typesOf(done), before);
        assert.equal(done.config.dedicated.storage_gib, 200);
      });

      it("gives all regions one machine by hardware.machine_spec", async () => {
        const { emulator, patch, get } = await subjectOf(mixedBody());
        bodyOf(await patch(hardware({ machine_spec: { machine_type: "m6i.2xlarge" } })));
        await emulator.clock.advance(hour);
        const done = await get();
        assert.deepEqual(new Set(Object.values(typesOf(done))), new Set(["m6i.2xlarge"]));
        assert.equal(done.config.dedicated.machine_type, "m6i.2xlarge");
      });

      it("gives a new region its own machine, or that of the first region", async () => {
        const { emulator, patch, get } = await subjectOf(mixedBody());
        const more = { ...threeRegions, "eu-west-1": 3, "eu-central-1": 3 };
        const change = {
          dedicated: {
            region_nodes: more,
            region_machine_specs: specs({ "eu-west-1": "m6i.8xlarge" }),
          },
        };
        assert.equal(bodyOf(await patch(change)).operation_status, "CRDB_SCALE_RUNNING");
        await emulator.clock.advance(2 * hour);
        const types = typesOf(await get());
        assert.equal(types["eu-west-1"], "m6i.8xlarge");
        assert.equal(types["eu-central-1"], "m7g.xlarge");
      });

      it("refuses what does not fit the cluster, and changes nothing", async () => {
        const { patch, get } = await subjectOf(mixedBody());
        const before = await get();
        const both = {
          dedicated: {
            hardware: { machine_spec: { num_virtual_cpus: 4 } },
            region_machine_specs: specs({ "us-west-2": "m6i.4xlarge" }),
          },
        };
        const removed = {
          dedicated: {
            region_nodes: { "us-east-1": 3 },
            region_machine_specs: specs({ "us-west-2": "m6i.4xlarge" }),
          },
        };
        for (const [change, message] of [
          [both, /hardware\.machine_spec and region_machine_specs are mutually exclusive/],
          [machines({ "eu-west-1": "m6i.xlarge" }), /'eu-west-1' is not a region of the cluster/],
          [removed, /'us-west-2' is not a region of the cluster/],
          [machines({ "us-west-2": "m9x.xlarge" }), /invalid machine type 'm9x\.xlarge' for AWS/],
        ] as const) {
          assertRefused(await patch(change), 400, 3, message);
        }
        const serverless = await subjectOf(basic("orders"));
        assertRefused(await serverless.patch(machines({ "us-east1": "n2-standard-4" })), 400, 3);
        assert.deepEqual(await get(), before);
      });
    });

    it("keeps the old hardware when a job fails", async () => {
      for (const [change, operation] of [
        [nodes({ "us-east-1": 5 }), "CRDB_SCALE_FAILED"],
        [hardware({ machine_spec: { num_virtual_cpus: 8 } }), "CRDB_INSTANCE_UPDATE_FAILED"],
      ] as const) {
        const { emulator, patch, get } = await subjectOf(advanced("orders"));
        const { config, regions } = await get();
        emulator.faults.failNextJob();
        bodyOf(await patch(change));
        await emulator.clock.advance(hour);
        const failed = await get();
        assert.deepEqual([failed.state, failed.operation_status], ["CREATED", operation]);
        assert.deepEqual([failed.config, failed.regions], [config, regions]);
        bodyOf(await patch(change));
        await emulator.clock.advance(hour);
        assert.equal((await get()).operation_status, "UNSPECIFIED");
      }
    });

    it("takes encryption keys for new regions only, and for encrypted clusters only", async () => {
      const { patch } = await subjectOf(advanced("orders"));
      const keyFor = (region: string) => ({
        dedicated: { region_nodes: threeRegions, cmek_region_specs: [{ region }] },
      });
      assertRefused(await patch(keyFor("us-east-1")), 400, 3);
      assertRefused(await patch(keyFor("us-west-2")), 400, 9);
    });
  });
});

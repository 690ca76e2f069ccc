import { strict as assert } from "node:assert";
import type { EmulatorOptions } from "../../emulator";
import { lifecycle as logExport } from "../../provider/log-export-config";
import { lifecycle as cloudwatch } from "../../provider/metric-export-cloudwatch-config";
import { lifecycle as datadog } from "../../provider/metric-export-datadog-config";
import { lifecycle as prometheus } from "../../provider/metric-export-prometheus-config";
import { failuresOf, startPartLab } from "../support/cluster-parts";
import { checkEmulators } from "../support/emulator";
import { Declaration } from "../support/engine-model/program";
import { bodies, count, writes } from "../support/engine-model/requests";
import type { Run } from "../support/engine-model/run";
import { assertDone, failureOf } from "../support/engine-model/run";
import { kinds } from "../support/kinds";

const minute = 60_000;
const clusterId = "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11";
const toCloudWatch = {
  type: "AWS_CLOUDWATCH",
  logName: "orders",
  authPrincipal: "arn:aws:iam::123456789012:role/Export",
};
const key = "0123456789abcdef";

describe("Exports of logs and metrics", () => {
  checkEmulators();

  async function startLogs(options: EmulatorOptions = {}) {
    const lab = await startPartLab(logExport, "ADVANCED", options);
    const args = { clusterId: lab.id, ...toCloudWatch };
    return {
      ...lab,
      args,
      up: (change: object = {}) => lab.shop.up({ logs: { ...args, ...change } }),
    };
  }

  async function startDatadog(options: EmulatorOptions = {}) {
    const lab = await startPartLab(datadog, "ADVANCED", options);
    const up = (apiKey = key) =>
      lab.shop.up({ metrics: { clusterId: lab.id, site: "US1", apiKey } });
    return { ...lab, up };
  }

  const shown = ({ progress }: Run) => progress.map(({ text }) => text).join("\n");
  const noted = ({ notes }: Run) => notes.map(({ text }) => text).join("\n");

  describe("that are created", () => {
    it("are waited for until the service has rolled them out, with its status on the line", async () => {
      const { shop, up } = await startLogs();
      const run = assertDone(await up());
      assert.match(shown(run), /ENABLING/);
      assert.ok(run.elapsedMs >= 5 * minute);
      const { status, userMessage } = shop.outputs("logs");
      assert.deepEqual([status, userMessage], ["ENABLED", "Log export is active."]);
      assert.deepEqual(writes(run.requests), ["EnableLogExport"]);
    });

    it("stay in state when the service fails to roll them out, and are sent again by the next update", async () => {
      const { emulator, shop, up } = await startLogs();
      emulator.faults.failNextExport({ message: "no such log group" });
      assert.match(
        failureOf(await up()),
        /ENABLE_FAILED: no such log group\. .*run the update again/,
      );
      assert.equal(shop.resource("logs").initErrors.length, 1);
      const run = assertDone(await up());
      assert.deepEqual(writes(run.requests), ["EnableLogExport"]);
      assert.equal(shop.outputs("logs")["status"], "ENABLED");
    });

    it("are sent again where a refresh finds that they have failed", async () => {
      const { emulator, shop, id, up } = await startDatadog();
      assertDone(await up());
      emulator.metricExports.setStatus(id, "datadog", "ERROR", "invalid API key");
      assertDone(await shop.refresh());
      assert.equal(shop.outputs("metrics")["userMessage"], "invalid API key");
      const run = assertDone(await up());
      assert.deepEqual(run.steps, ["update metrics"]);
      assert.equal(shop.outputs("metrics")["status"], "ENABLED");
    });

    it("are not believed to be as written by a read that is older than the write", async () => {
      const { emulator, id, shop, up } = await startLogs({ durations: { logExportMs: 0 } });
      assertDone(await up());
      const url = `${emulator.url}/api/v1/clusters/${id}/logexport`;
      const headers = { authorization: `Bearer ${emulator.apiKey}` };
      const body = await (await fetch(url, { headers })).text();
      emulator.faults.add("GetLogExportInfo", { status: 200, body });
      const run = assertDone(await up({ redact: true, region: "us-east-1" }));
      assert.match(shown(run), /waiting for .*redact.* to be in force/);
      assert.equal(shop.outputs("logs")["redact"], true);
    });

    it("wait for credentials that reach the destination late, for five minutes", async () => {
      const { emulator, up } = await startLogs();
      emulator.faults.failNextExport({ status: "CREDENTIALS_ERROR", message: "not yet" });
      // The first roll-out alone takes five minutes, so that its failure counts.
      assert.match(
        failureOf(await up()),
        /CREDENTIALS_ERROR: not yet\. The authPrincipal must let/,
      );
      const quick = await startLogs({ durations: { logExportMs: minute } });
      quick.emulator.faults.failNextExport({ status: "CREDENTIALS_ERROR", times: 2 });
      const run = assertDone(await quick.up());
      assert.equal(count(run.requests, "EnableLogExport"), 3);
    });

    it("wait for grants that have not reached the cloud, for ten minutes", async () => {
      for (const status of [400, 401, 403] as const) {
        const { emulator, up } = await startLogs();
        emulator.faults.denyExports(3, status);
        const run = await up();
        if (status === 401) {
          // Of a key that was revoked nobody can wait for the return.
          assert.match(failureOf(run), /401/);
          continue;
        }
        assert.match(shown(assertDone(run)), /waiting for the grants/);
        assert.equal(count(run.requests, "EnableLogExport"), 4);
      }
      const { emulator, up, shop } = await startLogs();
      emulator.faults.denyExports(1000);
      assert.match(failureOf(await up()), /insufficient permissions .* for 10 min/);
      assert.equal(shop.resources.size, 0);
    });

    it("are sent once when the response is lost", async () => {
      const { emulator, up } = await startLogs();
      emulator.faults.add("EnableLogExport", { reset: "after-effect" });
      assert.equal(count(assertDone(await up()).requests, "EnableLogExport"), 1);
      const second = await startLogs();
      second.emulator.faults.add("EnableLogExport", { status: 500 });
      assert.equal(count(assertDone(await second.up()).requests, "EnableLogExport"), 2);
    });

    it("wait for a cluster that is busy, also where the API says so with 400", async () => {
      const busy = { status: 400, code: 9 };
      const { emulator, id, up } = await startLogs({ assumptions: { busy } });
      emulator.clusters.lock(id, 10 * minute);
      const run = assertDone(await up());
      assert.match(shown(run), /waiting for the cluster/);
      assert.ok(run.elapsedMs >= 15 * minute);
    });

    it("refuse to replace another export that is there, and adopt an equal one without a request", async () => {
      const { emulator, id, up } = await startLogs();
      const wire = { type: "AWS_CLOUDWATCH", log_name: "somebody", auth_principal: "x" } as const;
      emulator.logExports.set(id, wire);
      const refused = await up();
      assert.match(
        failureOf(refused),
        /it exists already, with another logName, authPrincipal\. .*\{import: "/,
      );
      assert.deepEqual(writes(refused.requests), []);
      const { logName, authPrincipal } = toCloudWatch;
      emulator.logExports.set(id, { ...wire, log_name: logName, auth_principal: authPrincipal });
      assert.deepEqual(writes(assertDone(await up()).requests), []);
    });

    it("are refused on a Basic cluster, and where the endpoint takes an operator", async () => {
      const { shop, newCluster } = await startLogs();
      const basic = newCluster("smaller", "BASIC");
      const args = { ...toCloudWatch, type: "GCP_CLOUD_LOGGING", clusterId: basic };
      assert.match(failureOf(await shop.up({ logs: args })), /not available on the Basic plan/);
      assert.equal(shop.resources.size, 0);
    });
  });

  it("are deleted once that has been rolled out, and fail where the service cannot", async () => {
    const { emulator, shop, id, up } = await startLogs();
    assertDone(await up());
    emulator.faults.failNextExport({ message: "still writing" });
    assert.match(
      failureOf(await shop.destroy()),
      /failed to delete .* DISABLE_FAILED: still writing/,
    );
    const run = assertDone(await shop.destroy());
    assert.match(shown(run), /DISABLING/);
    assert.ok(run.elapsedMs >= 5 * minute);
    assert.equal(emulator.logExports.get(id), undefined);
  });

  it("are waited for until they are deleted although a poll gets a stray 404", async () => {
    const { emulator, shop, id, up } = await startLogs();
    assertDone(await up());
    emulator.faults.add("GetLogExportInfo", { status: 404, message: "not found" });
    const run = assertDone(await shop.destroy());
    assert.ok(run.elapsedMs >= 5 * minute);
    assert.equal(emulator.logExports.get(id), undefined);
  });

  for (const status of ["DISABLED", "DISABLING"] as const) {
    it(`count as deleted when they are ${status}`, async () => {
      const { emulator, shop, id, up } = await startLogs();
      assertDone(await up());
      emulator.logExports.setStatus(id, status);
      assert.deepEqual(assertDone(await shop.refresh()).steps, ["delete logs"]);
    });
  }

  describe("of logs", () => {
    it("do not differ by order, by spelling or by what the API returns", async () => {
      const { shop, up } = await startLogs();
      const groups = [
        { logName: "b", channels: ["OPS", "HEALTH"], minLevel: "UNSPECIFIED" },
        { logName: "a", channels: ["SQL_EXEC"] },
      ];
      assertDone(await up({ groups, omittedChannels: ["STORAGE", "SQL_PERF"], region: "" }));
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      const same = await up({
        groups: [
          { logName: "a", channels: ["SQL_EXEC"], enableSendingQueue: false },
          { logName: "b", channels: ["HEALTH", "OPS"] },
        ],
        omittedChannels: ["SQL_PERF", "STORAGE"],
        redact: false,
      });
      assert.deepEqual(writes(assertDone(same).requests), []);
    });

    it("keep the shared key of Azure although the API returns it masked", async () => {
      const { emulator, shop } = await startLogs();
      const body = {
        name: "azure-one",
        provider: "AZURE",
        spec: {
          plan: "ADVANCED",
          dedicated: {
            region_nodes: { eastus: 3 },
            hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 0 },
          },
        },
      };
      const { id } = emulator.clusters.create(body as never);
      const args = {
        ...toCloudWatch,
        clusterId: id,
        type: "AZURE_LOG_ANALYTICS",
        azureSharedKey: "the first shared key",
      };
      const created = assertDone(await shop.up({ logs: args }));
      assert.match(noted(created), /Microsoft retired/);
      assert.ok(emulator.logExports.hasSharedKey(id, "the first shared key"));
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      const same = assertDone(await shop.up({ logs: args }));
      assert.deepEqual(writes(same.requests), []);
      assert.equal(noted(same), "");
      const changed = { ...args, azureSharedKey: "the second shared key" };
      assertDone(await shop.up({ logs: changed }));
      assert.ok(emulator.logExports.hasSharedKey(id, "the second shared key"));
    });

    it("warn of channels that are not known or named twice, once", async () => {
      const { up } = await startLogs();
      emulatorRefuses(await up({ omittedChannels: ["NEW_CHANNEL"] }));
      const groups = [{ logName: "a", channels: ["OPS"] }];
      const first = assertDone(await up({ groups, omittedChannels: ["OPS"] }));
      assert.match(noted(first), /Channel OPS is named twice/);
      assert.equal(noted(assertDone(await up({ groups, omittedChannels: ["OPS"] }))), "");

      function emulatorRefuses(run: Run): void {
        assert.match(noted(run), /Channel NEW_CHANNEL is not among those/);
        assert.match(failureOf(run), /log channel 'NEW_CHANNEL' is unknown/);
      }
    });

    it("refuse what belongs to another cloud, and another type on the same cluster", () => {
      const args = { clusterId, ...toCloudWatch };
      for (const [change, expected] of [
        [{ type: "AZURE_LOG_ANALYTICS" }, /^azureSharedKey: is required for AZURE/],
        [{ azureSharedKey: "x" }, /^azureSharedKey: is for AZURE_LOG_ANALYTICS only/],
        [{ type: "GCP_CLOUD_LOGGING", awsExternalId: "x" }, /^awsExternalId: is for AWS_CLOUD/],
      ] as const) {
        assert.match(failuresOf(logExport, { ...args, ...change }).join(), expected);
      }
      const other = { ...args, type: "GCP_CLOUD_LOGGING" };
      assert.deepEqual(failuresOf(logExport, other, args), [
        "type: cannot change from AWS_CLOUDWATCH to GCP_CLOUD_LOGGING: the logs of a cluster go to the cloud that it runs on.",
      ]);
      const elsewhere = { ...other, clusterId: clusterId.replace("3", "4") };
      assert.deepEqual(failuresOf(logExport, elsewhere, args), []);
    });
  });

  describe("of metrics", () => {
    it("to Datadog compare the last four characters of the key", async () => {
      const { emulator, shop, id, up } = await startDatadog();
      assertDone(await up());
      assert.equal(shop.outputs("metrics")["apiKeyHint"], "cdef");
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      assert.deepEqual(writes(assertDone(await up()).requests), []);
      emulator.metricExports.set(id, "datadog", { site: "US1", api_key: "another-key-9876" });
      assert.deepEqual(assertDone(await shop.refresh()).differences, { metrics: ["apiKey"] });
      assertDone(await up());
      assert.ok(emulator.metricExports.hasApiKey(id, key));
    });

    it("to Datadog are adopted with a key of which only the end is known", async () => {
      const { emulator, shop, id } = await startDatadog();
      emulator.metricExports.set(id, "datadog", { site: "US1", api_key: key });
      const args = { clusterId: id, site: "US1", apiKey: key };
      const adopted = new Declaration(kinds.MetricExportDatadogConfig, args, [], { import: id });
      const run = assertDone(await shop.up({ metrics: adopted }));
      assert.deepEqual(writes(run.requests), []);
      assert.equal(shop.outputs("metrics")["apiKey"], key);
    });

    it("to CloudWatch are replaced as a whole", async () => {
      const { shop, id } = await startPartLab(cloudwatch, "ADVANCED");
      const args = { clusterId: id, roleArn: "arn:aws:iam::123456789012:role/Metrics" };
      assertDone(await shop.up({ metrics: { ...args, targetRegion: "us-east-1" } }));
      const run = assertDone(await shop.up({ metrics: args }));
      assert.deepEqual(bodies(run.requests, "EnableCloudWatchMetricExport"), [
        { role_arn: args.roleArn },
      ]);
      assert.equal(shop.outputs("metrics")["targetRegion"], undefined);
    });

    it("that the API returned although there was none are sent by the next update", async () => {
      const { emulator, id, shop } = await startPartLab(prometheus, "ADVANCED");
      const body = { cluster_id: id, status: "ENABLED", user_message: "", targets: {} };
      emulator.faults.add("GetPrometheusMetricExportInfo", { status: 200, body });
      const program = { metrics: { clusterId: id } };
      const first = await shop.up(program);
      assert.match(
        failureOf(first),
        /has not begun to roll out .* its status is NOT_DEPLOYED\. Run/,
      );
      assert.deepEqual(writes(first.requests), []);
      const second = assertDone(await shop.up(program));
      assert.deepEqual(writes(second.requests), ["EnablePrometheusMetricExport"]);
      assert.equal(shop.outputs("metrics")["status"], "ENABLED");
    });

    it("for Prometheus show an address for each region, also for one that comes later", async () => {
      const { emulator, shop, id } = await startPartLab(prometheus, "ADVANCED");
      assertDone(await shop.up({ metrics: { clusterId: id } }));
      const regions = () => Object.keys(shop.outputs("metrics")["targets"] as object);
      assert.deepEqual(regions(), ["us-east-1"]);
      emulator.clusters.edit(id, { regionNodes: { "us-east-1": 3, "us-west-2": 3 } });
      assert.deepEqual(assertDone(await shop.refresh()).differences, {});
      assert.deepEqual(regions(), ["us-east-1", "us-west-2"]);
      assert.deepEqual(
        writes(assertDone(await shop.up({ metrics: { clusterId: id } })).requests),
        [],
      );
    });
  });
});

import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "../../index";
import { advanced } from "../emulator/caller";
import { checkEmulators, startTestEmulator } from "../support/emulator";

describe("Functions that read exports", () => {
  checkEmulators();

  const variables = ["COCKROACH_SERVER", "COCKROACH_API_KEY"] as const;
  let before: Partial<Record<string, string>>;
  beforeEach(() => {
    before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  });
  afterEach(() => {
    for (const name of variables) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  it("return undefined where there is none, and else what the API has, without a secret", async () => {
    const emulator = await startTestEmulator();
    process.env["COCKROACH_SERVER"] = emulator.url;
    process.env["COCKROACH_API_KEY"] = emulator.apiKey;
    const { id: clusterId } = emulator.clusters.create(advanced("orders") as never);
    const { getLogExport, getMetricExportDatadog, getMetricExportPrometheus } = cockroachdb;
    assert.equal(await getLogExport({ clusterId }), undefined);
    assert.equal(await getMetricExportDatadog({ clusterId }), undefined);
    assert.equal(await getMetricExportPrometheus({ clusterId }), undefined);
    emulator.logExports.set(clusterId, {
      type: "AWS_CLOUDWATCH",
      log_name: "orders",
      auth_principal: "role",
    });
    emulator.metricExports.set(clusterId, "datadog", { site: "US1", api_key: "0123456789abcdef" });
    emulator.metricExports.set(clusterId, "prometheus");
    const enabled = { status: "ENABLED", userMessage: "" };
    assert.deepEqual(await getLogExport({ clusterId }), {
      type: "AWS_CLOUDWATCH",
      logName: "orders",
      authPrincipal: "role",
      ...enabled,
    });
    const datadog = { site: "US1", apiKeyHint: "cdef", ...enabled };
    assert.deepEqual(await getMetricExportDatadog({ clusterId }), datadog);
    const output = cockroachdb.getMetricExportDatadogOutput({
      clusterId: pulumi.output(clusterId),
    });
    assert.deepEqual(await new Promise((resolve) => output.apply(resolve)), datadog);
    const prometheus = await getMetricExportPrometheus({ clusterId });
    assert.deepEqual(Object.keys(prometheus?.targets ?? {}), ["us-east-1"]);
    const missing = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(getLogExport({ clusterId: missing }), /404/);
  });
});

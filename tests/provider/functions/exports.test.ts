import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "../../../index";
import { advanced } from "../../emulator/caller";
import { checkEmulators, startTestEmulator } from "../../support/emulator";

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
    const { getMetricExportCloudwatch } = cockroachdb;
    assert.equal(await getLogExport({ clusterId }), undefined);
    assert.equal(await getMetricExportDatadog({ clusterId }), undefined);
    assert.equal(await getMetricExportCloudwatch({ clusterId }), undefined);
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
    const role = { roleArn: "arn:aws:iam::123456789012:role/Metrics", ...enabled };
    emulator.metricExports.set(clusterId, "cloudwatch", { role_arn: role.roleArn });
    assert.deepEqual(await getMetricExportCloudwatch({ clusterId }), role);
    emulator.metricExports.set(clusterId, "cloudwatch", {
      role_arn: role.roleArn,
      external_id: "external",
      log_group_name: "orders",
      target_region: "us-east-1",
    });
    const whole = {
      ...role,
      externalId: "external",
      logGroupName: "orders",
      targetRegion: "us-east-1",
    };
    assert.deepEqual(await getMetricExportCloudwatch({ clusterId }), whole);
    assert.equal(
      emulator.requests.at(-1)?.path,
      `/api/v1/clusters/${clusterId}/metricexport/cloudwatch`,
    );
    const cloudwatch = cockroachdb.getMetricExportCloudwatchOutput({
      clusterId: pulumi.output(clusterId),
    });
    assert.deepEqual(await new Promise((resolve) => cloudwatch.apply(resolve)), whole);
    const prometheus = await getMetricExportPrometheus({ clusterId });
    assert.deepEqual(Object.keys(prometheus?.targets ?? {}), ["us-east-1"]);
    const missing = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(getLogExport({ clusterId: missing }), /404/);
    await assert.rejects(getMetricExportCloudwatch({ clusterId: missing }), /404/);
  });

  it("return undefined for a metric export to CloudWatch that the service reports as NOT_DEPLOYED", async () => {
    const emulator = await startTestEmulator({
      assumptions: { metricExportUnset: "not-deployed" },
    });
    process.env["COCKROACH_SERVER"] = emulator.url;
    process.env["COCKROACH_API_KEY"] = emulator.apiKey;
    const { id: clusterId } = emulator.clusters.create(advanced("orders") as never);
    assert.equal(await cockroachdb.getMetricExportCloudwatch({ clusterId }), undefined);
  });
});

// Resources of programs in YAML that the option --replace replaces on the real engine.
import assert from "node:assert/strict";
import { startImmediateEmulator } from "../contract/plugins";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators } from "../support/emulator";
import type { YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";

describe("A replacement that a command forces on a program in YAML", function () {
  this.timeout(120_000);

  let emulator: TestEmulator;
  let stack: YamlStack;
  let clusterId: string;

  /** What belongs to a cluster and is there once under its name. */
  const programWith = (options: object) => ({
    resources: {
      app: { type: "cockroachdb-cloud:index:SqlUser", properties: { clusterId }, options },
      shop: {
        type: "cockroachdb-cloud:index:Database",
        properties: { clusterId, name: "shop" },
        options,
      },
      office: {
        type: "cockroachdb-cloud:index:AllowlistEntry",
        properties: { clusterId, cidrIp: "203.0.113.0", cidrMask: 24, sql: true, ui: false },
        options,
      },
    },
  });

  before(async () => {
    emulator = await startImmediateEmulator();
    clusterId = emulator.clusters.create({
      name: "orders",
      provider: "GCP",
      spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
    }).id;
    stack = await startYaml(programWith({}), emulator);
    await stack.pulumi("up", "--yes", "--skip-preview");
  });
  after(async () => {
    stack?.close();
    await closeTestEmulators();
  });

  const replace = async () => {
    const { deployment } = await stack.exportState();
    const ours = (deployment.resources ?? []).filter(({ type }) =>
      /^cockroachdb-cloud:/.test(type),
    );
    emulator.requests.clear();
    const targets = ours.flatMap(({ urn }) => ["--replace", urn]);
    return await stack.start("up", "--yes", "--skip-preview", "--continue-on-error", ...targets)
      .ended;
  };
  const writes = () =>
    emulator.requests
      .filter(({ method }) => method !== "GET")
      .map(({ operation }) => String(operation));

  it("is refused where the old object has the name, and loses nothing", async () => {
    const { code, stdout } = await replace();
    assert.notEqual(code, 0);
    for (const operation of writes()) assert.match(operation, /^(Create|Add)/);
    assert.match(stdout, /409 user 'app' already exists/);
    assert.match(stdout, /409 database 'shop' already exists/);
    assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.pulumi("refresh", "--yes", "--expect-no-changes");
  });

  it("deletes the old object first with the option deleteBeforeReplace", async () => {
    stack.write(programWith({ deleteBeforeReplace: true }));
    const { code } = await replace();
    assert.equal(code, 0);
    for (const noun of ["SQLUser", "Database", "AllowlistEntry"]) {
      const own = writes().filter((operation) => operation.endsWith(noun));
      assert.deepEqual(own.map((operation) => operation.replace(noun, "")).sort(), [
        noun === "AllowlistEntry" ? "Add" : "Create",
        "Delete",
      ]);
      assert.match(own[0] ?? "", /^Delete/);
    }
    assert.deepEqual(emulator.sqlUsers.list(clusterId), ["app"]);
    await stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  });
});

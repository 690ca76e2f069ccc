// Bun in place of Node.js for what a program and its tests run themselves; dynamic resources stay with Node.js, on which
// Pulumi starts their provider.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { engineEnvironment } from "../../scripts/environment.mjs";
import { packPackage, remove, runIn, temporaryFolder, writeFiles } from "../support/consumer";
import { checkEmulators, environmentFor, startTestEmulator } from "../support/emulator";
import { engine } from "../support/engine";
import { obtainBun } from "../support/tools";
import { installProject } from "./install";
import { writeProject } from "./project";
import type { Row } from "./rows";
import { managerVersions, pulumiVersions } from "./rows";

const row: Row = {
  manager: "bun",
  workspaces: false,
  program: "ESM TypeScript",
  compiler: "TypeScript 6",
  node: "Node 24",
  pulumi: "newest",
};

const automation = `import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { Cluster, SqlUser } from "pulumi-cockroachdb-cloud";

async function program() {
  const cluster = new Cluster("orders", {
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"], withEmptyIpAllowlist: true },
  });
  const user = new SqlUser("app", { clusterId: cluster });
  return { url: cluster.connectionUrl({ user }), bun: process.versions.bun };
}

const stack = await LocalWorkspace.createOrSelectStack(
  { stackName: "prod", projectName: "orders", program },
  { projectSettings: { name: "orders", runtime: "nodejs", main: import.meta.dirname } },
);
const { outputs } = await stack.up();
const { summary } = await stack.destroy();
console.log(JSON.stringify({ outputs, changes: summary.resourceChanges }));
process.exit();
`;

const mocksTest = `import { expect, test } from "bun:test";
import { runtime } from "@pulumi/pulumi";
import { Cluster } from "pulumi-cockroachdb-cloud";
import { mocks, promiseOf } from "pulumi-cockroachdb-cloud/testing";

test("a cluster on mocks", async () => {
  runtime.setMocks(mocks());
  const args = { plan: "BASIC", cloudProvider: "GCP" } as const;
  const cluster = new Cluster("orders", { ...args, serverless: { regions: ["us-central1"] } });
  expect(await promiseOf(cluster.state)).toBe("CREATED");
  const refused = new Cluster("refused", { ...args, serverless: { regions: [] } });
  await expect(promiseOf(refused.id)).rejects.toThrow("serverless.regions");
});
`;

describe("The package on Bun", function () {
  this.timeout(400_000);

  const folder = temporaryFolder();
  const project = join(folder, "orders");
  let bun: string;

  before(async () => {
    const { tarball } = await packPackage(folder);
    mkdirSync(project);
    await installProject(writeProject(project, row, tarball), row, process.env["PATH"] ?? "");
    bun = join(await obtainBun(managerVersions.bun), "bun");
    writeFiles(project, { "automation.ts": automation, "orders.test.ts": mocksTest });
  });

  after(() => remove(folder));
  checkEmulators();

  it(`runs an inline program of the Automation API, @pulumi/pulumi ${pulumiVersions.newest}`, async () => {
    const emulator = await startTestEmulator();
    const { binDir } = await engine();
    const home = join(folder, "home");
    mkdirSync(home);
    const extra = environmentFor(emulator);
    const environment = engineEnvironment({ home, binDir, extra });
    const { stdout } = await runIn(project, bun, ["automation.ts"], environment);
    const { outputs, changes } = JSON.parse(stdout) as {
      outputs: Record<string, { value: string; secret: boolean }>;
      changes: object;
    };
    assert.equal(outputs["bun"]?.value, managerVersions.bun);
    assert.equal(outputs["url"]?.secret, true);
    assert.equal(new URL(outputs["url"].value).username, "app");
    assert.deepEqual(changes, { delete: 3 });
    assert.deepEqual(
      emulator.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  });

  it("runs tests with mocks by bun test", async () => {
    const { stderr } = await runIn(project, bun, ["test", "orders.test.ts"]);
    assert.match(stderr, /^ 1 pass$/m);
  });

  it("runs the package's command", async () => {
    const args = ["x", "--bun", "pulumi-cockroachdb-cloud", "--version"];
    const { stdout } = await runIn(project, bun, args);
    assert.match(stdout, /^\d+\.\d+\.\d+$/m);
  });
});

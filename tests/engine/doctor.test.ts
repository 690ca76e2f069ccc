// The subcommand `doctor` on states that the real engine has written; what it advises is done as printed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { realClock } from "../../emulator";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import type { TestProgram } from "../support/engine";
import { repository, startProgram } from "../support/engine";

const project = javascriptProject("clinic");

const orders = `
  const cockroachdb = require("pulumi-cockroachdb-cloud");
  const orders = new cockroachdb.Cluster("orders", {
    plan: "BASIC",
    cloudProvider: "GCP",
    serverless: { regions: ["us-central1"] },
  });
  new cockroachdb.SqlUser("app", { clusterId: orders, password: "canary-of-the-password" });
`;

/** An Advanced cluster takes 25 real minutes: time enough to be stopped. */
const withArchive = `${orders}
  new cockroachdb.Cluster("archive", {
    plan: "ADVANCED",
    cloudProvider: "AWS",
    dedicated: {
      regionNodes: { "us-east-1": 3 },
      hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 15 },
    },
  });
`;

describe("Doctor on a real stack", function () {
  this.timeout(180_000);

  let emulator: TestEmulator;
  let stack: TestProgram;
  let directory: string;

  before(async () => {
    emulator = await startTestEmulator({ clock: realClock() });
    directory = temporaryFolder();
    writeFiles(directory, { ...project, "index.js": orders });
    stack = await startProgram({
      directory,
      checkpoints: true,
      env: { COCKROACH_SERVER: emulator.url },
    });
    await stack.pulumi("config", "set", "--secret", "cockroachdb-cloud:apiKey", emulator.apiKey);
  });

  after(async () => {
    stack?.close();
    remove(directory);
    await closeTestEmulators();
  });

  /** Runs the compiled command beside the program, with a key from nowhere but the stack's configuration. */
  async function doctor(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    return await new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        [join(repository, "dist", "cli.js"), "doctor", ...args],
        { cwd: stack.directory, env: stack.env },
        (failure, out, error) => {
          const code = failure === null ? 0 : failure.code;
          if (typeof code === "number") resolve({ code, out, error });
          else reject(failure);
        },
      );
    });
  }

  /** The commands of the fixes. */
  function advised(out: string): string[] {
    return [...out.matchAll(/^ {4}\$ pulumi (.+?) +# /gm)].map(([, command]) => command as string);
  }

  async function run(commands: readonly string[]): Promise<void> {
    for (const command of commands) await stack.pulumi(...command.split(" "));
  }

  async function assertHealthy(resources: number, clusters: number): Promise<void> {
    const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
    assert.deepEqual(await doctor(), {
      code: 0,
      out: `Stack organization/clinic/test: no problems (${counted(resources, "resource")} in state, ${counted(clusters, "cluster")} in the organization).\n`,
      error: "",
    });
  }

  it("reports no problems in one line, with one list of clusters and one of each type", async () => {
    await stack.pulumi("up", "--yes", "--skip-preview");
    emulator.requests.clear();
    await assertHealthy(2, 1);
    assert.deepEqual(
      // The lists of the cluster are sent side by side.
      emulator.requests.map(({ operation }) => operation).sort(),
      ["ListAllowlistEntries", "ListClusters", "ListDatabases", "ListSQLUsers"],
    );
  });

  it("finds a user and then a cluster that were deleted behind the stack's back", async () => {
    const [cluster] = emulator.clusters.list();
    assert.ok(cluster);
    emulator.sqlUsers.remove(cluster.id, "app");
    const first = await doctor();
    assert.equal(first.code, 1);
    assert.match(first.out, /^ERROR {2}SqlUser "app": not-found$/m);
    assert.deepEqual(advised(first.out), ["refresh", "up"]);

    emulator.clusters.delete(cluster.id);
    const second = await doctor();
    assert.equal(second.code, 1);
    assert.match(second.out, /: 1 error \(/);
    assert.match(second.out, /^ERROR {2}Cluster "orders": not-found$/m);
    assert.match(second.out, /Deleted with it: SqlUser "app"\./);
    await run(advised(second.out));
    await assertHealthy(2, 1);
  });

  it("finds a cluster that the service failed to create", async () => {
    writeFiles(stack.directory, { "index.js": withArchive });
    const up = stack.start("up", "--yes", "--skip-preview");
    await up.printed(/CREATING · /);
    const archive = emulator.clusters.list().find(({ name }) => name.startsWith("archive-"));
    assert.ok(archive);
    emulator.clusters.failCreation(archive.id);
    assert.notEqual((await up.ended).code, 0);

    const { code, out } = await doctor("--json");
    const { findings } = JSON.parse(out);
    assert.equal(code, 1);
    assert.deepEqual(
      findings.map((one: { code: string; clusterId: string; fix: { run: string }[] }) => [
        one.code,
        one.clusterId,
        one.fix.map((step) => step.run),
      ]),
      [["creation-failed", archive.id, ["pulumi up"]]],
    );
  });

  it("finds a cluster whose creation was killed, even after destroy and refresh dropped it from state", async () => {
    const up = stack.start("up", "--yes", "--skip-preview");
    await up.printed(/CREATING · /);
    up.child.kill("SIGKILL");
    await up.ended;
    const archive = emulator.clusters.list().find(({ state }) => state === "CREATING");
    assert.ok(archive);

    const killed = await doctor();
    assert.equal(killed.code, 1);
    assert.match(killed.out, /^ERROR {2}Cluster "archive": interrupted-creation$/m);
    assert.ok(
      killed.out.includes(`Cluster ${archive.name} (${archive.id}) carries its mark`),
      killed.out,
    );

    const [unlock, ...fixes] = advised(killed.out);
    assert.equal(unlock, "cancel");
    await run(["cancel", "destroy", "refresh --clear-pending-creates"]);
    const lost = await doctor();
    assert.match(lost.out, new RegExp(`^ERROR {2}cluster ${archive.name}: lost-cluster$`, "m"));

    emulator.clusters.finish(archive.id);
    await run(fixes);
    await assertHealthy(3, 2);
    assert.equal(emulator.clusters.get(archive.id).state, "CREATED");
  });

  it("needs no CLI for an exported state, and prints no secret", async () => {
    const file = join(stack.directory, "state.json");
    await stack.pulumi("stack", "export", "--show-secrets", "--file", file);
    const [cluster] = emulator.clusters.list().filter(({ name }) => name.startsWith("orders-"));
    const args = ["--state", file, "--stack", "organization/clinic/test"];
    const keyless = await doctor(...args);
    assert.equal(keyless.code, 2);
    assert.match(keyless.out, /There is no API key for CockroachDB Cloud/);
    assert.ok(cluster);
    for (const { out, error } of [keyless, await doctor(...args, "--json")]) {
      assert.ok(!`${out}${error}`.includes("canary"));
    }
  });
});

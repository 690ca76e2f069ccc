import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scaledClock } from "../../emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import type { TestProgram } from "../support/engine";
import { repository, startProgram } from "../support/engine";

const examples = join(repository, "examples");
const quickly = 300;

/** What an example asks its user for, as arguments of `pulumi config set`. */
const settings: Record<string, string[]> = {
  "advanced-cluster": ["--secret", "password", "a-long-enough-password"],
  "plan-changes": ["plan", "BASIC"],
};

describe("examples", function () {
  this.timeout(180_000);

  const open: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  checkEmulators();

  async function start(directory: string, typeCheck = false): Promise<TestProgram> {
    const emulator = await startTestEmulator({ clock: scaledClock(quickly) });
    const env = { COCKROACH_API_KEY: emulator.apiKey, COCKROACH_SERVER: emulator.url };
    const program = await startProgram({ directory, typeCheck, env });
    open.push(program);
    return program;
  }

  for (const name of readdirSync(examples)) {
    it(`${name} comes up, stays as it is and goes away`, async () => {
      const { pulumi, exportState, directory } = await start(join(examples, name));
      if (settings[name]) await pulumi("config", "set", ...settings[name]);
      await pulumi("preview");
      await pulumi("up", "--yes", "--skip-preview");
      await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
      await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
      if (allowDeletion(join(directory, "index.ts"))) await pulumi("up", "--yes", "--skip-preview");
      await pulumi("destroy", "--yes", "--skip-preview");
      assert.deepEqual((await exportState()).deployment.resources ?? [], []);
    });
  }

  it("run by `pulumi up` in the folder of the repository", async () => {
    const root = mkdtempSync(join(tmpdir(), "pulumi-root-"));
    open.push({ close: () => rmSync(root, { recursive: true, force: true }) });
    cpSync(join(repository, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
    cpSync(examples, join(root, "examples"), {
      recursive: true,
      filter: (path) => !path.slice(examples.length).includes("node_modules"),
    });
    const { pulumi, exportState } = await start(root, true);
    assert.match((await pulumi("up", "--yes")).stdout, /Cluster \S+ created/);
    const { resources = [] } = (await exportState()).deployment;
    const cluster = resources.find(({ type }) => type.endsWith(":Cluster"));
    assert.equal(cluster?.outputs?.["name"], "basic-test");
  });
});

/** What a user does before destroying a protected cluster. Answers whether the program had one. */
function allowDeletion(file: string): boolean {
  const text = readFileSync(file, "utf8");
  const allowed = text.replaceAll("deleteProtection: true", "deleteProtection: false");
  writeFileSync(file, allowed);
  return allowed !== text;
}

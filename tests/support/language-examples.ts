/** The example of a language besides JavaScript, taken through its life on the real engine and the emulator. */
import assert from "node:assert/strict";
import { cpSync, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { scaledClock } from "../../emulator";
import { remove, temporaryFolder } from "./consumer";
import { startTestEmulator } from "./emulator";
import { engine, languageHost, pluginFolder, repository, startProgram } from "./engine";

interface ExampleOptions {
  /** What the program needs in its folder before it runs. */
  readonly prepare?: (directory: string) => void;
  /** Folders of commands before those of the system. */
  readonly path?: readonly string[];
}

export async function runExample(
  language: "go" | "python" | "yaml",
  { prepare = () => undefined, path = [] }: ExampleOptions = {},
): Promise<void> {
  const emulator = await startTestEmulator({ clock: scaledClock(600) });
  const { binDir } = await engine();
  const folders = [binDir, await languageHost(language), pluginFolder, ...path];
  const { pulumi, directory, exportState, stateText, close } = await startProgram({
    directory: join(repository, "examples", language),
    env: {
      PATH: [...folders, process.env["PATH"]].join(delimiter),
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
      // Go finds in its cache what it has compiled in another folder.
      GOFLAGS: "-trimpath",
    },
  });
  try {
    prepare(directory);
    const { stdout } = await pulumi("up", "--yes");
    assert.match(stdout, /databaseUrl *: \[secret\]/);
    const { deployment } = await exportState();
    const [cluster, ...others] = emulator.clusters.list();
    assert.ok(cluster);
    assert.deepEqual(others, []);
    const shown = await pulumi("stack", "output", "--show-secrets", "--json");
    const { clusterId, databaseUrl } = JSON.parse(shown.stdout) as Record<string, string>;
    const { username, password, pathname } = new URL(databaseUrl ?? "");
    assert.deepEqual(
      { clusterId, username, pathname },
      { clusterId: cluster.id, username: "app", pathname: "/orders" },
    );
    assert.ok(emulator.sqlUsers.hasPassword(cluster.id, "app", password));
    assert.ok(!stateText().includes(password), "the password is encrypted in state");
    const types = deployment.resources?.map(({ type }) => type.split(":").at(-1)).sort();
    assert.deepEqual(types, ["Cluster", "Database", "SqlUser", "Stack", "cockroachdb-cloud"]);
    await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual(
      emulator.clusters.list().map(({ state }) => state),
      ["DELETED"],
    );
  } finally {
    close();
  }
}

/** Puts the generated SDK where `pulumi package add` puts it. */
export function addSdk(sdks: string, language: "go" | "python", directory: string): void {
  const destination = join(directory, "sdks", "cockroachdb-cloud");
  assert.ok(!existsSync(destination));
  cpSync(join(sdks, language), destination, { recursive: true });
}

/** A folder that the tests of a file share, and that is removed after them. */
export function sharedFolder(): string {
  const folder = temporaryFolder();
  after(() => remove(folder));
  return folder;
}

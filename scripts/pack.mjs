// Packs what is published: the compiled package, and its manifest without what only this repository needs.
// By hand: `node scripts/pack.mjs FOLDER` compiles, and puts the tarball into FOLDER.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "./build.mjs";
import { withoutNpmRun, withoutUserSettings } from "./environment.mjs";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Packs dist/ as it is. Returns the tarball, and the paths in it. */
export async function pack(destination) {
  const { workspaces: _, ...manifest } = JSON.parse(
    readFileSync(join(repository, "package.json"), "utf8"),
  );
  const staged = mkdtempSync(join(tmpdir(), "pack-"));
  try {
    for (const name of ["README.md", "LICENSE", ...manifest.files])
      cpSync(join(repository, name), join(staged, name), { recursive: true });
    // Yarn 1 warns in the user's project of a package that has workspaces and is not private.
    writeFileSync(join(staged, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    const { stdout } = await promisify(execFile)(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", resolve(destination)],
      { cwd: staged, env: withoutNpmRun(withoutUserSettings()), maxBuffer: 64 * 1024 * 1024 },
    );
    // npm 11 and older return a list, newer ones an object by package name.
    const [packed] = Object.values(JSON.parse(stdout));
    return {
      tarball: join(resolve(destination), packed.filename),
      files: packed.files.map(({ path }) => path).sort(),
    };
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
  pack(process.argv[2] ?? ".").then(
    ({ tarball }) => console.log(tarball),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}

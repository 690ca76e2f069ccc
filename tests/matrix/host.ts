/** An engine whose language host obeys the runtime options of Pulumi.yaml. */
import { spawnSync } from "node:child_process";
import { chmodSync, constants, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../scripts/engine.mjs";

const host = "pulumi-language-nodejs";

/**
 * The newest language host that can be built from the Go modules takes these options as flags and not from the
 * engine, so it gets them by a script in its place. Any other is used as it is.
 */
export function engineWithTsx(
  engine: Engine,
  folder: string,
): Pick<Engine, "binDir" | "pulumiPath"> {
  if (!takesFlags(join(engine.binDir, host))) return engine;
  const binDir = join(folder, "engine", "bin");
  mkdirSync(binDir, { recursive: true });
  for (const file of ["pulumi", "pulumi-resource-pulumi-nodejs"])
    copyFileSync(join(engine.binDir, file), join(binDir, file), constants.COPYFILE_FICLONE);
  writeFileSync(
    join(binDir, host),
    `#!/bin/sh\nexec "${join(engine.binDir, host)}" -typescript=false -nodeargs="--import tsx" "$@"\n`,
  );
  chmodSync(join(binDir, host), 0o755);
  return { binDir, pulumiPath: join(binDir, "pulumi") };
}

function takesFlags(path: string): boolean {
  const help = spawnSync(path, ["-help"], { encoding: "utf8" }).stderr;
  return /^ {2}-nodeargs string\n\s+Arguments for the Node process$/m.test(help);
}

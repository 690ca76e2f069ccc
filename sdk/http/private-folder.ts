// A folder for what processes of one user share on this machine, which no other user can read or plant.

import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes the folder below `parent` if need be. Throws where it would not be private. */
export function privateFolder(parent: string = tmpdir(), user = process.getuid?.()): string {
  if (user === undefined) throw new Error("this system has no numbers of users");
  const folder = join(parent, `pulumi-cockroachdb-cloud-${user}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  // Of the entry itself: a link could lead to a folder of the user that others may write to.
  const found = lstatSync(folder);
  const isPrivate = found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0;
  if (!isPrivate) throw new Error(`${folder} is no folder that only this user can read`);
  return folder;
}

// A lock between runs on one machine that needs no package and outlives the death of its owner.
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Takes the lock and returns what releases it; undefined while a living process has it.
 *
 * Each owner has a file of the next number in the folder, with the number of its process; the highest one counts. The
 * file of the highest number is never removed, so that the count never goes back: who comes late with a number that was
 * free long ago sees a higher one, and has not taken the lock.
 */
export async function takeLock(folder, owner = process.pid) {
  await mkdir(folder, { recursive: true });
  const last = await highestIn(folder);
  if (last > 0 && (await isHeld(join(folder, String(last))))) return undefined;
  const mine = last + 1;
  const file = join(folder, String(mine));
  if (!(await createWhole(file, String(owner)))) return undefined;
  if ((await highestIn(folder)) > mine) {
    await rm(file, { force: true });
    return undefined;
  }
  for (const number of await numbersIn(folder)) {
    if (number < mine) await rm(join(folder, String(number)), { force: true });
  }
  return () => writeFile(file, "");
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Whether the owner lives and has not released it. Who has a file without text is through. */
async function isHeld(file) {
  const owner = Number(await readFile(file, "utf8").catch(() => ""));
  return owner > 0 && isAlive(owner);
}

/** Creates a file that nobody sees without its text. Returns whether there was none. */
async function createWhole(file, text) {
  const draft = `${file}-${randomUUID()}`;
  await writeFile(draft, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

async function highestIn(folder) {
  return Math.max(0, ...(await numbersIn(folder)));
}

async function numbersIn(folder) {
  return (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Work that must not overlap: each begins when the one before it has ended, whatever became of it. */

const last = new Map<string, Promise<unknown>>();

/** Does `work` after all other work of this process under the same name. */
export async function inTurn<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const before = last.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => {});
  last.set(name, settled);
  try {
    return await mine;
  } finally {
    if (last.get(name) === settled) last.delete(name);
  }
}

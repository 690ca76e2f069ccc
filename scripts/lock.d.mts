/**
 * Takes the lock of a folder and returns what releases it; undefined while a living process has it.
 * @param owner the number of the process that has it. @default this one
 */
export function takeLock(
  folder: string,
  owner?: number,
): Promise<(() => Promise<void>) | undefined>;
export function isAlive(pid: number): boolean;

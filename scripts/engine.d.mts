export interface Engine {
  /** The folder above `bin`, as `PulumiCommand.get({ root })` wants it. */
  readonly root: string;
  readonly binDir: string;
  readonly version: string;
  readonly pulumiPath: string;
  /** Where it came from, in words. */
  readonly how: string;
}
export const engineVersions: { readonly wanted: string; readonly oldest: string };
export function findOrObtainEngine(say?: (line: string) => void): Promise<Engine>;
export function engineCache(environment?: NodeJS.ProcessEnv): string;
/** The folder with the language host. */
export function findOrBuildLanguageHost(
  language: "go" | "python" | "yaml",
  say?: (line: string) => void,
): Promise<string>;
/** Fills a folder, unless one that lacks nothing is there when it is ready. */
export function fillAtomically(
  destination: string,
  isWhole: (folder: string) => boolean,
  fill: (folder: string) => Promise<unknown>,
): Promise<void>;

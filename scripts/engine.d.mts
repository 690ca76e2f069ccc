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
/** The folder with the language host of YAML. */
export function findOrBuildYamlHost(say?: (line: string) => void): Promise<string>;

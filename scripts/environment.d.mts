export function engineEnvironment(options: {
  readonly home: string;
  readonly state?: string;
  readonly binDir?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly base?: NodeJS.ProcessEnv;
}): Record<string, string>;
export function exportLines(options: {
  readonly binDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly names: readonly string[];
}): string[];
export function withoutUserSettings(base?: NodeJS.ProcessEnv): Record<string, string>;
export function withoutNpmRun(base?: NodeJS.ProcessEnv): Record<string, string>;
export const withoutCertificates: Readonly<Record<string, string>>;

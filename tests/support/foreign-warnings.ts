/** What Node.js, Pulumi and the package managers warn of whichever package is installed, and what in their output is a warning. */

/** The lines of each such warning, by its name in the table of docs/troubleshooting.md. */
export const foreignWarnings: Readonly<Record<string, readonly RegExp[]>> = {
  "[DEP0180] DeprecationWarning: fs.Stats constructor is deprecated": [
    /\[DEP0180\] DeprecationWarning: fs\.Stats constructor is deprecated/,
    /\(Use `node --trace-deprecation \.\.\.` to show where the warning was created\)$/,
  ],
  "npm warn install-scripts": [
    /^npm warn install-scripts$/,
    /^npm warn install-scripts \d+ packages? (has|have) install scripts not yet covered by allowScripts:$/,
    /^npm warn install-scripts {3}(protobufjs|esbuild)@\S+ \(postinstall: [^)]+\)$/,
    /^npm warn install-scripts Run `npm install-scripts ls` /,
  ],
  "npm warn EBADENGINE": [
    /^npm warn EBADENGINE Unsupported engine \{$/,
    /^npm warn EBADENGINE {3}package: '@pulumi\/pulumi@[\d.]+',$/,
    /^npm warn EBADENGINE {3}(required|current): \{ .+ \},?$/,
    /^npm warn EBADENGINE \}$/,
  ],
  "unmet peer @opentelemetry/api": [
    /^\s*\[?WARN\]?\s+Issues with peer dependencies found/,
    /✕ unmet peer @opentelemetry\/api@/,
    /^warning "@pulumi\/pulumi > @opentelemetry\/.+" has incorrect peer dependency "@opentelemetry\/api@/,
    /^➤ YN0086: │ Some peer dependencies are incorrectly met by dependencies; /,
  ],
  "Ignored build scripts: protobufjs": [
    /^╭ Warning ─+╮$/,
    /Ignored build scripts: (esbuild@[\d.]+, )?protobufjs@[\d.]+\./,
    /^➤ YN0004: │ protobufjs@npm:[\d.]+ lists build scripts, but all build scripts have been disabled\.$/,
  ],
};

/** Of yarn 4's codes, those that report what it does. */
const yarnProgress = /^➤ YN(0000|0007|0013|0019|0085)\b/;
/** What bun writes to standard error while it installs. */
const bunProgress =
  /^(Resolving dependencies|Resolved, downloaded and extracted \[\d+\]|Saved lockfile)$/;
const alarming = /warn|deprecat|experimental|error|\berr\b|ignored|unmet|vulnerab|^➤ YN/i;

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Lines that warn of something, without the foreign ones. */
export function warningsIn(output: Output): string[] {
  return suspiciousLines(output).filter((line) => foreignWarningOf(line) === undefined);
}

/** Names of the foreign warnings. */
export function foreignWarningsIn(output: Output): string[] {
  return suspiciousLines(output).flatMap((line) => foreignWarningOf(line) ?? []);
}

function foreignWarningOf(line: string): string | undefined {
  const isAbout = ([, patterns]: [string, readonly RegExp[]]) =>
    patterns.some((pattern) => pattern.test(line));
  return Object.entries(foreignWarnings).find(isAbout)?.[0];
}

function suspiciousLines({ stdout, stderr }: Output): string[] {
  return [
    ...linesOf(stdout).filter((line) => alarming.test(line) && !yarnProgress.test(line)),
    ...linesOf(stderr).filter((line) => !bunProgress.test(line)),
    ...messagesIn(stdout),
  ];
}

/** What Pulumi repeats at the end of a run, also of lines that are no warnings: what something printed. */
function messagesIn(stdout: string): string[] {
  const [, section = ""] = /^Diagnostics:\n((?: .*\n|\n)*)/m.exec(stdout) ?? [];
  return linesOf(section).filter((line) => line.startsWith("    "));
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

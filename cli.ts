#!/usr/bin/env node
// The package's one command.

import type { Terminal } from "./emulator/command";
import { runEmulator } from "./emulator/command";
import { packageVersion } from "./sdk/http/user-agent";

interface Subcommand {
  readonly summary: string;
  /** Runs with the arguments after its name. Resolves to the exit code. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

// The doctor and export go over all resources, which need Pulumi's SDK: it takes a while to load.
const subcommands: Readonly<Record<string, Subcommand>> = {
  emulator: {
    summary: "serve an emulated CockroachDB Cloud API on this machine",
    run: runEmulator,
  },
  doctor: {
    summary: "compare a stack with CockroachDB Cloud, and report what is wrong and how to fix it",
    run: (args, output) => {
      const { runDoctor } = require("./doctor/command") as typeof import("./doctor/command");
      return runDoctor(args, output);
    },
  },
  export: {
    summary: "write a program and an import file for the clusters that an organization has",
    run: (args, output) => {
      const { runExport } = require("./export/command") as typeof import("./export/command");
      return runExport(args, output);
    },
  },
};

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  interrupted: () =>
    new Promise((resolve) => {
      process.once("SIGINT", () => resolve());
      process.once("SIGTERM", () => resolve());
    }),
};

const usage = `Usage: pulumi-cockroachdb-cloud <subcommand> [options]

Subcommands:
${Object.entries(subcommands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

Options of a subcommand: pulumi-cockroachdb-cloud <subcommand> --help
Version of the package:  pulumi-cockroachdb-cloud --version
`;

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.out(usage);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(`${packageVersion()}\n`);
    return 0;
  }
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) {
    const problem = name === "" ? "A subcommand is missing." : `Unknown subcommand "${name}".`;
    terminal.error(`${problem}\n\n${usage}`);
    return 2;
  }
  return subcommand.run(args, terminal);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    terminal.error(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);

/** Runs a program of this folder; its exit status is what `main` returns, or 1 when it fails. */
export function runAsProgram(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error);
      // What was under way is still open, and would keep the process alive.
      process.exit(1);
    },
  );
}

/** What the compiler says of programs that lie beside the examples, where the package is found by its name. */
import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "./documents";

/** The declarations of libraries, which are parsed once for all programs. */
const libraries = new Map<string, ts.SourceFile | undefined>();

/** By name of a program, what is wrong with its text. All are compiled in one go. */
export function problemsIn(
  programs: ReadonlyMap<string, string>,
  more: ts.CompilerOptions = {},
): Map<string, string[]> {
  const names = [...programs.keys()];
  const files = new Map(
    names.map((name, index) => [join(repository, "examples", `program-${index}.ts`), name]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    ...more,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (file: string) => programs.get(files.get(file) ?? "");
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => textOf(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = textOf(file);
    if (text !== undefined) return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    const key = JSON.stringify([file, version, more]);
    if (!libraries.has(key)) libraries.set(key, getSourceFile(file, version, ...rest));
    return libraries.get(key);
  };
  const compiled = ts.createProgram([...files.keys()], options, host);
  const problems = new Map<string, string[]>(names.map((name) => [name, []]));
  const diagnostics = [...files.keys()].flatMap((file) =>
    ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file)),
  );
  for (const { file, messageText } of diagnostics) {
    const found = file && problems.get(files.get(file.fileName) ?? "");
    const message = ts.flattenDiagnosticMessageText(messageText, "\n");
    assert.ok(found, `${file?.fileName}: ${message}`);
    found.push(message);
  }
  return problems;
}

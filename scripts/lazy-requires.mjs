// Makes the modules of a compiled folder load one another when they are first used. A program uses a few of the classes,
// and a preview sends no request: what they do not use is not loaded.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rewrites every JavaScript file of the folder, line by line, so that source maps stay right. */
export function makeRequiresLazy(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(folder, name);
    writeFileSync(file, withLazyRequires(readFileSync(file, "utf8")));
  }
}

// What the compiler writes for an import, and for a re-export.
const imported = /^const (\w+_\d+) = (require\("[^"]+"\));$/;
const reexported = /^var (\w+_\d+) = (require\("[^"]+"\));$/;
// What Pulumi's SDK and Node.js export is loaded anyway.
const eager = /require\("(node:[^"]+|@pulumi\/[^"]+)"\)/;

/** @internal */
function withLazyRequires(code) {
  const lines = code.split("\n");
  const names = new Set();
  const rewritten = lines.map((line) => {
    if (eager.test(line)) return line;
    const [, name, call] = imported.exec(line) ?? [];
    if (name !== undefined) {
      names.add(name);
      return `let ${name}_; const ${name} = () => ${name}_ ??= ${call};`;
    }
    const [, source, load] = reexported.exec(line) ?? [];
    // Node.js finds the names that a module re-exports by the getters that follow, which read a property of a variable.
    return source === undefined
      ? line
      : `var ${source}_, ${source} = new Proxy({}, { get: (_, name) => (${source}_ ??= ${load})[name] });`;
  });
  if (names.size === 0) return rewritten.join("\n");
  const anyName = [...names].join("|");
  const constructed = new RegExp(`\\bnew (${anyName})\\.(\\w+)`, "g");
  const used = new RegExp(`\\b(${anyName})\\.`, "g");
  return rewritten
    .map((line) => line.replace(constructed, "new ($1().$2)").replace(used, "$1()."))
    .join("\n");
}

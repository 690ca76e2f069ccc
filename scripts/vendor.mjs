// Puts what the package uses of zod and node-fetch into dist/vendor, with their licences: a program that depends on the
// package installs 0.8 MB of them instead of 17. Everything that an import reaches is copied, and nothing else.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, relative, sep } from "node:path";

const vendored = ["zod", "node-fetch"];
/** What fetch-blob loads where Node.js has no streams of the web: no version that we support. */
const neverLoaded = "web-streams-polyfill";
const specifier = /(\bfrom\s*|\bimport\s*\(?\s*|\brequire\()(["'])([^"'\n]+)\2/g;

/** The lists of the languages of zod's own messages: they keep English alone, which is a fifth of zod less. */
const oneLanguage = {
  "locales/index.cjs":
    '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.en = require("./en.cjs").default;\n',
  "locales/index.d.cts": 'export { default as en } from "./en.cjs";\n',
};

/** Compilers before TypeScript 4.7, as Pulumi brings one along, know no .d.cts. What they read of it is a name. */
const forOldCompilers =
  "export declare namespace z {\n  type ZodType<Output = unknown> = any;\n}\n";

/** Copies the packages into the compiled folder, and lets its modules and declarations import the copies. */
export function vendor(folder, repository) {
  const modules = join(repository, "node_modules");
  const target = (file) => join(folder, "vendor", relative(modules, file));
  const entries = Object.fromEntries(
    vendored.map((name) => [name, createRequire(join(repository, "index.js")).resolve(name)]),
  );
  for (const file of reachable(Object.values(entries), modules)) {
    const code = withRelativePaths(file, (path) => pathTo(target(file), target(path)));
    writeTo(target(file), /\.c?js$/.test(file) ? withoutWhitespace(code) : code);
  }
  for (const name of readdirSync(join(folder, "vendor"))) copyManifest(name, modules, folder);
  writeTo(join(folder, "vendor", "zod", "index.d.ts"), forOldCompilers);
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (!/\.(js|d\.ts)$/.test(name) || name.startsWith(`vendor${sep}`)) continue;
    const code = readFileSync(file, "utf8");
    const rewritten = code.replace(specifier, (whole, before, quote, asked) => {
      if (entries[asked] === undefined) return whole;
      // Declarations find the types by the manifest, also those that are read by an old compiler.
      const copy = name.endsWith(".d.ts") ? join(folder, "vendor", asked) : target(entries[asked]);
      return `${before}${quote}${pathTo(file, copy)}${quote}`;
    });
    if (rewritten !== code) writeFileSync(file, rewritten);
  }
}

/** With the comments that hold a licence. */
function withoutWhitespace(code) {
  // Loaded here, because a clone is set up by scripts that import this one before there is anything to load.
  const { transformSync } = createRequire(import.meta.url)("esbuild");
  return transformSync(code, { minifyWhitespace: true, legalComments: "inline" }).code;
}

/** The files that these import, directly or not, and the declarations beside those in CommonJS. */
function reachable(entries, modules) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const path of importedBy(file)) visit(path);
    const declarations = file.replace(/\.cjs$/, ".d.cts");
    if (existsSync(declarations)) visit(declarations);
  };
  for (const entry of entries) visit(entry);
  const outside = [...found].find((file) => !file.startsWith(modules));
  if (outside !== undefined) throw new Error(`${outside} is in no package.`);
  return found;
}

function importedBy(file) {
  const code = codeOf(file).replace(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(specifier)].flatMap(([, , , name]) => pathOf(name, file) ?? []);
}

function codeOf(file) {
  return oneLanguage[file.split(sep).slice(-2).join("/")] ?? readFileSync(file, "utf8");
}

/** Undefined for what Node.js brings, and for what longer comments mention. */
function pathOf(name, file) {
  if (isBuiltin(name) || name.startsWith(neverLoaded)) return undefined;
  const path = name.startsWith(".") ? join(dirname(file), name) : resolved(name, file);
  const declared = file.endsWith(".d.cts") ? path?.replace(/\.cjs$/, ".d.cts") : path;
  return declared !== undefined && existsSync(declared) && statSync(declared).isFile()
    ? declared
    : undefined;
}

function resolved(name, file) {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return undefined;
  }
}

function withRelativePaths(file, pathOfCopy) {
  return codeOf(file).replace(specifier, (whole, before, quote, name) => {
    const path = name.startsWith(".") ? undefined : pathOf(name, file);
    return path === undefined ? whole : `${before}${quote}${pathOfCopy(path)}${quote}`;
  });
}

function copyManifest(name, modules, folder) {
  const source = join(modules, name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const { version, license, type, main, types } = manifest;
  const kept = JSON.stringify({ name, version, license, type, main, types }, null, 2);
  writeTo(join(folder, "vendor", name, "package.json"), `${kept}\n`);
  // One has its licence at the end of its readme.
  const texts = readdirSync(source).filter((file) => /^licen[cs]e/i.test(file));
  const licence = texts[0] ?? "README.md";
  writeTo(join(folder, "vendor", name, licence), readFileSync(join(source, licence)));
}

function pathTo(from, to) {
  const path = relative(dirname(from), to).replaceAll(sep, "/");
  return path.startsWith(".") ? path : `./${path}`;
}

function writeTo(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

// Loads TypeScript without checking it, as ts-node's transpile-only mode does, and keeps the result in
// node_modules/.cache: a process that finds all files there need not load the compiler, which takes longer than
// most tests. A file that has changed is another entry.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const nodeModule = require("node:module");
const { basename, join } = require("node:path");
require("./lazy-sdk.cjs");

const repository = join(__dirname, "..");
const folder = join(repository, "node_modules", ".cache", "compiled-tests");
const { version } = require("typescript/package.json");
const configuration = readFileSync(join(repository, "tsconfig.json"), "utf8");

mkdirSync(folder, { recursive: true });
// From Node.js 22 on.
nodeModule.enableCompileCache?.(join(folder, "bytecode"));
process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (loaded, file) => {
  loaded._compile(compiled(file, readFileSync(file, "utf8")), file);
};

function compiled(file, source) {
  // Of the path only the name is in the result: a copy of an example is no other entry.
  const name = basename(file);
  const key = createHash("sha256").update([version, configuration, name, source].join("\0"));
  const cached = join(folder, `${key.digest("hex")}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const code = transpiled(name, source);
  // Others may write the same file at the same time.
  const temporary = `${cached}.${process.pid}`;
  writeFileSync(temporary, code);
  renameSync(temporary, cached);
  return code;
}

function transpiled(name, source) {
  const ts = require("typescript");
  const { config } = ts.parseConfigFileTextToJson("tsconfig.json", configuration);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, repository);
  const { outputText } = ts.transpileModule(source, {
    fileName: name,
    compilerOptions: { ...options, noEmit: false, inlineSourceMap: true, inlineSources: true },
  });
  return outputText;
}

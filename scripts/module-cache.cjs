// Keeps for a process of Pulumi's SDK, the plugin or mocha where its modules are and what V8 has compiled of them, which is a
// quarter of the processor time of most. What is kept counts until packages are installed or the package is built again.
// V8 compares only the length of a source with what it has compiled, so the code of a module counts only for the same text.
// Coverage sees no code of a cache.
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const nodeModule = require("node:module");
const { dirname, join, relative, sep } = require("node:path");

const repository = join(__dirname, "..");
const caches = join(repository, "node_modules", ".cache");
/** What changes when packages are installed, and when the package is built. */
const stamps = [
  join(repository, "node_modules", ".package-lock.json"),
  join(caches, "pulumi-cockroachdb-cloud", "last-build.json"),
];
const kept = ["dist", "node_modules"].map((name) => join(repository, name) + sep);
const mains = [
  join("node_modules", "mocha", "bin"),
  join("node_modules", "@pulumi", "pulumi", "cmd"),
  join("dist", "plugin", "pulumi-resource-cockroachdb-cloud"),
].map((path) => join(repository, path));
/** Fewer new modules than these are not worth another file. */
const fewModules = 5;

const main = process.argv[1] ?? "";
if (!process.env.NODE_V8_COVERAGE && mains.some((path) => main.startsWith(path))) keepModules();

function keepModules() {
  const { createHash } = require("node:crypto");
  const v8 = require("node:v8");
  const { Script } = require("node:vm");
  const folder = join(caches, "modules");
  const name = relative(repository, main).replaceAll(sep, "_");
  const file = join(folder, `${name}-${process.version}`);
  const stamp = [v8.cachedDataVersionTag(), ...stamps.map(changedAt)].join();
  const { paths, compiled } = read(file, stamp);
  let found = 0;
  const loaded = new Map();

  const resolve = nodeModule._resolveFilename;
  nodeModule._resolveFilename = function resolveOnce(request, parent, ...rest) {
    const isOurs = isKept(parent?.filename) && rest.every((option) => !option);
    const key = isOurs && `${dirname(parent.filename)}\0${request}`;
    if (isOurs && key in paths) return paths[key];
    const path = resolve.call(this, request, parent, ...rest);
    if (isOurs && isKept(path)) {
      paths[key] = path;
      found += 1;
    }
    return path;
  };

  // What is kept is CommonJS, which Node.js finds out from the manifest of the package otherwise.
  const extension = nodeModule._extensions[".js"];
  nodeModule._extensions[".js"] = function readOnce(loading, path) {
    if (compiled.has(path)) loading._compile(readFileSync(path, "utf8"), path);
    else extension.call(this, loading, path);
  };

  const compile = nodeModule.prototype._compile;
  nodeModule.prototype._compile = function compileOnce(content, path, ...rest) {
    const script = isKept(path) && scriptOf(content, path);
    if (!script) return compile.call(this, content, path, ...rest);
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, requireOf(this), this, path, dirname(path));
  };

  /** None of a module with an `import()`, which Node.js refuses in code of a cache, or of ECMAScript's. */
  function scriptOf(content, path) {
    if (content.includes("import(")) return undefined;
    const known = compiled.get(path);
    const digest = createHash("sha1").update(content).digest("base64");
    const cachedData = known?.digest === digest ? known.data : undefined;
    try {
      const source = nodeModule.wrap(content.replace(/^#!/, "//"));
      const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
      if (!cachedData || script.cachedDataRejected) loaded.set(path, { digest, script });
      return script;
    } catch (error) {
      if (error.name === "SyntaxError") return undefined;
      throw error;
    }
  }

  const keep = () => {
    if (compiled.size > 0 && found + loaded.size < fewModules) return;
    for (const [path, { digest, script }] of loaded)
      compiled.set(path, { digest, data: script.createCachedData() });
    mkdirSync(folder, { recursive: true });
    write(file, { stamp, paths, compiled });
    found = 0;
    loaded.clear();
  };
  process.on("exit", keep);
  // The engine kills a plugin.
  setTimeout(keep, 1_000).unref();
}

function isKept(path) {
  return typeof path === "string" && kept.some((folder) => path.startsWith(folder));
}

function requireOf(module) {
  const own = (request) => module.require(request);
  const resolve = (request, options) =>
    nodeModule._resolveFilename(request, module, false, options);
  Object.defineProperty(resolve, "paths", {
    get: () => nodeModule.createRequire(module.filename).resolve.paths,
  });
  const { _cache: cache, _extensions: extensions } = nodeModule;
  return Object.assign(own, { resolve, main: process.mainModule, extensions, cache });
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** The first line says where in what follows the code of each module is. */
function read(file, stamp) {
  const none = { paths: {}, compiled: new Map() };
  try {
    const content = readFileSync(file);
    const end = content.indexOf("\n");
    const index = JSON.parse(content.toString("utf8", 0, end));
    if (index.stamp !== stamp) return none;
    let from = end + 1;
    const compiled = index.compiled.map(([path, digest, size]) => {
      const data = content.subarray(from, from + size);
      from += size;
      return [path, { digest, data }];
    });
    return { paths: index.paths, compiled: new Map(compiled) };
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return none;
  }
}

function write(file, { stamp, paths, compiled }) {
  const index = [...compiled].map(([path, { digest, data }]) => [path, digest, data.length]);
  const code = [...compiled.values()].map(({ data }) => data);
  // Others may write the same file at the same time.
  const temporary = `${file}.${process.pid}`;
  const head = `${JSON.stringify({ stamp, paths, compiled: index })}\n`;
  writeFileSync(temporary, Buffer.concat([Buffer.from(head), ...code]));
  renameSync(temporary, file);
}

// What processes of tests keep of the modules that they load, in a project of its own.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../support/engine";

const names = ["a", "b", "c", "d", "e", "f"];

describe("A process of the tests that loads kept modules", function () {
  this.timeout(30_000);
  let project = "";
  before(() => {
    project = mkdtempSync(join(tmpdir(), "module-cache-"));
    mkdirSync(join(project, "scripts"));
    copyFileSync(
      join(repository, "scripts", "module-cache.cjs"),
      join(project, "scripts", "module-cache.cjs"),
    );
  });
  after(() => {
    rmSync(project, { recursive: true });
  });

  const write = (path: string, text: string) => {
    const file = join(project, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  };
  const run = (...more: string[]) => {
    const environment = { ...process.env };
    delete environment["NODE_V8_COVERAGE"];
    delete environment["NODE_OPTIONS"];
    const cache = join(project, "scripts", "module-cache.cjs");
    const program = join(project, "node_modules", "mocha", "bin", "program.cjs");
    const required = [cache, ...more].flatMap((path) => ["--require", path]);
    const output = execFileSync(process.execPath, [...required, program], { env: environment });
    return String(output).trim();
  };

  it("runs what else is to be loaded before it", () => {
    write("node_modules/mocha/bin/program.cjs", "console.log(globalThis.loaded);");
    write("scripts/other.cjs", "globalThis.loaded = true;");
    assert.equal(run(join(project, "scripts", "other.cjs")), "true");
  });

  it("runs the present code of a module that was changed in place, also where its length is the same", () => {
    write("node_modules/mocha/bin/program.cjs", 'console.log(require("probe"));');
    const all = names.map((name) => `require("./${name}.js")()`);
    write("node_modules/probe/index.js", `module.exports = [${all}].join();`);
    for (const text of ["old", "old", "new"]) {
      for (const name of names)
        write(`node_modules/probe/${name}.js`, `module.exports = () => "${text}";`);
      assert.equal(run(), names.map(() => text).join());
    }
  });
});

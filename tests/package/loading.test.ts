// What a program loads of the package: as many modules as what it uses needs.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { repository } from "../support/engine";

/** The modules that the code loads beside Pulumi's SDK, in a process of its own. */
function loadedBy(code: string): string[] {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    ${code};
    const loaded = Object.keys(require.cache).filter((name) => !before.has(name));
    console.log(JSON.stringify(loaded.map((name) => name.replaceAll("\\\\", "/"))));`;
  const output = execFileSync(process.execPath, ["-e", script], { cwd: repository });
  return JSON.parse(String(output)) as string[];
}

const own = (modules: readonly string[]) => modules.filter((name) => !name.includes("/zod/"));

describe("Loading the package", function () {
  this.timeout(60_000);

  it("takes no more than three modules, and none of another package", () => {
    const modules = loadedBy('require("pulumi-cockroachdb-cloud")');
    assert.ok(modules.length <= 3, modules.join("\n"));
    assert.deepEqual(own(modules), modules);
  });

  it("and using one class takes at most 25 of its modules, none of which sends requests", () => {
    for (const name of ["Cluster", "SqlUser", "Folder"]) {
      const modules = own(loadedBy(`require("pulumi-cockroachdb-cloud").${name}`));
      assert.ok(modules.length <= 25, modules.join("\n"));
      assert.deepEqual(
        modules.filter((module) => /\/sdk\/|node-fetch|p-retry/.test(module)),
        [],
      );
    }
  });

  it("gives every class and function to modules of both kinds", () => {
    const code = `
      const required = Object.keys(require("pulumi-cockroachdb-cloud"));
      import("pulumi-cockroachdb-cloud").then((imported) => {
        const wrong = required.filter((name) => imported[name] === undefined);
        if (required.length < 50 || wrong.length > 0) throw new Error(required.length + " " + wrong);
      })`;
    loadedBy(code);
  });
});

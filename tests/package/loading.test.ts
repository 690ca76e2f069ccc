// What a program loads of the package: as many modules as what it uses needs.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
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

const own = (modules: readonly string[]) => modules.filter((name) => !name.includes("/vendor/"));

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

  it("loads no locale, which takes Node.js twenty milliseconds in each process of the provider", () => {
    const folders = ["provider", "sdk"].map((name) => join(repository, "dist", name));
    const modules = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".js"))
        .map((name) => join(folder, name)),
    );
    loadedBy(`
      const refuse = () => { throw new Error("This loads a locale."); };
      Number.prototype.toLocaleString = refuse;
      for (const name of ["DateTimeFormat", "ListFormat", "NumberFormat"]) Intl[name] = refuse;
      for (const file of ${JSON.stringify(modules)}) require(file)`);
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

describe("Installing the package", () => {
  /** The bytes of the files in a folder. */
  const sizeOf = (folder: string): number =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .reduce((sum, item) => sum + statSync(join(item.parentPath, item.name)).size, 0);

  /** The packages that a package depends on, directly or not. */
  function dependenciesOf(folder: string, found = new Set<string>()): Set<string> {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      const dependency = join(repository, "node_modules", name);
      if (found.has(dependency)) continue;
      found.add(dependency);
      dependenciesOf(dependency, found);
    }
    return found;
  }

  it("takes at most 6 MB with everything that it depends on beside Pulumi's SDK", () => {
    const folders = [join(repository, "dist"), ...dependenciesOf(repository)];
    const sizes = folders.map((folder): [string, number] => [folder, sizeOf(folder)]);
    const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(bytes <= 6_000_000, JSON.stringify(sizes));
  });

  it("brings the licence of each package that it contains a part of", () => {
    const vendored = join(repository, "dist", "vendor");
    const names = readdirSync(vendored);
    assert.ok(names.includes("zod") && names.includes("node-fetch"));
    for (const name of names) {
      const files = readdirSync(join(vendored, name));
      const text = files.find((file) => /^(licen[cs]e|readme)/i.test(file));
      assert.ok(text, name);
      const licence = readFileSync(join(vendored, name, text), "utf8");
      assert.match(licence, /Permission is hereby granted, free of charge/, name);
      const { version } = JSON.parse(readFileSync(join(vendored, name, "package.json"), "utf8"));
      assert.match(version, /^\d+\.\d+\.\d+/);
    }
  });
});

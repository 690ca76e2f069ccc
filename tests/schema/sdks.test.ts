// The SDKs of all languages, by Pulumi's own generators: without a warning, and what this machine can read of them compiles.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { programIn, repository } from "../support/documents";
import { generateSdks, runToEnd } from "../support/sdks";

describe("The SDKs", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdks-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  before(function () {
    this.timeout(600_000);
    generateSdks(folder);
  });

  it("for Node.js compiles, with the program of docs/languages.md", () => {
    const sdk = join(folder, "nodejs");
    symlinkSync(join(repository, "node_modules"), join(sdk, "node_modules"), "dir");
    const example = join(sdk, "example.ts");
    writeFileSync(example, programIn("docs/languages.md", "typescript"));
    const program = ts.createProgram([join(sdk, "index.ts"), example], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node20,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
      paths: { "@pulumi/cockroachdb-cloud": [join(sdk, "index.ts")] },
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    assert.deepEqual(problems, []);
  }).timeout(120_000);

  it("for Node.js, Python, Go, .NET and Java have the resources, and the way to them by alias", () => {
    const files = {
      nodejs: "database.ts",
      python: "pulumi_cockroachdb_cloud/database.py",
      go: "cockroachdbcloud/database.go",
      dotnet: "Database.cs",
      java: "src/main/java/com/pulumi/cockroachdbcloud/Database.java",
    };
    for (const [language, file] of Object.entries(files)) {
      const text = readFileSync(join(folder, language, file), "utf8");
      for (const alias of [
        "pulumi-nodejs:dynamic/cockroachdb-cloud:Database",
        "cockroach:index/database:Database",
      ]) {
        assert.ok(text.includes(alias), `${language}: ${alias}`);
      }
    }
  });

  it("for .NET have the logo of the package", () => {
    const logo = readFileSync(join(repository, "docs", "images", "logo.png"));
    assert.deepEqual(readFileSync(join(folder, "dotnet", "logo.png")), logo);
  });

  it("for Python have the words of each value of an enum as the name of its member", () => {
    const text = readFileSync(
      join(folder, "python", "pulumi_cockroachdb_cloud", "_enums.py"),
      "utf8",
    );
    const members = [...text.matchAll(/^ {4}(\w+) = "(.+)"$/gm)];
    assert.ok(members.length > 50);
    for (const [, name, value = ""] of members) {
      const words = value.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
      assert.equal(name, words.replaceAll(/_(?=[0-9])/g, ""));
    }
  });

  if (spawnSync("python3", ["--version"]).status === 0) {
    it("for Python are programs of Python", () => {
      runToEnd("python3", ["-m", "compileall", "-q", "."], join(folder, "python"));
    }).timeout(60_000);
  }

  it("keep secrets secret in Python, where a program gives them in plain text", () => {
    const user = readFileSync(join(folder, "python/pulumi_cockroachdb_cloud/sql_user.py"), "utf8");
    assert.match(
      user,
      /secret_opts = pulumi[.]ResourceOptions\(additional_secret_outputs=\["password"\]\)/,
    );
  });
});

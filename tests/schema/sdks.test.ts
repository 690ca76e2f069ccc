// The SDKs of all languages, by Pulumi's own generators: without a warning, and what this machine can read of them compiles.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { schemaFile } from "../../schema/generate";
import { repository } from "../support/documents";

describe("The SDKs", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdks-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (program: string, given: readonly string[], cwd: string) => {
    const env = { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" };
    const { status, error, stdout, stderr } = spawnSync(program, given, {
      cwd,
      env,
      encoding: "utf8",
    });
    assert.equal(error, undefined, `${program}: ${error?.message}`);
    assert.equal(status, 0, `${program}: ${stdout}${stderr}`);
    return { stdout, stderr };
  };

  before(function () {
    // The generators are built once; then this takes three seconds.
    this.timeout(600_000);
    const logo = join(repository, "docs", "images", "logo.png");
    const source = join(__dirname, "sdks");
    const built = join(folder, "generate");
    run("go", ["build", "-o", built, "."], source);
    const { stdout, stderr } = run(built, [schemaFile, logo, folder], folder);
    assert.equal(stderr, "");
    const languages = ["dotnet", "go", "java", "nodejs", "python"];
    assert.deepEqual(stdout.match(/^\w+(?=: \d+ files$)/gm)?.sort(), languages);
    assert.equal(stdout.match(/warn/i), null, stdout);
  });

  it("for Node.js compiles", () => {
    const sdk = join(folder, "nodejs");
    symlinkSync(join(repository, "node_modules"), join(sdk, "node_modules"), "dir");
    const program = ts.createProgram([join(sdk, "index.ts")], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node20,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
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

  if (spawnSync("python3", ["--version"]).status === 0) {
    it("for Python are programs of Python", () => {
      run("python3", ["-m", "compileall", "-q", "."], join(folder, "python"));
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

// What the README says does not work, because of Pulumi: once it does, the README is out of date.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Package } from "../../scripts/pack.mjs";
import { packPackage, remove, temporaryFolder, writeFiles } from "../support/consumer";
import { engine, startProgram } from "../support/engine";
import { obtainNode } from "../support/tools";
import { installProject } from "./install";
import type { Project } from "./project";
import { writeProject } from "./project";
import type { Row } from "./rows";
import { nodeVersions, typescript7 } from "./rows";

describe("What Pulumi does not do", function () {
  this.timeout(400_000);

  const node = "Node 22";
  const folder = temporaryFolder();
  let packed: Package;
  let nodeBin: string;
  let path: string;

  before(async () => {
    packed = await packPackage(folder);
    nodeBin = await obtainNode(nodeVersions[node]);
    path = [nodeBin, process.env["PATH"]].join(delimiter);
  });

  after(() => remove(folder));

  function projectOf(row: Row): Project {
    const root = join(folder, row.manager.replace(" ", "-"));
    mkdirSync(root);
    return writeProject(root, row, packed.tarball);
  }

  async function failedPreview({ stack }: Project): Promise<string> {
    const { binDir } = await engine();
    const program = await startProgram({
      directory: stack,
      inPlace: true,
      start: "checked",
      env: { PATH: [binDir, path].join(delimiter) },
    });
    try {
      const { code, stdout, stderr } = await program.start("preview").ended;
      assert.notEqual(code, 0, stdout);
      return stdout + stderr;
    } finally {
      program.close();
    }
  }

  const row = {
    workspaces: false,
    program: "CommonJS TypeScript",
    compiler: "TypeScript 6",
    node,
    pulumi: "newest",
  } as const;

  it("is to run a program by plain TypeScript 7", async () => {
    const byNpm: Row = { ...row, manager: "npm" };
    const project = projectOf(byNpm);
    const file = join(project.stack, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { devDependencies: object };
    const devDependencies = { ...manifest.devDependencies, typescript: typescript7 };
    writeFiles(project.stack, { "package.json": { ...manifest, devDependencies } });
    await assert.rejects(installProject(project, byNpm, path), /ERESOLVE/);
    await installProject(project, { ...byNpm, compiler: "TypeScript 7 with tsx" }, path);
    assert.match(await failedPreview(project), /ts-node/);
  });

  it("is to find its SDK without node_modules", async () => {
    const byYarn: Row = { ...row, manager: "yarn 4" };
    const project = projectOf(byYarn);
    writeFiles(project.root, { ".yarnrc.yml": "nodeLinker: pnp\n" });
    await installProject(project, byYarn, path);
    assert.match(
      await failedPreview(project),
      /It looks like the Pulumi SDK has not been installed/,
    );
  });
});

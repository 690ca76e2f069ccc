// The packed package in every environment that it is made for: installed by each package manager, in each kind of
// program, on each Node.js and with each compiler, and then a stack's life on the real engine. A row fails on any
// warning, of whomever, that the README does not list as somebody else's.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Package } from "../../scripts/pack.mjs";
import type { Printed } from "../support/consumer";
import { packPackage, remove, runIn, temporaryFolder } from "../support/consumer";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { engine, startProgram } from "../support/engine";
import { foreignWarnings, foreignWarningsIn, warningsIn } from "../support/foreign-warnings";
import { obtainNode } from "../support/tools";
import { engineWithTsx } from "./host";
import { installProject } from "./install";
import type { Project } from "./project";
import { isBuilt, isTypeScript, usesTsx, writeProject } from "./project";
import type { Row } from "./rows";
import { compilers, managers, nameOf, nodeVersions, programs, pulumiVersions, rows } from "./rows";

describe("The package", function () {
  this.timeout(400_000);

  const folder = temporaryFolder();
  const foreign = new Set<string>();
  let packed: Package;

  before("pack it", async () => {
    packed = await packPackage(folder);
  });

  after(() => remove(folder));
  checkEmulators();

  for (const row of rows) {
    it(`works with ${nameOf(row)}`, async () => {
      const root = join(folder, String(rows.indexOf(row)));
      mkdirSync(root);
      const nodeBin = await obtainNode(nodeVersions[row.node]);
      const path = [nodeBin, process.env["PATH"]].join(delimiter);
      try {
        const project = writeProject(root, row, packed.tarball);
        const printed = new Map<string, Printed>();
        printed.set("install", await installProject(project, row, path));
        for (const [step, output] of await compileProject(project, row, path))
          printed.set(step, output);
        for (const [step, output] of await liveThrough(project, row, nodeBin))
          printed.set(step, output);
        for (const name of [...printed.values()].flatMap(foreignWarningsIn)) foreign.add(name);
        const warnings = [...printed].map(([step, output]) => [step, warningsIn(output)] as const);
        assert.deepEqual(
          warnings.filter(([, lines]) => lines.length > 0),
          [],
        );
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });
  }

  it("meets every warning that the README lists as somebody else's", () => {
    assert.deepEqual([...foreign].sort(), Object.keys(foreignWarnings).sort());
  });

  it("meets every value of every dimension in a row", () => {
    const missing = (values: readonly string[], of: (row: Row) => string) =>
      values.filter((value) => !rows.some((row) => of(row) === value));
    assert.deepEqual(
      [
        ...missing(managers, ({ manager }) => manager),
        ...missing(programs, ({ program }) => program),
        ...missing(compilers, ({ compiler }) => compiler),
        ...missing(Object.keys(nodeVersions), ({ node }) => node),
        ...missing(Object.keys(pulumiVersions), ({ pulumi }) => pulumi),
      ],
      [],
    );
    for (const node of Object.keys(nodeVersions))
      assert.ok(
        rows.some((row) => row.node === node && row.program === "ESM TypeScript"),
        node,
      );
  });
});

/** Types by the row's own compiler, and the program of a row that runs what `tsc` made. */
async function compileProject(
  { root, stack }: Project,
  row: Row,
  path: string,
): Promise<[string, Printed][]> {
  if (!isTypeScript(row) || row.compiler === "no TypeScript") return [];
  const name = row.compiler === "TypeScript 7 beside 6" ? "typescript-7" : "typescript";
  const compiler = [stack, root]
    .map((folder) => join(folder, "node_modules", name, "bin", "tsc"))
    .find((file) => existsSync(file));
  assert.ok(compiler, `${name} is installed`);
  const args = [compiler, ...(isBuilt(row) ? [] : ["--noEmit"])];
  return [["tsc", await runIn(stack, "node", args, { PATH: path })]];
}

interface Outputs {
  readonly clusterId: string;
  readonly url: string;
  readonly node: string;
}

/** From the first preview to destroy. */
async function liveThrough(
  { root, stack }: Project,
  row: Row,
  nodeBin: string,
): Promise<[string, Printed][]> {
  const emulator = await startTestEmulator();
  const found = await engine();
  const used = usesTsx(row) ? engineWithTsx(found, root) : found;
  const { pulumi, exportState, close } = await startProgram({
    directory: stack,
    inPlace: true,
    start: "checked",
    engine: used,
    env: {
      COCKROACH_API_KEY: emulator.apiKey,
      COCKROACH_SERVER: emulator.url,
      PATH: [used.binDir, nodeBin, process.env["PATH"]].join(delimiter),
    },
  });
  try {
    const preview = await pulumi("preview");
    assert.match(preview.stdout, /Cluster orders create/);
    const up = await pulumi("up", "--yes", "--skip-preview");
    const outputs = JSON.parse((await pulumi("stack", "output", "--json")).stdout) as Outputs;
    assert.match(emulator.clusters.get(outputs.clusterId).name, /^orders-/);
    assert.equal(outputs.url, "[secret]");
    assert.equal(outputs.node, `v${nodeVersions[row.node]}`);
    const refresh = await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    const destroy = await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual((await exportState()).deployment.resources ?? [], []);
    return Object.entries({ preview, up, refresh, destroy });
  } finally {
    close();
  }
}

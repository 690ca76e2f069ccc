/** What loading the package costs: time and memory of each entry, of the provider process, and bytes on disk. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { resourceTypes } from "../provider/resource/resource-types";
import { repository } from "../tests/support/engine";
import type { PartOptions } from "./part";
import type { Section } from "./report";
import { figure } from "./report";
import { median, spread } from "./statistics";

/** What loading cost. */
export interface Loading {
  readonly ms: number;
  readonly megabytes: number;
  readonly modules: number;
}

export async function measureStartup({ quick }: PartOptions): Promise<Section> {
  const repetitions = quick ? 2 : 15;
  const entries = [
    "pulumi-cockroachdb-cloud",
    "pulumi-cockroachdb-cloud/sdk",
    "pulumi-cockroachdb-cloud/emulator",
    ...Object.values(resourceTypes).map(({ stem }) => `pulumi-cockroachdb-cloud/provider/${stem}`),
  ];
  const afterPulumi = entries.filter((name) => !/sdk$|emulator$/.test(name));
  const loads: Load[] = [
    { title: `\`${pulumiBase}\``, before: [], measured: [pulumiBase] },
    ...entries.map((name) => ({ title: `\`${name}\``, before: [], measured: [name] })),
    ...afterPulumi.map((name) => ({
      title: `\`${name}\`, after \`${pulumiBase}\``,
      before: [pulumiBase],
      measured: [name],
    })),
    {
      title: `\`${clusterEntry}\`, after \`${pulumiBase}\`, if nothing were put off`,
      before: [pulumiBase],
      measured: [clusterEntry, ...loadedWithFirstRequest],
    },
  ];
  const rows: string[][] = [];
  for (const one of loads) {
    const runs: Loading[] = [];
    for (let index = 0; index < repetitions + 1; index += 1) runs.push(await load(one));
    const measured = runs.slice(1);
    rows.push([
      one.title,
      figure(median(measured.map(({ ms }) => ms))),
      figure(median(measured.map(({ megabytes }) => megabytes))),
      figure(median(measured.map(({ modules }) => modules))),
      `${figure(100 * spread(measured.map(({ ms }) => ms)))} %`,
    ]);
  }
  const packages = installedPackages();
  return {
    title: "Start-up and size",
    method: `\`require\` of each entry in a process of its own (median of ${repetitions} runs after one that warms the file cache): time, growth of resident memory, modules loaded. In the provider process and in programs Pulumi's SDK is there before: the rows that say so are what the package adds.`,
    tables: [
      { columns: ["Entry", "ms", "MB", "Modules", "Spread of ms"], rows },
      {
        title: "Installed, without Pulumi's SDK, which the program has anyway",
        columns: ["Package", "MB"],
        rows: [
          ["pulumi-cockroachdb-cloud", figure(ownBytes() / 1e6)],
          ...packages.map(([name, bytes]) => [name, figure(bytes / 1e6)]),
          ["all", figure(installedMegabytes())],
        ],
      },
    ],
    notes: [
      `${loadedWithFirstRequest.map((name) => `\`${name}\``).join(" and ")} are loaded with the first request: a preview and an update without changes never load them. The last row is what it was before, with both loaded at once.`,
    ],
  };
}

/**
 * What loading the package, and these classes of it, adds to a program that has Pulumi's SDK: one process a run, after one
 * that warms the file cache.
 */
export async function loadAfterPulumi(
  runs: number,
  used: readonly string[] = [],
): Promise<Loading[]> {
  const measured = ["pulumi-cockroachdb-cloud"];
  const one: Load = { title: "", before: [pulumiBase], measured, used };
  const loadings: Loading[] = [];
  for (let index = 0; index < runs + 1; index += 1) loadings.push(await load(one));
  return loadings.slice(1);
}

/** What npm installs for the package, without Pulumi's SDK. */
export function installedMegabytes(): number {
  return (ownBytes() + installedPackages().reduce((sum, [, bytes]) => sum + bytes, 0)) / 1e6;
}

function ownBytes(): number {
  return sizeOf(join(repository, "dist"));
}

const pulumiBase = "@pulumi/pulumi";
const clusterEntry = "pulumi-cockroachdb-cloud/provider/cluster";
const loadedWithFirstRequest = ["node-fetch", "p-retry"];

interface Load {
  readonly title: string;
  /** Loaded before the measurement begins. */
  readonly before: readonly string[];
  readonly measured: readonly string[];
  /** Exports of what is measured, which are loaded when they are used. */
  readonly used?: readonly string[];
}

async function load({ before, measured, used = [] }: Load): Promise<Loading> {
  const code = `
    for (const name of ${JSON.stringify(before)}) require(name);
    const modules = Object.keys(require.cache).length;
    const rss = process.memoryUsage().rss;
    const startedAt = performance.now();
    for (const name of ${JSON.stringify(measured)}) {
      for (const member of ${JSON.stringify(used)}) require(name)[member];
      require(name);
    }
    const ms = performance.now() - startedAt;
    console.log(JSON.stringify({
      ms,
      megabytes: (process.memoryUsage().rss - rss) / 1e6,
      modules: Object.keys(require.cache).length - modules,
    }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { cwd: repository });
  return JSON.parse(stdout) as Loading;
}

/** What the package depends on, and that in turn, by size. Peers belong to the program. */
function installedPackages(): [name: string, bytes: number][] {
  const found = new Map<string, number>();
  const visit = (folder: string) => {
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    for (const name of Object.keys(dependencies)) {
      const path = folderOf(name, folder);
      if (found.has(path)) continue;
      found.set(path, sizeOf(path));
      visit(path);
    }
  };
  visit(repository);
  return [...found]
    .map(([path, bytes]): [string, number] => [
      path.slice(path.lastIndexOf("node_modules/") + 13),
      bytes,
    ])
    .sort(([, one], [, other]) => other - one);
}

function folderOf(name: string, from: string): string {
  const path = join(from, "node_modules", name);
  if (readable(join(path, "package.json"))) return path;
  const parent = dirname(from);
  if (parent === from) throw new Error(`${name} is not installed: run npm ci.`);
  return folderOf(name, parent);
}

function readable(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Of the files in a folder, without packages inside it, which are counted apart. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((item) => {
      const path = join(folder, item.name);
      return item.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}

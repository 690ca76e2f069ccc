/** `npm run bench`: measures, keeps what each part found in bench/results, and writes docs/benchmarks.*. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { engine, repository } from "../tests/support/engine";
import { chartOf } from "./chart-of-results";
import type { PartOptions } from "./part";
import { measurePlugin } from "./plugin";
import { measureRate } from "./rate";
import type { Circumstances, Result, Section } from "./report";
import { renderPage, renderSection } from "./report";
import { measureRequests } from "./requests";
import { measureResources } from "./resources";
import { runAsProgram } from "./run-as-program";
import { measureScale } from "./scale";
import { sharedKeySection } from "./shared-key-section";
import { measureStartup } from "./startup";
import { compareWithTerraform } from "./terraform-provider";
import { measureWaiting } from "./waiting";
import { measureWeight } from "./weight";

/** In the order of the page. */
const parts: Record<string, (options: PartOptions) => Promise<Section>> = {
  weight: measureWeight,
  requests: measureRequests,
  resources: measureResources,
  rate: measureRate,
  "shared-key": sharedKeySection,
  waiting: measureWaiting,
  startup: measureStartup,
  scale: measureScale,
  plugin: measurePlugin,
  terraform: compareWithTerraform,
};

const usage = `npm run bench -- [--quick] [--minutes <m>] [part ...]
  parts: ${Object.keys(parts).join(", ")} (default: all, about an hour)
  --quick: small sizes, to see that it runs; keeps and writes nothing
  --minutes: begins nothing more after these; only \`weight\` says then what was not measured`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      minutes: { type: "string", default: "1440" },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const wanted = positionals.length === 0 ? Object.keys(parts) : positionals;
  if (values.help || wanted.some((name) => !(name in parts))) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const { version } = await engine();
  const endsAt = Date.now() + Number(values.minutes) * 60_000;
  const options = { quick: values.quick, hasTime: () => Date.now() < endsAt };
  for (const name of wanted) {
    const measure = parts[name] as (options: PartOptions) => Promise<Section>;
    console.error(`${name} …`);
    const before = loadavg()[0] ?? 0;
    const section = await measure(options);
    const result = { circumstances: circumstances(version, before), section };
    console.log(`\n${renderSection(result)}`);
    if (!values.quick) keep(name, result);
  }
  if (!values.quick) writePage();
  return 0;
}

function circumstances(pulumi: string, loadBefore: number): Circumstances {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    pulumi,
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? "an unknown processor",
    cores: availableParallelism(),
    load: [loadBefore, loadavg()[0] ?? 0],
  };
}

const results = join(repository, "bench", "results");

function keep(name: string, result: Result): void {
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

function writePage(): void {
  const kept = Object.keys(parts).flatMap((name) => {
    const file = join(results, `${name}.json`);
    return existsSync(file) ? [JSON.parse(readFileSync(file, "utf8")) as Result] : [];
  });
  const points = kept.flatMap(({ section }) => section.points ?? []);
  const docs = join(repository, "docs");
  writeFileSync(join(docs, "benchmarks.md"), renderPage(kept));
  if (points.length > 0) writeFileSync(join(docs, "benchmarks.svg"), chartOf(points));
}

runAsProgram(main);

// Importing by the plugin on the real engine: what `pulumi import` writes, as the program of the next preview, and the option.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Emulator } from "../../emulator";
import { allResourceTypes, pluginToken } from "../../provider/resource/resource-types";
import { casesOf } from "../conformance/resource-cases";
import { startImmediateEmulator } from "../contract/plugins";
import { writeFiles } from "../support/consumer";
import { closeTestEmulators } from "../support/emulator";
import { nameOf } from "../support/engine";
import type { YamlProgram, YamlStack } from "../support/yaml-program";
import { startYaml } from "../support/yaml-program";
import { everyType, inYaml } from "./declared-program";

interface Written extends YamlProgram {
  readonly resources: Readonly<Record<string, { type: string; properties: object }>>;
}

const stacks: YamlStack[] = [];

async function start(program: YamlProgram, emulator: Emulator): Promise<YamlStack> {
  const stack = await startYaml(program, emulator);
  stacks.push(stack);
  return stack;
}

async function closeAll(): Promise<void> {
  for (const stack of stacks.splice(0)) stack.close();
  await closeTestEmulators();
}

describe("The code that pulumi import writes in YAML", function () {
  this.timeout(240_000);

  after(closeAll);

  it("is a program of every resource in which nothing changes, but for the key of Datadog, which nobody can read", async () => {
    const emulator = await startImmediateEmulator();
    const creating = await start(inYaml(everyType(emulator)), emulator);
    await creating.pulumi("up", "--yes", "--skip-preview");
    const { deployment } = await creating.exportState();
    const resources = (deployment.resources ?? [])
      .map(({ type, urn, id }) => ({ type, name: nameOf(urn), id }))
      .filter(({ type }) => allResourceTypes.some((one) => pluginToken(one) === type));
    assert.equal(resources.length, allResourceTypes.length);

    const importing = await start({ name: "imported", resources: {} }, emulator);
    const [list, code] = ["import.json", "generated.yaml"].map((name) =>
      join(importing.directory, name),
    ) as [string, string];
    writeFiles(importing.directory, { "import.json": { resources } });
    emulator.requests.clear();
    const options = ["--file", list, "--out", code, "--yes", "--skip-preview", "--protect=false"];
    const { stdout } = await importing.pulumi("import", ...options);
    assert.match(stdout, new RegExp(`= ${resources.length} imported`));

    const written = parse(readFileSync(code, "utf8")) as Written;
    const datadog = Object.entries(written.resources).find(
      ([, { type }]) => type === "cockroachdb-cloud:MetricExportDatadogConfig",
    );
    assert.ok(datadog);
    const [name, { type, properties }] = datadog;
    const { apiKey } = casesOf.MetricExportDatadogConfig.full[0];
    const completed = { type, properties: { ...properties, apiKey } };
    importing.write({
      name: "imported",
      resources: { ...written.resources, [name]: completed },
    });
    const preview = await importing.pulumi("preview", "--json");
    const { steps } = JSON.parse(preview.stdout) as { steps: { op: string; urn: string }[] };
    const changes = steps.filter(({ op }) => op !== "same");
    assert.deepEqual(
      changes.map(({ op, urn }) => [op, nameOf(urn)]),
      [["update", name]],
    );
    const writes = emulator.requests.filter(({ method }) => method !== "GET");
    assert.deepEqual(writes, []);
  });
});

describe("The option import of a program in YAML", function () {
  this.timeout(120_000);

  after(closeAll);

  it("keeps the object of a resource that is renamed beside it, though the engine asks for its deletion", async () => {
    const emulator = await startImmediateEmulator();
    const folder = (name: string, options: object = {}): YamlProgram => ({
      resources: {
        [name]: { type: "cockroachdb-cloud:Folder", properties: { name: "shop" }, options },
      },
    });
    const stack = await start(folder("orders"), emulator);
    await stack.pulumi("up", "--yes", "--skip-preview");
    const [created] = emulator.folders.list();
    assert.ok(created);
    emulator.requests.clear();
    stack.write(folder("ledger", { import: created.resource_id }));
    const { stdout } = await stack.pulumi("up", "--yes", "--skip-preview");
    assert.match(stdout, /= 1 imported/);
    assert.match(stdout, /- 1 deleted/);
    assert.match(stdout, /still belongs to this stack: an outdated entry of it is dropped/);
    const writes = emulator.requests.filter(({ method }) => method !== "GET");
    assert.deepEqual(writes, []);
    assert.deepEqual(emulator.folders.list(), [created]);
  });
});

// What `pulumi import` writes for existing objects on the real engine, as the program of the next preview.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
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

describe("The code that pulumi import writes in YAML", function () {
  this.timeout(240_000);

  const stacks: YamlStack[] = [];
  after(async () => {
    for (const stack of stacks) stack.close();
    await closeTestEmulators();
  });

  it("is a program of every resource in which nothing changes, but for the key of Datadog, which nobody can read", async () => {
    const emulator = await startImmediateEmulator();
    const start = async (program: YamlProgram) => {
      const stack = await startYaml(program, emulator);
      stacks.push(stack);
      return stack;
    };
    const creating = await start(inYaml(everyType(emulator)));
    await creating.pulumi("up", "--yes", "--skip-preview");
    const { deployment } = await creating.exportState();
    const resources = (deployment.resources ?? [])
      .map(({ type, urn, id }) => ({ type, name: nameOf(urn), id }))
      .filter(({ type }) => allResourceTypes.some((one) => pluginToken(one) === type));
    assert.equal(resources.length, allResourceTypes.length);

    const importing = await start({ name: "imported", resources: {} });
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

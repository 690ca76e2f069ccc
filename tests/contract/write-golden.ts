// `npm run golden -- <Type>…` writes golden states of resources: what a stack on the real engine keeps of the first
// arguments of their conformance cases; with `--plugin` that of a program with all of them, by the provider plugin. A
// golden state that is there already is never written again.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes, resourceTypes } from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import { everyType, inTypeScript, inYaml } from "../engine/declared-program";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor } from "../support/emulator";
import { repository, startStack } from "../support/engine";
import { startYaml } from "../support/yaml-program";
import { goldenFolder } from "./golden-states";
import { startImmediateEmulator } from "./plugins";

const then = "2026-06-01T00:00:00Z";

async function main(names: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const write = async (stem: string, stateOn: (emulator: TestEmulator) => Promise<string>) => {
    const file = join(goldenFolder, `${version}-${stem}.json`);
    assert.ok(!existsSync(file), `${file} is there already.`);
    const emulator = await startImmediateEmulator();
    const state = JSON.parse(await stateOn(emulator));
    await closeTestEmulators();
    for (const resource of state.deployment.resources) {
      Object.assign(resource, { created: then, modified: then });
      // Where the program is on this machine.
      delete resource.sourcePosition;
      delete resource.stackTrace;
    }
    state.deployment.manifest.time = then;
    writeFileSync(file, `${JSON.stringify(state, undefined, 2)}\n`);
    process.stdout.write(`${file}\n`);
  };
  if (isDeepStrictEqual(names, ["--plugin"])) return await write("plugin", writtenByPlugin);
  for (const name of names) {
    const type = allResourceTypes.find((one) => one === name);
    assert.ok(type, `${name} is no resource: one of ${allResourceTypes.join(", ")} is.`);
    await write(resourceTypes[type].stem, (emulator) => writtenByClass(type, emulator));
  }
}

async function writtenByClass(type: ResourceType, emulator: TestEmulator): Promise<string> {
  const args = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
  const program = inTypeScript([{ name: "it", type, args }]);
  const stack = await startStack({ program, env: environmentFor(emulator) });
  try {
    await stack.up();
    return await stack.pulumi("stack", "export", "--show-secrets");
  } finally {
    stack.close();
  }
}

async function writtenByPlugin(emulator: TestEmulator): Promise<string> {
  const stack = await startYaml(inYaml(everyType(emulator)), emulator);
  try {
    await stack.pulumi("up", "--yes", "--skip-preview");
    return (await stack.pulumi("stack", "export", "--show-secrets")).stdout;
  } finally {
    stack.close();
  }
}

void main(process.argv.slice(2));

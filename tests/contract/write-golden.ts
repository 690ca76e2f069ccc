// `npm run golden -- <Type>…` writes golden states of resources: what a stack on the real engine keeps of the first
// arguments of their conformance cases. A golden state that is there already is never written again.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { resourceClasses } from "../../provider/resource/registry";
import { allResourceTypes, resourceTypes } from "../../provider/resource/resource-types";
import { casesOf, placeOf } from "../conformance/resource-cases";
import { closeTestEmulators, environmentFor } from "../support/emulator";
import { repository, startStack } from "../support/engine";
import { startImmediateEmulator } from "./plugins";

type Class = new (name: string, args: object, options?: CustomResourceOptions) => unknown;

const then = "2026-06-01T00:00:00Z";

async function main(names: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  for (const name of names) {
    const type = allResourceTypes.find((one) => one === name);
    assert.ok(type, `${name} is no resource: one of ${allResourceTypes.join(", ")} is.`);
    const file = join(__dirname, "golden", `${version}-${resourceTypes[type].stem}.json`);
    assert.ok(!existsSync(file), `${file} is there already.`);
    const emulator = await startImmediateEmulator();
    const args = { ...placeOf(type, emulator), ...casesOf[type].full[0] };
    const ResourceClass = resourceClasses[type] as unknown as Class;
    const stack = await startStack({
      program: async () => {
        new ResourceClass("it", args);
      },
      env: environmentFor(emulator),
    });
    try {
      await stack.up();
      const state = JSON.parse(await stack.pulumi("stack", "export", "--show-secrets"));
      for (const resource of state.deployment.resources) {
        Object.assign(resource, { created: then, modified: then });
        // Where the program is on this machine.
        delete resource.sourcePosition;
        delete resource.stackTrace;
      }
      state.deployment.manifest.time = then;
      writeFileSync(file, `${JSON.stringify(state, undefined, 2)}\n`);
      process.stdout.write(`${file}\n`);
    } finally {
      stack.close();
      await closeTestEmulators();
    }
  }
}

void main(process.argv.slice(2));

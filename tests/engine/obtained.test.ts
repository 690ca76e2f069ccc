// What the tests obtain of Pulumi, in the folder that several runs share.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillAtomically } from "../../scripts/engine.mjs";

describe("A folder of a language host that two runs fill at the same time", () => {
  const folder = mkdtempSync(join(tmpdir(), "obtained-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const destination = join(folder, "yaml-1.30.0", "bin");
  const isWhole = (bin: string) => existsSync(join(bin, "pulumi-language-yaml"));
  const writeHost = (bin: string, text: string) =>
    writeFileSync(join(bin, "pulumi-language-yaml"), text);

  it("keeps what the first has put there, as it may be in use", async () => {
    await fillAtomically(destination, isWhole, async (bin) => {
      writeHost(bin, "of the second");
      await fillAtomically(destination, isWhole, async (other) => writeHost(other, "of the first"));
    });
    assert.equal(readFileSync(join(destination, "pulumi-language-yaml"), "utf8"), "of the first");
    assert.deepEqual(readdirSync(folder), ["yaml-1.30.0"]);
  });

  it("is replaced when it lacks something", async () => {
    rmSync(join(destination, "pulumi-language-yaml"));
    await fillAtomically(destination, isWhole, async (bin) => writeHost(bin, "whole"));
    assert.equal(readFileSync(join(destination, "pulumi-language-yaml"), "utf8"), "whole");
  });
});

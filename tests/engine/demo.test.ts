// `npm run demo` is the first command of the README: it checks each of its steps itself, and fails when one is wrong.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { repository } from "../support/engine";

/** Lets the processes of its many runs of the engine start in less time. */
const lazySdk = join(repository, "scripts", "lazy-sdk.cjs");

describe("The demo", function () {
  this.timeout(240_000);

  it("takes a stack from the first preview to destroy, and everything happens as it should", () => {
    const script = join(repository, "scripts", "demo.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: `--require ${lazySdk}` },
    });
    assert.equal(status, 0, `${stdout.slice(-2_000)}${stderr}`);
    assert.match(stdout, /All of it happened as it should/);
  });
});

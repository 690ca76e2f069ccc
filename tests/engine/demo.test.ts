// `npm run demo` is the first command of the README: it checks each of its steps itself, and fails when one is wrong.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { engineEnvironment, exportLines } from "../../scripts/environment.mjs";
import { quickStart, repository } from "../support/engine";

const script = join(repository, "scripts", "demo.mjs");

describe("The demo", function () {
  this.timeout(240_000);

  it("takes a stack from the first preview to destroy, and everything happens as it should", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      encoding: "utf8",
      env: { ...process.env, ...quickStart },
    });
    assert.equal(status, 0, `${stdout.slice(-2_000)}${stderr}`);
    assert.match(stdout, /All of it happened as it should/);
  });

  it("refuses an option that it does not have, before it installs or starts anything", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--kep"], {
      encoding: "utf8",
    });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "--kep is no option of the demo. Usage: npm run demo [-- --keep]\n");
  });

  it("prints with --keep what another shell needs, without the path of this one", () => {
    const binDir = "/opt/an engine/bin";
    const environment = engineEnvironment({
      home: "/tmp/demo",
      binDir,
      extra: { COCKROACH_API_KEY: "CCDB1_key" },
    });
    const names = ["PULUMI_BACKEND_URL", "COCKROACH_API_KEY"];
    const lines = exportLines({ binDir, environment, names });
    for (const line of lines) assert.ok(line.length < 60, line);
    const script = `${lines.join("\n")}\necho "$PATH" $PULUMI_BACKEND_URL $COCKROACH_API_KEY`;
    const { stdout } = spawnSync("/bin/sh", ["-c", script], {
      encoding: "utf8",
      env: { PATH: "/usr/bin" },
    });
    assert.equal(stdout, `${binDir}:/usr/bin file:///tmp/demo CCDB1_key\n`);
  });
});

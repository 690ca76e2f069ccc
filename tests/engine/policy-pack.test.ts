import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { remove, temporaryFolder } from "../support/consumer";
import type { TestProgram } from "../support/engine";
import { copyOf, repository, startProgram } from "../support/engine";

const violating = `
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const orders = new cockroachdb.Cluster("orders", {
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1", "asia-southeast1"], primaryRegion: "us-central1" },
});
new cockroachdb.AllowlistEntry("everyone", {
  clusterId: orders,
  cidrIp: "0.0.0.0",
  cidrMask: 0,
  sql: true,
  ui: true,
});
new cockroachdb.Cluster("ledger", {
  plan: "ADVANCED",
  cloudProvider: "AWS",
  deleteProtection: true,
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 } },
    networkVisibility: "PRIVATE",
  },
});
`;

const clean = `
import * as cockroachdb from "pulumi-cockroachdb-cloud";

const orders = new cockroachdb.Cluster("orders", {
  plan: "BASIC",
  cloudProvider: "GCP",
  deleteProtection: true,
  serverless: { regions: ["us-central1"], withEmptyIpAllowlist: true },
});
new cockroachdb.AllowlistEntry("office", {
  clusterId: orders,
  cidrIp: "203.0.113.0",
  cidrMask: 24,
  sql: true,
  ui: false,
});
const ledger = new cockroachdb.Cluster("ledger", {
  plan: "ADVANCED",
  cloudProvider: "AWS",
  deleteProtection: true,
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 } },
    networkVisibility: "PRIVATE",
  },
});
new cockroachdb.CmekConfig("keys", {
  clusterId: ledger,
  regionSpecs: [
    {
      region: "us-east-1",
      keySpec: {
        type: "AWS_KMS",
        uri: "arn:aws:kms:us-east-1:123456789012:key/0f8fad5b-d9cb-469f-a165-70867728950e",
        authPrincipal: "arn:aws:iam::123456789012:role/ledger-cmek",
      },
    },
  ],
});
`;

/**
 * Starts the pack as a language host does when the CLI is given the pack's folder. The CLI takes an executable as
 * well, and so the test also runs with a language host that is too old for that, such as the one that is built here.
 */
const analyzer = `#!/bin/sh
cd "$(dirname "$0")" && NODE_OPTIONS= exec node node_modules/@pulumi/pulumi/cmd/run-policy-pack "$1" .
`;

describe("The policy pack", function () {
  this.timeout(120_000);

  let folder: string;
  let pack: string;
  let program: TestProgram;

  before(async () => {
    folder = temporaryFolder();
    pack = copyOf(join(repository, "examples", "policy-pack"), join(folder, "policy-pack"));
    writeFileSync(join(pack, "analyzer"), analyzer, { mode: 0o755 });
    // Only the program starts quickly: the policies are compiled by ts-node, in a process of their own.
    program = await startProgram({ directory: join(repository, "examples", "basic-cluster") });
  });
  after(() => {
    program?.close();
    remove(folder);
  });

  /** A preview under the policies, where the stack of the tests is one of production. */
  async function preview(text: string, configuration: object = {}) {
    const config = join(folder, "config.json");
    writeFileSync(
      config,
      JSON.stringify({ "delete-protection": { stacks: ["test"] }, ...configuration }),
    );
    writeFileSync(join(program.directory, "index.ts"), text);
    const policies = ["--policy-pack", join(pack, "analyzer"), "--policy-pack-config", config];
    const { code, stdout, stderr } = await program.start("preview", ...policies).ended;
    const found = stdout.matchAll(/- \[(\w+)\] +(\S+) +\(\S+:(\w+): (\S+)\)/g);
    return {
      code,
      output: stdout + stderr,
      violations: [...found].map(([, level, policy, type, name]) =>
        [level, policy, type, name].join(" "),
      ),
    };
  }

  it("fails a preview on every violation, without a key", async () => {
    const { code, output, violations } = await preview(violating, {
      "approved-regions": { enforcementLevel: "advisory", regions: ["us-central1", "us-east-1"] },
    });
    assert.notEqual(code, 0, output);
    assert.deepEqual(violations.sort(), [
      "advisory approved-regions Cluster orders",
      "mandatory advanced-encrypted Cluster ledger",
      "mandatory closed-allowlist AllowlistEntry everyone",
      "mandatory closed-allowlist Cluster orders",
      "mandatory delete-protection Cluster orders",
    ]);
    assert.match(output, /Region asia-southeast1 is not among us-central1, us-east-1\./);
    assert.match(output, /Set serverless\.withEmptyIpAllowlist: true/);
  });

  it("passes a stack that keeps to the rules", async () => {
    const { code, output, violations } = await preview(clean);
    assert.equal(code, 0, output);
    assert.deepEqual(violations, []);
    assert.match(output, /✅ cockroachdb-cloud@v1\.0\.0/);
    assert.doesNotMatch(output, /can't run policy/);
  });
});

// Errors that this package throws into a user's program, on the real engine and each supported Node.js. Printing an error
// with frames of @pulumi/pulumi takes Node.js 20.20 and 22.23 a minute of processor time and 3.5 GB.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { remove, temporaryFolder, writeFiles } from "../support/consumer";
import { closeTestEmulators, startTestEmulator } from "../support/emulator";
import { engine, startProgram } from "../support/engine";
import { obtainNode } from "../support/tools";

const nodeVersions = ["20.20.2", "22.23.3", "24.21.0"];
const maxExtraMemoryMb = 300;
const maxCpuSeconds = 20;

const missing = "01234567-89ab-4cde-8f01-23456789abcd";

/** What the program does, and what of it the user reads. */
const failures: readonly [program: string, printed: RegExp][] = [
  [`cockroachdb.getClusterOutput({ name: "nowhere" })`, /Looking up cluster "nowhere" failed: /],
  [
    `cockroachdb.getCluster({ id: "${missing}" })`,
    new RegExp(`Reading cluster ${missing} failed: 404`),
  ],
  [
    `cockroachdb.listSqlUsers({ clusterId: pulumi.output("x") })`,
    /listSqlUsers takes plain values/,
  ],
  [
    `cockroachdb.getOrganization({}, { provider: {} })`,
    /The provider of a function must be a Provider/,
  ],
  [
    `later(() => cockroachdb.listAuditLogsOutput({ startingFrom: "soon" }))`,
    /listAuditLogs takes startingFrom/,
  ],
  [
    `later(() => cockroachdb.listAuditLogs({ limit: -1 }))`,
    /listAuditLogs takes limit as a whole number from 1, not -1/,
  ],
  [
    `later(() => cockroachdb.weekly({ day: "SUNDAY", hourUtc: 24 }))`,
    /hourUtc must be a whole number from 0 to 23, not 24/,
  ],
  [
    `cockroachdb.Cluster.get("found", process.env.CLUSTER_ID).connectionUrl({ user: "app" })`,
    /The password of SQL user "app" is not known/,
  ],
  [
    `new cockroachdb.SqlUser("app", { clusterId: cockroachdb.getClusterOutput({ name: "elsewhere" }).id })`,
    /Looking up cluster "elsewhere" failed: /,
  ],
  [
    `later(() => new sdk.CockroachCloudClient({ apiKey: "with a space" }))`,
    /apiKey is empty, or has spaces/,
  ],
  [
    `later(() => client.clusters.delete("${missing}"))`,
    new RegExp(`Deleting cluster ${missing} failed: 404`),
  ],
  [`later(() => sdk.parseDuration("48h"))`, /"48h" is no duration like "172800s"/],
];

const head = `const { writeFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const cockroachdb = require("pulumi-cockroachdb-cloud");
const sdk = require("pulumi-cockroachdb-cloud/sdk");
const client = new sdk.CockroachCloudClient({ apiKey: process.env.COCKROACH_API_KEY, serverUrl: process.env.COCKROACH_SERVER });
/** In an apply, whose frames are those of @pulumi/pulumi. */
const later = (work) => pulumi.output(1).apply(work);
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync("usage.json", JSON.stringify({
    node: process.versions.node, memoryMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  }));
});
`;

interface Usage {
  readonly node: string;
  readonly memoryMb: number;
  readonly cpuSeconds: number;
}

describe("An error of this package in a program", function () {
  this.timeout(300_000);

  const folder = temporaryFolder();
  after(async () => {
    remove(folder);
    await closeTestEmulators();
  });

  for (const version of nodeVersions) {
    it(`is one sentence at once on Node ${version}`, async () => {
      const emulator = await startTestEmulator();
      const { id } = emulator.clusters.create({
        name: "found-test",
        provider: "GCP",
        spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
      });
      emulator.clusters.finish(id);
      const source = join(folder, version);
      mkdirSync(source);
      writeFiles(source, {
        "Pulumi.yaml": "name: errors\nruntime: nodejs\n",
        "package.json": { name: "errors", main: "index.js" },
        "index.js": "",
      });
      const { binDir } = await engine();
      const program = await startProgram({
        directory: source,
        project: "errors",
        start: "unchecked",
        env: {
          COCKROACH_API_KEY: emulator.apiKey,
          COCKROACH_SERVER: emulator.url,
          CLUSTER_ID: id,
          PATH: [binDir, await obtainNode(version), process.env["PATH"]].join(delimiter),
        },
      });
      const preview = async (text: string): Promise<{ printed: string; usage: Usage }> => {
        writeFileSync(join(program.directory, "index.js"), head + text);
        const { stdout, stderr } = await program.start("preview").ended;
        const usage = readFileSync(join(program.directory, "usage.json"), "utf8");
        return { printed: stdout + stderr, usage: JSON.parse(usage) as Usage };
      };
      try {
        const sound = await preview("");
        const failing = [
          await preview(failures.map(([line]) => `${line};\n`).join("")),
          await preview(
            `module.exports = async () => await cockroachdb.getCluster({ name: "nowhere" });\n`,
          ),
        ];
        for (const { printed, usage } of failing) {
          assert.equal(usage.node, version);
          assert.ok(
            usage.memoryMb < sound.usage.memoryMb + maxExtraMemoryMb,
            `${usage.memoryMb} MB`,
          );
          assert.ok(usage.cpuSeconds < maxCpuSeconds, `${usage.cpuSeconds} s`);
          assert.doesNotMatch(printed, /^.*\s+at .*[:(]\d+/m);
        }
        for (const [, sentence] of failures) assert.match(failing[0]?.printed ?? "", sentence);
        assert.match(failing[1]?.printed ?? "", /error: Looking up cluster "nowhere" failed: /);
      } finally {
        program.close();
      }
    });
  }
});

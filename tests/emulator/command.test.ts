import { strict as assert } from "node:assert";
import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { defaultVersions } from "../../emulator";
import { runEmulator } from "../../emulator/command";
import { basic, bodyOf, callerOf } from "./caller";

const repository = join(__dirname, "..", "..");

async function statusOf(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/clusters`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.arrayBuffer();
  return response.status;
}

function placeOf(output: string): { url: string; key: string } {
  const url = /^export COCKROACH_SERVER=(\S+)$/m.exec(output)?.[1] ?? "";
  const key = /^export COCKROACH_API_KEY=(\S+)$/m.exec(output)?.[1] ?? "";
  return { url, key };
}

describe("The subcommand emulator", () => {
  /** Runs it in this process. `whileServing` is called with what it has said; then it is interrupted. */
  async function run(
    args: readonly string[],
    whileServing: (output: string) => Promise<void> = async () => {},
  ): Promise<{ code: number; out: string; error: string }> {
    let out = "";
    let error = "";
    const code = await runEmulator(args, {
      out: (written) => {
        out += written;
      },
      error: (written) => {
        error += written;
      },
      interrupted: () => whileServing(out),
    });
    return { code, out, error };
  }

  it("prints a key in the service's form, and serves until it is interrupted", async () => {
    let place = { url: "", key: "" };
    const { code } = await run([], async (output) => {
      place = placeOf(output);
      assert.match(place.key, /^CCDB1_\w{22}_\w{40}$/);
      assert.ok(output.includes(`status page: ${place.url}/\n`));
      assert.equal(await statusOf(place.url, place.key), 200);
    });
    assert.equal(code, 0);
    await assert.rejects(statusOf(place.url, place.key));
  });

  it("accepts keys, a clock, a rate limit and a latency", async () => {
    const args = ["--api-key", "first", "--api-key=second", "--clock", "60", "--port", "0"];
    await run(
      [...args, "--rate-limit", "1", "--latency", "0", "--background", "7"],
      async (output) => {
        const { url, key } = placeOf(output);
        assert.equal(key, "first");
        assert.equal(await statusOf(url, "second"), 200);
        assert.equal(await statusOf(url, "first"), 200);
        assert.equal(await statusOf(url, "first"), 429);
        assert.equal(await statusOf(url, "third"), 401);
      },
    );
  });

  it("shows the old plan after a change of plan for as long as configured", async () => {
    for (const [args, plan] of [
      [[], "STANDARD"],
      [["--plan-change", "86400000"], "BASIC"],
    ] as const) {
      await run(
        [...args, "--latency", "0", "--rate-limit", "off", "--clock", "6000"],
        async (output) => {
          const { url, key } = placeOf(output);
          const api = callerOf({ url, apiKey: key });
          const { id } = bodyOf(await api.post("/clusters", basic("orders")));
          while (bodyOf(await api.get(`/clusters/${id}`)).state === "CREATING") {
            // A third of a millisecond.
          }
          const limits = { usage_limits: { provisioned_virtual_cpus: "2" } };
          const body = { plan: "STANDARD", serverless: limits };
          assert.equal(bodyOf(await api.patch(`/clusters/${id}`, body)).plan, plan);
          assert.equal(bodyOf(await api.get(`/clusters/${id}`)).plan, plan);
        },
      );
    }
  });

  it("delays every response as over the Internet, so that a single client is not throttled", async () => {
    await run([], async (output) => {
      const { url, key } = placeOf(output);
      for (let n = 0; n < 11; n += 1) {
        assert.equal(await statusOf(url, key), 200);
      }
    });
  });

  describe("with --catalogue", () => {
    let folder = "";
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "catalogue-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    function fileOf(content: unknown): string {
      const file = join(folder, "catalogue.json");
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
      return file;
    }

    const machine = { provider: "GCP", type: "n2-standard-2", vcpus: 2, memoryGib: 8 };
    const [newest] = defaultVersions;

    it("adds machines and versions, and replaces the upgrades of a version", async () => {
      const versions = [
        { ...newest, version: "v25.1", patch: "v25.1.10", allowedUpgrades: ["v25.2"] },
        { ...newest, version: "v24.3", patch: "v24.3.30", allowedUpgrades: ["v25.1", "v25.2"] },
      ];
      const file = fileOf({ machines: [machine], versions });
      await run(["--catalogue", file, "--latency", "0"], async (output) => {
        const { url, key } = placeOf(output);
        const api = callerOf({ url, apiKey: key });
        const listed = bodyOf(await api.get("/cluster-versions")).versions as {
          version: string;
          allowed_upgrades: string[];
        }[];
        assert.equal(listed.length, defaultVersions.length + 1);
        const older = listed.find(({ version }) => version === "v24.3");
        assert.deepEqual(older?.allowed_upgrades, ["v25.1", "v25.2"]);
        const dedicated = {
          region_nodes: { "us-east1": 3 },
          cockroach_version: "v25.1",
          hardware: { machine_spec: { num_virtual_cpus: 2 } },
        };
        const body = { name: "orders", provider: "GCP", spec: { dedicated } };
        const cluster = bodyOf(await api.post("/clusters", body));
        assert.equal(cluster.config.dedicated.machine_type, "n2-standard-2");
        assert.equal(cluster.cockroach_version, "v25.1.10");
        bodyOf(await api.post("/clusters", basic("copies")));
      });
    });

    for (const [content, message] of [
      ["{", /catalogue\.json cannot be read: .*JSON/],
      [[], /catalogue\.json must be an object\./],
      [{ colours: [] }, /"colours" is none of machines, regions, versions\./],
      [{ machines: {} }, /machines must be a list\./],
      [{ machines: [7] }, /machines\[0\] must be an object\./],
      [
        { machines: [machine, { ...machine, vcpus: "2" }] },
        /machines\[1\]\.vcpus must be of the kind of 4, got "2"\./,
      ],
      [
        { versions: [{ ...newest, allowedUpgrades: "v25.2" }] },
        /versions\[0\]\.allowedUpgrades must be of the kind of \[\], got "v25.2"\./,
      ],
      [{ regions: [{ provider: "GCP", name: "us-east9" }] }, /regions\[0\]\.location must be/],
    ] as const) {
      it(`refuses ${JSON.stringify(content).slice(0, 60)} with status 2`, async () => {
        const { code, error } = await run(["--catalogue", fileOf(content)]);
        assert.equal(code, 2);
        assert.match(error, message);
      });
    }

    it("refuses a file that is not there with status 2", async () => {
      const { code, error } = await run(["--catalogue", join(folder, "nowhere.json")]);
      assert.equal(code, 2);
      assert.match(error, /nowhere\.json cannot be read: ENOENT/);
    });
  });

  it("fails on a port that is taken", async () => {
    await run(["--rate-limit", "off"], async (output) => {
      const { port } = new URL(placeOf(output).url);
      await assert.rejects(run(["--port", port]), /EADDRINUSE/);
    });
  });

  it("explains its options", async () => {
    const { code, out } = await run(["--help"]);
    assert.equal(code, 0);
    for (const option of [
      "--port",
      "--api-key",
      "--clock",
      "--rate-limit",
      "--latency",
      "--catalogue",
    ]) {
      assert.ok(out.includes(option));
    }
  });

  for (const [args, message] of [
    [["--colour"], /--colour/],
    [["more"], /more/],
    [["--port", "many"], /--port must be a whole number from 0 to 65535, got "many"/],
    [["--port", "65536"], /--port/],
    [["--clock", "0"], /--clock must be a number above zero/],
    [["--clock", ""], /--clock/],
    [["--rate-limit", "none"], /--rate-limit/],
    [["--rate-limit", "0"], /--rate-limit must be a whole number of at least 1/],
    [["--latency=-1"], /--latency/],
    [["--background", "often"], /--background/],
    [["--api-key", ""], /--api-key/],
  ] as const) {
    it(`refuses "${args.join(" ")}" with status 2`, async () => {
      const { code, out, error } = await run(args);
      assert.equal(code, 2);
      assert.match(error, message);
      assert.match(error, /Usage:/);
      assert.equal(out, "");
    });
  }
});

const compileCache = join(repository, "scripts", "compile-cache.cjs");

describe("The command pulumi-cockroachdb-cloud", function () {
  // Each test starts a process.
  this.timeout(60_000);

  type Child = ChildProcessByStdio<null, Readable, Readable>;

  function start(...args: string[]): Child {
    return spawn(
      process.execPath,
      ["--require", compileCache, join(repository, "cli.ts"), ...args],
      {
        cwd: repository,
        // Coverage of these processes would be mixed up with that of the tests in this one.
        env: { ...process.env, NODE_V8_COVERAGE: "" },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
  }

  async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    const child = start(...args);
    const exit = once(child, "exit");
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await exit) as [number];
    return { code, out, error };
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`serves the emulator until ${signal}`, async () => {
      const child = start("emulator");
      const exit = once(child, "exit");
      let said = "";
      for await (const chunk of child.stdout) {
        said += String(chunk);
        if (said.includes("API_KEY")) {
          break;
        }
      }
      const { url, key } = placeOf(said);
      assert.equal(await statusOf(url, key), 200);
      child.kill(signal);
      assert.deepEqual(await exit, [0, null]);
    });
  }

  it("lists its subcommands", async () => {
    const { code, out } = await run("--help");
    assert.equal(code, 0);
    assert.match(out, /^Usage: pulumi-cockroachdb-cloud <subcommand>[\s\S]* {2}emulator /);
  });

  for (const option of ["--version", "-v"]) {
    it(`prints the version of the package for ${option}`, async () => {
      const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
      assert.deepEqual(await run(option), { code: 0, out: `${version}\n`, error: "" });
    });
  }

  for (const [args, message] of [
    [[], /^A subcommand is missing/],
    [["fly"], /^Unknown subcommand "fly"/],
  ] as const) {
    it(`refuses "${args.join(" ")}" with status 2`, async () => {
      const { code, error } = await run(...args);
      assert.equal(code, 2);
      assert.match(error, message);
    });
  }
});

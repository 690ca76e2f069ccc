// `npm run demo`: a real stack on the real engine and the built-in emulator, from the first preview to destroy.
// Runs on a fresh clone, so it uses only what Node.js brings until the set-up is done.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "./environment.mjs";
import { repository, setUp } from "./setup.mjs";

const keep = process.argv.includes("--keep");
/** Thirty minutes of creating an Advanced cluster pass in ten seconds. */
const clockScale = 180;

async function main() {
  const { binDir, pulumiPath } = await setUp((line) => console.log(line));
  const { scaledClock, startEmulator } = await import("../dist/emulator/index.js");
  const emulator = await startEmulator({ clock: scaledClock(clockScale) });
  const folder = mkdtempSync(join(tmpdir(), "cockroachdb-cloud-demo-"));
  const environment = engineEnvironment({
    home: folder,
    binDir,
    extra: {
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  });
  const stack = new Stack(pulumiPath, projectIn(folder), environment);
  try {
    await tour(stack, emulator);
    heading(`The requests that all this made (${emulator.requests.length})`);
    console.log(emulator.requests.summary());
    heading("All of it happened as it should");
    if (keep) await stayUp(stack, emulator);
    return 0;
  } catch (error) {
    heading("The demo failed");
    console.error(error.message);
    return 1;
  } finally {
    stack.end();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a user does with a stack, step by step, each with what must be true of it. */
async function tour(stack, emulator) {
  heading("The emulator of the Cloud API");
  console.log(`${emulator.url}, on which a minute takes a third of a second`);
  await stack.run("stack", "init", "demo");

  heading("Preview: no key and no request is needed");
  const first = await stack.withoutKey().run("preview");
  must(first.includes("+ 3 to create"), "the first preview shows two clusters and the stack");
  must(emulator.requests.length === 0, "a preview makes no request");

  heading("Up: a Basic cluster as in the Cloud API guide, and an Advanced one of three nodes");
  const created = await stack.run("up", "--skip-preview");
  must(/CREATING · \d of 3 nodes/.test(created), "the Advanced cluster shows how far it is");
  must(clusterNamed(emulator, "basic-test").plan === "BASIC", "there is a Basic cluster");
  must(
    clusterNamed(emulator, "advanced-test").state === "CREATED",
    "the Advanced cluster is ready",
  );

  heading("Up again: nothing changes, and nothing is asked");
  const before = emulator.requests.length;
  await stack.run("up", "--skip-preview", "--expect-no-changes");
  must(emulator.requests.length === before, "an update without changes makes no request");

  heading("Preview of BASIC to STANDARD: an update in place");
  await stack.run("config", "set", "plan", "STANDARD");
  const inPlace = await stack.run("preview", "--diff");
  must(/Cluster: \(update\)/.test(inPlace), "BASIC to STANDARD is an update in place");
  must(!/\((replace|delete)\)/.test(inPlace), "BASIC to STANDARD replaces nothing");

  heading("The update itself: the same cluster, under another plan");
  const { id } = clusterNamed(emulator, "basic-test");
  await stack.run("up", "--skip-preview");
  must(clusterNamed(emulator, "basic-test").id === id, "the cluster is still the same");
  must(clusterNamed(emulator, "basic-test").plan === "STANDARD", "its plan is STANDARD");

  heading("Preview of STANDARD to ADVANCED: a replacement, and it says what that costs");
  await stack.run("config", "set", "plan", "ADVANCED");
  const replacement = await stack.run("preview", "--diff");
  must(/Cluster: \(replace\)/.test(replacement), "STANDARD to ADVANCED is a replacement");
  must(replacement.includes("destroys this cluster and its data"), "the preview warns of the loss");
  await stack.run("config", "set", "plan", "STANDARD");

  heading("Refresh: somebody gave the cluster more vCPUs in the console");
  emulator.clusters.edit(id, { usageLimits: { provisioned_virtual_cpus: "8" } });
  const refreshed = await stack.run("refresh", "--diff", "--skip-preview");
  must(/provisionedVirtualCpus: 2 => 8/.test(refreshed), "the refresh reports the vCPUs");
  must(refreshed.split(" => ").length === 2, "the refresh reports nothing else");
  if (keep) return;

  heading("Destroy");
  await stack.run("destroy", "--skip-preview");
  must(
    emulator.clusters.list().every(({ state }) => state === "DELETED"),
    "no cluster is left",
  );
}

function clusterNamed(emulator, name) {
  const cluster = emulator.clusters.find(name);
  if (cluster === undefined) throw new Error(`There is no cluster ${name} on the emulator.`);
  return cluster;
}

function must(isTrue, what) {
  if (!isTrue) throw new Error(`This should be true, and is not: ${what}.`);
  console.log(`✓ ${what}`);
}

function heading(text) {
  console.log(`\n━━ ${text} ${"━".repeat(Math.max(2, 96 - text.length))}\n`);
}

/** A copy of the example in a folder that can be thrown away. */
function projectIn(folder) {
  const project = join(folder, "plan-changes");
  cpSync(join(repository, "examples", "plan-changes"), project, { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"), "dir");
  return project;
}

/** The command line of Pulumi in a project's folder. */
class Stack {
  #child;

  constructor(command, folder, environment) {
    this.command = command;
    this.folder = folder;
    this.environment = environment;
  }

  /** The same stack in the terminal of somebody who has no API key. */
  withoutKey() {
    const { COCKROACH_API_KEY: _key, COCKROACH_SERVER: _server, ...rest } = this.environment;
    return new Stack(this.command, this.folder, rest);
  }

  /** Runs a command, shows what it prints, and answers it. Throws when it fails. */
  run(...args) {
    console.log(`$ pulumi ${args.join(" ")}`);
    return new Promise((resolve, reject) => {
      const options = {
        cwd: this.folder,
        env: this.environment,
        stdio: ["ignore", "pipe", "pipe"],
      };
      this.#child = spawn(this.command, args, options);
      let output = "";
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        stream.setEncoding("utf8");
        stream.on("data", (text) => {
          output += text;
          process.stdout.write(text);
        });
      }
      this.#child.once("error", reject);
      this.#child.once("close", (code) => {
        this.#child = undefined;
        if (code === 0) resolve(output);
        else reject(new Error(`\`pulumi ${args.join(" ")}\` ended with exit status ${code}.`));
      });
    });
  }

  /** Ends a command that is still running. */
  end() {
    this.#child?.kill("SIGKILL");
  }
}

/** Leaves everything up until the user ends it. */
async function stayUp(stack, emulator) {
  const shown = ["PATH", "PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"];
  heading("The stack and the emulator stay up: in another terminal");
  console.log(`cd ${stack.folder}`);
  for (const name of [...shown, "COCKROACH_SERVER", "COCKROACH_API_KEY"]) {
    console.log(`export ${name}='${stack.environment[name]}'`);
  }
  console.log("pulumi stack output");
  console.log("pulumi config set plan BASIC && pulumi up");
  console.log(
    `curl --header "Authorization: Bearer $COCKROACH_API_KEY" ${emulator.url}/api/v1/clusters`,
  );
  console.log("\nCtrl-C here ends the emulator and removes the stack.");
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
}

process.exitCode = await main();

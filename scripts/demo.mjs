// `npm run demo`: a real stack on the real engine and the built-in emulator, from the first preview to destroy.
// Runs on a fresh clone, so it uses only what Node.js brings until the set-up is done.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { engineEnvironment, exportLines } from "./environment.mjs";
import { repository, setUp } from "./setup.mjs";

const [unknown] = process.argv.slice(2).filter((argument) => argument !== "--keep");
if (unknown !== undefined) {
  console.error(`${unknown} is no option of the demo. Usage: npm run demo [-- --keep]`);
  process.exit(2);
}
const keep = process.argv.includes("--keep");
/** Thirty minutes of creating an Advanced cluster pass in ten seconds. */
const clockScale = 180;

/** Keys of an AWS account that does not exist; the emulator asks no KMS. */
const roleArn = "arn:aws:iam::123456789012:role/cockroachdb-cloud";
const firstKey = keyArn("0f8fad5b-d9cb-469f-a165-70867728950e");
const secondKey = keyArn("7c9e6679-7425-40de-944b-e07fc1f90ae7");

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
  // Ctrl-C ends the command under way, and with it the tour; what was started is cleaned up all the same.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stack.interrupt());
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
  await stack.run("config", "set", "keyArn", firstKey);
  await stack.run("config", "set", "roleArn", roleArn);

  heading("Preview: no key and no request is needed");
  const first = await stack.withoutKey().run("preview");
  must(first.includes("+ 9 to create"), "the first preview shows the stack and eight resources");
  must(emulator.requests.length === 0, "a preview makes no request");

  heading("Up: a Basic cluster with a user; an Advanced one with users, key, window and deferral");
  const created = await stack.run("up", "--skip-preview");
  must(/CREATING · \d of 3 nodes/.test(created), "the Advanced cluster shows how far it is");
  must(clusterNamed(emulator, "basic-test").plan === "BASIC", "there is a Basic cluster");
  must(
    clusterNamed(emulator, "advanced-test").state === "CREATED",
    "the Advanced cluster is ready",
  );
  const { id } = clusterNamed(emulator, "basic-test");
  const { id: advancedId } = clusterNamed(emulator, "advanced-test");
  const firstPassword = await passwordOfShop(stack);
  must(
    emulator.sqlUsers.hasPassword(id, "shop", firstPassword),
    "the secret URL has the generated password of the user shop",
  );
  must(!created.includes(firstPassword), "the password was not on the screen");
  must(
    emulator.sqlUsers.list(advancedId).join() === "app,reports",
    "the Advanced cluster has two users",
  );
  must(
    timesAsked(emulator, "CreateSQLUser") === 3,
    "the three users were made by one request each",
  );
  must(
    keyInUse(emulator, advancedId) === firstKey,
    "the Advanced cluster is encrypted with our key",
  );
  must(
    emulator.maintenanceWindows.get(advancedId)?.offset_duration === "180000s",
    "its maintenance window begins on Wednesdays at 02:00 UTC",
  );
  must(
    emulator.versionDeferrals.get(advancedId).deferral_policy === "DEFERRAL_60_DAYS",
    "its patches are deferred by 60 days",
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
  await stack.run("up", "--skip-preview");
  must(clusterNamed(emulator, "basic-test").id === id, "the cluster is still the same");
  must(clusterNamed(emulator, "basic-test").plan === "STANDARD", "its plan is STANDARD");
  must(
    emulator.sqlUsers.hasPassword(id, "shop", firstPassword),
    "its user is still there, with the same password",
  );

  heading("Rotation of the encryption key, in place");
  await stack.run("config", "set", "keyArn", secondKey);
  await stack.run("up", "--skip-preview");
  must(keyInUse(emulator, advancedId) === secondKey, "the cluster is encrypted with the new key");
  must(timesAsked(emulator, "UpdateCMEKSpec") === 1, "it was rotated by one request");

  heading("Rotation of a password, in place");
  await stack.run("config", "set", "rotated", "2026-07");
  const rotated = await stack.run("up", "--skip-preview");
  const secondPassword = await passwordOfShop(stack);
  must(secondPassword !== firstPassword, "the URL has another password");
  must(emulator.sqlUsers.hasPassword(id, "shop", secondPassword), "and it is the user's");
  must(!rotated.includes(secondPassword), "it was not on the screen");
  must(timesAsked(emulator, "UpdateSQLUserPassword") === 1, "it was changed by one request");

  heading("Preview of STANDARD to ADVANCED: a replacement, and it says what that costs");
  await stack.run("config", "set", "plan", "ADVANCED");
  const replacement = await stack.run("preview", "--diff");
  must(/Cluster: \(replace\)/.test(replacement), "STANDARD to ADVANCED is a replacement");
  must(
    replacement.includes("destroys this cluster with all its data"),
    "the preview warns of the loss",
  );
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
  must(
    timesAsked(emulator, "DeleteCluster") === 2 && timesAsked(emulator, "DeleteSQLUser") === 3,
    "it took one request for each cluster and each user",
  );
}

function clusterNamed(emulator, name) {
  const cluster = emulator.clusters.find(name);
  if (cluster === undefined) throw new Error(`There is no cluster ${name} on the emulator.`);
  return cluster;
}

/** The key that the Advanced cluster uses, once encryption is on. */
function keyInUse(emulator, id) {
  const { status, region_infos: [region] = [] } = emulator.cmek.get(id);
  const inUse = region?.key_infos?.find((info) => info.status === "ENABLED");
  return status === "ENABLED" ? inUse?.spec.uri : undefined;
}

/**
 * How often an operation of the API was called. A call that comes too soon after those of the run before is throttled, and
 * sent again.
 */
function timesAsked(emulator, operation) {
  const calls = emulator.requests.filter((request) => request.operation === operation);
  return calls.filter(({ status }) => status !== 429).length;
}

/** The password in the secret output, which is not shown here either. */
async function passwordOfShop(stack) {
  return new URL((await stack.ask("stack", "output", "shopUrl", "--show-secrets")).trim()).password;
}

function keyArn(id) {
  return `arn:aws:kms:us-east-1:123456789012:key/${id}`;
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

  /** Runs a command, prints its output, and returns it. Throws when it fails. */
  run(...args) {
    console.log(`$ pulumi ${args.join(" ")}`);
    return this.#start(args, (text) => process.stdout.write(text));
  }

  /** Runs a command whose output is for this program alone. */
  ask(...args) {
    console.log(`$ pulumi ${args.join(" ")}   # for the check below`);
    return this.#start(args, () => {});
  }

  #start(args, show) {
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
          show(text);
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

  /** Asks a running command to stop: once to end what it waits for, and again to end at once. */
  interrupt() {
    const child = this.#child;
    child?.kill("SIGINT");
    setTimeout(() => child?.kill("SIGINT"), 200).unref();
  }

  /** Ends a command that is still running. */
  end() {
    this.#child?.kill("SIGKILL");
  }
}

/** Leaves everything up until the user ends it. */
async function stayUp(stack, emulator) {
  const names = [
    "PULUMI_HOME",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE",
    "COCKROACH_SERVER",
    "COCKROACH_API_KEY",
  ];
  heading("The stack and the emulator stay up: in another terminal");
  console.log(`cd ${stack.folder}`);
  const { command, environment } = stack;
  for (const line of exportLines({ binDir: dirname(command), environment, names })) {
    console.log(line);
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

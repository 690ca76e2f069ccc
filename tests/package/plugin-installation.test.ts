// The plugin installed in each way that a user has, and used by a program in YAML on the real engine.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, delimiter, join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest } from "@pulumi/pulumi/proto/provider_pb";
import { parse } from "yaml";
import { releasePlugin } from "../../scripts/release-plugin.mjs";
import { packPackage, remove, runIn, temporaryFolder, writeFiles } from "../support/consumer";
import type { TestProgram } from "../support/engine";
import { engine, languageHost, repository, startProgram } from "../support/engine";
import { startGitServer } from "../support/git-server";

const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const schema = JSON.parse(readFileSync(join(repository, "plugin", "schema.json"), "utf8"));

const program = {
  "Pulumi.yaml": JSON.stringify({
    name: "shop",
    runtime: "yaml",
    resources: {
      app: {
        type: "cockroachdb-cloud:SqlUser",
        properties: { clusterId: "3f1c0a52-91a8-4c53-a7f0-2f6e5f0c1d11" },
      },
    },
  }),
};

describe("The plugin", function () {
  this.timeout(300_000);

  const folder = temporaryFolder();
  const opened: TestProgram[] = [];
  let executable: string | undefined;
  /** The tarball with the executable for this machine. */
  const releasedExecutable = () => {
    executable ??= releasePlugin(folder);
    return executable;
  };
  let packed: ReturnType<typeof packPackage> | undefined;
  const packedPackage = () => {
    packed ??= packPackage(folder);
    return packed;
  };
  after(() => {
    for (const one of opened) one.close();
    remove(folder);
  });

  /** A stack of the program, whose commands find what is in these folders. */
  const stackWith = async (...path: string[]): Promise<TestProgram> => {
    const { binDir } = await engine();
    const directory = join(folder, `program-${opened.length}`);
    writeFiles(directory, program);
    const PATH = [binDir, await languageHost("yaml"), ...path].join(delimiter);
    const stack = await startProgram({
      directory,
      project: "shop",
      start: "unchecked",
      env: { PATH },
    });
    opened.push(stack);
    return stack;
  };

  const previewOf = async (stack: TestProgram) => (await stack.pulumi("preview")).stdout;
  const previewed = /\+\s+cockroachdb-cloud:index:SqlUser\s+app\s+create/;
  /** Without the commands that `npm test` adds: the plugin is one of them where it was there at the installation. */
  const systemPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((place) => !place.endsWith(join("node_modules", ".bin")));

  it("is installed from the tarball of a release, as a script", async () => {
    const stack = await stackWith(...systemPath);
    const tarball = releasePlugin(folder, { isScript: true });
    const named = ["resource", "cockroachdb-cloud", manifest.version];
    await stack.pulumi("plugin", "install", ...named, "--file", tarball);
    assert.match(await previewOf(stack), previewed);
    const { stdout } = await stack.pulumi("plugin", "ls");
    assert.match(stdout, new RegExp(`cockroachdb-cloud\\s+resource\\s+${manifest.version}`));
  });

  it("is installed from the tarball of a release, as one executable for machines without Node.js", async () => {
    // The engine itself asks for some commands of the system.
    const tools = join(folder, "tools");
    mkdirSync(tools);
    for (const tool of ["sh", "tar", "uname"]) {
      const found = systemPath.map((place) => join(place, tool)).find(existsSync);
      if (found !== undefined) symlinkSync(found, join(tools, tool));
    }
    const stack = await stackWith(tools);
    const search = { env: { PATH: stack.env["PATH"] ?? "" } };
    assert.equal(spawnSync("node", ["--version"], search).error?.message, "spawnSync node ENOENT");
    const tarball = releasedExecutable();
    const named = ["resource", "cockroachdb-cloud", manifest.version];
    await stack.pulumi("plugin", "install", ...named, "--file", tarball);
    assert.match(await previewOf(stack), previewed);
    const { stdout } = await runIn(folder, "tar", ["-tzf", tarball]);
    for (const file of ["LICENSE", "third-party-licenses.txt", "node-license.txt"]) {
      assert.ok(stdout.includes(`./${file}\n`), file);
    }
  });

  it("is downloaded from a server with the tarballs of releases, by a command and by the program that names the server", async () => {
    const tarball = releasedExecutable();
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const content = url === `/releases/${basename(tarball)}` ? readFileSync(tarball) : "";
      // Pulumi refuses a tarball whose length is not said.
      response.writeHead(content === "" ? 404 : 200, { "content-length": content.length });
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const releases = `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases`;
    try {
      const byCommand = await stackWith(...systemPath);
      const named = ["resource", "cockroachdb-cloud", manifest.version];
      await byCommand.pulumi("plugin", "install", ...named, "--server", releases);
      assert.deepEqual(asked.splice(0), [`/releases/${basename(tarball)}`]);
      assert.match(await previewOf(byCommand), previewed);

      const byProgram = await stackWith(...systemPath);
      byProgram.setVariable("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "false");
      const { resources, ...rest } = JSON.parse(program["Pulumi.yaml"]);
      const options = { version: manifest.version, pluginDownloadURL: releases };
      const app = { ...resources.app, options };
      writeFiles(byProgram.directory, { "Pulumi.yaml": { ...rest, resources: { app } } });
      assert.match(await previewOf(byProgram), previewed);
      assert.deepEqual(asked, [`/releases/${basename(tarball)}`]);
    } finally {
      server.close();
    }
  });

  it("has the licenses of what is bundled with it", () => {
    const licenses = readFileSync(
      join(repository, "dist", "plugin", "third-party-licenses.txt"),
      "utf8",
    );
    for (const name of ["zod", "node-fetch", "fetch-blob", "@grpc/grpc-js", "google-protobuf"]) {
      assert.match(licenses, new RegExp(`^${name} [0-9.]+: `, "m"));
    }
  });

  it("is found on PATH after a global installation of the package", async () => {
    const { tarball } = await packedPackage();
    const prefix = join(folder, "global");
    const options = ["--global", "--prefix", prefix, "--prefer-offline", "--no-audit", "--no-fund"];
    await runIn(folder, "npm", ["install", ...options, tarball]);
    const stack = await stackWith(join(prefix, "bin"), ...systemPath);
    assert.match(await previewOf(stack), previewed);
    const file = join(prefix, "bin", "pulumi-resource-cockroachdb-cloud");
    const { stdout } = await stack.pulumi("package", "get-schema", file);
    assert.deepEqual(Object.keys(JSON.parse(stdout).resources), Object.keys(schema.resources));
    await stack.pulumi("package", "add", file);
    const { packages } = parse(readFileSync(join(stack.directory, "Pulumi.yaml"), "utf8"));
    assert.deepEqual(packages, { "cockroachdb-cloud": `cockroachdb-cloud@${manifest.version}` });
    assert.match(await previewOf(stack), previewed);
  });

  it("runs from the folder that Pulumi clones and installs", async () => {
    const { tarball } = await packedPackage();
    const read = (name: string) => readFileSync(join(repository, "plugin-source", name), "utf8");
    const { dependencies, ...rest } = JSON.parse(read("package.json"));
    assert.equal(dependencies[manifest.name], manifest.version);
    assert.equal(rest.version, manifest.version);
    const server = await startGitServer(join(folder, "git"), `v${manifest.version}`, {
      "plugin-source/PulumiPlugin.yaml": read("PulumiPlugin.yaml"),
      "plugin-source/index.js": read("index.js"),
      "plugin-source/package.json": {
        ...rest,
        dependencies: { ...dependencies, [manifest.name]: `file:${tarball}` },
      },
    });
    const stack = await stackWith(...systemPath);
    for (const [name, value] of Object.entries(server.variables)) stack.setVariable(name, value);
    stack.setVariable("npm_config_prefer_offline", "true");
    const source = `${server.repository}/plugin-source`;
    try {
      await stack.pulumi("plugin", "install", "resource", source, manifest.version);
    } finally {
      server.close();
    }
    const { stdout } = await stack.pulumi("plugin", "ls", "--json");
    const [plugin, ...others] = JSON.parse(stdout);
    assert.deepEqual([plugin.version, others], [manifest.version, []]);
    const plugins = join(stack.env["PULUMI_HOME"] ?? "", "plugins");
    const [cloned = ""] = readdirSync(plugins);
    const installed = join(plugins, cloned, "plugin-source");
    // As the language host for Node.js starts it, the newest of which cannot be built from Go modules.
    const runner = join(installed, "node_modules", "@pulumi", "pulumi", "cmd", "run-plugin");
    const process_ = spawn(process.execPath, [runner, installed], {
      cwd: installed,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const port = await new Promise<string>((resolve) => process_.stdout.once("data", resolve));
      const client = new ResourceProviderClient(
        `127.0.0.1:${Number(port)}`,
        credentials.createInsecure(),
      );
      const text = await new Promise<string>((resolve, reject) =>
        client.getSchema(new GetSchemaRequest(), (error, response) =>
          error ? reject(error) : resolve(response.getSchema()),
        ),
      );
      client.close();
      assert.equal(JSON.parse(text).version, manifest.version);
    } finally {
      process_.kill();
    }
  });
});

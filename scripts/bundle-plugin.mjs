// Bundles the compiled plugin into one file that needs nothing but Node.js, in place of its modules, and puts the licenses
// of what is in it beside.
// `node scripts/bundle-plugin.mjs FOLDER`: FOLDER holds plugin/main.js, as dist/ does.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const pluginName = "pulumi-resource-cockroachdb-cloud";
export const licensesName = "third-party-licenses.txt";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The classes of a program are loaded with their resources, and the plugin creates none of them. Pulumi's SDK, which takes
 * seconds to load, stays out; its messages, which are modules of their own, are bundled.
 */
const withoutClasses = {
  name: "without the classes of programs",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@pulumi\/pulumi(\/runtime\/callbacks)?$/ }, () => ({
      path: "sdk",
      namespace: "stub",
    }));
    onLoad({ filter: /.*/, namespace: "stub" }, () => ({
      contents:
        "module.exports = { CallbackServer: class {}, CustomResource: class {}, ProviderResource: class {} };",
    }));
  },
};

async function bundlePlugin(folder) {
  const plugin = join(folder, "plugin");
  const modules = readdirSync(plugin);
  const { metafile } = await build({
    entryPoints: [join(plugin, "main.js")],
    outfile: join(plugin, pluginName),
    banner: { js: "#!/usr/bin/env node" },
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    // For stack traces, and the names of errors.
    keepNames: true,
    legalComments: "none",
    // Only the process of Pulumi's dynamic server asks for it.
    external: ["@pulumi/pulumi/package.json"],
    plugins: [withoutClasses],
    metafile: true,
    absWorkingDir: repository,
    logLevel: "error",
  });
  for (const name of modules) rmSync(join(plugin, name));
  writeFileSync(join(plugin, licensesName), licensesOf(Object.keys(metafile.inputs)));
}

function licensesOf(files) {
  // vendor/ of the compiled package holds copies of some, without all their files.
  const packages = files.flatMap((file) => {
    const [, nested] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    const [, copied] = /\/vendor\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return nested ?? (copied === undefined ? [] : `node_modules/${copied}`);
  });
  return [...new Set(packages)].sort().map(licenseOf).join("\n");
}

function licenseOf(folder) {
  const path = join(repository, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const files = readdirSync(path);
  const text = (pattern) =>
    files
      .filter((file) => pattern.test(file))
      .map((file) => readFileSync(join(path, file), "utf8").trim());
  const own = text(/^(licen[sc]e|notice)/i);
  const inReadme = text(/^readme/i).flatMap((readme) => /^License\n-+\n.*/ms.exec(readme) ?? []);
  const texts = own.length > 0 ? own : inReadme;
  // That of this package is the same, and lies beside.
  if (license === undefined || (texts.length === 0 && license !== "Apache-2.0"))
    throw new Error(`${name} ${version} comes without a license.`);
  return `${[`${name} ${version}: ${license}`, ...texts].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  bundlePlugin(process.argv[2]).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

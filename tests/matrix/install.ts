/** The package managers of the rows, as users run them. */
import { join } from "node:path";
import type { Printed } from "../support/consumer";
import { runIn } from "../support/consumer";
import { obtainBun, obtainTool, toolCache } from "../support/tools";
import type { Project } from "./project";
import { usesTsx } from "./project";
import type { Row } from "./rows";
import { managerVersions } from "./rows";

interface Install {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** Installs what the project names, with `path` as PATH. */
export async function installProject(project: Project, row: Row, path: string): Promise<Printed> {
  const { command, args, variables } = await installOf(project, row);
  return await runIn(project.root, command, args, { ...variables, PATH: path });
}

async function installOf({ root }: Project, row: Row): Promise<Install> {
  const { manager } = row;
  switch (manager) {
    case "npm": {
      const peers = usesTsx(row) ? ["--legacy-peer-deps"] : [];
      return { command: "npm", args: ["install", "--prefer-offline", "--no-audit", ...peers] };
    }
    case "pnpm 10":
    case "pnpm 12": {
      const file = manager === "pnpm 10" ? "pnpm.cjs" : "pnpm.mjs";
      const script = join(await obtainTool("pnpm", managerVersions[manager]), "bin", file);
      const store = join(toolCache, "..", "pnpm-store");
      const args = [script, "install", "--prefer-offline", "--store-dir", store];
      return { command: "node", args };
    }
    case "yarn 1": {
      const script = join(await obtainTool("yarn", managerVersions[manager]), "bin", "yarn.js");
      const variables = {
        ...(await npmSettings({ registry: "npm_config_registry", cafile: "npm_config_cafile" })),
        // Its cache mistakes a tarball for an earlier one of the same name and version.
        YARN_CACHE_FOLDER: join(root, ".yarn-cache"),
      };
      return { command: "node", args: [script, "install"], variables };
    }
    case "yarn 4": {
      const script = join(
        await obtainTool("@yarnpkg/cli-dist", managerVersions[manager]),
        "bin",
        "yarn.js",
      );
      const variables = {
        ...(await npmSettings({
          registry: "YARN_NPM_REGISTRY_SERVER",
          cafile: "YARN_HTTPS_CA_FILE_PATH",
        })),
        YARN_GLOBAL_FOLDER: join(toolCache, "..", "yarn-store"),
        YARN_ENABLE_TELEMETRY: "0",
        YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
      };
      return { command: "node", args: [script, "install"], variables };
    }
    case "bun": {
      const variables = {
        ...(await npmSettings({
          registry: "BUN_CONFIG_REGISTRY",
          cafile: "NODE_EXTRA_CA_CERTS",
        })),
        BUN_INSTALL_CACHE_DIR: join(root, ".bun-cache"),
      };
      const command = join(await obtainBun(managerVersions.bun), "bun");
      return { command, args: ["install"], variables };
    }
  }
}

/** The user's npm settings, under the names by which another package manager takes them. */
async function npmSettings(
  names: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [setting, variable] of Object.entries(names)) {
    const { stdout } = await runIn(toolCache, "npm", ["config", "get", setting]);
    const value = stdout.trim();
    if (value === "" || value === "null" || value === "undefined") continue;
    found[variable] = value;
    if (setting === "registry" && value.startsWith("http:"))
      found["YARN_UNSAFE_HTTP_WHITELIST"] = new URL(value).hostname;
  }
  return found;
}

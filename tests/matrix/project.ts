/** The project of a row: what a user would have on disk before the first install. */
import { join } from "node:path";
import { installedVersion, writeFiles } from "../support/consumer";
import type { Row } from "./rows";
import { pulumiVersions, tsNodeVersion, tsxVersion, typescript7, typescriptVersions } from "./rows";

export interface Project {
  /** Where the package manager runs. */
  readonly root: string;
  /** The folder of Pulumi.yaml. */
  readonly stack: string;
}

export const usesTsx = ({ compiler }: Row) => compiler === "TypeScript 7 with tsx";
export const isModule = ({ program }: Row) => program.includes("ESM");
export const isBuilt = ({ program }: Row) => program.startsWith("built");
export const isTypeScript = ({ program }: Row) => !program.endsWith("JavaScript");

export function writeProject(root: string, row: Row, tarball: string): Project {
  const stack = row.workspaces ? join(root, "stacks", "orders") : root;
  const shared = { "pulumi-cockroachdb-cloud": `file:${tarball}` };
  const isPnpm = row.manager.startsWith("pnpm");
  writeFiles(stack, {
    "package.json": {
      name: "orders",
      version: "1.0.0",
      private: true,
      main: mainOf(row),
      ...(isModule(row) && { type: "module" }),
      dependencies: {
        "@pulumi/pulumi": pulumiVersions[row.pulumi],
        ...shared,
        ...(row.workspaces && { "cluster-component": isPnpm ? "workspace:*" : "*" }),
      },
      devDependencies: compilersOf(row),
    },
    "Pulumi.yaml": usesTsx(row) ? tsxProject : "name: orders\nruntime: nodejs\n",
    [isTypeScript(row) ? "index.ts" : "index.js"]: programOf(row),
    ...(isTypeScript(row) && { "tsconfig.json": tsconfigOf(row) }),
  });
  if (row.workspaces) writeWorkspaces(root, row, shared);
  else if (isPnpm) writeFiles(root, { "pnpm-workspace.yaml": refusedBuilds(row) });
  if (row.manager === "yarn 4") writeFiles(root, { ".yarnrc.yml": "nodeLinker: node-modules\n" });
  return { root, stack };
}

/** As in the README. */
const tsxProject = `name: orders
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import tsx
`;

function writeWorkspaces(root: string, row: Row, shared: Record<string, string>): void {
  const folders = ["packages/*", "stacks/*"];
  const isPnpm = row.manager.startsWith("pnpm");
  const list = folders.map((folder) => `  - ${folder}\n`).join("");
  const manifest = { name: "infrastructure", version: "1.0.0", private: true };
  writeFiles(root, {
    "package.json": isPnpm ? manifest : { ...manifest, workspaces: folders },
    ...(isPnpm && { "pnpm-workspace.yaml": `packages:\n${list}${refusedBuilds(row)}` }),
  });
  writeFiles(join(root, "packages", "cluster-component"), {
    "package.json": {
      name: "cluster-component",
      version: "1.0.0",
      private: true,
      ...(isModule(row) && { type: "module" }),
      main: "index.js",
      types: "index.d.ts",
      dependencies: { "@pulumi/pulumi": pulumiVersions[row.pulumi], ...shared },
    },
    "index.js": componentOf(row),
    "index.d.ts": `import { ComponentResource } from "@pulumi/pulumi";
import { Cluster } from "pulumi-cockroachdb-cloud";

export declare class BasicCluster extends ComponentResource {
  constructor(name: string, regions: string[]);
  readonly cluster: Cluster;
}
`,
  });
}

/** As in the README. Without it pnpm 12 ends with an error; pnpm 10 only warns. */
function refusedBuilds(row: Row): string {
  if (row.manager === "pnpm 10" && !row.workspaces) return "";
  return `allowBuilds:\n  protobufjs: false\n${usesTsx(row) ? "  esbuild: false\n" : ""}`;
}

function componentOf(row: Row): string {
  return `${load(isModule(row), "{ ComponentResource }", "@pulumi/pulumi")}${load(isModule(row), "{ Cluster }", "pulumi-cockroachdb-cloud")}
class BasicCluster extends ComponentResource {
  constructor(name, regions) {
    super("shop:index:BasicCluster", name);
    const args = { plan: "BASIC", cloudProvider: "GCP", serverless: { regions, withEmptyIpAllowlist: true } };
    this.cluster = new Cluster(name, args, { parent: this });
  }
}
${isModule(row) ? "export { BasicCluster };" : "exports.BasicCluster = BasicCluster;"}
`;
}

function mainOf(row: Row): string {
  if (isBuilt(row)) return "bin/index.js";
  return isTypeScript(row) ? "index.ts" : "index.js";
}

function programOf(row: Row): string {
  const imports = isModule(row) || isTypeScript(row);
  const constant = (name: string) => `${imports ? "export const " : "exports."}${name}`;
  const args = `{ plan: "BASIC", cloudProvider: "GCP", serverless: { regions, withEmptyIpAllowlist: true } }`;
  return `${load(imports, row.workspaces ? "{ SqlUser }" : "{ Cluster, SqlUser }", "pulumi-cockroachdb-cloud")}${
    row.workspaces ? load(imports, "{ BasicCluster }", "cluster-component") : ""
  }
const regions = ${isModule(row) ? `await Promise.resolve(["us-central1"])` : `["us-central1"]`};
const cluster = ${row.workspaces ? `new BasicCluster("orders", regions).cluster` : `new Cluster("orders", ${args})`};
const user = new SqlUser("app", { clusterId: cluster });
${constant("clusterId")} = cluster.id;
${constant("url")} = cluster.connectionUrl({ user });
${constant("node")} = process.version;
`;
}

function load(byImport: boolean, names: string, from: string): string {
  return byImport ? `import ${names} from "${from}";\n` : `const ${names} = require("${from}");\n`;
}

function compilersOf(row: Row): Record<string, string> {
  if (!isTypeScript(row)) return {};
  return { "@types/node": installedVersion("@types/node"), ...compilerOf(row) };
}

function compilerOf({ compiler }: Row): Record<string, string> {
  switch (compiler) {
    case "no TypeScript":
      return {};
    case "TypeScript 7 with tsx":
      return { typescript: typescript7, tsx: tsxVersion };
    case "TypeScript 7 beside 6":
      return {
        typescript: typescriptVersions["TypeScript 6"],
        "typescript-7": `npm:typescript@${typescript7}`,
      };
    case "TypeScript 5 and ts-node":
      return { typescript: typescriptVersions["TypeScript 5"], "ts-node": tsNodeVersion };
    case "TypeScript 6 and ts-node":
      return { typescript: typescriptVersions["TypeScript 6"], "ts-node": tsNodeVersion };
    default:
      return { typescript: typescriptVersions[compiler] };
  }
}

function tsconfigOf(row: Row): object {
  const isClassic =
    row.compiler === "no TypeScript" || (row.compiler === "TypeScript 5" && !isModule(row));
  return {
    compilerOptions: isClassic
      ? {
          strict: true,
          outDir: "bin",
          target: "es2020",
          module: "commonjs",
          moduleResolution: "node",
        }
      : {
          strict: true,
          outDir: "bin",
          target: "ES2022",
          module: "node20",
          types: ["node"],
          skipLibCheck: true,
        },
    files: ["index.ts"],
  };
}

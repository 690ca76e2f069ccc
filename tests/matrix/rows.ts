/** The environments that the package is installed and run in. */

/** Oldest and newest of each line that is supported. */
export const nodeVersions = { "Node 20": "20.19.0", "Node 22": "22.23.3", "Node 24": "24.21.0" };

export const pulumiVersions = { oldest: "3.248.0", newest: "3.270.0" };

export const typescriptVersions = { "TypeScript 5": "5.9.3", "TypeScript 6": "6.0.3" };
export const typescript7 = "7.0.2";
export const tsNodeVersion = "10.9.2";
export const tsxVersion = "4.23.15";

export const managers = ["npm", "pnpm 10", "pnpm 12", "yarn 1", "yarn 4", "bun"] as const;
export const managerVersions = {
  "pnpm 10": "10.34.8",
  "pnpm 12": "12.21.0",
  "yarn 1": "1.22.22",
  "yarn 4": "4.18.1",
  bun: "1.4.5",
};

export const programs = [
  "CommonJS TypeScript",
  "ESM TypeScript",
  "CommonJS JavaScript",
  "ESM JavaScript",
  "built CommonJS",
  "built ESM",
] as const;

export const compilers = [
  "TypeScript 5",
  "TypeScript 6",
  "TypeScript 5 and ts-node",
  "TypeScript 6 and ts-node",
  "TypeScript 7 beside 6",
  "TypeScript 7 with tsx",
  "no TypeScript",
] as const;

export type Node = keyof typeof nodeVersions;
export type Pulumi = keyof typeof pulumiVersions;
export type Manager = (typeof managers)[number];
export type Program = (typeof programs)[number];
export type Compiler = (typeof compilers)[number];

export interface Row {
  readonly manager: Manager;
  /** The stack is one workspace, the component that makes its cluster another. */
  readonly workspaces: boolean;
  readonly program: Program;
  readonly compiler: Compiler;
  readonly node: Node;
  readonly pulumi: Pulumi;
}

const alone = false;
const workspaces = true;

export const rows: readonly Row[] = [
  row("npm", alone, "CommonJS TypeScript", "TypeScript 6", "Node 20", "oldest"),
  row("npm", alone, "CommonJS TypeScript", "TypeScript 5", "Node 22", "newest"),
  row("npm", alone, "CommonJS TypeScript", "no TypeScript", "Node 24", "oldest"),
  row("npm", alone, "CommonJS TypeScript", "TypeScript 7 beside 6", "Node 24", "newest"),
  row("npm", alone, "CommonJS TypeScript", "TypeScript 7 with tsx", "Node 22", "oldest"),
  row("npm", alone, "ESM TypeScript", "TypeScript 6 and ts-node", "Node 20", "oldest"),
  row("npm", alone, "ESM TypeScript", "TypeScript 5 and ts-node", "Node 22", "oldest"),
  row("npm", alone, "ESM TypeScript", "TypeScript 6", "Node 24", "newest"),
  row("npm", alone, "ESM TypeScript", "TypeScript 7 with tsx", "Node 24", "newest"),
  row("npm", alone, "CommonJS JavaScript", "no TypeScript", "Node 20", "newest"),
  row("npm", alone, "ESM JavaScript", "no TypeScript", "Node 24", "newest"),
  row("npm", alone, "built CommonJS", "TypeScript 6", "Node 22", "oldest"),
  row("npm", alone, "built ESM", "TypeScript 6", "Node 20", "oldest"),
  row("npm", workspaces, "CommonJS TypeScript", "TypeScript 6", "Node 24", "newest"),
  row("npm", workspaces, "ESM TypeScript", "TypeScript 6 and ts-node", "Node 20", "oldest"),
  row("pnpm 10", alone, "CommonJS TypeScript", "TypeScript 6", "Node 20", "oldest"),
  row("pnpm 12", alone, "ESM TypeScript", "TypeScript 7 with tsx", "Node 24", "newest"),
  row("pnpm 10", workspaces, "CommonJS TypeScript", "TypeScript 5", "Node 22", "oldest"),
  row("pnpm 12", workspaces, "ESM TypeScript", "TypeScript 6 and ts-node", "Node 24", "newest"),
  row("yarn 1", alone, "CommonJS TypeScript", "TypeScript 5", "Node 20", "oldest"),
  row("yarn 4", alone, "CommonJS TypeScript", "TypeScript 6", "Node 22", "newest"),
  row("yarn 4", alone, "ESM JavaScript", "no TypeScript", "Node 22", "oldest"),
  row("bun", alone, "CommonJS TypeScript", "TypeScript 6", "Node 22", "newest"),
  row("bun", workspaces, "ESM TypeScript", "TypeScript 6", "Node 24", "newest"),
];

function row(
  manager: Manager,
  workspaces: boolean,
  program: Program,
  compiler: Compiler,
  node: Node,
  pulumi: Pulumi,
): Row {
  return { manager, workspaces, program, compiler, node, pulumi };
}

export function nameOf({ manager, workspaces, program, compiler, node, pulumi }: Row): string {
  const where = workspaces ? `${manager} workspaces` : manager;
  return `${where}, ${program}, ${compiler}, ${node}, @pulumi/pulumi ${pulumiVersions[pulumi]}`;
}

// `npm run pictures:terminal`: the terminal pictures of the README, from the real command line on the emulator.
// Each is what a terminal shows, with long lines wrapped between words: the bytes of a pseudo-terminal, played by a
// terminal emulator.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { engineEnvironment } from "./environment.mjs";
import { repository, setUp } from "./setup.mjs";
import { svgOf } from "./terminal-svg.mjs";

/** Pulumi cuts its tables to the terminal: at this width the longest status line of these runs stays whole. */
const columns = 152;
const rows = 60;
/** The half hour of an Advanced cluster takes seven minutes, so that its line shows minutes. */
const clockScale = 4;
const images = join(repository, "docs", "images");

const program = `
const cockroachdb = require("pulumi-cockroachdb-cloud");
const { clusters, users } = require("./what.json");
const made = Object.fromEntries(
  Object.entries(clusters).map(([name, args]) => [name, new cockroachdb.Cluster(name, args)]),
);
for (const [name, cluster] of Object.entries(users)) {
  new cockroachdb.SqlUser(name, { clusterId: made[cluster] });
}
`;

const orders = {
  name: "orders",
  plan: "STANDARD",
  cloudProvider: "GCP",
  deleteProtection: true,
  serverless: {
    regions: ["us-central1"],
    usageLimits: { provisionedVirtualCpus: 8 },
    withEmptyIpAllowlist: true,
  },
};
const ledger = {
  name: "ledger",
  plan: "ADVANCED",
  cloudProvider: "AWS",
  dedicated: {
    regionNodes: { "us-east-1": 3 },
    hardware: { machineSpec: { numVirtualCpus: 4 }, storageGib: 110 },
  },
};
const reports = {
  name: "reports",
  plan: "BASIC",
  cloudProvider: "GCP",
  serverless: { regions: ["us-central1"], withEmptyIpAllowlist: true },
};

async function main() {
  const { binDir, pulumiPath } = await setUp(console.log);
  const { scaledClock, startEmulator } = await import("../dist/emulator/index.js");
  const emulator = await startEmulator({ clock: scaledClock(clockScale) });
  const folder = mkdtempSync(join(tmpdir(), "cockroachdb-cloud-pictures-"));
  const {
    CI: _ci,
    NO_COLOR: _noColor,
    ...environment
  } = engineEnvironment({
    home: folder,
    binDir,
    extra: {
      TERM: "xterm-256color",
      COCKROACH_SERVER: emulator.url,
      COCKROACH_API_KEY: emulator.apiKey,
    },
  });
  const project = join(folder, "shop");
  projectIn(project);
  const stack = new Stack(pulumiPath, project, environment);
  mkdirSync(images, { recursive: true });
  try {
    await stack.run("stack", "init", "prod");

    stack.says({ orders, ledger, reports }, { app: "orders" });
    const created = await stack.run("up", "--yes", "--skip-preview", {
      until: /CREATING · [12] of 3 nodes · \d min/,
    });
    draw("progress", created.moment, "pulumi up --yes --skip-preview");

    stack.says(
      {
        orders: withVirtualCpus(orders, 4),
        ledger: withRegions(ledger),
        reports: {
          ...reports,
          cloudProvider: "AWS",
          serverless: { ...reports.serverless, regions: ["us-east-1"] },
        },
      },
      { app: "orders" },
    );
    draw("preview", (await stack.run("preview")).end, "pulumi preview");

    stack.says(
      {
        orders: {
          ...orders,
          plan: "ADVANCED",
          dedicated: ledger.dedicated,
          serverless: undefined,
          cloudProvider: "AWS",
        },
        ledger,
        reports,
      },
      { app: "orders" },
    );
    draw("refusal", (await stack.run("preview", { mayFail: true })).end, "pulumi preview");

    stack.says({ orders, ledger, reports }, { app: "orders" });
    const { id } = emulator.clusters.find("orders");
    emulator.clusters.edit(id, { usageLimits: { provisioned_virtual_cpus: "16" } });
    const drift = await stack.run("preview", "--refresh", "--diff", "--expect-no-changes", {
      mayFail: true,
    });
    draw("drift", drift.end, "pulumi preview --refresh --diff --expect-no-changes");
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function withVirtualCpus({ serverless, ...rest }, provisionedVirtualCpus) {
  return { ...rest, serverless: { ...serverless, usageLimits: { provisionedVirtualCpus } } };
}

function withRegions({ dedicated, ...rest }) {
  const regionNodes = { "us-east-1": 3, "us-east-2": 3, "us-west-2": 3 };
  return { ...rest, dedicated: { ...dedicated, regionNodes } };
}

function draw(name, screen, command) {
  const file = join(images, `${name}.svg`);
  writeFileSync(file, svgOf(screen, { command, columns }));
  console.log(`${file}\n${screen.map(textOf).join("\n")}\n`);
}

function textOf(cells) {
  return cells
    .map(({ text }) => text)
    .join("")
    .trimEnd();
}

function projectIn(project) {
  mkdirSync(project);
  writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(project, "index.js"), program);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop", main: "index.js" }));
  symlinkSync(join(repository, "node_modules"), join(project, "node_modules"), "dir");
}

/** The command line of Pulumi in a terminal of its own. */
class Stack {
  constructor(command, folder, environment) {
    this.command = command;
    this.folder = folder;
    this.environment = environment;
  }

  /** What the program asks for from now on. */
  says(clusters, users) {
    writeFileSync(join(this.folder, "what.json"), JSON.stringify({ clusters, users }));
  }

  /** Runs a command to its end. Returns the screen at the end, and at the first moment that shows `until`. */
  async run(...words) {
    const { until, mayFail = false } = typeof words.at(-1) === "object" ? words.pop() : {};
    const terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 1_000,
      allowProposedApi: true,
    });
    const child = spawn(this.command, words, {
      name: "xterm-256color",
      cols: columns,
      rows,
      cwd: this.folder,
      env: this.environment,
    });
    let moment;
    let played = Promise.resolve();
    child.onData((data) => {
      played = played.then(
        () =>
          new Promise((resolve) =>
            terminal.write(data, () => {
              const screen = moment === undefined && until ? screenOf(terminal) : undefined;
              if (screen?.some((cells) => until.test(textOf(cells)))) moment = screen;
              resolve();
            }),
          ),
      );
    });
    const { exitCode } = await new Promise((resolve) => child.onExit(resolve));
    await played;
    const end = screenOf(terminal);
    terminal.dispose();
    if (exitCode !== 0 && !mayFail) {
      throw new Error(
        `\`pulumi ${words.join(" ")}\` ended with ${exitCode}:\n${end.map(textOf).join("\n")}`,
      );
    }
    if (until && moment === undefined)
      throw new Error(
        `pulumi ${words.join(" ")} never showed ${until}:\n${end.map(textOf).join("\n")}`,
      );
    return { end, moment };
  }
}

/** Every line of the terminal, wrapped between words, without the empty ones at the end. */
function screenOf({ buffer: { active } }) {
  const lines = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    if (line.isWrapped) lines.at(-1).push(...cellsOf(line));
    else lines.push(cellsOf(line));
  }
  while (lines.length > 0 && textOf(lines.at(-1)) === "") lines.pop();
  return lines.flatMap(wrapLine);
}

/** The cells of a row with their colours. */
function cellsOf(line) {
  return Array.from({ length: columns }, (_cell, column) => {
    const cell = line.getCell(column);
    return {
      text: cell.getChars() || " ",
      colour: cell.isFgPalette()
        ? cell.getFgColor()
        : cell.isFgRGB()
          ? `#${cell.getFgColor().toString(16).padStart(6, "0")}`
          : undefined,
      isBold: cell.isBold() !== 0,
      isDim: cell.isDim() !== 0,
      isUnderlined: cell.isUnderline() !== 0,
    };
  });
}

/** A line of output as lines of the picture, each indented as the first. */
function wrapLine(cells) {
  const isBlank = ({ text }) => text === " ";
  const indent = cells.findIndex((cell) => !isBlank(cell));
  const lines = [];
  let rest = cells.slice(0, cells.findLastIndex((cell) => !isBlank(cell)) + 1);
  while (rest.length > columns) {
    const end = rest.slice(0, columns + 1).findLastIndex(isBlank);
    if (end <= indent) break;
    lines.push(rest.slice(0, end));
    rest = [...rest.slice(0, indent), ...rest.slice(end + 1)];
  }
  return [...lines, rest];
}

await main();

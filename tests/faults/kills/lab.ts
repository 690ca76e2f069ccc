// A stack on the real command line whose runs can be hit at a request: the emulator has carried it out, or not,
// and the response is still to come. Time moves only with the emulator's responses, and stands from the hit on, so
// what was being waited for never comes.
import assert from "node:assert/strict";
import type { LoggedRequest, WireCluster } from "../../../emulator";
import { manualClock } from "../../../emulator";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { javascriptProject, remove, temporaryFolder, writeFiles } from "../../support/consumer";
import type { TestEmulator } from "../../support/emulator";
import { environmentFor, startTestEmulator } from "../../support/emulator";
import type { CliRun, Ended, StateResource } from "../../support/engine";
import { startProgram } from "../../support/engine";
import type { Kill, Moment } from "../inject";
import { inject } from "../inject";

const minuteMs = 60_000;
/** What takes time is seen under way once, and done at the second poll. */
const betweenResponsesMs = 10 * minuteMs;
const slowMs = 15 * minuteMs;
const slow = {
  createBasicMs: slowMs,
  createStandardMs: slowMs,
  createAdvancedMs: slowMs,
  scaleMs: slowMs,
  changePlanMs: slowMs,
};

/** What the campaign reads of a cluster's arguments. */
export interface ClusterSettings {
  plan: string;
  cloudProvider: string;
  name?: string;
  labels?: Record<string, string>;
  dedicated?: { regionNodes: Record<string, number>; [other: string]: unknown };
  [other: string]: unknown;
}

/** A resource of the program: its arguments and options. */
export interface Declared<Args = object> {
  args: Args;
  options?: object;
}

/** What the program says. */
export interface Program {
  cluster: Declared<ClusterSettings>;
  /** A SQL user of the cluster. */
  user?: Declared;
}

/** A program with one resource, of any type. */
export interface Single extends Declared {
  type: ResourceType;
}

export interface KillLab {
  readonly emulator: TestEmulator;
  say(program: Program | Single): void;
  /** Runs `pulumi …` undisturbed, which must succeed, and returns the operations of its requests. */
  run(...args: string[]): Promise<string[]>;
  /** The same, and it must fail. */
  fail(...args: string[]): Promise<Ended>;
  /** The same, and it may end in either way. */
  attempt(...args: string[]): Promise<Ended>;
  /** Runs `pulumi …`, hits at the n-th request, and returns the operations until then, that one included. */
  inject(kill: Kill, nth: number, moment: Moment, ...args: string[]): Promise<string[]>;
  /** Clusters that are not deleted, without those of others. */
  living(): WireCluster[];
  /** All clusters that were ever made here. */
  everMade(): number;
  state(): { resources: StateResource[]; pending: number };
  /** Everything that the runs have printed, and the state as it is stored. */
  texts(): string[];
  /** Fails when a cluster of others is not as it was. */
  checkOthers(): void;
  close(): void;
}

export async function startKillLab(): Promise<KillLab> {
  let isTimeMoving = true;
  const clock = manualClock();
  const emulator = await startTestEmulator({
    clock,
    durations: slow,
    onResponse: () => {
      if (isTimeMoving) void clock.advance(betweenResponsesMs);
    },
  });
  const directory = temporaryFolder();
  writeFiles(directory, {
    ...javascriptProject("kills"),
    "index.js": "",
  });
  const stack = await startProgram({
    directory,
    checkpoints: true,
    env: environmentFor(emulator),
  });
  remove(directory);
  const others = clustersOfOthers(emulator);
  const otherIds = new Set(others.map(({ id }) => id));
  const notOthers = () => emulator.clusters.list().filter(({ id }) => !otherIds.has(id));

  /** Before a run: no request so far, no trouble, and deleting takes time. */
  function beginRun(): void {
    isTimeMoving = true;
    emulator.requests.clear();
    emulator.faults.clear();
    emulator.faults.holdNextDelete(slowMs);
  }

  const printed: string[] = [];

  function start(...args: string[]): CliRun {
    const run = stack.start(...args);
    void run.ended.then(({ stdout, stderr }) => printed.push(stdout, stderr));
    return run;
  }

  async function attempt(...args: string[]): Promise<Ended> {
    beginRun();
    return await start(...args).ended;
  }

  return {
    emulator,
    say: (program) => writeFiles(stack.directory, { "index.js": textOf(program) }),
    async run(...args) {
      const { code, stdout, stderr } = await attempt(...args);
      assert.equal(code, 0, `pulumi ${args.join(" ")} succeeds:\n${stdout}${stderr}`);
      return emulator.requests.map(operationOf);
    },
    attempt,
    async fail(...args) {
      const ended = await attempt(...args);
      assert.notEqual(ended.code, 0, `pulumi ${args.join(" ")} fails:\n${ended.stdout}`);
      return ended;
    },
    async inject(kill, nth, moment, ...args) {
      beginRun();
      let requests: string[] = [];
      const started = () => start(...args);
      const { isHit, ended } = await inject({ kill, nth, moment }, emulator, started, () => {
        isTimeMoving = false;
        requests = emulator.requests.map(operationOf);
      });
      assert.ok(isHit, `the run ended before request ${nth}:\n${ended.stdout}${ended.stderr}`);
      return requests;
    },
    living: () => notOthers().filter(({ state }) => state !== "DELETED"),
    everMade: () => notOthers().length,
    state() {
      const { latest } = JSON.parse(stack.stateText()).checkpoint;
      return {
        resources: latest?.resources ?? [],
        pending: latest?.pending_operations?.length ?? 0,
      };
    },
    texts: () => [...printed, stack.stateText()],
    checkOthers: () =>
      assert.deepEqual(
        others.map(({ id }) => emulator.clusters.get(id)),
        others,
        "clusters of others are as they were",
      ),
    close: () => stack.close(),
  };
}

/** Clusters that a careless search could take for ours: made by hand, and by the same resource of another stack. */
function clustersOfOthers(emulator: TestEmulator): WireCluster[] {
  const create = (name: string, labels: Record<string, string>) => {
    const { id } = emulator.clusters.create({
      name,
      provider: "GCP",
      spec: { plan: "BASIC", labels, serverless: { regions: ["us-central1"] } },
    });
    emulator.clusters.finish(id);
    return emulator.clusters.get(id);
  };
  return [
    create("orders-0a1b2c", { team: "payments" }),
    create("orders-3d4e5f", { "pulumi-creating": "0123456789abcdef-0123456789abcdef" }),
  ];
}

function textOf(program: Program | Single): string {
  const text = (value: object | undefined) => JSON.stringify(value ?? {});
  const load = `const cockroachdb = require("pulumi-cockroachdb-cloud");`;
  if ("type" in program) {
    const { type, args, options } = program;
    return `${load}\nnew cockroachdb.${type}("it", ${text(args)}, ${text(options)});\n`;
  }
  const { cluster, user } = program;
  const lines = [
    load,
    `const cluster = new cockroachdb.Cluster("orders", ${text(cluster.args)}, ${text(cluster.options)});`,
  ];
  if (user)
    lines.push(
      `new cockroachdb.SqlUser("app", { clusterId: cluster, ...${text(user.args)} }, ${text(user.options)});`,
    );
  return `${lines.join("\n")}\n`;
}

function operationOf({ operation, method, path }: LoggedRequest): string {
  return operation ?? `${method} ${path}`;
}

// What a scenario must survive: any kill at any of its requests. Which requests there are is recorded from an
// undisturbed run, and the way back is the one that the README gives.
import assert from "node:assert/strict";
import type { WireCluster } from "../../../emulator";
import { creationMarkKey } from "../../../provider/cluster/creation-mark";
import { closeTestEmulators } from "../../support/emulator";
import { isPart } from "../extent";
import type { Injection, Kill, Moment } from "../inject";
import { kills } from "../inject";
import type { ClusterSettings, Declared, KillLab, Program } from "./lab";
import { startKillLab } from "./lab";

export interface Scenario {
  title: string;
  /** What the program says in a round, which begins where the round before it has ended. */
  program(round: number): Program;
  /** Whether a round begins and ends with an empty stack. */
  isFresh?: true;
  /** What happens in a round before the run that is hit. */
  prepare?: (lab: KillLab, program: Program) => Promise<unknown>;
  /** The run that is hit, and that is run again afterwards. @default `pulumi up` */
  command?: string[];
  /** Whether running the command again may replace once more what is replaced already. */
  isForced?: true;
  /** Whether a cluster is kept that is replaced, or destroyed with its stack. */
  retains?: true;
  /** Whether the part that CI runs has it. */
  isPart?: true;
}

export const up = ["up", "--yes", "--skip-preview"];
export const destroy = ["destroy", "--yes", "--skip-preview"];
const clear = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];

/** Declares the tests of a scenario: in the part each kill hits at one request, in the whole form at every one. */
export function survivesKills(scenario: Scenario): void {
  if (isPart && !scenario.isPart) return;
  describe(`A stack that is ${scenario.title}`, function () {
    this.timeout(3_600_000);

    let course: Course;

    before(async () => {
      course = await Course.begin(scenario);
    });
    after(async () => {
      course.close();
      await closeTestEmulators();
    });

    if (isPart) {
      it("survives each kill, one after the other of them", async () => {
        await course.surviveInTurn();
      });
    } else {
      for (const kill of kills) {
        it(`survives ${kill.title} at each request`, async () => {
          await course.survive(kill);
        });
      }
    }

    it("leaves nothing behind when the stack is destroyed, and the clusters of others alone", async () => {
      await course.end();
    });
  });
}

/** A read has no effect, and the response to a gentle kill is only late. */
function momentsOf(operation: string, kill: Kill): Moment[] {
  const isRead = /^(Get|List)/.test(operation);
  return isRead || kill.isGentle ? ["after-effect"] : ["before-effect", "after-effect"];
}

class Course {
  readonly #scenario: Scenario;
  readonly #command: string[];
  #lab: KillLab;
  #round = 0;
  /** The requests of an undisturbed round. */
  #requests: string[] = [];
  /** How many clusters an undisturbed round makes. */
  #makes = 0;
  /** By the title of a kill, how often it hit and how many of these rounds failed. */
  readonly #tally = new Map<string, { hit: number; failed: number }>();
  /** Clusters that are kept although the stack does not have them any more. */
  readonly #retained = new Set<string>();

  private constructor(scenario: Scenario, lab: KillLab) {
    this.#scenario = scenario;
    this.#command = scenario.command ?? up;
    this.#lab = lab;
  }

  static async begin(scenario: Scenario): Promise<Course> {
    const course = new Course(scenario, await startKillLab());
    await course.#start();
    await course.#beginRound();
    const made = course.#lab.everMade();
    course.#requests = await course.#lab.run(...course.#command);
    course.#makes = course.#lab.everMade() - made;
    await course.#endRound();
    return course;
  }

  /** Every kill once, from the first request to the last. */
  async surviveInTurn(): Promise<void> {
    const stride = (this.#requests.length - 1) / (kills.length - 1);
    await this.#surviveAll(
      kills.map((kill, index) => ({
        kill,
        nth: 1 + Math.round(index * stride),
        moment: "after-effect",
      })),
    );
  }

  /** This kill at every request. */
  async survive(kill: Kill): Promise<void> {
    await this.#surviveAll(
      this.#requests.flatMap((operation, index) =>
        momentsOf(operation, kill).map((moment) => ({ kill, nth: index + 1, moment })),
      ),
    );
  }

  async #surviveAll(injections: readonly Injection[]): Promise<void> {
    const failures: string[] = [];
    for (const inject of injections) {
      const tally = this.#tallyOf(inject.kill);
      tally.hit += 1;
      try {
        await this.#survive(inject);
      } catch (error) {
        tally.failed += 1;
        const { kill, nth, moment } = inject;
        const where = `${kill.title} at request ${nth} (${this.#requests[nth - 1]}), ${moment}`;
        failures.push(`${where}: ${error instanceof Error ? error.message : error}`);
        await this.#startOver();
      }
    }
    assert.equal(failures.length, 0, failures.join("\n\n"));
  }

  async end(): Promise<void> {
    const tallies = [...this.#tally].map(
      ([kill, { hit, failed }]) => `\n        ${kill}: ${hit} kills, ${failed} not survived`,
    );
    process.stdout.write(
      `      ${this.#requests.length} requests (${this.#requests.join(", ")})${tallies.join("")}\n`,
    );
    this.#noteRetained();
    await this.#lab.run(...destroy);
    this.#checkEmpty();
    this.#lab.checkOthers();
  }

  close(): void {
    this.#lab.close();
  }

  #tallyOf({ title }: Kill): { hit: number; failed: number } {
    const tally = this.#tally.get(title) ?? { hit: 0, failed: 0 };
    this.#tally.set(title, tally);
    return tally;
  }

  async #survive({ kill, nth, moment }: Injection): Promise<void> {
    const lab = this.#lab;
    await this.#beginRound();
    const made = lab.everMade();
    const requests = await lab.inject(kill, nth, moment, ...this.#command);
    assert.deepEqual(requests, this.#requests.slice(0, nth), "requests until the kill");
    if (!kill.leavesPending)
      assert.equal(lab.state().pending, 0, "no pending operation while the engine lives");
    if (kill.isGentle)
      assert.deepEqual(this.#unknown(), [], "no cluster out of state after a gentle end");
    const makesOneMore = await this.#wayBack({ kill, nth, moment });
    const makes = lab.everMade() - made;
    const most = this.#makes + (makesOneMore || this.#scenario.isForced ? 1 : 0);
    assert.ok(this.#makes <= makes && makes <= most, `${makes} clusters were made`);
    await this.#endRound();
  }

  /** What the README says to do after a kill. Responses whether a cluster was lost sight of. */
  async #wayBack({ kill, nth, moment }: Injection): Promise<boolean> {
    const lab = this.#lab;
    const operation = this.#requests[nth - 1];
    const isResponseLost = !kill.isGentle && moment === "after-effect";
    const [finished] = this.#unknown().filter(({ labels }) => !(creationMarkKey in labels));
    if (finished)
      assert.ok(isResponseLost && operation === "UpdateCluster", "it has lost its mark");
    if (kill.leavesLock) await lab.run("cancel", "--yes");
    const { cluster } = this.#program();
    const isNamed = cluster !== undefined && "name" in cluster.args;
    if (finished && isNamed) await this.#runWithImport("cluster", finished.id);
    else if (isResponseLost && operation === "CreateSQLUser")
      await this.#runWithImport("user", `${lab.living()[0]?.id}:app`);
    else await lab.run(...this.#command);
    if (lab.state().pending > 0) await lab.run(...clear);
    if (finished === undefined || isNamed) return false;
    // A cluster with a name of its own that nobody knows: its owner deletes it.
    lab.emulator.clusters.delete(finished.id);
    return true;
  }

  /** The run stops with the line to add, and with that line in the program it succeeds. */
  async #runWithImport(resource: "cluster" | "user", id: string): Promise<void> {
    const { stdout, stderr } = await this.#lab.fail(...this.#command);
    const line = `add the option {import: "${id}"} to the resource`;
    assert.ok((stdout + stderr).includes(line), `the line to add is in\n${stdout}${stderr}`);
    const program = this.#program();
    const declared = program[resource] as Declared;
    const options = { ...declared.options, import: id };
    this.#lab.say({ ...program, [resource]: { ...declared, options } });
    const [deleted] = this.#lab.state().resources.filter((entry) => entry["pendingReplacement"]);
    if (deleted && !this.#scenario.isForced) {
      // A half-done replacement: the old cluster is deleted, and its entry stands in the way of the import.
      // One that is forced again never compares with that entry, and drops it.
      const refused = await this.#lab.fail(...this.#command);
      assert.match(refused.stdout + refused.stderr, /with `pulumi state delete`/);
      await this.#lab.run("state", "delete", deleted.urn, "--yes");
    }
    await this.#lab.run(...this.#command);
  }

  #program(): Program {
    return this.#scenario.program(this.#round);
  }

  /** The state before the first round. */
  async #start(): Promise<void> {
    if (this.#scenario.isFresh) return;
    this.#lab.say(this.#program());
    await this.#lab.run(...up);
  }

  async #beginRound(): Promise<void> {
    this.#round += 1;
    this.#noteRetained();
    await this.#scenario.prepare?.(this.#lab, this.#program());
    this.#lab.say(this.#program());
  }

  /** What the stack has now is kept when it is replaced or deleted. */
  #noteRetained(): void {
    if (this.#scenario.retains) for (const id of this.#idsInState()) this.#retained.add(id);
  }

  #checkRetained(): void {
    const living = new Set(this.#lab.living().map(({ id }) => id));
    const lost = [...this.#retained].filter((id) => !living.has(id));
    assert.deepEqual(lost, [], "what is to be kept lives");
  }

  /** Fails unless the stack and the clusters that there are say what the program says. */
  async #endRound(): Promise<void> {
    this.#lab.checkOthers();
    this.#checkRetained();
    if (this.#command === destroy) {
      this.#checkEmpty();
      return;
    }
    const { resources, pending } = this.#lab.state();
    assert.equal(pending, 0, "no pending operation is left");
    const unfinished = resources.filter(
      (resource) => resource["delete"] || resource["pendingReplacement"] || resource.initErrors,
    );
    assert.deepEqual(unfinished, [], "every entry of the state is finished");
    const [id] = this.#idsInState();
    const living = this.#lab.living().filter((cluster) => !this.#retained.has(cluster.id));
    assert.deepEqual(
      living.map((cluster) => cluster.id),
      [id],
      "the one cluster is the one in state",
    );
    assertDescribes(this.#program().cluster?.args ?? {}, living[0] as WireCluster);
    if (this.#program().user) {
      const names = this.#lab.emulator.sqlUsers.list(id as string);
      assert.deepEqual(names, ["app"]);
      assert.ok(
        resources.some((resource) => resource.id === `${id}:app`),
        "the user is in state",
      );
    }
    if (!this.#scenario.isFresh) return;
    await this.#lab.run(...destroy);
    this.#checkEmpty();
  }

  #checkEmpty(): void {
    this.#checkRetained();
    assert.deepEqual(
      this.#lab.state().resources.filter(({ type }) => type.includes("cockroachdb")),
      [],
    );
    assert.deepEqual(
      this.#lab.living().filter(({ id }) => !this.#retained.has(id)),
      [],
      "living clusters",
    );
  }

  /** Another stack on another emulator: what a failed round left must not fail the next ones. */
  async #startOver(): Promise<void> {
    this.#lab.close();
    this.#lab = await startKillLab();
    this.#retained.clear();
    await this.#start();
  }

  #idsInState(): string[] {
    return this.#lab
      .state()
      .resources.filter(({ type }) => type.endsWith(":Cluster"))
      .flatMap(({ id }) => (id === undefined ? [] : [id]));
  }

  /** Living clusters that are in no state and are not meant to be. */
  #unknown(): WireCluster[] {
    const known = new Set([...this.#idsInState(), ...this.#retained]);
    return this.#lab.living().filter(({ id }) => !known.has(id));
  }
}

function assertDescribes(args: ClusterSettings, cluster: WireCluster): void {
  assert.deepEqual(
    [cluster.plan, cluster.cloud_provider, cluster.labels],
    [args.plan, args.cloudProvider, args.labels ?? {}],
  );
  const nodes = Object.fromEntries(
    cluster.regions.map(({ name, node_count }) => [name, node_count]),
  );
  if (args.dedicated) assert.deepEqual(nodes, args.dedicated.regionNodes);
}

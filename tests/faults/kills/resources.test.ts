// Kills while a resource of any kind is created or deleted, drawn from the registry: its values are those of its
// conformance cases. Clusters and their users have scenarios of their own beside this file.
import assert from "node:assert/strict";
import { resources } from "../../../provider/resource/registry";
import type { ResourceType } from "../../../provider/resource/resource-types";
import { allResourceTypes } from "../../../provider/resource/resource-types";
import { systemClock } from "../../../sdk";
import type { Properties } from "../../conformance/resource-cases";
import { casesOf, clusterIdIn, placeOf } from "../../conformance/resource-cases";
import { closeTestEmulators } from "../../support/emulator";
import { existingBy } from "../existing";
import { isPart } from "../extent";
import type { Kill } from "../inject";
import { kills } from "../inject";
import { destroy, up } from "./campaign";
import type { KillLab, Single } from "./lab";
import { startKillLab } from "./lab";

const clear = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];
const same = [...up, "--refresh", "--expect-no-changes"];

/** CI kills one of so many kinds, in one way: the first of them without a word to the provider. */
const partStride = 16;
const firstOfPart = 8;

/** The secret of an API key. */
const apiKey = /CCDB1_\w{22}_\w{40}/;

class Course {
  readonly #type: ResourceType;
  readonly #lab: KillLab;
  #rounds = 0;
  #place: Properties = {};
  #program: Single;
  /** Of the kind, before anything was made. */
  #before: ReadonlySet<string> | undefined;
  /** The requests of an undisturbed creation and deletion. */
  #requests: Readonly<Record<"create" | "delete", string[]>> = { create: [], delete: [] };

  /** How often it was hit, and where it was last. */
  kills = 0;
  where = "no kill";

  private constructor(type: ResourceType, lab: KillLab) {
    this.#type = type;
    this.#lab = lab;
    this.#program = { type, args: {} };
  }

  static async begin(type: ResourceType): Promise<Course> {
    const course = new Course(type, await startKillLab());
    await course.#beginRound();
    const create = await course.#lab.run(...up);
    course.#requests = { create, delete: await course.#lab.run(...destroy) };
    return course;
  }

  /** Puts up what the next object is in: the service keeps what some leave behind, such as revoked keys. */
  async #beginRound(): Promise<void> {
    this.#rounds += 1;
    const { emulator } = this.#lab;
    this.#place = placeOf(this.#type, emulator, this.#rounds);
    for (const { id } of this.#lab.living()) emulator.clusters.finish(id);
    const args = { ...this.#place, ...casesOf[this.#type].full[0] };
    this.#program = { type: this.#type, args };
    this.#lab.say(this.#program);
    this.#before = await this.#existing();
  }

  /** Creates the object and deletes it, and is hit in both, at another request for each `index`. */
  async survive(kill: Kill, index: number): Promise<void> {
    const lab = this.#lab;
    await this.#beginRound();
    await this.#hit("create", kill, index);
    await this.#create();
    await this.#hit("delete", kill, index);
    await lab.run(...destroy);
    assert.deepEqual(this.#inState(), [], "nothing is left in state");
    lab.checkOthers();
    this.#checkSecrets();
    if (casesOf[this.#type].operations.delete === undefined) return;
    if (casesOf[this.#type].leavesRecord === true) return;
    assert.deepEqual(await this.#existing(), this.#before, "nothing is left on the service");
  }

  async #hit(run: "create" | "delete", kill: Kill, index: number): Promise<void> {
    const { length } = this.#requests[run];
    if (length === 0) return;
    this.kills += 1;
    const nth = length - (index % length);
    const moment = kill.isGentle || index % 2 === 1 ? "after-effect" : "before-effect";
    this.where = `${kill.title} at request ${nth} of the ${run}, ${moment}`;
    await this.#lab.inject(kill, nth, moment, ...(run === "create" ? up : destroy));
    if (kill.leavesLock) await this.#lab.run("cancel", "--yes");
  }

  /** What the page on interruptions says to do: the same again, with the line that it asks for. */
  async #create(): Promise<void> {
    const lab = this.#lab;
    const first = await lab.attempt(...up);
    let said = first.stdout + first.stderr;
    if (first.code !== 0) {
      const [, id] = /\{import: "([^"]+)"\}/.exec(said) ?? assert.fail(`no line to add:\n${said}`);
      lab.say({ ...this.#program, options: { import: id } });
      const second = await lab.attempt(...up);
      assert.equal(second.code, 0, `with the line it succeeds:\n${second.stdout}`);
      said += second.stdout;
    }
    if (lab.state().pending > 0) await lab.run(...clear);
    const [it, ...others] = this.#inState();
    assert.deepEqual(others, [], "there is one entry in state");
    for (const name of this.#secretOutputs)
      assert.ok(it?.outputs?.[name]?.ciphertext, `${name} is encrypted in state`);
    assert.ok(this.#exists(it?.id ?? ""), "what is in state is on the service");
    await this.#removeUnseen(said);
    await lab.run(...same);
  }

  /** What a kill has left that no mark names: its owner deletes what a run has named. */
  async #removeUnseen(said: string): Promise<void> {
    const { operations, remove } = casesOf[this.#type];
    const { keyOf } = resources[this.#type];
    const known = this.#inState().map(({ id = "", outputs = {} }) => keyOf(id, outputs));
    for (const key of (await this.#existing()) ?? []) {
      if (this.#before?.has(key) || known.includes(key)) continue;
      assert.ok(operations.completeCreate !== undefined || said.includes(key), `${key} is unseen`);
      remove(this.#object(key));
    }
  }

  async end(): Promise<void> {
    this.#lab.close();
    await closeTestEmulators();
  }

  #inState() {
    const { resources: entries } = this.#lab.state();
    return entries.filter(({ type }) => type.includes("cockroachdb"));
  }

  #object(id: string) {
    const clusterId = clusterIdIn(this.#type, this.#place);
    return { emulator: this.#lab.emulator, id, place: this.#place, clusterId };
  }

  #exists(id: string): boolean {
    return casesOf[this.#type].exists(this.#object(id));
  }

  #existing(): Promise<ReadonlySet<string> | undefined> {
    return existingBy(systemClock, this.#lab.emulator, this.#type, this.#place);
  }

  get #secretOutputs(): readonly string[] {
    return casesOf[this.#type].secretOutputs ?? [];
  }

  #checkSecrets(): void {
    const { args } = this.#program;
    const given = this.#secretOutputs.flatMap((name) => Reflect.get(args, name) ?? []);
    for (const text of this.#lab.texts()) {
      assert.ok(!given.some((secret) => text.includes(secret)), "no secret is in plain text");
      assert.doesNotMatch(text, apiKey);
    }
  }
}

const types = allResourceTypes.filter((type) => type !== "Cluster");

describe("A stack with one resource", function () {
  this.timeout(3_600_000);

  for (const [index, type] of types.entries()) {
    if (isPart && index % partStride !== firstOfPart) continue;
    it(`of type ${type} survives kills while it is created and deleted`, async () => {
      let course = await Course.begin(type);
      let count = 0;
      const failures: string[] = [];
      for (const nth of isPart ? [index % kills.length] : kills.keys()) {
        try {
          await course.survive(kills[nth] as Kill, index + nth);
        } catch (error) {
          failures.push(`${course.where}: ${error instanceof Error ? error.message : error}`);
          count += course.kills;
          await course.end();
          course = await Course.begin(type);
        }
      }
      count += course.kills;
      await course.end();
      process.stdout.write(`      ${count} kills, ${failures.length} not survived\n`);
      assert.deepEqual(failures, [], failures.join("\n\n"));
    });
  }
});

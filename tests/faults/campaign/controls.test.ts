// Each rule of the campaign notices the mutant that it is there for, and nothing is found without any.

import { strict as assert } from "node:assert";
import type { DynamicProvider } from "../../../provider/dynamic/dynamic-provider";
import { declared } from "../../conformance/world";
import { basic, standard } from "../../support/builders";
import type { Case, Mutant } from "./campaign";
import { attempt, record } from "./campaign";
import type { Rule } from "./invariants";
import { rules } from "./invariants";
import type { Lifecycle } from "./lifecycle";
import type { Trouble } from "./trouble";

type Properties = Record<string, unknown>;

const cluster: Lifecycle = { name: "create", program: () => ({ orders: basic() }) };
const change: Lifecycle = {
  name: "change",
  before: cluster.program,
  program: () => ({ orders: basic({}, { labels: { a: "b" } }) }),
};
const user: Lifecycle = {
  name: "create a SQL user",
  type: "SqlUser",
  program: ({ place }) => ({ it: declared("SqlUser", { ...place(), name: "app" }) }),
};

const lost: Trouble = {
  name: "reset after the effect",
  family: "connections",
  fault: { reset: "after-effect" },
  spells: ["once"],
};
const denied: Trouble = {
  name: "403",
  family: "refusals",
  fault: { status: 403 },
  spells: ["for ever"],
};

const unmarked = ({ __mark: _, ...inputs }: Properties): Properties => inputs;

interface Control {
  readonly rule: Rule;
  readonly mutant: string;
  readonly by: (
    provider: DynamicProvider,
    world: Parameters<Mutant>[1],
  ) => Partial<DynamicProvider>;
  readonly lifecycle: Lifecycle;
  readonly trouble: Trouble;
  readonly target: Case["target"];
}

const controls: readonly Control[] = [
  {
    rule: "single",
    mutant: "makes a second cluster where it should have found the first",
    by: (provider) => ({
      create: async (inputs) => {
        await provider.create(unmarked(inputs)).catch(() => undefined);
        return await provider.create(inputs);
      },
    }),
    lifecycle: cluster,
    trouble: lost,
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "owned",
    mutant: "loses the id, and sets no mark by which the cluster would be found",
    by: (provider) => ({
      create: async (inputs) =>
        await provider.create(unmarked(inputs)).catch((error: Error) => {
          throw new Error(error.message);
        }),
    }),
    lifecycle: cluster,
    trouble: denied,
    target: { operation: "GetCluster", nth: 1 },
  },
  {
    rule: "converges",
    mutant: "sees a difference for ever",
    by: () => ({ diff: async () => ({ changes: true }) }),
    lifecycle: cluster,
    trouble: denied,
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "known",
    mutant: "stores a password that it has not set",
    by: (provider) => ({
      create: async (inputs) => {
        const { id, outs } = await provider.create(inputs);
        return { id, outs: { ...outs, password: "another-password-than-set" } };
      },
    }),
    lifecycle: user,
    trouble: lost,
    target: { operation: "CreateSQLUser", nth: 1 },
  },
  {
    rule: "remembered",
    mutant: "takes a refused delete for done",
    by: (provider) => ({
      delete: async (id, props) => await provider.delete(id, props).catch(() => undefined),
    }),
    lifecycle: { ...user, name: "destroy", run: "destroy", before: user.program },
    trouble: denied,
    target: { operation: "DeleteSQLUser", nth: 1 },
  },
  {
    rule: "steady",
    mutant: "reads other values than there are",
    by: (provider) => ({
      read: async (id, props) => {
        const response = await provider.read(id, props);
        return { ...response, inputs: { ...response.inputs, labels: { nobody: "asked" } } };
      },
      diff: async () => ({ changes: true }),
    }),
    lifecycle: cluster,
    trouble: denied,
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "leavesNothing",
    mutant: "takes a delete for done",
    by: () => ({ delete: async () => {} }),
    lifecycle: cluster,
    trouble: denied,
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "touchesNoOther",
    mutant: "changes a cluster of somebody else",
    by: (provider, { controls }) => ({
      update: async (_id, olds, news) => await provider.update(controls[1] as string, olds, news),
    }),
    lifecycle: change,
    trouble: lost,
    target: { operation: "UpdateCluster", nth: 1 },
  },
  {
    rule: "once",
    mutant: "sends the request again when its response was lost",
    by: (provider) => ({
      create: async (inputs) =>
        await provider.create(inputs).catch(async () => await provider.create(inputs)),
    }),
    lifecycle: { ...cluster, program: () => ({ orders: standard({}, { name: "orders" }) }) },
    trouble: { ...denied, fault: { reset: "before-effect" } },
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "secret",
    mutant: "responds with a password that is not marked as a secret",
    by: (provider) => ({
      create: async (inputs) => {
        const { id, outs } = await provider.create(inputs);
        return { id, outs: { ...outs, password: "a password for all to see" } };
      },
    }),
    lifecycle: user,
    trouble: denied,
    target: { operation: "CreateSQLUser", nth: 1 },
  },
  {
    rule: "readable",
    mutant: "says nothing that anybody could read",
    by: () => ({
      create: async () => {
        throw new Error(`Creating ${String({})} failed`);
      },
    }),
    lifecycle: cluster,
    trouble: lost,
    target: { operation: "CreateCluster", nth: 1 },
  },
  {
    rule: "injected",
    mutant: "needs no fault: the run never gets to the request that is to get the fault",
    by: () => ({}),
    lifecycle: cluster,
    trouble: lost,
    target: { operation: "CreateCluster", nth: 9 },
  },
];

describe("Rules of the campaign", () => {
  const { random } = Math;

  before(() => {
    Math.random = () => 0.5;
  });

  after(() => {
    Math.random = random;
  });

  it("have a mutant each", () => {
    assert.deepEqual(controls.map(({ rule }) => rule).sort(), Object.keys(rules).sort());
  });

  for (const { rule, mutant, by, lifecycle, trouble, target } of controls) {
    it(`notice a provider that ${mutant}`, async () => {
      const recording = await record(lifecycle);
      const [spell = "once"] = trouble.spells;
      const one = { lifecycle, trouble, spell, target };
      const honest = await attempt(one, recording);
      const expected = rule === "injected" ? ["injected"] : [];
      assert.deepEqual(
        honest.violations.map((found) => found.rule),
        expected,
      );
      const { violations } = await attempt(one, recording, (provider, world) => ({
        ...provider,
        ...by(provider, world),
      }));
      const found = violations.map((broken) => broken.rule);
      assert.ok(found.includes(rule), `${rules[rule]}: found ${found.join(", ")}`);
    }).timeout(30_000);
  }
});

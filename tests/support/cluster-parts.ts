// Labs for the parts of clusters: clusters are there already, made behind the provider's back.

import { strict as assert } from "node:assert";
import type { Emulator, EmulatorOptions } from "../../emulator";
import { toDynamicProvider } from "../../provider/dynamic/dynamic-provider";
import type { Lifecycle } from "../../provider/resource/lifecycle";
import type { Lab } from "./engine-model/lab";
import { startLab } from "./engine-model/lab";
import type { Stack } from "./engine-model/stack";
import type { Resource } from "./engine-model/stack-state";
import { unknown } from "./engine-model/values";

type Properties = Record<string, unknown>;

const bodies = {
  BASIC: {
    provider: "GCP",
    spec: { plan: "BASIC", serverless: { regions: ["us-central1"] } },
  },
  STANDARD: {
    provider: "GCP",
    spec: {
      plan: "STANDARD",
      serverless: {
        regions: ["us-central1"],
        usage_limits: { provisioned_virtual_cpus: "2" },
      },
    },
  },
  ADVANCED: {
    provider: "AWS",
    spec: {
      plan: "ADVANCED",
      dedicated: {
        region_nodes: { "us-east-1": 3 },
        hardware: { machine_spec: { num_virtual_cpus: 4 }, storage_gib: 35 },
      },
    },
  },
} as const;

/** A lab with clusters that are ready, and a stack for one resource. */
export interface PartLab extends Lab {
  shop: Stack;
  /** Makes a further cluster, which is ready at once, and returns its id. */
  newCluster(name: string, plan?: keyof typeof bodies): string;
  /** Id of a cluster that is ready. */
  id: string;
}

/** Id of a cluster that is made through the API, where creating takes its time: it is not ready yet. */
export async function beingCreated(
  { url, apiKey }: Emulator,
  body: object = bodyOf("ADVANCED", "slow-one"),
): Promise<string> {
  const response = await fetch(`${url}/api/v1/clusters`, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, "Cc-Version": "2024-09-16" },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { id: string }).id;
}

/** Starts a lab with one cluster. */
export async function startPartLab<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  plan: keyof typeof bodies,
  options: EmulatorOptions = {},
): Promise<PartLab> {
  const lab = await startLab(options);
  const newCluster = (name: string, of: keyof typeof bodies = plan) =>
    lab.emulator.clusters.create({ name, ...bodies[of] } as never).id;
  return {
    ...lab,
    newCluster,
    id: newCluster("orders-1"),
    shop: lab.stack({ serve: (host) => toDynamicProvider(lifecycle, host) }),
  };
}

/** The body of a cluster that can be created over HTTP. */
export function bodyOf(plan: keyof typeof bodies, name: string): object {
  return { name, ...bodies[plan] };
}

/** Puts a resource into state as the bridged provider leaves it: no text, no hidden inputs. */
export function putForeign(stack: Stack, name: string, resource: Partial<Resource>): void {
  stack.resources.set(name, {
    id: "",
    inputs: {},
    outputs: {},
    initErrors: [],
    ...resource,
  });
}

/** Asserts what `check` finds, without order. */
export function failuresOf<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  news: Properties,
  olds: Properties = {},
): string[] {
  const { failures } = lifecycle.check(olds as Partial<Inputs>, news);
  return failures.map(({ property, reason }) => `${property}: ${reason}`).sort();
}

/** Asserts that no single unknown argument fails the check, or hides a replacement or a change. */
export function assertUnknownsPass<Inputs extends object, State extends object>(
  lifecycle: Lifecycle<Inputs, State>,
  id: string,
  args: Inputs,
  replacing: readonly string[],
): void {
  const stored = { state: args as unknown as State, inputs: args, isFromBridge: false };
  assert.deepEqual(lifecycle.diff(id, stored, args).replaces, []);
  assert.deepEqual(lifecycle.diff(id, stored, args).updates, []);
  for (const key of Object.keys(args)) {
    const news = { ...args, [key]: unknown };
    assert.deepEqual(lifecycle.check(args, news as Properties).failures, [], key);
    assert.deepEqual(lifecycle.check({}, news as Properties).failures, [], key);
    const { replaces, updates, deleteBeforeReplace } = lifecycle.diff(id, stored, news);
    const isReplacing = replacing.includes(key);
    // Which goes first is the program's to say: the class has reported the engine.
    assert.equal(deleteBeforeReplace, false, key);
    assert.deepEqual([replaces, updates], isReplacing ? [[key], []] : [[], [key]], key);
    for (const other of replacing) {
      const both = { ...news, [other]: unknown };
      assert.ok(lifecycle.diff(id, stored, both).replaces.includes(other), `${key} and ${other}`);
    }
  }
}

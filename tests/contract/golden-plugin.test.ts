// Golden states, of the classes and of the provider plugin, as the plugin of today reads them.
import assert from "node:assert/strict";
import { connect } from "../../provider/engine/configuration";
import { RunRecord } from "../../provider/engine/run-record";
import { silentReporter } from "../../provider/engine/status-line";
import type { ResourceType } from "../../provider/resource/resource-types";
import {
  allResourceTypes,
  pluginToken,
  resourceTypeOf,
} from "../../provider/resource/resource-types";
import { casesOf, clusterIdIn } from "../conformance/resource-cases";
import { manualClock } from "../support/clock";
import type { TestEmulator } from "../support/emulator";
import { closeTestEmulators, environmentFor } from "../support/emulator";
import { nameOf } from "../support/engine";
import type { Door } from "../support/engine-model/door";
import { pluginDoor } from "../support/plugin-door";
import type { GoldenResource } from "./golden-states";
import { goldenStates, newerOutputs, placedOn, replaced } from "./golden-states";
import type { Properties } from "./plugin-client";
import { startImmediateEmulator } from "./plugins";
import { plain } from "./secrets";

function visible(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("__")));
}

/** Names of the outputs that programs see. */
function namesIn(outputs: Properties): string[] {
  const { stateEntry: _, ...others } = visible(outputs);
  return Object.keys(others).sort();
}

describe("The provider plugin", function () {
  this.timeout(60_000);

  const clock = manualClock(Date.now());
  /** Time-outs of requests are longer. */
  const maxWaitMs = 20_000;
  let emulator: TestEmulator;
  let places = 0;

  const states = goldenStates();
  // The role grants of one file name the cluster of another.
  const clusters = states
    .flatMap(({ resources }) => resources)
    .filter(({ type }) => resourceTypeOf(type) === "Cluster");

  before(async () => {
    emulator = await startImmediateEmulator();
  });
  after(closeTestEmulators);

  /** The plugin in a run of its own. */
  function startRun(): Door {
    const { signal } = new AbortController();
    const door = pluginDoor({
      environment: environmentFor(emulator),
      connect: (settings) => connect(settings, clock, signal),
      reporter: silentReporter,
      clock,
      signal,
      run: new RunRecord(),
    });
    return door("Cluster");
  }

  async function assertRead({ urn, ...resource }: GoldenResource): Promise<void> {
    const type = resourceTypeOf(resource.type) as ResourceType;
    const name = nameOf(urn);
    places += 1;
    const entry = { type, resource: { ...resource, urn }, number: places };
    const clusterIds = clusters.map(({ id }) => id);
    const { place, placed } = placedOn(emulator, entry, clusterIds);
    const inputs = placed(plain(resource.inputs));
    const asked = visible(inputs);
    const said = {
      urn: `urn:pulumi:test::test-project::${pluginToken(type)}::${name}-${places}`,
      oldInputs: inputs,
      timeouts: undefined,
    };
    const { id } = await startRun().create(asked, said);
    const here = <Value>(value: Value): Value =>
      replaced(placed(value), [[placed(resource.id), id]]);
    const outputs = here(plain(resource.outputs));
    const unchanged = { changes: false, replaces: [], deleteBeforeReplace: false };

    const run = startRun();
    assert.deepEqual((await run.check(inputs, asked, said)).failures, []);
    assert.deepEqual(await run.diff(id, outputs, asked, said), unchanged);
    const found = await run.read(id, outputs, said);
    assert.equal(found.id, id);
    assert.deepEqual(plain(found.inputs), asked);
    const outs = plain(found.props ?? {});
    const known = namesIn(outs).filter((output) => newerOutputs[type]?.includes(output) !== true);
    assert.deepEqual(known, namesIn(outputs));
    assert.deepEqual(await run.diff(id, outs, asked, said), unchanged);
    await startRun().delete(id, outputs, said);
    const { exists, operations } = casesOf[type];
    const clusterId = clusterIdIn(type, place);
    assert.equal(exists({ emulator, id, place, clusterId }), operations.delete === undefined);
  }

  it("has written a golden state of each resource", () => {
    const types = states.flatMap(({ resources }) => resources.map(({ type }) => type));
    for (const type of allResourceTypes) assert.ok(types.includes(pluginToken(type)), type);
  });

  for (const { file, resources } of states) {
    for (const resource of resources) {
      const type = resourceTypeOf(resource.type);
      if (type === undefined) continue;
      it(`leaves the ${type} "${nameOf(resource.urn)}" of ${file} as it is, reads it without drift and deletes it`, async () => {
        await clock.run(assertRead(resource), maxWaitMs);
      });
    }
  }
});

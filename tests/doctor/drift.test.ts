// The arguments that somebody else has changed, of every resource, as the doctor reads them.
import { strict as assert } from "node:assert";
import { diagnose } from "../../doctor/diagnosis";
import { readOrganization } from "../../doctor/organization";
import type { Place } from "../../doctor/stack-state";
import { organization, parseState } from "../../doctor/stack-state";
import { resources } from "../../provider/resource/registry";
import { allResourceTypes, isOfCluster } from "../../provider/resource/resource-types";
import { CockroachCloudClient } from "../../sdk";
import { casesOf, valuesIn } from "../conformance/resource-cases";
import type { World } from "../conformance/world";
import { argumentOf, startWorld } from "../conformance/world";
import { checkEmulators } from "../support/emulator";
import { assertDone } from "../support/engine-model/run";
import { exported, part } from "./exported-state";

type Values = Record<string, unknown>;

/** The findings about the one resource of a stack. */
async function findingsIn(
  { type, emulator, stack, time }: World,
  change: (inputs: Values) => Values = (inputs) => inputs,
) {
  const { id, inputs, outputs } = stack.resource("it");
  const cloud = new CockroachCloudClient({
    ...{ apiKey: emulator.apiKey, serverUrl: emulator.url, clock: time },
  });
  const where: Place =
    type === "Cluster" || isOfCluster(type) ? (id.split(":")[0] ?? "") : organization;
  const key = resources[type].keyOf(id, outputs) ?? "";
  const query = new Map(
    type === "Cluster" ? [[where, new Map()]] : [[where, new Map([[type, new Set([key])]])]],
  );
  const facts = await readOrganization(cloud, query, {}, time.now());
  const found = diagnose({
    state: parseState(
      exported({ resources: [part(type, "it", id, { inputs: change(inputs), outputs })] }),
    ),
    isReached: () => true,
    ...{ facts, fullName: undefined, creators: new Set() },
    pulumi: (command) => `pulumi ${command}`,
  });
  // Others of the place, and an account without roles, are as the cases have them.
  return found.filter(({ subject, severity }) => severity !== "hint" && subject === `${type} "it"`);
}

describe("The drift that the doctor finds", () => {
  checkEmulators();

  for (const type of allResourceTypes) {
    const cases = casesOf[type];

    it(`is none of what nobody has changed, of type ${type}`, async () => {
      for (const args of [cases.full[0], cases.minimal]) {
        const world = await startWorld(type, { rateLimit: "off" });
        assertDone(await world.up({ ...world.place, ...args }));
        assert.deepEqual(await findingsIn(world), []);
      }
    });

    for (const [path, { drift, before }] of Object.entries(cases.arguments)) {
      if (typeof drift === "string") continue;
      it(`names ${path} of type ${type}, which somebody else has changed`, async () => {
        const world = await startWorld(type, { rateLimit: "off" });
        const args = { ...world.place, ...valuesIn(before ?? cases.full[0], world.emulator) };
        assertDone(await world.up(args));
        drift(world.object());
        const [found, ...others] = await findingsIn(world);
        assert.deepEqual([found?.code, found?.severity, others], ["drift", "warning", []]);
        const named = /for (.*)\.$/.exec(found?.what ?? "")?.[1]?.split(", ") ?? [];
        assert.ok(
          named.some((one) => argumentOf(one) === argumentOf(path)),
          `${path} is among ${named}`,
        );
      });
    }
  }

  it("leaves out an argument that is a secret in state, which stays encrypted", async () => {
    const world = await startWorld("Cluster", { rateLimit: "off" });
    const full = casesOf.Cluster.full[0];
    assertDone(await world.up({ ...full, labels: { team: "a" }, deleteProtection: false }));
    const { emulator, id } = world.object();
    emulator.clusters.edit(id, { labels: { team: "b" } });
    const encrypted = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:abc",
    };
    const labelsSecret = (inputs: Values) => ({ ...inputs, labels: encrypted });
    assert.deepEqual(await findingsIn(world, labelsSecret), []);
    const oneSecret = (inputs: Values) => ({ ...inputs, labels: { team: encrypted } });
    assert.deepEqual(await findingsIn(world, oneSecret), []);
    emulator.clusters.edit(id, { deleteProtection: "ENABLED" });
    const [found] = await findingsIn(world, labelsSecret);
    assert.match(found?.what ?? "", /for deleteProtection\.$/);
  });
});

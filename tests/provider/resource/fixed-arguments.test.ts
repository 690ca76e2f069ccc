// What becomes of an object whose write was carried out, when a response shows another value of an argument that can
// never change, and the run ends before a better one.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../../provider/resource/resource-types";
import type { Properties } from "../../conformance/resource-cases";
import { casesOf, placeOf, updatedArguments } from "../../conformance/resource-cases";
import { declared } from "../../conformance/world";
import { advanced } from "../../support/builders";
import type { TestEmulator } from "../../support/emulator";
import { checkEmulators } from "../../support/emulator";
import { startLab } from "../../support/engine-model/lab";
import { assertDone, failureOf } from "../../support/engine-model/run";

interface Case {
  readonly type: ResourceType;
  /** Whether the object exists already, and the write is a change. */
  readonly isUpdate: boolean;
  /** The operation that gives the response, and the one that fails after it. */
  readonly shown: string;
  readonly failing: string;
  /** The response; undefined before there is anything to show. */
  body(emulator: TestEmulator, clusterId: string): object | undefined;
}

const cases: readonly Case[] = [
  {
    type: "PhysicalReplicationStream",
    isUpdate: true,
    shown: "UpdatePhysicalReplicationStream",
    failing: "ListPhysicalReplicationStreams",
    body({ physicalReplicationStreams }) {
      const { primary_cluster_id: _left, ...others } = physicalReplicationStreams.list()[0] ?? {};
      return { ...others, status: "FAILING_OVER" };
    },
  },
  {
    type: "EgressPrivateEndpoint",
    isUpdate: false,
    shown: "ListEgressPrivateEndpoints",
    failing: "ListEgressPrivateEndpoints",
    body({ egressPrivateEndpoints }, clusterId) {
      const [endpoint] = egressPrivateEndpoints.list(clusterId);
      return endpoint && { egress_private_endpoints: [{ ...endpoint, region: "eu-west-1" }] };
    },
  },
  {
    type: "Cluster",
    isUpdate: true,
    shown: "UpdateCluster",
    failing: "GetCluster",
    body: ({ clusters }) => ({ ...clusters.list()[0], name: "another" }),
  },
];

describe("An argument that can never change", () => {
  checkEmulators();

  for (const { type, isUpdate, shown, failing, body } of cases) {
    it(`keeps its value whatever ${shown} shows, so that ${type} is not replaced`, async () => {
      const { emulator, stack } = await startLab();
      const shop = stack();
      const place = placeOf(type, emulator);
      const programOf = (args: object) => ({ it: declared(type, { ...place, ...args }) });
      const first = programOf(casesOf[type].full[0]);
      const last = isUpdate ? programOf(updatedArguments(type)) : first;
      if (isUpdate) assertDone(await shop.up(first));
      const when = () => {
        const other = body(emulator, String(place["clusterId"]));
        Object.assign(fault, { body: other });
        return other !== undefined;
      };
      const fault = { status: 200, effect: "after" as const, body: {}, when };
      emulator.faults.add(shown, fault);
      const refusal = { status: 403, message: "not allowed", times: Number.POSITIVE_INFINITY };
      for (const operation of [failing, "ListClusters"])
        emulator.faults.add(operation, { ...refusal, when });
      assert.match(failureOf(await shop.up(last)), / 403 not allowed/);
      const { id } = shop.resource("it");
      emulator.faults.clear();
      assert.deepEqual(assertDone(await shop.up(last)).steps, ["update it"]);
      assert.equal(shop.resource("it").id, id);
    });
  }

  it("is named as not set where state has no value of it and a refresh shows one", async () => {
    const { emulator, stack } = await startLab();
    const shop = stack();
    assertDone(
      await shop.up({ it: advanced({ networkVisibility: "PRIVATE" }, { name: "orders" }) }),
    );
    const stored = shop.resource("it");
    const { networkVisibility: _left, ...dedicated } = stored.outputs["dedicated"] as Properties;
    shop.resources.set("it", { ...stored, outputs: { ...stored.outputs, dedicated } });
    const [cluster] = emulator.clusters.list();
    const shown = { clusters: [{ ...cluster, network_visibility: "PUBLIC" }] };
    emulator.faults.add("ListClusters", { status: 200, body: shown });
    const { notes } = assertDone(await shop.refresh());
    assert.match(
      notes.map(({ text }) => text).join(),
      /: dedicated\.networkVisibility is "PUBLIC" there and not set in state\. /,
    );
  });
});

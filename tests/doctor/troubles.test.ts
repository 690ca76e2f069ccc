// What is wrong with objects that exist, as the doctor reads it from the service.
import { strict as assert } from "node:assert";
import { diagnose } from "../../doctor/diagnosis";
import { readOrganization } from "../../doctor/organization";
import type { Place } from "../../doctor/stack-state";
import { organization, parseState } from "../../doctor/stack-state";
import { creator } from "../../provider/cluster/creation-mark";
import { resources } from "../../provider/resource/registry";
import type { ResourceType } from "../../provider/resource/resource-types";
import { isOfCluster } from "../../provider/resource/resource-types";
import { CockroachCloudClient } from "../../sdk";
import { casesOf, clusterIdIn, placeOf } from "../conformance/resource-cases";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators } from "../support/emulator";
import { startLab } from "../support/engine-model/lab";
import { Declaration } from "../support/engine-model/program";
import { kinds } from "../support/kinds";
import { cluster, exported, fullName, part } from "./exported-state";

interface Subject {
  readonly emulator: TestEmulator;
  readonly clusterId: string;
  readonly id: string;
  /** What the id has after the cluster. */
  readonly own: string;
}

type Row = readonly [
  type: ResourceType,
  breaks: (subject: Subject) => void,
  finding: string,
  what: RegExp,
];

const millenniumMs = 1000 * 365.25 * 24 * 60 * 60_000;

const rows: readonly Row[] = [
  [
    "PrivateEndpointConnection",
    ({ emulator, clusterId, own }) =>
      emulator.privateEndpointConnections.deleteEndpoint(clusterId, own),
    "error broken",
    /^It is STALE\.$/,
  ],
  [
    "PrivateEndpointConnection",
    ({ emulator, clusterId, own }) =>
      emulator.privateEndpointConnections.setStatus(clusterId, own, "REJECTED"),
    "error broken",
    /^It is REJECTED\.$/,
  ],
  [
    "PrivateEndpointConnection",
    ({ emulator, clusterId, own }) =>
      emulator.privateEndpointConnections.setStatus(clusterId, own, "FAILED"),
    "error broken",
    /^It is FAILED\.$/,
  ],
  [
    "PrivateEndpointServices",
    ({ emulator, clusterId }) =>
      emulator.privateEndpointServices.setStatus(clusterId, "us-west-2", "CREATE_FAILED"),
    "error operation-failed",
    /^us-west-2 is CREATE_FAILED\.$/,
  ],
  [
    "EgressTrafficPolicy",
    ({ emulator, clusterId }) => emulator.egressRules.setPolicy(clusterId, "ERROR"),
    "error operation-failed",
    /^It is ERROR\.$/,
  ],
  [
    "EgressRule",
    ({ emulator, clusterId, own }) => emulator.egressRules.setState(clusterId, own, "INCONSISTENT"),
    "error operation-failed",
    /^It is INCONSISTENT\.$/,
  ],
  [
    "EgressPrivateEndpoint",
    ({ emulator, clusterId, own }) => emulator.egressPrivateEndpoints.reject(clusterId, own),
    "error broken",
    /^It is REJECTED\.$/,
  ],
  [
    "EgressPrivateEndpoint",
    ({ emulator, clusterId, own }) =>
      emulator.egressPrivateEndpoints.setState(clusterId, own, "PENDING_ACCEPTANCE"),
    "warning unfinished",
    /^The service has not accepted the connection vpce-/,
  ],
  [
    "PhysicalReplicationStream",
    ({ emulator, id }) => emulator.physicalReplicationStreams.cancel(id),
    "error broken",
    /^It is CANCELED\.$/,
  ],
  [
    "PrivateEndpointConnection",
    ({ emulator, clusterId, own }) =>
      emulator.privateEndpointConnections.setStatus(clusterId, own, "PENDING_ACCEPTANCE"),
    "warning unfinished",
    /^It is PENDING_ACCEPTANCE\.$/,
  ],
  [
    "AwsEndpointConnectionState",
    ({ emulator, clusterId, own }) =>
      emulator.privateEndpointConnections.setStatus(clusterId, own, "EXPIRED"),
    "error broken",
    /^It is EXPIRED\.$/,
  ],
  [
    "LogExportConfig",
    ({ emulator, clusterId }) =>
      emulator.logExports.setStatus(clusterId, "CREDENTIALS_ERROR", "no such role"),
    "error operation-failed",
    /^Its status is CREDENTIALS_ERROR: no such role$/,
  ],
];

describe("The troubles that the doctor finds", () => {
  checkEmulators();

  /** Creates one, breaks it, and returns the findings of its stack. */
  async function findingsOn(
    type: ResourceType,
    breaks: (subject: Subject) => void,
    { laterMs = 0, prepare = undefined as ((emulator: TestEmulator) => void) | undefined } = {},
  ): Promise<ReturnType<typeof diagnose>> {
    const { emulator, stack: newStack, time } = await startLab({ rateLimit: "off" });
    const stack = newStack();
    const place = placeOf(type, emulator);
    const args = { ...place, ...casesOf[type].full[0] };
    prepare?.(emulator);
    const run = await stack.up({ it: new Declaration(kinds[type], args) });
    assert.equal(run.failures.length, prepare === undefined ? 0 : 1, run.failures.join());
    const { id, outputs } = stack.resource("it");
    const clusterId = isOfCluster(type) ? clusterIdIn(type, args) : "";
    breaks({ emulator, clusterId, id, own: id.slice(id.indexOf(":") + 1) });
    const cloud = new CockroachCloudClient({
      ...{ apiKey: emulator.apiKey, serverUrl: emulator.url, clock: time },
    });
    const key = resources[type].keyOf(id, outputs) ?? "";
    const where: Place = isOfCluster(type) ? clusterId : organization;
    const query = new Map([[where, new Map([[type, new Set([key])]])]]);
    const facts = await readOrganization(cloud, query, {}, time.now() + laterMs);
    const plain = Object.fromEntries(Object.entries(outputs).filter(([name]) => !/^__/.test(name)));
    return diagnose({
      state: parseState(
        exported({
          resources: [
            ...(isOfCluster(type) ? [cluster("home", clusterId)] : []),
            part(type, "it", id, { outputs: plain }),
          ],
        }),
      ),
      isReached: () => true,
      ...{ facts, fullName: undefined, creators: new Set([creator(fullName)]) },
      pulumi: (command) => `pulumi ${command}`,
    });
  }

  for (const [type, breaks, expected, what] of rows) {
    it(`include a ${type}: ${what.source}`, async () => {
      const found = await findingsOn(type, breaks);
      assert.deepEqual(
        found.map(({ severity, code }) => `${severity} ${code}`),
        [expected],
      );
      assert.match(found[0]?.what ?? "", what);
      assert.ok((found[0]?.fix.length ?? 0) > 0);
    });
  }

  it("include a ClientCaCert that ends soon, and not one that has years", async () => {
    assert.deepEqual(await findingsOn("ClientCaCert", () => {}), []);
    const [found] = await findingsOn("ClientCaCert", () => {}, { laterMs: millenniumMs });
    assert.deepEqual([found?.severity, found?.code], ["warning", "expiring"]);
    assert.match(found?.what ?? "", /^The certificate of CN=Test authority has ended at 2126-/);
  });

  it("include a Restore that has failed, with the reason of the service", async () => {
    const [found] = await findingsOn("Restore", () => {}, {
      prepare: (emulator) =>
        emulator.faults.failNextRestore({ code: 5, message: "the backup is damaged" }),
    });
    assert.deepEqual([found?.severity, found?.code], ["error", "operation-failed"]);
    assert.equal(found?.what, "Its status is FAILED.");
    assert.match(found?.why ?? "", /has failed: the backup is damaged \(code 5/);
  });

  it("include an ApiKey whose name still has the creation mark", async () => {
    const marked = "ci (pulumi-creating 0123456789abcdef-0123456789abcdef)";
    const [found] = await findingsOn("ApiKey", ({ emulator, id }) => {
      emulator.apiKeys.rename(id, marked);
    });
    assert.deepEqual([found?.severity, found?.code], ["warning", "unfinished"]);
    assert.ok(found?.what.includes(marked));
  });

  it("include an ApiKey of this stack that no state has, and none of another stack", async () => {
    const mark = (stack: string) => `${creator(stack)}-0123456789abcdef`;
    const lost = await findingsOn("ApiKey", ({ emulator }) => {
      const account = emulator.serviceAccounts.add("deploy");
      for (const stack of [fullName, "acme/shop/other"]) {
        emulator.apiKeys.add(account, `deploy (pulumi-creating ${mark(stack)})`);
      }
    });
    assert.deepEqual(
      lost.map(({ severity, code }) => `${severity} ${code}`),
      ["error lost-key"],
    );
  });

  it("are none where nothing is broken", async () => {
    for (const type of [
      "PrivateEndpointConnection",
      "EgressRule",
      "EgressTrafficPolicy",
    ] as const) {
      assert.deepEqual(await findingsOn(type, () => {}), [], type);
    }
  });
});

// What the doctor finds wrong with objects together.
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDoctor } from "../../doctor/command";
import type { Finding } from "../../doctor/finding";
import { systemClock } from "../../sdk";
import { encryptable } from "../support/cmek";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators, startTestEmulator } from "../support/emulator";
import { withServices } from "../support/private-endpoints";
import type { Exported } from "./exported-state";
import { cluster, exported, fullName, part } from "./exported-state";

describe("What the doctor finds wrong together", () => {
  checkEmulators();

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The findings as `subject: code`, with the exit code. */
  async function examine(emulator: TestEmulator, ...resources: Exported[]) {
    const file = join(folder, "state.json");
    writeFileSync(file, exported({ resources }));
    let out = "";
    const code = await runDoctor(
      ["--state", file, "--stack", fullName, "--json"],
      { out: (text) => (out += text), error: assert.fail },
      {
        environment: { COCKROACH_SERVER: emulator.url, COCKROACH_API_KEY: emulator.apiKey },
        pulumi: () => assert.fail("no Pulumi CLI is needed"),
        clock: systemClock,
      },
    );
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    return {
      code,
      findings,
      lines: findings.map(({ severity, subject, code: is }) => `${severity} ${subject}: ${is}`),
    };
  }

  it("is a policy that denies all traffic on a cluster without a rule, whose own rules do not count", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator);
    emulator.egressRules.setPolicy(id, "DEFAULT_DENY");
    const policy = part("EgressTrafficPolicy", "policy", id);
    const { code, lines } = await examine(emulator, policy);
    assert.deepEqual([code, lines], [0, ['hint EgressTrafficPolicy "policy": blocked']]);
    const kafka = { type: "FQDN" as const, destination: "kafka.example.com", ports: [9093] };
    emulator.egressRules.add(id, "kafka", kafka);
    assert.deepEqual((await examine(emulator, policy)).lines, []);
    emulator.egressRules.setPolicy(id, "ALLOW_ALL");
    assert.deepEqual((await examine(emulator, policy)).lines, []);
  });

  it("is an allowlist that is open to every address beside a private endpoint connection", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { clusterId: id } = withServices(emulator, 1);
    const endpoint = "vpce-0123456789abcdef0";
    emulator.privateEndpointConnections.createEndpoint(id, { endpointId: endpoint });
    const connection = part("PrivateEndpointConnection", "app", `${id}:${endpoint}`);
    const open = part("AllowlistEntry", "open", `${id}:0.0.0.0/0`);
    emulator.allowlist.add(id, "0.0.0.0/0", { name: "all" });
    emulator.privateEndpointConnections.setStatus(id, endpoint, "PENDING");
    assert.deepEqual((await examine(emulator, connection)).lines, []);
    emulator.privateEndpointConnections.setStatus(id, endpoint, "AVAILABLE");
    const unmanaged = await examine(emulator, connection);
    assert.deepEqual(
      [unmanaged.code, unmanaged.findings.map(({ code, clusterId }) => [code, clusterId])],
      [0, [["exposed", id]]],
    );
    assert.match(unmanaged.lines[0] ?? "", /^hint cluster /);
    assert.deepEqual((await examine(emulator, connection, open)).lines, [
      'hint AllowlistEntry "open": exposed',
    ]);
    emulator.allowlist.remove(id, "0.0.0.0/0");
    emulator.allowlist.add(id, "10.0.0.0/8", { name: "office" });
    assert.deepEqual((await examine(emulator, connection)).lines, []);
  });

  it("is a service account without a key or without a role", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const id = emulator.serviceAccounts.add("ci");
    const account = part("ServiceAccount", "ci", id);
    const what = async () => (await examine(emulator, account)).findings.map((one) => one.what);
    assert.deepEqual(await what(), ["It has no role beside ORG_MEMBER."]);
    emulator.roles.grant(id, { role: "BILLING_VIEWER" });
    assert.deepEqual(await what(), ["It has no API key."]);
    emulator.apiKeys.add(id, "deploy");
    assert.deepEqual(await what(), []);
  });

  it("is a second service account like one of the stack, which the doctor never advises to delete", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const [own, twin, used] = ["ci", "ci", "ci"].map((name) => emulator.serviceAccounts.add(name));
    emulator.serviceAccounts.add("of another program");
    for (const id of [own, used]) {
      emulator.roles.grant(id ?? "", { role: "BILLING_VIEWER" });
      emulator.apiKeys.add(id ?? "", "deploy");
    }
    const { findings } = await examine(emulator, part("ServiceAccount", "ci", own));
    assert.deepEqual(
      findings.map(({ subject, code }) => [subject, code]),
      [[`ServiceAccount ${twin}`, "possible-leftover"]],
    );
    assert.match(findings[0]?.why ?? "", /another stack .* created at .* by /);
    assert.doesNotMatch(JSON.stringify(findings), /[Dd]elete/);
  });

  it("takes no list more where the state has nothing of the kind", async () => {
    const emulator = await startTestEmulator({ rateLimit: "off" });
    const { id } = encryptable(emulator);
    await examine(emulator, cluster("orders", id));
    assert.deepEqual(emulator.requests.map(({ operation }) => operation).sort(), [
      "ListAllowlistEntries",
      "ListClusters",
      "ListDatabases",
      "ListSQLUsers",
    ]);
  });
});

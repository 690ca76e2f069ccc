// What a preview says that a change takes from the object that is there.

import { strict as assert } from "node:assert";
import type { ResourceType } from "../../provider/resource/resource-types";
import { allResourceTypes, isOfCluster } from "../../provider/resource/resource-types";
import { authorityCertificate, strangerCertificate } from "../support/certificates";
import type { TestEmulator } from "../support/emulator";
import { checkEmulators } from "../support/emulator";
import { assertDone } from "../support/engine-model/run";
import { unknown } from "../support/engine-model/values";
import type { Properties } from "./resource-cases";
import { casesOf, placeOf, valuesIn } from "./resource-cases";
import type { World } from "./world";
import { argumentsAfter, startWorld } from "./world";

/** By type, replacements that cost nothing, each with its reason. */
const free: Partial<Record<ResourceType, Readonly<Record<string, string>>>> = {
  PrivateEndpointTrustedOwner: { externalOwnerId: "the former account is among all" },
  EgressRule: { name: "the new rule to the same destination is in force first" },
  BackupConfiguration: { place: "the settings of the former cluster stay as they are" },
  PrivateEndpointServices: { place: "the services of the former cluster stay" },
  AwsEndpointConnectionState: {
    endpointId: "the decision on the former endpoint stays",
    place: "the decision on the former endpoint stays",
  },
  ClusterDisruption: { place: "the former cluster recovers" },
};

interface Update {
  readonly before: Properties;
  readonly after: Properties;
}

type Change = Update | ((emulator: TestEmulator) => Update);

const role = (roleName: string) => ({ roleName, resourceType: "ORGANIZATION" });
const both = `${authorityCertificate}\n${strangerCertificate}`;
const owner = { externalOwnerId: "012345678901" };

function membersFrom(from: number, to: number) {
  return ({ persons }: TestEmulator): Update => {
    const ids = persons.list().map(({ id }) => id);
    const [before, after] = [ids.slice(0, from), ids.slice(0, to)];
    return { before: { members: before }, after: { members: after } };
  };
}

/** Changes that take something away, by type and by what the preview says of it. */
const removals: readonly (readonly [ResourceType, string, Change, RegExp])[] = [
  ["AllowlistEntry", "sql", { before: { sql: true }, after: { sql: false } }, /connect to SQL of/],
  [
    "AllowlistEntry",
    "ui",
    { before: { ui: true }, after: { ui: false } },
    /connect to the DB Console of/,
  ],
  [
    "EgressTrafficPolicy",
    "allowAll",
    { before: { allowAll: false }, after: { allowAll: true } },
    /open connections to everything again/,
  ],
  [
    "EgressRule",
    "one port of two",
    { before: { ports: [443, 9093] }, after: { ports: [443] } },
    /to port 9093 of the destination of egress rule "kafka"/,
  ],
  [
    "EgressRule",
    "all ports but one",
    { before: { ports: [] }, after: { ports: [443] } },
    /to another port than 443 of the destination of egress rule "kafka"/,
  ],
  [
    "EgressRule",
    "a destination",
    { before: {}, after: { destination: "events.example.com", name: "events" } },
    /former destination of egress rule "kafka"/,
  ],
  [
    "EgressPrivateEndpointDomainNames",
    "one name of two",
    {
      before: { domainNames: ["a.example.com", "b.example.com"] },
      after: { domainNames: ["B.example.com"] },
    },
    /no longer lead to .*: a\.example\.com\.$/,
  ],
  [
    "PrivateEndpointTrustedOwner",
    "an account",
    { before: owner, after: { externalOwnerId: "123456789012" } },
    /endpoints of account 012345678901 can no longer be connected to cluster/,
  ],
  [
    "PrivateEndpointTrustedOwner",
    "all accounts but one",
    { before: { externalOwnerId: "*" }, after: owner },
    /endpoints of other accounts can no longer be connected to cluster/,
  ],
  [
    "UserRoleGrants",
    "one role of two",
    {
      before: { roles: [role("BILLING_VIEWER"), role("CLUSTER_CREATOR")] },
      after: { roles: [role("BILLING_VIEWER")] },
    },
    /: Role CLUSTER_CREATOR on the organization of .* will be removed/,
  ],
  [
    "ProvisionedGroup",
    "one member of two",
    membersFrom(2, 1),
    /These members of group "dba" lose the roles that they have by it: [\w-]{36}\.$/,
  ],
  [
    "SqlUser",
    "a name, in a cluster that is not known yet",
    { before: {}, after: { name: "other", clusterId: unknown } },
    /of cluster .* is deleted, with the rights that SQL has given it/,
  ],
  [
    "ClientCaCert",
    "one certificate of two",
    { before: { x509PemCert: both }, after: { x509PemCert: authorityCertificate } },
    /refuses clients with a certificate of/,
  ],
];

/** Changes of the same arguments that take nothing away, or not for sure. */
const harmless: readonly (readonly [ResourceType, string, Change])[] = [
  ["AllowlistEntry", "an open ui", { before: { ui: false }, after: { ui: true } }],
  [
    "EgressTrafficPolicy",
    "an unknown allowAll",
    { before: { allowAll: false }, after: { allowAll: unknown } },
  ],
  ["EgressRule", "more ports", { before: { ports: [443] }, after: { ports: [9093, 443] } }],
  ["EgressRule", "unknown ports", { before: { ports: [443] }, after: { ports: unknown } }],
  ["EgressRule", "an unknown destination", { before: {}, after: { destination: unknown } }],
  [
    "EgressRule",
    "all ports under another name",
    { before: { ports: [443] }, after: { ports: [], name: "events" } },
  ],
  [
    "EgressPrivateEndpointDomainNames",
    "more names",
    {
      before: { domainNames: ["a.example.com"] },
      after: { domainNames: ["b.example.com", "a.example.com"] },
    },
  ],
  [
    "EgressPrivateEndpointDomainNames",
    "an unknown name",
    { before: { domainNames: ["a.example.com"] }, after: { domainNames: [unknown] } },
  ],
  ["EgressPrivateEndpoint", "an unknown region", { before: {}, after: { region: unknown } }],
  [
    "PrivateEndpointTrustedOwner",
    "an unknown account",
    { before: owner, after: { externalOwnerId: unknown } },
  ],
  ["UserRoleGrant", "an unknown role", { before: {}, after: { role: unknown } }],
  ["SqlUser", "an unknown name", { before: {}, after: { name: unknown } }],
  ["Restore", "an unknown backup", { before: {}, after: { backupId: unknown } }],
  [
    "UserRoleGrants",
    "more roles",
    {
      before: { roles: [role("BILLING_VIEWER")] },
      after: { roles: [role("CLUSTER_CREATOR"), role("BILLING_VIEWER")] },
    },
  ],
  ["ProvisionedGroup", "more members", membersFrom(1, 2)],
  [
    "ProvisionedGroup",
    "an unknown member",
    (emulator) => ({
      before: membersFrom(1, 1)(emulator).before,
      after: { members: [unknown] },
    }),
  ],
];

/**
 * What a preview of the change says of the object that is there, or of what it is in, and a creation does not say of what it
 * creates.
 */
async function notesOn(
  { place, stack, up, preview }: World,
  before: Properties,
  after: () => Properties,
): Promise<string[]> {
  const created = assertDone(await up(before)).notes.map(({ text }) => text);
  const { id, outputs } = stack.resource("it");
  const own = outputs["name"] ?? outputs["displayName"];
  const where = Object.values(place).map(String);
  const names = where.length > 0 ? [id, ...where] : [JSON.stringify(own)];
  const { notes } = assertDone(await preview(after()));
  return notes
    .map(({ text }) => text)
    .filter((text) => !created.includes(text) && names.some((name) => text.includes(name)));
}

async function notesOnUpdate(type: ResourceType, change: Change): Promise<string[]> {
  const world = await startWorld(type);
  const { before, after } = typeof change === "function" ? change(world.emulator) : change;
  const first = { ...world.place, ...casesOf[type].full[0], ...before };
  return await notesOn(world, first, () => ({ ...first, ...after }));
}

describe("A preview", function () {
  this.timeout(30_000);
  checkEmulators();

  for (const type of allResourceTypes) {
    const { arguments: all, full } = casesOf[type];
    const hasPlace = casesOf[type].place !== undefined || isOfCluster(type);
    const paths = Object.keys(all).filter((path) => all[path]?.onChange === "replace");

    for (const path of hasPlace ? [...paths, "place"] : paths) {
      const reason = free[type]?.[path];
      const what =
        path === "place"
          ? `when ${type} moves to another place`
          : `when another ${path} replaces ${type}`;
      const title =
        reason === undefined
          ? `names what is lost ${what}`
          : `names nothing as lost ${what}: ${reason}`;
      it(title, async () => {
        const world = await startWorld(type);
        const before = {
          ...world.place,
          ...valuesIn(all[path]?.before ?? full[0], world.emulator),
        };
        const notes = await notesOn(world, before, () =>
          path === "place"
            ? { ...before, ...placeOf(type, world.emulator, 2) }
            : argumentsAfter(world, path, before),
        );
        assert.equal(notes.length > 0, reason === undefined, notes.join());
      });
    }

    if (!hasPlace) continue;
    it(`names nothing as lost when ${type} only follows what it is in, to a place that is not known yet`, async () => {
      const first = await startWorld(type);
      for (const name of Object.keys(first.place)) {
        const world = await startWorld(type);
        const before = { ...world.place, ...full[0] };
        const notes = await notesOn(world, before, () => ({ ...before, [name]: unknown }));
        assert.deepEqual(notes, [], name);
      }
    });
  }

  for (const [type, what, change, text] of removals) {
    it(`names what an update of ${type} takes away: ${what}`, async () => {
      const notes = await notesOnUpdate(type, change);
      assert.equal(notes.length, 1);
      assert.match(String(notes[0]), text);
    });
  }

  for (const [type, what, change] of harmless) {
    it(`names nothing as lost when an update gives ${type} ${what}`, async () => {
      assert.deepEqual(await notesOnUpdate(type, change), []);
    });
  }
});

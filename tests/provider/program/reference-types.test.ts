// What the compiler takes for a reference to another resource, in programs of users.

import assert from "node:assert/strict";
import { problemsIn } from "../../support/compiler";

const head = `import * as pulumi from "@pulumi/pulumi";
import * as cockroachdb from "pulumi-cockroachdb-cloud";
declare const cluster: cockroachdb.Cluster;
declare const folder: cockroachdb.Folder;
declare const account: cockroachdb.ServiceAccount;
declare const group: cockroachdb.ProvisionedGroup;
declare const person: cockroachdb.ProvisionedUser;
declare const user: cockroachdb.SqlUser;
declare const endpoint: cockroachdb.EgressPrivateEndpoint;
declare const stream: cockroachdb.PhysicalReplicationStream;
class TeamCluster extends cockroachdb.Cluster {}
declare const ours: TeamCluster;
`;

const databaseOn = (clusterId: string) =>
  `new cockroachdb.Database("db", { name: "shop", clusterId: ${clusterId} });`;
const keyOf = (id: string) =>
  `new cockroachdb.ApiKey("key", { name: "key", serviceAccountId: ${id} });`;
const folderIn = (parentId: string) =>
  `new cockroachdb.Folder("team", { name: "team", parentId: ${parentId} });`;
const rolesOf = (userId: string) =>
  `new cockroachdb.UserRoleGrants("roles", { roles: [], userId: ${userId} });`;
const groupOf = (member: string) =>
  `new cockroachdb.ProvisionedGroup("team", { displayName: "team", members: [${member}] });`;
const namesOf = (endpointId: string) =>
  `new cockroachdb.EgressPrivateEndpointDomainNames("names", { clusterId: cluster, domainNames: ["a.test"], endpointId: ${endpointId} });`;
const streamOf = (id: string) => `cockroachdb.getPhysicalReplicationStreamOutput({ id: ${id} });`;

const taken = [
  ...["cluster", "cluster.id", '"3f1c"', "ours", "user.clusterId", "Promise.resolve('3f1c')"],
  ...["cockroachdb.Cluster.get('it', '3f1c')", "pulumi.output(cluster).apply(({ id }) => id)"],
].map(databaseOn);
const alsoTaken = [
  ...[keyOf("account"), folderIn("folder"), folderIn('"root"'), namesOf("endpoint")],
  ...["account", "group", "person", "cluster.creatorId"].map(rolesOf),
  ...["account", "group", "person", "account.id"].map(groupOf),
  streamOf("stream"),
];
const refused = [
  ...["account", "folder", "user", "endpoint", "stream"].map(databaseOn),
  ...[keyOf("cluster"), keyOf("person"), folderIn("cluster"), rolesOf("user"), groupOf("cluster")],
  ...[namesOf("cluster"), streamOf("cluster")],
];

describe("The type of an argument that names another resource", function () {
  this.timeout(120_000);
  let problems = new Map<string, string[]>();
  before(() => {
    const programs = [...taken, ...alsoTaken, ...refused];
    problems = problemsIn(new Map(programs.map((text) => [text, `${head}${text}\n`])));
  });

  it("takes the class, a subclass, an id, and an output that is one", () => {
    for (const program of [...taken, ...alsoTaken]) {
      assert.deepEqual(problems.get(program), [], program);
    }
  });

  it("refuses another class of the package", () => {
    for (const program of refused) {
      assert.equal(problems.get(program)?.length, 1, program);
      assert.match(String(problems.get(program)), /is not assignable to type/);
    }
  });
});
